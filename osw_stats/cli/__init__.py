"""The `osw` command: its parser and its one exit. Everything heavy is imported by the command that needs it."""

from __future__ import annotations

import argparse
import io
import logging
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from osw_stats import __version__
from osw_stats.cli import commands
from osw_stats.cli.claims import claims as judge
from osw_stats.cli.editions import add_editions, diff, new_edition
from osw_stats.cli.examples import EXAMPLES
from osw_stats.cli.graph import add_graph, verify
from osw_stats.cli.pages import add_page, page
from osw_stats.cli.scan import add_scan
from osw_stats.errors import OswError, shown
from osw_stats.surroundings import fix_path, fix_variables


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = _add(None, "osw", "Reproducible statistics of online sexual violence in the Netherlands.")
    top.add_argument("--version", action="version", version=f"osw_stats {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    build = _add(commands, "build", "make the report: tidy tables, notebooks, figures, site")
    build.add_argument(
        "--edition", type=int, metavar="YEAR", help="year reported on (default: the newest edition)"
    )
    build.add_argument("--only", metavar="STEP", help="clean, run or render")
    build.add_argument("--renderer", default="auto", help="auto (default), pandoc or quarto")
    build.add_argument("--force", action="store_true", help="make everything anew, also what did not change")
    build.add_argument(
        "--archive",
        action="store_true",
        help="put the site of every earlier edition into this one, under its year",
    )
    build.add_argument(
        "--draft",
        action="store_true",
        help="the pages alone, in build/YEAR/draft, to look at while you write; nothing is published",
    )
    build.add_argument("--engine", default="auto", help="how notebooks run: auto (default), fork or stock")
    add_graph(build, commands, _add)

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
        "--edition",
        type=int,
        metavar="YEAR",
        help="year reported on (default the newest with recorded verdicts)",
    )
    claims.add_argument(
        "--format",
        choices=("table", "csv", "json"),
        default="table",
        help="how to print (default table)",
    )
    claims.add_argument("--explain", metavar="ID", help="show the arithmetic of one claim")
    claims.add_argument(
        "--ledger", type=Path, metavar="FILE", help="another ledger (docs/claims.md says what it holds)"
    )
    claims.add_argument(
        "--record", action="store_true", help="record the verdicts of this edition as they are now"
    )
    add_scan(claims, _add)

    fetch = _add(commands, "fetch", "download tables of CBS or the police into a new vintage")
    fetch.add_argument("publisher", nargs="?", metavar="PUBLISHER", help="cbs or police")
    fetch.add_argument("table", nargs="?", metavar="TABLE", help="number of the table; capitals matter")
    fetch.add_argument("--where", action="append", default=[], metavar="DIM=KEY[,KEY]",
                       help="keep only these keys of a dimension; may be repeated")  # fmt: skip
    fetch.add_argument("--all", action="store_true", help="every table in osw_stats/sources/tables.yml")
    fetch.add_argument("--base", metavar="URL", help="address of the service, up to the table number")

    add_editions(commands, _add)
    add_page(commands, _add)
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


RUN = {
    "build": commands.build,
    "verify": verify,
    "run": commands.run,
    "claims": judge,
    "read": commands.read,
    "check": commands.check,
    "record": commands.record,
    "fetch": commands.fetch,
    "new-edition": new_edition,
    "diff": diff,
    "page": page,
}


def _be_alone() -> None:
    """Let nothing of the user's machine be imported, and no library speak between our lines."""
    fix_path()
    warnings.simplefilter("ignore")
    logging.getLogger().addHandler(logging.NullHandler())
    sys.unraisablehook = lambda _: None  # what goes wrong while libraries are taken apart concerns nobody


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command; return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without our letters is no reason to fail
    given = parser().parse_args(arguments)
    if arguments is None:  # a process of our own
        _be_alone()
    fix_variables()
    try:
        return RUN[given.command](given)
    except OswError as error:
        print(f"osw: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output went away, as `head` does
        return 0
    except OSError as error:
        print(
            f"osw: {shown(error.filename or 'a file')}: {error.strerror or shown(error)}. Check its name, rights and space.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print("osw: stopped; what was published before is unchanged.", file=sys.stderr)
        return 130
