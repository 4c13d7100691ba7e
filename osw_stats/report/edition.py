"""An edition: the year reported on, the as-of date, the languages and the parameters."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.analysis.claims.verdicts import check
from osw_stats.errors import InputError
from osw_stats.report.graph.keys import digest, hashes
from osw_stats.report.root import LANGUAGES as LANGUAGES
from osw_stats.report.root import find_root as find_root
from osw_stats.sources.clean import Tidy, clean
from osw_stats.sources.ledger import load_ledger, load_places, read_in_report
from osw_stats.vocabulary.observations import as_of
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

    def to_root(self, language: str) -> str:
        """Return the way from the pages of a language to the root of the site: the first language is the root."""
        return "" if language == self.languages[0] else "../"

    def from_root(self, language: str) -> str:
        """Return the folder of a language's pages, seen from the root of the site."""
        return "" if language == self.languages[0] else f"{language}/"


@dataclass(frozen=True)
class Tables:
    """The tidy tables an edition sees.

    `vintages` holds also what it does not see, `cells` every cell of downloaded tables.
    """

    edition: Edition
    observations: pd.DataFrame
    vintages: pd.DataFrame
    sources: pd.DataFrame
    ledger: pd.DataFrame
    places: pd.DataFrame
    cells: pd.DataFrame
    root: Path

    def claims(self) -> pd.DataFrame:
        """Return the verdicts on the ledger, as this edition sees the figures (`claims_result`)."""
        return check(self.ledger, self.observations, self.places, read_in_report(self.sources))


def editions(root: Path) -> list[int]:
    """Return the years of the editions that are there, the earliest first."""
    return sorted(int(p.stem) for p in (root / "editions").glob("*.yml") if p.stem.isdigit())


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
    return Edition(
        year,
        date.fromisoformat(entry["as_of"]),
        tuple(entry["languages"]),
        entry.get("parameters") or {},
    )


_last: dict[tuple[str, int, str], Tables] = {}


def load_tables(year: int = 2024, root: Path | str | None = None) -> Tables:
    """Return the tables of an edition; see `osw_stats.load`. The last ones are kept while no input changes."""
    folder = find_root(root)
    key = (str(folder), year, digest(hashes(folder, ("data/raw", "editions"))))
    if key not in _last:
        _last.clear()
        _last[key] = tables_of(load_edition(year, folder), clean(folder), folder)
    kept = _last[key]
    frames = {f.name: v.copy() for f in fields(kept) if isinstance(v := getattr(kept, f.name), pd.DataFrame)}
    return replace(kept, **frames)  # type: ignore[arg-type] # each frame takes the place of its like


def tables_of(edition: Edition, tidy: Tidy, root: Path) -> Tables:
    """Cut the vintage of an edition out of the tidy tables.

    Raises
    ------
    InputError
        If no figure was public on the as-of date.
    """
    seen = as_of(tidy.observations, edition.as_of)
    if seen.empty:
        raise InputError(
            f"on this day no figure in data/raw was certainly public; the first was on {tidy.observations['known_by'].min()}",
            "Choose a later as-of date.",
            file=f"editions/{edition.year}.yml", column="as_of", value=edition.as_of,
        )  # fmt: skip
    return Tables(
        edition, seen, tidy.observations, tidy.sources,
        _public(load_ledger(root), tidy.sources, edition.as_of), load_places(root), tidy.cells, root,
    )  # fmt: skip


def _public(ledger: pd.DataFrame, sources: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return the statements of reports that were public on a day; there is nothing to check before."""
    out = sources[sources["known_by"] <= day.isoformat()]
    files = {name for cell in out["files"] for name in cell.split(" | ")}
    return ledger[ledger["file"].isin(files)]
