"""The tidy table: what each rule of it lets through and stops; definitions, units and estimates; a row by its key."""

import math
import re
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osw_stats.errors import InputError, NotPublishedError, UnitMismatchError
from osw_stats.meaning.definitions import Bridge, DefinitionMismatchError, require_same
from osw_stats.meaning.lookup import latest, one, only
from osw_stats.meaning.numbers import Number
from osw_stats.meaning.observations import NAMES, as_of, dictionary, pick, records, validate
from osw_stats.meaning.series import Break, Series, series
from osw_stats.meaning.units import UNITS, common_unit, unit
from tests.cases import beside
from tests.simulated_figures import figure, frame

CASES = beside(__file__, "rows.yml")
NAN = math.nan
ROW = figure("police_reports", "2024", 10.0, lower=9.0, upper=11.0, known_by="2025-01-01") | {"file": "f.csv"}
ROW |= {"publisher": "Politie", "indicator": "x", "published_precision": "day", "as_reported": ""}
ROW |= {"ci_lower": NAN, "ci_upper": NAN, "lower_closed": True, "upper_closed": True}
SAID = {"value": 5, "unit": "fte", "lower": 4, "upper": NAN, "method": "m", "grade": "A"}
SAID |= {"interval_kind": "rounding", "observations": "a b"}
OSI = "cbs_osi_12m"
GROUPS = [(7.0, {"sex": "female"}), (20.0, {"age": "16-17"}), (30.0, {"sex": "female", "age": "16-17"})]
GROUPS += [(4.0, {"breakdown": "form=a"}), (3.0, {"region": "PV20"})]


def table(*changes):
    return pd.DataFrame([ROW | {"row": at} | change for at, change in enumerate(changes, start=2)])[NAMES]


@pytest.mark.parametrize(("change", "rule"), CASES["cells"])
def test_what_a_row_may_hold_and_what_not(change, rule):
    rows = table({"series_id": "om_inflow_sexual"}, change)
    if not rule:
        assert validate(rows) is rows
        return
    with pytest.raises(InputError, match=rf"f\.csv, row 3.*{rule}"):
        validate(rows)


def test_the_same_figure_twice_names_both_rows_and_another_column_is_refused():
    with pytest.raises(InputError, match=r"f\.csv, row 3.*also occurs in f\.csv, row 2"):
        validate(table({}, {}))
    assert len(validate(table({}, {"source_id": "other"}))) == 2
    assert len(validate(table({}, {"known_by": "2025-02-01"}))) == 2
    with pytest.raises(InputError):
        validate(table({}).assign(more=1))


def test_the_data_dictionary_says_what_must_be_there():
    found = dictionary().set_index("column")
    assert list(found.index) == NAMES
    empty = "breakdown obs_value lower upper ci_lower ci_upper as_reported published note"
    assert list(found.index[found["required"] == "no"]) == [n for n in NAMES if n in empty.split()]
    assert found.loc["sex", "allowed"] == "total | female | male | other"
    assert found[["description_nl", "description_en"]].ne("").all(axis=None)


def test_an_edition_sees_the_latest_figure_of_its_day():
    later = {"known_by": "2025-03-01", "obs_value": 11.0}, {"known_by": "2025-03-02", "sex": "female"}
    rows = table({"obs_value": 10.0}, later[0], {"role": "alternative", "sex": "male"}, later[1])
    assert as_of(rows, date(2024, 12, 31)).empty
    assert as_of(rows, date(2025, 1, 1))["obs_value"].tolist() == [10]
    assert as_of(rows, date(2025, 3, 1))["obs_value"].tolist() == [11]
    assert as_of(rows, date(2025, 3, 2))["sex"].tolist() == ["total", "female"]


