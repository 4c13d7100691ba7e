"""A bounded run of every fuzz target; `make fuzz` runs them for longer."""

import pytest

from tests.fuzz.run import fuzz, once
from tests.fuzz.targets import CONVERTED, TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_a_spoiled_file_is_read_or_refused(name):
    target = TARGETS[name]
    assert [once(target, seed) for seed in target.seeds].count("read") >= 1, "a genuine file is read"
    seen = fuzz(name, target, seed=20240701, cases=120)
    assert sum(seen.values()) == 120
    assert seen["refused"] > 0


@pytest.mark.parametrize("form", CONVERTED)
def test_a_spoiled_document_is_read_or_refused(form):
    assert sum(fuzz(form, CONVERTED[form], seed=1, cases=5).values()) == 5
