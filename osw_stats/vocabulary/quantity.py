"""A number with its unit: what cannot be added or compared raises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from osw_stats.vocabulary.units import common_unit, unit, unit_of_difference


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
        """Return what pickle makes it from again."""
        return float(self), self.unit


def _asking(name: str, result: str) -> Callable[..., Any]:
    """Return a method of `float` that asks for the same unit; `result` says what unit comes out."""
    plain = getattr(float, name)

    def alone(self: Quantity) -> Quantity:
        return Quantity(plain(self), self.unit)

    def method(self: Quantity, other: Any) -> Any:
        both = isinstance(other, Quantity)
        if both and result != "scaled":
            common_unit((self.unit, other.unit))
        made = plain(self, other)
        if result == "plain" or made is NotImplemented or (both and result == "scaled"):
            return made
        return Quantity(made, unit_of_difference(self.unit) if both and result == "difference" else self.unit)

    return alone if result == "alone" else method


for _result, _names in {
    "plain": ("lt", "le", "gt", "ge", "eq", "ne"),
    "same": ("add", "radd", "mod", "rmod"),
    "difference": ("sub", "rsub"),
    "scaled": ("mul", "rmul", "truediv", "floordiv"),
    "alone": ("neg", "pos", "abs"),
}.items():
    for _name in _names:
        setattr(Quantity, f"__{_name}__", _asking(f"__{_name}__", _result))
Quantity.__hash__ = float.__hash__  # type: ignore[method-assign] # equal to the plain number, so found like it
