"""An ordinary edition imports nothing of the shelf but its front door."""

import ast
import json
import subprocess
import sys

import pytest

from tests.conftest import PROJECT

# cells that begin with one of these skip themselves
SKIPPING = ("downloaded.monthly(", "downloaded.regional(")


@pytest.mark.parametrize("name", ["prevalence", "trend", "capacity_gap", "claims"])
def test_cells_that_run_import_nothing_that_waits_for_data(name):
    notebook = json.loads((PROJECT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    running = [cell for cell in cells if not any(call in cell for call in SKIPPING)]
    imports = [
        n for cell in running for n in ast.parse(cell).body if isinstance(n, ast.Import | ast.ImportFrom)
    ]
    program = "\n".join([*map(ast.unparse, imports), "import sys", "print(*sys.modules)"])
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert [module for module in done.stdout.split() if module.startswith("osw_stats.shelf.")] == []
