"""The house: four floors, imports only go down, no circle; modules one can read in one sitting."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT

PACKAGE = PROJECT / "osw_stats"
FLOORS = (
    "errors",
    "yamlfile",
    "pandoc",
    "surroundings",
    "vocabulary",
    "sources",
    "analysis",
    "report",
    "cli",
)
MODULES = sorted(PACKAGE.rglob("*.py"))


def floor(module: str) -> int | None:
    """Return the floor of a dotted module name; None for the door (`osw_stats` itself)."""
    parts = module.split(".")
    return FLOORS.index(parts[1]) if len(parts) > 1 and parts[1] in FLOORS else None


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            base = node.module or ""
            found |= {base} | {f"{base}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {i for i in found if i.split(".")[0] == "osw_stats"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_import_runs_back_up(path):
    here = floor(name_of(path))
    if here is None:
        return
    for target in imports(path):
        there = floor(target)
        assert there is None or there <= here, f"{name_of(path)} reaches up to {target}"


def test_analyses_know_nothing_of_sources():
    for path in (PACKAGE / "analysis").rglob("*.py"):
        assert not [i for i in imports(path) if i.startswith("osw_stats.sources")], path


def test_there_is_no_circle():
    names = {name_of(p) for p in MODULES}
    graph = {name_of(p): {i for i in imports(p) if i in names and i != name_of(p)} for p in MODULES}
    # the door imports the report when it is called, never when it is imported
    graph["osw_stats"] = set()
    done: set[str] = set()
    while graph:
        free = {n for n, needs in graph.items() if needs <= done}
        assert free, f"a circle among {sorted(graph)}"
        done |= free
        graph = {n: needs for n, needs in graph.items() if n not in free}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_can_be_read_in_one_sitting(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def test_the_facts_of_a_report_need_no_chart_and_no_statistics_library():
    """Tables for readers and pieces of pages are words and numbers: a build waits for these imports."""
    code = "import sys, osw_stats.report.facts; print([m for m in ('matplotlib','scipy','statsmodels') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_importing_the_package_brings_no_heavy_library():
    code = "import sys, osw_stats.cli; osw_stats.cli.parser(); print([m for m in ('pandas','matplotlib','IPython','papermill') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
