"""How much an outcome of a scenario hangs on each assumption: tornado, random draws, break-even."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from osw_stats.analysis.capacity.scenarios import (
    CAPACITY,
    LEVELS,
    YEARS,
    Parameter,
    Scenario,
    break_even_share,
    demand,
    fte_needed,
    per_fte,
)
from osw_stats.analysis.draws import DRAWS, generator, quantiles
from osw_stats.errors import InputError, NotAskedError

Array = NDArray[np.float64]
LOG_SCALE = ("referral_share", "hours_per_case", "hours_per_audit")  # ranges that span a factor, not a sum
SHAPES = ("pert", "triangular")
QUANTILES = (0.1, 0.5, 0.9)  # of a scenario, so not the 2.5 and 97.5 of an estimate


def one_at_a_time(ranges: Mapping[str, Mapping[str, float]], model: str = "cases") -> pd.DataFrame:
    """Return the posts needed with one parameter at its low or high end and all others in the middle.

    Parameters
    ----------
    ranges
        By parameter: low, mid and high.

    Returns
    -------
    pandas.DataFrame
        parameter, low, high, fte_low, fte_high, swing (fte); the widest swing first.

    Examples
    --------
    >>> one_at_a_time({n: {"low": 1, "mid": 2, "high": 4} for n in (
    ...     "reports", "eligible_share", "referral_share", "hours_per_case", "productive_hours",
    ...     "clearance_factor")}).swing.tolist()
    [6.0, 6.0, 6.0, 6.0, 6.0, 6.0]
    """
    mid = {name: r["mid"] for name, r in ranges.items()}
    rows = []
    for name, r in ranges.items():
        ends = [float(fte_needed(mid | {name: r[level]}, model)) for level in ("low", "high")]
        rows.append((name, r["low"], r["high"], *ends, abs(ends[1] - ends[0])))
    table = pd.DataFrame(rows, columns=["parameter", "low", "high", "fte_low", "fte_high", "swing"])
    return table.sort_values("swing", ascending=False, kind="stable").reset_index(drop=True)


def draw(
    parameter: Parameter, size: int, rng: np.random.Generator, *, shape: str = "pert", log: bool = False
) -> Array:
    """Return random values of one assumption between its low and high end, most often near the middle.

    Parameters
    ----------
    shape
        "pert": a beta distribution with mean (low + 4 mid + high) / 6; or "triangular".
    log
        Draw the logarithm, for a range that is a factor to either side.

    Notes
    -----
    PERT: Malcolm and others (1959), Operations Research 7.
    """
    if shape not in SHAPES:
        raise InputError("no such shape", f"Shapes: {', '.join(SHAPES)}.", column="shape", value=shape)
    ends: tuple[float, ...] = (parameter.low, parameter.mid, parameter.high)
    if ends[0] == ends[2]:
        return np.full(size, ends[1])
    low, mid, high = (math.log(e) for e in ends) if log else ends
    if shape == "triangular":
        drawn: Array = rng.triangular(low, mid, high, size)
    else:
        left = 1 + 4 * (mid - low) / (high - low)
        drawn = low + (high - low) * rng.beta(left, 6 - left, size)
    return np.exp(drawn) if log else drawn


def correlate(first: Array, second: Array, rank_correlation: float, rng: np.random.Generator) -> None:
    """Reorder two columns of draws in place so that their ranks correlate; their values stay the same.

    Notes
    -----
    Iman and Conover (1982), Communications in Statistics 11, with normal scores.
    """
    if not -1 < rank_correlation < 1:
        raise InputError("must lie between -1 and 1", "Mend it.", column="rank_correlation", value=rank_correlation)  # fmt: skip
    linear = 2 * math.sin(math.pi * rank_correlation / 6)
    one, other = rng.standard_normal((2, len(first)))
    other = linear * one + math.sqrt(1 - linear**2) * other
    for values, scores in ((first, one), (second, other)):
        values[np.argsort(scores)] = np.sort(values)


def simulate(
    given: Scenario,
    *,
    run_seed: int,
    draws: int = DRAWS,
    shape: str = "pert",
    rank_correlation: float = 0.0,
) -> dict[str, Array]:
    """Return draws of every factor of a scenario and of its cost per post.

    Parameters
    ----------
    rank_correlation
        Between referral share and hours per case: the more is referred, the lighter the mean case
        may be. 0 leaves them independent; only the model "cases" has both.
    """
    rng = generator(run_seed, "capacity_gap", f"scenario/{given.model}")
    found = {
        name: draw(given.parameters[name], draws, rng, shape=shape, log=name in LOG_SCALE)
        for name in (*given.factors, "cost_per_fte")
    }
    if rank_correlation and given.model == "cases":
        correlate(found["referral_share"], found["hours_per_case"], rank_correlation, rng)
    return found


def monte_carlo(given: Scenario, drawn: Mapping[str, Array]) -> pd.DataFrame:
    """Return quantiles of the posts needed and of their cost.

    Parameters
    ----------
    drawn
        As `simulate` returns them.

    Returns
    -------
    pandas.DataFrame
        quantity, unit, q10, q50, q90, mc_se (the largest of the three), draws.
    """
    needed = fte_needed(drawn, given.model)
    at_target = needed / given.target_use
    rows = []
    for name, unit, values in (
        ("fte_break_even", "fte", needed),
        ("fte_at_target", "fte", at_target),
        ("cost_at_target", "eur", at_target * drawn["cost_per_fte"]),
    ):
        found, errors = quantiles(values, list(QUANTILES))
        rows.append(
            {"quantity": name, "unit": unit, **_named(found), "mc_se": max(errors), "draws": len(values)}
        )
    return pd.DataFrame(rows)


def _named(found: list[float]) -> dict[str, float]:
    return {f"q{100 * q:.0f}": value for q, value in zip(QUANTILES, found, strict=True)}


def monte_carlo_table(
    given: Scenario, *, run_seed: int, draws: int = DRAWS, rank_correlation: float = -0.3
) -> pd.DataFrame:
    """Return the table `cap_mc`: the primary draws, and two other ways to draw.

    The primary way, fixed beforehand, is PERT with independent assumptions; beside it stand a rank
    correlation between referral share and hours, and a triangular distribution.
    """
    ways: list[tuple[str, str, float]] = [("independent", "pert", 0.0)]
    ways += [("correlated", "pert", rank_correlation)] if given.model == "cases" else []
    ways.append(("triangular", "triangular", 0.0))
    tables = []
    for variant, shape, correlation in ways:
        drawn = simulate(given, run_seed=run_seed, draws=draws, shape=shape, rank_correlation=correlation)
        found = monte_carlo(given, drawn)
        found.insert(0, "variant", variant)
        found.insert(1, "primary", variant == "independent")
        tables.append(found.assign(seed=run_seed, grade="C"))
    return pd.concat(tables, ignore_index=True)


def exceedance(given: Scenario, drawn: Mapping[str, Array]) -> pd.DataFrame:
    """Return the table `cap_exceed`: in what part of the draws more posts are needed than there are (percent)."""
    needed = fte_needed(drawn, given.model)
    rows = []
    for fte in dict.fromkeys(_ends(given.parameters["fte_available"])):
        p = float(np.mean(needed > fte))
        se = math.sqrt(p * (1 - p) / len(needed))
        rows.append(
            {
                "fte_available": fte,
                "probability": 100 * p,
                "mc_se": 100 * se,
                "draws": len(needed),
                "grade": "C",
            }
        )
    return pd.DataFrame(rows)


def backlog_fan(given: Scenario, drawn: Mapping[str, Array]) -> pd.DataFrame:
    """Return the table `cap_fan`: quantiles of the backlog at the end of each year, by the posts there are.

    Every draw holds for all years; what varies is what we do not know, not luck from year to year.
    """
    each, arriving = per_fte(drawn, given.model), demand(drawn, given.model)
    rows = []
    for fte in dict.fromkeys(_ends(given.parameters["fte_available"])):
        waiting = np.full(len(each), given.parameters["backlog_start"].mid)
        for year in range(YEARS + 1):
            found, errors = quantiles(waiting, list(QUANTILES))
            rows.append(
                {"fte_available": fte, "year": year, **_named(found), "mc_se": max(errors), "draws": len(waiting), "grade": "C"}
            )  # fmt: skip
            waiting = np.maximum(0.0, waiting + arriving - fte * each)
    return pd.DataFrame(rows)


def tornado(given: Scenario, drawn: Mapping[str, Array]) -> pd.DataFrame:
    """Return the table `cap_tornado`: swing of each assumption alone, and its part in independent draws.

    Returns
    -------
    pandas.DataFrame
        parameter, low, mid, high, fte_mid, fte_low, fte_high, swing (fte), rank_corr (Spearman with the posts
        needed), first_order (share of the variance of the posts needed, percent); the widest swing
        first. What the first-order shares leave of 100 percent is interaction. Fixed ones are left out; NotAskedError if all are.

    Notes
    -----
    The posts needed are a product of independent factors, so the first-order index of Sobol (2001,
    Mathematics and Computers in Simulation 55) has a closed form in their squared coefficients of
    variation: cv² of a factor over the product of (1 + cv²), less 1.
    """
    moving = [n for n in given.factors if given.parameters[n].low < given.parameters[n].high]
    if not moving:
        raise NotAskedError("every assumption of this scenario is fixed")
    ranges = {n: {k: getattr(given.parameters[n], k) for k in LEVELS} for n in given.factors}
    table = one_at_a_time(ranges, given.model).query("parameter in @moving").reset_index(drop=True)
    table.insert(2, "mid", [ranges[n]["mid"] for n in table["parameter"]])
    table.insert(4, "fte_mid", float(fte_needed(given.values(), given.model)))
    ranks = _ranks(fte_needed(drawn, given.model))
    # productive hours and work rate stand below the line: there their inverse is the factor
    cv2 = {n: _cv2(1 / drawn[n] if n in CAPACITY else drawn[n]) for n in moving}
    whole = math.prod(1 + c for c in cv2.values()) - 1
    table["rank_corr"] = [float(np.corrcoef(_ranks(drawn[n]), ranks)[0, 1]) for n in table["parameter"]]
    table["first_order"] = [100 * cv2[n] / whole for n in table["parameter"]]
    return table


def _cv2(values: Array) -> float:
    return float(np.var(values) / np.mean(values) ** 2)


def _ranks(values: Array) -> Array:
    """Return ranks; draws of a continuous variable hold no ties that matter."""
    ranks = np.empty(len(values))
    ranks[np.argsort(values)] = np.arange(len(values))
    return ranks


def grid(given: Scenario, size: int = 50) -> tuple[Array, Array, Array]:
    """Return the posts needed over a grid of referral share × hours per case, both on a log scale.

    Returns
    -------
    tuple of numpy.ndarray
        Referral shares (size,), hours (size,), and posts (size, size): a row for each hours value.
    """
    if given.model != "cases":
        raise InputError("has no referral share", "Use a scenario of the model cases.", column="model", value=given.model)  # fmt: skip
    axes = []
    for p in (given.parameters["referral_share"], given.parameters["hours_per_case"]):
        fixed = p.low == p.high  # half to double shows where a fixed value stands
        axes.append(np.geomspace(p.mid / 2 if fixed else p.low, p.mid * 2 if fixed else p.high, size))
    share, hours = np.meshgrid(*axes)
    values = given.values() | {"referral_share": share, "hours_per_case": hours}
    return axes[0], axes[1], np.asarray(fte_needed(values, given.model))


def break_even(given: Scenario) -> pd.DataFrame:
    """Return the table `cap_break_even`: the referral share at which the available posts are fully used.

    One row for each combination of low, mid and high hours and posts. A share above 100 percent means that
    even if every eligible report led to a case, posts would be left.
    """
    rows = []
    for hours in dict.fromkeys(_ends(given.parameters["hours_per_case"])):
        for fte in dict.fromkeys(_ends(given.parameters["fte_available"])):
            share = break_even_share(given.values("mid", hours_per_case=hours, fte_available=fte))
            rows.append({"hours": hours, "fte_available": fte, "referral_share": 100 * share, "grade": "C"})
    return pd.DataFrame(rows)


def _ends(parameter: Parameter) -> tuple[float, float, float]:
    return parameter.low, parameter.mid, parameter.high
