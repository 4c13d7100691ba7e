"""Families g_*: rounding and hiding of small numbers."""

from decimal import Decimal

from osw_stats.meaning.rounding import half_up
from osw_stats.shelf.disclosure.counts import _Counts
from osw_stats.shelf.disclosure.hiding import MIN_COUNT


def rounding(inputs, _folder):
    base = inputs.get("base")
    if base:
        return {"rounded": [int(half_up(Decimal(str(v)) / base)) * base for v in inputs["values"]]}
    return {"rounded": [float(half_up(v, inputs["decimals"])) for v in inputs["values"]]}


def suppression(inputs, _folder):
    """The first step of hiding: no sum has exactly one hidden figure."""
    assert inputs["threshold"] == MIN_COUNT
    figures = dict(enumerate(inputs["row"]))
    relations = []
    if inputs.get("total") is not None:
        figures["total"], relations = inputs["total"], [("total", list(figures))]
    work = _Counts(figures, relations, set(), {})
    work._row_rule()
    return {"published": [None if why else n for why, n in zip(work.reasons, inputs["row"], strict=False)]}


FAMILIES = {"g_rounding": rounding, "g_suppression": suppression}
