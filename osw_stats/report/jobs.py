"""The runs that an edition is made from, each checked before the first one starts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from osw_stats.errors import InputError
from osw_stats.report import notebooks
from osw_stats.report.editions import Edition
from osw_stats.report.graph import keys, runs
from osw_stats.report.graph.work import Work
from osw_stats.report.parameters import check_parameters
from osw_stats.report.words import QUESTIONS


def _require_known(work: Work, edition: Edition, given: dict[str, Any]) -> None:
    """Pass when the files that the parameters name are inputs of a build, so that a change in them is seen."""
    for file in keys.named(work.root, given):
        if Path(os.path.relpath(file.resolve(), work.root)).as_posix() not in work.known:
            raise InputError(
                "this file is no part of the project", "Put it into scenarios/ and name it from there.",
                file=f"editions/{edition.year}.yml", column="parameters", value=file,
            )  # fmt: skip


def jobs_of(work: Work, edition: Edition) -> dict[str, runs.Job]:
    """Return the runs of an edition, by notebook; every door is passed before the first one starts.

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
    for name in names:
        path = notebooks.notebook_path(work.root, name)
        given = check_parameters(path, work.base() | edition.parameters.get(name, {}))
        _require_known(work, edition, given)
        jobs[name] = runs.Job(name, path, given, work.key(name), work.base())
    return jobs
