"""Read a scenario file: assumptions of a user, strictly, with their units and reasons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from osw_stats.data.register import schema
from osw_stats.errors import InputError
from osw_stats.yamlfile import read_yaml, require_schema


def read_scenario(path: Path, name: str | None = None) -> dict[str, Any]:
    """Return the content of a scenario file; `name` is how errors call it.

    Raises
    ------
    InputError
        If it is not there or breaks a rule of its form; the column names the parameter. What the
        values may be is checked by `stats.capacity.scenarios`.
    """
    file = name or str(path)
    if not path.is_file():
        remedy = "Give the path of a file like scenarios/central.yml."
        raise InputError("there is no such scenario file", remedy, file=file)
    entry: dict[str, Any] = read_yaml(path, file)
    remedy = "Write it after the example of scenarios/central.yml."
    require_schema(entry, schema("scenario"), remedy, file=file)
    return entry
