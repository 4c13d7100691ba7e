"""Words that are a figure by themselves: "verdubbeld", "twaalfjarige", "miljoenen", "een half jaar"."""

from __future__ import annotations

import re
from decimal import Decimal

import osw_stats.wording.scan.words as words
from osw_stats.wording.hedges import Figure, apply_rule
from osw_stats.wording.numerals import Numeral, read_numeral
from osw_stats.wording.reading import vague_figure
from osw_stats.wording.scan.place import Place, Span, hedged, in_words, or_more
from osw_stats.wording.scan.units import noun_after, unit_at
from osw_stats.wording.words import SCALES, WORDS, phrase_at

_SLASH = re.compile(r"([1-9])/([2-9]|10)")
_AGE_WORD = re.compile(r"(.{3,30})jarige[nr]?")
_HALVES = WORDS["half"].split()


def worded(place: Place) -> tuple[Span, int] | None:
    """Read words that are a figure by themselves: "verdubbeld", "twaalfjarige", "miljoenen", "half"."""
    at = place.at
    word, after = place.word(at), place.word(at + 1)
    if word in words.RATIO_WORDS:
        figure = in_words(place, Decimal(words.RATIO_WORDS[word]))
        if after in words.PER:
            return place.span(at + 1, "count", figure, "keer" if place.language == "nl" else "times")
        return place.span(at + 1, "ratio", figure, "ratio")
    if age := _AGE_WORD.fullmatch(word):
        numeral = _single(age[1])
        if numeral is None:
            return None
        if after in words.PROGRAMMES:
            return place.span(at + 1, "duration", in_words(place, numeral.value), "years")
        return place.span(at + 1, "age_band")
    if word.endswith("tal") and word != "aantal":
        return _tally(place)
    if word in ("a", "een") and after in ("dozen", "dozijn"):
        return place.span(at + 2, "count", in_words(place, Decimal(12)), _noun(place, at + 2))
    if vague := phrase_at(place.tokens, at, words.VAGUE):
        (low, high), end = vague
        kind, name, end = vague_unit(place, end)
        return place.span(end, kind, vague_figure(low, high), name)
    if part := phrase_at(place.tokens, at, words.FRACTIONS):
        return _part(place, *part)
    return _half(place)


def vague_unit(place: Place, end: int) -> tuple[str, str | None, int]:
    """Return kind, unit and end of a vague count: "tientallen euro's", "hundreds of victims"."""
    unit = unit_at(place.tokens, end, end)
    if unit:
        return unit
    past = end + (place.language == "en" and place.word(end) == "of")
    unit = unit_at(place.tokens, past, past)
    if unit and unit[0] in ("duration", "money"):
        return unit
    return "count", noun_after(place.tokens, past, place.language, text=place.text), end


def _noun(place: Place, at: int) -> str | None:
    return noun_after(place.tokens, at, place.language)


def _single(word: str) -> Numeral | None:
    numeral = read_numeral([word], "nl")
    return numeral if numeral and numeral.used == 1 else None


def _tally(place: Place) -> tuple[Span, int] | None:
    """Read "een tiental" and "twintigtal"; "drietal" is a full count."""
    at = place.at
    stem = place.word(at)[:-3]
    numeral = _single(stem) or _single(stem.removesuffix("ig") + "ig")
    if numeral is None:
        return None
    exact = numeral.value < 10
    figure = apply_rule(numeral.value, Decimal(1 if exact else 10), "exact" if exact else "circa")
    start = at - 1 if at > place.floor and place.word(at - 1) == "een" else at
    return place.span(at + 1, "count", figure, _noun(place, at + 1), start=hedged(place, start))


def _part(place: Place, k: int, end: int) -> tuple[Span, int] | None:
    """Read "een vijfde" where it is no ordinal: after a hedge, before "van", or closing the phrase."""
    before, after, hedge = place.word(place.at - 1), place.word(end), place.hedge(place.at)
    by = before in ("by", "met", "tot", "to")
    closes = after in (".", ",", ";", ")", "") and before not in ("op", "on", "als")
    if hedge == "none" and not by and not closes and after not in ("van", "of", "deel"):
        return None
    rule = "breukwoord" if hedge in ("none", "circa") else hedge
    return place.span(end, "ratio", _share(1, k, rule), "percent")


def _share(m: int, k: int, rule: str) -> Figure:
    return apply_rule(Decimal(100 * m) / k, Decimal(5), rule)


def _half(place: Place) -> tuple[Span, int] | None:
    """Read "een half jaar" and "een halve procent"; a half of something else is no figure."""
    tokens, at = place.tokens, place.at
    here = at + 1 if place.word(at) in ("een", "a") and place.word(at + 1) in _HALVES else at
    if place.word(here) not in _HALVES:
        return None
    after = here + 1 + (place.word(here + 1) in ("a", "an"))
    hedge = place.hedge(at)
    if place.language == "en" and place.word(after) in SCALES:  # "half a million images"
        value = Decimal("0.5").scaleb(SCALES[place.word(after)])
        kind, name, end = unit_at(tokens, after + 1, after + 1) or (
            "count",
            _noun(place, after + 1),
            after + 1,
        )
        return place.span(end, kind, apply_rule(value, value, "none" if hedge == "exact" else hedge), name)
    unit = unit_at(tokens, after, after)
    if unit is None and place.word(after) in ("pagina", "bladzijde", "page"):
        unit = ("count", place.word(after), after)
    if unit is None or place.word(at - 1) in words.ORDINALS | {"en", "and"}:
        return None
    kind, name, end = unit
    rule = "minstens" if hedge == "none" and or_more(tokens, end) else hedge
    return place.span(end, kind, apply_rule(Decimal("0.5"), Decimal("0.5"), rule), name)


def slashed(place: Place) -> tuple[Span, int] | None:
    """Read "2/3 van"; any other slash is a code."""
    slash = _SLASH.fullmatch(place.word(place.at))
    if slash is None or place.word(place.at + 1) not in ("van", "of", "deel"):
        return None
    m, k = int(slash[1]), int(slash[2])
    return place.span(place.at + 1, "ratio", _share(m, k, "breukwoord"), "percent") if m < k else None
