"""No result and no reading of a text changes without somebody seeing it: `python -m tests.recorded.record` renews."""

import json
import math

import pytest

from osw_stats.kept.code_cells import notebook_names
from tests.conftest import PROJECT
from tests.recorded.record import EDITIONS, RESULTS, SENTENCES, TEXTS, readings, results


def alike(one, other):
    """Compare two values; numbers that the last digits of a processor part are alike."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    try:
        return one == other or math.isclose(float(one), float(other), rel_tol=1e-6, abs_tol=1e-9)
    except (TypeError, ValueError):
        return False


def same(found, path, start):
    """Name what differs of the rows of a record that start so, the first few."""
    found = json.loads(json.dumps(found))
    recorded = json.loads(path.read_text(encoding="utf-8"))
    recorded = {key: row for key, row in recorded.items() if key.startswith(start)}
    differing = [
        f"{key}: {recorded.get(key)} is now {found.get(key)}"
        for key in sorted(recorded.keys() | found.keys())
        if not alike(found.get(key), recorded.get(key))
    ]
    assert not differing, "\n".join(d[:600] for d in differing[:5])


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_every_sentence_is_read_as_recorded(path):
    same(readings(path), SENTENCES, f"{path.stem}/")


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("notebook", notebook_names(PROJECT))
def test_the_results_are_those_recorded(notebook, edition):
    same(results(edition, notebook), RESULTS, f"{edition}/{notebook}/")
