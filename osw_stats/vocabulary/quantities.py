"""A pandas column whose numbers keep their unit: what cannot be added or compared raises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import (
    ExtensionArray,
    ExtensionDtype,
    ExtensionScalarOpsMixin,
    register_extension_dtype,
    take,
)

from osw_stats.vocabulary.units import UNITS, Quantity, common_unit, unit_of_difference

COLUMNS = ("obs_value", "lower", "upper", "ci_lower", "ci_upper")  # of the tidy table
CODES = tuple(UNITS)
PLACES = {code: place for place, code in enumerate(CODES)}
NO_UNIT = -1  # a plain number, or none

COMPARED = {"eq", "ne", "lt", "le", "gt", "ge"}
TOGETHER = {"add", "sub", "mod", "maximum", "minimum", "fmax", "fmin"}  # numbers of one unit give that unit
SCALED = {"mul", "truediv", "floordiv"}  # a quantity times or by a plain number keeps its unit
UFUNCS = {"subtract": "sub", "multiply": "mul", "divide": "truediv", "floor_divide": "floordiv", "remainder": "mod",
          "equal": "eq", "not_equal": "ne", "less": "lt", "less_equal": "le", "greater": "gt", "greater_equal": "ge"}  # fmt: skip
KEPT = {"negative", "positive", "absolute", "fabs", "rint", "floor", "ceil", "trunc"}
OF_UNIT = {"sum", "mean", "median", "min", "max", "cumsum", "cummin", "cummax"}
OF_DIFFERENCE = {"std", "sem"}
ANY_UNIT = {"first", "last", "nth", "any", "all"}  # of a group: nothing is added or compared

Numbers = NDArray[np.float64]
Units = NDArray[np.int16]


@register_extension_dtype
class QuantityDtype(ExtensionDtype):
    """The dtype of numbers with units."""

    name = "quantity"
    type = Quantity
    kind = "f"
    na_value = np.nan
    _is_numeric = True

    @classmethod
    def construct_array_type(cls) -> type[QuantityArray]:
        """Return the array of this dtype."""
        return QuantityArray

    def _get_common_dtype(self, dtypes: list[Any]) -> Any:
        plain = all(isinstance(d, QuantityDtype) or (isinstance(d, np.dtype) and d.kind in "iuf") for d in dtypes)
        return self if plain else None


class QuantityArray(ExtensionScalarOpsMixin, ExtensionArray):  # type: ignore[misc] # pandas has no types here
    """Numbers, each with its unit; a plain number has none, and goes with any.

    Adding, comparing and summing ask for one unit; a product or ratio of two quantities is a plain number.
    `to_numpy()` and `astype(float)` are the way out. Sorted, figures of one unit stand together.

    Examples
    --------
    >>> mixed = pd.Series(QuantityArray.of([12206, 760_000], ["advice_requests", "persons"]))
    >>> (mixed * 2).tolist()
    [24412.0, 1520000.0]
    >>> mixed.sum()
    Traceback (most recent call last):
    ...
    osw_stats.errors.UnitMismatchError: advice_requests and persons count different things ...
    """

    def __init__(self, values: Numbers, units: Units) -> None:
        self._numbers, self._units = values, units

    @classmethod
    def of(cls, values: Sequence[float] | Numbers, codes: Iterable[str]) -> Self:
        """Return numbers with the units of these codes."""
        units = np.array([PLACES[code] for code in codes], dtype=np.int16)
        return cls(np.array(values, dtype=np.float64), units)

    # what pandas asks of an array

    @classmethod
    def _from_sequence(cls, scalars: Any, *, dtype: Any = None, copy: bool = False) -> Self:
        if isinstance(scalars, pd.Series | pd.Index):
            scalars = scalars.array
        if isinstance(scalars, QuantityArray):
            return cls(scalars._numbers.copy(), scalars._units.copy())
        if isinstance(scalars, np.ndarray) and scalars.dtype.kind in "iuf":
            return cls(scalars.astype(np.float64), np.full(len(scalars), NO_UNIT, dtype=np.int16))
        items = list(scalars)
        values = np.array([np.nan if pd.isna(item) else float(item) for item in items], dtype=np.float64)
        units = [PLACES[item.unit] if isinstance(item, Quantity) else NO_UNIT for item in items]
        return cls(values, np.array(units, dtype=np.int16))

    _from_sequence_of_strings = _from_sequence

    @classmethod
    def _from_scalars(cls, scalars: Any, *, dtype: Any) -> Self:
        """Return results made one by one as quantities where they are; else pandas finds a dtype."""
        if not any(isinstance(s, Quantity) for s in scalars) or not all(isinstance(s, float) for s in scalars):
            raise ValueError("not all are quantities")
        return cls._from_sequence(scalars, dtype=dtype)

    @classmethod
    def _from_factorized(cls, values: Any, original: Any) -> Self:
        return cls(values.imag.copy(), values.real.astype(np.int16))

    @classmethod
    def _concat_same_type(cls, to_concat: Sequence[Any]) -> Self:
        return cls(
            np.concatenate([a._numbers for a in to_concat]), np.concatenate([a._units for a in to_concat])
        )

    @property
    def dtype(self) -> QuantityDtype:
        """The dtype."""
        return QuantityDtype()

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return int(self._numbers.nbytes + self._units.nbytes)

    def __len__(self) -> int:
        """Return how many numbers there are."""
        return len(self._numbers)

    def __getitem__(self, key: Any) -> Any:
        """Return one number with its unit, or an array of some."""
        key = pd.api.indexers.check_array_indexer(self, key)
        if isinstance(key, tuple):  # arr[..., 0]: there is one dimension
            key = tuple(k for k in key if k is not Ellipsis)
            return self[key[0]] if key else self[:]
        if key is Ellipsis:
            return self[:]
        if pd.api.types.is_integer(key):
            return _scalar(self._numbers[key], self._units[key])
        made = type(self)(self._numbers[key], self._units[key])
        made._readonly = self._readonly and isinstance(key, slice)
        return made

    def __setitem__(self, key: Any, value: Any) -> None:
        """Put numbers in; a plain number takes the unit of the one it replaces."""
        if self._readonly:
            raise ValueError("Cannot modify read-only array")
        key = pd.api.indexers.check_array_indexer(self, key)
        given = self._from_sequence([value] if pd.api.types.is_scalar(value) else value)
        scalar = pd.api.types.is_scalar(value)
        values, units = (given._numbers[0], given._units[0]) if scalar else (given._numbers, given._units)
        self._numbers[key] = values
        self._units[key] = np.where(units == NO_UNIT, self._units[key], units)

    def isna(self) -> NDArray[np.bool_]:
        """Say which numbers are missing."""
        return np.isnan(self._numbers)

    def take(self, indices: Any, *, allow_fill: bool = False, fill_value: Any = None) -> Self:
        """Return the numbers at these places."""
        filler = self._from_sequence([np.nan if fill_value is None else fill_value])
        return type(self)(
            take(self._numbers, indices, allow_fill=allow_fill, fill_value=filler._numbers[0]),
            take(self._units, indices, allow_fill=allow_fill, fill_value=filler._units[0]),
        )

    def copy(self) -> Self:
        """Return a copy."""
        return type(self)(self._numbers.copy(), self._units.copy())

    def view(self, dtype: Any = None) -> Any:
        """Return the same numbers once more."""
        if dtype is not None:
            raise NotImplementedError(dtype)
        return type(self)(self._numbers, self._units)

    def _formatter(self, boxed: bool = False) -> Callable[[Any], str | None]:
        return lambda item: f"{item:.12g}"

    def map(self, mapper: Any, na_action: Any = None) -> Any:
        """Return what a function makes of each number; quantities keep their unit."""
        if not callable(mapper):
            return super().map(mapper, na_action=na_action)
        made = [item if na_action == "ignore" and pd.isna(item) else mapper(item) for item in self]
        kept = any(isinstance(item, Quantity) for item in made)
        return self._from_sequence(made) if kept else pd.Series(made).array

    # by value and unit: to sort, to group by, to find twice

    def _keys(self) -> NDArray[np.complex128]:
        keys = np.empty(len(self), dtype=np.complex128)  # sorted by the real part first
        keys.real, keys.imag = np.where(self.isna(), NO_UNIT, self._units), self._numbers
        return keys

    def _values_for_factorize(self) -> tuple[Any, Any]:
        return self._keys(), complex(NO_UNIT, np.nan)

    def factorize(self, use_na_sentinel: bool = True) -> tuple[Any, Any]:
        """Return a code a number and the distinct numbers, those of two units apart."""
        keys = pd.Series(self._keys()).where(~self.isna())
        codes, _ = pd.factorize(keys.to_numpy(), use_na_sentinel=use_na_sentinel)
        first = pd.Series(codes).drop_duplicates()
        return codes, self[first[first >= 0].index.to_numpy()]

    def _values_for_argsort(self) -> Any:
        return self._keys() if len(self._found()) > 1 else self._numbers

    def unique(self) -> Self:
        """Return the distinct numbers, those of two units apart."""
        return self[~self.duplicated()]  # type: ignore[no-any-return]

    def duplicated(self, keep: Any = "first") -> NDArray[np.bool_]:
        """Say which numbers stood there before, in the same unit."""
        return pd.DataFrame({"u": self._keys().real, "v": self._numbers}).duplicated(keep=keep).to_numpy()

    def isin(self, values: Any) -> NDArray[np.bool_]:
        """Say which numbers are among these, in the same unit; a plain number goes with any."""
        given = self._from_sequence(values)
        plain = given._units == NO_UNIT
        return np.isin(self._keys(), given._keys()) | pd.Series(self._numbers).isin(given._numbers[plain]).to_numpy()

    def value_counts(self, dropna: bool = True) -> pd.Series[int]:
        """Return how often each number stands there, those of two units apart."""
        codes, distinct = self.factorize(use_na_sentinel=dropna)
        counts = np.bincount(codes[codes >= 0], minlength=len(distinct))
        return pd.Series(counts, index=pd.Index(distinct), name="count")

    def equals(self, other: object) -> bool:
        """Say whether the other holds the same numbers in the same units."""
        return isinstance(other, QuantityArray) and np.array_equal(self._keys(), other._keys(), equal_nan=True)

    # the way out

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """Return plain numbers where all have one unit, else objects that keep theirs, so that NumPy refuses too."""
        if np.dtype(dtype or float) == object or (dtype is None and len(self._found()) > 1):
            out = np.empty(len(self), dtype=object)
            out[:] = [_scalar(v, u) for v, u in zip(self._numbers.tolist(), self._units.tolist(), strict=True)]
            return out
        if copy is False:
            raise ValueError("plain numbers are a copy")
        return np.array(self._numbers, dtype=dtype)

    def to_numpy(self, dtype: Any = None, copy: bool = False, na_value: object = pd.api.extensions.no_default) -> Any:
        """Return plain numbers, of whatever units."""
        if na_value is not pd.api.extensions.no_default and dtype is not None and np.dtype(dtype) == np.float64:
            self._unit()  # so pandas asks for its windows and correlations, which add
        if dtype is not None and np.dtype(dtype) == object:
            out = self.__array__(object)
        else:
            out = np.array(self._numbers)
        if na_value is not pd.api.extensions.no_default:
            out[self.isna()] = na_value
        return out.astype(dtype) if dtype is not None else out

    def astype(self, dtype: Any, copy: bool = True) -> Any:
        """Return the numbers in another dtype; every numeric one holds plain numbers."""
        dtype = pd.api.types.pandas_dtype(dtype)
        if isinstance(dtype, QuantityDtype):
            return self.copy() if copy else self
        if isinstance(dtype, ExtensionDtype):
            return dtype.construct_array_type()._from_sequence(self._numbers, dtype=dtype, copy=copy)
        if dtype.kind in "iu" and self.isna().any():
            raise ValueError("cannot convert NaN to integer")
        return self.to_numpy(dtype) if dtype.kind != "U" else self._numbers.astype(dtype)

    # arithmetic

    @classmethod
    def _create_method(cls, op: Callable[..., Any], coerce_to_dtype: bool = True, result_dtype: Any = None) -> Any:
        def method(self: QuantityArray, other: Any) -> Any:
            if isinstance(other, pd.Series | pd.Index | pd.DataFrame):
                return NotImplemented
            return self._combined(other, op, op.__name__)

        method.__name__ = f"__{op.__name__.strip('_')}__"
        return method

    def _combined(self, other: Any, op: Callable[..., Any], name: str) -> Any:
        """Return `op` of the numbers, with the unit that follows from those of both sides."""
        if pd.api.types.is_list_like(other) and len(other) != len(self):
            raise ValueError("Lengths must match")
        try:
            given = self._from_sequence(other if pd.api.types.is_list_like(other) else [other])
        except (TypeError, ValueError):
            if name in ("eq", "ne"):  # words are no numbers
                return np.full(len(self), name == "ne")
            raise TypeError(f"numbers with units and {other!r} do not go together in {name}") from None
        with np.errstate(all="ignore"):
            made = op(self._numbers, given._numbers)
        name = UFUNCS.get(name, name).removeprefix("r") if name != "remainder" else "mod"
        if name == "divmod":
            remainders = self._together(given)
            return self._made(made[0], self._scaled(given)), self._made(made[1], remainders)
        if name in COMPARED:
            self._together(given)
            return made
        if name in SCALED:
            units = self._scaled(given)
        elif name in TOGETHER:
            units = self._together(given)
            units = _differences(units, given._units) if name == "sub" else units
        else:
            units = _plain(len(self))
        return self._made(made, units)

    def _made(self, numbers: Any, units: Units) -> Any:
        return type(self)(np.asarray(numbers, dtype=np.float64), units) if (units >= 0).any() else numbers

    def _together(self, other: QuantityArray) -> Units:
        """Return the unit of every pair; refuse a pair of two units."""
        a, b = np.broadcast_arrays(self._units, other._units)
        clash = (a != b) & (a >= 0) & (b >= 0) & ~self.isna() & ~other.isna()
        if clash.any():
            at = int(clash.argmax())
            common_unit((CODES[a[at]], CODES[b[at]]))
        return np.where(a >= 0, a, b).astype(np.int16)

    def _scaled(self, other: QuantityArray) -> Units:
        a, b = np.broadcast_arrays(self._units, other._units)
        return np.where(b == NO_UNIT, a, NO_UNIT).astype(np.int16)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """Take part in NumPy's functions: quantities of one unit, or none where NumPy makes something else."""
        if any(isinstance(i, pd.Series | pd.Index | pd.DataFrame) for i in inputs) or kwargs.get("out"):
            return NotImplemented
        if method == "reduce" and ufunc.__name__ in ("add", "maximum", "minimum"):
            return self._reduce({"add": "sum", "maximum": "max", "minimum": "min"}[ufunc.__name__])
        if method != "__call__":
            return NotImplemented
        if len(inputs) == 2:
            a, b = inputs
            if isinstance(a, QuantityArray):
                return a._combined(b, ufunc, ufunc.__name__)
            sides = self._from_sequence(a if pd.api.types.is_list_like(a) else [a] * len(self))
            return sides._combined(b, ufunc, ufunc.__name__)
        made = ufunc(*(i._numbers if isinstance(i, QuantityArray) else i for i in inputs), **kwargs)
        return type(self)(made, self._units.copy()) if ufunc.__name__ in KEPT else made

    def __neg__(self) -> Self:
        """Return the numbers with the other sign."""
        return type(self)(-self._numbers, self._units.copy())

    def __pos__(self) -> Self:
        """Return the numbers."""
        return self.copy()

    def __abs__(self) -> Self:
        """Return the numbers without sign."""
        return type(self)(abs(self._numbers), self._units.copy())

    def round(self, decimals: int = 0, *args: Any, **kwargs: Any) -> Self:
        """Return the numbers rounded."""
        return type(self)(self._numbers.round(decimals), self._units.copy())

    # sums and other figures of many

    def _found(self) -> Units:
        return np.unique(self._units[(self._units >= 0) & ~self.isna()])

    def _unit(self) -> int:
        """Return the place of the one unit of all numbers that are there, `NO_UNIT` where none has one."""
        found = self._found()
        if len(found) > 1:
            common_unit([CODES[place] for place in found])
        return int(found[0]) if len(found) else NO_UNIT

    def _reduce(self, name: str, *, skipna: bool = True, keepdims: bool = False, **kwargs: Any) -> Any:
        if name == "count":
            return int((~self.isna()).sum())
        unit = NO_UNIT if name in ANY_UNIT else self._unit()
        value = getattr(pd.Series(self._numbers), name)(skipna=skipna, **kwargs)
        unit = _unit_of(name, unit)
        if keepdims:
            return type(self)(np.array([value], dtype=np.float64), np.array([unit], dtype=np.int16))
        return _scalar(value, unit)

    def _accumulate(self, name: str, *, skipna: bool = True, **kwargs: Any) -> Self:
        unit = _unit_of(name, self._unit())
        values = getattr(pd.Series(self._numbers), name)(skipna=skipna, **kwargs).to_numpy()
        return type(self)(values, np.full(len(self), unit, dtype=np.int16))

    def _quantile(self, qs: Any, interpolation: str) -> Self:
        unit = self._unit()
        values = pd.Series(self._numbers).quantile(qs, interpolation=interpolation).to_numpy()
        return type(self)(np.asarray(values), np.full(len(qs), unit, dtype=np.int16))

    def interpolate(self, *, index: Any, copy: bool = True, **kwargs: Any) -> Self:
        """Return the numbers with those that are missing put between their neighbours."""
        unit = self._unit()
        values = pd.Series(self._numbers, index=index).interpolate(**kwargs).to_numpy()
        return type(self)(values, np.full(len(self), unit, dtype=np.int16))

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
        made = pd.array(self._numbers, dtype="Float64")._groupby_op(how=how, ngroups=ngroups, ids=ids, **kwargs)
        if how in ANY_UNIT:
            return made
        group = self._unit_by_group(ids, ngroups)
        if how.startswith("idx"):
            return made
        values = made.to_numpy(np.float64, na_value=np.nan)
        if values.ndim > 1:
            return values
        units = group[ids] if len(values) == len(ids) and (how.startswith("cum") or how == "rank") else group
        units = np.array([_unit_of(how, int(place)) for place in units], dtype=np.int16)
        return type(self)(values, units) if (units >= 0).any() else values

    def _unit_by_group(self, ids: Any, ngroups: int) -> Units:
        here = (ids >= 0) & ~self.isna() & (self._units >= 0)
        low, high = np.full(ngroups, len(CODES), dtype=np.int16), np.full(ngroups, NO_UNIT, dtype=np.int16)
        np.minimum.at(low, ids[here], self._units[here])
        np.maximum.at(high, ids[here], self._units[here])
        mixed = (high >= 0) & (low != high)
        if mixed.any():
            at = int(mixed.argmax())
            common_unit((CODES[low[at]], CODES[high[at]]))
        return high


