import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.analysis.claims.formulas import NoEvidenceError, evaluate
from osw_stats.analysis.claims.inputs import Input, Result
from osw_stats.analysis.claims.measures import Places
from osw_stats.analysis.claims.summary import changes, counts, explain, findings, summary
from osw_stats.analysis.claims.verdicts import VERDICTS, WRONG, check, verdict
from osw_stats.errors import InputError
from osw_stats.sources.ledger import HEADER, load_verdicts
from osw_stats.vocabulary.reported import parse
from tests.conftest import PROJECT


def box(value, lower=None, upper=None, lower_closed=True, upper_closed=True, unit=""):
    return Input(
        value, value if lower is None else lower, value if upper is None else upper, lower_closed, upper_closed, unit,
    )  # fmt: skip


def look(**boxes):
    return {f"[{k[1:]}]" if k.startswith("_") else k: v for k, v in boxes.items()}.__getitem__


def ledger(*rows):
    """Build a ledger of rows that are empty but for what is given."""
    return pd.DataFrame(
        [dict.fromkeys(HEADER, "") | {"claim_kind": "value", "paragraph": "1", "file": "l.csv", "row": n} | row
         for n, row in enumerate(rows, start=2)]
    )  # fmt: skip


NOTHING = pd.DataFrame(columns=["obs_id"])


@pytest.mark.parametrize(
    ("told", "result", "expected"),
    [
        ("bijna 800", (787, 787), "reproduced"),
        ("bijna 800", (800, 800), "inconsistent"),  # the upper end is open
        ("ruim 800", (800, 800), "reproduced"),
        ("ruim 760 duizend", (757_050, 782_250), "consistent_within_rounding"),
        ("zo'n 72.000", (58_328, 60_340), "inconsistent"),
    ],
)
def test_verdicts_respect_open_ends(told, result, expected):
    low, high = result
    assert verdict(parse(told), Result(low, low, high, True, True, ("a",))) == expected


def test_touching_open_ends_do_not_meet():
    # 9 percent is [8.5, 9.5); "10 percent" is [9.5, 10.5)
    result = evaluate("a", look(a=box(9, 8.5, 9.5, upper_closed=False)))
    assert not result.upper_closed
    assert verdict(parse("10 procent"), result) == "inconsistent"


def test_every_corner_of_the_box_is_computed():
    boxes = look(_a=box(10, 9, 11), _b=box(2, 1, 3))
    quotient, difference = evaluate("[a] / [b]", boxes), evaluate("[a] - [b]", boxes)
    assert (quotient.value, quotient.lower, quotient.upper) == (5, 3, 11)
    assert (difference.lower, difference.upper) == (6, 10)


def test_an_input_named_twice_is_one_input():
    result = evaluate("a - a", look(a=box(10, 9, 11)))
    assert (result.lower, result.upper) == (0, 0)


def test_a_formula_that_is_not_monotone_is_searched():
    # a (10 - a) on [2, 9] is largest in the middle of its parabola, between grid points
    result = evaluate("a * (10 - a)", look(a=box(8, 2, 9)))
    assert result.upper == pytest.approx(25, abs=1e-4)
    assert result.lower == pytest.approx(9)


@given(
    st.lists(st.floats(0.5, 100), min_size=4, max_size=4), st.lists(st.floats(0, 1), min_size=2, max_size=2)
)
def test_no_point_of_the_box_lies_outside_the_interval(ends, at):
    a, b = sorted(ends[:2]), sorted(ends[2:])
    result = evaluate("100 * (a / b - 1)", look(a=box(sum(a) / 2, *a), b=box(sum(b) / 2, *b)))
    x, y = a[0] + at[0] * (a[1] - a[0]), b[0] + at[1] * (b[1] - b[0])
    tolerance = 1e-9 * max(1, abs(result.lower), abs(result.upper))
    assert result.lower - tolerance <= 100 * (x / y - 1) <= result.upper + tolerance


