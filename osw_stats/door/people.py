"""`prevalence` and `protect`: answers of a survey, and tables with counts too small to publish."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from osw_stats.door import arguments
from osw_stats.errors import InputError

TOTAL = "total"
_TOTALS = ("total", "totaal", "all", "alle", "totals", "sum")
Key = tuple[Hashable, ...]


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
        Column or columns to split by, each within those before it: `["wave", "sex"]` gives everyone, waves, and sexes
        of each wave.
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
    [['total', 33.3, 29.6, 37.3], ['f', 33.3, 28.2, 38.9], ['m', 33.3, 28.2, 38.9]]
    """
    from osw_stats.shelf.microdata.release import releasable

    table = arguments.frame(frame)
    named = arguments.columns(items, table, "items")
    if not named:
        raise InputError("names no column", "Name the column of answers.", column="items")
    layers, groups = (
        arguments.columns(given, table, name) for given, name in ((strata, "strata"), (by, "by"))
    )
    if weight is None:
        weight = "weight of one"
        table = table.assign(**{weight: 1.0})
    weight = arguments.column(weight, table, "weight")
    return releasable(
        table,
        weight=weight,
        tables=[groups[:at] for at in range(len(groups) + 1)],
        items=named,
        strata=layers,
        cluster=None if cluster is None else arguments.column(cluster, table, "cluster"),
        alpha=arguments.level(alpha),
        single=arguments.choice(single, ("error", "centre"), "single"),
    )


def protect(
    frame: pd.DataFrame, by: str | Iterable[str] | None = None, *, count: str | None = None
) -> pd.DataFrame:
    """Return a table of counts with its totals, without the small ones and what would give them away.

    Counts from 1 up to 4 are hidden, and others beside them where a total less what is shown would tell them.

    Parameters
    ----------
    frame
        A table of counts without totals, as `pandas.crosstab` gives; or, with `by`, one row a cell.
    by
        The columns that split the cells, such as `["region", "year"]`; each combination stands once.
    count
        The column of counts; the only other numeric one when None.

    Returns
    -------
    pandas.DataFrame
        A crosstab again, with totals, hidden counts being NaN; or, with `by`, one row a cell and a total
        ("total" in the columns it sums over), with `suppression`: "primary", "complementary", "confidential" (one of
        the two), "withheld" (missing in `frame`) or "".

    Notes
    -----
    The whole of the table with all its totals is one system, audited by whole numbers; see
    `osw_stats.shelf.disclosure.counts`. Other tables about the same people are not known here.

    Examples
    --------
    >>> table = pd.DataFrame({"2023": [12, 3, 40], "2024": [15, 9, 38]}, index=["a", "b", "c"])
    >>> protect(table)["2023"].tolist(), protect(table).loc["total", "2024"].item()
    ([nan, nan, 40.0, 55.0], 62.0)
    """
    table = arguments.frame(frame)
    if by is not None:
        names = arguments.columns(by, table, "by")
        if not names:
            raise InputError("names no column", "Name the columns that split the cells.", column="by")
        _, counts = arguments.indexed(table[[c for c in table if c not in names]], count, None, "frame")
        keys = [tuple(row) for row in table[names].itertuples(index=False)]
        hidden, codes = _hidden(_cells(keys, counts, names, str(counts.name)), len(names))
        cells = pd.DataFrame(list(hidden), columns=names)
        cells[str(counts.name)], cells["suppression"] = list(hidden.values()), list(codes.values())
        return cells
    cells_of: list[Key] = []
    values: list[Any] = []
    for column in table:
        cells_of += [(row, column) for row in table.index]
        values += list(table[column])
    names = [str(table.index.name or "row"), str(table.columns.name or "column")]
    hidden, _ = _hidden(_cells(cells_of, values, names, "count"), 2)
    rows, columns = ([*labels, TOTAL] for labels in (table.index, table.columns))
    shown = [[hidden[row, column] for column in columns] for row in rows]
    return pd.DataFrame(
        shown, index=pd.Index(rows, name=table.index.name), columns=pd.Index(columns, name=table.columns.name)
    )


def _cells(keys: list[Key], values: Any, names: list[str], count: str) -> dict[Key, float]:
    """Return the count of every cell, NaN where withheld; refuse a total, a cell twice, and what is no count."""
    missing = pd.isna(pd.Series(list(values), dtype="object")).to_numpy()
    numbers = np.full(len(keys), np.nan)
    known = [value for value, lost in zip(values, missing, strict=True) if not lost]
    numbers[~missing] = arguments.numbers_of(known, count, least=0, whole=True)
    cells: dict[Key, float] = {}
    for at, (key, number) in enumerate(zip(keys, numbers, strict=True)):
        for name, label in zip(names, key, strict=True):
            if str(label).casefold() in _TOTALS:
                remedy = "Leave totals out: they are added, and hidden with the rest."
                raise InputError("is a total", remedy, row=at + 1, column=name, value=label)
        if key in cells:
            remedy = "Add up the rows of a cell first, or name every column that splits them."
            raise InputError("this cell stands twice", remedy, row=at + 1, value=", ".join(map(str, key)))
        cells[key] = float(number)
    return cells


def _hidden(cells: dict[Key, float], width: int) -> tuple[dict[Key, float], dict[Key, str]]:
    """Return the counts that may be shown, totals included, and why others are not."""
    from osw_stats.shelf.disclosure import counts

    labels = [list(dict.fromkeys(key[at] for key in cells)) for at in range(width)]
    figures: dict[Key, float] = {}
    relations = []
    for key in product(*([*known, TOTAL] for known in labels)):
        sums = [at for at in range(width) if key[at] == TOTAL]
        if not sums:
            figures[key] = cells.get(key, 0.0)  # a combination that nobody has
            continue
        spread = [[label] if at not in sums else labels[at] for at, label in enumerate(key)]
        figures[key] = sum(
            cells.get(part, 0.0) for part in product(*spread)
        )  # NaN with a part that is withheld
        relations += [(key, [(*key[:at], label, *key[at + 1 :]) for label in labels[at]]) for at in sums]
    reasons, codes = counts.protect(figures, relations)
    shown = {key: np.nan if reasons[key] else number for key, number in figures.items()}
    return shown, {key: str(code) for key, code in codes.items()}
