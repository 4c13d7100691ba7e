"""Families f_*: what the words around a figure leave open, and the verdict on a claim."""

from osw_stats.claims.formulas import Interval, evaluate
from osw_stats.claims.verdicts import verdict
from osw_stats.wording.parse import parse


def f_hedge_interval(inputs, _folder):
    """Read the wording itself; the case gives the step where the words alone do not show it."""
    figure = parse(inputs["text"], step=inputs.get("r"))
    return {name: getattr(figure, name) for name in ("lower", "upper", "lower_closed", "upper_closed")}


def f_verdict(inputs, _folder):
    """Divide a count by a share and hold the result against a reference."""
    boxes = {name: _closed(*inputs[name]) for name in ("numerator", "percent", "reference")}
    quotient = evaluate("numerator / (percent / 100)", boxes.__getitem__)
    return {"implied": [quotient.lower, quotient.upper], "verdict": verdict(boxes["reference"], quotient)}


def _closed(lower, upper):
    return Interval((lower + upper) / 2, lower, upper)
