"""The `osw` command: its parser and its one exit. Everything heavy is imported by the command that needs it."""

import argparse
import io
import sys
import tomllib
import warnings
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from osw_stats import __version__
from osw_stats.errors import OswError, shown
from osw_stats.surroundings import fix_path, fix_variables

# for each command: its purpose, options and examples, and the module that holds its function
_FILE = Path(__file__).with_name("commands.toml")
COMMANDS: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
TYPES = {"int": int, "float": float, "path": Path}


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line, from `commands.toml`."""
    top = _add(None, "osw", "Reproducible statistics of online sexual violence in the Netherlands.")
    top.add_argument("--version", action="version", version=f"osw_stats {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    parsers: dict[str, argparse.ArgumentParser] = {}
    for name, command in COMMANDS.items():
        parent, _, inner = name.partition(" ")
        if inner:
            actions = parsers[parent].add_subparsers(dest="action", required=False, metavar=inner)
            parsers[name] = _add(actions, inner, command["help"], name)
        elif name != "osw":
            parsers[name] = _add(commands, name, command["help"])
        for flags, settings in command.get("options", {}).items():
            options = dict(settings)
            if "type" in options:
                options["type"] = TYPES[options["type"]]
            if isinstance(options.get("metavar"), list):
                options["metavar"] = tuple(options["metavar"])
            parsers[name].add_argument(*flags.split(), **options)
    return top


def _add(commands: Any, name: str, text: str, full_name: str = "") -> argparse.ArgumentParser:
    options: dict[str, Any] = {
        "description": text[0].upper() + text[1:].rstrip(".") + ".",
        "epilog": COMMANDS[full_name or name]["examples"],
        "formatter_class": argparse.RawDescriptionHelpFormatter,
        "allow_abbrev": False,
    }
    if commands is None:
        return argparse.ArgumentParser(prog=name, **options)
    added: argparse.ArgumentParser = commands.add_parser(name, help=text, **options)
    return added


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command; return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without our letters is no reason to fail
    args = parser().parse_args(arguments)
    if arguments is None:  # a process of our own: nothing of the user's machine, no library's warnings
        fix_path()
        warnings.simplefilter("ignore")
        sys.unraisablehook = lambda _: None  # errors while libraries are torn down do not matter
    if args.command != "build":  # a build sets them itself when there is work to do
        fix_variables()
    try:
        module = import_module(f"osw_stats.cli.{COMMANDS[args.command]['module']}")
        command = getattr(module, args.command.replace("-", "_"))
        return int(command(args))
    except OswError as error:
        print(f"osw: {error}", file=sys.stderr)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output went away, as `head` does
        return 0
    except OSError as error:
        problem = f"{shown(error.filename or 'a file')}: {error.strerror or shown(error)}"
        print(f"osw: {problem}. Check its name, rights and space.", file=sys.stderr)
    except KeyboardInterrupt:
        print("osw: stopped; what was published before is unchanged.", file=sys.stderr)
        return 130
    return 2 if args.command == "read" else 1
