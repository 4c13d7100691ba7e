"""`osw read`, `check`, `record` and `fetch`: the figures behind the report."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from osw_stats.errors import InputError, OswError
from osw_stats.surroundings import today


def read(given: argparse.Namespace) -> int:
    """Print the observations of one file; exit status 2 when it cannot be read."""
    from osw_stats.data.statline.output import to_csv, to_json
    from osw_stats.data.statline.read import read_table

    try:
        table = read_table(given.file)
    except OSError as error:
        problem = InputError("cannot be opened", f"{error.strerror}.", file=given.file)
        print(f"osw: {problem}", file=sys.stderr)
        return 2
    except InputError as error:
        print(f"osw: {error}", file=sys.stderr)
        return 2
    sys.stdout.writelines((to_json if given.format == "json" else to_csv)(table))
    return 0


def check(given: argparse.Namespace) -> int:
    """Print the result of every quality rule."""
    import json

    import pandas as pd

    from osw_stats.data.quality import check
    from osw_stats.project import find_root

    checks = check(find_root())
    if given.rows:
        chosen = next((c for c in checks if c.rule == given.rows), None)
        if chosen is None:
            raise InputError("no such rule", f"Rules: {', '.join(c.rule for c in checks)}.", value=given.rows)
        print(chosen.rows.to_csv(index=False, lineterminator="\n"), end="")
        return int(chosen.result == "FAIL")
    rows = [
        {"rule": c.rule, "stage": c.stage, "result": c.result, "message": c.message["en"]} for c in checks
    ]
    if given.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif given.format == "csv":
        print(pd.DataFrame(rows).to_csv(index=False, lineterminator="\n"), end="")
    else:
        for row in rows:
            print(f"{row['result']:8}{row['stage']:10}{row['rule']:32}{row['message']}")
    return int(any(c.result == "FAIL" for c in checks))


def record(_: argparse.Namespace) -> int:
    """Record new downloads and renew hashes."""
    from osw_stats.data.record import record_new, renew_hashes
    from osw_stats.project import find_root

    root = find_root()
    written = [*record_new(root, today().isoformat()), *renew_hashes(root)]
    for path in written:
        print(f"wrote {path.relative_to(root)}")
    if not written:
        print("Nothing new: every raw file is recorded as it is.")
    return 0


def fetch(given: argparse.Namespace) -> int:
    """Download tables into new vintages; one that fails is no reason to leave the others."""
    from osw_stats.data.fetch.tables import fetch, registry
    from osw_stats.project import find_root

    if given.all == bool(given.publisher) or bool(given.publisher) != bool(given.table):
        raise InputError("nothing, or two things, to download", "Give PUBLISHER and TABLE, or --all alone.")
    if given.all and given.where:
        raise InputError("--where does not go with --all", "Each table there has its own filter.")
    tables = registry() if given.all else [(given.publisher, given.table, _where(given.where))]
    root, failed = find_root(), 0
    options = {"root": root, "retrieved": today(), "base": given.base}
    for publisher, table, where in tables:
        try:
            fetch(publisher, table, where=where, progress=lambda line: print(line, flush=True), **options)
        except OswError as error:
            failed += 1
            print(f"osw: {error}", file=sys.stderr)
    if given.all:
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
