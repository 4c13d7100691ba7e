"""The number of people that the publisher printed, held against its own share times the population we use."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from osw_stats.analysis.survey.contracts import columns
from osw_stats.analysis.survey.groups import EVERYONE, of_everyone, size
from osw_stats.analysis.survey.words import SERIES
from osw_stats.vocabulary.observations import matching, records

Row = dict[str, Any]


def against_count(observations: pd.DataFrame) -> pd.DataFrame:
    """Return `prev_persons`: share times population beside the number of people as printed, for every wave.

    The population is that of the survey where it was published, else the register as in `groups.size`, never one that
    follows from the printed number itself. `outcome` is "consistent" where share times population lies in what the
    publisher printed, "edge" where only corners of the rounding meet, "refuted" where nothing meets; "no_count" and
    "no_population" where there is nothing to compare.
    """
    whole = {"series_id": SERIES["persons"], "sex": EVERYONE[0], "age": EVERYONE[1], "breakdown": ""}
    counts = {r["time_period"]: r for r in records(observations[matching(observations, whole)])}
    shares = of_everyone(observations, SERIES["share"])
    rows = [_row(observations, wave, shares[wave], counts.get(wave)) for wave in sorted(shares)]
    return pd.DataFrame(rows, columns=columns("prev_persons"))


def printed(count: Row | None) -> Row:
    """Return the number of people as the publisher printed it, with what its wording leaves open."""
    if count is None:
        return {}
    ends = {"persons_box_lower": count["lower"], "persons_box_upper": count["upper"]}
    return {"persons_published": count["obs_value"], "persons_as_reported": count["as_reported"]} | ends


def _row(observations: pd.DataFrame, wave: str, share: Row, count: Row | None) -> Row:
    row: Row = dict.fromkeys(columns("prev_persons"), math.nan) | {
        "persons_basis": "",
        "persons_as_reported": "",
    }
    row |= {
        "wave": wave,
        "pct": share["obs_value"],
        "unit": "persons",
        "interval_kind": "rounding",
        "grade": "B",
    }
    row |= {"method": "share times population, corners of the rounding of both"} | printed(count)
    ids = [share["obs_id"]]
    people = size(observations, wave, EVERYONE, implied=False)
    if people is not None:
        low, high = people.value - people.half_width, people.value + people.half_width
        row |= {"population": people.value, "population_lower": low, "population_upper": high}
        row |= {"persons_basis": people.basis, "product": share["obs_value"] / 100 * people.value}
        row |= {"product_lower": share["lower"] / 100 * low, "product_upper": share["upper"] / 100 * high}
        row["grade"] = "B" if people.basis == "survey" else "C"
        ids += people.observations
    ids += [count["obs_id"]] if count is not None else []
    if math.isnan(row["persons_box_lower"]):
        outcome = "no_count"
    elif people is None:
        outcome = "no_population"
    elif row["persons_box_lower"] <= row["product"] <= row["persons_box_upper"]:
        outcome = "consistent"
    else:
        low, high = row["persons_box_lower"], row["persons_box_upper"]
        outcome = "refuted" if row["product_upper"] < low or row["product_lower"] > high else "edge"
    return row | {"outcome": outcome, "observations": " ".join(dict.fromkeys(ids))}
