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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from osw_stats.errors import InputError, OswError
from osw_stats.report.graph import checksums, keys, runs, state
from osw_stats.report.graph.guard import Guard
from osw_stats.report.graph.lock import building
from osw_stats.report.graph.log import RunLog
from osw_stats.report.graph.store import Store
from osw_stats.report.graph.work import Work
from osw_stats.report.notebooks import engine_name
from osw_stats.report.publish import prepare, publish
from osw_stats.report.root import editions

STEPS = ("clean", "run", "render")
RENDERERS = ("auto", "pandoc", "quarto")


@dataclass
class Summary:
    """What a build made, for the lines at its end; `unchanged` when there was nothing to do."""

    made: list[tuple[Path, int]] = field(default_factory=list)
    pages: list[Path] = field(default_factory=list)
    gaps: dict[str, list[str]] = field(default_factory=dict)
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
    """Make the report of one edition.

    Parameters
    ----------
    root
        Project folder.
    year
        Edition.
    only
        One of `STEPS`: "clean" writes the tidy tables; "run" also runs the notebooks and
        keeps them in build/; "render" makes the site from the runs kept there. All when None.
    renderer
        "auto" takes Quarto when it is on the path, else Pandoc.
    executor
        Where notebooks run; two processes of this machine when None. Any
        `concurrent.futures.Executor` will do, such as that of a Dask cluster.
    progress
        Called with one line of text at a time.
    force
        Make everything anew, whatever was made before.
    engine
        "fork", "stock" (papermill's own) or "auto": see `notebooks.engine_name`.
    live
        Called with notebook, cell and number of cells while notebooks run on this machine.
    out
        Another folder to make it in: `root` is only read then.
    archive
        Make every earlier edition as well, and put its site into that of this one, under its year.
    newest
        The edition in whose archive this one stands; its pages then lead there.
    draft
        Make the pages alone, in build/YEAR/draft, to look at while writing. Nothing is published; PDF and
        Word in it are those of the last build.

    Raises
    ------
    OswError
        When anything stops the build; nothing published has changed then.
    """
    if only is not None and only not in STEPS:
        raise InputError("unknown step", f"Steps: {', '.join(STEPS)}.", column="--only", value=only)
    renderers = _renderers(renderer)  # a misspelt one stops here, before the work
    engine_name(engine)
    if draft and (only or archive):
        with_ = "--only" if only else "--archive"
        raise InputError("goes with no other part", f"Leave out {with_}.", column="--draft", value=with_)
    if sys.flags.optimize:
        raise OswError(
            "Python runs with -O, which takes checks and documentation out of this code. Run it without (PYTHONOPTIMIZE)."
        )
    start = time.monotonic()
    keys.environment.cache_clear()  # an earlier build of this process may have met other packages
    place, options = out or root, state.options(renderer, archive=archive, newest=newest)
    work_folder = place / "build" / str(year)
    if only is None and not force and not draft:
        kept, reasons = state.stale(root, place, year, options)
        # a build may have been killed after it published and before it tidied up
        if kept and not reasons and not any(work_folder.glob("new-*")):
            return _as_it_was(place, kept, time.monotonic() - start)
        if kept:
            progress(f"stale   {reasons[0]}" + (f", and {len(reasons) - 1} more" if len(reasons) > 1 else ""))
    past = {}
    for earlier in (y for y in editions(root) if archive and y < year):
        progress(f"archive edition {earlier}")
        folder = place / "build" / "archive" / str(earlier)
        build(
            root, earlier, renderer=renderer, executor=executor, progress=progress, force=force, engine=engine,
            live=live, out=folder, newest=year,
        )  # fmt: skip
        past[earlier] = folder / "_site"
    with building(place, f"edition {year}"):
        work_folder.mkdir(parents=True, exist_ok=True)
        places = [place / "_site", *(place / part / str(year) for part in ("figures", "data/processed"))]
        prepare(work_folder, [] if draft else places)
        for left in work_folder.glob("new-*"):  # by a build that was killed
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        guard = Guard(root, [file for site in past.values() for file in keys.files(site)])
        store = Store(place / "build" / "kept", fresh=force, guard=guard)
        log = RunLog(
            None if draft else work_folder / "run.jsonl",
            edition=year,
            only=only,
            engine=engine,
            renderer=renderer,
        )
        with log, tempfile.TemporaryDirectory(prefix="new-", dir=work_folder) as new, store:
            keys.remember_imports(store.read("imports"))
            work = Work(
                root,
                year,
                keys.inputs(root),
                store,
                guard,
                log,
                progress,
                live,
                engine,
                executor,
                past,
                newest,
            )
            log.event("inputs", environment=keys.environment(root), files=work.known)
            if draft:
                summary = _draft(work, Path(new), place, renderers)
            else:
                summary = _make(work, Path(new), place, only, renderers, options)
        summary.seconds = time.monotonic() - start
    return summary


