"""One comparison of two years under other assumptions about ordinary variation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from osw_stats.stats.counts.rates import RateRatio, next_year, rate_ratio
from osw_stats.stats.counts.trend import days
from osw_stats.stats.counts.yearly import SUBJECTS, Counted, longest, points
from osw_stats.stats.draws import DRAWS, generator, quantiles

TABLE_PHI = (1.0, 2.0, 5.0, 10.0)


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
    for fixed in TABLE_PHI:
        add("phi_fixed", rate_ratio(x1, x0, phi=fixed, alpha=alpha))
    around = next_year([p.year for p in stretch], [p.value for p in stretch]).phi
    add("phi_around_trend", rate_ratio(x1, x0, phi=around, alpha=alpha))
    times = {"t1": days(int(pair["period1"])), "t0": days(int(pair["period0"]))}
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
