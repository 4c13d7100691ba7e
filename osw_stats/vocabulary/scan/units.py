"""What follows a number: a unit, or the noun it counts."""

from __future__ import annotations

from collections.abc import Sequence

import osw_stats.vocabulary.scan.words as words
from osw_stats.vocabulary.tokens import Token, text_at

_PERCENT = ("procent", "procenten", "percent", "pct", "procentpunt", "procentpunten", "%")
_INITIALS = 3  # letters: "27 EU member states"
_POINTS = ("punt", "punten", "point", "points")


def unit_at(tokens: Sequence[Token], at: int, start: int) -> tuple[str, str, int] | None:
    """Return kind, unit and end of the unit of a number at tokens[start:at], or None if it has none.

    Examples
    --------
    >>> from osw_stats.vocabulary.tokens import tokenise
    >>> unit_at(tokenise("12 volle maanden", "nl"), 1, 0)
    ('duration', 'months', 3)
    >>> unit_at(tokenise("€ 4 miljoen", "nl"), 3, 1)
    ('money', 'eur', 3)
    """
    return (
        _percent(tokens, at)
        or _money(tokens, at, start)
        or _fte(tokens, at)
        or _times(tokens, at, start)
        or _time(tokens, at)
    )


def _percent(tokens: Sequence[Token], at: int) -> tuple[str, str, int] | None:
    here = text_at(tokens, at)
    if here in _PERCENT:
        end = at + 1
        if here == "%" and text_at(tokens, end) == "-" and text_at(tokens, end + 1) in _POINTS:
            end += 2
        return "percent", "percent", end
    if here == "per" and text_at(tokens, at + 1) == "cent":
        return "percent", "percent", at + 2
    if here == "percentage" and text_at(tokens, at + 1) in _POINTS:
        return "percent", "percent", at + 2
    return None


def _money(tokens: Sequence[Token], at: int, start: int) -> tuple[str, str, int] | None:
    after = text_at(tokens, at)
    sign = text_at(tokens, start - 1)
    if after in ("€", "$", "£") and at + 1 < len(tokens) and tokens[at + 1].digits:
        after = ""  # the sign of the next number: "vanaf 2024 €20 miljoen"
    if after in words.CURRENCY_UNITS and after != "us":
        return "money", words.CURRENCY_UNITS[after], at + 1
    if sign in words.CURRENCY_UNITS and (sign not in ("us", "pond") or text_at(tokens, start - 2) != ""):
        if sign == "us":
            return None
        return "money", words.CURRENCY_UNITS[sign], at
    return None


def _fte(tokens: Sequence[Token], at: int) -> tuple[str, str, int] | None:
    for here in (at, at + 1):
        word = text_at(tokens, here)
        if here > at and not (
            text_at(tokens, at).isalpha()
            and text_at(tokens, at) in ("extra", "vaste", "nieuwe", "additional", "tijdelijke")
        ):
            break
        if word in words.FTE:
            return "fte", "fte", here + 1
        if word in ("full", "fulltime", "voltijd", "voltijds"):
            for end in range(here + 1, here + 5):
                if text_at(tokens, end).startswith(("equivalent", "banen")):
                    return "fte", "fte", end + 1
    return None


def _times(tokens: Sequence[Token], at: int, start: int) -> tuple[str, str, int] | None:
    here, after = text_at(tokens, at), text_at(tokens, at + 1)
    before = (text_at(tokens, start - 2), text_at(tokens, start - 1))
    if before[1] == "factor" or before in (("factor", "of"), ("factor", "van")):
        return "ratio", "ratio", at
    if here == "-" and after == "fold" and tokens[at].glued:
        return "ratio", "ratio", at + 2
    if here not in words.TIMES_WORDS:
        return None
    if after in words.RATIO_AFTER or (here == "maal" and after not in words.PER):
        return "ratio", "ratio", at + 1
    return None


def _time(tokens: Sequence[Token], at: int) -> tuple[str, str, int] | None:
    here = text_at(tokens, at)
    if here in words.DURATIONS:
        return "duration", words.DURATIONS[here], at + 1
    after = text_at(tokens, at + 1)
    if after in words.DURATIONS and (here in words.TIME_ADJECTIVES or (here == "-" and tokens[at].glued)):
        return "duration", words.DURATIONS[after], at + 2
    return None


def noun_after(tokens: Sequence[Token], at: int, language: str, *, text: str = "") -> str | None:
    """Return the noun that a number before `at` counts, with its adjectives; None if none follows.

    Where the `text` is given, a cell of a table that ends after the number has no noun.

    Examples
    --------
    >>> from osw_stats.vocabulary.tokens import tokenise
    >>> noun_after(tokenise("23 minderjarige slachtoffers waarvan", "nl"), 1, "nl")
    'minderjarige slachtoffers'
    >>> noun_after(tokenise("12.206, waarvan", "nl"), 1, "nl") is None
    True
    """
    found: list[str] = []
    if text and _is_cell(tokens, at, text):
        return None
    while at < len(tokens) and len(found) < 4:
        token = tokens[at]
        if not token.word or token.text in words.NOT_NOUNS:
            break
        word = token.text
        if (
            text_at(tokens, at + 1) == "-"
            and tokens[at + 1].glued
            and at + 2 < len(tokens)
            and tokens[at + 2].word
        ):
            broken = not tokens[at + 2].glued
            word += tokens[at + 2].text if broken else "-" + tokens[at + 2].text
            at += 2
        found.append(word)
        at += 1
        if not _is_adjective(token.text, language) and not (language == "en" and len(word) <= _INITIALS):
            following = text_at(tokens, at)
            compound = language == "en" and not word.endswith("s") and following.endswith("s")
            if compound and following.isalpha() and following not in words.NOT_NOUNS:
                found.append(following)
            break
    if found and language == "en" and found[-1].endswith("ed"):
        found.pop()
    return " ".join(found) or None


def _is_cell(tokens: Sequence[Token], at: int, text: str) -> bool:
    """Return whether a wide gap or a line end parts the number before `at` from what follows in a table."""
    if at >= len(tokens):
        return False
    after = text[tokens[at - 1].end : tokens[at].start]
    before = text[tokens[at - 2].end : tokens[at - 1].start] if at > 1 else ""
    if "\n" in after and text[tokens[at].start].isupper():
        return True  # the next row of a list
    return "\t" in after or "   " in after or ("  " in before and "\n" not in before and "\n" in after)


def _is_adjective(word: str, language: str) -> bool:
    if word in words.ADJECTIVES:
        return True
    if language == "nl":
        return len(word) > 4 and word.endswith("e") and not word.endswith(("tie", "ie", "age", "ode"))
    return len(word) > 4 and word.endswith(
        ("al", "ive", "ous", "able", "ful", "less", "ian", "ish", "ic", "ed")
    )
