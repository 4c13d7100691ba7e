"""The interval of a hedge: the values it allows around a printed value."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

_HALF, _ONE, _SAME = Decimal("0.5"), Decimal(1), Decimal(0)
# the ends of the interval, in steps from the value (None: zero), and whether each is closed
_RULES: dict[str, tuple[Decimal | None, Decimal, bool, bool]] = {
    "exact": (_SAME, _SAME, True, True),
    "none": (-_HALF, _HALF, True, False),
    "m_op_k": (-_HALF, _HALF, True, False),
    "circa": (-_ONE, _ONE, True, True),
    "breukwoord": (-_ONE, _ONE, True, True),
    "ruim": (_SAME, _ONE, True, False),
    "meer_dan": (_SAME, _ONE, False, True),
    "bijna": (-_ONE, _SAME, True, False),
    "minder_dan": (-_ONE, _SAME, True, False),
    "minstens": (_SAME, _ONE, True, True),
    "hooguit": (None, _SAME, True, True),
}
_CLOSED_OF_ONE_IN = {"none": (False, True), "bijna": (False, False)}  # a share falls where k rises


@dataclass(frozen=True)
class Figure:
    """A printed figure and its interval; "een op de acht" and "de helft" are in percent."""

    value: float | None  # None for a range
    step: float
    rule: str
    lower: float
    upper: float
    lower_closed: bool
    upper_closed: bool

    def mirrored(self) -> "Figure":
        """Return the figure with the other sign."""
        value = None if self.value is None else -self.value
        ends = (-self.upper, -self.lower, self.upper_closed, self.lower_closed)
        return Figure(value, self.step, self.rule, *ends)


def apply_rule(value: Decimal, step: Decimal, rule: str, *, strict: bool = False) -> Figure:
    """Return the interval of a printed `value` under `rule` with this `step`; for a fall, of its size."""
    if value < 0:
        return apply_rule(-value, step, rule, strict=strict).mirrored()
    return _figure(value, step, rule, rule, lambda steps: value + steps * step, strict)


def one_in(k: int, hedge: str, *, strict: bool = False) -> Figure:
    """Return the interval of one in `k` under a hedge, in percent; its step is 1 in `k`, so its width varies."""
    name = "een_op_k" if hedge == "none" else f"{hedge}_een_op_k"
    figure = _figure(100 / Decimal(k), _ONE, hedge, name, lambda steps: 100 / (k - steps), strict)
    closed = _CLOSED_OF_ONE_IN.get(hedge)
    return replace(figure, lower_closed=closed[0], upper_closed=closed[1]) if closed else figure


def _figure(
    value: Decimal, step: Decimal, rule: str, name: str, end: Callable[[Decimal], Decimal], strict: bool
) -> Figure:
    """Return a figure with ends at `end` of the rule's steps; `strict` removes ends that the words do not give."""
    below, above, *closed = _RULES[rule]
    lower, upper = 0.0 if below is None else float(end(below)), float(end(above))
    if strict and rule in ("meer_dan", "minstens"):
        upper, closed[1] = math.inf, False
    if strict and rule == "minder_dan":
        lower, closed[0] = -math.inf, False
    return Figure(float(value), float(step), name, lower, upper, *closed)
