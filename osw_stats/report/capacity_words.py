"""Facts of the capacity page that are names, days or quoted words: who, when, and in whose words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from osw_stats.analysis.capacity.authorities import FIRST, names_a_number
from osw_stats.errors import NotAskedError
from osw_stats.report.language import number, when
from osw_stats.report.root import LANGUAGES
from osw_stats.vocabulary.authorities import AUTHORITIES
from osw_stats.vocabulary.numbers import Fact
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.series import series

NONE = {"nl": "geen", "en": "none"}
AND = {"nl": " en ", "en": " and "}


def bodies(codes: Iterable[str]) -> Fact:
    """Return bodies by their short names, each once.

    Raises
    ------
    NotAskedError
        If there are none.

    Examples
    --------
    >>> bodies(["acm", "cvdm", "acm"]).value
    {'nl': 'ACM en CvdM', 'en': 'ACM and CvdM'}
    """
    known = [AUTHORITIES[code] for code in dict.fromkeys(codes)]
    return Fact(
        {language: _listed([getattr(a, language) for a in known], language) for language in LANGUAGES}
    )


def years(found: Iterable[str]) -> Fact:
    """Return years as a list in words; NotAskedError if there are none.

    Examples
    --------
    >>> years(["2021", "2022"]).value["en"]
    '2021 and 2022'
    """
    known = list(found)
    return Fact({language: _listed(known, language) for language in LANGUAGES})


def _listed(names: list[str], language: str) -> str:
    if not names:
        raise NotAskedError("nothing to list")
    return AND[language].join([", ".join(names[:-1]), names[-1]]) if names[:-1] else names[-1]


def numbers_named(answers: pd.DataFrame, observations: pd.DataFrame, question: int) -> Fact:
    """Return which bodies named a number for a part of the subject or for more tasks together, and in which words.

    Where the number is a figure of the tidy table as well, the title of its series says what it counts.
    """
    told: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    quotes = []
    coded = answers[(answers["coder"] == FIRST) & (answers["question"] == question)]
    for row in records(coded[coded["scope"].isin(["part", "broader"])]):
        if not names_a_number(row["quote"]):
            continue
        quotes.append(row["quote"])
        known = observations[observations["source_id"] == row["source_id"]]
        figures = [f for f in records(known) if f["as_reported"] and f["as_reported"] in row["quote"]]
        for language in LANGUAGES:
            titles = "; ".join(dict.fromkeys(series(f["series_id"]).title[language] for f in figures))
            what = f" ({titles})" if titles else ""
            told[language].append(f"{getattr(AUTHORITIES[row['body']], language)}, “{row['quote']}”{what}")
    shown = {
        language: f"{number(len(said), language)}: {'; '.join(said)}" if said else NONE[language]
        for language, said in told.items()
    }
    return Fact(shown, tuple(quotes), (len(quotes),))


def stated(row: Mapping[str, Any], sources: pd.DataFrame) -> Fact:
    """Return when a need was stated, in words; the title of its document where the date is not known."""
    if row["said"]:
        return Fact({language: when(row["said"], language) for language in LANGUAGES})
    title = sources.loc[sources["source_id"] == row["document"], "title"].iloc[0]
    return Fact(dict.fromkeys(LANGUAGES, f"in “{title}”"), quotes=(title,))
