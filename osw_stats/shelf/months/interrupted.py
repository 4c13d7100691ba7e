"""Interrupted time series of monthly counts: a step in the rate of reporting at a date set beforehand.

It shows that something changed at the date, not what (a law, a campaign, a change in registration).
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, stats
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM

from osw_stats.errors import InputError, NotEstimableError
from osw_stats.shelf.months.series import Floats, MonthlySeries, refuse_withheld
from osw_stats.stats.counts.rates import Quasi, lag_correlation, quasi, require_alpha
from osw_stats.stats.survey.comparing import POWER
from osw_stats.stats.survey.intervals import LARGEST

LEAST_BEFORE = 24  # months before the date: with under two years season and trend are confounded
LEAST_FOR_SLOPE = 12  # months after the date: within a year a new slope is confounded with the season
LEAST_DF = 3.0
LAGS, DRAWS = 12, 999  # of the test for autocorrelation


@dataclass(frozen=True)
class Model:
    """The model to fit, specified before looking at the result."""

    date: str  # the first month after the change, such as "2024-07"
    # whether the trend may change after the date; None: only with a year of months after it
    slope: bool | None = None
    harmonics: int = 2  # pairs of sines and cosines for the season
    pulses: tuple[tuple[str, str], ...] = ()  # periods with their own level, such as a lockdown


@dataclass(frozen=True)
class Fit:
    """A fitted model: coefficients on the log scale and the basis of their standard errors."""

    series: MonthlySeries
    model: Model
    names: tuple[str, ...]
    design: Floats
    quasi: Quasi

    @property
    def result(self) -> Any:
        """The result of statsmodels."""
        return self.quasi.result

    @property
    def params(self) -> Floats:
        """Coefficients, in the order of `names`."""
        return np.asarray(self.result.params, dtype=float)

    @property
    def post(self) -> int:
        """The position of the step among the terms."""
        return self.names.index("post")

    @property
    def n_post(self) -> int:
        """Months from the date on."""
        return int(self.design[:, self.post].sum())

    @cached_property
    def residuals(self) -> Floats:
        """Pearson residuals."""
        return np.asarray(self.result.resid_pearson, dtype=float)

    @property
    def r1(self) -> float:
        """Lag-1 correlation of the Pearson residuals."""
        return lag_correlation(self.residuals)

    @property
    def r1_corrected(self) -> float:
        """Lag-1 correlation corrected for the fitted terms, between 0 and 0.9."""
        n, p = self.design.shape
        r = np.nan_to_num(self.r1)  # residuals that are all zero are uncorrelated
        return float(np.clip(r + (1 + 4 * r) * p / (2 * n), 0, 0.9))

    def hac(self, lags: int = 3) -> Floats:
        """Return standard errors after Newey and West (1987) with Bartlett weights; alone too narrow (docs/methods.md)."""
        weights = {"maxlags": lags, "use_correction": False}
        robust = self.result.model.fit(cov_type="HAC", cov_kwds=weights, start_params=self.params)
        return np.asarray(robust.bse, dtype=float)

    def larger_se(self) -> Floats:
        """Return the larger of two standard errors of the coefficients: quasi-Poisson and HAC(3) with n/(n-p)."""
        adjusted = self.hac() * math.sqrt(len(self.design) / (len(self.design) - len(self.names)))
        return np.asarray(np.maximum(self.quasi.se, adjusted), dtype=float)

    def se(self) -> Floats:
        """Return conservative standard errors: the larger of the two, inflated for autocorrelation."""
        r = self.r1_careful
        return np.asarray(self.larger_se() * math.sqrt((1 + r) / (1 - r)), dtype=float)

    @property
    def r1_careful(self) -> float:
        """The corrected correlation plus three quarters of its standard error, as it is itself estimated."""
        r = self.r1_corrected
        return min(0.9, r + 0.75 * math.sqrt((1 - r**2) / len(self.design)))

    @property
    def df(self) -> float:
        """Degrees of freedom: those of the effective number of independent months."""
        r = self.r1_corrected
        return max(LEAST_DF, len(self.design) * (1 - r) / (1 + r) - len(self.names))

    def quantile(self, alpha: float) -> float:
        """Return the quantile of t."""
        require_alpha(alpha)
        return float(stats.t.ppf(1 - alpha / 2, self.df))

    def step(self, *, alpha: float = 0.05) -> dict[str, float]:
        """Return the step at the date: estimate, se, t and p on the log scale; rr, rr_lower and rr_upper."""
        estimate, se = float(self.params[self.post]), float(self.se()[self.post])
        half = self.quantile(alpha) * se
        p = 2 * float(stats.t.sf(abs(estimate / se), self.df))
        low, high = (math.exp(min(estimate + side * half, LARGEST)) for side in (-1, 1))
        ratio = {"rr": math.exp(estimate), "rr_lower": low, "rr_upper": high}
        return {"estimate": estimate, "se": se, "t": estimate / se, "p": p} | ratio

    def detectable(self, *, alpha: float = 0.05) -> float:
        """Return the smallest ratio above 1 that a test at this level detects with 80 percent power."""
        reach = self.quantile(alpha) + float(stats.t.ppf(POWER, self.df))
        return math.exp(reach * float(self.se()[self.post]))


def design(series: MonthlySeries, model: Model, after: int) -> tuple[Floats, tuple[str, ...]]:
    """Return the design matrix, shape (n, p), and its column names; `after` is the index of the date."""
    n = len(series.months)
    t = np.arange(n, dtype=float)
    post = (t >= after).astype(float)
    columns: dict[str, Floats] = {"const": np.ones(n), "t": t, "post": post}
    if n - after >= LEAST_FOR_SLOPE if model.slope is None else model.slope:
        columns["t_post"] = post * (t - after)
    for k in range(1, model.harmonics + 1):
        angle = 2 * np.pi * k * series.month_of_year / 12
        columns |= {f"s{k}": np.sin(angle), f"c{k}": np.cos(angle)}
    for number, (first, last) in enumerate(model.pulses, start=1):
        pulse = np.array([float(first <= m <= last) for m in series.months])
        if pulse.any():
            columns[f"pulse{number}"] = pulse
    return np.column_stack(list(columns.values())), tuple(columns)


def fit(series: MonthlySeries, model: Model, control: MonthlySeries | None = None) -> Fit:
    """Fit a log-linear quasi-Poisson model with trend, season, step and offset log(days).

    With a `control` series of the same months, the share of the series in the two together follows a quasi-binomial
    model of the same terms, so that the step is a ratio of ratios. InputError if the date lies outside the series, or the
    control series has other months; NotEstimableError with fewer than 24 months before the date, or terms that are
    collinear.

    Bernal, Cummins and Gasparrini (2017), Int. J. Epidemiol. 46; quasi-Poisson: McCullagh and Nelder (1989). Control:
    Linden (2015), Stata Journal 15; two Poisson counts given their sum are binomial.

    >>> from osw_stats.shelf.months.series import monthly_series
    >>> months = pd.period_range("2020-01", periods=60, freq="M").astype(str).tolist()
    >>> counts = [100 + at % 7 + 40 * (at >= 48) for at in range(60)]
    >>> step = fit(monthly_series("reports", months, counts), Model("2024-01", slope=False)).step()
    >>> round(step["rr"], 1), step["rr_lower"] > 1
    (1.4, True)
    """
    after = series.position(model.date)
    if after < LEAST_BEFORE:
        raise NotEstimableError(
            f"{series.name}: not estimable because only {after} months lie before {model.date}; "
            f"{LEAST_BEFORE} are needed to tell season and trend apart."
        )
    if control is not None and control.months != series.months:
        remedy = "Give the control series the same months."
        raise InputError(f"{control.name} has other months than {series.name}", remedy, column="month")
    x, names = design(series, model, after)
    if len(x) - len(names) < LEAST_BEFORE / 2 or np.linalg.matrix_rank(x) < len(names):
        raise NotEstimableError(
            f"{series.name}: not estimable because the terms {', '.join(names)} cannot be told apart in "
            f"{len(x)} months."
        )
    if not series.counts[after:].any():
        raise NotEstimableError(
            f"{series.name}: not estimable because no month from {model.date} on has a count, so that the ratio has no end. "
            "Where they are withheld, cut the series."
        )
    if control is None:
        fitted = quasi(series.counts, x, least_phi=1.0, offset=np.log(series.days))
        refuse_withheld(series, np.asarray(fitted.result.mu), fitted.phi)
    else:
        fitted = quasi(np.column_stack([series.counts, control.counts]), x, least_phi=1.0)
    return Fit(series, model, names, x, fitted)


def negative_binomial(fitted: Fit) -> tuple[Floats, Floats, float]:
    """Return coefficients, standard errors and theta of the same model with NB2 counts."""
    # theta maximises the profile likelihood; the variance is mu + mu^2 / theta, and theta is infinite
    # where the counts are not overdispersed. Lawless (1987), Can. J. Stat. 15.
    offset = np.log(fitted.series.days)

    def fit_at(log_alpha: float) -> Any:
        family = families.NegativeBinomial(alpha=math.exp(log_alpha))
        glm = GLM(fitted.series.counts, fitted.design, family=family, offset=offset)
        return glm.fit(start_params=fitted.params, scale=1.0)

    highest = optimize.minimize_scalar(
        lambda a: -fit_at(a).llf, bounds=(-16.0, 3.0), method="bounded", options={"xatol": 1e-6}
    )
    best = fit_at(float(highest.x))
    poisson = stats.poisson.logpmf(fitted.series.counts, np.asarray(fitted.result.mu)).sum()
    # a likelihood no higher than Poisson's: no overdispersion
    if best.llf < poisson + 1e-3:
        return fitted.params, np.asarray(fitted.quasi.se / math.sqrt(fitted.quasi.phi)), math.inf
    return np.asarray(best.params), np.asarray(best.bse), math.exp(-float(highest.x))


def table(fitted: Fit, *, alpha: float = 0.05) -> pd.DataFrame:
    """Return the table `its_fit`: one row per term, with the conservative interval."""
    se, estimate = fitted.se(), fitted.params
    ends = {"lower": estimate - fitted.quantile(alpha) * se, "upper": estimate + fitted.quantile(alpha) * se}
    frame = pd.DataFrame({"term": fitted.names, "estimate": estimate, "se": se, **ends})
    ratios = {"rr": np.exp(estimate), **{f"rr_{end}": np.exp(values) for end, values in ends.items()}}
    return frame.assign(series=fitted.series.name, model=fitted.model.date, **ratios)


def diagnostics(fitted: Fit, *, alpha: float = 0.05) -> pd.DataFrame:
    """Return the foot of `its_fit`: months, dispersion, correlation, Ljung-Box at 12, power and vintage."""
    row: dict[str, Any] = {"series": fitted.series.name, "n_pre": len(fitted.design) - fitted.n_post}
    row |= {"n_post": fitted.n_post, "phi": fitted.quasi.phi, "rho1": fitted.r1}
    row |= {"ljungbox_p": _ljungbox(fitted)}
    row |= {"detectable_rr": fitted.detectable(alpha=alpha), "vintage": fitted.series.vintage}
    return pd.DataFrame([row])


def _ljungbox(fitted: Fit) -> float:
    """Return the Monte Carlo p-value of Ljung and Box's Q against independent errors, fitted alike (Dufour 2006)."""
    # chi-square limits would reject for one in six uncorrelated series of 72 months, as trend and season are fitted
    span, _ = np.linalg.qr(fitted.design * np.sqrt(fitted.result.mu)[:, None])
    n, drawn = len(span), np.random.default_rng(0).standard_normal((DRAWS, len(span)))
    errors = np.vstack([fitted.residuals, drawn - drawn @ span @ span.T])
    errors /= np.linalg.norm(errors, axis=1, keepdims=True)
    q = sum((errors[:, k:] * errors[:, :-k]).sum(axis=1) ** 2 / (n - k) for k in range(1, 1 + LAGS))
    return float(np.mean(q >= q[0]))  # the observed one included


