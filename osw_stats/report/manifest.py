"""The manifest of a run: what an edition was made with, and what came out. No clock, so equal runs give equal bytes."""

from __future__ import annotations

import csv
import io
from importlib.metadata import version
from typing import Any

from osw_stats.report import notebooks
from osw_stats.report.edition import Tables
from osw_stats.report.graph import keys
from osw_stats.report.harvest import Pages, result_tables, results_of
from osw_stats.report.parameters import parameters
from osw_stats.sources.disk import sha256

LIBRARIES = ("osw_stats", "pandas", "numpy", "scipy", "statsmodels", "matplotlib", "papermill")


def manifest(tables: Tables, pages: Pages) -> dict[str, Any]:
    """Return versions, parameters, seeds, verdicts and hashes of the inputs.

    Parameters
    ----------
    tables
        The tables of the edition.
    pages
        The pages of its notebooks.
    """
    edition, root = tables.edition, tables.root
    set_to = {
        name: parameters(notebooks.notebook_path(root, name)) | edition.parameters.get(name, {})
        for name in sorted({name for name, _ in pages})
    }
    environment = keys.environment(root)
    return {
        "edition": edition.year,
        "as_of": edition.as_of.isoformat(),
        "languages": list(edition.languages),
        "parameters": {
            name: {k: v for k, v in values.items() if k not in ("edition", "results")}
            for name, values in set_to.items()
        },
        "seeds": {name: values["run_seed"] for name, values in set_to.items() if "run_seed" in values},
        "verdicts": _verdicts(pages),
        "libraries": {name: version(name) for name in LIBRARIES},
        "python": environment["python"],
        "machine": environment["machine"],
        "lock": environment["lock"],
        "raw_files": {p.relative_to(root).as_posix(): sha256(p) for p in keys.files(root / "data" / "raw")},
    }


def _verdicts(pages: Pages) -> dict[str, str]:
    """Return the verdict on every claim the ledger holds; nothing where no notebook judged it."""
    text = result_tables(results_of(pages)).get("claims_result", "")
    return {row["id"]: row["verdict"] for row in csv.DictReader(io.StringIO(text))}
