import pytest

from osw_stats.analysis.claims import check, explain, verdict
from osw_stats.analysis.formulas import Result, evaluate
from osw_stats.errors import InputError
from osw_stats.vocabulary.reported import parse


def figure(value, lower=None, upper=None, lower_closed=True, upper_closed=True, measure="percent"):
    return {
        "obs_id": "x/2024/doc", "obs_value": value, "lower": value if lower is None else lower,
        "upper": value if upper is None else upper, "lower_closed": lower_closed, "upper_closed": upper_closed, "unit_measure": measure,
    }  # fmt: skip


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


def test_nothing_to_compare_with_is_no_verdict_on_the_claim():
    assert verdict(parse("31%"), None) == "needs_external_source"


def test_touching_open_ends_do_not_meet():
    # 9 percent is [8.5, 9.5); "10 percent" is [9.5, 10.5)
    result = evaluate("[a]", {"a": figure(9, 8.5, 9.5, upper_closed=False)}, {})
    assert not result.upper_closed
    assert verdict(parse("10 procent"), result) == "inconsistent"


def test_every_corner_of_the_box_is_computed():
    figures = {"a": figure(10, 9, 11), "b": figure(2, 1, 3)}
    assert (lambda r: (r.value, r.lower, r.upper))(evaluate("[a] / [b]", figures, {})) == (5, 3, 11)
    assert (lambda r: (r.lower, r.upper))(evaluate("[a] - [b]", figures, {})) == (6, 10)


@pytest.mark.parametrize(
    "formula",
    [
        "__import__('os').system('true') + [a]",
        "[a] ** 9999999",
        "[a] if 1 else 2",
        "(lambda: [a])()",
        "[a].real",
        "[a] @ [a]",
        "[a] +",
        "x9",
    ],
)
def test_a_formula_is_arithmetic_and_nothing_else(formula):
    with pytest.raises(InputError):
        evaluate(formula, {"a": figure(1)}, {})


def test_literals_alone_are_no_evidence():
    with pytest.raises(InputError, match="no evidence"):
        evaluate("5 * 2", {}, {})


def test_division_by_zero_and_unknown_names_say_so():
    with pytest.raises(InputError, match="divides by zero"):
        evaluate("1 / [a]", {"a": figure(0)}, {})
    with pytest.raises(InputError, match=r"\[b\]"):
        evaluate("[b]", {"a": figure(0)}, {})
    with pytest.raises(InputError, match="unknown claim"):
        evaluate("{c}", {}, {})


def test_the_ledger_s_recorded_verdicts_are_those_computed(tables):
    result = check(tables.ledger, tables.observations)
    assert not result["changed"].any()


@pytest.mark.parametrize(
    ("claim", "low", "high", "expected"),
    [  # reached by an independent reader of the report
        ("s4_8d", 58_328.9, 60_340.2, "inconsistent"),
        ("s4_8e", 20_086.3, 22_200.7, "inconsistent"),
        ("s4_6a", 13.5065, 13.8158, "consistent_within_rounding"),
        ("s4_13d", 98, 102, "consistent_within_rounding"),
        ("s4_1c", 787, 787, "reproduced"),
        ("s4_27a", 12_206, 12_206, "inconsistent"),  # the number agrees, the unit does not
    ],
)
def test_reference_verdicts(tables, claim, low, high, expected):
    row = check(tables.ledger, tables.observations).set_index("id").loc[claim]
    assert row["recomputed_lower"] == pytest.approx(low, rel=1e-5)
    assert row["recomputed_upper"] == pytest.approx(high, rel=1e-5)
    assert row["verdict"] == expected


def test_explaining_a_claim_shows_inputs_and_sources(tables):
    text = explain(check(tables.ledger, tables.observations), tables.observations, "s4_8e")
    assert "cbs_population/2020/male/16-17" in text
    assert "211,435" in text
    assert text.endswith("inconsistent")


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("[p] - [q]", "police_reports"),
        ("[p] / [q]", ""),
        ("100 * [p] / [q]", ""),
        ("[s] / 100 * [p]", "police_reports"),
        ("[p] / [f]", "police_reports / fte"),
        ("{c} / 100", ""),
    ],
)
def test_a_formula_knows_its_unit(formula, expected):
    figures = {
        "p": figure(3, measure="police_reports"), "q": figure(2, measure="police_reports"),
        "s": figure(5, measure="percent"), "f": figure(1, measure="fte"),
    }  # fmt: skip
    result = evaluate(formula, figures, {"c": parse("10 procent")}, {"c": "percent"})
    assert result.unit == expected


@pytest.mark.parametrize("formula", ["[p] - [r]", "[p] + 10000", "[p] * [r]", "[p] + [s]"])
def test_unlike_units_stop_a_formula(formula):
    figures = {
        "p": figure(3, measure="police_reports"),
        "r": figure(2, measure="advice_requests"),
        "s": figure(5),
    }
    with pytest.raises(InputError, match=r"unlike units|multiplies"):
        evaluate(formula, figures, {})


def test_a_claim_cannot_be_given_the_unit_it_wants(tables):
    ledger = tables.ledger.copy()
    ledger.loc[ledger["id"] == "s4_27a", "formula_unit"] = "persons"
    with pytest.raises(InputError, match="gives advice_requests, not persons"):
        check(ledger, tables.observations)
