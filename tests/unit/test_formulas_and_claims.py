"""Formulas, measures and verdicts of claims: every operation, both sides of every rule."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from osw_stats.analysis.claims.book import figure_input, figures, over_figures, reported
from osw_stats.analysis.claims.formulas import (
    FINE_INPUTS,
    LONGEST,
    MOST_INPUTS,
    Input,
    Result,
    _Grid,
    evaluate,
    read,
)
from osw_stats.analysis.claims.measures import (
    Measure,
    Places,
    count,
    dimension,
    distinct,
    month,
    months,
    value,
    year,
    years,
)
from osw_stats.analysis.claims.summary import changes, counts, findings, summary
from osw_stats.analysis.claims.verdicts import chapter, verdict
from osw_stats.errors import InputError


def box(middle, low=None, high=None, closed=(True, True), unit=""):
    return Input(middle, middle if low is None else low, middle if high is None else high, *closed, unit)


def carried(formula, **boxes):
    found = evaluate(formula, boxes.__getitem__)
    return found.value, found.lower, found.upper


def numbers(measure):
    return [float(x) for x in vars(measure)["values"]]


class TestFormulas:
    @pytest.mark.parametrize(
        ("formula", "expected"),
        [
            ("a + b", (12, 10, 14)), ("a - b", (8, 6, 10)), ("a * b", (20, 9, 33)), ("a / b", (5, 3, 11)), ("-a", (-10, -11, -9)),
            ("2 - a", (-8, -9, -7)), ("2 * a", (20, 18, 22)), ("90 / a", (9, 90 / 11, 10)), ("a / 2", (5, 4.5, 5.5)), ("2 + a", (12, 11, 13)),
            ("a", (10, 9, 11)), ("0 * a", (0, 0, 0)),
        ],
    )  # fmt: skip
    def test_every_operation_on_the_box(self, formula, expected):
        assert carried(formula, a=box(10, 9, 11), b=box(2, 1, 3)) == pytest.approx(expected)

    @pytest.mark.parametrize(
        ("formula", "closed"), [("a + b", (True, False)), ("a - b", (False, False)), ("-a", (False, True)), ("-b", (True, True)), ("0 * a", (True, True))]
    )  # fmt: skip
    def test_an_end_is_closed_where_closed_ends_reach_it(self, formula, closed):
        # a runs from 1, included, to 3, not included; b from 4 to 6, both included
        boxes = {"a": box(2, 1, 3, (True, False)), "b": box(5, 4, 6)}
        found = evaluate(formula, boxes.__getitem__)
        if formula == "a - b":  # 1 - 6 is reached, 3 - 4 is not
            closed = (True, False)
        assert (found.lower_closed, found.upper_closed) == closed

    def test_a_hill_between_the_points_of_the_grid_is_climbed(self):
        # a (7 - a) is 12.25 at 3.5, and 6 at either end of 1 to 6
        assert carried("a * (7 - a)", a=box(2, 1, 6)) == pytest.approx((10, 6, 12.25), abs=1e-5)
        assert carried("a * (a - 7)", a=box(2, 1, 6)) == pytest.approx((-10, -12.25, -6), abs=1e-5)

    @pytest.mark.parametrize("n", [FINE_INPUTS, FINE_INPUTS + 1, MOST_INPUTS])
    def test_many_inputs_are_carried_out_as_well(self, n):
        boxes = {f"a{i}": box(2, 1, 3) for i in range(n)}
        assert carried(" + ".join(boxes), **boxes) == pytest.approx((2 * n, n, 3 * n))

    def test_more_than_eight_inputs_are_refused(self):
        assert (MOST_INPUTS, LONGEST) == (8, 500)
        boxes = {f"a{i}": box(2) for i in range(9)}
        with pytest.raises(InputError, match="more than 8 inputs"):
            carried(" + ".join(boxes), **boxes)

    @pytest.mark.parametrize(("length", "fits"), [(500, True), (501, False)])
    def test_a_formula_of_five_hundred_characters_is_read(self, length, fits):
        text = "a +" + " " * (length - 4) + "1"
        if fits:
            assert read(text).references == ("a",)
        else:
            with pytest.raises(InputError, match="longer than 500"):
                read(text)

    def test_what_a_formula_points_at(self):
        found = read("[x/2024] + [x/2024] - [y] / count(z) + s1").references
        assert sorted(found) == ["[x/2024]", "[y]", "s1", "z"]
        assert len(read("[x/2024] + [x/2024]").names) == 1
        for wrong in ("a + (", "a + count('a' * 400000000)", "a * b'x'", "a + None", "a + True", "a * 2j"):
            with pytest.raises(InputError, match="is not arithmetic"):
                read(wrong)

    def test_sources_are_named_once(self):
        one = Input(1, 1, 1, observations=("x",))
        found = evaluate(
            "a + b + c", {"a": one, "b": one, "c": Input(1, 1, 1, observations=("y",))}.__getitem__
        )
        assert (sorted(found.observations), found.unit) == (["x", "y"], "")
        again = found.as_input()
        assert (again.value, again.lower, again.upper, again.observations, again.exact) == (
            3,
            3,
            3,
            found.observations,
            True,
        )


class TestMeasures:
    EUR, FTE = Measure(np.array([6.0]), "eur"), Measure(np.array([2.0]), "fte")

    def test_units_of_a_quotient_and_a_product(self):
        plain = Measure(np.array([3.0]))
        assert (self.EUR / self.FTE).unit == "eur / fte"
        assert (self.EUR / self.EUR).unit == "ratio"
        assert (self.EUR / plain).unit == "eur"
        assert (plain / self.FTE).unit == "1 / fte"
        assert (plain * self.FTE).unit == (self.FTE * plain).unit == "fte"
        assert (2 * self.FTE).unit == "fte"
        assert numbers(1 / self.FTE) == [0.5]
        assert (-self.FTE).unit == "fte"
        assert numbers(-self.FTE) == [-2]

    def test_unlike_units_do_not_meet(self):
        for call in (lambda: self.EUR + self.FTE, lambda: self.EUR - self.FTE, lambda: self.EUR * self.FTE, lambda: 1 + self.FTE):  # fmt: skip
            with pytest.raises(InputError):
                call()
        assert numbers(self.EUR + self.EUR) == [12]

    @pytest.mark.parametrize(("values", "fits"), [([0.0], False), ([-1.0, 1.0], False), ([0.0, 1.0], False), ([-2.0, -1.0], True), ([1.0, 2.0], True), ([-1.0, 0.0], False)])  # fmt: skip
    def test_a_divisor_is_never_zero_nor_around_it(self, values, fits):
        if fits:
            assert numbers(1 / Measure(np.array(values))) == [1 / v for v in values]
        else:
            with pytest.raises(InputError, match="divides by zero"):
                1 / Measure(np.array(values))

    def test_text_and_truth_are_no_numbers(self):
        for wrong in ("a", True, None):
            with pytest.raises(InputError, match="no number"):
                self.EUR * wrong

    def test_places_are_counted_and_read(self):
        lines = Places("lines", ("a", "b", "b"), "groups")
        assert (numbers(count(lines)), count(lines).unit) == ([3], "groups")
        assert numbers(distinct(lines)) == [2]
        assert (numbers(value(Places("n", ("12.5",), "percent"))), value(Places("n", ("1",), "fte")).unit) == ([12.5], "fte")  # fmt: skip
        for wrong in (lines, Places("n", ("twaalf",), "fte"), Places("n", (), "fte")):
            with pytest.raises(InputError):
                value(wrong)
        with pytest.raises(InputError, match="no list of places"):
            count(self.EUR)
        assert (dimension("percent"), dimension("times"), dimension("fte"), dimension("nonsense")) == ("percent", "times", "fte", "nonsense")  # fmt: skip

    def test_time_between_dates(self):
        # 1 January 2020 and 2024 are 1461 days apart: four mean years
        first, last = (Measure(np.array([float(date(y, 1, 1).toordinal())]), "date") for y in (2020, 2024))
        assert (numbers(years(last, first)), numbers(months(last, first))) == ([4], [48])
        assert (numbers(year(last)), numbers(month(last))) == ([2024], [1])
        assert (years(last, first).unit, months(last, first).unit, year(last).unit, month(last).unit) == ("years", "months", "calendar_years", "calendar_months")  # fmt: skip
        with pytest.raises(InputError, match="no dates"):
            years(last, self.EUR)


class TestVerdicts:
    @pytest.mark.parametrize(
        ("told", "result", "expected"),
        [
            (box(1, 1, 2), (2, 2), "reproduced"), (box(1, 1, 2, (True, False)), (2, 2), "inconsistent"), (box(1, 1, 2), (1, 1), "reproduced"),
            (box(1, 1, 2, (False, True)), (1, 1), "inconsistent"), (box(1, 1, 2), (2.1, 3), "inconsistent"), (box(1, 1, 2), (2, 3), "consistent_within_rounding"),
            (box(1, 1, 2, (True, False)), (2, 3), "inconsistent"), (box(1, 1, 2), (0, 1), "consistent_within_rounding"), (box(1, 1, 2), (0, 0.9), "inconsistent"),
            (box(1, 1, 2), (1.5, 1.6), "consistent_within_rounding"),
        ],
    )  # fmt: skip
    def test_intervals_meet_or_do_not(self, told, result, expected):
        assert verdict(told, Result(result[0], *result, True, True, ())) == expected

    @pytest.mark.parametrize(("paragraph", "of"), [("4.8", "4"), ("12 (kop)", "12"), ("bijlage AP", "annex"), ("", "annex"), ("(4.8)", "4")])  # fmt: skip
    def test_chapters(self, paragraph, of):
        assert chapter(paragraph) == of

    @pytest.mark.parametrize(
        ("changed", "expected"),
        [
            ({"as_reported": "ruim 50"}, (50, 50, 60, True, False)), ({"lower": "4", "upper": "6"}, (5, 4, 6, True, True)),
            ({"lower": "4"}, None), ({"claim_kind": "direction", "as_reported": "more"}, (math.nan, 0, math.inf, False, False)),
            ({"claim_kind": "direction", "as_reported": "fewer"}, (math.nan, -math.inf, 0, False, False)), ({"as_reported": "7 à 9"}, (8, 6.5, 9.5, True, False)),
            ({"as_reported": "ruim 50", "step": "1"}, (50, 50, 51, True, False)), ({"as_reported": "1,234 reports", "language": "en"}, (1234, 1234, 1234, True, True)),
        ],
    )  # fmt: skip
    def test_what_a_claim_says(self, changed, expected):
        claim = {"claim_kind": "value", "as_reported": "", "unit": "fte", "lower": "", "upper": "", "step": "", "language": ""} | changed  # fmt: skip
        found = reported(claim)
        if expected is None:
            assert found is None
        else:
            assert (found.value, found.lower, found.upper, found.lower_closed, found.upper_closed) == pytest.approx(expected, nan_ok=True)  # fmt: skip

    def test_a_figure_with_a_range_only_has_its_middle(self):
        row = {"obs_value": math.nan, "lower": 4.0, "upper": 6.0, "lower_closed": True, "upper_closed": False, "unit_measure": "fte", "obs_id": "a/b/doc", "obs_status": "normal"}  # fmt: skip
        found = figure_input(row)
        assert (found.value, found.lower, found.upper, found.upper_closed, found.unit) == (
            5,
            4,
            6,
            False,
            "fte",
        )
        exact = figure_input(row | {"obs_value": 7.0, "lower": math.nan, "upper": math.nan})
        assert (exact.lower, exact.value, exact.upper) == (7, 7, 7)
        with pytest.raises(InputError, match=r"not there: a/b/doc \(normal\)"):
            figure_input(row | {"lower": math.nan, "upper": math.nan})
        known = figures(pd.DataFrame([row]))
        assert list(known) == ["a/b"]
        assert over_figures("2 * [a/b]", known).value == 10
        for wrong in ("s1 + 1", "[a/c]"):
            with pytest.raises(InputError):
                over_figures(wrong, known)


class TestSummary:
    RESULT = pd.DataFrame(
        [
            {"id": i, "chapter": c, "verdict": v, "restates": r, "severity": s, "elsewhere": e, "observations": "x y", "inputs": "1", "counted_as": "statement"}
            for i, c, v, r, s, e in (
                ("a", "10", "reproduced", "", "", ""), ("b", "2", "inconsistent", "", "minor", "differs"), ("c", "annex", "inconsistent", "", "major", ""),
                ("d", "2", "needs_external_source", "", "", "same"), ("e", "2", "inconsistent", "b", "major", ""), ("f", "2", "reproduced", "", "", "same"),
            )
        ]
    )  # fmt: skip

    def test_chapters_in_order_and_annexes_last(self):
        found = summary(self.RESULT)
        assert found["chapter"].tolist() == ["2", "10", "annex"]
        assert found["claims"].tolist() == [4, 1, 1]
        assert found["inconsistent"].tolist() == [2, 0, 1]
        assert found["consistent_within_rounding"].tolist() == [0, 0, 0]

    def test_what_is_told_twice_is_one_finding_and_the_worst_stands_first(self):
        assert findings(self.RESULT)["id"].tolist() == ["c", "b"]
        found = {name: e.value for name, e in counts(self.RESULT).items()}
        assert found == {
            "all": 6,
            "checked": 5,
            "fit": 2,
            "unfit": 3,
            "unit": 0,
            "unproven": 0,
            "open": 1,
            "confirmed": 1,
            "differs": 1,
            "derived": 0,
            "judgement": 0,
            "findings": 2,
            "major": 1,
            "moderate": 0,
            "minor": 1,
        }
        assert counts(self.RESULT)["all"].observations == ("x", "y")

    def test_a_verdict_that_changed_with_its_input_is_explained(self):
        recorded = pd.DataFrame([{"id": "a", "verdict": "inconsistent", "inputs": "1"}, {"id": "b", "verdict": "reproduced", "inputs": "2"}, {"id": "gone", "verdict": "reproduced", "inputs": "2"}])  # fmt: skip
        found = changes(self.RESULT[self.RESULT["id"].isin(["a", "b"])], recorded).set_index("id")
        assert found["explained"].to_dict() == {"a": False, "b": True, "gone": True}
        assert found.loc["gone", "verdict"] == ""


def test_values_that_only_fall_and_then_stay_are_monotone():
    line = _Grid(np.zeros((3, 1)), np.ones(3, dtype=bool), (3,), 1)
    assert line.monotone(np.array([3.0, 2.0, 2.0]))
    assert line.monotone(np.array([2.0, 2.0, 3.0]))
    assert line.monotone(np.array([2.0, 2.0, 2.0]))
    assert not line.monotone(np.array([3.0, 2.0, 3.0]))


def test_a_measure_is_equal_to_itself_alone():
    # values are arrays: comparing them would give an array, and a key could not be made of them
    one, other = (Measure(np.array([1.0, 2.0]), "eur") for _ in range(2))
    assert one == one
    assert one != other
    assert len({one, other}) == 2
