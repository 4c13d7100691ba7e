"""Cells of the tables of the prevalence page: its own words, and how its rows become text."""

from __future__ import annotations

from typing import Any

import pandas as pd

from osw_stats.report.cells import Cell, fixed_cell, group_name, interval_cell, series_cell
from osw_stats.report.gaps import why_not_shown
from osw_stats.report.language import number
from osw_stats.report.layouts.prevalence_words import WORDS
from osw_stats.report.words import word
from osw_stats.vocabulary.numbers import interval_columns
from osw_stats.vocabulary.rounding import half_up
from osw_stats.vocabulary.units import UNITS

Row = dict[str, Any]


def say(kind: str, code: object, language: str) -> str:
    """Return the words of this page for an id of a kind; those of the site where it has none."""
    if str(code) in WORDS.get(kind, {}):
        return WORDS[kind][str(code)][language == "en"]
    return word(kind, code, language)


def own(name: str, kind: str = "") -> Cell:
    """Show an id in the words of this page; `kind` says of what, where the column is not called so."""
    return lambda row, language: say(kind or name, row[name], language)


def quantity_cell(row: Row, language: str) -> str:
    """Show "change 2020 to 2024" in words."""
    what, *when = str(row["quantity"]).split(" ")
    years = (part if part.isdigit() else say("quantity", part, language) for part in when)
    return " ".join([say("quantity", what, language), *years])


def variant_cell(row: Row, language: str) -> str:
    """Show another assumption in words: a way to compute, "deff 1.6", "rounding lower"."""
    name, _, rest = str(row["variant"]).partition(" ")
    if name == "rounding":
        return say("rounding", rest, language)
    return f"{say('variant', name, language)} {number(float(rest), language, 1) if rest else ''}".strip()


def term_cell(row: Row, language: str) -> str:
    """Show a term of the model: a wave, or a group."""
    term = str(row["term"])
    if term.startswith("wave"):
        return " ".join([{"nl": "ronde", "en": "wave"}[language], term.removeprefix("wave")])
    if term.startswith("group"):
        return _key(term.removeprefix("group"), language)
    return {"nl": "beginwaarde", "en": "intercept"}[language]


def by_language_cell(name: str) -> Cell:
    """Show a text whose English stands in the column itself and its Dutch in one with `_nl`."""
    return lambda row, language: str(row[name + ("_nl" if language == "nl" else "")])


def n_eff_cell(row: Row, language: str) -> str:
    """Show the effective n with its range, or that there is none."""
    if pd.isna(row["n_eff"]):
        return say("number", "missing", language)
    shown = number(half_up(row["n_eff"], 0), language)
    if row["n_eff_min"] == row["n_eff_max"]:
        return shown
    high = "∞" if row["n_eff_max"] == float("inf") else number(row["n_eff_max"], language)
    return f"{shown} ({number(row['n_eff_min'], language)}–{high})"


def people_cell(value: str, lower: str, upper: str, printed: str = "") -> Cell:
    """Show people of a survey in thousands, tens of thousands above half a million; other counts in full.

    What the publisher printed (column `printed`) is the number, and ours its margin; beside an estimate from answers it
    stands apart.
    """

    def cell(row: Row, language: str) -> str:
        if pd.isna(row[value]):
            return {"nl": "niet te zeggen", "en": "cannot be said"}[language]
        survey = row.get("unit") in ("percent", "persons")
        places = 0 if not survey else -4 if row[value] >= 500_000 else -3
        shown = number(half_up(row[value], places), language)
        as_printed = f"“{row[printed]}”" if printed and row[printed] else ""
        own = row["interval_kind"] == "design"
        first = as_printed if as_printed and not own else shown
        if pd.notna(row[lower]) and row[lower] != row[upper]:
            first += f" ({'–'.join(number(half_up(row[c], places), language) for c in (lower, upper))})"
        return f"{first}; {say('people', 'printed', language)}: {as_printed}" if as_printed and own else first

    return cell


def ratio_cell(row: Row, language: str) -> str:
    """Show a ratio of shares with its limits."""
    return fixed_cell("ratio", "ratio_lower", "ratio_upper", 2)(row, language)


def per_hundred_cell(row: Row, language: str) -> str:
    """Show how many of a hundred, or that no ratio was computed."""
    if pd.isna(row["share_per_100"]):
        return {"nl": "geen verhouding", "en": "no ratio"}[language]
    return fixed_cell("share_per_100", "share_lower", "share_upper")(row, language)


def as_printed_cell(row: Row, language: str) -> str:
    """Show a value with the decimals it was printed with, and its margin with one."""
    places = 0 if row["pct"] == int(row["pct"]) else 1
    limits = "–".join(number(row[c], language, 1) for c in ("ci_lower", "ci_upper"))
    return f"{number(row['pct'], language, places)} ({limits})"


