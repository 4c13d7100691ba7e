"""What changed between editions, what is waited for, and what hides a number: the edges of each rule."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from osw_stats.analysis.disclosure import protect, require_rounded_margins, round_to_base, sums, treated
from osw_stats.analysis.disclosure.feasible import System
from osw_stats.analysis.disclosure.groups import _open
from osw_stats.analysis.due import due
from osw_stats.analysis.edition_changes import HEADLINES, Snapshot, edition_changes
from osw_stats.errors import InputError

FIGURE = {
    "series_id": "police_reports", "time_period": "2023", "sex": "total", "age": "total", "region": "NL", "breakdown": "", "obs_value": 10.0, "lower": 9.0,
    "upper": 11.0, "obs_status": "normal", "definition_id": "police_reports.1", "unit_measure": "police_reports", "source_id": "a",
}  # fmt: skip
SERIES = {"series_id": "police_reports", "counts_en": "reports", "population_en": "all", "ended": ""}


def told(*figures, year=2023, series=(SERIES,), headlines=None, verdicts=()):
    return Snapshot(
        str(year), year, pd.DataFrame([FIGURE | f for f in figures], columns=list(FIGURE)), pd.DataFrame(list(series)),
        None if headlines is None else pd.DataFrame(headlines, columns=HEADLINES), pd.DataFrame(list(verdicts), columns=["id", "verdict"]),
    )  # fmt: skip


def changed(old, new, *columns):
    return edition_changes(old, new)[["change", "subject", *columns]].to_numpy().tolist()


class TestEditions:
    @pytest.mark.parametrize(
        ("change", "revised"),
        [({}, False), ({"obs_value": 10.1}, True), ({"lower": 9.1}, True), ({"upper": 11.1}, True), ({"obs_status": "revised"}, True), ({"source_id": "b"}, False), ({"lower": math.nan}, True)],
    )  # fmt: skip
    def test_a_figure_is_revised_where_a_number_or_status_moved(self, change, revised):
        found = changed(told({}), told(change))
        assert found == ([["figure_revised", "police_reports"]] if revised else [])

    def test_missing_twice_is_the_same(self):
        none = {"obs_value": math.nan, "lower": math.nan, "upper": math.nan}
        assert changed(told(none), told(none)) == []

    def test_what_is_gone_new_ended_or_missing(self):
        other = {"series_id": "meldpunt_reports", "time_period": "2022"}
        more = {"series_id": "meldpunt_reports", "time_period": "2024"}
        words = [SERIES, SERIES | {"series_id": "meldpunt_reports"}]
        assert changed(told({}), told({}, other, more, series=words), "new") == [["series_added", "meldpunt_reports", "2022 – 2024"]]  # fmt: skip
        assert changed(told({}), told({}, other, series=words), "new") == [
            ["series_added", "meldpunt_reports", "2022"]
        ]
        gone = changed(told({}, other), told({}), "old")
        assert gone == [
            ["figure_gone", "meldpunt_reports", gone[0][2]],
            ["series_gone", "meldpunt_reports", "2022"],
        ]
        ended = changed(told({}), told({}, series=[SERIES | {"ended": "2023"}]), "new")
        assert ended == [["series_ended", "police_reports", "2023"]]
        both = [SERIES | {"ended": "2023"}]
        assert changed(told({}, series=both), told({}, series=both)) == []

    def test_a_wave_is_missing_in_another_year_only(self):
        assert changed(told({}), told({}, year=2024), "time_period") == [
            ["wave_missing", "police_reports", "2024"]
        ]
        assert changed(told({}), told({}, {"time_period": "2024"}, year=2024)) == []
        assert changed(told({"time_period": "2023-H1"}), told({"time_period": "2023-H1"}, year=2024)) == [["wave_missing", "police_reports"]]  # fmt: skip
        empty = {"obs_value": math.nan}
        assert changed(told(empty), told(empty, year=2024)) == []
        over = [SERIES | {"ended": "2023"}]
        assert changed(told({}, series=over), told({}, year=2024, series=over)) == []
        assert changed(told({}), told({})) == []

    def test_a_definition_changes_by_figure_by_latest_period_or_by_words(self):
        one = changed(told({}), told({"definition_id": "police_reports.2"}), "old", "new", "time_period")
        assert one == [
            ["definition_changed", "police_reports", "police_reports.1", "police_reports.2", "2023"]
        ]
        assert changed(told({}), told({"unit_measure": "persons"}), "time_period") == [["definition_changed", "police_reports", "2023"]]  # fmt: skip
        later = {"time_period": "2024", "definition_id": "police_reports.2"}
        assert changed(told({}), told({}, later), "time_period") == [
            ["definition_changed", "police_reports", ""]
        ]
        assert changed(told({}), told({}, later | {"definition_id": "police_reports@2024"})) == []
        assert changed(told({}), told({}, later | {"definition_id": "police_reports.1:needed"})) == []
        for part in ("counts_en", "population_en"):
            assert changed(told({}), told({}, series=[SERIES | {part: "other"}]), "new") == [["definition_changed", "police_reports", "other"]]  # fmt: skip

    @pytest.mark.parametrize(
        ("value", "unit", "moved"), [(5.3, "percent", False), (5.3 + 1e-10, "percent", False), (5.31, "percent", True), (4.7, "percent", False), (5.0, "persons", True)]
    )  # fmt: skip
    def test_a_headline_moves_by_more_than_half_its_interval(self, value, unit, moved):
        old = told({}, headlines=[("n", "s", "x", 5.0, 4.7, 5.3, "percent", "a")])
        new = told({}, headlines=[("n", "s", "x", value, 0.0, 9.0, unit, "a")])
        found = edition_changes(old, new)
        assert len(found) == moved
        if moved:
            row = found.iloc[0]
            assert (row["threshold"], row["old_value"], row["new_value"]) == (pytest.approx(0.3), 5, value)
            assert row["detail"] == ("" if unit == "percent" else "unit was percent")

    def test_headlines_and_reports_come_and_go(self):
        line = ("n", "s", "x", 5.0, 4.7, 5.3, "percent", "a")
        other = ("n", "s", "y", 6.0, 4.7, 5.3, "fte", "a")
        assert changed(told({}, headlines=[line]), told({}, headlines=[line, other]), "new_value", "unit") == [["headline_new", "n/s/y", 6, "fte"]]  # fmt: skip
        assert changed(told({}, headlines=[line, other]), told({}, headlines=[line]), "old_value", "unit") == [["headline_gone", "n/s/y", 6, "fte"]]  # fmt: skip
        assert changed(told({}), told({}, headlines=[line])) == []
        with_report = told({}, verdicts=[("s1", "reproduced")])
        assert edition_changes(told({}), with_report)["change"].tolist() == ["report_new"]
        assert edition_changes(with_report, told({}))["change"].tolist() == ["report_gone"]
        new = told({}, verdicts=[("s1", "inconsistent"), ("s2", "reproduced")])
        assert changed(with_report, new, "old", "new") == [["verdict_changed", "s1", "reproduced", "inconsistent"], ["verdict_changed", "s2", "", "reproduced"]]  # fmt: skip


class TestDue:
    BASE = {  # noqa: RUF012
        "series_id": "police_reports", "publisher": "Politie", "sex": "total", "age": "total", "region": "NL", "breakdown": "", "obs_value": 1.0,
        "obs_status": "normal", "role": "main", "locator": "p. 1", "published_precision": "day", "source_id": "a",
    }  # fmt: skip

    def status(self, rows, year, day, **seen):
        frame = pd.DataFrame([self.BASE | r for r in rows])
        (found,) = due(frame, frame[frame["known_by"] <= day], year, date.fromisoformat(day)).to_dict(
            "records"
        )
        return found["status"], found["reason"]

    def waves(self, *years):
        return [{"time_period": str(y), "known_by": f"{y + 1}-03-31", "source_id": str(y)} for y in years]

    @pytest.mark.parametrize(("year", "status"), [(2023, "no_wave"), (2024, "overdue"), (2025, "no_wave"), (2026, "overdue")])  # fmt: skip
    def test_a_survey_every_two_years_is_waited_for_every_two_years(self, year, status):
        assert self.status(self.waves(2018, 2020, 2022), year, "2027-12-31")[0] == status

    @pytest.mark.parametrize(("years", "status"), [((2020, 2022), "overdue"), ((2018, 2020, 2022), "no_wave"), ((2018, 2020, 2021, 2023), "overdue"), ((2021, 2022, 2023), "overdue")])  # fmt: skip
    def test_three_waves_at_equal_distances_are_a_rhythm(self, years, status):
        assert self.status(self.waves(*years), years[-1] + 1, "2026-12-31")[0] == status

    @pytest.mark.parametrize(("year", "expected"), [(2028, "overdue"), (2029, "uncertain")])
    def test_after_five_years_nobody_knows(self, year, expected):
        assert self.status(self.waves(2022, 2023), year, "2030-12-31")[0] == expected

    def test_it_begins_with_the_first_year_of_a_series(self):
        frame = pd.DataFrame([self.BASE | r for r in self.waves(2023, 2024)])
        assert due(frame, frame, 2022, date(2026, 1, 1)).empty
        assert len(due(frame, frame, 2023, date(2026, 1, 1))) == 1

    def test_days_of_waiting_by_hand(self):
        rows = [
            {"time_period": "2022", "known_by": "2023-01-10", "source_id": "a"}, {"time_period": "2023", "known_by": "2024-01-20", "source_id": "b"},
            {"time_period": "2022", "known_by": "2024-01-20", "source_id": "b"},
        ]  # fmt: skip
        frame = pd.DataFrame([self.BASE | r for r in rows])
        (row,) = due(frame, frame, 2024, date(2025, 1, 15)).to_dict("records")
        # ten and twenty days after the end of their year
        assert (row["due_from"], row["due_by"], row["lags"], row["status"]) == (
            "2025-01-10",
            "2025-01-20",
            2,
            "due",
        )
        assert (row["last_period"], row["source_id"]) == ("2023", "b")


class TestSystem:
    def test_what_the_sums_leave_open(self):
        # a + b = 7, both at least 1
        system = System([1, 1, 7], [math.inf, math.inf, 7], [(2, (0, 1))])
        assert [system.takes(0, n) for n in range(9)] == [
            False,
            True,
            True,
            True,
            True,
            True,
            True,
            False,
            False,
        ]
        assert system.takes(2, 7)
        assert not system.takes(2, 6)
        assert not system.known(0)
        assert System([1, 1, 2], [math.inf, math.inf, 2], [(2, (0, 1))]).known(0)
        assert not System([1, 1, 3], [math.inf, math.inf, 3], [(2, (0, 1))]).known(0)

    def test_without_a_sum_only_its_own_limits_count(self):
        system = System([0, 2], [5, 2], [])
        assert (system.takes(0, 5), system.takes(0, 6), system.known(0), system.known(1)) == (
            True,
            False,
            False,
            True,
        )

    def test_figures_that_can_be_exchanged_share_what_they_may_be(self):
        system = System([1, 1, 1, 10], [9, 9, 9, 10], [(3, (0, 1, 2))])
        assert [system.takes(at, 8) for at in (0, 1, 2)] == [True] * 3
        assert not system.takes(1, 9)
        assert not system.known(2)

    def test_a_total_and_a_part_with_the_same_limits_cannot_be_exchanged(self):
        system = System([0, 0, 3], [10, 10, 3], [(0, (1, 2))])
        assert system.takes(1, 0)
        assert not system.takes(0, 0)
        assert system.takes(0, 3)
        assert not system.takes(1, 8)

    def test_only_a_small_number_must_be_able_to_be_every_small_number(self):
        system = System([0, 0], [2, 2], [])
        assert _open(system, 0, 0)  # a zero says nothing of one to four
        assert not _open(system, 0, 2)  # it could not be 3 or 4
        assert not _open(System([0], [0], []), 0, 0)  # known

    def test_an_unbounded_total_has_no_end(self):
        system = System([0, 0, 0], [math.inf] * 3, [(2, (0, 1))])
        assert not system.known(2)
        assert system.takes(2, 1000)

    def test_two_sums_together(self):
        # x + y = 5 and y + z = 5 and x + z = 4: only x = 2, y = 3, z = 2 fits
        system = System([0, 0, 0, 5, 5, 4], [9, 9, 9, 5, 5, 4], [(3, (0, 1)), (4, (1, 2)), (5, (0, 2))])
        assert [system.known(at) for at in range(3)] == [True] * 3
        assert [n for n in range(6) if system.takes(1, n)] == [3]


class TestHiding:
    def test_a_withheld_figure_may_have_been_a_zero(self):
        # four for the two of them: the small one may be all of it, since what is withheld may be nothing
        found = protect({"a": 4, "b": None, "c": 5, "all": 9}, [("all", ["a", "b", "c"])])
        assert (found["a"], found["b"]) == ("primary", "withheld")
        assert found["c"] == ""
        # three for the two of them: it cannot be four, so that one more is hidden
        assert (
            protect({"a": 3, "b": None, "c": 5, "all": 8}, [("all", ["a", "b", "c"])])["c"] == "complementary"
        )

    def test_the_smallest_goes_along_and_of_equals_the_first(self):
        found = protect({"a": 3, "b": 30, "c": 20, "d": 20, "all": 73}, [("all", "abcd")])
        assert [k for k, r in found.items() if r] == ["a", "c"]

    def test_totals_of_totals(self):
        figures = {"a": 2, "b": 20, "ab": 22, "c": 30, "all": 52}
        found = protect(figures, [("ab", ["a", "b"]), ("all", ["ab", "c"])])
        assert found == {"a": "primary", "b": "complementary", "ab": "", "c": "", "all": ""}
        assert treated(figures, found)["ab"] == 22
        assert math.isnan(treated(figures, found)["b"])

    def test_a_float_that_is_whole_is_a_count_and_nan_is_withheld(self):
        assert protect({"a": 7.0, "b": np.nan}, []) == {"a": "", "b": "withheld"}
        for bad in (-1, 2.5):
            with pytest.raises(InputError, match="is no count"):
                protect({"a": bad}, [])

    def test_parts_that_are_known_do_not_exceed_their_total(self):
        with pytest.raises(InputError, match=r"not the sum of its parts \(9\)"):
            protect({"a": 9, "b": None, "all": 8}, [("all", ["a", "b"])])
        assert protect({"a": 9, "b": None, "all": 9}, [("all", ["a", "b"])])["b"] == "withheld"
        with pytest.raises(InputError):
            protect({"a": 9, "b": 1, "all": 11}, [("all", ["a", "b"])])

    def test_sums_of_a_table(self):
        found = dict(sums(["r", "s"], ["x"]))
        assert found["r", "total"] == [("r", "x")]
        assert found["total", "x"] == [("r", "x"), ("s", "x")]
        assert found["total", "total"] == [("r", "total"), ("s", "total")]
        assert len(sums(["r", "s"], ["x"])) == 3 + 2

    @pytest.mark.parametrize(("n", "base", "rounded"), [(2, 5, 0), (3, 5, 5), (7.5, 5, 10), (5, 10, 10), (4, 10, 0), ("12", 5, 10), (1, 2, 2)])  # fmt: skip
    def test_rounding_to_a_base_takes_halves_up(self, n, base, rounded):
        assert round_to_base(n, base) == rounded

    def test_a_rounded_zero_may_have_been_up_to_half_the_base(self):
        # 0 to base 5 is 0, 1 or 2; with an exact total of 2 each may still be that, with 1 not
        require_rounded_margins({"a": 0, "b": 5}, [], base=5)
        with pytest.raises(InputError, match='column "a"'):
            require_rounded_margins(
                {"a": 0, "b": 0, "t": 1}, [("t", ["a", "b"])], base=5, exact=frozenset("t")
            )
        require_rounded_margins({"a": 0, "b": 0, "t": 2}, [("t", ["a", "b"])], base=5, exact=frozenset("t"))
