"""The analysis of a monthly series around a date: the step, sensitivity analyses, and placebo dates."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from osw_stats.errors import InputError, NotAskedError, NotEstimableError
from osw_stats.meaning.lookup import only
from osw_stats.meaning.numbers import Number
from osw_stats.shelf.months import interrupted
from osw_stats.shelf.months.interrupted import Fit, Model, fit
from osw_stats.shelf.months.series import MonthlySeries, monthly_series
from osw_stats.stats.downloaded import monthly

LEAST_BEFORE = 36  # months before the date: with fewer the coverage of the interval is too low
LOCAL = 36  # months before the date used for a local trend
Limits = tuple[float, float, float]


@dataclass(frozen=True)
class Rank:
    """The rank of the true date among the placebo dates."""

    p: float  # (1 + placebos with a t as large) / (1 + placebos)
    sd: float  # of the placebo steps, log scale
    dates: int
    n_eff: float  # non-overlapping periods, about the number of independent placebos


@dataclass(frozen=True)
class Study:
    """The study of a monthly series around a date; no `placebo` and `rank` with too few months (`reason`)."""

    fit: Fit
    table: pd.DataFrame
    diagnostics: pd.DataFrame
    excess: pd.DataFrame
    sensitivity: pd.DataFrame
    placebo: pd.DataFrame | None = None
    rank: Rank | None = None
    reason: str = ""


def of_cells(cells: pd.DataFrame, offence: str, model: Model, *, alpha: float = 0.05) -> Study:
    """Return the study of an offence's monthly series in downloaded tables."""
    # The control series is all registered offences minus this one, where a table has them over the same
    # months. NotAskedError if no table has the offence by month; NotEstimableError if the months do not
    # allow an estimate.
    rows = monthly(cells, offence)
    try:
        series = _series(rows, offence)
        return study(series, model, control=_control_series(cells, series), alpha=alpha)
    except InputError as error:
        raise NotEstimableError(str(error)) from None


def _series(rows: pd.DataFrame, offence: str) -> MonthlySeries:
    name, vintage = f"{offence} ({rows['table'].iloc[0]})", str(rows["known_by"].iloc[0])
    return monthly_series(name, rows["time_period"].tolist(), rows["value"].tolist(), vintage=vintage)


def _control_series(cells: pd.DataFrame, series: MonthlySeries) -> MonthlySeries | None:
    """Return all offences minus those of the series, over the same months; None where not available."""
    for code in ("0.0.0", "Totaal"):
        try:
            total = _series(monthly(cells, code), code)
        except NotAskedError:
            continue
        if not set(series.months) <= set(total.months):
            return None
        first = total.position(series.months[0])
        window = total.part(first, first + len(series.months))
        if (window.counts < series.counts).any():
            remedy = "A part cannot exceed the whole: correct the table."
            raise InputError(f"{series.name} counts more than {total.name}", remedy, column="count")
        return replace(window, counts=window.counts - series.counts)
    return None


def study(
    series: MonthlySeries, model: Model, *, control: MonthlySeries | None = None, alpha: float = 0.05
) -> Study:
    """Fit the model, vary it and compare with placebo dates; NotEstimableError with fewer than 36 months before the date."""
    if series.position(model.date) < LEAST_BEFORE:
        raise NotEstimableError(
            f"{series.name}: not estimable because only {series.position(model.date)} months lie before {model.date}; "
            f"{LEAST_BEFORE} are needed for an interval that holds what it says."
        )
    fitted = fit(series, model)
    placebo, ranking, reason = None, None, ""
    try:
        placebo = placebo_dates(series, model)
        ranking = rank(placebo)
    except NotEstimableError as error:
        reason = str(error)
    analyses = (interrupted.table, interrupted.diagnostics, interrupted.excess_by_month)
    terms, foot, by_month = (analyse(fitted, alpha=alpha) for analyse in analyses)
    variants = sensitivity(series, model, control=control, alpha=alpha)
    return Study(fitted, terms, foot, by_month, variants, placebo, ranking, reason)


def months_before(rows: pd.DataFrame, month: str) -> int:
    """Return the number of months of `stats.downloaded.monthly` before a month."""
    return int((rows["time_period"].drop_duplicates() < month).sum())


def placebo(result: Study) -> pd.DataFrame:
    """Return the table `its_placebo`."""
    if result.placebo is None:
        raise NotEstimableError(result.reason)
    return result.placebo


