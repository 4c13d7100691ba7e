"""Pieces of pages that say how the report is kept: revisions, editions, errors, help, accessibility."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from osw_stats.analysis.revisions import revisions
from osw_stats.errors import InputError
from osw_stats.report.edition import Tables
from osw_stats.report.editions import load_edition
from osw_stats.report.language import day, filled, number
from osw_stats.report.tables import escape
from osw_stats.report.words import word
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.series import series

WORDS = {
    "none_revised": {"nl": "Van de cijfers in deze editie is er geen herzien.", "en": "None of the figures in this edition was revised."},
    "revised": {
        "nl": "Deze cijfers zijn later door hun uitgever herzien. Wij gebruiken de nieuwste die openbaar was op de peildatum.",
        "en": "These figures were revised later by their publisher. We use the newest that was public on the as-of date.",
    },
    "no_errors": {"nl": "Tot nu toe is geen fout in een uitgebrachte editie gemeld.", "en": "So far no error in a published edition has been reported."},
    "edition": {"nl": "Editie", "en": "Edition"},
    "rebuild": {
        "nl": "stand {day}. Opnieuw maken: `.venv/bin/osw build --edition {year}`",
        "en": "as of {day}. To make it again: `.venv/bin/osw build --edition {year}`",
    },
    "this": {"nl": "deze editie", "en": "this edition"},
    "quoted": {"nl": "bron van dit gegeven", "en": "source of this detail"},
    "once": {"nl": "één jaar bekend", "en": "one year known"},
    "every": {"nl": "{n} jaar", "en": "{n} [n:year|years]"},
}  # fmt: skip
STATUS = {
    "yes": {"nl": "gedaan", "en": "implemented"},
    "partly": {"nl": "deels", "en": "partly"},
    "no": {"nl": "niet", "en": "not"},
    "none": {"nl": "niet van toepassing", "en": "does not apply"},
}
FILES = {
    "help.csv": ("organisation", "contact", "kind", "url", "nl", "en", "source_url", "seen_nl", "seen_en"),
    "errata.csv": ("date", "edition", "page", "nl", "en"),
    "wcag.csv": ("criterion", "level", "nl", "en", "status", "note_nl", "note_en"),
}


def rows(root: Path, name: str) -> list[dict[str, str]]:
    """Read one of the small tables of `pages/`.

    Raises
    ------
    InputError
        If it is absent, has other columns, or a cell that must say something is empty.
    """
    path, shown = root / "pages" / name, f"pages/{name}"
    if not path.is_file():
        raise InputError("this table is missing", "Put it back.", file=shown)
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        if tuple(reader.fieldnames or ()) != FILES[name]:
            raise InputError("has other columns", f"Columns: {', '.join(FILES[name])}.", file=shown)
        found = list(reader)
    for at, row in enumerate(found, start=2):
        for column in FILES[name]:
            if not (row[column] or "").strip() and not column.startswith("note_"):
                raise InputError("is empty", "Fill it in both languages.", file=shown, row=at, column=column)
        for column, (address, remedy) in _addresses(row).items() if name == "help.csv" else ():
            if not re.fullmatch(address, row[column]):
                raise InputError(
                    "cannot be followed", remedy, file=shown, row=at, column=column, value=row[column],
                )  # fmt: skip
        if name == "wcag.csv" and row["status"] not in STATUS:
            raise InputError(
                "is no status", f"Choose: {', '.join(STATUS)}.", file=shown, row=at, column="status", value=row["status"],
            )  # fmt: skip
    return found


def _addresses(row: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Return what the addresses of a line of help must look like, so that a tap reaches it, and what to do."""
    digits = re.sub(r"\D", "", row["contact"])
    called = (
        rf"tel:\+?{digits}" if digits else "tel:[0-9]+",
        "Write tel: and the digits of the contact, such as tel:112.",
    )
    page = (
        r"https://[\w-]+(\.[\w-]+)+(/\S*)?",
        "Write the whole address of a page, such as https://helpwanted.nl.",
    )
    return {"url": called if row["kind"] == "telephone" else page, "source_url": page}


def help_strip(tables: Tables, language: str) -> str:
    """Return the lines that say where help is."""
    lines = [_helper(row, language) for row in rows(tables.root, "help.csv")]
    return "\n".join(lines) + "\n"


def _helper(row: dict[str, str], language: str) -> str:
    return f"- **{escape(row['organisation'])}**: [{escape(row['contact'])}]({row['url']}). {escape(row[language])}."


def help_sources(tables: Tables, language: str) -> str:
    """Return the same lines with the source of every contact detail."""
    return (
        "\n".join(
            f"{_helper(row, language)} ([{WORDS['quoted'][language]}]({row['source_url']}), {escape(row[f'seen_{language}'])})"
            for row in rows(tables.root, "help.csv")
        )
        + "\n"
    )


