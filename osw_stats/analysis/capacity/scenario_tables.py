"""Result tables of a scenario: its assumptions, its variants, the queue and system supervision."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from osw_stats.analysis.capacity.queueing import fewest_servers, queue
from osw_stats.analysis.capacity.scenarios import CAPACITY, LEVELS, MODELS, Scenario, outcome, per_fte
from osw_stats.vocabulary.numbers import Number
from osw_stats.vocabulary.observations import records

TARGET_USE = "target_use"
METHOD = "demand x hours each / (productive hours x work rate)"


def parameter_table(given: Scenario) -> pd.DataFrame:
    """Return the table `cap_parameters`: every assumption with its range, unit, reason and grade."""
    return pd.DataFrame(
        [
            {
                "parameter": p.name, "low": p.low, "mid": p.mid, "high": p.high, "unit": p.unit,
                "year": "" if p.year is None else str(p.year), "fixed": p.low == p.high, "grade": p.grade,
                "reason_nl": p.reason["nl"], "reason_en": p.reason["en"], "observations": " ".join(p.observations),
            }
            for p in given.parameters.values()
        ]
    )  # fmt: skip


def calculator(given: Scenario) -> pd.DataFrame:
    """Return the table `calculator`: what the calculator of a page starts from, the planned use among it."""
    rows = [
        {"parameter": p.name, "low": p.low, "mid": p.mid, "high": p.high, "unit": p.unit}
        for p in given.parameters.values()
    ]
    use = {"parameter": TARGET_USE, **dict.fromkeys(LEVELS, given.target_use), "unit": "share"}
    return pd.DataFrame([*rows, use])


def published_inputs(given: Scenario, *names: str) -> int:
    """Return how many of these assumptions rest on a published figure."""
    return sum(bool(given.parameters[name].observations) for name in names)


def variants(given: Scenario) -> list[tuple[str, str, dict[str, float]]]:
    """Return the variants of a scenario: which parameter, at which level, and all values.

    The central one is first and was chosen beforehand; then each parameter alone at its low and
    high end, then all at once at the ends that ask fewest and most posts.
    """
    mid = given.values()
    moving = [n for n in given.factors if given.parameters[n].low < given.parameters[n].high]
    found = [("central", "mid", mid)]
    for name in moving:
        found += [(name, level, given.values("mid", **{name: getattr(given.parameters[name], level)}))
                  for level in ("low", "high")]  # fmt: skip
    for level, other in (("low", "high"), ("high", "low")):
        ends = {n: getattr(given.parameters[n], other if n in CAPACITY else level) for n in moving}
        found.append(("all_together", level, mid | ends))
    return found


def scenario_table(given: Scenario) -> pd.DataFrame:
    """Return the table `cap_scenarios`: what each variant asks, and what the available posts would do.

    Waiting is for the whole number of posts in the available fte, pooled, with the bursts of the
    central scenario. Times are of the office's own work and queue; legal terms come on top.
    """
    rows = []
    for name, level, values in variants(given):
        told = outcome(values, given.model, given.target_use)
        each = per_fte(values, given.model)
        rows.append(
            {
                "scenario": name, "level": level, "primary": name == "central", "lambda": told["demand"],
                "hours": values[MODELS[given.model][1]], "fte_break_even": told["fte_break_even"],
                "fte_at_target": told["fte_at_target"], "target_use": given.target_use,
                "fte_available": values["fte_available"], "utilisation": told["utilisation"],
                **_waits(told["demand"], each, math.floor(values["fte_available"]), values),
                **{f"backlog_y{year}": waiting for year, waiting in enumerate(told["backlog"], start=1)},
                "fewest_posts": fewest_servers(told["demand"], each), "status": told["status"],
                "unit": "fte", "interval_kind": "none", "method": METHOD, "grade": "C",
                "observations": " ".join(rests_on(given)),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def queue_table(given: Scenario) -> pd.DataFrame:
    """Return the table `cap_queue`: waiting with the whole posts below and above what the target use asks.

    Posts are whole; 74.8 fte is a team of 74 or 75. Each is shown with few, some and strong bursts.
    """
    mid = given.values()
    told, each = outcome(mid, given.model, given.target_use), per_fte(mid, given.model)
    around = (math.floor(told["fte_at_target"]), math.ceil(told["fte_at_target"]))
    rows: list[dict[str, Any]] = []
    for posts in dict.fromkeys(max(1, n) for n in around):
        for level in LEVELS:
            values = given.values(
                "mid", arrival_variability=getattr(given.parameters["arrival_variability"], level)
            )
            found = _waits(told["demand"], each, posts, values)
            rows.append(
                {
                    "posts": posts, "bursts": level, "arrival_scv": values["arrival_variability"],
                    "service_scv": values["service_variability"], "lambda": told["demand"],
                    "utilisation": told["fte_break_even"] / posts, **found,
                    "status": "unstable" if math.isnan(found["p_wait"]) else "stable", "grade": "C",
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def said(given: Scenario, quantiles: pd.DataFrame, quantity: str = "fte_at_target") -> Number:
    """Return the middle value of an outcome with the 10 and 90 percent ends of the primary draws.

    Parameters
    ----------
    quantiles
        As `sensitivity.monte_carlo_table` returns them.
    quantity
        "fte_break_even", "fte_at_target" or "cost_at_target".
    """
    (row,) = records(quantiles[quantiles["primary"] & (quantiles["quantity"] == quantity)])
    values = given.values()
    told = outcome(values, given.model, given.target_use)
    told["cost_at_target"] = told["fte_at_target"] * values["cost_per_fte"]
    return Number(told[quantity], row["unit"], row["q10"], row["q90"], "draws", rests_on(given), METHOD, "C")


def rests_on(given: Scenario) -> tuple[str, ...]:
    """Return the published figures a scenario rests on; the word "scenario" where it rests on none."""
    return tuple(dict.fromkeys(i for p in given.parameters.values() for i in p.observations)) or ("scenario",)


def _waits(demand: float, each: float, posts: int, values: dict[str, float]) -> dict[str, float]:
    """Return chance and time of waiting; NaN where no whole post is there or the queue only grows."""
    if posts < 1:
        return dict.fromkeys(("p_wait", "wq_months", "w_months"), math.nan)
    found = queue(
        demand, each, posts,
        arrival_scv=values["arrival_variability"], service_scv=values["service_variability"],
    )  # fmt: skip
    return {"p_wait": found.p_wait, "wq_months": 12 * found.wait, "w_months": 12 * found.stay}
