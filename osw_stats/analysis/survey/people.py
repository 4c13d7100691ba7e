"""The number of people that the publisher printed, held against its own share times the population we use."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from osw_stats.analysis.survey.groups import COUNT, EVERYONE, SHARE, Size, size
from osw_stats.vocabulary.observations import matching, records

COLUMNS = [
    "wave", "pct", "population", "population_lower", "population_upper", "persons_basis", "product", "product_lower",
    "product_upper", "persons_published", "persons_box_lower", "persons_box_upper", "persons_as_reported", "outcome",
    "unit", "interval_kind", "observations", "method", "grade",
]  # fmt: skip
Row = dict[str, Any]


def against_count(observations: pd.DataFrame) -> pd.DataFrame:
    """Return `prev_persons`: share times population beside the number of people as printed, for every wave.

    The population is that of the survey where it was published, else the register as in `groups.size`, never one that
    follows from the printed number itself.
    """
    whole = {"sex": EVERYONE[0], "age": EVERYONE[1], "breakdown": ""}
    shares, counts = (
        {r["time_period"]: r for r in records(observations[matching(observations, {"series_id": s} | whole)])}
        for s in (SHARE, COUNT)
    )
    rows = []
    for wave in sorted(wave for wave, share in shares.items() if not math.isnan(share["obs_value"])):
        people = size(observations, wave, EVERYONE, implied=False)
        rows.append(_row(wave, shares[wave], people, counts.get(wave)))
    return pd.DataFrame(rows, columns=COLUMNS)


def printed(count: Row | None) -> Row:
    """Return the number of people as the publisher printed it, with what its wording leaves open."""
    if count is None:
        return {}
    return {
        "persons_published": count["obs_value"], "persons_box_lower": count["lower"],
        "persons_box_upper": count["upper"], "persons_as_reported": count["as_reported"],
    }  # fmt: skip


def _row(wave: str, share: Row, people: Size | None, count: Row | None) -> Row:
    row: Row = dict.fromkeys(COLUMNS, math.nan) | {
        "wave": wave, "pct": share["obs_value"], "persons_basis": "", "persons_as_reported": "", "unit": "persons",
        "interval_kind": "rounding", "method": "share times population, corners of the rounding of both", "grade": "B",
    }  # fmt: skip
    ids = [share["obs_id"]]
    if people is not None:
        ends = people.value - people.half_width, people.value + people.half_width
        row |= {
            "population": people.value, "population_lower": ends[0], "population_upper": ends[1],
            "persons_basis": people.basis, "product": share["obs_value"] / 100 * people.value,
            "product_lower": share["lower"] / 100 * ends[0], "product_upper": share["upper"] / 100 * ends[1],
            "grade": "B" if people.basis == "survey" else "C",
        }  # fmt: skip
        ids += people.observations
    row |= printed(count)
    ids += [count["obs_id"]] if count is not None else []
    return row | {"outcome": _outcome(row), "observations": " ".join(dict.fromkeys(ids))}


def _outcome(row: Row) -> str:
    # consistent: share times population lies in what the publisher printed; edge: only corners of the rounding meet;
    # refuted: nothing meets; no_count and no_population: there is nothing to hold
    if math.isnan(row["persons_box_lower"]):
        return "no_count"
    if math.isnan(row["product"]):
        return "no_population"
    if row["persons_box_lower"] <= row["product"] <= row["persons_box_upper"]:
        return "consistent"
    apart = row["product_upper"] < row["persons_box_lower"] or row["product_lower"] > row["persons_box_upper"]
    return "refuted" if apart else "edge"
