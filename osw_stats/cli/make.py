"""`osw build`, `run` and `verify`: build the report, run one notebook, or rebuild everything and compare."""

from __future__ import annotations

import argparse
import sys
import threading
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TextIO

from osw_stats.cli import COMMANDS
from osw_stats.errors import InputError
from osw_stats.project import find_root, newest
from osw_stats.surroundings import fix_variables, today

if TYPE_CHECKING:
    from concurrent.futures import Executor

FILES = ("scenario", "supervision", "microdata")  # parameters that name a file
GAPS: dict[str, str] = COMMANDS["build"]["missing"]  # why a series has no figure
SHOWN = 6  # series of a reason


class Progress:
    """Write to a stream; on a terminal the last line is updated in place."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._moving, self._lock = stream, stream.isatty(), threading.Lock()
        self._cells: dict[str, str] = {}

    def line(self, text: str) -> None:
        """Write one line."""
        with self._lock:
            self._cells = {x: cell for x, cell in self._cells.items() if not text.startswith(f"run     {x},")}
            self._show(f"{text}\n")

    def live(self, label: str, cell: int, of: int) -> None:
        """Show which cell a notebook is running."""
        with self._lock:
            self._cells[label] = f"{label} {cell}/{of}"
            if self._moving:
                self._show()

    def _show(self, line: str = "") -> None:
        if self._moving:
            line = f"\r\x1b[K{line}"
            if self._cells:
                from shutil import get_terminal_size  # only a terminal has need of it

                width = get_terminal_size().columns - 1
                line += f"  at cell  {' · '.join(self._cells.values())}"[:width]
        self._stream.write(line)
        self._stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._cells = {}
        self._show()


def build(args: argparse.Namespace) -> int:
    """Build the report, or run a matrix, and print the files written."""
    from osw_stats.build import record
    from osw_stats.build.build import build

    start, root = time.monotonic(), find_root()
    if args.matrix or args.scheduler:
        fix_variables()  # before numpy is imported
    if args.matrix:
        return _matrix(root, args)
    year = newest(root) if args.edition is None else args.edition
    if args.force or args.only or record.raw_changed(root, year):
        fix_variables()  # before numpy is imported
        from osw_stats.data.record import record_new

        for path in record_new(root, today().isoformat()):
            sheet = "kind: sheet\n" in path.read_text(encoding="utf-8")
            new = "a new download; fill in its title and date of publication"
            print(f"record  {path.relative_to(root)}: {'a filled-in sheet' if sheet else new}")
    names = ("only", "renderer", "force", "engine", "archive", "draft")
    options = {name: getattr(args, name) for name in names}
    with Progress(sys.stdout) as progress, _executor(args) as executor:
        summary = build(root, year, executor=executor, progress=progress.line, live=progress.live, **options)
    if summary.unchanged:
        print(f"Nothing to do: {summary.unchanged}.")
    print("\nMade before" if summary.unchanged else "\nMade")
    for path, files in summary.made:
        print(f"  {path.relative_to(root)}/  {files} files")
    if summary.renderer:
        print(f"  pages by {summary.renderer}")
    if args.draft:
        print("  a draft: PDF and Word in it are those of the last build, and nothing was published")
    if summary.pages:
        print("Open\n  " + "\n  ".join(page.as_uri() for page in summary.pages))
    seconds = time.monotonic() - start
    print("Took\n  " + (f"{seconds:.0f} seconds" if seconds >= 1 else "less than a second"))
    print("Missing (listed on the start page)")
    for reason, series in summary.gaps.items():
        more = f" and {len(series) - SHOWN} more" if len(series) > SHOWN else ""
        print(f"  {len(series)} {GAPS[reason]}: {', '.join(series[:SHOWN])}{more}")
    return 0


def _executor(args: argparse.Namespace) -> AbstractContextManager[Executor | None]:
    """Return the requested cluster as a context, or None for this machine."""
    if not args.scheduler:
        return nullcontext()
    from osw_stats.build.own import cluster

    return cluster(args.scheduler)


def _matrix(root: Path, args: argparse.Namespace) -> int:
    """Run a matrix and print the folder of its results; exit status 1 if a run failed."""
    from osw_stats.build.own import run_matrix

    with Progress(sys.stdout) as progress, _executor(args) as executor:
        options: dict[str, Any] = {"executor": executor, "engine": args.engine, "live": progress.live}
        folder, rows = run_matrix(root, args.matrix, force=args.force, progress=progress.line, **options)
    failed = [row for row in rows if row["problem"]]
    print(f"\nMade\n  {folder}  {len(rows) - len(failed)} of {len(rows)} runs")
    for row in failed:
        print(f"osw: run {row['run']}: {row['problem']}", file=sys.stderr)
    return int(bool(failed))


def run(args: argparse.Namespace) -> int:
    """Run one notebook and print what its page says."""
    import json

    from osw_stats.build.notebooks import run_notebook
    from osw_stats.build.own import own_output, own_page, unnamed
    from osw_stats.data.edition import load_tables
    from osw_stats.kept.code_cells import notebook_path
    from osw_stats.kept.code_cells import parameters as defaults
    from osw_stats.kept.disk import write
    from osw_stats.kept.guard import Guard
    from osw_stats.kept.keys import named
    from osw_stats.project import LANGUAGES
    from osw_stats.publish.contents import items, whole_page
    from osw_stats.publish.pages.render import render
    from osw_stats.results.collected import Results

    root = find_root()
    path = notebook_path(root, args.notebook)
    parameters: dict[str, str] = {}
    for name, value in args.parameter:
        if name in parameters:
            raise InputError("this parameter is given twice", "Give it once.", column=name)
        file = Path(value).expanduser()  # relative to the user's folder; notebooks run in another one
        here = value and (name == "results" or (name in FILES and file.is_file()))
        parameters[name] = str(file.resolve()) if here else value
    language = parameters.pop("language", LANGUAGES[0])  # of the page; a notebook has no language
    if language not in LANGUAGES:
        remedy = f"Choose: {', '.join(LANGUAGES)}."
        raise InputError("is no language of the pages", remedy, column="language", value=language)
    guard = Guard(root, named(root, parameters))
    with own_output(root, path.stem, args.output) as output:
        with guard.watching():
            executed = unnamed(run_notebook(str(path), parameters, str(root / "notebooks")), parameters)
        guard.require()
        output.parent.mkdir(parents=True, exist_ok=True)
        write(output, (executed + "\n").encode())
        results = Results.of_notebook(json.loads(executed))
        year = int(parameters.get("edition", defaults(path)["edition"]))
        page = render(root, whole_page(root, path.stem), language, results, load_tables(year, root))
        for item in items(page, "sentence"):
            print(f"{item.facts['text']}\n")
        html = own_page(root, page, output)
    print(f"Executed notebook: {output}\nPage: {html.resolve().as_uri()}")
    return 0


def verify(args: argparse.Namespace) -> int:
    """Print whether every published file follows from its inputs; exit status 1 if one does not."""
    from collections import Counter

    from osw_stats.build.verify import GOOD, verify

    root = find_root()
    year = newest(root) if args.edition is None else args.edition
    options = {"manifest": args.manifest, "renderer": args.renderer, "engine": args.engine}
    findings, other = verify(root, year, progress=lambda line: print(line, flush=True), **options)
    if other:
        print("\nMade from other things than the manifest, so differences are to be expected")
        print("\n".join(f"  {line}" for line in other))
    if not_identical := [f for f in findings if f.verdict != "identical"]:
        print("\nNot identical")
        print("\n".join(f"  {f.verdict:10} {f.path}: {f.what}" for f in not_identical))
    counts = Counter(f.verdict for f in findings)
    good = ", ".join(f"{counts[v]} {v}" for v in GOOD if counts[v]) or "no file identical"
    bad = ", ".join(f"{n} {v}" for v, n in sorted(counts.items()) if v not in GOOD)
    print(f"\nNOT verified: {good}; {bad}." if bad else f"\nVerified: {good}.")
    return int(bool(bad))
