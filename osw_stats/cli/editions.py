"""`osw new-edition` and `osw diff`: begin a year, and say what changed since another."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from osw_stats.errors import InputError
from osw_stats.surroundings import today


def add_editions(commands: Any, add: Any) -> None:
    """Add both commands to the parser."""
    new = add(
        commands,
        "new-edition",
        "make an edition, the list of figures it waits for, and fill-in sheets",
    )
    new.add_argument("year", type=int, metavar="YEAR", help="the year reported on")
    new.add_argument("--as-of", metavar="DATE", help="as-of date, year-month-day (default today)")
    new.add_argument("--languages", metavar="LIST", help="such as nl,en (default: as the edition before)")

    diff = add(commands, "diff", "say what changed between two editions or two builds")
    diff.add_argument("old", metavar="OLD", help="an edition, or a folder of tables of a build")
    diff.add_argument("new", metavar="NEW", help="the edition or folder to hold against it")
    diff.add_argument("--format", choices=("table", "csv", "json", "markdown"), default="table",
                      help="how to print (default table)")  # fmt: skip
    diff.add_argument(
        "--record", action="store_true", help="record the headlines of OLD, for the page of the next edition"
    )
    diff.add_argument(
        "--language", choices=("nl", "en"), default="en", help="of --format markdown (default en)"
    )


def new_edition(given: argparse.Namespace) -> int:
    """Make an edition and say what it waits for."""
    from osw_stats.report.new_edition import lines, new_edition
    from osw_stats.report.root import find_root

    root = find_root()
    languages = None if given.languages is None else tuple(given.languages.replace(" ", "").split(","))
    made = new_edition(root, given.year, _day(given.as_of) or today(), languages)
    name = made.edition.relative_to(root)
    print(f"{name} is there already and was kept" if made.kept else f"wrote {name}")
    print("Figures\n" + "\n".join(lines(made.table)))
    print("Checklist\n" + "\n".join(f"  {p.relative_to(root)}" for p in made.checklists))
    print(
        "Fill-in sheets (docs/bijwerken.md says how)\n"
        + "\n".join(f"  {p.relative_to(root)}" for p in made.sheets)
    )
    return 0


def _day(text: str | None) -> Any:
    from datetime import date

    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(
            "is not a date", "Write year-month-day, such as 2026-06-30.", column="--as-of", value=text
        ) from None


def diff(given: argparse.Namespace) -> int:
    """Print every typed change between two editions or builds."""
    from osw_stats.analysis.edition_changes import edition_changes
    from osw_stats.report.compared import (
        json_text,
        markdown_text,
        plain_text,
        record_headlines,
        told,
    )
    from osw_stats.report.root import find_root
    from osw_stats.report.tables import csv_text

    root = find_root()
    old, new = (told(_folder(root, text), text) for text in (given.old, given.new))
    if given.record:
        print(f"wrote {record_headlines(root, old).relative_to(root)}", file=sys.stderr)
    changed = edition_changes(old, new)
    shown = {
        "table": lambda: plain_text(changed, old, new),
        "csv": lambda: csv_text(changed),
        "json": lambda: json_text(changed, old, new),
        "markdown": lambda: markdown_text(changed, old, new, given.language),
    }[given.format]()
    sys.stdout.write(shown)
    return 0


def _folder(root: Path, text: str) -> Path:
    """Return the folder of tables that an edition or a path stands for."""
    if text.isdigit():
        folder = root / "data" / "processed" / text
        if not folder.is_dir():
            raise InputError(
                "this edition was not built here", f"Run `osw build --edition {text}` first.",
                column="edition", value=text,
            )  # fmt: skip
        return folder
    folder = Path(text)
    for inside in ("", "processed", "data"):  # a folder of tables, or a site that carries them
        if (folder / inside / "observations.csv").is_file():
            return folder / inside
    raise InputError(
        "holds no tables of a build (observations.csv)", "Name an edition, or a folder such as data/processed/2024.",
        file=text,
    )  # fmt: skip
