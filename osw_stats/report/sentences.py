"""Sentences of a story: how their values are spoken, what they rest on, how sure they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from osw_stats.errors import OswError
from osw_stats.report.language import Said, day, number
from osw_stats.vocabulary.numbers import Number
from osw_stats.vocabulary.periods import parse_period

Speakable = Number | int | date | Mapping[str, str]
GRADE = {"nl": "Zekerheid van het bewijs", "en": "Grade of evidence"}
GRADES = {
    "A": {"nl": "volledige telling of steekproef met één definitie", "en": "full count or sample of one definition"},
    "B": {"nl": "één aanname overbrugt wat niet is gepubliceerd", "en": "one assumption bridges what was not published"},
    "C": {"nl": "berust op meerdere aannamen", "en": "rests on several assumptions"},
    "D": {"nl": "een enkel citaat zonder te vinden bron", "en": "a single quotation without a source that can be traced"},
    "E": {"nl": "oordeel van meer lezers, los van elkaar gecodeerd", "en": "judgement of several readers who coded independently"},
    "F": {"nl": "oordeel van één lezer, door niemand anders gecodeerd", "en": "judgement of one reader, coded by nobody else"},
}  # fmt: skip


def speak(value: Speakable, language: str) -> Any:
    """Return a value as it is spoken in a language."""
    if isinstance(value, Number):
        return Said(value, language)
    if isinstance(value, date):
        return day(value, language)
    if isinstance(value, int):
        # a year has no thousands mark
        return str(value) if parse_year(value) else number(value, language)
    return value[language]


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


def trace_of(key: str, e: Number) -> dict[str, Any]:
    """Return what can be traced of a number in a sentence."""
    return {
        "name": key, "value": e.value, "unit": e.unit, "lower": e.lower, "upper": e.upper,
        "interval_kind": e.interval_kind, "observations": list(e.observations),
        "method": e.method, "grade": e.grade,
    }  # fmt: skip
