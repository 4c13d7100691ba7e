"""A ledger of made-up rows: every reason for a verdict or for none, what else prints the figure, words for it all."""

import math

import pandas as pd
import pytest

from osw_stats.analysis.claims.summary import claim, explain, recomputed
from osw_stats.analysis.claims.verdicts import check
from osw_stats.errors import InputError, NotEstimableError
from osw_stats.sources.ledger import HEADER

FIGURE = {
    "obs_value": 60.0,
    "lower": 50.0,
    "upper": 70.0,
    "lower_closed": True,
    "upper_closed": True,
    "unit_measure": "fte",
    "obs_status": "normal",
    "source_id": "doc",
    "as_reported": "circa 60",
    "note": "",
    "locator": "p. 1",
}
OBSERVATIONS = pd.DataFrame(
    [
        FIGURE | {"obs_id": "need/2024/doc"},
        FIGURE | {"obs_id": "own/2024/report", "source_id": "report"},
        FIGURE
        | {
            "obs_id": "none/2024/doc",
            "obs_value": math.nan,
            "lower": math.nan,
            "upper": math.nan,
            "obs_status": "withheld",
        },
    ]
)
PLACES = pd.DataFrame(
    [
        {"list_id": "lines", "text": t, "value": v, "unit": "groups", "paragraph": "1"}
        for t, v in (("a", ""), ("b", ""), ("b", ""))
    ]
    + [{"list_id": "day", "text": "x", "value": "2024-10", "unit": "date", "paragraph": "1"}]
)


def checked(*rows, **how):
    ledger = pd.DataFrame(
        [
            dict.fromkeys(HEADER, "")
            | {"claim_kind": "value", "paragraph": "1", "file": "l.csv", "row": n, "unit": "fte"}
            | row
            for n, row in enumerate(rows, start=2)
        ]
    )
    return check(ledger, OBSERVATIONS, **how)


def first(row, **how):
    return checked({"id": "a"} | row, **how).iloc[0]


N, NONE, MISSING = "[need/2024]", "[none/2024]", {"missing_nl": "iets"}
WITHIN, WRONG, OPEN = "consistent_within_rounding", "inconsistent", "needs_external_source"


@pytest.mark.parametrize(
    ("words", "formula", "more", "verdict", "reason"),
    [
        ("circa 60", N, {}, WITHIN, ""),
        ("71", N, {}, WRONG, ""),
        ("70", N, {}, WITHIN, ""),
        ("60", "", {}, OPEN, "no_formula"),
        ("", N, {}, OPEN, "nothing_said"),
        ("60", NONE, {}, OPEN, "missing_figure"),
        ("60", "30 * 2", {}, OPEN, "no_evidence"),
        ("60", N, MISSING, OPEN, "missing"),
        ("60", N, {"claim_kind": "wording"}, OPEN, "judgement"),
        ("60", NONE, MISSING, OPEN, "missing"),
        ("", N, {"compared_with": "2 * [need/2024]"}, WRONG, ""),
        ("", N, {"compared_with": "[need/2024] / 1"}, WITHIN, ""),
        ("60", N, {"claim_kind": "unit", "formula_unit": "fte"}, WITHIN, ""),
        ("3", "count(lines)", {"unit": "groups"}, "reproduced", ""),
        ("2", "count(lines)", {"unit": "groups"}, WRONG, ""),
        ("2024", "year(day)", {"unit": "calendar_years"}, "reproduced", ""),
    ],
)
def test_why_there_is_a_verdict_or_none(words, formula, more, verdict, reason):
    found = first({"as_reported": words, "formula": formula} | more, places=PLACES)
    assert (found["verdict"], found["reason"]) == (verdict, reason)


def test_a_finding_has_its_kind_and_weight_only_where_it_does_not_fit():
    row = {"formula": "[need/2024]", "issue_type": "number", "severity": "minor"}
    assert first(row | {"as_reported": "71"})[["issue_type", "severity"]].tolist() == ["number", "minor"]
    assert first(row | {"as_reported": "70"})[["issue_type", "severity"]].tolist() == ["", ""]


def test_what_is_said_and_what_is_computed_stand_side_by_side():
    found = first({"as_reported": "ruim 60", "formula": "[need/2024] / 2", "paragraph": "4.8"})
    assert found[["reported_value", "reported_lower", "reported_upper"]].tolist() == [60, 60, 70]
    assert found[["recomputed_value", "recomputed_lower", "recomputed_upper"]].tolist() == [30, 25, 35]
    assert (found["observations"], found["chapter"]) == ("need/2024/doc", "4")
    more = first({"claim_kind": "direction", "as_reported": "more", "formula": "[need/2024]"})
    assert math.isnan(more["reported_value"])
    assert (more["reported_lower"], math.isnan(more["reported_upper"])) == (0, True)
    assert math.isnan(first({"as_reported": "60"})["recomputed_value"])


