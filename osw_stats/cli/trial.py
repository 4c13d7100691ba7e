"""Look at one page while writing it: from a run that is kept, or one made now; and in other worlds."""

from __future__ import annotations

import base64
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

from osw_stats.build import runs
from osw_stats.data.edition import Tables, load_tables
from osw_stats.data.editions import load_edition
from osw_stats.kept import keys
from osw_stats.kept.code_cells import notebook_path
from osw_stats.kept.guard import Guard
from osw_stats.kept.log import RunLog
from osw_stats.kept.parameters import check_parameters
from osw_stats.kept.store import Store, kept
from osw_stats.meaning.series import take_up
from osw_stats.publish.contents import Page
from osw_stats.publish.pages.worlds import sentences, worlds
from osw_stats.publish.site import figures
from osw_stats.results.collected import Results


class Trial:
    """The project as it is while a page is looked at: what is kept from it was made of nothing else."""

    def __init__(self, root: Path, year: int) -> None:
        self.root, self.year = root, year
        self._guard = Guard(root)  # first: what changes after it is noticed
        self._known = keys.inputs(root)
        self._store = Store(root / "build" / "kept", guard=self._guard)

    def results(self, name: str, progress: Callable[[str], None]) -> Results:
        """Return what a notebook registers in the edition, from a kept run where nothing it rests on changed."""
        path, edition = notebook_path(self.root, name), load_edition(self.year, self.root)
        base = {"edition": self.year}
        given = check_parameters(path, base | edition.parameters.get(path.stem, {}))
        key = keys.run_key(self.root, path, base, self._known)
        job = runs.Job(path.stem, path, given, key, base)
        with (
            self._store,
            RunLog(None) as log,
            self._guard.watching(),
            runs.started([job], self._store, progress=progress, log=log) as pending,
        ):
            outcome = pending.collect()[key]
        return Results.of_notebook(runs.dress(path, outcome))

    def tables(self) -> Tables:
        """Return the tables of the edition, kept as well: cleaning takes longer than the page."""
        take_up(self.root)
        key = keys.digest(["cleaned", keys.tables_key(self.root, self.year, self._known)])
        with self._store, self._guard.watching():
            cleaned = kept(self._store, key, self._cleaned)
        tables: Tables = pickle.loads(base64.b64decode(cleaned))  # noqa: S301 -- sealed by the store
        return tables

    def _cleaned(self) -> str:
        return base64.b64encode(pickle.dumps(load_tables(self.year, self.root))).decode("ascii")


def text_of(page: Page) -> str:
    """Return a page as Markdown to read: pictures by name and alt text."""
    shown = []
    for part in page.parts:
        if isinstance(part, str):
            shown.append(part)
        elif part.kind == "figure":
            shown.append(figures.image(part))
        else:
            shown.append(part.data["text/markdown"])
    return "\n\n".join(text for text in shown if text) + "\n"


def in_worlds(root: Path, name: str, language: str, results: Results, tables: Tables) -> Iterator[str]:
    """Yield, a world at a time, what is different in it and the sentences that it changes."""
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
