"""Verdicts on a ledger of made-up rows: every reason for a verdict or for none, units, second sources, what is counted."""

import itertools
import math

import pandas as pd
import pytest

from osw_stats.claims import summary as told_of
from osw_stats.claims.book import figure_interval, figures, over_figures, reported
from osw_stats.claims.formulas import Interval
from osw_stats.claims.measures import agrees, dimension
from osw_stats.claims.summary import changes, claim, counts, explain, findings, recomputed, summary
from osw_stats.claims.verdicts import check, verdict
from osw_stats.data.ledger import HEADER
from osw_stats.errors import InputError, NotAskedError, NotEstimableError
from osw_stats.meaning.observations import WHOLE, records
from osw_stats.meaning.units import UNITS
from osw_stats.wording.parse import parse

ENDS = {"lower_closed": True, "upper_closed": True}
FIGURE = {
    "obs_value": 60.0,
    "lower": 50.0,
    "upper": 70.0,
    **ENDS,
    "unit_measure": "fte",
    "obs_status": "normal",
}
FIGURE |= {"source_id": "doc", "as_reported": "circa 60", "note": "", "locator": "p. 1"}
NONE = dict.fromkeys(("obs_value", "lower", "upper"), math.nan) | {"obs_status": "withheld"}
OBSERVATIONS = pd.DataFrame(
    [
        FIGURE | {"obs_id": "need/2024/doc"},
        FIGURE | {"obs_id": "own/2024/report", "source_id": "report"},
        FIGURE | {"obs_id": "none/2024/doc"} | NONE,
    ]
)
LINES = [{"list_id": "lines", "text": t, "value": "", "unit": "groups", "paragraph": "1"} for t in "abb"]
DAY = {"list_id": "day", "text": "x", "value": "2024-10", "unit": "date", "paragraph": "1"}
PLACES = pd.DataFrame([*LINES, DAY])
OPEN = "needs_external_source"
WITHIN = "consistent_within_rounding"


def ledger(*rows):
    """Return a ledger of rows that are empty but for what they name."""
    empty = dict.fromkeys(HEADER, "") | {"claim_kind": "value", "paragraph": "1", "file": "l.csv"}
    return pd.DataFrame([empty | {"row": n} | row for n, row in enumerate(rows, start=2)])


def checked(*rows, observations=OBSERVATIONS, unit="fte", **how):
    return check(ledger(*({"unit": unit} | row for row in rows)), observations, **how).set_index("id")


def first(row, **how):
    return checked({"id": "a"} | row, **how).iloc[0]


def box(low, high, closed=(True, True)):
    return Interval((low + high) / 2, low, high, *closed)


