"""A published table as tidy observations: one row per cell, from any published shape."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from osw_stats.data.rows import FORMULA
from osw_stats.data.statline.files import Lists
from osw_stats.data.statline.grid import each, place_of, taken
from osw_stats.data.statline.keys import MARGIN_NAMES, WORDS, Mark, few, look_at_zeros, margin, period
from osw_stats.data.statline.notation import Cell, Notation
from osw_stats.yamlfile import refusals

refused = refusals(__file__)

ENDS = ("ci_lower", "ci_upper")
OPEN = ("lower", "upper")  # present where marks such as <5 leave an interval open
OWN = ("time_period", "measure", "value", *ENDS, *OPEN, "obs_status", "row")
COUNTED, SIGNED = (re.compile("|".join(WORDS[name]), re.I) for name in ("counts", "signed"))
WITH_VALUE = ("normal", "provisional", "estimated")  # statuses in version 4 of a value that is present
LABELLED = ("copy", "export", "layout")


@dataclass(frozen=True)
class Table:
    """The observations of one published table."""

    name: str  # table number if the file shows it, otherwise the file's name
    shape: str  # the published shape it was read as
    dims: tuple[str, ...]  # without periods and margins
    # `dims`, then time_period, measure, value, ci_lower, ci_upper, obs_status and row (line or record in the file);
    # lower and upper where marks such as `<5` leave an interval open
    frame: pd.DataFrame
    labels: dict[str, dict[str, str]] = field(default_factory=dict)  # of codes, by dimension or "measure"
    notes: tuple[str, ...] = ()  # skipped cells and points to check, one sentence each


@dataclass(frozen=True)
class Column:
    """A column of printed values."""

    measure: str  # empty where the keys of the rows have it
    texts: "pd.Series[Any]"
    fixed: dict[str, str] = field(default_factory=dict)  # keys shared by the whole column
    end: str = "value"  # of an interval
    reason: "pd.Series[Any] | None" = None  # the reason for missing values


@dataclass(frozen=True)
class Cells:
    """The contents of a file of any shape: the keys of its rows (dimensions, period, margin, measure) and its values."""

    shape: str
    keys: pd.DataFrame
    period: str  # the column of the keys, or the fixed key, with the periods
    columns: list[Column]
    notation: Notation
    lists: Lists = field(default_factory=Lists)
    notes: list[str] = field(default_factory=list)


def table_of(name: str, cells: Cells) -> Table:
    """Return the observations of a table; InputError at the first impossible cell."""
    notes = list(cells.notes)
    columns, values = _values(cells, notes)
    notes += dict.fromkeys(cells.lists.notes)
    frame = _keys(cells.keys, columns)
    not_dims = (cells.period, "measure", "end", "row", *MARGIN_NAMES)
    dims = [d for d in frame.columns if d not in not_dims]
    _refuse_names(cells)
    frame = frame.join(values)
    frame = _with_periods(frame, cells, notes)
    frame = _with_ends(frame, dims, notes)
    below = frame[frame["value"] < 0]
    titles = cells.lists.labels.get("measure", {})
    for measure, of_measure in below.groupby("measure", observed=True, sort=False):
        title = titles.get(str(measure), str(measure))
        row, value = of_measure[["row", "value"]].iloc[0]
        if COUNTED.search(title) and not SIGNED.search(title):
            raise refused("negative_count", row=int(row), column=str(measure), value=value)
        if not SIGNED.search(title):
            notes.append(f"{len(of_measure):,} values of {title} are below zero (row {row:.0f}: {value:g})")
    frame = _merged(frame, [*dims, "time_period", "measure"])
    look_at_zeros(name, frame, dims, notes)
    frame = frame[[*dims, *(name for name in OWN if name in frame)]].reset_index(drop=True)
    return Table(name, cells.shape, tuple(dims), frame, cells.lists.labels, tuple(notes))


def _values(cells: Cells, notes: list[str]) -> tuple[list[Column], pd.DataFrame]:
    """Return the columns of figures, and their values and statuses concatenated; columns of text are set aside."""
    padded = (t for c in cells.columns for t in c.texts.cat.categories)
    uses_marks = any(text.strip(" ") == "." or text[:1] == " " for text in padded)
    blank = "not_applicable" if uses_marks else "unknown"  # StatLine's legend, in a file that uses its marks
    kept, parts, apart = [], [], []
    for column in cells.columns:
        read: list[Cell | None] = each(column.texts, cells.notation.read)
        frequencies = np.bincount(column.texts.cat.codes, minlength=len(read))
        by_text = list(zip(frequencies, read, strict=True))
        # two numbers with a dash are a band among labels, and an interval among numbers
        texts = sum(n for n, cell in by_text if cell is None or (cell.mark and cell.mark.range))
        numbers = sum(n for n, cell in by_text if cell is not None and cell.number)
        name = column.measure or str(column.texts.name)
        if texts > numbers or column.measure in cells.lists.texts:
            apart.append(name)
            continue
        mixed = len({cell.percent for cell in read if cell is not None and cell.number}) > 1
        for text, cell in zip(column.texts.cat.categories, read, strict=True):
            if cell is None or (cell.percent and mixed):
                place = place_of(column.texts, text) | {"column": name}
                code = "not_a_number" if cell is None else "percentage"
                raise refused(code, **place, decimal=cells.notation.decimal)
        known = [cell for cell in read if cell is not None]
        values = pd.DataFrame(_mark_intervals(column, known), columns=list(OPEN))
        values = values.assign(value=[c.value for c in known], obs_status=[c.status or blank for c in known])
        part = values.iloc[column.texts.cat.codes]
        if column.reason is not None:
            reasons = taken(column.reason, each(column.reason, cells.lists.reason))
            with_value = np.isin(reasons, WITH_VALUE)
            status = part["obs_status"].where(reasons == "normal", reasons)
            status = status.mask(with_value & part["obs_status"].eq(blank), "unknown")
            part = part.assign(value=part["value"].where(with_value), obs_status=status)
        kept.append(column)
        parts.append(part)
    if not kept:
        first = cells.columns[0].texts
        text = next((t for t in first.cat.categories if cells.notation.read(t) is None), "")
        place = place_of(first, text or first.cat.categories[0]) | {"column": apart[0]}
        raise refused("no_column_of_figures", **place)
    if apart:
        notes.append(f"{len(apart)} columns of text are set apart: {few(apart)}")
    frame = pd.concat(parts, ignore_index=True)
    return kept, frame if frame["upper"].notna().any() else frame.drop(columns=list(OPEN))


def _mark_intervals(column: Column, cells: list[Cell]) -> list[tuple[float, float]]:
    """Return the interval left open by the mark of each distinct text in a column."""
    numbers = [cell.value for cell in cells if cell.number]
    integers = all(number == int(number) for number in numbers)
    # where a measure may be negative, `<5` has no lower limit
    signed = SIGNED.search(column.measure) or any(number < 0 for number in numbers)
    marks = [Mark("") if signed or cell.mark is None else cell.mark for cell in cells]
    return [(mark.lower, mark.upper - (mark.below and integers)) for mark in marks]


def _keys(keys: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Return the keys of every value, in the order of the columns."""
    times, size = len(columns), len(keys)
    frame = keys if times == 1 else keys.iloc[np.tile(np.arange(size), times)]
    frame = frame.assign(row=frame.index).reset_index(drop=True)
    fixed: dict[str, list[str]] = {name: [c.fixed[name] for c in columns] for name in columns[0].fixed}
    if "measure" not in keys:
        fixed["measure"] = [c.measure for c in columns]
    fixed["end"] = [c.end for c in columns]
    for name, texts in fixed.items():
        codes, known = pd.factorize(np.asarray(texts, dtype=object))
        frame[name] = pd.Categorical.from_codes(np.repeat(codes, size), pd.Index(known))
    rest = [c for c in frame.columns if c not in columns[0].fixed]
    return frame[[*columns[0].fixed, *rest]]


