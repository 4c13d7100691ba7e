"""How a row of a result table becomes a cell for readers: words, numbers, intervals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from osw_stats.report.language import number
from osw_stats.report.words import word
from osw_stats.vocabulary.authorities import AUTHORITIES, SCOPES
from osw_stats.vocabulary.rounding import half_up
from osw_stats.vocabulary.series import catalogue
from osw_stats.vocabulary.units import UNITS

Cell = Callable[[dict[str, Any], str], str]
SMALLEST_P = 0.001  # what is below is not told more finely


def text_cell(name: str) -> Cell:
    """Show a column as it stands: a name, a place, a year."""
    return lambda row, language: str(row[name])


def word_cell(name: str, kind: str = "") -> Cell:
    """Show the id in a column in words; `kind` says what it is an id of, where the column is not called so."""
    return lambda row, language: word(kind or name, row[name], language) if str(row[name]) else ""


def truth_cell(name: str) -> Cell:
    """Show yes or no."""
    return word_cell(name, "truth")


def number_cell(name: str, places: int = 0) -> Cell:
    """Show a number with fixed decimals."""
    return lambda row, language: (
        word("number", "missing", language) if pd.isna(row[name]) else number(row[name], language, places)
    )


def posts_cell(name: str) -> Cell:
    """Show fte: two places at most, none where they are zero."""

    def cell(row: dict[str, Any], language: str) -> str:
        value = row[name]
        if pd.isna(value):
            return word("number", "not_found", language)
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
    if row.get("interval_kind") != "rounding" or UNITS[row["unit"]].kind not in ("share", "posts"):
        return None
    return next(p for p in (0, 1, 2, 3) if p == 3 or all(half_up(n, p) == half_up(n, 6) for n in numbers))


def _between(lower: float, language: str) -> str:
    """Return what stands between two limits: a dash before a minus sign cannot be read."""
    return "–" if lower >= 0 else {"nl": " tot ", "en": " to "}[language]


def interval_cell(value: str, lower: str, upper: str) -> Cell:
    """Show "5,2 (4,9-5,5)"; the limits alone where there is no value or none is named."""

    def cell(row: dict[str, Any], language: str) -> str:
        if pd.isna(row[lower]):
            return word("number", "missing", language)
        known = [row[name] for name in (value, lower, upper) if name and not pd.isna(row[name])]
        fine = _rounding_places(row, known[-2:])
        places = [_places(row, known) if fine is None else fine] * 2
        # a value keeps the decimals it was printed with
        places += [_places(row, known) if fine is None else max(0, fine - 1)] * (len(known) - 2)
        low, high, *rest = map(
            lambda n, p: number(n, language, p), (row[lower], row[upper], *known[:-2]), places
        )
        both = low if low == high else f"{low}{_between(row[lower], language)}{high}"
        if not value:
            return both
        shown = rest[0] if rest else word("number", "range", language)
        return shown if low == high else f"{shown} ({both})"

    return cell


def fixed_cell(value: str, lower: str, upper: str, places: int = 1) -> Cell:
    """Show "-0,2 (-0,6 tot 0,2)" with the same decimals for value and limits, whatever their size."""

    def cell(row: dict[str, Any], language: str) -> str:
        if pd.isna(row[value]):
            return word("number", "missing", language)
        shown = number(row[value], language, places)
        if pd.isna(row[lower]) or pd.isna(row[upper]):
            return shown
        ends = (number(row[end], language, places) for end in (lower, upper))
        return f"{shown} ({_between(row[lower], language).join(ends)})"

    return cell


def p_cell(name: str) -> Cell:
    """Show a p-value: three decimals, or that it is below the smallest of them."""
    return lambda row, language: (
        word("number", "missing", language) if pd.isna(row[name]) else p_value(row[name], language)
    )


def p_value(p: float, language: str) -> str:
    r"""Return a p-value as it is printed; the sign stays on the line of its number.

    Examples
    --------
    >>> p_value(0.0123, "nl"), p_value(0.0009, "en")
    ('0,012', '<\xa00.001')
    """
    below = "<\N{NO-BREAK SPACE}" if p < SMALLEST_P else ""
    return below + number(max(p, SMALLEST_P), language, 3)


def who(sex: str, age: str, language: str) -> str:
    """Return the word for people of a sex and age band: girls and boys up to 17, women and men else."""
    young = {
        "female": {"nl": "meisjes", "en": "girls"},
        "male": {"nl": "jongens", "en": "boys"},
    }
    last = age.rpartition("-")[2]
    if sex in young and last.isdigit() and int(last) < 18:
        return young[sex][language]
    return word("sex", sex, language)


def group_name(group: tuple[str, str], language: str) -> str:
    """Return a group in words: "vrouwen 16-17"."""
    sex, age = group
    return word("sex", sex, language) if age == "16+" else f"{who(sex, age, language)} {age}"


def group_cell(row: dict[str, Any], language: str) -> str:
    """Show sex and age together."""
    years = {"nl": "jaar", "en": "years"}[language]
    return f"{who(row['sex'], row['age'], language)}, {row['age']} {years}"


def series_cell(row: dict[str, Any], language: str) -> str:
    """Show the title of a series."""
    known = catalogue().get(row["series"])
    return known.title[language] if known else str(row["series"])


def body_cell(row: dict[str, Any], language: str) -> str:
    """Show the short name of an authority."""
    return str(getattr(AUTHORITIES[row["body"]], language))


def full_body_cell(row: dict[str, Any], language: str) -> str:
    """Show the short name of an authority and what it stands for."""
    body = AUTHORITIES[row["body"]]
    short, full = getattr(body, language), getattr(body, f"full_{language}")
    return full if full.startswith(short) else f"{short} ({full})"


def sized_cell(name: str) -> Cell:
    """Show a number with about three digits: 148, 13.7, 0.02; not found where there is none."""

    def cell(row: dict[str, Any], language: str) -> str:
        value = row[name]
        if pd.isna(value):
            return word("number", "not_found", language)
        size = abs(value)
        places = 0 if size >= 100 or value == int(value) else 1 if size >= 10 else 2 if size >= 0.1 else 3
        return number(value, language, places)

    return cell


def share_percent_cell(name: str) -> Cell:
    """Show a share between 0 and 1 in whole percent."""
    return lambda row, language: f"{number(100 * row[name], language)}%"


def spread_cell(lower: str, upper: str, places: int = 0) -> Cell:
    """Show "5.2 to 12.7", or one number where both ends are the same."""

    def cell(row: dict[str, Any], language: str) -> str:
        low, high = (number(row[end], language, places) for end in (lower, upper))
        return low if low == high else f"{low} {'tot' if language == 'nl' else 'to'} {high}"

    return cell


def million_cell(name: str) -> Cell:
    """Show euros in millions, two places at most."""

    def cell(row: dict[str, Any], language: str) -> str:
        value = row[name]
        if pd.isna(value):
            return word("number", "not_found", language)
        places = 1 if half_up(value / 1e6, 1) == half_up(value / 1e6, 2) else 2
        return number(value / 1e6, language, places)

    return cell


def or_dash(cell: Cell, name: str) -> Cell:
    """Show a dash where the value does not exist, such as a waiting time of a queue that only grows."""
    return lambda row, language: "–" if pd.isna(row[name]) else cell(row, language)


def in_language_cell(name: str) -> Cell:
    """Show the column that holds this text in the reader's language."""
    return lambda row, language: str(row[f"{name}_{language}"])


def documents_cell(name: str) -> Cell:
    """Show ids of documents as links to the page of sources; Markdown, so its column is `marked`."""
    return lambda row, language: ", ".join(f"[{i}](sources.qmd#src-{i})" for i in str(row[name]).split())


ANSWER = {
    "nl": {
        0: "geen gesprek",
        1: "geen antwoord",
        2: "geen of nee",
        3: "deels",
        4: "in cijfers",
        9: "geen verslag",
    },
    "en": {0: "no meeting", 1: "no answer", 2: "none or no", 3: "in part", 4: "in figures", 9: "no record"},
}


def answer_cell(question: int) -> Cell:
    """Show in words how a body answered a question, and what the answer is about."""

    def cell(row: dict[str, Any], language: str) -> str:
        scope = SCOPES[row[f"scope{question}"]][language]
        return ANSWER[language][row[f"q{question}"]] + (f"; {scope}" if scope else "")

    return cell
