"""The report of one notebook: its results, registered by name for the pages and shown to its user."""

import json
import textwrap
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from IPython import get_ipython
from IPython.display import display
from matplotlib.figure import Figure

from osw_stats.data.edition import Tables
from osw_stats.draw.style import Chart
from osw_stats.errors import NotEstimableError, OswError
from osw_stats.meaning.numbers import Absent, Fact, Number
from osw_stats.project import LANGUAGES
from osw_stats.results.cells import Skipping, install
from osw_stats.results.collected import to_plain
from osw_stats.results.drawn import drawn
from osw_stats.stats.survey.contracts import check_table
from osw_stats.text import documents

FIRST_ROWS = FIRST_COLUMNS = 8  # no wider than a cell of JupyterLab
WIDTH = 100  # letters
# provenance of a row: kept in the table, but not shown first to a researcher
TRACE = ("observations", "obs_id", "method", "source_id", "definition_id", "words", "quotes", "counts")
Registrable = Number | Fact | date | int | Mapping[str, str]


class Report:
    """What one notebook hands to the pages.

    Each name is registered once. A cell that meets `NotPublishedError` or `NotEstimableError` is skipped, and
    its names are absent (`osw_stats.results.cells`).

    Parameters
    ----------
    tables
        The tables of the edition, for the documents behind a drawing.

    Examples
    --------
    >>> from osw_stats import load
    >>> report = Report(load(2024))
    >>> report.add(share=Number(5.2, "percent", 4.9, 5.5, "assumed", ("a",), "Wilson", "B"))
    >>> report.sent[0]["values"]["share"]["value"], report.kinds
    (5.2, {'share': 'number'})
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.kinds: dict[str, str] = {}  # kinds of registered results, by name
        self.sent: list[dict[str, Any]] = []
        self.skipping = Skipping(self._begun, self._absent)
        install(self.skipping)

    def add(self, **values: Registrable) -> None:
        """Register numbers and facts under their keywords, and show them as a small table."""
        entries = {name: _plain_value(name, value) for name, value in values.items()}
        for name in entries:
            self._take(name, "number")
        rows = [{"name": name} | plain | plain.get("words", {}) for name, plain in entries.items()]
        rows = [{c: v for c, v in row.items() if c not in TRACE} for row in rows]
        self._send("numbers", "", _html(pd.DataFrame(rows).dropna(axis="columns", how="all")), values=entries)

    def table(self, name: str, frame: pd.DataFrame) -> None:
        """Register a result table, checked against its contract; all rows are kept, the first are shown."""
        self._take(name, "table")
        checked = frame if frame.empty else check_table(name, frame)
        shown = _html(frame.drop(columns=[c for c in TRACE if c in frame]).head(FIRST_ROWS))
        more = f"{len(frame)} rows, {len(frame.columns)} columns"
        shown["text/html"] += f"<p>{more}</p>"
        shown["text/plain"] += f"\n{more}"
        self._send("table", name, shown, frame=to_plain(checked))

    def figure(
        self,
        name: str,
        draw: Callable[..., Chart] | Any,
        *arguments: Any,
        rows: pd.DataFrame | None = None,
        caption: str = "",
    ) -> None:
        """Register a drawing, made in every language the pages have.

        Parameters
        ----------
        name
            Short id of the figure, unique in the report.
        draw
            Called with `arguments` and a language; or a figure of matplotlib or seaborn of one's own.
        rows
            The rows that are drawn; the first table of `arguments` when None.
        caption
            Of a figure of one's own; for who cannot see it, and the titles of its axes when empty.
        """
        if isinstance(draw, Figure):
            titles = [x.get_title("left") or x.get_title() or x.get_ylabel() for x in draw.axes]
            alt = caption or " · ".join(dict.fromkeys(title for title in titles if title)) or name
            chart = Chart(draw, caption, alt)
            self._draw(name, lambda _: chart, (), pd.DataFrame() if rows is None else rows)
            return
        if rows is None:
            rows = next(g for g in arguments if isinstance(g, pd.DataFrame))
        self._draw(name, draw, arguments, rows)

    def parts(
        self,
        name: str,
        frame: pd.DataFrame,
        *,
        by: str,
        draw: Callable[..., Chart] | None = None,
        arguments: tuple[Any, ...] = (),
        label: Callable[[str, str], str] = lambda key, language: key,
    ) -> None:
        """Register the parts that a page repeats for every value of a column, in order: `{% for part in name %}`.

        Parameters
        ----------
        name
            Short id of the parts; the drawing of a part is called after it and its value ("claims-4").
        by
            The column. A part has `key`, its value as text; `name`, by language; and `figure`, the name of
            its drawing, empty where there is none.
        draw, arguments
            Called with the rows of a part, `arguments` and a language; a part for which it raises
            NotEstimableError has no drawing.
        label
            What a reader calls a value, from it and a language.
        """
        self._take(name, "parts")
        parts = []
        for value, rows in frame.groupby(by, sort=False):
            key, figure = str(value), ""
            with suppress(NotEstimableError):
                if draw is not None:
                    self._draw(f"{name}-{key}", draw, (rows, *arguments), rows, of=name)
                    figure = f"{name}-{key}"
            names = {language: label(key, language) for language in LANGUAGES}
            parts.append({"key": key, "name": names, "figure": figure})
        self._send("parts", name, _html(pd.DataFrame(parts, columns=["key", "figure"])), parts=parts)

    def _draw(
        self, name: str, draw: Callable[..., Chart], arguments: tuple[Any, ...], rows: pd.DataFrame, **of: str
    ) -> None:
        columns = [rows[c] for c in ("observations", "obs_id") if c in rows]
        ids = {i for column in columns for cell in column for i in str(cell).split()}
        figures = self.tables.observations[self.tables.observations["obs_id"].isin(ids)]
        charts = {
            language: drawn(
                draw, arguments, language, documents.through(figures, self.tables.sources, language)
            )
            for language in LANGUAGES
        }
        self._take(name, "figure")  # not before: a figure that cannot be drawn is absent
        show = {"image/svg+xml": charts["en"]["svg"]}
        self._send("figure", name, show, drawn=charts, frame=to_plain(rows), **of)

    def save(self, results: str = "") -> None:
        """End the report; if a folder is given, write `results.json` and the drawings as SVG to it."""
        self._send("saved", "", {"text/plain": f"{len(self.kinds)} results"}, kinds=self.kinds)
        if results:
            folder = Path(results)
            folder.mkdir(parents=True, exist_ok=True)
            plain = [{k: v for k, v in item.items() if k != "drawn"} for item in self.sent]
            text = json.dumps(plain, ensure_ascii=False, indent=1)
            (folder / "results.json").write_text(text + "\n", encoding="utf-8", newline="\n")
            for item in self.sent:
                for language, chart in item.get("drawn", {}).items():
                    name = f"{item['name']}-{language}.svg"
                    (folder / name).write_text(chart["svg"], encoding="utf-8", newline="\n")

    def _take(self, name: str, kind: str) -> None:
        if name in self.kinds:
            raise OswError(f'"{name}" is registered twice. Give each result a name of its own.')
        self.kinds[name] = kind

    def _begun(self, names: dict[str, str]) -> None:
        """Forget the earlier results of a cell: in JupyterLab cells are rerun."""
        sent, again = self.sent, set(names)
        self.sent = []
        for item in sent:
            of_item = {item["name"], item.get("of"), *item.get("values", ()), *item.get("names", ())}
            if of_item.isdisjoint(names):
                self.sent.append(item)
            else:
                again.add(item["name"])  # a drawing of parts has its own name
        for name in again:
            self.kinds.pop(name, None)

    def _absent(self, names: dict[str, str], reason: Absent) -> None:
        lost = {n: kind for n, kind in names.items() if n not in self.kinds}  # some were registered already
        self.kinds |= lost
        plain = asdict(reason) | {"wanted": [dict(w) for w in reason.wanted]}
        # JupyterLab wraps no plain text
        shown = {"text/plain": textwrap.fill(f"Skipped: {reason.message}", WIDTH, break_long_words=False)}
        self._send("absent", "", shown, names=lost, reason=plain)

    def _send(self, kind: str, name: str, shown: dict[str, str], **facts: Any) -> None:
        """Pass a result to the pages in the notebook's output; outside a notebook only keep it here."""
        item = {"kind": kind, "name": name} | facts
        self.sent.append(item)
        if get_ipython() is not None:
            display(shown, raw=True, metadata={"osw": item})  # type: ignore[no-untyped-call]


def _plain_value(name: str, value: Any) -> dict[str, Any]:
    """Return a number or a fact as plain values."""
    if isinstance(value, Number):
        return asdict(value) | {"observations": list(value.observations)}
    fact = value if isinstance(value, Fact) else Fact(value)
    if isinstance(fact.value, date):
        return {"day": fact.value.isoformat()}
    if isinstance(fact.value, int):
        return {"count": int(fact.value)}
    if isinstance(fact.value, Mapping) and set(fact.value) == set(LANGUAGES):
        return {"words": dict(fact.value), "quotes": list(fact.quotes), "counts": list(fact.counts)}
    problem = f'"{name}" is {type(value).__name__}, which no page can say'
    raise OswError(f"{problem}. Give a Number, a day, a whole number, or words in {' and '.join(LANGUAGES)}.")


def _html(table: pd.DataFrame) -> dict[str, str]:
    frame = table.iloc[:, :FIRST_COLUMNS]
    return {"text/html": frame.to_html(index=False, na_rep=""), "text/plain": frame.to_string(index=False)}
