"""Parts of pages made from tables: gaps, quality, revisions, editions, errors, help, accessibility."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from osw_stats.data.edition import Tables
from osw_stats.data.editions import Edition, load_edition
from osw_stats.data.quality import Check
from osw_stats.data.rows import read_table
from osw_stats.errors import InputError
from osw_stats.meaning.observations import records
from osw_stats.meaning.series import series
from osw_stats.project import editions as years
from osw_stats.publish import own_claims
from osw_stats.publish.identity import identity
from osw_stats.publish.site.markdown import WORDS, table, words
from osw_stats.publish.site.sources import sources
from osw_stats.stats.revisions import revisions
from osw_stats.text.gaps import gap_lines
from osw_stats.text.language import day, number
from osw_stats.text.layouts import LAYOUTS
from osw_stats.text.tables import escape, markdown
from osw_stats.text.words import filled, phrase, word

FILES: dict[str, list[str]] = WORDS["columns"]  # of the small tables of `pages/`
UNCOUNTED = ("not_registered",)  # reasons why no figure can exist
PAGE = r"https://[\w-]+(\.[\w-]+)+(/\S*)?"  # an address that works as a link


def rows(root: Path, name: str) -> list[dict[str, str]]:
    """Read one of the small tables of `pages/`; all cells except notes must be filled in, and links must work."""
    shown, columns = f"pages/{name}", FILES[name]
    if not (root / shown).is_file():
        raise InputError("this table is missing", "Put it back.", file=shown)
    (_, header), *lines = read_table(root / shown, shown)
    if header != columns:
        raise InputError("has other columns", f"Columns: {', '.join(columns)}.", file=shown)
    filled_in = (r"(?s).+", "It is empty: fill it in, in both languages.")
    patterns = {column: filled_in for column in columns if not column.startswith("note_")}
    if name == "wcag.csv":
        patterns["status"] = ("|".join(WORDS["status"]), f"Choose: {', '.join(WORDS['status'])}.")
    read = []
    for line, cells in lines:
        read.append(row := dict(zip(columns, cells, strict=True)))
        if name == "help.csv":
            page = (PAGE, "Write the whole address of a page, such as https://helpwanted.nl.")
            remedy = "Write tel: and the digits of the contact, such as tel:112."
            digits = re.sub(r"\D", "", row["contact"])
            called = (f"tel:\\+?{digits or '[0-9]+'}", remedy)
            patterns |= {"url": called if row["kind"] == "telephone" else page, "source_url": page}
        for column, (pattern, remedy) in patterns.items():
            if not re.fullmatch(pattern, row[column]):
                value = row[column]
                raise InputError("cannot be used", remedy, file=shown, row=line, column=column, value=value)
    return read


def edition(tables: Tables, language: str) -> str:
    """Return which edition this is and which publications count."""
    e = tables.edition
    text = phrase("edition", language, year=e.year, as_of=day(e.as_of, language))
    return f"::: {{.lead}}\n{text}\n:::\n"


def missing(tables: Tables, language: str) -> str:
    """Return the figures not counted, not published or not found, and the number of series without this year."""
    gaps, year = tables.missing(), tables.edition.year
    named = gaps[gaps["reason"] != "no_figure"]
    rest = phrase("without", language, n=number(len(gaps) - len(named), language), year=year)
    return "\n".join([*gap_lines(named, year, language), f"- {rest}\n"])


def uncounted(tables: Tables, language: str) -> str:
    """Return an empty tile for each series that is not counted."""
    gaps, tiles = tables.missing(), []
    for name, rows in gaps[gaps["reason"].isin(UNCOUNTED)].groupby("series", sort=False):
        title, why = series(str(name)).title[language], word("no_value", rows["reason"].iloc[-1], language)
        tiles.append(f"::: {{.empty}}\n**{escape(title)}** {', '.join(rows['time_period'])}: {why}\n:::\n")
    return "\n".join(tiles)


def without(tables: Tables, language: str) -> str:
    """Return every series without a figure for the year of the edition."""
    gaps = tables.missing()
    lines = gap_lines(gaps[gaps["reason"] == "no_figure"], tables.edition.year, language)
    return "\n".join(lines) + "\n"


def stale(tables: Tables, language: str) -> str:
    """Return every series whose last figure is older than two years, with its period."""
    lines = []
    for row in records(tables.stale()):
        lines.append(f"- {escape(series(row['series']).title[language])}: {row['time_period']}.")
    return "\n".join(lines or [phrase("no_stale", language)]) + "\n"


def quality(checks: list[Check], language: str) -> str:
    """Return the table of quality rules with their results."""
    lines = []
    for c in checks:
        name, result = word("rule", c.rule, language), word("quality", c.result, language)
        lines.append((name, result, c.message[language]))
    return table("rules", language, lines)


def own(claims: pd.DataFrame, language: str) -> str:
    """Return the number of figures in our own sentences that were read back, by page."""
    return markdown(own_claims.summary(claims), LAYOUTS["own_claims"], language)


def helpers(tables: Tables, language: str) -> str:
    """Return the help organisations as JSON, for the top and the foot of every page."""
    keys = ("organisation", "contact", "url", language)
    contacts = [{"words" if k == language else k: r[k] for k in keys} for r in rows(tables.root, "help.csv")]
    return json.dumps(contacts, ensure_ascii=False)


def help_sources(tables: Tables, language: str) -> str:
    """Return the help organisations, with the source of every contact detail."""
    quoted, text = words("pieces", language)["quoted"], ""
    for row in rows(tables.root, "help.csv"):
        shown = {column: escape(cell) for column, cell in row.items()}
        text += f"- **{shown['organisation']}**: [{shown['contact']}]({row['url']}). {shown[language]}. "
        text += f"([{quoted}]({row['source_url']}), {shown[f'seen_{language}']})\n"
    return text


def errata(tables: Tables, language: str) -> str:
    """Return the list of errors found in published editions."""
    lines = []
    for row in rows(tables.root, "errata.csv"):
        pages = ", ".join(word("page", page, language) for page in row["page"].split(", "))
        lines.append((row["date"], row["edition"], pages, row[language]))
    return table("errata", language, lines) if lines else words("pieces", language)["no_errors"] + "\n"


def contact(tables: Tables, language: str) -> str:
    """Return how to report an error; empty if the settings have no address."""
    mail = identity(tables.root).contact_email
    return words("contact", language)["text"].format(mail=escape(mail), address=mail) if mail else ""


def wcag(tables: Tables, language: str) -> str:
    """Return every success criterion with its status."""
    status, lines = words("status", language), []
    for row in rows(tables.root, "wcag.csv"):
        criterion = f"{row['criterion']} {row[language]}"
        lines.append((criterion, row["level"], status[row["status"]], row[f"note_{language}"]))
    return table("wcag", language, lines)


def wcag_count(tables: Tables, language: str) -> str:
    """Return the number of criteria by status."""
    statuses = [r["status"] for r in rows(tables.root, "wcag.csv")]
    parts = [f"{text} {statuses.count(status)}" for status, text in words("status", language).items()]
    return ", ".join(parts).capitalize() + ".\n"


def revised(tables: Tables, language: str) -> str:
    """Return the figures that their publisher revised: old, new, and the date each became public."""
    texts, lines = words("pieces", language), []
    for row in records(revisions(tables.vintages)):
        values = [number(v, language, 0 if v == int(v) else 1) for v in (row["old_value"], row["new_value"])]
        days = [day(row[column], language) for column in ("old_known_by", "new_known_by")]
        lines.append((series(row["series_id"]).title[language], row["time_period"], *values, *days))
    shown = f"{texts['revised']}\n\n{table('revised', language, lines, [2, 3])}"
    return shown if lines else f"{texts['none_revised']}\n"


def editions(tables: Tables, language: str) -> str:
    """Return all editions, newest first, each with the command that rebuilds it."""
    texts, text = words("pieces", language), ""
    for year in reversed(years(tables.root)):
        as_of = day(load_edition(year, tables.root).as_of, language)
        this = texts["this"] if year == tables.edition.year else ""
        text += texts["edition"].format(year=year, this=this, day=as_of) + "\n"
    return text


def newest(tables: Tables, language: str) -> str:
    """Return, for every series of people or cases by year, the newest figure and the rhythm so far."""
    every, lines = words("pieces", language)["every"], []
    known = tables.observations[tables.observations["obs_value"].notna()]
    for series_id, periods in known.groupby("series_id", sort=True)["time_period"]:
        counted = sorted({int(p) for p in periods if re.fullmatch(r"\d{4}", p)})
        if len(counted) > 1 and counted[-1] >= tables.edition.year:
            about = series(str(series_id))
            rhythm = filled(every, n=counted[-1] - counted[-2])
            lines.append((about.title[language], about.publisher, counted[-1], rhythm))
    return table("newest", language, lines)


def archive_list(edition: Edition, language: str, past: list[int], newest: int | None) -> str:
    """Return links to the earlier editions in the site or, for an earlier edition, to the newest."""
    if newest:
        return archived(edition, language, newest) + "\n"
    texts = words("archive", language)
    if not past:
        return texts["none"] + "\n"
    to_root, folder = edition.to_root(language), edition.from_root(language)
    lines = [f"- [{texts['edition']} {year}]({to_root}{year}/{folder}index.html)" for year in past]
    return "\n".join([texts["past"], "", *lines]) + "\n"


def archived(edition: Edition, language: str, newest: int) -> str:
    """Return the announcement on every page of an earlier edition."""
    address = f"../{edition.to_root(language)}{edition.from_root(language)}index.html"
    return words("archive", language)["archived"].format(year=edition.year, newest=newest, address=address)


_PIECES = (edition, missing, uncounted, without, stale, sources, help_sources, errata, contact, wcag)
PIECES: dict[str, Callable[[Tables, str], str]] = {
    piece.__name__: piece for piece in (*_PIECES, wcag_count, revised, editions, newest)
}
