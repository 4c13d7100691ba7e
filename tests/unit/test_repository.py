"""Promises of the repository as a whole."""

import re
import tomllib

import pytest
import yaml

from tests.conftest import PROJECT

LOCKS = ("requirements.lock", "requirements-test.lock")


@pytest.mark.parametrize("name", LOCKS)
def test_locks_have_hashes_and_name_no_host(name):
    text = (PROJECT / name).read_text()
    assert "://" not in text
    assert "--index-url" not in text
    pins = re.findall(
        r"^([A-Za-z0-9_.-]+)==[^\s]+.*\\\n((?:    --hash=sha256:[0-9a-f]{64}.*\n?)+)", text, flags=re.M
    )
    lines = re.findall(r"^[A-Za-z0-9]", text, flags=re.M)
    assert len(pins) == len(lines) > 60


def test_both_locks_agree():
    def pins(name):  # without the systems they are for: one lock may need a package on more of them
        return set(re.findall(r"^[A-Za-z0-9_.-]+==[^\s;]+", (PROJECT / name).read_text(), flags=re.M))

    assert pins(LOCKS[0]) <= pins(LOCKS[1])


def test_every_dependency_is_locked():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["lab"], *extras["build"]]
    locked = (PROJECT / LOCKS[0]).read_text().lower().replace("_", "-")
    for requirement in wanted:
        name = re.match(r"[A-Za-z0-9_.-]+", requirement)[0].lower().replace("_", "-")
        assert f"\n{name}==" in f"\n{locked}", name


def test_ci_runs_the_readme_s_test_command():
    assert (PROJECT / ".ci/run").read_text().rstrip().endswith("make test")
    assert "make test" in (PROJECT / "README.md").read_text()


def test_the_version_is_the_same_everywhere():
    import osw_stats

    version = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]
    citation = yaml.safe_load((PROJECT / "CITATION.cff").read_text())
    assert version == osw_stats.__version__ == citation["version"]
