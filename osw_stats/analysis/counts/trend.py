"""What changed between two years, and whether that is more than ordinary variation."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import pandas as pd
from scipy import stats
from statsmodels.stats.multitest import multipletests

from osw_stats.analysis.counts.dispersion import DISPERSION, correlation_of, dispersion_of, longest_of
from osw_stats.analysis.counts.rates import RateRatio, rate_ratio
from osw_stats.analysis.counts.yearly import (
    Counted,
    Point,
    all_points,
    corners,
    editions_differ,
)
from osw_stats.errors import NotEstimableError, NotPublishedError, OswError
from osw_stats.vocabulary.lookup import only
from osw_stats.vocabulary.periods import parse_period
from osw_stats.vocabulary.series import series

LONG_ENOUGH = 5  # years of its own before a series tells its own dispersion
POWER = 0.80
COLUMNS = [
    "series", "breakdown", "period1", "period0", "x1", "t1", "x0", "t0", "rr", "exact_lower", "exact_upper",
    "p_exact", "phi_used", "phi_from", "rho1", "se_type", "od_lower", "od_upper", "phi_break_even", "day_rr",
    "definition_same", "basis", "robust_to_rounding", "detectable", "family", "p_raw", "p_adj",
    "change", "lower", "upper", "unit", "interval_kind", "observations", "method", "grade",
]  # fmt: skip


def pairs(observations: pd.DataFrame, *, alpha: float) -> pd.DataFrame:
    """Return the table `trend_pairs`: consecutive years of each series compared.

    `change`, `lower` and `upper` are percentages, with the overdispersed interval; the exact
    Poisson limits stand beside them. Where a count was rounded, or follows from a growth rate, the
    limits are the outermost over its range. `definition_same` says whether both years count the same
    thing. `p_adj` controls the false discovery rate over all comparisons of the table. What cannot be compared has no
    row; `find` says why.

    Notes
    -----
    Benjamini and Hochberg (1995), J. R. Stat. Soc. B 57.
    """
    rows: list[dict[str, Any]] = []
    refused: dict[tuple[str, str, int], OswError] = {}
    every = all_points(observations)
    stretch = cache(lambda counted: longest_of(every[counted]))  # asked for by every pair
    for counted, found in every.items():
        for before, after in pairwise(found):
            if after.year - before.year == 1:
                try:
                    rows.append(_pair(stretch, counted, before, after, alpha))
                except (NotEstimableError, NotPublishedError) as error:
                    refused[counted.series_id, counted.breakdown, after.year] = error
    frame = pd.DataFrame(rows, columns=COLUMNS)
    tested = frame["p_raw"].notna()  # a count of nought has no test
    if tested.any():
        frame.loc[tested, "p_adj"] = multipletests(frame.loc[tested, "p_raw"], method="fdr_bh")[1]
    years = {(c.series_id, c.breakdown): tuple(p.year for p in found) for c, found in every.items()}
    frame.attrs |= {"years": years, "refused": refused}
    return frame


def _pair(
    stretch: Callable[[Counted], list[Point]], counted: Counted, before: Point, after: Point, alpha: float
) -> dict[str, Any]:
    if not series(counted.series_id).homogeneous:
        raise NotEstimableError("its rules of counting are known to change from year to year")
    if editions_differ(before, after):
        raise NotEstimableError("the two years are of editions revised for unequal times")
    own = len(stretch(counted)) >= LONG_ENOUGH and min(p.value for p in stretch(counted)) > 0
    source = counted if own else DISPERSION
    if not stretch(source):
        raise NotPublishedError("no years tell how much counts vary", source.series_id)
    phi = dispersion_of(stretch(source), str(after.year) if own else "")
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
        "exact_upper": max(f.exact_upper for f in found),
        "p_exact": max(f.p_exact for f in found),
        "phi_used": phi,
        "phi_from": source.series_id,
        "rho1": correlation_of(stretch(source)),
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
    """Return the comparison of one series that ends in `period`; `pairs` is the whole table, as `pairs` returns it.

    Raises
    ------
    NotPublishedError
        If one of the two years is not there, or neither; it names the years that are not. Or if both are there, and
        not the series that tells how much counts vary.
    NotEstimableError
        If all are there and the years cannot be compared.
    InputError
        If there is no such series.
    """
    series(series_id)
    found = pairs[
        (pairs["series"] == series_id) & (pairs["period1"] == period) & (pairs["breakdown"] == breakdown)
    ]
    if len(found):
        return pd.Series(only(found, "trend_pairs"))
    whole = {"series_id": series_id, "sex": "total", "age": "total", "breakdown": breakdown}
    year, known = int(period), pairs.attrs["years"].get((series_id, breakdown), ())
    words = f"{series_id} cannot be compared between {year - 1} and {year}"
    if absent := [y for y in (year, year - 1) if y not in known]:
        raise NotPublishedError(words, series_id, wanted=[whole | {"time_period": str(y)} for y in absent])
    raise pairs.attrs["refused"][series_id, breakdown, year]
