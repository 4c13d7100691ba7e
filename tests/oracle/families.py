"""Which functions of ours answer which family of reference cases.

Each family has a function of its name that takes the inputs of a case and the folder of the case file, and returns values
under the names the case expects.
"""

import math
from dataclasses import replace
from decimal import Decimal

import pandas as pd
from scipy import stats

from osw_stats.claims.formulas import Interval, evaluate
from osw_stats.claims.verdicts import verdict
from osw_stats.meaning.rounding import half_up
from osw_stats.shelf.disclosure.counts import _Counts
from osw_stats.shelf.disclosure.hiding import MIN_COUNT
from osw_stats.shelf.microdata.pooled import fit
from osw_stats.shelf.months import interrupted
from osw_stats.shelf.months.series import monthly_series
from osw_stats.stats.capacity import queueing
from osw_stats.stats.capacity.gaps import gap_shares
from osw_stats.stats.capacity.scenarios import fte_needed
from osw_stats.stats.capacity.sensitivity import one_at_a_time
from osw_stats.stats.counts import half_years
from osw_stats.stats.counts.rates import next_year, rate_ratio
from osw_stats.stats.counts.requests import subjects
from osw_stats.stats.draws import generator
from osw_stats.stats.survey.comparing import adjust, difference
from osw_stats.stats.survey.funnel import drawn_ratio, lognormal_ratio
from osw_stats.stats.survey.intervals import effective_n, proportion_interval
from osw_stats.wording.parse import parse
from tests.simulated_figures import figure, frame

METHODS = ("wilson", "agresti_coull", "logit", "clopper_pearson")


def _named(result, names):
    """Return some values of a result under the names the cases give them: "mu=mean phi" and the like."""
    pairs = (name.partition("=") for name in names.split())
    return {told: getattr(result, ours or told) for told, _, ours in pairs}


# shares of a survey


def a_proportion_interval(inputs, _folder):
    p, n, how = inputs["x"] / inputs["n"], inputs["n"], {"deff": inputs["deff"], "alpha": 1 - inputs["level"]}
    intervals = {method: list(proportion_interval(p, n, method=method, **how)) for method in METHODS}
    return {"p": p, "n_eff": n / inputs["deff"]} | intervals


def a_effective_n(inputs, _folder):
    limits = (inputs[k] for k in ("pct", "lower", "upper"))
    size = effective_n(*limits, step=inputs["step"], alpha=1 - inputs["level"])
    names = "n_eff_min=minimum n_eff_max=maximum n_eff_point_wald=wald n_eff_point_wilson=wilson"
    return _named(size, names)


def a_difference(inputs, _folder):
    d = difference(*(inputs[k] for k in ("p1", "n_eff1", "p2", "n_eff2")))
    limits = {"wald": [d.diff + side * 1.959963984540054 * d.se for side in (-1, 1)]}
    limits |= {"ratio_ci_log": [d.ratio_lower, d.ratio_upper], "newcombe": [d.lower, d.upper]}
    return limits | _named(d, "diff se_unpooled=se z_unpooled=z p_value ratio")


def a_multiplicity(inputs, _folder):
    return {method: adjust(inputs["p"], method) for method in ("holm", "bh", "bonferroni")}


def a_pooled_glm(inputs, folder):
    model = fit(pd.read_csv(folder / inputs["csv"]).rename(columns={"x_eff": "y"}))
    # wave x group fits every cell exactly, so that the deviance is its likelihood-ratio test
    tests = _named(model, "deviance lr_interaction=deviance df_resid lr_df=df_resid")
    tests["lr_p"] = stats.chi2.sf(model.deviance, model.df_resid)
    of_terms = {"coef": model.coef, "se": model.cov.diagonal() ** 0.5}
    return tests | {
        name: dict(zip(model.terms, map(float, values), strict=True)) for name, values in of_terms.items()
    }


# rates and half years


def _known(value):
    """Infinite and not a number are null in the cases."""
    return value if math.isfinite(value) else None


def b_rate_ratio(inputs, _folder):
    given = {name: inputs[name] for name in ("x1", "x0", "t1", "t0")}
    found = rate_ratio(**given, alpha=1 - inputs["level"])
    told = _named(found, "rate_ratio=ratio log_rr=log_ratio se_log_rr=se p_exact_conditional=p_exact")
    told["pct_change"] = 100 * (found.ratio - 1)
    limits = [_known(found.exact_lower), _known(found.exact_upper)]
    return {name: _known(value) for name, value in told.items()} | {"exact_ci": limits}


