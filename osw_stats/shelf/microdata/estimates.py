"""Prevalence from the answers of a survey themselves, with the variance that its design gives.

numpy and pandas only: the estimator is one page, and packages that do more bring a table engine of their own.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from osw_stats.errors import InputError
from osw_stats.meaning.answers import LINE, answers, row_of, weights
from osw_stats.shelf.disclosure.hiding import too_small
from osw_stats.stats.survey.groups import age_range
from osw_stats.stats.survey.intervals import proportion_interval

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
        (`meaning.answers`).
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

    Notes
    -----
    Ratio estimator, Taylor linearisation, first-stage units taken as drawn with replacement: Särndal, Swensson and
    Wretman (1992), Model Assisted Survey Sampling, sections 5.5 to 5.7. Groups are domains: a cluster without
    members of a group counts as zero. Limits: Wilson on the effective size, shrunk for its degrees of freedom
    (Korn and Graubard 1998, Surv. Methodol. 24).

    Examples
    --------
    >>> answers = pd.DataFrame({"osi_12m": [1, 0, 0, 1, 0, 0], "w": [2.0, 1, 1, 1, 1, 2]})
    >>> shares = prevalence_from_microdata(answers, weight="w", by=())
    >>> shares[["pct", "se", "df"]].round(1).values.tolist()
    [[37.5, 23.5, 5.0]]
    """
    if single not in ("error", "centre"):
        raise InputError("is unknown", "Choose: error, centre.", column="single", value=single)
    layers, groups = [strata] if isinstance(strata, str) else list(strata or []), list(by)
    frame = respondents(frame, weight, items, [*layers, *([cluster] if cluster else []), *groups])
    group, labels = _codes(frame, groups)
    units = range(len(frame)) if cluster is None else pd.factorize(frame[cluster])[0]
    design = pd.DataFrame({"group": group, "stratum": _codes(frame, layers)[0], "unit": units})
    design["weight"] = frame[weight].to_numpy()
    clusters = design.groupby("stratum")["unit"].nunique()
    alone = clusters.index[clusters.eq(1)].to_numpy()
    if single == "error" and len(alone):
        at = int((design["stratum"].to_numpy() == alone[0]).argmax())
        problem = "this stratum has a single cluster, so its variance cannot be seen"
        remedy, column = (
            'Join it to a stratum like it, or pass single="centre".',
            ", ".join(layers) or cluster,
        )
        row, value = row_of(frame.index, at), ", ".join(str(frame[c].iloc[at]) for c in layers)
        raise InputError(problem, remedy, row=row, column=column, value=value)
    parts = []
    for item in items:
        estimates = _item(design, frame[item].to_numpy(dtype=float), clusters, alpha)
        if (empty := estimates["n"].eq(0)).any():
            remedy = "Leave the group out, or join it to another."
            name = ", ".join(map(str, labels.iloc[int(empty.to_numpy().argmax())]))
            raise InputError("nobody with a weight answered in this group", remedy, column=item, value=name)
        parts.append(pd.concat([labels.assign(item=item), estimates], axis=1))
    return pd.concat(parts, ignore_index=True)[["item", *groups, *MEASURES]]