@pytest.mark.parametrize(
    "formula",
    [
        "__import__('os').system('true') + a", "a ** 9999999", "a if 1 else 2", "(lambda: a)()", "a.value", "a @ a",
        "a +", "[x for x in a]", "'text' + a", "a[0]", "count(a)", "value(lines)", "a; a", "a = 1", "f'{a}'", "a and 1",
    ],
)  # fmt: skip
def test_a_formula_is_arithmetic_and_nothing_else(formula):
    known = {"a": box(1), "lines": Places("lines", ("x", "y"), "groups")}
    with pytest.raises((InputError, KeyError)):
        evaluate(formula, known.__getitem__)


@pytest.mark.parametrize("formula", ["5 * 2", "22 + 1", "1e3", "-(2)"])
def test_literals_alone_are_no_evidence(formula):
    with pytest.raises(NoEvidenceError, match="no evidence"):
        evaluate(formula, look())


def test_division_by_a_range_around_zero_says_so():
    for zero in (box(0), box(1, -1, 2)):
        with pytest.raises(InputError, match="divides by zero"):
            evaluate("1 / a", look(a=zero))


@pytest.mark.parametrize(
    "formula", ["(" * 300 + "a" + ")" * 300, "-" * 480 + "a", "a" + "+a" * 400, "a+" * 200 + "a"]
)
def test_absurd_nesting_is_refused_or_carried_out(formula):
    try:
        assert evaluate(formula, look(a=box(1))).value in (1, 201)
    except InputError as error:
        assert "not arithmetic" in str(error) or "longer than" in str(error)


def test_counted_places_and_dates():
    known = {
        "lines": Places("lines", ("9.1", "9.1", "9.1"), "paragraphs"),
        "told": box(739_330, unit="date"), "sent": box(739_300, 739_290, 739_310, unit="date"),
    }  # fmt: skip
    assert evaluate("count(lines)", known.__getitem__).value == 3
    assert evaluate("distinct(lines)", known.__getitem__).value == 1
    months = evaluate("months(told, sent)", known.__getitem__)
    assert (months.value, months.lower, months.upper) == pytest.approx(
        (30 / 30.4375, 20 / 30.4375, 40 / 30.4375)
    )
    with pytest.raises(InputError, match="no dates"):
        evaluate("months(told, lines)", known.__getitem__)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("p - q", "police_reports"), ("p / q", "ratio"), ("100 * p / q", "ratio"), ("s / 100 * p", "police_reports"),
        ("p / f", "police_reports / fte"), ("-p", "police_reports"),
    ],
)  # fmt: skip
def test_a_formula_knows_its_unit(formula, expected):
    boxes = look(
        p=box(3, unit="police_reports"), q=box(2, unit="police_reports"), s=box(5), f=box(1, unit="fte")
    )
    assert evaluate(formula, boxes).unit == expected


@pytest.mark.parametrize("formula", ["p - r", "p + 10000", "p * r", "p + s"])
def test_unlike_units_stop_a_formula(formula):
    boxes = look(p=box(3, unit="police_reports"), r=box(2, unit="advice_requests"), s=box(5))
    with pytest.raises(InputError, match=r"unlike units|multiplies"):
        evaluate(formula, boxes)


def test_a_claim_without_a_number_is_computed_first_and_a_circle_is_named():
    chain = ledger(
        {"id": "a", "formula": "b + 1", "lower": "11", "upper": "12"}, {"id": "b", "formula": "2 * c"},
        {"id": "c", "as_reported": "5 fte", "unit": "fte"},
    )  # fmt: skip
    assert check(chain, NOTHING).set_index("id").loc["a", "verdict"] == "reproduced"
    circle = ledger({"id": "a", "formula": "b + 1"}, {"id": "b", "formula": "a - 1"})
    with pytest.raises(InputError, match=r"l\.csv, row 2.*circle: a -> b -> a"):
        check(circle, NOTHING)
    with pytest.raises(InputError, match="circle: a -> a"):
        check(ledger({"id": "a", "as_reported": "5 fte", "formula": "a"}), NOTHING)


