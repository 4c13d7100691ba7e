"""Facts of the capacity page that are names, dates or quotations."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from osw_stats.errors import NotAskedError
from osw_stats.meaning.authorities import AUTHORITIES
from osw_stats.meaning.numbers import Fact
from osw_stats.meaning.observations import records
from osw_stats.meaning.series import series
from osw_stats.project import LANGUAGES
from osw_stats.stats.capacity.authorities import FIRST, names_a_number
from osw_stats.text.language import number, when
from osw_stats.text.words import joined, phrase


def bodies(codes: Iterable[str]) -> Fact:
    """Return bodies by their short names, each once; NotAskedError if there are none."""
    known = [AUTHORITIES[code] for code in dict.fromkeys(codes)]
    return _listed({language: [getattr(a, language) for a in known] for language in LANGUAGES})


def years(codes: Iterable[str]) -> Fact:
    """Return years as a list in words; NotAskedError if there are none."""
    return _listed(dict.fromkeys(LANGUAGES, tuple(codes)))


def _listed(names: Mapping[str, Sequence[str]]) -> Fact:
    if not any(names.values()):
        raise NotAskedError("nothing to list")
    return Fact({language: joined(known, language) for language, known in names.items()})


def numbers_named(answers: pd.DataFrame, observations: pd.DataFrame, question: int) -> Fact:
    """Return the bodies that gave a number for part of the subject or for more tasks, with their words."""
    # if the number is also in the tidy table, the title of its series says what it counts
    first_coder = (answers["coder"] == FIRST) & (answers["question"] == question)
    coded = answers[first_coder & answers["scope"].isin(["part", "broader"])]
    naming = [row for row in records(coded) if names_a_number(row["quote"])]
    shown = {}
    for language in LANGUAGES:
        words = []
        for row in naming:
            figures = records(observations[observations["source_id"] == row["source_id"]])
            quoted = [f for f in figures if f["as_reported"] and f["as_reported"] in row["quote"]]
            titles = "; ".join(dict.fromkeys(series(f["series_id"]).title[language] for f in quoted))
            body = getattr(AUTHORITIES[row["body"]], language)
            words.append(f"{body}, “{row['quote']}”{f' ({titles})' if titles else ''}")
        listed = f"{number(len(words), language)}: {'; '.join(words)}"
        shown[language] = listed if words else phrase("none", language)
    return Fact(shown, tuple(row["quote"] for row in naming), (len(naming),))


def stated(row: Mapping[str, Any], sources: pd.DataFrame) -> Fact:
    """Return the date a need was stated, in words; the title of its document if the date is unknown."""
    if row["said"]:
        return Fact({language: when(row["said"], language) for language in LANGUAGES})
    title = sources.loc[sources["source_id"] == row["document"], "title"].iloc[0]
    return Fact(dict.fromkeys(LANGUAGES, f"in “{title}”"), quotes=(title,))
