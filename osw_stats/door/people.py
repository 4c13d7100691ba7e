"""`prevalence` and `protect`: survey answers, and tables with counts too small to publish."""

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
    """Return the share of people with each item, overall and by group, with design-based variance.

    Parameters
    ----------
    frame
        One row per respondent.
    items
        Column or columns of answers: 1, True, "yes", "ja" or 0, False, "no", "nee"; empty means no answer.
    weight
        Column of survey weights; by default every respondent has weight 1.
    strata, cluster
        Columns with the strata, and with the primary sampling units within them.
    by
        Column or columns to split by, each nested in those before it: waves, then the sexes in each wave.
    alpha
        1 minus the confidence level.
    single
        How to treat a stratum with a single cluster: "error", or "centre" it at the overall mean.

    Returns
    -------
    pandas.DataFrame
        `item`, the columns of `by` ("total" for everyone), `pct`, `se`, `lower`, `upper`, `n`, `n_eff`, `deff` and
        others. Results that rest on too few respondents, or would reveal such results by subtraction, are withheld;
        `suppression_reason` says why. The table may be published as it is, but not beside another on the same people.

    Notes
    -----
    Taylor linearisation, as in R's survey package; see `osw_stats.shelf.microdata.estimates`.

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
    """Return a table of counts without the small ones and without what would reveal them.

    Counts from 1 to 4 are hidden, and further counts where a small one would follow by subtraction from a total.

    Parameters
    ----------
    frame
        A table of counts, as from `pandas.crosstab`; totals are added if it has none. Or, with `by`, one count per row,
        with all tables that are published together stacked below each other.
    by
        The columns that say what is counted, such as `["region", "year"]`; each combination occurs once.
    count
        The column of counts; by default the only other numeric one.
    total
        The label for everybody in a column of `by`, or of a row or column. A label whose counts always equal the sum
        of all others is taken for a total under another name, and refused unless the total has room for it; so is one
        whose counts equal the sum of those just before or after it, if there is no total.
    within
        Which value of a column of `by` lies in which: that column, `within`, and `kind` if parts of several kinds
        each add up to the whole; see `osw_stats.shelf.disclosure.protect`, which does the work.
    earlier
        Tables of the same shape that were published before, with all their counts, oldest first.

    Returns
    -------
    pandas.DataFrame
        The table, with hidden counts as NaN; with `by` also `suppression_reason`: "primary", "complementary",
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
    totals = [total, *(within["within"] if isinstance(within, pd.DataFrame) and "within" in within else [])]
    names = ["row", "column"] if by is None else arguments.columns(by, given[-1], "by", some=True)
    if within is not None:
        lies = arguments.frame(within, "within")
        arguments.columns([name for name in names if name in lies] or names, lies, "within")
        arguments.column("within", lies, "within")
    if by is None:
        if count is not None:
            raise InputError("is only for use with `by`", "Leave it out.", column="count", value=count)
        wide = [_with_totals(table, totals, within) for table in given]
        cells = [_cells(table) for table in wide]
        shown = disclosure.protect(cells[-1], names, total=total, within=within, earlier=cells[:-1])
        values = shown["count"].to_numpy(dtype=float).reshape(wide[-1].shape)
        return pd.DataFrame(values, index=wide[-1].index, columns=wide[-1].columns)
    for table in given:
        arguments.columns(names, table, "by")
        arguments.labels(table, names, ("suppression_reason", str(count)))
        for column in names:
            _refuse_totals(table[column], column, totals)
    counted = given[-1][[c for c in given[-1] if c not in names]]
    _, name, _ = arguments.counts(counted, count, None, "frame", gaps=True)
    if name == "suppression_reason" or name not in counted:
        raise InputError("cannot name the counts", "Rename the column.", column="count", value=name)
    for other, beside in counted.drop(columns=name).items():
        if pd.api.types.is_numeric_dtype(beside.dtype) and (beside != beside.iloc[0]).any():
            problem = "is beside the counts, and may reveal what is hidden"
            remedy = "Name it in `by`, or leave it out: compute shares and rates from the result."
            raise InputError(problem, remedy, column=str(other))
    tables = []
    for table in given:
        arguments.columns([name], table, "earlier")
        tables.append(table.assign(**{name: arguments.numbers(table[name], name, "count", gaps=True)}))
        _refuse_sums(tables[-1], names, name, totals, within)
    *old, now = tables
    return disclosure.protect(now, names, count=name, total=total, within=within, earlier=old)


