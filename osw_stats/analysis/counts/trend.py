"""What changed between two years, and whether that is more than ordinary variation."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.multitest import multipletests

from osw_stats.analysis.counts.rates import RateRatio, rate_ratio, yearly_dispersion
from osw_stats.analysis.counts.yearly import (
    Counted,
    Point,
    all_points,
    corners,
    editions_differ,
    points,
    runs,
)
from osw_stats.errors import NotPublishedError
from osw_stats.vocabulary.lookup import only
from osw_stats.vocabulary.periods import parse_period
from osw_stats.vocabulary.series import series

# the series whose yearly steps show how much counts vary without a cause we know, where a series is too short: a bridge,
# and the page says so
DISPERSION = Counted("police_registered_141")
LONG_ENOUGH = 5  # years of its own before a series tells its own dispersion
LEAST_COUNTS = 4  # `yearly_dispersion` asks for
POWER = 0.80
COLUMNS = [
    "series", "breakdown", "period1", "period0", "x1", "t1", "x0", "t0", "rr", "exact_lower", "exact_upper",
    "p_exact", "phi_used", "phi_from", "rho1", "se_type", "od_lower", "od_upper", "phi_break_even", "day_rr",
    "definition_same", "basis", "robust_to_rounding", "detectable", "family", "p_raw", "p_adj",
    "change", "lower", "upper", "unit", "interval_kind", "observations", "method", "grade",
]  # fmt: skip


def _dispersion(stretch: list[Point], without: str) -> float:
    """Return the variance of yearly steps relative to Poisson; a step that is itself tested (`without`) is left out."""
    years = [str(p.year) for p in stretch]
    left_out = years.index(without) if without in years else None
    return yearly_dispersion([p.value for p in stretch], without=left_out)


def longest(observations: pd.DataFrame, counted: Counted) -> list[Point]:
    """Return the longest stretch of years of one definition; empty where there is none of two years."""
    return _longest(points(observations, counted))


def _longest(found: list[Point]) -> list[Point]:
    return max(runs(found), key=len, default=[])


def _correlation(stretch: list[Point]) -> float:
    """Return the lag-1 correlation of the yearly log steps; NaN where they do not vary."""
    steps = np.diff(np.log([p.value for p in stretch]))
    steps = steps - steps.mean()
    return math.nan if not steps.any() else float(steps[1:] @ steps[:-1] / (steps @ steps))


def pairs(observations: pd.DataFrame, *, alpha: float) -> pd.DataFrame:
    """Return the table `trend_pairs`: consecutive years of each series compared.

    `change`, `lower` and `upper` are percentages, with the overdispersed interval; the exact
    Poisson limits stand beside them. Where a count was rounded, or follows from a growth rate, the
    limits are the outermost over its range. `definition_same` says whether both years count the same
    thing. `p_adj` controls the false discovery rate over all comparisons of the table.

    Notes
    -----
    Benjamini and Hochberg (1995), J. R. Stat. Soc. B 57.
    """
    rows: list[dict[str, Any]] = []
    every = all_points(observations)
    stretch = cache(lambda counted: _longest(every[counted]))  # asked for by every pair
    for counted, found in every.items():
        if series(counted.series_id).homogeneous:
            for before, after in pairwise(found):
                if after.year - before.year == 1 and not editions_differ(before, after):
                    source = _teller(stretch, counted)
                    rows += [_pair(stretch, counted, source, before, after, alpha)] if source else []
    frame = pd.DataFrame(rows, columns=COLUMNS)
    tested = frame["p_raw"].notna()  # a count of nought has no test
    if tested.any():
        frame.loc[tested, "p_adj"] = multipletests(frame.loc[tested, "p_raw"], method="fdr_bh")[1]
    return frame


def _teller(stretch: Callable[[Counted], list[Point]], counted: Counted) -> Counted | None:
    """Return the series that tells the dispersion of another: itself where it can, else the registered offences."""
    for source, least in ((counted, LONG_ENOUGH), (DISPERSION, LEAST_COUNTS)):
        values = [p.value for p in stretch(source)]
        if len(values) >= least and min(values) > 0:
            return source
    return None


def _pair(
    stretch: Callable[[Counted], list[Point]], counted: Counted, source: Counted, before: Point, after: Point,
    alpha: float,
) -> dict[str, Any]:  # fmt: skip
    own = source == counted and len(stretch(counted)) >= LONG_ENOUGH
    phi = _dispersion(stretch(source), str(after.year) if own else "")
    found = [rate_ratio(a, b, phi=phi, alpha=alpha) for a, b in _boxes(before, after)]
    r = found[0]
    low, high = min(f.lower for f in found), max(f.upper for f in found)
    implied = "implied" in (before.basis, after.basis)
    exact = before.exact and after.exact
    same = before.definition_id == after.definition_id
    spread = math.sqrt(phi) * r.se
    detectable = stats.norm.ppf(1 - alpha / 2) + stats.norm.ppf(POWER)
    return {
        "series": counted.series_id,
        "breakdown": counted.breakdown,
        "period1": str(after.year),
        "period0": str(before.year),
        "x1": after.value,
        "t1": 1.0,
        "x0": before.value,
        "t0": 1.0,
        "rr": r.ratio,
        "exact_lower": min(f.exact_lower for f in found),
        # after a count of 0 there is no upper end, and no ratio either
        "exact_upper": max(f.exact_upper for f in found)
        if min(b for _, b in _boxes(before, after))
        else math.nan,
        "p_exact": max(f.p_exact for f in found),
        "phi_used": phi,
        "phi_from": source.series_id,
        "rho1": _correlation(stretch(source)),
        "se_type": "overdispersed",
        "od_lower": low,
        "od_upper": high,
        "phi_break_even": r.phi_break_even,
        "day_rr": r.ratio * days(before.year) / days(after.year),
        "definition_same": same,
        "basis": "implied" if implied else "published" if exact else "rounded",
        "robust_to_rounding": len({_conclusion(f) for f in found}) == 1,
        "detectable": 100 * math.expm1(float(detectable) * spread),
        "family": "year_on_year",
        "p_raw": max(2 * float(stats.norm.sf(abs(f.log_ratio) / (math.sqrt(phi) * f.se))) for f in found),
        "p_adj": math.nan,
        "change": 100 * (r.ratio - 1),
        "lower": 100 * (low - 1),
        "upper": 100 * (high - 1),
        "unit": "percent",
        "interval_kind": "overdispersed",
        "observations": " ".join(dict.fromkeys((*after.observations, *before.observations))),
        "method": f"ratio of two yearly totals, variance {phi:.1f} times Poisson"
        + ("" if own else " (from the yearly steps of registered offences)"),
        "grade": "B" if own or (exact and _one_publisher(counted, source)) else "C",
    }


def _one_publisher(one: Counted, other: Counted) -> bool:
    return series(one.series_id).publisher == series(other.series_id).publisher


def _boxes(before: Point, after: Point) -> list[tuple[float, float]]:
    """Return the pairs of counts to compare: as printed, and at the ends of what rounding leaves open."""
    if before.basis == "implied":  # the ratio is the printed growth, whatever the counts are
        high, low = before.upper / after.lower, before.lower / after.upper
        return [
            (after.value, before.value),
            (after.value, after.value * high),
            (after.value, after.value * low),
        ]
    return [(a, b) for b, a in corners([before, after])]


def _conclusion(r: RateRatio) -> int:
    return 1 if r.lower > 1 else -1 if r.upper < 1 else 0


def days(year: int) -> int:
    """Return the length of a year."""
    return parse_period(str(year)).days


def find(pairs: pd.DataFrame, series_id: str, period: str, breakdown: str = "") -> pd.Series[Any]:
    """Return the comparison of one series that ends in `period`.

    Raises
    ------
    NotPublishedError
        If the two years are not there.
    """
    found = pairs[
        (pairs["series"] == series_id) & (pairs["period1"] == period) & (pairs["breakdown"] == breakdown)
    ]
    if found.empty:
        whole = {"series_id": series_id, "sex": "total", "age": "total", "breakdown": breakdown}
        years = (period, str(int(period) - 1))
        wanted = [whole | {"time_period": year} for year in years]
        if DISPERSION.series_id not in set(pairs["phi_from"]):  # without it hardly anything is compared
            wanted.append({"series_id": DISPERSION.series_id})
        raise NotPublishedError(
            f"{series_id} cannot be compared between {years[1]} and {years[0]}", series_id, wanted=wanted
        )
    return pd.Series(only(found, "trend_pairs"))
