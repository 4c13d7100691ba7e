"""Read a transcription table: figures copied by hand from pages and PDFs, as printed.

The wording (`as_reported`) and the number (`value`) check each other: a typing
error in one of them stops the build.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.sources.register import SourceRecord
from osw_stats.sources.rows import number, read_rows, step_of
from osw_stats.vocabulary.observations import NAMES, PRECISIONS, SEXES, STATUSES, WITHOUT_VALUE
from osw_stats.vocabulary.periods import known_by, parse_period
from osw_stats.vocabulary.reported import Figure, parse
from osw_stats.vocabulary.series import series
from osw_stats.vocabulary.units import unit

# a change that is said to go down is printed without its minus sign
FALL = re.compile(r"\b(afname|afgenomen|nam\b.*\baf|daling|gedaald|minder|decrease|fell|fewer)\b", re.I)
_CHANGE = "_change"  # what a series of changes is called ends so
_CODE = re.compile(r"[A-Za-z0-9_+.=-]*")
HEADER = [
    "series_id", "time_period", "sex", "age", "breakdown", "value", "unit", "as_reported", "step",
    "obs_status", "source_id", "locator", "published", "published_precision", "note",
]  # fmt: skip


def read_transcription(record: SourceRecord, root: Path) -> pd.DataFrame:
    """Return the observations of one transcription table.

    Parameters
    ----------
    record
        The source record of the table.
    root
        Project folder; the `file` column is written relative to it.

    Raises
    ------
    InputError
        At the first row that cannot be used, with file, row, column and value.
    """
    name = record.path.relative_to(root).as_posix()
    rows = []
    for line, cells in read_rows(record.path, name, HEADER):
        try:
            rows.append(observation(cells, record, name, line))
        except InputError as error:
            raise error.located(file=name, row=line) from None
    return pd.DataFrame(rows, columns=NAMES)


def observation(c: dict[str, str], record: SourceRecord, name: str, line: int) -> dict[str, Any]:
    """Return one row of the tidy table from the cells of a row copied by hand.

    Raises
    ------
    InputError
        If a cell cannot be used; with column and value.
    """
    about = _in("series_id", series, c["series_id"])
    if c["unit"] != _in("unit", unit, c["unit"]).code or c["unit"] != about.unit:
        raise InputError(
            f"the series {about.series_id} counts {about.unit}",
            "Use that unit, or describe a series of its own.",
            column="unit", value=c["unit"],
        )  # fmt: skip
    _in("time_period", parse_period, c["time_period"])
    for column, allowed in (
        ("sex", SEXES), ("obs_status", STATUSES), ("published_precision", PRECISIONS),
        ("source_id", tuple(record.documents)),
    ):  # fmt: skip
        if c[column] not in allowed:
            raise InputError(
                "is not one of the allowed values",
                f"Allowed here: {', '.join(allowed)}.",
                column=column, value=c[column],
            )  # fmt: skip
    for column in ("age", "breakdown"):  # they become part of keys, anchors and links
        if not _CODE.fullmatch(c[column]):
            raise InputError(
                "is no code", "Write letters, digits, _ and -, as name=value in a breakdown.",
                column=column, value=c[column],
            )  # fmt: skip
    document = record.documents[c["source_id"]]
    value = number("value", c["value"])
    figure = _reported(c, document["language"], value)
    if figure is not None and _in_words(figure, c):
        value = figure.value  # "een derde" is a third, however it was typed
    return {
        "obs_id": observation_id(c),
        "series_id": about.series_id,
        "publisher": about.publisher,
        "indicator": about.indicator,
        "unit_measure": about.unit,
        "time_period": c["time_period"],
        "sex": c["sex"],
        "age": c["age"],
        "region": "NL",
        "breakdown": c["breakdown"],
        "obs_value": math.nan if value is None else value,
        "lower": figure.lower if figure else math.nan,
        "upper": figure.upper if figure else math.nan,
        "ci_lower": math.nan,
        "ci_upper": math.nan,
        "lower_closed": figure.lower_closed if figure else True,
        "upper_closed": figure.upper_closed if figure else True,
        "interval_kind": "rounding" if figure and figure.lower < figure.upper else "none",
        "obs_status": c["obs_status"],
        "definition_id": about.definition_id(c["time_period"], c["breakdown"]),
        "source_id": c["source_id"],
        "locator": c["locator"],
        "as_reported": c["as_reported"],
        "published": c["published"],
        "published_precision": c["published_precision"],
        "known_by": known_by(c["published"], c["published_precision"], document.get("seen")).isoformat(),
        "role": "main",
        "note": c["note"],
        "file": name,
        "row": line,
    }


def observation_id(c: dict[str, str]) -> str:
    """Return the readable key of a figure; the document is part of it, for vintages.

    Examples
    --------
    >>> observation_id({"series_id": "police_reports", "time_period": "2024", "sex": "total",
    ...                 "age": "total", "breakdown": "", "source_id": "politie-2025-03-09"})
    'police_reports/2024/politie-2025-03-09'
    """
    dims = [c[k] for k in ("sex", "age") if c[k] != "total"]
    dims += [c["breakdown"].replace("=", "-")] if c["breakdown"] else []
    return "/".join([c["series_id"], c["time_period"], *dims, c["source_id"]])


def _reported(c: dict[str, str], language: str, value: float | None) -> Figure | None:
    """Read the wording and hold it against the number."""
    if c["obs_status"] in WITHOUT_VALUE:
        return None
    if not c["as_reported"] and c["obs_status"] == "derived":
        return _derived(value, step_of(c["step"]))
    if not c["as_reported"]:
        raise InputError(
            "the wording as published is missing",
            'Copy the words and the number as printed, or give the row the status "derived".',
            column="as_reported", value="",
        )  # fmt: skip
    step = step_of(c["step"])
    try:
        figure = parse(c["as_reported"], language=language, unit=c["unit"], step=step)
    except InputError as error:
        raise error.located(column="as_reported", value=c["as_reported"]) from None
    if step is not None and not c["note"]:
        raise InputError(
            "a step of its own needs a reason",
            "Give the reason in the column note.",
            column="step",
            value=c["step"],
        )
    if step is not None:
        printed = parse(c["as_reported"], language=language, unit=c["unit"]).step
        if step > printed:
            raise InputError(
                f"is coarser than the wording itself ({printed:g})",
                "A step can only be finer than the last printed digit shows.",
                column="step", value=c["step"],
            )  # fmt: skip
    if figure.value is None and value is None:
        return figure
    if value is not None and tells_a_fall(c["series_id"], value, c["as_reported"]):
        raise InputError("is a rise, and its wording tells a fall", "Write a fall with a minus sign: -5.2.", column="value", value=c["value"])  # fmt: skip
    fall = value is not None and value < 0 and FALL.search(c["as_reported"])
    if fall and figure.value is not None and abs(figure.value + (value or 0.0)) <= _slack(figure, c):
        return figure.mirrored()
    if figure.value is None or value is None or abs(figure.value - value) > _slack(figure, c):
        raise InputError(
            f'does not agree with the wording "{c["as_reported"]}"',
            "Copy value and wording from the source once more.",
            column="value", value=c["value"],
        )  # fmt: skip
    return figure


def tells_a_fall(series_id: str, value: float, words: str) -> bool:
    """Say whether a change above zero is worded as a fall."""
    return series_id.endswith(_CHANGE) and value > 0 and FALL.search(words) is not None


def _derived(value: float | None, step: float | None) -> Figure | None:
    """Return a figure computed from others: as exact as they are, or to the `step` they leave open."""
    if value is None:
        return None
    half = (step or 0.0) / 2
    return Figure(value, step or 1.0, "derived", value - half, value + half, True, not half)


def _slack(figure: Figure, c: dict[str, str]) -> float:
    """Return how far a typed value may lie from its wording: a fraction in words has no decimals."""
    return 0.5 if _in_words(figure, c) else 1e-9 * max(1.0, abs(figure.value or 0.0))


def _in_words(figure: Figure, c: dict[str, str]) -> bool:
    """Say whether a share was printed as a fraction in words, hedged ("ruim een derde") or not."""
    words = figure.rule.endswith(("breukwoord", "op_k")) or not re.search(r"\d", c["as_reported"])
    return c["unit"] == "percent" and figure.value is not None and words


def _in(column: str, read: Any, text: str) -> Any:
    try:
        return read(text)
    except InputError as error:
        raise error.located(column=column, value=text) from None
