"""What a result depends on, where it is kept, who may build, and which packages there are."""

import base64
import hashlib
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from osw_stats.errors import OswError
from osw_stats.kept import keys
from osw_stats.kept.keys import installed
from osw_stats.kept.store import Store, kept
from osw_stats.kept.swap import building
from osw_stats.publish.pages import lint
from tests.cases import table
from tests.conftest import PROJECT


def keys_of(root, known=None, **given):
    """Return the keys of a run of the trend, of what tables say, of what the report says and of whether pages fit."""
    known = known or keys.inputs(root)
    run = keys.run_key(root, root / "notebooks" / "trend.ipynb", {"edition": 2024} | given, known)
    return {
        "run": run,
        "tables": keys.tables_key(root, 2024, known),
        "report": keys.facts_key(root, 2024, known),
        "lint": keys.lint_key(root, known, {}),
    }


def changed(before, after):
    return " ".join(name for name in before if before[name] != after[name])


def edit_cell(path, kind):
    """Change the last cell of a kind in a notebook."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = [c for c in notebook["cells"] if c["cell_type"] == kind][-1]
    cell["source"] = [*cell["source"], "\n# one line more"]
    path.write_text(json.dumps(notebook), encoding="utf-8")


@table(__file__, "read", "name counts")
def test_what_a_result_reads_is_in_its_key_and_nothing_else(project, name, counts):
    before, (path, *kind) = keys_of(project), name.split()
    if kind:
        edit_cell(project / path, *kind)
    else:
        (project / path).write_text("changed", encoding="utf-8")
    assert changed(before, keys_of(project)) == counts


def test_what_a_program_keeps_in_a_hidden_folder_is_no_input(project):
    before = keys.inputs(project)
    for folder in ("notebooks/.ruff_cache", "notebooks/.ipynb_checkpoints", "data/raw/cbs/.partial-1"):
        (project / folder).mkdir(exist_ok=True)
        (project / folder / "kept.csv").write_text("a", encoding="utf-8")
    assert keys.inputs(project) == before


@table(__file__, "code", "name counts")
def test_the_code_of_the_library_counts_but_not_the_look_of_pages(name, counts):
    known = keys.inputs(PROJECT)
    assert f"osw_stats/{name}" in known
    other = known | {f"osw_stats/{name}": "changed"}
    assert changed(keys_of(PROJECT, known), keys_of(PROJECT, other)) == counts


def test_parameters_and_the_files_they_name_are_part_of_a_run(project):
    assert changed(keys_of(project, alpha=0.05), keys_of(project, alpha=0.1)) == "run"
    answers = project / "answers.csv"
    answers.write_text("a\n1\n")
    before = keys_of(project, microdata=str(answers))
    answers.write_text("a\n2\n")
    assert changed(before, keys_of(project, microdata=str(answers))) == "run"


def test_cells_that_give_the_same_change_nothing_after_them_but_parameters_and_names_do(project):
    def facts(told="a"):
        return keys.facts_key(project, 2024, keys.inputs(project), {"nl/trend": told})

    def fit():
        told = {name: names for name, (names, _) in lint.names_of_all(project).items()}
        return keys.lint_key(project, keys.inputs(project), told)

    notebook = project / "notebooks" / "claims.ipynb"
    for key, old, new in (
        (facts, "edition = 2025", "edition = 2023"),  # the manifest lists the parameters, used or not
        (fit, "report.save(", "report.add(other=1)\\nreport.save("),
    ):
        before = key()
        edit_cell(notebook, "code")
        assert key() == before
        text = notebook.read_text(encoding="utf-8")
        assert old in text
        notebook.write_text(text.replace(old, new), encoding="utf-8")
        assert key() != before
    assert facts("b") != facts()


def test_a_store_gives_back_what_it_got_and_a_fresh_one_reads_nothing(tmp_path):
    value = {"x": [1.5, "é", None]}
    assert Store(tmp_path).read("a") is None
    assert kept(Store(tmp_path), "a", lambda: value) == value
    assert kept(Store(tmp_path), "a", pytest.fail) == value
    assert kept(Store(tmp_path, fresh=True), "a", lambda: 2) == 2
    assert Store(tmp_path).read("a") == 2


SPOILED = {
    "another value": lambda entry: entry.replace(b"1.5", b"1.6"),
    "cut off": lambda entry: entry[: len(entry) // 2],
    "empty": lambda entry: b"",
    "without a seal": lambda entry: entry.partition(b"\n")[2],
    "sealed for no key": lambda entry: hashlib.sha256(b"[1]").hexdigest().encode() + b"\n[1]",
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=list(SPOILED))
def test_a_spoiled_entry_is_no_entry_nor_is_one_under_another_key(tmp_path, spoil):
    Store(tmp_path).write("a", {"x": 1.5})
    whole = (tmp_path / "a").read_bytes()
    (tmp_path / "a").write_bytes(spoil(whole))
    (tmp_path / "b").write_bytes(whole)
    assert [Store(tmp_path).read(key) for key in "ab"] == [None, None]


def test_what_was_used_last_stays(tmp_path):
    store = Store(tmp_path)
    for number, name in enumerate("abc"):
        store.write(name, "x" * 100)
        os.utime(tmp_path / name, (number, number))
    store.read("a")
    store.prune(most=2 * (tmp_path / "a").stat().st_size)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "c"]


def test_a_second_build_is_told_who_builds_and_a_dead_process_keeps_no_lock(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from osw_stats.kept.swap import building\n"
        "with building(Path(sys.argv[1]), 'edition 2024'):\n    print('held', flush=True)\n    time.sleep(60)"
    )
    line, env = [sys.executable, "-c", code, str(tmp_path)], os.environ | {"PYTHONPATH": str(PROJECT)}
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, env=env) as other:
        assert other.stdout.readline() == "held\n"
        refused = pytest.raises(OswError, match=rf"running here \(process {other.pid}, edition 2024\)")
        with refused, building(tmp_path, "edition 2023"):
            pass
        other.send_signal(signal.SIGKILL)
        other.wait()
    with building(tmp_path, "edition 2023"):
        pass
    with building(tmp_path, "edition 2022"):
        pass


OLD = "A_Package-1.0.dist-info"
FILES = {
    "a/__init__.py": "x = 1\n",
    "a/data/table.dat": "1 2\n",
    "a/files/program": "\x7fELF",
    "more.py": "y",
}


def package(place, name, files, version="1.0"):
    """Install made-up files as pip does: the record with their hashes last."""
    rows = []
    for path, text in files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text(text)
        known = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
        rows.append(f"{path},sha256={known},{len(text)}")
    record = place / f"{name}-{version}.dist-info" / "RECORD"
    record.parent.mkdir()
    rows += [f"{record.parent.name}/RECORD,,", "a/__pycache__/__init__.pyc,,", "../../../bin/a,sha256=x,3"]
    record.write_text("\n".join(rows) + "\n")


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder of packages: one of the report, one of the tests alone, and pip."""
    place = tmp_path / "site-packages"
    package(place, "A_Package", FILES)
    package(place, "only_tests", {"only_tests.py": "z = 3\n"})
    package(place, "pip", {"pip.py": "p = 4\n"})
    monkeypatch.setattr(sys, "path", [str(place)])
    (tmp_path / "requirements.lock").write_text("a-package==1.0 \\\n    --hash=sha256:x\n")
    (tmp_path / "requirements-test.lock").write_text("a-package==1.0\nonly-tests==1.0\n")
    (tmp_path / "requirements-installer.lock").write_text("uv==1.0\n")
    time.sleep(0.05)  # so that a change is later than the installation, by the clock of the file system
    return place


