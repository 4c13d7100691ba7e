"""The words readers see for codes; they stand in `words.yml`, both languages side by side."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from osw_stats.errors import OswError, shown
from osw_stats.yamlfile import read_yaml

Text = dict[str, str]
WORDS: dict[str, dict[str, Text]] = read_yaml(Path(__file__).with_name("words.yml"))
# the pages of the notebooks, in the order of the start page, and what each answers
QUESTIONS: dict[str, Text] = dict(islice(WORDS["page"].items(), 4))


def word(kind: str, code: object, language: str) -> str:
    """Return the words for an id of a kind, such as a sex; OswError without: no reader is shown the id itself."""
    return words_of(kind, code)[language]


def words_of(kind: str, code: object) -> Text:
    """Return the words for an id of a kind by language; see `word`."""
    known = WORDS[kind]
    if str(code) not in known:
        raise OswError(
            f'words: "{shown(code)}" is no {kind} that readers have words for. Add it in both languages to '
            f'"{kind}" in osw_stats/text/words.yml, or mend the row it comes from.'
        )
    return known[str(code)]
