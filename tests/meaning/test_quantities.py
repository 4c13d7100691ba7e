"""The tables a researcher gets: what has one unit works as in pandas, two units are refused by name."""

import copy
import operator
import pickle
import sys
from itertools import product
from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal, assert_series_equal
from statsmodels.regression.linear_model import OLS

from osw_stats.errors import UnitMismatchError
from osw_stats.meaning.quantities import COLUMNS, QuantityArray
from osw_stats.meaning.units import UNITS, Quantity, unit_of_difference
from tests.cases import words

codes = st.sampled_from(list(UNITS))
numbers = st.floats(0.5, 1e9)
PAIRED = ("add", "sub", "mod", "lt", "le", "gt", "ge", "eq", "ne")
METHODS = "sum mean median min max std prod cumsum cummax diff rank idxmax quantile describe pct_change"
MANY = {
    **{name: operator.methodcaller(name) for name in words(METHODS)},
    **{f"python {f.__name__}": f for f in (sum, max, sorted)},
    **{f"numpy {f.__name__}": f for f in (np.sum, np.mean, np.median, np.max, np.average)},
    "rolling": lambda s: s.rolling(2).sum(),
    "expanding": lambda s: s.expanding().mean(),
    "ewm": lambda s: s.ewm(2).mean(),
    "shifted": lambda s: s > s.shift(),
    "minus its mean": lambda s: s - s.mean(),
    "between": lambda s: s.between(s.min(), s.max()),
    "maximum": lambda s: np.maximum(s, s.shift()),
    "agg": lambda s: s.agg(["min", "max"]),
    "concat": lambda s: pd.concat([s.iloc[:2], s.iloc[2:]]).sum(),
    "group": lambda s: s.groupby(np.zeros(len(s))).sum(),
    "group cumsum": lambda s: s.groupby(np.zeros(len(s))).cumsum(),
    "group max": lambda s: s.groupby(np.zeros(len(s))).transform("max"),
    "pivot": lambda s: s.to_frame("v").assign(k="k").pivot_table(index="k", values="v", aggfunc="sum"),
    "across": lambda s: s.iloc[:2].to_frame("a").assign(b=s.iloc[2:].array).max(axis=1),
    "frame": lambda s: s.to_frame("v").sum(),
    "group change": lambda s: s.groupby(np.zeros(len(s))).pct_change(),
    "ufunc": lambda s: np.hypot(s, s.shift()),
    "norm": lambda s: np.linalg.norm(s.to_numpy(float)),
    "weights": lambda s: np.bincount([0, 0, 1, 1], weights=s)[1],
    "array": lambda s: s.array.sum(),
    "accumulate": lambda s: pd.Series(np.add.accumulate(s.array)),
    "clip": lambda s: np.clip(s, s.iloc[0], s.iloc[0] + 1),
    "frame rank": lambda s: s.to_frame("v").rank(),
    "histogram": lambda s: np.histogram(s)[0].sum(),
    "melt": lambda s: s.to_frame("v").melt()["value"].sum(),
    "plot": lambda s: s.plot(),
}
MEETINGS = [np.add, np.maximum, np.isclose, divmod, lambda a, b: np.float64(0) + a + b]
MEETINGS += [lambda a, b: sum([a, b], np.float64(0)), lambda a, b: np.array([a, a], dtype=object) + b]


def column(values, units) -> pd.Series:
    return pd.Series(QuantityArray.of(values, units))


@settings(max_examples=80)
@given(codes, codes, numbers, numbers, st.sampled_from(PAIRED))
def test_two_numbers_are_added_and_compared_in_one_unit_only(a, b, x, y, name):
    op = getattr(operator, name)
    sides = [(Quantity(number, unit), column([number], [unit])) for number, unit in ((x, a), (y, b))]
    for left, right in product(*sides):
        if a != b:
            with pytest.raises(UnitMismatchError) as refused:
                op(left, right)
            assert a in str(refused.value) and b in str(refused.value)
        else:
            made = op(left, right)
            assert np.all(np.asarray(made) == op(x, y))
            one = made.iloc[0] if isinstance(made, pd.Series) else made
            expected = {"add": a, "mod": a, "sub": unit_of_difference(a)}.get(name)
            assert getattr(one, "unit", None) == expected


@given(codes, codes, numbers, numbers)
def test_a_rate_of_two_units_is_a_plain_number(a, b, x, y):
    made = column([x], [a]) / column([y], [b])
    assert made.dtype == "float64" and made.iloc[0] == Quantity(x, a) / Quantity(y, b) == x / y
    assert type(Quantity(x, a) / Quantity(y, b)) is float
    assert (Quantity(x, a) * 2).unit == (2 * column([x], [a])).iloc[0].unit == a


def test_a_column_over_a_number_is_a_rate_and_a_change_from_row_to_row_is_refused():
    both = column([8.0, 6.0], ["persons", "advice_requests"])
    assert (both / Quantity(2, "persons")).tolist() == (both / 2).astype(float).tolist() == [4, 3]
    with pytest.raises(UnitMismatchError, match="advice_requests and persons"):
        both.pct_change()


def plain(result):
    if isinstance(result, pd.DataFrame | pd.Series):
        return result.astype(float)
    return None if hasattr(result, "get_figure") else result


