"""Everything a report says but its fixed prose: tables, results, and the pieces of pages that are made from them."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from osw_stats.analysis.coverage import missing
from osw_stats.errors import InputError
from osw_stats.report import notebooks, own_claims, standard
from osw_stats.report.downloads import CONTENTS, write_results, write_tidy
from osw_stats.report.edition import Tables, tables_of
from osw_stats.report.editions import Edition, load_edition
from osw_stats.report.files.identity import identity
from osw_stats.report.files.schema import schemas
from osw_stats.report.files.tables import write_tables
from osw_stats.report.generated import generated
from osw_stats.report.graph import keys, runs
from osw_stats.report.graph.work import Executed, Work
from osw_stats.report.words import QUESTIONS
from osw_stats.sources.clean import clean
from osw_stats.sources.quality import Check, judge

Facts = dict[str, Any]


def make(
    work: Work, out: Path, only: str | None = None, kept: Executed | None = None
) -> tuple[Facts, Executed]:
    """Write the machine-readable tables to `out`; return all facts as plain values, and the executed notebooks.

    Parameters
    ----------
    work
        How.
    out
        Folder for the tables.
    only
        "clean" stops after the tidy tables.
    kept
        Executed notebooks to take instead of running any.

    Raises
    ------
    OswError
        When an input cannot be used, a run fails, or a run does not meet the reporting standard.
    """
    edition = load_edition(work.year, work.root)
    jobs = {} if only == "clean" or kept is not None else jobs_of(work, edition)
    tidy = clean(work.root)
    tables = tables_of(edition, tidy, work.root)
    work.progress(
        f"clean   {len(tidy.observations)} figures, {len(tables.observations)} of them in edition {edition.year}"
    )
    with runs.started(
        list(jobs.values()), work.store, engine=work.engine, executor=work.executor,
        progress=work.progress, live=work.live, log=work.log,
    ) as pending:  # fmt: skip
        checks = judge(work.root, tidy)  # while the notebooks run
        write_tidy(tables, checks, out)
        outcomes = pending.collect()
    work.log.event("checks", verdicts={c.rule: c.result for c in checks})
    gaps = missing(tables.observations, work.year)
    facts: Facts = {
        "edition": edition.plain(),
        "gaps": {str(r): sorted(set(g["series"])) for r, g in gaps.groupby("reason", sort=False)},
        "runs": {f"{lang}/{name}": one.key for (name, lang), one in jobs.items()},
    }
    executed = kept or {which: runs.dress(one.path, outcomes[one.key]) for which, one in jobs.items()}
    if only != "clean":
        facts |= _results(work, tables, executed, checks, out)
    facts["files"] = {
        p.relative_to(out).as_posix(): base64.b64encode(p.read_bytes()).decode("ascii")
        for p in keys.files(out)
    }
    return facts, executed


def _results(work: Work, tables: Tables, executed: Executed, checks: list[Check], out: Path) -> Facts:
    standard.require(executed)
    own = own_claims.own_claims(executed, tables)
    own_claims.require(own)
    write_results(tables, executed, own, out)
    edition, who = tables.edition, identity(work.root)
    write_tables(work, edition, executed, who, out)
    return {
        "generated": {
            lang: generated(tables, executed, checks, own, who, lang) for lang in edition.languages
        },
        "contents": CONTENTS,
        "schemas": schemas(out),
        "periods": sorted(set(tables.observations["time_period"].astype(str))),
    }


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
            given = notebooks.check_parameters(path, work.base(lang) | edition.parameters.get(name, {}))
            jobs[name, lang] = runs.Job(
                f"{name} ({lang})", path, given, work.key(name, lang), work.base(lang)
            )
    return jobs
