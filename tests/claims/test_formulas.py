"""Formulas and measures of claims: every operation on the box, units that go together, what is refused."""

import itertools
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.claims.formulas import FINE_INPUTS, MOST_INPUTS, Interval, evaluate, read
from osw_stats.claims.measures import FUNCTIONS, Measure, Places, dimension
from osw_stats.errors import InputError
from tests.cases import table

EUR = Measure(np.array([6.0]), "eur")


def box(value, low=None, high=None, closed=(True, True), unit=""):
    return Interval(value, value if low is None else low, value if high is None else high, *closed, unit)


def given_by(formula, **boxes):
    return evaluate(formula, boxes.__getitem__)


def carried(formula, **boxes):
    result = given_by(formula, **boxes)
    return result.value, result.lower, result.upper


FIGURES = {"percent": {"a": 22, "b": 30, "c": 5}, "percentage_points": {"d": 3, "e": 1}, "fte": {"f": 2}}
FIGURES |= {"persons": {"n": 40, "m": 80}, "advice_requests": {"r": 2}, "": {"s": 5}}
BOXES = {name: box(value, unit=unit) for unit, of in FIGURES.items() for name, value in of.items()}


class TestArithmetic:
    @pytest.mark.parametrize("n", [FINE_INPUTS, FINE_INPUTS + 1, MOST_INPUTS])
    def test_up_to_eight_inputs_are_carried_out(self, n):
        boxes = {f"a{i}": box(2, 1, 3) for i in range(n)}
        assert carried(" + ".join(boxes), **boxes) == pytest.approx((2 * n, n, 3 * n))
        with pytest.raises(InputError, match="more than 8 inputs"):
            carried(" + ".join(f"a{i}" for i in range(9)), **{f"a{i}": box(2, 1, 3) for i in range(9)})

    @given(st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 50)), min_size=2, max_size=4), st.data())
    def test_no_point_of_the_box_leaves_the_interval(self, inputs, data):
        boxes = {f"x{i}": box(float(v), v, v + w) for i, (v, w) in enumerate(inputs)}
        formula = "x0" + "".join(f" {data.draw(st.sampled_from('+-*/'))} {name}" for name in [*boxes][1:])
        result = evaluate(formula, boxes.__getitem__)
        inside = eval(formula, {name: data.draw(st.floats(b.lower, b.upper)) for name, b in boxes.items()})
        slack = 1e-9 * max(1.0, abs(result.lower), abs(result.upper))
        assert result.lower - slack <= inside <= result.upper + slack

    def test_sources_are_named_once(self):
        known = {n: Interval(1, 1, 1, observations=(o,)) for n, o in (("a", "x"), ("b", "x"), ("c", "y"))}
        assert sorted(given_by("a + b + c", **known).observations) == ["x", "y"]


class TestReading:
    def test_what_a_formula_points_at(self):
        references = read("[x/2024] + [x/2024] - [y] / count(z) + s1").references
        assert sorted(references) == ["[x/2024]", "[y]", "s1", "z"]

    def test_numbers_whose_product_is_huge_are_refused_while_reading(self):
        for fine in ("1e15", "1000000 * 1000000 * 100 / 1e-9"):
            assert read(f"a * {fine}").references == ("a",)
        many = " * ".join(["99999"] * 60)
        for huge in ("1e16", "1e400", "9" * 400, "1e8 * 1e8", "-1e8 * -(1e8)", many):
            with pytest.raises(InputError, match="product is above 1e"):
                read(f"a * {huge}")

    @table(__file__, "no_formula", "formula problem")
    def test_what_is_no_formula_is_refused(self, formula, problem, recwarn):
        known = BOXES | {"[x/2024]": box(100), "lines": Places("lines", ("x", "y"), "groups")}
        with pytest.raises((InputError, KeyError), match=problem):
            evaluate(formula, known.__getitem__)
        assert not recwarn.list

    @pytest.mark.parametrize(
        "formula", ["(" * 300 + "a" + ")" * 300, "-" * 480 + "a", "a" + "+a" * 400, "a+" * 200 + "a"]
    )
    def test_absurd_nesting_is_refused_or_carried_out(self, formula):
        try:
            assert carried(formula, a=box(1))[0] in (1, 201)
        except InputError as error:
            assert "not arithmetic" in str(error) or "longer than" in str(error)

    def test_a_formula_of_five_hundred_characters_is_read(self):
        assert read("a +" + " " * 496 + "1").references == ("a",)
        with pytest.raises(InputError, match="longer than 500"):
            read("a +" + " " * 497 + "1")


class TestUnits:
    @table(__file__, "units", "unit formulas")
    def test_the_unit_of_what_a_formula_gives(self, unit, formulas):
        for formula in formulas:
            assert evaluate(formula, BOXES.__getitem__).unit == unit, formula

    @pytest.mark.parametrize(("one", "two"), list(itertools.product((-2, -1, -0.5, 0.5, 1, 3), repeat=2)))
    def test_every_weighing_of_shares_has_its_type(self, one, two):
        # where the weights add up to nothing it is a difference of levels, else a level
        unit = evaluate(f"{one} * a + {two} * b", BOXES.__getitem__).unit
        assert unit == ("percent" if one * two > 0 else "percentage_points")

    @pytest.mark.parametrize("sign", ["", "-", "-2 * ", "-(-", "0.5 * -"])
    def test_a_sign_leaves_a_figure_its_concept(self, sign):
        boxes = {"a": replace(box(4), concept="needed"), "b": replace(box(4), concept="funded")}
        part = f"{sign}a{')' * sign.count('(')}"
        for formula in (part, f"{part} + a", f"a - ({part})"):
            assert evaluate(formula, boxes.__getitem__).concept == "needed", formula
        for formula in (f"{part} + b", f"b + ({part})"):
            with pytest.raises(InputError, match="different concepts"):
                evaluate(formula, boxes.__getitem__)

    def test_a_divisor_is_never_zero_nor_around_it(self):
        assert (1 / Measure(np.array([-2.0, -1.0]))).values.tolist() == [-0.5, -1]
        for values in ([0.0], [-1.0, 1.0], [0.0, 1.0], [-1.0, 0.0]):
            with pytest.raises(InputError, match="divides by zero"):
                1 / Measure(np.array(values))

    def test_text_and_truth_are_no_numbers_and_codes_have_their_dimension(self):
        for wrong in ("a", True, None):
            with pytest.raises(InputError, match="no number"):
                EUR * wrong
        codes = ("percent", "times", "fte", "nonsense")
        assert tuple(map(dimension, codes)) == codes


class TestPlacesAndDates:
    def test_the_value_of_a_list_a_word_or_nothing_is_none(self):
        for wrong in (
            Places("lines", ("a", "b"), "groups"),
            Places("n", ("twaalf",), "fte"),
            Places("n", (), "fte"),
            EUR,
        ):
            with pytest.raises(InputError):
                FUNCTIONS["value"](wrong)

    def test_time_between_dates(self):
        # 1 January 2020 and 2024 are 1461 days apart: four mean years
        first, last = (Measure(np.array([float(date(y, 1, 1).toordinal())]), "date") for y in (2020, 2024))
        asked = {"years": ([last, first], 4, "years"), "months": ([last, first], 48, "months")}
        asked |= {"year": ([last], 2024, "calendar_years"), "month": ([last], 1, "calendar_months")}
        for name, (of, number, unit) in asked.items():
            told = FUNCTIONS[name](*of)
            assert (told.values.tolist(), told.unit) == ([number], unit)
        with pytest.raises(InputError, match="no dates"):
            FUNCTIONS["years"](last, EUR)