@pytest.mark.parametrize("name", MANY)
def test_many_numbers_of_two_units_are_refused_and_of_one_unit_are_as_plain_ones(name):
    mpl.use("Agg")
    values = [3.0, 1.0, 4.0, 1.5]
    with pytest.raises(UnitMismatchError, match="advice_requests and persons count different things"):
        MANY[name](column(values, ["persons", "persons", "advice_requests", "persons"]))
    found, expected = plain(MANY[name](column(values, ["fte"] * 4))), plain(MANY[name](pd.Series(values)))
    kinds = {pd.DataFrame: assert_frame_equal, pd.Series: assert_series_equal}
    kinds.get(type(expected), np.testing.assert_equal)(found, expected)


def test_a_figure_of_many_has_the_unit_it_should():
    shares = column([5.0, 6.5, 7.0], ["percent"] * 3)
    results = shares.mean(), shares.max(), shares.std(), shares.diff().iloc[1]
    assert [r.unit for r in results] == ["percent"] * 2 + ["percentage_points"] * 2
    assert not hasattr(shares.var(), "unit")
    people = column([1.0, 2.0, 3.0], ["persons", "fte", "persons"]).groupby([0, 1, 0]).sum()
    assert [(float(v), v.unit) for v in people] == [(4, "persons"), (2, "fte")]


@pytest.mark.parametrize("table", ["observations", "vintages"])
def test_the_tables_that_load_gives_refuse(tables, table):
    frame = getattr(tables, table)
    for name in COLUMNS[:3]:
        assert isinstance(frame[name].array, QuantityArray)
        for call in (frame[name].sum, frame[name].diff, frame.groupby("publisher")[name].sum):
            with pytest.raises(UnitMismatchError, match="count different things"):
                call()


def test_work_inside_one_series_goes_on_as_before(tables, tmp_path):
    every = tables.observations
    o = every[every["series_id"] == "police_registered_141"]
    bare = o.astype(dict.fromkeys(COLUMNS, float))
    share = every.query("series_id == 'cbs_osi_12m' and time_period == '2024'")
    assert repr(share.loc[share["age"] == "16+", "obs_value"].item()) == "5.2"
    assert o["obs_value"].sum() == bare["obs_value"].sum()
    assert_frame_equal(o.describe().astype(float), bare.describe())
    assert o.query("obs_value > 8000")["row"].tolist() == bare.query("obs_value > 8000")["row"].tolist()
    assert o.sort_values("obs_value")["row"].tolist() == bare.sort_values("obs_value")["row"].tolist()
    assert every.groupby("series_id")["obs_value"].sum()["police_registered_141"] == bare["obs_value"].sum()
    assert o.merge(o, on="obs_id")["obs_value_x"].tolist() == bare["obs_value"].tolist()
    x = np.column_stack([np.ones(len(o)), range(len(o))])
    assert_series_equal(OLS(o["obs_value"], x).fit().params, OLS(bare["obs_value"], x).fit().params)
    o.to_csv(tmp_path / "o.csv")
    o.to_json(tmp_path / "o.json")
    for again in (pd.read_csv(tmp_path / "o.csv"), pd.read_json(tmp_path / "o.json")):
        assert again["obs_value"].tolist() == bare["obs_value"].tolist()
    assert "14802" in every.to_csv(index=False)
    for twin in (pickle.loads(pickle.dumps(o)), copy.deepcopy(o), o.copy()):
        assert twin.equals(o) and twin["obs_value"].iloc[0].unit == "registered_offences"
    assert "8214" in o._repr_html_()
    assert o["obs_value"].plot().lines[-1].get_ydata().tolist() == bare["obs_value"].tolist()


@pytest.mark.parametrize("meet", MEETINGS)
def test_two_numbers_meet_in_numpy_as_in_python(meet):
    with pytest.raises(UnitMismatchError, match="advice_requests and persons"):
        meet(Quantity(12206, "advice_requests"), Quantity(760_000, "persons"))
    meet(Quantity(3, "fte"), Quantity(2, "fte"))
    assert (np.float64(2) * Quantity(3, "fte")).unit == "fte"
    assert (np.ones(2) * Quantity(3, "fte")).dtype == float


def test_sorted_by_value_figures_of_one_unit_stand_together(tables):
    o = tables.observations.dropna(subset="obs_value")
    by_value = o.sort_values(["obs_value", "publisher"])
    by_publisher = o.sort_values(["publisher", "obs_value"])
    for group in (by_value, *(g for _, g in by_publisher.groupby("publisher"))):
        units = group["unit_measure"]
        assert (units != units.shift()).sum() == units.nunique()
        for _, figures in group.groupby("unit_measure")["obs_value"]:
            assert figures.astype(float).is_monotonic_increasing
    with pytest.raises((UnitMismatchError, TypeError)):
        o.nlargest(3, "obs_value")
    one = o[o["series_id"] == "police_registered_141"]
    assert one.nlargest(1, "obs_value")["obs_value"].item() == one["obs_value"].max()


def test_a_parquet_file_gets_plain_numbers(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", SimpleNamespace(array=lambda numbers, **_: numbers))
    assert QuantityArray.of([3, 4], ["fte", "persons"]).__arrow_array__().tolist() == [3, 4]


def test_the_same_number_in_two_units_is_two_numbers():
    fives = column([5.0, 5.0, 5.0, np.nan], ["fte", "percent", "fte", "fte"])
    assert (fives.nunique(), fives.value_counts().tolist()) == (2, [2, 1])
    assert fives.duplicated().tolist() == [False, False, True, False]
    assert fives.isin([Quantity(5, "percent")]).tolist() == [False, True, False, False]
    assert fives.isin([5]).tolist() == [True, True, True, False]
    assert not fives.iloc[:1].equals(fives.iloc[1:2].reset_index(drop=True))
