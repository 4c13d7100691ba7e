"""Comparisons across definitions: refused, unless a bridge gives the reason in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from osw_stats.errors import OswError
from osw_stats.meaning.series import catalogue
from osw_stats.yamlfile import refusals

refused = refusals(__file__)

Row = Mapping[str, Any] | pd.Series  # one figure of the tidy table
# the only differences between concepts; occupied and formation describe one staff, not need and means
GAPS = {("needed", "funded"), ("needed", "supported"), ("needed", "allocated")}


class DefinitionMismatchError(OswError):
    """Two figures of different definitions were about to be combined."""


@dataclass(frozen=True)
class Bridge:
    """The reason why two definitions may be combined; both texts are printed under the result."""

    nl: str
    en: str

    def __post_init__(self) -> None:
        if min(len(self.nl.split()), len(self.en.split())) < 3:
            raise ValueError("a bridge is a sentence that says why two definitions may be joined")


def require_same(rows: pd.DataFrame, bridge: Bridge | None = None) -> None:
    """Raise DefinitionMismatchError unless all rows share unit and definition, or a bridge gives a reason.

    >>> frame = pd.DataFrame({"unit_measure": ["fte", "fte"], "definition_id": ["a.1", "a.2"]})
    >>> require_same(frame)
    Traceback (most recent call last):
    ...
    osw_stats.meaning.definitions.DefinitionMismatchError: these figures do not mean the same: ...
    """
    kinds = rows[["unit_measure", "definition_id"]].astype(str).drop_duplicates()
    if len(kinds) > 1 and bridge is None:
        definitions = ", ".join(f"{name} ({unit})" for unit, name in sorted(kinds.itertuples(index=False)))
        raise DefinitionMismatchError(
            f"these figures do not mean the same: {definitions}. Compare figures of one definition, or pass "
            "bridge=Bridge(nl=..., en=...) with the reason; it is printed under the result."
        )


def concept(row: Row) -> str:
    """Return the concept of a figure of posts or money: that of the row, otherwise of its series."""
    for part in str(row.get("breakdown", "")).split(";"):
        if part.startswith("concept="):
            return part.removeprefix("concept=")
    about = catalogue().get(str(row.get("series_id", "")))
    return about.concept if about else ""


def is_growth(row: Row) -> bool:
    """Return whether a figure is an increase on an earlier level, not a total."""
    return str(row["series_id"]).endswith("_growth")


def may_meet(sign: str, one: str, other: str) -> None:
    """Refuse a sum (`+`) or difference (`-`) of two concepts other than a need and its means; "" combines with any."""
    if one and other and one != other and not (sign == "-" and (one, other) in GAPS):
        raise refused("concepts", one=one, way="plus" if sign == "+" else "minus", other=other)
