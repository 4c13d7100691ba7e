"""Do the sentences of a report match its figures? Evaluate a claims ledger.

A formula is plain arithmetic over observations in square brackets and other claims
in braces: `[cbs_osi_12m/2024/16+] / 100 * [cbs_phgsg_population/2024/16+]`. It is
read as a syntax tree; nothing else than + - * / and numbers is carried out.
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

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.vocabulary.estimates import Estimate
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.reported import Figure, parse

_REFERENCE = re.compile(r"\[(?P<obs>[^\[\]]+)\]|\{(?P<claim>[^{}]+)\}")
_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip
COLUMNS = [
    "id", "paragraph", "text", "reported_lower", "reported_upper", "unit", "formula",
    "recomputed_value", "recomputed_lower", "recomputed_upper", "verdict", "recorded_verdict",
    "changed", "issue_type", "severity", "observations", "description_nl", "description_en",
]  # fmt: skip


@dataclass(frozen=True)
class Result:
    """What a formula gives: a point, the interval its inputs leave open, and its inputs."""

    value: float
    lower: float
    upper: float
    lower_closed: bool
    upper_closed: bool
    observations: tuple[str, ...]


def check(ledger: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `claims_result`: one row a claim, with interval and verdict.

    Parameters
    ----------
    ledger
        As `sources.ledger.load_ledger` returns it.
    observations
        The vintage of an edition.

    Raises
    ------
    InputError
        If a formula names a figure that the edition does not hold, or cannot be read.
    """
    figures = _figures(observations)
    reported = {
        c["id"]: parse(c["as_reported"], unit=c["unit"], step=float(c["step"]) if c["step"] else None)
        for c in records(ledger)
    }
    rows = []
    for claim in records(ledger):
        try:
            rows.append(_row(claim, reported, figures))
        except InputError as error:
            raise error.located(
                file=claim["file"], row=claim["row"], column="formula", value=claim["formula"]
            ) from None
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(claim: dict[str, Any], reported: dict[str, Figure], figures: dict[str, Any]) -> dict[str, Any]:
    told = reported[claim["id"]]
    result = evaluate(claim["formula"], figures, reported) if claim["formula"] else None
    found = verdict(told, result)
    if claim["claim_kind"] == "unit" and claim["formula_unit"] != claim["unit"]:
        found = "inconsistent"
    return {
        "id": claim["id"],
        "paragraph": claim["paragraph"],
        "text": claim["text"],
        "reported_lower": told.lower,
        "reported_upper": told.upper,
        "unit": claim["unit"],
        "formula": claim["formula"],
        "recomputed_value": result.value if result else math.nan,
        "recomputed_lower": result.lower if result else math.nan,
        "recomputed_upper": result.upper if result else math.nan,
        "verdict": found,
        "recorded_verdict": claim["verdict"],
        "changed": found != claim["verdict"],
        "issue_type": claim["issue_type"],
        "severity": claim["severity"],
        "observations": " ".join(result.observations) if result else "",
        "description_nl": claim["description_nl"],
        "description_en": claim["description_en"],
    }


def verdict(told: Figure, result: Result | None) -> str:
    """Compare what a text says with what its inputs give.

    `reproduced`: the inputs are exact and the point lies in the interval of the wording;
    `consistent_within_rounding`: the intervals meet (an open end does not count);
    `inconsistent`: they do not; `needs_external_source`: there is nothing to compare with.

    Examples
    --------
    >>> verdict(parse("bijna 800"), Result(787, 787, 787, True, True, ("a", "b")))
    'reproduced'
    """
    if result is None:
        return "needs_external_source"
    low = max((told.lower, not told.lower_closed), (result.lower, not result.lower_closed))
    high = min((told.upper, told.upper_closed), (result.upper, result.upper_closed))
    meet = low[0] < high[0] or (low[0] == high[0] and not low[1] and high[1])
    if not meet:
        return "inconsistent"
    return "reproduced" if result.lower == result.upper else "consistent_within_rounding"


def evaluate(formula: str, figures: dict[str, Any], reported: dict[str, Figure]) -> Result:
    """Carry out a formula on the box of its inputs.

    All formulae of a ledger are monotone in each input, so the extremes lie in corners
    of the box; every corner is computed. An end of the result is closed when some corner
    that reaches it uses closed ends only.
    """
    names: dict[str, tuple[float, tuple[float, bool], tuple[float, bool], str]] = {}

    def substitute(found: re.Match[str]) -> str:
        name = f"x{len(names)}"
        names[name] = _input(found, figures, reported)
        return name

    tree = _tree(_REFERENCE.sub(substitute, formula))
    if not names:
        raise InputError(
            "a formula of literals alone is no evidence", "Point at observations or other claims."
        )
    point = _compute(tree, {n: v[0] for n, v in names.items()})
    corners = []
    for ends in itertools.product(*((v[1], v[2]) for v in names.values())):
        value = _compute(tree, dict(zip(names, (e[0] for e in ends), strict=True)))
        corners.append((value, all(e[1] for e in ends)))
    lower, upper = min(c[0] for c in corners), max(c[0] for c in corners)
    return Result(
        point, lower, upper,
        any(closed for value, closed in corners if value == lower),
        any(closed for value, closed in corners if value == upper),
        tuple(dict.fromkeys(v[3] for v in names.values() if v[3])),
    )  # fmt: skip


