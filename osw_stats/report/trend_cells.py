"""How rows of the tables on trends become cells for readers."""

from __future__ import annotations

import math
import re
from typing import Any

import pandas as pd

from osw_stats.report.cells import Cell, fixed_cell, number_cell, series_cell
from osw_stats.report.gaps import why_not_shown
from osw_stats.report.language import day, number, period_words
from osw_stats.report.named import category
from osw_stats.report.words import word
from osw_stats.vocabulary.units import unit


def counted_cell(row: dict[str, Any], language: str) -> str:
    """Show the title of a series, and the part of it that is counted."""
    part = str(row.get("breakdown", ""))
    return series_cell(row, language) + (f": {category(part, language)}" if part else "")


def whole_cell(name: str) -> Cell:
    """Show a year or a small whole number without a thousands mark; nothing where there is none."""
    return lambda row, _language: "" if pd.isna(row[name]) else str(int(row[name]))


def known(cell: Cell, name: str) -> Cell:
    """Show nothing where `name` is not there or has no end."""
    return lambda row, language: (
        "" if pd.isna(row[name]) or not math.isfinite(row[name]) else cell(row, language)
    )


def or_reason(cell: Cell, name: str) -> Cell:
    """Show why `name` is not there, where the row says so."""
    return lambda row, language: (
        word("no_ratio", row["reason"], language)
        if pd.isna(row[name]) and row["reason"]
        else known(cell, name)(row, language)
    )


def unit_cell(row: dict[str, Any], language: str) -> str:
    """Show what is counted."""
    return str(getattr(unit(row["unit"]), language))


def count_cell(value: str, lower: str, upper: str) -> Cell:
    """Show a count with its limits, without decimals."""

    def cell(row: dict[str, Any], language: str) -> str:
        if pd.isna(row[value]):
            return ""
        ends = [number(row[name], language) for name in (lower, upper)]
        shown = number(row[value], language)
        return shown if ends[0] == ends[1] else f"{shown} ({ends[0]}–{ends[1]})"

    return cell


def ratio_cell(value: str, lower: str, upper: str, places: int = 2) -> Cell:
    """Show a ratio with its limits."""

    def cell(row: dict[str, Any], language: str) -> str:
        if pd.isna(row[value]):
            return str(row["reason"])
        shown, low, high = (number(row[name], language, places) for name in (value, lower, upper))
        return f"{shown} ({low}–{high})"

    return cell


def variant_cell(row: dict[str, Any], language: str) -> str:
    """Show a variant of an interrupted time series in words."""
    return variant_words(str(row["variant"]), language)


def variant_words(variant: str, language: str) -> str:
    """Return a variant in words; what follows a space is a month."""
    name, _, month = variant.partition(" ")
    return f"{word('interrupted', name, language)} {month}".strip()


def term_cell(row: dict[str, Any], language: str) -> str:
    """Show a term of the model of a monthly series; what follows a name is its number."""
    name, at = re.fullmatch(r"([a-z_]+?)(\d*)", str(row["term"])).groups()  # type: ignore[union-attr]
    return f"{word('term', name, language)} {at}".strip()


def half_year_cell(row: dict[str, Any], language: str) -> str:
    """Show a reconstruction in words, with the share it assumes."""
    share = row["share_before"]
    tail = (
        ""
        if pd.isna(share)
        else f", {number(share, language)}% {word('half_year', 'in_second_half', language)}"
    )
    return word("half_year", row["variant"], language) + tail


def years_cell(row: dict[str, Any], _language: str) -> str:
    """Show the two years of a comparison."""
    return f"{row['period0']}–{row['period1']}"


def counts_cell(row: dict[str, Any], language: str) -> str:
    """Show the two counts of a comparison."""
    return f"{number(row['x0'], language)} → {number(row['x1'], language)}"


def note_cell(row: dict[str, Any], language: str) -> str:
    """Say what keeps two years from being alike: another definition, a derived or rounded total."""
    notes = [] if row["definition_same"] else [word("pair", "other_definition", language)]
    notes += [word("basis", row["basis"], language)] if row["basis"] != "published" else []
    return ", ".join(notes)


def percent_cell(value: str, lower: str, upper: str) -> Cell:
    """Show a change in percent with its limits, one decimal each; nothing where there is none."""
    return known(fixed_cell(value, lower, upper), value)


WHY_NO_CHANGE = {
    "first_year": ("eerste jaar", "first year"),
    "year_missing": ("het jaar ervoor ontbreekt", "the year before is missing"),
    "not_shown": ("een van beide aantallen is niet getoond", "one of the two counts is not shown"),
    "definition_changed": ("niet vergeleken: de telling veranderde", "not compared: the counting changed"),
    "zero": ("een van beide aantallen is nul", "one of the two counts is zero"),
}


def change_or_why_cell(row: dict[str, Any], language: str) -> str:
    """Show the change of a year with its limits, or why there is none."""
    if row["reason"]:
        return WHY_NO_CHANGE[row["reason"]][language == "en"]
    return percent_cell("change", "lower", "upper")(row, language)


def range_cell(lower: str, upper: str) -> Cell:
    """Show a range without decimals."""
    return lambda row, language: f"{number(row[lower], language)}–{number(row[upper], language)}"


def codes_cell(name: str) -> Cell:
    """Show several ids of the kind that the column is called after in words."""
    return lambda row, language: ", ".join(word(name, code, language) for code in str(row[name]).split())


def period_cell(name: str) -> Cell:
    """Show a year or a part of it in words."""
    return lambda row, language: period_words(str(row[name]), language)


def day_cell(name: str) -> Cell:
    """Show a day in words."""
    return lambda row, language: day(str(row[name]), language)


def remark_cell(row: dict[str, Any], language: str) -> str:
    """Show why a half year is not computed, or what was said of it."""
    said = str(row[f"said_{language}"])
    return f"“{said}”" if said else word("half_year", row["reason"], language) if row["reason"] else ""


def small_count_cell(row: dict[str, Any], language: str) -> str:
    """Show a count of a region, or why it is not shown."""
    return why_not_shown(row, language) or number_cell("count")(row, language)
