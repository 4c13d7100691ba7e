"""Result tables for readers: which columns, in which words, how rounded.

The machine-readable file keeps every column at full precision; only what is shown here
is rounded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from osw_stats.report.language import number
from osw_stats.report.words import word
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.rounding import half_up
from osw_stats.vocabulary.series import catalogue
from osw_stats.vocabulary.units import UNITS


@dataclass(frozen=True)
class Shown:
    """One column for readers: its heading and how a row becomes a cell."""

    nl: str
    en: str
    cell: Callable[[dict[str, Any], str], str]
    numeric: bool = False


@dataclass(frozen=True)
class Layout:
    """A result table for readers: caption and columns."""

    nl: str
    en: str
    columns: tuple[Shown, ...]


def _text(name: str) -> Callable[[dict[str, Any], str], str]:
    return lambda row, language: word(row[name], language)


def _number(name: str, places: int = 0) -> Callable[[dict[str, Any], str], str]:
    return lambda row, language: (
        word("missing", language) if pd.isna(row[name]) else number(row[name], language, places)
    )


def _posts(name: str) -> Callable[[dict[str, Any], str], str]:
    """Show fte: two places at most, none where they are zero."""

    def cell(row: dict[str, Any], language: str) -> str:
        value = row[name]
        if pd.isna(value):
            return word("missing", language)
        places = next(p for p in (0, 1, 2) if p == 2 or half_up(value, p) == half_up(value, 2))
        return number(value, language, places)

    return cell


def _places(row: dict[str, Any], numbers: list[float]) -> int:
    """Return the decimals for what is counted, the same for a value and both its limits."""
    kind = UNITS[row["unit"]].kind if "unit" in row else "share"
    if kind == "share":
        return 2 if max(map(abs, numbers)) < 1 else 1
    if kind == "posts":
        return 0 if all(half_up(n, 1) == half_up(n, 0) for n in numbers) else 1
    return 0


def _rounding_places(row: dict[str, Any], numbers: list[float]) -> int | None:
    """Return the decimals that show what rounding leaves open: as many as the limits have."""
    if row.get("interval_kind") != "rounding" or UNITS[row["unit"]].kind != "share":
        return None
    return next(p for p in (0, 1, 2, 3) if p == 3 or all(half_up(n, p) == half_up(n, 6) for n in numbers))


def _interval(value: str, lower: str, upper: str) -> Callable[[dict[str, Any], str], str]:
    """Show "5,2 (4,9-5,5)"; the limits alone where there is no value or none is named."""

    def cell(row: dict[str, Any], language: str) -> str:
        if pd.isna(row[lower]):
            return word("missing", language)
        known = [row[name] for name in (value, lower, upper) if name and not pd.isna(row[name])]
        fine = _rounding_places(row, known[-2:])
        places = [_places(row, known) if fine is None else fine] * 2
        # a value keeps the decimals it was printed with
        places += [_places(row, known) if fine is None else max(0, fine - 1)] * (len(known) - 2)
        low, high, *rest = map(
            lambda n, p: number(n, language, p), (row[lower], row[upper], *known[:-2]), places
        )
        # a dash before a minus sign cannot be read
        between = "–" if row[lower] >= 0 else {"nl": " tot ", "en": " to "}[language]
        both = low if low == high else f"{low}{between}{high}"
        if not value:
            return both
        shown = rest[0] if rest else word("range", language)
        return shown if low == high else f"{shown} ({both})"

    return cell


def _group(row: dict[str, Any], language: str) -> str:
    years = {"nl": "jaar", "en": "years"}[language]
    return f"{word(row['sex'], language)}, {row['age']} {years}"


def _series(row: dict[str, Any], language: str) -> str:
    known = catalogue().get(row["series"])
    return known.title[language] if known else str(row["series"])


def _units(row: dict[str, Any], language: str) -> str:
    """Show the unit a report claims; and that of its figures where they count something else."""
    claimed = str(getattr(UNITS[row["unit"]], language))
    if row["formula_unit"] in ("", row["unit"]):
        return claimed
    counted = str(getattr(UNITS[row["formula_unit"]], language))
    return {"nl": f"{claimed}, maar geteld zijn {counted}", "en": f"{claimed}, but counted are {counted}"}[
        language
    ]


LAYOUTS: dict[str, Layout] = {
    "prev_estimates": Layout(
        "Online seksuele intimidatie in twaalf maanden, in procent van de groep, met interval",
        "Online sexual harassment in twelve months, in percent of the group, with interval",
        (
            Shown("Groep", "Group", _group),
            Shown("Ronde", "Wave", _text("wave")),
            Shown("Procent (interval)", "Percent (interval)", _interval("pct", "lower", "upper"), True),
            Shown("Soort interval", "Kind of interval", _text("source_of_interval")),
            Shown("Deelnemers", "Respondents", _number("n"), True),
        ),
    ),
    "trend_pairs": Layout(
        "Verandering van jaar op jaar, in procent, met de marge waarin gewone schommeling meetelt",
        "Change from year to year, in percent, with the margin that allows for ordinary variation",
        (
            Shown("Reeks", "Series", _series),
            Shown("Van", "From", _text("period0")),
            Shown("Naar", "To", _text("period1")),
            Shown("Aantal eerst", "Count before", _number("x0"), True),
            Shown("Aantal daarna", "Count after", _number("x1"), True),
            Shown("Verandering (marge)", "Change (margin)", _interval("change", "lower", "upper"), True),
            Shown("Zelfde definitie", "Same definition", _text("definition_same")),
        ),
    ),
    "trend_sensitivity": Layout(
        "Dezelfde verandering bij andere aannamen over de gewone schommeling",
        "The same change under other assumptions about ordinary variation",
        (
            Shown("Schommeling (maal Poisson)", "Variation (times Poisson)", _number("phi", 1), True),
            Shown("Verandering in procent (marge)", "Change in percent (margin)", _interval("change", "lower", "upper"), True),
        ),
    ),
    "cap_gap": Layout(
        "Fte die een toezichthouder zegt nodig te hebben, en fte waarvoor geld of steun is",
        "Fte an authority says it needs, and fte that are funded or supported",
        (
            Shown("Organisatie", "Body", _text("body")),
            Shown("Nodig (fte)", "Needed (fte)", _posts("need"), True),
            Shown("Daarvan geregeld (fte)", "Of which arranged (fte)", _posts("funded"), True),
            Shown("Hoe geregeld", "How arranged", _text("funded_concept")),
            Shown("Verschil (fte)", "Gap (fte)", _interval("gap", "gap_lower", "gap_upper"), True),
            Shown("Verschil (procent van nodig)", "Gap (percent of need)", _number("gap_pct", 1), True),
            Shown("Jaren gemengd", "Years mixed", _text("years_mixed")),
        ),
    ),
    "cap_fte": Layout(
        "Alle gepubliceerde fte, naar begrip; bezet, formatie en nodig zijn niet hetzelfde",
        "All published fte, by concept; occupied, formation and needed are not the same",
        (
            Shown("Reeks", "Series", _series),
            Shown("Begrip", "Concept", _text("concept")),
            Shown("Jaar", "Year", _text("date")),
            Shown("Fte", "Fte", _posts("fte"), True),
        ),
    ),
    "claims_result": Layout(
        "Beweringen van het rapport van maart 2025, nagerekend",
        "Statements of the report of March 2025, recomputed",
        (
            Shown("Paragraaf", "Paragraph", _text("paragraph")),
            Shown("Bewering", "Statement", lambda row, language: row[f"description_{language}"]),
            Shown("Woorden van het rapport", "Words of the report", _text("text")),
            Shown("Speelruimte van die woorden", "Range of those words", _interval("", "reported_lower", "reported_upper"), True),
            Shown("Volgt uit de cijfers", "Follows from the figures", _interval("recomputed_value", "recomputed_lower", "recomputed_upper"), True),
            Shown("Eenheid", "Unit", _units),
            Shown("Oordeel", "Verdict", _text("verdict")),
        ),
    ),
}  # fmt: skip


def markdown(frame: pd.DataFrame, layout: Layout, language: str) -> str:
    """Return a pipe table with its caption; the first column is the row heading.

    Why Markdown: one text serves the page, the PDF and Word, and JupyterLab shows it.
    """
    heads = [getattr(c, language) for c in layout.columns]
    rule = ["---:" if c.numeric else ":---" for c in layout.columns]
    rows = [[escape(c.cell(row, language)) for c in layout.columns] for row in records(frame)]
    lines = ["| " + " | ".join(cells) + " |" for cells in ([*map(escape, heads)], rule, *rows)]
    return "\n".join([*lines, "", f": {getattr(layout, language)}", ""])


def escape(text: str) -> str:
    """Keep cell text from being read as Markdown."""
    for mark in "\\|*_`[]<>$#^~@":
        text = text.replace(mark, "\\" + mark)
    return text.replace("\n", " ")


def csv_text(frame: pd.DataFrame) -> str:
    """Return the machine-readable table: twelve significant digits, Unix line ends."""
    return frame.to_csv(index=False, float_format="%.12g", lineterminator="\n")
