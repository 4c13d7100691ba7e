"""What a report can say: a number with its interval and what it rests on, a fact, or that something is absent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.yamlfile import read_yaml

INTERVAL_WORDS: dict[str, dict[str, str]] = read_yaml(Path(__file__).with_name("intervals.yml"))


def interval_columns(row: Mapping[str, Any]) -> tuple[str, str]:
    """Return the columns that hold the interval a row has: what rounding leaves open is kept apart from a margin."""
    if "ci_lower" in row and row["interval_kind"] not in ("rounding", "none"):
        return "ci_lower", "ci_upper"
    return ("box_lower", "box_upper") if "box_lower" in row else ("lower", "upper")


@dataclass(frozen=True)
class Number:
    """One number that a sentence may say."""

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
    before: str = ""  # the period it is held against
    basis: str = ""  # published, rounded, implied or derived; empty where that is not told apart
    verdict: str = ""  # of the analysis, a key of publish/pages/verdicts.yml; no page works it out

    def __post_init__(self) -> None:
        if self.interval_kind not in INTERVAL_WORDS:
            raise ValueError(f"unknown kind of interval: {self.interval_kind}")
        if not self.observations:
            raise ValueError("an estimate must name the observations it rests on")

    @classmethod
    def from_row(
        cls, row: Mapping[str, Any], value: str = "value", lower: str = "", upper: str = "", **about: str
    ) -> "Number":
        """Take one number out of a row with `unit`, `interval_kind`, `observations`, `method` and `grade`."""
        columns = interval_columns(row)
        limits = (row.get(lower or columns[0]), row.get(upper or columns[1]))
        low, high = (None if pd.isna(limit) else float(limit) for limit in limits)
        ids = tuple(str(row["observations"]).split())
        kind, method, grade = str(row["interval_kind"]), str(row["method"]), str(row["grade"])
        return cls(float(row[value]), str(row["unit"]), low, high, kind, ids, method, grade, **about)

    def __bool__(self) -> bool:
        """Say yes: a number that is there is there, whatever its value; `Absent` says no."""
        return True


@dataclass(frozen=True)
class Fact:
    """What a sentence may say that is no result with a margin: a day, a count of ours, a source's own words."""

    value: date | int | Mapping[str, str]  # a number: a year, a constant of the method, how many there are
    quotes: tuple[str, ...] = ()  # the parts of the words that are a source's own
    counts: tuple[int, ...] = ()  # the counts that the words say


@dataclass(frozen=True)
class Absent:
    """What an edition does not hold: in a test of a page it is false."""

    code: str  # not_published, not_estimable, or not_asked for an optional part that nobody asked for
    message: str = ""  # of the error that said so, for who runs the notebook
    series_id: str = ""  # the first that was not published
    wanted: tuple[Mapping[str, str], ...] = ()  # every figure looked for, as columns of the tidy table

    def __bool__(self) -> bool:
        """Say no."""
        return False


def coding_grade(coders: int) -> str:
    """Return the grade of a tally of what readers coded: E of several, F of one; it is no count of anything else."""
    return "E" if coders > 1 else "F"
