"""The answers of a survey from a file: words for answers, one message by line, and who has no weight is nobody."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osw_stats.analysis.survey.microdata import prevalence_from_microdata
from osw_stats.analysis.survey.release import releasable
from osw_stats.errors import InputError
from osw_stats.sources.survey import COLUMNS, read_survey

YES, NO = ("1", "ja", "Ja", "yes", "TRUE", "true", "1.0"), ("0", "nee", "NEE", "no", "False", "0.0")
DESIGN = {"strata": "stratum", "cluster": "cluster"}


def people(count, yes, seed=0):
    """Make up respondents, in two strata of twenty clusters."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "wave": "2024", "sex": rng.choice(["female", "male"], count), "age": "16-17",
            "osi_12m": rng.permutation(np.arange(count) < yes).astype(int), "weight": rng.uniform(0.5, 2, count),
            "stratum": rng.choice(["s1", "s2"], count), "cluster": [f"c{n % 20}" for n in range(count)],
        }
    )  # fmt: skip


def saved(tmp_path, frame, **kwargs):
    path = tmp_path / "answers.csv"
    frame.to_csv(path, index=False, **kwargs)
    return str(path)


@pytest.mark.parametrize("yes", YES)
@pytest.mark.parametrize("no", NO)
def test_answers_in_words_are_answers(tmp_path, yes, no):
    frame = people(60, 20)
    told = read_survey(saved(tmp_path, frame.assign(osi_12m=frame["osi_12m"].map({1: yes, 0: no}))))
    assert told["osi_12m"].tolist() == frame["osi_12m"].tolist()
    direct = frame.assign(osi_12m=frame["osi_12m"].map({1: yes, 0: no}))
    pd.testing.assert_frame_equal(
        prevalence_from_microdata(direct, weight="weight", by=("sex",), **DESIGN),
        prevalence_from_microdata(frame, weight="weight", by=("sex",), **DESIGN),
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (c, v)
        for c in ("weight", "osi_12m")
        for v in ("misschien", " ", "1,5", "٣", "1 0", "12..3", "=1", "inf", "-1", "0x1", "j")
    ]
    + [("osi_12m", "9"), ("osi_12m", "99")],
)
@pytest.mark.parametrize("at", [0, 7])
def test_what_is_no_number_is_one_message_by_line_column_and_value(tmp_path, column, value, at):
    frame = people(30, 10).astype({column: "object"})
    frame.loc[at, column] = value
    path = saved(tmp_path, frame)
    with pytest.raises(InputError) as told:
        read_survey(path)
    where = f'answers.csv, row {at + 2}, column "{column}", value "{value}": is no '
    assert where in str(told.value)
    assert "\n" not in str(told.value)
    with pytest.raises(InputError, match=f'row {at + 1}, column "{column}"'):
        prevalence_from_microdata(frame, weight="weight", by=(), **DESIGN)


def test_lines_are_those_of_the_file_whatever_stands_between(tmp_path):
    path = tmp_path / "answers.csv"
    text = people(5, 2).to_csv(index=False).replace("\n2024", "\n\n2024", 1)
    path.write_text(
        text.replace("16-17", '"16\n-17"', 1).rstrip("\n").rsplit(",", 4)[0] + ",misschien,1,s1,c1\n", "utf-8"
    )
    line = len(path.read_text("utf-8").splitlines())
    with pytest.raises(InputError, match=f'row {line}, column "osi_12m", value "misschien"'):
        read_survey(str(path))


@pytest.mark.parametrize("column", ["wave", "sex", "age", "stratum", "cluster"])
def test_an_empty_group_is_named_by_its_line(tmp_path, column):
    frame = people(30, 10)
    frame.loc[4, column] = None
    with pytest.raises(InputError, match=f'row 6, column "{column}": is empty'):
        read_survey(saved(tmp_path, frame))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text.replace(",", ";"), "has semicolons"),
        (lambda text: text.replace("\n2024,", "\n2024,1,", 1), "row 2: has 8 cells instead of 7"),
        (lambda text: text.replace("sex", "sekse", 1), "lacks a column"),
        (lambda text: text.replace("age", "sex", 1), "stands twice"),
        (lambda text: text + '"open', "cannot be read as CSV"),
    ],
)
def test_another_kind_of_file_is_told_what_it_is(tmp_path, change, message):
    path = tmp_path / "answers.csv"
    path.write_text(change(people(20, 5)[COLUMNS].to_csv(index=False)), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_survey(str(path))


@settings(max_examples=20)
@given(st.integers(30, 120), st.integers(0, 60), st.integers(1, 300), st.integers(0, 10**6))
def test_rows_without_a_weight_count_in_nothing(count, yes, more, seed):
    frame = people(count, min(yes, count), seed)
    nobody = people(more, more // 2, seed + 1).assign(weight=0, cluster=[f"x{n}" for n in range(more)])
    both = pd.concat([frame, nobody]).sample(frac=1, random_state=seed)
    for by in ((), ("sex",)):
        pd.testing.assert_frame_equal(
            prevalence_from_microdata(both, weight="weight", by=by, single="centre", **DESIGN),
            prevalence_from_microdata(frame, weight="weight", by=by, single="centre", **DESIGN),
        )
    tables = [("wave",), ("wave", "sex")]
    pd.testing.assert_frame_equal(
        releasable(both, weight="weight", tables=tables, single="centre", **DESIGN),
        releasable(frame, weight="weight", tables=tables, single="centre", **DESIGN),
    )


def test_of_nobody_who_says_yes_the_limit_is_that_of_those_who_count():
    frame = pd.DataFrame({"osi_12m": 0, "w": [1.0] * 30 + [0.0] * 270})
    found = prevalence_from_microdata(frame, weight="w", by=()).iloc[0]
    assert (found["n"], found["clusters"], found["df"], found["suppressed"]) == (30, 30, 29, True)
    assert found["upper"] == pytest.approx(12.2, abs=0.1)


def test_a_small_group_stays_small_whoever_is_added_without_a_weight():
    frame = pd.DataFrame({"wave": "2024", "osi_12m": [1, 0] * 150, "w": [1.0] * 40 + [0.0] * 260})
    shown = releasable(frame, weight="w", tables=[(), ("wave",)])
    assert set(shown["suppression_reason"]) == {"primary"}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *(("wave", v) for v in ("24", "2024.0", " 2024", "2024-01")),
        *(("sex", v) for v in ("vrouw", "F", "Female", " female", "total")),
        *(("age", v) for v in ("16 - 17", "16\u201317", "total", "jong", "16-17 ")),
    ],
)
def test_a_group_in_another_spelling_is_named_by_its_line(tmp_path, column, value):
    frame = people(30, 10)
    frame.loc[4, column] = value
    with pytest.raises(
        InputError, match=rf'answers.csv, row 6, column "{column}", value "{re.escape(value)}": is no group'
    ):
        read_survey(saved(tmp_path, frame))
    assert (
        len(read_survey(saved(tmp_path, frame.assign(weight=frame["weight"].where(frame.index != 4, 0)))))
        == 30
    )
    frame.loc[4, column] = "total"
    lines = frame.set_axis(pd.RangeIndex(2, 32, name="line"))
    with pytest.raises(InputError, match=r"row 6, .*is everyone"):
        releasable(lines, weight="weight", tables=[(column,)])
