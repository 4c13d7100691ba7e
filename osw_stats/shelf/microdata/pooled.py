"""One model of all cells of a survey: waves and groups on the log-odds scale, fitted to effective counts."""

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import optimize, special, stats
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from osw_stats.errors import InputError, NotEstimableError
from osw_stats.meaning.definitions import Bridge, require_same
from osw_stats.stats.survey.contracts import columns
from osw_stats.stats.survey.groups import label, size
from osw_stats.stats.survey.intervals import LARGEST, normal_quantile

POOL_ABOVE = 12  # cells; fewer are too few to estimate their variance
Array = NDArray[np.float64]
Cells = list[tuple[str, str]]  # wave and group


@dataclass(frozen=True)
class PooledModel:
    """logit(share) = wave + group, fitted to effective counts.

    `cells` has one row per cell: wave, group, n_eff, y (effective count), with p = y / n_eff. `cov` holds if cells do not
    vary around the model. The model with wave x group fits every cell exactly, so `deviance` and `df_resid` are also its
    likelihood-ratio test.
    """

    cells: pd.DataFrame
    coef: Array
    cov: Array
    deviance: float
    df_resid: int

    @property
    def waves(self) -> list[str]:
        """Waves in order; the first is the reference."""
        return sorted(set(self.cells["wave"]))

    @property
    def groups(self) -> list[str]:
        """Groups in order; the first is the reference."""
        return sorted(set(self.cells["group"]))

    @property
    def terms(self) -> list[str]:
        """Names of the coefficients: "(Intercept)", "wave2022", "groupM24p"."""
        waves, groups = (f"wave{w}" for w in self.waves[1:]), (f"group{g}" for g in self.groups[1:])
        return ["(Intercept)", *waves, *groups]

    @cached_property
    def tau2(self) -> float:
        """The variance of cells around the model on the logit scale, beyond sampling variance; see `shrink`."""
        _, _, rss = self.regress(0.0)
        if not self.df_resid or rss <= self.df_resid:
            return 0.0
        upper = 100.0
        while self.regress(upper)[2] > self.df_resid:
            upper *= 2
        return float(optimize.brentq(lambda t: self.regress(t)[2] - self.df_resid, 0.0, upper, xtol=1e-10))

    @property
    def covariance(self) -> Array:
        """The covariance of the coefficients, with the variance of cells around the model (Huber's sandwich around `cov`)."""
        x, p = self.matrix, special.expit(self.matrix @ self.coef)
        w = self.cells["n_eff"].to_numpy() * p * (1 - p)
        return np.asarray(self.cov @ (x.T @ ((w + w**2 * self.tau2)[:, None] * x)) @ self.cov)

    @property
    def logits(self) -> tuple[Array, Array]:
        """Log odds of the cells and their variances; a cell of 0 or all gets half a respondent more of each."""
        y, n = self.cells["y"].to_numpy(), self.cells["n_eff"].to_numpy()
        extreme = (y <= 0) | (y >= n)
        n = np.where(extreme, n + 1, n)
        p = np.where(extreme, y + 0.5, y) / n
        return special.logit(p), np.asarray(1 / (n * p * (1 - p)))

    def regress(self, tau2: float) -> tuple[Array, Array, float]:
        """Return fitted log odds given this variance of cells, the inverse cross product, and the weighted residual sum of squares."""
        (eta, v), x = self.logits, self.matrix
        w = 1 / (v + tau2)
        inverse = np.asarray(np.linalg.pinv(x.T @ (w[:, None] * x)), dtype=float)
        fitted = x @ (inverse @ (x.T @ (w * eta)))
        return fitted, inverse, float(w @ (eta - fitted) ** 2)

    def design(self, cells: Cells) -> Array:
        """Return treatment contrasts, shape (n, p): intercept, waves and groups after the first."""
        levels = ((self.waves, [w for w, _ in cells]), (self.groups, [g for _, g in cells]))
        dummies = [np.array(values)[:, None] == np.array(names[1:]) for names, values in levels]
        return np.hstack([np.ones((len(cells), 1)), *dummies]).astype(float)

    @property
    def matrix(self) -> Array:
        """The design matrix of the cells."""
        return self.design(list(zip(self.cells["wave"], self.cells["group"], strict=True)))


