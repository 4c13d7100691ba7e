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


def require_same(rows: pd.DataFrame, bridge: Bridge | None = None) -> None:
    """Raise DefinitionMismatchError unless all rows share unit and definition, or a bridge says why they may differ.

    Examples
    --------
    >>> frame = pd.DataFrame({"unit_measure": ["fte", "fte"], "definition_id": ["a.1", "a.2"]})
    >>> require_same(frame)
    Traceback (most recent call last):
    ...
    osw_stats.vocabulary.definitions.DefinitionMismatchError: these figures do not mean the same: ...
    """
    kinds = rows[["definition_id", "unit_measure"]].astype(str).drop_duplicates()
    if len(kinds) > 1 and bridge is None:
        named = ", ".join(
            f"{definition} ({unit})"
            for definition, unit in kinds.sort_values(["unit_measure", "definition_id"]).to_numpy()
        )
        raise DefinitionMismatchError(
            f"these figures do not mean the same: {named}. "
            "Compare figures of one definition, or pass bridge=Bridge(nl=..., en=...) with the reason; it is "
            "printed under the result."
        )
