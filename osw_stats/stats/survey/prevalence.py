"""How many people: survey shares with the interval that the published material allows, and people."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from osw_stats.errors import InputError, NotPublishedError
from osw_stats.meaning.lookup import only
from osw_stats.meaning.observations import matching, records
from osw_stats.stats.survey import estimate_rows
from osw_stats.stats.survey.contracts import columns
from osw_stats.stats.survey.groups import ALL_AGES, EVERYONE, of_all, of_everyone, size
from osw_stats.stats.survey.intervals import total_interval
from osw_stats.stats.survey.words import SERIES as SURVEY_SERIES

ALL, SERIES = EVERYONE, SURVEY_SERIES["share"]
NOT_OF_ANSWERS = "not_of_answers"  # a figure of the publisher in a table that is made from answers
Cell = tuple[str, str, str]  # wave, sex, age
Row = dict[str, Any]


def estimates(
    observations: pd.DataFrame,
    *,
    deff: float,
    deff_range: tuple[float, float],
    alpha: float,
    answers: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the table `prev_estimates`: one row a wave and group.

    Each group gets the best interval there is: from answers of respondents when given; else the limits that the
    publisher printed (a margins file in data/raw/cbs); else, for everyone together, Wilson on the respondents and an
    *assumed* design effect; else none: the rounding interval and "not_estimable".

    Parameters
    ----------
    observations
        The vintage of an edition.
    deff, deff_range
        Assumed design effect and the range it is thought to lie in.
    alpha
        1 minus the confidence level.
    answers
        What may be shown of the answers of respondents, by wave, sex and age (`shelf.answers`), or None.

    Returns
    -------
    pandas.DataFrame
        In percent: `pct`; `ci_lower`, `ci_upper` (sampling limits, empty where there are none); `check_lower`,
        `check_upper` (ours beside published limits); `box_lower`, `box_upper` (what rounding leaves open). n and
        n_eff in respondents; persons in heads, with sampling limits. `persons_published` is the number of people as
        the publisher printed it, with what its wording leaves open.
        `suppression_reason` says why an estimate from answers is withheld ("primary", "complementary",
        "confidential": one of the two), or that the publisher withheld a figure ("withheld"). What the publisher
        printed of a group stands in place of an estimate that is withheld.

    Raises
    ------
    InputError
        If the design effect lies outside its own range.
    """
    if not deff_range[0] <= deff <= deff_range[1]:
        raise InputError(
            f"lies outside its own range {deff_range[0]:g} to {deff_range[1]:g}",
            "Widen the range (deff_low, deff_high) or change the design effect.",
            column="deff",
            value=deff,
        )
    shares, margins, counts = (_by_cell(observations, s) for s in ("share", "margins", "persons"))
    asked = published_respondents(observations)
    given = {(r["wave"], r["sex"], r["age"]): r for r in records(answers)} if answers is not None else {}
    rows = []
    for cell in sorted({*shares, *margins, *given}, key=_order):
        share, n, answer = margins.get(cell) or _published(shares, cell), asked.get(cell), given.get(cell)
        own = answer is not None and not (answer["suppressed"] and cell in {*shares, *margins})
        try:
            if answer is not None and own:
                row = estimate_rows.from_answers(answer, _published(shares, cell))
            elif cell in margins and pd.notna(share["obs_value"]):
                row = estimate_rows.from_margins(share, n, deff, deff_range, alpha)
            elif n is not None and pd.notna(share["obs_value"]):
                row = estimate_rows.assumed(share, n, deff, deff_range, alpha)
            else:
                row = estimate_rows.not_estimable(share)
            row |= _persons(row, observations, alpha) | printed(counts.get(cell))
        except InputError as error:
            # an answer is no cell of the publisher's file
            raise (error if own else error.located(file=share["file"], row=int(share["row"]))) from None
        if answer is not None and answer["suppression_reason"]:
            row["suppression_reason"] = answer["suppression_reason"]
        if given and not own:
            row["flags"] = " ".join([*row["flags"].split(), NOT_OF_ANSWERS])
        rows.append(row)
    return pd.DataFrame(rows, columns=columns("prev_estimates"))


def published_respondents(observations: pd.DataFrame) -> dict[Cell, Row]:
    """Return the published respondents by wave, sex and age; of everyone those of the survey where no table has them."""
    known = observations[observations["obs_value"] > 0]
    return _by_cell(known, "respondents") | _by_cell(known, "group_respondents")


