"""Two editions compared: read the tables of each, and list the changes (words: `changes.yml`) as table, JSON and page."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.data.edition import Tables
from osw_stats.data.editions import load_edition
from osw_stats.data.ledger import load_verdicts
from osw_stats.data.rows import read_rows
from osw_stats.errors import InputError
from osw_stats.kept.disk import sha256, write
from osw_stats.meaning.observations import as_of, published, records
from osw_stats.meaning.series import catalogue
from osw_stats.meaning.units import unit
from osw_stats.project import editions
from osw_stats.publish.contents import Page, numbers
from osw_stats.publish.downloads import series_table
from osw_stats.publish.files.package import PACKAGE
from osw_stats.stats.revisions import CHANGES, HEADLINES, VERDICTS, Snapshot, edition_changes
from osw_stats.text.language import decimals, number
from osw_stats.text.tables import Row, csv_text, escape, pipe_table
from osw_stats.text.words import WORDS, breakdown, definition, group_words, word
from osw_stats.yamlfile import read_yaml

NUMBERS = ("obs_value", "lower", "upper", "ci_lower", "ci_upper", "value")
SAID: dict[str, Any] = read_yaml(Path(__file__).with_name("changes.yml"))
COMPARED = ("manifest.json", "numbers.json", "observations.csv", "series.csv", "claims_result.csv")
NO_VALUE = "–"
AGAIN = "Run `osw build` for this edition once more."


def take_snapshot(folder: Path, label: str) -> Snapshot:
    """Return the snapshot of a build from its folder of tables; InputError if it is incomplete or damaged."""
    try:
        _require_intact(folder)
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        headlines = _headlines(json.loads((folder / "numbers.json").read_text(encoding="utf-8")))
        observations, series = (_read(folder / f"{name}.csv") for name in ("observations", "series"))
        if observations.empty:
            raise ValueError("observations.csv holds no figure")
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


def _require_intact(folder: Path) -> None:
    """Check the compared files against their published hashes: a truncated table may end at any line."""
    package = folder / PACKAGE
    if package.is_file():
        for resource in json.loads(package.read_text(encoding="utf-8"))["resources"]:
            name = resource["path"]
            if name in COMPARED and resource["hash"] != f"sha256:{sha256(folder / name)}":
                raise ValueError(f"{name} is not as it was published, so cut off or changed")


def _read(path: Path) -> pd.DataFrame:
    if not path.read_bytes().endswith(b"\n"):
        raise ValueError(f"{path.name} is cut off")
    return _with_numbers(pd.read_csv(path, keep_default_na=False, na_values=[], dtype="str"))


def _with_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    columns = frame.columns.intersection(list(NUMBERS))
    return frame.assign(**{column: pd.to_numeric(frame[column].replace("", None)) for column in columns})


def _headlines(sentences: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the numbers of the headlines, each once: they do not depend on the language."""
    rows: list[dict[str, Any]] = []
    for s in (s for s in sentences if s["headline"]):
        place = {"notebook": s["notebook"], "sentence": s["name"]}
        rows += [n | place | {"number": n["name"]} for n in s["numbers"]]
    frame = pd.DataFrame(rows, columns=HEADLINES).drop_duplicates(HEADLINES[:3], ignore_index=True)
    return frame.astype({"value": "float64", "lower": "float64", "upper": "float64"})


def headlines_path(root: Path, year: int) -> Path:
    """Return the file that records the headlines of an edition."""
    return root / "editions" / f"{year}.headlines.csv"


def record_headlines(root: Path, snapshot: Snapshot) -> Path:
    """Record the headlines of an edition as published, for the page of the next one."""
    path = headlines_path(root, snapshot.year)
    write(path, csv_text(snapshot.headlines).encode())  # type: ignore[arg-type]
    return path


def page(tables: Tables, pages: dict[str, Page], language: str) -> str:
    """Return the text of the page “what changed”: this edition compared with the previous one."""
    # figures of the previous edition come from the vintages of that date: no page may depend on other builds
    # on this machine
    earlier = [year for year in editions(tables.root) if year < tables.edition.year]
    if not earlier:
        return _note("first", language) + "\n"
    before, now, series = earlier[-1], tables.edition.year, series_table()
    recorded, headlines = headlines_path(tables.root, before), None
    if recorded.is_file():
        rows = read_rows(recorded, recorded.relative_to(tables.root).as_posix(), HEADLINES)
        headlines = _with_numbers(pd.DataFrame([cells for _, cells in rows], columns=HEADLINES))
    figures = as_of(tables.vintages, load_edition(before, tables.root).as_of)
    verdicts = load_verdicts(tables.root, before)[VERDICTS]
    old = Snapshot(str(before), before, figures, series, headlines, verdicts)
    headlines = _headlines(numbers({(name, language): page for name, page in pages.items()}))
    figures, verdicts = published(tables.observations), tables.claims()[VERDICTS]
    new = Snapshot(str(now), now, figures, series, headlines, verdicts)
    return markdown_text(edition_changes(old, new), old, new, language)


