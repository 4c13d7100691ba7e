"""What changed between two years, and whether that is more than ordinary variation."""

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

OWN_ENOUGH = 4  # steps of its own before a series leans little on the others
LEAST_STEPS = 3  # before their correlation from year to year says anything
LENDERS = (*COUNTED, *map(Counted, SUBJECTS["vary_too"]))


@dataclass(frozen=True)
class Pair:
    """Two years of a series that are compared."""

    counted: Counted
    before: Point
    after: Point

    @property
    def counting(self) -> float:
        """The variance of the log ratio that chance alone gives it."""
        return 1 / self.before.value + 1 / self.after.value

    @property
    def positive(self) -> bool:
        """Whether neither count can be nought."""
        return min(self.before.lower, self.after.lower) > 0

    @property
    def ends(self) -> tuple[float, float]:
        """The log ratios that rounding leaves open, from the lowest to the highest."""
        low, high = self.after.lower / self.before.upper, self.after.upper / self.before.lower
        return math.log(low), math.log(high)

    @property
    def nearest(self) -> float:
        """The log ratio closest to no change among those that rounding leaves open."""
        low, high = self.ends
        return 0.0 if low <= 0 <= high else min(abs(low), abs(high))

    def limits(self, reach: float) -> tuple[float, float]:
        """Return the outermost limits of the change in percent, for steps that reach so far."""
        low, high = self.ends
        return 100 * math.expm1(low - reach), 100 * math.expm1(high + reach)


def headlines(subject: str) -> list[Counted]:
    """Return the comparisons that are judged together, with one subject of the requests in the place of the named one."""
    named = [Counted(*names) for names in SUBJECTS["headlines"]]
    return [Counted(c.series_id, f"subject={subject}") if c.breakdown else c for c in named]


def lent_steps(observations: pd.DataFrame, judged: Collection[Counted], year: int) -> dict[Counted, Steps]:
    """Return the steps of every series that tells how counts vary, without those that are judged."""
    lent: dict[Counted, Steps] = {}
    for counted, points in yearly.all_points(observations, dict.fromkeys((*LENDERS, *judged))).items():
        if series(counted.series_id).homogeneous:
            some = steps(yearly.runs(points))
            lent[counted] = some.without([year]) if counted in judged else some
    return lent


def pairs(
    observations: pd.DataFrame, judged: Collection[Counted] = (), year: int = 0, *, alpha: float
) -> pd.DataFrame:
    """Return the table `trend_pairs`: consecutive years of each series compared, changes and limits in percent."""
    # `p_raw` is from the same distribution of ordinary steps as the limits; where a count was rounded, or
    # follows from a growth rate, they are the outermost over its range. The comparisons in `judged` that end
    # in `year` are one family, corrected together in `p_adj` (Holm 1979, Scand. J. Stat. 6); all others are
    # exploratory. What cannot be compared has no row; `find` says why.
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
    own = pd.MultiIndex.from_frame(frame[["series", "breakdown", "period1"]]).isin(named)
    frame["family"] = np.where(own, "headlines", "exploratory")
    frame["p_adj"] = adjust(frame["p_raw"].where(own), "holm")
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
    own, used = population.steps_used(counted, [after.year])
    ratio = after.value / before.value if before.value else math.nan
    ends = (after.lower, before.upper), (after.upper, before.lower)
    low, high = (rate_ratio(*end, alpha=alpha) for end in ends)
    exact, implied = before.exact and after.exact, "implied" in (before.basis, after.basis)
    row: dict[str, Any] = {"series": counted.series_id, "breakdown": counted.breakdown}
    row |= {"period1": str(after.year), "period0": str(before.year), "x1": after.value, "x0": before.value}
    row |= {"rr": ratio, "change": 100 * (ratio - 1)}
    row |= {"exact_lower": low.exact_lower, "exact_upper": high.exact_upper}
    row |= {"p_exact": max(low.p_exact, high.p_exact, float(low.ratio <= 1 <= high.ratio))}
    row |= {"spread": 100 * math.expm1(ordinary.typical), "steps_own": own, "series_used": used}
    sizes = population.series.get(counted, NO_STEPS).sizes
    row["rho1"] = lag_correlation(sizes - sizes.mean()) if len(sizes) >= LEAST_STEPS else math.nan
    days = [parse_period(str(point.year)).days for point in (before, after)]
    row["day_rr"] = ratio * days[0] / days[1]
    row |= against(pair, ordinary, alpha)
    row |= {"definition_same": before.definition_id == after.definition_id}
    row |= {"basis": "implied" if implied else "published" if exact else "rounded"}
    row |= {"observations": " ".join(dict.fromkeys((*after.observations, *before.observations)))}
    how = f"ratio of two yearly totals beside {own} other yearly steps of its own, and those of other series"
    return row | {"method": how, "grade": "B" if own >= OWN_ENOUGH else "C"}


def against(pair: Pair, ordinary: Ordinary, alpha: float) -> dict[str, float]:
    """Return limits, p, the change that would be seen and the spread that would do; NaN for a count that may be nought."""
    names = ("lower", "upper", "p_raw", "break_even", "detectable")
    if not pair.positive:
        return dict.fromkeys(names, math.nan)
    limits, p = pair.limits(ordinary.reach(pair.counting, alpha)), ordinary.p(pair.nearest, pair.counting)
    step = math.log(pair.after.value / pair.before.value) / float(stats.norm.ppf(1 - alpha / 2))
    spread = math.sqrt(max(0.0, step**2 - pair.counting))
    seen = ordinary.detectable(pair.counting, alpha)
    return dict(zip(names, (*limits, p, 100 * math.expm1(spread), 100 * math.expm1(seen)), strict=True))


def find(pairs: pd.DataFrame, series_id: str, period: str, breakdown: str = "") -> "pd.Series[Any]":
    """Return the comparison of one series that ends in `period`, or raise why there is none."""
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
