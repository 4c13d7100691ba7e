"""A row is found by its key, never by its place."""

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osw_stats.errors import InputError, NotPublishedError
from osw_stats.meaning.lookup import latest, one, only
from osw_stats.meaning.observations import pick
from tests.simulated_figures import figure, frame

WHO = {"sex": "total", "age": "16+"}


def test_each_series_gives_one_figure_a_period_or_names_its_groups(observations):
    for series_id in sorted(set(observations["series_id"])):
        try:
            rows = pick(observations, series_id)
        except NotPublishedError:
            raise
        except InputError as error:
            assert "several groups and no total" in str(error), series_id
            continue
        assert not rows["time_period"].duplicated().any(), series_id


@settings(max_examples=40)
@given(st.permutations(range(7)))
def test_the_order_of_rows_decides_nothing(order):
    rows = [
        figure("cbs_osi_12m", "2024", 5.0, **WHO), figure("cbs_osi_12m", "2022", 6.0, **WHO),
        figure("cbs_osi_12m", "2024", 7.0, sex="female", age="16+"), figure("cbs_osi_12m", "2024", 20.0, sex="total", age="16-17"),
        figure("cbs_osi_12m", "2024", 30.0, sex="female", age="16-17"), figure("cbs_osi_12m", "2024", 4.0, breakdown="form=a", **WHO),
        figure("cbs_osi_12m", "2024", 3.0, region="PV20", **WHO),
    ]  # fmt: skip
    mixed = frame(*(rows[at] for at in order))
    assert sorted(pick(mixed, "cbs_osi_12m")["obs_value"]) == [5, 6]
    assert (
        latest(mixed, "cbs_osi_12m")["obs_value"]
        == one(mixed, "cbs_osi_12m", time_period="2024")["obs_value"]
        == 5
    )
    assert pick(mixed, "cbs_osi_12m", sex="female")["obs_value"].tolist() == [7]
    assert pick(mixed, "cbs_osi_12m", sex="female", age="16-17")["obs_value"].tolist() == [30]
    assert pick(mixed, "cbs_osi_12m", breakdown="form=a")["obs_value"].tolist() == [4]
    assert pick(mixed, "cbs_osi_12m", region="PV20")["obs_value"].tolist() == [3]
    with pytest.raises(InputError, match="stands for 2 figures, of 2022, 2024"):
        one(mixed, "cbs_osi_12m")


def test_a_series_of_one_group_is_that_group_and_of_several_is_refused():
    girls = figure("inhope_girls", "2024", 5.0, sex="female")
    assert pick(frame(girls), "inhope_girls")["sex"].tolist() == ["female"]
    with pytest.raises(InputError, match="sex= one of: female, male"):
        pick(frame(girls, figure("inhope_girls", "2024", 5.0, sex="male")), "inhope_girls")
    bands = [figure("cbs_population", "2024", 5.0, age=a) for a in ("16+", "12-24")]
    with pytest.raises(InputError, match=re.escape("age= one of: 12-24, 16+")):
        pick(frame(*bands), "cbs_population")


@pytest.mark.parametrize("n", [0, 2, 3])
def test_none_or_more_than_one_row_is_one_clear_error(n):
    table = pd.DataFrame({"wave": ["2024"] * n + ["2022"]})
    with pytest.raises(
        InputError, match=rf"funnel, value .wave=2024.: one row was expected and {n} were found"
    ):
        only(table, "funnel", wave="2024")
