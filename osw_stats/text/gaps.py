"""Figures that are not there, in the words readers see: which, and why."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from osw_stats.data.edition import Tables
from osw_stats.meaning.numbers import Number
from osw_stats.meaning.observations import matching, records, wording_kind
from osw_stats.meaning.series import catalogue, series
from osw_stats.meaning.units import unit
from osw_stats.text.language import Said, day, period_words
from osw_stats.text.tables import escape
from osw_stats.text.words import WORDS, filled, group_words, phrase, word

REASONS = WORDS["no_value"]


def why_no_value(row: dict[str, Any], language: str) -> str:
    """Return why a published figure has no value of its own."""
    return word("no_value", "range_only" if pd.notna(row["lower"]) else row["obs_status"], language)


def why_not_shown(row: dict[str, Any], language: str) -> str:
    """Return why a figure is left out; nothing where it is shown."""
    return WORDS["suppressed"].get(str(row["suppression_reason"]), {}).get(language, "")


def gap_lines(missing: pd.DataFrame, year: int, language: str) -> list[str]:
    """Return a line of a list for each missing figure: which it is, and why."""
    lines = []
    for row in records(missing):
        group = "" if row["sex"] == "total" else f" ({word('sex', row['sex'], language)}, {row['age']})"
        reason, when = filled(word("no_value", row["reason"], language), year=year), row["time_period"]
        text = f"{reason} {when}" if row["reason"] == "no_figure" else f"{when}, {reason}"
        lines.append(f"- {escape(series(row['series']).title[language])}{group}: {text}.")
    return lines


def without_rows(series_ids: Iterable[str], tables: Tables, language: str) -> list[str]:
    """Return a line for each series of which the edition has no row at all, with the reason."""
    absent = [{"series_id": s} for s in series_ids if s not in set(tables.observations["series_id"])]
    return [f"- {_named(figure, language)}: {_absence(figure, tables, language)}." for figure in absent]


def absence(wanted: Iterable[Mapping[str, str]], tables: Tables, language: str) -> str:
    """Return which wanted figures are really absent, whether they came later, and the last one there is."""
    gone, there = [], []
    for figure in wanted:
        reason = _absence(figure, tables, language)
        if reason:
            more = (_parts(figure, tables, language), _last(figure, tables, language))
            reason = "; ".join(filter(None, [reason, *more]))
            gone.append(f"{_named(figure, language)} ({reason})")
        there.append(_named(figure, language))
    return phrase("absent" if gone else "apart", language, what="; ".join(dict.fromkeys(gone or there)))


def _of_group(figure: Mapping[str, str], tables: Tables, ids: Iterable[str]) -> pd.DataFrame:
    """Return the figures of series for the group of a figure, everyone's unless it names one."""
    group = {"sex": "total", "age": "total", "breakdown": ""} | dict(figure)
    group = {key: group[key] for key in group if key not in ("series_id", "time_period")}
    rows = tables.observations[matching(tables.observations, group)]
    return rows[rows["series_id"].isin(ids)]


def _parts(figure: Mapping[str, str], tables: Tables, language: str) -> str:
    """Name the halves, quarters or months of the absent year of which there is a figure; nothing without one."""
    ids = [s.series_id for s in catalogue().values() if figure["series_id"] in (s.series_id, s.part_of)]
    rows = _of_group(figure, tables, ids)
    parts = rows["time_period"].str.startswith(f"{figure.get('time_period', '-')}-")
    periods = sorted(set(rows.loc[parts & rows["obs_value"].notna(), "time_period"]))
    named = ", ".join(period_words(period, language) for period in periods)
    return phrase("parts_there", language, periods=named) if named else ""


def _last(figure: Mapping[str, str], tables: Tables, language: str) -> str:
    """Return the last figure before the absent period, everyone's, as it was printed; nothing without one."""
    period = figure.get("time_period", "")
    rows = _of_group(figure, tables, [figure["series_id"]])
    before = rows["time_period"].lt(period) & rows["time_period"].str.len().eq(len(period))
    rows = rows[before & rows["obs_value"].notna() & rows["obs_status"].ne("derived")]
    if rows.empty:
        return ""
    last = max(records(rows), key=lambda row: str(row["time_period"]))
    value, unit_, low, high = (last[name] for name in ("obs_value", "unit_measure", "lower", "upper"))
    ids = (str(last["obs_id"]),)
    said = Said(Number(value, unit_, low, high, wording_kind(last), ids, "as published", "A"), language)
    printed = 1.0 if said.printed_whole() else 0.1  # what the digits of a share leave open by themselves
    exact = high - low <= (printed + 1e-9 if unit(unit_).kind == "share" else 0.0)
    when, key = period_words(last["time_period"], language), "last" if exact else "last_rounded"
    return phrase(key, language, value=f"{said}", period=when)


def _named(figure: Mapping[str, str], language: str) -> str:
    """Name a figure by its series, its part and its period."""
    parts = [series(figure["series_id"]).title[language], *group_words(figure, language)]
    return f"*{escape(', '.join([*parts, figure.get('time_period', '')]).removesuffix(', '))}*"


def _absence(figure: Mapping[str, str], tables: Tables, language: str) -> str:
    """Return why an edition lacks a figure; nothing where it has it."""
    rows = tables.observations[matching(tables.observations, figure)]
    if rows["obs_value"].notna().any():
        return ""
    vintages = tables.vintages[matching(tables.vintages, figure)]
    later = vintages[vintages["obs_value"].notna() & (vintages["role"] == "main")]["known_by"].min()
    if isinstance(later, str):
        as_of, known = day(tables.edition.as_of, language), day(date.fromisoformat(later), language)
        return phrase("later", language, as_of=as_of, known=known)
    if rows["lower"].notna().any():
        return word("no_value", "range_only", language)
    return word("no_value", rows["obs_status"].iloc[0] if len(rows) else "not_found", language)
