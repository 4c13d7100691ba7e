"""`osw new-edition` and `osw diff`: begin a year, and print what changed since another."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from osw_stats.errors import InputError
from osw_stats.surroundings import today


def new_edition(given: argparse.Namespace) -> int:
    """Make an edition and print what it waits for."""
    from osw_stats.project import find_root
    from osw_stats.publish.new_edition import lines, new_edition

    root = find_root()
    languages = None if given.languages is None else tuple(given.languages.replace(" ", "").split(","))
    try:
        as_of = date.fromisoformat(given.as_of) if given.as_of else today()
    except ValueError:
        remedy = "Write year-month-day, such as 2026-06-30."
        raise InputError("is not a date", remedy, column="--as-of", value=given.as_of) from None
    made = new_edition(root, given.year, as_of, languages)
    name = made.edition.relative_to(root)
    print(f"{name} is there already and was kept" if made.kept else f"wrote {name}")
    checklists, sheets = (
        [f"  {p.relative_to(root)}" for p in paths] for paths in (made.checklists, made.sheets)
    )
    print("\n".join(["Figures", *lines(made.table), "Checklist", *checklists]))
    print("\n".join(["Fill-in sheets (docs/bijwerken.md says how)", *sheets]))
    return 0


def diff(given: argparse.Namespace) -> int:
    """Print every typed change between two editions or builds."""
    from osw_stats.project import find_root
    from osw_stats.publish import compare
    from osw_stats.stats.revisions import edition_changes
    from osw_stats.text.tables import csv_text

    root = find_root()
    old, new = (compare.told(_folder(root, text), text) for text in (given.old, given.new))
    if given.record:
        print(f"wrote {compare.record_headlines(root, old).relative_to(root)}", file=sys.stderr)
    changed = edition_changes(old, new)
    if given.format == "csv":
        text = csv_text(changed)
    elif given.format == "json":
        text = compare.json_text(changed, old, new)
    elif given.format == "markdown":
        text = compare.markdown_text(changed, old, new, given.language)
    else:
        text = compare.plain_text(changed, old, new)
    sys.stdout.write(text)
    return 0


def _folder(root: Path, text: str) -> Path:
    """Return the folder of tables that an edition or a path stands for."""
    if text.isdigit():
        folder = root / "data" / "processed" / text
        if not folder.is_dir():
            remedy = f"Run `osw build --edition {text}` first."
            raise InputError("this edition was not built here", remedy, column="edition", value=text)
        return folder
    for inside in ("", "processed", "data"):  # a folder of tables, or a site that carries them
        if (Path(text) / inside / "observations.csv").is_file():
            return Path(text) / inside
    remedy = "Name an edition, or a folder such as data/processed/2024."
    raise InputError("holds no tables of a build (observations.csv)", remedy, file=text)
