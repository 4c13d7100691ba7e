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
NO_GROUP = PLACES.assign(region=pd.array(["a", None, *"bbcc"], dtype="string"))
TOTAL = ["Totaal", "ALL", "Total ", "Totaal mannen en vrouwen"]
TOLD = pd.DataFrame({"r": list("abct"), "n": [12, 3, 40, 55]})
TWO_SERIES = ["cbs_osi_12m", "police_registered_141"]
TOTALS = pd.crosstab(ANSWERS["sex"], ANSWERS["osi"], margins=True)
RIGHT = pd.Series(STEP, MONTHS)
LATE = pd.Series([0] * 48 + STEP[:24], MONTHS)
QUARTERS = pd.Series(STEP, pd.period_range("2019Q1", periods=72, freq="Q"))
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
TAKES = [  # what each function takes, rightly; every argument of it is tried with whatever else there is
    ("rates", {"events": [1, 2], "population": [3, 4]}),
    ("compare_counts", {"counts": YEARLY}),
    ("compare_counts", {"counts": YEARLY.rename("n").to_frame()}),
    ("interrupted", {"counts": RIGHT, "date": "2024-01"}),
    ("interrupted", {"counts": RIGHT.to_frame("n"), "date": "2024-01"}),
    ("queue", {"arrivals": 20, "completions": 6}),
    ("queue", {"arrivals": 20, "completions": 6, "servers": 4}),
    ("prevalence", {"frame": ANSWERS, "items": "osi", "weight": "w", "by": "sex"}),
    ("protect", {"frame": PLACES[["n"]]}),
    ("protect", {"frame": PLACES, "by": ["region", "year"], "count": "n"}),
    ("parse", {"text": "5 procent"}),
    ("check_text", {"text": "5 van de 10 is 50 procent."}),
    ("plot", {"rows": FIGURES}),
    ("load", {"edition": 2024, "root": PROJECT}),
]
PASSED = [(f, how, a) for f, how in TAKES for a in inspect.signature(getattr(osw, f)).parameters]
NAMES = [*words("item n pct df suppressed suppression_reason row within kind index w2"), 0]


def refused(kind, place, function, *given, **how):
    """Return a call of the front door, and the words by which it is refused."""
    return pytest.param(place, function, given, how, id=kind)


def as_pandas(given):
    """Return what YAML holds of a frame or a series, {frame: columns} or {series: values, index: names}."""
    if isinstance(given, dict) and "frame" in given:
        return pd.DataFrame(given["frame"])
    if isinstance(given, dict) and "series" in given:
        return pd.Series(given["series"], given.get("index"))
    return given


@pytest.mark.parametrize(
    ("place", "function", "given", "how"),
    [
        *(refused(*of, *map(as_pandas, given), **how) for *of, given, how in CASES["plain"]),
        refused("a total", '"All": is a total. Leave totals out, or say so: total="All"', "protect", TOTALS),
        *(refused(f"{t} in rows", '"r", .*is a total', "protect", TOLD.replace("t", t), "r") for t in TOTAL),
        refused("a missing group", 'row 2, column "region"', "protect", NO_GROUP, ["region", "year"]),
        refused("a day that no month has", "is no month", "interrupted", RIGHT, "2024-02-30"),
        refused("a day for a month", 'value "1 July"', "interrupted", RIGHT, "1 July"),
        refused("a number for a month", 'row 1, column "month"', "interrupted", pd.Series(STEP), "2024-01"),
        refused("a date outside", "lies outside", "interrupted", RIGHT, "2030-01"),
        refused("a quarter for a month", "is no month", "interrupted", QUARTERS, "2024-01"),
        refused("nothing before", "no finite fit", "interrupted", LATE // 40, "2023-01"),
        refused("a late beginning", "they look withheld", "interrupted", LATE, "2023-01"),
        refused("itself", "is the series itself", "interrupted", RIGHT, "2024-01", control=1 * RIGHT),
        refused("3 times itself", "is the series itself", "interrupted", RIGHT, "2024-01", control=3 * RIGHT),
        refused("bytes", "is a bytes, not a text", "check_text", b"5"),
        refused("several charts", 'column "ax": is a ndarray', "plot", FIGURES, ax=np.empty(2)),
        refused("words for a limit", 'row 1, column "upper"', "plot", FIGURES.assign(upper="x")),
        refused("units in one chart", "several units", "plot", FIGURES.assign(series_id=TWO_SERIES)),
    ],
)
def test_what_users_pass_first_is_refused_by_its_place(place, function, given, how):
    with pytest.raises(OswError, match=place):
        getattr(osw, function)(*given, **how)


@table(__file__, "got", "name where problem")
def test_what_cannot_be_got_is_refused_with_what_there_is(tables, name, where, problem):
    with pytest.raises(InputError, match=problem):
        tables.get(name, **where)


@pytest.mark.parametrize(("name", "rightly", "argument"), PASSED)
def test_whatever_is_passed_gives_a_result_or_an_error_of_our_own(name, rightly, argument):
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
