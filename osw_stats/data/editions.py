"""Read editions, scenarios and other YAML written by hand, checked against `schemas.yml`. Light to import."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from osw_stats.project import editions
from osw_stats.yamlfile import read_yaml, refusals, require_schema

refused = refusals(__file__)


@dataclass(frozen=True)
class Edition:
    """One yearly report. `parameters` holds the values that differ from the defaults, by notebook."""

    year: int
    as_of: date
    languages: tuple[str, ...]
    parameters: dict[str, dict[str, Any]]

    def to_root(self, language: str) -> str:
        """Return the path from the pages of a language to the root of the site, where the first language is."""
        return "" if language == self.languages[0] else "../"

    def from_root(self, language: str) -> str:
        """Return the folder of a language's pages, relative to the root of the site."""
        return "" if language == self.languages[0] else f"{language}/"


@cache
def schema(kind: str) -> dict[str, Any]:
    """Return the JSON schema for a kind of YAML file."""
    schemas: dict[str, dict[str, Any]] = read_yaml(Path(__file__).with_name("schemas.yml"))
    return schemas[kind]


def read_checked(path: Path, kind: str, remedy: str, name: str | None = None) -> Any:
    """Return the content of a YAML file; InputError, naming it `name`, if it does not fit the schema of its kind."""
    name = name or path.name
    if not path.is_file():
        raise refused("no_such_file", file=name, what=kind, remedy=remedy)
    entry = read_yaml(path, name)
    require_schema(entry, schema(kind), remedy, file=name)
    return entry


def earliest() -> int:
    """Return the first year an edition may report on."""
    return int(schema("edition")["properties"]["year"]["minimum"])


def load_edition(year: int, root: Path) -> Edition:
    """Read `editions/<year>.yml`; InputError if there is no such edition or its file breaks a rule."""
    path = root / "editions" / f"{year}.yml"
    if not path.is_file():
        known = ", ".join(map(str, editions(root)))
        first = earliest()
        code = "no_such_edition" if year >= first else "before_first"
        raise refused(code, column="edition", value=year, known=known, first=first)
    name = path.relative_to(root).as_posix()
    entry = read_checked(path, "edition", "Mend the edition file after the example of another one.", name)
    if entry["year"] != year:
        raise refused("other_year", file=name, column="year", value=entry["year"])
    as_of = date.fromisoformat(entry["as_of"])
    return Edition(year, as_of, tuple(entry["languages"]), entry.get("parameters") or {})


def read_scenario(path: Path, name: str | None = None) -> dict[str, Any]:
    """Return the content of a scenario file, named `name` in errors; `stats.capacity.scenarios` checks its values."""
    remedy = "Write it after the example of scenarios/central.yml."
    return dict(read_checked(path, "scenario", remedy, name or str(path)))
