"""The CSV shapes of StatLine: bulk with keys, export with labels, package dump, v4 observations."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pandas as pd

from osw_stats.data.statline.json_shapes import observations_v4
from osw_stats.data.statline.keys import PERIOD_NAMES, SYMBOLS
from osw_stats.data.statline.table import NUMBER, Table, finish, melt
from osw_stats.errors import InputError
from osw_stats.meaning.observations import records

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")  # in a dump it names the file of a code list
_TOPIC = re.compile(r".+_\d+")  # the topic's number may change from edition to edition
_UNIT = re.compile(r"\([^()]*\)\s*$")
# headings of time in copies that others made
COPY_TIME = {"date", "datum", "year", "jaar"}
_V4 = {"Id", "Measure", "ValueAttribute", "Value"}


def read_csv(path: Path, name: str) -> Table:
    """Read one CSV file in the shape its header shows.

    Raises
    ------
    InputError
        If it has no known shape, or a cell does not fit the shape.
    """
    text = _text(path)
    header_line = text[: text.find("\n")]
    delimiter = ";" if header_line.count(";") >= header_line.count(",") else ","
    wide = _cells(text, delimiter)
    header = list(wide.columns)
    if set(header) >= _V4:
        records = wide.assign(row=wide.index)
        return observations_v4(records, name, "v4-csv")
    if header[0] == "ID" and all(_KEY.fullmatch(h) for h in header):
        return _keyed(wide, name, delimiter, path.parent)
    measures = [h for h in header if _UNIT.search(h)]
    if delimiter == ";" and measures and header[-len(measures) :] == measures:
        dims = header[: -len(measures)]
        return finish(name, "export", _plain(dims), melt(wide, dims, measures, ","), {})
    if COPY_TIME & set(header):
        return _copy(wide, name)
    raise InputError(
        "has none of the shapes that StatLine or data.politie.nl publish",
        "Known shapes are listed in docs/formats.md. A table of figures copied by hand needs the columns of "
        "a transcription table.",
        row=1, value=header_line[:80].strip(),
    )  # fmt: skip


def _keyed(wide: pd.DataFrame, name: str, delimiter: str, folder: Path) -> Table:
    """Read bulk CSV (`;`, padded text) or a package dump (`,`, bare numbers, code lists beside it)."""
    topics = [h for h in wide.columns if _TOPIC.fullmatch(h)]
    dims = [h for h in wide.columns if h not in topics and h != "ID"]
    if not topics:
        raise InputError("has no column of figures", "Download the table again.", row=1)
    lists = {} if delimiter == ";" else {d: code_list(folder / f"{d}.csv") for d in dims}
    labels = {d: {k: v["Title"] for k, v in codes.items()} for d, codes in lists.items() if codes}
    properties = code_list(folder / "DataProperties.csv") if delimiter == "," else {}
    titles = {t: properties[t]["Title"] for t in topics if t in properties}
    labels |= {"measure": titles} if titles else {}
    status = {k: v["Status"] for k, v in lists.get("Perioden", {}).items() if "Status" in v}
    if delimiter == ",":
        # a dump writes null as nothing: withheld or impossible, it does not say which
        wide = wide.copy()
        for topic in topics:
            wide[topic] = wide[topic].where(wide[topic].ne(""), next(iter(SYMBOLS)))
    tidy = melt(wide, dims, topics, ".", status or None)
    return finish(name, "bulk" if delimiter == ";" else "dump", _plain(dims), tidy, labels)


def _copy(wide: pd.DataFrame, name: str) -> Table:
    """Read a table that somebody else made of a published one: text columns, a date or year, counts.

    Why at all: such copies are what researchers find. They pass through the same rules, and
    one that turned withheld cells into zeros is refused by them.
    """
    time = next(h for h in wide.columns if h in COPY_TIME)
    numeric = [h for h in wide.columns if h != time and wide[h].str.strip().str.fullmatch(NUMBER["."]).all()]
    if not numeric:
        raise InputError("has no column of figures", "Download the table from its publisher.", row=1)
    dims = [h for h in wide.columns if h not in (time, *numeric)]
    dates = wide[time].str.strip().str.extract(r"^([0-9]{4})(?:-([0-9]{2})-01)?$")
    periods = dates[0].str.cat(dates[1].map(lambda m: f"MM{m}" if isinstance(m, str) else "JJ00"))
    if periods.isna().any():
        row = periods.index[periods.isna()][0]
        raise InputError("is no year or first day of a month", "Mend the copy.", row=int(row), column=time, value=wide[time][row])  # fmt: skip
    keyed = wide.assign(**{PERIOD_NAMES[0]: periods}).drop(columns=time)
    return finish(name, "copy", dims, melt(keyed, [*dims, PERIOD_NAMES[0]], numeric, "."), {})


def code_list(path: Path) -> dict[str, dict[str, str]]:
    """Return a code list by key without its padding; nothing where there is no file.

    Fields hold line breaks of several kinds inside their quotes.
    """
    if not path.is_file():
        return {}
    wide = _cells(_text(path), ",")
    if not {"Key", "Title"} <= set(wide.columns):
        raise InputError(
            "is no code list", "A code list has the columns Key and Title.", file=path.name, row=1
        )
    return {row["Key"].strip(): row for row in records(wide)}


def _plain(dims: list[str]) -> list[str]:
    return [d for d in dims if d not in ("Perioden", "Periods", "Marges", "Margins")]


def _text(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"is not UTF-8 text (byte {error.start})", "Download the file again; do not open and save it.",
            row=path.read_bytes()[: error.start].count(b"\n") + 1,
        ) from None  # fmt: skip
    if "\0" in text:
        raise InputError(
            "holds zero bytes", "Download the file again.", row=text[: text.index("\0")].count("\n") + 1
        )
    if not text.endswith(("\n", "\r")):
        raise InputError(
            "ends in the middle of a line", "The download was cut off: fetch it again.",
            row=text.count("\n") + 1,
        )  # fmt: skip
    return text


def _cells(text: str, delimiter: str) -> pd.DataFrame:
    """Return all cells as text under their headings; the index is the line where a row begins."""
    lines, rows, start = [], [], 1
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    try:
        header = next(reader)
        while True:
            start = reader.line_num + 1
            cells = next(reader)
            if len(cells) != len(header):
                raise InputError(
                    f"has {len(cells)} cells where the heading has {len(header)}",
                    "The file was cut off or edited: download it again.", row=start,
                )  # fmt: skip
            lines.append(start)
            rows.append(cells)
    except StopIteration:
        pass
    except csv.Error as error:
        raise InputError(f"cannot be read as CSV ({error})", "Download the file again.", row=start) from None
    if not rows:
        raise InputError("holds no row of figures", "Download the file again.", row=1)
    twice = next((h for h in header if header.count(h) > 1), None)
    if twice is not None or not all(h.strip() for h in header):
        raise InputError(
            "has a heading twice or an empty one", "Download the file again.", row=1, column=twice or ""
        )
    return pd.DataFrame(rows, columns=header, index=lines, dtype="str")
