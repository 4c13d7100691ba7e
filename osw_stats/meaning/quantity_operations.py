"""Arithmetic, sums and groups of numbers with units, as pandas requires of an array."""

from collections.abc import Callable
from functools import partial, partialmethod
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionScalarOpsMixin  # type: ignore[attr-defined] # the stubs miss it

from osw_stats.meaning.units import SCALED, UFUNCS, UNITS, Quantity, common_unit, unit_of_difference

# A unit is stored with each value as its index in `CODES`; `NO_UNIT` marks a plain number.
CODES = tuple(UNITS)
PLACES = {code: place for place, code in enumerate(CODES)}
NO_UNIT = -1

COMPARED = {"eq", "ne", "lt", "le", "gt", "ge"}
SAME_UNIT = {"add", "sub", "mod", "maximum", "minimum", "fmax", "fmin"}  # numbers of one unit give that unit
UNIT_KEEPING = {"negative", "positive", "absolute", "fabs", "rint", "floor", "ceil", "trunc"}
AGGREGATES = {"sum", "mean", "median", "min", "max", "cumsum", "cummin", "cummax"}
DISPERSIONS = {"std", "sem"}
UNITLESS = {"any", "all", "nth"}  # these neither add nor compare

Numbers = NDArray[np.float64]
Units = NDArray[np.int16]


def scalar(value: Any, place: int) -> Any:
    """Return a number with its unit; a missing number, or one without a unit, is plain."""
    if isinstance(value, float) and np.isnan(value):
        return np.nan
    return Quantity(value, CODES[place]) if place >= 0 and isinstance(value, float) else value


def one_unit(units: Units) -> int:
    """Return the index of the only unit among these, `NO_UNIT` where there is none; refuse two."""
    places = np.unique(units[units >= 0])
    if len(places) > 1:
        common_unit([CODES[place] for place in places])
    return int(places[0]) if len(places) else NO_UNIT


def units_of(name: str, a: Units, b: Units, present: NDArray[np.bool_]) -> Units:
    """Return the units of an elementwise operation, by its name in `operator` or NumPy."""
    # refused: adding or comparing two units where both are `present`, or dividing a column by one that
    # shares a unit with it
    clash = (a != b) & (a >= 0) & (b >= 0) & present
    rate = name in SCALED and (name == "mul" or len(b) == 1 or not np.isin(a[a >= 0], b[b >= 0]).any())
    if clash.any() and not rate:
        row = int(clash.argmax())
        common_unit(CODES[units[row if len(units) > 1 else 0]] for units in (a, b))
    a, b = np.broadcast_arrays(a, b)
    if name in SCALED:
        quotient = np.where(b == NO_UNIT, a, NO_UNIT)
        return np.where(a == NO_UNIT, b, quotient) if name == "mul" else quotient
    if name not in SAME_UNIT:
        return np.full(len(a), NO_UNIT, np.int16)
    common = np.where(a >= 0, a, b)
    if name == "sub":
        return np.where((a >= 0) & (b >= 0), _DIFFERENCES[common], common)
    return common


_DIFFERENCES = np.array([*(PLACES[unit_of_difference(code)] for code in CODES), NO_UNIT], dtype=np.int16)


def unit_of(name: str, place: int) -> int:
    """Return the unit of an aggregate: a sum has that of its parts, a variance has none."""
    if place < 0 or name in AGGREGATES:
        return place
    return int(_DIFFERENCES[place]) if name in DISPERSIONS else NO_UNIT


