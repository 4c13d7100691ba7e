"""Read survey microdata from a file outside the project, for those with access to them."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from osw_stats.data.rows import FORMS, csv_rows
from osw_stats.kept.disk import sha256
from osw_stats.meaning.answers import LINE, answers, row_of, weights
from osw_stats.yamlfile import refusals

refused = refusals(__file__)

NOTHING = ("", "NA", "NaN", "nan", "NULL", "null", "N/A", "n/a", "#N/A", "None", "<NA>")
COLUMNS = list(FORMS["respondents"])


def read_survey(path: str) -> pd.DataFrame | None:
    """Return one row per respondent from a CSV file; None without a path. An InputError names the line."""
    # the file is never copied: docs/formats.md describes it, and asks to keep it outside the project
    if not path:
        return None
    file = Path(path).expanduser()
    if not file.is_file():
        raise refused("no_survey", file=path, column="microdata")
    table = csv_rows(file, path, "answers_length")
    _, header = next(table)
    if len(header) == 1 and ";" in header[0]:
        raise refused("semicolons", file=path, row=1)
    for name in COLUMNS:
        if header.count(name) != 1:
            code = "column_twice" if name in header else "column_lacking"
            raise refused(code, file=path, column=name, columns=", ".join(COLUMNS))
    rows = list(table)
    lines = pd.Index([line for line, _ in rows], name=LINE)
    frame = pd.DataFrame([cells for _, cells in rows], columns=header, index=lines, dtype="object")[COLUMNS]
    frame = frame.mask(frame.isin(NOTHING), None)
    frame = frame.assign(weight=weights(frame["weight"], path), osi_12m=answers(frame["osi_12m"], path))
    weighted = frame["weight"] > 0
    groups = {name: rule for name, rule in FORMS["respondents"].items() if "shape" in rule}
    for name, rule in groups.items():
        cells = frame[name]
        for position in np.flatnonzero(~cells.str.fullmatch(rule["shape"]).eq(True) & weighted)[:1]:
            place: Any = {"file": path, "row": row_of(frame.index, int(position)), "column": name}
            if pd.isna(cells.iloc[position]):
                raise refused("group_empty", **place)
            raise refused("group", **place, value=cells.iloc[position], words=rule["words"])
    frame.attrs["sha256"] = sha256(file)
    return frame
