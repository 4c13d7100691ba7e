"""A number with its unit, and which unit the result of an operation has: what cannot be added or compared raises."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from osw_stats.errors import UnitMismatchError, UnitOrderError
from osw_stats.meaning.units import UNITS, common_unit, unit, unit_of_difference

_PAIRS = (
    "subtract=sub multiply=mul divide=truediv floor_divide=floordiv remainder=mod "
    "equal=eq not_equal=ne less=lt less_equal=le greater=gt greater_equal=ge"
)
UFUNCS = dict(pair.split("=") for pair in _PAIRS.split())  # what `operator` calls a function of NumPy
SCALED = {"mul", "truediv", "floordiv"}  # times or by a plain number the unit stays


class Quantity(float):
    """A number with its unit. Adding, subtracting and comparing ask for the same unit.

    A plain number has no unit and goes with any; a product or ratio of two quantities is a plain number.

    Examples
    --------
    >>> (Quantity(60, "fte") - Quantity(49, "fte")).unit
    'fte'
    >>> Quantity(12206, "advice_requests") + Quantity(1, "persons")
    Traceback (most recent call last):
    ...
    osw_stats.errors.UnitMismatchError: advice_requests and persons count different things ...
    """

    unit: str

    def __new__(cls, value: float, code: str) -> Self:
        """Return the number; the unit must be known."""
        made = super().__new__(cls, value)
        made.unit = unit(code).code
        return made

    def __getnewargs__(self) -> tuple[float, str]:  # type: ignore[override] # a float has one argument, this has two
        return float(self), self.unit

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """Take part in NumPy's functions as in Python's; an array of plain numbers stays one."""
        if any(isinstance(i, ExtensionArray | pd.Series | pd.Index | pd.DataFrame) for i in inputs):
            return NotImplemented  # these ask each number
        name = UFUNCS.get(ufunc.__name__, ufunc.__name__)
        given = [i.item() if isinstance(i, np.generic) else i for i in inputs]
        if len(given) == 2 and hasattr(operator, name) and all(isinstance(i, int | float) for i in given):
            return getattr(operator, name)(*given)
        if name not in SCALED:
            common_unit(i.unit for i in given if isinstance(i, Quantity))
        kept = object if any(isinstance(i, np.ndarray) and i.dtype.kind == "O" for i in given) else None
        return getattr(ufunc, method)(*(np.asarray(i, kept) for i in given), **kwargs)


def _asking(name: str, result: str) -> Callable[..., Any]:
    """Return a method of `float` that asks for the same unit; `result` says what unit comes out."""
    plain = getattr(float, name)

    def method(self: Quantity, *others: Any) -> Any:
        both = isinstance(others[0] if others else None, Quantity)
        if both and result != "scaled":
            try:
                common_unit((self.unit, others[0].unit))
            except UnitMismatchError as error:
                raise UnitOrderError(str(error)) if result == "compared" else error from None
        made = plain(self, *others)
        if result in ("plain", "compared") or made is NotImplemented or (both and result == "scaled"):
            return made
        return Quantity(made, unit_of_difference(self.unit) if both and result == "difference" else self.unit)

    return method


for _result, _names in {
    "compared": ("lt", "le", "gt", "ge", "eq", "ne"),
    "plain": ("divmod", "rdivmod", "pow", "rpow"),
    "same": ("add", "radd", "mod", "rmod", "neg", "pos", "abs"),
    "difference": ("sub", "rsub"),
    "scaled": ("mul", "rmul", "truediv", "floordiv"),
}.items():
    for _name in _names:
        setattr(Quantity, f"__{_name}__", _asking(f"__{_name}__", _result))
Quantity.__hash__ = float.__hash__  # type: ignore[method-assign] # equal to the plain number, so found like it

# A unit is a small number in a column, its place in `CODES`, one beside each value; `NO_UNIT` is a plain number.
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


def repeated(place: int, length: int) -> Units:
    """Return one unit, so many times."""
    return np.full(length, place, dtype=np.int16)


def scalar(value: Any, place: int) -> Any:
    """Return a number with its unit; one that is missing, or has none, is plain."""
    if isinstance(value, float) and np.isnan(value):
        return np.nan
    return Quantity(value, CODES[place]) if place >= 0 and isinstance(value, float) else value


def one_unit(units: Units) -> int:
    """Return the place of the one unit among these, `NO_UNIT` where there is none; refuse two."""
    places = np.unique(units[units >= 0])
    if len(places) > 1:
        common_unit([CODES[place] for place in places])
    return int(places[0]) if len(places) else NO_UNIT


def units_of(name: str, a: Units, b: Units, present: NDArray[np.bool_]) -> Units:
    """Return the units of an operation on pairs, by its name as `operator` or NumPy has it.

    Refused is what adds or compares a pair of two units, both `present`, or divides a column by one that has its
    units too, as a change in percent from row to row does.
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
        return repeated(NO_UNIT, len(a))
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


def grouped(numbers: Numbers, units: Units, *, how: str, ngroups: int, ids: Any, **kwargs: Any) -> Any:
    """Return what pandas makes of groups of numbers, and the units of that; None where they have none."""
    array: Any = pd.array(numbers, dtype="Float64")
    result = array._groupby_op(how=how, ngroups=ngroups, ids=ids, **kwargs)
    if how in ANY_UNIT:
        return result, None
    # the one unit of each group; two are refused
    here = (ids >= 0) & (units >= 0)
    low, group = repeated(len(CODES), ngroups), repeated(NO_UNIT, ngroups)
    np.minimum.at(low, ids[here], units[here])
    np.maximum.at(group, ids[here], units[here])
    for at in np.flatnonzero((group >= 0) & (low != group)):
        common_unit((CODES[low[at]], CODES[group[at]]))
    if how.startswith("idx"):
        return result, None
    values = result.to_numpy(np.float64, na_value=np.nan)
    each = group[ids] if how.startswith("cum") else group
    places = np.array([unit_of(how, int(place)) for place in each], dtype=np.int16)
    return values, places if (places >= 0).any() and values.shape == places.shape else None
