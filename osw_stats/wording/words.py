"""The words around a printed figure: hedges, units, fractions, vague counts (listed in words.yml)."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from osw_stats.wording.tokens import Token, text_at
from osw_stats.yamlfile import read_yaml

T = TypeVar("T")


def both(entry: Mapping[str, Any]) -> list[str]:
    """Return the words of all languages: a list holds phrases, a text holds words."""
    lists = (words.split() if isinstance(words, str) else words for words in entry.values())
    return [word for words in lists for word in words]


def by_word(entry: Mapping[Any, str]) -> dict[str, Any]:
    """Return the key of each word."""
    return {word: key for key, words in entry.items() for word in words.split()}


def phrases(entry: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, ...], Any]:
    """Return the value of each phrase in all languages, by its words."""
    return {tuple(phrase.split()): value for by in entry.values() for phrase, value in by.items()}


def ordinal_fractions() -> dict[tuple[str, ...], tuple[int, int]]:
    """Return the fractions of a numeral and an ordinal: "een twaalfde", "seven tenths"."""
    parts: dict[tuple[str, ...], tuple[int, int]] = {}
    for language, rules in WORDS["ordinals"].items():
        low = WORDS["numerals"][language]["low"].split()
        for k in range(3, len(low)):
            part = rules["own"].get(k) or low[k] + rules["ending"]
            parts |= {(article, part): (1, k) for article in rules["one"].split()}
            parts |= {(low[m], word): (m, k) for m in range(2, k) for word in (part, part + rules["plural"])}
    return parts


WORDS = read_yaml(Path(__file__).with_name("words.yml"))
HEDGES: dict[str, tuple[str, ...]] = {rule: tuple(both(entry)) for rule, entry in WORDS["hedges"].items()}
LITERAL = frozenset(WORDS["literal"].split())
SCALES: dict[str, int] = WORDS["scales"]["nl"] | WORDS["scales"]["en"]
_WRITTEN_OUT = {word for numerals in WORDS["numerals"].values() for word in numerals["multipliers"]}
ABBREVIATED = SCALES.keys() - _WRITTEN_OUT  # a full stop may follow these: "mln."
PERCENT = tuple(both(WORDS["percent"]))
CURRENCY = by_word(WORDS["currency"])  # unit of money by its words
# units that may stand between the two numbers of a range, or glued to a number
UNIT_WORDS = {*CURRENCY, *PERCENT, *WORDS["fte"].split(), "%"}
YEAR_BEFORE, VAGUE_BEFORE, PERIOD_BEFORE, PERIOD_AFTER, _DENIALS, _ARTICLES = (
    frozenset(both(WORDS[name]))
    for name in ("year_before", "vague_before", "period_before", "period_after", "denials", "articles")
)
EARLY_YEAR_BEFORE, _DEFINITE, _PREPOSITIONS, _TAKES_PREPOSITION = (
    frozenset(both(WORDS[name]))
    for name in ("early_year_before", "definite", "prepositions", "takes_preposition")
)
MAJORITY: dict[tuple[str, ...], int] = phrases(WORDS["majority"])
FRACTIONS = {phrase: (int(part[0]), int(part[2:])) for phrase, part in phrases(WORDS["fractions"]).items()}
FRACTIONS |= ordinal_fractions()
FRACTIONS |= {(k[0], "-", k[1]): part for k, part in FRACTIONS.items() if len(k) == 2}
_PLURALS = phrases(WORDS["plurals"])
_FEW = {("enkele", *word): ends for word, ends in _PLURALS.items()}
VAGUE = {phrase: tuple(ends) for phrase, ends in (_PLURALS | _FEW | phrases(WORDS["vague"])).items()}
# next to one of these a vague count is a product, which no rule covers
FACTORS = {word for (word,) in _PLURALS}.union(SCALES, both(WORDS["factors"]))
UP, DOWN = (WORDS["opposite"][way].split() for way in ("up", "down"))
_RULE_OF = {tuple(phrase.split()): rule for rule, of_rule in HEDGES.items() for phrase in of_rule}
_RULE_OF |= {tuple(phrase.split()): "exact" for phrase in both(WORDS["exact"])}
_LONGEST_HEDGE = max(map(len, _RULE_OF))
_ENDS = {phrase[-1] for phrase in _RULE_OF} | _ARTICLES
_BETWEEN = {*CURRENCY, *'([,":'}  # tokens allowed between a hedge and its number


def phrase_at(tokens: Sequence[Token], at: int, phrases: Mapping[tuple[str, ...], T]) -> tuple[T, int] | None:
    """Return the value of the longest phrase that begins at `at`, and its end."""
    for length in (4, 3, 2, 1):
        key = tuple(t.text for t in tokens[at : at + length])
        if len(key) == length and key in phrases:
            return phrases[key], at + length
    return None


def find_hedge(tokens: Sequence[Token], at: int, language: str) -> tuple[str, int]:
    """Return the rule of the hedge directly before `at` and the start of the hedge; "none" and `at` without one."""
    sign = WORDS["hedge_signs"].get(text_at(tokens, at - 1))
    if sign:
        return sign, at - 1
    nearest = places_before(tokens, at, 1)
    if not nearest or tokens[nearest[0]].text not in _ENDS:
        return "none", at
    places = places_before(tokens, at)
    words = [tokens[i].text for i in places]
    for end in (len(words), len(words) - 1 if words and words[-1] in _ARTICLES else 0):
        for length in range(min(_LONGEST_HEDGE, end), 0, -1):
            phrase, start = tuple(words[end - length : end]), places[end - length]
            if phrase not in _RULE_OF or phrase[-1] == WORDS["no_hedge"][language]:
                continue
            definite = end < len(words) and words[-1] in _DEFINITE
            compared = _compares(tokens, phrase, start, at, definite)
            return ("none", at) if compared else (_RULE_OF[phrase], start)
    return "none", at


def hedge_after(tokens: Sequence[Token], at: int) -> str:
    """Return the rule of "+" or "of meer" after a number that ends at `at`; "none" without one."""
    if text_at(tokens, at) == "+" and tokens[at].glued:
        return "minstens"
    while text_at(tokens, at) in UNIT_WORDS:
        at += 1
    hedge = WORDS["after"].get(text_at(tokens, at + 1), "none")
    return hedge if text_at(tokens, at) in ("of", "or") else "none"


def _compares(tokens: Sequence[Token], phrase: tuple[str, ...], start: int, at: int, definite: bool) -> bool:
    """Return whether a hedge is no bound: "fewer than the 310" compares, "about 7 types" names a subject."""
    if phrase[-1] in _PREPOSITIONS and text_at(tokens, start - 1) in _TAKES_PREPOSITION:
        return True
    before, figure = text_at(tokens, start - 1), tokens[at].digits or tokens[at].text in CURRENCY
    than = _RULE_OF[phrase] in ("meer_dan", "minder_dan") and phrase[-1] in ("dan", "than")
    percent = before in ("%", *PERCENT, *WORDS["percent_words"].split())
    if percent and phrase[-1] in ("above", "below", "boven"):
        return True
    return figure and than and (definite or percent or before[:1].isdigit())


def excluded_hedge(tokens: Sequence[Token], at: int, language: str) -> str:
    """Return two contradictory hedges before `at`, such as "ruim bijna"; empty if there are none."""
    inner, begins = find_hedge(tokens, at, language)
    if inner == "none":
        return ""
    outer, first = find_hedge(tokens, begins, language)
    words = " ".join(t.text for t in tokens[first:begins])
    apart = (outer in UP and inner in DOWN) or (outer in DOWN and inner in UP)
    precise = "exact" in (outer, inner) and outer not in ("none", inner)
    if not (apart or precise) or words.rstrip(" ,") in WORDS["loose"]:
        return ""
    return " ".join(t.text for t in tokens[first:at])


def is_currency(tokens: Sequence[Token], at: int) -> bool:
    """Return whether a token is a currency; "us" is one only before another, otherwise a pronoun."""
    text = text_at(tokens, at)
    return text in CURRENCY and (text != "us" or text_at(tokens, at + 1) in CURRENCY)


def places_before(tokens: Sequence[Token], at: int, most: int = 99) -> list[int]:
    """Return the places of the last `most` words before `at`, in order, skipping brackets and currency signs."""
    places: list[int] = []
    for i in range(at - 1, max(0, at - _LONGEST_HEDGE - 4) - 1, -1):
        token = tokens[i]
        if token.word and not is_currency(tokens, i):
            places.append(i)
            if len(places) == most:
                break
        elif token.text == "." and not places:
            continue  # the full stop of "ca."
        elif token.text not in _BETWEEN:
            break
    return places[::-1]


def is_denied(tokens: Sequence[Token], at: int) -> bool:
    """Return whether "geen" or "niet" precedes `at`, ignoring an article."""
    before = at - 1 - (text_at(tokens, at - 1) in _ARTICLES)
    return text_at(tokens, before) in _DENIALS
