"""The words around a printed figure: hedges, units, fractions, vague counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from osw_stats.vocabulary.tokens import Token

T = TypeVar("T")

# hedge words -> rule, in the two languages the sources use; articles before the number
# ("rond de 480", "ruim een derde") need no entry of their own
HEDGES: dict[str, tuple[str, ...]] = {
    "meer_dan": (
        "meer dan", "iets meer dan", "boven", "iets boven", "hoger dan", "langer dan", "groter dan", "more than", "slightly more than", "higher than",
        "longer than", "in excess of", "over", "above",
    ),
    "minder_dan": (
        "minder dan", "iets minder dan", "onder", "iets onder", "lager dan", "korter dan", "nog geen", "less than", "slightly less than", "fewer than",
        "lower than", "shorter than", "under", "below",
    ),
    "minstens": (
        "minstens", "ten minste", "tenminste", "zeker", "minimaal", "op zijn minst", "niet minder dan",
        "at least", "no less than", "no fewer than", "not less than", "not fewer than", "a minimum of",
    ),
    "hooguit": (
        "hooguit", "maximaal", "ten hoogste", "hoogstens", "tot", "niet meer dan", "niet hoger dan",
        "niet langer dan", "at most", "up to", "a maximum of", "no more than", "not more than",
    ),
    "circa": (
        "ongeveer", "circa", "ca", "zo'n", "rond", "naar schatting", "grofweg", "pakweg", "om en nabij",
        "plusminus", "approximately", "about", "around", "roughly", "some", "estimated",
    ),
    "ruim": ("ruim", "dik", "just over"),
    "bijna": (
        "bijna", "krap", "net geen", "een kleine", "almost", "nearly", "just under",
    ),
}  # fmt: skip

# of a negative figure these could tell its size or its place on the number line
LITERAL = ("meer_dan", "minder_dan", "minstens", "hooguit")

# words that say: this is the full count
PRECISE = ("om precies te zijn", "precies", "exact", "to be precise", "exactly")

SCALES = {
    "duizend": 3, "dzd": 3, "thousand": 3,
    "miljoen": 6, "milj": 6, "mln": 6, "mio": 6, "million": 6,
    "miljard": 9, "mld": 9, "mrd": 9, "billion": 9, "bn": 9,
}  # fmt: skip
PERCENT = ("procent", "percent", "pct", "pp")
CURRENCY = (
    "€",
    "£",
    "$",
    "eur",
    "euro",
    "euros",
    "euro's",
    "usd",
    "us",
    "gbp",
    "dollar",
    "dollars",
    "pond",
    "pounds",
)
# units that may stand between the two numbers of a range, or glued to a number
UNIT_WORDS = (*PERCENT, *CURRENCY, "fte", "fte's", "ftes", "%")

# fractions as phrases -> (m, k)
FRACTIONS: dict[tuple[str, ...], tuple[int, int]] = {
    ("helft",): (1, 2), ("half",): (1, 2),
    ("een", "derde"): (1, 3), ("eenderde",): (1, 3), ("twee", "derde"): (2, 3), ("tweederde",): (2, 3),
    ("een", "kwart"): (1, 4), ("driekwart",): (3, 4), ("drie", "kwart"): (3, 4),
    ("a", "third"): (1, 3), ("one", "third"): (1, 3), ("two", "thirds"): (2, 3), ("one", "-", "third"): (1, 3), ("two", "-", "thirds"): (2, 3),
    ("één", "derde"): (1, 3), ("éénderde",): (1, 3), ("één", "kwart"): (1, 4),
    ("twee", "vijfde"): (2, 5), ("drie", "vijfde"): (3, 5), ("vier", "vijfde"): (4, 5),
    ("two", "fifths"): (2, 5), ("three", "fifths"): (3, 5), ("four", "fifths"): (4, 5),
    ("one", "fifth"): (1, 5), ("one", "tenth"): (1, 10),
    ("a", "quarter"): (1, 4), ("one", "quarter"): (1, 4), ("three", "quarters"): (3, 4),
}  # fmt: skip
FRACTIONS |= {(a, "-", b): v for (a, b), v in [(k, v) for k, v in FRACTIONS.items() if len(k) == 2]}
# "de tweede helft van 2024" and "een half jaar" are periods
_PERIOD_BEFORE = ("eerste", "tweede", "laatste", "first", "second", "last", "latter")
_PERIOD_AFTER = (
    "jaar", "jaren", "uur", "uren", "dag", "maand", "eeuw", "year", "years", "hour", "hours", "day",
    "month", "century", "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus",
    "september", "oktober", "november", "december",
)  # fmt: skip

_PLURALS = {
    "tientallen": (20, 100), "honderden": (200, 1000), "duizenden": (2000, 10_000),
    "tienduizenden": (20_000, 100_000), "dozens": (20, 100), "hundreds": (200, 1000),
    "thousands": (2000, 10_000),
}  # fmt: skip
VAGUE: dict[tuple[str, ...], tuple[int, int]] = {
    **{(word,): ends for word, ends in _PLURALS.items()},
    **{("enkele", word): ends for word, ends in _PLURALS.items()},
    ("enkele",): (2, 10), ("a", "few"): (2, 10),
    ("enkele", "honderd"): (200, 1000), ("a", "few", "hundred"): (200, 1000),
    ("enkele", "duizend"): (2000, 10_000), ("a", "few", "thousand"): (2000, 10_000),
    ("tens", "of", "thousands"): (20_000, 100_000),
}  # fmt: skip
# what a year follows: "in 2024", "sinds 2019"
YEAR_BEFORE = frozenset(
    (
        "in", "sinds", "vanaf", "uit", "per", "jaar", "jaren", "eind", "begin", "medio", "zomer", "winter", "herfst",
        "lente", "voorjaar", "najaar", "over", "voor", "na", "van", "tot", "met", "van", "en", "op", "anno", "boekjaar",
        "kalenderjaar", "jaarverslag", "since", "from", "until", "till", "by", "year", "years", "during", "of", "and",
        "late", "early", "mid", "spring", "summer", "autumn", "fall", "to", "for", "before", "after", "dan", "than",
    )
)  # fmt: skip
# beside one of these a vague count means a product that the rules do not know
_FACTORS = frozenset(
    (*_PLURALS, *SCALES, "honderd", "hundred", "honderdduizenden", "miljoenen", "miljarden", "millions", "billions")
)  # fmt: skip
# "een paar honderd": the scale word after these is no number of its own
VAGUE_BEFORE = ("enkele", "paar", "few", "couple", "several")

MAJORITY: dict[tuple[str, ...], int] = {
    ("meeste",): 50, ("meerderheid",): 50, ("majority",): 50, ("most", "of"): 50, ("most", "cases"): 50,
    ("veruit", "de", "meeste"): 70, ("overgrote", "deel"): 70, ("overgrote", "meerderheid"): 70,
    ("vast", "majority"): 70, ("overwhelming", "majority"): 70, ("by", "far", "the", "most"): 70,
}  # fmt: skip

_DENIALS = ("geen", "niet", "no", "not")
_ARTICLES = ("de", "het", "een", "the", "a", "an")
_FALSE_FRIENDS = {"nl": ("over",), "en": ()}  # Dutch "over 23 personen" is: about them
_RULE_OF = {tuple(phrase.split()): rule for rule, phrases in HEDGES.items() for phrase in phrases}
_RULE_OF |= {tuple(phrase.split()): "exact" for phrase in PRECISE}
_LONGEST_HEDGE = max(map(len, _RULE_OF))
_SIGNS = {
    "±": "circa",
    "~": "circa",
    "≈": "circa",
    ">": "meer_dan",
    "<": "minder_dan",
    **dict.fromkeys(("≥", ">="), "minstens"),
    **dict.fromkeys(("≤", "<="), "hooguit"),
}


def phrase_at(tokens: Sequence[Token], at: int, phrases: Mapping[tuple[str, ...], T]) -> tuple[T, int] | None:
    """Return what the longest phrase that begins at `at` stands for, and where it ends."""
    for length in (4, 3, 2, 1):
        key = tuple(t.text for t in tokens[at : at + length])
        if len(key) == length and key in phrases:
            return phrases[key], at + length
    return None


def hedge_before(tokens: Sequence[Token], at: int, language: str) -> str:
    """Return the rule of the hedge directly before position `at`, or "none".

    Examples
    --------
    >>> from osw_stats.vocabulary.tokens import tokenise
    >>> hedge_before(tokenise("niet meer dan € 50", "nl"), 4, "nl")
    'hooguit'
    """
    return find_hedge(tokens, at, language)[0]


def find_hedge(tokens: Sequence[Token], at: int, language: str) -> tuple[str, int]:
    """Return the rule of the hedge directly before `at` and where the hedge begins.

    Where there is none: "none" and `at` itself.

    Examples
    --------
    >>> from osw_stats.vocabulary.tokens import tokenise
    >>> find_hedge(tokenise("Er zijn niet meer dan € 50", "nl"), 6, "nl")
    ('hooguit', 2)
    """
    if at and tokens[at - 1].text in _SIGNS:
        return _SIGNS[tokens[at - 1].text], at - 1
    places = _words_before(tokens, at)
    words = [tokens[i].text for i in places]
    for end in (len(words), len(words) - 1 if words and words[-1] in _ARTICLES else 0):
        for length in range(min(_LONGEST_HEDGE, end), 0, -1):
            phrase = tuple(words[end - length : end])
            if phrase in _RULE_OF and phrase[-1] not in _FALSE_FRIENDS[language]:
                return _RULE_OF[phrase], places[end - length]
    return "none", at


_UP, _DOWN = ("ruim", "meer_dan", "minstens"), ("bijna", "minder_dan", "hooguit")
# as outer words these may belong to the sentence: "up to at least 5", "zeker niet meer dan 50", "over almost a year"
_LOOSE = ("tot", "up to", "over", "above", "under", "below", "boven", "onder", "zeker", "exact", "exactly")


def excluded_hedge(tokens: Sequence[Token], at: int, language: str) -> str:
    """Return two hedges before `at` that exclude each other, such as "ruim bijna"; empty where there are none."""
    inner, begins = find_hedge(tokens, at, language)
    if inner == "none":
        return ""
    outer, first = find_hedge(tokens, begins, language)
    words = " ".join(t.text for t in tokens[first:begins])
    apart = (outer in _UP and inner in _DOWN) or (outer in _DOWN and inner in _UP)
    precise = "exact" in (outer, inner) and outer not in ("none", inner)
    if not (apart or precise) or words.rstrip(" ,") in _LOOSE:
        return ""
    return " ".join(t.text for t in tokens[first:at])


def words_before(tokens: Sequence[Token], at: int) -> list[str]:
    """Return the last words before `at`, in order; brackets and currency signs do not count."""
    return [tokens[i].text for i in _words_before(tokens, at)]


def _words_before(tokens: Sequence[Token], at: int) -> list[int]:
    places: list[int] = []
    for i in range(at - 1, max(0, at - _LONGEST_HEDGE - 4) - 1, -1):
        token = tokens[i]
        if token.word and token.text not in CURRENCY:
            places.append(i)
        elif token.text == "." and not places:
            continue  # the full stop of "ca."
        elif token.text not in (*CURRENCY, "(", "[", ",", '"', ":"):
            break
    return places[::-1]


def is_precise_after(tokens: Sequence[Token], at: int) -> bool:
    """Return whether the number that ends at `at` is followed by "om precies te zijn"."""
    while at < len(tokens) and tokens[at].text in (",", "(", ":"):
        at += 1
    following = tuple(t.text for t in tokens[at : at + 4])
    return following == ("om", "precies", "te", "zijn") or following[:3] == ("to", "be", "precise")


def is_period(tokens: Sequence[Token], at: int, end: int) -> bool:
    """Return whether the half at `at` is part of a period, as in "een half jaar"."""
    before = tokens[at - 1].text if at else ""
    after = [t.text for t in tokens[end : end + 2] if t.text != "-"]
    return before in _PERIOD_BEFORE or bool(after and after[0] in _PERIOD_AFTER)


def is_denied(tokens: Sequence[Token], at: int) -> bool:
    """Return whether "geen" or "niet" stands before `at`, an article apart."""
    before = [t.text for t in tokens[max(0, at - 2) : at]]
    if before and before[-1] in _ARTICLES:
        before.pop()
    return bool(before) and before[-1] in _DENIALS


def has_factor(tokens: Sequence[Token], at: int, end: int) -> bool:
    """Return whether a word beside tokens[at:end] multiplies it, as in "tientallen miljoenen"."""
    before = [t.text for t in tokens[max(0, at - 2) : at] if t.text != "of"][-1:]
    after = [t.text for t in tokens[end : end + 2] if t.text != "of"][:1]
    return any(word in _FACTORS for word in before + after)
