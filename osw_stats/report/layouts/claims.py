"""Tables for readers: statements of a report, recomputed."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from osw_stats.analysis.claims.summary import prints
from osw_stats.report.cells import word_cell
from osw_stats.report.language import number
from osw_stats.report.tables import Layout, Shown
from osw_stats.report.words import word
from osw_stats.vocabulary.rounding import half_up
from osw_stats.vocabulary.units import UNITS

DATED = ("calendar_years", "calendar_months", "articles", "pages", "paragraphs")
TO = {"nl": "tot", "en": "to"}
FROM = {"nl": ("meer dan", "minder dan"), "en": ("more than", "less than")}


def figure(value: float, row: dict[str, Any], unit: str, language: str) -> str:
    """Return one number of a claim with as many decimals as its interval needs; a year has no thousands mark."""
    if unit in DATED:
        return str(int(half_up(value)))
    known = [row[n] for n in row if n.endswith(("_lower", "_upper", "_value")) and not pd.isna(row[n])]
    largest = max(map(abs, known), default=0)
    exact = all(half_up(k, 3) == half_up(k, 6) for k in known)  # the limits of "1,92" have three
    most = 0 if largest >= 1000 else 1 if largest >= 20 else 3 if exact else 2
    places = next(p for p in (0, 1, 2, 3) if p == most or all(half_up(k, p) == half_up(k, 6) for k in known))
    return number(value, language, places)


def span(row: dict[str, Any], side: str, language: str) -> str:
    """Return "71.000 tot 73.000", or one number where both ends are the same; empty without numbers."""
    low, high = row[f"{side}_lower"], row[f"{side}_upper"]
    unit = row["unit"] if side == "reported" else row["formula_unit"] or row["unit"]
    ends = [figure(end, row, unit, language) for end in (low, high) if not pd.isna(end)]
    if not ends:
        return ""
    if len(ends) == 1:  # a direction: more or less than nothing
        return f"{FROM[language][int(pd.isna(low))]} {ends[0]}"
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} {TO[language]} {ends[1]}"


def _unit_words(code: str, printed: str, language: str) -> str:
    return UNITS[code].words(printed, language) if code in UNITS and code not in DATED else ""


def _statement(row: dict[str, Any], language: str) -> str:
    words = f": “{row['text']}”" if row["text"] else ""
    return f"{row['paragraph']}{words}. {row[f'description_{language}']}"


def _said(row: dict[str, Any], language: str) -> str:
    said = span(row, "reported", language)
    if not said:
        return word("claim", "no_number", language)
    said = f"{said} {_unit_words(row['unit'], said, language)}".strip()
    if row["compared_with"]:
        return f"{word('claim', 'beside', language)}: {said}"
    return said if prints(row) else f"{word('claim', 'read_as', language)} {said}"


def _found(row: dict[str, Any], language: str) -> str:
    found = span(row, "recomputed", language)
    if not found:
        return word("claim", "not_recomputed", language)
    unit = row["formula_unit"] or row["unit"]
    exact = figure(row["recomputed_value"], row, unit, language)
    both = exact if exact == found else f"{exact} ({found})"
    return f"{both} {_unit_words(unit, exact, language)}".strip()


def _paragraph(claim: str) -> str:
    """Return the paragraph that a claim is numbered after: its id is for the ledger, not for readers."""
    return re.sub(r"^s(\d+)_(\d+)[a-z]*$", r"\1.\2", claim)


def _outcome(row: dict[str, Any], language: str) -> str:
    """Say the verdict, how much it matters, why there is none, and where else the figure stands."""
    absolute = row["claim_kind"] == "absence" and row["verdict"] == "inconsistent"
    verdict = "judgement" if row["reason"] == "judgement" else "too_absolute" if absolute else row["verdict"]
    parts = [word("verdict", "derived" if row["reason"] == "nothing_said" else verdict, language)]
    if row["severity"]:
        parts[0] += f" ({word('severity', row['severity'], language)})"
    if row["reason"] == "missing":
        parts.append(f"{word('claim', 'needed', language)}: {row[f'missing_{language}']}")
    elif (
        row["reason"] in ("missing_figure", "by_nought", "later_figure")
        or row["verdict"] == "not_demonstrated"
    ):
        parts.append(word("claim", row["reason"], language))
    if row["restates"]:
        parts.append(f"{word('claim', 'restates', language)} {_paragraph(row['restates'])}")
    parts += [
        row[f"explanation_{language}"].rstrip("."),
        word("elsewhere", row["elsewhere"], language) if row["elsewhere"] else "",
    ]
    return " ".join(f"{part[0].upper()}{part[1:]}." for part in parts if part)


_COLUMNS = (
    Shown("Bewering", "Statement", _statement),
    Shown("Het rapport zegt", "The report says", _said),
    Shown("Volgt uit de cijfers", "Follows from the figures", _found),
    Shown("Oordeel en uitleg", "Verdict and explanation", _outcome),
)


def _chapter(row: dict[str, Any], language: str) -> str:
    return (
        word("place", "annex", language)
        if row["chapter"] == "annex"
        else f"{word('place', 'chapter', language)} {row['chapter']}"
    )


def _count(name: str, nl: str, en: str) -> Shown:
    return Shown(nl, en, lambda row, language: number(row[name], language), True)


LAYOUTS: dict[str, Layout] = {
    "claims_result": Layout(
        "Alles in het register, met wat uit de cijfers volgt",
        "Everything in the ledger, with what follows from the figures",
        _COLUMNS,
        words=True,
    ),
    "claims_findings": Layout(
        "Beweringen die niet bij de cijfers passen of iets anders tellen, de belangrijkste eerst",
        "Statements that do not fit the figures or count something else, the most important first",
        _COLUMNS,
        words=True,
    ),
    "claims_unproven": Layout(
        "Vergelijkingen die niet zijn aangetoond en niet zijn weersproken",
        "Comparisons neither demonstrated nor contradicted",
        _COLUMNS,
        words=True,
    ),
    "claims_summary": Layout(
        "Oordelen per hoofdstuk",
        "Verdicts by chapter",
        (
            Shown("Deel van het rapport", "Part of the report", _chapter),
            _count("reproduced", "Klopt", "Reproduced"),
            _count("consistent_within_rounding", "Klopt binnen de afronding", "Consistent within rounding"),
            _count("inconsistent", "Past niet", "Does not fit"),
            _count("unit_differs", "Andere eenheid", "Another unit"),
            _count("not_demonstrated", "Niet aangetoond", "Not demonstrated"),
            _count("needs_external_source", "Vraagt een andere bron", "Needs another source"),
            _count("statements", "Beweringen samen", "Statements together"),
            _count("derived", "Verder door ons berekend", "Further computed by us"),
            _count("judgement", "Oordeel van een lezer", "Judgement of a reader"),
        ),
    ),
    "own_claims": Layout(
        "Getallen in onze eigen zinnen, teruggelezen en naast de uitkomst gelegd",
        "Numbers in our own sentences, read back and held against the result",
        (
            Shown("Pagina", "Page", word_cell("notebook", "page")),
            _count("sentences", "Zinnen", "Sentences"),
            _count("numbers", "Getallen", "Numbers"),
            _count("held", "Teruggevonden", "Found back"),
        ),
    ),
}  # fmt: skip
