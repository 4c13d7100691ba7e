"""Declared corrections: why a published figure is dropped, mended, or stands beside another.

Raw files are never edited. Each entry of `data/raw/corrections.yml` names the figures it is
about, gives its reason in two languages, and expects a value: the day the publisher repairs
the figure, the entry fails loudly instead of spoiling the repair.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from osw_stats.errors import InputError
from osw_stats.vocabulary.observations import KEY, matching, records
from osw_stats.yamlfile import read_yaml, require_schema

FILE = "corrections.yml"
ACTIONS = ("drop", "override", "prefer", "undecided", "revision")
STATUSES = ("open", "reported", "acknowledged", "fixed")
_TEXT = {"type": "object", "required": ["nl", "en"], "additionalProperties": False,
         "properties": {"nl": {"type": "string", "minLength": 8}, "en": {"type": "string", "minLength": 8}}}  # fmt: skip
_SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id", "action", "match", "reason", "status"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string", "pattern": "^[a-z0-9-]+$"},
            "action": {"enum": list(ACTIONS)},
            "match": {
                "type": "object",
                "required": ["series_id"],
                "additionalProperties": {"type": "string"},
                "propertyNames": {"enum": [*KEY, "source_id"]},
            },
            "over": {"type": "string"},
            "value": {"type": "number"},
            "expect": {"type": "number"},
            "reason": _TEXT,
            "status": {"enum": list(STATUSES)},
        },
        "allOf": [
            {
                "if": {"properties": {"action": {"const": "override"}}},
                "then": {"required": ["value", "expect"]},
            },
            {"if": {"properties": {"action": {"const": "drop"}}}, "then": {"required": ["expect"]}},
            {
                "if": {"properties": {"action": {"enum": ["prefer", "undecided", "revision"]}}},
                "then": {"required": ["over"]},
            },
        ],
    },
}


@dataclass(frozen=True)
class Correction:
    """One declared correction.

    `drop` leaves a figure out, `override` replaces its value, `prefer` takes the figure of
    `match` over that of the document `over`, `undecided` lets neither of the two count, `revision` says that the later document is a new
    edition of the same publication as `over`, or the publisher's own word after a rounded one.
    """

    id: str
    action: str
    match: dict[str, str]
    reason: dict[str, str]
    status: str
    over: str = ""
    value: float | None = None
    expect: float | None = None


def load_corrections(raw: Path) -> list[Correction]:
    """Read the declared corrections; none where there is no file.

    Raises
    ------
    InputError
        If an entry breaks the schema, or an id stands twice.
    """
    path = raw / FILE
    if not path.is_file():
        return []
    entries: Any = read_yaml(path) or []
    require_schema(entries, _SCHEMA, "Mend the entry.", file=path)
    ids = [entry["id"] for entry in entries]
    twice = next((i for i in ids if ids.count(i) > 1), None)
    if twice:
        raise InputError("this id stands twice", "Give every correction its own id.", file=path, value=twice)
    return [Correction(**entry) for entry in entries]


def apply(observations: pd.DataFrame, corrections: list[Correction]) -> pd.DataFrame:
    """Return the observations with every correction carried out.

    Raises
    ------
    InputError
        If a correction matches nothing, or finds another value than it expects.
    """
    found = observations.copy()
    for c in corrections:
        hit = _matching(found, c, c.match)
        if c.expect is not None and not found.loc[hit, "obs_value"].eq(c.expect).all():
            seen = found.loc[hit, "obs_value"].tolist()
            raise InputError(
                f"expects {c.expect:g} and finds {seen}: the source was repaired or changed",
                "Look at the source, then take the correction away or renew it.",
                file=f"data/raw/{FILE}", column="expect", value=c.id,
            )  # fmt: skip
        if c.action == "drop":
            found = found[~hit]
        elif c.action == "override":
            assert c.value is not None  # the schema asks for it  # noqa: S101
            found.loc[hit, ["obs_value", "lower", "upper"]] = c.value
            found.loc[hit, ["ci_lower", "ci_upper"]] = math.nan  # they were those of another value
            found.loc[hit, ["lower_closed", "upper_closed"]] = True
            found.loc[hit, "interval_kind"] = "none"
            found.loc[hit, "obs_status"] = "revised"
            found.loc[hit, "note"] = c.reason["en"]
        elif c.action in ("prefer", "undecided"):
            if c.action == "undecided":
                found.loc[hit, "role"] = "alternative"
            found.loc[_matching(found, c, c.match | {"source_id": c.over}), "role"] = "alternative"
        else:
            _matching(found, c, c.match | {"source_id": c.over})
    return found.reset_index(drop=True)


def _matching(observations: pd.DataFrame, c: Correction, match: dict[str, str]) -> NDArray[np.bool_]:
    hit = matching(observations, match)
    if not hit.any():
        raise InputError(
            f"matches no figure ({', '.join(f'{k}={v}' for k, v in match.items())})",
            "Take the correction away, or mend what it matches.",
            file=f"data/raw/{FILE}", column="match", value=c.id,
        )  # fmt: skip
    return hit


def refuse_undeclared_conflicts(
    observations: pd.DataFrame, corrections: list[Correction], downloads: set[str]
) -> None:
    """Refuse two documents that give one figure different values without a word about it.

    A later download of the publisher's own table (`downloads`, by document) is a new edition
    by its nature and needs no word; nor does a later figure of the status revised, which says so itself.

    Raises
    ------
    InputError
        For the first such pair; a `prefer` or `revision` entry settles it.
    """
    declared = {
        (c.match["series_id"], c.match.get("source_id", ""), c.over)
        for c in corrections
        if c.action == "revision"
    }
    main = observations[(observations["role"] == "main") & observations["obs_value"].notna()]
    for _, group in main[main.duplicated(KEY, keep=False)].groupby(KEY, sort=False):
        if group["obs_value"].nunique() < 2:
            continue
        rows = records(group.sort_values("known_by", kind="stable"))
        for before, after in pairwise(rows):
            pair = (after["series_id"], after["source_id"], before["source_id"])
            if (
                before["obs_value"] != after["obs_value"]
                and before["source_id"] != after["source_id"]
                and pair not in declared
                and after["source_id"] not in downloads
                and after["obs_status"] != "revised"
            ):
                raise InputError(
                    f"{before['source_id']} says {before['obs_value']:g} ({before['file']}, row {before['row']})",
                    f"Say in data/raw/{FILE} which of the two counts and why (prefer), or that the later one is a "
                    "new edition (revision).",
                    file=after["file"], row=after["row"], column="value", value=f"{after['obs_value']:g}",
                )  # fmt: skip
