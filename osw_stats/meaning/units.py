"""Units of measure that refuse to mix; their labels are in units.yml.

Why: the founding report itself turns 12,206 requests for advice into "12,000 victims"; code that adds or compares
unlike units must stop, not warn.
"""

import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from osw_stats.errors import UnitMismatchError, UnitOrderError, did_you_mean
from osw_stats.yamlfile import read_yaml, refusals

refused = refusals(__file__)

_DATA = read_yaml(Path(__file__).with_name("units.yml"))
_PAIRS = (
    "subtract=sub multiply=mul divide=truediv floor_divide=floordiv remainder=mod "
    "equal=eq not_equal=ne less=lt less_equal=le greater=gt greater_equal=ge"
)
UFUNCS = dict(pair.split("=") for pair in _PAIRS.split())  # `operator` names of NumPy functions
SCALED = {"mul", "truediv", "floordiv"}  # multiplied or divided by a plain number, the unit stays


@dataclass(frozen=True)
class Unit:
    """The unit that a figure counts."""

    code: str
    kind: str  # the scale: count (whole things), share (percent), money or posts (full-time equivalents)
    nl: str  # the words readers see
    one_nl: str  # those after a 1
    en: str
    one_en: str

    def words(self, printed: str, language: str) -> str:
        """Return the words after a number, singular or plural as it is printed."""
        singular = re.fullmatch(r"(?:.*\b(?:dan|than) )?[-−]?1", printed)
        return str(getattr(self, f"one_{language}" if singular else language))


UNITS = {code: Unit(code, entry["kind"], *entry["nl"], *entry["en"]) for code, entry in _DATA.items()}


def unit(code: str) -> Unit:
    """Return the unit with this code; the error for an unknown code suggests the nearest."""
    if code in UNITS:
        return UNITS[code]
    raise refused("unknown_unit", value=code, near=did_you_mean(code, UNITS), known=", ".join(UNITS))


def common_unit(codes: Iterable[str]) -> Unit:
    """Return the unit that all `codes` share; raise UnitMismatchError if there is more than one."""
    distinct = sorted(set(codes))
    if len(distinct) != 1:
        names = distinct if len(distinct) < 5 else [*distinct[:3], f"{len(distinct) - 3} other units"]
        raise UnitMismatchError(
            f"{' and '.join(names) or 'no units'} count different things and cannot be combined. "
            "Take figures of one unit (unit_measure), or plain numbers with astype(float)."
        )
    return unit(distinct[0])


def unit_of_difference(code: str) -> str:
    """Return the unit of the difference of two figures: percent minus percent is percentage points."""
    return "percentage_points" if code == "percent" else code


class Quantity(float):
    """A number with its unit. Adding, subtracting and comparing require the same unit.

    A plain number has no unit and goes with any; a product or ratio of two quantities is a plain number.

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
        number = super().__new__(cls, value)
        number.unit = unit(code).code
        return number

    def __getnewargs__(self) -> tuple[float, str]:  # type: ignore[override] # a float has one argument, this has two
        return float(self), self.unit

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """Take part in NumPy's functions as in Python's; an array of plain numbers stays one."""
        if any(isinstance(i, ExtensionArray | pd.Series | pd.Index | pd.DataFrame) for i in inputs):
            return NotImplemented  # these apply it to each number
        name = UFUNCS.get(ufunc.__name__, ufunc.__name__)
        args = [i.item() if isinstance(i, np.generic) else i for i in inputs]
        if len(args) == 2 and hasattr(operator, name) and all(isinstance(i, int | float) for i in args):
            return getattr(operator, name)(*args)
        if name not in SCALED:
            common_unit(i.unit for i in args if isinstance(i, Quantity))
        target = object if any(isinstance(i, np.ndarray) and i.dtype.kind == "O" for i in args) else None
        return getattr(ufunc, method)(*(np.asarray(i, target) for i in args), **kwargs)


def _checked(name: str, result: str) -> Callable[..., Any]:
    """Return a method of `float` that requires the same unit; `result` is the kind of its result."""
    plain = getattr(float, name)

    def method(self: Quantity, *others: Any) -> Any:
        both = isinstance(others[0] if others else None, Quantity)
        if both and result != "scaled":
            try:
                common_unit((self.unit, others[0].unit))
            except UnitMismatchError as error:
                raise UnitOrderError(str(error)) if result == "compared" else error from None
        raw = plain(self, *others)
        if result in ("plain", "compared") or raw is NotImplemented or (both and result == "scaled"):
            return raw
        return Quantity(raw, unit_of_difference(self.unit) if both and result == "difference" else self.unit)

    return method


for _result, _names in {
    "compared": ("lt", "le", "gt", "ge", "eq", "ne"),
    "plain": ("divmod", "rdivmod", "pow", "rpow"),
    "same": ("add", "radd", "mod", "rmod", "neg", "pos", "abs"),
    "difference": ("sub", "rsub"),
    "scaled": ("mul", "rmul", "truediv", "floordiv"),
}.items():
    for _name in _names:
        setattr(Quantity, f"__{_name}__", _checked(f"__{_name}__", _result))
Quantity.__hash__ = float.__hash__  # type: ignore[method-assign] # equal to the plain number, so found like it
