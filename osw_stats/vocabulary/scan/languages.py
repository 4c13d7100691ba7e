"""Which of two languages a sentence is in, by its most common words."""

from __future__ import annotations

import re

from osw_stats.vocabulary.scan.words import words_of

_COMMON = {
    "nl": words_of(
        "aan aantal als begin bij blijkt dan dat de deze die dit door duizend een eind en er geen haar "
        "hebben heeft het hij hun jaar jaren kan kunnen maar meer meldingen met miljoen na naar niet nog "
        "om omdat onder ook op over per procent ruim sinds slachtoffers te tegen ten tot totaal uit van "
        "veel voor waren wel werd werden wij worden wordt ze zich zij zijn "
    ),
    "en": words_of(
        "a about also an and are as at be been between but by cent during every for from had has have her "
        "his it its million more not number of on or our per percent reports since than that the their "
        "there these they this those to under victims we were which while who will with would year years "
        "you "
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
