"""Declared corrections: why a published figure is dropped, mended, or stands beside another.

Raw files are never edited. Each entry of `data/raw/corrections.yml` names the figures it is
about, gives its reason in two languages, and expects a value: the day the publisher repairs
the figure, the entry fails loudly instead of spoiling the repair.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from osw_stats.data.register import schema
from osw_stats.errors import InputError
from osw_stats.meaning.observations import KEY, matching, records
from osw_stats.yamlfile import read_yaml, require_schema

FILE = "data/raw/corrections.yml"


@dataclass(frozen=True)
class Correction:
    """One declared correction.

    `drop` leaves a figure out, `override` replaces its value, `prefer` takes the figure of
    `match` over that of the document `over`, `undecided` lets neither of the two count, `revision` says that the later
    document is a new edition of the same publication as `over`, or the publisher's own word after a rounded one.
    """

    id: str
    action: str
    match: dict[str, str]
    reason: dict[str, str]
    status: str
    over: str = ""
    value: float | None = None
    expect: float | None = None

    def matching(self, observations: pd.DataFrame, **also: str) -> NDArray[np.bool_]:
        """Say of every figure whether the correction is about it; it is about at least one."""
        wanted = self.match | also
        hit = matching(observations, wanted)
        if not hit.any():
            problem = f"matches no figure ({', '.join(f'{k}={v}' for k, v in wanted.items())})"
            remedy = "Take the correction away, or mend what it matches."
            raise InputError(problem, remedy, file=FILE, column="match", value=self.id)
        return hit


def load_corrections(raw: Path) -> list[Correction]:
    """Read the declared corrections; none where there is no file."""
    path = raw / Path(FILE).name
    entries: Any = (read_yaml(path) if path.is_file() else None) or []
    require_schema(entries, schema("corrections"), "Mend the entry.", file=path)
    for name, count in Counter(entry["id"] for entry in entries).items():
        if count > 1:
            remedy = "Give every correction its own id."
            raise InputError("this id stands twice", remedy, file=path, value=name)
    return [Correction(**entry) for entry in entries]


def apply(observations: pd.DataFrame, corrections: list[Correction]) -> pd.DataFrame:
    """Return the observations with every correction carried out, each on the value it expects."""
    figures = observations.copy()
    for correction in corrections:
        hit = correction.matching(figures)
        values = figures.loc[hit, "obs_value"]
        if correction.expect is not None and not values.eq(correction.expect).all():
            raise InputError(
                f"expects {correction.expect:g} and finds {values.tolist()}: the source was repaired or changed",
                "Look at the source, then take the correction away or renew it.",
                file=FILE,
                column="expect",
                value=correction.id,
            )
        if correction.action == "drop":
            figures = figures[~hit]
        elif correction.action == "override":
            figures.loc[hit, ["obs_value", "lower", "upper"]] = correction.value
            figures.loc[hit, ["ci_lower", "ci_upper"]] = math.nan  # they were those of another value
            figures.loc[hit, ["lower_closed", "upper_closed"]] = True
            figures.loc[hit, ["interval_kind", "obs_status"]] = ["none", "revised"]
            figures.loc[hit, "note"] = correction.reason["en"]
        else:
            other = correction.matching(figures, source_id=correction.over)
            beside = {"prefer": other, "undecided": hit | other}.get(correction.action)
            if beside is not None:
                figures.loc[beside, "role"] = "alternative"
    return figures.reset_index(drop=True)


def refuse_undeclared_conflicts(
    observations: pd.DataFrame, corrections: list[Correction], downloads: set[str]
) -> None:
    """Refuse two documents that give one figure different values without a word about it.

    A later download of the publisher's own table (`downloads`, by document) is a new edition
    by its nature and needs no word; nor does a later figure of the status revised, which says so itself.
    """
    revised = [c for c in corrections if c.action == "revision"]
    declared = {(c.match["series_id"], c.match.get("source_id", ""), c.over) for c in revised}
    main = observations[(observations["role"] == "main") & observations["obs_value"].notna()]
    for _, figures in main[main.duplicated(KEY, keep=False)].groupby(KEY, sort=False):
        for old, new in pairwise(records(figures.sort_values("known_by", kind="stable"))):
            same = old["obs_value"] == new["obs_value"] or old["source_id"] == new["source_id"]
            said = (new["series_id"], new["source_id"], old["source_id"]) in declared
            if not (same or said or new["source_id"] in downloads or new["obs_status"] == "revised"):
                raise InputError(
                    f"{old['source_id']} says {old['obs_value']:g} ({old['file']}, row {old['row']})",
                    f"Say in {FILE} which of the two counts and why (prefer), or that the later one is a new edition "
                    "(revision).",
                    file=new["file"],
                    row=new["row"],
                    column="value",
                    value=f"{new['obs_value']:g}",
                )
