"""Series of nothing but zero: refused where it is known that no figure is published, named elsewhere."""

import re
from collections.abc import Sequence

import pandas as pd

from osw_stats.data.statline.keys import WORDS
from osw_stats.errors import InputError

LONG = 12  # periods of nothing but zero


def look_at_zeros(name: str, frame: pd.DataFrame, dims: list[str], notes: list[str]) -> None:
    """Refuse zeros in cells that words.yml knows to be empty; name other series of nothing but 0."""
    # a copy of such a table that holds 0 for a cell without a figure says that none happened
    if not frame["value"].eq(0).any() or not dims:
        return
    for empty in WORDS["withheld"]:
        # a copy whose name is no table number may be of any table
        meant = re.fullmatch(empty["tables"], name, re.I) or not re.fullmatch(r"\d{4,5}[A-Za-z]{3}", name)
        dim = next((dim for dim in dims if re.search(empty["dimension"], dim, re.I)), None)
        if not meant or dim is None:
            continue
        codes, periods = frame[dim].astype(str).str.split(" ").str[0], frame["time_period"]
        months = periods.str.fullmatch(r"\d{4}-\d\d") & periods.between(*empty["months"])
        for _, at in _all_zero(frame[codes.isin(empty["codes"]) & months], [*dims, "measure"])[0].iterrows():
            problem = (
                f"is 0 in all {at['size']} months, and {empty['publisher']} publish no figure by month for it"
            )
            remedy = (
                "Take the table from its publisher; a cell without a figure is never 0. How that is known "
            )
            remedy += f"({empty['seen']}): {empty['source']}."
            raise InputError(problem, remedy, row=int(at["row"]), column=dim, value=str(at[dim]))
    zeros, series = _all_zero(frame, [*dims, "measure"])
    if len(zeros):
        names = [", ".join(map(str, codes)) for codes in zeros.index[:3]]
        of = f"{len(zeros)} of {series} series are 0 in all their periods"
        notes.append(f"{of} (see whether the publisher gives a figure there): {few(names, '; ')}")


def _all_zero(frame: pd.DataFrame, key: list[str]) -> tuple[pd.DataFrame, int]:
    """Return the long series of nothing but 0, and how many series there are."""
    parts = frame.assign(_zero=frame["value"].eq(0)).groupby(key, observed=True, sort=False)
    series = parts.agg(
        size=("_zero", "size"), zero=("_zero", "all"), row=("row", "first"), **{k: (k, "first") for k in key}
    )
    return series[series["zero"] & (series["size"] >= LONG)], len(series)


def few(names: Sequence[str], between: str = ", ") -> str:
    """Return the first of some names, for a message."""
    return between.join(names[:3]) + (" …" if len(names) > 3 else "")
