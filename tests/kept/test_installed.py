"""The packages a report is made with: what they are and whether they are as they were installed."""

import base64
import hashlib
import os
import sys
import time

import pytest

from osw_stats.kept.installed import installed

FILES = {
    "a/__init__.py": "x = 1\n",
    "a/data/table.dat": "1 2 3\n",
    "a/files/program": "\x7fELF",
    "a_more.py": "y",
}


def package(place, name, files, version="1.0"):
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
    place = tmp_path / "site-packages"
    package(place, "A_Package", FILES)
    package(place, "only_tests", {"only_tests.py": "z = 3\n"})
    package(place, "pip", {"pip.py": "p = 4\n"})
    monkeypatch.setattr(sys, "path", [str(place)])
    (tmp_path / "requirements.lock").write_text("a-package==1.0 \\\n    --hash=sha256:x\n")
    (tmp_path / "requirements-test.lock").write_text("a-package==1.0\nonly-tests==1.0\n")
    time.sleep(0.05)  # so that a change is later than the installation, by the clock of the file system
    return place


@pytest.mark.parametrize("name", FILES)
def test_one_changed_byte_counts_though_version_size_and_time_are_the_same(place, tmp_path, name):
    before = installed(tmp_path)
    assert before == ["A_Package-1.0.dist-info"]  # packages of the tests and those that install do not count
    path = place / name
    times = path.stat()
    path.write_text("#" + FILES[name][1:])
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    after = installed(tmp_path)
    assert len(after) == 2
    assert any(name in line for line in after)
    path.write_text(FILES[name])
    assert installed(tmp_path) == before


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        (lambda place: (place / "a/__init__.py").unlink(), True),
        (lambda place: (place / "numexpr.py").write_text("fast = True\n"), True),
        (lambda place: (place / "startup.pth").write_text("import os\n"), True),
        (lambda place: package(place, "bottleneck", {"bottleneck/__init__.py": ""}), True),
        (lambda place: (place / "A_Package-1.0.dist-info").rename(place / "A_Package-1.1.dist-info"), True),
        (lambda place: (place / "a/more.pyc").write_bytes(b"compiled"), False),
        (lambda place: (place / "only_tests.py").write_text("changed"), False),
    ],
    ids=[
        "a file is gone",
        "a module of nobody",
        "a startup file",
        "a package in no lock",
        "another version",
        "a compiled module",
        "a package of the tests",
    ],
)
def test_what_else_could_be_imported_counts(place, tmp_path, change, counts):
    before = installed(tmp_path)
    change(place)
    assert (installed(tmp_path) != before) == counts
