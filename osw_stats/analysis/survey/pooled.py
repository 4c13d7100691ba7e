"""All cells of a survey in one model: waves and groups on the log-odds scale, on effective counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import optimize, stats
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM

from osw_stats.errors import InputError, NotEstimableError

INFLATE_ABOVE = 1.5  # deviance over df: above it the effective counts are too large
Array = NDArray[np.float64]


@dataclass(frozen=True)
class PooledModel:
    """logit(share) = wave + group, fitted on effective counts.

    Attributes
    ----------
    cells
        One row a cell: wave, group, n_eff, y (effective count), with p = y / n_eff.
    terms
        Names of the coefficients: "(Intercept)", "wave2022", "groupM24p".
    coef, cov
        Coefficients and their covariance, not inflated.
    deviance, df_resid
        Of the model; the model with wave x group fits every cell exactly, so they are also its likelihood-ratio
        test, with `lr_p`.
    waves, groups
        Levels in order; the first of each is the reference.
    """

    cells: pd.DataFrame
    terms: list[str]
    coef: Array
    cov: Array
    deviance: float
    df_resid: int
    lr_p: float
    waves: list[str]
    groups: list[str]

    @property
    def phi(self) -> float:
        """Deviance over degrees of freedom; NaN where every cell is fitted exactly."""
        return self.deviance / self.df_resid if self.df_resid else float("nan")

    @property
    def inflation(self) -> float:
        """By how much variances are multiplied: phi when it is above 1.5, else 1."""
        return self.phi if self.phi > INFLATE_ABOVE else 1.0

    @property
    def se(self) -> Array:
        """Standard errors, inflated where needed."""
        errors: Array = np.sqrt(np.diag(self.cov) * self.inflation)
        return errors

    def row(self, wave: str, group: str) -> Array:
        """Return the row of the design for a wave and a group."""
        only: Array = design([wave], [group], self.waves, self.groups)[0]
        return only


def design(wave: list[str], group: list[str], waves: list[str], groups: list[str]) -> Array:
    """Return treatment contrasts: intercept, waves after the first, groups after the first."""
    w, g = np.asarray(wave)[:, None], np.asarray(group)[:, None]
    columns = (np.ones((len(w), 1)), w == np.asarray(waves[1:])[None], g == np.asarray(groups[1:])[None])
    matrix: Array = np.hstack(columns).astype(float)
    return matrix


def fit(cells: pd.DataFrame) -> PooledModel:
    """Fit the model of main effects and test it against wave x group.

    Parameters
    ----------
    cells
        Columns wave, group, n_eff and y (effective count, need not be whole). Rows of one cell are added up.

    Raises
    ------
    InputError
        If a cell is no count of a sample, or there are fewer than two waves or groups.
    NotEstimableError
        If the cells do not tell waves and groups apart.

    Notes
    -----
    Binomial GLM with frequency weights on the shares: McCullagh and Nelder (1989), chapter 4. Effective counts:
    Rao and Scott (1992), Biometrics 48, 577-585.

    Examples
    --------
    >>> cells = pd.DataFrame({"wave": ["2022", "2022", "2024", "2024"], "group": list("abab"),
    ...                       "n_eff": [1000.0] * 4, "y": [100.0, 50, 110, 55]})
    >>> model = fit(cells)
    >>> model.terms, round(float(model.coef[1]), 1), model.df_resid
    (['(Intercept)', 'wave2024', 'groupb'], 0.1, 1)
    """
    for at, row in enumerate(cells.to_dict("records"), start=1):
        if not row["n_eff"] > 0 or not 0 <= row["y"] <= row["n_eff"]:
            raise InputError("is no count of a sample", "Give n_eff above 0 and 0 <= y <= n_eff.", row=at, column="y", value=(row["y"], row["n_eff"]))  # fmt: skip
    table = (
        cells.assign(wave=cells["wave"].astype(str), group=cells["group"].astype(str))
        .groupby(["wave", "group"], as_index=False)[["n_eff", "y"]]
        .sum()
    )
    waves, groups = sorted(set(table["wave"])), sorted(set(table["group"]))
    if len(waves) < 2 or len(groups) < 2:
        raise InputError("the model needs two waves and two groups", "Add cells.", value=(len(waves), len(groups)))  # fmt: skip
    x = design(list(table["wave"]), list(table["group"]), waves, groups)
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise NotEstimableError(
            "wave and group cannot be told apart: too few groups have an effective size in more than one wave."
        )
    n = table["n_eff"].to_numpy()
    found = GLM(table["y"].to_numpy() / n, x, family=families.Binomial(), var_weights=n).fit(tol=1e-12)
    df = len(table) - int(np.linalg.matrix_rank(x))
    terms = ["(Intercept)", *(f"wave{w}" for w in waves[1:]), *(f"group{g}" for g in groups[1:])]
    return PooledModel(
        table, terms, np.asarray(found.params), np.asarray(found.cov_params()), float(found.deviance), df,
        float(stats.chi2.sf(found.deviance, df)) if df else float("nan"), waves, groups,
    )  # fmt: skip


def marginal(
    model: PooledModel, first: list[tuple[str, str]], second: list[tuple[str, str]], weights: Array,
    *, alpha: float = 0.05,
) -> tuple[float, float, float]:  # fmt: skip
    """Return the average share of the `second` cells minus that of the `first`, with limits.

    Parameters
    ----------
    model
        A fitted model.
    first, second
        Cells (wave, group) to average over, pair by pair.
    weights
        Weight of each pair, such as the people in each group; need not add up to 1.

    Returns
    -------
    tuple of float
        Difference and limits, in shares, by the delta method.
    """
    w = weights / weights.sum()
    gradient, effect = np.zeros(len(model.coef)), 0.0
    for sign, pairs in ((-1, first), (1, second)):
        x = np.array([model.row(*pair) for pair in pairs])
        p = 1 / (1 + np.exp(-x @ model.coef))
        effect += sign * float(w @ p)
        gradient += sign * (w * p * (1 - p)) @ x
    half = float(stats.norm.ppf(1 - alpha / 2) * np.sqrt(model.inflation * gradient @ model.cov @ gradient))
    return effect, effect - half, effect + half


def terms_table(model: PooledModel, population: Mapping[str, float], *, alpha: float = 0.05) -> pd.DataFrame:
    """Return one row a term: log odds, odds ratio, and average marginal effect in percentage points.

    The effect of a wave is standardised to `population` (people by group); that of a group is its difference from
    the reference group in the last wave.
    """
    z = float(stats.norm.ppf(1 - alpha / 2))
    size = np.array([population[g] for g in model.groups])
    first, last = model.waves[0], model.waves[-1]
    rows = []
    for term, beta, se in zip(model.terms, model.coef, model.se, strict=True):
        ame = (np.nan, np.nan, np.nan)
        if term.startswith("wave"):
            then = term.removeprefix("wave")
            ame = marginal(model, [(first, g) for g in model.groups], [(then, g) for g in model.groups], size, alpha=alpha)  # fmt: skip
        elif term.startswith("group"):
            pairs = [(last, model.groups[0])], [(last, term.removeprefix("group"))]
            ame = marginal(model, *pairs, np.ones(1), alpha=alpha)
        limits = np.exp([beta, beta - z * se, beta + z * se])
        rows.append((term, beta, se, *limits, *(100 * a for a in ame)))
    names = ["term", "logit", "se", "or", "or_lower", "or_upper", "ame", "ame_lower", "ame_upper"]
    return pd.DataFrame(rows, columns=names)


def shrink(model: PooledModel, *, alpha: float = 0.05) -> pd.DataFrame:
    """Return every cell's share raw and drawn towards what wave and group predict.

    logit share = wave + group + u with u ~ N(0, tau^2): the less a cell knows, the more it is drawn.

    Returns
    -------
    pandas.DataFrame
        wave, group, pct, shrunken_pct and its limits (percent), weight (1: not drawn at all), tau.

    Notes
    -----
    Empirical Bayes on logits, normal approximation; tau^2 where the weighted residual sum of squares equals its
    degrees of freedom (Paule and Mandel 1982, J. Res. NBS 87; with regressors DerSimonian and Kacker 2007). A cell
    of 0 or all gets half a respondent more of each (Haldane-Anscombe).
    """
    y, n = model.cells["y"].to_numpy(), model.cells["n_eff"].to_numpy()
    end = (y <= 0) | (y >= n)
    y, n = np.where(end, y + 0.5, y), np.where(end, n + 1, n)
    p = y / n
    eta, v = np.log(p / (1 - p)), 1 / (n * p * (1 - p))
    x = design(list(model.cells["wave"]), list(model.cells["group"]), model.waves, model.groups)

    def regress(tau2: float) -> tuple[Array, Array, float]:
        w = 1 / (v + tau2)
        inverse = np.linalg.pinv(x.T @ (w[:, None] * x))
        fitted = x @ (inverse @ (x.T @ (w * eta)))
        return fitted, inverse, float(w @ (eta - fitted) ** 2)

    tau2 = 0.0
    if model.df_resid and regress(0.0)[2] > model.df_resid:
        tau2 = float(optimize.brentq(lambda t: regress(t)[2] - model.df_resid, 0.0, 100.0, xtol=1e-10))
    fitted, inverse, _ = regress(tau2)
    leverage = ((x @ inverse) * x).sum(axis=1)
    weight = tau2 / (tau2 + v)
    centre = fitted + weight * (eta - fitted)
    half = stats.norm.ppf(1 - alpha / 2) * np.sqrt(weight * v + (1 - weight) ** 2 * leverage)
    back = [100 / (1 + np.exp(-e)) for e in (centre, centre - half, centre + half)]
    return model.cells[["wave", "group"]].assign(
        pct=100 * model.cells["y"] / model.cells["n_eff"], shrunken_pct=back[0], lower=back[1], upper=back[2],
        weight=weight, tau=np.sqrt(tau2),
    )  # fmt: skip
