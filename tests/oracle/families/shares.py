"""Families a_*: shares of a survey."""

import pandas as pd

from osw_stats.shelf.microdata.pooled import fit
from osw_stats.stats.survey.intervals import adjust, difference, effective_n, proportion_interval

METHODS = ("wilson", "agresti_coull", "logit", "clopper_pearson")


def proportion(inputs, _folder):
    n, deff = inputs["n"], inputs["deff"]
    p = inputs["x"] / n
    intervals = {
        method: list(proportion_interval(p, n, deff=deff, method=method, alpha=1 - inputs["level"]))
        for method in METHODS
    }
    return {"p": p, "n_eff": n / deff} | intervals


def effective(inputs, _folder):
    found = effective_n(
        inputs["pct"], inputs["lower"], inputs["upper"], step=inputs["step"], alpha=1 - inputs["level"]
    )
    return {
        "n_eff_point_wald": found.wald,
        "n_eff_point_wilson": found.wilson,
        "n_eff_min": found.minimum,
        "n_eff_max": found.maximum,
    }


def compare(inputs, _folder):
    found = difference(inputs["p1"], inputs["n_eff1"], inputs["p2"], inputs["n_eff2"])
    return {
        "diff": found.diff,
        "se_unpooled": found.se,
        "z_unpooled": found.z,
        "p_value": found.p_value,
        "wald": [found.diff + side * 1.959963984540054 * found.se for side in (-1, 1)],
        "newcombe": [found.lower, found.upper],
        "ratio": found.ratio,
        "ratio_ci_log": [found.ratio_lower, found.ratio_upper],
    }


def multiplicity(inputs, _folder):
    return {method: adjust(inputs["p"], method) for method in ("holm", "bh", "bonferroni")}


def pooled(inputs, folder):
    table = pd.read_csv(folder / inputs["csv"])
    model = fit(table.rename(columns={"x_eff": "y"}))
    return {
        "coef": dict(zip(model.terms, map(float, model.coef), strict=True)),
        "se": dict(zip(model.terms, map(float, model.cov.diagonal() ** 0.5), strict=True)),
        "deviance": model.deviance,
        "df_resid": model.df_resid,
        "lr_interaction": model.deviance,  # wave x group fits every cell exactly
        "lr_df": model.df_resid,
        "lr_p": model.lr_p,
    }


FAMILIES = {
    "a_proportion_interval": proportion,
    "a_effective_n": effective,
    "a_difference": compare,
    "a_multiplicity": multiplicity,
    "a_pooled_glm": pooled,
}
