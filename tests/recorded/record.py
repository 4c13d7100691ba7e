"""What the library makes of its own figures and of texts with numbers, in a form short enough to keep.

python -m tests.recorded.record writes both files anew. Look at what changed: these are not reference values (those stand
in tests/oracle) but a record of what was published, so that no number changes without somebody seeing it.
"""

from __future__ import annotations

import io
import json
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.kept.code_cells import notebook_names
from osw_stats.text.tables import csv_text
from osw_stats.wording.scan.statements import scan
from tests.computed import computed
from tests.conftest import PROJECT

HERE = Path(__file__).parent
EDITION = 2024  # the record is of this one, whichever is the newest
RESULTS, STATEMENTS = HERE / "results.json", HERE / "statements.json"


def summary(csv: str) -> dict[str, Any]:
    """Return the rows of a table and, of every column, the sum of its numbers or the words in it."""
    frame = pd.read_csv(io.StringIO(csv), keep_default_na=False, na_values=[""])
    columns: dict[str, Any] = {}
    for name in frame:
        column = frame[name]
        if pd.api.types.is_numeric_dtype(column) and column.dtype != bool:
            columns[name] = [
                int(column.notna().sum()),
                *(f"{x:.8g}" for x in (column.sum(), (column**2).sum())),
            ]
        else:
            columns[name] = [int(column.notna().sum()), len("".join(column.dropna().astype(str)))]
    return {"rows": len(frame), "columns": columns}


def results(root: Path, *only: str) -> dict[str, Any]:
    """Return the summary of every result table of an edition, by notebook and name."""
    found: dict[str, Any] = {}
    for notebook in only or notebook_names(root):
        made = computed(root, notebook, edition=EDITION)
        found |= {f"{notebook}/{name}": summary(csv_text(made.frame(name))) for name in made.tables}
    return found


def statements() -> dict[str, list[list[Any]]]:
    """Return every numeric statement of the texts beside the tests of the scan."""
    found = {}
    for path in sorted((PROJECT / "tests" / "scan" / "texts").glob("*.txt")):
        language = "en" if "en" in path.stem.split("_") else "nl"
        found[path.name] = [
            list(astuple(s)) for s in scan(path.read_text(encoding="utf-8"), language=language)
        ]
    return found


def main() -> None:
    """Write both records anew."""
    for path, content in ((STATEMENTS, statements()), (RESULTS, results(PROJECT))):
        lines = [f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in content.items()]
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
