"""Slopes over several years of one definition, the year ahead, and what is refused, with the reason."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.tools import add_constant

from osw_stats.analysis.counts import forecast
from osw_stats.analysis.counts.yearly import Counted, Point, all_points, corners, editions_differ, runs
from osw_stats.errors import NotEstimableError
from osw_stats.vocabulary.series import series

LEAST = 4  # years before a slope has an interval
PANDEMIC = (2020, 2021)
PULSE = 2022  # the year of much publicity about The Voice
POWER = 0.80
MOST_CORNERS = 8  # rounded years whose ranges are tried in every corner
SLOPES = [
    "series", "breakdown", "first", "last", "years", "definition_id", "x1", "annual_change", "lower", "upper", "phi",
    "rho1", "se_type", "p", "detectable", "leave_out_low", "leave_out_high", "without_pandemic", "with_pulse",
    "robust_to_rounding", "unit", "interval_kind", "observations", "method", "grade",
]  # fmt: skip
FORECASTS = [
    "series", "breakdown", "year", "mean", "lower", "upper", "method_code", "backtest_coverage",
    "mae_ratio_to_naive", "reason", "origins", "definition_same", "unit", "interval_kind", "observations", "method", "grade",
]  # fmt: skip
REFUSED = ["series", "breakdown", "analysis", "reason", "definitions"]


def slopes(observations: pd.DataFrame, *, alpha: float) -> pd.DataFrame:
    """Return the table `trend_slopes`: annual change of every stretch of four years or more of one definition.

    `annual_change`, `lower`, `upper` are percent a year, quasi-Poisson with t on k - 2 degrees of freedom;
    `leave_out_low` and `leave_out_high` the range of the change when any one year is left out, the next
    two the change without 2020-2021 and with a level of its own for 2022. A stretch in which every count is the same has
    no slope.

    Notes
    -----
    McCullagh and Nelder (1989), section 6.2.
    """
    rows = []
    for counted, stretch in _stretches(observations):
        counts = [p.value for p in stretch]
        # a count of nought has no logarithm
        if len(stretch) >= LEAST and min(p.lower for p in stretch) > 0 and not _flat(counts):
            rows.append(_slope(counted, stretch, alpha))
    return pd.DataFrame(rows, columns=SLOPES)


def _stretches(observations: pd.DataFrame) -> list[tuple[Counted, list[Point]]]:
    return [
        (counted, run)
        for counted, found in all_points(observations).items()
        if series(counted.series_id).homogeneous
        for run in runs(found)
    ]


def _slope(counted: Counted, stretch: list[Point], alpha: float) -> dict[str, Any]:
    years = np.array([p.year for p in stretch], dtype=float)
    counts = np.array([p.value for p in stretch])
    made = _interval(years, counts, alpha)[2]
    rounded = [p for p in stretch if not p.exact]
    boxes = corners(stretch) if len(rounded) <= MOST_CORNERS else [counts.tolist()]
    ends = [_interval(years, np.array(box), alpha)[:2] for box in boxes]
    left_out = [_change(np.delete(years, i), np.delete(counts, i)) for i in range(len(years))]
    calm = ~np.isin(years, PANDEMIC)
    residuals = np.asarray(made.resid_pearson)
    spread = residuals @ residuals
    se, df = float(made.bse[1]), len(years) - 2
    reach = float(stats.t.ppf(1 - alpha / 2, df) + stats.t.ppf(POWER, df)) * se
    return {
        "series": counted.series_id,
        "breakdown": counted.breakdown,
        "first": stretch[0].year,
        "last": stretch[-1].year,
        "years": len(stretch),
        "definition_id": stretch[0].definition_id,
        "x1": counts[-1],
        "annual_change": _percent(made.params[1]),
        "lower": min(e[0] for e in ends),
        "upper": max(e[1] for e in ends),
        "phi": float(made.scale),
        "rho1": float(residuals[1:] @ residuals[:-1] / spread) if spread > 0 else math.nan,
        "se_type": "quasi_t",
        "p": 2 * float(stats.t.sf(abs(made.params[1] / se), df)),
        "detectable": _percent(reach),
        "leave_out_low": min(left_out),
        "leave_out_high": max(left_out),
        "without_pandemic": _change(years[calm], counts[calm])
        if calm.sum() >= LEAST - 1 and not calm.all()
        else math.nan,
        "with_pulse": _change(years, counts, PULSE)
        if PULSE in years and len(years) > LEAST + 1
        else math.nan,
        "robust_to_rounding": len({(e[0] > 0) - (e[1] < 0) for e in ends}) == 1,
        "unit": "percent",
        "interval_kind": "overdispersed",
        "observations": " ".join(i for p in stretch for i in p.observations),
        "method": f"log-linear quasi-Poisson over {len(stretch)} years, t with {df} degrees of freedom",
        "grade": "B",
    }


def _flat(counts: Any) -> bool:
    """Say whether every count is the same: then there is a slope of nought and no variation to judge it by."""
    return len(set(counts)) == 1


def _interval(years: Any, counts: Any, alpha: float) -> tuple[float, float, Any]:
    if _flat(counts):  # a corner of what rounding leaves open
        return 0.0, 0.0, None
    made = _fit(years, counts)
    half = float(stats.t.ppf(1 - alpha / 2, len(years) - 2)) * float(made.bse[1])
    return _percent(made.params[1] - half), _percent(made.params[1] + half), made


def _fit(years: Any, counts: Any, pulse: int | None = None) -> Any:
    x = add_constant(years - years[0])
    if pulse is not None:
        x = np.column_stack([x, years == pulse])
    return GLM(counts, x, family=families.Poisson()).fit(scale="X2")


def _change(years: Any, counts: Any, pulse: int | None = None) -> float:
    return 0.0 if _flat(counts) else _percent(_fit(years, counts, pulse).params[1])


def _percent(log: float) -> float:
    return 100 * math.expm1(float(log))


def forecasts(observations: pd.DataFrame, *, alpha: float) -> pd.DataFrame:
    """Return the table `forecast`: the year after each stretch of five years or more of one definition.

    The trend is used where it did better than repeating the last year in the backtest, else the last year is
    repeated (`method_code`); `backtest_coverage` is of the method used. `reason` says why there is no ratio of
    errors: the year repeated was exactly right in every year tested. `definition_same` is false where a break lies in the year ahead: then the forecast is
    what the old way of counting would have given.
    """
    rows = []
    for counted, stretch in _stretches(observations):
        years, counts = [p.year for p in stretch], [p.value for p in stretch]
        if len(stretch) < forecast.LEAST:
            continue
        try:
            tested = forecast.backtest(years, counts, alpha=alpha)
        except NotEstimableError:
            continue
        better = tested.mae_ratio < 1  # false where there is no ratio
        made = (
            forecast.next_year(years, counts, alpha=alpha, least_phi=1.0)
            if better
            else forecast.repeat_last(years, counts, alpha=alpha)
        )
        ahead = series(counted.series_id).definition_id(str(made.year))
        rows.append(
            {
                "series": counted.series_id, "breakdown": counted.breakdown, "year": made.year, "mean": made.mean,
                "lower": made.lower, "upper": made.upper, "method_code": "trend" if better else "last_year",
                "backtest_coverage": 100 * (tested.coverage if better else tested.coverage_last_year),
                "mae_ratio_to_naive": tested.mae_ratio,
                "reason": "naive_exact" if math.isnan(tested.mae_ratio) else "",
                "origins": tested.origins, "definition_same": ahead == stretch[-1].definition_id,
                "unit": series(counted.series_id).unit, "interval_kind": "overdispersed",
                "observations": " ".join(i for p in stretch for i in p.observations),
                "method": "log-linear quasi-Poisson trend, one year ahead" if better
                else "last year again, limits from the yearly steps",
                "grade": "C",
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=FORECASTS)


def refusals(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `trend_refused`: what is not computed for a series, and the code of the reason.

    `analysis` holds pair, slope and forecast, those that are refused, joined by spaces. Reasons: not_homogeneous
    (the rules of counting change without notice), too_few_years, years_missing, editions_differ, break_between.
    """
    rows = []
    for counted, found in all_points(observations).items():
        kinds = " ".join(dict.fromkeys(p.definition_id for p in found))
        longest = max((len(r) for r in runs(found)), default=min(1, len(found)))
        paired = any(b.year - a.year == 1 and not editions_differ(a, b) for a, b in pairwise(found))
        refused = [
            name
            for name, possible in (
                ("pair", paired), ("slope", longest >= LEAST), ("forecast", longest >= forecast.LEAST),
            )
            if not possible or not series(counted.series_id).homogeneous
        ]  # fmt: skip
        reason = _reason(found) if series(counted.series_id).homogeneous else "not_homogeneous"
        if refused:
            rows.append(
                {
                    "series": counted.series_id, "breakdown": counted.breakdown, "analysis": " ".join(refused),
                    "reason": reason, "definitions": kinds,
                }
            )  # fmt: skip
    return pd.DataFrame(rows, columns=REFUSED)


def _reason(found: list[Point]) -> str:
    """Return the first thing that keeps a series from having long stretches."""
    for before, after in pairwise(found):
        if after.year - before.year > 1:
            return "years_missing"
        if after.definition_id != before.definition_id:
            return "break_between"
        if editions_differ(before, after):
            return "editions_differ"
    return "too_few_years"
