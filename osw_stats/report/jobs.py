"""The runs that an edition is made from, each checked before the first one starts."""

from __future__ import annotations

from osw_stats.errors import InputError
from osw_stats.report import notebooks
from osw_stats.report.editions import Edition
from osw_stats.report.graph import runs
from osw_stats.report.graph.work import Work
from osw_stats.report.parameters import check_parameters
from osw_stats.report.words import QUESTIONS


def jobs_of(work: Work, edition: Edition) -> dict[tuple[str, str], runs.Job]:
    """Return the runs of an edition, by notebook and language; every door is passed before the first one starts.

    Raises
    ------
    InputError
        If a notebook is missing, or a parameter is given to none.
    """
    names = notebooks.notebook_names(work.root)
    lost = sorted(set(QUESTIONS) - set(names))
    if lost:
        raise InputError("this notebook is missing", "Put it back.", file=f"notebooks/{lost[0]}.ipynb")
    unknown = set(edition.parameters) - set(names)
    if unknown:
        raise InputError(
            "parameters for a notebook that does not exist", f"Notebooks: {', '.join(names)}.",
            file=f"editions/{edition.year}.yml", column="parameters", value=sorted(unknown)[0],
        )  # fmt: skip
    jobs = {}
    for lang in edition.languages:
        for name in names:
            path = notebooks.notebook_path(work.root, name)
            given = check_parameters(path, work.base(lang) | edition.parameters.get(name, {}))
            jobs[name, lang] = runs.Job(
                f"{name} ({lang})", path, given, work.key(name, lang), work.base(lang)
            )
    return jobs