def _with_totals(table: pd.DataFrame, totals: list[Any], within: pd.DataFrame | None) -> pd.DataFrame:
    """Return a table of counts with its totals; refuse labels that say nothing, or stand twice."""
    counts = {c: arguments.numbers(table[c], str(c), "count", gaps=True) for c in table}
    whole = pd.DataFrame(counts, index=table.index)
    for axis, labels in ((whole.index, "row"), (whole.columns, "column")):
        if axis.nlevels > 1 or not axis.is_unique:
            remedy = "Pass `by`, and one count per row."
            raise InputError("has several levels, or a label twice", remedy, column=labels)
        _refuse_totals(axis, labels, totals[:1])
    _refuse_sums(_cells(whole), ["row", "column"], "count", totals, within)
    total = totals[0]
    if total not in whole.columns:
        whole[total] = whole.sum(axis="columns", skipna=False)
    if total not in whole.index:
        whole.loc[total] = whole.sum(axis="index", skipna=False)
    return whole


def _refuse_totals(labels: Iterable[Any], column: str, totals: list[Any]) -> None:
    """Refuse a total that is called otherwise than `totals`: taken for a part, it would give the others away."""
    for label in labels:
        first, *more = [*str(label).casefold().split(), ""]
        if first in _TOTALS and (first != "all" or more == [""]) and label not in totals:
            remedy = f'Leave totals out, or say so: total="{label}".'
            raise InputError("is a total", remedy, column=column, value=label)


def _refuse_sums(
    table: pd.DataFrame, names: list[str], count: str, totals: list[Any], within: pd.DataFrame | None
) -> None:
    """Refuse what equals the sum of all others, or of those beside it, wherever it stands, unless told what it is."""
    # it may be chance, so whoever adds the total of all says that there are no subtotals beside their parts
    table = table.drop_duplicates(names, ignore_index=True).astype({count: float})
    for column in names:
        others = [name for name in names if name != column]
        known = {*totals, *(within[column] if within is not None and column in within else [])}
        called = (
            f'If it is one, leave it out or say so: total="{{}}"; if not, add "{totals[0]}" for all together.'
        )
        found = [
            (label, "the others, as a total does", called)
            for label in _sums(table, column, others, count, totals)
        ]
        if not table[column].eq(totals[0]).any():
            held = called.replace('say so: total="{}"', "pass `within`")
            beside = _sums_beside(table, column, others, count)
            found += [(label, "those beside it, as a subtotal does", held) for label in beside]
        for label, whose, remedy in found:
            if label not in known:
                raise InputError(
                    f"equals the sum of {whose}", remedy.format(label), column=column, value=label
                )


def _sums(table: pd.DataFrame, column: str, others: list[str], count: str, totals: list[Any]) -> list[Any]:
    """Return the labels that equal the sum of all others wherever they stand."""
    # Not where one part alone has a count: both are shown, or both are small. Not where the total of all has room
    # for it as a part.
    counts = table[count]
    at = table.groupby(others, dropna=False).ngroup() if others else pd.Series(0, table.index)
    whole, part = table[column].eq(totals[0]), ~table[column].isin(totals)
    everybody = at.map(counts[whole].groupby(at[whole]).first())
    of, own = at[part], counts[part]
    sums = own.groupby(of).transform("sum", min_count=1) - own
    beside = own.gt(0).groupby(of).transform("sum") - own.gt(0)
    equal = own.eq(sums) & ~everybody[part].ge(own + sums)
    complete = own.notna().groupby(of).transform("all")
    groups = table[part][complete].groupby(column, sort=False).groups
    return [label for label, rows in groups.items() if equal[rows].all() and (beside[rows] > 1).any()]


def _sums_beside(table: pd.DataFrame, column: str, others: list[str], count: str) -> list[Any]:
    """Return the labels that equal the sum of those just before or after them wherever they stand."""
    numbers = table.pivot_table(count, column, others, sort=False, observed=True)
    values, found = numbers.to_numpy(), []
    for at, label in enumerate(numbers.index):
        for beside in (values[:at][::-1], values[at + 1 :]):
            some = (np.cumsum(beside > 0, axis=0) > 1).any(axis=1)
            if (some & (np.cumsum(beside, axis=0) == values[at]).all(axis=1)).any():
                found.append(label)
    return found


def _cells(whole: pd.DataFrame) -> pd.DataFrame:
    keys: Any = [(row, column) for row in whole.index for column in whole]
    return pd.DataFrame(keys, columns=["row", "column"]).assign(count=whole.to_numpy().ravel())
