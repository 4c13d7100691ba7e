"""Promises of the repository as a whole."""

import re
import tomllib

import pytest
import yaml

from osw_stats.meaning import series
from osw_stats.yamlfile import read_yaml
from tests.conftest import PROJECT

LOCKS = {  # of each lock, from what of pyproject.toml it is made, and the lock it agrees with
    "requirements.lock": (("dependencies", "build"), ""),
    "requirements-test.lock": (("dependencies", "build", "test", "docs"), "requirements.lock"),
    "requirements-lab.lock": (("dependencies", "build", "lab"), "requirements-test.lock"),
    "requirements-installer.lock": (("installer",), ""),
}


def pins(name):
    """Return the version of every package of a lock."""
    return dict(re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;]+)", (PROJECT / name).read_text(), flags=re.M))


@pytest.mark.parametrize("name", LOCKS)
def test_locks_have_hashes_and_name_no_host(name):
    text = (PROJECT / name).read_text()
    assert "://" not in text
    assert "--index-url" not in text
    hashed = r"^[A-Za-z0-9_.-]+==[^\s]+.*\\\n(?:    --hash=sha256:[0-9a-f]{64}.*\n?)+"
    assert len(re.findall(hashed, text, flags=re.M)) == len(re.findall("^[A-Za-z0-9]", text, flags=re.M)) >= 1


@pytest.mark.parametrize("name", LOCKS)
def test_locks_agree_and_every_dependency_is_locked_and_no_more_than_its_own(name):
    groups, agrees_with = LOCKS[name]
    here = pins(name)
    assert name == "requirements-installer.lock" or pins("requirements.lock").items() <= here.items()
    other = pins(agrees_with) if agrees_with else {}
    assert {n: (v, other[n]) for n, v in here.items() if other.get(n, v) != v} == {}
    facts = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    listed = facts["dependency-groups"] | facts["project"]["optional-dependencies"]
    listed["dependencies"] = facts["project"]["dependencies"]
    wanted = [r for group in groups for r in listed[group] if isinstance(r, str)]
    locked = {package.lower().replace("_", "-") for package in here}
    assert {re.match(r"[\w.-]+", r)[0].lower().replace("_", "-") for r in wanted} <= locked
    assert ("jupyterlab" in locked) == ("lab" in groups)
    assert ("pytest" in locked) == ("test" in groups)


def test_ci_runs_the_readme_s_test_command():
    assert (PROJECT / ".ci/run").read_text().rstrip().endswith("make test")
    assert "make test" in (PROJECT / "README.md").read_text()


def test_the_version_is_the_same_everywhere():
    import osw_stats

    version = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]
    citation = yaml.safe_load((PROJECT / "CITATION.cff").read_text())
    assert version == osw_stats.__version__ == citation["version"]


WORKFLOW = PROJECT / ".github" / "workflows" / "yearly.yml"


def test_every_step_of_the_workflow_is_a_command_that_exists_here():
    from osw_stats.cli import parser

    targets = set(re.findall(r"^([\w-]+):", (PROJECT / "Makefile").read_text(), flags=re.M))
    steps = [s for job in yaml.safe_load(WORKFLOW.read_text())["jobs"].values() for s in job["steps"]]
    runs = [s["run"].split(" 2>&1")[0].split(" > ")[0].split(" | ")[0].split() for s in steps if "run" in s]
    ours = [words[1:] for words in runs if words[0] == ".venv/bin/osw"]
    assert {words[0] for words in ours} == {"editions", "fetch", "check", "build", "diff", "verify"}
    assert not re.search(r"\b20\d\d\b", WORKFLOW.read_text()), "the years are found by the code"
    for words in ours:  # parses, or ends with the error of argparse
        parser().parse_args([{'"$EDITION"': "2024", '"$BEFORE"': "2023"}.get(w, w) for w in words])
    made = [word for words in runs if words[0] == "make" for word in words[1:]]
    assert {".venv/.report", "audit", "sbom"} == set(made)
    assert set(made) - {".venv/.report"} <= targets
    assert all(words[0] in (".venv/bin/osw", "make", "gh", "tar") for words in runs)


def test_whoever_may_write_runs_no_code_of_the_project():
    """That actions are pinned by their hash is seen by zizmor."""
    told = yaml.safe_load(WORKFLOW.read_text())
    assert told["permissions"] == {}
    for name, job in told["jobs"].items():
        writes = [of for of, how in job["permissions"].items() if how == "write"]
        runs = {step.get("run", "").split(" ")[0] for step in job["steps"] if "run" in step}
        checked_out = any("checkout" in step.get("uses", "") for step in job["steps"])
        assert not writes or (runs <= {"gh", "tar"} and not checked_out), name
        assert job["timeout-minutes"] <= 60


@pytest.mark.parametrize(
    "file", sorted((PROJECT / "osw_stats/meaning/series").glob("*.yml")), ids=lambda p: p.stem
)
def test_a_series_of_the_library_is_described_as_one_of_a_project_must_be(file):
    for series_id, entry in read_yaml(file).items():
        series._require_entry(series_id, entry, file.name)
