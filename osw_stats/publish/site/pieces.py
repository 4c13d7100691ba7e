"""Pieces of pages that say how the report is kept: revisions, editions, errors, help, accessibility."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

from osw_stats.data.edition import Tables
from osw_stats.data.editions import Edition, load_edition
from osw_stats.errors import InputError
from osw_stats.meaning.observations import records
from osw_stats.meaning.series import series
from osw_stats.project import editions as years
from osw_stats.publish.site.markdown import WORDS, heads, table, words
from osw_stats.stats.revisions import revisions
from osw_stats.text.language import day, number
from osw_stats.text.tables import escape
from osw_stats.text.words import filled, word

FILES = {
    "help.csv": ("organisation", "contact", "kind", "url", "nl", "en", "source_url", "seen_nl", "seen_en"),
    "errata.csv": ("date", "edition", "page", "nl", "en"),
    "wcag.csv": ("criterion", "level", "nl", "en", "status", "note_nl", "note_en"),
}
PAGE = r"https://[\w-]+(\.[\w-]+)+(/\S*)?"  # an address that a tap can follow


def rows(root: Path, name: str) -> list[dict[str, str]]:
    """Read one of the small tables of `pages/`."""
    path, shown = root / "pages" / name, f"pages/{name}"
    if not path.is_file():
        raise InputError("this table is missing", "Put it back.", file=shown)
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        if tuple(reader.fieldnames or ()) != FILES[name]:
            raise InputError("has other columns", f"Columns: {', '.join(FILES[name])}.", file=shown)
        found = list(reader)
    for at, row in enumerate(found, start=2):
        for column, (pattern, remedy) in _patterns(name, row).items():
            if not re.fullmatch(pattern, row[column] or ""):
                raise InputError(
                    "cannot be used", remedy, file=shown, row=at, column=column, value=row[column]
                )
    return found


def _patterns(name: str, row: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Return what each cell of a row must look like, and what to do where it does not."""
    filled_in = (r"(?s).*\S.*", "It is empty: fill it in, in both languages.")
    patterns = {column: filled_in for column in FILES[name] if not column.startswith("note_")}
    if name == "wcag.csv":
        patterns["status"] = ("|".join(WORDS["status"]), f"Choose: {', '.join(WORDS['status'])}.")
    if name == "help.csv":
        page = (PAGE, "Write the whole address of a page, such as https://helpwanted.nl.")
        digits = re.sub(r"\D", "", row["contact"] or "")
        called = (
            f"tel:\\+?{digits or '[0-9]+'}",
            "Write tel: and the digits of the contact, such as tel:112.",
        )
        patterns |= {"url": called if row["kind"] == "telephone" else page, "source_url": page}
    return patterns


def help_strip(tables: Tables, language: str) -> str:
    """Return the lines that say where help is."""
    return "\n".join(_helper(row, language) for row in rows(tables.root, "help.csv")) + "\n"


def help_sources(tables: Tables, language: str) -> str:
    """Return the same lines with the source of every contact detail."""
    quoted = words("pieces", language)["quoted"]
    lines = [
        f"{_helper(row, language)} ([{quoted}]({row['source_url']}), {escape(row[f'seen_{language}'])})"
        for row in rows(tables.root, "help.csv")
    ]
    return "\n".join(lines) + "\n"


def _helper(row: dict[str, str], language: str) -> str:
    return f"- **{escape(row['organisation'])}**: [{escape(row['contact'])}]({row['url']}). {escape(row[language])}."


def errata(tables: Tables, language: str) -> str:
    """Return the list of errors found in published editions."""
    found = rows(tables.root, "errata.csv")
    if not found:
        return words("pieces", language)["no_errors"] + "\n"
    lines = []
    for row in found:
        pages = ", ".join(word("page", page, language) for page in row["page"].split(", "))
        lines.append((row["date"], row["edition"], pages, row[language]))
    return table(heads("errata", language), lines)


def wcag(tables: Tables, language: str) -> str:
    """Return every success criterion with its status."""
    status = words("status", language)
    lines = [
        (f"{r['criterion']} {r[language]}", r["level"], status[r["status"]], r[f"note_{language}"])
        for r in rows(tables.root, "wcag.csv")
    ]
    return table(heads("wcag", language), lines)


def wcag_count(tables: Tables, language: str) -> str:
    """Return how many criteria have which status."""
    found = [r["status"] for r in rows(tables.root, "wcag.csv")]
    parts = [f"{text} {found.count(status)}" for status, text in words("status", language).items()]
    return ", ".join(parts).capitalize() + ".\n"


def revised(tables: Tables, language: str) -> str:
    """Return the figures that their publisher changed: old, new, and from when each was public."""
    found, said = revisions(tables.vintages), words("pieces", language)
    if found.empty:
        return f"{said['none_revised']}\n"
    lines = []
    for row in records(found):
        values = [number(v, language, 0 if v == int(v) else 1) for v in (row["old_value"], row["new_value"])]
        days = [day(row[column], language) for column in ("old_known_by", "new_known_by")]
        lines.append((series(row["series_id"]).title[language], row["time_period"], *values, *days))
    return f"{said['revised']}\n\n{table(heads('revised', language), lines, numeric=[2, 3])}"


def editions(tables: Tables, language: str) -> str:
    """Return the editions there are, newest first, each with the command that makes it again."""
    said, lines = words("pieces", language), []
    for year in reversed(years(tables.root)):
        as_of = day(load_edition(year, tables.root).as_of, language)
        this = said["this"] if year == tables.edition.year else ""
        lines.append(said["edition"].format(year=year, this=this, day=as_of))
    return "\n".join(lines) + "\n"


def newest(tables: Tables, language: str) -> str:
    """Return, for every series of people or cases by year, the newest figure and the rhythm so far."""
    every, lines = words("pieces", language)["every"], []
    known = tables.observations[tables.observations["obs_value"].notna()]
    for series_id, periods in known.groupby("series_id", sort=True)["time_period"]:
        found = sorted({int(p) for p in periods if re.fullmatch(r"\d{4}", p)})
        if len(found) > 1 and found[-1] >= tables.edition.year:
            about = series(str(series_id))
            rhythm = filled(every, n=found[-1] - found[-2])
            lines.append((about.title[language], about.publisher, found[-1], rhythm))
    return table(heads("newest", language), lines)


def archive_list(edition: Edition, language: str, past: list[int], newest: int | None) -> str:
    """Return links to the earlier editions that stand in the site or, of an earlier one, to the newest."""
    if newest:
        return archived(edition, language, newest) + "\n"
    said = words("archive", language)
    if not past:
        return said["none"] + "\n"
    to_root, folder = edition.to_root(language), edition.from_root(language)
    lines = [f"- [{said['edition']} {year}]({to_root}{year}/{folder}index.html)" for year in past]
    return "\n".join([said["past"], "", *lines]) + "\n"


def archived(edition: Edition, language: str, newest: int) -> str:
    """Return what every page of an earlier edition says on top."""
    address = f"../{edition.to_root(language)}{edition.from_root(language)}index.html"
    return words("archive", language)["archived"].format(year=edition.year, newest=newest, address=address)


PIECES: dict[str, Callable[[Tables, str], str]] = {
    "help": help_strip,
    "help_sources": help_sources,
    "errata": errata,
    "wcag": wcag,
    "wcag_count": wcag_count,
    "revised": revised,
    "editions": editions,
    "newest": newest,
}