def _input(
    found: re.Match[str], figures: dict[str, Any], reported: dict[str, Figure]
) -> tuple[float, tuple[float, bool], tuple[float, bool], str]:
    if found["claim"] is not None:
        if found["claim"] not in reported:
            raise InputError(f"names an unknown claim {{{found['claim']}}}", "Name an id of this ledger.")
        f = reported[found["claim"]]
        middle = f.value if f.value is not None else (f.lower + f.upper) / 2
        return middle, (f.lower, f.lower_closed), (f.upper, f.upper_closed), ""
    row = figures.get(found["obs"])
    if row is None:
        raise InputError(
            f"names a figure that this edition does not hold: [{found['obs']}]",
            "Write series/period/sex/age/breakdown as in the tidy table, leaving out totals.",
        )
    value = row["obs_value"]
    low, high = (value if math.isnan(row[end]) else row[end] for end in ("lower", "upper"))
    middle = (low + high) / 2 if math.isnan(value) else value
    if math.isnan(middle):
        raise InputError(
            f"names a figure that is withheld: [{found['obs']}]",
            "A withheld figure is not computed with.",
        )
    return middle, (low, row["lower_closed"]), (high, row["upper_closed"]), row["obs_id"]


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


def _figures(observations: pd.DataFrame) -> dict[str, Any]:
    """Index the figures by their key without the document, so that vintages can change."""
    return {row["obs_id"].rpartition("/")[0]: row for row in records(observations)}


def counts(result: pd.DataFrame) -> dict[str, Estimate]:
    """Return how many claims there are, fit, do not fit and cannot be checked."""
    used = tuple(dict.fromkeys(" ".join(result["observations"]).split()))
    groups = {
        "all": result["verdict"].notna(),
        "fit": result["verdict"].isin(["reproduced", "consistent_within_rounding"]),
        "unfit": result["verdict"].eq("inconsistent"),
        "open": result["verdict"].eq("needs_external_source"),
    }
    return {
        name: Estimate(
            float(rows.sum()), "claims", None, None, "none", used, "count of verdicts", "A"
        )
        for name, rows in groups.items()
    }  # fmt: skip


def recomputed(result: pd.DataFrame, claim_id: str) -> Estimate:
    """Return what the formula of one claim gives, with the range its inputs leave open.

    Raises
    ------
    InputError
        If the ledger has no such claim, or nothing could be computed for it.
    """
    rows = result[(result["id"] == claim_id) & result["recomputed_value"].notna()]
    if rows.empty:
        known = ", ".join(result.loc[result["recomputed_value"].notna(), "id"])
        raise InputError("no such recomputed claim", f"Recomputed: {known}.", column="id", value=claim_id)
    row = rows.iloc[0]
    return Estimate(
        row["recomputed_value"], row["unit"], row["recomputed_lower"], row["recomputed_upper"],
        "rounding", tuple(row["observations"].split()), row["formula"], "A",
    )  # fmt: skip


def explain(result: pd.DataFrame, observations: pd.DataFrame, claim_id: str) -> str:
    """Return the arithmetic of one claim in words: wording, formula, inputs, verdict.

    Raises
    ------
    InputError
        If there is no such claim.
    """
    rows = result[result["id"] == claim_id]
    if rows.empty:
        raise InputError("no such claim", f"Claims: {', '.join(result['id'])}.", column="id", value=claim_id)
    row = rows.iloc[0]
    lines = [
        f"{row['id']}, paragraph {row['paragraph']}: “{row['text']}”",
        f"says     {row['reported_lower']:,.6g} to {row['reported_upper']:,.6g} {row['unit']}",
        f"formula  {row['formula'] or 'none: nothing published to compare with'}",
    ]
    used = observations[observations["obs_id"].isin(row["observations"].split())]
    for o in records(used):
        lines.append(
            f"input    {o['obs_id']}: {o['obs_value']:,.10g} [{o['lower']:,.10g}; {o['upper']:,.10g}] "
            f"{o['unit_measure']}, “{o['as_reported'] or o['note']}”, {o['locator']}"
        )
    if row["formula"]:
        lines.append(
            f"gives    {row['recomputed_value']:,.6g} [{row['recomputed_lower']:,.6g}; {row['recomputed_upper']:,.6g}]"
        )
    return "\n".join([*lines, f"verdict  {row['verdict']}"])