@pytest.mark.parametrize("name", FILES)
def test_one_changed_byte_of_a_package_counts_though_size_and_time_are_the_same(place, tmp_path, name):
    before, path = installed(tmp_path), place / name
    assert before == [OLD]  # packages of the tests and those that install do not count
    times = path.stat()
    path.write_text("#" + FILES[name][1:])
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    after = installed(tmp_path)
    assert len(after) == 2
    assert any(name in line for line in after)
    path.write_text(FILES[name])
    assert installed(tmp_path) == before


CHANGES = {
    "a file is gone": (lambda place: (place / "a/__init__.py").unlink(), True),
    "a module of nobody": (lambda place: (place / "numexpr.py").write_text("fast = True\n"), True),
    "a startup file": (lambda place: (place / "startup.pth").write_text("import os\n"), True),
    "a package in no lock": (lambda p: package(p, "bottleneck", {"bottleneck/__init__.py": ""}), True),
    "a package locked for something else": (lambda p: package(p, "uv", {"uv/__init__.py": ""}), False),
    "another version": (lambda place: (place / OLD).rename(place / OLD.replace("1.0", "1.1")), True),
    "a compiled module": (lambda place: (place / "a/more.pyc").write_bytes(b"compiled"), False),
    "a package of the tests": (lambda place: (place / "only_tests.py").write_text("changed"), False),
}


@pytest.mark.parametrize(("change", "counts"), CHANGES.values(), ids=list(CHANGES))
def test_what_else_could_be_imported_counts(place, tmp_path, change, counts):
    before = installed(tmp_path)
    change(place)
    assert (installed(tmp_path) != before) == counts