QuantityArray._add_arithmetic_ops()
QuantityArray._add_comparison_ops()


def _scalar(value: Any, place: int) -> Any:
    """Return a number with its unit; one that is missing, or has none, is plain."""
    if isinstance(value, float) and np.isnan(value):
        return np.nan
    if place < 0 or not isinstance(value, float):
        return value
    return Quantity(float(value), CODES[place])


def _plain(length: int) -> Units:
    return np.full(length, NO_UNIT, dtype=np.int16)


def _differences(units: Units, others: Units) -> Units:
    """Return the units of differences of two quantities: a share less a share is percentage points."""
    made = np.array([NO_UNIT if u < 0 else PLACES[unit_of_difference(CODES[u])] for u in units], dtype=np.int16)
    return np.where(others >= 0, made, units)


def _unit_of(name: str, place: int) -> int:
    """Return the unit of a figure of many: a sum has that of its parts, a variance has none."""
    if place < 0 or name in OF_UNIT:
        return place
    return PLACES[unit_of_difference(CODES[place])] if name in OF_DIFFERENCE else NO_UNIT


def with_units(observations: pd.DataFrame) -> pd.DataFrame:
    """Return observations whose numbers keep the unit that stands in `unit_measure`."""
    units = QuantityArray.of(np.zeros(len(observations)), observations["unit_measure"])._units
    columns = {
        name: QuantityArray(observations[name].to_numpy(np.float64), units.copy())
        for name in COLUMNS
        if name in observations
    }
    return observations.assign(**columns)
