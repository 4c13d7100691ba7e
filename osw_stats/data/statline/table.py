"""A published table as tidy observations: one row a cell, whatever shape it came in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from osw_stats.data.rows import FORMULA
from osw_stats.data.statline.keys import MARGIN_NAMES, MARGINS, PERIOD_NAMES, STATUS, SYMBOLS, period
from osw_stats.errors import InputError

OWN = ("time_period", "measure", "value", "ci_lower", "ci_upper", "obs_status", "row")
# measures that may go below zero: a balance or a change, not a count
SIGNED = re.compile(
    r"saldo|groei|correctie|verander|ontwikkeling|verschil|overschot|balans|toename|index", re.I
)
# crime types that the police do not publish by month
WITHHELD_BY_MONTH = {"1.4.1", "3.2.1", "3.2.2", "3.7.3"}
LONG = 12  # periods of nothing but zero that no count of a whole country shows
# only the digits 0 to 9: a bare \d also takes those of other scripts
NUMBER = {".": r"-?[0-9]+(?:\.[0-9]+)?", ",": r"-?[0-9]+(?:,[0-9]+)?"}


@dataclass(frozen=True)
class Table:
    """The observations of one published table.

    Attributes
    ----------
    name
        Table number where the file shows it, else the file's name.
    shape
        Which published shape it was read as.
    dims
        The table's own dimensions, without periods and margins.
    frame
        Columns `dims`, then time_period, measure, value, ci_lower, ci_upper, obs_status and row (line
        or record in the file).
    labels
        Per dimension, or "measure", the labels of its codes where a code list was there.
    """

    name: str
    shape: str
    dims: tuple[str, ...]
    frame: pd.DataFrame
    labels: dict[str, dict[str, str]] = field(default_factory=dict)


def numbers(texts: pd.Series[str], decimal: str) -> tuple[pd.Series[float], pd.Series[str]]:
    """Return values and statuses of printed cells; symbols become statuses, never zero.

    Raises
    ------
    InputError
        At the first cell that is neither a number nor a symbol (column and row are the
        name and the index label of the series).
    """
    plain = texts.str.strip(" ")  # padding is spaces; anything else in a cell is damage
    status = plain.map(SYMBOLS).fillna("normal")
    known = status == "normal"
    fits = plain[known].str.fullmatch(NUMBER[decimal])
    if not fits.all():
        row = fits.index[~fits][0]
        raise InputError(
            "is not a number as this shape prints it",
            f'Expected digits with a decimal "{decimal}", "." or nothing. Download the table again; '
            "do not edit it.",
            row=int(str(row)), column=str(texts.name), value=texts[row][:80],
        )  # fmt: skip
    values = pd.Series(np.nan, index=texts.index, dtype="float64")
    values[known] = plain[known].str.replace(",", ".", regex=False).astype("float64")
    return values, status


def melt(
    wide: pd.DataFrame, dims: Sequence[str], measures: Sequence[str], decimal: str,
    period_status: dict[str, str] | None = None, *, margins: bool = True,
) -> pd.DataFrame:  # fmt: skip
    """Turn a wide table of text cells into tidy observations.

    Parameters
    ----------
    wide
        All cells as text; the index is the row in the file.
    dims, measures
        Names of the dimension columns (period and margins among them) and of the others.
    decimal
        "." or ",".
    period_status
        Status by period key, from the code list where there is one.
    margins
        Whether to merge the rows of a margin; pages of a table are merged once, at the end.
    """
    base, plain = dimensions(wide, dims, period_status)
    parts = []
    for name in measures:
        values, status = numbers(wide[name], decimal)
        refuse_negative(values, name)
        mixed = status.where(status != "normal", base["obs_status"])
        parts.append(base.assign(measure=name, value=values, obs_status=mixed))
    tidy = pd.concat(parts, ignore_index=True)
    return merge_margins(tidy, plain) if margins else tidy


def dimensions(
    wide: pd.DataFrame, dims: Sequence[str], period_status: dict[str, str] | None = None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the columns every observation of a row shares, and the names of plain dimensions."""
    when = next((d for d in dims if d in PERIOD_NAMES), None)
    if when is None:
        raise InputError("has no column Perioden", "Download the table with its periods.", row=1)
    clash = next((d for d in dims if d in OWN), None)
    if clash:
        raise InputError("is a name this reader needs itself", "Rename the column.", row=1, column=clash)
    base = pd.DataFrame(
        {name: _codes(wide[name], may_be_empty=name == when) for name in dims}, index=wide.index
    )
    found = {}
    for code in base[when].cat.categories:
        try:
            found[code] = period(str(code))
        except InputError as error:
            row = base.index[base[when] == code][0]
            raise error.located(row=int(str(row)), column=when) from None
    base["time_period"] = base[when].map({c: p for c, (p, _) in found.items()}).astype("str")
    marks = {c: _status(str(c), mark, period_status) for c, (_, mark) in found.items()}
    base["obs_status"] = base[when].map(marks).astype("str")
    base["row"] = wide.index
    return base.drop(columns=when), tuple(d for d in dims if d != when and d not in MARGIN_NAMES)


def _codes(cells: pd.Series[str], *, may_be_empty: bool) -> pd.Series[Any]:
    """Return the codes of a dimension without padding; a code stands in many rows, so it is judged once."""
    coded = cells.astype("category")
    plain = {code: str(code).strip() for code in coded.cat.categories}
    for code, stripped in plain.items():
        if FORMULA.match(stripped) or not (stripped or may_be_empty):
            row = cells.index[coded == code][0]
            raise InputError(
                "is no code or label", "Download the table again; do not edit it.",
                row=int(row), column=str(cells.name), value=str(code)[:80],
            )  # fmt: skip
    if len(set(plain.values())) < len(plain):  # two spellings of one code
        return cells.str.strip().astype("category")
    return coded.cat.rename_categories(plain)