class TestIntervals:
    @pytest.mark.parametrize(
        ("told", "result", "expected"),
        [
            (box(1, 2), box(2, 2), "reproduced"),
            (box(1, 2, (True, False)), box(2, 2), "inconsistent"),
            (box(1, 2), box(1, 1), "reproduced"),
            (box(1, 2, (False, True)), box(1, 1), "inconsistent"),
            (box(1, 2), box(2.1, 3), "inconsistent"),
            (box(1, 2), box(2, 3), WITHIN),
            (box(1, 2, (True, False)), box(2, 3), "inconsistent"),
            (box(1, 2), box(0, 1), WITHIN),
            (box(1, 2), box(0, 0.9), "inconsistent"),
            (box(1, 2), box(1.5, 1.6), WITHIN),
            (parse("bijna 800"), box(787, 787), "reproduced"),
            (parse("bijna 800"), box(800, 800), "inconsistent"),  # the upper end is open
            (parse("ruim 800"), box(800, 800), "reproduced"),
            (parse("ruim 760 duizend"), box(757_050, 782_250), WITHIN),
            (parse("zo'n 72.000"), box(58_328, 60_340), "inconsistent"),
            # 9 percent is [8.5, 9.5); "10 percent" is [9.5, 10.5): open ends that touch do not meet
            (parse("10 procent"), box(8.5, 9.5, (True, False)), "inconsistent"),
        ],
    )
    def test_intervals_meet_or_do_not(self, told, result, expected):
        assert verdict(told, result) == expected

    @pytest.mark.parametrize(
        ("changed", "expected"),
        [
            ({"as_reported": "ruim 50"}, (50, 50, 60, True, False)),
            ({"lower": "4", "upper": "6"}, (5, 4, 6, True, True)),
            ({"lower": "4"}, None),
            ({"claim_kind": "direction", "as_reported": "more"}, (math.nan, 0, math.inf, False, False)),
            ({"claim_kind": "direction", "as_reported": "fewer"}, (math.nan, -math.inf, 0, False, False)),
            ({"as_reported": "7 à 9"}, (8, 6.5, 9.5, True, False)),
            ({"as_reported": "ruim 50", "step": "1"}, (50, 50, 51, True, False)),
            ({"as_reported": "1,234 reports", "language": "en"}, (1234, 1234, 1234, True, True)),
        ],
    )
    def test_what_a_claim_says(self, changed, expected):
        (row,) = records(ledger({"unit": "fte"} | changed))
        told = reported(row)
        ends = told and (told.value, told.lower, told.upper, told.lower_closed, told.upper_closed)
        assert ends == (expected and pytest.approx(expected, nan_ok=True))

    @pytest.mark.parametrize(
        ("changed", "expected"),
        [
            ({"obs_value": math.nan, "lower": 4.0, "upper": 6.0, "upper_closed": False}, (5, 4, 6, False)),
            ({"obs_value": 7.0, "lower": math.nan, "upper": math.nan}, (7, 7, 7, True)),
        ],
    )
    def test_a_figure_with_a_range_only_has_its_middle(self, changed, expected):
        row = FIGURE | {"obs_id": "a/b/doc"} | changed
        made = figure_interval(row)
        assert (made.value, made.lower, made.upper, made.upper_closed) == expected
        assert over_figures("2 * [a/b]", figures(pd.DataFrame([row]))).value == 2 * expected[0]

    def test_what_is_no_figure_is_refused(self):
        with pytest.raises(InputError, match=r"not there: a/b/doc \(withheld\)"):
            figure_interval(FIGURE | {"obs_id": "a/b/doc"} | NONE)
        for wrong in ("s1 + 1", "[a/c]"):
            with pytest.raises(InputError):
                over_figures(wrong, figures(OBSERVATIONS))


