"""`osw read`, `check`, `record`, `fetch`, `new-edition`, `editions`, `diff`: source figures, a new edition, comparisons."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from osw_stats import project
from osw_stats.errors import InputError, OswError, shown
from osw_stats.project import find_root
from osw_stats.surroundings import today


def read(args: argparse.Namespace) -> int:
    """Print the observations of one file."""
    from osw_stats.data.register import SUFFIX, read_record
    from osw_stats.data.statline.figures import to_csv, to_json
    from osw_stats.data.statline.read import read_table

    record = args.file.with_name(f"{args.file.stem}{SUFFIX}")
    table = read_table(args.file, read_record(record).facts if record.is_file() else None)
    for note in table.notes:
        _note(f"{args.file}: {note}")
    sys.stdout.writelines((to_json if args.format == "json" else to_csv)(table))
    return 0


def _note(text: str) -> None:
    print(f"osw: {shown(text, 1000)}.", file=sys.stderr)


def check(args: argparse.Namespace) -> int:
    """Print the result of every quality rule."""
    import json

    import pandas as pd

    from osw_stats.data.quality import check

    checks = check(find_root())
    if args.rows:
        chosen = next((c for c in checks if c.rule == args.rows), None)
        if chosen is None:
            raise InputError("no such rule", f"Rules: {', '.join(c.rule for c in checks)}.", value=args.rows)
        print(chosen.rows.to_csv(index=False, lineterminator="\n"), end="")
        return int(chosen.result == "FAIL")
    rows = [
        {"rule": c.rule, "stage": c.stage, "result": c.result, "message": c.message["en"]} for c in checks
    ]
    if args.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif args.format == "csv":
        print(pd.DataFrame(rows).to_csv(index=False, lineterminator="\n"), end="")
    else:
        for row in rows:
            print(f"{row['result']:8}{row['stage']:10}{row['rule']:32}{row['message']}")
    return int(any(c.result == "FAIL" for c in checks))


def record(_: argparse.Namespace) -> int:
    """Record new downloads and renew hashes."""
    from osw_stats.data.record import record_new, renew_hashes

    root = find_root()
    written = [*record_new(root, today().isoformat(), _note), *renew_hashes(root)]
    for path in written:
        print(f"wrote {path.relative_to(root)}")
    if not written:
        print("Nothing new: every raw file is recorded as it is.")
    return 0


def fetch(args: argparse.Namespace) -> int:
    """Download tables into new vintages; a failed download does not stop the others."""
    from osw_stats.data.fetch.tables import fetch
    from osw_stats.data.record import FETCHED

    if args.all == bool(args.publisher) or bool(args.publisher) != bool(args.table):
        raise InputError("nothing, or two things, to download", "Give PUBLISHER and TABLE, or --all alone.")
    if args.all and args.where:
        raise InputError("--where does not go with --all", "Each table there has its own filter.")
    tables = [(args.publisher, args.table, _where(args.where))]
    if args.all:
        tables = [(t["publisher"], t["table"], t.get("where", {})) for t in FETCHED["tables"]]
    root, failed = find_root(), 0
    options = {"root": root, "retrieved": today(), "base": args.base}
    for publisher, table, where in tables:
        try:
            fetch(publisher, table, where=where, progress=lambda line: print(line, flush=True), **options)
        except OswError as error:
            failed += 1
            print(f"osw: {error}", file=sys.stderr)
    if args.all:
        print(f"{len(tables) - failed} of {len(tables)} tables are here and whole")
    return int(failed > 0)


def _where(parts: Sequence[str]) -> dict[str, list[str]]:
    where: dict[str, list[str]] = {}
    for part in parts:
        name, _, keys = part.partition("=")
        chosen = [key for key in keys.split(",") if key.strip()]
        if not name.strip() or not chosen:
            remedy = "Write for example RegioS=NL01."
            raise InputError("is not DIM=KEY[,KEY]", remedy, column="where", value=part)
        where.setdefault(name.strip(), []).extend(chosen)
    return where


def new_edition(args: argparse.Namespace) -> int:
    """Create an edition and print the figures it still needs."""
    from osw_stats.publish.new_edition import lines, new_edition

    root = find_root()
    languages = None if args.languages is None else tuple(args.languages.replace(" ", "").split(","))
    try:
        as_of = date.fromisoformat(args.as_of) if args.as_of else today()
    except ValueError:
        remedy = "Write year-month-day, such as 2026-06-30."
        raise InputError("is not a date", remedy, column="--as-of", value=args.as_of) from None
    created = new_edition(root, args.year, as_of, languages)
    name = created.edition.relative_to(root)
    print(f"{name} is there already and was kept" if created.kept else f"wrote {name}")
    print("\n".join(["Figures", *lines(created.table)]))
    written = {"Checklist": created.checklists, "Fill-in sheets (docs/bijwerken.md says how)": created.sheets}
    if created.typed:
        kept = "Kept, as filled in: move them to data/raw/filled_in, or remove one to get it anew"
        written[kept] = created.typed
    for head, paths in written.items():
        print("\n".join([head, *(f"  {path.relative_to(root)}" for path in paths)]))
    return 0


def editions(_: argparse.Namespace) -> int:
    """Print the newest edition and the previous one, if any."""
    years = project.editions(find_root())[-1:-3:-1]
    print("\n".join(f"{name}={year}" for name, year in zip(("EDITION", "BEFORE"), years, strict=False)))
    return 0


def diff(args: argparse.Namespace) -> int:
    """Print every change between two editions or builds, by type."""
    from osw_stats.publish import compare
    from osw_stats.stats.revisions import edition_changes
    from osw_stats.text.tables import csv_text

    root = find_root()
    old, new = (compare.take_snapshot(_folder(root, text), text) for text in (args.old, args.new))
    if args.record:
        print(f"wrote {compare.record_headlines(root, old).relative_to(root)}", file=sys.stderr)
    changed = edition_changes(old, new)
    if args.format == "csv":
        text = csv_text(changed)
    elif args.format == "json":
        text = compare.json_text(changed, old, new)
    elif args.format == "markdown":
        text = compare.markdown_text(changed, old, new, args.language)
    else:
        text = compare.plain_text(changed, old, new)
    sys.stdout.write(text)
    return 0


def _folder(root: Path, text: str) -> Path:
    """Return the folder of tables of an edition or a path."""
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
