"""Changes between two years, and whether they exceed ordinary variation."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from osw_stats.errors import NotEstimableError, NotPublishedError, OswError
from osw_stats.meaning.lookup import only
from osw_stats.meaning.periods import parse_period
from osw_stats.meaning.series import series
from osw_stats.stats.counts import yearly
from osw_stats.stats.counts.ordinary import NO_STEPS, Ordinary, Population, Steps, steps
from osw_stats.stats.counts.rates import lag_correlation, rate_ratio
from osw_stats.stats.counts.yearly import COUNTED, SUBJECTS, TOTAL, Counted, Point
from osw_stats.stats.survey.comparing import adjust

OWN_ENOUGH = 4  # own steps with which a series borrows little from the others
LEAST_STEPS = 3  # steps needed for their lag-1 correlation
LENDERS = (*COUNTED, *map(Counted, SUBJECTS["vary_too"]))


@dataclass(frozen=True)
class Pair:
    """Two years of a series to compare."""

    counted: Counted
    before: Point
    after: Point

    @property
    def counting(self) -> float:
        """The Poisson variance of the log ratio."""
        return 1 / self.before.value + 1 / self.after.value

    @property
    def positive(self) -> bool:
        """Whether neither count can be zero."""
        return min(self.before.lower, self.after.lower) > 0

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and highest log ratio under rounding."""
        low, high = self.after.lower / self.before.upper, self.after.upper / self.before.lower
        return math.log(low), math.log(high)

    @property
    def nearest(self) -> float:
        """The log ratio closest to no change under rounding."""
        low, high = self.ends
        return 0.0 if low <= 0 <= high else min(abs(low), abs(high))

    def limits(self, reach: float) -> tuple[float, float]:
        """Return the outermost limits of the change in percent, for this half width of the log ratio."""
        low, high = self.ends
        return 100 * math.expm1(low - reach), 100 * math.expm1(high + reach)


def headlines(subject: str) -> list[Counted]:
    """Return the comparisons of the family, with the breakdown of requests replaced by a subject."""
    named = [Counted(*names) for names in SUBJECTS["headlines"]]
    return [Counted(c.series_id, f"subject={subject}") if c.breakdown else c for c in named]


def lent_steps(observations: pd.DataFrame, judged: Collection[Counted], year: int) -> dict[Counted, Steps]:
    """Return the steps of every series used to estimate variation, without the judged ones."""
    lent: dict[Counted, Steps] = {}
    for counted, points in yearly.all_points(observations, dict.fromkeys((*LENDERS, *judged))).items():
        if series(counted.series_id).homogeneous:
            used = steps(yearly.runs(points))
            lent[counted] = used.without([year]) if counted in judged else used
    return lent


def pairs(
    observations: pd.DataFrame, judged: Collection[Counted] = (), year: int = 0, *, alpha: float
) -> pd.DataFrame:
    """Return the table `trend_pairs`: changes between consecutive years of each series, with limits, in percent."""
    # `p_raw` and the limits are from the same distribution of ordinary steps; for a rounded count, or one
    # derived from a growth rate, they are the outermost over its range. The comparisons in `judged` that end
    # in `year` are one family, corrected together in `p_adj` (Holm 1979, Scand. J. Stat. 6); all others are
    # exploratory. Years that cannot be compared have no row; `find` raises the reason.
    rows: list[dict[str, Any]] = []
    refused: dict[tuple[str, str, int], OswError] = {}
    counts = yearly.all_points(observations, dict.fromkeys((*COUNTED, *judged)))
    population = Population(lent_steps(observations, judged, year))
    for counted, of_series in counts.items():
        for before, after in pairwise(of_series):
            if after.year - before.year == 1:
                try:
                    rows.append(_row(Pair(counted, before, after), population, alpha))
                except (NotEstimableError, NotPublishedError) as error:
                    refused[counted.series_id, counted.breakdown, after.year] = error
    frame = pd.DataFrame(rows, columns=SUBJECTS["columns"]["trend_pairs"])
    frame = frame.assign(se_type="ordinary", unit="percent", interval_kind="overdispersed")
    named = [(c.series_id, c.breakdown, str(year)) for c in judged]
    family = pd.MultiIndex.from_frame(frame[["series", "breakdown", "period1"]]).isin(named)
    frame["family"] = np.where(family, "headlines", "exploratory")
    frame["p_adj"] = adjust(frame["p_raw"].where(family), "holm")
    years = {(c.series_id, c.breakdown): tuple(p.year for p in of_series) for c, of_series in counts.items()}
    frame.attrs |= {"years": years, "refused": refused}
    return frame


