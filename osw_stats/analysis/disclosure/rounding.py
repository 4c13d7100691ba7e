"""Rounding counts to a base, and refusing sums that would undo it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from osw_stats.analysis.disclosure.feasible import System
from osw_stats.analysis.disclosure.hiding import Key, Relations
from osw_stats.errors import InputError
from osw_stats.vocabulary.rounding import half_up


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


def require_rounded_margins(
    published: Mapping[Key, int], relations: Relations, *, base: int, exact: frozenset[Key] = frozenset()
) -> None:
    """Pass when no sum narrows what a rounded count may be.

    Parameters
    ----------
    published
        Counts as they will be printed, by key.
    relations
        Totals with their parts.
    base
        What they are rounded to.
    exact
        Keys of counts that are printed exactly.

    Raises
    ------
    InputError
        For the first count that the sums narrow to fewer numbers than its rounding leaves open. Leave the totals
        out then, or round them apart.

    Examples
    --------
    >>> require_rounded_margins({"a": 5, "b": 10, "all": 15}, [("all", ["a", "b"])], base=5)
    >>> require_rounded_margins({"a": 5, "b": 10, "all": 13}, [("all", ["a", "b"])], base=5, exact=frozenset({"all"}))
    Traceback (most recent call last):
        ...
    osw_stats.errors.InputError: column "a", value "5": the totals undo its rounding. Leave the totals out, or round each of them to 5 by itself.
    """
    keys = list(published)
    position = {key: at for at, key in enumerate(keys)}
    ranges = [
        (n, n) if key in exact else (max(0, -(-(2 * n - base) // 2)), -(-(2 * n + base) // 2) - 1)
        for key, n in published.items()
    ]
    bound = [(position[total], tuple(position[p] for p in parts)) for total, parts in relations]
    system = System([low for low, _ in ranges], [high for _, high in ranges], bound)
    for at, (low, high) in enumerate(ranges):
        if keys[at] not in exact and not all(system.takes(at, n) for n in range(low, high + 1)):
            raise InputError(
                "the totals undo its rounding", f"Leave the totals out, or round each of them to {base} by itself.",
                column=str(keys[at]), value=published[keys[at]],
            )  # fmt: skip