def _refuse_names(cells: Cells) -> None:
    """Refuse dimensions named like columns added here, and codes that a spreadsheet would run."""
    for name in cells.keys:
        codes = cells.keys[name]
        if name in OWN and (name != "measure" or cells.shape in LABELLED[:2]):
            raise refused("own_name", row=1, column=name)
        for code in map(str, codes.cat.categories):
            if (not code and name != cells.period) or FORMULA.match(code):
                raise refused("no_code", **place_of(codes, code))


def _with_periods(frame: pd.DataFrame, cells: Cells, notes: list[str]) -> pd.DataFrame:
    """Return the frame with codes as periods, and their marks as statuses; skip periods that are not modelled."""
    codes = frame.pop(cells.period)
    known, texts = each(codes, period), [str(c) for c in codes.cat.categories]
    strange = [text for text, entry in zip(texts, known, strict=True) if entry is None]
    skip = taken(codes, [entry is None for entry in known], bool)
    # a key begins with its year; a label may be anything, such as a total
    key = r"1[89]\d\d|20\d\d" + ("|.*[A-Za-z]" if cells.shape in LABELLED else "")
    damaged = next((c for c in strange if not re.match(key, c)), strange[0] if skip.all() else None)
    if damaged is not None:
        raise refused("no_period", **place_of(codes.set_axis(frame["row"]), damaged))
    if strange:
        notes.append(f"{skip.sum():,} cells of periods that are not modelled are passed over: {few(strange)}")
    periods, marks = zip(*(entry or ("", "") for entry in known), strict=True)
    listed = cells.lists.statuses
    marks = tuple(listed.get(t, m) if m == "normal" else m for t, m in zip(texts, marks, strict=True))
    frame["time_period"] = pd.Series(taken(codes, periods), index=frame.index, dtype="str")
    normal = frame["obs_status"].eq("normal")
    frame["obs_status"] = np.where(normal, taken(codes, marks), frame["obs_status"])
    return frame[~skip] if strange else frame


