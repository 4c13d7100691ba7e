"""Figures that are not there, in the words readers see."""

from __future__ import annotations

from typing import Any

from osw_stats.report.tables import escape
from osw_stats.report.words import Text, word
from osw_stats.vocabulary.series import series

REASONS = {
    "withheld": {"nl": "de uitgever houdt dit cijfer achter", "en": "withheld by the publisher"},
    "not_applicable": {"nl": "kan niet voorkomen", "en": "cannot occur"},
    "not_registered": {"nl": "volgens de bron niet geteld", "en": "not counted, according to the source"},
    "not_found": {"nl": "stond niet in wat wij lazen", "en": "was not in what we read"},
    "range_only": {"nl": "alleen als bandbreedte gepubliceerd", "en": "published as a range only"},
    "no_figure": {
        "nl": "geen cijfer over {year} in wat wij lazen; het laatste is van",
        "en": "no figure for {year} in what we read; the latest is of",
    },
}
NONE = {"nl": "Van deze reeksen ontbreekt geen cijfer.", "en": "No figure of these series is missing."}


def whether_found(found: bool) -> Text:
    """Say whether what we read holds a figure: "a count of all these {was not in what we read}"."""
    return (
        {"nl": "stond wel in wat wij lazen", "en": "was in what we read"} if found else REASONS["not_found"]
    )


def gap_line(row: dict[str, Any], year: int, language: str) -> str:
    """Return one line of a list: which figure is missing, and why."""
    about = series(row["series"])
    group = "" if row["sex"] == "total" else f" ({word(row['sex'], language)}, {row['age']})"
    reason = REASONS[row["reason"]][language].format(year=year)
    when = row["time_period"]
    tail = f"{reason} {when}" if row["reason"] == "no_figure" else f"{when}, {reason}"
    return f"- {escape(about.title[language])}{group}: {tail}."
