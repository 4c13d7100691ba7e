"""Verdicts on a ledger of made-up rows: every reason for one or for none, units, second sources, and what they add up to."""

import itertools
import math

import pandas as pd
import pytest

from osw_stats.claims import summary
from osw_stats.claims.book import figure_interval, figures, over_figures, reported
from osw_stats.claims.formulas import Interval
from osw_stats.claims.measures import agrees, dimension
from osw_stats.claims.verdicts import check
from osw_stats.data.ledger import HEADER
from osw_stats.errors import InputError, NotEstimableError
from osw_stats.meaning.observations import WHOLE, records
from osw_stats.meaning.units import UNITS
from osw_stats.wording.parse import parse
from tests.cases import beside, table
from tests.worked import hold, worked

CASES = beside(__file__)
FIGURE = CASES["figure"]
NONE = dict.fromkeys(("obs_value", "lower", "upper"), math.nan) | {"obs_status": "withheld"}
OWN = FIGURE | {"obs_id": "own/2024/report", "source_id": "report"}
OBSERVATIONS = pd.DataFrame([FIGURE, OWN, FIGURE | {"obs_id": "none/2024/doc"} | NONE])
WITHIN = "consistent_within_rounding"


def ledger(*rows):
    """Return a ledger of rows that are empty but for what they name."""
    empty = dict.fromkeys(HEADER, "") | {"claim_kind": "value", "paragraph": "1", "file": "l.csv"}
    return pd.DataFrame([empty | {"row": n} | row for n, row in enumerate(rows, start=2)])


def checked(*rows, observations=OBSERVATIONS, unit="fte", **how):
    return check(ledger(*({"unit": unit} | row for row in rows)), observations, **how).set_index("id")


def first(row, **how):
    return checked({"id": "a"} | row, **how).iloc[0]


def box(text):
    """Return the interval of "[1, 2)", or that of a wording."""
    if text[0] not in "[(":
        return parse(text)
    low, high = map(float, text[1:-1].split(","))
    return Interval((low + high) / 2, low, high, text[0] == "[", text[-1] == "]")


def said(changed):
    """Return what a row of a ledger of posts says."""
    (row,) = records(ledger({"unit": "fte"} | changed))
    return reported(row)


class TestIntervals:
    @table(__file__, "one_ended", "changed expected")
    def test_a_figure_with_a_range_only_has_its_middle(self, changed, expected):
        made = figure_interval(FIGURE | changed)
        assert [made.value, made.lower, made.upper, made.upper_closed] == expected
        doubled = over_figures("2 * [need/2024]", figures(pd.DataFrame([FIGURE | changed])))
        assert doubled.value == 2 * expected[0]

    def test_a_figure_that_is_none_is_refused(self):
        with pytest.raises(InputError, match=r"not there: need/2024/doc \(withheld\)"):
            figure_interval(FIGURE | NONE)
        for wrong in ("s1 + 1", "[a/c]"):
            with pytest.raises(InputError):
                over_figures(wrong, figures(OBSERVATIONS))


class TestReasons:
    @table(__file__, "small_ledgers", "unit rows verdicts")
    def test_rows_may_rest_on_other_rows(self, unit, rows, verdicts):
        told = checked(*rows, unit=unit)
        assert told["verdict"][list(verdicts)].to_dict() == verdicts
        silent = told["claim_kind"] == "absence"  # that there is none is no number
        assert told.loc[silent, ["reported_value", "reported_lower", "reported_upper"]].isna().all(axis=None)

    def test_the_fingerprint_changes_with_wording_and_inputs_only(self):
        row = {"as_reported": "60", "formula": "[need/2024]"}
        mark = first(row)["inputs"]
        assert first(row | {"text": "other words", "severity": "major"})["inputs"] == mark
        changed = [{"as_reported": "61"}, {"formula": "[need/2024] * 1.0001"}, {"missing_nl": "x"}]
        changed += [{"unit": "eur"}, {"compared_with": "[need/2024]"}]
        assert mark not in {first(row | other)["inputs"] for other in changed}


@pytest.mark.parametrize("watched", [True, False])
def test_of_two_units_the_verdict_is_that_they_differ(watched):
    codes = [c for c in UNITS if c not in ("calendar_years", "calendar_months")]
    forty = {"lower": "40", "upper": "40"}
    both = list(itertools.product(codes, codes[::3]))
    rows = [forty | {"id": f"of_{c}", "unit": c} for c in codes]
    for a, b in both:
        of = {"formula": f"of_{b}", "formula_unit": b if watched else ""}
        rows.append(forty | of | {"id": f"{a} {b}", "unit": a})
    table = checked(*rows)["verdict"]
    for a, b in both:
        alike = agrees(dimension(b), dimension(a))
        assert alike == (dimension(a) == dimension(b))
        assert table[f"{a} {b}"] == ("reproduced" if alike else "unit_differs"), (a, b)


SAME = FIGURE | WHOLE | {"series_id": "own", "obs_id": "own/2024/doc"}
SAME |= {"publisher": "p", "time_period": "2024"}


class TestElsewhere:
    @table(__file__, "second_sources", "printed word")
    def test_a_second_source_anywhere_changes_the_word(self, printed, word):
        own = SAME | {"obs_id": "own/2024/report", "source_id": "report"}
        known = pd.DataFrame([own, *(SAME | document for document in printed)])
        row = {"as_reported": "60", "observation": "own/2024"}
        told = first(row, observations=known[:1], vintages=known, own=("report",))
        assert told["elsewhere"] == word


def test_explaining_and_recomputing():
    row = {"id": "a", "as_reported": "60", "formula": "[need/2024] + b", "text": "60 fte"}
    result = checked(row, {"id": "b", "as_reported": "5", "text": "vijf"}).reset_index()
    lines = summary.explain(result, OBSERVATIONS, "a").splitlines()
    assert lines[:3] == ["a, paragraph 1: “60 fte”", "says     55 to 65 fte", "formula  [need/2024] + b"]
    assert lines[3].startswith("input    need/2024/doc: 60 [50; 70] fte, “circa 60”")
    assert lines[4] == "input    b: 5 to 5 fte, “vijf”, 1"
    assert lines[5].startswith("gives    65 [55 to 75]")
    assert lines[-1] == "verdict  consistent_within_rounding"
    assert "none: nothing published" in summary.explain(result, OBSERVATIONS, "b")
    n = summary.recomputed(summary.claim(result, "a"))
    assert (n.value, n.lower, n.upper) == (65, 55, 75)
    assert (n.observations, n.verdict) == (("need/2024/doc",), WITHIN)
    with pytest.raises(NotEstimableError):
        summary.recomputed(summary.claim(result, "b"))
    with pytest.raises(InputError, match="no such claim"):
        summary.claim(result, "c")


@worked(__file__)
def test_verdicts_and_what_they_add_up_to_by_hand(case):
    hold(case)
