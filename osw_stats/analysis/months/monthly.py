"""A monthly series of counts, checked: whole, counted, and not a row of missing values in disguise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from osw_stats.errors import InputError, NotEstimableError
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.periods import parse_period

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class MonthlySeries:
    """Counts of consecutive months.

    Attributes
    ----------
    name
        What is counted, for messages and tables.
    months
        Codes such as "2024-07", consecutive.
    counts
        Counts, shape (n,).
    definition_id
        The one definition all months share.
    vintage
        The day this edition of the series was known by; empty when not known.
    """

    name: str
    months: tuple[str, ...]
    counts: Floats
    definition_id: str = ""
    vintage: str = ""

    @property
    def days(self) -> Floats:
        """Days of each month, shape (n,)."""
        return np.array([parse_period(m).days for m in self.months], dtype=float)

    @property
    def month_of_year(self) -> Floats:
        """1 for January to 12 for December, shape (n,)."""
        return np.array([int(m[5:]) for m in self.months], dtype=float)

    def position(self, month: str) -> int:
        """Return the index of a month.

        Raises
        ------
        InputError
            If the month lies outside the series.
        """
        parse_period(month)
        if month not in self.months:
            raise InputError(
                f"lies outside the series {self.name}, which runs from {self.months[0]} to {self.months[-1]}",
                "Choose a month within it.", column="date", value=month,
            )  # fmt: skip
        return self.months.index(month)

    def part(self, first: int, last: int) -> MonthlySeries:
        """Return months `first` up to but not including `last`, by index."""
        return MonthlySeries(
            self.name, self.months[first:last], self.counts[first:last], self.definition_id, self.vintage
        )


def monthly_series(
    name: str,
    months: Sequence[str],
    counts: Sequence[float],
    *,
    definitions: Sequence[str] = (),
    vintage: str = "",
) -> MonthlySeries:
    """Return a checked series of monthly counts, in order of time.

    Parameters
    ----------
    name
        What is counted.
    months, counts
        Month codes and counts, one each.
    definitions
        The definition of each month, where known; they must be one.
    vintage
        The day this edition of the series was known by.

    Raises
    ------
    InputError
        For a month that is no month, stands twice or is missing in between, and for a count
        that is missing, negative or no whole number.
    NotEstimableError
        For counts that are all zero or all the same, and for months of several definitions.

    Examples
    --------
    >>> monthly_series("reports", ["2024-02", "2024-01"], [29, 31]).months
    ('2024-01', '2024-02')
    """
    if len(months) != len(counts):
        raise InputError(f"{len(months)} months and {len(counts)} counts", "Give one count a month.")
    if not len(months):
        raise NotEstimableError(f"{name}: not estimable because no month was published.")
    for month in months:
        if len(month) != 7 or parse_period(month).days > 31:
            raise InputError("is no month", "Write a month such as 2024-07.", column="month", value=month)
    order = np.argsort(np.array(months), kind="stable")
    ordered = [months[i] for i in order]
    values = np.asarray([counts[i] for i in order], dtype=float)
    _refuse_gaps(name, ordered)
    for month, value in zip(ordered, values, strict=True):
        _refuse_value(name, month, value)
    if not values.any():
        raise NotEstimableError(
            f"{name}: not estimable because every month is 0. That is how withheld figures look after a copy; "
            "they are missing, not zero."
        )
    if len(values) > 1 and np.all(values == values[0]):
        raise NotEstimableError(
            f"{name}: not estimable because every month has the same count ({values[0]:g}); counts of months "
            "vary, so this is no count."
        )
    kinds = sorted(set(definitions))
    if len(kinds) > 1:
        raise NotEstimableError(
            f"{name}: not estimable because the months do not count the same ({', '.join(kinds)}). "
            "Analyse the months of one definition."
        )
    return MonthlySeries(name, tuple(ordered), values, kinds[0] if kinds else "", vintage)


def _refuse_gaps(name: str, months: list[str]) -> None:
    wanted = pd.period_range(months[0], months[-1], freq="M").astype(str).tolist()
    if len(set(months)) < len(months):
        twice = next(m for m in months if months.count(m) > 1)
        raise InputError(f"stands twice in {name}", "Keep one.", column="month", value=twice)
    if len(wanted) > len(months):
        lost = next(m for m in wanted if m not in set(months))
        raise InputError(
            f"is missing in {name}, between {months[0]} and {months[-1]}",
            "Add the month, or cut the series before or after it.", column="month", value=lost,
        )  # fmt: skip


def _refuse_value(name: str, month: str, value: float) -> None:
    problem = (
        "is missing" if np.isnan(value) else "is negative" if value < 0
        else "is no whole number" if not np.isfinite(value) or value != round(value) else ""
    )  # fmt: skip
    if problem:
        raise InputError(
            f"count of {month} {problem} in {name}",
            "Use counts as published; cut the series where months are withheld.", column="count", value=value,
        )  # fmt: skip


def series_of_cells(cells: pd.DataFrame, offence: str, region: str = "NL") -> MonthlySeries | None:
    """Return the monthly series of one offence in downloaded tables; None where there is none.

    Parameters
    ----------
    cells
        All cells of downloaded tables.
    offence
        Code of the crime type, such as "1.4.1".
    region
        Start of the region's key; "NL" is the whole country. Tables without regions are national.

    Raises
    ------
    InputError, NotEstimableError
        If there is such a series and it cannot be analysed.
    """
    found = monthly_rows(cells, offence, region)
    if found.empty:
        return None
    rows = records(found)
    return monthly_series(
        f"{offence} ({rows[0]['table']})", [r["time_period"] for r in rows], [r["value"] for r in rows],
        vintage=rows[0]["known_by"],
    )  # fmt: skip


def monthly_rows(cells: pd.DataFrame, offence: str, region: str = "NL") -> pd.DataFrame:
    """Return the months of one offence in the latest table that holds it, as they stand there; see `series_of_cells`."""
    if not len(cells):
        return cells
    monthly = cells[cells["time_period"].str.len().eq(7) & cells["time_period"].str[5].isin(["0", "1"])]
    dims = monthly["dims"].str.split("; ")
    right = dims.map(lambda parts: _is_wanted(parts, offence, region))
    found = monthly[right.astype(bool) & monthly["measure_label"].str.contains("Ger?egist")]
    latest = found["known_by"].max()  # one vintage: months of two editions are never mixed
    chosen: pd.DataFrame = found[found["known_by"] == latest]
    first: pd.DataFrame = chosen[chosen["table"] == chosen["table"].min()]  # and one table
    return first


def offences(cells: pd.DataFrame) -> set[str]:
    """Return the codes of the crime types in downloaded tables."""
    if not len(cells):
        return set()
    kinds = cells["dims"].drop_duplicates().str.extractall(r"(?:^|; )Soort[^=;]*=([^ ;]+)")
    return set(kinds[0])


def _is_wanted(parts: list[str], offence: str, region: str) -> bool:
    values = dict(part.partition("=")[::2] for part in parts)
    kinds = [v.split(" ")[0] for k, v in values.items() if k.startswith("Soort")]
    places = [v for k, v in values.items() if k.startswith(("Regio", "Wijken"))]
    return kinds == [offence] and all(p.startswith(region) or p == "Nederland" for p in places)
