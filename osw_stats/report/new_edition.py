"""Begin a new edition: its file, the list of figures it waits for, and a fill-in sheet a publisher.

Nothing here is typed by hand: due dates follow from how long earlier figures took, and what stands in a sheet
from the figures that are there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from osw_stats.analysis.due import due, since_last
from osw_stats.errors import InputError
from osw_stats.report.checklist import NEW, STATES, markdown, state
from osw_stats.report.compared import headlines_path, record_headlines, told
from osw_stats.report.edition import Tables, tables_of
from osw_stats.report.editions import Edition, load_edition
from osw_stats.report.gaps import why_no_value
from osw_stats.report.named import breakdown
from osw_stats.report.root import editions, newest
from osw_stats.report.words import word
from osw_stats.sources.clean import clean
from osw_stats.sources.disk import write
from osw_stats.sources.sheets.form import file_name, key
from osw_stats.vocabulary.lookup import only
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.series import Series, catalogue, series, take_up
from osw_stats.vocabulary.units import unit

FOLDER = "fill-in"
SHEETS = ("overdue", "due", "expected", "undated", "uncertain", "missing")  # what can still be filled in
_DEFAULT = re.compile(
    r'(^\s*"edition = )\d{4}(?=(?:\\n)?",?$)', re.MULTILINE
)  # a line of a parameters cell, as JSON
_TEXT = """\
# An edition: the year reported on, and which publications count.
year: {year}
# Only figures that were certainly public on this day enter (see docs/methods.md).
as_of: {as_of}
languages: [{languages}]
# Parameters of the notebooks that differ from the values written in them.
parameters: {parameters}
"""


@dataclass
class Made:
    """What a new edition consists of."""

    edition: Path
    kept: bool  # whether the edition file was there already
    table: pd.DataFrame
    checklists: list[Path] = field(default_factory=list)
    sheets: list[Path] = field(default_factory=list)


def new_edition(root: Path, year: int, as_of: date, languages: tuple[str, ...] | None = None) -> Made:
    """Make an edition, or bring the checklist and sheets of one that is there up to date.

    Parameters
    ----------
    root
        Project folder.
    year
        The year reported on.
    as_of
        The as-of date of a new edition; one that is there keeps its own.
    languages
        Those of the edition before when None, as are its parameters.

    Raises
    ------
    InputError
        If the year has not begun on the as-of date, or lies before every figure in data/raw.
    """
    tidy = clean(root)
    first = int(tidy.observations["time_period"].str[:4].min())
    if not first <= year <= as_of.year:
        raise InputError(
            f"no edition can report on this year: the figures begin in {first}, and the as-of date is {as_of}",
            "Choose a year that has begun and of which there are figures.",
            column="edition", value=year,
        )  # fmt: skip
    path = root / "editions" / f"{year}.yml"
    kept = path.is_file()
    edition = load_edition(year, root) if kept else _after(root, year, as_of, languages)
    tables = tables_of(edition, tidy, root)  # refuses a date before any figure, before a file is written
    if not kept:
        write(path, _text(edition).encode())
        try:
            load_edition(year, root)
        except InputError:
            path.unlink()  # a language nobody knows leaves no edition behind
            raise
    _close_the_last(root, year)
    _make_default(root)
    table = due(tables.vintages, tables.observations, year, edition.as_of)
    made = Made(path, kept, table)
    folder = root / FOLDER / str(year)
    folder.mkdir(parents=True, exist_ok=True)
    for language in edition.languages:
        made.checklists.append(folder / f"checklist.{language}.md")
        write(made.checklists[-1], markdown(table, tables, language).encode())
    made.sheets = sheets(tables, folder)
    return made


def _close_the_last(root: Path, year: int) -> None:
    """Record what the edition before said in its headlines, if it was built here and that was not done yet."""
    years = [e for e in editions(root) if e < year]
    folder = root / "data" / "processed" / str(years[-1]) if years else root
    if years and (folder / "numbers.json").is_file() and not headlines_path(root, years[-1]).exists():
        record_headlines(root, told(folder, str(years[-1])))


def _make_default(root: Path) -> None:
    """Write the newest edition into the parameters of the notebooks, for who opens one and runs it."""
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        text = path.read_text(encoding="utf-8")
        new = _DEFAULT.sub(rf"\g<1>{newest(root)}", text)
        if new != text:
            write(path, new.encode())


def sheets(tables: Tables, folder: Path) -> list[Path]:
    """Write one fill-in workbook a publisher with a series that goes on; return them.

    A row is asked for each period since the last figure of a series, and one for a series of the project's own
    that has no figure yet. Anything else can be typed in the rows left open.
    """
    from osw_stats.sources.sheets.write import write_workbook  # openpyxl, for this command only

    year, as_of = tables.edition.year, tables.edition.as_of
    table = since_last(tables.vintages, tables.observations, year, as_of)
    own, there = take_up(tables.root), {*tables.vintages["series_id"], *tables.observations["series_id"]}
    lines: dict[str, list[dict[str, Any]]] = {s.publisher: [] for s in catalogue().values() if not s.ended}
    for row in records(table[table["status"].isin(SHEETS)]):
        lines.setdefault(row["publisher"], []).extend(_lines(row, tables))
    for about in own:
        if about.series_id not in there and not about.ended:
            lines[about.publisher].append(_first(about, year))
    written = []
    for publisher, asked in sorted(lines.items()):
        written.append(folder / file_name(publisher, year))
        write_workbook(written[-1], publisher, asked, _known(tables, publisher), as_of)
    return written


def _known(tables: Tables, publisher: str) -> list[dict[str, str]]:
    """Return every series and group of a publisher, by key: what can be typed in a row left open."""
    rows = tables.vintages[(tables.vintages["publisher"] == publisher) & (tables.vintages["region"] == "NL")]
    groups = records(rows.drop_duplicates(["series_id", "sex", "age", "breakdown"]))
    found = [(key(o["series_id"], o["sex"], o["age"], o["breakdown"]), series(o["series_id"]), _group(o)) for o in groups]  # fmt: skip
    counted = {about.series_id for _, about, _ in found}
    found += [
        (key(about.series_id, "total", "total", ""), about, "") for about in catalogue().values()
        if about.publisher == publisher and about.series_id not in counted
    ]  # fmt: skip
    return [
        {"key": name, "title": about.title["nl"], "group": group, "unit": unit(about.unit).nl}
        for name, about, group in sorted(found, key=lambda f: f[0])
    ]


def _first(about: Series, year: int) -> dict[str, Any]:
    """Return the row of a series that has no figure yet."""
    return {
        "title": about.title["nl"], "period": str(year), "unit": unit(about.unit).nl, "state": NEW["nl"],
        "key": key(about.series_id, "total", "total", ""), "wanted": False,
    }  # fmt: skip


def _lines(row: dict[str, Any], tables: Tables) -> list[dict[str, Any]]:
    """Return the rows of a sheet for one series: one a group of its last period."""
    about = series(row["series"])
    found = tables.observations
    found = found[(found["series_id"] == row["series"]) & (found["time_period"] == row["last_period"])]
    found = found[found["region"] == "NL"]
    where = _where(row, tables)
    return [
        {
            "title": about.title["nl"], "group": _group(o), "period": row["period"], "unit": unit(about.unit).nl,
            "state": state(row, "nl"), "last_value": _last(o), "last_period": o["time_period"], "where": where,
            "key": key(o["series_id"], o["sex"], o["age"], o["breakdown"]),
            "wanted": row["status"] in ("overdue", "due"),
        }
        for o in records(found)
    ]  # fmt: skip


def _last(o: dict[str, Any]) -> float | str:
    return why_no_value(o, "nl") if pd.isna(o["obs_value"]) else float(o["obs_value"])


def _group(o: dict[str, Any]) -> str:
    parts = [word("sex", o["sex"], "nl")] if o["sex"] != "total" else []
    parts += [o["age"]] if o["age"] != "total" else []
    parts += [breakdown(o["breakdown"], "nl")] if o["breakdown"] else []
    return ", ".join(parts)


def _where(row: dict[str, Any], tables: Tables) -> str:
    found = only(tables.sources, "sources", source_id=row["source_id"])
    return f"{found['title']}, {row['locator']}" + (f" ({found['url']})" if found["url"] else "")


def _after(root: Path, year: int, as_of: date, languages: tuple[str, ...] | None) -> Edition:
    """Return a new edition with the languages and parameters of the last one before it."""
    before = [e for e in editions(root) if e < year]
    last = load_edition(before[-1], root) if before else None
    return Edition(
        year, as_of, languages or (last.languages if last else ("nl", "en")), last.parameters if last else {}
    )


def _text(edition: Edition) -> str:
    return _TEXT.format(
        year=edition.year, as_of=edition.as_of.isoformat(), languages=", ".join(edition.languages),
        parameters=yaml.safe_dump(edition.parameters, default_flow_style=True, width=10_000).strip(),
    )  # fmt: skip


def lines(table: pd.DataFrame) -> list[str]:
    """Return the checklist as text for a terminal: how many of each state, then what is overdue and due."""
    counted = table["status"].value_counts()
    out = [f"  {counted[s]:4d} {STATES[s]['en']}" for s in STATES if s in counted]
    for row in records(table[table["status"].isin(["overdue", "due"])]):
        out.append(
            f"  {row['status']:8} since {row['due_from' if row['status'] == 'due' else 'due_by']}  "
            f"{row['series']} {row['period']} ({row['publisher']})"
        )
    return out