def step(result: Study, *, alpha: float = 0.05) -> Number:
    """Return the step at the date in percent, with its conservative interval and verdict."""
    effect = result.fit.step(alpha=alpha)
    value, low, high = (100 * (effect[k] - 1) for k in ("rr", "rr_lower", "rr_upper"))
    verdict = "step_within_ordinary_variation" if low <= 0 <= high else "step_more_than_ordinary_variation"
    return _number(result, (value, low, high), "percent", verdict)


def excess(result: Study) -> Number:
    """Return the total excess over the expected counts from the date on; negative where fewer were counted."""
    last = only(result.excess, "its_excess", month=result.excess["month"].max())
    return _number(result, (last["cum_excess"], last["cum_lower"], last["cum_upper"]), "registered_offences")


def _number(result: Study, ends: Limits, unit: str, verdict: str = "") -> Number:
    method, trace = "interrupted time series, quasi-Poisson with season and trend", (result.fit.series.name,)
    date = result.fit.model.date
    return Number(ends[0], unit, *ends[1:], "overdispersed", trace, method, "B", period=date, verdict=verdict)


def sensitivity(
    series: MonthlySeries, model: Model, *, control: MonthlySeries | None = None, alpha: float = 0.05
) -> pd.DataFrame:
    """Return the table `its_sensitivity`: rr, lower and upper of the step by variant, the primary one first."""
    # Four variants: negative binomial counts, a trend of the last three years only, no pulses, and relative to a
    # `control` series of the same months that the event does not affect. A variant that cannot be estimated has
    # a reason instead of numbers.
    primary, true, n = fit(series, model), series.position(model.date), len(series.months)

    def limits(fitted: Fit) -> Limits:
        step = fitted.step(alpha=alpha)
        return step["rr"], step["rr_lower"], step["rr_upper"]

    def negative() -> Limits:
        params, se, _ = interrupted.negative_binomial(primary)
        step, inflation = float(params[primary.post]), (primary.se() / primary.quasi.se)[primary.post]
        half = primary.quantile(alpha) * float(inflation * se[primary.post])
        return math.exp(step), math.exp(step - half), math.exp(step + half)

    variants: dict[str, Callable[[], Limits]] = {
        "primary": lambda: limits(primary),
        "negative_binomial": negative,
        "local_trend": lambda: limits(fit(series.part(max(0, true - LOCAL), n), model)),
    }
    if model.pulses:
        variants["without_pulses"] = lambda: limits(fit(series, replace(model, pulses=())))
    if control is not None:
        variants["control_series"] = lambda: limits(fit(series, model, control))
    rows: list[tuple[object, ...]] = []
    for name, compute in variants.items():
        try:
            rows.append((name, *compute(), ""))
        except (NotEstimableError, InputError) as error:
            rows.append((name, math.nan, math.nan, math.nan, str(error)))
    frame = pd.DataFrame(rows, columns=["variant", "rr", "lower", "upper", "reason"])
    return frame.assign(primary=frame["variant"] == "primary")


def placebo_dates(series: MonthlySeries, model: Model) -> pd.DataFrame:
    """Return the table `its_placebo`: the step at every earlier date, and last at the true one."""
    # Each has as many months after it as the true date, all before the true date. Dates collinear with a pulse
    # are left out: something is known to have happened there.
    true = series.position(model.date)
    length = len(series.months) - true
    dates = range(LEAST_BEFORE, true - length + 1)
    if not dates:
        raise NotEstimableError(
            f"{series.name}: no placebo date is possible because {LEAST_BEFORE} months before it and {length} after "
            f"it do not fit before {model.date}."
        )
    rows = []
    for i in [*dates, true]:
        try:
            fitted = fit(series.part(0, i + length), replace(model, date=series.months[i]))
        except NotEstimableError:
            if i == true:
                raise
            continue
        step = fitted.step()
        rows.append((series.months[i], step["estimate"], step["se"], step["t"], fitted.n_post, i == true))
    return pd.DataFrame(rows, columns=["date", "delta", "se", "t", "n_post", "is_true_date"])


def rank(dates: pd.DataFrame) -> Rank:
    """Return the rank of the true date among placebo dates (Abadie, Diamond and Hainmueller 2010, J. Am. Stat. Assoc. 105)."""
    # Periods of neighbouring dates overlap, so the p-value is indicative.
    true, placebo = only(dates, "its_placebo", is_true_date=True), dates[~dates["is_true_date"]]
    larger, length = int((placebo["t"].abs() >= abs(true["t"])).sum()), int(true["n_post"])
    p = (1 + larger) / (1 + len(placebo))
    return Rank(p, float(placebo["delta"].std()), len(placebo), (len(placebo) + length - 1) / length)
