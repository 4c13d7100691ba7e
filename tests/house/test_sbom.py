"""The list of what the report is made with is whole, and the same at every run."""

import csv
import json
import re
import subprocess
import sys
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, files

import yaml

from tests.conftest import PROJECT

# where wheels keep what others made: shared libraries, programs, fonts, folders of vendored code or data under a licence
OF_OTHERS = re.compile(
    r"(?:\.libs/|/_?vendor(?:ed)?/(?=[^/]+/)|/third_party/|/(?=[^/]+/LICEN[CS]E\.unicode$)|/(?=[^/]+\.(?:ttf|otf)$)|/(?=pandoc$))"
    r"([^/]+)"
)


def test_sbom_and_licences_list_every_locked_package(tmp_path):
    made = []
    for name in ("a", "b"):
        line = [sys.executable, ".ci/sbom.py", str(tmp_path / name)]
        subprocess.run(line, cwd=PROJECT, capture_output=True, check=True)
        made.append([(tmp_path / name / f).read_bytes() for f in ("sbom.json", "licences.csv")])
    assert made[0] == made[1]
    locked = re.findall(
        r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", (PROJECT / "requirements.lock").read_text(), flags=re.M
    )
    sbom = json.loads(made[0][0])
    assert [(c["name"], c["version"]) for c in sbom["components"]] == locked
    assert sbom["bomFormat"] == "CycloneDX"
    assert all(c["properties"] for c in sbom["components"]), "every package has its hashes"
    refs = [c["bom-ref"] for c in sbom["components"]]
    assert len(refs) == len(set(refs))
    rows = list(csv.DictReader(made[0][1].decode().splitlines()))
    assert len(rows) == len(locked)
    installed = {r["package"].lower(): r["licence"] for r in rows if r["licence"]}
    assert "BSD" in installed["numpy"]


def test_what_wheels_carry_is_listed_with_its_licence(tmp_path):
    """Programs and shared libraries beside the code of a package are under licences that its own does not tell."""
    subprocess.run(
        [sys.executable, ".ci/sbom.py", str(tmp_path)], cwd=PROJECT, capture_output=True, check=True
    )
    parts = {
        part["name"]: part["licenses"][0]["expression"]
        for component in json.loads((tmp_path / "sbom.json").read_text())["components"]
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
