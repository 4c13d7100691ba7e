"""Differences, adjusted p-values, detectable changes and effective n: closed forms, invariants, bad input."""

import math

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from osw_stats.analysis.survey.differences import adjust, detectable, difference, worst_p
from osw_stats.analysis.survey.effective import effective_n
from osw_stats.analysis.survey.intervals import proportion_interval
from osw_stats.errors import InputError
from osw_stats.vocabulary.limits import printed_step

shares = st.floats(0.01, 0.99)
sizes = st.floats(20, 50_000)
Z = 1.959963984540054


@settings(max_examples=60)
@given(shares, sizes, shares, sizes)
def test_turning_a_difference_round_changes_its_sign_only(p, n, q, m):
    there, back = difference(p, n, q, m), difference(q, m, p, n)
    assert there.diff == pytest.approx(-back.diff)
    assert (there.lower, there.upper) == (pytest.approx(-back.upper), pytest.approx(-back.lower))
    assert there.p_value == pytest.approx(back.p_value)
    assert there.ratio == pytest.approx(1 / back.ratio)


@settings(max_examples=60)
@given(shares, sizes, shares, sizes)
def test_newcombe_by_its_own_formula(p, n, q, m):
    """Method 10 written out: squared distances to the Wilson limits are added."""
    (l1, u1), (l2, u2) = proportion_interval(p, n), proportion_interval(q, m)
    d = difference(p, n, q, m)
    assert d.lower == pytest.approx(q - p - math.hypot(q - l2, u1 - p), abs=1e-9)
    assert d.upper == pytest.approx(q - p + math.hypot(u2 - q, p - l1), abs=1e-9)


@settings(max_examples=30)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_p_values_are_never_smaller_and_keep_their_order(p):
    for method in ("holm", "bh", "bonferroni"):
        adjusted = adjust(p, method)
        assert all(a >= b - 1e-12 for a, b in zip(adjusted, p, strict=True))
        order = np.argsort(p, kind="stable")
        assert np.all(np.diff(np.asarray(adjusted)[order]) >= -1e-12)


@settings(max_examples=30)
@given(st.lists(st.floats(0.001, 0.9), min_size=2, max_size=12), st.data())
def test_adjusting_is_monotone_in_every_p(p, data):
    """The ground of `robust_to_rounding`: raising p-values never lowers an adjusted one."""
    raised = [min(1.0, x + data.draw(st.floats(0, 0.2))) for x in p]
    for method in ("holm", "bh"):
        assert all(b >= a - 1e-12 for a, b in zip(adjust(p, method), adjust(raised, method), strict=True))


def test_a_missing_p_value_stays_out_of_its_family():
    assert adjust([0.01, math.nan, 0.02], "bonferroni")[::2] == [0.02, 0.04]


@given(shares, sizes, sizes, st.booleans())
def test_a_detectable_change_has_the_power_it_says(p, n, m, upward):
    d = detectable(p, n, m, upward=upward)
    assume(not math.isnan(d))
    q = p + d if upward else p - d
    assert 0 <= q <= 1 + 1e-9
    assert d == pytest.approx(
        (Z + 0.8416212335729143) * math.sqrt(p * (1 - p) / n + max(q * (1 - q), 0) / m), rel=1e-6, abs=1e-9
    )


def test_the_detectable_change_is_found_four_times_in_five():
    """Simulated: samples of 290 and 230 with exactly that difference."""
    rng = np.random.default_rng(1)
    d = detectable(0.295, 290, 230, upward=False)
    a, b = rng.binomial(290, 0.295, 20_000) / 290, rng.binomial(230, 0.295 - d, 20_000) / 230
    z = (b - a) / np.sqrt(a * (1 - a) / 290 + b * (1 - b) / 230)
    assert np.mean(np.abs(z) > Z) == pytest.approx(0.8, abs=0.02)


