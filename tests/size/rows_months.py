"""Rows of the analysis of months around a date (SIMULATED)."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np

from osw_stats.shelf.months import interrupted, study
from tests.simulated import simulated
from tests.size.rows import Hits, holds, rows


@cache
def _model(months: int, post: int) -> interrupted.Model:
    series = simulated(0, n=months, post=post)
    return interrupted.Model(series.months[months - post])


def _months(rng: np.random.Generator, months: int, post: int, rho: float, step: float = 0.0):
    seed = int(rng.integers(2**31))
    return simulated(seed, n=months, post=post, rho=rho, step=step), _model(months, post)


def step_covered(rng: np.random.Generator, months: int, post: int, rho: float) -> Hits:
    """Whether the interval of a step holds the truth."""
    series, model = _months(rng, months, post, rho, 0.1)
    effect = interrupted.fit(series, model).step()
    return int(effect["rr_lower"] <= math.exp(0.1) <= effect["rr_upper"]), 1


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
    series, model = _months(rng, months, post, rho, 0.1)
    table = interrupted.table(interrupted.fit(series, model)).set_index("term")
    truth = {term: {"t": 0.001}.get(term, 0.0) for term in ("t", "t_post", "s2", "c2") if term in table.index}
    inside = [table.at[term, "lower"] <= value <= table.at[term, "upper"] for term, value in truth.items()]
    return sum(inside), len(inside)


def correlated(rng: np.random.Generator, months: int) -> Hits:
    """Whether the test finds that months hang together where they do not."""
    series, model = _months(rng, months, 6, 0.0)
    # as many a day, as the model has it: by month the days alone make a pattern
    series = replace(series, counts=np.round(series.counts * series.days / 30.44))
    foot = interrupted.diagnostics(interrupted.fit(series, model))
    return int(foot["ljungbox_p"].item() < 0.05), 1


def placebo_rank(rng: np.random.Generator, months: int, post: int, rho: float) -> Hits:
    """Whether the true date ranks among the outer twentieth of the placebo dates where nothing happened."""
    series, model = _months(rng, months, post, rho)
    return int(study.rank(study.placebo_dates(series, model)).p <= 0.05), 1


def month_covered(rng: np.random.Generator, months: int, post: int, rho: float) -> Hits:
    """How many months lie within the limits of what was expected, where nothing happened."""
    series, model = _months(rng, months, post, rho)
    table = interrupted.excess_by_month(interrupted.fit(series, model))
    return int(table["observed"].between(table["lower"], table["upper"]).sum()), len(table)


def excess_covered(rng: np.random.Generator, months: int, post: int, rho: float) -> Hits:
    """Whether the interval of the months added up holds no excess where there is none in the rate."""
    series, model = _months(rng, months, post, rho)
    table = interrupted.excess_by_month(interrupted.fit(series, model))
    last = table.iloc[-1]
    return int(last["cum_lower"] <= 0 <= last["cum_upper"]), 1


def step_seen(rng: np.random.Generator, months: int, post: int, rho: float) -> Hits:
    """Whether a step as large as the page says would be seen is seen."""
    series, model = _months(rng, months, post, rho)
    log = math.log(interrupted.fit(series, model).detectable())
    tail = np.arange(months) >= months - post
    higher = rng.poisson(series.counts * np.expm1(log)) * tail
    planted = type(series)(series.name, series.months, series.counts + higher)
    return int(interrupted.fit(planted, model).step()["rr_lower"] > 1), 1


OTHER = {
    "negative_binomial": "negative binomial",
    "local_trend": "trend of three years",
    "without_pulses": "with a pulse more or less",
    "control_series": "beside a control series",
}
ROWS = [
    *(
        row
        for m, p, rho in ((72, 6, 0.0), (72, 6, 0.3), (72, 6, 0.5), (42, 6, 0.3), (78, 12, 0.5))
        for row in rows(
            f"step after {m - p} months, {p} after",
            "exact",
            step_covered,
            {f"memory {rho:g}": {"months": m, "post": p, "rho": rho}},
            *(500, 20),
        )
    ),
    *rows(
        "excess added up over 6 months",
        "exact",
        excess_covered,
        {f"memory {rho:g}": {"months": 72, "post": 6, "rho": rho} for rho in (0.0, 0.3)},
        *(500, 20),
    ),
    *rows(
        "count expected in one month",
        "exact",
        month_covered,
        {f"memory {rho:g}": {"months": 72, "post": 6, "rho": rho} for rho in (0.0, 0.3, 0.5)},
        *(150, 10),
    ),
    *rows(
        "other terms: growth, change of slope, season",
        "exact",
        terms_covered,
        {
            f"{n - post} months and {post}, memory {rho:g}": {"months": n, "post": post, "rho": rho}
            for n, post, rho in ((72, 6, 0.0), (84, 12, 0.3), (84, 12, 0.5))
        },
        *(150, 10),
    ),
    *rows(
        "p of the test for correlation from month to month",
        "size",
        correlated,
        {f"{n} months, memory 0": {"months": n} for n in (54, 72, 108)},
        *(1000, 10),
    ),
    *rows(
        "rank of the true date among placebo dates, p up to 0.05",
        "at_most",
        placebo_rank,
        {
            f"{n - post} months and {post}, memory {rho:g}": {"months": n, "post": post, "rho": rho}
            for n, post, rho in ((72, 6, 0.3), (84, 12, 0.3))
        },
        *(500, 4),
    ),
    *(
        row
        for variant, name in OTHER.items()
        for row in rows(
            f"step under another choice: {name}",
            "exact",
            other_choice,
            {f"memory {rho:g}": {"variant": variant, "rho": rho} for rho in (0.0, 0.5)},
            *(400, 5),
        )
    ),
    *rows(
        "step that is seen in 80 of 100",
        "power",
        step_seen,
        {f"memory {rho:g}": {"months": 72, "post": 6, "rho": rho} for rho in (0.0, 0.3)},
        *(750, 20),
    ),
]
