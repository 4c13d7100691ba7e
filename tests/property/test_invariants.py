"""Things that must hold for any input, not only for those we thought of."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.claims.formulas import Interval, evaluate
from osw_stats.stats.counts.rates import rate_ratio
from osw_stats.stats.survey.intervals import proportion_interval
from osw_stats.text.language import number
from osw_stats.wording.parse import parse

counts = st.integers(1, 10_000_000)


@given(counts)
def test_both_languages_read_the_number_they_print(value):
    assert parse(number(value, "nl")).value == parse(number(value, "en"), language="en").value == value


@given(st.floats(0.001, 0.999), st.integers(20, 100_000), st.floats(1, 3))
def test_a_larger_design_effect_never_narrows_an_interval(p, n, deff):
    low, high = proportion_interval(p, n)
    wide_low, wide_high = proportion_interval(p, n, deff=deff)
    assert wide_low <= low + 1e-12 <= p + 2e-12
    assert wide_high >= high - 1e-12 >= p - 2e-12


@given(counts, counts, st.floats(1, 50))
def test_swapping_two_counts_turns_the_ratio_over(x1, x0, phi):
    one, other = rate_ratio(x1, x0, phi=phi), rate_ratio(x0, x1, phi=phi)
    assert one.ratio * other.ratio == pytest.approx(1)
    assert one.lower * other.upper == pytest.approx(1)
    assert one.exact_lower * other.exact_upper == pytest.approx(1, rel=1e-6)


@given(counts, counts)
def test_the_break_even_dispersion_makes_the_interval_touch_one(x1, x0):
    phi = rate_ratio(x1, x0).phi_break_even
    if phi > 0:
        ratio = rate_ratio(x1, x0, phi=phi)
        assert min(abs(math.log(ratio.lower)), abs(math.log(ratio.upper))) < 1e-9


@given(st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 50)), min_size=2, max_size=4), st.data())
def test_no_point_of_the_box_leaves_the_interval_of_a_formula(inputs, data):
    boxes = {f"x{i}": Interval(float(v), float(v), float(v + w)) for i, (v, w) in enumerate(inputs)}
    names = list(boxes)
    formula = names[0] + "".join(f" {data.draw(st.sampled_from('+-*/'))} {name}" for name in names[1:])
    result = evaluate(formula, boxes.__getitem__)
    point = [data.draw(st.floats(box.lower, box.upper)) for box in boxes.values()]
    inside = eval(formula, dict(zip(names, point, strict=True)))
    slack = 1e-9 * max(1.0, abs(result.lower), abs(result.upper))
    assert result.lower - slack <= inside <= result.upper + slack
