"""Tell a story in a notebook: sentences, tables and figures that carry their trace.

A sentence is written in both languages side by side with names for its numbers; the
numbers come from result tables and bring along the observations they rest on. Typing
a digit into a sentence is an error, so no number in prose is ever out of date.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
from IPython.display import display

from osw_stats.analysis.capacity.scenario_tables import calculator
from osw_stats.analysis.capacity.scenarios import Scenario
from osw_stats.analysis.revisions import revisions
from osw_stats.analysis.survey.contracts import kept
from osw_stats.errors import NotPublishedError, OswError
from osw_stats.report import cited, unpublished, what_if
from osw_stats.report.charts.raster import png
from osw_stats.report.charts.style import Chart, add_to_source, svg_text
from osw_stats.report.edition import Tables
from osw_stats.report.gaps import NONE, gap_line
from osw_stats.report.harvest import PHONE
from osw_stats.report.layouts import LAYOUTS
from osw_stats.report.root import LANGUAGES
from osw_stats.report.sentences import (
    Speakable,
    Words,
    fields_of,
    grade_words,
    parse_year,
    parts_of,
    speak,
    trace_of,
)
from osw_stats.report.tables import csv_text, escape, markdown
from osw_stats.report.vintage_line import not_yet_public, text_of, vintage_line
from osw_stats.vocabulary.numbers import Number
from osw_stats.vocabulary.observations import KEY, records
from osw_stats.vocabulary.series import series


class Story:
    """One notebook's telling in one language.

    Parameters
    ----------
    tables
        The tables of the edition.
    language
        "nl" or "en".
    """

    def __init__(self, tables: Tables, language: str) -> None:
        if language not in LANGUAGES:
            raise OswError(f'language "{language}" is unknown. Choose one of: {", ".join(LANGUAGES)}.')
        self.tables, self.language = tables, language

    def say(
        self, name: str, *, nl: str, en: str, headline: bool = False, meets: tuple[str, ...] = (),
        question: Mapping[str, str] | None = None, **values: Speakable,
    ) -> None:  # fmt: skip
        """Say one paragraph.

        Parameters
        ----------
        name
            Short id of the paragraph, unique in the notebook.
        nl, en
            The paragraph in both languages, with `{name}` or `{name:way}` for each number
            (ways: see `osw_stats.report.language.Said`).
        headline
            Whether the start page shows it.
        meets
            Codes of the reporting standard (`osw_stats.report.standard`) that this meets.
        question
            Heading of a headline's card, by language; the question of its page when None.
        values
            Estimates, years (int), dates, or words by language.

        Raises
        ------
        OswError
            If a digit is typed into the paragraph, or the two languages use other numbers.
        """
        used = [fields_of(name, text) for text in (nl, en)]
        if used[0] != used[1] or used[0] != set(values):
            raise OswError(
                f'sentence "{name}": the Dutch text names {sorted(used[0])}, the English text '
                f"{sorted(used[1])}, given are {sorted(values)}. Use the same numbers in both."
            )
        text = {"nl": nl, "en": en}[self.language]
        parts = parts_of(text, values, self.language)
        spoken = "".join(words for words, _ in parts)
        numbers = [trace_of(key, v) for key, v in values.items() if isinstance(v, Number)]
        grade = max((n["grade"] for n in numbers), default="")
        shown = f"**{spoken}**\n\n{grade_words(grade, self.language)}" if headline else spoken
        self._show(
            {"text/markdown": shown},
            kind="sentence", name=name, text=spoken, headline=headline, numbers=numbers, grade=grade, meets=meets,
            words=[str(speak(v, self.language)) for v in values.values() if not isinstance(v, Number | Words)]
            + [q for v in values.values() if isinstance(v, Words) for q in v.quotes],
            counted=[v for v in values.values() if isinstance(v, int) and not parse_year(v)]
            + [n for v in values.values() if isinstance(v, Words) for n in v.counts],
            question=(question or {}).get(self.language, ""), parts=parts,
        )  # fmt: skip

    def if_public(
        self, compute: Callable[..., Any], /, *args: Any, headline: bool = False,
        question: Mapping[str, str] | None = None, instead_of: tuple[str, ...] = (), **options: Any,
    ) -> Any:  # fmt: skip
        """Return what `compute` gives; where a figure it needs was not public, say so and return None.

        Parameters
        ----------
        compute, args, options
            The call.
        headline, question
            Whether the start page says it as well, and under which heading.
        instead_of
            Requirements of the reporting standard that cannot be met without the figure.
        """
        try:
            return compute(*args, **options)
        except NotPublishedError as error:
            text = text_of(error, self.tables, self.language)
            self._absent(error.series_id, text, headline, question, instead_of)
            return None

    def nothing(self, name: str, *, nl: str, en: str, **values: Speakable) -> None:
        """Say why a page has nothing to report in this edition."""
        for text in (nl, en):
            if fields_of(name, text) != set(values):
                raise OswError(f'sentence "{name}": the texts name other values than {sorted(values)}.')
        spoken = {"nl": nl, "en": en}[self.language].format(
            **{key: speak(value, self.language) for key, value in values.items()}
        )
        self._absent(name, spoken, True, None, (unpublished.WHOLE_PAGE,))

    def _absent(
        self, name: str, text: str, headline: bool, question: Mapping[str, str] | None,
        instead_of: tuple[str, ...],
    ) -> None:  # fmt: skip
        self._show(
            {"text/markdown": text}, kind=unpublished.KIND, name=name, text=text, headline=headline,
            question=(question or {}).get(self.language, ""), instead_of=instead_of,
        )  # fmt: skip

    def table(
        self, name: str, frame: pd.DataFrame, *, meets: tuple[str, ...] = (),
        empty: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Show a result table; the whole of it goes along as CSV.

        `empty` says, by language, why a table has no rows; it is shown in its place.
        """
        text = markdown(frame if frame.empty else kept(name, frame), LAYOUTS[name], self.language)
        if frame.empty and empty is not None:
            text = empty[self.language] + "\n"
        bridge = frame.attrs.get("bridge")
        if bridge is not None:  # what joins two definitions is said under the result
            text += f"\n{getattr(bridge, self.language)}\n"
        self._show({"text/markdown": text}, kind="table", name=name, csv=csv_text(frame), meets=meets)

    def file(self, name: str, frame: pd.DataFrame, *, meets: tuple[str, ...] = ()) -> None:
        """Send a result table along whole, without showing it: its parts are shown as extracts."""
        self._show(
            {"text/markdown": ""}, kind="table", name=name, csv=csv_text(kept(name, frame)), meets=meets
        )

    def extract(self, name: str, frame: pd.DataFrame) -> None:
        """Show some rows of a result table that goes along whole elsewhere."""
        self._show(
            {"text/markdown": markdown(frame, LAYOUTS[name], self.language)}, kind="extract", name=name
        )

    def heading(self, nl: str, en: str, level: int = 2) -> None:
        """Show a heading between outputs, where a Markdown cell cannot stand."""
        text = f"{'#' * level} {nl if self.language == 'nl' else en}"
        self._show({"text/markdown": text}, kind="heading", name="heading")

    def figure(
        self, name: str, chart: Chart, *, data: pd.DataFrame, table: str = "", says: str = "",
        meets: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """Show a chart with its caption, its alt text and the numbers it draws.

        Parameters
        ----------
        name
            Short id of the figure, unique in the report.
        chart
            What was drawn.
        data
            The rows that are drawn; they go along as CSV.
        table
            Layout that shows these rows to readers; observations have one of their own.
        says
            Name of the sentence of this notebook that readers may copy with the figure.
        """
        add_to_source(chart, cited.through(self._published(data), self.tables.sources, self.language))
        drawn = svg_text(chart.figure)
        bundle = {"image/svg+xml": drawn, "image/png": base64.b64encode(png(drawn)).decode("ascii")}
        if chart.phone is not None:
            bundle[PHONE] = svg_text(chart.phone)
        shown = markdown(data, LAYOUTS[table], self.language) if table else ""
        self._show(
            bundle, kind="figure", name=name, caption=chart.caption, alt=chart.alt, meets=meets,
            csv=csv_text(data), table=table, shown=shown, says=says, groups=chart.groups,
        )  # fmt: skip

    def what_if(self, given: Scenario) -> None:
        """Show the calculator of a scenario, for the reader's own assumptions."""
        self._show(
            {"text/markdown": what_if.markdown(calculator(given), self.language)},
            kind="what_if",
            name="what-if",
        )

    def about(self, *series_ids: str) -> None:
        """Say of each series what it counts, of whom, with which caveat and breaks."""
        label = {
            "nl": ("Wat is geteld", "Van wie", "Let op", "Breuk"),
            "en": ("What was counted", "Of whom", "Note", "Break"),
        }[self.language]
        lines = []
        for series_id in series_ids:
            about = series(series_id)
            facts = [
                (label[0], about.counts),
                (label[1], about.population),
                (label[2], about.caveat),
            ]
            parts = [f"{k}: {text[self.language]}" for k, text in facts if text]
            parts += [f"{label[3]}: {b.text[self.language]}" for b in about.breaks]
            joined = " ".join(p if p.endswith(".") else p + "." for p in parts)
            lines.append(f"- *{about.title[self.language]}* ({about.publisher}). {joined}")
        self._show({"text/markdown": "\n".join(lines)}, kind="about", name="about", meets=("estimand",))

    def missing(self, *series_ids: str) -> None:
        """List which figures of these series are not there, each with its reason."""
        found = self.tables.missing()
        rows = found[found["series"].isin(series_ids)]
        lines = [gap_line(row, self.tables.edition.year, self.language) for row in records(rows)]
        lines += not_yet_public(series_ids, self.tables, self.language)
        text = "\n".join(lines) if lines else NONE[self.language]
        self._show({"text/markdown": text}, kind="missing", name="missing", meets=("missing",))

    def sources(self, *frames: pd.DataFrame | None) -> None:
        """List the documents that the figures in `frames` come from, with links, and how many were revised.

        A frame that could not be made (`if_public`) is None.
        """
        used = self._published(*(frame for frame in frames if frame is not None))
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
        self._show(
            {"text/markdown": "\n".join(lines)},
            kind="sources", name="sources", meets=("vintage",), revised=len(changed),
            documents=[{k: source[k] for k in ("source_id", "known_by", "sha256")} for source in documents],
        )  # fmt: skip

    def _published(self, *frames: pd.DataFrame) -> pd.DataFrame:
        """Return the published figures that the rows of `frames` rest on."""
        columns = [frame[c] for frame in frames for c in ("observations", "obs_id") if c in frame]
        ids = {i for column in columns for cell in column for i in str(cell).split()}
        rows = self.tables.observations
        return rows[rows["obs_id"].isin(ids)]

    def _show(self, bundle: dict[str, Any], **facts: Any) -> None:
        display(  # type: ignore[no-untyped-call]
            bundle, raw=True, metadata={"osw": facts | {"language": self.language}}
        )
