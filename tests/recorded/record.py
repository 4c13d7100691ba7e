"""What the library makes of its own figures and of texts with numbers, in a form short enough to keep.

python -m tests.recorded.record writes both files anew. Look at what changed: these are not reference values (those stand
in tests/oracle) but a record of what was published, so that no number changes without somebody seeing it.
"""

from __future__ import annotations

import io
import json
import os
import sys
from dataclasses import astuple
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd

from osw_stats.report import story
from osw_stats.report.notebooks import notebook_names
from osw_stats.vocabulary.scan.statements import scan
from tests.conftest import PROJECT

HERE = Path(__file__).parent
RESULTS, STATEMENTS = HERE / "results.json", HERE / "statements.json"


def told(root: Path, name: str, **parameters: object) -> list[dict[str, Any]]:
    """Carry out the code cells of a notebook in this process, with these parameters, and return what it told."""
    facts: list[dict[str, Any]] = []
    kept = story.display, story.svg_text, story.png, Path.cwd(), list(sys.path)
    story.display = lambda _bundle, raw, metadata: facts.append(metadata["osw"])
    story.svg_text, story.png = (lambda _figure: "<svg/>"), (lambda _drawing: b"")
    os.chdir(root / "notebooks")
    try:
        space: dict[str, Any] = {"__name__": "__main__"}
        for cell in nbformat.read(root / "notebooks" / f"{name}.ipynb", as_version=4).cells:
            if cell.cell_type == "code":
                exec(compile(cell.source, f"{name}.ipynb", "exec"), space)
                if "parameters" in cell.metadata.get("tags", ()):
                    space |= parameters
    finally:
        story.display, story.svg_text, story.png = kept[:3]
        os.chdir(kept[3])
        sys.path[:] = kept[4]
    return facts


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
    """Return the summary of every result table of the edition, by notebook and name."""
    found: dict[str, Any] = {}
    for notebook in only or notebook_names(root):
        for item in told(root, notebook):
            if item["kind"] == "table":
                found[f"{notebook}/{item['name']}"] = summary(item["csv"])
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
