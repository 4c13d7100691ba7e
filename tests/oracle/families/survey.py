"""Families a_*, d_* and g_*: shares of a survey, ratios of two uncertain amounts, rounding and hiding of small numbers."""

import math
from decimal import Decimal

import pandas as pd
from scipy import stats

from osw_stats.meaning.rounding import half_up
from osw_stats.shelf.disclosure.counts import _Counts
from osw_stats.shelf.disclosure.hiding import MIN_COUNT
from osw_stats.shelf.microdata.pooled import fit
from osw_stats.stats.draws import generator
from osw_stats.stats.survey.comparing import adjust, difference
from osw_stats.stats.survey.funnel import drawn_ratio, lognormal_ratio
from osw_stats.stats.survey.intervals import effective_n, proportion_interval

METHODS = ("wilson", "agresti_coull", "logit", "clopper_pearson")


def a_proportion_interval(inputs, _folder):
    p, n, how = inputs["x"] / inputs["n"], inputs["n"], {"deff": inputs["deff"], "alpha": 1 - inputs["level"]}
    intervals = {method: list(proportion_interval(p, n, method=method, **how)) for method in METHODS}
    return {"p": p, "n_eff": n / inputs["deff"]} | intervals


def a_effective_n(inputs, _folder):
    limits, alpha = [inputs[k] for k in ("pct", "lower", "upper")], 1 - inputs["level"]
    size = effective_n(*limits, step=inputs["step"], alpha=alpha)
    ends = {"n_eff_min": size.minimum, "n_eff_max": size.maximum}
    return {"n_eff_point_wald": size.wald, "n_eff_point_wilson": size.wilson} | ends


def a_difference(inputs, _folder):
    d = difference(*(inputs[k] for k in ("p1", "n_eff1", "p2", "n_eff2")))
    wald = [d.diff + side * 1.959963984540054 * d.se for side in (-1, 1)]
    test = {"diff": d.diff, "se_unpooled": d.se, "z_unpooled": d.z, "p_value": d.p_value, "wald": wald}
    ratio = {"ratio": d.ratio, "ratio_ci_log": [d.ratio_lower, d.ratio_upper]}
    return test | ratio | {"newcombe": [d.lower, d.upper]}


def a_multiplicity(inputs, _folder):
    return {method: adjust(inputs["p"], method) for method in ("holm", "bh", "bonferroni")}


def a_pooled_glm(inputs, folder):
    model = fit(pd.read_csv(folder / inputs["csv"]).rename(columns={"x_eff": "y"}))
    # wave x group fits every cell exactly, so that the deviance is its likelihood-ratio test
    tests = dict.fromkeys(("deviance", "lr_interaction"), model.deviance)
    tests |= dict.fromkeys(("df_resid", "lr_df"), model.df_resid)
    tests["lr_p"] = stats.chi2.sf(model.deviance, model.df_resid)
    errors = model.cov.diagonal() ** 0.5
    of_terms = {"coef": map(float, model.coef), "se": map(float, errors)}
    return tests | {name: dict(zip(model.terms, values, strict=True)) for name, values in of_terms.items()}


def d_funnel_lognormal(inputs, _folder):
    """In closed form and by drawing."""
    alpha = 1 - inputs["level"]
    amounts = [inputs[k] for k in ("num_median", "num_log_sd", "den_median", "den_log_sd")]
    rng = generator(1, "oracle", "lognormal")
    above, below = (rng.lognormal(math.log(m), s, inputs["draws"]) for m, s in (amounts[:2], amounts[2:]))
    ways = {"analytic": lognormal_ratio(*amounts, alpha=alpha)}
    ways["monte_carlo"] = drawn_ratio(above / below, alpha=alpha)
    told = {"median": "middle", "mean": "mean", "share_reaching_pct": "per_hundred"}
    numbers = {way: {name: getattr(r, of) for name, of in told.items()} for way, r in ways.items()}
    return {way: numbers[way] | {"interval": [r.lower, r.upper]} for way, r in ways.items()}


def g_rounding(inputs, _folder):
    if base := inputs.get("base"):
        return {"rounded": [int(half_up(Decimal(str(v)) / base)) * base for v in inputs["values"]]}
    return {"rounded": [float(half_up(v, inputs["decimals"])) for v in inputs["values"]]}


def g_suppression(inputs, _folder):
    """The first step of hiding: no sum has exactly one hidden figure."""
    assert inputs["threshold"] == MIN_COUNT
    figures = dict(enumerate(inputs["row"]))
    relations = []
    if inputs.get("total") is not None:
        figures["total"], relations = inputs["total"], [("total", list(figures))]
    counts = _Counts(figures, relations, set(), {})
    counts._row_rule()
    return {"published": [None if why else n for why, n in zip(counts.reasons, inputs["row"], strict=False)]}
