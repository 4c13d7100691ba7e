"""One comparison of two years under other assumptions about ordinary variation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from osw_stats.analysis.counts.dispersion import longest
from osw_stats.analysis.counts.forecast import next_year
from osw_stats.analysis.counts.rates import RateRatio, rate_ratio
from osw_stats.analysis.counts.trend import days
from osw_stats.analysis.counts.yearly import Counted
from osw_stats.analysis.draws import DRAWS, generator, quantiles

TABLE_PHI = (1.0, 2.0, 5.0, 10.0)
NEW_OFFENCES = ("police_reports_public_harassment", "police_reports_sexchatting")  # since 1 July 2024


def new_offences(observations: pd.DataFrame, period: str) -> float:
    """Return the reports of acts that are offences only since the law of 1 July 2024; 0 where none were published."""
    rows = observations[observations["series_id"].isin(NEW_OFFENCES) & observations["time_period"].eq(period)]
    return float(rows["obs_value"].sum())


def sensitivity(
    observations: pd.DataFrame, pair: pd.Series[Any], *, alpha: float, run_seed: int, draws: int = DRAWS
) -> pd.DataFrame:
    """Return one comparison under other assumptions; the one of the page has `primary`.

    Variants: Poisson, fixed dispersions, the dispersion around a linear trend, the days of a leap year, without
    acts that became offences in between, the t quantile with as many degrees of freedom as there are yearly steps, and a simulation in which the
    dispersion itself is uncertain.

    Notes
    -----
    The simulation draws phi as n phi / chi2(n) for n yearly steps and the log ratio as normal given phi; t with n
    degrees of freedom is its closed form, so that the two check each other.
    """
    steps = len(longest(observations, Counted(pair["phi_from"]))) - 1
    x1, x0, phi = pair["x1"], pair["x0"], pair["phi_used"]
    rows: list[dict[str, Any]] = []

    def add(variant: str, r: RateRatio, **more: Any) -> None:
        limits = {"lower": 100 * (r.lower - 1), "upper": 100 * (r.upper - 1)}
        rows.append(
            {
                "variant": variant, "phi": r.phi, "change": 100 * (r.ratio - 1), **limits, "primary": False,
                "phi_break_even": r.phi_break_even, "seed": run_seed, "draws": math.nan, "mc_se": math.nan,
            } | more
        )  # fmt: skip

    primary = "phi_own" if pair["phi_from"] == pair["series"] else "phi_estimated"
    add(primary, rate_ratio(x1, x0, phi=phi, alpha=alpha), primary=True)
    for fixed in TABLE_PHI:
        add("phi_fixed", rate_ratio(x1, x0, phi=fixed, alpha=alpha))
    around = around_trend(observations, Counted(pair["phi_from"]))
    add("phi_around_trend", rate_ratio(x1, x0, phi=around, alpha=alpha))
    times = {"t1": days(int(pair["period1"])), "t0": days(int(pair["period0"]))}
    add("per_day", rate_ratio(x1, x0, phi=phi, alpha=alpha, **times))
    new = new_offences(observations, pair["period1"]) if pair["series"] == "police_reports" else 0
    if 0 < new < x1:
        add("without_new_offences", rate_ratio(x1 - new, x0, phi=phi, alpha=alpha))
    r = rate_ratio(x1, x0, phi=phi, alpha=alpha)
    half = float(stats.t.ppf(1 - alpha / 2, steps)) * math.sqrt(phi) * r.se
    ends = [100 * math.expm1(r.log_ratio + sign * half) for sign in (-1, 1)]
    add("t_quantile", r, lower=ends[0], upper=ends[1])
    rng = generator(run_seed, "trend", "sensitivity")
    drawn = np.sqrt(phi * steps / rng.chisquare(steps, draws)) * r.se * rng.standard_normal(draws)
    limits, errors = quantiles(100 * np.expm1(r.log_ratio + drawn), [alpha / 2, 1 - alpha / 2])
    add("phi_simulated", r, lower=limits[0], upper=limits[1], draws=draws, mc_se=max(errors))
    return pd.DataFrame(rows)


def around_trend(observations: pd.DataFrame, counted: Counted) -> float:
    """Return the dispersion of a series around its log-linear trend (Pearson chi-square over its degrees)."""
    stretch = longest(observations, counted)
    return next_year([p.year for p in stretch], [p.value for p in stretch]).phi
