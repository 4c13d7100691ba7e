"""How many people: survey shares with the interval that the published material allows, and people."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from osw_stats.analysis.survey import estimate_rows, release
from osw_stats.analysis.survey.estimate_rows import COLUMNS, MARGINS
from osw_stats.analysis.survey.groups import (
    ALL_AGES,
    COUNT,
    EVERYONE,
    POPULATION,
    SHARE,
    Group,
    of_all,
    size,
)
from osw_stats.analysis.survey.intervals import total_interval
from osw_stats.analysis.survey.people import printed
from osw_stats.errors import InputError, NotPublishedError
from osw_stats.vocabulary.answers import row_of
from osw_stats.vocabulary.lookup import only
from osw_stats.vocabulary.observations import records

RESPONDENTS, GROUP_RESPONDENTS = "cbs_phgsg_respondents", "cbs_osi_12m_group_respondents"
ALL, SERIES = EVERYONE, SHARE
NOT_OF_ANSWERS = "not_of_answers"  # a figure of the publisher in a table that is made from answers
Row = dict[str, Any]


def estimates(
    observations: pd.DataFrame, *, deff: float, deff_range: tuple[float, float], alpha: float,
    microdata: pd.DataFrame | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return the table `prev_estimates`: one row a wave and group.

    Each group gets the best interval there is: from microdata when given; else the limits that the publisher
    printed (a margins file in data/raw/cbs); else, for everyone together, Wilson on the respondents and an *assumed*
    design effect; else none: the rounding interval and "not_estimable".

    Parameters
    ----------
    observations
        The vintage of an edition.
    deff, deff_range
        Assumed design effect and the range it is thought to lie in.
    alpha
        1 minus the confidence level.
    microdata
        One row a respondent (columns wave, sex, age, osi_12m, weight, stratum, cluster), or None.

    Returns
    -------
    pandas.DataFrame
        In percent: `pct`; `ci_lower`, `ci_upper` (sampling limits, empty where there are none); `check_lower`,
        `check_upper` (ours beside published limits); `box_lower`, `box_upper` (what rounding leaves open). n and
        n_eff in respondents; persons in heads, with sampling limits. `persons_published` is the number of people as
        the publisher printed it, with what its wording leaves open.
        `suppression_reason` says why an estimate from microdata is withheld ("primary", "complementary",
        "confidential": one of the two), or that the publisher withheld a figure ("withheld"). What the publisher
        printed of a group stands in place of an estimate that is withheld.

    Raises
    ------
    InputError
        If the design effect lies outside its own range, or microdata cannot be used.
    """
    if not deff_range[0] <= deff <= deff_range[1]:
        raise InputError(
            f"lies outside its own range {deff_range[0]:g} to {deff_range[1]:g}",
            "Widen the range (deff_low, deff_high) or change the design effect.", column="deff", value=deff,
        )  # fmt: skip
    shares, margins = (_by_cell(observations, s) for s in (SERIES, MARGINS))
    asked, counts = published_respondents(observations), _by_cell(observations, COUNT)
    answers = {} if microdata is None else _by_answers(microdata, alpha)
    rows = []
    for cell in sorted({*shares, *margins, *answers}, key=_order):
        wave, group = cell[0], (cell[1], cell[2])
        n = asked.get(cell)
        share = margins.get(cell) or _published(shares, cell)
        try:
            found = answers.get(cell, {"suppression_reason": ""})
            if cell in answers and not (found["suppressed"] and cell in {*shares, *margins}):
                row = estimate_rows.from_answers(cell, found, _published(shares, cell))
            elif cell in margins and pd.notna(share["obs_value"]):
                row = estimate_rows.from_margins(share, n, deff, deff_range, alpha)
            elif n is not None and pd.notna(share["obs_value"]):
                row = estimate_rows.assumed(share, n, deff, deff_range, alpha)
            else:
                row = estimate_rows.not_estimable(share)
            row |= {"suppression_reason": found["suppression_reason"] or row["suppression_reason"]}
            if answers and row["source_of_interval"] != "microdata":
                row |= {"flags": " ".join([*row["flags"].split(), NOT_OF_ANSWERS])}
            rows.append(row | _persons(row, observations, wave, group, alpha) | printed(counts.get(cell)))
        except InputError as error:
            if cell in answers:
                raise  # not a cell of the publisher's file
            raise error.located(file=share["file"], row=int(share["row"])) from None
    return pd.DataFrame(rows, columns=COLUMNS)


def published_respondents(observations: pd.DataFrame) -> dict[tuple[str, str, str], Row]:
    """Return the published respondents by wave, sex and age; of everyone those of the survey where no table has them."""
    known = observations[observations["obs_value"] > 0]
    return _by_cell(known, RESPONDENTS) | _by_cell(known, GROUP_RESPONDENTS)


