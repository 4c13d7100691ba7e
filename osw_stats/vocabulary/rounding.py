"""Rounding half up on the decimal text, as readers expect it.

Why not `round`: Python and babel round half to even on binary floats, so 2.5 becomes
2 and 0.15 becomes 0.1. Official statistics rounds half up.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def half_up(value: float | str | Decimal, decimals: int = 0) -> Decimal:
    """Round to `decimals` places (negative: tens, hundreds, ...), halves away from zero.

    Examples
    --------
    >>> half_up(2.5), half_up("0.15", 1), half_up(768_500, -4)
    (Decimal('3'), Decimal('0.2'), Decimal('770000'))
    """
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if decimals >= 0:
        return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    shift = Decimal(1).scaleb(-decimals)
    whole = (exact / shift).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return Decimal(int(whole) * 10**-decimals)
