"""How many people: survey shares with the interval that the published material allows, and people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from osw_stats.analysis.disclosure import FEW_RESPONDENTS, LARGE_RSE
from osw_stats.analysis.survey import release
from osw_stats.analysis.survey.effective import DEFF_RANGE, effective_n
from osw_stats.analysis.survey.groups import (
    ALL_AGES,
    COUNT,
    EVERYONE,
    POPULATION,
    SHARE,
    Group,
    label,
    of_all,
    size,
)
from osw_stats.analysis.survey.intervals import proportion_interval, total_interval
from osw_stats.analysis.survey.people import printed
from osw_stats.errors import InputError, NotPublishedError
from osw_stats.vocabulary.answers import row_of
from osw_stats.vocabulary.limits import printed_step
from osw_stats.vocabulary.lookup import latest, only
from osw_stats.vocabulary.numbers import Number
from osw_stats.vocabulary.observations import published_limits, records

MARGINS, GROUP_RESPONDENTS = "cbs_osi_12m_margins", "cbs_osi_12m_group_respondents"
RESPONDENTS = "cbs_phgsg_respondents"
ALL, SERIES = EVERYONE, SHARE
NOT_OF_ANSWERS = "not_of_answers"  # a figure of the publisher in a table that is made from answers
COLUMNS = [
    "wave", "group", "pct", "ci_lower", "ci_upper", "source_of_interval", "n", "n_eff", "n_eff_min", "n_eff_max", "deff",
    "persons", "persons_lower", "persons_upper", "suppressed", "definition_version", "grade", "sex", "age", "unit",
    "interval_kind", "check_lower", "check_upper", "box_lower", "box_upper", "persons_basis", "flags",
    "persons_observations", "observations", "method", "suppression_reason", "persons_published",
    "persons_box_lower", "persons_box_upper", "persons_as_reported",
]  # fmt: skip
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
                row = _from_answers(cell, found, _published(shares, cell))
            elif cell in margins and pd.notna(share["obs_value"]):
                row = _from_margins(share, n, deff, deff_range, alpha)
            elif n is not None and pd.notna(share["obs_value"]):
                row = _assumed(share, n, deff, deff_range, alpha)
            else:
                row = _not_estimable(share)
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


def _from_margins(share: Row, n: Row | None, deff: float, deff_range: Sequence[float], alpha: float) -> Row:
    """Show limits as published; our own from the effective n they imply stand beside them as a check."""
    step, limits = printed_step(share["as_reported"]), published_limits(share)
    found = effective_n(share["obs_value"], *limits, step=step, alpha=alpha)
    size, low, high = found.point, found.minimum, found.maximum
    how = f"limits as published; effective n from their width, printed in steps of {step:g}"
    usable = found.recoverable and math.isfinite(size)
    if not usable and n is not None:
        size, low, high = (n["obs_value"] / d for d in (deff, deff_range[1], deff_range[0]))
        how = f"limits as published; too coarsely printed for an effective n: respondents / {deff:g}"
    elif not usable:
        size = low = high = math.nan
        how = "limits as published; too coarsely printed for an effective n, respondents not published"
    ours = (math.nan, math.nan)
    if math.isfinite(size):
        ours = proportion_interval(share["obs_value"] / 100, size, alpha=alpha)
    count = math.nan if n is None else n["obs_value"]
    implied = count / size
    unusual = usable and n is not None and not DEFF_RANGE[0] <= implied <= DEFF_RANGE[1]
    flags = ["deff_unusual"] * unusual + _flags(share["obs_value"] / 100, count, size)
    return _common(share, (share["obs_value"] - step / 2, share["obs_value"] + step / 2)) | {
        "ci_lower": limits[0], "ci_upper": limits[1], "source_of_interval": "published",
        "interval_kind": "published", "n": count, "n_eff": size, "n_eff_min": low, "n_eff_max": high,
        "deff": implied, "check_lower": 100 * ours[0], "check_upper": 100 * ours[1],
        "flags": " ".join(flags), "method": how, "grade": "A",
        "observations": " ".join([share["obs_id"], *([n["obs_id"]] if n else [])]),
    }  # fmt: skip


def _assumed(share: Row, n: Row, deff: float, deff_range: Sequence[float], alpha: float) -> Row:
    low, high = proportion_interval(share["obs_value"] / 100, n["obs_value"], deff=deff, alpha=alpha)
    count = n["obs_value"]
    return _common(share, (share["lower"], share["upper"])) | {
        "ci_lower": 100 * low, "ci_upper": 100 * high, "source_of_interval": "assumed_deff",
        "interval_kind": "assumed", "n": count, "n_eff": count / deff, "n_eff_min": count / deff_range[1],
        "n_eff_max": count / deff_range[0], "deff": deff, "grade": "B",
        "method": f"Wilson interval, n = {count:.0f} respondents, assumed design effect {deff:g}",
        "observations": f"{share['obs_id']} {n['obs_id']}",
    }  # fmt: skip


def _not_estimable(share: Row) -> Row:
    """Keep what is published: value and rounding, no sampling interval."""
    return _common(share, (share["lower"], share["upper"])) | {
        "source_of_interval": "not_estimable", "interval_kind": "rounding", "observations": share["obs_id"], "grade": "A",
        "method": "As published; the respondents of this group were not published",
    }  # fmt: skip


def _from_answers(cell: tuple[str, str, str], found: Row, published: Row) -> Row:
    wave, sex, age = cell
    known = {k: found[k] for k in ("pct", "n", "n_eff", "deff")}
    known |= {"ci_lower": found["lower"], "ci_upper": found["upper"]}
    return _common(published, (found["pct"], found["pct"])) | known | {
        "wave": wave, "sex": sex, "age": age, "group": label((sex, age)), "n_eff_min": found["n_eff"],
        "n_eff_max": found["n_eff"], "suppressed": found["suppressed"], "grade": "A",
        "flags": " ".join(_flags(found["pct"] / 100, found["n"], found["n_eff"])),
        "source_of_interval": "microdata", "interval_kind": "design", "observations": published["obs_id"],
        "method": "From microdata: ratio estimate, Taylor linearisation over strata and clusters, Wilson interval",
    }  # fmt: skip


def _flags(p: float, n: float, n_eff: float) -> list[str]:
    """Mark a share on few respondents, or with a standard error that is a large part of it."""
    known = math.isfinite(n_eff) and p > 0
    return ["few_respondents"] * (n < FEW_RESPONDENTS) + ["large_error"] * (
        known and math.sqrt((1 - p) / (p * n_eff)) > LARGE_RSE
    )


def _common(share: Row, box: tuple[float, float]) -> Row:
    withheld = share["obs_status"] == "withheld"
    return dict.fromkeys(COLUMNS, math.nan) | {
        "wave": share["time_period"], "sex": share["sex"], "age": share["age"],
        "group": label((share["sex"], share["age"])), "pct": share["obs_value"], "suppressed": withheld,
        "suppression_reason": "withheld" if withheld else "",
        "definition_version": share["definition_id"].replace(MARGINS, SERIES), "unit": "percent", "box_lower": max(box[0], 0.0),
        "box_upper": min(box[1], 100.0), "persons_basis": "", "persons_observations": "", "flags": "", "persons_as_reported": "",
    }  # fmt: skip


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


def published(observations: pd.DataFrame, series_id: str, grade: str = "A", **where: str) -> Number:
    """Return one published figure as it stands, of the last period unless one is named, with what its wording leaves open.

    Raises
    ------
    NotPublishedError
        If there is no such figure, or it has no value.
    InputError
        If there is no such series.
    """
    row = latest(observations, series_id, **where)
    return Number.from_row(
        row | {"unit": row["unit_measure"], "observations": row["obs_id"], "method": "As published", "grade": grade},
        "obs_value",
    )  # fmt: skip
