"""Formulae of a claims ledger: arithmetic over figures, claims and counted places, with intervals.

A formula is carried out on a grid over the box of its inputs, by a library that knows names,
numbers, `+ - * /` and the functions of `measures`, and nothing else. The intervals are
*possibility* intervals: what the inputs' wording leaves open, never a confidence interval.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from simpleeval import InvalidExpression, SimpleEval

from osw_stats.analysis.claims.inputs import Input, Result
from osw_stats.analysis.claims.measures import FUNCTIONS, Measure, NoNumberError, Places
from osw_stats.errors import InputError
from osw_stats.vocabulary.concepts import may_meet

LONGEST = 500  # characters; a longer formula cannot be checked by a reader either
MOST_INPUTS = 8  # each triples the points of the grid
FINE_INPUTS = 4  # up to so many a finer grid is cheap
_OBSERVATION = re.compile(r"\[([^\[\]]+)\]")
_OPERATORS: dict[Any, Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.USub: operator.neg,
}  # fmt: skip
_NODES = (ast.Expr, ast.Name, ast.UnaryOp, ast.BinOp, ast.Call, ast.Constant)


class NoEvidenceError(InputError):
    """A formula of literals alone: it would only repeat what its writer typed."""


@dataclass(frozen=True)
class Formula:
    """A formula that was read: its text with plain names, and what each name stands for."""

    text: str
    names: dict[str, str]

    @property
    def references(self) -> tuple[str, ...]:
        """The observations (in brackets), claims and places it points at."""
        return tuple(self.names.values())


def read(formula: str) -> Formula:
    """Read a formula and find out what it points at.

    Raises
    ------
    NoEvidenceError
        If it points at nothing.
    InputError
        If it is too long or no arithmetic.

    Examples
    --------
    >>> read("100 * ([police_reports/2024] / s4_1b - 1)").references
    ('[police_reports/2024]', 's4_1b')
    """
    if len(formula) > LONGEST:
        raise InputError(
            f"is longer than {LONGEST} characters", "Split it over several claims.", value=formula[:40]
        )
    names: dict[str, str] = {}

    def name_of(found: re.Match[str]) -> str:
        known = [name for name, reference in names.items() if reference == found[0]]
        name = known[0] if known else f"figure_{len(names)}"
        names[name] = found[0]
        return name

    text = _OBSERVATION.sub(name_of, formula)
    called = {m[1] for m in re.finditer(r"([A-Za-z_]\w*)\s*\(", text)}
    if not names and not set(re.findall(r"[A-Za-z_]\w*", re.sub(r"\d[\d.]*[eE]\d+", "", text))) - called:
        raise NoEvidenceError(
            "a formula of literals alone is no evidence",
            "Point at observations, other claims or counted places.",
        )
    for node in ast.walk(_tree(text)):
        if isinstance(node, ast.Constant) and type(node.value) not in (int, float):
            raise _no_arithmetic()  # before it is carried out: text can be multiplied until memory is full
        if isinstance(node, ast.Name) and node.id not in FUNCTIONS:
            names.setdefault(node.id, node.id)
    return Formula(text, names)


def _tree(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _no_arithmetic() from None


def _no_arithmetic() -> InputError:
    return InputError(
        "is not arithmetic", "Use + - * / ( ) on [figures], claims, counted places and numbers."
    )


def additive(formula: str) -> bool:
    """Return whether a formula only adds, subtracts and averages what it points at.

    Examples
    --------
    >>> additive("(a + [b]) / 2"), additive("a / 100 * b")
    (True, False)
    """

    def points(node: ast.AST) -> bool:
        return any(isinstance(n, ast.Name) for n in ast.walk(node))

    products = [
        n for n in ast.walk(_tree(_OBSERVATION.sub("figure", formula)))
        if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Mult | ast.Div)
    ]  # fmt: skip
    return not any(points(n.left) and points(n.right) for n in products)


def evaluate(formula: str, lookup: Callable[[str], Input | Places]) -> Result:
    """Carry out a formula on the box of its inputs.

    Parameters
    ----------
    formula
        Such as `100 * (s4_1e + s4_1f) / [police_reports/2024]`.
    lookup
        Returns the input for a reference; raises InputError for an unknown one.

    Returns
    -------
    Result
        An end is closed when some point of the box that reaches it uses closed ends only.

    Raises
    ------
    InputError
        If unlike units or concepts meet, a divisor may be zero, or the formula is no arithmetic.

    Notes
    -----
    The extremes of a function that is monotone in each input lie in corners of the box (Moore,
    Kearfott and Cloud 2009, Introduction to Interval Analysis). Whether each input is monotone
    is looked at on a grid; where it is not, the extremes are searched for.

    Examples
    --------
    >>> boxes = {"a": Input(5, 4.5, 5.5), "b": Input(200, 200, 200, unit="fte")}
    >>> r = evaluate("a / 100 * b", boxes.__getitem__)
    >>> r.value, r.lower, r.upper, r.unit
    (10.0, 9.0, 11.0, 'fte')
    """
    known = read(formula)
    found = {name: lookup(reference) for name, reference in known.names.items()}
    inputs = {name: i for name, i in found.items() if isinstance(i, Input)}
    if len(inputs) > MOST_INPUTS:
        raise InputError(f"has more than {MOST_INPUTS} inputs", "Split it over several claims.")
    places = {name: p for name, p in found.items() if isinstance(p, Places)}
    concept = _concept(_tree(known.text), inputs)
    grid = _grid(list(inputs.values()))
    carry = _Carrier(known.text, inputs, places)
    values, unit = carry(grid.points)
    lower, upper = float(values.min()), float(values.max())
    ends = [bool(grid.closed[values == end].any()) for end in (lower, upper)]
    if not grid.monotone(values):
        lower, upper = _search(carry, list(inputs.values()), grid.points, values)
    used = tuple(dict.fromkeys(o for i in inputs.values() for o in i.observations))
    return Result(float(values[grid.centre]), lower, upper, ends[0], ends[1], used, unit, concept)


def _concept(node: ast.expr, inputs: dict[str, Input]) -> str:
    """Return the concept of a part of a formula; refuse a sum or a difference of unlike ones."""
    if isinstance(node, ast.Name):
        return inputs[node.id].concept if node.id in inputs else ""
    if isinstance(node, ast.UnaryOp):
        return _concept(node.operand, inputs)
    if isinstance(node, ast.BinOp):
        one, other = (_concept(side, inputs) for side in (node.left, node.right))
        if isinstance(node.op, ast.Add | ast.Sub):
            may_meet("+" if isinstance(node.op, ast.Add) else "-", one, other)
            return "" if one and other and one != other else one or other
        return "" if one and other else one or other
    if isinstance(node, ast.Call):
        for argument in node.args:
            _concept(argument, inputs)
    return ""


@dataclass(frozen=True)
class _Grid:
    """Points over the box: (number of points, number of inputs); exact inputs have one level."""

    points: np.ndarray
    closed: np.ndarray
    shape: tuple[int, ...]
    centre: int

    def monotone(self, values: np.ndarray) -> bool:
        """Whether along every line of the grid the values only rise or only fall."""
        cube = values.reshape(self.shape)
        for axis, levels in enumerate(self.shape):
            steps = np.diff(cube, axis=axis)
            if levels > 1 and np.any((steps.min(axis=axis) < 0) & (steps.max(axis=axis) > 0)):
                return False
        return True


def _grid(inputs: Sequence[Input]) -> _Grid:
    fine = sum(not i.exact for i in inputs) <= FINE_INPUTS
    levels = [_levels(i, fine=fine) for i in inputs]
    rows = list(product(*levels))
    shape = tuple(len(level) for level in levels) or (1,)
    points = np.array([[p for p, _ in row] for row in rows], dtype=float)
    closed = np.array([all(c for _, c in row) for row in rows])
    return _Grid(points, closed, shape, int(np.ravel_multi_index([n // 2 for n in shape], shape)))


def _levels(i: Input, *, fine: bool) -> list[tuple[float, bool]]:
    """Return the values of one input on the grid, the point in the middle, and whether each belongs to it."""
    if i.exact:
        return [(i.value, True)]
    low, high = (i.lower, i.lower_closed), (i.upper, i.upper_closed)
    if not fine:
        return [low, (i.value, True), high]
    return [low, ((i.lower + i.value) / 2, True), (i.value, True), ((i.value + i.upper) / 2, True), high]


class _Carrier:
    """Carries a formula out at the points of a box."""

    def __init__(self, text: str, inputs: dict[str, Input], places: dict[str, Places]) -> None:
        self.text, self.inputs, self.places = text, inputs, places
        self.engine = SimpleEval(operators=_OPERATORS, functions=dict(FUNCTIONS))
        self.engine.nodes = {k: v for k, v in self.engine.nodes.items() if k in _NODES}

    def __call__(self, points: np.ndarray) -> tuple[np.ndarray, str]:
        """Return one value a point, and the unit."""
        columns = {name: Measure(points[:, at], i.unit) for at, (name, i) in enumerate(self.inputs.items())}
        self.engine.names = columns | self.places
        try:
            result = self.engine.eval(self.text)
        except (InvalidExpression, TypeError, SyntaxError, RecursionError, MemoryError, OverflowError):
            raise _no_arithmetic() from None
        if not isinstance(result, Measure):
            raise InputError("gives no number", "Use count(), value() or a figure.")
        values = np.broadcast_to(result.values, (len(points),))
        if not np.isfinite(values).all():
            raise NoNumberError("gives no finite number", "Check the figures of the formula.")
        return values, result.unit.removeprefix("-")  # a share taken off is a share


def _search(
    carry: _Carrier, inputs: list[Input], points: np.ndarray, values: np.ndarray
) -> tuple[float, float]:
    """Return the extremes of a formula that is not monotone, from the best points of the grid on."""
    from scipy.optimize import minimize  # a fifth of a second; hardly any formula needs it

    bounds = [(i.lower, i.upper) for i in inputs]
    found = []
    for sign in (1.0, -1.0):
        start = points[int(np.argmin(sign * values))]
        best = minimize(lambda x, s=sign: s * float(carry(x[None, :])[0][0]), start, bounds=bounds)
        found.append(sign * min(float(best.fun), float((sign * values).min())))
    return found[0], found[1]
