"""Yearly counts as points and stretches: what is a year of a series, and where a stretch ends."""

import math
from dataclasses import replace

import pytest

from osw_stats.analysis.counts.yearly import (
    COUNTED,
    Counted,
    Point,
    all_points,
    corners,
    editions_differ,
    points,
    runs,
)
from tests.simulated_figures import figure, frame, yearly

OFFENCES = "police_registered_141"
ONE = Point(2020, 100, 100, 100, "a.1", ("x",), "published", 1.0)


class TestPoints:
    def test_halves_groups_and_missing_values_are_no_points(self):
        rows = [
            *yearly(OFFENCES, 2015, (7000, 7600)),
            figure(OFFENCES, "2017-H1", 5.0),
            figure(OFFENCES, "2018", math.nan),
            figure(OFFENCES, "2019", 5.0, sex="male"),
            figure(OFFENCES, "2020", 5.0, age="16-17"),
            figure(OFFENCES, "2021", 5.0, breakdown="part=a"),
            figure("police_registered_321", "2022", 5.0),
        ]
        assert [p.year for p in points(frame(*rows), Counted(OFFENCES))] == [2015, 2016]

    def test_the_age_of_a_figure_is_the_time_since_the_end_of_its_year(self):
        (found,) = points(frame(figure(OFFENCES, "2020", 5.0, known_by="2021-12-31")), Counted(OFFENCES))
        assert found.age == pytest.approx(365 / 365.25)
        assert (found.basis, found.exact, found.observations) == ("published", True, (f"{OFFENCES}/2020/",))

    def test_a_year_follows_from_the_growth_of_the_next(self):
        rows = frame(
            figure("helpwanted_requests", "2024", 1320.0),
            figure("helpwanted_requests_change", "2024", 10.0, lower=9.5, upper=10.5),
        )
        before, after = points(rows, Counted("helpwanted_requests"))
        assert (before.year, before.value, before.basis) == (2023, pytest.approx(1200), "implied")
        assert (before.lower, before.upper) == (pytest.approx(1320 / 1.105), pytest.approx(1320 / 1.095))
        assert before.age == after.age
        assert len(before.observations) == 2
        assert not before.exact

    def test_a_published_year_is_never_replaced_and_an_implied_one_no_base(self):
        rows = [
            figure("helpwanted_requests", "2024", 1320.0),
            figure("helpwanted_requests_change", "2024", 10.0),
            figure("helpwanted_requests_change", "2023", 10.0),
        ]
        assert [p.year for p in points(frame(*rows), Counted("helpwanted_requests"))] == [2023, 2024]
        rows.append(figure("helpwanted_requests", "2023", 999.0))
        found = points(frame(*rows), Counted("helpwanted_requests"))
        assert [(p.year, p.basis) for p in found] == [
            (2022, "implied"),
            (2023, "published"),
            (2024, "published"),
        ]
        assert found[1].value == 999

    def test_growth_of_the_whole_says_nothing_of_a_part(self):
        part = "subject=sextortion"
        rows = frame(
            figure("helpwanted_requests", "2024", 1320.0, breakdown=part),
            figure("helpwanted_requests_change", "2024", 10.0),
        )
        assert len(points(rows, Counted("helpwanted_requests", part))) == 1


class TestStretches:
    @pytest.mark.parametrize(
        ("change", "lengths"),
        [
            ({}, [3]), ({"year": 2022}, []), ({"definition_id": "a.2"}, []), ({"age": -2.0}, [3]), ({"age": -2.01}, []),
            ({"age": 2.0}, [3]),
        ],
    )  # fmt: skip
    def test_a_stretch_ends_where_year_definition_or_edition_changes(self, change, lengths):
        # the middle year was published with the first, so that it is one year younger; -2 is two years less than that
        middle = replace(ONE, year=2021, age=0.0)
        last = replace(middle, year=2022, age=-1.0)
        found = runs([ONE, replace(middle, **change), last])
        assert [len(s) for s in found] == lengths

    def test_what_stands_alone_is_no_stretch(self):
        years = (2015, 2017, 2018, 2020, 2021, 2022)
        found = runs([replace(ONE, year=y) for y in years])
        assert [[p.year for p in s] for s in found] == [[2017, 2018], [2020, 2021, 2022]]
        assert runs([]) == runs([ONE]) == []

    @pytest.mark.parametrize(("age", "differ"), [(2.0, False), (2.001, True), (-2.0, False), (-2.001, True)])
    def test_two_years_of_revising_apart_are_two_editions(self, age, differ):
        # one publication holds both years: the earlier one is a year older, and that is no difference
        assert editions_differ(replace(ONE, age=1.0 + age), replace(ONE, year=2021, age=0.0)) is differ

    def test_corners_begin_with_the_printed_counts(self):
        rounded = replace(ONE, lower=95, upper=105)
        assert corners([ONE, rounded]) == [[100, 100], [100, 95], [100, 105]]
        assert len(corners([rounded, rounded])) == 5


def test_all_series_at_once_are_the_series_one_by_one(observations):
    every = all_points(observations)
    assert tuple(every) == COUNTED
    assert every == {counted: points(observations, counted) for counted in COUNTED}
    assert any(p.basis == "implied" for found in every.values() for p in found)
    assert sum(map(len, every.values())) > 50
