"""Two editions side by side: read what each told, and say what changed, as table, JSON and page."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.data.edition import Tables
from osw_stats.data.editions import load_edition
from osw_stats.data.ledger import load_verdicts
from osw_stats.data.rows import read_rows
from osw_stats.errors import InputError
from osw_stats.meaning.observations import as_of, published, records
from osw_stats.project import editions
from osw_stats.publish.contents import Page, numbers
from osw_stats.publish.downloads import series_table
from osw_stats.stats.revisions import CHANGES, HEADLINES, VERDICTS, Snapshot, edition_changes
from osw_stats.text.changes_words import cells, heading, note
from osw_stats.text.tables import csv_text, escape, pipe_table

NUMBERS = ("obs_value", "lower", "upper", "ci_lower", "ci_upper", "value")
AGAIN = "Run `osw build` for this edition once more."


def told(folder: Path, label: str) -> Snapshot:
    """Return what a build told, from its folder of tables; an InputError if it was not finished or is damaged."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        headlines = _headlines(json.loads((folder / "numbers.json").read_text(encoding="utf-8")))
        observations, series = (_read(folder / f"{name}.csv") for name in ("observations", "series"))
        # tables of builds before this column was there
        series = series if "ended" in series else series.assign(ended="")
        claims = folder / "claims_result.csv"
        verdicts = _read(claims)[VERDICTS] if claims.is_file() else pd.DataFrame(columns=VERDICTS)
        return Snapshot(label, int(manifest["edition"]), published(observations), series, headlines, verdicts)
    except FileNotFoundError as error:
        problem = "misses a table, so it cannot be compared"
        raise InputError(problem, AGAIN, file=error.filename) from None
    except (ValueError, KeyError, TypeError) as error:
        problem = f"holds a table that cannot be read ({error})"
        raise InputError(problem, AGAIN, file=folder) from None


def _read(path: Path) -> pd.DataFrame:
    return _with_numbers(pd.read_csv(path, keep_default_na=False, na_values=[], dtype="str"))


def _with_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    for column in frame.columns.intersection(list(NUMBERS)):
        frame[column] = pd.to_numeric(frame[column].replace("", None))
    return frame


def _headlines(sentences: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the numbers of the headlines, once: they do not depend on the language."""
    rows: list[dict[str, Any]] = []
    for s in (s for s in sentences if s["headline"]):
        place = {"notebook": s["notebook"], "sentence": s["name"]}
        rows += [n | place | {"number": n["name"]} for n in s["numbers"]]
    frame = pd.DataFrame(rows, columns=HEADLINES).drop_duplicates(HEADLINES[:3], ignore_index=True)
    return frame.astype({"value": "float64", "lower": "float64", "upper": "float64"})


def headlines_path(root: Path, year: int) -> Path:
    """Return where the headlines of an edition are recorded."""
    return root / "editions" / f"{year}.headlines.csv"


def record_headlines(root: Path, snapshot: Snapshot) -> Path:
    """Record the headlines of an edition as they were told, for the page of the next one."""
    path = headlines_path(root, snapshot.year)
    path.write_bytes(csv_text(snapshot.headlines).encode())  # type: ignore[arg-type]
    return path


def page(tables: Tables, pages: dict[str, Page], language: str) -> str:
    """Return the piece of the page “what changed”: this edition held against the one before."""
    # of the one before, figures come from the vintages of then: no page may depend on what else this machine
    # built
    earlier = [year for year in editions(tables.root) if year < tables.edition.year]
    if not earlier:
        return note("first", language) + "\n"
    before, now, series = earlier[-1], tables.edition.year, series_table()
    recorded, headlines = headlines_path(tables.root, before), None
    if recorded.is_file():
        rows = read_rows(recorded, recorded.relative_to(tables.root).as_posix(), HEADLINES)
        headlines = _with_numbers(pd.DataFrame([cells for _, cells in rows], columns=HEADLINES))
    seen = as_of(tables.vintages, load_edition(before, tables.root).as_of)
    verdicts = load_verdicts(tables.root, before)[VERDICTS]
    old = Snapshot(str(before), before, seen, series, headlines, verdicts)
    headlines = _headlines(numbers({(name, language): page for name, page in pages.items()}))
    seen, verdicts = published(tables.observations), tables.claims()[VERDICTS]
    new = Snapshot(str(now), now, seen, series, headlines, verdicts)
    return markdown_text(edition_changes(old, new), old, new, language)


def markdown_text(changed: pd.DataFrame, old: Snapshot, new: Snapshot, language: str) -> str:
    """Return the changes as Markdown, one table a kind; what did not change is said as well."""
    parts = [note("between", language, old=old.label, new=new.label) + "\n"]
    if old.headlines is None or new.headlines is None:
        parts.append(note("not_recorded", language, old=old.label) + "\n")
    parts += [note("nothing", language) + "\n"] if changed.empty else []
    for change, rows in _by_kind(changed):
        title, about, heads = heading(change, language)
        parts.append(f"## {title} ({len(rows)})\n\n{about}\n")
        if heads:
            numeric = [at for at, head in enumerate(heads) if "=" in head]
            lines = [[escape(cell) for cell in cells(row, language)] for row in rows]
            parts.append(pipe_table([head.removeprefix("=") for head in heads], lines, numeric))
    return "\n".join(parts)


def _by_kind(changed: pd.DataFrame) -> list[tuple[str, list[dict[str, Any]]]]:
    kinds = ((change, records(changed[changed["change"] == change])) for change in CHANGES)
    return [(change, rows) for change, rows in kinds if rows]


def plain_text(changed: pd.DataFrame, old: Snapshot, new: Snapshot) -> str:
    """Return the changes as lines for a terminal."""
    lines = [note("between", "en", old=old.label, new=new.label)]
    for change, rows in _by_kind(changed):
        title, _, heads = heading(change, "en")
        lines += ["", f"{title} ({len(rows)})"]
        lines += ["  " + "  |  ".join(filter(None, cells(row, "en"))) for row in rows if heads]
    lines += ["", note("nothing", "en")] if changed.empty else []
    return "\n".join(lines) + "\n"


def json_text(changed: pd.DataFrame, old: Snapshot, new: Snapshot) -> str:
    """Return the changes as JSON: only the fields that say something."""
    rows = [{k: v for k, v in row.items() if not (pd.isna(v) or v == "")} for row in records(changed)]
    counts = changed["change"].value_counts(sort=False).to_dict()
    content = {"old": old.label, "new": new.label, "counts": counts, "changes": rows}
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
