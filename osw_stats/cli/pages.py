"""`osw page`: look at one page while writing it, from a run that is kept, or one made now; and in other worlds."""

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


def page(given: argparse.Namespace) -> int:
    """Print a page; what a build would refuse of it goes to stderr."""
    # a kept run is taken where nothing it rests on changed, and the tables too: cleaning takes longer than
    # the page
    gc.disable()  # looking for garbage among what is imported takes a third of the time
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
    year = given.edition or newest(root)
    guard = Guard(root)  # first: what changes after it is noticed
    store, known = Store(root / "build" / "kept", guard=guard), keys.inputs(root)
    notebook, _, part = given.name.removesuffix(".ipynb").partition("-")
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
    if given.worlds:
        for text in in_worlds(root, name, given.language, results, tables):
            print(text)
        return 0
    print(text_of(render(root, name, given.language, results, tables)), end="", flush=True)
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
    """Yield, a world at a time, what is different in it and the sentences that it changes."""
    from osw_stats.publish.pages.worlds import sentences, worlds

    as_is: dict[str, str] = {}
    for world in worlds(results):
        told = sentences(root, name, language, world.results, tables)
        lines = [f"== {world.name}"]
        lines += [f"   {n}: {how}" for n, how in world.changed.items()] if len(world.changed) < 20 else []
        fresh = {key: text for key, text in told.items() if text not in as_is.values()}
        lines += [f"{key}: {text}" for key, text in fresh.items()] or ["no sentence is different"]
        lost = [key for key, text in as_is.items() if key not in told and text not in told.values()]
        lines += [f"not said: {', '.join(lost)}"] if lost else []
        as_is = as_is or told
        yield "\n".join(lines) + "\n"
