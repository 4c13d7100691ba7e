"""What each result of a build depends on: whatever it reads is part of its key, and nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.report.graph import keys
from tests.conftest import PROJECT


def key(root, name="trend", **given):
    path = root / "notebooks" / f"{name}.ipynb"
    return keys.run_key(root, path, {"edition": 2024} | given, keys.inputs(root))


def edit(path: Path, kind: str) -> None:
    """Change the last cell of a kind in a notebook."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = [c for c in notebook["cells"] if c["cell_type"] == kind][-1]
    cell["source"] = [*cell["source"], "\n# one line more"]
    path.write_text(json.dumps(notebook), encoding="utf-8")


class TestKeys:
    def test_prose_is_no_part_of_a_run_nor_of_the_facts(self, project):
        before = key(project), keys.facts_key(project, 2024, keys.inputs(project))
        edit(project / "notebooks" / "trend.ipynb", "markdown")
        page = project / "pages" / "nl" / "index.qmd"
        page.write_text(page.read_text(encoding="utf-8") + "\nMeer tekst.\n", encoding="utf-8")
        known = keys.inputs(project)
        assert (key(project), keys.facts_key(project, 2024, known)) == before
        assert known != keys.inputs(PROJECT)  # the whole build does depend on it

    @pytest.mark.parametrize(
        "change",
        [
            lambda root: edit(root / "notebooks" / "trend.ipynb", "code"),
            lambda root: (root / "data/raw/police/reports.csv").write_text("changed"),
            lambda root: (root / "data/raw/police/new.csv").write_text("new"),
            lambda root: (root / "scenarios/central.yml").unlink(),
            lambda root: (root / "editions/2024.yml").write_text("year: 2024\nas_of: 2025-01-01\n"),
        ],
        ids=["code cell", "raw file", "new raw file", "scenario", "edition"],
    )
    def test_whatever_a_run_reads_is_part_of_it(self, project, change):
        before = key(project), keys.facts_key(project, 2024, keys.inputs(project))
        change(project)
        after = key(project), keys.facts_key(project, 2024, keys.inputs(project))
        assert before[0] != after[0]
        assert before[1] != after[1]

    @pytest.mark.parametrize("name", ["helper.py", "matplotlibrc", "more/table.csv"])
    def test_what_lies_beside_a_notebook_is_part_of_its_run(self, project, name):
        """It runs in that folder, so that it may import or read it."""
        before, path = key(project), project / "notebooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x = 1\n")
        after = key(project)
        path.write_text("x = 2\n")
        assert len({before, after, key(project)}) == 3

    @pytest.mark.parametrize(
        "module", ["report/graph/runs", "report/graph/engine", "report/notebooks", "surroundings"]
    )
    def test_what_runs_a_notebook_is_part_of_its_run(self, module):
        known, path = keys.inputs(PROJECT), PROJECT / "notebooks" / "trend.ipynb"
        other = known | {f"osw_stats/{module}.py": "changed"}
        assert keys.run_key(PROJECT, path, {"edition": 2024}, known) != keys.run_key(
            PROJECT, path, {"edition": 2024}, other
        )

    def test_another_notebook_or_edition_is_no_part_of_a_run(self, project):
        before = key(project)
        edit(project / "notebooks" / "claims.ipynb", "code")
        (project / "editions" / "2025.yml").write_text("year: 2025\n")
        assert key(project) == before

    def test_parameters_and_the_files_they_name_are_part_of_a_run(self, project):
        assert key(project, alpha=0.05) != key(project, alpha=0.1)
        answers = project / "answers.csv"
        answers.write_text("a\n1\n")
        before = key(project, "prevalence", microdata=str(answers))
        answers.write_text("a\n2\n")
        assert key(project, "prevalence", microdata=str(answers)) != before

    def test_the_library_counts_as_far_as_a_notebook_reaches_it(self):
        known = {k: v for k, v in keys.inputs(PROJECT).items() if k.startswith("osw_stats/")}
        reached = {
            name: set(keys.rooms(keys.imports_of(PROJECT / "notebooks" / f"{name}.ipynb"), known))
            for name in ("trend", "claims", "capacity_gap")
        }
        assert "osw_stats/analysis/counts/multiyear.py" in reached["trend"]
        assert "osw_stats/analysis/counts/regions.py" not in reached["capacity_gap"]
        for found in reached.values():  # `load` imports when it is called; tables that are no code count too
            assert {"osw_stats/sources/clean.py", "osw_stats/vocabulary/observations.py"} <= found
            assert any(p.startswith("osw_stats/vocabulary/") and not p.endswith(".py") for p in found)
            assert "osw_stats/report/build.py" not in found
            assert not any(p.startswith(("osw_stats/cli/", "osw_stats/report/site/")) for p in found)

    def test_the_facts_rest_on_every_module_that_a_run_rests_on(self):
        """A module that only a notebook imports is found here, or a kept report would hide its change."""
        known = keys.inputs(PROJECT)
        before = keys.facts_key(PROJECT, 2024, known)
        library = {k: v for k, v in known.items() if k.startswith("osw_stats/")}
        for path in sorted((PROJECT / "notebooks").glob("*.ipynb")):
            for module in keys.rooms(keys.imports_of(path), library):
                if not module.endswith(".py"):
                    assert keys.facts_key(PROJECT, 2024, known | {module: "changed"}) != before, module
        for module in (
            "analysis/counts/half_years",
            "report/fragments",
            "report/own_claims",
            "analysis/survey/model",
        ):
            assert keys.facts_key(PROJECT, 2024, known | {f"osw_stats/{module}.py": "changed"}) != before, (
                module
            )
        for page in ("osw_stats/cli/commands.py", "osw_stats/report/site/page.html", "pages/nl/index.qmd"):
            assert page in known
            assert keys.facts_key(PROJECT, 2024, known | {page: "changed"}) == before, page

    def test_code_that_gives_the_same_changes_nothing_after_it(self, project):
        def told_key(**told):
            return keys.facts_key(project, 2024, keys.inputs(project), {"nl/trend": "a"} | told)

        before = told_key()
        edit(project / "notebooks" / "trend.ipynb", "code")
        assert told_key() == before
        assert told_key(**{"nl/trend": "b"}) != before
        notebook = project / "notebooks" / "claims.ipynb"
        text = notebook.read_text(encoding="utf-8")
        assert "edition = 2025" in text
        notebook.write_text(text.replace("edition = 2025", "edition = 2023"), encoding="utf-8")
        assert told_key() != before  # the manifest lists the parameters, used or not
        notebook.write_text(text, encoding="utf-8")
        assert told_key() == before
        (project / "data/raw/police/reports.csv").write_text("changed")
        assert told_key() != before

    def test_the_facts_rest_on_the_small_tables_of_pages_and_on_who_publishes(self):
        """A correction that somebody adds to the list of errors must reach its page."""
        known = keys.inputs(PROJECT)
        before = keys.facts_key(PROJECT, 2024, known)
        for name in ("pages/errata.csv", "pages/help.csv", "pages/wcag.csv", "_quarto.yml", "CITATION.cff"):
            assert name in known
            assert keys.facts_key(PROJECT, 2024, known | {name: "changed"}) != before, name

    def test_rooms_holds_what_python_imports_in_truth(self):
        """Against the interpreter: every module that importing the notebook's modules loads is in the key."""
        statements = keys.imports_of(PROJECT / "notebooks" / "trend.ipynb")
        code = "\n".join(
            [*statements, "import sys", "print(*[m for m in sys.modules if m.split('.')[0] == 'osw_stats'])"]
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env=os.environ | {"PYTHONPATH": str(PROJECT)},
        )  # fmt: skip
        known = {k: v for k, v in keys.inputs(PROJECT).items() if k.startswith("osw_stats/")}
        paths = {p.removesuffix("/__init__.py").removesuffix(".py") for p in keys.rooms(statements, known)}
        assert {m.replace(".", "/") for m in done.stdout.split()} <= paths

    def test_asking_imports_nothing_but_the_standard_library(self):
        code = (
            "import sys; from osw_stats.report.build import build; from osw_stats.report.graph import state\n"
            "print([m for m in sys.modules if '-packages' in str(getattr(sys.modules[m], '__file__', ''))])"
        )
        done = subprocess.run(
            [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, cwd="/",
            env=os.environ | {"PYTHONPATH": str(PROJECT)},
        )  # fmt: skip
        assert done.stdout.strip() == "[]"

    def test_what_a_build_imports_leaves_the_environment_of_its_workers_alone(self):
        """Or the process that imported for them is not found again, and a second one imports everything once more."""
        code = (
            "import os; from osw_stats.surroundings import fix_variables; fix_variables(); before = dict(os.environ)\n"
            "import osw_stats, papermill, osw_stats.report.facts; osw_stats.load(2024)\n"
            "print(set(os.environ.items()) ^ set(before.items()))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT,
            env=os.environ | {"PYTHONPATH": str(PROJECT)},
        )  # fmt: skip
        assert done.stdout.strip() == "set()"

    @given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=5))
    def test_a_digest_knows_no_order(self, content):
        assert keys.digest(content) == keys.digest(dict(reversed(content.items())))
