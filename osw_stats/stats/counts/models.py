"""The judged comparisons under every model of ordinary variation, and the verdict over all models."""

import math
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pandas as pd
from scipy import stats

from osw_stats.errors import NotEstimableError, NotPublishedError
from osw_stats.meaning.lookup import all_absent
from osw_stats.meaning.periods import parse_period
from osw_stats.meaning.series import series
from osw_stats.stats.counts import yearly
from osw_stats.stats.counts.ordinary import Ordinary, Population, Steps
from osw_stats.stats.counts.rates import yearly_dispersion
from osw_stats.stats.counts.trend import Pair, comparable, find, lent_steps
from osw_stats.stats.counts.yearly import SUBJECTS, VARIATION, Counted, Row
from osw_stats.stats.survey.comparing import adjust

PRIMARY = "series_all"
# not models of variation: a yardstick, and the primary model on other counts
NOT_COUNTED = ("poisson", "per_day", "without_new_offences")
LEAST_DONOR = 4  # steps the longest series needs to be used alone
LEAST_OWN = 2  # other own steps a series needs to be used alone
Result = tuple[str, dict[str, float]]


def strip(
    observations: pd.DataFrame, judged: Collection[Counted], year: int, *, alpha: float
) -> pd.DataFrame:
    """Return the table `trend_models`: each judged comparison of a year under every model of ordinary variation."""
    # Models: *poisson*, pure chance, a yardstick not used in verdicts; *phi_donor*, the variance of the longest
    # series relative to Poisson, with t; *spread_donor*, its relative spread, with t; *series_publisher*, the
    # spreads of all series of its publisher; *series_all*, those of all series, the primary model;
    # *own_steps*, the other steps of the series itself, with t; *without_years*, all series without unusual
    # years. *per_day* and *without_new_offences* are the primary model on counts per day, and without acts
    # that became offences in between. `p_adj` is corrected over all comparisons, model by model.
    points = yearly.all_points(observations, judged)
    lent = lent_steps(observations, judged, year)
    populations = read_from(lent)
    longest = [p.value for p in yearly.longest(yearly.points(observations, VARIATION))]
    rows: list[dict[str, Any]] = []
    for counted in judged:
        for before, after in pairwise(points[counted]):
            pair = Pair(counted, before, after)
            if (before.year, after.year) != (year - 1, year) or not pair.positive:
                continue
            trace = " ".join(dict.fromkeys((*after.observations, *before.observations)))
            fields: Row = {"series": counted.series_id, "breakdown": counted.breakdown, "observations": trace}
            fields["change"] = 100 * (after.value / before.value - 1)
            with suppress(NotEstimableError):  # the table of pairs gives the reason
                comparable(pair)
                for model, numbers in under_models(pair, lent, populations, longest, alpha):
                    rows.append(fields | {"model": model} | numbers)
                if PRIMARY in populations:
                    ordinary = populations[PRIMARY].ordinary(counted)
                    for model, other in _other_counts(observations, pair):
                        rows.append(fields | {"model": model} | _ordinary_result(other, ordinary, alpha))
    table = pd.DataFrame(rows, columns=SUBJECTS["columns"]["trend_models"])
    by_model = table.astype({"p_raw": float}).groupby("model")["p_raw"]
    # a model that applies to some comparisons only is corrected for all, as they were specified beforehand
    tested = int(table["model"].eq("poisson").sum())
    table["p_adj"] = by_model.transform(adjust, "holm", tested) if rows else math.nan
    table["primary"], table["counted"] = table["model"].eq(PRIMARY), ~table["model"].isin(NOT_COUNTED)
    fields = {"family": "headlines", "unit": "percent", "interval_kind": "overdispersed", "grade": "C"}
    return table.assign(**fields, method="ratio of two yearly totals under a model of ordinary variation")


def read_from(lent: dict[Counted, Steps]) -> dict[str, Population]:
    """Return the population of series for each model; without models that have no step."""
    publisher = series(VARIATION.series_id).publisher
    chosen = {
        "series_publisher": {c: s for c, s in lent.items() if series(c.series_id).publisher == publisher},
        PRIMARY: lent,
        "without_years": {c: s.without(SUBJECTS["unusual"]) for c, s in lent.items()},
    }
    return {m: Population(group) for m, group in chosen.items() if any(len(s.sizes) for s in group.values())}


def under_models(
    pair: Pair,
    lent: dict[Counted, Steps],
    populations: dict[str, Population],
    longest: list[float],
    alpha: float,
) -> Iterator[Result]:
    """Yield limits, p and spread of one comparison under each model; `longest` are the counts of the longest series."""
    yield "poisson", _t(pair, pair.counting, math.inf, alpha)
    if pair.counted != VARIATION and len(longest) > LEAST_DONOR and min(longest) > 0:
        donor, df = lent[VARIATION], len(longest) - 1
        yield "phi_donor", _t(pair, yearly_dispersion(longest) * pair.counting, df, alpha)
        yield "spread_donor", _t(pair, _excess(donor) + pair.counting, len(donor.sizes), alpha)
    steps = lent.get(pair.counted)
    if steps is not None and len(steps.sizes) >= LEAST_OWN:
        yield "own_steps", _t(pair, _excess(steps) + pair.counting, len(steps.sizes), alpha)
    for model, population in populations.items():
        with suppress(NotEstimableError):
            yield model, _ordinary_result(pair, population.ordinary(pair.counted), alpha)


