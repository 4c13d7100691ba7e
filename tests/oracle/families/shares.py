"""Families a_*: shares of a survey."""

from osw_stats.analysis.intervals import proportion_interval

METHODS = ("wilson", "agresti_coull", "logit", "clopper_pearson")


def proportion(inputs, _folder):
    n, deff = inputs["n"], inputs["deff"]
    p = inputs["x"] / n
    intervals = {
        method: list(proportion_interval(p, n, deff=deff, method=method, alpha=1 - inputs["level"]))
        for method in METHODS
    }
    return {"p": p, "n_eff": n / deff} | intervals


FAMILIES = {"a_proportion_interval": proportion}