class Operations(ExtensionScalarOpsMixin):  # type: ignore[misc]
    """The computations of `QuantityArray`, which holds the numbers and their units."""

    _numbers: Numbers
    _units: Units
    _from_sequence: Any
    isna: Callable[[], NDArray[np.bool_]]

    def __init__(self, numbers: Numbers, units: Units) -> None:
        self._numbers, self._units = numbers, units

    def __len__(self) -> int:
        return len(self._numbers)

    @classmethod
    def _create_method(cls, op: Any, coerce_to_dtype: bool = True, result_dtype: Any = None) -> Any:
        def method(self: Operations, other: Any) -> Any:
            if isinstance(other, pd.Series | pd.Index | pd.DataFrame):
                return NotImplemented
            return self._combined(other, op, op.__name__)

        method.__name__ = f"__{op.__name__.strip('_')}__"
        return method

    def _combined(self, other: Any, op: Callable[..., Any], name: str) -> Any:
        """Return `op` of the numbers, with the unit that follows from both operands."""
        if pd.api.types.is_list_like(other) and len(other) != len(self):
            raise ValueError("Lengths must match")
        try:
            operand = self._from_sequence(other if pd.api.types.is_list_like(other) else [other])
        except (TypeError, ValueError):
            if name in ("eq", "ne"):  # words are no numbers
                return np.full(len(self), name == "ne")
            raise TypeError(f"numbers with units and {other!r} do not go together in {name}") from None
        with np.errstate(all="ignore"):
            outcome = op(self._numbers, operand._numbers)
        present = ~self.isna() & ~operand.isna()
        name = UFUNCS.get(name, name)
        swapped = name.startswith("r")
        a, b = (operand, self) if swapped else (self, operand)
        parts = ("floordiv", "mod") if name.endswith("divmod") else (name.removeprefix("r"),)
        result_units = [units_of(part, a._units, b._units, present) for part in parts]
        if parts[0] in COMPARED:
            return outcome
        # the dtype follows from the operation and its operands, even without any number
        plain = not isinstance(other, Operations | Quantity) and bool((operand._units == NO_UNIT).all())

        def result(part: str, numbers: Any, units: Any) -> Any:
            scaled = part in SCALED and plain and (part == "mul" or not swapped)
            has_units = part in SAME_UNIT or scaled or bool((units >= 0).any())
            return type(self)(np.asarray(numbers, float), units.astype(np.int16)) if has_units else numbers

        if len(parts) == 1:
            return result(parts[0], outcome, result_units[0])
        return tuple(map(result, parts, outcome, result_units))

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """Support NumPy's functions: return quantities, or plain results where the unit is lost."""
        if any(isinstance(i, pd.Series | pd.Index | pd.DataFrame) for i in inputs) or kwargs.get("out"):
            return NotImplemented
        if method != "__call__":
            quantities = [i for i in inputs if isinstance(i, Operations)]
            one_unit(np.concatenate([i._units for i in quantities]))
            plain = (i._numbers if isinstance(i, Operations) else i for i in inputs)
            return getattr(ufunc, method)(*plain, **kwargs)
        if len(inputs) == 2:
            a, b = inputs
            if isinstance(a, Operations):
                return a._combined(b, ufunc, ufunc.__name__)
            return b._combined(a, lambda x, y: ufunc(y, x), "r" + UFUNCS.get(ufunc.__name__, ufunc.__name__))
        result = ufunc(*(i._numbers if isinstance(i, Operations) else i for i in inputs), **kwargs)
        return self._with(result) if ufunc.__name__ in UNIT_KEEPING else result

    def _with(self, numbers: Any) -> Self:
        return type(self)(numbers, self._units.copy())

    def __neg__(self) -> Self:
        return self._with(-self._numbers)

    def __pos__(self) -> Self:
        return self._with(self._numbers.copy())

    def __abs__(self) -> Self:
        return self._with(abs(self._numbers))

    def round(self, decimals: int = 0, *args: Any, **kwargs: Any) -> Self:
        """Return the numbers rounded."""
        return self._with(self._numbers.round(decimals))

    # aggregates

    def _figure(self, name: str, *, axis: Any = 0, dtype: Any = None, out: Any = None, **kwargs: Any) -> Any:
        return self._reduce(name, **kwargs)  # NumPy passes an axis; there is only one

    sum, mean, min, max = map(partial(partialmethod, _figure), ("sum", "mean", "min", "max"))
    std, var = map(partial(partialmethod, _figure), ("std", "var"))

    def _mixed(self) -> bool:
        return len(np.unique(self._units[(self._units >= 0) & ~self.isna()])) > 1

    def _unit(self) -> int:
        return one_unit(self._units[~self.isna()])

    def _reduce(self, name: str, *, skipna: bool = True, keepdims: bool = False, **kwargs: Any) -> Any:
        if name == "count":
            return int((~self.isna()).sum())
        unit = NO_UNIT if name in UNITLESS else self._unit()
        value = getattr(pd.Series(self._numbers), name)(skipna=skipna, **kwargs)
        unit = unit_of(name, unit)
        return self._of_unit([value], unit) if keepdims else scalar(value, unit)

    def _of_unit(self, numbers: Any, unit: int) -> Self:
        return type(self)(np.asarray(numbers, dtype=np.float64), np.full(len(numbers), unit, np.int16))

    def _accumulate(self, name: str, *, skipna: bool = True, **kwargs: Any) -> Self:
        unit = unit_of(name, self._unit())
        return self._of_unit(getattr(pd.Series(self._numbers), name)(skipna=skipna, **kwargs), unit)

    def _quantile(self, qs: Any, interpolation: str) -> Self:
        plain: Any = pd.Series(self._numbers)
        return self._of_unit(plain.quantile(qs, interpolation=interpolation), self._unit())

    def interpolate(self, *, index: Any, copy: bool = True, **kwargs: Any) -> Self:
        """Return the numbers with missing ones interpolated."""
        plain: Any = pd.Series(self._numbers, index=index)
        return self._of_unit(plain.interpolate(**kwargs), self._unit())

    def _rank(self, **kwargs: Any) -> Any:
        self._unit()
        return pd.Series(self._numbers).rank(**kwargs).to_numpy()

    def argmin(self, skipna: bool = True) -> int:
        """Return the place of the smallest number."""
        self._unit()
        return int(super().argmin(skipna))

    def argmax(self, skipna: bool = True) -> int:
        """Return the place of the largest number."""
        self._unit()
        return int(super().argmax(skipna))

    def _groupby_op(self, *, how: str, ngroups: int, ids: Any, **kwargs: Any) -> Any:
        if how in ("first", "last"):
            return super()._groupby_op(how=how, ngroups=ngroups, ids=ids, **kwargs)
        plain: Any = pd.array(self._numbers, dtype="Float64")
        result = plain._groupby_op(how=how, ngroups=ngroups, ids=ids, **kwargs)
        if how in UNITLESS:
            return result
        # the unit of each group; two are refused
        known = (ids >= 0) & (self._units >= 0) & ~self.isna()
        low, group = np.full(ngroups, len(CODES), np.int16), np.full(ngroups, NO_UNIT, np.int16)
        np.minimum.at(low, ids[known], self._units[known])
        np.maximum.at(group, ids[known], self._units[known])
        for at in np.flatnonzero((group >= 0) & (low != group)):
            common_unit((CODES[low[at]], CODES[group[at]]))
        if how.startswith("idx"):
            return result
        numbers = result.to_numpy(np.float64, na_value=np.nan)
        places = group[ids] if how.startswith("cum") else group
        units = np.array([unit_of(how, int(place)) for place in places], dtype=np.int16)
        with_unit = (units >= 0).any() and numbers.shape == units.shape
        return type(self)(numbers, units) if with_unit else numbers