def _excess(steps: Steps) -> float:
    """Return the variance of steps minus their counting variance, at least zero."""
    return max(0.0, float((steps.sizes**2).mean() - steps.counting.mean()))


def _t(pair: Pair, variance: float, df: float, alpha: float) -> dict[str, float]:
    reference = stats.norm if math.isinf(df) else stats.t(df)
    sd = math.sqrt(variance)
    lower, upper = pair.limits(float(reference.ppf(1 - alpha / 2)) * sd)
    between = math.sqrt(max(0.0, variance - pair.counting))
    numbers = {"lower": lower, "upper": upper, "p_raw": 2 * float(reference.sf(pair.nearest / sd))}
    return numbers | {"df": df if math.isfinite(df) else math.nan, "spread": 100 * math.expm1(between)}


def _ordinary_result(pair: Pair, ordinary: Ordinary, alpha: float) -> dict[str, float]:
    lower, upper = pair.limits(ordinary.reach(pair.counting, alpha))
    p, spread = ordinary.p(pair.nearest, pair.counting), 100 * math.expm1(ordinary.typical)
    change = 100 * (pair.after.value / pair.before.value - 1)
    return {"change": change, "lower": lower, "upper": upper, "p_raw": p, "spread": spread, "df": math.nan}


def _other_counts(observations: pd.DataFrame, pair: Pair) -> Iterator[tuple[str, Pair]]:
    """Yield the same comparison on other counts: per day for leap years, and without acts that are new offences."""
    year = str(pair.after.year)
    days = [parse_period(str(p.year)).days for p in (pair.before, pair.after)]
    if days[0] != days[1]:
        yield "per_day", replace(pair, after=_scale(pair.after, days[0] / days[1]))
    new_acts = observations["series_id"].isin(SUBJECTS["new_offences"].get(pair.counted.series_id, []))
    new = float(observations.loc[new_acts & observations["time_period"].eq(year), "obs_value"].sum())
    if 0 < new < pair.after.lower:
        yield "without_new_offences", replace(pair, after=_scale(pair.after, 1 - new / pair.after.value))


def _scale(point: yearly.Point, factor: float) -> yearly.Point:
    return replace(point, value=point.value * factor, lower=point.lower * factor, upper=point.upper * factor)


def shown(strip: pd.DataFrame, pairs: pd.DataFrame, judged: Collection[Counted], year: int) -> pd.DataFrame:
    """Return the table; where no comparison is possible, raise the reasons."""
    if len(strip):
        return strip
    absent: list[NotPublishedError] = []
    for counted in judged:
        try:
            find(pairs, counted.series_id, str(year), counted.breakdown)
        except NotPublishedError as error:
            absent.append(error)
    raise all_absent(absent) if absent else NotEstimableError(f"no comparison of {year} is estimable.")


def judge(pairs: pd.DataFrame, strip: pd.DataFrame, *, alpha: float) -> pd.DataFrame:
    """Return the table of pairs with the verdict of each judged comparison in `verdict`; "" for all others."""
    # "more_than_ordinary_variation" where every counted model is significant after correction,
    # "depends_on_model" where some are; where none is "within_ordinary_variation", or "not_after_correction"
    # if the limits exclude no change
    verdicts: Any = pd.Series("", pairs.index, dtype=object)
    for i, row in pairs[pairs["family"].eq("headlines") & pairs["p_adj"].notna()].iterrows():
        results = answers(strip, row)
        inside = row["lower"] <= 0 <= row["upper"]
        negative = "within_ordinary_variation" if inside else "not_after_correction"
        significant = results["p_adj"].lt(alpha)
        positive = "more_than_ordinary_variation" if significant.all() else "depends_on_model"
        verdicts[i] = positive if significant.any() else negative
    return pairs.assign(verdict=verdicts)


def answers(strip: pd.DataFrame, pair: "pd.Series[Any]") -> pd.DataFrame:
    """Return the rows of the counted models for one comparison."""
    selected = strip["series"].eq(pair["series"]) & strip["breakdown"].eq(pair["breakdown"])
    return strip[selected & strip["counted"]]


def tried(strip: pd.DataFrame, pair: "pd.Series[Any]") -> int:
    """Return the number of counted models for one comparison."""
    return len(answers(strip, pair))


def beyond(strip: pd.DataFrame, pair: "pd.Series[Any]", *, alpha: float) -> int:
    """Return the number of them under which a comparison exceeds ordinary variation after correction."""
    return int(answers(strip, pair)["p_adj"].lt(alpha).sum())