class TestDefinitions:
    LAW = Series("x", "p", "i", "fte", {}, {}, {}, breaks=(Break("2020", {}), Break("2024-H2", {})))

    def test_a_break_counts_for_the_whole_period_it_lies_in_and_a_concept_is_part_of_the_definition(self):
        versions = {1: "2019 2019-12", 2: "2020-01 2020 2024-06 2024-H1", 3: "2024-07 2024 2024-Q3"}
        for version, periods in versions.items():
            assert {self.LAW.definition_id(p) for p in periods.split()} == {f"x.{version}"}
        assert self.LAW.definition_id("2019", "concept=needed") == "x.1:needed"
        assert self.LAW.definition_id("2019", "channel=a") == "x.1"

    def test_a_series_without_fixed_rules_shares_none(self):
        loose = Series("x", "p", "i", "fte", {}, {}, {}, homogeneous=False)
        assert loose.definition_id("2019") == "x@2019"
        assert Series("x", "p", "i", "fte", {}, {}, {}).homogeneous
        with pytest.raises(InputError):
            series("no_such_series")

    def test_unlike_definitions_or_units_need_a_bridge_which_is_a_sentence(self):
        for texts in (("een twee", "one two three"), ("een twee drie", "one two")):
            with pytest.raises(ValueError, match="a bridge is a sentence"):
                Bridge(*texts)
        bridge = Bridge("om deze reden samen", "joined for this reason")
        for other in ({"definition_id": "b"}, {"unit_measure": "eur"}):
            same = {"definition_id": "a", "unit_measure": "fte"}
            rows = pd.DataFrame([same, same | other])
            with pytest.raises(DefinitionMismatchError, match="do not mean the same"):
                require_same(rows)
            require_same(rows, bridge)
            require_same(rows.iloc[:1])

    @pytest.mark.parametrize(("series_id", "message"), CASES["two_definitions"])
    def test_nor_are_published_figures_of_two_definitions(self, observations, series_id, message):
        with pytest.raises(DefinitionMismatchError, match=message):
            require_same(observations[observations["series_id"] == series_id])


def test_no_unit_or_an_unknown_one_is_refused():
    with pytest.raises(UnitMismatchError, match="no units"):
        common_unit([])
    with pytest.raises(InputError, match='Did you mean "fte"'):
        unit("ftes")
    assert common_unit(["fte"]).kind == "posts"
    assert all(u.nl and u.en and u.one_nl and u.one_en for u in UNITS.values())


class TestEstimates:
    def test_a_row_becomes_an_estimate(self):
        found = Number.from_row(SAID)
        assert (found.value, found.lower, found.upper, found.observations) == (5, 4, None, ("a", "b"))
        assert Number.from_row({k: v for k, v in SAID.items() if k != "lower"}).lower is None
        assert Number.from_row(SAID | {"x": 0, "x_lower": 0}, "x", "x_lower").lower == 0

    @pytest.mark.parametrize("wrong", [{"interval_kind": "guess"}, {"observations": ""}])
    def test_it_names_what_it_rests_on_and_its_kind(self, wrong):
        with pytest.raises(ValueError, match=r"unknown kind|must name"):
            Number.from_row(SAID | wrong)


def share(value, period="2024", age="16+", **group):
    return figure(OSI, period, value, age=age, **{"sex": "total"} | group)


def test_each_series_gives_one_figure_a_period_or_names_its_groups(observations):
    for series_id in sorted(set(observations["series_id"])):
        try:
            rows = pick(observations, series_id)
        except InputError as error:
            assert "several groups and no total" in str(error), series_id
        else:
            assert not rows["time_period"].duplicated().any(), series_id


@settings(max_examples=40)
@given(st.permutations([share(5.0), share(6.0, "2022"), *(share(value, **group) for value, group in GROUPS)]))
def test_the_order_of_rows_decides_nothing(rows):
    mixed = frame(*rows)
    assert sorted(pick(mixed, OSI)["obs_value"]) == [5, 6]
    assert latest(mixed, OSI)["obs_value"] == one(mixed, OSI, time_period="2024")["obs_value"] == 5
    for value, group in GROUPS:
        assert pick(mixed, OSI, **group)["obs_value"].tolist() == [value]
    with pytest.raises(InputError, match="stands for 2 figures, of 2022, 2024"):
        one(mixed, OSI)
    with pytest.raises(NotPublishedError, match=f"no figure for series_id={OSI}, time_period=1999"):
        pick(mixed, OSI, time_period="1999")
    assert records(mixed.iloc[:0]) == []


def test_a_series_of_one_group_is_that_group_and_of_several_is_refused():
    girls, boys = (figure("inhope_girls", "2024", 5.0, sex=sex) for sex in ("female", "male"))
    assert pick(frame(girls), "inhope_girls")["sex"].tolist() == ["female"]
    with pytest.raises(InputError, match="sex= one of: female, male"):
        pick(frame(girls, boys), "inhope_girls")
    bands = [figure("cbs_population", "2024", 5.0, age=a) for a in ("16+", "12-24")]
    with pytest.raises(InputError, match=re.escape("age= one of: 12-24, 16+")):
        pick(frame(*bands), "cbs_population")


@pytest.mark.parametrize("n", [0, 2, 3])
def test_none_or_more_than_one_row_is_one_clear_error(n):
    table = pd.DataFrame({"wave": ["2024"] * n + ["2022"]})
    message = rf"funnel, value .wave=2024.: one row was expected and {n} were found"
    with pytest.raises(InputError, match=message):
        only(table, "funnel", wave="2024")
