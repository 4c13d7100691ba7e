"""`osw page`: look at one page while writing it."""

from __future__ import annotations

import argparse
import sys
from typing import Any


def add_page(commands: Any, add: Any) -> None:
    """Add the command to the parser."""
    page = add(commands, "page", "print one page as it would be, or its sentences in other worlds")
    page.add_argument("name", metavar="NAME", help="prevalence, trend, capacity_gap or claims")
    page.add_argument("--edition", type=int, metavar="YEAR", help="year reported on (default: the newest)")
    page.add_argument("--language", choices=("nl", "en"), default="nl", help="of the page (default nl)")
    page.add_argument(
        "--worlds",
        action="store_true",
        help="its sentences where figures rise, fall, stand still or lack, each with what is different",
    )


def page(given: argparse.Namespace) -> int:
    """Print a page; what a build would refuse of it goes to stderr."""
    from osw_stats.report.edition import load_tables
    from osw_stats.report.pages.lint import faults
    from osw_stats.report.pages.render import render
    from osw_stats.report.pages.trial import in_worlds, results_of, text_of
    from osw_stats.report.root import find_root, newest

    root = find_root()
    year = given.edition or newest(root)
    results = results_of(root, given.name, year, lambda line: print(line, file=sys.stderr))
    tables = load_tables(year, root)
    name = given.name.removesuffix(".ipynb")
    if given.worlds:
        for text in in_worlds(root, name, given.language, results, tables):
            print(text)
        return 0
    print(text_of(render(root, name, given.language, results, tables)), end="")
    wrong = faults(root, name)
    for fault in wrong:
        print(fault, file=sys.stderr)
    return int(bool(wrong))
