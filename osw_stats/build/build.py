"""The whole road: raw figures to tidy tables, notebooks and pages; published at the end.

Everything is made beside what is there and moved into place when all of it is ready, so a build that fails or is
killed leaves the last report whole. What was made before from the same things is taken again (`graph`). Nothing
heavy is imported before it is known that there is something to do.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osw_stats.errors import InputError, OswError
from osw_stats.kept import keys
from osw_stats.build import record, runs
from osw_stats.kept.guard import Guard
from osw_stats.kept.lock import building
from osw_stats.kept.log import RunLog
from osw_stats.kept.store import Store
from osw_stats.build.work import Work
from osw_stats.build.notebooks import check_engine
from osw_stats.kept.swap import prepare, publish
from osw_stats.project import LANGUAGES, editions

STEPS = ("clean", "run", "render")
RENDERERS = ("auto", "pandoc", "quarto")


@dataclass
class Summary:
    """What a build made, for the lines at its end; `unchanged` when there was nothing to do."""

    made: list[tuple[Path, int]]
    pages: list[Path]
    gaps: dict[str, list[str]]
    seconds: float = 0.0
    unchanged: str = ""


def build(
    root: Path,
    year: int,
    *,
    only: str | None = None,
    renderer: str = "auto",
    executor: Executor | None = None,
    progress: Callable[[str], None] = print,
    force: bool = False,
    engine: str = "auto",
    live: runs.Live | None = None,
    out: Path | None = None,
    archive: bool = False,
    newest: int | None = None,
    draft: bool = False,
) -> Summary:
    """Make the report of one edition; OswError when anything stops it, and nothing published has changed then.

    `only` is one of `STEPS`: "clean" writes the tidy tables, "run" also runs the notebooks and keeps them in build/,
    "render" makes the site from the runs kept there; all when None. `renderer` "auto" takes Quarto when it is on the
    path, else Pandoc. Notebooks run on `executor`, any `concurrent.futures.Executor`, or else in two processes of this
    machine with the `engine` "fork", "stock" or "auto" (`notebooks.forks`). `progress` is called with a line of text,
    `live` with notebook, cell and number of cells. `force` makes everything anew. `out` is another folder to make it
    in: `root` is only read then. `archive` makes every earlier edition as well, and puts its site into this one under
    its year; `newest` is the edition in whose archive this one stands. `draft` makes the pages alone, in
    build/YEAR/draft, with PDF and Word of the last build, and publishes nothing.
    """
    start, place = time.monotonic(), out or root
    renderers = _check(only, renderer, engine, draft, archive)
    keys.environment.cache_clear()  # an earlier build of this process may have met other packages
    options = record.options(renderer, archive=archive, newest=newest)
    target = place / "build" / str(year)
    whole = only is None and not force and not draft
    if whole and (same := _unchanged(root, place, year, options, progress)):
        same.seconds = time.monotonic() - start
        return same
    earlier_years = [y for y in editions(root) if archive and y < year]
    past = {y: place / "build" / "archive" / str(y) / "_site" for y in earlier_years}
    for earlier, site in past.items():
        progress(f"archive edition {earlier}")
        how: dict[str, Any] = {"renderer": renderer, "executor": executor, "engine": engine, "live": live}
        build(root, earlier, progress=progress, force=force, out=site.parent, newest=year, **how)
    with building(place, f"edition {year}"):
        target.mkdir(parents=True, exist_ok=True)
        prepare(target, [] if draft else _places(place, year))
        guard = Guard(root, [file for site in past.values() for file in keys.files(site)])
        store = Store(place / "build" / "kept", fresh=force, guard=guard)
        log_file = None if draft else target / "run.jsonl"
        with (
            RunLog(log_file, edition=year, only=only, engine=engine, renderer=renderer) as log,
            tempfile.TemporaryDirectory(prefix="new-", dir=target) as new,
            store,
        ):
            known = keys.inputs(root)
            log.event("inputs", environment=keys.environment(root), files=known)
            work = Work(root, year, known, store, guard, log, progress, live, engine, executor, past, newest)
            make = _draft if draft else _make
            summary = make(work, Path(new), place, only, renderers, options)
        store.prune()
    summary.seconds = time.monotonic() - start
    return summary


def _check(only: str | None, renderer: str, engine: str, draft: bool, archive: bool) -> list[str]:
    """Raise InputError for an option that is unknown, before the work; return the renderers to try, in order."""
    for column, value, known, problem in (
        ("--only", only, STEPS, "unknown step"),
        ("--renderer", renderer, RENDERERS, "unknown renderer"),
    ):
        if value is not None and value not in known:
            raise InputError(problem, f"Choose: {', '.join(known)}.", column=column, value=value)
    check_engine(engine)
    if draft and (only or archive):
        other = "--only" if only else "--archive"
        raise InputError("goes with no other part", f"Leave out {other}.", column="--draft", value=other)
    if sys.flags.optimize:
        problem = "Python runs with -O, which takes checks and documentation out of this code"
        raise OswError(f"{problem}. Run it without (PYTHONOPTIMIZE).")
    if renderer != "auto":
        return [renderer]
    return ["quarto", "pandoc"] if shutil.which("quarto") else ["pandoc"]  # Pandoc always works


def _places(place: Path, year: int) -> list[Path]:
    """Return the folders that an edition is published in."""
    return [place / "data" / "processed" / str(year), place / "figures" / str(year), place / "_site"]


def _unchanged(
    root: Path, place: Path, year: int, options: record.Record, progress: Callable[[str], None]
) -> Summary | None:
    """Return what was made before where nothing changed since; None, and say why, where something did."""
    last, reasons = record.stale(root, place, year, options)
    # a build may have been killed after it published and before it tidied up
    if last and not reasons and not any((place / "build" / str(year)).glob("new-*")):
        summary = _summary(place, year, _places(place, year))
        counts = f"{len(last['inputs'])} inputs and {len(last['files'])} published files"
        summary.unchanged = f"{counts} are as they were"
        return summary
    if last:
        more = f", and {len(reasons) - 1} more" if len(reasons) > 1 else ""
        progress(f"stale   {reasons[0] if reasons else 'the last build was ended'}{more}")
    return None


def _make(
    work: Work, new: Path, place: Path, only: str | None, renderers: list[str], options: record.Record
) -> Summary:
    """Make all that is asked for in `new`, and put it in place."""
    from osw_stats.build.steps import compute, keep_runs, render

    root, year = work.root, work.year
    target = place / "build" / str(year)
    with work.guard.watching():
        facts, pages, executed = compute(work, new / "processed", only)
        targets = {new / "processed": place / "data" / "processed" / str(year)}
        if only != "clean":
            keep_runs(executed, new / "runs")
            targets[new / "runs"] = target / "runs"
        if only in (None, "render"):
            render(work, facts, pages, new, renderers)
            targets[new / "figures"] = place / "figures" / str(year)
            targets[new / "_site"] = place / "_site"
            made = {path.relative_to(place).as_posix(): folder for folder, path in targets.items()}
            record.write(new / "_site", root, year, work.known, made, options)
            targets[new / "pages"] = target / "pages"
        work.store.settle()
        work.guard.require()
    publish(list(targets.items()))
    return _summary(place, year, [path for path in targets.values() if not path.is_relative_to(target)])


def _draft(
    work: Work, new: Path, place: Path, only: str | None, renderers: list[str], options: record.Record
) -> Summary:
    """Make the pages alone and put them where nothing is published; what was run for them is kept for the next build."""
    from osw_stats.build.steps import compute, render

    target, printed = place / "build" / str(work.year), place / "data" / "processed" / str(work.year)
    if not any(printed.glob(f"report-{work.year}-*.pdf")):  # said before anything runs for it
        problem = "a draft takes PDF and Word of the last build, and there was none"
        raise OswError(f"{problem}. Run `osw build` first.")
    with work.guard.watching():
        facts, pages, _ = compute(work, new / "processed", only)
        render(work, facts, pages, new, renderers, printed)
        work.guard.require()
    publish([(new / "_site", target / "draft")])
    return _summary(place, work.year, [target / "draft"], new / "processed")


def _summary(place: Path, year: int, folders: list[Path], processed: Path | None = None) -> Summary:
    """Return what lies in these folders, with the start page of every language, and what the tables lack."""
    pages = [
        f / name / "index.html"
        for f in folders
        for name in ("", *LANGUAGES[1:])
        if f.name in ("_site", "draft")
    ]
    return Summary(
        made=[(folder, len(keys.files(folder))) for folder in folders],
        pages=[page for page in pages if page.is_file()],
        gaps=record.gaps(processed or place / "data" / "processed" / str(year)),
    )