def _status(code: str, mark: str, listed: dict[str, str] | None) -> str:
    word = (listed or {}).get(code)
    if word is None:
        return mark
    if word not in STATUS:
        raise InputError(
            "is no status that StatLine uses", f"Known: {', '.join(filter(None, STATUS))}.", value=word
        )
    return STATUS[word]


def refuse_negative(values: pd.Series[float], name: str) -> None:
    """Refuse a negative count; balances and changes may be negative."""
    below = values < 0
    if below.any() and not SIGNED.search(name):
        row = values.index[below][0]
        raise InputError(
            "is a negative count", "Download the table again; if the publisher prints it so, report it.",
            row=int(str(row)), column=name, value=values[row],
        )  # fmt: skip


def merge_margins(tidy: pd.DataFrame, dims: tuple[str, ...]) -> pd.DataFrame:
    """Bring the three rows of a margin together into value, ci_lower and ci_upper.

    Raises
    ------
    InputError
        If a margin has an unknown code, or limits stand without their value.
    """
    margin = next((m for m in MARGIN_NAMES if m in tidy.columns), None)
    if margin is None:
        return _ordered(tidy.assign(ci_lower=np.nan, ci_upper=np.nan), dims)
    unknown = set(tidy[margin].astype("str")) - set(MARGINS)
    if unknown:
        row = tidy.loc[tidy[margin].isin(unknown), "row"].iloc[0]
        raise InputError("is an unknown kind of margin", f"Known: {', '.join(MARGINS)}.", row=int(row), column=margin, value=min(unknown))  # fmt: skip
    kind = tidy[margin].astype("str").map(MARGINS)
    key = [*dims, "time_period", "measure"]
    found = tidy[kind == "value"].drop(columns=margin)
    for end in ("ci_lower", "ci_upper"):
        limits = tidy[kind == end]
        _refuse_twice(limits, key)
        part = limits[[*key, "value"]].rename(columns={"value": end})
        joined = found.merge(part, on=key, how="outer", indicator=True)
        alone = joined["_merge"] == "right_only"
        if alone.any():
            raise InputError(
                "a limit stands without its value", "Download the table with all three margins.",
                row=int(limits["row"].iloc[0]), column=margin,
            )  # fmt: skip
        found = joined.drop(columns="_merge")
    return _ordered(found.sort_values("row", kind="stable", ignore_index=True), dims)


def _ordered(tidy: pd.DataFrame, dims: tuple[str, ...]) -> pd.DataFrame:
    return tidy[[*dims, *OWN]]


def finish(
    name: str, shape: str, dims: Iterable[str], frame: pd.DataFrame, labels: dict[str, dict[str, str]]
) -> Table:
    """Return the table when no cell stands in it twice and limits enclose their value.

    Raises
    ------
    InputError
        Otherwise.
    """
    dims = tuple(dims)
    if frame.empty:
        raise InputError("holds no observation", "Download the table again.", row=1)
    _refuse_twice(frame, [*dims, "time_period", "measure"])
    wrong = (frame["ci_lower"] > frame["value"]) | (frame["ci_upper"] < frame["value"])
    if wrong.any():
        at = frame[wrong].iloc[0]
        raise InputError(
            f"lies outside its own limits {at['ci_lower']:g} to {at['ci_upper']:g}", "Download the table again.",
            row=int(at["row"]), column=str(at["measure"]), value=at["value"],
        )  # fmt: skip
    refuse_zeros_for_withheld(frame, dims)
    return Table(name, shape, dims, frame.reset_index(drop=True), labels)


def refuse_zeros_for_withheld(frame: pd.DataFrame, dims: tuple[str, ...]) -> None:
    """Refuse a long series of zeros where the publisher withholds, or where the whole country is meant.

    Why: the police do not publish sexual offences by month. A copy that writes 0 for these cells
    says that none happened.

    Raises
    ------
    InputError
        For the first such series.
    """
    zero = frame["value"].eq(0) & frame["obs_status"].ne("withheld")
    if not zero.any() or not dims:
        return
    key = [*dims, "measure"]
    groups = frame.assign(_zero=zero, _month=frame["time_period"].str.len().eq(7)).groupby(
        key, observed=True, sort=False
    )
    series = groups.agg(
        size=("_zero", "size"), zero=("_zero", "all"), months=("_month", "any"), row=("row", "first")
    )
    suspect = series[series["zero"] & (series["size"] >= LONG)]
    national = not any(name.lower().startswith(("regio", "wijken", "gemeente")) for name in dims)
    for codes, found in suspect.iterrows():
        names = [str(c) for c in (codes if isinstance(codes, tuple) else (codes,))]
        withheld = found["months"] and any(n.strip().split(" ")[0] in WITHHELD_BY_MONTH for n in names)
        if withheld or national:
            raise InputError(
                f"is 0 in all {found['size']} periods: the publisher withholds these cells and somebody wrote 0 for them",
                "Take the table from its publisher; a withheld cell is never 0.",
                row=int(found["row"]), column=names[-1], value=", ".join(names[:-1]),
            )  # fmt: skip


def _refuse_twice(frame: pd.DataFrame, key: list[str]) -> None:
    twice = frame.duplicated(key)
    if twice.any():
        at = frame[twice].iloc[0]
        raise InputError(
            "this cell stands twice in the file", "Download the table again; do not paste files together.",
            row=int(at["row"]), column=str(at["measure"]), value=", ".join(str(at[k]) for k in key[:-1]),
        )  # fmt: skip