def fit(cells: pd.DataFrame) -> PooledModel:
    """Fit the model of main effects and test it against wave x group.

    `cells` has the columns wave, group, n_eff and y (effective count, need not be an integer). Rows of one cell are summed.

    >>> cells = pd.DataFrame({"wave": ["2022", "2022", "2024", "2024"], "group": list("abab"),
    ...                       "n_eff": [1000.0] * 4, "y": [100.0, 50, 110, 55]})
    >>> model = fit(cells)
    >>> model.terms, round(float(model.coef[1]), 1), model.df_resid
    (['(Intercept)', 'wave2024', 'groupb'], 0.1, 1)
    """
    # binomial GLM with frequency weights on the shares: McCullagh and Nelder (1989), chapter 4; effective counts:
    # Rao and Scott (1992), Biometrics 48, 577-585
    valid = cells["n_eff"].between(0, np.inf, inclusive="neither")
    bad = ~(valid & cells["y"].ge(0) & cells["y"].le(cells["n_eff"])).to_numpy()
    if bad.any():
        i, remedy = int(bad.argmax()), "Give n_eff above 0 and 0 <= y <= n_eff."
        value = tuple(cells[["y", "n_eff"]].iloc[i])
        raise InputError("is no count of a sample", remedy, row=i + 1, column="y", value=value)
    table = cells.astype({"wave": str, "group": str})
    table = table.groupby(["wave", "group"], as_index=False)[["n_eff", "y"]].sum()
    model = PooledModel(table, np.empty(0), np.empty(0), float("nan"), 0)
    if len(model.waves) < 2 or len(model.groups) < 2:
        raise InputError("the model needs two waves and two groups", "Add cells.")
    x, n = model.matrix, table["n_eff"].to_numpy()
    rank = int(np.linalg.matrix_rank(x))
    if rank < x.shape[1]:
        problem = "wave and group cannot be told apart: too few groups have an effective size in more than one wave."
        raise NotEstimableError(problem)
    if _is_separated(x, table["y"].to_numpy(), n):
        problem = "in some waves or groups nobody, or everybody, said yes: the model has no finite answer"
        raise NotEstimableError(problem)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # cells that the model fits exactly are no fault
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        glm = GLM(table["y"].to_numpy() / n, x, family=families.Binomial(), var_weights=n)
        result = glm.fit(tol=1e-12)
        coef, cov, deviance = result.params, result.cov_params(), float(result.deviance)
    return PooledModel(table, np.asarray(coef), np.asarray(cov), deviance, len(table) - rank)


def _is_separated(x: Array, y: Array, n: Array) -> bool:
    """Return whether the likelihood increases without bound in some direction of the coefficients."""
    # Konis (2007), Linear programming algorithms for detecting separated data in binary logistic regression models, 4.3
    sign = np.where(y <= 0, -1.0, np.where(y >= n, 1.0, 0.0))
    edge = sign != 0
    if not edge.any():
        return False
    signed, zero = sign[edge, None] * x[edge], np.zeros(len(x))
    result = optimize.linprog(-signed.sum(axis=0), -signed, zero[edge], x[~edge], zero[~edge], bounds=(-1, 1))
    return bool(-result.fun > 1e-9)


def terms_table(model: PooledModel, population: Mapping[str, float], *, alpha: float = 0.05) -> pd.DataFrame:
    """Return one row per term: log odds, odds ratio, and average marginal effect in percentage points."""
    # The effect of a wave is standardised to `population` (people by group); that of a group is its
    # difference from the reference group in the last wave. Limits of effects are by the delta method.
    z, cov = normal_quantile(alpha), model.covariance
    people = np.array([population[g] for g in model.groups])
    first, last = model.waves[0], model.waves[-1]

    def marginal(before: Cells, after: Cells, weights: Array) -> tuple[float, float, float]:
        w, gradient, effect = weights / weights.sum(), np.zeros(len(model.coef)), 0.0
        for sign, cells in ((-1, before), (1, after)):
            x = model.design(cells)
            p = special.expit(x @ model.coef)
            effect += sign * float(w @ p)
            gradient += sign * (w * p * (1 - p)) @ x
        half = reach(gradient)
        return effect, max(-1.0, effect - half), min(1.0, effect + half)  # a difference of two shares

    def reach(gradient: Array) -> float:
        total, known = (float(gradient @ matrix @ gradient) for matrix in (cov, model.cov))
        if total <= known * (1 + 1e-9):
            return z * math.sqrt(total)
        # the part that is estimated brings its degrees of freedom along (Satterthwaite 1946, Biometrics Bull. 2)
        df = model.df_resid * (total / (total - known)) ** 2
        return float(stats.t.isf(alpha / 2, df)) * math.sqrt(total)

    effects = [(np.nan, np.nan, np.nan)]
    for wave in model.waves[1:]:
        at_first, at_wave = ([(w, g) for g in model.groups] for w in (first, wave))
        effects.append(marginal(at_first, at_wave, people))
    for group in model.groups[1:]:
        effects.append(marginal([(last, model.groups[0])], [(last, group)], np.ones(1)))
    se, half = np.sqrt(np.diag(cov)), np.array([reach(unit) for unit in np.eye(len(cov))])
    table = pd.DataFrame({"term": model.terms, "logit": model.coef, "se": se})
    logs = np.array([model.coef, model.coef - half, model.coef + half])
    table[["or", "or_lower", "or_upper"]] = np.exp(np.minimum(logs, LARGEST)).T
    table[["ame", "ame_lower", "ame_upper"]] = 100 * np.array(effects)
    return table


