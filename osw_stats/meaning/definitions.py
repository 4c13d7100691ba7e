"""Comparing figures of different definitions: refused, unless a bridge says in words why it may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from osw_stats.errors import OswError
from osw_stats.meaning.series import catalogue
from osw_stats.yamlfile import refusals

refused = refusals(__file__)

Row = Mapping[str, Any] | pd.Series  # one figure of the tidy table
# the only differences of two concepts: occupied and formation are two sides of one staff, not need and means
GAPS = {("needed", "funded"), ("needed", "supported"), ("needed", "allocated")}


class DefinitionMismatchError(OswError):
    """Two figures of different definitions were about to be put side by side as one."""


@dataclass(frozen=True)
class Bridge:
    """Why two definitions may be joined after all; both texts are printed under the result."""

    nl: str
    en: str

    def __post_init__(self) -> None:
        if min(len(self.nl.split()), len(self.en.split())) < 3:
            raise ValueError("a bridge is a sentence that says why two definitions may be joined")


def require_same(rows: pd.DataFrame, bridge: Bridge | None = None) -> None:
    """Raise DefinitionMismatchError unless all rows share unit and definition, or a bridge says why they may differ.

    >>> frame = pd.DataFrame({"unit_measure": ["fte", "fte"], "definition_id": ["a.1", "a.2"]})
    >>> require_same(frame)
    Traceback (most recent call last):
    ...
    osw_stats.meaning.definitions.DefinitionMismatchError: these figures do not mean the same: ...
    """
    kinds = rows[["unit_measure", "definition_id"]].astype(str).drop_duplicates()
    if len(kinds) > 1 and bridge is None:
        named = ", ".join(f"{name} ({unit})" for unit, name in sorted(kinds.itertuples(index=False)))
        raise DefinitionMismatchError(
            f"these figures do not mean the same: {named}. Compare figures of one definition, or pass "
            "bridge=Bridge(nl=..., en=...) with the reason; it is printed under the result."
        )


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
    """Refuse a sum (`+`) or difference (`-`) of two concepts that are no need and its means; "" goes with any."""
    if one and other and one != other and not (sign == "-" and (one, other) in GAPS):
        raise refused("concepts", one=one, way="plus" if sign == "+" else "minus", other=other)
