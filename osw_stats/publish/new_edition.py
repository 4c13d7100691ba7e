"""Begin a new edition: its file, the checklist of figures still needed, and a fill-in sheet for each publisher.

Nothing here is typed by hand: due dates follow from the delays of earlier figures, and the contents of a sheet
from the existing figures. The words of the checklist and the file are in `checklist.yml`.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from osw_stats.data.clean import clean
from osw_stats.data.edition import Tables, tables_of
from osw_stats.data.editions import Edition, earliest, load_edition
from osw_stats.data.sheets.form import file_name, key
from osw_stats.data.sheets.read import typed_into
from osw_stats.errors import InputError
from osw_stats.kept.disk import write
from osw_stats.meaning.lookup import only
from osw_stats.meaning.observations import records
from osw_stats.meaning.series import Series, catalogue, series, take_up
from osw_stats.meaning.units import unit
from osw_stats.project import LANGUAGES, editions, newest
from osw_stats.publish.compare import headlines_path, record_headlines, take_snapshot
from osw_stats.stats.coverage import due, since_last
from osw_stats.text.gaps import REASONS, why_no_value
from osw_stats.text.language import day
from osw_stats.text.tables import escape
from osw_stats.text.words import breakdown, group_words
from osw_stats.yamlfile import read_yaml

WORDS: dict[str, Any] = read_yaml(Path(__file__).with_name("checklist.yml"))
STATES: dict[str, Any] = WORDS["states"]
FOLDER = "fill-in"
# a line of a parameters cell, as JSON
DEFAULT = re.compile(r'(^\s*"edition = )\d{4}(?=(?:\\n)?",?$)', re.MULTILINE)


@dataclass(frozen=True)
class Made:
    """The files of a new edition; `kept` says whether its file existed, `typed` lists sheets left unchanged."""

    edition: Path
    kept: bool
    table: pd.DataFrame
    checklists: list[Path]
    sheets: list[Path]
    typed: list[Path]


def new_edition(root: Path, year: int, as_of: date, languages: tuple[str, ...] | None = None) -> Made:
    """Create an edition with the parameters of the previous one, or update the checklist and sheets of an existing one."""
    tidy = clean(root)
    first = max(int(tidy.observations["time_period"].str[:4].min()), earliest())
    if not first <= year <= as_of.year:
        problem = f"no edition can report on this year: editions begin in {first}, the as-of date is {as_of}"
        remedy = "Choose a year that has begun and of which there are figures."
        raise InputError(problem, remedy, column="edition", value=year)
    path, last = root / "editions" / f"{year}.yml", max((e for e in editions(root) if e < year), default=0)
    kept = path.is_file()
    if kept:
        edition = load_edition(year, root)
    else:
        before = load_edition(last, root) if last else Edition(year, as_of, LANGUAGES, {})
        edition = Edition(year, as_of, languages or before.languages, before.parameters)
    tables = tables_of(edition, tidy, root)  # refuses a date before the first figure, before any file exists
    if not kept:
        _write_edition(edition, path, root)
    built = root / "data" / "processed" / str(last)
    # close the previous edition: record its headlines if it was built here and that was not yet done
    if (built / "numbers.json").is_file() and not headlines_path(root, last).exists():
        record_headlines(root, take_snapshot(built, str(last)))
    for notebook in sorted((root / "notebooks").glob("*.ipynb")):  # notebooks open with the newest edition
        text = notebook.read_text(encoding="utf-8")
        renewed = DEFAULT.sub(rf"\g<1>{newest(root)}", text)
        if renewed != text:
            write(notebook, renewed.encode())
    table = due(tables.vintages, tables.observations, year, edition.as_of)
    folder = root / FOLDER / str(year)
    folder.mkdir(parents=True, exist_ok=True)
    checklists = [folder / f"checklist.{language}.md" for language in edition.languages]
    for checklist, language in zip(checklists, edition.languages, strict=True):
        write(checklist, _checklist(table, tables, language).encode())
    return Made(path, kept, table, checklists, *_write_sheets(tables, folder))


def _write_edition(edition: Edition, path: Path, root: Path) -> None:
    parameters = yaml.safe_dump(edition.parameters, default_flow_style=True, width=10_000).strip()
    languages = ", ".join(edition.languages)
    facts = {"year": edition.year, "as_of": edition.as_of.isoformat()}
    write(path, WORDS["file"].format(**facts, languages=languages, parameters=parameters).encode())
    try:
        load_edition(edition.year, root)
    except InputError:
        path.unlink()  # an unknown language leaves no edition behind
        raise


def _say(name: str, language: str, **values: object) -> str:
    return str(WORDS[name][language]).format(**values)


def _checklist(table: pd.DataFrame, tables: Tables, language: str) -> str:
    edition = tables.edition
    parts = [f"# {_say('title', language, year=edition.year)}\n"]
    parts.append(_say("intro", language, as_of=day(edition.as_of, language)) + "\n")
    for status, state in STATES.items():
        rows = records(table[table["status"] == status])
        lines = [f"{state['box']} {_line(row, tables, language)}\n" for row in rows]
        if lines:
            title = f"## {state[language].capitalize()} ({len(lines)})"
            parts += [f"{title}\n\n{state['about'][language]}\n", "".join(lines)]
    return "\n".join(parts)


def _line(row: dict[str, Any], tables: Tables, language: str) -> str:
    """Return a line of the checklist: the figure, when it is expected, and the source of the last one."""
    facts = [_expected(row, language)] if STATES[row["status"]]["dated"] else []
    facts += [REASONS[row["reason"]][language]] if row["status"] == "missing" else []
    source = only(tables.sources, "sources", source_id=row["source_id"])
    linked = f"[{escape(source['title'])}]({source['url']})" if source["url"] else escape(source["title"])
    facts.append(f"{_say('last', language, period=row['last_period'])} {linked}, {escape(row['locator'])}")
    title, publisher = (escape(text) for text in (series(row["series"]).title[language], row["publisher"]))
    return f"{title}, {row['period']} ({publisher}): {'; '.join(facts)}"


def _expected(row: dict[str, Any], language: str) -> str:
    a, b = (day(row[column], language) for column in ("due_from", "due_by"))
    when = _say("on_day" if a == b else "between", language, a=a, b=b)
    return f"{when} ({_say('rests_on_one' if row['lags'] == 1 else 'rests', language, n=row['lags'])})"


def _write_sheets(tables: Tables, folder: Path) -> tuple[list[Path], list[Path]]:
    """Write a fill-in workbook for each publisher with a continuing series; return those, and those already filled in."""
    # requested: each period since the last figure of a series, and series of the project without any figure
    from osw_stats.data.sheets.write import write_workbook  # openpyxl, for this command only

    year, as_of = tables.edition.year, tables.edition.as_of
    table = since_last(tables.vintages, tables.observations, year, as_of)
    sheets: dict[str, list[dict[str, Any]]] = {s.publisher: [] for s in catalogue().values() if not s.ended}
    for row in records(table):
        if STATES[row["status"]]["asked"]:
            sheets.setdefault(row["publisher"], []).extend(_requested_rows(row, tables))
    known = {*tables.vintages["series_id"], *tables.observations["series_id"]}
    for about in take_up(tables.root):
        if about.series_id not in known and not about.ended:
            new = {"period": str(year), "state": WORDS["new"]["nl"], "wanted": False}
            sheets[about.publisher].append(_described(about) | new)
    written, typed, names = [], [], Counter[str]()
    for publisher, rows in sorted(sheets.items()):
        path = folder / file_name(publisher, year)
        names[path.name] += 1
        if names[path.name] > 1:  # another publisher whose name is the same in a file
            path = path.with_stem(f"{path.stem}-{names[path.name]}")
        if path.is_file() and typed_into(path):
            typed.append(path)
            continue
        written.append(path)
        write_workbook(path, publisher, rows, _known(tables, publisher), as_of)
    return written, typed


def _described(about: Series, figure: dict[str, Any] | None = None) -> dict[str, str]:
    sex, age, part = (figure[k] for k in ("sex", "age", "breakdown")) if figure else ("total", "total", "")
    group = group_words({"sex": sex, "age": age}, "nl") + ([breakdown(part, "nl")] if part else [])
    words = {"title": about.title["nl"], "group": ", ".join(group), "unit": unit(about.unit).nl}
    return words | {"key": key(about.series_id, sex, age, part)}


def _known(tables: Tables, publisher: str) -> list[dict[str, str]]:
    """Return every series and group of a publisher, by key: what can be typed in a row left open."""
    rows = tables.vintages[(tables.vintages["publisher"] == publisher) & (tables.vintages["region"] == "NL")]
    figures = records(rows.drop_duplicates(["series_id", "sex", "age", "breakdown"]))
    counted = {figure["series_id"] for figure in figures}
    others = [s for s in catalogue().values() if s.publisher == publisher and s.series_id not in counted]
    described = [_described(series(figure["series_id"]), figure) for figure in figures]
    return sorted(described + [_described(about) for about in others], key=lambda row: row["key"])


def _requested_rows(row: dict[str, Any], tables: Tables) -> list[dict[str, Any]]:
    figures = tables.observations
    last = figures["series_id"].eq(row["series"]) & figures["time_period"].eq(row["last_period"])
    source = only(tables.sources, "sources", source_id=row["source_id"])
    state = STATES[row["status"]]
    state_text = str(state["nl"]) + (f"; {_expected(row, 'nl')}" if state["dated"] else "")
    where = f"{source['title']}, {row['locator']}" + (f" ({source['url']})" if source["url"] else "")
    same = {"period": row["period"], "last_period": row["last_period"], "state": state_text, "where": where}
    same["wanted"] = row["status"] in ("overdue", "due")
    rows = []
    for figure in records(figures[last & figures["region"].eq("NL")]):
        value = why_no_value(figure, "nl") if pd.isna(figure["obs_value"]) else float(figure["obs_value"])
        rows.append(_described(series(row["series"]), figure) | same | {"last_value": value})
    return rows


def lines(table: pd.DataFrame) -> list[str]:
    """Return the checklist as text for a terminal: how many of each state, then what is overdue and due."""
    counted = table["status"].value_counts()
    out = [f"  {counted[s]:4d} {STATES[s]['en']}" for s in STATES if s in counted]
    for row in records(table[table["status"].isin(["overdue", "due"])]):
        since = row["due_from" if row["status"] == "due" else "due_by"]
        figure = f"{row['series']} {row['period']} ({row['publisher']})"
        out.append(f"  {row['status']:8} since {since}  {figure}")
    return out
