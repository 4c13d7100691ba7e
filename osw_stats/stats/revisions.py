"""What a publisher changed afterwards, and what two publishers say of one figure."""

from __future__ import annotations

import pandas as pd

from osw_stats.meaning.observations import KEY

COLUMNS = [*KEY, "old_value", "new_value", "change", "change_pct"]
COLUMNS += ["old_source", "new_source", "old_known_by", "new_known_by"]
NAMES = {"obs_value": "value", "source_id": "source", "known_by": "known_by"}


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
    main = main.assign(obs_value=main["obs_value"].astype("float64"))
    main["figure"] = main.groupby(KEY, sort=False).ngroup()
    main = main.sort_values(["figure", "known_by"], kind="stable")
    old = main.groupby("figure")[list(NAMES)].shift().rename(columns=lambda name: f"old_{NAMES[name]}")
    new = main.rename(columns={name: f"new_{short}" for name, short in NAMES.items()})
    table = new.join(old)
    table["change"] = table["new_value"] - table["old_value"]
    table["change_pct"] = 100 * table["change"] / table["old_value"].where(table["old_value"] != 0)
    changed = table["old_value"].notna() & (table["old_value"] != table["new_value"])
    return table.loc[changed, COLUMNS].reset_index(drop=True)


def alternatives(vintages: pd.DataFrame) -> pd.DataFrame:
    """Return figures that stand beside another source's figure of the same thing, with that one.

    Where no source is preferred, each stands alone and the preferred value is empty.
    """
    other, main = (vintages[vintages["role"] == role] for role in ("alternative", "main"))
    joined = other.merge(main, on=KEY, how="left", suffixes=("", "_preferred"))
    return joined[[*KEY, "obs_value", "source_id", "obs_value_preferred", "source_id_preferred"]]
