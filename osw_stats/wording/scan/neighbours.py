"""Numbers side by side: "16 of 17", "van 52 naar 59 procent", "fell by 1,204 to 13,133"."""

from __future__ import annotations

from collections.abc import Sequence

import osw_stats.wording.scan.words as words
from osw_stats.wording.hedges import Figure, apply_rule
from osw_stats.wording.printed import read_number
from osw_stats.wording.reading import Reading, Wording, is_year, read_at
from osw_stats.wording.scan.place import Place
from osw_stats.wording.scan.units import unit_at
from osw_stats.wording.tokens import Token, text_at

_MOST_SHARED = 6  # numbers in a row that share one unit
_BEFORE_SECOND = frozenset(words.WORDS["before_second"].split())


def one_of_two(place: Place, reading: Reading) -> Reading:
    """Take the first of two figures where "to" tells a change: "fell by 1,204 to 13,133"."""
    tokens, at = place.tokens, reading.start
    if reading.form != "range":
        return reading
    before = place.word(at - 1)
    apart = before in ("by", "met") and reading.figure.upper > 3 * reading.figure.lower
    if not apart and not (before in ("from", "van", "€", "$", "£") and follows_change(tokens, at)):
        return reading
    link = next((i for i in range(at + 1, reading.end) if tokens[i].text in ("to", "tot")), None)
    alone = read_at(Wording(tokens[:link], place.language), at) if link else None
    return alone or reading


def alternatives(place: Place, reading: Reading) -> Reading:
    """Join "16 of 17" and "twee of drie" into one range."""
    low = reading.figure.value
    if reading.form != "number" or low is None or place.word(reading.end) not in ("of", "or"):
        return reading
    second = read_number(place.tokens, reading.end + 1, place.language)
    if second is None or float(second.value) != low + 1 or not place.holds(second.end):
        return reading
    figure = Figure(None, reading.figure.step, "tussen", low, low + 1, True, True)
    return Reading(figure, reading.start, second.end, "range")


def follows_change(tokens: Sequence[Token], at: int) -> bool:
    """Return whether a verb of change stands shortly before."""
    return any(text_at(tokens, i).startswith(words.CHANGES) for i in range(max(0, at - 9), at))


def scaled(place: Place, reading: Reading) -> tuple[Figure, str] | None:
    """Read the first amount of "van 8 naar 10 miljoen euro" and "minimaal 3 en maximaal 5 miljoen euro"."""
    after = reading.end + 1
    link = place.word(reading.end)
    if reading.form != "number" or link not in ("naar", "en", "of", "to", "and", "or"):
        return None
    while place.word(after) in _BEFORE_SECOND:
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


def shared_unit(place: Place, reading: Reading) -> tuple[str, str] | None:
    """Return the unit a number shares with the next: "7, 6 en 5 procent", "van 11 naar 17 weken"."""
    at = reading.end
    if reading.form != "number":
        return None
    for _ in range(_MOST_SHARED):
        link, after = place.word(at), at + 1
        if link not in words.SHARING or (link == "," and reading.figure.upper > 100):
            return None
        while place.word(after) in ("de", "the", "van", "naar"):
            after += 1
        second = read_number(place.tokens, after, place.language)
        if second is None or not place.holds(second.end) or is_year(place.tokens, after):
            return None
        unit = unit_at(place.tokens, second.end, after)
        if unit is not None:
            kind, name, _ = unit
            percent = kind == "percent" and link != ","
            change = link in ("naar", "to") and kind not in ("money", "ratio")
            return (kind, name) if percent or change else None
        at = second.end
    return None