def test_unknown_names_say_where(tables):
    for formula in ("zz + 1", "[police_report/1999]"):
        with pytest.raises(InputError, match=r'l\.csv, row 2, column "formula"'):
            check(ledger({"id": "a", "formula": formula}), tables.observations)


@pytest.mark.parametrize("figure", ["helpwanted_requests/2023", "police_reports/1999"])
def test_a_figure_that_is_not_there_leaves_the_claim_open(tables, figure):
    rows = ledger({"id": "a", "as_reported": "31%", "formula": f"[{figure}]", "observation": figure})
    row = check(rows, tables.observations).iloc[0]
    assert (row["verdict"], row["reason"]) == ("needs_external_source", "missing_figure")


def test_figures_that_give_no_number_leave_the_claim_open(tables):
    rows = ledger({"id": "a", "as_reported": "2", "formula": "[police_reports/2024] / (b - b)"},
                  {"id": "b", "as_reported": "3"})  # fmt: skip
    row = check(rows, tables.observations).iloc[0]
    assert (row["verdict"], row["reason"]) == ("needs_external_source", "by_nought")


@pytest.mark.parametrize(
    ("told", "expected"), [("more", "inconsistent"), ("fewer", "consistent_within_rounding")]
)
def test_a_direction_is_the_sign_of_a_difference(told, expected):
    rows = ledger(
        {"id": "a", "claim_kind": "direction", "as_reported": told, "unit": "percent", "formula": "new - old"},
        {"id": "new", "as_reported": "22 procent"}, {"id": "old", "as_reported": "30 procent"},
    )  # fmt: skip
    assert check(rows, NOTHING).iloc[0]["verdict"] == expected


def test_a_unit_that_changes_is_told_though_the_number_agrees():
    rows = ledger(
        {"id": "a", "claim_kind": "unit", "as_reported": "12.206", "unit": "persons", "formula": "b",
         "formula_unit": "advice_requests"},
        {"id": "b", "as_reported": "12.206", "unit": "advice_requests"},
    )  # fmt: skip
    assert check(rows, NOTHING).iloc[0]["verdict"] == "unit_differs"


def test_a_judgement_gets_no_automatic_verdict():
    rows = ledger(
        {"id": "a", "claim_kind": "wording", "as_reported": "10 fte", "unit": "fte", "formula": "b"},
        {"id": "b", "as_reported": "10 fte", "unit": "fte"},
    )
    assert check(rows, NOTHING).iloc[0][["verdict", "reason"]].tolist() == [
        "needs_external_source",
        "judgement",
    ]


# the ledger of the project


@pytest.fixture(scope="module")
def result(tables):
    return tables.claims()


def test_the_recorded_verdicts_are_those_computed(result):
    assert changes(result, load_verdicts(PROJECT, 2024)).empty


@pytest.mark.parametrize(
    ("claim", "low", "high", "expected"),
    [  # reached by an independent reader of the report
        ("s4_8d", 59_334.5, 61_345.9, "inconsistent"),
        ("s4_8e", 20_086.3, 22_200.7, "inconsistent"),
        ("s4_8f", 232_787, 247_458, "inconsistent"),
        ("s4_8h", -9, -7, "not_demonstrated"),
        ("s4_6a", 13.5065, 13.8158, "consistent_within_rounding"),
        ("s4_6e", 13_866_667, 16_153_846, "consistent_within_rounding"),
        ("s4_13d", 98, 102, "consistent_within_rounding"),
        ("s4_1c", 787, 787, "reproduced"),
        ("s4_27a", 12_206, 12_206, "unit_differs"),  # the number agrees, the unit does not
        ("s2_3a", 4.63, 5.62, "inconsistent"),
        ("s1_21a", 10, 10, "inconsistent"),
        ("s7_19i", 7_500_000, 7_500_000, "reproduced"),
    ],
)
def test_reference_verdicts(result, claim, low, high, expected):
    row = result.set_index("id").loc[claim]
    assert row["recomputed_lower"] == pytest.approx(low, rel=1e-3)
    assert row["recomputed_upper"] == pytest.approx(high, rel=1e-3)
    assert row["verdict"] == expected


