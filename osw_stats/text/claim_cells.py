"""Cells of the tables of statements: what a report says, what follows from its figures, and the verdict."""

from __future__ import annotations

import re

import pandas as pd

from osw_stats.claims.summary import prints
from osw_stats.meaning.rounding import half_up
from osw_stats.meaning.units import UNITS
from osw_stats.text.cells import fill
from osw_stats.text.language import between, number
from osw_stats.text.tables import Row
from osw_stats.text.words import word

DATED = ("calendar_years", "calendar_months", "articles", "pages", "paragraphs")


def chapter(row: Row, language: str) -> str:
    """Show the chapter of a report, or that it is an annex."""
    annex = row["chapter"] == "annex"
    return (
        word("place", "annex", language)
        if annex
        else f"{word('place', 'chapter', language)} {row['chapter']}"
    )


def claim_statement(row: Row, language: str) -> str:
    """Show where a statement stands, its words, and what it says."""
    return fill("{paragraph}[: “{text}”]. {description_*}", row, language)


def claim_said(row: Row, language: str) -> str:
    """Show the number a report prints, or how its words were read."""
    said = _span(row, "reported", language)
    if not said:
        return word("claim", "no_number", language)
    said = f"{said} {_unit_words(row['unit'], said, language)}".strip()
    if row["compared_with"]:
        return f"{word('claim', 'beside', language)}: {said}"
    return said if prints(row) else f"{word('claim', 'read_as', language)} {said}"


def claim_recomputed(row: Row, language: str) -> str:
    """Show what follows from the figures, with the range they leave open."""
    span = _span(row, "recomputed", language)
    if not span:
        return word("claim", "not_recomputed", language)
    unit = row["formula_unit"] or row["unit"]
    value = _claimed(row["recomputed_value"], row, unit, language)
    both = value if value == span else f"{value} ({span})"
    return f"{both} {_unit_words(unit, value, language)}".strip()


def claim_outcome(row: Row, language: str) -> str:
    """Say the verdict, how much it matters, why there is none, and where else the figure stands."""
    reason, verdict = row["reason"], row["verdict"]
    if row["claim_kind"] == "absence" and verdict == "inconsistent":
        verdict = "too_absolute"
    verdict = {"judgement": "judgement", "nothing_said": "derived"}.get(reason, verdict)
    parts = [word("verdict", verdict, language)]
    if row["severity"]:
        parts[0] += f" ({word('severity', row['severity'], language)})"
    if reason == "missing":
        parts.append(f"{word('claim', 'needed', language)}: {row[f'missing_{language}']}")
    elif reason in ("missing_figure", "by_nought", "later_figure") or verdict == "not_demonstrated":
        parts.append(word("claim", reason, language))
    if row["restates"]:  # a claim is numbered after its paragraph; its id is for the ledger
        paragraph = re.sub(r"^s(\d+)_(\d+)[a-z]*$", r"\1.\2", row["restates"])
        parts.append(f"{word('claim', 'restates', language)} {paragraph}")
    parts.append(row[f"explanation_{language}"].rstrip("."))
    parts.append(word("elsewhere", row["elsewhere"], language) if row["elsewhere"] else "")
    return " ".join(f"{part[0].upper()}{part[1:]}." for part in parts if part)


def _span(row: Row, side: str, language: str) -> str:
    """Return "71.000 tot 73.000", or one number where both ends are the same; empty without numbers."""
    low, high = row[f"{side}_lower"], row[f"{side}_upper"]
    unit = row["unit"] if side == "reported" else row["formula_unit"] or row["unit"]
    ends = [_claimed(end, row, unit, language) for end in (low, high) if pd.notna(end)]
    if len(ends) == 1:  # a direction: more or less than nothing
        return f"{word('cell', 'less_than' if pd.isna(low) else 'more_than', language)} {ends[0]}"
    if not ends or ends[0] == ends[1]:
        return "".join(ends[:1])
    return between(ends[0], ends[1], language, in_words=True)


def _claimed(value: float, row: Row, unit: str, language: str) -> str:
    """Return one number of a claim with as many decimals as its interval needs; a year has no thousands mark."""
    if unit in DATED:
        return str(int(half_up(value)))
    known = [row[n] for n in row if n.endswith(("_lower", "_upper", "_value")) and pd.notna(row[n])]
    largest = max(map(abs, known), default=0)
    exact = all(half_up(k, 3) == half_up(k, 6) for k in known)  # the limits of "1,92" have three
    most = 0 if largest >= 1000 else 1 if largest >= 20 else 3 if exact else 2
    places = next(p for p in range(4) if p == most or all(half_up(k, p) == half_up(k, 6) for k in known))
    return number(value, language, places)


def _unit_words(code: str, printed: str, language: str) -> str:
    return UNITS[code].words(printed, language) if code in UNITS and code not in DATED else ""