def test_girls_of_16_and_17_are_at_the_edge():
    """30 to 22 percent with effective sizes of 290 and 230: z near 1.96, and Newcombe includes zero."""
    d = difference(0.295, 290, 0.22, 230)
    assert d.z == pytest.approx(-1.96, abs=0.005)
    assert d.lower < 0 < d.upper


def test_nobody_against_everybody_is_no_chance_and_equal_shares_without_variance_are_no_test():
    assert difference(1.0, 100, 0.0, 100).p_value == 0
    assert worst_p((0.97, 1.0), (100, 100), (0.0, 0.03), (100, 100)) < 1e-9
    assert math.isnan(difference(0.0, 100, 0.0, 100).p_value)


@settings(max_examples=25)
@example(p=0.984375, q=0.015625, n=100.0, half=0.015625)
@given(shares, shares, st.floats(100, 5000), st.floats(0.001, 0.02))
def test_the_worst_p_is_the_largest_over_the_box(p, q, n, half):
    boxes = [(max(0.0, x - half), min(1.0, x + half)) for x in (p, q)]
    worst = worst_p(boxes[0], (n, n), boxes[1], (n, n))
    grid = [np.linspace(*box, 5) for box in boxes]
    assert all(difference(a, n, b, n).p_value <= worst + 1e-9 for a in grid[0] for b in grid[1] if a != b)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((5.2, 100, 0.05, 100), 'column "p1", value "5.2": is no share.*divide a percentage by 100'),
        ((0.05, 0, 0.05, 100), 'column "n1", value "0": the sample is empty'),
        ((0.05, 10, -0.1, 100), 'column "p2"'),
    ],
)
def test_impossible_shares_are_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        difference(*arguments)


def test_impossible_p_values_and_methods_are_refused():
    with pytest.raises(InputError, match=r'row 2, column "p", value "1.2"'):
        adjust([0.1, 1.2], "holm")
    with pytest.raises(InputError, match="Choose: holm, bh, bonferroni"):
        adjust([0.1], "sidak")


@given(st.floats(1, 60), st.floats(200, 40_000))
def test_the_effective_n_is_found_back_from_wilson_limits(pct, n):
    low, high = proportion_interval(pct / 100, n)
    assert effective_n(pct, 100 * low, 100 * high, step=0.1).wilson == pytest.approx(n, rel=1e-6)


@given(st.floats(2, 60), st.floats(400, 20_000), st.sampled_from([0.1, 1.0]))
def test_the_true_size_lies_in_the_range_of_the_rounding_box(pct, n, step):
    half = 100 * Z * math.sqrt(pct / 100 * (1 - pct / 100) / n)
    printed = [round(round(x / step) * step, 6) for x in (pct, pct - half, pct + half)]
    assume(printed[1] >= 0 and printed[1] <= printed[0] <= printed[2])
    found = effective_n(*printed, step=step)
    assert found.minimum * (1 - 1e-9) <= n <= found.maximum * (1 + 1e-9)


def test_whole_percents_are_too_coarse():
    assert not effective_n(21, 19, 23, step=1).recoverable
    assert effective_n(22.0, 17.6, 26.4, step=0.1).recoverable
    assert math.isinf(effective_n(5.0, 5.0, 5.1, step=0.1).maximum)


def test_limits_that_are_not_symmetric_are_inverted_by_wilson():
    low, high = (100 * x for x in proportion_interval(0.02, 300))
    found = effective_n(2.0, low, high, step=0.1)
    assert not found.symmetric
    assert found.point == pytest.approx(300, rel=1e-6)


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ((5.1, 5.4, 4.8), "the lower limit lies above the value"),
        ((5.1, 4.8, 5.0), "the upper limit lies below the value"),
        ((105, 100, 110), 'column "pct", value "105": is no percentage'),
    ],
)
def test_limits_that_do_not_enclose_are_refused(limits, message):
    with pytest.raises(InputError, match=message):
        effective_n(*limits, step=0.1)


def test_printed_steps():
    assert [printed_step(t) for t in ("22.0 (17.6-26.4)", "22 (18-26)", "22 (17,6-26,4)")] == [0.1, 1.0, 0.1]