def everyone(prev_estimates: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the whole population that have a share with a sampling interval, in the order of waves."""
    whole = prev_estimates[of_all(prev_estimates) & prev_estimates["pct"].notna()]
    known = whole[whole["n_eff"].notna()]
    if known.empty:
        respondents = SURVEY_SERIES["respondents"]
        wanted = [{"series_id": respondents, "time_period": str(w)} for w in sorted(whole["wave"])]
        wanted = wanted or [{"series_id": SERIES, "sex": ALL[0], "age": ALL[1]}]
        problem = "no wave of the survey has a share of everyone with a margin"
        raise NotPublishedError(problem, wanted[0]["series_id"], wanted=wanted)
    return known.sort_values("wave")


def latest_persons(prev_estimates: pd.DataFrame) -> Row:
    """Return the people of everyone in the last wave whose share can be turned into people, as value with interval."""
    known = prev_estimates[of_all(prev_estimates) & prev_estimates["persons"].notna()]
    if known.empty:
        population, waves = SURVEY_SERIES["population"], sorted(everyone(prev_estimates)["wave"])
        wanted = [{"series_id": population, "time_period": str(wave)} for wave in waves]
        raise NotPublishedError("no share can be turned into people", population, wanted=wanted)
    row = only(known, "prev_estimates", wave=known["wave"].max())
    row |= {"value": row["persons"], "ci_lower": row["persons_lower"], "ci_upper": row["persons_upper"]}
    row |= {"box_lower": row["persons_box_lower"], "box_upper": row["persons_box_upper"], "unit": "persons"}
    row["method"] += "; times the population of the survey"
    row["observations"] += " " + row["persons_observations"]
    return row if row["persons_basis"] in ("survey", "implied") else row | {"grade": "C"}


def _persons(row: Row, observations: pd.DataFrame, alpha: float) -> Row:
    people = size(observations, row["wave"], (row["sex"], row["age"]))
    if people is None or math.isnan(row["n_eff"]) or not row["pct"] > 0:
        return {}
    share = (row["pct"] / 100, row["ci_lower"] / 100, row["ci_upper"] / 100)
    low, high = total_interval(*share, people.value, people.half_width, alpha)
    numbers = {"persons": share[0] * people.value, "persons_lower": low, "persons_upper": high}
    return numbers | {"persons_basis": people.basis, "persons_observations": " ".join(people.observations)}


def _order(cell: Cell) -> tuple[str, bool, bool, str, str]:
    """Put waves in order, and in each everyone first, then men and women of all ages, then age bands."""
    wave, sex, age = cell
    return wave, (sex, age) != ALL, age != ALL_AGES, age, sex


def _published(shares: dict[Cell, Row], cell: Cell) -> Row:
    """Return the published figure that stands beside an estimate from answers: of its group, or of everyone."""
    share = shares.get(cell) or shares.get((cell[0], *ALL))
    if share is None:
        remedy = "Add its figure to data/raw/cbs."
        raise InputError("this wave is not published", remedy, column="wave", value=cell[0])
    return share


def _by_cell(observations: pd.DataFrame, role: str) -> dict[Cell, Row]:
    rows = observations[
        (observations["series_id"] == SURVEY_SERIES[role]) & (observations["breakdown"] == "")
    ]
    return {(r["time_period"], r["sex"], r["age"]): r for r in records(rows)}


def against_count(observations: pd.DataFrame) -> pd.DataFrame:
    """Return `prev_persons`: share times population beside the number of people as printed, for every wave.

    The population is that of the survey where it was published, else the register as in `groups.size`, never one that
    follows from the printed number itself. `outcome` is "consistent" where share times population lies in what the
    publisher printed, "edge" where only corners of the rounding meet, "refuted" where nothing meets; "no_count" and
    "no_population" where there is nothing to compare.
    """
    whole = {"series_id": SURVEY_SERIES["persons"], "sex": ALL[0], "age": ALL[1], "breakdown": ""}
    counts = {r["time_period"]: r for r in records(observations[matching(observations, whole)])}
    shares = of_everyone(observations, SURVEY_SERIES["share"])
    rows = [_against_count(observations, wave, shares[wave], counts.get(wave)) for wave in sorted(shares)]
    return pd.DataFrame(rows, columns=columns("prev_persons"))


def printed(count: Row | None) -> Row:
    """Return the number of people as the publisher printed it, with what its wording leaves open."""
    if count is None:
        return {}
    ends = {"persons_box_lower": count["lower"], "persons_box_upper": count["upper"]}
    return {"persons_published": count["obs_value"], "persons_as_reported": count["as_reported"]} | ends


def _against_count(observations: pd.DataFrame, wave: str, share: Row, count: Row | None) -> Row:
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
    people = size(observations, wave, ALL, implied=False)
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
