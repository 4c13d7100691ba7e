"""Tell a story in a notebook: sentences, tables and figures that carry their trace.

A sentence is written in both languages side by side with names for its numbers; the
numbers come from result tables and bring along the observations they rest on. Typing
a digit into a sentence is an error, so no number in prose is ever out of date.
"""

from __future__ import annotations

import base64
import string
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd
from IPython.display import display

from osw_stats.analysis.capacity.scenarios import Scenario
from osw_stats.analysis.coverage import missing
from osw_stats.analysis.revisions import revisions
from osw_stats.errors import NotPublishedError, OswError
from osw_stats.report import unpublished, what_if
from osw_stats.report.charts.style import Chart, png_bytes, svg_text
from osw_stats.report.edition import LANGUAGES, Tables
from osw_stats.report.gaps import NONE, gap_line
from osw_stats.report.language import Said, day, number
from osw_stats.report.layouts import LAYOUTS
from osw_stats.report.tables import csv_text, markdown
from osw_stats.report.vintage_line import vintage_line
from osw_stats.vocabulary.estimates import Estimate
from osw_stats.vocabulary.observations import KEY, records
from osw_stats.vocabulary.periods import parse_period
from osw_stats.vocabulary.series import series

GRADE = {"nl": "Zekerheid van het bewijs", "en": "Grade of evidence"}
GRADES = {
    "A": {"nl": "volledige telling of steekproef met één definitie", "en": "full count or sample of one definition"},
    "B": {"nl": "één aanname overbrugt wat niet is gepubliceerd", "en": "one assumption bridges what was not published"},
    "C": {"nl": "berust op meerdere aannamen", "en": "rests on several assumptions"},
    "D": {"nl": "een enkel citaat zonder te vinden bron", "en": "a single quotation without a source that can be traced"},
}  # fmt: skip
Speakable = Estimate | int | date | Mapping[str, str]


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
        used = [_fields(name, text) for text in (nl, en)]
        if used[0] != used[1] or used[0] != set(values):
            raise OswError(
                f'sentence "{name}": the Dutch text names {sorted(used[0])}, the English text '
                f"{sorted(used[1])}, given are {sorted(values)}. Use the same numbers in both."
            )
        text = {"nl": nl, "en": en}[self.language]
        spoken = text.format(**{key: self._speak(value) for key, value in values.items()})
        numbers = [_trace(key, v) for key, v in values.items() if isinstance(v, Estimate)]
        grade = max((n["grade"] for n in numbers), default="")
        shown = f"**{spoken}**\n\n{grade_words(grade, self.language)}" if headline else spoken
        self._show(
            {"text/markdown": shown},
            kind="sentence", name=name, text=spoken, headline=headline, numbers=numbers, grade=grade, meets=meets,
            words=[str(self._speak(v)) for v in values.values() if not isinstance(v, Estimate)],
            counted=[v for v in values.values() if isinstance(v, int) and not parse_year(v)],
            question=(question or {}).get(self.language, ""),
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
            text = unpublished.text_of(error, self.tables.edition.as_of, self.language)
            self._absent(error.series_id, text, headline, question, instead_of)
            return None

    def nothing(self, name: str, *, nl: str, en: str, **values: Speakable) -> None:
        """Say why a page has nothing to report in this edition."""
        for text in (nl, en):
            if _fields(name, text) != set(values):
                raise OswError(f'sentence "{name}": the texts name other values than {sorted(values)}.')
        spoken = {"nl": nl, "en": en}[self.language].format(
            **{key: self._speak(value) for key, value in values.items()}
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
        text = markdown(frame, LAYOUTS[name], self.language)
        if frame.empty and empty is not None:
            text = empty[self.language] + "\n"
        bridge = frame.attrs.get("bridge")
        if bridge is not None:  # what joins two definitions is said under the result
            text += f"\n{getattr(bridge, self.language)}\n"
        self._show({"text/markdown": text}, kind="table", name=name, csv=csv_text(frame), meets=meets)

    def file(self, name: str, frame: pd.DataFrame, *, meets: tuple[str, ...] = ()) -> None:
        """Send a result table along whole, without showing it: its parts are shown as extracts."""
        self._show({"text/markdown": ""}, kind="table", name=name, csv=csv_text(frame), meets=meets)

    def extract(self, name: str, frame: pd.DataFrame) -> None:
        """Show some rows of a result table that goes along whole elsewhere."""
        self._show(
            {"text/markdown": markdown(frame, LAYOUTS[name], self.language)}, kind="extract", name=name
        )

    def heading(self, nl: str, en: str, level: int = 2) -> None:
        """Show a heading between outputs, where a Markdown cell cannot stand."""
        text = f"{'#' * level} {nl if self.language == 'nl' else en}"
        self._show({"text/markdown": text}, kind="heading", name="heading")

    def figure(self, name: str, chart: Chart, *, meets: tuple[str, ...] = ()) -> None:
        """Show a chart, with its caption and its alt text."""
        self._show(
            {
                "image/svg+xml": svg_text(chart.figure),
                "image/png": base64.b64encode(png_bytes(chart.figure)).decode("ascii"),
            },
            kind="figure", name=name, caption=chart.caption, alt=chart.alt, meets=meets,
        )  # fmt: skip

    def what_if(self, given: Scenario) -> None:
        """Show the calculator of a scenario, for the reader's own assumptions."""
        self._show({"text/markdown": what_if.markdown(given, self.language)}, kind="what_if", name="what-if")

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
        found = missing(self.tables.observations, self.tables.edition.year)
        rows = found[found["series"].isin(series_ids)]
        lines = [gap_line(row, self.tables.edition.year, self.language) for row in records(rows)]
        text = "\n".join(lines) if lines else NONE[self.language]
        self._show({"text/markdown": text}, kind="missing", name="missing", meets=("missing",))

    def sources(self, *frames: pd.DataFrame) -> None:
        """List the documents that the figures in `frames` come from, with links, and how many were revised."""
        ids = {i for frame in frames for cell in frame["observations"] for i in str(cell).split()}
        rows = self.tables.observations
        used = rows[rows["obs_id"].isin(ids)]
        lines, documents = [], []
        for source in records(self.tables.sources):
            places = used.loc[used["source_id"] == source["source_id"], "locator"].unique()
            if len(places):
                more = "" if len(places) == 1 else {"nl": " en elders", "en": " and elsewhere"}[self.language]
                lines.append(
                    f"- [{source['publisher']}: {source['title']}](sources.qmd#src-{source['source_id']})"
                    f" ({places[0]}{more})"
                )
                documents.append({k: source[k] for k in ("source_id", "known_by", "sha256")})
        changed = revisions(self.tables.vintages).merge(used[KEY], on=KEY)
        lines.append("\n" + vintage_line(self.tables, len(changed), self.language))
        self._show(
            {"text/markdown": "\n".join(lines)},
            kind="sources", name="sources", meets=("vintage",), documents=documents, revised=len(changed),
        )  # fmt: skip

    def _speak(self, value: Speakable) -> Any:
        if isinstance(value, Estimate):
            return Said(value, self.language)
        if isinstance(value, date):
            return day(value, self.language)
        if isinstance(value, int):
            # a year has no thousands mark
            return str(value) if parse_year(value) else number(value, self.language)
        return value[self.language]

    def _show(self, bundle: dict[str, Any], **facts: Any) -> None:
        display(  # type: ignore[no-untyped-call]
            bundle, raw=True, metadata={"osw": facts | {"language": self.language}}
        )


def grade_words(grade: str, language: str) -> str:
    """Return the evidence grade of a headline in words: the weakest of its numbers counts."""
    return f"{GRADE[language]} {grade}: {GRADES[grade][language]}."


def parse_year(value: int) -> bool:
    """Say whether a whole number is a year we can report on."""
    try:
        parse_period(str(value))
    except OswError:
        return False
    return True


def _fields(name: str, text: str) -> set[str]:
    fields = set()
    for literal, field, _, _ in string.Formatter().parse(text):
        if any(c.isdigit() for c in literal):
            raise OswError(
                f'sentence "{name}": a digit is typed into "{literal.strip()}". '
                "Give the number a name in braces and pass its estimate."
            )
        if field is not None:
            fields.add(field)
    return fields


def _trace(key: str, e: Estimate) -> dict[str, Any]:
    return {
        "name": key, "value": e.value, "unit": e.unit, "lower": e.lower, "upper": e.upper,
        "interval_kind": e.interval_kind, "observations": list(e.observations),
        "method": e.method, "grade": e.grade,
    }  # fmt: skip