def expected(fitted: Fit) -> Floats:
    """Return the expected count of every month had nothing changed at the date, shape (n,)."""
    return np.asarray(np.exp(_baseline(fitted) @ fitted.params + np.log(fitted.series.days)), dtype=float)


def excess(
    fitted: Fit, first: int, last: int, *, scale: float, quantile: float, memory: float = 0.0
) -> dict[str, float]:
    """Return observed and expected counts of months `first` up to `last`, and their difference with limits."""
    # Delta method: `scale` times g' V g (V the quasi-Poisson covariance, g the gradient of the expected
    # count), plus phi times the expected count of months whose errors have a lag-1 correlation of `memory`;
    # `quantile` times its root are the limits.
    mu = expected(fitted)[first:last]
    gradient = mu @ _baseline(fitted)[first:last]
    variance = float(gradient @ fitted.quasi.covariance @ gradient) * scale
    lags = np.arange(1, last - first)
    inflation = 1 + 2 * float(((1 - lags / (last - first)) * memory**lags).sum())
    sd = math.sqrt(variance + inflation * fitted.quasi.phi * float(mu.sum()))
    observed, total = float(fitted.series.counts[first:last].sum()), float(mu.sum())
    diff, reach = observed - total, quantile * sd
    counts = {"observed": observed, "expected": total, "excess": diff, "expected_se": math.sqrt(variance)}
    # the expected count is not negative, so the excess is at most the observed count
    return counts | {"sd": sd, "lower": diff - reach, "upper": min(diff + reach, observed)}


