"""What a publisher changed afterwards, and what two publishers say of one figure."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pandas as pd

from osw_stats.vocabulary.observations import KEY, records

COLUMNS = [
    *KEY,
    "old_value",
    "new_value",
    "change",
    "change_pct",
    "old_source",
    "new_source",
    "old_known_by",
    "new_known_by",
]


def revisions(vintages: pd.DataFrame) -> pd.DataFrame:
    """Return one row a revised figure: old and new value, and from when each was public.

    Parameters
    ----------
    vintages
        The tidy table with all vintages.

    Returns
    -------
    pandas.DataFrame
        Only figures whose value changed; `change_pct` in percent of the old value.
    """
    main = vintages[(vintages["role"] == "main") & vintages["obs_value"].notna()]
    figures: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in records(main):  # once for all: a call a figure takes half a second
        figures.setdefault(tuple(row[k] for k in KEY), []).append(row)
    rows = [
        _revision(old, new)
        for known in figures.values()
        for old, new in pairwise(sorted(known, key=lambda row: str(row["known_by"])))
        if old["obs_value"] != new["obs_value"]
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _revision(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    change = new["obs_value"] - old["obs_value"]
    return {k: new[k] for k in KEY} | {
        "old_value": old["obs_value"],
        "new_value": new["obs_value"],
        "change": change,
        "change_pct": 100 * change / old["obs_value"] if old["obs_value"] else float("nan"),
        "old_source": old["source_id"],
        "new_source": new["source_id"],
        "old_known_by": old["known_by"],
        "new_known_by": new["known_by"],
    }


def alternatives(vintages: pd.DataFrame) -> pd.DataFrame:
    """Return figures that stand beside another source's figure of the same thing, with that one.

    Where no source is preferred, each stands alone and the preferred value is empty.
    """
    other = vintages[vintages["role"] == "alternative"]
    main = vintages[vintages["role"] == "main"]
    joined = other.merge(main, on=KEY, how="left", suffixes=("", "_preferred"))
    return joined[[*KEY, "obs_value", "source_id", "obs_value_preferred", "source_id_preferred"]]
