"""The reporting standard: what is declared must really be there. The notebooks here are made up."""

import pandas as pd
import pytest

from osw_stats.errors import OswError
from osw_stats.report import standard
from osw_stats.report.tables import csv_text

NUMBER = {"lower": 4.9, "upper": 5.5, "interval_kind": "assumed"}


def output(kind, name, *meets, **facts):
    return {"data": {}, "metadata": {"osw": {"kind": kind, "name": name, "meets": list(meets), **facts}}}


def table(name, frame, *meets):
    return output("table", name, *meets, csv=csv_text(frame))


def sentence(*meets, numbers=(NUMBER,), grade="B"):
    return output("sentence", "s", *meets, numbers=list(numbers), grade=grade)


def notebook(*outputs, box="::: {.callout-note}"):
    return {
        "cells": [
            {"cell_type": "markdown", "source": box, "metadata": {}},
            {"cell_type": "code", "source": "", "metadata": {}, "outputs": list(outputs)},
        ]
    }


def claims(*others):
    """A notebook that meets all that the claims page must show, but for what is left out."""
    return notebook(
        sentence("estimand"), output("about", "about", "estimand"), output("sources", "sources", "vintage"),
        table("t", pd.DataFrame({"reported_lower": [1.0]}), "rounding"), *others,
    )  # fmt: skip


def test_what_meets_the_standard_passes():
    assert standard.lacking("claims", claims()) == []


@pytest.mark.parametrize(
    ("left_out", "lack"),
    [(0, "estimand"), (1, "estimand"), (2, "vintage"), (3, "rounding")],
)
def test_each_thing_left_out_is_named(left_out, lack):
    full = claims()
    del full["cells"][1]["outputs"][left_out]
    if left_out == 0:
        full["cells"][1]["outputs"].append(sentence())  # a sentence, but not that one
    (line,) = standard.lacking("claims", full)
    assert line.startswith(lack)


def test_a_notebook_without_a_box_a_grade_or_an_alt_text_is_told_so():
    full = claims(output("figure", "f", alt=" "))
    full["cells"][0]["source"] = "text"
    full["cells"][1]["outputs"][0] = sentence("estimand", grade="")
    assert standard.lacking("claims", full) == [
        "alt text of figure f",
        "a box that says what this does not show",
        "a sentence with its evidence grade",
    ]


def check(code, *outputs):
    requirement = next(r for r in standard.STANDARD if r.code == code)
    return requirement.check(list(standard.items(notebook(*outputs))))


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


def test_the_message_names_notebook_language_and_remedy():
    with pytest.raises(
        OswError, match=r"notebooks/prevalence\.ipynb \(nl\) does not show .*sensitivity.*standard.yml"
    ):
        standard.require({("prevalence", "nl"): claims()})


def test_every_code_is_asked_of_a_notebook_that_exists():
    from osw_stats.report.words import QUESTIONS

    assert {n for r in standard.STANDARD for n in r.notebooks} == set(QUESTIONS)
