"""`osw page`: look at one page while writing it."""

from __future__ import annotations

import argparse
import gc
import sys


def page(given: argparse.Namespace) -> int:
    """Print a page; what a build would refuse of it goes to stderr."""
    gc.disable()  # looking for garbage among what is imported takes a third of the time
    from osw_stats.cli.trial import Trial, in_worlds, text_of
    from osw_stats.project import find_root, newest
    from osw_stats.publish.pages.lint import faults
    from osw_stats.publish.pages.render import render

    root = find_root()
    trial = Trial(root, given.edition or newest(root))
    results = trial.results(given.name, lambda line: print(line, file=sys.stderr))
    tables = trial.tables()
    name = given.name.removesuffix(".ipynb")
    if given.worlds:
        for text in in_worlds(root, name, given.language, results, tables):
            print(text)
        return 0
    print(text_of(render(root, name, given.language, results, tables)), end="", flush=True)
    wrong = faults(root, name)
    for fault in wrong:
        print(fault, file=sys.stderr)
    return int(bool(wrong))
