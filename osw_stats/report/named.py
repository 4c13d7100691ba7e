"""Ids that are made of several: breakdowns, definitions and terms of use, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from osw_stats.report.words import word
from osw_stats.vocabulary.series import catalogue


def licences(text: str, language: str) -> str:
    """Return the terms of a document in words; figures of several files may stand under several."""
    return ". ".join(word("licence", one, language) for one in text.split(" | "))


def category(breakdown: str, language: str) -> str:
    """Return the words for the part of a breakdown that is meant; a date or a range stands as it is.

    Examples
    --------
    >>> category("concept=needed", "en"), category("months=01-09", "en")
    ('needed', '01-09')
    """
    dimension, _, part = breakdown.partition("=")
    return part if re.fullmatch(r"[\d_-]+", part) else word(dimension, part, language)


def breakdown(text: str, language: str) -> str:
    """Return a breakdown in words: "concept: needed"."""
    return f"{word('dimension', text.partition('=')[0], language)}: {category(text, language)}"


def group_words(row: Mapping[str, str], language: str) -> list[str]:
    """Return what part of a population a figure is of, in words; nothing for all of it."""
    sex, age, part = (row.get(name, "") for name in ("sex", "age", "breakdown"))
    group = [word("sex", sex, language)] if sex not in ("", "total") and not part else []
    group += [age] if age not in ("", "total") else []
    return group + ([breakdown(part, language)] if part else [])


ORDINALS = {
    "nl": ("de eerste", "de tweede", "de derde", "de vierde", "de vijfde", "de zesde"),
    "en": ("the first", "the second", "the third", "the fourth", "the fifth", "the sixth"),
}


def definition(text: str, language: str) -> str:
    """Return in words which definition of its series a definition id means; other text stands as it is.

    Examples
    --------
    >>> definition("cbs_osi_12m.2", "en"), definition("what is counted", "en")
    ('the second, from 2022', 'what is counted')
    """
    found = re.fullmatch(r"(\w+)(?:\.(\d+)(?::(\w+))?|@(\S+))", text)
    if not found or found[1] not in catalogue():
        return text
    if found[4]:  # no two periods of such a series share a definition
        return {"nl": f"die van {found[4]}", "en": f"that of {found[4]}"}[language]
    at, breaks = int(found[2]), catalogue()[found[1]].breaks
    said = ORDINALS[language][at - 1] if at <= len(ORDINALS[language]) else str(at)
    if at > 1:
        said += {"nl": ", vanaf ", "en": ", from "}[language] + breaks[at - 2].at
    elif breaks:
        said += {"nl": ", tot ", "en": ", until "}[language] + breaks[0].at
    return f"{said} ({word('concept', found[3], language)})" if found[3] else said


def definition_words(text: str) -> dict[str, str]:
    """Return which definition of its series a definition id means, in every language."""
    return {language: definition(text, language) for language in ORDINALS}
