"""The reporting standard: what is declared must really be there. The pages here are made up."""

import pandas as pd
import pytest

from osw_stats.report import standard
from osw_stats.report.harvest import Item, Page
from osw_stats.report.tables import csv_text
from osw_stats.results.collected import Results

NUMBER = {"name": "n", "lower": 4.9, "upper": 5.5, "interval_kind": "assumed"}


def item(kind, name, **facts):
    return Item(kind, name, {"kind": kind, "name": name, **facts}, {})


def table(name, frame):
    return item("table", name, csv=csv_text(frame))


def sentence(numbers=(NUMBER,), grade="B"):
    return item("sentence", "s", numbers=list(numbers), grade=grade)


def test_a_page_without_a_box_a_grade_or_an_alt_text_is_told_so():
    page = Page("claims", "nl", ("text", sentence(grade=""), item("figure", "f", alt=" ")), Results())
    assert standard.lacking(page)[-3:] == [
        "alt text of figure f",
        "a box that says what this does not show",
        "a sentence with its evidence grade",
    ]


def check(code, *outputs):
    requirement = next(r for r in standard.STANDARD if r.code == code)
    return requirement.check(list(outputs))


def test_an_interval_that_is_declared_must_have_numbers():
    none = {"lower": None, "upper": None, "interval_kind": "none"}
    assert "both limits" in check("effect", sentence(numbers=[none]))
    assert "both limits" in check("effect", table("t", pd.DataFrame({"lower": [None], "upper": [None]})))
    assert check("effect", sentence()) == ""
    assert (
        check("effect", table("t", pd.DataFrame({"gap": [1.0], "gap_lower": [0.5], "gap_upper": [2.0]})))
        == ""
    )


def test_a_ratio_never_stands_alone():
    ratio = pd.DataFrame({"ratio": [1.1], "lower": [1.0], "upper": [1.2]})
    assert "level beside the ratio" in check("effect", table("t", ratio))
    assert check("effect", table("t", ratio.assign(diff=0.3))) == ""


@pytest.mark.parametrize(("rows", "primary", "fine"), [(5, True, True), (4, True, False), (5, False, False)])
def test_a_sensitivity_table_has_five_rows_and_a_primary_one(rows, primary, fine):
    frame = pd.DataFrame({"variant": range(rows), "primary": [primary] + [False] * (rows - 1)})
    assert (check("sensitivity", table("t", frame)) == "") == fine


def test_columns_that_are_empty_do_not_count():
    frame = pd.DataFrame({"family": ["F1"], "p_raw": [0.1], "p_adj": [float("nan")]})
    assert "p_adj" in check("multiplicity", table("t", frame))
    assert check("multiplicity", table("t", frame.assign(p_adj=0.3))) == ""


def test_the_columns_may_stand_in_two_tables():
    one, other = pd.DataFrame({"seed": [1], "draws": [2]}), pd.DataFrame({"mc_se": [0.1]})
    assert check("monte_carlo", table("a", one), table("b", other)) == ""


def test_every_code_is_asked_of_a_notebook_that_exists():
    from osw_stats.report.words import QUESTIONS

    assert {n for r in standard.STANDARD for n in r.notebooks} == set(QUESTIONS)
