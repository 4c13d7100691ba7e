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
    "claims": (
        "examples:\n  osw claims\n  osw claims --format json\n  osw claims --explain s4_8e\n\n"
        "Exit status 1 when a verdict differs from the one recorded in the ledger."
    ),
    "fetch": (
        "examples:\n  osw fetch --all                  every table the project knows\n"
        "  osw fetch cbs 7461bev --where Geslacht=3000,4000 --where BurgerlijkeStaat=T001019\n"
        "  osw fetch police 47013NED --where RegioS=NL01\n"
        "  osw fetch cbs 7461bev --base https://opendata.cbs.nl/ODataFeed/OData    the bulk feed\n\n"
        "Each download becomes a folder data/raw/PUBLISHER/TABLE/DATE, DATE being the day the publisher\n"
        "modified the table; a folder that is there is never overwritten. After an interruption the same\n"
        "command goes on where it stopped. This is the only command that uses the network."
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

    fetch = _add(commands, "fetch", "download tables of CBS or the police into a new vintage")
    fetch.add_argument("publisher", nargs="?", metavar="PUBLISHER", help="cbs or police")
    fetch.add_argument("table", nargs="?", metavar="TABLE", help="number of the table; capitals matter")
    fetch.add_argument("--where", action="append", default=[], metavar="DIM=KEY[,KEY]",
                       help="keep only these keys of a dimension; may be repeated")  # fmt: skip
    fetch.add_argument("--all", action="store_true", help="every table in osw_stats/sources/tables.yml")
    fetch.add_argument("--base", metavar="URL", help="address of the service, up to the table number")
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
        return {"build": _build, "run": _run, "claims": _claims, "fetch": _fetch}[given.command](given)
    except OswError as error:
        print(f"osw: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("osw: stopped; what was published before is unchanged.", file=sys.stderr)
        return 130


def _build(given: argparse.Namespace) -> int:
    from osw_stats.report.build import build
    from osw_stats.report.edition import find_root

    root = find_root()
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


def _fetch(given: argparse.Namespace) -> int:
    from datetime import date

    from osw_stats.report.edition import find_root
    from osw_stats.sources.fetch import fetch, registry

    if given.all == bool(given.publisher) or bool(given.publisher) != bool(given.table):
        raise InputError("nothing, or two things, to download", "Give PUBLISHER and TABLE, or --all alone.")
    if given.all and given.where:
        raise InputError("--where does not go with --all", "Each table there has its own filter.")
    tables = registry() if given.all else [(given.publisher, given.table, _where(given.where))]
    root, today, failed = find_root(), date.today(), 0
    for publisher, table, where in tables:
        try:
            fetch(
                publisher, table, where=where, root=root, retrieved=today, base=given.base,
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


if __name__ == "__main__":
    raise SystemExit(main())
