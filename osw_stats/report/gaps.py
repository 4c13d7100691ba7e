"""Figures that are not there, in the words readers see."""

from __future__ import annotations

from typing import Any

import pandas as pd

from osw_stats.report.tables import escape
from osw_stats.report.words import WORDS, word
from osw_stats.vocabulary.series import series

REASONS = WORDS["no_value"] | {
    "no_figure": {
        "nl": "geen cijfer over {year} in wat wij lazen; het laatste is van",
        "en": "no figure for {year} in what we read; the latest is of",
    },
}
NONE = {"nl": "Van deze reeksen ontbreekt geen cijfer.", "en": "No figure of these series is missing."}


def why_no_value(row: dict[str, Any], language: str) -> str:
    """Say why a published figure has no value of its own."""
    return word("no_value", "range_only" if pd.notna(row["lower"]) else row["obs_status"], language)


def gap_line(row: dict[str, Any], year: int, language: str) -> str:
    """Return one line of a list: which figure is missing, and why."""
    about = series(row["series"])
    group = "" if row["sex"] == "total" else f" ({word('sex', row['sex'], language)}, {row['age']})"
    reason = REASONS[row["reason"]][language].format(year=year)
    when = row["time_period"]
    tail = f"{reason} {when}" if row["reason"] == "no_figure" else f"{when}, {reason}"
    return f"- {escape(about.title[language])}{group}: {tail}."
