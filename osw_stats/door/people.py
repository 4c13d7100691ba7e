"""`prevalence` and `protect`: answers of a survey, and tables with counts too small to publish."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from osw_stats.door import arguments
from osw_stats.errors import InputError

TOTAL = "total"
_TOTALS = {"all", "total", "totaal"}


def prevalence(
    frame: pd.DataFrame,
    items: str | Iterable[str],
    *,
    weight: str | None = None,
    strata: str | Iterable[str] | None = None,
    cluster: str | None = None,
    by: str | Iterable[str] | None = None,
    alpha: float = 0.05,
    single: str = "error",
) -> pd.DataFrame:
    """Return the share of people with each item, everyone and by group, with the variance of the survey's design.

    Parameters
    ----------
    frame
        One row a respondent.
    items
        Column or columns of answers: 1, True, "yes", "ja" or 0, False, "no", "nee"; empty is no answer.
    weight
        Column of survey weights; everybody counts alike when None.
    strata, cluster
        Columns of the strata, and of the primary sampling units in them.
    by
        Column or columns to split by, each within those before it: waves, then sexes of each wave.
    alpha
        1 minus the confidence level.
    single
        What to do with a stratum of one cluster: "error", or "centre" to measure it from the overall mean.

    Returns
    -------
    pandas.DataFrame
        `item`, the columns of `by` ("total" for everyone), `pct`, `se`, `lower`, `upper`, `n`, `n_eff`, `deff` and
        others. What rests on too few respondents, or would give these away by subtraction, is left out, and
        `suppression_reason` says so: the table may be published as it is, together with no other about these people.

    Notes
    -----
    Taylor linearisation, as R's survey package; see `osw_stats.shelf.microdata.estimates`.

    Examples
    --------
    >>> answers = pd.DataFrame({"sex": ["f", "m"] * 300, "osi": ["yes", "no", "no"] * 200, "w": [1.0, 1.5] * 300})
    >>> prevalence(answers, "osi", weight="w", by="sex")[["sex", "pct", "lower", "upper"]].round(1).values.tolist()
    [['total', 33.3, 29.5, 37.3], ['f', 33.3, 28.1, 39.0], ['m', 33.3, 28.1, 39.0]]
    """
    from osw_stats.shelf.microdata.estimates import MEASURES
    from osw_stats.shelf.microdata.release import releasable

    table = arguments.frame(frame)
    named, groups = arguments.columns(items, table, "items", some=True), arguments.columns(by, table, "by")
    arguments.labels(table, groups, ("item", *MEASURES, "suppression_reason"))
    for name in (*named, *arguments.columns(strata, table, "strata"), weight, cluster):
        if name is not None:
            arguments.text(name, "frame")
    if weight is None:
        weight = "weight of one"
        table = table.assign(**{weight: 1.0})
    weight = arguments.column(weight, table, "weight")
    return releasable(
        table,
        weight=weight,
        tables=[groups[:at] for at in range(len(groups) + 1)],
        items=named,
        strata=arguments.columns(strata, table, "strata"),
        cluster=None if cluster is None else arguments.column(cluster, table, "cluster"),
        alpha=arguments.number(alpha, "alpha", "level"),
        single=arguments.choice(single, ("error", "centre"), "single"),
    )


def protect(
    frame: pd.DataFrame,
    by: str | Iterable[str] | None = None,
    *,
    count: str | None = None,
    total: str = TOTAL,
    within: pd.DataFrame | None = None,
    earlier: Iterable[pd.DataFrame] = (),
) -> pd.DataFrame:
    """Return a table of counts without the small ones and what would give them away.

    Counts from 1 up to 4 are hidden, and others beside them where a total less what is shown would tell them.

    Parameters
    ----------
    frame
        A table of counts, as `pandas.crosstab` gives: totals are added where it has none. Or, with `by`, one count a
        row, all tables that are published together below each other.
    by
        The columns that say what is counted, such as `["region", "year"]`; each combination stands once.
    count
        The column of counts; the only other numeric one when None.
    total
        What stands in a column of `by`, or heads a row or column, for everybody. Whatever equals the sum of all others
        wherever it stands is taken for a total of another name, and refused unless the total has room for it; so is what
        equals the sum of those just before or after it, where there is no total.
    within
        Which value of a column of `by` lies in which: that column, `within`, and `kind` where the parts of several kinds
        each make up the whole; see `osw_stats.shelf.disclosure.protect`, which does the work.
    earlier
        Tables of the same shape that were published before, with all their counts, the oldest first.

    Returns
    -------
    pandas.DataFrame
        The table, hidden counts being NaN; with `by` also `suppression_reason`: "primary", "complementary",
        "confidential" (one of the two), "withheld" (missing in `frame`) or "".

    Examples
    --------
    >>> table = pd.DataFrame({"2023": [12, 3, 40], "2024": [15, 9, 38]}, index=["a", "b", "c"])
    >>> protect(table)["2023"].tolist(), protect(table).loc["total", "2024"].item()
    ([nan, nan, 40.0, 55.0], 62.0)
    """
    from osw_stats.shelf import disclosure

    total = arguments.text(total, "total")
    if isinstance(earlier, pd.DataFrame):
        raise InputError("is one table, not a list", "Pass [table, ...].", column="earlier")
    before = [(table, "earlier") for table in arguments.listed(earlier)]
    given = [arguments.frame(table, name) for table, name in [*before, (frame, "frame")]]
    told = [total, *(within["within"] if isinstance(within, pd.DataFrame) and "within" in within else [])]
    names = ["row", "column"] if by is None else arguments.columns(by, given[-1], "by", some=True)
    if within is not None:
        lies = arguments.frame(within, "within")
        arguments.columns([name for name in names if name in lies] or names, lies, "within")
        arguments.column("within", lies, "within")
    if by is None:
        if count is not None:
            raise InputError("goes only with `by`", "Leave one of them out.", column="count", value=count)
        wide = [_with_totals(table, total, told, within) for table in given]
        cells = [_cells(table) for table in wide]
        shown = disclosure.protect(cells[-1], names, total=total, within=within, earlier=cells[:-1])
        values = shown["count"].to_numpy(dtype=float).reshape(wide[-1].shape)
        return pd.DataFrame(values, index=wide[-1].index, columns=wide[-1].columns)
    for table in given:
        arguments.columns(names, table, "by")
        arguments.labels(table, names, ("suppression_reason", str(count)))
        for column in names:
            _refuse_totals(table[column], column, told)
    counted = given[-1][[c for c in given[-1] if c not in names]]
    _, name, _ = arguments.counts(counted, count, None, "frame", gaps=True)
    if name == "suppression_reason" or name not in counted:
        raise InputError("is no name for the counts", "Rename the column.", column="count", value=name)
    for other, beside in counted.drop(columns=name).items():
        if pd.api.types.is_numeric_dtype(beside.dtype) and (beside != beside.iloc[0]).any():
            problem = "stands beside the counts, and may tell what is hidden"
            remedy = "Name it in `by`, or leave it out: compute shares and rates from the result."
            raise InputError(problem, remedy, column=str(other))
    tables = []
    for table in given:
        arguments.columns([name], table, "earlier")
        tables.append(table.assign(**{name: arguments.numbers(table[name], name, "count", gaps=True)}))
        _refuse_sums(tables[-1], names, name, told, within)
        _refuse_subtotals(tables[-1], names, name, told, within)
    *old, now = tables
    return disclosure.protect(now, names, count=name, total=total, within=within, earlier=old)


def _with_totals(
    table: pd.DataFrame, total: str, told: list[Any], within: pd.DataFrame | None
) -> pd.DataFrame:
    """Return a table of counts with its totals; refuse labels that say nothing, or stand twice."""
    counts = {c: arguments.numbers(table[c], str(c), "count", gaps=True) for c in table}
    whole = pd.DataFrame(counts, index=table.index)
    for axis, labels in ((whole.index, "row"), (whole.columns, "column")):
        if axis.nlevels > 1 or not axis.is_unique:
            remedy = "Pass `by` and a row a count."
            raise InputError("has several levels, or a label twice", remedy, column=labels)
        _refuse_totals(axis, labels, [total])
    _refuse_sums(_cells(whole), ["row", "column"], "count", told, within)
    _refuse_subtotals(_cells(whole), ["row", "column"], "count", told, within)
    if total not in whole.columns:
        whole[total] = whole.sum(axis="columns", skipna=False)
    if total not in whole.index:
        whole.loc[total] = whole.sum(axis="index", skipna=False)
    return whole


def _refuse_totals(labels: Iterable[Any], column: str, told: list[Any]) -> None:
    """Refuse a total that is called otherwise than `told`: taken for a part, it would give the others away."""
    for label in labels:
        first, *more = [*str(label).casefold().split(), ""]
        if first in _TOTALS and (first != "all" or more == [""]) and label not in told:
            remedy = f'Leave totals out, or say so: total="{label}".'
            raise InputError("is a total", remedy, column=column, value=label)


def _refuse_sums(
    table: pd.DataFrame, names: list[str], count: str, told: list[Any], within: pd.DataFrame | None
) -> None:
    """Refuse what equals the sum of the others wherever it stands, whatever it is called, unless it is told what it is."""
    # It may be chance. Not where one part alone has a count: both are shown, or both are small. Not where the total
    # of all has room for it as a part, so whoever adds that total says so.
    table = table.reset_index(drop=True)
    total, counts = told[0], table[count].astype(float)
    for column in names:
        others = [name for name in names if name != column]
        at = table.groupby(others, dropna=False).ngroup() if others else pd.Series(0, table.index)
        whole = table[column].eq(total)
        everybody = at.map(counts[whole].groupby(at[whole]).first())
        part = ~table[column].isin(told)
        of, own = at[part], counts[part]
        sums = own.groupby(of).transform("sum", min_count=1) - own
        beside = own.gt(0).groupby(of).transform("sum") - own.gt(0)
        equal = own.eq(sums) & ~everybody[part].ge(own + sums)
        complete = own.notna().groupby(of).transform("all")
        known = set(within[column]) if within is not None and column in within else set()
        for label, rows in table[part][complete].groupby(column, sort=False).groups.items():
            if label not in known and equal[rows].all() and (beside[rows] > 1).any():
                remedy = f'If it is one, leave it out or say so: total="{label}"; if not, add "{total}" for all together.'
                raise InputError(
                    "equals the sum of the others, as a total does", remedy, column=column, value=label
                )


def _refuse_subtotals(
    table: pd.DataFrame, names: list[str], count: str, told: list[Any], within: pd.DataFrame | None
) -> None:
    """Refuse what equals the sum of those just before or after it wherever it stands, as a subtotal does, unless told."""
    # a total that is given has no room for subtotals beside their parts, so whoever adds it says that there are none
    cells = table.drop_duplicates(names).astype({count: float})
    for column in names:
        others = [name for name in names if name != column]
        known = {*told, *(within[column] if within is not None and column in within else [])}
        if table[column].eq(told[0]).any():
            continue
        numbers = cells.pivot_table(count, column, others, sort=False, observed=True)
        labels, values = list(numbers.index), numbers.to_numpy()
        for at in (at for at, label in enumerate(labels) if label not in known):
            for beside in (values[:at][::-1], values[at + 1 :]):
                some = (np.cumsum(beside > 0, axis=0) > 1).any(axis=1)
                if (some & (np.cumsum(beside, axis=0) == values[at]).all(axis=1)).any():
                    problem = "equals the sum of those beside it, as a subtotal does"
                    remedy = f'If it is one, leave it out or pass `within`; if not, add "{told[0]}" for all together.'
                    raise InputError(problem, remedy, column=column, value=labels[at])


def _cells(whole: pd.DataFrame) -> pd.DataFrame:
    keys: Any = [(row, column) for row in whole.index for column in whole]
    return pd.DataFrame(keys, columns=["row", "column"]).assign(count=whole.to_numpy().ravel())
