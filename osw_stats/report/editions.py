"""An edition: the year reported on, the as-of date, the languages and the parameters. Light to import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from osw_stats.errors import InputError
from osw_stats.report.root import LANGUAGES, editions
from osw_stats.yamlfile import read_yaml, require_schema

_SCHEMA = {
    "type": "object",
    "required": ["year", "as_of", "languages"],
    "additionalProperties": False,
    "properties": {
        "year": {"type": "integer", "minimum": 2020, "maximum": 2100},
        "as_of": {"type": "string", "format": "date"},
        # Dutch is the root of the site, other languages are folders in it
        "languages": {
            "type": "array",
            "prefixItems": [{"const": LANGUAGES[0]}],
            "items": {"enum": list(LANGUAGES)},
            "minItems": 1,
            "uniqueItems": True,
        },
        # edition and language are what the edition itself says
        "parameters": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "propertyNames": {"not": {"enum": ["edition", "language"]}},
            },
        },
    },
}


@dataclass(frozen=True)
class Edition:
    """One yearly report. `parameters` holds, by notebook, what differs from its defaults."""

    year: int
    as_of: date
    languages: tuple[str, ...]
    parameters: dict[str, dict[str, Any]]

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Edition:
        """Take an edition from what its file holds, or from `plain`."""
        as_of = date.fromisoformat(entry["as_of"])
        return cls(entry["year"], as_of, tuple(entry["languages"]), entry.get("parameters") or {})

    def plain(self) -> dict[str, Any]:
        """Return the edition as its file holds it."""
        told = {"year": self.year, "as_of": self.as_of.isoformat(), "languages": list(self.languages)}
        return told | {"parameters": self.parameters}

    def to_root(self, language: str) -> str:
        """Return the way from the pages of a language to the root of the site: the first language is the root."""
        return "" if language == self.languages[0] else "../"

    def from_root(self, language: str) -> str:
        """Return the folder of a language's pages, seen from the root of the site."""
        return "" if language == self.languages[0] else f"{language}/"


def load_edition(year: int, root: Path) -> Edition:
    """Read `editions/<year>.yml`.

    Raises
    ------
    InputError
        If there is no such edition or its file breaks a rule.
    """
    path = root / "editions" / f"{year}.yml"
    if not path.is_file():
        known = ", ".join(map(str, editions(root)))
        raise InputError(
            "there is no such edition", f"Known editions: {known}. `osw new-edition {year}` makes one.",
            column="edition", value=year,
        )  # fmt: skip
    name = path.relative_to(root).as_posix()
    entry: Any = read_yaml(path, name)
    require_schema(entry, _SCHEMA, "Mend the edition file after the example of another one.", file=name)
    if entry["year"] != year:
        raise InputError("differs from the file's name", "Make them equal.", file=name, column="year", value=entry["year"])  # fmt: skip
    return Edition.of(entry)
