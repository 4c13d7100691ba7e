"""Design-based estimates of shares and differences from survey microdata.

Taylor linearisation over strata and clusters taken as drawn with replacement, on numpy and scipy only: packages that do
more bring their own table engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse, stats

from osw_stats.errors import InputError
from osw_stats.meaning.answers import LINE, answers, row_of, weights
from osw_stats.shelf.disclosure.hiding import too_small
from osw_stats.stats.survey.intervals import normal_quantile, proportion_interval

MEASURES = ["pct", "se", "lower", "upper", "n", "n_eff", "deff", "clusters", "df", "suppressed"]
PAIR_MEASURES = ["diff", "se", "lower", "upper", "df", "p"]
Array = NDArray[np.float64]
Codes = NDArray[np.int64]
Names = str | Sequence[str]


def prevalence_from_microdata(frame: pd.DataFrame, *, alpha: float = 0.05, **design: Any) -> pd.DataFrame:
    """Return the share of people with each item, by group, with design-based variance; nothing is suppressed.

    `design` is as in `_sample`. `items` hold 1 (yes), 0 (no) or NaN (no answer, left out), or those in words (`meaning.answers`); the combinations of `by`
    are the groups (none: everyone). A row of weight 0 is no respondent; with several waves the wave is one of the strata.
    Other parameters and the measures are as in `osw_stats.prevalence`; `n_eff` is n / deff and never above n, `clusters`
    and `df` are those of the group, `suppressed` marks groups with too few respondents to publish.

    >>> answers = pd.DataFrame({"osi_12m": [1, 0, 0, 1, 0, 0], "w": [2.0, 1, 1, 1, 1, 2]})
    >>> shares = prevalence_from_microdata(answers, weight="w", by=())
    >>> shares[["pct", "se", "df"]].round(1).values.tolist()
    [[37.5, 23.5, 5.0]]
    """
    # Ratio estimator, Taylor linearisation, first-stage units taken as drawn with replacement: Särndal, Swensson
    # and Wretman (1992), Model Assisted Survey Sampling, sections 5.5 to 5.7. Groups are domains: a cluster without
    # members of a group counts as zero. Limits: Wilson on the effective size, shrunk for its degrees of freedom
    # (Korn and Graubard 1998, Surv. Methodol. 24) and capped at n (Parker et al. 2017, NCHS Vital Health Stat.
    # 2(175)).
    z, sample = normal_quantile(alpha), _sample(frame, **design)
    parts = []
    for item in sample.items:
        estimate = sample.domains(item)
        share, n, variance = estimate.share, estimate.n, estimate.cov.diagonal()
        # a group in which all or none answer yes has no variance: its size is that of a simple random sample
        deff = np.divide(n * variance, share * (1 - share), out=np.ones_like(n), where=variance > 0)
        df = estimate.degrees(groups := np.arange(len(n)), groups)
        shrunk = np.minimum(n, n / deff * (z / stats.t.isf(alpha / 2, df)) ** 2)
        measures = sample.labels.assign(item=item, pct=100 * share, se=100 * np.sqrt(variance))
        measures[["lower", "upper"]] = 100 * wilson(share, shrunk, df, alpha)
        n_eff = np.minimum(n, n / deff)
        small = [too_small(*sizes) for sizes in zip(n, n_eff, strict=True)]
        clusters = estimate.units.diagonal()
        parts.append(measures.assign(n=n, n_eff=n_eff, deff=deff, clusters=clusters, df=df, suppressed=small))
    return pd.concat(parts, ignore_index=True)[["item", *sample.by, *MEASURES]]


def wilson(shares: Any, sizes: Any, df: Any, alpha: float) -> Array:
    """Return Wilson limits of shares on their effective sizes, shape (n, 2); NaN without degrees of freedom."""
    cells = zip(shares, sizes, df, strict=True)
    ends = [proportion_interval(p, n, alpha=alpha) if d > 0 else (np.nan, np.nan) for p, n, d in cells]
    return np.array(ends).reshape(-1, 2)


def differences_from_microdata(frame: pd.DataFrame, *, alpha: float = 0.05, **design: Any) -> pd.DataFrame:
    """Return design-based differences between all groups that differ in one column of `by`: waves, or domains within one.

    The parameters are those of `prevalence_from_microdata`. `diff` (the second minus the first), `se` and limits are in
    percentage points; nothing is adjusted for multiple comparisons.

    >>> answers = pd.DataFrame({"wave": ["2022"] * 4 + ["2024"] * 4, "osi_12m": [1, 0, 0, 0, 1, 1, 0, 0], "w": 1.0})
    >>> d = differences_from_microdata(answers, weight="w", strata="wave", by="wave")
    >>> d[["wave_from", "wave_to", "diff", "se", "df"]].round(1).values.tolist()
    [['2022', '2024', 25.0, 38.2, 6.0]]
    """
    # Student's t on the linearised variance of the contrast, with the covariance of groups that share clusters; df
    # are the clusters minus the strata of the two groups together: Korn and Graubard (1999), Analysis of Health
    # Surveys, section 2.3
    _, sample = normal_quantile(alpha), _sample(frame, **design)
    first, second = np.triu_indices(len(sample.labels), 1)
    cells = sample.labels.astype(str).to_numpy()
    adjacent = (cells[first] != cells[second]).sum(axis=1) == 1
    ends = {"_from": first[adjacent], "_to": second[adjacent]}
    first, second = ends.values()
    labels = [sample.labels.iloc[rows].add_suffix(end).reset_index(drop=True) for end, rows in ends.items()]
    pairs = pd.concat(labels, axis=1)
    parts: list[pd.DataFrame] = []
    for item in sample.items:
        estimate = sample.domains(item)
        var, df = estimate.cov.diagonal(), estimate.degrees(first, second)
        total = var[first] + var[second] - 2 * estimate.cov[first, second]
        se = 100 * np.sqrt(np.maximum(total, 0.0))
        diff, known = 100 * (estimate.share[second] - estimate.share[first]), (df > 0) & (se > 0)
        half = np.where(known, stats.t.isf(alpha / 2, np.maximum(df, 1)) * se, np.nan)
        t = np.divide(np.abs(diff), se, out=np.full_like(se, np.nan), where=known)
        lower, upper = np.maximum(diff - half, -100.0), np.minimum(diff + half, 100.0)
        table = pairs.assign(item=item, diff=diff, se=se, lower=lower, upper=upper, df=df)
        parts.append(table.assign(p=2 * stats.t.sf(t, np.maximum(df, 1))))
    return pd.concat(parts, ignore_index=True)[["item", *pairs.columns, *PAIR_MEASURES]]


@dataclass(frozen=True)
class _Domains:
    """Estimates of one item in every group; `units` and `strata` count those in which two groups both have respondents."""

    share: Array
    n: Array
    cov: Array
    units: Array
    strata: Array

    def degrees(self, first: Codes, second: Codes) -> Array:
        """Return the degrees of freedom of pairs of groups: clusters minus strata of the two together."""
        free = self.units - self.strata
        return np.asarray(free[first, first] + free[second, second] - free[first, second])


@dataclass(frozen=True)
class _Sample:
    """The respondents and their place in the design: codes of group and unit, and the stratum of each unit."""

    frame: pd.DataFrame
    items: list[str]
    by: list[str]
    labels: pd.DataFrame  # of the groups
    group: Codes
    unit: Codes
    stratum: Codes
    weight: Array

    def domains(self, item: str) -> _Domains:
        """Return the estimates of one item; respondents without an answer to it are left out."""
        y = self.frame[item].to_numpy(dtype=float)
        known = ~np.isnan(y)
        groups, units, strata = len(self.labels), len(self.stratum), int(self.stratum.max()) + 1
        group, unit, w = self.group[known], self.unit[known], self.weight[known]
        n = np.bincount(group, minlength=groups).astype(float)
        if (n == 0).any():
            remedy = "Leave the group out, or join it to another."
            name = ", ".join(map(str, self.labels.iloc[int((n == 0).argmax())]))
            problem = "nobody with a weight answered" + (" in this group" if name else "")
            raise InputError(problem, remedy, column=item, value=name or None)
        mass = np.bincount(group, w, groups)
        share = np.bincount(group, w * y[known], groups) / mass
        score = w * (y[known] - share[group]) / mass[group]
        scores = sparse.csc_array((score, (unit, group)), shape=(units, groups))
        within = sparse.csc_array((np.ones(units), (self.stratum, np.arange(units))), shape=(strata, units))
        m = np.asarray(within.sum(axis=1)).ravel()
        # clusters without members of a group have score 0: they count in the number, not in the sums
        outer = np.where(m > 1, m / np.maximum(m - 1, 1), 1.0)
        inner = np.where(m > 1, 1 / np.maximum(m - 1, 1), 0.0)
        sums = within @ scores
        cov = scores.T @ (sparse.diags_array(outer[self.stratum]) @ scores)
        cov = (cov - sums.T @ (sparse.diags_array(inner) @ sums)).toarray()
        np.fill_diagonal(cov, np.maximum(cov.diagonal(), 0.0))
        present = sparse.csc_array((np.ones(len(unit)), (unit, group)), shape=(units, groups)).sign()
        layers = (within @ present).sign()
        return _Domains(share, n, cov, (present.T @ present).toarray(), (layers.T @ layers).toarray())


def _sample(
    frame: pd.DataFrame,
    weight: str,
    items: Names = "osi_12m",
    by: Names = ("wave", "sex", "age"),
    strata: Names | None = None,
    cluster: str | None = None,
    single: str = "error",
) -> _Sample:
    if single not in ("error", "centre"):
        raise InputError("is unknown", "Choose: error, centre.", column="single", value=single)
    layers, items, by = ([n] if isinstance(n, str) else list(n or []) for n in (strata, items, by))
    frame = respondents(frame, weight, items, [*layers, *([cluster] if cluster else []), *by])
    group, labels = _codes(frame, by)
    layer, units = _codes(frame, layers)[0], np.arange(len(frame))
    if cluster is not None:
        units = pd.MultiIndex.from_arrays([layer, _codes(frame, [cluster])[0]]).factorize()[0]
    stratum = np.zeros(int(units.max()) + 1, dtype=np.int64)
    stratum[units] = layer
    singletons = np.flatnonzero(np.bincount(stratum) == 1)
    if single == "error" and len(singletons):
        i = int((layer == singletons[0]).argmax())
        problem = "this stratum has a single cluster, so its variance cannot be seen"
        remedy = 'Join it to a stratum like it, or pass single="centre".'
        row, value = row_of(frame.index, i), ", ".join(str(frame[c].iloc[i]) for c in layers)
        raise InputError(problem, remedy, row=row, column=", ".join(layers) or cluster, value=value or None)
    return _Sample(frame, items, by, labels, group, units, stratum, frame[weight].to_numpy(dtype=float))


def _codes(frame: pd.DataFrame, names: list[str]) -> tuple[Codes, pd.DataFrame]:
    """Return an integer code for each row's combination of columns, and the combinations in order."""
    if not names:
        return np.zeros(len(frame), dtype=np.int64), pd.DataFrame(index=range(1))
    for name in names:
        if (empty := frame[name].isna()).any():
            row = row_of(frame.index, int(empty.to_numpy().argmax()))
            raise InputError("is empty", "Fill it in, or leave the row out.", row=row, column=name)
    try:
        grouped = frame.groupby(names, observed=True)
        return np.asarray(grouped.ngroup(), dtype=np.int64), grouped.size().reset_index()[names]
    except TypeError:
        remedy = "Give each row one text or number."
        raise InputError("holds what is no label", remedy, column=", ".join(names)) from None


def respondents(
    frame: pd.DataFrame, weight: str, items: Sequence[str], others: Sequence[str] = ()
) -> pd.DataFrame:
    """Return the rows with a weight above 0, weights and items as numbers; a row without a weight is no respondent."""
    for name in (weight, *others, *items):
        if name not in frame:
            remedy = f"Columns: {', '.join(map(str, frame.columns))}."
            raise InputError("there is no such column", remedy, column=name)
    if frame.empty:
        raise InputError("there are no respondents", "Give a frame with one row a respondent.")
    rows = frame.index if frame.index.name == LINE else pd.RangeIndex(1, len(frame) + 1, name=LINE)
    values = {weight: weights(frame[weight])} | {item: answers(frame[item]) for item in items}
    if not values[weight].any():
        raise InputError("all weights are zero", "Give the survey weights.", column=weight, value=0)
    return frame.set_axis(rows).assign(**values)[values[weight] > 0]
