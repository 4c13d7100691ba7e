"""Small numbers: rounding to a base, and hiding cells of a row so that its total does not give them away."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from osw_stats.errors import InputError
from osw_stats.vocabulary.rounding import half_up

MIN_COUNT = 5  # cells of counts below it are hidden
MIN_RESPONDENTS = 50  # no percentage of fewer respondents
MIN_EFFECTIVE = 30  # nor of a smaller effective sample
FEW_RESPONDENTS = 100  # below it a percentage is marked as uncertain
LARGE_RSE = 0.3  # so it is when its standard error is a larger part of it


def round_to_base(value: int | float | str | Decimal, base: int) -> int:
    """Round a count to a multiple of `base`, halves up.

    Examples
    --------
    >>> [round_to_base(n, 5) for n in (2, 3, 7, 8, 14802)]
    [0, 5, 5, 10, 14800]
    """
    if base <= 0:
        raise InputError("a base is a whole number above 0", "Choose 5 or 10, say.", column="base", value=base)  # fmt: skip
    return int(half_up(Decimal(str(value)) / base)) * base


def suppress_row(
    cells: Sequence[int], *, total_published: bool = True, threshold: int = MIN_COUNT
) -> list[int | None]:
    """Return the cells of a row with small ones hidden (None).

    Cells from 1 up to `threshold` are hidden, zeros stay. Where exactly one would be hidden and the total is
    published, subtraction would give it away: the smallest other positive cell is hidden too, the first of equals.

    Notes
    -----
    Where no other positive cell exists the total still gives the hidden one away: publish no total then. Hundepool
    and others (2012), Statistical Disclosure Control, chapter 4.

    Examples
    --------
    >>> suppress_row([12, 3, 40, 0])
    [None, None, 40, 0]
    """
    for at, n in enumerate(cells, start=1):
        if n < 0 or n != int(n):
            raise InputError("is no count", "Give whole numbers from 0.", row=at, value=n)
    hidden = {at for at, n in enumerate(cells) if 0 < n < threshold}
    others = [at for at, n in enumerate(cells) if n > 0 and at not in hidden]
    if len(hidden) == 1 and total_published and others:
        hidden.add(min(others, key=lambda at: cells[at]))
    return [None if at in hidden else int(n) for at, n in enumerate(cells)]


def too_small(respondents: float, effective: float) -> bool:
    """Say whether a percentage rests on too few respondents to be shown.

    Examples
    --------
    >>> too_small(49, 40), too_small(60, 29), too_small(60, 31)
    (True, True, False)
    """
    return respondents < MIN_RESPONDENTS or effective < MIN_EFFECTIVE
