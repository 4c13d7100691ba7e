"""Write what the report is made with: an SBOM (CycloneDX 1.5, JSON) and a list of licences.

python .ci/sbom.py [FOLDER]: the packages of requirements.lock with their hashes, and what their own metadata says of
their licence. Versions come from the lock; a licence is known where the package is installed. No clock, no network.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
PIN = re.compile(
    r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)([^\n]*)\n((?:    --hash=sha256:[0-9a-f]{64}[^\n]*\n?)*)", re.M
)


CARRIED = yaml.safe_load((ROOT / ".ci" / "carried.yml").read_text(encoding="utf-8"))


def carried(name: str) -> list[dict[str, str]]:
    """Return what the wheel of a package carries beside its own code, with its licence."""
    found: list[dict[str, str]] = CARRIED.get(re.sub(r"[-_.]+", "-", name).lower(), [])
    return found


def pins(text: str) -> list[tuple[str, str, str, list[str]]]:
    """Return name, version, marker and hashes of every package of a lock file."""
    return [
        (m[1], m[2], m[3].strip(" ;\\"), re.findall(r"sha256:([0-9a-f]{64})", m[4]))
        for m in PIN.finditer(text)
    ]


def licence(name: str) -> str:
    """Return what a package says of its licence, in a word or two; empty where it is not installed."""
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return ""
    said = about.get("License-Expression") or ""
    classed = [
        c.rpartition(" :: ")[2] for c in about.get_all("Classifier") or [] if c.startswith("License ::")
    ]
    plain = (about.get("License") or "").strip().splitlines()
    return said or ", ".join(classed) or (plain[0][:80] if plain else "") or "not stated"


def component(name: str, version: str, marker: str, hashes: list[str]) -> dict[str, object]:
    """Return one package as a component; the hashes are those of every file that may be installed."""
    about: dict[str, object] = {
        "type": "library",
        "bom-ref": f"pkg:pypi/{name.lower()}@{version}",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name.lower()}@{version}",
        "properties": [{"name": "osw:accepted_sha256", "value": h} for h in hashes],
    }
    known = licence(name)
    if known:
        about["licenses"] = [{"license": {"name": known}}]
    if carried(name):  # run as programs or linked; their licence is not that of the package
        about["components"] = [
            {"type": "library", "name": part["name"], "licenses": [{"expression": part["licence"]}]}
            for part in carried(name)
        ]
    if marker:
        about["scope"] = "optional"
    return about


def main() -> None:
    """Write sbom.json and licences.csv."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build"
    out.mkdir(parents=True, exist_ok=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    ours = {
        "type": "application",
        "bom-ref": project["name"],
        "name": project["name"],
        "version": project["version"],
        "licenses": [{"license": {"id": project["license"]}}],
    }
    sbom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": ours},
        "components": [component(*pin) for pin in found],
    }
    (out / "sbom.json").write_text(json.dumps(sbom, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    with (out / "licences.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["package", "version", "licence", "only_where", "carries"])
        for name, version, marker, _ in found:
            programs = "; ".join(f"{part['name']} ({part['licence']})" for part in carried(name))
            writer.writerow([name, version, licence(name), marker, programs])
    unknown = [name for name, *_ in found if not licence(name)]
    print(
        f"{len(found)} packages in {out}/sbom.json and licences.csv; not installed here: {', '.join(unknown) or 'none'}"
    )


if __name__ == "__main__":
    main()
