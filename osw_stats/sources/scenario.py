"""Read a scenario file: assumptions of a user, strictly, with their units and reasons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from osw_stats.errors import InputError
from osw_stats.yamlfile import read_yaml, require_schema

_TEXT = {
    "type": "object", "required": ["nl", "en"], "additionalProperties": False,
    "properties": {"nl": {"type": "string", "minLength": 1}, "en": {"type": "string", "minLength": 1}},
}  # fmt: skip
_VALUE = {"type": ["number", "string"], "minLength": 1}
_SCHEMA = {
    "type": "object",
    "required": ["name", "model", "parameters"],
    "additionalProperties": False,
    "properties": {
        "name": _TEXT,
        "model": {"type": "string"},
        "target_use": {"type": "number"},
        "parameters": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {
                "type": "object",
                "required": ["unit", "mid", "reason", "grade"],
                "additionalProperties": False,
                "properties": {
                    "unit": {"type": "string", "minLength": 1},
                    "low": _VALUE,
                    "mid": _VALUE,
                    "high": _VALUE,
                    "year": {"type": "integer", "minimum": 1990, "maximum": 2100},
                    "reason": _TEXT,
                    "grade": {"enum": ["A", "B", "C", "D"]},
                },
            },
        },
    },
}


def read_scenario(path: Path, name: str | None = None) -> dict[str, Any]:
    """Return the content of a scenario file.

    Parameters
    ----------
    path
        The file.
    name
        How errors call it.

    Raises
    ------
    InputError
        If it is not there or breaks a rule of its form; the column names the parameter. What the
        values may be is checked by `analysis.scenarios`.
    """
    shown = name or str(path)
    if not path.is_file():
        raise InputError(
            "there is no such scenario file",
            "Give the path of a file like scenarios/central.yml.",
            file=shown,
        )
    entry: Any = read_yaml(path, shown)
    require_schema(entry, _SCHEMA, "Write it after the example of scenarios/central.yml.", file=shown)
    return dict(entry)
