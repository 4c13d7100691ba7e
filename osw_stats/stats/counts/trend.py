"""What changed between two years, whether that is more than ordinary variation, and the same under other assumptions."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.multitest import multipletests

from osw_stats.errors import NotEstimableError, NotPublishedError, OswError
from osw_stats.meaning.lookup import only
from osw_stats.meaning.periods import parse_period
from osw_stats.meaning.series import series
from osw_stats.stats.counts.rates import RateRatio, next_year, rate_ratio, step_correlation, yearly_dispersion
from osw_stats.stats.counts.yearly import (
    SUBJECTS,
    TOTAL,
    VARIATION,
    Counted,
    Point,
    all_points,
    corners,
    editions_differ,
    longest,
    points,
)
from osw_stats.stats.draws import DRAWS, generator, quantiles

LONG_ENOUGH = 5  # years of its own before a series tells its own dispersion
POWER = 0.80


def pairs(observations: pd.DataFrame, *, alpha: float) -> pd.DataFrame:
    """Return the table `trend_pairs`: consecutive years of each series compared.

    `change`, `lower` and `upper` are percentages, with the overdispersed interval; the exact Poisson limits stand beside
    them. Where a count was rounded, or follows from a growth rate, the limits are the outermost over its range.
    `definition_same` says whether both years count the same thing. `p_adj` controls the false discovery rate over the table
    (Benjamini and Hochberg 1995, J. R. Stat. Soc. B 57). What cannot be compared has no row; `find` says why.
    """
    rows: list[dict[str, Any]] = []
    refused: dict[tuple[str, str, int], OswError] = {}
    counts = all_points(observations)
    stretches = {counted: longest(of_series) for counted, of_series in counts.items()}
    for counted, of_series in counts.items():
        for before, after in pairwise(of_series):
            if after.year - before.year == 1:
                try:
                    rows.append(_pair(stretches, counted, before, after, alpha))
                except (NotEstimableError, NotPublishedError) as error:
                    refused[counted.series_id, counted.breakdown, after.year] = error
    frame = pd.DataFrame(rows, columns=SUBJECTS["columns"]["trend_pairs"])
    frame = frame.assign(t1=1.0, t0=1.0, se_type="overdispersed", family="year_on_year")
    frame = frame.assign(unit="percent", interval_kind="overdispersed", p_adj=math.nan)
    for name, ratio in (("change", "rr"), ("lower", "od_lower"), ("upper", "od_upper")):
        frame[name] = 100 * (frame[ratio] - 1)
    tested = frame["p_raw"].notna()  # a count of nought has no test
    if tested.any():
        frame.loc[tested, "p_adj"] = multipletests(frame.loc[tested, "p_raw"], method="fdr_bh")[1]
    years = {(c.series_id, c.breakdown): tuple(p.year for p in of_series) for c, of_series in counts.items()}
    frame.attrs |= {"years": years, "refused": refused}
    return frame


def _pair(
    stretches: dict[Counted, list[Point]], counted: Counted, before: Point, after: Point, alpha: float
) -> dict[str, Any]:
    about = series(counted.series_id)
    if not about.homogeneous:
        raise NotEstimableError("its rules of counting are known to change from year to year")
    if editions_differ(before, after):
        raise NotEstimableError("the two years are of editions revised for unequal times")
    own = len(stretches[counted]) >= LONG_ENOUGH and min(p.value for p in stretches[counted]) > 0
    source = counted if own else VARIATION
    years, known = [p.year for p in stretches[source]], [p.value for p in stretches[source]]
    if not years:
        raise NotPublishedError("no years tell how much counts vary", source.series_id)
    phi = yearly_dispersion(known, years.index(after.year) if own and after.year in years else None)
    boxes = [(a, b) for b, a in corners([before, after])]
    if before.basis == "implied":  # the ratio is the printed growth, whatever the counts are
        ends = (before.upper / after.lower, before.lower / after.upper)
        boxes = [(after.value, before.value), *((after.value, after.value * end) for end in ends)]
    ratios = [rate_ratio(a, b, phi=phi, alpha=alpha) for a, b in boxes]
    r, spread = ratios[0], math.sqrt(phi) * ratios[0].se
    detectable = float(stats.norm.ppf(1 - alpha / 2) + stats.norm.ppf(POWER)) * spread
    p_raw = max(2 * float(stats.norm.sf(abs(f.log_ratio) / (math.sqrt(phi) * f.se))) for f in ratios)
    exact, implied = before.exact and after.exact, "implied" in (before.basis, after.basis)
    same_publisher = about.publisher == series(source.series_id).publisher
    borrowed = "" if own else " (from the yearly steps of registered offences)"
    row: dict[str, Any] = {"series": counted.series_id, "breakdown": counted.breakdown}
    row |= {"period1": str(after.year), "period0": str(before.year), "x1": after.value, "x0": before.value}
    row |= {"rr": r.ratio, "phi_used": phi, "phi_from": source.series_id, "rho1": step_correlation(known)}
    row |= {"exact_lower": min(f.exact_lower for f in ratios)}
    row |= {"exact_upper": max(f.exact_upper for f in ratios), "p_exact": max(f.p_exact for f in ratios)}
    row |= {"od_lower": min(f.lower for f in ratios), "od_upper": max(f.upper for f in ratios)}
    row |= {"phi_break_even": r.phi_break_even, "p_raw": p_raw, "detectable": 100 * math.expm1(detectable)}
    row |= {"day_rr": r.ratio * _days(before.year) / _days(after.year)}
    row |= {"definition_same": before.definition_id == after.definition_id}
    row |= {"basis": "implied" if implied else "published" if exact else "rounded"}
    row |= {"robust_to_rounding": len({(f.lower > 1) - (f.upper < 1) for f in ratios}) == 1}
    row |= {"observations": " ".join(dict.fromkeys((*after.observations, *before.observations)))}
    row |= {"method": f"ratio of two yearly totals, variance {phi:.1f} times Poisson{borrowed}"}
    return row | {"grade": "B" if own or (exact and same_publisher) else "C"}


def _days(year: int) -> int:
    return parse_period(str(year)).days


def find(pairs: pd.DataFrame, series_id: str, period: str, breakdown: str = "") -> pd.Series[Any]:
    """Return the comparison of one series that ends in `period`; `pairs` is the whole table, as `pairs` returns it.

    NotPublishedError names the years that are not there, or the series that tells how much counts vary; NotEstimableError
    if all are there and the years cannot be compared.
    """
    series(series_id)  # a misspelt series is a mistake, never an absence
    own = (pairs["series"] == series_id) & (pairs["breakdown"] == breakdown)
    rows = pairs[own & (pairs["period1"] == period)]
    if len(rows):
        return pd.Series(only(rows, "trend_pairs"))
    year, known = int(period), pairs.attrs["years"].get((series_id, breakdown), ())
    if absent := [y for y in (year, year - 1) if y not in known]:
        whole = {"series_id": series_id, **TOTAL, "breakdown": breakdown}
        wanted = [whole | {"time_period": str(y)} for y in absent]
        words = f"{series_id} cannot be compared between {year - 1} and {year}"
        raise NotPublishedError(words, series_id, wanted=wanted)
    raise pairs.attrs["refused"][series_id, breakdown, year]


def sensitivity(
    observations: pd.DataFrame, pair: pd.Series[Any], *, alpha: float, run_seed: int, draws: int = DRAWS
) -> pd.DataFrame:
    """Return one comparison under other assumptions; the one of the page has `primary`.

    Variants: fixed dispersions from Poisson on, the dispersion around a linear trend, the days of a leap year, without acts
    that became offences in between, the t quantile with as many degrees of freedom as there are yearly steps, and a
    simulation in which the dispersion itself is uncertain: phi as n phi / chi2(n) for n steps and the log ratio normal given
    phi. t with n degrees of freedom is its closed form, so that the two check each other.
    """
    stretch = longest(points(observations, Counted(pair["phi_from"])))
    steps, x1, x0, phi = len(stretch) - 1, pair["x1"], pair["x0"], pair["phi_used"]
    rows: list[dict[str, Any]] = []

    def add(variant: str, r: RateRatio, **more: Any) -> None:
        limits = {"lower": 100 * (r.lower - 1), "upper": 100 * (r.upper - 1), "primary": not rows}
        drawn = {"seed": run_seed, "draws": math.nan, "mc_se": math.nan}
        row = {"variant": variant, "phi": r.phi, "change": 100 * (r.ratio - 1), **limits}
        rows.append(row | {"phi_break_even": r.phi_break_even, **drawn} | more)

    r = rate_ratio(x1, x0, phi=phi, alpha=alpha)
    add("phi_own" if pair["phi_from"] == pair["series"] else "phi_estimated", r)
    for fixed in (1.0, 2.0, 5.0, 10.0):
        add("phi_fixed", rate_ratio(x1, x0, phi=fixed, alpha=alpha))
    around = next_year([p.year for p in stretch], [p.value for p in stretch]).phi
    add("phi_around_trend", rate_ratio(x1, x0, phi=around, alpha=alpha))
    times = {"t1": _days(int(pair["period1"])), "t0": _days(int(pair["period0"]))}
    add("per_day", rate_ratio(x1, x0, phi=phi, alpha=alpha, **times))
    new_acts = observations["series_id"].isin(SUBJECTS["new_offences"].get(pair["series"], []))
    rows_of_new = observations[new_acts & observations["time_period"].eq(pair["period1"])]
    new = float(rows_of_new["obs_value"].sum())
    if 0 < new < x1:
        add("without_new_offences", rate_ratio(x1 - new, x0, phi=phi, alpha=alpha))
    half = float(stats.t.ppf(1 - alpha / 2, steps)) * math.sqrt(phi) * r.se
    ends = [100 * math.expm1(r.log_ratio + sign * half) for sign in (-1, 1)]
    add("t_quantile", r, lower=ends[0], upper=ends[1])
    rng = generator(run_seed, "trend", "sensitivity")
    drawn = np.sqrt(phi * steps / rng.chisquare(steps, draws)) * r.se * rng.standard_normal(draws)
    limits, errors = quantiles(100 * np.expm1(r.log_ratio + drawn), [alpha / 2, 1 - alpha / 2])
    add("phi_simulated", r, lower=limits[0], upper=limits[1], draws=draws, mc_se=max(errors))
    return pd.DataFrame(rows)
