"""Families d_*: ratios of two uncertain amounts, in closed form and by drawing."""

import math

from osw_stats.stats.draws import generator
from osw_stats.stats.survey.funnel import drawn_ratio, lognormal_ratio


def lognormal(inputs, _folder):
    alpha = 1 - inputs["level"]
    amounts = [inputs[k] for k in ("num_median", "num_log_sd", "den_median", "den_log_sd")]
    rng = generator(1, "oracle", "lognormal")
    drawn = [rng.lognormal(math.log(m), s, inputs["draws"]) for m, s in (amounts[:2], amounts[2:])]
    ways = {
        "analytic": lognormal_ratio(*amounts, alpha=alpha),
        "monte_carlo": drawn_ratio(drawn[0] / drawn[1], alpha=alpha),
    }
    return {
        way: {
            "median": r.middle,
            "interval": [r.lower, r.upper],
            "mean": r.mean,
            "share_reaching_pct": r.per_hundred,
        }
        for way, r in ways.items()
    }


FAMILIES = {"d_funnel_lognormal": lognormal}
