"""A pandas column whose numbers keep their unit: what cannot be added or compared raises."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray, ExtensionDtype, register_extension_dtype, take

from osw_stats.meaning.quantity_operations import NO_UNIT, PLACES, Numbers, Operations, scalar
from osw_stats.meaning.units import Quantity

COLUMNS = ("obs_value", "lower", "upper", "ci_lower", "ci_upper")  # of the tidy table


@register_extension_dtype
class QuantityDtype(ExtensionDtype):
    """The dtype of numbers with units."""

    name = "quantity"
    type = Quantity
    kind = "f"
    na_value = np.nan
    _is_numeric = True

    @classmethod
    def construct_array_type(cls) -> Any:
        """Return the array of this dtype."""
        return QuantityArray

    def _get_common_dtype(self, dtypes: list[Any]) -> Any:
        plain = [d for d in dtypes if not isinstance(d, QuantityDtype)]
        return self if all(isinstance(d, np.dtype) and d.kind in "iuf" for d in plain) else None


class QuantityArray(Operations, ExtensionArray):
    """Numbers, each with its unit; a plain number has none and combines with any.

    Adding, comparing and summing require one unit; a product or ratio of two quantities is a plain number.
    `astype(float)` drops the units. Sorting groups figures by unit.

    >>> mixed = pd.Series(QuantityArray.of([12206, 760_000], ["advice_requests", "persons"]))
    >>> (mixed * 2).tolist()
    [24412.0, 1520000.0]
    >>> mixed.sum()
    Traceback (most recent call last):
    ...
    osw_stats.errors.UnitMismatchError: advice_requests and persons count different things ...
    """

    @classmethod
    def of(cls, values: Sequence[float] | Numbers, codes: Iterable[str]) -> Self:
        """Return numbers with the units of these codes."""
        units = np.array([PLACES[code] for code in codes], dtype=np.int16)
        return cls(np.array(values, dtype=np.float64), units)

    # the interface pandas requires of an array

    @classmethod
    def _from_sequence(cls, scalars: Any, *, dtype: Any = None, copy: bool = False) -> Self:
        if isinstance(scalars, pd.Series | pd.Index):
            scalars = scalars.array
        if isinstance(scalars, QuantityArray):
            return cls(scalars._numbers.copy(), scalars._units.copy())
        if isinstance(scalars, np.ndarray) and scalars.dtype.kind in "iuf":
            return cls(scalars.astype(np.float64), np.full(len(scalars), NO_UNIT, np.int16))
        items = list(scalars)
        values = np.array([np.nan if pd.isna(item) else float(item) for item in items], dtype=np.float64)
        units = [PLACES[item.unit] if isinstance(item, Quantity) else NO_UNIT for item in items]
        return cls(values, np.array(units, dtype=np.int16))

    _from_sequence_of_strings = _from_sequence

    @classmethod
    def _from_scalars(cls, scalars: Any, *, dtype: Any) -> Self:
        """Return elementwise results as quantities if they are; otherwise pandas finds a dtype."""
        if any(isinstance(s, Quantity) for s in scalars) and all(isinstance(s, float) for s in scalars):
            return cls._from_sequence(scalars, dtype=dtype)
        raise ValueError("not all are quantities")

    @classmethod
    def _from_factorized(cls, values: Any, original: Any) -> Self:
        return cls(values.imag.copy(), values.real.astype(np.int16))

    @classmethod
    def _concat_same_type(cls, to_concat: Sequence[Any]) -> Self:
        numbers, units = [a._numbers for a in to_concat], [a._units for a in to_concat]
        return cls(np.concatenate(numbers), np.concatenate(units))

    @property
    def dtype(self) -> QuantityDtype:
        """The dtype."""
        return QuantityDtype()

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return int(self._numbers.nbytes + self._units.nbytes)

    def __getitem__(self, key: Any) -> Any:
        key = pd.api.indexers.check_array_indexer(self, key)
        if isinstance(key, tuple):  # arr[..., 0]: there is one dimension
            key = tuple(k for k in key if k is not Ellipsis)
            return self[key[0]] if key else self[:]
        if key is Ellipsis:
            return self[:]
        if pd.api.types.is_integer(key):
            return scalar(self._numbers[key], self._units[key])
        selected = type(self)(self._numbers[key], self._units[key])
        selected._readonly = self._readonly and isinstance(key, slice)
        return selected

    def __setitem__(self, key: Any, value: Any) -> None:
        """Set numbers; a plain number takes the unit of the one it replaces."""
        if self._readonly:
            raise ValueError("Cannot modify read-only array")
        key = pd.api.indexers.check_array_indexer(self, key)
        single = pd.api.types.is_scalar(value)
        items = self._from_sequence([value] if single else value)
        numbers, units = (items._numbers[0], items._units[0]) if single else (items._numbers, items._units)
        self._numbers[key] = numbers
        self._units[key] = np.where(units == NO_UNIT, self._units[key], units)

    def isna(self) -> NDArray[np.bool_]:
        """Return which numbers are missing."""
        return np.isnan(self._numbers)

    def take(self, indices: Any, *, allow_fill: bool = False, fill_value: Any = None) -> Self:
        """Return the numbers at these places."""
        fill = self._from_sequence([np.nan if fill_value is None else fill_value])
        parts = ((self._numbers, fill._numbers[0]), (self._units, fill._units[0]))
        taken = (take(part, indices, allow_fill=allow_fill, fill_value=value) for part, value in parts)
        return type(self)(*map(np.asarray, taken))

    def copy(self) -> Self:
        """Return a copy."""
        return type(self)(self._numbers.copy(), self._units.copy())

    def _formatter(self, boxed: bool = False) -> Callable[[Any], str | None]:
        return lambda item: f"{item:.12g}"

    def map(self, mapper: Any, na_action: Any = None) -> Any:
        """Return the result of a function for each number; quantities keep their unit."""
        if not callable(mapper):
            return super().map(mapper, na_action=na_action)
        mapped = [item if na_action == "ignore" and pd.isna(item) else mapper(item) for item in self]
        has_units = any(isinstance(item, Quantity) for item in mapped)
        return self._from_sequence(mapped) if has_units else pd.Series(mapped).array

    # by value and unit: sorting, grouping, finding duplicates

    def _keys(self) -> NDArray[np.complex128]:
        keys = np.empty(len(self), dtype=np.complex128)  # sorted by the real part first
        keys.real, keys.imag = np.where(self.isna(), NO_UNIT, self._units), self._numbers
        return keys

    def _values_for_factorize(self) -> tuple[Any, Any]:
        return self._keys(), complex(NO_UNIT, np.nan)

    def factorize(self, use_na_sentinel: bool = True) -> tuple[Any, Any]:
        """Return a code per number and the distinct numbers, keeping units apart."""
        keys = pd.Series(self._keys()).where(~self.isna())
        codes, _ = pd.factorize(keys.to_numpy(), use_na_sentinel=use_na_sentinel)
        first = pd.Series(codes).drop_duplicates()
        return codes, self[first[first >= 0].index.to_numpy()]

    def _values_for_argsort(self) -> Any:
        return self._keys() if self._mixed() else self._numbers

    def unique(self) -> Self:
        """Return the distinct numbers, keeping units apart."""
        return self[~self.duplicated()]  # type: ignore[no-any-return]

    def duplicated(self, keep: Any = "first") -> NDArray[np.bool_]:
        """Return which numbers occurred before, in the same unit."""
        return pd.DataFrame({"u": self._keys().real, "v": self._numbers}).duplicated(keep=keep).to_numpy()

    def isin(self, values: Any) -> NDArray[np.bool_]:
        """Return which numbers are among these, in the same unit; a plain number matches any."""
        items = self._from_sequence(values)
        plain = pd.Series(self._numbers).isin(items._numbers[items._units == NO_UNIT])
        return np.isin(self._keys(), items._keys()) | plain.to_numpy()

    def value_counts(self, dropna: bool = True) -> "pd.Series[int]":
        """Return how often each number occurs, keeping units apart."""
        codes, distinct = self.factorize(use_na_sentinel=dropna)
        counts = np.bincount(codes[codes >= 0], minlength=len(distinct))
        return pd.Series(counts, index=pd.Index(distinct), name="count")

    def equals(self, other: object) -> bool:
        """Return whether the other has the same numbers in the same units."""
        if not isinstance(other, QuantityArray):
            return False
        return np.array_equal(self._keys(), other._keys(), equal_nan=True)

    # conversion to plain numbers

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """Return plain numbers if all have one unit; otherwise objects with units, so that NumPy refuses too."""
        if copy is False:
            raise ValueError("a NumPy array of these is a copy")
        if np.dtype(dtype or float) != object and not (dtype is None and self._mixed()):
            self._unit()
            return np.array(self._numbers, dtype=dtype)
        out = np.empty(len(self), dtype=object)
        out[:] = [scalar(v, u) for v, u in zip(self._numbers.tolist(), self._units.tolist(), strict=True)]
        return out

    def to_numpy(
        self, dtype: Any = None, copy: bool = False, na_value: Any = pd.api.extensions.no_default
    ) -> Any:
        """Return the same as `np.asarray`: always a copy."""
        return super().to_numpy(dtype, True, na_value)

    def __arrow_array__(self, type: Any = None) -> Any:
        """Return plain numbers for a Parquet file, which has a separate column for the unit."""
        import pyarrow as pa  # called only where it is installed

        return pa.array(self._numbers, type=type, from_pandas=True)

    def astype(self, dtype: Any, copy: bool = True) -> Any:
        """Return the numbers in another dtype; a numeric dtype holds plain numbers."""
        dtype = pd.api.types.pandas_dtype(dtype)
        if isinstance(dtype, QuantityDtype):
            return self.copy() if copy else self
        if isinstance(dtype, ExtensionDtype):
            array: Any = dtype.construct_array_type()
            return array._from_sequence(self._numbers, dtype=dtype, copy=copy)
        if dtype.kind in "iu" and self.isna().any():
            raise ValueError("cannot convert NaN to integer")
        return self.__array__(object) if dtype.kind == "O" else self._numbers.astype(dtype)


QuantityArray._add_arithmetic_ops()
QuantityArray._add_comparison_ops()


def with_units(observations: pd.DataFrame) -> pd.DataFrame:
    """Return observations whose numbers carry the unit in `unit_measure`."""
    units = QuantityArray.of(np.zeros(len(observations)), observations["unit_measure"])._units
    plain = {name: observations[name].to_numpy(np.float64) for name in COLUMNS if name in observations}
    columns = {name: QuantityArray(numbers, units.copy()) for name, numbers in plain.items()}
    return observations.assign(**columns)
