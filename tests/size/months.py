"""Worlds of months around a date (SIMULATED)."""

import math
from dataclasses import replace

import numpy as np

from osw_stats.shelf.months import interrupted, study
from tests.simulated import simulated
from tests.size.rows import holds

STEP = 0.1  # in logarithms, where one is planted


def months_around(rng, months, post, rho, step=0.0):
    """Return a series and the model of a step in its last months."""
    series = simulated(int(rng.integers(2**31)), n=months, post=post, rho=rho, step=step)
    return series, interrupted.Model(series.months[months - post])


def fitted(rng, **of):
    return interrupted.fit(*months_around(rng, **of))


def of_step(effect):
    return holds(effect["rr_lower"], effect["rr_upper"], math.exp(STEP))


def step_covered(rng, **of):
    return of_step(fitted(rng, step=STEP, **of).step())


def other_choice(rng, rho, variant):
    series, model = months_around(rng, 72, 6, rho, STEP)
    if variant == "negative_binomial":
        row = study.sensitivity(series, model).set_index("variant").loc[variant]
        return of_step({"rr_lower": row["lower"], "rr_upper": row["upper"]})
    pulsed = replace(model, pulses=((series.months[20], series.months[23]),))
    control = simulated(int(rng.integers(2**31)), n=72, rho=rho, mean=60_000.0)
    given = {
        "local_trend": (series.part(66 - study.LOCAL, 72), model),
        "without_pulses": (series, pulsed),
        "control_series": (series, model, control),
    }
    return of_step(interrupted.fit(*given[variant]).step())


def terms_covered(rng, **of):
    """How many intervals of the other terms hold the truth: growth, a change of slope, a season that is not there."""
    table = interrupted.table(fitted(rng, step=STEP, **of)).set_index("term")
    terms = table.loc[table.index.intersection(["t", "t_post", "s2", "c2"])]
    return holds(terms["lower"], terms["upper"], np.where(terms.index == "t", 0.001, 0.0))


def correlated(rng, months):
    series, model = months_around(rng, months, 6, 0.0)
    # as many a day, as the model has it: by month the days alone make a pattern
    series = replace(series, counts=np.round(series.counts * series.days / 30.44))
    foot = interrupted.diagnostics(interrupted.fit(series, model))
    return int(foot["ljungbox_p"].item() < 0.05), 1


def placebo_rank(rng, **of):
    """Whether the true date ranks among the outer twentieth where nothing happened."""
    return int(study.rank(study.placebo_dates(*months_around(rng, **of))).p <= 0.05), 1


def expected_covered(rng, *, added_up=False, **of):
    """How many months lie within their limits, or whether those of the excess of all hold none, where there is none."""
    table = interrupted.excess_by_month(fitted(rng, **of))
    if added_up:
        return holds(table["cum_lower"].iloc[-1], table["cum_upper"].iloc[-1], 0)
    return holds(table["lower"], table["upper"], table["observed"])


def step_seen(rng, months, post, rho):
    series, model = months_around(rng, months, post, rho)
    log = math.log(interrupted.fit(series, model).detectable())
    tail = np.arange(months) >= months - post
    higher = rng.poisson(series.counts * np.expm1(log)) * tail
    planted = type(series)(series.name, series.months, series.counts + higher)
    return int(interrupted.fit(planted, model).step()["rr_lower"] > 1), 1
