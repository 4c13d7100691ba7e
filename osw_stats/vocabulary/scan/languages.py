"""Which of two languages a sentence is in, by its most common words."""

from __future__ import annotations

import re

_COMMON = {
    "nl": frozenset(
        [
            "de",
            "het",
            "een",
            "van",
            "dat",
            "die",
            "op",
            "te",
            "zijn",
            "met",
            "voor",
            "niet",
            "aan",
            "er",
            "om",
            "ook",
            "als",
            "bij",
            "nog",
            "naar",
            "door",
            "uit",
            "maar",
            "werd",
            "worden",
            "heeft",
            "hebben",
            "wordt",
            "zich",
            "dit",
            "deze",
            "tot",
            "meer",
            "geen",
            "en",
            "over",
            "kan",
            "kunnen",
            "dan",
            "wel",
            "veel",
            "jaar",
            "waren",
            "onder",
            "na",
            "ruim",
            "procent",
            "miljoen",
            "duizend",
            "sinds",
            "tegen",
            "omdat",
            "deze",
            "ten",
            "per",
            "hun",
            "haar",
            "zij",
            "hij",
            "wij",
            "ze",
            "eind",
            "begin",
            "blijkt",
            "aantal",
            "totaal",
            "werden",
            "jaren",
            "meldingen",
            "slachtoffers",
        ]
    ),
    "en": frozenset(
        [
            "the",
            "of",
            "and",
            "to",
            "for",
            "with",
            "that",
            "on",
            "are",
            "by",
            "this",
            "from",
            "have",
            "has",
            "were",
            "which",
            "as",
            "at",
            "be",
            "an",
            "it",
            "not",
            "or",
            "their",
            "more",
            "been",
            "who",
            "will",
            "its",
            "than",
            "these",
            "those",
            "there",
            "about",
            "per",
            "cent",
            "but",
            "also",
            "would",
            "had",
            "year",
            "years",
            "while",
            "since",
            "percent",
            "million",
            "between",
            "during",
            "reports",
            "victims",
            "number",
            "a",
            "under",
            "every",
            "they",
            "his",
            "her",
            "our",
            "we",
            "you",
        ]
    ),
}
_SHARED = _COMMON["nl"] & _COMMON["en"]
_ONLY = {language: words - _SHARED for language, words in _COMMON.items()}
_WORD = re.compile(r"[a-z']+")
_ENOUGH = 4000  # characters; more tell nothing new


def language_of(text: str, otherwise: str) -> str:
    """Return "nl" or "en"; `otherwise` where the words of the text do not tell.

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