def shrink(model: PooledModel, *, alpha: float = 0.05) -> pd.DataFrame:
    """Return every cell's share, raw and shrunk towards the prediction from wave and group, in percent; `weight` 1 is no shrinkage."""
    # logit share = wave + group + u with u ~ N(0, tau^2): the smaller a cell, the more it is shrunk. Empirical
    # Bayes on logits, normal approximation; tau^2 where the weighted residual sum of squares equals its degrees of
    # freedom (Paule and Mandel 1982, J. Res. NBS 87; with regressors DerSimonian and Kacker 2007). A cell of 0 or
    # all gets half a respondent more of each (Haldane-Anscombe).
    (eta, v), x, tau2 = model.logits, model.matrix, model.tau2
    fitted, inverse, _ = model.regress(tau2)
    leverage, weight = ((x @ inverse) * x).sum(axis=1), tau2 / (tau2 + v)
    centre = fitted + weight * (eta - fitted)
    half = normal_quantile(alpha) * np.sqrt(weight * v + (1 - weight) ** 2 * leverage)
    ends = {"shrunken_pct": centre, "lower": centre - half, "upper": centre + half}
    shares = {name: 100 * special.expit(e) for name, e in ends.items()}
    raw = 100 * model.cells["y"] / model.cells["n_eff"]
    return model.cells[["wave", "group"]].assign(pct=raw, **shares, weight=weight, tau=np.sqrt(tau2))


def tables(
    cells: pd.DataFrame, observations: pd.DataFrame, *, alpha: float, bridge: Bridge | None
) -> tuple[pd.DataFrame, ...]:
    """Return terms, fit and shrunken shares for the cells of `shelf.group_model`, as far as these can be estimated."""
    defined = cells.rename(columns={"unit": "unit_measure", "definition_version": "definition_id"})
    require_same(defined, bridge)
    try:
        model = fit(cells.assign(y=cells["n_eff"] * cells["pct"] / 100))
    except NotEstimableError:
        return ()
    groups = sorted(set(zip(cells["sex"], cells["age"], strict=True)))
    sizes = {label(g): size(observations, str(cells["wave"].max()), g) for g in groups}
    known = {name: s for name, s in sizes.items() if s is not None}
    if len(known) < len(sizes):  # equal weights of groups where the population of one is unknown
        known = {}
    people = {name: s.value for name, s in known.items()} or dict.fromkeys(sizes, 1.0)
    ids = [i for c in cells["observations"] for i in c.split()]
    used = " ".join(dict.fromkeys([*ids, *(i for s in known.values() for i in s.observations)]))
    kinds, approach = set(cells["interval_kind"]), "binomial model on effective counts"
    kind = "assumed" if "assumed" in kinds else min(kinds)
    terms = terms_table(model, people, alpha=alpha).assign(unit="percentage_points", interval_kind=kind)
    terms = terms.assign(observations=used, method=approach, grade=cells["grade"].max())
    terms.attrs["bridge"] = bridge if len(set(cells["definition_version"])) > 1 else None
    deviance, df = test = (model.deviance, model.df_resid)
    phi, p = (deviance / df, float(stats.chi2.sf(*test))) if df else (math.nan, math.nan)
    row = (len(model.cells), *test, phi, model.tau2 > 0, *test, p, used)
    summary = pd.DataFrame([row], columns=columns("prev_model_fit"))
    if len(model.cells) <= POOL_ABOVE:
        return terms, summary
    labels = cells[["wave", "group", "sex", "age", "observations"]]
    shrunken = shrink(model, alpha=alpha).merge(labels, on=["wave", "group"])
    shrunken = shrunken.assign(unit="percent", interval_kind=kind)[columns("prev_shrunken")]
    return terms, summary, shrunken
