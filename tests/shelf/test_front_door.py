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
    nodes = [node for cell in running for node in ast.parse(cell).body]
    imports = [ast.unparse(node) for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    program = "\n".join([*imports, "import sys", "print(*sys.modules)"])
    modules = subprocess.check_output([sys.executable, "-c", program], cwd=PROJECT, text=True).split()
    assert [module for module in modules if module.startswith("osw_stats.shelf.")] == []
