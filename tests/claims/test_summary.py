"""What verdicts add up to: chapters, findings, counts, changes since they were recorded, and the arithmetic of one."""

from pathlib import Path

import pandas as pd
import pytest

from osw_stats.claims import summary as told_of
from osw_stats.claims.summary import changes, claim, counts, explain, findings, recomputed, summary
from osw_stats.errors import InputError, NotAskedError, NotEstimableError
from osw_stats.yamlfile import read_yaml
from tests.claims.test_verdicts import OBSERVATIONS, WITHIN, checked

ROWS = read_yaml(Path(__file__).with_name("cases.yml"))["results"]
COLUMNS = ["id", "chapter", "verdict", "restates", "severity", "elsewhere", "counted_as"]
EVERY = pd.DataFrame(ROWS, columns=COLUMNS).assign(observations="x y", inputs="1", unaided="")
RESULT = EVERY[:6]


def test_chapters_in_order_and_annexes_last():
    table = summary(RESULT)
    assert table[["chapter", "claims"]].to_numpy().tolist() == [["2", 4], ["10", 1], ["annex", 1]]
    assert table[["inconsistent", WITHIN]].to_numpy().tolist() == [[2, 0], [0, 0], [1, 0]]


def test_what_is_told_twice_is_one_finding_and_the_worst_stands_first():
    assert findings(RESULT)["id"].tolist() == ["c", "b"]
    tally = {name: n.value for name, n in counts(RESULT).items() if n.value}
    told = {"all": 6, "checked": 5, "fit": 2, "unfit": 3, "open": 1, "confirmed": 1, "differs": 1}
    assert tally == told | {"findings": 2, "major": 1, "minor": 1}
    assert counts(RESULT)["all"].observations == ("x", "y")


def test_what_is_warned_of_carries_least_and_matters_most():
    """Contradicted and unproven statements by weight, four at most; nothing that is counted apart or told before."""
    assert told_of.often_read(EVERY)["id"].tolist() == ["c", "g", "h", "b"]
    assert told_of.often_read(RESULT)["id"].tolist() == ["c", "b"]
    assert told_of.unproven(EVERY)["id"].tolist() == ["g"]
    assert told_of.require(EVERY) is EVERY


def test_what_is_not_there_was_not_asked():
    for ask, of in [
        (told_of.require, RESULT[:0]),
        (told_of.unproven, RESULT),
        (told_of.unaided, RESULT),
        (told_of.often_read, RESULT.assign(verdict="reproduced")),
        (told_of.awaited, {"id": "a", "reason": "no_figure"}),
    ]:
        with pytest.raises(NotAskedError):
            ask(of)
    later = {"reason": "later_figure", "description_nl": "n", "description_en": "e"}
    assert told_of.awaited(later) == {"nl": "n", "en": "e"}


def test_statements_that_the_check_finds_by_itself_are_counted():
    kinds, found = ["derived", *["statement"] * 5], ["sum", "sum", "", "growth", "", ""]
    assert told_of.unaided(RESULT.assign(counted_as=kinds, unaided=found)).value == 2


def test_a_verdict_that_changed_with_its_input_is_explained():
    old = [("a", "inconsistent", "1"), ("b", "reproduced", "2"), ("gone", "reproduced", "2")]
    recorded = pd.DataFrame(old, columns=["id", "verdict", "inputs"])
    table = changes(RESULT[:2], recorded).set_index("id")
    assert table["explained"].to_dict() == {"a": False, "b": True, "gone": True}
    assert table.loc["gone", "verdict"] == ""


def test_explaining_and_recomputing():
    rows = (
        {"id": "a", "as_reported": "60", "formula": "[need/2024] + b", "text": "60 fte"},
        {"id": "b", "as_reported": "5", "text": "vijf"},
    )
    result = checked(*rows).reset_index()
    lines = explain(result, OBSERVATIONS, "a").splitlines()
    assert lines[:3] == ["a, paragraph 1: “60 fte”", "says     55 to 65 fte", "formula  [need/2024] + b"]
    assert lines[3].startswith("input    need/2024/doc: 60 [50; 70] fte, “circa 60”")
    assert lines[4] == "input    b: 5 to 5 fte, “vijf”, 1"
    assert lines[5].startswith("gives    65 [55 to 75]")
    assert lines[-1] == "verdict  consistent_within_rounding"
    assert "none: nothing published" in explain(result, OBSERVATIONS, "b")
    n = recomputed(claim(result, "a"))
    assert (n.value, n.lower, n.upper, n.observations, n.verdict) == (65, 55, 75, ("need/2024/doc",), WITHIN)
    with pytest.raises(NotEstimableError):
        recomputed(claim(result, "b"))
    with pytest.raises(InputError, match="no such claim"):
        claim(result, "c")
