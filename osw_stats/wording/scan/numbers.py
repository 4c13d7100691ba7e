"""A number in a sentence, read as by `parse`, and its kind: a claim, a year, an age."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from osw_stats.wording.hedges import Figure, apply_rule
from osw_stats.wording.printed import code_end, read_number, sign_before
from osw_stats.wording.reading import ContradictionError, Reading, Wording, is_year, read_at
from osw_stats.wording.scan.place import Place, Span
from osw_stats.wording.scan.units import age_end, noun_after, unit_at
from osw_stats.wording.scan.worded import vague_unit
from osw_stats.wording.scan.words import SETS
from osw_stats.wording.tokens import Token, text_at
from osw_stats.wording.words import FRACTIONS, SCALES, YEAR_BEFORE, find_hedge

_MOST_SHARED = 6  # numbers in a row that share one unit
_CHANGES, _VARYING = tuple(SETS["changes"]), tuple(SETS["varying"])
# a number in the notation of a language, whatever the language of the sentence
_OF_MARKS = {
    "en": re.compile(r"\d{1,3}(,\d{3}){2,}|\d{1,3}(,\d{3})+\.\d+"),
    "nl": re.compile(r"\d{1,3}(\.\d{3}){2,}|\d{1,3}(\.\d{3})+,\d+"),
}
# a number in the other language's notation: no thousands begin with a zero; decimals before a unit
_OTHER_SMALL = {"nl": re.compile(r"0\.\d{3,}"), "en": re.compile(r"0,\d{3,}")}
_BASES = {10.0**n for n in range(2, 7)}  # of a rate: "per 100.000"
_OTHER_DECIMAL = {"nl": re.compile(r"\d+\.\d{1,2}"), "en": re.compile(r"\d+,\d{1,2}")}


def number(place: Place) -> tuple[Span, int] | None:
    """Read a figure as `parse` does, with its kind."""
    language = _language_at(place.tokens, place.at, place.language)
    place = place if language == place.language else replace(place, language=language)
    tokens, at = place.tokens, place.at
    try:
        reading = _reading(place)
    except ContradictionError as error:
        return place.span(error.end, "other", start=at)
    if reading is None or _is_no_figure(place, reading):
        return None
    begins = reading.form == "range" and is_year(tokens, at) and not is_year(tokens, reading.end - 1)
    if begins and place.word(at - 1) in YEAR_BEFORE:  # "van 1.234 in 2019 tot 2.345"
        return place.span(at + 1, "year", start=at)
    if _is_a_year(place, reading):
        return place.span(reading.end, "year", start=reading.start)
    reading = _alternatives(place, _first_of_change(place, reading))
    if age := age_end(tokens, reading):
        return place.span(age, "age_band", start=place.start_of(reading))
    return _claim(place, reading)


def _language_at(tokens: Sequence[Token], at: int, language: str) -> str:
    """Return the language of a number: its notation and scale word take precedence over the sentence."""
    text, after = tokens[at].text, text_at(tokens, at + 1)
    if not tokens[at].digits:
        return language
    other = "en" if language == "nl" else "nl"
    has_unit = after in SCALES or unit_at(tokens, at + 1, at)
    if (_OTHER_DECIMAL[language].fullmatch(text) and has_unit) or _OTHER_SMALL[language].fullmatch(text):
        return other
    if _OTHER_DECIMAL[other].fullmatch(text):
        return language  # "1,1 million" in Dutch
    if after in ("million", "billion", "thousand") or _OF_MARKS["en"].fullmatch(text):
        return "en"
    dutch_scale = language == "en" and after in ("miljoen", "miljard", "duizend", "mln", "mld")
    return "nl" if dutch_scale or _OF_MARKS["nl"].fullmatch(text) else language


def _reading(place: Place) -> Reading | None:
    tokens, at = place.tokens, place.at
    end = code_end(tokens, at, place.language)
    if end == at + 1:
        return None
    if end is not None:
        if tokens[at + 1].glued and tokens[at + 2].glued:
            return None
        tokens = tokens[: at + 1]  # "in 2024 - 12 procent": the dash is no link
    reading = read_at(Wording(tokens, place.language, careful=True), at)
    if reading and tokens[reading.end - 1].end > place.limit:
        tokens = [t for t in tokens if t.end <= place.limit]
        reading = read_at(Wording(tokens, place.language, careful=True), at)
    return None if reading and reading.form == "majority" else reading


def _is_no_figure(place: Place, reading: Reading) -> bool:
    """Return whether a possible number is something else here."""
    word, before, after = place.word(reading.start), place.word(reading.start - 1), place.word(reading.end)
    noun = after.isalpha() and after not in SETS["not_nouns"]
    if after in SETS["per_mille"] or (after, place.word(reading.end + 1)) == ("per", "mille"):
        return True
    if before == "per" and reading.figure.value in _BASES:
        return True  # "84 per 100.000 inwoners" is one figure
    if reading.form == "vague":
        return word == "enkele" and before in ("een", "geen", "elke", "de", "die", "deze")
    if reading.form == "fraction" and word == "half":
        scale = after in ("a", "an") and place.word(reading.end + 1) in SCALES  # "half a million"
        alone = before == "and" and after not in ("of", "the", "all", "a")
        return place.language == "nl" or "-" in (before, after) or scale or alone
    if reading.form == "fraction":
        return _is_ordinal(place, reading)
    if reading.end != reading.start + 1 or reading.form != "number":
        return False
    if before in ("nummer", "number"):
        return True
    if word == "één":
        return not noun or after in SETS["one_idioms"] or before in ("geen", "niet", "de", "het")
    if word == "one":
        return not noun or after in SETS["one_after"] or before in SETS["one_before"]
    if word != "acht":
        return False
    taken = after in SETS["acht_after"] or after.endswith("tegenomen")
    return taken or (before == "in" and after in ("te", ""))


def _is_ordinal(place: Place, reading: Reading) -> bool:
    """Return whether "een derde" or "a sixth" is an ordinal: a noun follows, and nothing makes it a part."""
    part = FRACTIONS.get((place.word(reading.end - 2), place.word(reading.end - 1)))
    if part is None or part[0] > 1 or place.word(reading.end - 1) in ("kwart", "quarter"):
        return False
    before, after = place.word(reading.start - 1), place.word(reading.end)
    if part[1] == 3:
        noun = after.isalpha() and not after.endswith("ed") and after not in SETS["not_nouns"]
        return after in SETS["third_parties"] or (place.language == "en" and noun and after != "of")
    hedged = find_hedge(place.tokens, reading.start, place.language)[0] != "none"
    closes = after in (".", ",", ";", ")", "") and before not in ("op", "on", "als")
    less = after in SETS["ratio_after"]  # "een vijfde minder"
    linked = before in ("by", "met", "tot", "to") or after in ("van", "of", "deel")
    return not (hedged or closes or linked or less)


def _is_a_year(place: Place, reading: Reading) -> bool:
    tokens, at, end = place.tokens, reading.start, reading.end
    if reading.form == "range" and end >= at + 3:
        return is_year(tokens, at) and is_year(tokens, end - 1)
    if end != at + 1 or not is_year(tokens, at) or unit_at(tokens, end, at):
        return False
    after, before = place.word(at + 1), place.word(at - 1)
    counted = after.isalpha() and after not in SETS["not_nouns"]
    compared = reading.figure.rule in ("minder_dan", "meer_dan") and not counted  # "45% boven 2018"
    hedged = reading.figure.rule in ("ruim", "bijna", "minder_dan", "meer_dan", "minstens")
    if hedged and not compared and before not in ("over", "after", "onder"):
        return False
    if tokens[at].text < "1900":
        return not (counted and after.endswith(("en", "s")))  # "in 1860 cases"
    return after not in SETS["counted"] | SETS["times"] or before in YEAR_BEFORE


def _first_of_change(place: Place, reading: Reading) -> Reading:
    """Return the first of two figures where "to" states a change: "fell by 1,204 to 13,133"."""
    tokens, at, before = place.tokens, reading.start, place.word(reading.start - 1)
    unlike = before in ("by", "met") and reading.figure.upper > 3 * reading.figure.lower
    bracket = before == "(" and place.word(reading.end) == ")" and place.word(at + 1) == "to"
    # "van 12 tot 15 weken" may be a range; after "from", or with a sign of percent at both, it hardly is: "variërend van"
    signs = before == "van" and any(place.word(n) in SETS["percent"] for n in range(at + 1, reading.end))
    from_word = before == "from" or (before in ("€", "$", "£") and place.word(at - 2) == "from")
    two_levels = (from_word or signs) and not _begins_near(tokens, at, _VARYING, 5)
    change = (before in ("from", "van", "€", "$", "£") or bracket) and _begins_near(tokens, at, _CHANGES)
    if reading.form != "range" or not (unlike or change or two_levels):
        return reading
    link = next((i for i in range(at + 1, reading.end) if tokens[i].text in ("to", "tot")), None)
    return (link and read_at(Wording(tokens[:link], place.language), at)) or reading


def _alternatives(place: Place, reading: Reading) -> Reading:
    """Join "16 of 17" and "twee of drie" into one range."""
    low = reading.figure.value
    if reading.form != "number" or low is None or place.word(reading.end) not in ("of", "or"):
        return reading
    second = read_number(place.tokens, reading.end + 1, place.language)
    if second is None or float(second.value) != low + 1 or not place.holds(second.end):
        return reading
    figure = Figure(None, reading.figure.step, "tussen", low, low + 1, True, True)
    return Reading(figure, reading.start, second.end, "range")


def _begins_near(tokens: Sequence[Token], at: int, stems: tuple[str, ...], reach: int = 9) -> bool:
    """Return whether a word with one of these stems shortly precedes."""
    return any(text_at(tokens, i).startswith(stems) for i in range(max(0, at - reach), at))


def _is_limit(place: Place, link: int) -> bool:
    """Return whether "tot" sets a limit: after a permitting or ranging word, "per", a noun of rates, or at the start."""
    near = [place.word(at) for at in range(max(0, link - 12), link)]
    figure = near and (near[-1] in SETS["percent"] or near[-1][:1].isdigit())  # "van 5,1 % tot 8,4 %"
    if figure or _begins_near(place.tokens, link, _CHANGES):
        return False
    return not near or not near[-1].isalpha() or not SETS["limits"].isdisjoint(near)


def _claim(place: Place, reading: Reading) -> tuple[Span, int]:
    """Return the statement of a figure with its unit, and its end."""
    tokens, figure, at, end = place.tokens, reading.figure, reading.start, reading.end
    if reading.form in ("share", "fraction") and not unit_at(tokens, end, at):
        return place.span(end, "ratio", figure, "percent", start=place.start_of(reading))
    figure, kind, name, end = _counted(place, reading)
    before = place.word(at - 1)
    if kind == "duration" and name == "hours" and before == "om":
        return place.span(end, "other", start=at)
    plus = place.word(end) == "+" and tokens[end].glued
    if figure.rule in ("none", "exact", "minstens") and (
        plus or place.or_more(end + (place.word(end) in SETS["times"]))
    ):
        figure = apply_rule(Decimal(str(figure.value)), Decimal(str(figure.step)), "minstens")
        name = name or noun_after(tokens, end + (1 if plus else 2), place.language)
    link = at - 1 - (before in ("€", "$", "£"))
    # "onder 2.400 jongeren", "over five years", "steeg tot 20 procent"
    under = before == "onder" or (before in ("de", "het") and place.word(at - 2) == "onder")
    among = figure.rule == "minder_dan" and under and kind == "count" and name
    during = before == "over" and kind == "duration" and place.word(at - 2) not in SETS["lasting"]
    reached = figure.rule == "hooguit" and place.word(link) == "tot" and not _is_limit(place, link)
    rose = place.word(link - 1) == "up" and place.word(link - 2).startswith(_CHANGES)  # "edged up to 17.9"
    reached = reached or (figure.rule == "hooguit" and rose)
    if among or during or reached:
        unhedged = read_at(Wording(tokens[at:], place.language), 0)
        start = place.start_of(reading, hedge=False) if reached else at
        return place.span(end, kind, unhedged.figure if unhedged else figure, name, start=start)
    start = min(place.start_of(reading), sign_before(tokens, at) if figure.lower < 0 else at)
    return place.span(end, kind, figure, name, start=start)


def _counted(place: Place, reading: Reading) -> tuple[Figure, str, str | None, int]:
    """Return the figure with its kind, unit and end, where the unit may come from a neighbour."""
    tokens, figure, end = place.tokens, reading.figure, reading.end
    if unit := unit_at(tokens, end, reading.start):
        return figure, *unit
    if amount := _shared_amount(place, reading):
        return amount[0], "money", amount[1], end
    if shared := _shared_unit(place, reading):
        if shared[0] == "percent":
            percentage = read_at(Wording(tokens[:end], place.language, unit="percent"), reading.start)
            figure = percentage.figure if percentage else figure
        return figure, *shared, end
    if reading.form == "vague":
        return figure, *vague_unit(place, end)
    amount_again = place.money and tokens[end - 1].word and reading.form in ("number", "range")
    if amount_again and noun_after(tokens, end, place.language) is None:
        return figure, "money", place.money, end
    return figure, "count", noun_after(tokens, end, place.language, text=place.text), end


def _shared_amount(place: Place, reading: Reading) -> tuple[Figure, str] | None:
    """Read the first amount of "van 8 naar 10 miljoen euro" and "minimaal 3 en maximaal 5 miljoen euro"."""
    after = reading.end + 1
    if reading.form != "number" or place.word(reading.end) not in ("naar", "en", "of", "to", "and", "or"):
        return None
    while place.word(after) in SETS["before_second"]:
        after += 1
    first = read_number(place.tokens, reading.start, place.language)
    second = read_number(place.tokens, after, place.language)
    if first is None or second is None or first.scale or not second.scale or not place.holds(second.end):
        return None
    unit = unit_at(place.tokens, second.end, after)
    if unit is None or unit[0] != "money" or first.value.scaleb(second.scale) >= second.value * 100:
        return None
    number = first.scaled(second.scale)
    rule = "none" if reading.figure.rule == "exact" else reading.figure.rule
    return apply_rule(number.value, number.width(share=False), rule), unit[1]


def _shared_unit(place: Place, reading: Reading) -> tuple[str, str] | None:
    """Return the unit a number shares with the next: "7, 6 en 5 procent", "van 11 naar 17 weken"."""
    at = reading.end
    for _ in range(_MOST_SHARED if reading.form == "number" else 0):
        link, after = place.word(at), at + 1
        if link not in SETS["sharing"] or (link == "," and reading.figure.upper > 100):
            return None
        while place.word(after) in ("de", "the", "van", "naar"):
            after += 1
        second = read_number(place.tokens, after, place.language)
        if second is None or not place.holds(second.end) or is_year(place.tokens, after):
            return None
        if unit := unit_at(place.tokens, second.end, after):
            kind, name, _ = unit
            near = reading.figure.upper < 1000 or second.value >= 1000
            percent = kind == "percent" and link != "," and near
            change = link in ("naar", "to") and kind != "ratio"
            return (kind, name) if percent or change else None
        at = second.end
    return None
