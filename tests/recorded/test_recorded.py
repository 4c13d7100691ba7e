"""No result and no reading of a text changes without somebody seeing it: `python -m tests.recorded.record` renews."""

import json

import pytest

from osw_stats.kept.code_cells import notebook_names
from tests.conftest import PROJECT
from tests.recorded.record import RESULTS, STATEMENTS, results, statements


def same(found, recorded):
    """Name what differs, the first few."""
    differing = [
        f"{key}: {recorded.get(key)} is now {found.get(key)}"
        for key in sorted(recorded.keys() | found.keys())
        if json.loads(json.dumps(found.get(key))) != recorded.get(key)
    ]
    assert not differing, "\n".join(d[:600] for d in differing[:5])


def test_the_statements_found_in_texts_are_those_recorded():
    same(statements(), json.loads(STATEMENTS.read_text(encoding="utf-8")))


@pytest.mark.parametrize("notebook", notebook_names(PROJECT))
def test_the_result_tables_are_those_recorded(notebook):
    recorded = json.loads(RESULTS.read_text(encoding="utf-8"))
    same(results(PROJECT, notebook), {k: v for k, v in recorded.items() if k.startswith(f"{notebook}/")})
