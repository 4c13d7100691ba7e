"""Words that are figures by themselves: "verdubbeld", "twaalfjarige", "miljoenen", "een half jaar"."""

import re
from decimal import Decimal

from osw_stats.wording.hedges import apply_rule
from osw_stats.wording.numerals import read_numeral
from osw_stats.wording.printed import read_number
from osw_stats.wording.reading import fraction_figure, vague_figure
from osw_stats.wording.scan.place import Place, Span
from osw_stats.wording.scan.units import noun_after, unit_at
from osw_stats.wording.scan.words import MULTIPLES, RATIO_ENDINGS, RATIO_WORDS, SETS, VAGUE
from osw_stats.wording.words import WORDS, find_hedge, phrase_at

_SLASH = re.compile(r"([1-9])/([2-9]|10)")
_AGE_WORD = re.compile(r"(.{3,30})jarige[nr]?")
_HALVES = WORDS["half"].split()


def worded(place: Place) -> tuple[Span, int] | None:
    """Read words that are figures by themselves: "verdubbeld", "twaalfjarige", "miljoenen", "half"."""
    at, hedge = place.at, find_hedge(place.tokens, place.at, place.language)[0]
    word, after = place.word(at), place.word(at + 1)
    rule = "exact" if hedge == "none" else hedge
    times, words = MULTIPLES.get(word, (0, []))
    times = Decimal(str(times)) if after in words and place.word(at + 3) != "again" else times_of(word)
    if times:
        figure = apply_rule(times, min(times, Decimal(1)), rule)
        if after in SETS["per"]:
            return place.span(at + 1, "count", figure, "keer" if place.language == "nl" else "times")
        return place.span(at + 1, "ratio", figure, "ratio")
    if age := _AGE_WORD.fullmatch(word):
        if (years := _single(age[1])) is None:
            return None
        if after in SETS["programmes"]:
            return place.span(at + 1, "duration", apply_rule(years, Decimal(1), rule), "years")
        return place.span(at + 1, "age_band")
    if word.endswith("tal") and word != "aantal":
        return _tally(place)
    if vague := phrase_at(place.tokens, at, VAGUE):
        ends, end = vague
        kind, name, end = vague_unit(place, end)
        return place.span(end, kind, vague_figure(*ends), name)
    return _half(place, hedge)


def vague_unit(place: Place, end: int) -> tuple[str, str | None, int]:
    """Return kind, unit and end of a vague count: "tientallen euro's", "hundreds of victims"."""
    past = end + (place.language == "en" and place.word(end) == "of")
    unit = unit_at(place.tokens, end, end) or unit_at(place.tokens, past, past)
    if unit and (past == end or unit[0] in ("duration", "money")):
        return unit
    return "count", noun_after(place.tokens, past, place.language, text=place.text), end


def times_of(word: str) -> Decimal | None:
    """Return the multiple that a word states: "verdubbeld", "vertienvoudiging", "twentyfold"."""
    if word in RATIO_WORDS:
        return Decimal(RATIO_WORDS[word])
    stem = next((word.removesuffix(end) for end in RATIO_ENDINGS if word.endswith(end)), "")
    for language in ("nl", "en") if stem else ():
        numeral = read_numeral([stem.removeprefix("ver") if language == "nl" else stem], language)
        if numeral and numeral.used == 1 and numeral.value > 1:
            return numeral.value
    return None


def _single(word: str) -> Decimal | None:
    numeral = read_numeral([word], "nl")
    return numeral.value if numeral and numeral.used == 1 else None


def _tally(place: Place) -> tuple[Span, int] | None:
    """Read "een tiental" and "twintigtal"; "drietal" is a full count."""
    at = place.at
    stem = place.word(at)[:-3]
    value = _single(stem) or _single(stem.removesuffix("ig") + "ig")
    if value is None:
        return None
    figure = apply_rule(value, Decimal(1), "exact") if value < 10 else apply_rule(value, Decimal(10), "circa")
    start = at - (at > place.floor and place.word(at - 1) == "een")
    noun = noun_after(place.tokens, at + 1, place.language)
    return place.span(at + 1, "count", figure, noun, start=place.hedged(start))


def _half(place: Place, hedge: str) -> tuple[Span, int] | None:
    """Read "een half jaar" and "een halve procent"; with other nouns it is no figure, and with "million" a numeral."""
    tokens, at = place.tokens, place.at
    here = at + (place.word(at) in ("een", "a") and place.word(at + 1) in _HALVES)
    if place.word(here) not in _HALVES:
        return None
    after = here + 1 + (place.word(here + 1) in ("a", "an"))
    value, unit = Decimal("0.5"), unit_at(tokens, after, after)
    if unit is None and place.word(after) in ("pagina", "bladzijde", "page"):
        unit = ("count", place.word(after), after)
    if unit is None or place.word(at - 1) in SETS["ordinals"] | {"en", "and"}:
        return None
    kind, name, end = unit
    rule = "minstens" if hedge == "none" and place.or_more(end) else hedge
    return place.span(end, kind, apply_rule(value, value, rule), name)


def times_sign(place: Place) -> tuple[Span, int] | None:
    """Read "5x as many" and "2x zo veel"; any other number before an x is a code."""
    at = place.at
    if place.word(at + 1) not in ("x", "×") or place.word(at + 2) not in SETS["ratio_after"]:
        return None
    number = read_number(place.tokens[: at + 1], at, place.language)
    hedge = find_hedge(place.tokens, at, place.language)[0]
    rule = "exact" if hedge == "none" else hedge
    figure = number and apply_rule(number.value, number.width(share=False), rule)
    return place.span(at + 2, "ratio", figure, "ratio") if figure else None


def slashed(place: Place) -> tuple[Span, int] | None:
    """Read "2/3 van"; any other slash is a code."""
    slash = _SLASH.fullmatch(place.word(place.at))
    if slash is None or place.word(place.at + 1) not in ("van", "of", "deel"):
        return None
    m, k = int(slash[1]), int(slash[2])
    return place.span(place.at + 1, "ratio", fraction_figure(m, k, "none"), "percent") if m < k else None
