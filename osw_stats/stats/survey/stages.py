"""The table `funnel`: survey, helpline, centre and police side by side, with a ratio only where a bridge is declared."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd

from osw_stats.errors import NotEstimableError, NotPublishedError
from osw_stats.meaning.lookup import every, latest, one, only
from osw_stats.meaning.observations import wording_kind
from osw_stats.meaning.series import series
from osw_stats.stats.draws import generator
from osw_stats.stats.survey.contracts import columns
from osw_stats.stats.survey.funnel import WHOLE, Amount, Bridges, analytic, contacts_of, tip
from osw_stats.stats.survey.prevalence import everyone, latest_persons
from osw_stats.stats.survey.words import SERIES, SURVEY

Row = dict[str, Any]


def funnel(
    observations: pd.DataFrame,
    prev_estimates: pd.DataFrame,
    prev_related: pd.DataFrame,
    bridges: Bridges,
    *,
    year: int,
    run_seed: int,
    draws: int,
    alpha: float,
) -> pd.DataFrame:
    """Return the table `funnel`, one row a stage; centre, police and complaint only where they were published.

    Returns
    -------
    pandas.DataFrame
        `factor` people with an experience in scope to one who made contact, `share_per_100` its inverse; limits
        from the drawn distribution, `analytic_lower` and `analytic_upper` in closed form beside them. `count` in
        `unit`: stages of unlike units are never divided without the bridge named in `bridge_text`.

    Raises
    ------
    NotPublishedError
        If the people of the survey or the requests of the year were not published.
    NotEstimableError
        If nobody made contact, or the people may be nought.
    """
    survey, people = people_of_last_wave(prev_estimates, alpha)
    basis = {"observations": survey["observations"], "method": survey["method"]}
    drawn = {"draws": draws, "seed": run_seed, "interval_kind": "scenario", "grade": "C"}
    rows = [
        _stage("survey", SERIES["persons"], survey["wave"], _survey(survey, people) | basis),
        _stage("in_scope", SERIES["persons"], survey["wave"], drawn | basis),
        _stage("helpline", SERIES["requests"], str(year), drawn),
    ]
    requests, _ = contacts_of(observations, year)
    rng = generator(run_seed, "prevalence", "funnel primary")
    ratio, ratios = tip(people, requests["obs_value"], bridges, rng, draws=draws, alpha=alpha)
    closed = analytic(people, requests["obs_value"], bridges, alpha=alpha)
    rows[2] |= {"count": requests["obs_value"], "share_per_100": ratio.per_hundred, "mc_se": ratio.mc_se}
    rows[2] |= {"share_lower": 100 / ratio.upper, "share_upper": 100 / ratio.lower, "factor": ratio.middle}
    rows[2] |= {"factor_lower": ratio.lower, "factor_upper": ratio.upper}
    rows[2] |= {"analytic_lower": closed.lower, "analytic_upper": closed.upper}
    rows[2] |= {f"p_over_{n}": float(np.mean(ratios > n)) for n in (10, 100)}
    rows[2]["observations"] = f"{basis['observations']} {requests['obs_id']}"
    rows[2]["method"] = f"{draws} draws: log-normal people, requests as counted, uniform bridges"
    # people with an experience in scope: the same draw, divided by one
    rng, (low, high) = generator(run_seed, "prevalence", "funnel scope"), bridges.in_scope
    scoped, _ = tip(people, 1.0, Bridges(WHOLE, WHOLE, bridges.in_scope), rng, draws=draws, alpha=alpha)
    rows[1] |= {"count": scoped.middle, "count_ci_lower": scoped.lower, "count_ci_upper": scoped.upper}
    rows[1] |= {"mc_se": scoped.mc_se, "share_lower": 100 * low, "share_upper": 100 * high}
    rows[1]["share_per_100"] = 50 * (low + high)
    for name in ("centre", "police"):
        with suppress(NotPublishedError):
            rows.append(_counted(name, observations, year))
    with suppress(NotPublishedError, NotEstimableError):
        rows.append(_complaint(complaint(observations, prev_related)))
    return pd.DataFrame(rows, columns=columns("funnel"))


def people_of_last_wave(prev_estimates: pd.DataFrame, alpha: float) -> tuple[Row, Amount]:
    """Return the people of the last wave with a margin, as a row and as an amount."""
    survey, last = latest_persons(prev_estimates), everyone(prev_estimates)["wave"].max()
    if survey["wave"] != last:
        raise NotPublishedError("the people of the last wave are not known", SERIES["population"], last)
    return survey, Amount(survey["value"], survey["ci_lower"], survey["ci_upper"], alpha)


def stage(steps: pd.DataFrame, name: str) -> Row:
    """Return one stage of `funnel`."""
    return only(steps, "funnel", stage=name)


def complaint(observations: pd.DataFrame, prev_related: pd.DataFrame) -> Row:
    """Return the row of the share of victims who filed a complaint, of the last wave that gives it."""
    known = prev_related[prev_related["series"] == SERIES["complaint"]]
    if known.empty:
        wave = latest(observations, SERIES["complaint"])["time_period"]
        every(observations, [{"series_id": SERIES[s], "time_period": wave} for s in ("share", "respondents")])
        raise NotEstimableError(f"the share of {wave} who filed a complaint has no margin")
    return only(known, "prev_related", wave=known["wave"].max())


def _survey(survey: Row, people: Amount) -> Row:
    row = {"count": people.value, "count_ci_lower": people.lower, "count_ci_upper": people.upper}
    row |= {
        "count_box_lower": survey["box_lower"],
        "count_box_upper": survey["box_upper"],
        "share_per_100": 100.0,
    }
    about = {"interval_kind": survey["interval_kind"], "grade": survey["grade"]}
    return row | about | {"count_as_reported": survey["persons_as_reported"]}


def _counted(name: str, observations: pd.DataFrame, year: int) -> Row:
    figure = one(observations, SERIES[name], time_period=str(year))
    row = {
        "count": figure["obs_value"],
        "count_box_lower": figure["lower"],
        "count_box_upper": figure["upper"],
    }
    row |= {"interval_kind": wording_kind(figure), "observations": figure["obs_id"]}
    return _stage(name, SERIES[name], str(year), row | {"method": "As published", "grade": "A"})


def _complaint(row: Row) -> Row:
    share = {"share_per_100": row["pct"], "share_lower": row["ci_lower"], "share_upper": row["ci_upper"]}
    share |= {k: row[k] for k in ("interval_kind", "observations", "method", "grade")}
    return _stage("complaint", row["series"], row["wave"], share)


def _stage(name: str, series_id: str, period: str, values: Row) -> Row:
    about, why = series(series_id), SURVEY["stages"][name]
    row = dict.fromkeys(columns("funnel"), math.nan) | {"stage": name, "unit": about.unit, "period": period}
    row |= {"population": about.population["en"], "population_nl": about.population["nl"]}
    return row | {"bridge_text": why["en"], "bridge_text_nl": why["nl"], "count_as_reported": ""} | values
