"""From a rule to an interval: what a hedge leaves open around a printed value."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal

# rules whose interval is the project's own choice, not the meaning of the words
CONVENTIONS = ("majority",)


@dataclass(frozen=True)
class Figure:
    """A printed figure: its value, the step it was printed in and the interval it stands for.

    Fractions ("een op de acht", "de helft") are in percent. `value` is None where the
    words give a range only.
    """

    value: float | None
    step: float
    rule: str
    lower: float
    upper: float
    lower_closed: bool
    upper_closed: bool

    @property
    def convention(self) -> bool:
        """Whether the interval is a convention of this project ("de meeste": above half)."""
        return self.rule in CONVENTIONS

    def mirrored(self) -> Figure:
        """Return the figure with the other sign."""
        return replace(self, value=None if self.value is None else -self.value, lower=-self.upper,
                       upper=-self.lower, lower_closed=self.upper_closed, upper_closed=self.lower_closed)  # fmt: skip


def apply_rule(value: Decimal, step: Decimal, rule: str, *, strict: bool = False) -> Figure:
    """Return the interval that `rule` gives a printed `value` with this `step`.

    Examples
    --------
    >>> apply_rule(Decimal("5.2"), Decimal("0.1"), "none").lower
    5.15
    >>> apply_rule(Decimal("-5"), Decimal("1"), "ruim").lower  # of a fall: its size
    -6.0
    """
    if value < 0:
        return apply_rule(-value, step, rule, strict=strict).mirrored()
    half = step / 2
    below, above, closed_below, closed_above = {
        "exact": (Decimal(0), Decimal(0), True, True),
        "none": (half, half, True, False),
        "m_op_k": (half, half, True, False),
        "circa": (step, step, True, True),
        "breukwoord": (step, step, True, True),
        "ruim": (Decimal(0), step, True, False),
        "meer_dan": (Decimal(0), step, False, True),
        "bijna": (step, Decimal(0), True, False),
        "minder_dan": (step, Decimal(0), True, False),
        "minstens": (Decimal(0), step, True, True),
        "hooguit": (value, Decimal(0), True, True),
    }[rule]
    figure = Figure(
        float(value), float(step), rule, float(value - below), float(value + above),
        closed_below, closed_above,
    )  # fmt: skip
    return _unbounded(figure) if strict else figure


def one_in(k: int, hedge: str, *, strict: bool = False) -> Figure:
    """Return the interval of one in `k` under a hedge, in percent.

    The step is one whole `k`, so the interval has no fixed width.

    Examples
    --------
    >>> f = one_in(8, "ruim"); f.rule, f.lower, round(f.upper, 1)
    ('ruim_een_op_k', 12.5, 14.3)
    """
    one = Decimal(100)
    fewer, exactly, more = one / (k + 1), one / k, one / (k - 1)
    lower, upper, closed_below, closed_above = {
        "none": (one / (k + Decimal("0.5")), one / (k - Decimal("0.5")), False, True),
        "exact": (exactly, exactly, True, True),
        "ruim": (exactly, more, True, False),
        "meer_dan": (exactly, more, False, True),
        "bijna": (fewer, exactly, False, False),
        "minder_dan": (fewer, exactly, True, False),
        "minstens": (exactly, more, True, True),
        "hooguit": (Decimal(0), exactly, True, True),
    }[hedge]
    rule = "een_op_k" if hedge == "none" else f"{hedge}_een_op_k"
    figure = Figure(float(exactly), 1.0, rule, float(lower), float(upper), closed_below, closed_above)
    return _unbounded(figure) if strict else figure


def _unbounded(figure: Figure) -> Figure:
    """Take away the end that the words themselves do not give."""
    if figure.rule.startswith(("meer_dan", "minstens")):
        return replace(figure, upper=math.inf, upper_closed=False)
    if figure.rule.startswith("minder_dan"):
        return replace(figure, lower=-math.inf, lower_closed=False)
    return figure
