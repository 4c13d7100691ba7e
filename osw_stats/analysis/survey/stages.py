"""The table `funnel`: survey, helpline, centre and police side by side, with a ratio only where a bridge is declared."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd

from osw_stats.analysis.draws import generator
from osw_stats.analysis.survey.funnel import Amount, Bridges, analytic, contacts_of, tip
from osw_stats.analysis.survey.groups import POPULATION
from osw_stats.analysis.survey.prevalence import RESPONDENTS, SERIES, everyone, latest_persons
from osw_stats.errors import NotEstimableError, NotPublishedError
from osw_stats.vocabulary.lookup import every, latest, one, only
from osw_stats.vocabulary.observations import wording_kind
from osw_stats.vocabulary.series import series

COLUMNS = [
    "stage", "unit", "period", "population", "count", "share_per_100", "factor", "factor_lower", "factor_upper",
    "mc_se", "bridge_text", "grade", "population_nl", "bridge_text_nl", "count_ci_lower", "count_ci_upper",
    "count_box_lower", "count_box_upper", "count_as_reported", "share_lower", "share_upper", "analytic_lower", "analytic_upper", "p_over_10", "p_over_100", "draws", "seed", "interval_kind",
    "observations", "method",
]  # fmt: skip
COMPLAINT = "cbs_osi_police_complaint"
Row = dict[str, Any]
Text = dict[str, str]
WHY: dict[str, Text] = {
    "survey": {
        "nl": "Begin: mensen die in de enquête zeggen dat zij dit meemaakten.",
        "en": "Start: people who say in the survey that they experienced this.",
    },
    "in_scope": {
        "nl": "Aanname: alleen dwang of beeldmisbruik, naar de vormen die het CBS noemde.",
        "en": "Assumption: coercion or abuse of images only, by the forms that CBS named.",
    },
    "helpline": {
        "nl": "Brug: verschillende mensen per verzoek, deel van de slachtoffers zelf, en deel van de ervaringen; zie de "
        "aannamen. De enquête gaat over twaalf maanden ervoor, de verzoeken over het kalenderjaar.",
        "en": "Bridge: different people per request, part by victims themselves, and part of the experiences; see the "
        "assumptions. The survey covers the twelve months before it, the requests the calendar year.",
    },
    "centre": {
        "nl": "Geen verhouding: het gaat om alle seksueel geweld; online is daarin niet te scheiden.",
        "en": "No ratio: this is all sexual violence; online cannot be told from it.",
    },
    "police": {
        "nl": "Geen verhouding: een melding is geen mens, en deze meldingen gaan over online en offline samen. Wat de "
        "politie online noemde, is een deel dat zich hier niet tot het geheel laat rekenen.",
        "en": "No ratio: a report is no person, and these reports are of online and offline together. What the police "
        "labelled online is a part that cannot be turned into the whole here.",
    },
    "complaint": {
        "nl": "Uit de enquête zelf: het deel van de slachtoffers dat zegt aangifte te hebben gedaan.",
        "en": "From the survey itself: the share of victims who say they filed a complaint.",
    },
}


def funnel(
    observations: pd.DataFrame, prev_estimates: pd.DataFrame, prev_related: pd.DataFrame, bridges: Bridges, *,
    year: int, run_seed: int, draws: int, alpha: float,
) -> pd.DataFrame:  # fmt: skip
    """Return the table `funnel`, one row a stage; centre, police and complaint only where they were published.

    Returns
    -------
    pandas.DataFrame
        `factor` people with an experience in scope to one who made contact, `share_per_100` its inverse; limits
        from the drawn distribution, `analytic_lower` and `analytic_upper` in closed form beside them. `count` in
        `unit`: stages of unlike units are never divided without the bridge named in `bridge_text`. Centre, police and
        complaint stand beside the others where they were published.

    Raises
    ------
    NotPublishedError
        If the people of the survey or the requests of the year were not published.
    NotEstimableError
        If nobody made contact, or the people may be nought.
    """
    survey, people = people_of_last_wave(prev_estimates, alpha)
    rng = generator(run_seed, "prevalence", "funnel primary")
    requests, _ = contacts_of(observations, year)
    found, ratios = tip(people, requests["obs_value"], bridges, rng, draws=draws, alpha=alpha)
    closed = analytic(people, requests["obs_value"], bridges, alpha=alpha)
    scope = _scoped(people, bridges, generator(run_seed, "prevalence", "funnel scope"), draws, alpha)
    basis = {"observations": survey["observations"], "method": survey["method"]}
    first = {
        "count": people.value, "count_ci_lower": people.lower, "count_ci_upper": people.upper,
        "count_box_lower": survey["box_lower"], "count_box_upper": survey["box_upper"],
        "count_as_reported": survey["persons_as_reported"], "share_per_100": 100.0,
        "interval_kind": survey["interval_kind"], "grade": survey["grade"],
    }  # fmt: skip
    drawn = {"draws": draws, "seed": run_seed, "interval_kind": "scenario", "grade": "C"}
    helpline = drawn | {
        "count": requests["obs_value"], "share_per_100": found.per_hundred, "share_lower": 100 / found.upper,
        "share_upper": 100 / found.lower, "factor": found.middle, "factor_lower": found.lower,
        "factor_upper": found.upper, "mc_se": found.mc_se, "analytic_lower": closed.lower,
        "analytic_upper": closed.upper, "p_over_10": float(np.mean(ratios > 10)),
        "p_over_100": float(np.mean(ratios > 100)), "observations": f"{basis['observations']} {requests['obs_id']}",
        "method": f"{draws} draws: log-normal people, requests as counted, uniform bridges",
    }  # fmt: skip
    return pd.DataFrame(
        [
            _stage("survey", "cbs_osi_12m_persons", survey["wave"], first | basis),
            _stage("in_scope", "cbs_osi_12m_persons", survey["wave"], drawn | scope | basis),
            _stage("helpline", "helpwanted_requests", str(year), helpline),
            *_beside(observations, prev_related, year),
        ],
        columns=COLUMNS,
    )


def people_of_last_wave(prev_estimates: pd.DataFrame, alpha: float) -> tuple[Row, Amount]:
    """Return the people of the last wave with a margin, as a row and as an amount.

    Raises
    ------
    NotPublishedError
        If only the people of an earlier wave are known: theirs are not set beside what was counted later.
    """
    survey, last = latest_persons(prev_estimates), everyone(prev_estimates)["wave"].max()
    if survey["wave"] != last:
        raise NotPublishedError("the people of the last wave are not known", POPULATION, last)
    return survey, Amount(survey["value"], survey["ci_lower"], survey["ci_upper"], alpha)


def stage(steps: pd.DataFrame, name: str) -> Row:
    """Return one stage of `funnel`."""
    return only(steps, "funnel", stage=name)


def _scoped(people: Amount, bridges: Bridges, rng: np.random.Generator, draws: int, alpha: float) -> Row:
    """Return people with an experience in scope: the same draw, divided by one."""
    one = Bridges((1.0, 1.0), (1.0, 1.0), bridges.in_scope)
    found, _ = tip(people, 1.0, one, rng, draws=draws, alpha=alpha)
    low, high = bridges.in_scope
    return {
        "count": found.middle, "count_ci_lower": found.lower, "count_ci_upper": found.upper, "mc_se": found.mc_se,
        "share_per_100": 50 * (low + high), "share_lower": 100 * low, "share_upper": 100 * high,
    }  # fmt: skip


def _beside(observations: pd.DataFrame, prev_related: pd.DataFrame, year: int) -> list[Row]:
    """Return the stages without a ratio that there are."""
    made: tuple[Callable[[], Row], ...] = (
        lambda: _counted("centre", "csg_contacts", year, observations),
        lambda: _counted("police", "police_reports", year, observations),
        lambda: _complaint(complaint(observations, prev_related)),
    )
    rows: list[Row] = []
    for make in made:
        with suppress(NotPublishedError, NotEstimableError):
            rows.append(make())
    return rows


def _counted(stage: str, series_id: str, year: int, observations: pd.DataFrame) -> Row:
    row = one(observations, series_id, time_period=str(year))
    return _stage(stage, series_id, str(year), {
        "count": row["obs_value"], "count_box_lower": row["lower"], "count_box_upper": row["upper"],
        "interval_kind": wording_kind(row), "observations": row["obs_id"], "method": "As published", "grade": "A",
    })  # fmt: skip


def _complaint(row: Row) -> Row:
    return _stage("complaint", row["series"], row["wave"], {
        "share_per_100": row["pct"], "share_lower": row["ci_lower"], "share_upper": row["ci_upper"],
        **{k: row[k] for k in ("interval_kind", "observations", "method", "grade")},
    })  # fmt: skip


def complaint(observations: pd.DataFrame, prev_related: pd.DataFrame) -> Row:
    """Return the row of the share of victims who filed a complaint, of the last wave that gives it.

    Raises
    ------
    NotPublishedError
        If no wave does, or not what the share is a part of.
    NotEstimableError
        If all of that is there and the share has no margin.
    """
    known = prev_related[prev_related["series"] == COMPLAINT]
    if known.empty:
        wave = latest(observations, COMPLAINT)["time_period"]
        every(observations, [{"series_id": s, "time_period": wave} for s in (SERIES, RESPONDENTS)])
        raise NotEstimableError(f"the share of {wave} who filed a complaint has no margin")
    return only(known, "prev_related", wave=known["wave"].max())


def _stage(stage: str, series_id: str, period: str, values: Row) -> Row:
    about = series(series_id)
    empty = dict.fromkeys(COLUMNS, math.nan)
    return empty | {
        "count_as_reported": "",
        "stage": stage, "unit": about.unit, "period": period, "population": about.population["en"],
        "population_nl": about.population["nl"], "bridge_text": WHY[stage]["en"],
        "bridge_text_nl": WHY[stage]["nl"],
    } | values  # fmt: skip
