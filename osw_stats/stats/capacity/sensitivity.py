"""Sensitivity of a scenario to its assumptions: tornado, random draws, break-even."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from osw_stats.errors import InputError, NotAskedError
from osw_stats.stats.capacity import scenarios
from osw_stats.stats.capacity.scenarios import LEVELS, Parameter, Scenario, fte_needed
from osw_stats.stats.draws import generator, quantiles

Array = NDArray[np.float64]
LOG_SCALE = ("referral_share", "hours_per_case", "hours_per_audit")  # ranges that are multiplicative
SHAPES = ("pert", "triangular")
QUANTILES = (0.1, 0.5, 0.9)  # of a scenario, hence not the 2.5 and 97.5 percent of an estimate


def one_at_a_time(ranges: Mapping[str, Mapping[str, float]], model: str = "cases") -> pd.DataFrame:
    """Return the posts needed with one parameter at its low or high end and the others at the middle, widest swing first."""
    table = pd.DataFrame([{"parameter": name, **r} for name, r in ranges.items()])[["parameter", *LEVELS]]
    mid = {name: r["mid"] for name, r in ranges.items()}
    table["fte_mid"] = float(fte_needed(mid, model))
    for end in ("low", "high"):
        table[f"fte_{end}"] = [float(fte_needed(mid | {name: r[end]}, model)) for name, r in ranges.items()]
    table["swing"] = (table["fte_high"] - table["fte_low"]).abs()
    return table.sort_values("swing", ascending=False, kind="stable", ignore_index=True)


def draw(
    parameter: Parameter, size: int, rng: np.random.Generator, *, shape: str = "pert", log: bool = False
) -> Array:
    """Return random values of an assumption between its low and high end, concentrated near the middle."""
    # "pert" is a beta distribution with mean (low + 4 mid + high) / 6 (Malcolm and others 1959, Operations
    # Research 7); `log`: of the logarithm, for a multiplicative range
    if shape not in SHAPES:
        raise InputError("no such shape", f"Shapes: {', '.join(SHAPES)}.", column="shape", value=shape)
    if parameter.fixed:
        return np.full(size, parameter.mid)
    low, mid, high = (math.log(end) for end in parameter.levels) if log else parameter.levels
    if shape == "triangular":
        drawn: Array = rng.triangular(low, mid, high, size)
    else:
        left = 1 + 4 * (mid - low) / (high - low)
        drawn = low + (high - low) * rng.beta(left, 6 - left, size)
    return np.exp(drawn) if log else drawn


def correlate(first: Array, second: Array, rank_correlation: float, rng: np.random.Generator) -> None:
    """Reorder two arrays of draws in place to induce a rank correlation; their values are unchanged."""
    # Iman and Conover (1982), Communications in Statistics 11, with normal scores
    if not -1 < rank_correlation < 1:
        problem = "must lie between -1 and 1"
        raise InputError(problem, "Mend it.", column="rank_correlation", value=rank_correlation)
    linear = 2 * math.sin(math.pi * rank_correlation / 6)
    scores = rng.standard_normal((2, len(first)))
    scores[1] = linear * scores[0] + math.sqrt(1 - linear**2) * scores[1]
    for values, order in zip((first, second), scores, strict=True):
        values[np.argsort(order)] = np.sort(values)


def simulate(
    scenario: Scenario, *, run_seed: int, draws: int, shape: str = "pert", rank_correlation: float = 0.0
) -> dict[str, Array]:
    """Return draws of every factor of a scenario, of the cost per post and of the initial backlog."""
    # `rank_correlation` is between referral share and hours per case: with more referrals the mean case may be
    # lighter. 0 leaves them independent; only the model "cases" has both.
    rng = generator(run_seed, "capacity_gap", f"scenario/{scenario.model}")
    parameters = [scenario.parameters[name] for name in (*scenario.factors, "cost_per_fte")]
    drawn = {p.name: draw(p, draws, rng, shape=shape, log=p.name in LOG_SCALE) for p in parameters}
    if rank_correlation and scenario.model == "cases":
        correlate(drawn["referral_share"], drawn["hours_per_case"], rank_correlation, rng)
    return drawn | {"backlog_start": draw(scenario.parameters["backlog_start"], draws, rng, shape=shape)}


def _quantiles(values: Array) -> dict[str, float]:
    """Return q10, q50 and q90 with the largest of their errors, and the number of draws."""
    ends, errors = quantiles(values, list(QUANTILES))
    named = {f"q{100 * q:.0f}": end for q, end in zip(QUANTILES, ends, strict=True)}
    return named | {"mc_se": max(errors), "draws": len(values)}


def monte_carlo(scenario: Scenario, drawn: Mapping[str, Array]) -> pd.DataFrame:
    """Return quantiles of the posts needed and of their cost: quantity, unit, q10, q50, q90, mc_se, draws."""
    needed = fte_needed(drawn, scenario.model)
    at_target = needed / scenario.target_use
    outcomes = {("fte_break_even", "fte"): needed, ("fte_at_target", "fte"): at_target}
    outcomes["cost_at_target", "eur"] = at_target * drawn["cost_per_fte"]
    return pd.DataFrame([{"quantity": q, "unit": u} | _quantiles(v) for (q, u), v in outcomes.items()])


def monte_carlo_table(
    scenario: Scenario, *, run_seed: int, draws: int, rank_correlation: float = -0.3
) -> pd.DataFrame:
    """Return the table `cap_mc`: the primary draws (PERT, independent; specified beforehand), and two alternatives."""
    variants = [("independent", "pert", 0.0), ("triangular", "triangular", 0.0)]
    if scenario.model == "cases":
        variants.insert(1, ("correlated", "pert", rank_correlation))
    tables = []
    for variant, shape, correlation in variants:
        drawn = simulate(scenario, run_seed=run_seed, draws=draws, shape=shape, rank_correlation=correlation)
        table = monte_carlo(scenario, drawn)
        table.insert(0, "variant", variant)
        table.insert(1, "primary", variant == "independent")
        tables.append(table.assign(seed=run_seed, grade="C"))
    return pd.concat(tables, ignore_index=True)


def exceedance(scenario: Scenario, drawn: Mapping[str, Array]) -> pd.DataFrame:
    """Return the table `cap_exceed`: the percentage of draws in which more posts are needed than available."""
    needed = fte_needed(drawn, scenario.model)
    posts = list(dict.fromkeys(scenario.parameters["fte_available"].levels))
    p = np.array([float(np.mean(needed > fte)) for fte in posts])
    table = pd.DataFrame({"fte_available": posts, "probability": 100 * p})
    return table.assign(mc_se=100 * np.sqrt(p * (1 - p) / len(needed)), draws=len(needed), grade="C")


def backlog_fan(scenario: Scenario, drawn: Mapping[str, Array]) -> pd.DataFrame:
    """Return the table `cap_fan`: quantiles of the backlog at the end of each year, by available posts."""
    # each draw applies to all years: it represents uncertainty, not variation between years
    rate, arriving = scenarios.per_fte(drawn, scenario.model), scenarios.demand(drawn, scenario.model)
    rows = []
    for fte in dict.fromkeys(scenario.parameters["fte_available"].levels):
        waiting = drawn["backlog_start"]
        for year in range(scenarios.YEARS + 1):
            rows.append({"fte_available": fte, "year": year} | _quantiles(waiting) | {"grade": "C"})
            waiting = np.maximum(0.0, waiting + arriving - fte * rate)
    return pd.DataFrame(rows)


def tornado(scenario: Scenario, drawn: Mapping[str, Array]) -> pd.DataFrame:
    """Return the table `cap_tornado`: swing of each assumption alone, and its share in independent draws."""
    # `rank_corr` is Spearman's with the posts needed, `first_order` the share of their variance in percent:
    # they are a product of independent factors, so the index of Sobol (2001, Mathematics and Computers in
    # Simulation 55) is cv² of a factor over the product of (1 + cv²), minus 1. Fixed assumptions are left out;
    # NotAskedError if all are.
    if not scenario.moving:
        raise NotAskedError("every assumption of this scenario is fixed")
    levels = {name: scenario.parameters[name].levels for name in scenario.factors}
    ranges = {name: dict(zip(LEVELS, ends, strict=True)) for name, ends in levels.items()}
    table = one_at_a_time(ranges, scenario.model)
    table = table[table["parameter"].isin(scenario.moving)].reset_index(drop=True)

    ranks = pd.DataFrame({name: drawn[name] for name in table["parameter"]}).rank()
    correlations = ranks.corrwith(pd.Series(fte_needed(drawn, scenario.model)).rank())
    # productive hours and work rate are in the denominator: their inverse is the factor
    factors = {n: 1 / drawn[n] if n in scenarios.CAPACITY else drawn[n] for n in scenario.moving}
    cv2 = {name: float(np.var(v) / np.mean(v) ** 2) for name, v in factors.items()}
    total = math.prod(1 + c for c in cv2.values()) - 1
    parts = [100 * cv2[name] / total for name in table["parameter"]]
    return table.assign(rank_corr=correlations.to_numpy(), first_order=parts)


def grid(scenario: Scenario, size: int = 50) -> tuple[Array, Array, Array]:
    """Return referral shares (size,), hours (size,), both on a log scale, and the posts needed (size, size), rows by hours."""
    if scenario.model != "cases":
        remedy = "Use a scenario of the model cases."
        raise InputError("has no referral share", remedy, column="model", value=scenario.model)
    varied = [scenario.parameters[name] for name in ("referral_share", "hours_per_case")]
    # half to double, to show the position of a fixed value
    ends = [(p.mid / 2, p.mid * 2) if p.fixed else (p.low, p.high) for p in varied]
    axes = [np.geomspace(low, high, size) for low, high in ends]
    share, hours = np.meshgrid(*axes)
    values = scenario.values() | {"referral_share": share, "hours_per_case": hours}
    return axes[0], axes[1], np.asarray(fte_needed(values, scenario.model))


def break_even(scenario: Scenario) -> pd.DataFrame:
    """Return the table `cap_break_even`: the referral share at which the available posts are fully used (percent)."""
    # above 100, capacity would remain even if every eligible report led to a case
    rows = []
    for hours in dict.fromkeys(scenario.parameters["hours_per_case"].levels):
        for fte in dict.fromkeys(scenario.parameters["fte_available"].levels):
            share = scenarios.break_even_share(scenario.values(hours_per_case=hours, fte_available=fte))
            rows.append({"hours": hours, "fte_available": fte, "referral_share": 100 * share, "grade": "C"})
    return pd.DataFrame(rows)
