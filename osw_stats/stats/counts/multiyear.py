"""Slopes over several years of one definition, forecasts, and what is not computed, with the reason."""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from osw_stats.errors import NotEstimableError
from osw_stats.meaning.series import series
from osw_stats.stats.counts import rates
from osw_stats.stats.counts.yearly import SUBJECTS, Point, all_points, corners, editions_differ, runs

LEAST = 4  # years needed for the interval of a slope
PANDEMIC = (2020, 2021)
PULSE = 2022  # the year of extensive publicity about The Voice
MOST_CORNERS = 8  # the most rounded years for which all corners of their ranges are computed
COLUMNS = SUBJECTS["columns"]


def _stretches(observations: pd.DataFrame) -> Iterator[tuple[dict[str, Any], list[Point]]]:
    """Yield the stretches of every series, with the columns that identify each."""
    for counted, counts in all_points(observations).items():
        for stretch in runs(counts) if series(counted.series_id).homogeneous else []:
            ids = " ".join(i for p in stretch for i in p.observations)
            yield {"series": counted.series_id, "breakdown": counted.breakdown, "observations": ids}, stretch


def slopes(observations: pd.DataFrame, *, alpha: float) -> pd.DataFrame:
    """Return the table `trend_slopes`: annual change over every stretch of four years or more of one definition."""
    # In percent a year, with the larger of two errors (`rates.slope_error`) and t on k - 2 degrees of
    # freedom; also the change leaving out each year in turn, without 2020-2021, and with a separate level for
    # 2022. A stretch of identical counts has no slope.
    rates.require_alpha(alpha)
    rows = [
        labels | _slope(stretch, alpha)
        for labels, stretch in _stretches(observations)
        # a count of zero has no logarithm
        if len(stretch) >= LEAST and min(p.lower for p in stretch) > 0 and len({p.value for p in stretch}) > 1
    ]
    table = pd.DataFrame(rows, columns=COLUMNS["trend_slopes"])
    return table.assign(se_type="larger_of_two", unit="percent", interval_kind="overdispersed", grade="B")


def _slope(stretch: list[Point], alpha: float) -> dict[str, Any]:
    years = np.array([p.year for p in stretch], dtype=float)
    counts = np.array([p.value for p in stretch])
    df = len(years) - 2
    t = float(stats.t.ppf(1 - alpha / 2, df))

    def percent(log: float) -> float:
        return 100 * math.expm1(float(log))

    def change(keep: Any = slice(None), pulse: int | None = None) -> float:
        if len(set(counts[keep])) == 1:
            return 0.0
        return percent(rates.log_linear(years[keep], counts[keep], pulse, least_phi=1.0).params[1])

    def limits(box: list[float]) -> tuple[float, float]:
        if len(set(box)) == 1:  # a corner of the rounding ranges
            return 0.0, 0.0
        fitted = rates.log_linear(years, np.array(box), least_phi=1.0)
        half = t * rates.slope_error(years, np.array(box), fitted)
        return percent(fitted.params[1] - half), percent(fitted.params[1] + half)

    fitted = rates.log_linear(years, counts, least_phi=1.0)
    se = rates.slope_error(years, counts, fitted)
    rounded = sum(not p.exact for p in stretch)
    ends = [limits(box) for box in (corners(stretch) if rounded <= MOST_CORNERS else [counts.tolist()])]
    left_out = [change(years != year) for year in years]
    calm = ~np.isin(years, PANDEMIC)
    enough = calm.sum() >= LEAST - 1 and not calm.all()
    row: dict[str, Any] = {"first": stretch[0].year, "last": stretch[-1].year, "years": len(stretch)}
    row |= {"definition_id": stretch[0].definition_id, "x1": counts[-1]}
    row |= {"annual_change": percent(fitted.params[1]), "phi": fitted.phi}
    row |= {"lower": min(e[0] for e in ends), "upper": max(e[1] for e in ends)}
    row |= {"robust_to_rounding": len({(e[0] > 0) - (e[1] < 0) for e in ends}) == 1}
    row |= {"rho1": rates.lag_correlation(np.asarray(fitted.result.resid_pearson))}
    row |= {"p": 2 * float(stats.t.sf(abs(fitted.params[1] / se), df))}
    row |= {"leave_out_low": min(left_out), "leave_out_high": max(left_out)}
    row |= {"without_pandemic": change(calm) if enough else math.nan}
    row |= {"with_pulse": change(pulse=PULSE) if PULSE in years and len(years) > LEAST + 1 else math.nan}
    method = f"log-linear quasi-Poisson over {len(stretch)} years, the larger of two errors, t with {df} degrees of freedom"
    return row | {"method": method}


def forecasts(observations: pd.DataFrame, *, alpha: float) -> pd.DataFrame:
    """Return the table `forecast`: the year after each stretch of five years or more of one definition."""
    # The trend is used where it outperformed the naive forecast in the backtest, else the naive forecast is.
    # Where the definition changes in the forecast year (`definition_same`), the forecast is for the old
    # definition.
    rows = []
    for row, stretch in _stretches(observations):
        years, counts = [p.year for p in stretch], [p.value for p in stretch]
        try:
            result = rates.backtest(years, counts, alpha=alpha)
        except NotEstimableError:
            continue
        source = series(row["series"])
        if result.mae_ratio < 1:  # false for NaN
            ahead = rates.next_year(years, counts, alpha=alpha, cautious=True)
            code, coverage = "trend", result.coverage
            method = "log-linear quasi-Poisson trend, one year ahead"
        else:
            ahead = rates.repeat_last(years, counts, alpha=alpha)
            code, coverage = "last_year", result.coverage_last_year
            method = "last year again, limits from the yearly steps"
        row |= {"year": ahead.year, "mean": ahead.mean, "lower": ahead.lower, "upper": ahead.upper}
        row |= {"method_code": code, "method": method, "origins": result.origins, "unit": source.unit}
        row |= {"backtest_coverage": 100 * coverage, "mae_ratio_to_naive": result.mae_ratio}
        row |= {"reason": "naive_exact" if math.isnan(result.mae_ratio) else ""}
        row |= {"definition_same": source.definition_id(str(ahead.year)) == stretch[-1].definition_id}
        rows.append(row)
    table = pd.DataFrame(rows, columns=COLUMNS["forecast"])
    return table.assign(interval_kind="overdispersed", grade="C")


def refusals(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `trend_refused`: what is not computed for a series (pair, slope, forecast), and the reason."""
    rows = []
    for counted, counts in all_points(observations).items():
        homogeneous = series(counted.series_id).homogeneous
        longest = max((len(r) for r in runs(counts)), default=0)
        possible = {
            "pair": any(b.year - a.year == 1 and not editions_differ(a, b) for a, b in pairwise(counts)),
            "slope": longest >= LEAST,
            "forecast": longest >= rates.LEAST,
        }
        refused = " ".join(name for name, can in possible.items() if not (can and homogeneous))
        reason = _reason(counts) if homogeneous else "not_homogeneous"
        kinds = " ".join(dict.fromkeys(p.definition_id for p in counts))
        if refused:
            rows.append((counted.series_id, counted.breakdown, refused, reason, kinds))
    return pd.DataFrame(rows, columns=COLUMNS["trend_refused"])


def _reason(counts: list[Point]) -> str:
    """Return the first reason why a series has no long stretches."""
    for before, after in pairwise(counts):
        if after.year - before.year > 1:
            return "years_missing"
        if after.definition_id != before.definition_id:
            return "break_between"
        if editions_differ(before, after):
            return "editions_differ"
    return "too_few_years"
