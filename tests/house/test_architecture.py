"""The house: no circle, modules one can read in one sitting, no code that nothing uses. Its floors: `lint-imports`."""

import ast
import json
import subprocess
import sys
import tomllib
from collections import Counter
from graphlib import TopologicalSorter

import grimp
import yaml
from vulture import Vulture

from osw_stats.meaning.series import catalogue
from osw_stats.meaning.units import UNITS
from tests.conftest import PROJECT


def test_there_is_no_circle():
    graph = grimp.build_graph("osw_stats", cache_dir=None)
    # the door imports the report when it is called, never when it is imported
    imports = {m: graph.find_modules_directly_imported_by(m) for m in graph.modules - {"osw_stats"}}
    TopologicalSorter(imports).prepare()


def test_a_module_can_be_read_in_one_sitting_and_a_folder_surveyed():
    modules = list((PROJECT / "osw_stats").rglob("*.py"))
    assert [p for p in modules if len(p.read_text(encoding="utf-8").splitlines()) > 300] == []
    folders = Counter(p.parent for p in modules)
    assert [folder for folder, count in folders.items() if count > 14] == []


def test_a_function_fits_on_a_screen():
    """Its statements, that is: the docstring of a function that researchers call may be long."""
    long = []
    for path in sorted((PROJECT / "osw_stats").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                first = node.body[1 if ast.get_docstring(node) and len(node.body) > 1 else 0]
                if node.end_lineno - first.lineno > 60:
                    long.append(f"{path.name}: {node.name}")
    assert long == []


def test_every_function_and_class_is_used_by_the_library_or_a_notebook():
    """What only tests use is dead."""
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["vulture"]
    vulture = Vulture(ignore_names=settings["ignore_names"])
    vulture.scavenge([str(PROJECT / folder) for folder in ("osw_stats", "benchmarks", ".ci")])
    tables = yaml.safe_load((PROJECT / "osw_stats/text/tables.yml").read_text(encoding="utf-8"))
    called = {str(column["show"]).split(" ")[0] for table in tables.values() for column in table["columns"]}
    vulture.scan("\n".join(name for name in called if name.isidentifier()))  # functions of `text.row_cells`
    for notebook in (PROJECT / "notebooks").glob("*.ipynb"):
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        code = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
        vulture.scan(code, filename=notebook)
    kinds = ("function", "class", "method", "property", "import")
    assert [i.get_report() for i in vulture.get_unused_code() if i.typ in kinds] == []


def test_the_facts_of_a_report_need_no_chart_and_no_statistics_library():
    """A build waits for these imports; tests/build holds what help and a build with nothing to do import."""
    line = [sys.executable, "-c", "import sys, osw_stats.build.facts; print(*sys.modules)"]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    assert not {"matplotlib", "scipy", "statsmodels"} & set(done.stdout.split())


def test_no_series_is_named_in_python():
    """Which series an analysis is about stands in YAML beside it, so that another count can take its place."""
    named = {}
    for path in sorted((PROJECT / "osw_stats").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
        if found := texts & set(catalogue()) - set(UNITS):
            named[path.name] = found
    assert named == {}