class TestReasons:
    @pytest.mark.parametrize(
        ("row", "word", "reason"),
        [
            ({"as_reported": "circa 60", "formula": "[need/2024]"}, WITHIN, ""),
            ({"as_reported": "71", "formula": "[need/2024]"}, "inconsistent", ""),
            ({"as_reported": "70", "formula": "[need/2024]"}, WITHIN, ""),
            ({"as_reported": "60"}, OPEN, "no_formula"),
            ({"formula": "[need/2024]"}, OPEN, "nothing_said"),
            ({"as_reported": "60", "formula": "[none/2024]"}, OPEN, "missing_figure"),
            ({"as_reported": "60", "formula": "[police_reports/1999]"}, OPEN, "missing_figure"),
            ({"as_reported": "60", "formula": "[need/2024] / ([own/2024] - [own/2024])"}, OPEN, "by_nought"),
            ({"as_reported": "60", "formula": "30 * 2"}, OPEN, "no_evidence"),
            ({"as_reported": "60", "formula": "[need/2024]", "missing_nl": "iets"}, OPEN, "missing"),
            ({"as_reported": "60", "formula": "[need/2024]", "claim_kind": "wording"}, OPEN, "judgement"),
            ({"as_reported": "60", "formula": "[none/2024]", "missing_nl": "iets"}, OPEN, "missing"),
            ({"formula": "[need/2024]", "compared_with": "2 * [need/2024]"}, "inconsistent", ""),
            ({"formula": "[need/2024]", "compared_with": "[need/2024] / 1"}, WITHIN, ""),
            ({"as_reported": "3", "unit": "groups", "formula": "count(lines)"}, "reproduced", ""),
            ({"as_reported": "2", "unit": "groups", "formula": "count(lines)"}, "inconsistent", ""),
            ({"as_reported": "2024", "unit": "calendar_years", "formula": "year(day)"}, "reproduced", ""),
        ],
    )
    def test_why_there_is_a_verdict_or_none(self, row, word, reason):
        assert first(row, places=PLACES)[["verdict", "reason"]].tolist() == [word, reason]

    def test_a_figure_that_is_not_public_yet_leaves_the_claim_open(self):
        row = {"as_reported": "60", "formula": "[police_reports/2030]"}
        assert first(row, later=["police_reports/2030"])["reason"] == "later_figure"

    @pytest.mark.parametrize(("said", "kind"), [("71", ["number", "minor"]), ("70", ["", ""])])
    def test_a_finding_has_its_kind_and_weight_only_where_it_does_not_fit(self, said, kind):
        row = {"formula": "[need/2024]", "issue_type": "number", "severity": "minor", "as_reported": said}
        assert first(row)[["issue_type", "severity"]].tolist() == kind

    def test_what_is_said_and_what_is_computed_stand_side_by_side(self):
        row = first({"as_reported": "ruim 60", "formula": "[need/2024] / 2", "paragraph": "4.8"})
        ends = ["value", "lower", "upper"]
        assert row[[f"reported_{end}" for end in ends]].tolist() == [60, 60, 70]
        assert row[[f"recomputed_{end}" for end in ends]].tolist() == [30, 25, 35]
        assert row[["observations", "chapter"]].tolist() == ["need/2024/doc", "4"]
        more = first({"claim_kind": "direction", "as_reported": "more", "formula": "[need/2024]"})
        assert more[["reported_lower", "reported_upper"]].fillna("none").tolist() == [0, "none"]

    @pytest.mark.parametrize(("told", "word"), [("more", "inconsistent"), ("fewer", WITHIN)])
    def test_a_direction_is_the_sign_of_a_difference(self, told, word):
        row = {"id": "a", "claim_kind": "direction", "as_reported": told, "formula": "new - old"}
        shares = [{"id": n, "as_reported": f"{v} procent"} for n, v in (("new", 22), ("old", 30))]
        assert checked(row, *shares, unit="percent").loc["a", "verdict"] == word

    @pytest.mark.parametrize(
        ("held", "word"), [("194", "inconsistent"), ("1", "inconsistent"), ("0", "reproduced")]
    )
    def test_that_there_is_none_is_no_number(self, held, word):
        absence = {"id": "a", "claim_kind": "absence", "formula": "b", "formula_unit": "fte"}
        row = checked(absence, {"id": "b", "lower": held, "upper": held}).loc["a"]
        assert row["verdict"] == word
        assert row[["reported_value", "reported_lower", "reported_upper"]].isna().all()

    @pytest.mark.parametrize(
        ("row", "problem"),
        [
            ({"as_reported": "60", "observation": "no/2024"}, "unknown series"),
            ({"as_reported": "60", "formula": "[no/2024]"}, "unknown series"),
            ({"formula": "zz"}, "unknown claim"),
            ({"as_reported": "veel"}, ""),
            ({"as_reported": "60", "formula": "[need/2024]", "formula_unit": "eur"}, "gives fte, not eur"),
            ({"formula": "b"}, "circle: b -> b"),
            ({"formula": "a"}, "neither a number nor a formula"),
            ({"formula": "c - 1"}, "circle: b -> c -> b"),
        ],
    )
    def test_errors_name_the_row_of_the_ledger(self, row, problem):
        with pytest.raises(InputError, match=rf"l\.csv, row 3.*{problem}"):
            checked({"id": "a"}, {"id": "b"} | row, {"id": "c", "formula": "b + 1"})

    def test_a_claim_without_a_number_of_its_own_is_computed_first(self):
        chain = (
            {"id": "a", "formula": "b + 1", "lower": "11", "upper": "12"},
            {"id": "b", "formula": "2 * c"},
            {"id": "c", "as_reported": "5"},
        )
        assert checked(*chain).loc["a", "verdict"] == "reproduced"
        more = {"id": "b", "claim_kind": "direction", "as_reported": "more", "formula": "[need/2024]"}
        table = checked({"id": "a", "as_reported": "60", "formula": "b"}, more)
        assert table.loc["a", "recomputed_value"] == 60
        # literals alone are no evidence, but what the text prints may be leaned on
        literal = {"id": "b", "lower": "4", "upper": "4", "formula": "3 + 1"}
        table = checked({"id": "a", "lower": "4", "upper": "4", "formula": "b"}, literal)
        assert table["verdict"].tolist() == ["reproduced", OPEN]

    def test_the_fingerprint_changes_with_wording_and_inputs_only(self):
        row = {"as_reported": "60", "formula": "[need/2024]"}
        mark = first(row)["inputs"]
        assert first(row | {"text": "other words", "severity": "major"})["inputs"] == mark
        changed = [{"as_reported": "61"}, {"formula": "[need/2024] * 1.0001"}, {"missing_nl": "x"}]
        changed += [{"unit": "eur"}, {"compared_with": "[need/2024]"}]
        assert mark not in {first(row | other)["inputs"] for other in changed}


