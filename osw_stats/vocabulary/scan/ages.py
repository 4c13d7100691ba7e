"""Tell an age from a duration: "meisjes van 12 tot 18 jaar" and "12 jaar cel"."""

from __future__ import annotations

from collections.abc import Sequence

import osw_stats.vocabulary.scan.words as words
from osw_stats.vocabulary.reading import Reading
from osw_stats.vocabulary.tokens import Token, text_at

_OLDEST = 110
_PRONOUNS = frozenset(("he", "she", "hij", "zij", "ze"))
_YEARS = ("jaar", "jaren", "years", "year", "jr", "yrs")
_LINKS = words.words_of(
    "age aged ages at between bijvoorbeeld boven circa dan de die een en from het in is jonger least "
    "leeftijd met minstens of onder ongeveer op ouder over than the to tot tussen under up van vanaf "
    "vanuit zeker zijn "
)
# with "18+" these are ages; any other number is a count of at least so many
_PLUS = frozenset((12, 14, 15, 16, 18, 21, 40, 45, 50, 55, 60, 65, 67, 70, 75, 80))


def age_end(tokens: Sequence[Token], found: Reading) -> int | None:
    """Return the token after an age that begins with the reading, or None if it is no age.

    Examples
    --------
    >>> from osw_stats.vocabulary.reading import Told, read_at
    >>> from osw_stats.vocabulary.tokens import tokenise
    >>> tokens = tokenise("kinderen van 10 tot 14 jaar", "nl")
    >>> age_end(tokens, read_at(Told(tokens, "nl"), 2))
    6
    """
    low, high = found.figure.lower, found.figure.upper
    value = found.figure.value
    largest = value if value is not None else high
    if (
        found.form not in ("number", "range")
        or not 0 <= largest <= _OLDEST
        or largest % 1
        or (value is None and low % 1)
    ):
        return None
    return _glued_age(tokens, found.end, value) or _years(tokens, found) or _bare(tokens, found)


def _glued_age(tokens: Sequence[Token], end: int, value: float | None) -> int | None:
    """Read what is glued on: "16-jarige", "16- en 17-jarigen", "14-year-old", "18+", "65-plussers"."""
    first, second = text_at(tokens, end), text_at(tokens, end + 1)
    if first.startswith("jarig"):
        return end + 1
    if first == "+" and tokens[end].glued:
        return end + 1 if value in _PLUS else None
    if first == "plus" and value in _PLUS:
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


def _years(tokens: Sequence[Token], found: Reading) -> int | None:
    end = found.end
    if (
        text_at(tokens, end) in ("en", "and")
        and text_at(tokens, end + 2) in _YEARS
        and _after_people(tokens, found.start)
    ):
        return end + 3  # "jongeren van 16 en 17 jaar"
    if text_at(tokens, end) not in _YEARS:
        return None
    one, two = text_at(tokens, end + 1), text_at(tokens, end + 2)
    if one in ("oud", "old"):
        return end + 2
    if one in ("of", "en", "or", "and") and two in (
        "ouder",
        "jonger",
        "older",
        "younger",
        "over",
        "above",
        "under",
    ):
        return end + 3
    if (one, two) == ("of", "age"):
        return end + 3
    before, article = text_at(tokens, found.start - 1), text_at(tokens, found.start - 2)
    if (before == "de" and article in ("onder", "boven", "vanaf")) or before in ("onder", "boven", "vanaf"):
        return end + 1
    if one in words.TIME_AFTER:
        return None
    if _after_people(tokens, found.start) or _of_an_age(tokens, found.start):
        return end + 1
    if found.form != "range" or found.figure.lower < 4:
        return None
    near = {text_at(tokens, at) for at in range(found.start - 4, found.start)}
    after = {text_at(tokens, at) for at in range(end + 1, end + 4)}
    return None if near & words.TIME_BEFORE or after & words.TIME_AFTER else end + 1


def _bare(tokens: Sequence[Token], found: Reading) -> int | None:
    """Read an age without "jaar": "een meisje van 12", "onder de 18", "aged 16-17"."""
    end, start = found.end, found.start
    after = text_at(tokens, end)
    if text_at(tokens, start - 1) in ("aged", "age", "ages"):
        return _and_over(tokens, end)
    if (
        text_at(tokens, start - 1) == ","
        and after == ","
        and text_at(tokens, start - 2) in words.PEOPLE
        and found.form == "number"
    ):
        return end  # "een man, 41, uit Houten"
    noun = after.isalpha() and after not in words.NOT_NOUNS
    if (
        noun
        or after in ("%", "€", "-", "/")
        or after in ("naar", "procent", "percent", "per")
        or found.figure.upper < 3
    ):
        return None
    before = [text_at(tokens, at) for at in range(start - 3, start)]
    bounded = before[1:] in (["onder", "de"], ["boven", "de"], ["jonger", "dan"], ["ouder", "dan"]) or before[
        1:
    ] in (
        ["younger", "than"],
        ["young", "as"],
        ["old", "as"],
        ["older", "than"],
        ["age", "of"],
        ["ages", "of"],
        ["leeftijd", "van"],
    )
    told_of = after in ("toen", "when") or before[1] in _PRONOUNS or _of_an_age(tokens, start)
    if before[2] in ("was", "is", "werd") and told_of:
        return end
    near = {*before, text_at(tokens, start - 4)}
    if found.form == "range" and {"age", "ages", "leeftijd", "leeftijden"} & near:
        return end
    if bounded and (found.figure.value or 18) >= 3:
        return _and_over(tokens, end)
    if _after_people(tokens, start, strict=True):
        return _and_over(tokens, end)
    if (
        before[2] in ("under", "over")
        and after in ("s", "", ".", ",")
        and 10 <= (found.figure.value or 0) <= 80
    ):
        return end
    return None


def _and_over(tokens: Sequence[Token], end: int) -> int:
    pair = (text_at(tokens, end), text_at(tokens, end + 1))
    return end + 2 if pair[0] in ("and", "or", "en", "of") and pair[1] in words.AGE_AFTER else end


def _of_an_age(tokens: Sequence[Token], start: int) -> bool:
    """Return whether the words before speak of an age: "een leeftijdsgrens voor sociale media, van 15 jaar"."""
    near = [text_at(tokens, at) for at in range(start - 8, start)]
    return any(w.startswith(("leeftijd", "minimumleeftijd")) for w in near) or bool(
        {"oudste", "jongste", "oldest", "youngest"} & set(near[4:])
    )


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
            return not strict or (
                linked and "aantal" not in {text_at(tokens, at - 1), text_at(tokens, at - 2)}
            )
        if word not in _LINKS:
            return False
        linked = linked or word in (
            "van",
            "tot",
            "tussen",
            "of",
            "vanaf",
            "onder",
            "boven",
            "aged",
            "between",
        )
    return False
