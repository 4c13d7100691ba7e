"""The table `funnel`: survey, helpline, centre and police in stages, with a ratio only where a bridge is declared."""

import math
from contextlib import suppress

import numpy as np
import pandas as pd

from osw_stats.errors import NotEstimableError, NotPublishedError
from osw_stats.meaning.lookup import every, latest, one, only
from osw_stats.meaning.observations import wording_kind
from osw_stats.meaning.series import series
from osw_stats.stats.draws import generator
from osw_stats.stats.survey import SERIES, SURVEY, Row, ends
from osw_stats.stats.survey.contracts import columns
from osw_stats.stats.survey.funnel import WHOLE, Amount, Bridges, analytic, tip
from osw_stats.stats.survey.prevalence import everyone, latest_persons


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
    """Return the table `funnel`, one row per stage; centre, police and complaint only where published."""
    # `factor` is the ratio of people with an experience in scope to people who made contact, with limits from
    # the drawn distribution and, for comparison, in closed form. NotPublishedError without the people of the
    # survey or the requests of the year; NotEstimableError if nobody made contact, or the people may be zero.
    people, amount = people_of_last_wave(prev_estimates, alpha)
    survey = _stage("survey", "persons", people["wave"], people["observations"], people["method"])
    survey |= {"count": amount.value, "share_per_100": 100.0}
    survey["count_as_reported"] = people["persons_as_reported"]
    survey |= ends("count_ci", amount.lower, amount.upper)
    survey |= ends("count_box", people["box_lower"], people["box_upper"])
    survey |= {"interval_kind": people["interval_kind"], "grade": people["grade"]}

    drawn = {"draws": draws, "seed": run_seed, "interval_kind": "scenario", "grade": "C"}
    scope = _stage("in_scope", "persons", people["wave"], people["observations"], people["method"]) | drawn
    # people with an experience in scope: the same draws with a denominator of one
    rng, (low, high) = generator(run_seed, "prevalence", "funnel scope"), bridges.in_scope
    ratio, _ = tip(amount, 1.0, Bridges(WHOLE, WHOLE, bridges.in_scope), rng, draws=draws, alpha=alpha)
    scope |= {"count": ratio.middle, "share_per_100": 50 * (low + high), "mc_se": ratio.mc_se}
    scope |= ends("count_ci", ratio.lower, ratio.upper) | ends("share", 100 * low, 100 * high)

    requests = one(observations, SERIES["requests"], time_period=str(year))
    count, ids = requests["obs_value"], f"{people['observations']} {requests['obs_id']}"
    method = f"{draws} draws: log-normal people, requests as counted, uniform bridges"
    helpline = _stage("helpline", "requests", str(year), ids, method) | drawn
    rng = generator(run_seed, "prevalence", "funnel primary")
    ratio, ratios = tip(amount, count, bridges, rng, draws=draws, alpha=alpha)
    closed = analytic(amount, count, bridges, alpha=alpha)
    helpline |= {"count": count, "share_per_100": ratio.per_hundred, "factor": ratio.middle}
    helpline |= ends("share", 100 / ratio.upper, 100 / ratio.lower) | ends("factor", ratio.lower, ratio.upper)
    helpline |= ends("analytic", closed.lower, closed.upper) | {"mc_se": ratio.mc_se}
    helpline |= {f"p_over_{n}": float(np.mean(ratios > n)) for n in (10, 100)}

    rows = [survey, scope, helpline]
    for name in ("centre", "police"):
        with suppress(NotPublishedError):
            figure = one(observations, SERIES[name], time_period=str(year))
            row = _stage(name, name, str(year), figure["obs_id"], "As published")
            row |= {"count": figure["obs_value"], "interval_kind": wording_kind(figure), "grade": "A"}
            rows.append(row | ends("count_box", figure["lower"], figure["upper"]))
    with suppress(NotPublishedError, NotEstimableError):
        share = complaint(observations, prev_related)
        row = _stage("complaint", "complaint", share["wave"], share["observations"], share["method"])
        row |= {"share_per_100": share["pct"]} | {name: share[name] for name in ("interval_kind", "grade")}
        rows.append(row | ends("share", share["ci_lower"], share["ci_upper"]))
    return pd.DataFrame(rows, columns=columns("funnel"))


def _stage(name: str, role: str, period: str, ids: str, method: str) -> Row:
    entry, bridge = series(SERIES[role]), SURVEY["stages"][name]
    row = dict.fromkeys(columns("funnel"), math.nan) | {"stage": name, "unit": entry.unit, "period": period}
    row |= {"population": entry.population["en"], "population_nl": entry.population["nl"]}
    row |= {"bridge_text": bridge["en"], "bridge_text_nl": bridge["nl"], "count_as_reported": ""}
    return row | {"observations": ids, "method": method}


def people_of_last_wave(prev_estimates: pd.DataFrame, alpha: float) -> tuple[Row, Amount]:
    """Return the number of people in the last wave with a margin, as a row and as an amount."""
    people, last = latest_persons(prev_estimates), everyone(prev_estimates)["wave"].max()
    if people["wave"] != last:
        raise NotPublishedError("the people of the last wave are not known", SERIES["population"], last)
    return people, Amount(people["value"], people["ci_lower"], people["ci_upper"], alpha)


def stage(steps: pd.DataFrame, name: str) -> Row:
    """Return one stage of `funnel`."""
    return only(steps, "funnel", stage=name)


def complaint(observations: pd.DataFrame, prev_related: pd.DataFrame) -> Row:
    """Return the row of the share of victims who filed a complaint, from the last wave that has it."""
    known = prev_related[prev_related["series"] == SERIES["complaint"]]
    if known.empty:
        wave = latest(observations, SERIES["complaint"])["time_period"]
        every(observations, [{"series_id": SERIES[s], "time_period": wave} for s in ("share", "respondents")])
        raise NotEstimableError(f"the share of {wave} who filed a complaint has no margin")
    return only(known, "prev_related", wave=known["wave"].max())