def comparable(pair: Pair) -> None:
    """Raise NotEstimableError where two years of a series cannot be compared."""
    if not series(pair.counted.series_id).homogeneous:
        raise NotEstimableError("its rules of counting are known to change from year to year")
    if yearly.editions_differ(pair.before, pair.after):
        raise NotEstimableError("the two years are of editions revised for unequal times")


def _row(pair: Pair, population: Population, alpha: float) -> dict[str, Any]:
    comparable(pair)
    before, after, counted = pair.before, pair.after, pair.counted
    ordinary = population.ordinary(counted, [after.year])
    n, n_series = population.steps_used(counted, [after.year])
    ratio = after.value / before.value if before.value else math.nan
    ends = (after.lower, before.upper), (after.upper, before.lower)
    low, high = (rate_ratio(*end, alpha=alpha) for end in ends)
    exact, implied = before.exact and after.exact, "implied" in (before.basis, after.basis)
    row: dict[str, Any] = {"series": counted.series_id, "breakdown": counted.breakdown}
    row |= {"period1": str(after.year), "period0": str(before.year), "x1": after.value, "x0": before.value}
    row |= {"rr": ratio, "change": 100 * (ratio - 1)}
    row |= {"exact_lower": low.exact_lower, "exact_upper": high.exact_upper}
    row |= {"p_exact": max(low.p_exact, high.p_exact, float(low.ratio <= 1 <= high.ratio))}
    row |= {"spread": 100 * math.expm1(ordinary.typical), "steps_own": n, "series_used": n_series}
    sizes = population.series.get(counted, NO_STEPS).sizes
    row["rho1"] = lag_correlation(sizes - sizes.mean()) if len(sizes) >= LEAST_STEPS else math.nan
    days = [parse_period(str(point.year)).days for point in (before, after)]
    row["day_rr"] = ratio * days[0] / days[1]
    row |= against(pair, ordinary, alpha)
    row |= {"definition_same": before.definition_id == after.definition_id}
    row |= {"basis": "implied" if implied else "published" if exact else "rounded"}
    row |= {"observations": " ".join(dict.fromkeys((*after.observations, *before.observations)))}
    text = f"ratio of two yearly totals beside {n} other yearly steps of its own, and those of other series"
    return row | {"method": text, "grade": "B" if n >= OWN_ENOUGH else "C"}


def against(pair: Pair, ordinary: Ordinary, alpha: float) -> dict[str, float]:
    """Return limits, p, detectable change and break-even spread; NaN for a count that may be zero."""
    names = ("lower", "upper", "p_raw", "break_even", "detectable")
    if not pair.positive:
        return dict.fromkeys(names, math.nan)
    limits, p = pair.limits(ordinary.reach(pair.counting, alpha)), ordinary.p(pair.nearest, pair.counting)
    step = math.log(pair.after.value / pair.before.value) / float(stats.norm.ppf(1 - alpha / 2))
    spread = math.sqrt(max(0.0, step**2 - pair.counting))
    smallest = ordinary.detectable(pair.counting, alpha)
    return dict(zip(names, (*limits, p, 100 * math.expm1(spread), 100 * math.expm1(smallest)), strict=True))


def find(pairs: pd.DataFrame, series_id: str, period: str, breakdown: str = "") -> "pd.Series[Any]":
    """Return the comparison of a series that ends in `period`, or raise the reason why there is none."""
    series(series_id)  # raises for an unknown series, which is a mistake and no absence
    selected = (pairs["series"] == series_id) & (pairs["breakdown"] == breakdown)
    rows = pairs[selected & (pairs["period1"] == period)]
    if len(rows):
        return pd.Series(only(rows, "trend_pairs"))
    year, known = int(period), pairs.attrs["years"].get((series_id, breakdown), ())
    if missing := [y for y in (year, year - 1) if y not in known]:
        whole = {"series_id": series_id, **TOTAL, "breakdown": breakdown}
        wanted = [whole | {"time_period": str(y)} for y in missing]
        words = f"{series_id} cannot be compared between {year - 1} and {year}"
        raise NotPublishedError(words, series_id, wanted=wanted)
    raise pairs.attrs["refused"][series_id, breakdown, year]