def study_of_cell(row: Row, language: str) -> str:
    """Show what a study asked and who publishes it."""
    return f"{series_cell(row, language)}. {row['publisher']}"


def scope_cell(row: Row, language: str) -> str:
    """Show the time asked about, the place, and whether offline counts as well."""
    where = {
        True: {"nl": "alleen online", "en": "online only"},
        False: {"nl": "online en offline samen", "en": "online and offline together"},
    }[bool(row["online_only"])]
    return (
        f"{say('recall', row['recall'], language)}, {say('place', row['place'], language)}, {where[language]}"
    )


def study_cell(row: Row, language: str) -> str:
    """Show a published share with its rounding; "one in six" has no decimals of its own and gets one."""
    if pd.notna(row["pct"]) and half_up(row["pct"], 1) != half_up(row["pct"], 6):
        return fixed_cell("pct", "box_lower", "box_upper")(row, language)
    if pd.notna(row["pct"]) and half_up(row["box_upper"], 2) != half_up(row["box_upper"], 6):
        return fixed_cell("pct", "box_lower", "box_upper")(row, language)
    return interval_cell("pct", "box_lower", "box_upper")(row, language)


def share_cell(row: Row, language: str) -> str:
    """Show a share with its interval, or why it is not shown."""
    if row["suppressed"] and pd.isna(row["pct"]):
        return why_not_shown(row, language)
    return interval_cell("pct", *interval_columns(row))(row, language)


BASIS = {
    "survey": ("de uitgever van de enquête", "the publisher of the survey"),
    "register": ("het bevolkingsregister, naar de verhouding in een andere ronde", "the population register, by the ratio of another wave"),
    "": ("niet bekend", "not known"),
}  # fmt: skip


def basis_cell(row: Row, language: str) -> str:
    """Show where the population that shares are multiplied by comes from."""
    return BASIS[row["persons_basis"]][language == "en"]


def thousands_cell(value: str, lower: str, upper: str) -> Cell:
    """Show a number of people in thousands, with its range."""

    def cell(row: Row, language: str) -> str:
        if pd.isna(row[value]):
            return word("number", "not_found", language)
        shown, *ends = (number(half_up(row[c], -3), language) for c in (value, lower, upper))
        return f"{shown} ({'–'.join(ends)})"

    return cell


def either_cell(row: Row, language: str) -> str:
    """Show the count of a stage with the limits it has: a margin, or what rounding leaves open."""
    kind: str = "box" if pd.isna(row["count_ci_lower"]) else "ci"
    return people_cell("count", f"count_{kind}_lower", f"count_{kind}_upper", "count_as_reported")(
        row, language
    )


def kind_cell(row: Row, language: str) -> str:
    """Show where an interval comes from, what makes it weak, and why it is not from the answers where it might be."""
    flags: list[str] = str(row["flags"]).split() if pd.notna(row["flags"]) else []
    parts = [say("interval", code, language) for code in (row["source_of_interval"], *flags)]
    if not row["suppressed"] and (why := why_not_shown(row, language)):
        parts.append(f"{say('interval', 'microdata', language)} {why}")
    return "; ".join(parts)


def robust_cell(row: Row, language: str) -> str:
    """Show whether a finding holds whatever the digits before rounding were."""
    if not row["finding"]:
        return {"nl": "geen verschil gevonden", "en": "no difference found"}[language]
    return word("truth", row["robust_to_rounding"], language)


def between_cell(low: str, high: str, places: int = 1) -> Cell:
    """Show a range: "-8,5 tot -6,5"."""

    def cell(row: Row, language: str) -> str:
        word_between = {"nl": " tot ", "en": " to "}[language]
        return word_between.join(number(row[c], language, places) for c in (low, high))

    return cell


def compared_cell(row: Row, language: str) -> str:
    """Show what is compared, on one line."""
    return contrast(row, language).replace("\n", " ")


def count_unit_cell(row: Row, language: str) -> str:
    """Show what a stage counts."""
    return str(getattr(UNITS[row["unit"]], language))


def contrast(row: Row, language: str) -> str:
    """Return what a row of `prev_differences` compares, in words."""
    if row["group_from"] == row["group_to"]:
        who = word("sex", row["group_from"], language) if " " not in row["group_from"] else _key(row["group_from"], language)  # fmt: skip
        other = {"nl": "\n(ander begrip)", "en": "\n(other concept)"}[language]
        return f"{who}, {row['wave_from']}–{row['wave_to']}" + ("" if row["same_definition"] else other)
    versus = {"nl": "tegenover", "en": "versus"}[language]
    return f"{_key(row['group_to'], language)}\n{versus} {_key(row['group_from'], language)}"


def _key(key: str, language: str) -> str:
    sex, _, age = key.partition(" ")
    return group_name((sex, age or "16+"), language)
