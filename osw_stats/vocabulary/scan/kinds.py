"""Read the figure at a word of a sentence and tell what it counts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from osw_stats.errors import InputError
from osw_stats.vocabulary.numerals import is_numeral, read_numeral
from osw_stats.vocabulary.printed import code_end, read_number
from osw_stats.vocabulary.reading import Reading, Told, is_year, read_at
from osw_stats.vocabulary.rules import Figure, apply_rule
from osw_stats.vocabulary.scan import words
from osw_stats.vocabulary.scan.ages import age_end
from osw_stats.vocabulary.scan.units import noun_after, unit_at
from osw_stats.vocabulary.tokens import Token
from osw_stats.vocabulary.wording import FRACTIONS, VAGUE, YEAR_BEFORE, find_hedge, hedge_before, phrase_at

_FIRST = frozenset(
    {phrase[0] for table in (FRACTIONS, VAGUE, words.MORE_VAGUE) for phrase in table}
    | set(words.RATIO_WORDS)
    | {"een", "één", "half", "halve", "one", "a", "an"}
)
_GLUE = frozenset("-/_.:#@~&=+'")
_SLASH = re.compile(r"([1-9])/([2-9]|10)")
_AGE_WORD = re.compile(r"(.{3,30})jarige[nr]?")
_PROGRAMMES = frozenset(
    [
        "opleiding",
        "periode",
        "programma",
        "termijn",
        "looptijd",
        "plan",
        "project",
        "contract",
        "onderzoek",
        "pilot",
        "celstraf",
        "gevangenisstraf",
        "subsidie",
        "traject",
    ]
)
_HALVES = ("half", "halve")


@dataclass(frozen=True)
class Found:
    """A statement by its place; `figure` and `unit` are None where it is no claim."""

    start: int
    end: int
    kind: str
    figure: Figure | None
    unit: str | None
    language: str

    def moved(self, by: int) -> Found:
        """Return the same statement, counted from the start of a longer text."""
        return replace(self, start=self.start + by, end=self.end + by)


@dataclass(frozen=True)
class Place:
    """A token of a sentence and what bounds the figure there."""

    tokens: Sequence[Token]
    at: int
    floor: int  # the first token a hedge may take
    limit: int  # offset where the next date or code begins
    language: str
    money: str | None  # the currency told last in this sentence


def find_at(place: Place) -> tuple[Found, int] | None:
    """Return the statement that begins at a token and the token after it, or None."""
    token = place.tokens[place.at]
    if not token.digits and not (token.word and may_begin(token.text, place.language)):
        return None
    return _worded(place) or _slashed(place) or _number(place) or (_code(place) if token.digits else None)


@lru_cache(maxsize=50_000)
def may_begin(word: str, language: str) -> bool:
    """Return whether a figure can begin with this word."""
    if word in _FIRST or word.endswith(("jarige", "jarigen", "tal")):
        return True
    plain = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return is_numeral(plain, language)


def _worded(place: Place) -> tuple[Found, int] | None:
    """Read words that are a figure by themselves: "verdubbeld", "twaalfjarige", "miljoenen", "half"."""
    tokens, at = place.tokens, place.at
    word = tokens[at].text
    if word in words.RATIO_WORDS:
        value = Decimal(words.RATIO_WORDS[word])
        if _text(tokens, at + 1) in words.PER:
            return _told(
                place,
                at + 1,
                "count",
                _plain(place, value, at),
                "keer" if place.language == "nl" else "times",
            )
        return _told(place, at + 1, "ratio", _plain(place, value, at), "ratio")
    if found := _AGE_WORD.fullmatch(word):
        numeral = read_numeral([found[1]], "nl")
        if numeral is None or numeral.used != 1:
            return None
        if _text(tokens, at + 1) in _PROGRAMMES:
            return _told(place, at + 1, "duration", _plain(place, numeral.value, at), "years")
        return _told(place, at + 1, "age_band", None, None)
    if word.endswith("tal") and word != "aantal":
        return _tally(place)
    if vague := phrase_at(tokens, at, words.MORE_VAGUE):
        (low, high), end = vague
        unit = unit_at(place.tokens, end, end)
        kind, name, end = unit or ("count", noun_after(tokens, end, place.language), end)
        return _told(place, end, kind, Figure(None, low / 2, "vague", low, high, True, False), name)
    return _half(place)


def _tally(place: Place) -> tuple[Found, int] | None:
    """Read "een tiental" and "twintigtal"; "drietal" is a full count."""
    tokens, at = place.tokens, place.at
    stem = tokens[at].text[:-3]
    numeral = read_numeral([stem], "nl") or read_numeral([stem.removesuffix("ig") + "ig"], "nl")
    if numeral is None or numeral.used != 1:
        return None
    exact = numeral.value < 10
    figure = apply_rule(numeral.value, Decimal(1 if exact else 10), "exact" if exact else "circa")
    return _told(place, at + 1, "count", figure, noun_after(tokens, at + 1, place.language))


def _half(place: Place) -> tuple[Found, int] | None:
    """Read "een half jaar" and "een halve procent"; a half of something else is no figure."""
    tokens, at = place.tokens, place.at
    here = at + 1 if tokens[at].text in ("een", "a") and _text(tokens, at + 1) in _HALVES else at
    if _text(tokens, here) not in _HALVES:
        return None
    after = here + 1
    if _text(tokens, after) in ("a", "an"):
        after += 1
    unit = unit_at(tokens, after, after)
    before = _text(tokens, at - 1)
    if unit is None or before in ("eerste", "tweede", "laatste", "first", "second", "last", "en", "and"):
        return None
    kind, name, end = unit
    rule = hedge_before(tokens, at, place.language)
    rule = "minstens" if rule == "none" and _or_more(tokens, end) else rule
    return _told(place, end, kind, apply_rule(Decimal("0.5"), Decimal("0.5"), rule), name)


def _slashed(place: Place) -> tuple[Found, int] | None:
    """Read "2/3 van"; any other slash is a code."""
    token = place.tokens[place.at]
    found = _SLASH.fullmatch(token.text)
    if found is None or _text(place.tokens, place.at + 1) not in ("van", "of", "deel"):
        return None
    m, k = int(found[1]), int(found[2])
    if m >= k:
        return None
    return _told(
        place, place.at + 1, "ratio", apply_rule(Decimal(100 * m) / k, Decimal(5), "breukwoord"), "percent"
    )


def _number(place: Place) -> tuple[Found, int] | None:
    """Read a figure as `reported` does and tell its kind."""
    language = _language_at(place.tokens, place.at, place.language)
    place = replace(place, language=language)
    found = _reading(place)
    if found is None or _is_no_figure(place, found):
        return None
    tokens = place.tokens
    if _is_a_year(place, found):
        return _told(place, found.end, "year", None, None, start=found.start)
    found = _alternatives(place, found)
    age = age_end(tokens, found)
    if age:
        return _told(place, age, "age_band", None, None, start=_start(place, found))
    return _claim(place, found)


def _reading(place: Place) -> Reading | None:
    tokens, at = place.tokens, place.at
    try:
        end = code_end(tokens, at, place.language)
    except InputError:
        end = None  # a minus sign; told in _claim
    if end == at + 1:
        return None
    if end is not None:
        if tokens[at + 1].glued and tokens[at + 2].glued:
            return None
        tokens = tokens[: at + 1]  # "in 2024 - 12 procent": the dash is no link
    for _ in range(2):
        try:
            found = read_at(
                Told(list(tokens) if not isinstance(tokens, list) else tokens, place.language), at
            )
        except InputError:
            return None
        if found is None or tokens[found.end - 1].end <= place.limit:
            return None if found and found.form == "majority" else found
        tokens = [t for t in tokens if t.end <= place.limit]
    return None


def _is_no_figure(place: Place, found: Reading) -> bool:
    """Return whether a word that can be a number is something else here."""
    tokens, word = place.tokens, place.tokens[found.start].text
    before, after = _text(tokens, found.start - 1), _text(tokens, found.end)
    if found.form == "fraction":
        if word == "half":
            return place.language == "nl" or after == "-" or before in ("and", "-")
        return after in words.THIRD_PARTIES and tokens[found.end - 1].text in ("derde", "third")
    if found.form == "vague":
        return word == "enkele" and before in ("een", "geen", "elke", "de", "die", "deze")
    if found.end != found.start + 1 or found.form != "number":
        return False
    if word == "één":
        noun = after.isalpha() and after not in words.NOT_NOUNS
        return not noun or after in words.ONE_IDIOMS or before in ("nummer", "geen", "niet", "de", "het")
    if word == "one":
        return (
            not after.isalpha()
            or after in words.ONE_AFTER
            or after in words.NOT_NOUNS
            or before in words.ONE_BEFORE
        )
    if word == "acht":
        return (
            after in words.ACHT_AFTER
            or after.endswith("tegenomen")
            or (before == "in" and after in ("te", ""))
        )
    return False


def _is_a_year(place: Place, found: Reading) -> bool:
    tokens, at = place.tokens, found.start
    if found.form == "range" and found.end >= at + 3:
        return is_year(tokens, at) and is_year(tokens, found.end - 1)
    if found.end != at + 1 or not is_year(tokens, at):
        return False
    after, before = _text(tokens, at + 1), _text(tokens, at - 1)
    if unit_at(tokens, found.end, at):
        return False
    if found.figure.rule in ("ruim", "bijna", "minder_dan", "meer_dan", "minstens") and before not in (
        "over",
        "after",
        "onder",
    ):
        return False
    return not (after in words.COUNTED and before not in YEAR_BEFORE)


def _alternatives(place: Place, found: Reading) -> Reading:
    """Join "16 of 17" and "twee of drie" into one range."""
    if found.form != "number" or found.figure.value is None:
        return found
    link = _text(place.tokens, found.end)
    if link not in ("of", "or"):
        return found
    second = read_number(place.tokens, found.end + 1, place.language)
    low = found.figure.value
    if second is None or float(second.value) != low + 1 or place.tokens[second.end - 1].end > place.limit:
        return found
    figure = Figure(None, found.figure.step, "tussen", low, low + 1, True, True)
    return Reading(figure, found.start, second.end, "range")


def _claim(place: Place, found: Reading) -> tuple[Found, int]:
    tokens, figure, end = place.tokens, found.figure, found.end
    if found.form in ("share", "fraction") and not unit_at(tokens, end, found.start):
        return _told(place, end, "ratio", figure, "percent", start=_start(place, found))
    unit = unit_at(tokens, end, found.start)
    if unit is None and _shares_percent(place, end):
        again = read_at(Told(list(tokens), place.language, unit="percent"), found.start)
        figure = again.figure if again else figure
        unit = ("percent", "percent", end)
    if unit is None and place.money and tokens[end - 1].word and found.form in ("number", "range"):
        unit = ("money", place.money, end) if noun_after(tokens, end, place.language) is None else None
    kind, name, end = unit or ("count", noun_after(tokens, end, place.language), end)
    if kind == "duration" and name == "hours" and _text(tokens, found.start - 1) == "om":
        return _told(place, end, "other", None, None, start=found.start)
    if figure.rule in ("none", "exact") and _or_more(tokens, end):
        figure = apply_rule(Decimal(str(figure.value)), Decimal(str(figure.step)), "minstens")
    if figure.rule == "minder_dan" and _text(tokens, found.start - 1) == "onder" and kind == "count" and name:
        figure = _unhedged(place, found)  # "onder 2.400 jongeren": among them
        return _told(place, end, kind, figure, name, start=found.start)
    start = _start(place, found)
    if _is_negative(tokens, found.start):
        figure = replace(figure, value=None if figure.value is None else -figure.value, lower=-figure.upper,
                         upper=-figure.lower, lower_closed=figure.upper_closed, upper_closed=figure.lower_closed)  # fmt: skip
        start = min(start, found.start - 1)
    return _told(place, end, kind, figure, name, start=start)


def _unhedged(place: Place, found: Reading) -> Figure:
    again = read_at(Told(list(place.tokens[found.start :]), place.language), 0)
    return again.figure if again else found.figure


def _shares_percent(place: Place, end: int) -> bool:
    """Return whether the number shares the sign of the next: "22 en 21 procent"."""
    if _text(place.tokens, end) not in ("en", "of", "and", "or", "respectievelijk"):
        return False
    second = read_number(place.tokens, end + 1, place.language)
    unit = unit_at(place.tokens, second.end, end + 1) if second else None
    return bool(unit and unit[0] == "percent" and place.tokens[end - 1].digits)


def _or_more(tokens: Sequence[Token], end: int) -> bool:
    two = (_text(tokens, end), _text(tokens, end + 1))
    return two[0] in ("of", "or") and two[1] in ("meer", "langer", "hoger", "more", "longer", "higher")


def _is_negative(tokens: Sequence[Token], at: int) -> bool:
    if not at or tokens[at - 1].text != "-" or not tokens[at].glued or not tokens[at].digits:
        return False
    return not tokens[at - 1].glued or (at > 1 and tokens[at - 2].text in ("(", "["))


def _language_at(tokens: Sequence[Token], at: int, language: str) -> str:
    """Return how this number is written: its own marks and scale word go before the sentence."""
    text = tokens[at].text
    if not tokens[at].digits:
        return language
    after = _text(tokens, at + 1)
    if after in ("million", "billion", "thousand") or re.fullmatch(
        r"\d{1,3}(,\d{3}){2,}|\d{1,3}(,\d{3})+\.\d+", text
    ):
        return "en"
    if after in ("miljoen", "miljard", "duizend", "mln", "mld") and language == "en":
        return "nl"
    if re.fullmatch(r"\d{1,3}(\.\d{3}){2,}|\d{1,3}(\.\d{3})+,\d+", text):
        return "nl"
    other = "en" if language == "nl" else "nl"
    decimal = r"\d+\.\d{1,2}" if language == "nl" else r"\d+,\d{1,2}"
    if re.fullmatch(decimal, text) and unit_at(tokens, at + 1, at):
        return other
    return language


def _code(place: Place) -> tuple[Found, int]:
    """Return digits that are no number as one run with what is glued to them."""
    tokens, at = place.tokens, place.at
    start, end = at, at + 1
    while start > place.floor and tokens[start].glued and _is_glue(tokens[start - 1]):
        start -= 1
    while (
        end < len(tokens) and tokens[end].glued and _is_glue(tokens[end]) and tokens[end].end <= place.limit
    ):
        end += 1
    while end > at + 1 and not (tokens[end - 1].word or tokens[end - 1].digits):
        end -= 1
    while start < at and not (tokens[start].word or tokens[start].digits):
        start += 1
    return Found(tokens[start].start, tokens[end - 1].end, "other", None, None, place.language), end


def _is_glue(token: Token) -> bool:
    return token.word or token.digits or token.text in _GLUE


def _start(place: Place, found: Reading) -> int:
    """Return the token where the statement begins: its hedge, its currency or the number."""
    tokens, at = place.tokens, found.start
    start = at
    while start > place.floor and tokens[start - 1].text in (
        "€",
        "$",
        "£",
        "eur",
        "usd",
        "gbp",
        "us",
        "euro",
    ):
        start -= 1
    if found.form == "range":
        for back in (1, 2):
            if start - back >= place.floor and tokens[start - back].text in ("tussen", "between"):
                return start - back
    if found.form == "fraction" and start > place.floor and tokens[start - 1].text == "de":
        start -= 1
    return _hedged(place, start)


def _hedged(place: Place, start: int) -> int:
    """Return where the hedges before a token begin; "naar schatting zo'n" are two."""
    for turn in range(3):
        rule, hedge = find_hedge(place.tokens, start, place.language)
        if rule == "none" or hedge < place.floor or (turn and rule != "circa"):
            break
        start = hedge
    return start


def _told(
    place: Place, end: int, kind: str, figure: Figure | None, unit: str | None, *, start: int | None = None
) -> tuple[Found, int]:
    first = _hedged(place, place.at) if start is None else start
    return Found(
        place.tokens[first].start, place.tokens[end - 1].end, kind, figure, unit, place.language
    ), end


def _plain(place: Place, value: Decimal, at: int) -> Figure:
    rule = hedge_before(place.tokens, at, place.language)
    return apply_rule(value, Decimal(1), "exact" if rule == "none" else rule)


def _text(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].text if 0 <= at < len(tokens) else ""
