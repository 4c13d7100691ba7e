"""Tell an age from a duration: "meisjes van 12 tot 18 jaar" and "12 jaar cel"."""

from __future__ import annotations

from collections.abc import Sequence

import osw_stats.wording.scan.words as words
from osw_stats.wording.reading import Reading
from osw_stats.wording.tokens import Token, text_at

_OLDEST = 110
_PRONOUNS, _LINKS, _PREPOSITIONS, _YEARS, _OLD = (
    frozenset(words.WORDS[name].split())
    for name in ("pronouns", "age_links", "age_prepositions", "age_units", "old")
)
_BOUNDS = frozenset(words.WORDS["bounds_of_age"])
_PLUS = frozenset(words.WORDS["plus"])


def age_end(tokens: Sequence[Token], reading: Reading) -> int | None:
    """Return the token after an age that begins with the reading, or None if it is no age."""
    figure = reading.figure
    ends = (figure.value,) if figure.value is not None else (figure.upper, figure.lower)
    if reading.form not in ("number", "range") or not 0 <= ends[0] <= _OLDEST or any(end % 1 for end in ends):
        return None
    return _glued_age(tokens, reading) or _years(tokens, reading) or _bare(tokens, reading)


def _glued_age(tokens: Sequence[Token], reading: Reading) -> int | None:
    """Read what is glued on: "16-jarige", "16- en 17-jarigen", "14-year-old", "18+", "65-plussers"."""
    end, is_plus = reading.end, reading.figure.value in _PLUS
    first, second = text_at(tokens, end), text_at(tokens, end + 1)
    if first.startswith("jarig"):
        return end + 1
    if first == "+" and tokens[end].glued:
        return end + 1 if is_plus else None
    if first == "plus" and is_plus:
        return end + 1
    if first != "-" or not tokens[end].glued:
        return None
    if second.startswith(("jarig", "plus", "minner")):
        return end + 2
    if second in _YEARS and text_at(tokens, end + 2) == "-" and text_at(tokens, end + 3).startswith("old"):
        return end + 4
    if second in ("en", "of", "tot", "and", "or", "to", ","):
        for at in range(end + 2, min(end + 9, len(tokens))):
            if text_at(tokens, at).startswith("jarig"):
                return at + 1
            if text_at(tokens, at) in _YEARS and text_at(tokens, at + 1) == "-":
                return at + 3
    return None


def _years(tokens: Sequence[Token], reading: Reading) -> int | None:
    """Read an age in years: "16 jaar oud", "18 jaar en ouder", "van 12 tot 18 jaar"."""
    start, end = reading.start, reading.end
    pair = text_at(tokens, end) in ("en", "and") and text_at(tokens, end + 2) in _YEARS
    if pair and _after_people(tokens, start):
        return end + 3  # "jongeren van 16 en 17 jaar"
    if text_at(tokens, end) not in _YEARS:
        return None
    after, second = text_at(tokens, end + 1), text_at(tokens, end + 2)
    if after in ("oud", "old"):
        return end + 2
    if (after in ("of", "en", "or", "and") and second in _OLD) or (after, second) == ("of", "age"):
        return end + 3
    bound = text_at(tokens, start - 2 if text_at(tokens, start - 1) == "de" else start - 1)
    if bound in ("onder", "boven", "vanaf"):
        return end + 1
    if after in words.TIME_AFTER:
        return None
    if _after_people(tokens, start) or _of_an_age(tokens, start):
        return end + 1
    if reading.form != "range" or reading.figure.lower < 4:
        return None
    near = {text_at(tokens, at) for at in range(start - 4, start)}
    following = {text_at(tokens, at) for at in range(end + 1, end + 4)}
    return None if near & words.TIME_BEFORE or following & words.TIME_AFTER else end + 1


def _bare(tokens: Sequence[Token], reading: Reading) -> int | None:
    """Read an age without "jaar": "een meisje van 12", "onder de 18", "aged 16-17"."""
    end, start, value = reading.end, reading.start, reading.figure.value
    after = text_at(tokens, end)
    fourth, third, second, first = (text_at(tokens, at) for at in range(start - 4, start))
    if first in ("aged", "age", "ages"):
        return _and_over(tokens, end)
    if first == after == "," and second in words.PEOPLE and reading.form == "number":
        return end  # "een man, 41, uit Houten"
    noun = after.isalpha() and after not in words.NOT_NOUNS
    no_age = after in ("%", "€", "-", "/", "naar", "procent", "percent", "per")
    if noun or no_age or reading.figure.upper < 3:
        return None
    person = after in ("toen", "when") or second in _PRONOUNS or _of_an_age(tokens, start)
    if first in ("was", "is", "werd") and person:
        return end
    near = {fourth, third, second, first}
    if reading.form == "range" and near & {"age", "ages", "leeftijd", "leeftijden"}:
        return end
    bounded = f"{second} {first}" in _BOUNDS and (value or 18) >= 3
    if bounded or _after_people(tokens, start, strict=True):
        return _and_over(tokens, end)
    closes = after in ("s", "", ".", ",")
    return end if first in ("under", "over") and closes and 10 <= (value or 0) <= 80 else None


def _and_over(tokens: Sequence[Token], end: int) -> int:
    over = text_at(tokens, end) in ("and", "or", "en", "of") and text_at(tokens, end + 1) in words.AGE_AFTER
    return end + 2 if over else end


def _of_an_age(tokens: Sequence[Token], start: int) -> bool:
    """Return whether the words before speak of an age: "een leeftijdsgrens voor sociale media, van 15 jaar"."""
    near = [text_at(tokens, at) for at in range(start - 8, start)]
    extreme = {"oudste", "jongste", "oldest", "youngest"}.intersection(near[4:])
    return bool(extreme) or any(word.startswith(("leeftijd", "minimumleeftijd")) for word in near)


def _after_people(tokens: Sequence[Token], start: int, *, strict: bool = False) -> bool:
    """Return whether people or "leeftijd" stand before a number, with nothing but links between.

    `strict` asks for "van", "tot" or "tussen" in between, and for no "aantal" before: that is a count.
    """
    linked = False
    for at in range(start - 1, start - 8, -1):
        word = text_at(tokens, at)
        if word in words.AGE_BEFORE:
            return True
        if word in words.PEOPLE:
            counted = "aantal" in (text_at(tokens, at - 1), text_at(tokens, at - 2))
            return not strict or (linked and not counted)
        if word not in _LINKS:
            return False
        linked = linked or word in _PREPOSITIONS
    return False
