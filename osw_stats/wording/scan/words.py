"""Words for the units of numbers and the language of sentences, from words.yml."""

import re
from pathlib import Path

from osw_stats.wording.words import by_word
from osw_stats.yamlfile import read_yaml

WORDS = read_yaml(Path(__file__).with_name("words.yml"))
SETS = {name: frozenset(words.split()) for name, words in WORDS.items() if isinstance(words, str)}
DURATIONS, RATIO_WORDS = by_word(WORDS["durations"]), by_word(WORDS["ratio_words"])
MULTIPLES = {word: (times, before.split()) for word, (times, before) in WORDS["multiples"].items()}
RATIO_ENDINGS = tuple(WORDS["ratio_endings"].split())
VAGUE = {tuple(phrase.split()): (low, high) for phrase, (low, high) in WORDS["vague"].items()}
_NL, _EN = (frozenset(WORDS["common"][language].split()) for language in ("nl", "en"))
_WORD = re.compile(r"[a-z']+")
_ENOUGH = 4000  # characters, enough to decide


def language_of(text: str, otherwise: str) -> str:
    """Return "nl" or "en" from the most common words of a text; `otherwise` if they do not decide.

    >>> language_of("In 2024, the government has allocated 27.5 million euros.", "nl")
    'en'
    """
    words = _WORD.findall(text[:_ENOUGH].lower())
    nl, en = (sum(word in of_language for word in words) for of_language in (_NL - _EN, _EN - _NL))
    if nl == en:
        return otherwise
    return "nl" if nl > en else "en"
