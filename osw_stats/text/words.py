"""The words readers see: for codes, for compound ids, and phrases; YAML has both languages."""

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

from osw_stats.errors import OswError, shown
from osw_stats.meaning.series import catalogue
from osw_stats.project import LANGUAGES
from osw_stats.yamlfile import read_yaml

Text = dict[str, str]
WORDS: dict[str, dict[str, Text]] = read_yaml(Path(__file__).with_name("words.yml"))
PHRASES: dict[str, Text] = read_yaml(Path(__file__).with_name("phrases.yml"))
ENDINGS = re.compile(r"\[(\w+):([^|\]]*)\|([^\]]*)\]")  # [n:one|more]
# the pages of the notebooks, in the order of the start page, and the question each answers
QUESTIONS: dict[str, Text] = dict(islice(WORDS["page"].items(), 4))


def word(kind: str, code: object, language: str) -> str:
    """Return the words for an id of a kind, such as a sex; OswError if there are none: no reader is shown an id."""
    return words_of(kind, code)[language]


def words_of(kind: str, code: object) -> Text:
    """Return the words for an id of a kind by language; see `word`."""
    if str(code) in WORDS[kind]:
        return WORDS[kind][str(code)]
    raise OswError(
        f'words: "{shown(code)}" is no {kind} that readers have words for. Add it in both languages to '
        f'"{kind}" in osw_stats/text/words.yml, or mend the row it comes from.'
    )


def filled(text: str, /, **parts: object) -> str:
    """Fill in a text; "[n:one|many]" becomes the first word if n is printed as 1, else the second."""
    chosen = ENDINGS.sub(lambda m: m[2] if str(parts[m[1]]) == "1" else m[3], text)
    return chosen.format(**parts)


def phrase(key: str, language: str, **parts: object) -> str:
    """Return a phrase with its parts filled in."""
    return filled(PHRASES[key][language], **parts)


def joined(parts: Sequence[str], language: str) -> str:
    """Return "a, b en c"."""
    return phrase("and", language).join([", ".join(parts[:-1]), *parts[-1:]] if len(parts) > 1 else parts)


def licences(text: str, language: str) -> str:
    """Return the licence terms of a document in words; its files may have different ones."""
    return ". ".join(word("licence", code, language) for code in text.split(" | "))


def category(breakdown: str, language: str) -> str:
    """Return the words for the category of a breakdown; a date or a range is unchanged."""
    dimension, _, part = breakdown.partition("=")
    return part if re.fullmatch(r"[\d_-]+", part) else word(dimension, part, language)


def breakdown(text: str, language: str) -> str:
    """Return a breakdown in words: "concept: needed"."""
    return f"{word('dimension', text.partition('=')[0], language)}: {category(text, language)}"


def group_words(row: Mapping[str, str], language: str) -> list[str]:
    """Return the part of the population that a figure covers, in words; empty for all of it."""
    sex, age, part = (row.get(name, "") for name in ("sex", "age", "breakdown"))
    group = [word("sex", sex, language)] if sex not in ("", "total") and not part else []
    group += [age] if age not in ("", "total") else []
    return group + ([breakdown(part, language)] if part else [])


def definition(text: str, language: str) -> str:
    """Return a definition id in words, by its order in the series; other text is unchanged."""
    parts = re.fullmatch(r"(\w+)(?:\.(\d+)(?::(\w+))?|@(\S+))", text)
    if not parts or parts[1] not in catalogue():
        return text
    if parts[4]:  # no two periods of such a series share a definition
        return phrase("definition_of", language, period=parts[4])
    at, breaks = int(parts[2]), catalogue()[parts[1]].breaks
    words = WORDS["ordinal"].get(parts[2], {}).get(language, parts[2])
    if at > 1:
        words = phrase("definition_from", language, which=words, day=breaks[at - 2].at)
    elif breaks:
        words = phrase("definition_until", language, which=words, day=breaks[0].at)
    return f"{words} ({word('concept', parts[3], language)})" if parts[3] else words


def definition_words(text: str) -> dict[str, str]:
    """Return a definition id in words, in every language."""
    return {language: definition(text, language) for language in LANGUAGES}
