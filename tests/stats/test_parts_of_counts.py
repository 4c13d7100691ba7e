"""Halves of a year and counts side by side, in general; cases by hand stand in tables.yml."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.errors import NotAskedError
from osw_stats.stats.counts import half_years, reconciliation
from tests.simulated_figures import figure, frame


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


def test_the_last_half_year_is_the_last_one_that_counts_the_same():
    counted = [("2024-H1", "a"), ("2024-H2", "b"), ("2025-H1", "b"), ("2025-H2", "c")]
    rows = [figure("police_reports_half_year", at, 100.0, definition_id=which) for at, which in counted]
    halves = half_years.exact(frame(*rows))
    first, second, *_, last = (half_years.number(halves, at) for at, _ in counted)
    assert half_years.later(halves, second).period == "2025-H1"
    for without in (first, last):
        with pytest.raises(NotAskedError):
            half_years.later(halves, without)