@pytest.mark.parametrize(
    ("words", "observation", "own", "elsewhere"),
    [
        ("65", "need/2024", (), "same"),
        ("71", "need/2024", (), "differs"),
        ("65", "own/2024", ("report",), "only_here"),
        ("65", "own/2024", (), "same"),
        ("65", "none/2024", (), "only_here"),
        ("", "need/2024", (), ""),
        ("65", "", (), ""),
    ],
)
def test_whether_another_document_prints_the_same(words, observation, own, elsewhere):
    assert first({"as_reported": words, "observation": observation}, own=own)["elsewhere"] == elsewhere


def test_errors_name_the_row_of_the_ledger():
    for row in (
        {"as_reported": "60", "observation": "no/2024"},
        {"as_reported": "60", "formula": "[no/2024]"},
        {"formula": "zz"},
        {"as_reported": "veel"},
    ):
        with pytest.raises(InputError, match=r"l\.csv, row 3"):
            checked({"id": "a", "as_reported": "60"}, {"id": "b"} | row)
    with pytest.raises(InputError, match="gives fte, not eur"):
        first({"as_reported": "60", "formula": "[need/2024]", "formula_unit": "eur"})
    with pytest.raises(InputError, match="neither a number nor a formula"):
        checked({"id": "a", "formula": "b"}, {"id": "b"})


def test_units_are_watched_where_a_ledger_names_one():
    row = {"as_reported": "60", "formula": "[need/2024] + 1"}
    assert first(row)["verdict"] == "consistent_within_rounding"
    with pytest.raises(InputError, match="unlike units"):
        checked(
            {"id": "a"} | row,
            {"id": "b", "as_reported": "60", "formula": "[need/2024]", "formula_unit": "fte"},
        )


def test_a_claim_with_an_open_end_is_computed_by_its_own_formula():
    rows = (
        {"id": "a", "as_reported": "60", "formula": "b"},
        {"id": "b", "claim_kind": "direction", "as_reported": "more", "formula": "[need/2024]"},
    )
    assert checked(*rows).iloc[0]["recomputed_value"] == 60


def test_the_fingerprint_changes_with_wording_and_inputs_only():
    row = {"as_reported": "60", "formula": "[need/2024]"}
    one = first(row)["inputs"]
    assert len(one) == 12
    assert first(row | {"text": "other words", "severity": "major"})["inputs"] == one
    for other in (
        {"as_reported": "61"},
        {"formula": "[need/2024] * 1.0001"},
        {"missing_nl": "x"},
        {"unit": "eur"},
        {"compared_with": "[need/2024]"},
    ):
        assert first(row | other)["inputs"] != one


def test_explaining_and_recomputing():
    result = checked(
        {"id": "a", "as_reported": "60", "formula": "[need/2024] + b", "text": "60 fte"},
        {"id": "b", "as_reported": "5", "text": "vijf"},
    )
    lines = explain(result, OBSERVATIONS, "a").splitlines()
    assert lines[0] == "a, paragraph 1: “60 fte”"
    assert lines[1] == "says     55 to 65 fte"
    assert lines[2] == "formula  [need/2024] + b"
    assert lines[3].startswith("input    need/2024/doc: 60 [50; 70] fte, “circa 60”")
    assert lines[4] == "input    b: 5 to 5 fte, “vijf”, 1"
    assert lines[5].startswith("gives    65 [55 to 75]")
    assert lines[-1] == "verdict  consistent_within_rounding"
    other = explain(result, OBSERVATIONS, "b").splitlines()
    assert "none: nothing published" in other[2]
    assert other[-1] == "verdict  needs_external_source (no_formula)"
    with pytest.raises(InputError, match="Claims: a, b"):
        explain(result, OBSERVATIONS, "c")
    found = recomputed(claim(result, "a"))
    assert (found.value, found.lower, found.upper, found.observations) == (65, 55, 75, ("need/2024/doc",))
    assert found.verdict == "consistent_within_rounding"
    with pytest.raises(NotEstimableError):
        recomputed(claim(result, "b"))
    with pytest.raises(InputError, match="no such claim"):
        claim(result, "c")
