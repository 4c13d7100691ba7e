"""The whole build: from raw figures to tidy tables, notebooks and pages, published at the end.

Everything is written to a new folder and moved into place when complete, so a build that fails or is killed leaves the
last report intact. Results with unchanged inputs are reused. Nothing heavy is imported before it is known that there is
something to do.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from osw_stats.build import record
from osw_stats.errors import InputError, OswError
from osw_stats.kept import keys
from osw_stats.kept.guard import Guard
from osw_stats.project import LANGUAGES, editions
from osw_stats.surroundings import fix_variables

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from osw_stats.build.runs import Live, Work

CHOICES = {
    "step": ("clean", "run", "render"),
    "renderer": ("auto", "pandoc", "quarto"),
    "engine": ("auto", "fork", "stock"),
}


class Summary(NamedTuple):
    """The output and renderer of a build, printed at its end; `unchanged` says why there was nothing to do."""

    made: list[tuple[Path, int]]
    pages: list[Path]
    gaps: dict[str, list[str]]
    unchanged: str = ""
    renderer: str = ""


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
    live: Live | None = None,
    out: Path | None = None,
    archive: bool = False,
    newest: int | None = None,
    draft: bool = False,
) -> Summary:
    """Make the report of one edition; OswError when anything stops it, and nothing published has changed then.

    `only` is a step: "clean" writes the tidy tables, "run" also runs the notebooks and keeps them in build/,
    "render" makes the site from the runs kept there; all when None. `renderer` "auto" takes Quarto when it is on the
    path, else Pandoc. Notebooks run on `executor`, any `concurrent.futures.Executor`, or else in four processes of this
    machine with the `engine` "fork", "stock" or "auto" (`notebooks.forks`). `progress` is called with a line of text,
    `live` with notebook, cell and number of cells. `force` makes everything anew. `out` is another folder to make it
    in: `root` is only read then. `archive` makes every earlier edition as well, and puts its site into this one under
    its year; `newest` is the edition in whose archive this one stands. `draft` makes the pages alone, in
    build/YEAR/draft, with PDF, Word and spreadsheets of the last build, and publishes nothing.
    """
    place = out or root
    _check(only, renderer, engine, draft, archive)
    keys.environment.cache_clear()  # an earlier build of this process may have met other packages
    options = record.options(renderer, archive=archive, newest=newest)
    target = place / "build" / str(year)
    if only is None and not force and not draft:
        unchanged = _unchanged(root, place, year, options, progress)
        if unchanged is not None:
            return unchanged
    fix_variables()
    earlier_years = [y for y in editions(root) if archive and y < year]
    past = {y: place / "build" / "archive" / str(y) / "_site" for y in earlier_years}
    shared: dict[str, Any] = {"executor": executor, "engine": engine, "live": live, "progress": progress}
    for earlier, site in past.items():
        progress(f"archive edition {earlier}")
        build(root, earlier, renderer=renderer, force=force, out=site.parent, newest=year, **shared)
    import tempfile

    from osw_stats.build.runs import RunLog, Work
    from osw_stats.kept.store import Store
    from osw_stats.kept.swap import building, prepare

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
            shared |= {"past": past, "newest": newest, "drawings": Path(new) / "drawings"}
            work = Work(root, year, known, store, guard, log, **shared)
            summary = _make(work, Path(new), place, only, options, draft)
        store.prune()
        return summary


def _unchanged(
    root: Path, place: Path, year: int, options: record.Record, progress: Callable[[str], None]
) -> Summary | None:
    """Return the summary of the last build if nothing changed since; else report the changes and return None."""
    last, reasons = record.stale(root, place, year, options)
    # a build may have been killed after it published and before it tidied up
    if last and not reasons and not any((place / "build" / str(year)).glob("new-*")):
        counts = f"{len(last['inputs'])} inputs and {len(last['files'])} published files"
        folders = _places(place, year)
        return _summary(folders, folders[0])._replace(unchanged=f"{counts} are as they were")
    if last:
        more = f", and {len(reasons) - 1} more" if len(reasons) > 1 else ""
        progress(f"stale   {reasons[0] if reasons else 'the last build was ended'}{more}")
    return None


def _check(only: str | None, renderer: str, engine: str, draft: bool, archive: bool) -> None:
    """Raise InputError for an unknown option, before any work is done."""
    for (name, known), value in zip(CHOICES.items(), (only, renderer, engine), strict=True):
        if value is not None and value not in known:
            flag = "--only" if name == "step" else f"--{name}"
            raise InputError(f"unknown {name}", f"Choose: {', '.join(known)}.", column=flag, value=value)
    if draft and (only or archive):
        other = "--only" if only else "--archive"
        raise InputError("goes with no other part", f"Leave out {other}.", column="--draft", value=other)
    if sys.flags.optimize:
        problem = "Python runs with -O, which takes checks and documentation out of this code"
        raise OswError(f"{problem}. Run it without (PYTHONOPTIMIZE).")


def _places(place: Path, year: int) -> list[Path]:
    """Return the folders that an edition is published in."""
    return [place / "data" / "processed" / str(year), place / "figures" / str(year), place / "_site"]


def _make(
    work: Work, new: Path, place: Path, only: str | None, options: record.Record, draft: bool
) -> Summary:
    """Make what was requested in `new` and move it into place; of a draft only the pages, which are not published."""
    from osw_stats.build.runs import write
    from osw_stats.build.steps import compute, render
    from osw_stats.kept.swap import publish

    year, target = work.year, place / "build" / str(work.year)
    processed, figures, site = _places(place, year)
    if draft and not any(processed.glob(f"report-{year}-*.pdf")):  # checked before anything runs
        problem = "a draft takes the files of the last build, and there was none"
        raise OswError(f"{problem}. Run `osw build` first.")
    renderers = [options["renderer"]]
    if renderers == ["auto"]:
        renderers = ["quarto", "pandoc"] if record.quarto_program() else ["pandoc"]  # Pandoc always works
    with work.guard.watching():
        facts, pages, executed = compute(work, new / "processed", only)
        targets = {} if draft else {new / "processed": processed}
        if not draft and only != "clean":
            (new / "runs").mkdir()
            for name, notebook in executed.items():
                write(notebook, new / "runs" / f"{name}.ipynb")
            targets[new / "runs"] = target / "runs"
        used = ""
        if only in (None, "render"):
            used = render(work, facts, pages, new, renderers, processed if draft else None)
        if draft:
            targets[new / "_site"] = target / "draft"
        elif only in (None, "render"):
            targets |= {new / "figures": figures, new / "_site": site}
            published = {path.relative_to(place).as_posix(): folder for folder, path in targets.items()}
            record.write(new / "_site", work.root, year, work.known, published, options)
            targets[new / "pages"] = target / "pages"
        work.store.settle()
        work.guard.require()
    publish(list(targets.items()))
    public = [path for path in targets.values() if draft or not path.is_relative_to(target)]
    return _summary(public, new / "processed" if draft else processed)._replace(renderer=used)


def _summary(folders: list[Path], processed: Path) -> Summary:
    """Return the contents of these folders, the start page of every language, and the gaps in the tables."""
    sites = [folder for folder in folders if folder.name in ("_site", "draft")]
    pages = [site / name / "index.html" for site in sites for name in ("", *LANGUAGES[1:])]
    counts = [(folder, len(keys.names_of(folder, by_link=True))) for folder in folders]
    return Summary(counts, [page for page in pages if page.is_file()], record.gaps(processed))
