"""Two editions side by side: read what each told, and say what changed, as table, JSON and page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.analysis.edition_changes import CHANGES, HEADLINES, VERDICTS, Told, edition_changes
from osw_stats.errors import InputError
from osw_stats.report.changes_words import cells, heading, note
from osw_stats.report.downloads import series_table
from osw_stats.report.edition import Tables
from osw_stats.report.editions import load_edition
from osw_stats.report.harvest import Page, numbers
from osw_stats.report.root import editions
from osw_stats.report.tables import csv_text, escape
from osw_stats.sources.ledger import load_verdicts
from osw_stats.sources.rows import read_rows
from osw_stats.vocabulary.observations import as_of, published, records


def told(folder: Path, label: str) -> Told:
    """Return what a build told, from its folder of tables.

    Raises
    ------
    InputError
        If a table is missing or cannot be read: the build was not finished.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        sentences = json.loads((folder / "numbers.json").read_text(encoding="utf-8"))
        observations = published(_read(folder / "observations.csv"))
        series = _read(folder / "series.csv")
        # tables of builds before this column was there
        series = series if "ended" in series else series.assign(ended="")
        claims = folder / "claims_result.csv"
        verdicts = _read(claims)[VERDICTS] if claims.is_file() else pd.DataFrame(columns=VERDICTS)
        year = int(manifest["edition"])
    except FileNotFoundError as error:
        raise InputError(
            "misses a table, so it cannot be compared", "Run `osw build` for this edition once more.",
            file=error.filename,
        ) from None  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"holds a table that cannot be read ({error})",
            "Run `osw build` for this edition once more.",
            file=folder,
        ) from None
    return Told(label, year, observations, series, headlines_of(sentences), verdicts)


def _read(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, keep_default_na=False, na_values=[], dtype="str")
    for column in ("obs_value", "lower", "upper", "ci_lower", "ci_upper"):
        if column in frame:
            frame[column] = pd.to_numeric(frame[column].replace("", None))
    return frame


def headlines_of(sentences: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the numbers of the headlines, once: they do not depend on the language."""
    rows = [
        {"notebook": s["notebook"], "sentence": s["name"], "number": n["name"]}
        | {column: n[column] for column in HEADLINES[3:]}
        for s in sentences
        if s["headline"]
        for n in s["numbers"]
    ]
    frame = pd.DataFrame(rows, columns=HEADLINES).drop_duplicates(HEADLINES[:3], ignore_index=True)
    return frame.astype({"value": "float64", "lower": "float64", "upper": "float64"})


def headlines_path(root: Path, year: int) -> Path:
    """Return where the headlines of an edition are recorded."""
    return root / "editions" / f"{year}.headlines.csv"


def record_headlines(root: Path, told: Told) -> Path:
    """Record the headlines of an edition as they were told, for the page of the next one."""
    path = headlines_path(root, told.year)
    path.write_text(csv_text(told.headlines), encoding="utf-8", newline="\n")  # type: ignore[arg-type]
    return path


def _recorded(root: Path, year: int) -> pd.DataFrame | None:
    path = headlines_path(root, year)
    if not path.is_file():
        return None
    rows = read_rows(path, path.relative_to(root).as_posix(), HEADLINES)
    frame = pd.DataFrame([cells for _, cells in rows], columns=HEADLINES)
    for column in ("value", "lower", "upper"):
        frame[column] = pd.to_numeric(frame[column].replace("", None))
    return frame


def edition_told(tables: Tables, pages: dict[str, Page], language: str) -> Told:
    """Return what the edition that is being built tells."""
    result = tables.claims()
    all_pages = {(name, language): page for name, page in pages.items()}
    return Told(
        str(tables.edition.year), tables.edition.year, published(tables.observations), series_table(),
        headlines_of(numbers(all_pages)), result[VERDICTS],
    )  # fmt: skip


def before(tables: Tables) -> Told | None:
    """Return what the edition before told: its figures from the vintages of then, the rest as recorded.

    Why not from its build: a page must not depend on what else was built on this machine.
    """
    years = [year for year in editions(tables.root) if year < tables.edition.year]
    if not years:
        return None
    edition = load_edition(years[-1], tables.root)
    return Told(
        str(edition.year), edition.year, as_of(tables.vintages, edition.as_of), series_table(),
        _recorded(tables.root, edition.year), load_verdicts(tables.root, edition.year)[VERDICTS],
    )  # fmt: skip


def page(tables: Tables, pages: dict[str, Page], language: str) -> str:
    """Return the piece of the page “what changed”: this edition held against the one before."""
    old = before(tables)
    if old is None:
        return note("first", language) + "\n"
    new = edition_told(tables, pages, language)
    return markdown_text(edition_changes(old, new), old, new, language)


def markdown_text(changed: pd.DataFrame, old: Told, new: Told, language: str) -> str:
    """Return the changes as Markdown, one table a kind; what did not change is said as well."""
    parts = [note("between", language, old=old.label, new=new.label) + "\n"]
    if old.headlines is None or new.headlines is None:
        parts.append(note("not_recorded", language, old=old.label) + "\n")
    if changed.empty:
        parts.append(note("nothing", language) + "\n")
    for change in CHANGES:
        rows = changed[changed["change"] == change]
        if len(rows):
            title, about, heads = heading(change, language)
            parts.append(f"## {title} ({len(rows)})\n\n{about}\n")
            if heads:
                rule = "|" + "|".join([":---", *["---:" if "=" in h else ":---" for h in heads[1:]]]) + "|"
                lines = ["| " + " | ".join(h.removeprefix("=") for h in heads) + " |", rule]
                lines += ["| " + " | ".join(map(escape, cells(r, language))) + " |" for r in records(rows)]
                parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def plain_text(changed: pd.DataFrame, old: Told, new: Told) -> str:
    """Return the changes as lines for a terminal."""
    lines = [note("between", "en", old=old.label, new=new.label)]
    for change in CHANGES:
        rows = changed[changed["change"] == change]
        if len(rows):
            title, _, heads = heading(change, "en")
            lines += ["", f"{title} ({len(rows)})"]
            lines += ["  " + "  |  ".join(c for c in cells(r, "en") if c) for r in records(rows) if heads]
    return "\n".join([*lines, *(["", note("nothing", "en")] if changed.empty else [])]) + "\n"


def json_text(changed: pd.DataFrame, old: Told, new: Told) -> str:
    """Return the changes as JSON: only the fields that say something."""
    rows = [{k: v for k, v in row.items() if not (pd.isna(v) or v == "")} for row in records(changed)]
    content = {"old": old.label, "new": new.label, "counts": changed["change"].value_counts(sort=False).to_dict(), "changes": rows}  # fmt: skip
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
