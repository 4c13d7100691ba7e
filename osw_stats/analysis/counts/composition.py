"""Of what a total is made up, and how that changed: shares with simultaneous limits, and counts beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from statsmodels.stats.proportion import multinomial_proportions_confint

from osw_stats.errors import InputError

Floats = NDArray[np.float64]

ZERO = 0.5  # what a zero cell is taken for before a logarithm


@dataclass(frozen=True)
class Shares:
    """Shares of one total (0 to 1), their simultaneous limits, shape (K, 2), and centred log-ratios."""

    shares: Floats
    limits: Floats
    clr: Floats


@dataclass(frozen=True)
class Change:
    """Two compositions compared.

    `chi2`, `df`, `p` are those of a 2 x K table of independent counts; `cramers_v` and `total_variation` say how
    large the difference is; `share_change_pp` is in percentage points, `count_change` in percent.
    """

    chi2: float
    df: int
    p: float
    cramers_v: float
    total_variation: float
    share_change_pp: Floats
    count_change: Floats


def shares(counts: Sequence[float], *, alpha: float = 0.05) -> Shares:
    """Return the shares of parts that add up to a whole.

    Parameters
    ----------
    counts
        Counts of parts that do not overlap, shape (K,).
    alpha
        1 minus the simultaneous confidence level.

    Raises
    ------
    InputError
        For fewer than two parts, a negative or missing count, or a total of zero.

    Notes
    -----
    Limits: Goodman (1965), Technometrics 7. Centred log-ratio: Aitchison (1986), zeros replaced
    multiplicatively (Martin-Fernandez, Barcelo-Vidal and Pawlowsky-Glahn 2003, Math. Geol. 35).

    Examples
    --------
    >>> shares([4648, 2757, 4801]).shares.round(3).tolist()
    [0.381, 0.226, 0.393]
    """
    values = _counts(counts)
    limits = multinomial_proportions_confint(values, alpha=alpha, method="goodman")
    return Shares(values / values.sum(), np.asarray(limits, dtype=float), clr(values))


def clr(counts: Sequence[float] | Floats) -> Floats:
    """Return centred log-ratios; cells of zero count as a half and the others shrink so that the total stays."""
    values = _counts(counts)
    zero = values == 0
    if zero.any():
        total = values.sum()
        values = np.where(zero, ZERO, values * (1 - ZERO * zero.sum() / total))
    logs = np.log(values / values.sum())
    return np.asarray(logs - logs.mean(), dtype=float)


def change(before: Sequence[float], after: Sequence[float]) -> Change:
    """Compare two compositions of the same parts.

    The test takes every count as independent, as reports are not (one person may ask twice): its p-value is a
    lower bound. A share may fall while its count rises, so both changes are given.

    Raises
    ------
    InputError
        If the two do not have the same parts.

    Examples
    --------
    >>> round(float(change([5005, 4313], [4648, 7558]).share_change_pp[0]), 1)
    -15.6
    """
    old, new = _counts(before), _counts(after)
    if len(old) != len(new):
        raise InputError("the two years have different parts", "Compare the same parts.", value=len(new))
    table = np.vstack([old, new])
    test = stats.chi2_contingency(table[:, table.sum(axis=0) > 0], correction=False)
    moved = new / new.sum() - old / old.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.where(old > 0, 100 * (new / old - 1), np.nan)
    return Change(
        float(test.statistic), int(test.dof), float(test.pvalue), math.sqrt(float(test.statistic) / table.sum()),
        float(np.abs(moved).sum() / 2), 100 * moved, growth,
    )  # fmt: skip


def _counts(counts: Sequence[float] | Floats) -> Floats:
    values = np.asarray(counts, dtype=float)
    if len(values) < 2 or not np.isfinite(values).all() or (values < 0).any() or values.sum() <= 0:
        raise InputError(
            "is no composition", "Give two parts or more, counted, of a total above zero.",
            column="counts", value=list(counts),
        )  # fmt: skip
    return values
