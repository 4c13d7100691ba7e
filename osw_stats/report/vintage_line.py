"""What a page says of vintages: which one its figures are, how many were revised, and which are absent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from osw_stats.errors import NotPublishedError
from osw_stats.report.edition import Tables
from osw_stats.report.gaps import REASONS
from osw_stats.report.language import day
from osw_stats.report.named import group_words
from osw_stats.report.tables import escape
from osw_stats.vocabulary.numbers import Absent
from osw_stats.vocabulary.observations import matching
from osw_stats.vocabulary.series import series

# a wanted figure that is there is not named: the reader must not look for it in vain
ABSENT = {
    "nl": "Hiervoor ontbreekt in deze editie een cijfer: {what}.",
    "en": "A figure needed here is absent from this edition: {what}.",
}
APART = {
    "nl": "Deze cijfers zijn er, maar tellen niet op dezelfde manier; wij vergelijken ze niet: {what}.",
    "en": "These figures exist but do not count in the same way; we do not compare them: {what}.",
}
LATER = {
    "nl": "op {as_of} nog niet zeker openbaar; zeker sinds {known}",
    "en": "not certainly public on {as_of}; certainly public since {known}",
}


def vintage_line(tables: Tables, revised: int, language: str) -> str:
    """Say which vintage the figures of a page are, and where dates and hashes of all files stand."""
    as_of = day(tables.edition.as_of, language)
    count = (
        {
            "nl": f"{'is' if revised == 1 else 'zijn'} er {revised}",
            "en": f"{revised} {'was' if revised == 1 else 'were'}",
        }
        if revised
        else {"nl": "is er geen", "en": "none was"}
    )
    text = {
        "nl": f"Dit zijn de cijfers zoals ze openbaar waren op {as_of}. Van de cijfers op deze pagina "
        f"{count['nl']} herzien. Datum en controlegetal (hash) van elk bestand staan bij [de gegevens](data.qmd).",
        "en": f"These are the figures as they were public on {as_of}. Of the figures on this page {count['en']} "
        "revised. Date and checksum (hash) of every file stand with [the data](data.qmd).",
    }
    return text[language]


def text_of(error: NotPublishedError | Absent, tables: Tables, language: str) -> str:
    """Return in words which of the wanted figures is really absent, and whether it came later or never."""
    why = {_named(w, language): _absence(w, tables, language) for w in error.wanted}
    gone = [f"{name} ({reason})" for name, reason in why.items() if reason]
    return (ABSENT if gone else APART)[language].format(what="; ".join(gone or why))


def not_yet_public(series_ids: Iterable[str], tables: Tables, language: str) -> list[str]:
    """Return a line for each series of which the edition has no row at all, with the reason."""
    wanted = [{"series_id": s} for s in series_ids if s not in set(tables.observations["series_id"])]
    return [f"- {_named(w, language)}: {_absence(w, tables, language)}." for w in wanted]


def _named(wanted: Mapping[str, str], language: str) -> str:
    """Name a figure by its series, its part and its period."""
    parts = [series(wanted["series_id"]).title[language], *group_words(wanted, language)]
    return f"*{escape(', '.join([*parts, wanted.get('time_period', '')]).removesuffix(', '))}*"


def _absence(wanted: Mapping[str, str], tables: Tables, language: str) -> str:
    """Say why an edition lacks a figure; nothing where it has it."""
    seen = tables.observations[matching(tables.observations, wanted)]
    if seen["obs_value"].notna().any():
        return ""
    known = tables.vintages[matching(tables.vintages, wanted)]
    later = known[known["obs_value"].notna() & (known["role"] == "main")]["known_by"].min()
    if isinstance(later, str):
        days = {"as_of": tables.edition.as_of, "known": date.fromisoformat(later)}
        return LATER[language].format(**{name: day(value, language) for name, value in days.items()})
    if seen["lower"].notna().any():
        return REASONS["range_only"][language]
    return REASONS[seen["obs_status"].iloc[0] if len(seen) else "not_found"][language]