def _item(design: pd.DataFrame, y: np.ndarray, clusters: pd.Series[int], alpha: float) -> pd.DataFrame:
    """Return the measures of one item by group; `clusters` are those of each stratum in the whole sample."""
    known = ~np.isnan(y)
    weight = design["weight"].where(known, 0.0)
    answered = design.assign(mass=weight, yes=weight * np.where(known, y, 0.0), n=known.astype(int))
    units = answered.groupby(["group", "stratum", "unit"])[["mass", "yes", "n"]].sum()
    total = units.groupby("group").sum()
    share = total["yes"] / total["mass"]
    score = (units["yes"] - units["mass"].mul(share, level="group")).div(total["mass"], level="group")
    # clusters without members of the group have score 0: they count in the number, not in the sums
    sums, squares = (s.groupby(["group", "stratum"]).sum() for s in (score, score**2))
    m = pd.Series(clusters.reindex(sums.index.get_level_values("stratum")).to_numpy(), sums.index)
    spread = (m / (m - 1) * (squares - sums**2 / m)).where(m > 1, squares)
    variance = spread.clip(lower=0).groupby("group").sum()
    used = units[units["n"] > 0].reset_index().groupby("group")
    count = used.size().reindex(total.index, fill_value=0)
    df = count - used["stratum"].nunique().reindex(total.index, fill_value=0)
    # a group where all or none say yes shows no variance: its size is taken as that of a simple sample
    n, n_eff = total["n"], (share * (1 - share) / variance).where(variance > 0, total["n"])
    shrunk = n_eff * (stats.norm.ppf(1 - alpha / 2) / stats.t.ppf(1 - alpha / 2, df)) ** 2
    limits = [
        proportion_interval(p, size, alpha=alpha) if d > 0 else (np.nan, np.nan)
        for p, size, d in zip(share, shrunk, df, strict=True)
    ]
    measures = pd.DataFrame({"pct": 100 * share, "se": 100 * np.sqrt(variance)})
    measures[["lower", "upper"]] = 100 * np.array(limits)
    small = [too_small(*sizes) for sizes in zip(n, n_eff, strict=True)]
    return measures.assign(n=n, n_eff=n_eff, deff=n / n_eff, clusters=count, df=df, suppressed=small)


def _codes(frame: pd.DataFrame, names: list[str]) -> tuple[np.ndarray, pd.DataFrame]:
    """Return a whole number a combination of columns, and the combinations in order."""
    if not names:
        return np.zeros(len(frame), dtype=np.int64), pd.DataFrame(index=range(1))
    for name in names:
        if (empty := frame[name].isna()).any():
            row = row_of(frame.index, int(empty.to_numpy().argmax()))
            raise InputError("is empty", "Fill it in, or leave the row out.", row=row, column=name)
    grouped = frame.groupby(names, observed=True)
    return grouped.ngroup().to_numpy(), grouped.size().reset_index()[names]


def respondents(
    frame: pd.DataFrame, weight: str, items: Sequence[str], others: Sequence[str] = ()
) -> pd.DataFrame:
    """Return the rows with a weight above 0, weights and items as numbers; who has no weight is no respondent."""
    for name in (weight, *others, *items):
        if name not in frame:
            remedy = f"Columns: {', '.join(map(str, frame.columns))}."
            raise InputError("there is no such column", remedy, column=name)
    if frame.empty:
        raise InputError("there are no respondents", "Give a frame with one row a respondent.")
    rows = frame.index if frame.index.name == LINE else pd.RangeIndex(1, len(frame) + 1, name=LINE)
    read = {weight: weights(frame[weight])} | {item: answers(frame[item]) for item in items}
    if not read[weight].any():
        raise InputError("all weights are zero", "Give the survey weights.", column=weight, value=0)
    return frame.set_axis(rows).assign(**read)[read[weight] > 0]


def check_everyone(frame: pd.DataFrame) -> None:
    """Refuse answers of a part of the people: a page presents them as those of everyone from 16 on."""
    cure = "The page is about everyone of 16 and over: give the answers of all of them, and of nobody else."
    for wave, rows in respondents(frame, "weight", ("osi_12m",)).groupby("wave"):
        for sex in sorted({"female", "male"} - set(rows["sex"])):
            raise InputError(f"nobody of this sex answered in wave {wave}", cure, column="sex", value=sex)
        lows, highs = zip(*(age_range(str(age)) for age in rows["age"].unique()), strict=True)
        if min(lows) != 16 or max(highs) < OLDEST:
            span = f"{min(lows)}-{max(highs)}".replace("-inf", "+")
            raise InputError(f"the answers of wave {wave} are of these ages", cure, column="age", value=span)
