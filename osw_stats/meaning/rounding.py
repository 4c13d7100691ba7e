"""Rounding half up on the decimal text, as official statistics does: `round` makes 2.5 a 2 and 0.15 a 0.1."""

import math
import re
from decimal import ROUND_HALF_UP, Decimal

from osw_stats.yamlfile import refusals

refused = refusals(__file__)


def half_up(value: float | str | Decimal, decimals: int = 0) -> Decimal:
    """Round to `decimals` places (negative: tens, hundreds, ...), halves away from zero.

    >>> half_up(2.5), half_up("0.15", 1), half_up(768_500, -4)
    (Decimal('3'), Decimal('0.2'), Decimal('770000'))
    """
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return rounded if decimals >= 0 else Decimal(int(rounded))


_NUMBER = re.compile(r"\d+(?:[.,](\d+))?")


def check_limits(pct: float, lower: float, upper: float) -> None:
    """Raise InputError unless 0 <= lower <= pct <= upper <= 100."""
    for name, value in (("pct", pct), ("lower", lower), ("upper", upper)):
        if not 0 <= value <= 100:
            raise refused("percentage", column=name, value=value)
    if lower > pct:
        raise refused("lower_above", column="lower", value=lower)
    if upper < pct:
        raise refused("upper_below", column="upper", value=upper)


def printed_step(text: str) -> float:
    """Return the place value of the finest digit in a printed row: value and limits share their decimals."""
    decimals = [len(number[1] or "") for number in _NUMBER.finditer(text)]
    if not decimals:
        raise refused("no_number", value=text)
    return float(f"1e-{max(decimals)}")


def printed_range(pct: float, *limits: float, printed: str = "") -> tuple[float, float]:
    """Return the rounding interval of a printed percentage; its limits have the same decimals."""
    if math.isnan(pct):
        return pct, pct
    known = [f"{value:.10g}" for value in (pct, *limits) if not math.isnan(value)]
    half = printed_step(printed or " ".join(known)) / 2
    low, high = (round(pct + way * half, 9) for way in (-1, 1))
    return (max(0.0, low), min(100.0, high)) if 0 <= pct <= 100 else (low, high)
