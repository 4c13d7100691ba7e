"""The columns of every CSV file by the Table Schema standard, version 2."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.report.files.dictionary import column_type, describe

PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
KEYS = {"observations": "obs_id", "vintages": "obs_id", "sources": "source_id", "series": "series_id"}


def schemas(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what `datapackage.json` says of every CSV file of a folder: rows and columns, by file name.

    Notes
    -----
    Data Package 2.0 (datapackage.org). `rows` and the fields' `description_nl` are properties of
    our own, which the standard allows.
    """
    found = {}
    for path in sorted(folder.glob("*.csv")):
        frame = pd.read_csv(path, keep_default_na=False, na_values=[""])
        found[path.name] = {
            "type": "table", "encoding": "utf-8", "rows": len(frame), "schema": _schema(path.stem, frame),
        }  # fmt: skip
    return found


def _schema(name: str, frame: pd.DataFrame) -> dict[str, Any]:
    fields = []
    for column in map(str, frame.columns):
        field = {"name": column, "type": column_type(frame[column])}
        meanings = {
            "description": describe(name, column, "en"),
            "description_nl": describe(name, column, "nl"),
        }
        fields.append(field | {key: text for key, text in meanings.items() if text})
    schema: dict[str, Any] = {
        "$schema": PROFILE,
        "fields": fields,
        "missingValues": [""],
    }
    if name in KEYS:
        schema["primaryKey"] = [KEYS[name]]
    return schema
