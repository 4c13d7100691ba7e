"""The same step under other choices: errors, season, trend, date, months left out, and beside a control series."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace

import pandas as pd

from osw_stats.errors import InputError, NotEstimableError
from osw_stats.shelf.months.interrupted import LEAST_FOR_SLOPE, Fit, Model, fit, negative_binomial
from osw_stats.shelf.months.series import MonthlySeries

LOCAL = 36  # months before the date that a local trend rests on
DATES = (-3, 3)  # months the date is moved by
DELAYED = 2  # last months that later registrations may still fill up
Limits = tuple[float, float, float]


def sensitivity(
    series: MonthlySeries,
    model: Model,
    *,
    dates: Iterable[str] = (),
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
    primary, true, n = fit(series, model), series.position(model.date), len(series.months)

    def again(other: MonthlySeries, changed: Model) -> Callable[[], Limits]:
        return lambda: _limits(fit(other, changed), "recommended", alpha)

    variants: dict[str, Callable[[], Limits]] = {
        "primary": lambda: _limits(primary, "recommended", alpha),
        "quasi_poisson": lambda: _limits(primary, "quasi", alpha),
        "hac3": lambda: _limits(primary, "hac3", alpha),
        "negative_binomial": lambda: _negative_binomial(primary, alpha),
        "month_levels": again(series, replace(model, dummies=True)),
        "local_trend": again(series.part(max(0, true - LOCAL), n), model),
        "without_last_months": again(series.part(0, n - DELAYED), model),
    }
    if n - true >= LEAST_FOR_SLOPE:
        variants["step_only"] = again(series, replace(model, slope=False))
    if model.pulses:
        variants["without_pulses"] = again(series, replace(model, pulses=()))
    for date in [*(str(pd.Period(model.date, freq="M") + steps) for steps in DATES), *dates]:
        variants[f"date {date}"] = again(series, replace(model, date=date))
    if control is not None:
        variants["control_series"] = lambda: _limits(fit(series, model, control), "recommended", alpha)
    rows: list[tuple[object, ...]] = []
    for name, compute in variants.items():
        try:
            rows.append((name, *compute(), ""))
        except (NotEstimableError, InputError) as error:
            rows.append((name, math.nan, math.nan, math.nan, str(error)))
    frame = pd.DataFrame(rows, columns=["variant", "rr", "lower", "upper", "reason"])
    return frame.assign(primary=frame["variant"] == "primary")


def _limits(fitted: Fit, kind: str, alpha: float) -> Limits:
    step = fitted.step(kind, alpha=alpha)
    return step["rr"], step["rr_lower"], step["rr_upper"]


def _negative_binomial(fitted: Fit, alpha: float) -> Limits:
    params, se, _ = negative_binomial(fitted)
    step, half = float(params[fitted.post]), fitted.quantile(alpha) * float(se[fitted.post])
    return math.exp(step), math.exp(step - half), math.exp(step + half)
