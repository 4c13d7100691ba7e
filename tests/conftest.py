"""Shared fixtures: the project itself, a small project to break, and a builder of raw rows."""

import gc
import os
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, settings

from osw_stats import load
from osw_stats.data.edition import Tables
from osw_stats.data.rows import FORMS
from osw_stats.kept.code_cells import notebook_names
from osw_stats.meaning.series import take_up

# the same examples at every run; a machine under load is not a failure
settings.register_profile(
    "fixed", derandomize=True, deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("fixed")

HEADER = list(FORMS["transcription"])
PROJECT = Path(__file__).resolve().parents[1]
PARTS = ("osw_stats", "notebooks", "editions", "pages", "scenarios", "data/raw")
CONFIG = ("_quarto.yml", "_quarto-nl.yml", "_quarto-en.yml", "pyproject.toml", "CITATION.cff")


def pytest_collection_modifyitems(items):
    """Start the slowest tests first: with `--no-loadscope-reorder` no process is left with one at the end."""
    long = {item.path for item in items if item.get_closest_marker("whole_road")}
    items.sort(key=lambda item: item.path not in long)


def pytest_collection_finish():
    """Exempt shared objects from garbage collection, which statsmodels triggers at every adjustment of p-values."""
    gc.freeze()


@pytest.fixture(autouse=True)
def environment_as_it_was():
    """Restore the environment, which a build in this process changes."""
    before = dict(os.environ)
    yield
    if dict(os.environ) != before:
        os.environ.clear()
        os.environ.update(before)
    take_up(PROJECT)  # a test may have read a project that describes series of its own


@pytest.fixture(scope="session")
def tables() -> Tables:
    return load(2024, PROJECT)


@pytest.fixture(scope="session")
def observations(tables: Tables):
    return tables.observations


def copy_project(target: Path, until: int | None = None) -> Path:
    """Copy the files of a clone, without generated ones, and without editions after `until` if given."""
    for folder in PARTS:
        shutil.copytree(PROJECT / folder, target / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in CONFIG:
        shutil.copyfile(PROJECT / name, target / name)
    for file in (target / "editions").glob("????.yml"):
        if until is not None and int(file.stem) > until:
            file.unlink()
    return target


@pytest.fixture(scope="session")
def report(tmp_path_factory) -> Path:
    """A project with its built report, shared by all processes: copy it before changing anything.

    `OSW_BUILT` names one that is already built, for work on the pages.
    """
    from tests.builds import shared

    if os.environ.get("OSW_BUILT"):
        return Path(os.environ["OSW_BUILT"])
    folder = tmp_path_factory.getbasetemp()
    return shared(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder)


def edit(path, old, new, times=-1):
    """Replace text in a file; the old text must occur."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, times), encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_project(tmp_path / "project")


RIGHT = "series_id=police_reports time_period=2024 sex=total age=total value=14802 unit=police_reports "
RIGHT += "obs_status=normal source_id=doc locator=4.1 published=2025-03-09 published_precision=day"


def raw_row(**overrides: str) -> dict[str, str]:
    """Return a transcription row that is valid in every cell except the overridden ones."""
    valid = dict(cell.split("=") for cell in RIGHT.split()) | {"as_reported": "14.802 meldingen"}
    return dict.fromkeys(HEADER, "") | valid | overrides


def write_raw(root: Path, *rows: dict[str, str]) -> Path:
    """Write a project folder whose data/raw holds one table with these rows; return the folder."""
    folder = root / "data" / "raw" / "police"
    folder.mkdir(parents=True)
    pd.DataFrame(rows, columns=HEADER).to_csv(folder / "reports.csv", index=False, lineterminator="\n")
    document = {"publisher": "Politie", "title": "Nieuws", "language": "nl", "date_basis": "printed"}
    document |= {"seen": "2026-11-23", "read_in": "a copy"}
    entry = {"file": "reports.csv", "kind": "transcription", "title": "Reports", "licence": "citation"}
    entry |= {
        "documents": {"doc": document, "later": document | {"title": "Later"}},
        "transcribed": "2026-11-23",
    }
    (folder / "reports.source.yml").write_text(yaml.safe_dump(entry), encoding="utf-8")
    return root


@pytest.fixture
def rng():
    """A seeded generator, so that every run draws the same numbers."""
    return np.random.default_rng(20240701)


@pytest.fixture(scope="session")
def charts():
    """Every chart of the report in Dutch, by name, drawn once for all tests."""
    from osw_stats.results import Report
    from tests.computed import computed

    drawn = {}

    def draw(_self, name, function, arguments, _rows, **_of):
        drawn[name] = function(*arguments, "nl")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Report, "_draw", draw)
        for name in notebook_names(PROJECT):
            computed(PROJECT, name, edition=2024)
    return drawn
