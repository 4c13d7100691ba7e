"""Formulae of a claims ledger: arithmetic over figures, claims and counted places, with intervals.

A formula is carried out on a grid over the box of its inputs, by a library that knows names, numbers, `+ - * /` and the
functions of `measures`, and nothing else. The intervals are *possibility* intervals: what the inputs' wording leaves open,
never a confidence interval.
"""

import ast
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from simpleeval import DEFAULT_OPERATORS, InvalidExpression, SimpleEval

from osw_stats.claims.measures import FUNCTIONS, Measure, NoNumberError, Places
from osw_stats.errors import InputError
from osw_stats.meaning.definitions import may_meet

LONGEST = 500  # characters; a longer formula cannot be checked by a reader either
LARGEST = 1e15  # of the constants of a formula, multiplied: more than any figure
MOST_INPUTS = 8  # each triples the points of the grid
FINE_INPUTS = 4  # up to so many a finer grid is cheap
_OBSERVATION = re.compile(r"\[([^\[\]]+)\]")
_OPERATORS = {kind: DEFAULT_OPERATORS[kind] for kind in (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.USub)}
Carry = Callable[[np.ndarray], tuple[np.ndarray, str]]
_NODES = (ast.Expr, ast.Name, ast.UnaryOp, ast.BinOp, ast.Call, ast.Constant)
_PARTS = (*_NODES, ast.operator, ast.unaryop, ast.expr_context)


class NoEvidenceError(InputError):
    """A formula of literals alone: it would only repeat its author's number."""


@dataclass(frozen=True)
class Interval:
    """An input or result of a formula: a point with the interval it stands for, and the observations it rests on."""

    value: float
    lower: float
    upper: float
    lower_closed: bool = True
    upper_closed: bool = True
    unit: str = ""
    observations: tuple[str, ...] = ()
    concept: str = ""  # of posts or money: occupied, formation, needed and so on

    @property
    def exact(self) -> bool:
        """Whether the interval is one point."""
        return self.lower == self.upper


@dataclass(frozen=True)
class Formula:
    """A parsed formula: its text with plain names, and the reference behind each name."""

    text: str
    names: dict[str, str]

    @property
    def references(self) -> tuple[str, ...]:
        """The observations (in brackets), claims and places it refers to."""
        return tuple(self.names.values())


@lru_cache(maxsize=1024)
def read(formula: str) -> Formula:
    """Parse a formula and list its references; NoEvidenceError if there are none."""
    if len(formula) > LONGEST:
        problem = f"is longer than {LONGEST} characters"
        raise InputError(problem, "Split it over several claims.", value=formula[:40])
    figures: dict[str, str] = {}
    inner = "figure_"  # a prefix of no name in the formula
    while inner in formula:
        inner += "_"
    text = _OBSERVATION.sub(lambda m: figures.setdefault(m[0], f"{inner}{len(figures)}"), formula)
    names = {name: reference for reference, name in figures.items()}
    product = 1.0
    for node in ast.walk(_tree(text)):
        # before evaluation: text and numbers can be multiplied until memory is full
        number = node.value if isinstance(node, ast.Constant) else 1
        if not isinstance(node, _PARTS) or isinstance(number, bool) or not isinstance(number, int | float):
            raise _no_arithmetic()
        if product <= LARGEST:
            product *= max(1.0, float(min(number, 10 * LARGEST)))
        if isinstance(node, ast.Name) and node.id not in FUNCTIONS:
            names.setdefault(node.id, node.id)
    if not product <= LARGEST:
        remedy = "Write smaller numbers, or a figure of a source."
        raise InputError(f"holds numbers whose product is above {LARGEST:g}", remedy)
    if not names:
        remedy = "Point at observations, other claims or counted places."
        raise NoEvidenceError("a formula of literals alone is no evidence", remedy)
    return Formula(text, names)


@lru_cache(maxsize=1024)
def _tree(text: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # "1if" is refused in our words, not in those of Python
            return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _no_arithmetic() from None


def _no_arithmetic() -> InputError:
    remedy = "Use + - * / ( ) on [figures], claims, counted places and numbers."
    return InputError("is not arithmetic", remedy)


def additive(formula: str) -> bool:
    """Return whether a formula only adds, subtracts and averages its references."""

    def points(node: ast.AST) -> bool:
        return any(isinstance(n, ast.Name) for n in ast.walk(node))

    nodes = ast.walk(_tree(_OBSERVATION.sub("figure", formula)))
    products = [n for n in nodes if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Mult | ast.Div)]
    return not any(points(n.left) and points(n.right) for n in products)


