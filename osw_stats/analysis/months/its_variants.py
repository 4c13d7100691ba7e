"""The same step under other choices: errors, season, trend, date, months left out, and beside a control series."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.regression.linear_model import GLSAR

from osw_stats.analysis.months.interrupted import (
    LEAST_BEFORE,
    LEAST_FOR_SLOPE,
    Fit,
    Model,
    design,
    fit,
    months_from,
    moved,
    negative_binomial,
)
from osw_stats.analysis.months.monthly import MonthlySeries
from osw_stats.errors import InputError, NotEstimableError

LOCAL = 36  # months before the date that a local trend rests on
DATES = (-3, 3)  # months the date is moved by
DELAYED = 2  # last months that later registrations may still fill up
Limits = tuple[float, float, float]


def sensitivity(
    series: MonthlySeries,
    model: Model,
    *,
    dates: tuple[str, ...] = (),
    minus: MonthlySeries | None = None,
    control: MonthlySeries | None = None,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Return the table `its_sensitivity`: rr, lower and upper of the step by variant, the primary one first.

    Parameters
    ----------
    series, model
        As for the fit.
    dates
        Other dates to try beside three months earlier and later.
    minus
        Counts that did not exist before the date, such as new offences, taken off for a like-for-like series.
    control
        A series of the same months that the event does not touch.
    alpha
        1 minus the confidence level.

    Returns
    -------
    pandas.DataFrame
        Columns variant, rr, lower, upper, reason, primary. A variant that these months do not allow has no numbers
        and a reason.
    """
    primary = fit(series, model)

    def again(other: MonthlySeries, changed: Model) -> Callable[[], Limits]:
        return lambda: _limits(fit(other, changed), "recommended", alpha)

    true = series.position(model.date)
    variants: list[tuple[str, Callable[[], Limits]]] = [
        ("primary", lambda: _limits(primary, "recommended", alpha)),
        ("quasi_poisson", lambda: _limits(primary, "quasi", alpha)),
        ("hac3", lambda: _limits(primary, "hac3", alpha)),
        ("hac6", lambda: _limits(primary, "hac6", alpha)),
        ("negative_binomial", lambda: _nb(primary, alpha)),
        ("glsar", lambda: _glsar(primary, alpha)),
        ("one_harmonic", again(series, replace(model, harmonics=1))),
        ("three_harmonics", again(series, replace(model, harmonics=3))),
        ("month_levels", again(series, replace(model, dummies=True))),
        ("local_trend", again(series.part(max(0, true - LOCAL), len(series.months)), model)),
        ("without_last_months", again(series.part(0, len(series.months) - DELAYED), model)),
    ]
    if len(series.months) - true >= LEAST_FOR_SLOPE:
        variants.append(("step_only", again(series, replace(model, slope=False))))
    if model.pulses:
        variants.append(("without_pulses", again(series, replace(model, pulses=()))))
    for steps in DATES:
        date = months_from(model.date, steps)
        variants.append((f"date {date}", again(series, moved(model, date))))
    variants += [(f"date {date}", again(series, moved(model, date))) for date in dates]
    variants += [(f"without {m}", _without(primary, m, alpha)) for m in series.months[true:]]
    if minus is not None:
        variants.append(("like_for_like", again(subtract(series, minus), model)))
    if control is not None:
        variants.append(("control_series", lambda: against_control(series, control, model, alpha=alpha)))
    frame = pd.DataFrame(list(_rows(variants)))
    return frame.assign(primary=frame["variant"] == "primary")


def _rows(variants: list[tuple[str, Callable[[], Limits]]]) -> Iterator[dict[str, object]]:
    for name, computed in variants:
        try:
            rr, lower, upper = computed()
            yield {"variant": name, "rr": rr, "lower": lower, "upper": upper, "reason": ""}
        except (NotEstimableError, InputError) as error:
            yield {
                "variant": name,
                "rr": math.nan,
                "lower": math.nan,
                "upper": math.nan,
                "reason": str(error),
            }


def _limits(fitted: Fit, kind: str, alpha: float) -> Limits:
    step = fitted.step(kind, alpha=alpha)
    return step["rr"], step["rr_lower"], step["rr_upper"]


def _interval(estimate: float, se: float, df: int, alpha: float) -> Limits:
    half = float(stats.t.ppf(1 - alpha / 2, df)) * se
    return math.exp(estimate), math.exp(estimate - half), math.exp(estimate + half)


def _nb(fitted: Fit, alpha: float) -> Limits:
    at = fitted.names.index("post")
    params, se, _ = negative_binomial(fitted)
    return _interval(float(params[at]), float(se[at]), fitted.df, alpha)


def _glsar(fitted: Fit, alpha: float) -> Limits:
    """Fit log counts with AR(1) errors, the correlation being the corrected one of the primary fit."""
    if not fitted.series.counts.all():
        raise NotEstimableError("not estimable because a month is 0 and has no logarithm")
    y = np.log(fitted.series.counts / fitted.series.days)
    result = GLSAR(y, fitted.design, rho=[fitted.r1_corrected]).fit()
    at = fitted.names.index("post")
    return _interval(float(result.params[at]), float(result.bse[at]), fitted.df, alpha)


def _without(fitted: Fit, month: str, alpha: float) -> Callable[[], Limits]:
    """Leave one month out, with a level of its own for it: the month then says nothing about the step."""
    pulses = (*fitted.model.pulses, (month, month))
    return lambda: _limits(fit(fitted.series, replace(fitted.model, pulses=pulses)), "recommended", alpha)


def subtract(series: MonthlySeries, minus: MonthlySeries) -> MonthlySeries:
    """Return `series` without the counts of `minus`, month by month; months that `minus` lacks keep theirs.

    Raises
    ------
    InputError
        If `minus` has a month outside the series, or counts more than the whole.
    """
    counts = series.counts.copy()
    for month, count in zip(minus.months, minus.counts, strict=True):
        at = series.position(month)
        counts[at] -= count
        if counts[at] < 0:
            raise InputError(
                f"{minus.name} counts more than {series.name}", "A part cannot exceed the whole.",
                column="count", value=f"{month}: {count:g}",
            )  # fmt: skip
    return replace(series, counts=counts)


def against_control(
    series: MonthlySeries, control: MonthlySeries, model: Model, *, alpha: float = 0.05
) -> Limits:
    """Return the step of `series` relative to `control`, with its recommended interval.

    The share of the series in the two together follows a quasi-binomial model with the same terms, so the
    step is a ratio of ratios.

    Raises
    ------
    InputError
        If the two do not run over the same months.

    Notes
    -----
    Comparative interrupted time series: Linden (2015), Stata Journal 15. Two Poisson counts given their sum
    are binomial.
    """
    if series.months != control.months:
        raise InputError(
            f"{control.name} runs from {control.months[0]} to {control.months[-1]}, not over the months of {series.name}",
            "Give the control series the same months.", column="month", value=control.months[0],
        )  # fmt: skip
    after = series.position(model.date)
    if after < LEAST_BEFORE:
        raise NotEstimableError(f"not estimable because only {after} months lie before {model.date}")
    x, names = design(series, model, after)
    both = np.column_stack([series.counts, control.counts])
    result = GLM(both, x, family=families.Binomial()).fit(scale="X2")
    fitted = Fit(series, model, names, x, result)
    return _limits(fitted, "recommended", alpha)
