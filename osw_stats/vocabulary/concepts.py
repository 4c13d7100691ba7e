"""Which concept a figure of posts or money is stated in, and which of them may meet in a sum or a difference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from osw_stats.errors import InputError

Row = Mapping[str, Any] | pd.Series  # one figure of the tidy table
# the only differences of two concepts: occupied and formation are two sides of one staff, not need and means
GAPS = {("needed", "funded"), ("needed", "supported"), ("needed", "allocated")}
_OF_SERIES = {
    "ap_budget_allocated": "allocated", "cvdm_fte_mean": "occupied", "cvdm_ministry_contribution": "realised",
    "cvdm_supervision_fees": "realised",
}  # fmt: skip


def concept(row: Row) -> str:
    """Return which concept a figure of posts or money is: what the row says, else what its series is."""
    for part in str(row.get("breakdown", "")).split(";"):
        if part.startswith("concept="):
            return part.removeprefix("concept=")
    return _OF_SERIES.get(str(row.get("series_id", "")), "")


def is_growth(row: Row) -> bool:
    """Say whether a figure is growth on what there was, and no total."""
    return str(row["series_id"]).endswith("_growth")


def may_meet(sign: str, one: str, other: str) -> None:
    """Refuse a sum (`+`) or a difference (`-`) of two concepts that do not belong together.

    Raises
    ------
    InputError
        If the concepts differ and are no need and its means; figures without a concept pass.
    """
    if one and other and one != other and not (sign == "-" and (one, other) in GAPS):
        done = {"+": "plus", "-": "minus"}[sign]
        raise InputError(
            f"{one} {done} {other} means nothing: they are different concepts",
            "Add figures of one concept; a difference is a stated need minus what is funded, allocated or endorsed.",
        )