class TestUnits:
    def test_units_are_watched_where_a_ledger_names_one(self):
        row = {"id": "a", "as_reported": "60", "formula": "[need/2024] + 1"}
        assert checked(row).loc["a", "verdict"] == WITHIN
        with pytest.raises(InputError, match="unlike units"):
            checked(row, {"id": "b", "as_reported": "60", "formula": "[need/2024]", "formula_unit": "fte"})

    @pytest.mark.parametrize("watched", [True, False])
    def test_of_two_units_the_verdict_is_that_they_differ(self, watched):
        codes = [c for c in UNITS if c not in ("calendar_years", "calendar_months")]
        forty = {"lower": "40", "upper": "40"}
        both = list(itertools.product(codes, codes[::3]))
        rows = [forty | {"id": f"of_{c}", "unit": c} for c in codes]
        rows += [
            forty | {"id": f"{a} {b}", "unit": a, "formula": f"of_{b}", "formula_unit": b if watched else ""}
            for a, b in both
        ]
        table = checked(*rows)["verdict"]
        for a, b in both:
            alike = agrees(dimension(b), dimension(a))
            assert alike == (dimension(a) == dimension(b))
            assert table[f"{a} {b}"] == ("reproduced" if alike else "unit_differs"), (a, b)

    def test_a_difference_of_percents_is_no_percent(self):
        row = {"id": "x", "claim_kind": "direction", "as_reported": "more", "formula": "p - q"}
        row["formula_unit"] = "percent"
        shares = [{"id": n, "as_reported": f"{v}%"} for n, v in (("p", 22), ("q", 30))]
        with pytest.raises(InputError, match="gives percentage_points, not percent"):
            checked(row, *shares, unit="percent")

    def test_a_figure_of_another_unit_is_no_second_source(self):
        row = {"as_reported": "60", "unit": "persons", "observation": "need/2024"}
        with pytest.raises(InputError, match=r'l\.csv, row 2, column "observation".*in fte.*says persons'):
            first(row)


SAME = (
    FIGURE | WHOLE | {"obs_id": "own/2024/doc", "series_id": "own", "publisher": "p", "time_period": "2024"}
)
OTHER = dict.fromkeys(("obs_value", "lower", "upper"), 90.0)
BESIDE = {"obs_id": "beside/2024/doc", "series_id": "beside"}


class TestElsewhere:
    @pytest.mark.parametrize(
        ("row", "own", "word"),
        [
            ({"as_reported": "65", "observation": "need/2024"}, (), "same"),
            ({"as_reported": "71", "observation": "need/2024"}, (), "differs"),
            ({"as_reported": "65", "observation": "own/2024"}, ("report",), "only_here"),
            ({"as_reported": "65", "observation": "own/2024"}, (), "same"),
            ({"as_reported": "65", "observation": "none/2024"}, (), "only_here"),
            ({"observation": "need/2024"}, (), ""),
            ({"as_reported": "65"}, (), ""),
        ],
    )
    def test_whether_another_document_prints_the_same(self, row, own, word):
        assert first(row, own=own)["elsewhere"] == word

    @pytest.mark.parametrize(
        ("printed", "word"),
        [
            ([{}], "same"),
            ([OTHER], "differs"),
            ([{}, OTHER | {"source_id": "third"}], "both"),
            ([BESIDE], "alike"),  # another series of that publisher
            ([BESIDE | {"publisher": "somebody else"}], "only_here"),
            ([BESIDE | {"time_period": "1999"}], "only_here"),
            ([BESIDE | OTHER], "only_here"),
            ([{"source_id": "report"}], "only_here"),
            ([NONE], "only_here"),
        ],
    )
    def test_a_second_source_anywhere_changes_the_word(self, printed, word):
        own = SAME | {"obs_id": "own/2024/report", "source_id": "report"}
        known = pd.DataFrame([own, *(SAME | document for document in printed)])
        row = {"as_reported": "60", "observation": "own/2024"}
        told = first(row, observations=known[:1], vintages=known, own=("report",))
        assert told["elsewhere"] == word


