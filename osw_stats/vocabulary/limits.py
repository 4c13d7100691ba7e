"""Published limits of a percentage: that they enclose it, and how finely they are printed."""

from __future__ import annotations

import re

from osw_stats.errors import InputError

_NUMBER = re.compile(r"\d+(?:[.,](\d+))?")


def check_limits(pct: float, lower: float, upper: float) -> None:
    """Pass when 0 <= lower <= pct <= upper <= 100.

    Raises
    ------
    InputError
        Otherwise.
    """
    for name, value in (("pct", pct), ("lower", lower), ("upper", upper)):
        if not 0 <= value <= 100:
            raise InputError("is no percentage", "Give a number from 0 to 100.", column=name, value=value)
    if lower > pct:
        raise InputError("the lower limit lies above the value", "Copy value and limits once more.", column="lower", value=lower)  # fmt: skip
    if upper < pct:
        raise InputError("the upper limit lies below the value", "Copy value and limits once more.", column="upper", value=upper)  # fmt: skip


def printed_step(text: str) -> float:
    """Return the place value of the finest digit in a printed row: value and limits share their decimals.

    Examples
    --------
    >>> printed_step("5.1 (4.8-5.4)"), printed_step("21 (19-23)"), printed_step("5 (4.8-5.4)")
    (0.1, 1.0, 0.1)
    """
    decimals = [len(found[1] or "") for found in _NUMBER.finditer(text)]
    if not decimals:
        raise InputError("holds no number", "Write value and limits as printed.", value=text)
    return float(f"1e-{max(decimals)}")
