"""Things that must hold for any input, not only for those we thought of."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.analysis.claims.formulas import evaluate
from osw_stats.analysis.claims.inputs import Input
from osw_stats.analysis.counts.rates import rate_ratio
from osw_stats.analysis.survey.intervals import proportion_interval
from osw_stats.errors import UnitMismatchError
from osw_stats.report.language import number
from osw_stats.vocabulary.quantity import Quantity
from osw_stats.vocabulary.reported import parse
from osw_stats.vocabulary.rounding import half_up
from osw_stats.vocabulary.rules import apply_rule
from osw_stats.vocabulary.units import UNITS
from osw_stats.vocabulary.words import HEDGES

counts = st.integers(1, 10_000_000)


@given(st.decimals(-1_000_000, 1_000_000, places=6), st.integers(0, 4))
def test_rounding_moves_by_at_most_half_a_step_and_halves_go_away_from_zero(value, places):
    rounded = half_up(value, places)
    step = Decimal(1).scaleb(-places)
    assert abs(rounded - value) <= step / 2
    if abs(rounded - value) == step / 2:
        assert abs(rounded) > abs(value)


@given(counts, st.sampled_from([None, *HEDGES]))
def test_a_printed_count_lies_in_the_interval_of_its_wording(value, rule):
    hedge = HEDGES[rule][0] + " " if rule else ""
    figure = parse(hedge + number(value, "nl"))
    assert figure.value == value
    assert figure.lower <= value <= figure.upper


@given(counts)
def test_both_languages_read_the_number_they_print(value):
    assert parse(number(value, "nl")).value == parse(number(value, "en"), language="en").value == value


@given(st.text(max_size=60))
def test_any_text_gives_a_figure_or_a_clear_refusal(text):
    from osw_stats.errors import InputError

    try:
        figure = parse(text)
    except InputError:
        return
    assert figure.lower <= figure.upper or figure.rule in ("tussen", "a_a_b", "hooguit")


@given(st.sampled_from(list(UNITS)), st.sampled_from(list(UNITS)), counts, counts)
def test_units_mix_only_with_themselves(a, b, x, y):
    if a == b:
        assert (Quantity(x, a) + Quantity(y, b)) == x + y
    else:
        with pytest.raises(UnitMismatchError):
            Quantity(x, a) + Quantity(y, b)


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
        found = rate_ratio(x1, x0, phi=phi)
        assert min(abs(math.log(found.lower)), abs(math.log(found.upper))) < 1e-9


@given(st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 50)), min_size=2, max_size=4), st.data())
def test_no_point_of_the_box_leaves_the_interval_of_a_formula(inputs, data):
    boxes = {f"x{i}": Input(float(v), float(v), float(v + w)) for i, (v, w) in enumerate(inputs)}
    operators = data.draw(
        st.lists(st.sampled_from("+-*/"), min_size=len(inputs) - 1, max_size=len(inputs) - 1)
    )
    names = list(boxes)
    formula = names[0] + "".join(f" {o} {n}" for o, n in zip(operators, names[1:], strict=True))
    result = evaluate(formula, boxes.__getitem__)
    point = [data.draw(st.floats(box.lower, box.upper)) for box in boxes.values()]
    inside = eval(formula, dict(zip(names, point, strict=True)))
    slack = 1e-9 * max(1.0, abs(result.lower), abs(result.upper))
    assert result.lower - slack <= inside <= result.upper + slack


@given(st.decimals(1, 1000, places=1), st.sampled_from(["0.1", "1", "10"]))
def test_an_unhedged_figure_is_open_above_and_closed_below(value, step):
    figure = apply_rule(value, Decimal(step), "none")
    assert figure.lower_closed and not figure.upper_closed
    assert figure.upper - figure.lower == pytest.approx(float(step))
