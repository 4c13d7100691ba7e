"""What users of pandas pass first is refused by its place, and whatever else they pass by an error of our own."""

import contextlib
import inspect
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import osw_stats as osw
from osw_stats.errors import InputError, OswError
from tests.cases import beside, table, words
from tests.conftest import PROJECT
from tests.door.test_door import ANSWERS, MONTHS, STEP, YEARLY

CASES = beside(__file__)
FIGURES = pd.DataFrame({"time_period": ["2023", "2024"], "obs_value": [5, 7]})
PLACES = pd.DataFrame({"region": list("aabbcc"), "year": [2020, 2021] * 3, "n": [12, 3, 40, 9, 38, 21]})
TOLD = pd.DataFrame({"r": list("abct"), "n": [12, 3, 40, 55]})
RIGHT = pd.Series(STEP, MONTHS)
LATE = pd.Series([0] * 48 + STEP[:24], MONTHS)
NAMED = {"months": RIGHT, "the same": 1 * RIGHT, "thrice": 3 * RIGHT, "late": LATE, "nearly none": LATE // 40}
NAMED |= {
    "quarters": pd.Series(STEP, pd.period_range("2019Q1", periods=72, freq="Q")),
    "row numbers": pd.Series(STEP),
}
NAMED |= {"no group": PLACES.assign(region=pd.array(["a", None, *"bbcc"], dtype="string"))}
NAMED |= {
    "totals": pd.crosstab(ANSWERS["sex"], ANSWERS["osi"], margins=True),
    "bytes": b"5",
    "charts": np.empty(2),
}
NAMED |= {
    "years": YEARLY,
    "frame of years": YEARLY.rename("n").to_frame(),
    "frame of months": RIGHT.to_frame("n"),
}
NAMED |= {"answers": ANSWERS, "places": PLACES, "counts of places": PLACES[["n"]], "project": PROJECT}
NAMED |= {"figures": FIGURES, "limit in words": FIGURES.assign(upper="x")}
NAMED |= {"two units": FIGURES.assign(series_id=["cbs_osi_12m", "police_registered_141"])}
NAMED |= {t: TOLD.replace("t", t) for t in ("Totaal", "ALL", "Total ", "Totaal mannen en vrouwen")}
NOTHING = [None, True, "", [], {}, np.nan, pd.NaT, pd.NA, np.datetime64("NaT"), object(), len, slice(None)]
NUMBERS = [1.5, -1, np.inf, 10**400, 1e308, 5e-324, np.float16(2.5)]
RARE = [1j, Fraction(1, 3), Decimal("1"), Decimal("sNaN"), pd.Interval(0, 1)]
TEXTS = ["x", b"x", "9" * 5000, "a\0b", "\ud800", "\x1b[2J", Path("x")]
LISTS = [{1, 2}, [[1]], (1, "a"), {"a": 1}, {2020: 5, 2021: 6}, range(3), list("\ud800\0")]
ARRAYS = [np.array(3), np.ones((2, 3)), np.ma.array([1, 2], mask=[0, 1]), np.zeros(2, dtype=[("a", int)])]
COLUMNS = [pd.Series([1, 2]), pd.Series(dtype=float), pd.Index([1]), pd.MultiIndex.from_tuples([("a", 1)])]
FRAMES = [pd.DataFrame({"a": [1, 2]}), pd.DataFrame(), pd.DataFrame({"a": [1]}).groupby("a")]
OTHERS = [pd.Categorical(["a"]), pd.Period("2020Q1"), pd.Timestamp("2020-01-01", tz="Europe/Amsterdam")]
ODD = [*NOTHING, *NUMBERS, *RARE, *TEXTS, *LISTS, *ARRAYS, *COLUMNS, *FRAMES, *OTHERS]
ODD += [[odd] for odd in ODD]
PASSED = [(f, how, a) for f, how in CASES["takes"] for a in inspect.signature(getattr(osw, f)).parameters]
NAMES = [*words("item n pct df suppressed suppression_reason row within kind index w2"), 0]


def as_pandas(given):
    """Return what YAML holds of a frame or a series: {frame: columns}, {series: values, index: names} or {named: name}."""
    if isinstance(given, dict) and "named" in given:
        return NAMED[given["named"]]
    if isinstance(given, dict) and "frame" in given:
        return pd.DataFrame(given["frame"])
    if isinstance(given, dict) and "series" in given:
        return pd.Series(given["series"], given.get("index"))
    return given


@pytest.mark.parametrize("case", CASES["plain"], ids=lambda case: case[0])
def test_what_users_pass_first_is_refused_by_its_place(case):
    _, place, function, given, how = case
    with pytest.raises(OswError, match=place):
        getattr(osw, function)(
            *map(as_pandas, given), **{name: as_pandas(value) for name, value in how.items()}
        )


@table(__file__, "got", "name where problem")
def test_what_cannot_be_got_is_refused_with_what_there_is(tables, name, where, problem):
    with pytest.raises(InputError, match=problem):
        tables.get(name, **where)


@pytest.mark.parametrize(("name", "rightly", "argument"), PASSED)
def test_whatever_is_passed_gives_a_result_or_an_error_of_our_own(name, rightly, argument):
    rightly = {name: as_pandas(value) for name, value in rightly.items()}
    for odd in ODD:
        with contextlib.suppress(OswError):
            getattr(osw, name)(**rightly | {argument: odd})


@pytest.mark.parametrize("name", ["series_id", "sex", "time_period", "obs_value", "breakdown", "subject"])
def test_whatever_is_asked_of_a_series_gives_figures_or_an_error_of_our_own(tables, name):
    for odd in ODD:
        with contextlib.suppress(OswError):
            tables.get("cbs_osi_12m", **{name: odd})
        with contextlib.suppress(OswError):
            tables.find(odd)


@pytest.mark.parametrize("name", NAMES)
def test_a_column_of_any_name_is_worked_with_or_refused(name):
    """The results have columns of their own, which a column of the user could take the place of."""
    calls = [
        (ANSWERS, "sex", lambda frame: osw.prevalence(frame, "osi", weight="w", by=name)["pct"]),
        (ANSWERS, "osi", lambda frame: osw.prevalence(frame, name, weight="w", by="sex")["pct"]),
        (ANSWERS, "w", lambda frame: osw.prevalence(frame, "osi", weight=name, by="sex")["pct"]),
        (PLACES, "region", lambda frame: osw.protect(frame, [name, "year"], count="n")["n"]),
        (PLACES, "n", lambda frame: osw.protect(frame, ["region", "year"], count=name)[name]),
    ]
    known = osw.prevalence(ANSWERS, "osi", weight="w", by="sex")["pct"].tolist()
    counts, got = osw.protect(PLACES, ["region", "year"], count="n")["n"].tolist(), []
    for frame, of, call in calls:
        with contextlib.suppress(InputError):
            got.append(call(frame.rename(columns={of: name})).tolist())
            assert got[-1] == pytest.approx(known if frame is ANSWERS else counts, nan_ok=True)
    assert name != "w2" or len(got) == len(calls)
