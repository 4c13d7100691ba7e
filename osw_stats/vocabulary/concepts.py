"""Which concept a figure of posts or money is stated in, and which of them may meet in a sum or a difference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.vocabulary.series import catalogue

Row = Mapping[str, Any] | pd.Series  # one figure of the tidy table
# the only differences of two concepts: occupied and formation are two sides of one staff, not need and means
GAPS = {("needed", "funded"), ("needed", "supported"), ("needed", "allocated")}


def concept(row: Row) -> str:
    """Return which concept a figure of posts or money is: what the row says, else what its series is."""
    for part in str(row.get("breakdown", "")).split(";"):
        if part.startswith("concept="):
            return part.removeprefix("concept=")
    about = catalogue().get(str(row.get("series_id", "")))
    return about.concept if about else ""


def is_growth(row: Row) -> bool:
    """Say whether a figure is growth on what there was, and no total."""
    return str(row["series_id"]).endswith("_growth")


def may_meet(sign: str, one: str, other: str) -> None:
    """Refuse a sum (`+`) or a difference (`-`) of two concepts that are no need and its means.

    Figures without a concept pass.
    """
    if one and other and one != other and not (sign == "-" and (one, other) in GAPS):
        raise InputError(
            f"{one} {'plus' if sign == '+' else 'minus'} {other} means nothing: they are different concepts",
            "Add figures of one concept; a difference is a stated need minus what is funded, allocated or endorsed.",
        )