def markdown_text(changed: pd.DataFrame, old: Snapshot, new: Snapshot, language: str) -> str:
    """Return the changes as Markdown, one table for each kind; unchanged parts are mentioned as well."""
    parts = [_note("between", language, old=old.label, new=new.label) + "\n"]
    if old.headlines is None or new.headlines is None:
        parts.append(_note("not_recorded", language, old=old.label) + "\n")
    parts += [_note("nothing", language) + "\n"] if changed.empty else []
    for texts, heads, rows in _by_kind(changed, language):
        parts.append(f"## {texts['title']} ({len(rows)})\n\n{texts['about']}\n")
        if heads:
            numeric = [index for index, head in enumerate(heads) if "=" in head]
            lines = [[escape(cell) for cell in cells(row, language)] for row in rows]
            parts.append(pipe_table([head.removeprefix("=") for head in heads], lines, numeric))
    return "\n".join(parts)


def _note(name: str, language: str, **values: str) -> str:
    return str(SAID["notes"][name][language]).format(**values)


def _by_kind(changed: pd.DataFrame, language: str) -> Iterator[tuple[dict[str, str], list[str], list[Row]]]:
    """Yield each kind of change that occurs: its title and meaning, the headings of its table, and its rows."""
    for change in CHANGES:
        if rows := records(changed[changed["change"] == change]):
            kind = SAID["kinds"][change]
            yield kind[language], SAID["tables"][kind["table"]][language], rows


def cells(row: Row, language: str) -> list[str]:
    """Return the cells of one change, as many as its kind has headings."""
    shown = (cell.split() for cell in SAID["tables"][SAID["kinds"][row["change"]]["table"]]["cells"])
    return [CELLS[name](row, language, *columns) for name, *columns in shown]


def _first(row: Row, *names: str) -> str:
    """Return the first of these columns that is not empty."""
    return next((str(row[name]) for name in names if pd.notna(row[name]) and row[name]), "")


def _subject(row: Row, language: str) -> str:
    subject = _first(row, "subject")
    known = catalogue().get(subject)
    if known is not None:
        return known.title[language]
    page, slash, _ = subject.partition("/")
    return f"{word('page', page, language)} ({word('headline', subject, language)})" if slash else subject


def _group(row: Row, language: str) -> str:
    parts = [row["time_period"], *group_words(row | {"breakdown": ""}, language)]
    parts += [row["region"]] if row["region"] != "NL" else []
    parts += [breakdown(row["breakdown"], language)] if row["breakdown"] else []
    return ", ".join(parts)


def _value(row: Row, language: str, name: str) -> str:
    """Return a number with its unit, or the reason a figure has no value."""
    value, status = row[name], _first(row, "old" if name == "old_value" else "new")
    if pd.notna(value):
        shown = number(value, language, max(decimals(value, row["unit"]), 0))
        return f"{shown} {unit(row['unit']).words(shown, language)}"
    if not status:
        return NO_VALUE
    # of a published figure without a value, only a range is known
    return word("no_value", status if status in WORDS["no_value"] else "range_only", language)


# how a column of a change becomes a cell; `changes.yml` says which columns of each kind
CELLS: dict[str, Callable[..., str]] = {
    "subject": _subject,
    "group": _group,
    "value": _value,
    "told": lambda row, lang: _value(row, lang, "old_value" if pd.isna(row["new_value"]) else "new_value"),
    "verdict": lambda row, lang, name: word("verdict", row[name], lang) if row[name] else NO_VALUE,
    "definition": lambda row, lang, name: definition(row[name], lang),
    "first": lambda row, _, *names: _first(row, *names),
}


def plain_text(changed: pd.DataFrame, old: Snapshot, new: Snapshot) -> str:
    """Return the changes as lines for a terminal."""
    lines = [_note("between", "en", old=old.label, new=new.label)]
    for texts, heads, rows in _by_kind(changed, "en"):
        lines += ["", f"{texts['title']} ({len(rows)})"]
        lines += ["  " + "  |  ".join(filter(None, cells(row, "en"))) for row in rows if heads]
    lines += ["", _note("nothing", "en")] if changed.empty else []
    return "\n".join(lines) + "\n"


def json_text(changed: pd.DataFrame, old: Snapshot, new: Snapshot) -> str:
    """Return the changes as JSON, without empty fields."""
    rows = [{k: v for k, v in row.items() if not (pd.isna(v) or v == "")} for row in records(changed)]
    counts = changed["change"].value_counts(sort=False).to_dict()
    content = {"old": old.label, "new": new.label, "counts": counts, "changes": rows}
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
