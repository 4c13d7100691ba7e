"""Read tables copied by hand: figures as printed, and shares of groups with published margins.

The wording (`as_reported`) and the number (`value`) check each other: a typing error in one of them stops the build.
"""

import math
import re
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.data.register import SourceRecord
from osw_stats.data.rows import FORMS, check_cells, number, read_form, refuse_rows, step_of, tidy_row
from osw_stats.errors import InputError, located
from osw_stats.meaning.observations import NAMES, WITHOUT_VALUE, records
from osw_stats.meaning.periods import parse_period
from osw_stats.meaning.rounding import check_limits, printed_range
from osw_stats.meaning.series import series
from osw_stats.meaning.units import unit
from osw_stats.wording.parse import Figure, parse
from osw_stats.yamlfile import refusals

refused = refusals(__file__)

# words of a fall: such a change is printed without its minus sign
FALL = re.compile(r"\b(afname|afgenomen|nam\b.*\baf|daling|gedaald|minder|decrease|fell|fewer)\b", re.I)
RISE = "is a rise, and its wording tells a fall"


def read_transcription(record: SourceRecord, root: Path) -> pd.DataFrame:
    """Return the observations of one transcription table, with `file` relative to `root`."""
    return read_form(record, root, lambda cells: _parse_cells(cells, record))[NAMES]


def observation(cells: dict[str, str], record: SourceRecord, name: str, line: int) -> dict[str, Any]:
    """Return one row of the tidy table from the cells of a row copied by hand."""
    check_cells("transcription", cells, record.documents)
    return _parse_cells(cells, record) | {"file": name, "row": line}


def _parse_cells(cells: dict[str, str], record: SourceRecord) -> dict[str, Any]:
    with located(column="series_id", value=cells["series_id"]):
        about = series(cells["series_id"])
    with located(column="unit", value=cells["unit"]):
        if unit(cells["unit"]).code != about.unit:
            raise refused("other_unit", series=about.series_id, unit=about.unit)
    with located(column="time_period", value=cells["time_period"]):
        parse_period(cells["time_period"])
    document = record.documents[cells["source_id"]]
    value = number("value", cells["value"])
    figure = read_wording(cells, document["language"], value)
    if figure is not None and _is_fraction_word(figure, cells):
        value = figure.value  # "een derde" is exactly a third, however many decimals were typed
    copied = ["series_id", "time_period", "sex", "age", "breakdown", "obs_status", "source_id", "locator"]
    copied += ["as_reported", "published", "published_precision", "note"]
    facts: dict[str, Any] = {column: cells[column] for column in copied}
    facts |= {"lower": math.nan, "upper": math.nan, "lower_closed": True, "upper_closed": True}
    if figure:
        facts |= {name: getattr(figure, name) for name in ("lower", "upper", "lower_closed", "upper_closed")}
    return tidy_row(document.get("seen"), **facts, obs_value=math.nan if value is None else value)


def read_wording(cells: dict[str, str], language: str, value: float | None) -> Figure | None:
    """Return the figure in a row's wording, checked against its number; an InputError names the wrong cell."""
    words, step = cells["as_reported"], step_of(cells["step"])
    if cells["obs_status"] in WITHOUT_VALUE:
        return None
    if not words and cells["obs_status"] == "derived":
        # computed from other figures: as exact as they are, or to the given step
        half = (step or 0.0) / 2
        if value is None:
            return None
        return Figure(value, step or 1.0, "derived", value - half, value + half, True, not half)
    if not words:
        raise refused("no_wording", column="as_reported", value="")
    with located(column="as_reported", value=words):
        figure = parse(words, language=language, unit=cells["unit"], step=step)
    if step is not None:
        with located(column="step", value=cells["step"]):
            printed = parse(words, language=language, unit=cells["unit"]).step
            if not cells["note"]:
                raise refused("step_without_reason")
            if step > printed:
                raise refused("coarse_step", printed=printed)
    if figure.value is None and value is None:
        return figure
    with located(column="value", value=cells["value"]):
        if cells["series_id"].endswith("_change") and (value or 0) > 0 and FALL.search(words):
            raise InputError(RISE, "Write a fall with a minus sign: -5.2.")
        is_fall = value is not None and value < 0 and FALL.search(words) is not None
        if is_fall and _fits(figure, -(value or 0.0), cells):
            return figure.mirrored()
        if value is None or not _fits(figure, value, cells):
            raise refused("wording_differs", words=words)
    return figure


def _fits(figure: Figure, value: float, cells: dict[str, str]) -> bool:
    """Return whether a typed value matches its wording; a fraction in words has no decimals."""
    if figure.value is None:
        return False
    slack = 0.5 if _is_fraction_word(figure, cells) else 1e-9 * max(1.0, abs(figure.value))
    return abs(figure.value - value) <= slack


def _is_fraction_word(figure: Figure, cells: dict[str, str]) -> bool:
    """Return whether a share was printed as a fraction in words, hedged ("ruim een derde") or not."""
    in_words = figure.rule.endswith(("breukwoord", "op_k")) or not re.search(r"\d", cells["as_reported"])
    return cells["unit"] == "percent" and figure.value is not None and in_words


COPIED = ("sex", "age", "source_id", "locator", "published", "published_precision", "note", "file", "row")


def read_margins(record: SourceRecord, root: Path) -> pd.DataFrame:
    """Return the observations of one table of margins: shares with limits, and numbers of respondents if any."""
    table = read_form(record, root, _parse_margin)
    if (table["ci_upper"] <= 1).all():
        refuse_rows(table, "fractions", "pct")
    share, respondents = (FORMS["margins"][column]["series"] for column in ("pct", "n"))
    rows = []
    for cells in records(table):
        copied = {column: cells[column] for column in COPIED} | {"time_period": cells["wave"]}
        copied["seen"] = record.documents[cells["source_id"]].get("seen")
        printed = f"{cells['pct']} ({cells['lower']}-{cells['upper']})"
        low, high = printed_range(cells["obs_value"], printed=printed)
        limits = {column: cells[column] for column in ("obs_value", "ci_lower", "ci_upper")}
        rows.append(tidy_row(**copied, **limits, series_id=share, as_reported=printed, lower=low, upper=high))
        if cells["n"]:
            n = {"obs_value": cells["respondents"], "as_reported": cells["n"]}
            rows.append(tidy_row(**copied, **n, series_id=respondents))
    return pd.DataFrame(rows, columns=NAMES)


def _parse_margin(cells: dict[str, str]) -> dict[str, Any]:
    """Return the cells of a row with its numbers parsed."""
    with located(column="wave", value=cells["wave"]):
        parse_period(cells["wave"])
    share, lower, upper, n = (number(column, cells[column]) for column in ("pct", "lower", "upper", "n"))
    assert share is not None and lower is not None and upper is not None  # none is empty  # noqa: S101
    check_limits(share, lower, upper)
    return cells | {"obs_value": share, "ci_lower": lower, "ci_upper": upper, "respondents": n}