def _with_ends(frame: pd.DataFrame, dims: list[str], notes: list[str]) -> pd.DataFrame:
    """Return the frame with the end of an interval for each row, from the dimension of margins if there is one."""
    name = next((m for m in MARGIN_NAMES if m in frame), None)
    if name is None:
        return frame
    codes = frame.pop(name)
    ends = each(codes, margin)
    strange = [str(c) for c, end in zip(codes.cat.categories, ends, strict=True) if end is None]
    frame["end"] = taken(codes, [end or "" for end in ends])
    if strange:
        notes.append(f"rows of {name} that are no value or limit of 95% are passed over: {few(strange)}")
        frame = frame[frame["end"].ne("")]
    if frame.empty:
        raise refused("unknown_margin", row=1, column=name, value=strange[0])
    return frame


def _merged(frame: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Return one row per interval; refuse duplicate cells, and limits that do not enclose their value."""
    for first in _first(frame, frame.duplicated([*key, "end"])):
        value = ", ".join(str(first[k]) for k in key[:-1])
        raise refused("cell_twice", row=int(first["row"]), column=str(first["measure"]), value=value)
    end = frame.pop("end").astype(str)
    merged, limits = frame[end.eq("value")], frame[end.ne("value")]
    if len(limits):
        lone = ~pd.MultiIndex.from_frame(limits[key]).isin(pd.MultiIndex.from_frame(merged[key]))
        for first in _first(limits, lone):
            raise refused("lone_limit", row=int(first["row"]))
    for name in ENDS:
        limit = limits[end[limits.index].eq(name)].set_index(key)["value"].rename(name)
        merged = merged.join(limit, on=key) if len(limit) else merged.assign(**{name: np.nan})
    wrong = (merged["ci_lower"] > merged["value"]) | (merged["ci_upper"] < merged["value"])
    for first in _first(merged, wrong):
        place = {"row": int(first["row"]), "column": str(first["measure"]), "value": first["value"]}
        raise refused("outside_limits", **place, lower=first["ci_lower"], upper=first["ci_upper"])
    return merged


def _first(frame: pd.DataFrame, hit: Any) -> "list[pd.Series[Any]]":
    return [frame[hit].iloc[0]] if hit.any() else []
