"""Results for a report: a number with its interval and sources, a fact, or an absence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.yamlfile import read_yaml

INTERVAL_WORDS: dict[str, dict[str, str]] = read_yaml(Path(__file__).with_name("intervals.yml"))


def interval_columns(row: Mapping[str, Any]) -> tuple[str, str]:
    """Return the columns with the interval of a row: a rounding interval is kept apart from a margin."""
    if "ci_lower" in row and row["interval_kind"] not in ("rounding", "none"):
        return "ci_lower", "ci_upper"
    return ("box_lower", "box_upper") if "box_lower" in row else ("lower", "upper")


@dataclass(frozen=True)
class Number:
    """One number for a sentence."""

    value: float
    unit: str
    lower: float | None  # both None where no interval exists
    upper: float | None
    interval_kind: str  # a key of INTERVAL_WORDS
    observations: tuple[str, ...]  # ids of the published figures it rests on; never empty
    method: str  # how it was computed, in one line
    # evidence: A full count or probability sample, B one bridging assumption, C several assumptions, D a single
    # quotation without traceable source, E and F a reader's judgement
    grade: str
    period: str = ""
    before: str = ""  # the period it is compared with
    basis: str = ""  # published, rounded, implied or derived; empty where not distinguished
    verdict: str = ""  # of the analysis, a key of publish/pages/verdicts.yml; never computed by a page

    def __post_init__(self) -> None:
        if self.interval_kind not in INTERVAL_WORDS:
            raise ValueError(f"unknown kind of interval: {self.interval_kind}")
        if not self.observations:
            raise ValueError("an estimate must name the observations it rests on")

    @classmethod
    def from_row(
        cls, row: Mapping[str, Any], value: str = "value", lower: str = "", upper: str = "", **about: str
    ) -> "Number":
        """Return one number from a row with `unit`, `interval_kind`, `observations`, `method` and `grade`."""
        columns = interval_columns(row)
        limits = (row.get(lower or columns[0]), row.get(upper or columns[1]))
        low, high = (None if pd.isna(limit) else float(limit) for limit in limits)
        ids = tuple(str(row["observations"]).split())
        kind, method, grade = str(row["interval_kind"]), str(row["method"]), str(row["grade"])
        return cls(float(row[value]), str(row["unit"]), low, high, kind, ids, method, grade, **about)

    def __bool__(self) -> bool:
        """Return True, whatever the value, unlike `Absent`."""
        return True


@dataclass(frozen=True)
class Fact:
    """A value for a sentence without a margin: a day, a count of ours, a quotation."""

    value: date | int | Mapping[str, str]  # a number: a year, a constant of the method, how many there are
    quotes: tuple[str, ...] = ()  # the parts of the words that are quotations
    counts: tuple[int, ...] = ()  # the counts stated in the words


@dataclass(frozen=True)
class Absent:
    """A result that an edition lacks; false in a condition on a page."""

    code: str  # not_published, not_estimable, or not_asked for an optional part that nobody asked for
    message: str = ""  # of the error, for whoever runs the notebook
    series_id: str = ""  # the first unpublished series
    wanted: tuple[Mapping[str, str], ...] = ()  # every figure sought, as columns of the tidy table

    def __bool__(self) -> bool:
        """Return False."""
        return False


def coding_grade(coders: int) -> str:
    """Return the grade of a tally of readers' codes: E for several readers, F for one."""
    return "E" if coders > 1 else "F"