def _make(
    work: Work, new: Path, place: Path, only: str | None, renderers: list[str], options: dict[str, Any]
) -> Summary:
    """Make all that is asked for in `new`, and put it in place."""
    from osw_stats.report.steps import facts_of, keep_runs, render

    root, year = work.root, work.year
    target = place / "build" / str(year)
    with work.guard.watching():
        facts, pages, executed = facts_of(work, new / "processed", target, only)
        targets = [(new / "processed", place / "data" / "processed" / str(year))]
        summary = Summary(gaps=facts["gaps"])
        if only not in ("clean", "render"):
            keep_runs(work, executed, new / "runs")
            targets.append((new / "runs", target / "runs"))
        if only not in ("clean", "run"):
            render(work, facts, pages, new, renderers)
            targets += [(new / "figures", place / "figures" / str(year)), (new / "_site", place / "_site")]
            targets.append((new / "pages", target / "pages"))
            summary.pages = _first_pages(place / "_site", facts)
        published: keys.Hashes = {}
        if only in (None, "render"):
            made = {b.relative_to(place).as_posix(): a for a, b in targets if b != target / "pages"}
            made.setdefault(f"build/{year}/runs", target / "runs")  # where it was rendered from the last ones
            published = checksums.write(new / "_site", root, year, work.known, made, sorted(work.past))
        for made_part, final in targets:
            if not final.is_relative_to(target):
                summary.made.append((final, len(keys.files(made_part))))
        if only is None:
            work.store.write("imports", keys.imports_to_remember(work.known))
        work.store.settle()
        work.guard.require()
    state.forget(place, year)
    publish(targets)
    if only is None:
        _remember(work, place, options, summary, published)
    return summary


def _draft(work: Work, new: Path, place: Path, renderers: list[str]) -> Summary:
    """Make the pages alone and put them where nothing is published; what was run for them is kept for the next build."""
    from osw_stats.report.steps import facts_of, render

    target, printed = place / "build" / str(work.year), place / "data" / "processed" / str(work.year)
    if not any(printed.glob(f"report-{work.year}-*.pdf")):  # said before anything runs for it
        raise OswError(
            "a draft takes PDF and Word of the last build, and there was none. Run `osw build` first."
        )
    with work.guard.watching():
        facts, pages, _ = facts_of(work, new / "processed", target, None)
        render(work, facts, pages, new, renderers, printed)
        work.guard.require()
    publish([(new / "_site", target / "draft")])
    made = (target / "draft", len(keys.files(target / "draft")))
    return Summary([made], _first_pages(target / "draft", facts), facts["gaps"])


def _first_pages(site: Path, facts: dict[str, Any]) -> list[Path]:
    """Return the start page of every language."""
    return [
        folder / "index.html"
        for folder in (site, *(site / lang for lang in facts["edition"]["languages"][1:]))
    ]


def _renderers(wanted: str) -> list[str]:
    """Return the renderers to try, in order; "auto" falls back on Pandoc, which always works."""
    if wanted not in RENDERERS:
        raise InputError(
            "unknown renderer", f"Choose: {', '.join(RENDERERS)}.", column="--renderer", value=wanted
        )
    if wanted != "auto":
        return [wanted]
    return ["quarto", "pandoc"] if shutil.which("quarto") else ["pandoc"]


def _remember(
    work: Work, place: Path, options: dict[str, Any], summary: Summary, published: keys.Hashes
) -> None:
    """Write down what this build was made from and published, and throw away what no edition uses any more."""
    content: dict[str, Any] = {
        "inputs": work.known,
        "outputs": published,
        "options": options,
        "environment": keys.environment(work.root),
        "used": sorted(work.store.used),
        "summary": {
            "made": [[p.relative_to(place).as_posix(), n] for p, n in summary.made],
            "pages": [p.relative_to(place).as_posix() for p in summary.pages],
            "gaps": summary.gaps,
        },
    }
    state.write(place, work.year, content)
    work.store.prune(state.used(place))


def _as_it_was(place: Path, kept: state.Content, seconds: float) -> Summary:
    told = kept["summary"]
    return Summary(
        [(place / path, count) for path, count in told["made"]], [place / page for page in told["pages"]], told["gaps"],
        seconds, f"{len(kept['inputs'])} inputs and {len(kept['outputs'])} published files are as they were",
    )  # fmt: skip
