"""Words of the capacity page that depend on the data: who named a number, when a need was stated, and by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from osw_stats.analysis.capacity.authorities import FIRST, names_a_number
from osw_stats.report.language import number, when
from osw_stats.report.root import LANGUAGES
from osw_stats.report.sentences import Words
from osw_stats.vocabulary.authorities import AUTHORITIES
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.series import series

NONE = {"nl": "geen", "en": "none"}


def named(count: int) -> Words:
    """Return how many named something, as the verb of a sentence.

    Examples
    --------
    >>> dict(named(0)), dict(named(2))
    ({'nl': 'noemde er geen', 'en': 'none named'}, {'nl': 'noemden er 2', 'en': '2 named'})
    """
    shown = {language: number(count, language) if count else NONE[language] for language in LANGUAGES}
    return Words(f"noemde{'n' if count > 1 else ''} er {shown['nl']}", f"{shown['en']} named", (count,))


def bodies(codes: Sequence[str]) -> dict[str, str]:
    """Return bodies by their short names, or that there are none.

    Examples
    --------
    >>> bodies(["acm", "cvdm"]), bodies([])
    ({'nl': 'ACM en CvdM', 'en': 'ACM and CvdM'}, {'nl': 'geen', 'en': 'none'})
    """
    told = {}
    for language, joined in (("nl", " en "), ("en", " and ")):
        *first, last = [getattr(AUTHORITIES[c], language) for c in codes] or [NONE[language]]
        told[language] = joined.join([", ".join(first), last]) if first else last
    return told


def numbers_named(answers: pd.DataFrame, observations: pd.DataFrame, question: int) -> Words:
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
    return Words(shown["nl"], shown["en"], (len(quotes),), tuple(quotes))


def stated(row: Mapping[str, Any], sources: pd.DataFrame) -> dict[str, str]:
    """Return when a need was stated, in words; the title of its document where the date is not known."""
    if row["said"]:
        return {language: when(row["said"], language) for language in LANGUAGES}
    title = sources.loc[sources["source_id"] == row["document"], "title"].iloc[0]
    return dict.fromkeys(LANGUAGES, f"in “{title}”")


WAITS = {
    "shorter": {"nl": "het wachten dat volgt, is korter", "en": "the wait that follows is shorter"},
    "longer": {"nl": "het wachten dat volgt, is langer", "en": "the wait that follows is longer"},
    "overlap": {"nl": "de speelruimtes overlappen", "en": "the ranges overlap"},
}


def waits(waiting: pd.DataFrame) -> dict[str, str]:
    """Return by year whether the wait that follows (months) is shorter or longer than the one stated (years).

    Examples
    --------
    >>> row = {"year": "2022", "wait_lower": 5.2, "wait_upper": 5.3, "stated_lower": 1.0, "stated_upper": 1.5}
    >>> waits(pd.DataFrame([row]))["en"]
    'the wait that follows is shorter (2022)'
    """
    years: dict[str, list[str]] = {}
    for row in records(waiting):
        shorter, longer = (
            row["wait_upper"] < 12 * row["stated_lower"],
            row["wait_lower"] > 12 * row["stated_upper"],
        )
        years.setdefault("shorter" if shorter else "longer" if longer else "overlap", []).append(row["year"])
    return {
        language: "; ".join(f"{WAITS[how][language]} ({', '.join(of)})" for how, of in years.items())
        for language in LANGUAGES
    }


def published_by(codes: Sequence[str]) -> dict[str, str]:
    """Return which bodies published something, as the verb of a sentence; "published by none" is a statement too."""
    if not codes:
        return {"nl": "publiceerde er in wat wij lazen geen", "en": "none published, in what we read,"}
    named_bodies = bodies(codes)
    return {
        "nl": f"publiceerde{'n' if len(codes) > 1 else ''} alleen {named_bodies['nl']}",
        "en": f"only {named_bodies['en']} published",
    }
