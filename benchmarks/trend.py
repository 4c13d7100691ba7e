"""How long the trend analyses take. Months and regions are SIMULATED; the headlines are those of the newest edition.

Run: `.venv/bin/python benchmarks/trend.py` (or `make bench`). Exits with an error when a target is missed.
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np
import pandas as pd

from osw_stats.data.edition import load_tables
from osw_stats.shelf.months.interrupted import Model, fit
from osw_stats.shelf.months.series import monthly_series
from osw_stats.shelf.months.study import placebo_dates, sensitivity
from osw_stats.shelf.regions import funnel, years
from osw_stats.stats.counts import models, trend

ITS_SECONDS, REGION_SECONDS, HEADLINE_SECONDS, REGIONS = 3.0, 20.0, 0.5, 342
ITS_MONTHS, POST = 36 + 60 + 6 + 5, 6


def simulated_months(seed: int):
    """Return a simulated monthly series with room for 60 placebo dates, and a control series."""
    rng = np.random.default_rng(seed)
    months = pd.period_range("2016-01", periods=ITS_MONTHS, freq="M").astype(str).tolist()
    season = 1 + 0.1 * np.sin(np.arange(ITS_MONTHS) * np.pi / 6)
    make = [rng.poisson(mean * season * rng.gamma(100, 1 / 100, ITS_MONTHS)) for mean in (1200, 5000)]
    return [monthly_series(n, months, c.tolist()) for n, c in zip(("series", "control"), make, strict=True)]


def simulated_regions(regions: int, seed: int) -> pd.DataFrame:
    """Return simulated yearly counts of municipalities, 12 years each."""
    rng = np.random.default_rng(seed)
    people = rng.lognormal(10.3, 0.9, regions).round()
    rows = [
        {"region": f"GM{r:04d}", "name": f"GM{r:04d}", "level": "municipality", "year": 2012 + y,
         "count": float(rng.poisson(people[r] * 5e-4)), "base": people[r], "base_kind": "population"}
        for r in range(regions) for y in range(12)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def timed(work) -> float:
    """Return the seconds `work` takes, the best of two runs."""
    best = float("inf")
    for _ in range(2):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def headlines(observations: pd.DataFrame, year: int) -> None:
    """Compare all series, and judge the headlines under every model."""
    judged = trend.headlines("sextortion")
    strip = models.strip(observations, judged, year, alpha=0.05)
    assert len(strip) > 1
    models.judge(trend.pairs(observations, judged, year, alpha=0.05), strip, alpha=0.05)


def its() -> None:
    series, control = simulated_months(1)
    model = Model(series.months[-POST])
    fit(series, model)
    dates = placebo_dates(series, model)
    assert len(dates) == 61
    sensitivity(series, model, control=control)


def by_region(frame: pd.DataFrame) -> None:
    funnel(frame, 2023, "municipality")
    years(frame, frame["region"].iloc[0], "1.4.1", alpha=0.05)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--regions", type=int, default=REGIONS)
    given = parser.parse_args()
    missed = 0
    seconds = timed(its)
    print(f"interrupted series, all variants, 60 placebo dates: {seconds:6.2f} s (target {ITS_SECONDS:g})")
    missed += seconds > ITS_SECONDS
    observations, start = load_tables().observations, time.process_time()
    headlines(observations, 2024)
    seconds = time.process_time() - start
    print(
        f"three headlines under all models, processor time:     {seconds:6.2f} s (target {HEADLINE_SECONDS:g})"
    )
    missed += seconds > HEADLINE_SECONDS
    for regions in (given.regions // 2, given.regions):
        frame = simulated_regions(regions, 2)
        seconds = timed(lambda frame=frame: by_region(frame))
        print(f"{regions:4d} municipalities, yearly trend and funnel:      {seconds:6.2f} s")
    missed += seconds > REGION_SECONDS
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
