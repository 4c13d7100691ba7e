"""Result tables of a scenario: assumptions, variants, queue and system supervision."""

import math
from typing import Any

import pandas as pd

from osw_stats.meaning.lookup import only
from osw_stats.meaning.numbers import Number
from osw_stats.stats.capacity.queueing import UNSTABLE, fewest_servers, queue
from osw_stats.stats.capacity.scenarios import CAPACITY, LEVELS, MODELS, Scenario, outcome, per_fte

TARGET_USE = "target_use"
METHOD = "demand x hours each / (productive hours x work rate)"


def parameter_table(scenario: Scenario) -> pd.DataFrame:
    """Return the table `cap_parameters`: every assumption with its range, unit, reason and grade."""
    rows = []
    for p in scenario.parameters.values():
        row: dict[str, Any] = {"parameter": p.name} | dict(zip(LEVELS, p.levels, strict=True))
        row["unit"] = p.unit
        row |= {"year": "" if p.year is None else str(p.year), "fixed": p.fixed, "grade": p.grade}
        row |= {"reason_nl": p.reason["nl"], "reason_en": p.reason["en"]}
        rows.append(row | {"observations": " ".join(p.observations)})
    return pd.DataFrame(rows)


def calculator(scenario: Scenario) -> pd.DataFrame:
    """Return the table `calculator`: the initial values of a page's calculator, including target use."""
    rows = [(p.name, *p.levels, p.unit) for p in scenario.parameters.values()]
    rows.append((TARGET_USE, *(scenario.target_use,) * 3, "share"))
    return pd.DataFrame(rows, columns=["parameter", *LEVELS, "unit"])


def published_inputs(scenario: Scenario, *names: str) -> int:
    """Return the number of these assumptions based on a published figure."""
    return sum(bool(scenario.parameters[name].observations) for name in names)


def variants(scenario: Scenario) -> list[tuple[str, str, dict[str, float]]]:
    """Return the variants of a scenario: parameter, level, and all values."""
    # first the central one, specified beforehand; then each parameter alone at its ends, then all
    # together
    ends = {level: scenario.values(level) for level in ("low", "high")}
    cases = [("central", "mid", scenario.values())]
    for name in scenario.moving:
        cases += [(name, level, scenario.values(**{name: ends[level][name]})) for level in ends]
    for level, other in (("low", "high"), ("high", "low")):
        chosen = {n: ends[other if n in CAPACITY else level][n] for n in scenario.moving}
        cases.append(("all_together", level, scenario.values(**chosen)))
    return cases


def scenario_table(scenario: Scenario) -> pd.DataFrame:
    """Return the table `cap_scenarios`: the posts each variant needs, and the results with the available posts."""
    # Waiting is for the whole number of posts in the available fte, pooled, with the variability of the central
    # scenario. Times cover the office's own work and queue; legal terms are additional.
    rows = []
    for name, level, values in variants(scenario):
        result = outcome(values, scenario.model, scenario.target_use)
        arriving, rate = result["demand"], per_fte(values, scenario.model)
        row = {"scenario": name, "level": level, "primary": name == "central", "lambda": arriving}
        row |= {"hours": values[MODELS[scenario.model][1]], "fte_break_even": result["fte_break_even"]}
        row |= {"fte_at_target": result["fte_at_target"], "target_use": scenario.target_use}
        row |= {"fte_available": values["fte_available"], "utilisation": result["utilisation"]}
        row |= _waiting_times(arriving, rate, math.floor(values["fte_available"]), values)
        row |= {f"backlog_y{year}": waiting for year, waiting in enumerate(result["backlog"], start=1)}
        rows.append(row | {"fewest_posts": fewest_servers(arriving, rate), "status": result["status"]})
    fields = {"unit": "fte", "interval_kind": "none", "method": METHOD, "grade": "C"}
    return pd.DataFrame(rows).assign(**fields, observations=" ".join(rests_on(scenario)))


def queue_table(scenario: Scenario) -> pd.DataFrame:
    """Return the table `cap_queue`: waiting with the whole posts just below and above those for the target use."""
    mid, rows = scenario.values(), []
    result, rate = outcome(mid, scenario.model, scenario.target_use), per_fte(mid, scenario.model)
    sizes = (math.floor(result["fte_at_target"]), math.ceil(result["fte_at_target"]))
    for posts in dict.fromkeys(max(1, n) for n in sizes):
        bursts = zip(LEVELS, scenario.parameters["arrival_variability"].levels, strict=True)
        for level, variability in bursts:
            row = {"posts": posts, "bursts": level, "arrival_scv": variability}
            row |= {"service_scv": mid["service_variability"], "lambda": result["demand"]}
            row |= {"utilisation": result["fte_break_even"] / posts}
            row |= _waiting_times(result["demand"], rate, posts, mid | {"arrival_variability": variability})
            rows.append(row | {"status": UNSTABLE if math.isnan(row["p_wait"]) else "stable", "grade": "C"})
    return pd.DataFrame(rows)


def said(scenario: Scenario, quantiles: pd.DataFrame, quantity: str = "fte_at_target") -> Number:
    """Return the middle value of an outcome with the 10 and 90 percent quantiles of the primary draws of `cap_mc`."""
    row = only(quantiles[quantiles["primary"]], quantity=quantity)
    value = outcome(scenario.values(), scenario.model, scenario.target_use)[quantity]
    return Number(value, row["unit"], row["q10"], row["q90"], "draws", rests_on(scenario), METHOD, "C")


def rests_on(scenario: Scenario) -> tuple[str, ...]:
    """Return the ids of the published figures used in a scenario; "scenario" where there are none."""
    ids = dict.fromkeys(i for p in scenario.parameters.values() for i in p.observations)
    return tuple(ids) or ("scenario",)


def _waiting_times(demand: float, rate: float, posts: int, values: dict[str, float]) -> dict[str, float]:
    """Return probability and time of waiting; NaN without a whole post or where the queue is unstable."""
    if posts < 1:
        return dict.fromkeys(("p_wait", "wq_months", "w_months"), math.nan)
    bursts = {f"{kind}_scv": values[f"{kind}_variability"] for kind in ("arrival", "service")}
    team = queue(demand, rate, posts, **bursts)
    return {"p_wait": team.p_wait, "wq_months": 12 * team.wait, "w_months": 12 * team.stay}
