"""Read the answers of a survey from a file outside the project, for those who hold them."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from osw_stats.data.rows import FORMS, csv_rows
from osw_stats.errors import InputError
from osw_stats.kept.disk import sha256
from osw_stats.meaning.answers import LINE, answers, row_of, weights

NOTHING = ("", "NA", "NaN", "nan", "NULL", "null", "N/A", "n/a", "#N/A", "None", "<NA>")
COLUMNS = list(FORMS["respondents"])


def read_survey(path: str) -> pd.DataFrame | None:
    """Return one row a respondent from a CSV file; None where no path is given. An InputError names the line."""
    # it is read and never copied: docs/formats.md says what it holds, and to keep it outside the project
    if not path:
        return None
    file = Path(path).expanduser()
    if not file.is_file():
        problem, remedy = "there is no such file", "Give the path of the survey file."
        raise InputError(problem, remedy, file=path, column="microdata")

    remedy = "Write a decimal point, no comma; put text that holds a comma between double quotes."
    table = csv_rows(file, path, remedy)
    _, header = next(table)
    if len(header) == 1 and ";" in header[0]:
        remedy = "Save it as CSV UTF-8, commas between cells and a decimal point."
        raise InputError("has semicolons between its cells", remedy, file=path, row=1)
    for name in COLUMNS:
        if header.count(name) != 1:
            problem = "stands twice" if name in header else "lacks a column"
            raise InputError(problem, f"Columns: {', '.join(COLUMNS)}.", file=path, column=name)
    rows = list(table)
    lines = pd.Index([line for line, _ in rows], name=LINE)
    frame = pd.DataFrame([cells for _, cells in rows], columns=header, index=lines, dtype="object")[COLUMNS]
    frame = frame.mask(frame.isin(NOTHING), None)
    frame = frame.assign(weight=weights(frame["weight"], path), osi_12m=answers(frame["osi_12m"], path))
    counts = frame["weight"] > 0
    groups = {name: rule for name, rule in FORMS["respondents"].items() if "shape" in rule}
    for name, rule in groups.items():
        cells = frame[name]
        for at in np.flatnonzero(~cells.str.fullmatch(rule["shape"]).eq(True) & counts)[:1]:
            place: Any = {"file": path, "row": row_of(frame.index, int(at)), "column": name}
            if pd.isna(cells.iloc[at]):
                raise InputError("is empty", "Fill it in, or leave the row out.", **place)
            raise InputError("is no group", f"Write {rule['words']}.", **place, value=cells.iloc[at])
    frame.attrs["sha256"] = sha256(file)
    return frame
