"""The blocks that a page calls by a function: tables, figures, and descriptions of series and documents."""

from collections.abc import Iterable
from typing import Any

from osw_stats.data.edition import Tables
from osw_stats.errors import InputError
from osw_stats.meaning.numbers import Absent, Number
from osw_stats.meaning.observations import KEY
from osw_stats.meaning.series import catalogue, series
from osw_stats.publish.contents import CARD, PHONE, Item
from osw_stats.results.collected import Plain, Results, to_frame
from osw_stats.stats.revisions import revisions
from osw_stats.text import documents
from osw_stats.text.gaps import gap_lines, without_rows
from osw_stats.text.language import day
from osw_stats.text.layouts import LAYOUTS, as_it_is
from osw_stats.text.tables import csv_text, escape, markdown
from osw_stats.text.words import phrase


class _GoneError(Exception):
    """Raised if a block needs an absent result."""


class Functions:
    """The functions of one page; each returns items, or the reason why there is nothing to show."""

    def __init__(self, results: Results, tables: Tables, language: str) -> None:
        self.results, self.tables, self.language = results, tables, language
        self._whole: set[str] = set()  # tables whose CSV was already included

    def __call__(self, function: str, *arguments: Any) -> list[Item] | Absent:
        """Return the items that a call of a page shows."""
        try:
            return getattr(self, function)(*arguments)  # type: ignore[no-any-return]
        except _GoneError as gone:
            return gone.args[0]  # type: ignore[no-any-return]

    def _item(self, kind: str, name: str, text: str, **facts: Any) -> list[Item]:
        return [Item(kind, name, facts, {"text/markdown": text})]

    def _rows(self, name: str) -> Plain:
        """Return a registered table, or the rows of a figure."""
        if name in self.results.absent:
            raise _GoneError(self.results.absent[name])
        if name in self.results.tables:
            return self.results.tables[name]
        if name in self.results.figures:
            return self.results.figures[name].rows
        remedy = "Register it in the notebook, or mend the name."
        raise InputError("is no registered table or figure", remedy, value=name)

    def table(self, name: str, chosen: dict[str, str]) -> list[Item]:
        """Show a registered table, or the rows of one with these values (`chosen`)."""
        plain = self._rows(name)
        frame = to_frame(plain)
        layout = LAYOUTS.get(name) or as_it_is(name, frame.columns)
        seen = name in self._whole
        csv = "" if chosen and seen else csv_text(frame)
        self._whole.add(name)
        if not chosen:
            text = documents.named(markdown(frame, layout, self.language), self.tables.sources, self.language)
            bridge = plain.get("bridge")  # the bridge between two definitions is shown under the result
            text += f"\n{bridge[self.language]}\n" if bridge else ""
            return self._item("table", name, text, csv=csv)
        for column, value in chosen.items():
            if column not in frame:
                raise InputError("is no column of this table", "Mend the page.", column=column, value=name)
            frame = frame[frame[column].astype(str) == value]
        # the CSV of the full table is included once, even if the page shows only parts of it
        full_table = [] if seen else self._item("table", name, "", csv=csv)
        return full_table + self._item("extract", name, markdown(frame, layout, self.language))

    def _chart(self, name: str) -> dict[str, Any]:
        """Return a registered drawing in the language of the page, with its words."""
        self._rows(name)
        if name not in self.results.figures:
            raise InputError("is no registered figure", "Mend the name.", value=name)
        return self.results.figures[name].charts[self.language]

    def figure(self, name: str, says: str, layout: str) -> list[Item]:
        """Show a registered drawing."""
        chart, rows = self._chart(name), self._rows(name)
        frame, drawn = to_frame(rows), {"image/svg+xml": chart["svg"], "image/png": chart["png"]}
        data = drawn | {k: v for k, v in ((PHONE, chart["phone"]), (CARD, chart.get("card", ""))) if v}
        if not layout:  # that of the registered table with the same columns as the figure
            tables = {n: p for n, p in self.results.tables.items() if n in LAYOUTS}
            same = [n for n, p in tables.items() if [c["name"] for c in p["columns"]] == list(frame)]
            alike = name.replace("-", "_")
            layout = alike if alike in same else next(iter(same), "")
        shown = markdown(frame, LAYOUTS[layout], self.language) if layout else ""
        facts = {key: chart[key] for key in ("caption", "alt", "groups")}
        facts |= {"says": says, "csv": csv_text(frame), "shown": shown, "language": self.language}
        return [Item("figure", name, facts, data)]

    def picture(self, name: str) -> list[Item]:
        """Show a registered drawing alone, such as that of a tile; its page has the full chart."""
        chart = self._chart(name)
        return [Item("picture", name, {"alt": chart["alt"]}, {"image/svg+xml": chart["svg"]})]

    def _series(self, names: Iterable[str]) -> list[str]:
        """Return ids of series: those given by name, and those in the given registered tables."""
        ids: dict[str, None] = {}
        gone = None
        for name in names:
            try:
                named = [name] if name in catalogue() else _cells(self._rows(name), "series")
                ids |= dict.fromkeys(map(str, named))
            except _GoneError as error:
                gone = gone or error
        if gone and not ids:
            raise gone
        return list(ids)

    def counted(self, *names: str) -> list[Item]:
        """Describe series: unit counted, population, caveat and breaks."""
        lines, language = [], self.language
        for about in map(series, self._series(names)):
            facts = {"counted": about.counts, "population": about.population, "caveat": about.caveat}
            parts = [phrase(key, language, what=text[language]) for key, text in facts.items() if text]
            parts += [phrase("break", language, what=b.text[language]) for b in about.breaks]
            text = " ".join(part if part.endswith(".") else f"{part}." for part in parts)
            lines.append(f"- *{about.title[language]}* ({about.publisher}). {text}")
        return self._item("about", "about", "\n".join(lines))

    def gaps(self, *names: str) -> list[Item]:
        """List the figures of series that are missing, with the reason."""
        ids, missing = self._series(names), self.tables.missing()
        lines = gap_lines(missing[missing["series"].isin(ids)], self.tables.edition.year, self.language)
        lines += without_rows(ids, self.tables, self.language)
        return self._item("missing", "missing", "\n".join(lines) or phrase("no_gap", self.language))

    def sources(self, *names: str) -> list[Item]:
        """List the documents that results come from, with links, and how many of their figures were revised."""
        ids: set[str] = set()
        for name in (name for name in names if name not in self.results.absent):
            value = self.results.numbers.get(name)
            if isinstance(value, Number):
                ids.update(value.observations)
            elif value is None:
                cells = (
                    cell for column in ("observations", "obs_id") for cell in _cells(self._rows(name), column)
                )
                ids.update(i for cell in cells for i in str(cell).split())
        used = self.tables.observations[self.tables.observations["obs_id"].isin(ids)]
        places = used.groupby("source_id", sort=False)["locator"].unique()
        known = documents.by_id(self.tables.sources)
        lines = []
        for source_id in (i for i in known if i in places):
            first, *others = places[source_id]
            place = escape(documents.quoted_place(str(first)))
            place += phrase("elsewhere", self.language) if others else ""
            place = f", {place}" if known[source_id]["via"] else f" ({place})"
            lines.append(f"- {documents.linked(known[source_id], known, self.language)}{place}")
        changed = len(revisions(self.tables.vintages).merge(used[KEY], on=KEY))
        count = phrase("revised" if changed else "none_revised", self.language, n=changed)
        as_of = day(self.tables.edition.as_of, self.language)
        lines.append("\n" + phrase("vintage", self.language, as_of=as_of, count=count))
        return self._item("sources", "sources", "\n".join(lines))

    def what_if(self, name: str) -> list[Item]:
        """Show the calculator with the numbers of a registered table."""
        from osw_stats.publish import what_if  # the simulations, for one page of four

        return self._item("what_if", "what-if", what_if.markdown(to_frame(self._rows(name)), self.language))


def _cells(plain: Plain, column: str) -> list[Any]:
    return next((c["cells"] for c in plain["columns"] if c["name"] == column), [])
