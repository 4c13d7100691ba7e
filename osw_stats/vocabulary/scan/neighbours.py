"""Numbers side by side: "16 of 17", "van 52 naar 59 procent", "fell by 1,204 to 13,133"."""

from __future__ import annotations

from collections.abc import Sequence

import osw_stats.vocabulary.scan.words as words
from osw_stats.vocabulary.printed import read_number
from osw_stats.vocabulary.reading import Reading, Told, is_year, read_at
from osw_stats.vocabulary.rules import Figure, apply_rule
from osw_stats.vocabulary.scan.place import Place
from osw_stats.vocabulary.scan.units import unit_at
from osw_stats.vocabulary.tokens import Token, text_at

_MOST_SHARED = 6  # numbers in a row that share one unit


def one_of_two(place: Place, found: Reading) -> Reading:
    """Take the first of two figures where "to" tells a change: "fell by 1,204 to 13,133"."""
    tokens, at = place.tokens, found.start
    if found.form != "range":
        return found
    before = text_at(tokens, at - 1)
    change = changes(tokens, at)
    apart = before in ("by", "met") and found.figure.upper > 3 * found.figure.lower
    if not apart and not (change and before in ("from", "van", "€", "$", "£")):
        return found
    links = [i for i in range(at + 1, found.end) if tokens[i].text in ("to", "tot")]
    alone = read_at(Told(list(tokens[: links[0]]), place.language), at) if links else None
    return alone or found


def alternatives(place: Place, found: Reading) -> Reading:
    """Join "16 of 17" and "twee of drie" into one range."""
    if found.form != "number" or found.figure.value is None:
        return found
    link = text_at(place.tokens, found.end)
    if link not in ("of", "or"):
        return found
    second = read_number(place.tokens, found.end + 1, place.language)
    low = found.figure.value
    if second is None or float(second.value) != low + 1 or place.tokens[second.end - 1].end > place.limit:
        return found
    figure = Figure(None, found.figure.step, "tussen", low, low + 1, True, True)
    return Reading(figure, found.start, second.end, "range")


def changes(tokens: Sequence[Token], at: int) -> bool:
    """Return whether a verb of change stands shortly before."""
    return any(text_at(tokens, i).startswith(words.CHANGES) for i in range(max(0, at - 9), at))


def scaled(place: Place, found: Reading) -> tuple[Figure, str] | None:
    """Read the first amount of "van 8 naar 10 miljoen euro" and "minimaal 3 en maximaal 5 miljoen euro"."""
    tokens, after = place.tokens, found.end + 1
    if text_at(tokens, found.end) not in ("naar", "en", "of", "to", "and", "or") or found.form != "number":
        return None
    while text_at(tokens, after) in ("maximaal", "hooguit", "bijna", "ruim", "at", "most", "€", "£", "$"):
        after += 1
    first = read_number(tokens, found.start, place.language)
    second = read_number(tokens, after, place.language)
    if (
        first is None
        or second is None
        or first.scale
        or not second.scale
        or tokens[second.end - 1].end > place.limit
    ):
        return None
    unit = unit_at(tokens, second.end, after)
    if unit is None or unit[0] != "money" or first.value.scaleb(second.scale) >= second.value * 100:
        return None
    number = first.scaled(second.scale)
    rule = "none" if found.figure.rule == "exact" else found.figure.rule
    return apply_rule(number.value, number.width(share=False), rule), unit[1]


def shared_unit(place: Place, found: Reading) -> tuple[str, str] | None:
    """Return the unit a number shares with the next: "7, 6 en 5 procent", "van 11 naar 17 weken"."""
    tokens, at = place.tokens, found.end
    if found.form != "number":
        return None
    for _ in range(_MOST_SHARED):
        link, after = text_at(tokens, at), at + 1
        if link not in words.SHARING or (link == "," and found.figure.upper > 100):
            return None
        while text_at(tokens, after) in ("de", "the", "van", "naar"):
            after += 1
        second = read_number(tokens, after, place.language)
        if second is None or tokens[second.end - 1].end > place.limit or is_year(tokens, after):
            return None
        unit = unit_at(tokens, second.end, after)
        if unit is not None:
            shares = (unit[0] == "percent" and link != ",") or (
                link in ("naar", "to") and unit[0] not in ("money", "ratio")
            )
            return unit[:2] if shares else None
        at = second.end
    return None
