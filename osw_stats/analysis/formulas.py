"""Formulae of a claims ledger: plain arithmetic over published figures, with intervals and units.

A formula is read as a syntax tree; nothing else than + - * / and numbers is carried out.
"""

from __future__ import annotations

import ast
import itertools
import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from osw_stats.errors import InputError
from osw_stats.vocabulary.reported import Figure
from osw_stats.vocabulary.units import unit

_REFERENCE = re.compile(r"\[(?P<obs>[^\[\]]+)\]|\{(?P<claim>[^{}]+)\}")
_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


@dataclass(frozen=True)
class Result:
    """What a formula gives: a point, the interval its inputs leave open, its inputs and its unit."""

    value: float
    lower: float
    upper: float
    lower_closed: bool
    upper_closed: bool
    observations: tuple[str, ...]
    unit: str = ""


def evaluate(
    formula: str, figures: dict[str, Any], reported: dict[str, Figure], units: dict[str, str] | None = None
) -> Result:
    """Carry out a formula on the box of its inputs.

    All formulae of a ledger are monotone in each input, so the extremes lie in corners
    of the box; every corner is computed. An end of the result is closed when some corner
    that reaches it uses closed ends only. Units are carried along: unlike units cannot be
    added, a share counts as a plain factor, and the result says in which unit it is.
    """
    names: dict[str, _Input] = {}

    def substitute(found: re.Match[str]) -> str:
        name = f"x{len(names)}"
        names[name] = _input(found, figures, reported, units or {})
        return name

    tree = _tree(_REFERENCE.sub(substitute, formula))
    if not names:
        raise InputError(
            "a formula of literals alone is no evidence", "Point at observations or other claims."
        )
    counted = _unit(tree, {n: dimension(v.unit) for n, v in names.items()})
    point = _compute(tree, {n: v.value for n, v in names.items()})
    corners = []
    for ends in itertools.product(*((v.lower, v.upper) for v in names.values())):
        value = _compute(tree, dict(zip(names, (e[0] for e in ends), strict=True)))
        corners.append((value, all(e[1] for e in ends)))
    lower, upper = min(c[0] for c in corners), max(c[0] for c in corners)
    return Result(
        point, lower, upper,
        any(closed for value, closed in corners if value == lower),
        any(closed for value, closed in corners if value == upper),
        tuple(dict.fromkeys(v.obs_id for v in names.values() if v.obs_id)),
        counted,
    )  # fmt: skip


def _input(
    found: re.Match[str], figures: dict[str, Any], reported: dict[str, Figure], units: dict[str, str]
) -> _Input:
    if found["claim"] is not None:
        if found["claim"] not in reported:
            raise InputError(f"names an unknown claim {{{found['claim']}}}", "Name an id of this ledger.")
        f = reported[found["claim"]]
        middle = f.value if f.value is not None else (f.lower + f.upper) / 2
        return _Input(middle, (f.lower, f.lower_closed), (f.upper, f.upper_closed), "", units[found["claim"]])
    row = figures.get(found["obs"])
    if row is None:
        raise InputError(
            f"names a figure that this edition does not hold: [{found['obs']}]",
            "Write series/period/sex/age/breakdown as in the tidy table, leaving out totals; the figure may also be "
            "of after the as-of date.",
        )
    value = row["obs_value"]
    low, high = (value if math.isnan(row[end]) else row[end] for end in ("lower", "upper"))
    middle = (low + high) / 2 if math.isnan(value) else value
    if math.isnan(middle):
        raise InputError(
            f"names a figure that is withheld: [{found['obs']}]",
            "A withheld figure is not computed with.",
        )
    return _Input(
        middle, (low, row["lower_closed"]), (high, row["upper_closed"]), row["obs_id"], row["unit_measure"]
    )  # fmt: skip


@dataclass(frozen=True)
class _Input:
    value: float
    lower: tuple[float, bool]
    upper: tuple[float, bool]
    obs_id: str
    unit: str


def dimension(code: str) -> str:
    """Return the unit a figure brings into a formula; a share is a factor and brings none."""
    return "" if unit(code).kind == "share" else code


def _unit(node: ast.expr, units: dict[str, str]) -> str:
    """Return the unit of an expression: a code, "" for a plain number, "a / b" for a rate.

    Raises
    ------
    InputError
        If unlike units are added or subtracted, or two counts multiplied.
    """
    if isinstance(node, ast.Name):
        return units.get(node.id, "")
    if isinstance(node, ast.UnaryOp):
        return _unit(node.operand, units)
    if not isinstance(node, ast.BinOp):
        return ""
    left, right = _unit(node.left, units), _unit(node.right, units)
    if isinstance(node.op, ast.Add | ast.Sub):
        if left != right:
            raise InputError(
                f"adds or subtracts unlike units ({left or 'a plain number'} and {right or 'a plain number'})",
                "Requests are not persons: compare figures of one unit.",
            )
        return left
    if isinstance(node.op, ast.Mult):
        if left and right:
            raise InputError(f"multiplies {left} by {right}", "Multiply a count by a share or a number.")
        return left or right
    return left if not right else "" if left == right else f"{left or '1'} / {right}"


def _tree(expression: str) -> ast.expr:
    try:
        return ast.parse(expression, mode="eval").body
    except (SyntaxError, ValueError):
        raise InputError("is not arithmetic", "Use + - * / ( ) on [figures], {claims} and numbers.") from None


def _compute(node: ast.expr, values: dict[str, float]) -> float:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        right = _compute(node.right, values)
        if isinstance(node.op, ast.Div) and right == 0:
            raise InputError("divides by zero", "Check the figures of the formula.")
        return _OPERATORS[type(node.op)](_compute(node.left, values), right)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_compute(node.operand, values)
    if isinstance(node, ast.Name) and node.id in values:
        return values[node.id]
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    raise InputError("is not arithmetic", "Use + - * / ( ) on [figures], {claims} and numbers.")
