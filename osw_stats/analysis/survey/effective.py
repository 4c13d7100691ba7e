"""The effective sample size behind published limits, with the range that printing leaves open."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import optimize, stats

from osw_stats.errors import InputError
from osw_stats.vocabulary.limits import check_limits

# above this ratio of largest to smallest effective n the printed limits say too little
RECOVERABLE = 2.5
DEFF_RANGE = (0.8, 2.5)  # outside it a design effect is marked as unusual


@dataclass(frozen=True)
class EffectiveN:
    """The effective sample size that published limits imply.

    Attributes
    ----------
    wald, wilson
        By the form of interval the publisher may have used; NaN where that form cannot be inverted.
    minimum, maximum
        Over everything that prints as the published numbers (Wald). The maximum is infinite where the limits
        may have been equal before rounding.
    symmetric
        Whether the limits lie equally far from the value, up to one printed step.
    """

    wald: float
    wilson: float
    minimum: float
    maximum: float
    symmetric: bool

    @property
    def point(self) -> float:
        """The value to use: Wald for symmetric limits, else Wilson."""
        return self.wald if self.symmetric and math.isfinite(self.wald) else self.wilson

    @property
    def recoverable(self) -> bool:
        """Whether the printed digits fix the size well enough to be used."""
        return self.maximum <= RECOVERABLE * self.minimum


def effective_n(pct: float, lower: float, upper: float, *, step: float, alpha: float = 0.05) -> EffectiveN:
    """Return the effective sample size that a published percentage and its limits imply.

    Parameters
    ----------
    pct, lower, upper
        Published value and limits, in percent.
    step
        Place value of the last printed digit: 0.1 for "5,1", 1 for "5".
    alpha
        1 minus the confidence level of the limits.

    Raises
    ------
    InputError
        If the limits do not enclose the value, or lie outside 0 to 100.

    Notes
    -----
    Wald: n = z^2 p (1 - p) / h^2 with h half the width. Wilson: the width of the score interval is solved for n.
    Kish (1965), Survey Sampling, section 8.2.

    Examples
    --------
    >>> size = effective_n(5.1, 4.8, 5.4, step=0.1)
    >>> round(size.point), round(size.minimum), round(size.maximum)
    (20658, 15036, 30023)
    """
    check_limits(pct, lower, upper)
    if step <= 0:
        remedy = "Give the place value of the last printed digit."
        raise InputError("a step is above zero", remedy, column="step", value=step)
    z = float(stats.norm.ppf(1 - alpha / 2))
    p, low, high, half_step = pct / 100, lower / 100, upper / 100, step / 200
    width = high - low
    shares = [min(1.0, max(0.0, p + d)) for d in (-half_step, half_step)]
    # p (1 - p) is largest at a half, when the box holds it
    spreads = [s * (1 - s) for s in shares] + ([0.25] if shares[0] <= 0.5 <= shares[1] else [])
    return EffectiveN(
        wald=_wald(p * (1 - p), width, z),
        wilson=_wilson(p, width, z),
        minimum=_wald(min(spreads), width + 2 * half_step, z),
        maximum=_wald(max(spreads), max(0.0, width - 2 * half_step), z),
        symmetric=abs((upper - pct) - (pct - lower)) <= step * (1 + 1e-9),
    )


def _wald(spread: float, width: float, z: float) -> float:
    if spread <= 0:
        return math.nan
    return z * z * spread / (width / 2) ** 2 if width > 1e-12 else math.inf


def _wilson(p: float, width: float, z: float) -> float:
    def too_wide(log_n: float) -> float:
        n = math.exp(log_n)
        return 2 * z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) - width

    if not 1e-9 < width < 1:
        return math.inf if width <= 1e-9 else math.nan
    # the width falls from 1 to 0 as n grows
    return math.exp(optimize.brentq(too_wide, math.log(1e-6), math.log(1e15), xtol=1e-14, rtol=1e-14))
