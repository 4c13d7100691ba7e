"""`osw page`: preview one page while writing it, from a kept or a new run; also with other results ("worlds")."""

from __future__ import annotations

import argparse
import base64
import gc
import pickle
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from osw_stats.project import find_root, newest

if TYPE_CHECKING:
    from osw_stats.data.edition import Tables
    from osw_stats.publish.contents import Page
    from osw_stats.results.collected import Results


def page(args: argparse.Namespace) -> int:
    """Print a page; faults that would stop a build are printed to stderr."""
    # a kept run and kept tables are reused while their inputs are unchanged: cleaning takes longer than
    # the page
    gc.disable()  # garbage collection during imports takes a third of the time
    from osw_stats.build import runs
    from osw_stats.build.runs import RunLog, Work
    from osw_stats.data.edition import load_tables
    from osw_stats.kept import keys
    from osw_stats.kept.code_cells import check_parameters, notebook_path
    from osw_stats.kept.guard import Guard
    from osw_stats.kept.store import Store, kept
    from osw_stats.meaning.series import take_up
    from osw_stats.publish.pages.lint import faults
    from osw_stats.publish.pages.render import render
    from osw_stats.results.collected import Results

    root = find_root()
    year = args.edition or newest(root)
    guard = Guard(root)  # first, so that later changes are noticed
    store, known = Store(root / "build" / "kept", guard=guard), keys.inputs(root)
    notebook, _, part = args.name.removesuffix(".ipynb").partition("-")
    path = notebook_path(root, notebook)
    notebook, name = path.stem, f"{path.stem}-{part}" if part else path.stem

    def cleaned() -> str:
        return base64.b64encode(pickle.dumps(load_tables(year, root))).decode("ascii")

    with store, RunLog(None) as log, guard.watching():
        work = Work(root, year, known, store, guard, log, partial(print, file=sys.stderr))
        take_up(root)
        key = keys.digest(["cleaned", keys.tables_key(root, year, known)])
        tables: Tables = pickle.loads(base64.b64decode(kept(store, key, cleaned)))  # noqa: S301 - sealed by the store
        parameters = check_parameters(path, {"edition": year} | tables.edition.parameters.get(notebook, {}))
        job = runs.Job(notebook, path, parameters, keys.run_key(root, path, parameters, known))
        with runs.started(work, [job]) as pending:
            results = Results.of_notebook(runs.dress(path, pending.collect()[job.key]))
    if args.worlds:
        for text in in_worlds(root, name, args.language, results, tables):
            print(text)
        return 0
    print(text_of(render(root, name, args.language, results, tables)), end="", flush=True)
    wrong = faults(root, notebook)
    for fault in wrong:
        print(fault, file=sys.stderr)
    return int(bool(wrong))


def text_of(page: Page) -> str:
    """Return a page as Markdown to read: drawings by name and alt text."""
    from osw_stats.publish.site import figures

    shown = []
    for part in page.parts:
        if isinstance(part, str):
            shown.append(part)
        elif part.kind == "picture":
            shown.append(figures.picture(part))
        else:
            shown.append(figures.image(part) if part.kind == "figure" else part.data["text/markdown"])
    return "\n\n".join(filter(None, shown)) + "\n"


def in_worlds(root: Path, name: str, language: str, results: Results, tables: Tables) -> Iterator[str]:
    """Yield, for each world, what differs in it and the sentences that it changes."""
    from osw_stats.publish.pages.worlds import sentences, worlds

    as_is: dict[str, str] = {}
    for world in worlds(results):
        texts = sentences(root, name, language, world.results, tables)
        lines = [f"== {world.name}"]
        lines += [f"   {n}: {diff}" for n, diff in world.changed.items()] if len(world.changed) < 20 else []
        fresh = {key: text for key, text in texts.items() if text not in as_is.values()}
        lines += [f"{key}: {text}" for key, text in fresh.items()] or ["no sentence is different"]
        lost = [key for key, text in as_is.items() if key not in texts and text not in texts.values()]
        lines += [f"not said: {', '.join(lost)}"] if lost else []
        as_is = as_is or texts
        yield "\n".join(lines) + "\n"