def excess_by_month(fitted: Fit, *, alpha: float = 0.05) -> pd.DataFrame:
    """Return the table `its_excess`: one row per month from the date on, alone and cumulative, as uncertain as the step."""
    date = (n := len(fitted.series.months)) - fitted.n_post
    scale = float(fitted.se()[fitted.post] / fitted.quasi.se[fitted.post]) ** 2
    options = {"scale": scale, "quantile": fitted.quantile(alpha), "memory": fitted.r1_careful}
    alone = pd.DataFrame([excess(fitted, i, i + 1, **options) for i in range(date, n)])
    total = pd.DataFrame([excess(fitted, date, i + 1, **options) for i in range(date, n)])
    table = alone[["observed", "expected"]].assign(month=fitted.series.months[date:])
    # limits of the expected count: the observed count minus those of the excess
    table["lower"], table["upper"] = (alone["observed"] - alone[end] for end in ("upper", "lower"))
    table["excess"] = alone["excess"]
    table[["cum_excess", "cum_lower", "cum_upper"]] = total[["excess", "lower", "upper"]]
    return table[["month", *table.columns.drop("month")]]


def _baseline(fitted: Fit) -> Floats:
    """Return the design matrix had nothing changed at the date."""
    design = fitted.design.copy()
    design[:, [name in ("post", "t_post") for name in fitted.names]] = 0
    return design