def b_overdispersion(inputs, _folder):
    found = {phi: rate_ratio(inputs["x1"], inputs["x0"], phi=phi) for phi in (1, 2, 5, 10)}
    intervals = {f"ci_phi_{phi}": [r.lower, r.upper] for phi, r in found.items()}
    return intervals | {"phi_break_even": found[1].phi_break_even}


def b_half_year_identity(inputs, _folder):
    given = (inputs[name] for name in ("y1", "y0", "h2_pct", "h2_share_base"))
    found = half_years.identity(*given, step=inputs["pct_step"])
    told = _named(found, "h1_change_pct=h1_change h2_current h1_current")
    return told | {"h1_change_pct_range": list(found.h1_change_range)}


# interrupted series and forecasts


def _fit(inputs, folder):
    """Our own design from months and counts; of the file's columns only the date is taken over."""
    frame = pd.read_csv(folder / inputs["csv"])
    terms = {term.strip() for term in inputs["formula"].partition("~")[2].split("+")}
    series = monthly_series("case", frame["month"].str[:7].tolist(), frame["y"].tolist())
    date = frame.loc[frame["post"] == 1, "month"].iloc[0][:7]
    harmonics = sum(term[0] == "s" and term[1:].isdigit() for term in terms)
    model = interrupted.Model(date, slope="t_post" in terms, harmonics=harmonics)
    return interrupted.fit(series, model)


def c_interrupted_time_series(inputs, folder):
    fitted = _fit(inputs, folder)
    step, z = fitted.params[fitted.post], stats.norm.ppf(0.975)
    limits = [math.exp(step + side * z * fitted.quasi.se[fitted.post]) for side in (-1, 1)]
    nb, nb_se, theta = interrupted.negative_binomial(fitted)
    months = len(fitted.series.months)
    more = interrupted.excess(fitted, months - fitted.n_post, months, scale=1.0, quantile=z)
    of_terms = {"poisson_coef": fitted.params, "se_quasi": fitted.quasi.se, "nb2_coef": nb, "nb2_se": nb_se}
    of_terms |= {"se_hac_lag3": fitted.hac(3), "se_hac_lag6": fitted.hac(6)}
    return {name: dict(zip(fitted.names, map(float, of), strict=True)) for name, of in of_terms.items()} | {
        "quasi_phi": fitted.quasi.phi,
        "nb2_theta": theta,
        "step_rate_ratio": math.exp(step),
        "step_rr_ci_quasi": limits,
        "observed_post": more["observed"],
        "expected_post_without_change": more["expected"],
        "se_expected_delta": more["expected_se"],
        "excess": more["excess"],
        "excess_sd_prediction": more["sd"],
        "excess_interval": [more["lower"], more["upper"]],
        "placebo_pre_law": _placebos(fitted),
    }


def _placebos(fitted):
    """The step at every date with two years before it, over all months up to the true one, and at that."""
    before = fitted.series.part(0, fitted.series.position(fitted.model.date))
    fits = [interrupted.fit(before, replace(fitted.model, date=m)) for m in before.months[24:]]
    steps = {f.model.date: (f.params[f.post], f.quasi.se[f.post]) for f in [*fits, fitted]}
    return {f"{m}-01": {"est": step, "se": se, "t": step / se} for m, (step, se) in steps.items()}


def c_its_recommended_interval(inputs, folder):
    fitted = _fit(inputs, folder)
    at, r, (n, p) = fitted.post, fitted.r1_corrected, fitted.design.shape
    # the careful error is the same with a larger correlation, and has fewer degrees of freedom
    step, se = fitted.params[at], fitted.larger_se()[at] * math.sqrt((1 + r) / (1 - r))
    half = stats.t.ppf(0.975, fitted.quasi.df) * se
    errors = {"se_quasi": fitted.quasi.se[at], "se_hac3_adj": fitted.hac()[at] * math.sqrt(n / (n - p))}
    errors |= {"r1": fitted.r1, "r_corrected": r, "se_recommended": se, "df": fitted.quasi.df}
    limits = [math.exp(step - half), math.exp(step + half)]
    return errors | {"step": step, "rr": math.exp(step), "rr_ci": limits}


def c_forecast_next_year(inputs, _folder):
    made = next_year(inputs["year"], inputs["count"], alpha=1 - inputs["level"])
    return {"mu": made.mean, "phi": made.phi, "pi_t": [made.lower, made.upper]}


