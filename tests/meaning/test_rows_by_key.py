"""A row is found by its key, never by its place."""

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osw_stats.errors import InputError
from osw_stats.meaning.lookup import latest, one, only
from osw_stats.meaning.observations import pick
from tests.simulated_figures import figure, frame

OSI = "cbs_osi_12m"


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
@given(st.permutations(range(7)))
def test_the_order_of_rows_decides_nothing(order):
    girls = share(30.0, age="16-17", sex="female")
    groups = [share(7.0, sex="female"), share(20.0, age="16-17"), girls, share(4.0, breakdown="form=a")]
    rows = [share(5.0), share(6.0, "2022"), share(3.0, region="PV20"), *groups]
    mixed = frame(*(rows[at] for at in order))
    assert sorted(pick(mixed, OSI)["obs_value"]) == [5, 6]
    assert latest(mixed, OSI)["obs_value"] == one(mixed, OSI, time_period="2024")["obs_value"] == 5
    for where, value in (
        ({"sex": "female"}, 7),
        ({"sex": "female", "age": "16-17"}, 30),
        ({"breakdown": "form=a"}, 4),
        ({"region": "PV20"}, 3),
    ):
        assert pick(mixed, OSI, **where)["obs_value"].tolist() == [value]
    with pytest.raises(InputError, match="stands for 2 figures, of 2022, 2024"):
        one(mixed, OSI)


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
