"""The blocks that a page asks for by a function: tables, figures, and what is said of series and documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from osw_stats.analysis.revisions import revisions
from osw_stats.errors import InputError
from osw_stats.report import cited, what_if
from osw_stats.report.edition import Tables
from osw_stats.report.gaps import NONE, gap_line
from osw_stats.report.harvest import PHONE, Item
from osw_stats.report.layouts import LAYOUTS
from osw_stats.report.tables import csv_text, escape, markdown
from osw_stats.report.vintage_line import not_yet_public, vintage_line
from osw_stats.results.collected import Plain, Results
from osw_stats.results.frames import to_frame
from osw_stats.vocabulary.numbers import Absent, Number
from osw_stats.vocabulary.observations import KEY, records
from osw_stats.vocabulary.series import catalogue, series

TRACED = ("observations", "obs_id")
SERIES_WORDS = {
    "nl": ("Wat is geteld", "Van wie", "Let op", "Breuk"),
    "en": ("What was counted", "Of whom", "Note", "Break"),
}


class Functions:
    """The functions of one page; each gives items, or the reason why there is nothing to show."""

    def __init__(self, results: Results, tables: Tables, language: str) -> None:
        self.results, self.tables, self.language = results, tables, language
        self._whole: set[str] = set()  # tables that went along
        self._frames: dict[str, pd.DataFrame] = {}

    def __call__(self, function: str, *given: Any) -> list[Item] | Absent:
        """Return what a call of a page shows."""
        make: dict[str, Callable[..., list[Item] | Absent]] = {
            "table": self._table, "figure": self._figure, "counted": self._counted, "gaps": self._gaps,
            "sources": self._sources, "what_if": self._what_if,
        }  # fmt: skip
        return make[function](*given)

    def _item(self, kind: str, name: str, data: dict[str, Any] | str, **facts: Any) -> list[Item]:
        shown = {"text/markdown": data} if isinstance(data, str) else data
        return [Item(kind, name, {"kind": kind, "name": name, "language": self.language} | facts, shown)]

    def _frame(self, name: str) -> Plain | Absent:
        """Return a registered table, or the rows of a figure."""
        if name in self.results.tables:
            return self.results.tables[name]
        if name in self.results.figures:
            return self.results.figures[name].rows
        if name in self.results.absent:
            return self.results.absent[name]
        raise InputError(
            "is no registered table or figure", "Register it in the notebook, or mend the name.", value=name
        )

    def _table(self, name: str, chosen: dict[str, str]) -> list[Item] | Absent:
        plain = self._frame(name)
        if isinstance(plain, Absent):
            return plain
        if name not in LAYOUTS:
            raise InputError("has no layout", "Add one to osw_stats/report/tables.yml.", value=name)
        if name not in self._frames:
            self._frames[name] = to_frame(plain)
        frame = self._frames[name]
        whole = name in self._whole
        self._whole.add(name)
        text = markdown(frame, LAYOUTS[name], self.language) if not chosen else ""
        bridge = plain.get("bridge")
        if bridge and not chosen:  # what joins two definitions is said under the result
            text += f"\n{bridge[self.language]}\n"
        # the whole table goes along once, unseen where the page shows its parts
        found = [] if whole and chosen else self._item("table", name, text, csv=csv_text(frame))
        if chosen:
            for column, value in chosen.items():
                if column not in frame:
                    raise InputError(
                        "is no column of this table", "Mend the page.", column=column, value=name
                    )
                frame = frame[frame[column].astype(str) == value]
            found += self._item("extract", name, markdown(frame, LAYOUTS[name], self.language))
        return found

    def _figure(self, name: str, says: str, layout: str) -> list[Item] | Absent:
        if name in self.results.absent:
            return self.results.absent[name]
        if name not in self.results.figures:
            raise InputError(
                "is no registered figure", "Register it in the notebook, or mend the name.", value=name
            )
        drawing = self.results.figures[name]
        chart, frame = drawing.charts[self.language], to_frame(drawing.rows)
        data = {"image/svg+xml": chart["svg"], "image/png": chart["png"]}
        if chart["phone"]:
            data[PHONE] = chart["phone"]
        layout = layout or self._layout(name, drawing.rows)
        return self._item(
            "figure", name, data, caption=chart["caption"], alt=chart["alt"], csv=csv_text(frame), table=layout,
            shown=markdown(frame, LAYOUTS[layout], self.language) if layout else "", says=says,
            groups=chart["groups"],
        )  # fmt: skip

    def _layout(self, figure: str, rows: Plain) -> str:
        """Return the layout of the registered table with the same columns as what a figure draws."""
        columns = [c["name"] for c in rows["columns"]]
        same = [
            name
            for name, plain in self.results.tables.items()
            if name in LAYOUTS and [c["name"] for c in plain["columns"]] == columns
        ]
        alike = figure.replace("-", "_")
        return next((n for n in same if n == alike), next(iter(same), ""))

    def _series(self, names: Iterable[str]) -> tuple[list[str], Absent | None]:
        """Return ids of series: those named, and those in the registered tables that are named."""
        found: dict[str, None] = {}
        gone = None
        for name in names:
            if name in catalogue():
                found[name] = None
                continue
            plain = self._frame(name)
            if isinstance(plain, Absent):
                gone = gone or plain
                continue
            found |= dict.fromkeys(map(str, _cells(plain, "series")))
        return list(found), gone

    def _counted(self, *names: str) -> list[Item] | Absent:
        ids, gone = self._series(names)
        if not ids and gone:
            return gone
        return self._item("about", "about", "\n".join(self._about(i) for i in ids))

    def _about(self, series_id: str) -> str:
        """Say of a series what it counts, of whom, with which caveat and breaks."""
        about, words = series(series_id), SERIES_WORDS[self.language]
        facts = [(words[0], about.counts), (words[1], about.population), (words[2], about.caveat)]
        parts = [f"{k}: {text[self.language]}" for k, text in facts if text]
        parts += [f"{words[3]}: {b.text[self.language]}" for b in about.breaks]
        joined = " ".join(p if p.endswith(".") else p + "." for p in parts)
        return f"- *{about.title[self.language]}* ({about.publisher}). {joined}"

    def _gaps(self, *names: str) -> list[Item] | Absent:
        ids, gone = self._series(names)
        if not ids and gone:
            return gone
        missing = self.tables.missing()
        rows = missing[missing["series"].isin(ids)]
        lines = [gap_line(row, self.tables.edition.year, self.language) for row in records(rows)]
        lines += not_yet_public(ids, self.tables, self.language)
        return self._item("missing", "missing", "\n".join(lines) if lines else NONE[self.language])

    def _sources(self, *names: str) -> list[Item]:
        """List the documents that results come from, with links, and how many of their figures were revised."""
        ids = {i for name in names for i in self._observations(name)}
        rows = self.tables.observations
        used = rows[rows["obs_id"].isin(ids)]
        places = used.groupby("source_id", sort=False)["locator"].unique()
        known = cited.by_id(self.tables.sources)
        documents = [s for s in known.values() if s["source_id"] in places]
        lines = []
        for source in documents:
            first, *others = places[source["source_id"]]
            more = {"nl": " en elders", "en": " and elsewhere"}[self.language] if others else ""
            place = escape(cited.quoted_place(str(first))) + more
            place = f", {place}" if source["via"] else f" ({place})"
            lines.append(f"- {cited.linked(source, known, self.language)}{place}")
        changed = revisions(self.tables.vintages).merge(used[KEY], on=KEY)
        lines.append("\n" + vintage_line(self.tables, len(changed), self.language))
        return self._item(
            "sources", "sources", "\n".join(lines), revised=len(changed),
            documents=[{k: source[k] for k in ("source_id", "known_by", "sha256")} for source in documents],
        )  # fmt: skip

    def _observations(self, name: str) -> set[str]:
        """Return the published figures that a result rests on; none of what is absent."""
        value = self.results.numbers.get(name)
        if value is not None:
            return set(value.observations) if isinstance(value, Number) else set()
        plain = self._frame(name)
        if isinstance(plain, Absent):
            return set()
        return {i for column in TRACED for cell in _cells(plain, column) for i in str(cell).split()}

    def _what_if(self, name: str) -> list[Item] | Absent:
        plain = self._frame(name)
        if isinstance(plain, Absent):
            return plain
        return self._item("what_if", "what-if", what_if.markdown(to_frame(plain), self.language))


def _cells(plain: Plain, column: str) -> list[Any]:
    return next((c["cells"] for c in plain["columns"] if c["name"] == column), [])