def d_funnel_lognormal(inputs, _folder):
    """In closed form and by drawing."""
    alpha = 1 - inputs["level"]
    amounts = [inputs[k] for k in ("num_median", "num_log_sd", "den_median", "den_log_sd")]
    rng = generator(1, "oracle", "lognormal")
    above, below = (rng.lognormal(math.log(m), s, inputs["draws"]) for m, s in (amounts[:2], amounts[2:]))
    ways = {"analytic": lognormal_ratio(*amounts, alpha=alpha)}
    ways["monte_carlo"] = drawn_ratio(above / below, alpha=alpha)
    told = "median=middle mean share_reaching_pct=per_hundred"
    return {way: _named(r, told) | {"interval": [r.lower, r.upper]} for way, r in ways.items()}


# queues, backlogs, gaps and tornado


def e_queue_mmc(inputs, _folder):
    arrivals, completions = inputs["lam"], inputs["mu"]
    q = queueing.queue(arrivals, completions, inputs["c"])
    told = (
        "offered_load utilisation erlang_b p_wait Lq=waiting Wq_years=wait W_years=stay L=in_system status "
    )
    found = _named(q, told + "backlog_growth_per_year=backlog_growth backlog_growth")
    found["c_break_even"] = queueing.fewest_servers(arrivals, completions)
    for p in (0.2, 0.1):
        found[f"c_min_p_wait_{p}"] = queueing.fewest_servers(arrivals, completions, p)
    return found | {"stable": q.status == "stable"}


def e_capacity_table(inputs, _folder):
    shares = gap_shares(
        inputs["fte_need"], inputs["fte_now"] + (inputs["fte_granted"] or 0), inputs["fte_now"]
    )
    return {"gap_pct_of_need": shares["gap_pct"], "granted_share_of_request_pct": shares["granted_pct"]}


def e_tornado(inputs, _folder):
    ranges = inputs["parameters"]
    bars = one_at_a_time(ranges).rename(columns={"fte_low": "at_low", "fte_high": "at_high"})
    by_name = bars.set_index("parameter")[["at_low", "at_high", "swing"]].to_dict("index")
    middle = fte_needed({name: r["mid"] for name, r in ranges.items()})
    return {"fte_mid": middle, "bars": by_name, "order": bars["parameter"].tolist()}


def e_backlog(inputs, _folder):
    arrivals, fte, each = inputs["arrivals"], inputs["fte"], inputs["cases_per_fte"]
    left = queueing.backlog(inputs["backlog0"], arrivals, fte, each, inputs["years"])
    return {"backlog": left, "fte_break_even": queueing.break_even_fte(arrivals, each)}


def e_little(inputs, _folder):
    if "duration_years" in inputs:
        return {"wip": queueing.work_in_progress(inputs["arrivals"], inputs["duration_years"])}
    duration = queueing.implied_duration(inputs["wip"], inputs["arrivals"])
    return {"duration_years": duration, "duration_months": _known(12 * duration)}


# what the words around a figure leave open, and the verdict on a claim


def f_hedge_interval(inputs, _folder):
    """Read the wording itself; the case gives the step where the words alone do not show it."""
    return _named(parse(inputs["text"], step=inputs.get("r")), "lower upper lower_closed upper_closed")


def f_verdict(inputs, _folder):
    """Divide a count by a share and hold the result against a reference."""
    given = {name: inputs[name] for name in ("numerator", "percent", "reference")}
    boxes = {name: Interval(sum(ends) / 2, *ends) for name, ends in given.items()}
    quotient = evaluate("numerator / (percent / 100)", boxes.__getitem__)
    return {"implied": [quotient.lower, quotient.upper], "verdict": verdict(boxes["reference"], quotient)}


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


def h_composition(inputs, _folder):
    """Our table is of requests: the parts are its subjects, the last one what is left of the total."""
    *parts, _ = inputs["counts"]
    series = "helpwanted_requests_subject"
    rows = [figure(series, "2024", float(n), breakdown=f"subject={at}") for at, n in enumerate(parts)]
    rows.append(figure("helpwanted_requests", "2024", float(sum(inputs["counts"]))))
    table = subjects(frame(*rows), 2024, alpha=0.05).set_index("subject")
    table = table.loc[[*map(str, range(len(parts))), "rest"], ["share", "lower", "upper"]] / 100
    return {"shares": table["share"].tolist(), "goodman": table[["lower", "upper"]].to_numpy().tolist()}