def evaluate(formula: str, lookup: Callable[[str], Interval | Places]) -> Interval:
    """Evaluate a formula on the box of its inputs; `lookup` returns the input for a reference.

    An end is closed when some point of the box that reaches it uses closed ends only. The extremes of a function that is
    monotone in each input lie in corners of the box (Moore, Kearfott and Cloud 2009, Introduction to Interval Analysis).
    Whether each input is monotone is looked at on a grid; where it is not, the extremes are searched for.

    >>> boxes = {"a": Interval(5, 4.5, 5.5), "b": Interval(200, 200, 200, unit="fte")}
    >>> r = evaluate("a / 100 * b", boxes.__getitem__)
    >>> r.value, r.lower, r.upper, r.unit
    (10.0, 9.0, 11.0, 'fte')
    """
    known = read(formula)
    looked_up = {name: lookup(reference) for name, reference in known.names.items()}
    inputs = {name: i for name, i in looked_up.items() if isinstance(i, Interval)}
    places = {name: p for name, p in looked_up.items() if isinstance(p, Places)}
    if len(inputs) > MOST_INPUTS:
        raise InputError(f"has more than {MOST_INPUTS} inputs", "Split it over several claims.")
    concept = _concept(_tree(known.text), inputs)
    fine = sum(not i.exact for i in inputs.values()) <= FINE_INPUTS
    grid = []  # by input its values, the point in the middle, and whether each belongs to it
    for i in inputs.values():
        inner = [(i.lower + i.value) / 2, i.value, (i.value + i.upper) / 2] if fine else [i.value]
        ends = (i.lower, i.lower_closed), (i.upper, i.upper_closed)
        grid.append([(i.value, True)] if i.exact else [ends[0], *((v, True) for v in inner), ends[1]])
    shape = tuple(map(len, grid)) or (1,)
    points = np.array([[p for p, _ in row] for row in product(*grid)], dtype=float)
    closed = np.array([all(c for _, c in row) for row in product(*grid)])
    carry = _carrier(known.text, inputs, places)
    values, unit = carry(points)
    lower, upper = float(values.min()), float(values.max())
    reached = [bool(closed[values == end].any()) for end in (lower, upper)]
    cube = values.reshape(shape)
    steps = [(np.diff(cube, axis=axis), axis) for axis, levels in enumerate(shape) if levels > 1]
    if any(np.any((s.min(axis=axis) < 0) & (s.max(axis=axis) > 0)) for s, axis in steps):  # not monotone
        lower, upper = _search(carry, [(i.lower, i.upper) for i in inputs.values()], points, values)
    used = tuple(dict.fromkeys(o for i in inputs.values() for o in i.observations))
    centre = float(cube[tuple(n // 2 for n in shape)])
    return Interval(centre, lower, upper, reached[0], reached[1], unit, used, concept)


def _concept(node: ast.expr, inputs: dict[str, Interval]) -> str:
    """Return the concept of a part of a formula; refuse a sum or a difference of unlike ones."""
    if isinstance(node, ast.Name):
        return inputs[node.id].concept if node.id in inputs else ""
    if isinstance(node, ast.UnaryOp):
        return _concept(node.operand, inputs)
    if isinstance(node, ast.BinOp):
        left, right = (_concept(side, inputs) for side in (node.left, node.right))
        summed = isinstance(node.op, ast.Add | ast.Sub)
        if summed:
            may_meet("+" if isinstance(node.op, ast.Add) else "-", left, right)
        return (left or right) if not (left and right) or (summed and left == right) else ""
    if isinstance(node, ast.Call):
        for argument in node.args:
            _concept(argument, inputs)
    return ""


def _carrier(text: str, inputs: dict[str, Interval], places: dict[str, Places]) -> Carry:
    """Return a function that evaluates a formula at points of a box and returns their values and the unit."""
    engine = SimpleEval(operators=_OPERATORS, functions=dict(FUNCTIONS))
    engine.nodes = {k: v for k, v in engine.nodes.items() if k in _NODES}

    def carry(points: np.ndarray) -> tuple[np.ndarray, str]:
        columns = {name: Measure(points[:, at], i.unit) for at, (name, i) in enumerate(inputs.items())}
        engine.names = columns | places
        try:
            result = engine.eval(text, previously_parsed=_tree(text))
        except (InvalidExpression, TypeError, SyntaxError, RecursionError, MemoryError, OverflowError):
            raise _no_arithmetic() from None
        if not isinstance(result, Measure):
            raise InputError("gives no number", "Use count(), value() or a figure.")
        values = np.broadcast_to(result.values, (len(points),))
        if not np.isfinite(values).all():
            raise NoNumberError("gives no finite number", "Check the figures of the formula.")
        return values, result.unit.removeprefix("-")  # a share taken off is a share

    return carry


def _search(
    carry: Carry, bounds: list[tuple[float, float]], points: np.ndarray, values: np.ndarray
) -> tuple[float, float]:
    """Return the extremes of a non-monotone formula, searched from the best points of the grid."""
    from scipy.optimize import minimize  # a fifth of a second; hardly any formula needs it

    ends = []
    for sign in (1.0, -1.0):
        start = points[int(np.argmin(sign * values))]
        best = minimize(lambda x, s=sign: s * float(carry(x[None, :])[0][0]), start, bounds=bounds)
        ends.append(sign * min(float(best.fun), float((sign * values).min())))
    return ends[0], ends[1]
