"""The list of what the report is made with is whole, and the same at every run."""

import csv
import json
import re
import subprocess
import sys

from tests.conftest import PROJECT


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
