"""`compare_counts`, `rates`, `interrupted`, `queue`: yearly and monthly counts, and the work they bring."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from osw_stats.door import arguments
from osw_stats.errors import InputError, NotEstimableError
from osw_stats.stats.capacity import queueing
from osw_stats.stats.counts.ordinary import Population, Steps, counting_variance, steps
from osw_stats.stats.counts.yearly import Point


def rates(
    events: Any, population: Any, *, per: float = 100_000, periods: Any = None, alpha: float = 0.05
) -> pd.DataFrame:
    """Return rates per 100,000 people (or another number), each with exact confidence limits.

    Parameters
    ----------
    events, population
        A count for each year, group or place, and the size of its population: numbers, lists or Series. Two Series
        are matched on their index.
    per
        Number of people per rate.
    periods
        Row labels; by default the index of `events`.
    alpha
        1 minus the confidence level.

    Returns
    -------
    pandas.DataFrame
        Columns `events`, `population`, `rate`, `lower`, `upper`.

    Notes
    -----
    Limits are exact for a Poisson count (Garwood 1936, Biometrika 28). Years vary by more than that; to compare them
    use `compare_counts`.

    Examples
    --------
    >>> rates([31, 44], [812_000, 815_000], periods=[2023, 2024]).round(1).loc[2024].tolist()
    [44.0, 815000.0, 5.4, 3.9, 7.2]
    """
    level, unit = arguments.number(alpha, "alpha", "level"), arguments.number(per, "per", "positive")
    index = events.index if isinstance(events, pd.Series) else None
    if isinstance(events, pd.Series) and isinstance(population, pd.Series):
        if missing := list(events.index.difference(population.index)):
            remedy = "Give one for every row."
            raise InputError("has no population", remedy, column="population", value=missing[0])
        repeated = population.index[population.index.duplicated()]
        if duplicates := list(repeated[repeated.isin(events.index)]):
            remedy = "Give each label one population, or pass lists."
            raise InputError("occurs twice", remedy, column="population", value=duplicates[0])
        population = population.loc[events.index]
    counts = arguments.numbers(events, "events", "count")
    people = arguments.numbers(population, "population", "positive")
    if len(people) == 1:
        people = np.repeat(people, len(counts))
    if len(counts) != len(people):
        problem = f"{len(counts)} counts and {len(people)} populations"
        raise InputError(problem, "Give one population for every count.", column="population")
    lower = np.where(counts > 0, stats.gamma.ppf(level / 2, np.maximum(counts, 1)), 0.0)
    upper = stats.gamma.isf(level / 2, counts + 1)
    measures = {"rate": counts, "lower": lower, "upper": upper}
    table = {"events": counts, "population": people} | {k: unit * v / people for k, v in measures.items()}
    if periods is not None:
        try:
            index = pd.Index(arguments.listed(periods))
        except (TypeError, NotImplementedError):
            raise InputError("cannot name rows", "Give texts or numbers.", column="periods") from None
        if len(index) != len(counts):
            raise InputError(f"{len(index)} names, {len(counts)} rows", "Give one per row.", column="periods")
    return pd.DataFrame(table, index=index)


def compare_counts(
    counts: Any, *, value: str | None = None, year: str | None = None, beside: Any = (), alpha: float = 0.05
) -> pd.DataFrame:
    """Return how each yearly count differs from the previous one, given the usual year-to-year variation.

    Parameters
    ----------
    counts
        A Series with years as index, or a DataFrame with years in column `year` (or the index) and counts in column
        `value` (by default its only numeric column). All counts must share one definition.
    beside
        A list of other series, of the same form, that vary for similar reasons: where `counts` has few years, they
        show how much such counts vary.
    alpha
        1 minus the confidence level.

    Returns
    -------
    pandas.DataFrame
        By year: `before` (the previous year), `count_before`, `count`, `change`, `lower` and `upper` in percent, `p`,
        and `detectable`, the rise in percent that would have been detected in 80 of 100 cases. Each row is a single
        comparison; if you test several, adjust `p`.

    Notes
    -----
    Ordinary variation is estimated from the other steps of the series; see `osw_stats.stats.counts.ordinary`.

    Examples
    --------
    >>> reports = pd.Series([11800, 11250, 12600, 14450, 14015, 14802], range(2019, 2025))
    >>> compare_counts(reports).loc[2024, ["change", "lower", "upper"]].round(1).tolist()
    [5.6, -18.4, 36.7]
    """
    points, level = _yearly(counts, value, year, "counts"), arguments.number(alpha, "alpha", "level")
    if isinstance(beside, str | pd.Series | pd.DataFrame) or not isinstance(beside, Iterable):
        raise InputError("is not a list of series", "Pass [series, ...].", column="beside")
    others = [_yearly(other, value, year, "beside") for other in arguments.listed(beside)]
    series: dict[Hashable, Steps] = {"own": steps([points]), **{n: steps([o]) for n, o in enumerate(others)}}
    if not any(len(each.sizes) for each in series.values()):
        remedy = "Pass a longer series, or others `beside` it."
        raise NotEstimableError(f"counts: no two years in a row both have a count above zero. {remedy}")
    population = Population(series)
    rows = []
    for before, after in pairwise(points):
        pair = (after.year, before.year, before.value, after.value)
        if not before.value or not after.value:
            rows.append((*pair, *[np.nan] * 5))
            continue
        size = np.log(after.value / before.value)
        noise = counting_variance(before) + counting_variance(after)
        usual = population.ordinary("own", without=[after.year])
        reach = usual.reach(noise, level)
        changes = (100 * np.expm1(size + shift) for shift in (0, -reach, reach))
        rows.append((*pair, *changes, usual.p(size, noise), 100 * np.expm1(usual.detectable(noise, level))))
    names = ["year", "before", "count_before", "count", "change", "lower", "upper", "p", "detectable"]
    return pd.DataFrame(rows, columns=names).set_index("year")


def _yearly(data: Any, value: str | None, year: str | None, name: str) -> list[Point]:
    """Return yearly counts in chronological order; refuse a repeated year or a gap."""
    times, _, numbers = arguments.counts(data, value, year, name)
    column = year if isinstance(year, str) else "year"
    years = [period.start.year for period in arguments.periods(times, column, "year")]
    counts = dict(zip(years, numbers.tolist(), strict=True))
    if len(counts) < len(years):
        duplicate = next(y for y in years if years.count(y) > 1)
        raise InputError("occurs twice", "Keep one count per year.", column=column, value=duplicate)
    if gaps := sorted(set(range(min(years), max(years))) - set(years)):
        remedy = "Add the year, or cut the series before or after it."
        raise InputError("is missing in between", remedy, column=column, value=gaps[0])
    return [Point(y, n, n, n, "", (), "published", 0.0) for y, n in sorted(counts.items())]


@dataclass(frozen=True)
class Interruption:
    """A step in monthly counts at a date fixed in advance, with the evidence for it."""

    step: "pd.Series[Any]"  # rate ratio after to before, limits and p; placebo_p: its rank among other dates
    terms: pd.DataFrame  # every coefficient of the model
    months: pd.DataFrame  # observed and expected from the date on, difference and running total
    variants: pd.DataFrame  # the step under other model choices
    placebo: pd.DataFrame | None  # the step at dates without an event; None if too few months precede it
    diagnostics: pd.DataFrame  # dispersion, autocorrelation, and the smallest detectable ratio


def interrupted(
    counts: Any,
    date: Any,
    *,
    value: str | None = None,
    month: str | None = None,
    control: Any = None,
    slope: bool | None = None,
    alpha: float = 0.05,
) -> Interruption:
    """Estimate the step in monthly counts at a date fixed in advance (interrupted time series).

    Parameters
    ----------
    counts
        As in `compare_counts`, by month: texts such as 2024-07, dates or periods.
    date
        The first month of the new situation.
    control
        Counts for the same months that the event cannot have affected, for one of the variants.
    slope
        Whether the trend may change at the date as well; by default only if at least 12 months follow it.
    alpha
        1 minus the confidence level.

    Returns
    -------
    Interruption
        `.step`, `.terms`, `.months`, `.variants`, `.placebo`, `.diagnostics`. The model cannot tell what caused the
        step, such as a law or a change in registration.

    Examples
    --------
    >>> months = pd.period_range("2019-01", periods=72, freq="M")
    >>> counts = pd.Series([100 + at % 7 + 30 * (at >= 60) for at in range(72)], months)
    >>> interrupted(counts, "2024-01", slope=False).step[["rr", "rr_lower", "rr_upper"]].round(2).tolist()
    [1.29, 1.18, 1.4]
    """
    from osw_stats.shelf.months.interrupted import Model
    from osw_stats.shelf.months.series import MonthlySeries, monthly_series
    from osw_stats.shelf.months.study import study

    def read(data: Any, name: str) -> MonthlySeries:
        times, label, numbers = arguments.counts(data, value, month, name)
        column = month if isinstance(month, str) else "month"
        months = [period.code for period in arguments.periods(times, column, "month")]
        return monthly_series(label, months, numbers.tolist())

    level = arguments.number(alpha, "alpha", "level")
    changes = None if slope is None else arguments.truth(slope, "slope")
    main, other = read(counts, "counts"), None if control is None else read(control, "control")
    if other is not None and other.months == main.months:
        first, second = other.counts * sum(main.counts), main.counts * sum(other.counts)
        if np.array_equal(first, second):
            remedy = "Pass counts that the event cannot have affected."
            raise InputError("is the series itself, or a multiple of it", remedy, column="control")
    model = Model(arguments.period(date, "date", "month").code, slope=changes)
    result = study(main, model, control=other, alpha=level)
    step = result.fit.step(alpha=level) | {"placebo_p": result.rank.p if result.rank else np.nan}
    tables = (result.table, result.excess, result.sensitivity, result.placebo, result.diagnostics)
    return Interruption(pd.Series(step), *tables)


def queue(
    arrivals: float,
    completions: float,
    servers: int | None = None,
    *,
    p_wait: float | None = None,
    arrival_scv: float = 1.0,
    service_scv: float = 1.0,
) -> queueing.Queue:
    """Return the long-run state of a team that handles cases as they arrive.

    Parameters
    ----------
    arrivals, completions
        Cases arriving, and cases completed per post, both per unit of time; waiting times are in the same unit.
    servers
        Whole posts; by default the fewest that keep up, or that keep the probability of waiting at or below `p_wait`.
    arrival_scv, service_scv
        Squared coefficients of variation; 1 and 1 is M/M/c (Erlang C), larger values mean bursts.

    Returns
    -------
    Queue
        `.servers`, `.status`, `.utilisation`, `.p_wait`, `.wait`, `.stay`, `.waiting`, `.backlog_growth` and others.

    Examples
    --------
    >>> state = queue(20, 6, p_wait=0.2)
    >>> state.servers, round(state.p_wait, 2), queue(20, 6, 3).status
    (6, 0.15, 'unstable')
    """
    inputs = {"arrivals": arrivals, "completions": completions, "arrival_scv": arrival_scv}
    inputs["service_scv"] = service_scv
    lam, mu, arrival, service = (arguments.number(v, k, "size") for k, v in inputs.items())
    if servers is None:
        limit = None if p_wait is None else arguments.number(p_wait, "p_wait")
        posts = queueing.fewest_servers(lam, mu, limit)
    elif p_wait is not None:
        raise InputError("is only for use without `servers`", "Leave one of them out.", column="p_wait")
    else:
        posts = int(arguments.number(servers, "servers", "count"))
    return queueing.queue(lam, mu, posts, arrival_scv=arrival, service_scv=service)
