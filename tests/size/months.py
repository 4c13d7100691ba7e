"""Worlds of months around a date (SIMULATED)."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from osw_stats.shelf.months import interrupted, study
from tests.simulated import simulated
from tests.size.rows import Hits, holds


def _months(rng: np.random.Generator, months: int, post: int, rho: float, step: float = 0.0):
    series = simulated(int(rng.integers(2**31)), n=months, post=post, rho=rho, step=step)
    return series, interrupted.Model(series.months[months - post])


def _fitted(rng: np.random.Generator, months: int, post: int, rho: float, step: float = 0.0):
    return interrupted.fit(*_months(rng, months, post, rho, step))


def step_covered(rng: np.random.Generator, months: int, post: int, rho: float) -> Hits:
    """Whether the interval of a step holds the truth."""
    effect = _fitted(rng, months, post, rho, 0.1).step()
    return holds(effect["rr_lower"], effect["rr_upper"], math.exp(0.1))


def other_choice(rng: np.random.Generator, rho: float, variant: str) -> Hits:
    """Whether the interval of a step under another choice holds the truth."""
    series, model = _months(rng, 72, 6, rho, 0.1)
    pulsed = replace(model, pulses=((series.months[20], series.months[23]),))
    if variant == "negative_binomial":
        row = study.sensitivity(series, model).set_index("variant").loc[variant]
        return holds(row["lower"], row["upper"], math.exp(0.1))
    control = simulated(int(rng.integers(2**31)), n=72, rho=rho, mean=60_000.0)
    made = {
        "local_trend": lambda: interrupted.fit(series.part(66 - study.LOCAL, 72), model),
        "without_pulses": lambda: interrupted.fit(series, pulsed),
        "control_series": lambda: interrupted.fit(series, model, control),
    }
    effect = made[variant]().step()
    return holds(effect["rr_lower"], effect["rr_upper"], math.exp(0.1))


def terms_covered(rng: np.random.Generator, months: int, post: int, rho: float) -> Hits:
    """How many intervals of the other terms hold the truth: growth, a change of slope, a season that is not there."""
    table = interrupted.table(_fitted(rng, months, post, rho, 0.1)).set_index("term")
    terms = table.loc[table.index.intersection(["t", "t_post", "s2", "c2"])]
    return holds(terms["lower"], terms["upper"], np.where(terms.index == "t", 0.001, 0.0))


def correlated(rng: np.random.Generator, months: int) -> Hits:
    """Whether the test finds that months hang together where they do not."""
    series, model = _months(rng, months, 6, 0.0)
    # as many a day, as the model has it: by month the days alone make a pattern
    series = replace(series, counts=np.round(series.counts * series.days / 30.44))
    foot = interrupted.diagnostics(interrupted.fit(series, model))
    return int(foot["ljungbox_p"].item() < 0.05), 1


def placebo_rank(rng: np.random.Generator, months: int, post: int, rho: float) -> Hits:
    """Whether the true date ranks among the outer twentieth of the placebo dates where nothing happened."""
    return int(study.rank(study.placebo_dates(*_months(rng, months, post, rho))).p <= 0.05), 1


def month_covered(rng: np.random.Generator, months: int, post: int, rho: float) -> Hits:
    """How many months lie within the limits of what was expected, where nothing happened."""
    table = interrupted.excess_by_month(_fitted(rng, months, post, rho))
    return holds(table["lower"], table["upper"], table["observed"])


def excess_covered(rng: np.random.Generator, months: int, post: int, rho: float) -> Hits:
    """Whether the interval of the months added up holds no excess where there is none in the rate."""
    last = interrupted.excess_by_month(_fitted(rng, months, post, rho)).iloc[-1]
    return holds(last["cum_lower"], last["cum_upper"], 0)


def step_seen(rng: np.random.Generator, months: int, post: int, rho: float) -> Hits:
    """Whether a step as large as the page says would be seen is seen."""
    series, model = _months(rng, months, post, rho)
    log = math.log(interrupted.fit(series, model).detectable())
    tail = np.arange(months) >= months - post
    higher = rng.poisson(series.counts * np.expm1(log)) * tail
    planted = type(series)(series.name, series.months, series.counts + higher)
    return int(interrupted.fit(planted, model).step()["rr_lower"] > 1), 1
