"""Read the answers of a survey from a file outside the project, for those who hold them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.sources.disk import sha256

COLUMNS = ["wave", "sex", "age", "osi_12m", "weight", "stratum", "cluster"]


def read_survey(path: str) -> pd.DataFrame | None:
    """Return one row a respondent from a CSV file; None where no path is given.

    Parameters
    ----------
    path
        File with the columns wave, sex (female, male, other), age (band, such as 16-17), osi_12m (1, 0 or empty),
        weight, stratum and cluster. It is read and never copied: keep it outside the project.

    Raises
    ------
    InputError
        If there is no such file, it is no CSV or it lacks a column.
    """
    if not path:
        return None
    file = Path(path).expanduser()
    if not file.is_file():
        raise InputError("there is no such file", "Give the path of the survey file.", file=path, column="microdata")  # fmt: skip
    text = {"wave": "str", "sex": "str", "age": "str", "stratum": "str", "cluster": "str"}
    try:
        frame = pd.read_csv(file, dtype=text)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError, ValueError) as error:
        raise InputError(
            f"cannot be read as CSV ({str(error).splitlines()[0][:120]})", "Save it as CSV UTF-8, commas between cells.",
            file=path, column="microdata",
        ) from None  # fmt: skip
    for name in COLUMNS:
        if name not in frame:
            raise InputError("lacks a column", f"Columns: {', '.join(COLUMNS)}.", file=path, column=name)
    frame = frame[COLUMNS].astype(text)
    frame.attrs["sha256"] = sha256(file)
    return frame
