"""Comparing figures of different definitions: refused, unless a bridge says in words why it may be."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from osw_stats.errors import OswError


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


def definition_of(row: pd.Series[str] | dict[str, str]) -> tuple[str, str]:
    """Return what makes two figures the same kind: unit and definition (concept and version)."""
    return str(row["unit_measure"]), str(row["definition_id"])


def require_same(rows: pd.DataFrame, bridge: Bridge | None = None) -> None:
    """Pass when all rows share unit and definition, or a bridge is given.

    Raises
    ------
    DefinitionMismatchError
        Otherwise; the message names the definitions.

    Examples
    --------
    >>> frame = pd.DataFrame({"unit_measure": ["fte", "fte"], "definition_id": ["a.1", "a.2"]})
    >>> require_same(frame)
    Traceback (most recent call last):
    ...
    osw_stats.vocabulary.definitions.DefinitionMismatchError: these figures do not mean the same: ...
    """
    kinds = sorted({definition_of(row) for row in rows[["unit_measure", "definition_id"]].to_dict("records")})  # type: ignore[arg-type]
    if len(kinds) > 1 and bridge is None:
        raise DefinitionMismatchError(
            f"these figures do not mean the same: {', '.join(f'{d} ({u})' for u, d in kinds)}. "
            "Compare figures of one definition, or pass bridge=Bridge(nl=..., en=...) with the reason; it is "
            "printed under the result."
        )