def everyone(prev_estimates: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the whole population that have a share with a sampling interval, in the order of waves.

    Raises
    ------
    NotPublishedError
        If there is none: the shares were not published, or the respondents of none of the waves that have one.
    """
    whole = prev_estimates[of_all(prev_estimates) & prev_estimates["pct"].notna()]
    found = whole[whole["n_eff"].notna()]
    if found.empty:
        asked = [{"series_id": RESPONDENTS, "time_period": str(w)} for w in sorted(whole["wave"])]
        raise NotPublishedError(
            "no wave of the survey has a share of everyone with a margin", (asked or [{"series_id": SERIES}])[0]["series_id"],
            wanted=asked or [{"series_id": SERIES, "sex": ALL[0], "age": ALL[1]}],
        )  # fmt: skip
    return found.sort_values("wave")


def persons(prev_estimates: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose share can be turned into people, as value with interval."""
    known = prev_estimates[prev_estimates["persons"].notna()]
    own = known["persons_basis"].isin(["survey", "implied"])
    return known.assign(
        value=known["persons"], ci_lower=known["persons_lower"], ci_upper=known["persons_upper"],
        box_lower=known["persons_box_lower"], box_upper=known["persons_box_upper"], unit="persons",
        method=known["method"] + "; times the population of the survey",
        grade=known["grade"].where(own, "C"), observations=known["observations"] + " " + known["persons_observations"],
    )  # fmt: skip


def latest_persons(prev_estimates: pd.DataFrame) -> Row:
    """Return the people of everyone in the last wave whose share can be turned into people.

    Raises
    ------
    NotPublishedError
        If the number of people the survey is about was published for no wave that has a share with a margin.
    """
    found = persons(prev_estimates[of_all(prev_estimates)])
    if found.empty:
        waves = sorted(everyone(prev_estimates)["wave"])
        raise NotPublishedError(
            "no share can be turned into people", POPULATION,
            wanted=[{"series_id": POPULATION, "time_period": str(wave)} for wave in waves],
        )  # fmt: skip
    return only(found, "prev_estimates", wave=found["wave"].max())


def _persons(row: Row, observations: pd.DataFrame, wave: str, group: Group, alpha: float) -> Row:
    people = size(observations, wave, group)
    if people is None or math.isnan(row["n_eff"]) or not row["pct"] > 0:
        return {}
    low, high = row["ci_lower"] / 100, row["ci_upper"] / 100
    total = total_interval(row["pct"] / 100, low, high, people.value, people.half_width, alpha)
    return {
        "persons": row["pct"] / 100 * people.value, "persons_lower": total[0], "persons_upper": total[1],
        "persons_basis": people.basis, "persons_observations": " ".join(people.observations),
    }  # fmt: skip


def _order(cell: tuple[str, str, str]) -> tuple[str, bool, bool, str, str]:
    """Put waves in order, and in each everyone first, then men and women of all ages, then age bands."""
    wave, sex, age = cell
    return wave, (sex, age) != ALL, age != ALL_AGES, age, sex


def _published(shares: dict[tuple[str, str, str], Row], cell: tuple[str, str, str]) -> Row:
    """Return the published figure that stands beside an estimate from microdata: of its group, or of everyone."""
    found = shares.get(cell) or shares.get((cell[0], *ALL))
    if found is None:
        raise InputError("this wave is not published", "Add its figure to data/raw/cbs.", column="wave", value=cell[0])  # fmt: skip
    return found


def _by_cell(observations: pd.DataFrame, series_id: str) -> dict[tuple[str, str, str], Row]:
    rows = observations[(observations["series_id"] == series_id) & (observations["breakdown"] == "")]
    return {(r["time_period"], r["sex"], r["age"]): r for r in records(rows)}


def _by_answers(frame: pd.DataFrame, alpha: float) -> dict[tuple[str, str, str], Row]:
    """Return the estimates of everyone, of each sex, and of each sex and age band, by wave, small groups withheld.

    The publisher prints the share of everyone of each wave, so that one protects no group.
    """
    whole = frame["age"].eq(ALL_AGES).to_numpy()
    if whole.any():  # their figures would stand in the place of those of all ages
        raise InputError("is everyone, not a group", "Give each respondent's own band.",
                         row=row_of(frame.index, int(whole.argmax())), column="age", value=ALL_AGES)  # fmt: skip
    table = release.releasable(
        frame, weight="weight", tables=[("wave",), ("wave", "sex"), ("wave", "sex", "age")],
        public=lambda group: group["sex"] == release.EVERYONE,
        strata=["wave", "stratum"], cluster="cluster", alpha=alpha,
    )  # fmt: skip
    return {
        (
            str(row["wave"]),
            str(row["sex"]),
            ALL_AGES if row["age"] == release.EVERYONE else str(row["age"]),
        ): row
        for row in records(table)
    }
