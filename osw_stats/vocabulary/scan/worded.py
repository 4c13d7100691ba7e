"""Words that are a figure by themselves: "verdubbeld", "twaalfjarige", "miljoenen", "een half jaar"."""

from __future__ import annotations

import re
from decimal import Decimal

import osw_stats.vocabulary.scan.words as words
from osw_stats.vocabulary.numerals import read_numeral
from osw_stats.vocabulary.rules import Figure, apply_rule
from osw_stats.vocabulary.scan.place import Found, Place, hedged, or_more, plain, told
from osw_stats.vocabulary.scan.units import noun_after, unit_at
from osw_stats.vocabulary.tokens import text_at
from osw_stats.vocabulary.wording import SCALES, hedge_before, phrase_at

_SLASH = re.compile(r"([1-9])/([2-9]|10)")
_AGE_WORD = re.compile(r"(.{3,30})jarige[nr]?")
_HALVES = ("half", "halve")


def worded(place: Place) -> tuple[Found, int] | None:
    """Read words that are a figure by themselves: "verdubbeld", "twaalfjarige", "miljoenen", "half"."""
    tokens, at = place.tokens, place.at
    word = tokens[at].text
    if word in words.RATIO_WORDS:
        value = Decimal(words.RATIO_WORDS[word])
        if text_at(tokens, at + 1) in words.PER:
            return told(
                place,
                at + 1,
                "count",
                plain(place, value, at),
                "keer" if place.language == "nl" else "times",
            )
        return told(place, at + 1, "ratio", plain(place, value, at), "ratio")
    if found := _AGE_WORD.fullmatch(word):
        numeral = read_numeral([found[1]], "nl")
        if numeral is None or numeral.used != 1:
            return None
        if text_at(tokens, at + 1) in words.PROGRAMMES:
            return told(place, at + 1, "duration", plain(place, numeral.value, at), "years")
        return told(place, at + 1, "age_band", None, None)
    if word.endswith("tal") and word != "aantal":
        return _tally(place)
    if word in ("a", "een") and text_at(tokens, at + 1) in ("dozen", "dozijn"):
        return told(
            place, at + 2, "count", plain(place, Decimal(12), at), noun_after(tokens, at + 2, place.language)
        )
    if vague := phrase_at(tokens, at, words.MORE_VAGUE):
        (low, high), end = vague
        kind, name, end = vague_unit(place, end)
        return told(place, end, kind, Figure(None, low / 2, "vague", low, high, True, False), name)
    if part := phrase_at(tokens, at, words.MORE_FRACTIONS):
        (m, k), end = part
        hedge = hedge_before(tokens, at, place.language)
        by = text_at(tokens, at - 1) in ("by", "met", "tot", "to")
        closes = text_at(tokens, end) in (".", ",", ";", ")", "") and text_at(tokens, at - 1) not in (
            "op",
            "on",
            "als",
        )
        if hedge == "none" and not by and not closes and text_at(tokens, end) not in ("van", "of", "deel"):
            return None
        rule = "breukwoord" if hedge in ("none", "circa") else hedge
        return told(place, end, "ratio", apply_rule(Decimal(100 * m) / k, Decimal(5), rule), "percent")
    return _half(place)


def vague_unit(place: Place, end: int) -> tuple[str, str | None, int]:
    """Return kind, unit and end of a vague count: "tientallen euro's", "hundreds of victims"."""
    unit = unit_at(place.tokens, end, end)
    if unit:
        return unit
    past = end + 1 if place.language == "en" and text_at(place.tokens, end) == "of" else end
    time = unit_at(place.tokens, past, past)
    if time and time[0] in ("duration", "money"):
        return time
    return "count", noun_after(place.tokens, past, place.language, text=place.text), end


def _tally(place: Place) -> tuple[Found, int] | None:
    """Read "een tiental" and "twintigtal"; "drietal" is a full count."""
    tokens, at = place.tokens, place.at
    stem = tokens[at].text[:-3]
    numeral = read_numeral([stem], "nl") or read_numeral([stem.removesuffix("ig") + "ig"], "nl")
    if numeral is None or numeral.used != 1:
        return None
    exact = numeral.value < 10
    figure = apply_rule(numeral.value, Decimal(1 if exact else 10), "exact" if exact else "circa")
    start = at - 1 if at > place.floor and tokens[at - 1].text == "een" else at
    return told(
        place,
        at + 1,
        "count",
        figure,
        noun_after(tokens, at + 1, place.language),
        start=hedged(place, start),
    )


def _half(place: Place) -> tuple[Found, int] | None:
    """Read "een half jaar" and "een halve procent"; a half of something else is no figure."""
    tokens, at = place.tokens, place.at
    here = at + 1 if tokens[at].text in ("een", "a") and text_at(tokens, at + 1) in _HALVES else at
    if text_at(tokens, here) not in _HALVES:
        return None
    after = here + 1
    if text_at(tokens, after) in ("a", "an"):
        after += 1
    if place.language == "en" and text_at(tokens, after) in SCALES:
        return _half_of_scale(place, after)
    unit = unit_at(tokens, after, after)
    before = text_at(tokens, at - 1)
    if unit is None and text_at(tokens, after) in ("pagina", "bladzijde", "page"):
        unit = ("count", tokens[after].text, after)
    if unit is None or before in ("eerste", "tweede", "laatste", "first", "second", "last", "en", "and"):
        return None
    kind, name, end = unit
    rule = hedge_before(tokens, at, place.language)
    rule = "minstens" if rule == "none" and or_more(tokens, end) else rule
    return told(place, end, kind, apply_rule(Decimal("0.5"), Decimal("0.5"), rule), name)


def _half_of_scale(place: Place, at: int) -> tuple[Found, int]:
    """Read "half a million images": the scale word at `at`, and what is counted."""
    value = Decimal("0.5").scaleb(SCALES[place.tokens[at].text])
    rule = hedge_before(place.tokens, place.at, place.language)
    unit = unit_at(place.tokens, at + 1, at + 1)
    kind, name, end = unit or ("count", noun_after(place.tokens, at + 1, place.language), at + 1)
    return told(place, end, kind, apply_rule(value, value, "none" if rule == "exact" else rule), name)


def slashed(place: Place) -> tuple[Found, int] | None:
    """Read "2/3 van"; any other slash is a code."""
    token = place.tokens[place.at]
    found = _SLASH.fullmatch(token.text)
    if found is None or text_at(place.tokens, place.at + 1) not in ("van", "of", "deel"):
        return None
    m, k = int(found[1]), int(found[2])
    if m >= k:
        return None
    return told(
        place, place.at + 1, "ratio", apply_rule(Decimal(100 * m) / k, Decimal(5), "breukwoord"), "percent"
    )
