"""Which unit the result of an operation on many numbers has; where two units meet, it is refused.

A unit is a small number here, its place in `CODES`, one beside each value; `NO_UNIT` is a plain number.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from osw_stats.vocabulary.quantity import SCALED, Quantity
from osw_stats.vocabulary.units import UNITS, common_unit, unit_of_difference

CODES = tuple(UNITS)
PLACES = {code: place for place, code in enumerate(CODES)}
NO_UNIT = -1

COMPARED = {"eq", "ne", "lt", "le", "gt", "ge"}
TOGETHER = {"add", "sub", "mod", "maximum", "minimum", "fmax", "fmin"}  # numbers of one unit give that unit
KEPT = {"negative", "positive", "absolute", "fabs", "rint", "floor", "ceil", "trunc"}
OF_UNIT = {"sum", "mean", "median", "min", "max", "cumsum", "cummin", "cummax"}
OF_DIFFERENCE = {"std", "sem"}
ANY_UNIT = {"any", "all", "nth"}  # nothing is added or compared

Numbers = NDArray[np.float64]
Units = NDArray[np.int16]


def plain(length: int) -> Units:
    """Return no unit, so many times."""
    return np.full(length, NO_UNIT, dtype=np.int16)


def scalar(value: Any, place: int) -> Any:
    """Return a number with its unit; one that is missing, or has none, is plain."""
    if isinstance(value, float) and np.isnan(value):
        return np.nan
    return Quantity(value, CODES[place]) if place >= 0 and isinstance(value, float) else value


def one_unit(units: Units) -> int:
    """Return the place of the one unit among these, `NO_UNIT` where there is none.

    Raises
    ------
    UnitMismatchError
        If there are two.
    """
    found = np.unique(units[units >= 0])
    if len(found) > 1:
        common_unit([CODES[place] for place in found])
    return int(found[0]) if len(found) else NO_UNIT


def units_of(name: str, a: Units, b: Units, present: NDArray[np.bool_]) -> Units:
    """Return the units of an operation on pairs, by its name as `operator` or NumPy has it.

    Raises
    ------
    UnitMismatchError
        If it adds or compares a pair of two units, both `present`; or divides a column by one that has its units
        too, as a change in percent from row to row does.
    """
    clash = (a != b) & (a >= 0) & (b >= 0) & present
    rate = name in SCALED and (name == "mul" or len(b) == 1 or not np.isin(a[a >= 0], b[b >= 0]).any())
    if clash.any() and not rate:
        at = int(clash.argmax())
        common_unit(CODES[units[at if len(units) > 1 else 0]] for units in (a, b))
    a, b = np.broadcast_arrays(a, b)
    if name in SCALED:
        over = np.where(b == NO_UNIT, a, NO_UNIT)
        return np.where(a == NO_UNIT, b, over) if name == "mul" else over
    if name not in TOGETHER:
        return plain(len(a))
    both = np.where(a >= 0, a, b)
    if name == "sub":
        return np.where((a >= 0) & (b >= 0), _DIFFERENCES[both], both)
    return both


_DIFFERENCES = np.array([*(PLACES[unit_of_difference(code)] for code in CODES), NO_UNIT], dtype=np.int16)


def unit_of(name: str, place: int) -> int:
    """Return the unit of a figure of many: a sum has that of its parts, a variance has none."""
    if place < 0 or name in OF_UNIT:
        return place
    return int(_DIFFERENCES[place]) if name in OF_DIFFERENCE else NO_UNIT


def units_by_group(units: Units, ids: Any, ngroups: int) -> Units:
    """Return the one unit of each group; `ids` says of every number which it is in.

    Raises
    ------
    UnitMismatchError
        If a group holds two.
    """
    here = (ids >= 0) & (units >= 0)
    low, high = np.full(ngroups, len(CODES), dtype=np.int16), plain(ngroups)
    np.minimum.at(low, ids[here], units[here])
    np.maximum.at(high, ids[here], units[here])
    mixed = (high >= 0) & (low != high)
    if mixed.any():
        at = int(mixed.argmax())
        common_unit((CODES[low[at]], CODES[high[at]]))
    return high


def grouped(numbers: Numbers, units: Units, *, how: str, ngroups: int, ids: Any, **kwargs: Any) -> Any:
    """Return what pandas makes of groups of numbers, and the units of that; None where they have none."""
    array: Any = pd.array(numbers, dtype="Float64")
    made = array._groupby_op(how=how, ngroups=ngroups, ids=ids, **kwargs)
    if how in ANY_UNIT:
        return made, None
    group = units_by_group(units, ids, ngroups)
    if how.startswith("idx"):
        return made, None
    values = made.to_numpy(np.float64, na_value=np.nan)
    each = group[ids] if how.startswith("cum") else group
    found = np.array([unit_of(how, int(place)) for place in each], dtype=np.int16)
    return values, found if (found >= 0).any() and values.shape == found.shape else None
