"""Families g_*: rounding and hiding of small numbers."""

from osw_stats.analysis.disclosure import round_to_base, suppress_row
from osw_stats.vocabulary.rounding import half_up


def rounding(inputs, _folder):
    if "base" in inputs:
        return {"rounded": [round_to_base(v, inputs["base"]) for v in inputs["values"]]}
    return {"rounded": [float(half_up(v, inputs["decimals"])) for v in inputs["values"]]}


def suppression(inputs, _folder):
    published = inputs.get("total") is not None
    return {
        "published": suppress_row(inputs["row"], total_published=published, threshold=inputs["threshold"])
    }


FAMILIES = {"g_rounding": rounding, "g_suppression": suppression}
