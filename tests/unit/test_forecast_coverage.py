"""The coverage printed beside a forecast is that of the method that is printed."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from osw_stats.analysis.counts import multiyear
from tests.plain_fits import poisson_fit

SERIES = "police_registered_141"


def simulated(kind: str, rng: np.random.Generator) -> np.ndarray:
    """Return twelve counts: a steady growth, which a line foresees, or a walk, which it does not."""
    steps = rng.normal(0.12, 0.01, 12) if kind == "growth" else rng.normal(0, 0.12, 12)
    return np.round(5000 * np.exp(np.cumsum(steps)))


def inside_last_year(past: np.ndarray, true: float) -> bool:
    steps = [math.log(b / a) for a, b in pairwise(past)]
    half = stats.t.ppf(0.975, len(steps)) * math.sqrt(sum(s * s for s in steps) / len(steps))
    return abs(math.log(true / past[-1])) <= half


def inside_trend(past: np.ndarray, true: float) -> bool:
    x = np.column_stack([np.ones(len(past)), np.arange(len(past))])
    beta, information, phi, _ = poisson_fit(x, past)
    phi, ahead = max(1.0, phi), np.array([1.0, len(past)])
    eta = ahead @ beta
    variance = phi * (ahead @ np.linalg.inv(information) @ ahead + 1 / math.exp(eta))
    return abs(math.log(true) - eta) <= stats.t.ppf(0.975, len(past) - 2) * math.sqrt(variance)


INSIDE = {"trend": inside_trend, "last_year": inside_last_year}


@pytest.fixture(scope="module")
def printed(observations):
    """Forecasts of forty series, each with its counts."""
    rng, found = np.random.default_rng(2024), []
    here = observations["series_id"].eq(SERIES)
    for kind in ["growth", "walk"] * 20:
        counts = simulated(kind, rng)
        frame = observations.copy()
        for column in ("obs_value", "lower", "upper"):
            frame.loc[here, column] = counts
        table = multiyear.forecasts(frame, alpha=0.05)
        found.append((table[table["series"] == SERIES].iloc[0], counts))
    return found


def test_the_coverage_is_of_the_method_printed_and_of_no_other(printed):
    other = 0
    for row, counts in printed:
        origins = range(4, len(counts))
        share = {m: 100 * np.mean([f(counts[:n], counts[n]) for n in origins]) for m, f in INSIDE.items()}
        assert row["backtest_coverage"] == pytest.approx(share[row["method_code"]]), row["method_code"]
        other += share["trend"] != share["last_year"]
    assert {row["method_code"] for row, _ in printed} == {"trend", "last_year"}
    assert other > 10  # else both methods would pass


def test_a_ratio_that_has_no_end_is_left_out_with_its_reason(observations):
    found = multiyear.forecasts(observations, alpha=0.05)
    without = found["mae_ratio_to_naive"].isna()
    assert without.any()
    assert found["reason"].eq("naive_exact").equals(without)
    assert np.isfinite(found.loc[~without, "mae_ratio_to_naive"]).all()
