"""Words that tell what a number counts and in which language a sentence is; they stand in words.yml."""

from __future__ import annotations

import re
from pathlib import Path

from osw_stats.wording.words import WORDS as AROUND
from osw_stats.yamlfile import read_yaml

WORDS = read_yaml(Path(__file__).with_name("words.yml"))


def _words(name: str) -> frozenset[str]:
    return frozenset(WORDS[name].split())


# word -> unit of a duration
DURATIONS = {word: unit for unit, words in WORDS["durations"].items() for word in words.split()}
CURRENCY_UNITS = {word: unit for unit, words in AROUND["currency"].items() for word in words.split()}
RATIO_WORDS = {word: value for value, words in WORDS["ratio_words"].items() for word in words.split()}
VAGUE = {tuple(phrase.split()): (low, high) for phrase, (low, high) in WORDS["vague"].items()}
FRACTIONS = {tuple(phrase.split()): int(part[2:]) for phrase, part in WORDS["fractions"].items()}  # 1/k: k
CHANGES = tuple(WORDS["changes"].split())
PERCENT, POINTS, FTE = _words("percent"), _words("points"), _words("fte")
TIME_ADJECTIVES, TIME_AFTER, TIME_BEFORE = (
    _words("time_adjectives"),
    _words("time_after"),
    _words("time_before"),
)
PEOPLE, AGE_BEFORE, AGE_AFTER = _words("people"), _words("age_before"), _words("age_after")
NOT_NOUNS, ADJECTIVES, COUNTED = _words("not_nouns"), _words("adjectives"), _words("counted")
TIMES, RATIO_AFTER, SHARING, PER = _words("times"), _words("ratio_after"), _words("sharing"), _words("per")
ORDINALS, LASTING, PROGRAMMES = _words("ordinals"), _words("lasting"), _words("programmes")
MONEY_BEFORE = _words("money_before")

_COMMON = {language: frozenset(words.split()) for language, words in WORDS["common"].items()}
_ONLY = {language: words - _COMMON["en" if language == "nl" else "nl"] for language, words in _COMMON.items()}
_WORD = re.compile(r"[a-z']+")
_ENOUGH = 4000  # characters; more tell nothing new


def language_of(text: str, otherwise: str) -> str:
    """Return "nl" or "en" by the most common words of a text; `otherwise` where they do not tell.

    Examples
    --------
    >>> language_of("In 2024, the government has allocated 27.5 million euros.", "nl")
    'en'
    >>> language_of("Tabel 3", "nl")
    'nl'
    """
    words = _WORD.findall(text[:_ENOUGH].lower())
    nl, en = (sum(word in _ONLY[language] for word in words) for language in ("nl", "en"))
    if nl == en:
        return otherwise
    return "nl" if nl > en else "en"
