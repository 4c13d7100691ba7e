"""What follows a number: a unit, or the noun it counts."""

from __future__ import annotations

from collections.abc import Sequence

import osw_stats.wording.scan.words as words
from osw_stats.wording.tokens import Token, text_at

Unit = tuple[str, str, int]  # kind, name, and the token after it
_INITIALS = 3  # letters: "27 EU member states"
_OF_POSTS, _FULL_TIME = (frozenset(words.WORDS[name].split()) for name in ("of_posts", "full_time"))
_ADJECTIVE = {
    language: tuple(map(tuple, (rule["ends"], rule["but"])))
    for language, rule in words.WORDS["adjective_ends"].items()
}


def unit_at(tokens: Sequence[Token], at: int, start: int) -> Unit | None:
    """Return kind, unit and end of the unit of a number at tokens[start:at], or None if it has none.

    Examples
    --------
    >>> from osw_stats.wording.tokens import tokenise
    >>> unit_at(tokenise("12 volle maanden", "nl"), 1, 0)
    ('duration', 'months', 3)
    >>> unit_at(tokenise("€ 4 miljoen", "nl"), 3, 1)
    ('money', 'eur', 3)
    """
    return (
        _percent(tokens, at)
        or _money(tokens, at, start)
        or _posts(tokens, at)
        or _times(tokens, at, start)
        or _time(tokens, at)
    )


def _percent(tokens: Sequence[Token], at: int) -> Unit | None:
    here, after = text_at(tokens, at), text_at(tokens, at + 1)
    if here in words.PERCENT:
        points = here == "%" and after == "-" and text_at(tokens, at + 2) in words.POINTS
        return "percent", "percent", at + (3 if points else 1)
    if (here == "per" and after == "cent") or (here == "percentage" and after in words.POINTS):
        return "percent", "percent", at + 2
    return None


def _money(tokens: Sequence[Token], at: int, start: int) -> Unit | None:
    after, sign = text_at(tokens, at), text_at(tokens, start - 1)
    if after in ("€", "$", "£") and at + 1 < len(tokens) and tokens[at + 1].digits:
        after = ""  # the sign of the next number: "vanaf 2024 €20 miljoen"
    if after in words.CURRENCY_UNITS and after != "us":
        return "money", words.CURRENCY_UNITS[after], at + 1
    if sign in words.CURRENCY_UNITS and sign != "us" and (sign != "pond" or text_at(tokens, start - 2)):
        return "money", words.CURRENCY_UNITS[sign], at
    return None


def _posts(tokens: Sequence[Token], at: int) -> Unit | None:
    for here in (at, at + 1) if text_at(tokens, at) in _OF_POSTS else (at,):
        word = text_at(tokens, here)
        if word in words.FTE:
            return "fte", "fte", here + 1
        if word in _FULL_TIME:
            for end in range(here + 1, here + 5):
                if text_at(tokens, end).startswith(("equivalent", "banen")):
                    return "fte", "fte", end + 1
    return None


def _times(tokens: Sequence[Token], at: int, start: int) -> Unit | None:
    here, after = text_at(tokens, at), text_at(tokens, at + 1)
    before = text_at(tokens, start - 1)
    if before == "factor" or (before in ("of", "van") and text_at(tokens, start - 2) == "factor"):
        return "ratio", "ratio", at
    if here == "-" and after == "fold" and tokens[at].glued:
        return "ratio", "ratio", at + 2
    if here in words.TIMES and (after in words.RATIO_AFTER or (here == "maal" and after not in words.PER)):
        return "ratio", "ratio", at + 1
    return None


def _time(tokens: Sequence[Token], at: int) -> Unit | None:
    here, after = text_at(tokens, at), text_at(tokens, at + 1)
    if here in words.DURATIONS:
        return "duration", words.DURATIONS[here], at + 1
    if after in words.DURATIONS and (here in words.TIME_ADJECTIVES or (here == "-" and tokens[at].glued)):
        return "duration", words.DURATIONS[after], at + 2
    return None


def noun_after(tokens: Sequence[Token], at: int, language: str, *, text: str = "") -> str | None:
    """Return the noun that a number before `at` counts, with its adjectives; None if none follows.

    Where the `text` is given, a cell of a table that ends after the number has no noun.
    """
    if text and _is_cell(tokens, at, text):
        return None
    phrase: list[str] = []
    while len(phrase) < 4 and at < len(tokens) and tokens[at].word and tokens[at].text not in words.NOT_NOUNS:
        first = word = tokens[at].text
        joined = text_at(tokens, at + 1) == "-" and tokens[at + 1].glued
        if joined and at + 2 < len(tokens) and tokens[at + 2].word:
            word += ("-" if tokens[at + 2].glued else "") + tokens[at + 2].text
            at += 2
        phrase.append(word)
        at += 1
        if not _is_adjective(first, language) and not (language == "en" and len(word) <= _INITIALS):
            following = text_at(tokens, at)
            compound = language == "en" and not word.endswith("s") and following.endswith("s")
            if compound and following.isalpha() and following not in words.NOT_NOUNS:
                phrase.append(following)
            break
    if phrase and language == "en" and phrase[-1].endswith("ed"):
        phrase.pop()
    return " ".join(phrase) or None


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
    ends, but = _ADJECTIVE[language]
    return word in words.ADJECTIVES or (len(word) > 4 and word.endswith(ends) and not word.endswith(but))
