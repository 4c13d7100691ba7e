"""What each `osw` command does; each returns its exit status."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from osw_stats.errors import InputError, OswError
from osw_stats.surroundings import today

FILES = ("scenario", "supervision", "microdata")  # parameters that name a file
GAPS = {
    "not_registered": "not counted, according to their source",
    "not_found": "not found in what was read",
    "withheld": "that the publisher withholds",
    "not_applicable": "that cannot occur",
    "range_only": "published as a range only",
    "no_figure": "series without a figure for the year in what was read",
}


def build(given: argparse.Namespace) -> int:
    """Make the report and say what was made."""
    if given.matrix:
        from osw_stats.cli.graph import matrix

        return matrix(given)
    from osw_stats.cli.progress import Progress
    from osw_stats.report.build import build
    from osw_stats.report.graph import record
    from osw_stats.report.root import find_root, newest

    root = find_root()
    year = newest(root) if given.edition is None else given.edition
    if given.force or given.only or record.raw_changed(root, year):
        from osw_stats.sources.record import record_new

        for path in record_new(root, today().isoformat()):
            what = (
                "a filled-in sheet"
                if "kind: sheet\n" in path.read_text(encoding="utf-8")
                else "a new download; fill in its title and date of publication"
            )
            print(f"record  {path.relative_to(root)}: {what}")
    with Progress(sys.stdout) as progress, _cluster(given.scheduler) as executor:
        summary = build(
            root, year, only=given.only, renderer=given.renderer, force=given.force, engine=given.engine,
            executor=executor, progress=progress.line, live=progress.live, archive=given.archive, draft=given.draft,
        )  # fmt: skip
    if summary.unchanged:
        print(f"Nothing to do: {summary.unchanged}.")
    print("\nMade" if not summary.unchanged else "\nMade before")
    for path, files in summary.made:
        print(f"  {path.relative_to(root)}/  {files} files")
    if given.draft:
        print("  a draft: PDF and Word in it are those of the last build, and nothing was published")
    if summary.pages:
        print("Open\n  " + "\n  ".join(page.as_uri() for page in summary.pages))
    print(f"Took\n  {summary.seconds:.0f} seconds" if summary.seconds >= 1 else "Took\n  less than a second")
    print(
        "Missing (listed on the start page)\n  "
        + "\n  ".join(
            f"{len(names)} {GAPS[reason]}: {_some(names)}" for reason, names in summary.gaps.items()
        )
    )
    return 0


def _cluster(address: str | None) -> AbstractContextManager[Any]:
    if address is None:
        return nullcontext()
    from osw_stats.report.graph.matrix import cluster

    return cluster(address)


def _some(names: list[str], most: int = 6) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def run(given: argparse.Namespace) -> int:
    """Run one notebook and print what it says."""
    import json

    from osw_stats.report.edition import load_tables
    from osw_stats.report.graph.guard import Guard
    from osw_stats.report.graph.keys import named
    from osw_stats.report.harvest import items
    from osw_stats.report.notebooks import notebook_path, run_notebook
    from osw_stats.report.pages.render import render
    from osw_stats.report.parameters import parameters as defaults
    from osw_stats.report.root import find_root
    from osw_stats.report.site.own import own_output, own_page
    from osw_stats.results.collected import Results
    from osw_stats.sources.disk import write

    root = find_root()
    path = notebook_path(root, given.notebook)
    names = [name for name, _ in given.parameter]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise InputError("this parameter is given twice", "Give it once.", column=twice)
    parameters = {name: _file_here(value) if name in FILES else value for name, value in given.parameter}
    language = _language(parameters.pop("language", "nl"))  # of the page; a notebook knows none
    guard = Guard(root, named(root, parameters))
    with own_output(root, path.stem, given.output) as output:
        with guard.watching():
            executed = run_notebook(str(path), parameters, str(root / "notebooks"))
        guard.require()
        output.parent.mkdir(parents=True, exist_ok=True)
        write(output, (executed + "\n").encode())
        results = Results.of_notebook(json.loads(executed))
        year = int(parameters.get("edition", defaults(path)["edition"]))
        page = render(root, path.stem, language, results, load_tables(year, root))
        for told in items(page):
            if told.kind == "sentence":
                print(f"{told.facts['text']}\n")
        made = own_page(root, page, output)
    print(f"Executed notebook: {output}")
    print(f"Page: {made.resolve().as_uri()}")
    return 0


def _language(value: object) -> str:
    """Return the language of a page."""
    from osw_stats.report.root import LANGUAGES

    if value not in LANGUAGES:
        raise InputError(
            "is no language of the pages", f"Choose: {', '.join(LANGUAGES)}.", column="language", value=value
        )
    return str(value)


def _file_here(value: str) -> str:
    """Return the full path of a file named from where the user stands; notebooks run in another folder."""
    from pathlib import Path

    path = Path(value).expanduser()
    return str(path.resolve()) if path.is_file() else value


def read(given: argparse.Namespace) -> int:
    """Print the observations of one file."""
    from osw_stats.sources.statline.output import to_csv, to_json
    from osw_stats.sources.statline.read import read_table

    try:
        table = read_table(given.file)
    except OSError as error:
        print(
            f"osw: {InputError('cannot be opened', f'{error.strerror}.', file=given.file)}", file=sys.stderr
        )
        return 2
    except InputError as error:
        print(f"osw: {error}", file=sys.stderr)
        return 2
    sys.stdout.writelines((to_json if given.format == "json" else to_csv)(table))
    return 0


def check(given: argparse.Namespace) -> int:
    """Print the result of every quality rule."""
    import json

    from osw_stats.report.root import find_root
    from osw_stats.sources.quality import check

    checks = check(find_root())
    if given.rows:
        chosen = next((c for c in checks if c.rule == given.rows), None)
        if chosen is None:
            raise InputError("no such rule", f"Rules: {', '.join(c.rule for c in checks)}.", value=given.rows)
        print(chosen.rows.to_csv(index=False, lineterminator="\n"), end="")
        return int(chosen.result == "FAIL")
    table = [
        {"rule": c.rule, "stage": c.stage, "result": c.result, "message": c.message["en"]} for c in checks
    ]
    if given.format == "json":
        print(json.dumps(table, ensure_ascii=False, indent=1))
    elif given.format == "csv":
        import csv

        writer = csv.DictWriter(sys.stdout, ["rule", "stage", "result", "message"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    else:
        for row in table:
            print(f"{row['result']:8}{row['stage']:10}{row['rule']:32}{row['message']}")
    return int(any(c.result == "FAIL" for c in checks))


def record(given: argparse.Namespace) -> int:
    """Record new downloads and renew hashes."""
    from osw_stats.report.root import find_root
    from osw_stats.sources.record import record_new, renew_hashes

    root = find_root()
    written = [*record_new(root, today().isoformat()), *renew_hashes(root)]
    for path in written:
        print(f"wrote {path.relative_to(root)}")
    if not written:
        print("Nothing new: every raw file is recorded as it is.")
    return 0


def fetch(given: argparse.Namespace) -> int:
    """Download tables into new vintages."""
    from osw_stats.report.root import find_root
    from osw_stats.sources.fetch import fetch, registry

    if given.all == bool(given.publisher) or bool(given.publisher) != bool(given.table):
        raise InputError("nothing, or two things, to download", "Give PUBLISHER and TABLE, or --all alone.")
    if given.all and given.where:
        raise InputError("--where does not go with --all", "Each table there has its own filter.")
    tables = registry() if given.all else [(given.publisher, given.table, _where(given.where))]
    root, failed = find_root(), 0
    for publisher, table, where in tables:
        try:
            fetch(
                publisher, table, where=where, root=root, retrieved=today(), base=given.base,
                progress=lambda line: print(line, flush=True),
            )  # fmt: skip
        except OswError as error:
            # one table that fails is no reason to leave the others
            failed += 1
            print(f"osw: {error}", file=sys.stderr)
    if given.all:
        print(f"{len(tables) - failed} of {len(tables)} tables are here and whole")
    return int(failed > 0)


def _where(given: Sequence[str]) -> dict[str, list[str]]:
    where: dict[str, list[str]] = {}
    for part in given:
        name, sign, keys = part.partition("=")
        chosen = [key for key in keys.split(",") if key.strip()]
        if not (name.strip() and sign and chosen):
            raise InputError(
                "is not DIM=KEY[,KEY]", "Write for example RegioS=NL01.", column="where", value=part
            )
        where.setdefault(name.strip(), []).extend(chosen)
    return where
