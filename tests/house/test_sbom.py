"""The list of what the report is made with is whole, and the same at every run."""

import csv
import json
import re
import subprocess
import sys
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, files

import pytest
import yaml

from tests.conftest import PROJECT

# where wheels keep what others made: shared libraries, programs, fonts, folders of vendored code or data under a licence
OF_OTHERS = re.compile(
    r"(?:\.libs/|/_?vendor(?:ed)?/(?=[^/]+/)|/third_party/|/(?=[^/]+/LICEN[CS]E\.unicode$)|/(?=[^/]+\.(?:ttf|otf)$)|/(?=pandoc$))"
    r"([^/]+)"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the folder of both lists."""
    folder = tmp_path_factory.mktemp("sbom")
    subprocess.run([sys.executable, ".ci/sbom.py", folder], cwd=PROJECT, capture_output=True, check=True)
    return folder


def test_sbom_and_licences_list_every_locked_package(made, tmp_path):
    subprocess.run([sys.executable, ".ci/sbom.py", tmp_path], cwd=PROJECT, capture_output=True, check=True)
    for name in ("sbom.json", "licences.csv"):
        assert (made / name).read_bytes() == (tmp_path / name).read_bytes()
    locked = re.findall(
        r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", (PROJECT / "requirements.lock").read_text(), flags=re.M
    )
    sbom = json.loads((made / "sbom.json").read_text())
    assert [(c["name"], c["version"]) for c in sbom["components"]] == locked
    assert sbom["bomFormat"] == "CycloneDX"
    assert all(c["properties"] for c in sbom["components"]), "every package has its hashes"
    assert len({c["bom-ref"] for c in sbom["components"]}) == len(locked)
    rows = list(csv.DictReader((made / "licences.csv").read_text().splitlines()))
    assert len(rows) == len(locked)
    installed = {r["package"].lower(): r["licence"] for r in rows if r["licence"]}
    assert "BSD" in installed["numpy"]


def test_what_wheels_carry_is_listed_with_its_licence(made):
    """Programs and shared libraries beside the code of a package are under licences that its own does not tell."""
    parts = {
        part["name"]: part["licenses"][0]["expression"]
        for component in json.loads((made / "sbom.json").read_text())["components"]
        for part in component.get("components", [])
    }
    assert (parts["Pandoc"], parts["Typst"]) == ("GPL-2.0-or-later", "Apache-2.0")
    known = yaml.safe_load((PROJECT / ".ci" / "carried.yml").read_text(encoding="utf-8"))
    locked = re.findall(r"^([A-Za-z0-9_.-]+)==", (PROJECT / "requirements.lock").read_text(), flags=re.M)
    unnamed = []
    for name in (re.sub(r"[-_.]+", "-", n).lower() for n in locked):
        with suppress(PackageNotFoundError):
            begins = tuple(text for part in known.get(name, []) for text in part["files"])
            parts = {m[1] for f in files(name) or [] if (m := OF_OTHERS.search(str(f)))}
            unnamed += [f"{name}: {part}" for part in sorted(parts) if not part.startswith(begins or ("\0",))]
    assert not unnamed
