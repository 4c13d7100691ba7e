"""Prevalence from the answers of a survey themselves, with the variance that its design gives.

For researchers with remote access to the microdata; nothing in this project holds any. numpy and pandas only: the
estimator is one page, and packages that do more bring a table engine of their own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from osw_stats.analysis.disclosure import too_small
from osw_stats.analysis.survey.groups import age_range
from osw_stats.analysis.survey.intervals import proportion_interval
from osw_stats.errors import InputError
from osw_stats.vocabulary.answers import LINE, answers, row_of, weights

Ints = NDArray[np.int64]
SINGLE = ("error", "centre")
OLDEST = 65  # who asks everyone asks people of this age and over
MEASURES = ["pct", "se", "lower", "upper", "n", "n_eff", "deff", "clusters", "df", "suppressed"]


def prevalence_from_microdata(
    frame: pd.DataFrame,
    *,
    weight: str,
    strata: str | Sequence[str] | None = None,
    cluster: str | None = None,
    items: Sequence[str] = ("osi_12m",),
    by: Sequence[str] = ("wave", "sex", "age"),
    alpha: float = 0.05,
    single: str = "error",
) -> pd.DataFrame:
    """Return the share of people with each item, by group, with design-based variance.

    Parameters
    ----------
    frame
        One row a respondent, shape (n, ...). Items hold 1 (yes), 0 (no) or NaN (no answer, left out), or those in words
        (`vocabulary.answers`).
    weight
        Column with the survey weight; a row of weight 0 is no respondent and counts in nothing.
    strata
        Column or columns of the strata; all one stratum when None. Of several waves the wave is one of them.
    cluster
        Column of the primary sampling units, nested in strata; each respondent one when None.
    items, by
        Columns to estimate, and columns whose combinations are the groups (none: everyone).
    alpha
        1 minus the confidence level.
    single
        What to do with a stratum of one cluster, whose variance cannot be seen: "error", or "centre" to measure it
        from the overall mean.

    Returns
    -------
    pandas.DataFrame
        One row an item and group: `item`, `by`, then `pct`, `se`, `lower` and `upper` (percent), `n` respondents,
        `n_eff`, `deff` (n / n_eff), `clusters` and `df` of the group, `suppressed` (too few to publish). Nothing
        is left out: `release.releasable` gives what may be published, others withheld beside small groups.

    Raises
    ------
    InputError
        For a weight or answer that cannot be, all weights zero, an empty group, or a lone cluster.

    Notes
    -----
    Ratio estimator, Taylor linearisation, first-stage units taken as drawn with replacement: Särndal, Swensson and
    Wretman (1992), Model Assisted Survey Sampling, sections 5.5 to 5.7. Groups are domains: a cluster without
    members of a group counts as zero. Limits: Wilson on the effective size, shrunk for its degrees of freedom
    (Korn and Graubard 1998, Surv. Methodol. 24).

    Examples
    --------
    >>> answers = pd.DataFrame({"osi_12m": [1, 0, 0, 1, 0, 0], "w": [2.0, 1, 1, 1, 1, 2]})
    >>> found = prevalence_from_microdata(answers, weight="w", by=())
    >>> found[["pct", "se", "df"]].round(1).values.tolist()
    [[37.5, 23.5, 5.0]]
    """
    if single not in SINGLE:
        raise InputError("is unknown", f"Choose: {', '.join(SINGLE)}.", column="single", value=single)
    stratum_names = [strata] if isinstance(strata, str) else list(strata or [])
    _require_columns(frame, [weight, *stratum_names, *([cluster] if cluster else []), *items, *by])
    frame = respondents(frame, weight, items)
    w = frame[weight].to_numpy(dtype=float)
    design = _design(frame, stratum_names, cluster, list(by), w)
    alone = np.flatnonzero(design.size_of_stratum == 1)
    if len(alone) and single == "error":
        row = int(np.flatnonzero(design.stratum == alone[0])[0])
        raise InputError(
            "this stratum has a single cluster, so its variance cannot be seen",
            'Join it to a stratum like it, or pass single="centre".',
            row=row_of(frame.index, row), column=", ".join(stratum_names) or cluster,
            value=", ".join(str(frame[c].iloc[row]) for c in stratum_names),
        )  # fmt: skip
    parts = [_item(frame, item, design, alpha) for item in items]
    return pd.concat(parts, ignore_index=True)[["item", *by, *MEASURES]]


@dataclass(frozen=True)
class _Design:
    """Rows in the order of group, stratum and cluster, and where each of these begins."""

    order: Ints  # rows, sorted
    weight: NDArray[np.float64]  # in that order
    stratum: Ints  # by row of the frame
    size_of_stratum: Ints  # clusters in each stratum, of the whole sample
    pair: Ints  # first sorted row of each cluster within a group
    pair_stratum: Ints
    pair_group: Ints
    groups: pd.DataFrame  # one row a group


def _design(
    frame: pd.DataFrame, strata: list[str], cluster: str | None, by: list[str], w: NDArray[np.float64]
) -> _Design:
    stratum, _ = _codes(frame, strata)
    unit = np.arange(len(frame)) if cluster is None else pd.factorize(frame[cluster])[0].astype(np.int64)
    # a cluster belongs to its stratum: equal names in two strata are two clusters
    unit = pd.factorize(stratum * (unit.max() + 1) + unit)[0].astype(np.int64)
    size = np.bincount(stratum[np.unique(unit, return_index=True)[1]])
    group, groups = _codes(frame, by)
    order = np.lexsort((unit, stratum, group))
    g, s, u = group[order], stratum[order], unit[order]
    pair = np.flatnonzero(np.r_[True, (np.diff(g) != 0) | (np.diff(u) != 0)])
    return _Design(order, w[order], stratum, size, pair, s[pair], g[pair], groups)


def _item(frame: pd.DataFrame, item: str, d: _Design, alpha: float) -> pd.DataFrame:
    y = frame[item].to_numpy(dtype=float)[d.order]
    known = ~np.isnan(y)
    weight = np.where(known, d.weight, 0.0)
    mass = np.add.reduceat(weight, d.pair)
    yes = np.add.reduceat(weight * np.where(known, y, 0.0), d.pair)
    answered = np.add.reduceat(known.astype(np.int64), d.pair)
    count = len(d.groups)

    def by_group(values: NDArray[np.generic]) -> NDArray[np.float64]:
        return np.bincount(d.pair_group, values, minlength=count).astype(float)

    total, n = by_group(mass), by_group(answered)
    _refuse_empty(d.groups, total, item)
    share = by_group(yes) / total
    score = (yes - share[d.pair_group] * mass) / total[d.pair_group]
    # clusters without members of the group have score 0: they count in the number, not in the sums
    key = d.pair_group * len(d.size_of_stratum) + d.pair_stratum
    cells, cell = np.unique(key, return_inverse=True)
    sums, squares = np.bincount(cell, score), np.bincount(cell, score**2)
    m = d.size_of_stratum[cells % len(d.size_of_stratum)]
    spread = np.where(m > 1, m / np.maximum(m - 1, 1) * (squares - sums**2 / m), squares)
    variance = np.bincount(cells // len(d.size_of_stratum), np.maximum(spread, 0.0), minlength=count)
    used = answered > 0
    clusters = by_group(used)
    strata = np.bincount(np.unique(key[used]) // len(d.size_of_stratum), minlength=count)
    rows = [
        _row(*values, alpha) for values in zip(share, variance, n, clusters, clusters - strata, strict=True)
    ]
    return pd.concat([d.groups.assign(item=item), pd.DataFrame(rows, columns=MEASURES)], axis=1)


def _row(
    p: float, variance: float, n: float, clusters: float, df: float, alpha: float
) -> tuple[float, float, float, float, int, float, float, int, int, bool]:
    # a group where all or none say yes shows no variance: its size is taken as that of a simple sample
    n_eff = p * (1 - p) / variance if variance > 0 else n
    low, high = math.nan, math.nan
    if df > 0:
        t, z = stats.t.ppf(1 - alpha / 2, df), stats.norm.ppf(1 - alpha / 2)
        low, high = proportion_interval(p, n_eff * (z / t) ** 2, alpha=alpha)
    small = too_small(n, n_eff)
    return (
        100 * p, 100 * math.sqrt(variance), 100 * low, 100 * high, int(n), n_eff, n / n_eff, int(clusters),
        int(df), small,
    )  # fmt: skip


def _codes(frame: pd.DataFrame, names: list[str]) -> tuple[Ints, pd.DataFrame]:
    """Return a whole number a combination of columns, and the combinations in order."""
    if not names:
        return np.zeros(len(frame), dtype=np.int64), pd.DataFrame(index=range(1))
    for name in names:
        if frame[name].isna().any():
            row = row_of(frame.index, int(np.flatnonzero(frame[name].isna())[0]))
            raise InputError("is empty", "Fill it in, or leave the row out.", row=row, column=name)
    grouped = frame.groupby(names, observed=True)
    found = grouped.size().reset_index()[names]
    return grouped.ngroup().to_numpy().astype(np.int64), found


def _require_columns(frame: pd.DataFrame, names: list[str]) -> None:
    for name in names:
        if name not in frame:
            raise InputError("there is no such column", f"Columns: {', '.join(map(str, frame.columns))}.", column=name)  # fmt: skip
    if frame.empty:
        raise InputError("there are no respondents", "Give a frame with one row a respondent.")


def respondents(frame: pd.DataFrame, weight: str, items: Sequence[str]) -> pd.DataFrame:
    """Return the rows with a weight above 0, weights and items as numbers; who has no weight is no respondent.

    Raises
    ------
    InputError
        For a weight or an answer that cannot be, and where all weights are zero.
    """
    _require_columns(frame, [weight, *items])
    rows = frame.index if frame.index.name == LINE else pd.RangeIndex(1, len(frame) + 1, name=LINE)
    read = {weight: weights(frame[weight])} | {item: answers(frame[item]) for item in items}
    if not read[weight].any():
        raise InputError("all weights are zero", "Give the survey weights.", column=weight, value=0)
    return frame.set_axis(rows).assign(**read)[read[weight] > 0]


def of_everyone(frame: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return the answers, unless they are of a part of the people: a page tells them as those of everyone from 16 on.

    Raises
    ------
    InputError
        If in a wave a sex is absent, or the ages do not run from 16 to the oldest.
    """
    cure = "The page tells of everyone of 16 and over: give the answers of all of them, and of nobody else."
    if frame is None:
        return None
    for wave, rows in respondents(frame, "weight", ("osi_12m",)).groupby("wave"):
        for sex in sorted({"female", "male"} - set(rows["sex"])):
            raise InputError(f"nobody of this sex answered in wave {wave}", cure, column="sex", value=sex)
        lows, highs = zip(*(age_range(str(age)) for age in rows["age"].unique()), strict=True)
        if min(lows) != 16 or max(highs) < OLDEST:
            span = f"{min(lows)}-{max(highs)}".replace("-inf", "+")
            raise InputError(f"the answers of wave {wave} are of these ages", cure, column="age", value=span)
    return frame


def _refuse_empty(groups: pd.DataFrame, total: NDArray[np.float64], item: str) -> None:
    empty = np.flatnonzero(total <= 0)
    if len(empty):
        raise InputError(
            "nobody with a weight answered in this group", "Leave the group out, or join it to another.",
            column=item, value=", ".join(map(str, groups.iloc[empty[0]])),
        )  # fmt: skip
