"""The `osw` command. Everything heavy is imported by the command that needs it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from osw_stats import __version__
from osw_stats.errors import InputError, OswError

EXAMPLES = {
    "osw": "examples:\n  osw build\n  osw run prevalence -p deff 1.6\n  osw claims --explain s4_8e",
    "build": (
        "examples:\n  osw build                        the whole report\n"
        "  osw build --only clean           the tidy tables alone\n"
        "  osw build --only render          the site again, from the last runs\n"
        "  osw build --edition 2024 --renderer pandoc"
    ),
    "run": (
        "examples:\n  osw run prevalence\n  osw run prevalence -p deff 1.6 -p language en\n"
        "  osw run trend -p alpha 0.1 -o /tmp/trend.ipynb"
    ),
    "check": (
        "examples:\n  osw check\n  osw check --rows no_year_is_missing\n  osw check --format json\n\n"
        "Exit status 1 when a rule fails; a warning is no failure."
    ),
    "record": "examples:\n  osw record        after you put a download into data/raw, or edited a table there",
    "read": (
        "examples:\n  osw read 47013NED_export.csv\n  osw read download/ --format json\n\n"
        "Nothing of the project is touched. Exit status 2 when the file cannot be read; the last line says why."
    ),
    "claims": (
        "examples:\n  osw claims\n  osw claims --format json\n  osw claims --explain s4_8e\n\n"
        "Exit status 1 when a verdict differs from the one recorded in the ledger."
    ),
}


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = _add(None, "osw", "Reproducible statistics of online sexual violence in the Netherlands.")
    top.add_argument("--version", action="version", version=f"osw_stats {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    build = _add(commands, "build", "make the report: tidy tables, notebooks, figures, site")
    build.add_argument(
        "--edition", type=int, default=2024, metavar="YEAR", help="year reported on (default 2024)"
    )
    build.add_argument("--only", metavar="STEP", help="clean, run or render")
    build.add_argument("--renderer", default="auto", help="auto (default), pandoc or quarto")

    run = _add(commands, "run", "run one notebook with parameters of your own")
    run.add_argument("notebook", help="prevalence, trend, capacity_gap or claims")
    run.add_argument("-p", "--parameter", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"),
                     help="set a parameter of the notebook; may be repeated")  # fmt: skip
    run.add_argument("-o", "--output", type=Path, metavar="FILE", help="where to write the executed notebook")

    read = _add(commands, "read", "show the observations of any file in a published shape")
    read.add_argument(
        "file", type=Path, help="a StatLine or data.politie.nl file, or a folder with its pages"
    )
    read.add_argument("--format", choices=("csv", "json"), default="csv", help="how to print (default csv)")

    check = _add(commands, "check", "test the raw figures against every quality rule")
    check.add_argument("--rows", metavar="RULE", help="show the figures one rule is about")
    check.add_argument(
        "--format", choices=("table", "csv", "json"), default="table", help="how to print (default table)"
    )

    _add(commands, "record", "record new downloads in data/raw, and renew the hashes of edited tables")

    claims = _add(commands, "claims", "test the statements in the claims ledger")
    claims.add_argument(
        "--edition", type=int, default=2024, metavar="YEAR", help="year reported on (default 2024)"
    )
    claims.add_argument(
        "--format",
        choices=("table", "csv", "json"),
        default="table",
        help="how to print (default table)",
    )
    claims.add_argument("--explain", metavar="ID", help="show the arithmetic of one claim")
    return top


def _add(commands: Any, name: str, text: str) -> argparse.ArgumentParser:
    options: dict[str, Any] = {
        "description": text[0].upper() + text[1:].rstrip(".") + ".",
        "epilog": EXAMPLES[name],
        "formatter_class": argparse.RawDescriptionHelpFormatter,
        "allow_abbrev": False,
    }
    if commands is None:
        return argparse.ArgumentParser(prog=name, **options)
    added: argparse.ArgumentParser = commands.add_parser(name, help=text, **options)
    return added


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command; return its exit status."""
    given = parser().parse_args(arguments)
    try:
        return {
            "build": _build,
            "run": _run,
            "read": _read,
            "check": _check,
            "record": _record,
            "claims": _claims,
        }[given.command](given)
    except OswError as error:
        print(f"osw: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("osw: stopped; what was published before is unchanged.", file=sys.stderr)
        return 130


def _build(given: argparse.Namespace) -> int:
    from osw_stats.report.build import build
    from osw_stats.report.edition import find_root
    from osw_stats.sources.record import record_new

    root = find_root()
    for path in record_new(root, _today()):
        print(f"record  {path.relative_to(root)}: a new download; fill in its title and date of publication")
    summary = build(
        root, given.edition, only=given.only, renderer=given.renderer,
        progress=lambda line: print(line, flush=True),
    )  # fmt: skip
    print("\nMade")
    for path, files in summary.made:
        print(f"  {path.relative_to(root)}/  {files} files")
    if summary.site:
        print(f"Open\n  {summary.site.as_uri()}\n  {(summary.site.parent / 'en' / 'index.html').as_uri()}")
    print(f"Took\n  {summary.seconds:.0f} seconds")
    print(
        f"Missing (listed on the start page)\n  {summary.withheld} figures that nobody registers or publishes\n"
        f"  {len(summary.without_figure)} series without a figure for {given.edition}: "
        f"{', '.join(summary.without_figure) or 'none'}"
    )
    return 0


def _run(given: argparse.Namespace) -> int:
    import json

    from osw_stats.report.edition import find_root
    from osw_stats.report.harvest import items
    from osw_stats.report.notebooks import notebook_path, run_notebook

    root = find_root()
    path = notebook_path(root, given.notebook)
    names = [name for name, _ in given.parameter]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise InputError("this parameter is given twice", "Give it once.", column=twice)
    executed = run_notebook(str(path), dict(given.parameter), str(root / "notebooks"))
    output = given.output or root / "build" / "own" / path.name
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(executed + "\n", encoding="utf-8")
    for told in items(json.loads(executed)):
        if told.kind == "sentence":
            print(f"{told.facts['text']}\n")
    print(f"Executed notebook: {output}")
    return 0


def _read(given: argparse.Namespace) -> int:
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


def _check(given: argparse.Namespace) -> int:
    import json

    from osw_stats.report.edition import find_root
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


def _record(given: argparse.Namespace) -> int:
    from osw_stats.report.edition import find_root
    from osw_stats.sources.record import record_new, renew_hashes

    root = find_root()
    written = [*record_new(root, _today()), *renew_hashes(root)]
    for path in written:
        print(f"wrote {path.relative_to(root)}")
    if not written:
        print("Nothing new: every raw file is recorded as it is.")
    return 0


def _today() -> str:
    from datetime import date

    return date.today().isoformat()


def _claims(given: argparse.Namespace) -> int:
    from osw_stats import load
    from osw_stats.analysis.claims import check, explain
    from osw_stats.vocabulary.observations import records

    tables = load(given.edition)
    result = check(tables.ledger, tables.observations)
    if given.explain:
        print(explain(result, tables.observations, given.explain))
        return 0
    shown = result[["id", "paragraph", "verdict", "reported_lower", "reported_upper", "recomputed_value",
                    "recomputed_lower", "recomputed_upper", "issue_type", "severity"]]  # fmt: skip
    if given.format == "json":
        print(shown.to_json(orient="records", force_ascii=False, indent=1))
    elif given.format == "csv":
        print(shown.to_csv(index=False, lineterminator="\n"), end="")
    else:
        print(shown.to_string(index=False, na_rep="-", float_format=lambda v: f"{v:,.6g}"))
        print("\n" + "\n".join(f"{n:3d} {v}" for v, n in result["verdict"].value_counts(sort=False).items()))
    for row in records(result[result["changed"]]):
        print(
            f"osw: claim {row['id']}: the verdict is now {row['verdict']}, the ledger records "
            f"{row['recorded_verdict']}. If an input row explains it, record the new verdict in the ledger.",
            file=sys.stderr,
        )
    return int(result["changed"].any())


if __name__ == "__main__":
    raise SystemExit(main())
