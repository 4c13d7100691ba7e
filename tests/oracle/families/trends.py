"""Families b_*, c_* and h_*: rates, half years, interrupted series, forecasts and compositions."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats

from osw_stats.shelf.months import interrupted
from osw_stats.shelf.months.series import monthly_series
from osw_stats.stats.counts import half_years
from osw_stats.stats.counts.rates import next_year, rate_ratio
from osw_stats.stats.counts.requests import subjects
from tests.simulated_figures import figure, frame


def _known(value):
    """Infinite and not a number are null in the cases."""
    return value if math.isfinite(value) else None


def b_rate_ratio(inputs, _folder):
    given = {name: inputs[name] for name in ("x1", "x0", "t1", "t0")}
    found = rate_ratio(**given, alpha=1 - inputs["level"])
    told = {"rate_ratio": found.ratio, "pct_change": 100 * (found.ratio - 1), "log_rr": found.log_ratio}
    told |= {"se_log_rr": found.se, "p_exact_conditional": found.p_exact}
    limits = [_known(found.exact_lower), _known(found.exact_upper)]
    return {name: _known(value) for name, value in told.items()} | {"exact_ci": limits}


def b_overdispersion(inputs, _folder):
    found = {phi: rate_ratio(inputs["x1"], inputs["x0"], phi=phi) for phi in (1, 2, 5, 10)}
    intervals = {f"ci_phi_{phi}": [r.lower, r.upper] for phi, r in found.items()}
    return intervals | {"phi_break_even": found[1].phi_break_even}


def b_half_year_identity(inputs, _folder):
    given = [inputs[name] for name in ("y1", "y0", "h2_pct", "h2_share_base")]
    found = half_years.identity(*given, step=inputs["pct_step"])
    told = {"h1_change_pct": found.h1_change, "h1_change_pct_range": list(found.h1_change_range)}
    return told | {"h2_current": found.h2_current, "h1_current": found.h1_current}


def _fit(inputs, folder):
    """Our own design from months and counts; of the file's columns only the date is taken over."""
    frame = pd.read_csv(folder / inputs["csv"])
    terms = {term.strip() for term in inputs["formula"].partition("~")[2].split("+")}
    series = monthly_series("case", frame["month"].str[:7].tolist(), frame["y"].tolist())
    date = frame.loc[frame["post"] == 1, "month"].iloc[0][:7]
    harmonics = sum(term[0] == "s" and term[1:].isdigit() for term in terms)
    return frame, interrupted.fit(
        series, interrupted.Model(date, slope="t_post" in terms, harmonics=harmonics)
    )


def c_interrupted_time_series(inputs, folder):
    frame, fitted = _fit(inputs, folder)
    named = lambda values: dict(zip(fitted.names, (float(v) for v in values), strict=True))  # noqa: E731
    step, z = fitted.params[fitted.post], stats.norm.ppf(0.975)
    limits = [math.exp(step + side * z * fitted.quasi.se[fitted.post]) for side in (-1, 1)]
    nb, nb_se, theta = interrupted.negative_binomial(fitted)
    months = len(fitted.series.months)
    more = interrupted.excess(fitted, months - fitted.n_post, months, scale=1.0, quantile=z)
    truth = _truth(frame, fitted)
    return {
        "poisson_coef": named(fitted.params),
        "quasi_phi": fitted.quasi.phi,
        "se_quasi": named(fitted.quasi.se),
        "se_hac_lag3": named(fitted.hac(3)),
        "se_hac_lag6": named(fitted.hac(6)),
        "nb2_coef": named(nb),
        "nb2_theta": theta,
        "nb2_se": named(nb_se),
        "step_rate_ratio": math.exp(step),
        "step_rr_ci_quasi": limits,
        "observed_post": more["observed"],
        "expected_post_without_change": more["expected"],
        "se_expected_delta": more["expected_se"],
        "excess": more["excess"],
        "excess_sd_prediction": more["sd"],
        "excess_interval": [more["lower"], more["upper"]],
        "truth": truth,
        "truth_in_quasi_ci": limits[0] <= math.exp(truth["step"]) <= limits[1],
        "placebo_pre_law": _placebos(fitted),
    }


def _placebos(fitted):
    """The step at every date with two years before it, over all months up to the true one, and at that."""
    true = fitted.series.position(fitted.model.date)
    before = fitted.series.part(0, true)
    fits = [interrupted.fit(before, replace(fitted.model, date=m)) for m in before.months[24:]]
    steps = {f.model.date: (f.params[f.post], f.quasi.se[f.post]) for f in [*fits, fitted]}
    return {f"{m}-01": {"est": step, "se": se, "t": step / se} for m, (step, se) in steps.items()}


def _truth(frame, fitted):
    """How the series was simulated: read back from the true means in the file. theta cannot be read back."""
    columns = {name: fitted.design[:, at] for at, name in enumerate(fitted.names)}
    columns["t_post"] = frame["t_post"].to_numpy(dtype=float)
    rates = np.log(frame["mu_true"] / frame["days"])
    found = np.linalg.lstsq(np.column_stack(list(columns.values())), rates, rcond=None)[0]
    true = dict(zip(columns, found, strict=True))
    # the file prints the means to six decimals: beyond nine there is only their rounding
    names = {"step": "post", "slope_pm": "t_post", "trend_pm": "t"}
    return {name: round(float(true[term]), 9) for name, term in names.items()}


def c_its_recommended_interval(inputs, folder):
    _, fitted = _fit(inputs, folder)
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


def h_composition(inputs, _folder):
    """Our table is of requests: the parts are its subjects, the last one what is left of the total."""
    *parts, _ = inputs["counts"]
    series = "helpwanted_requests_subject"
    rows = [figure(series, "2024", float(n), breakdown=f"subject={at}") for at, n in enumerate(parts)]
    rows.append(figure("helpwanted_requests", "2024", float(sum(inputs["counts"]))))
    table = subjects(frame(*rows), 2024, alpha=0.05).set_index("subject")
    table = table.loc[[*map(str, range(len(parts))), "rest"], ["share", "lower", "upper"]] / 100
    return {"shares": table["share"].tolist(), "goodman": table[["lower", "upper"]].to_numpy().tolist()}
