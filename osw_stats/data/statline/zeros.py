"""Series of nothing but zero: refused where the publisher is known to give no figure, named elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from osw_stats.errors import InputError

# crime types of which the police publish no figure by month, and the tables that have months
WITHHELD_BY_MONTH = {"1.4.1", "3.2.1", "3.2.2", "3.7.3"}
POLICE = re.compile(r"470\d\dNED", re.I)
CRIME = re.compile(r"misdrijf|crime|offen[cs]e|incident|delict", re.I)
LONG = 12  # periods of nothing but zero


def look_at_zeros(name: str, frame: pd.DataFrame, dims: list[str], notes: list[str]) -> None:
    """Refuse zeros by month of offences that the police do not publish by month; name other series of nothing but 0.

    Why: a copy of such a table that holds 0 for a cell without a figure says that none happened.
    """
    if not frame["value"].eq(0).any() or not dims:
        return
    police = POLICE.fullmatch(name) or not re.fullmatch(r"\d{4,5}[A-Za-z]{3}", name)
    offences = [dim for dim in dims if CRIME.search(dim)] if police else []
    if offences:
        kinds = frame[offences[0]].astype(str).str.split(" ").str[0]
        withheld = kinds.isin(WITHHELD_BY_MONTH) & frame["time_period"].str.fullmatch(r"\d{4}-\d\d")
        for codes, at in _all_zero(frame[withheld], [*dims, "measure"])[0].iterrows():
            problem = f"is 0 in all {at['size']} months, and the police publish no figure by month for it"
            remedy = "Take the table from its publisher; a cell without a figure is never 0."
            kind = str(codes[dims.index(offences[0])])  # type: ignore[index]
            raise InputError(problem, remedy, row=int(at["row"]), column=offences[0], value=kind)
    zeros, series = _all_zero(frame, [*dims, "measure"])
    if len(zeros):
        names = [", ".join(map(str, codes)) for codes in zeros.index[:3]]
        of = f"{len(zeros)} of {series} series are 0 in all their periods"
        notes.append(f"{of} (see whether the publisher gives a figure there): {few(names, '; ')}")


def _all_zero(frame: pd.DataFrame, key: list[str]) -> tuple[pd.DataFrame, int]:
    """Return the long series of nothing but 0, and how many series there are."""
    parts = frame.assign(_zero=frame["value"].eq(0)).groupby(key, observed=True, sort=False)
    series = parts.agg(size=("_zero", "size"), zero=("_zero", "all"), row=("row", "first"))
    return series[series["zero"] & (series["size"] >= LONG)], len(series)


def few(names: Sequence[str], between: str = ", ") -> str:
    """Return the first of some names, for a message."""
    return between.join(names[:3]) + (" …" if len(names) > 3 else "")
