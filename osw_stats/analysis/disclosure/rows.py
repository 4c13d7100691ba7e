"""The row rule alone: one row of counts and its total."""

from __future__ import annotations

from collections.abc import Sequence

from osw_stats.analysis.disclosure.thresholds import MIN_COUNT
from osw_stats.errors import InputError


def suppress_row(
    cells: Sequence[int], *, total_published: bool = True, threshold: int = MIN_COUNT
) -> list[int | None]:
    """Return the cells of a row with small ones hidden (None).

    Cells from 1 up to `threshold` are hidden, zeros stay. Where exactly one would be hidden and the total is
    published, subtraction would give it away: the smallest other positive cell is hidden too, the first of equals.

    Notes
    -----
    Where no other positive cell exists the total still gives the hidden one away, and two hidden cells may still
    be bounded too closely. `protect` sees to both, and to tables that share cells. Hundepool and others (2012),
    Statistical Disclosure Control, chapter 4.

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
