"""A number in a sentence, read as `reported` reads it, and what it is there: a claim, a year, an age."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import osw_stats.vocabulary.scan.words as words
from osw_stats.vocabulary.printed import code_end, sign_before
from osw_stats.vocabulary.reading import ContradictionError, Reading, Told, is_year, read_at
from osw_stats.vocabulary.rules import Figure, apply_rule
from osw_stats.vocabulary.scan.ages import age_end
from osw_stats.vocabulary.scan.neighbours import alternatives, changes, one_of_two, scaled, shared_unit
from osw_stats.vocabulary.scan.place import Found, Place, or_more, start_of, told
from osw_stats.vocabulary.scan.units import noun_after, unit_at
from osw_stats.vocabulary.scan.worded import vague_unit
from osw_stats.vocabulary.tokens import Token, text_at
from osw_stats.vocabulary.wording import SCALES, YEAR_BEFORE


def number(place: Place) -> tuple[Found, int] | None:
    """Read a figure as `reported` does and tell its kind."""
    language = _language_at(place.tokens, place.at, place.language)
    place = replace(place, language=language)
    try:
        found = _reading(place)
    except ContradictionError as error:
        return told(place, error.end, "other", None, None, start=place.at)
    if found is None or _is_no_figure(place, found):
        return None
    tokens = place.tokens
    begins = found.form == "range" and is_year(tokens, place.at) and not is_year(tokens, found.end - 1)
    if begins and text_at(tokens, place.at - 1) in YEAR_BEFORE:  # "van 1.234 in 2019 tot 2.345"
        return told(place, place.at + 1, "year", None, None, start=place.at)
    if _is_a_year(place, found):
        return told(place, found.end, "year", None, None, start=found.start)
    found = alternatives(place, one_of_two(place, found))
    age = age_end(tokens, found)
    if age:
        return told(place, age, "age_band", None, None, start=start_of(place, found))
    return _claim(place, found)


def _reading(place: Place) -> Reading | None:
    tokens, at = place.tokens, place.at
    end = code_end(tokens, at, place.language)
    if end == at + 1:
        return None
    if end is not None:
        if tokens[at + 1].glued and tokens[at + 2].glued:
            return None
        tokens = tokens[: at + 1]  # "in 2024 - 12 procent": the dash is no link
    for _ in range(2):
        found = read_at(
            Told(list(tokens) if not isinstance(tokens, list) else tokens, place.language, careful=True), at
        )
        if found is None or tokens[found.end - 1].end <= place.limit:
            return None if found and found.form == "majority" else found
        tokens = [t for t in tokens if t.end <= place.limit]
    return None


def _is_no_figure(place: Place, found: Reading) -> bool:
    """Return whether a word that can be a number is something else here."""
    tokens, word = place.tokens, place.tokens[found.start].text
    before, after = text_at(tokens, found.start - 1), text_at(tokens, found.end)
    if found.form == "fraction":
        if word == "half":
            return (
                place.language == "nl"
                or after == "-"
                or before == "-"
                or (after in ("a", "an") and text_at(tokens, found.end + 1) in SCALES)  # "half a million"
                or (before == "and" and after not in ("of", "the", "all", "a"))
            )
        return after in words.THIRD_PARTIES and tokens[found.end - 1].text in ("derde", "third")
    if found.form == "vague":
        return word == "enkele" and before in ("een", "geen", "elke", "de", "die", "deze")
    if found.end != found.start + 1 or found.form != "number":
        return False
    if before in ("nummer", "number"):
        return True
    if word == "één":
        noun = after.isalpha() and after not in words.NOT_NOUNS
        return not noun or after in words.ONE_IDIOMS or before in ("nummer", "geen", "niet", "de", "het")
    if word == "one":
        return (
            not after.isalpha()
            or after in words.ONE_AFTER
            or after in words.NOT_NOUNS
            or before in words.ONE_BEFORE
        )
    if word == "acht":
        return (
            after in words.ACHT_AFTER
            or after.endswith("tegenomen")
            or (before == "in" and after in ("te", ""))
        )
    return False


def _is_a_year(place: Place, found: Reading) -> bool:
    tokens, at = place.tokens, found.start
    if found.form == "range" and found.end >= at + 3:
        return is_year(tokens, at) and is_year(tokens, found.end - 1)
    if found.end != at + 1 or not is_year(tokens, at):
        return False
    after, before = text_at(tokens, at + 1), text_at(tokens, at - 1)
    if unit_at(tokens, found.end, at):
        return False
    if found.figure.rule in ("ruim", "bijna", "minder_dan", "meer_dan", "minstens") and before not in (
        "over",
        "after",
        "onder",
    ):
        return False
    return not (after in words.COUNTED and before not in YEAR_BEFORE)


def _claim(place: Place, found: Reading) -> tuple[Found, int]:
    tokens, figure, end = place.tokens, found.figure, found.end
    if found.form in ("share", "fraction") and not unit_at(tokens, end, found.start):
        return told(place, end, "ratio", figure, "percent", start=start_of(place, found))
    unit = unit_at(tokens, end, found.start)
    if unit is None and (amount := scaled(place, found)):
        figure, money = amount
        unit = ("money", money, end)
    if unit is None and (shared := shared_unit(place, found)):
        if shared[0] == "percent":
            again = read_at(Told(list(tokens[:end]), place.language, unit="percent"), found.start)
            figure = again.figure if again else figure
        unit = (*shared, end)
    if unit is None and found.form == "vague":
        unit = vague_unit(place, end)  # type: ignore[assignment]
    if unit is None and place.money and tokens[end - 1].word and found.form in ("number", "range"):
        unit = ("money", place.money, end) if noun_after(tokens, end, place.language) is None else None
    kind, name, end = unit or ("count", noun_after(tokens, end, place.language, text=place.text), end)
    if kind == "duration" and name == "hours" and text_at(tokens, found.start - 1) == "om":
        return told(place, end, "other", None, None, start=found.start)
    times = text_at(tokens, end) in words.TIMES_WORDS
    more = or_more(tokens, end + times) or (text_at(tokens, end) == "+" and tokens[end].glued)
    if more and figure.rule in ("none", "exact"):
        figure = apply_rule(Decimal(str(figure.value)), Decimal(str(figure.step)), "minstens")
        name = name or noun_after(tokens, end + 1 + (tokens[end].text != "+"), place.language)
    if (
        figure.rule == "minder_dan"
        and text_at(tokens, found.start - 1) == "onder"
        and kind == "count"
        and name
    ):
        figure = _unhedged(place, found)  # "onder 2.400 jongeren": among them
        return told(place, end, kind, figure, name, start=found.start)
    before = text_at(tokens, found.start - 1)
    link = found.start - 1 - (before in ("€", "$", "£"))
    if text_at(tokens, link) == "tot" and figure.rule == "hooguit" and changes(tokens, link):
        figure = _unhedged(place, found)  # "steeg tot 20 procent"
        return told(place, end, kind, figure, name, start=start_of(place, found, hedge=False))
    if before == "over" and kind == "duration" and text_at(tokens, found.start - 2) not in words.LASTING:
        figure = _unhedged(place, found)  # "over five years": in the course of them
        return told(place, end, kind, figure, name, start=found.start)
    start = start_of(place, found)
    if tokens[found.start].digits:
        start = min(start, sign_before(tokens, found.start))
    return told(place, end, kind, figure, name, start=start)


def _unhedged(place: Place, found: Reading) -> Figure:
    again = read_at(Told(list(place.tokens[found.start :]), place.language), 0)
    return again.figure if again else found.figure


def _language_at(tokens: Sequence[Token], at: int, language: str) -> str:
    """Return how this number is written: its own marks and scale word go before the sentence."""
    text = tokens[at].text
    if not tokens[at].digits:
        return language
    after = text_at(tokens, at + 1)
    if after in ("million", "billion", "thousand") or re.fullmatch(
        r"\d{1,3}(,\d{3}){2,}|\d{1,3}(,\d{3})+\.\d+", text
    ):
        return "en"
    if after in ("miljoen", "miljard", "duizend", "mln", "mld") and language == "en":
        return "nl"
    if re.fullmatch(r"\d{1,3}(\.\d{3}){2,}|\d{1,3}(\.\d{3})+,\d+", text):
        return "nl"
    other = "en" if language == "nl" else "nl"
    if re.fullmatch(r"0\.\d{3,}" if language == "nl" else r"0,\d{3,}", text):
        return other  # no thousands begin with a zero
    decimal = r"\d+\.\d{1,2}" if language == "nl" else r"\d+,\d{1,2}"
    if re.fullmatch(decimal, text) and unit_at(tokens, at + 1, at):
        return other
    return language