def errata(tables: Tables, language: str) -> str:
    """Return the list of errors found in published editions."""
    found = rows(tables.root, "errata.csv")
    if not found:
        return WORDS["no_errors"][language] + "\n"
    heads = {"nl": ("Datum", "Editie", "Pagina", "Wat er mis was en wat nu geldt"), "en": ("Date", "Edition", "Page", "What was wrong and what holds now")}[language]  # fmt: skip
    return _table(heads, [(r["date"], r["edition"], _pages(r["page"], language), r[language]) for r in found])


def _pages(ids: str, language: str) -> str:
    return ", ".join(word("page", page, language) for page in ids.split(", "))


def wcag(tables: Tables, language: str) -> str:
    """Return every success criterion with its status."""
    heads = {"nl": ("Criterium", "Niveau", "Status", "Toelichting"), "en": ("Criterion", "Level", "Status", "Note")}[language]  # fmt: skip
    return _table(
        heads,
        [
            (
                f"{r['criterion']} {r[language]}",
                r["level"],
                STATUS[r["status"]][language],
                r[f"note_{language}"],
            )
            for r in rows(tables.root, "wcag.csv")
        ],
    )


def wcag_count(tables: Tables, language: str) -> str:
    """Return how many criteria have which status."""
    found = [r["status"] for r in rows(tables.root, "wcag.csv")]
    parts = [f"{STATUS[s][language]} {found.count(s)}" for s in STATUS]
    return ", ".join(parts).capitalize() + ".\n"


def revised(tables: Tables, language: str) -> str:
    """Return the figures that their publisher changed: old, new, and from when each was public."""
    found = revisions(tables.vintages)
    if found.empty:
        return WORDS["none_revised"][language] + "\n"
    heads = {
        "nl": ("Wat", "Periode", "Was", "Werd", "Openbaar", "Herzien"),
        "en": ("What", "Period", "Was", "Became", "Public", "Revised"),
    }[language]
    lines = [
        (
            series(r["series_id"]).title[language], r["time_period"], _plain(r["old_value"], language),
            _plain(r["new_value"], language), day_of(r["old_known_by"], language), day_of(r["new_known_by"], language),
        )
        for r in records(found)
    ]  # fmt: skip
    return WORDS["revised"][language] + "\n\n" + _table(heads, lines, numeric=(2, 3))


def editions(tables: Tables, language: str) -> str:
    """Return the editions there are, newest first, each with the command that makes it again."""
    years = sorted((int(p.stem) for p in (tables.root / "editions").glob("[0-9]*.yml")), reverse=True)
    lines = []
    for year in years:
        edition = load_edition(year, tables.root)
        note = f" ({WORDS['this'][language]})" if year == tables.edition.year else ""
        text = WORDS["rebuild"][language].format(day=day(edition.as_of, language), year=year)
        lines.append(f"- **{WORDS['edition'][language]} {year}**{note}: {text}.")
    return "\n".join(lines) + "\n"


def newest(tables: Tables, language: str) -> str:
    """Return, for every series of people or cases by year, the newest figure and the rhythm so far."""
    heads = {
        "nl": ("Reeks", "Uitgever", "Nieuwste periode", "Tijd tussen de laatste twee"),
        "en": ("Series", "Publisher", "Newest period", "Time between the last two"),
    }[language]
    lines = []
    known = tables.observations[tables.observations["obs_value"].notna()]
    for series_id, group in known.groupby("series_id", sort=True):
        years = sorted({int(p) for p in group["time_period"] if len(p) == 4 and p.isdigit()})
        if len(years) < 2 or years[-1] < tables.edition.year:
            continue
        rhythm = filled(WORDS["every"][language], n=years[-1] - years[-2])
        about = series(str(series_id))
        lines.append((about.title[language], about.publisher, str(years[-1]), rhythm))
    return _table(heads, lines)


def day_of(text: str, language: str) -> str:
    """Return an ISO date in words."""
    return day(date.fromisoformat(text), language)


def _plain(value: float, language: str) -> str:
    return number(value, language, 0 if value == int(value) else 1)


def _table(heads: tuple[str, ...], lines: Sequence[tuple[str, ...]], numeric: tuple[int, ...] = ()) -> str:
    rule = ["---:" if at in numeric else ":---" for at in range(len(heads))]
    cells = [" | ".join(map(escape, line)) for line in lines]
    return "\n".join(f"| {c} |" for c in [" | ".join(heads), " | ".join(rule), *cells]) + "\n"


PIECES: dict[str, Callable[[Tables, str], str]] = {
    "help": help_strip, "help_sources": help_sources, "errata": errata, "wcag": wcag, "wcag_count": wcag_count,
    "revised": revised, "editions": editions, "newest": newest,
}  # fmt: skip
