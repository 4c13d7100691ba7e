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
    chosen, groups = (arguments.columns(items, table, "items", some=True), arguments.columns(by, table, "by"))
    arguments.labels(table, groups, ("item", *MEASURES, "suppression_reason"))
    for name in (*chosen, *arguments.columns(strata, table, "strata"), weight, cluster):
        if name is not None:
            arguments.text(name, "frame")
    if weight is None:
        weight = "weight of one"
        table = table.assign(**{weight: 1.0})
    weight = arguments.column(weight, table, "weight")
    return releasable(
        table,
        weight=weight,
        tables=[groups[:depth] for depth in range(len(groups) + 1)],
        items=chosen,
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
    published = [(table, "earlier") for table in arguments.listed(earlier)]
    inputs = [arguments.frame(table, name) for table, name in [*published, (frame, "frame")]]
    totals = [total, *(within["within"] if isinstance(within, pd.DataFrame) and "within" in within else [])]
    names = ["row", "column"] if by is None else arguments.columns(by, inputs[-1], "by", some=True)
    if within is not None:
        nesting = arguments.frame(within, "within")
        arguments.columns([name for name in names if name in nesting] or names, nesting, "within")
        arguments.column("within", nesting, "within")
    if by is None:
        if count is not None:
            raise InputError("is only for use with `by`", "Leave it out.", column="count", value=count)
        wide = [_with_totals(table, totals, within) for table in inputs]
        cells = [_cells(table) for table in wide]
        protected = disclosure.protect(cells[-1], names, total=total, within=within, earlier=cells[:-1])
        values = protected["count"].to_numpy(dtype=float).reshape(wide[-1].shape)
        return pd.DataFrame(values, index=wide[-1].index, columns=wide[-1].columns)
    for table in inputs:
        arguments.columns(names, table, "by")
        arguments.labels(table, names, ("suppression_reason", str(count)))
        for column in names:
            _refuse_totals(table[column], column, totals)
    measures = inputs[-1][[c for c in inputs[-1] if c not in names]]
    _, name, _ = arguments.counts(measures, count, None, "frame", gaps=True)
    if name == "suppression_reason" or name not in measures:
        raise InputError("cannot name the counts", "Rename the column.", column="count", value=name)
    for other, extra in measures.drop(columns=name).items():
        if pd.api.types.is_numeric_dtype(extra.dtype) and (extra != extra.iloc[0]).any():
            problem = "is beside the counts, and may reveal what is hidden"
            remedy = "Name it in `by`, or leave it out: compute shares and rates from the result."
            raise InputError(problem, remedy, column=str(other))
    tables = []
    for table in inputs:
        arguments.columns([name], table, "earlier")
        tables.append(table.assign(**{name: arguments.numbers(table[name], name, "count", gaps=True)}))
        _refuse_sums(tables[-1], names, name, totals, within)
    *older, current = tables
    return disclosure.protect(current, names, count=name, total=total, within=within, earlier=older)


def _with_totals(table: pd.DataFrame, totals: list[Any], within: pd.DataFrame | None) -> pd.DataFrame:
    """Return a table of counts with totals added; refuse unusable or repeated labels."""
    counts = {c: arguments.numbers(table[c], str(c), "count", gaps=True) for c in table}
    result = pd.DataFrame(counts, index=table.index)
    for axis, labels in ((result.index, "row"), (result.columns, "column")):
        if axis.nlevels > 1 or not axis.is_unique:
            remedy = "Pass `by`, and one count per row."
            raise InputError("has several levels, or a label twice", remedy, column=labels)
        _refuse_totals(axis, labels, totals[:1])
    _refuse_sums(_cells(result), ["row", "column"], "count", totals, within)
    total = totals[0]
    if total not in result.columns:
        result[total] = result.sum(axis="columns", skipna=False)
    if total not in result.index:
        result.loc[total] = result.sum(axis="index", skipna=False)
    return result


def _refuse_totals(labels: Iterable[Any], column: str, totals: list[Any]) -> None:
    """Refuse a total labelled otherwise than `totals`: counted as a part, it would reveal the others."""
    for label in labels:
        first, *rest = [*str(label).casefold().split(), ""]
        if first in _TOTALS and (first != "all" or rest == [""]) and label not in totals:
            remedy = f'Leave totals out, or say so: total="{label}".'
            raise InputError("is a total", remedy, column=column, value=label)


def _refuse_sums(
    table: pd.DataFrame, names: list[str], count: str, totals: list[Any], within: pd.DataFrame | None
) -> None:
    """Refuse an undeclared label whose counts always equal the sum of all others, or of its neighbours."""
    # the match may be chance, so adding the grand total declares that there are no subtotals among the parts
    table = table.drop_duplicates(names, ignore_index=True).astype({count: float})
    for column in names:
        others = [name for name in names if name != column]
        declared = {*totals, *(within[column] if within is not None and column in within else [])}
        advice = (
            f'If it is one, leave it out or say so: total="{{}}"; if not, add "{totals[0]}" for all together.'
        )
        suspects = [
            (label, "the others, as a total does", advice)
            for label in _sums(table, column, others, count, totals)
        ]
        if not table[column].eq(totals[0]).any():
            hint = advice.replace('say so: total="{}"', "pass `within`")
            neighbours = _sums_of_neighbours(table, column, others, count)
            suspects += [(label, "those beside it, as a subtotal does", hint) for label in neighbours]
        for label, addends, remedy in suspects:
            if label not in declared:
                raise InputError(
                    f"equals the sum of {addends}", remedy.format(label), column=column, value=label
                )


def _sums(table: pd.DataFrame, column: str, others: list[str], count: str, totals: list[Any]) -> list[Any]:
    """Return the labels whose counts equal the sum of all others in every cell."""
    # Not if only one other part has a count: both are shown, or both are small. Not if the grand total has room
    # for it as a part.
    counts = table[count]
    cell = table.groupby(others, dropna=False).ngroup() if others else pd.Series(0, table.index)
    is_total, is_part = table[column].eq(totals[0]), ~table[column].isin(totals)
    grand_totals = cell.map(counts[is_total].groupby(cell[is_total]).first())
    part_cell, part_counts = cell[is_part], counts[is_part]
    sums = part_counts.groupby(part_cell).transform("sum", min_count=1) - part_counts
    positive = part_counts.gt(0).groupby(part_cell).transform("sum") - part_counts.gt(0)
    equal = part_counts.eq(sums) & ~grand_totals[is_part].ge(part_counts + sums)
    complete = part_counts.notna().groupby(part_cell).transform("all")
    groups = table[is_part][complete].groupby(column, sort=False).groups
    return [label for label, rows in groups.items() if equal[rows].all() and (positive[rows] > 1).any()]


def _sums_of_neighbours(table: pd.DataFrame, column: str, others: list[str], count: str) -> list[Any]:
    """Return the labels whose counts equal the sum of those just before or after them in every cell."""
    numbers = table.pivot_table(count, column, others, sort=False, observed=True)
    values, labels = numbers.to_numpy(), []
    for position, label in enumerate(numbers.index):
        for neighbours in (values[:position][::-1], values[position + 1 :]):
            several = (np.cumsum(neighbours > 0, axis=0) > 1).any(axis=1)
            if (several & (np.cumsum(neighbours, axis=0) == values[position]).all(axis=1)).any():
                labels.append(label)
    return labels


def _cells(table: pd.DataFrame) -> pd.DataFrame:
    keys: Any = [(row, column) for row in table.index for column in table]
    return pd.DataFrame(keys, columns=["row", "column"]).assign(count=table.to_numpy().ravel())
