"""Halves of a year and counts side by side, in general; cases by hand stand in tables.yml."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.stats.counts import half_years, reconciliation


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.floats(-50, 100), st.floats(0.05, 0.95))
def test_halves_add_up_to_the_year(current, before, growth, share):
    halves = half_years.identity(current, before, growth, share)
    assert halves.h1_current + halves.h2_current == pytest.approx(current)
    low, high = halves.h1_change_range
    assert low <= halves.h1_change <= high
    least, most = half_years.identity(current, before, growth, share, step=0.1).h1_change_range
    assert 10 * (most - least) == pytest.approx(high - low, rel=1e-3)


def test_what_no_reason_explains_says_so_and_every_comparison_has_its_bridge(observations):
    table = reconciliation.reconcile(observations, 2022)
    assert table["reason"].tolist() == ["", "no_offence_or_no_criminal_law", "not_explained"]
    assert table.attrs["bridge"].nl