def test_no_verdict_is_typed_and_every_one_has_its_evidence(tables, result):
    assert "verdict" not in tables.ledger
    judged = result[result["verdict"] != "needs_external_source"]
    assert judged["formula"].ne("").all()
    silent = judged["claim_kind"] == "absence"  # it says that there is none, and prints no number
    assert (silent ^ (judged["reported_lower"].notna() | judged["reported_upper"].notna())).all()
    assert "no_evidence" not in set(result["reason"])


def test_what_does_not_fit_says_what_and_how_much_it_matters(result):
    wrong = result[result["verdict"].isin(WRONG)]
    assert wrong[["issue_type", "severity"]].ne("").all(axis=None)
    alone = wrong[wrong["restates"] == ""]
    assert alone[["explanation_nl", "explanation_en"]].ne("").all(axis=None)
    assert set(result["restates"]) - {""} <= set(result["id"])


def test_both_languages_say_something_of_every_claim(result):
    assert result[["description_nl", "description_en"]].ne("").all(axis=None)
    assert (result["explanation_nl"].ne("") == result["explanation_en"].ne("")).all()


def test_the_summary_adds_up(result):
    table = summary(result)
    assert table["claims"].sum() == len(result)
    assert (table[list(VERDICTS)].sum(axis=1) == table["statements"]).all()
    assert (table[["statements", "derived", "judgement"]].sum(axis=1) == table["claims"]).all()
    total = {name: e.value for name, e in counts(result).items()}
    assert total["fit"] + total["unfit"] + total["unit"] + total["unproven"] == total["checked"]
    assert total["checked"] + total["open"] == total["all"] == table["statements"].sum()
    assert total["all"] + total["derived"] + total["judgement"] == len(result)
    assert total["findings"] == len(findings(result)) < total["unfit"] + total["unit"]
    assert total["major"] + total["moderate"] + total["minor"] == total["findings"]


def test_explaining_a_claim_shows_inputs_and_sources(tables, result):
    text = explain(result, tables.observations, "s4_8e", tables.places)
    assert "cbs_population/2020/male/16-17" in text
    assert "211,435" in text
    assert "s4_8b: 9.5 to 10.5 percent" in text
    assert text.endswith("inconsistent")
    assert "f. Regeringscommissaris" in explain(result, tables.observations, "s1_18a", tables.places)


def test_a_claim_cannot_be_given_the_unit_it_wants(tables):
    rows = tables.ledger.copy()
    rows.loc[rows["id"] == "s4_27a", "formula_unit"] = "persons"
    with pytest.raises(InputError, match="gives advice_requests, not persons"):
        check(rows, tables.observations, tables.places)


def test_a_changed_verdict_is_told_apart_from_a_changed_input(tables, result):
    recorded = result[["id", "verdict", "inputs"]].copy()
    recorded.loc[recorded["id"] == "s4_1c", "verdict"] = "inconsistent"
    assert changes(result, recorded).set_index("id")["explained"].to_dict() == {"s4_1c": False}
    rows = tables.ledger.copy()
    rows.loc[rows["id"] == "s4_1c", "as_reported"] = "bijna 700"
    later = check(rows, tables.observations, tables.places)
    moved = changes(later, result[["id", "verdict", "inputs"]]).set_index("id")
    assert moved["explained"].to_dict() == {"s4_1c": True}
    assert moved.loc["s4_1c", "verdict"] == "inconsistent"


def test_numbers_of_the_result_are_numbers(result):
    columns = [c for c in result if c.endswith(("_lower", "_upper", "_value"))]
    assert all(result[c].dtype == np.float64 for c in columns)
    assert not result[columns].isin([math.inf, -math.inf]).any(axis=None)