class TestSums:
    RESULT = pd.DataFrame(
        [
            ("a", "10", "reproduced", "", "", ""),
            ("b", "2", "inconsistent", "", "minor", "differs"),
            ("c", "annex", "inconsistent", "", "major", ""),
            ("d", "2", OPEN, "", "", "same"),
            ("e", "2", "inconsistent", "b", "major", ""),
            ("f", "2", "reproduced", "", "", "same"),
        ],
        columns=["id", "chapter", "verdict", "restates", "severity", "elsewhere"],
    ).assign(observations="x y", inputs="1", counted_as="statement", unaided="")

    def test_chapters_in_order_and_annexes_last(self):
        table = summary(self.RESULT)
        assert table[["chapter", "claims"]].to_numpy().tolist() == [["2", 4], ["10", 1], ["annex", 1]]
        assert table[["inconsistent", WITHIN]].to_numpy().tolist() == [[2, 0], [0, 0], [1, 0]]

    def test_what_is_told_twice_is_one_finding_and_the_worst_stands_first(self):
        assert findings(self.RESULT)["id"].tolist() == ["c", "b"]
        tally = {name: n.value for name, n in counts(self.RESULT).items() if n.value}
        assert tally == {
            "all": 6,
            "checked": 5,
            "fit": 2,
            "unfit": 3,
            "open": 1,
            "confirmed": 1,
            "differs": 1,
        } | {"findings": 2, "major": 1, "minor": 1}
        assert counts(self.RESULT)["all"].observations == ("x", "y")

    def test_what_is_warned_of_carries_least_and_matters_most(self):
        """Contradicted and unproven statements by weight, four at most; nothing that is counted apart or told before."""
        rows = [
            ("g", "1", "not_demonstrated", "", "major", ""),
            ("h", "1", "unit_differs", "", "moderate", ""),
            ("i", "1", "not_demonstrated", "g", "major", ""),
            ("j", "1", "inconsistent", "", "major", ""),
        ]
        more = pd.DataFrame(rows, columns=list(self.RESULT)[:6]).assign(
            observations="x", inputs="1", unaided=""
        )
        more["counted_as"] = ["statement", "statement", "statement", "derived"]
        every = pd.concat([self.RESULT, more], ignore_index=True)
        assert told_of.often_read(every)["id"].tolist() == ["c", "g", "h", "b"]
        assert told_of.often_read(self.RESULT)["id"].tolist() == ["c", "b"]
        assert told_of.unproven(every)["id"].tolist() == ["g"]
        assert told_of.require(every) is every

    @pytest.mark.parametrize(
        "ask",
        [
            lambda: told_of.require(TestSums.RESULT[:0]),
            lambda: told_of.unproven(TestSums.RESULT),
            lambda: told_of.unaided(TestSums.RESULT),
            lambda: told_of.often_read(TestSums.RESULT.assign(verdict="reproduced")),
            lambda: told_of.awaited({"id": "a", "reason": "no_figure"}),
        ],
    )
    def test_what_is_not_there_was_not_asked(self, ask):
        with pytest.raises(NotAskedError):
            ask()
        later = {"reason": "later_figure", "description_nl": "n", "description_en": "e"}
        assert told_of.awaited(later) == {"nl": "n", "en": "e"}

    def test_statements_that_the_check_finds_by_itself_are_counted(self):
        kinds, found = ["derived", *["statement"] * 5], ["sum", "sum", "", "growth", "", ""]
        assert told_of.unaided(self.RESULT.assign(counted_as=kinds, unaided=found)).value == 2

    def test_a_verdict_that_changed_with_its_input_is_explained(self):
        old = [("a", "inconsistent", "1"), ("b", "reproduced", "2"), ("gone", "reproduced", "2")]
        recorded = pd.DataFrame(old, columns=["id", "verdict", "inputs"])
        table = changes(self.RESULT[self.RESULT["id"].isin(["a", "b"])], recorded).set_index("id")
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
