"""The front door: lazy, documented by examples that run, and refusing what pandas users pass first by its place."""

import contextlib
import datetime
import doctest
import inspect
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import pytest

import osw_stats as osw
from osw_stats.errors import InputError, OswError
from tests.conftest import PROJECT

MONTHS = pd.period_range("2019-01", periods=72, freq="M")
STEP = [100 + (at * 7) % 11 + 30 * (at >= 60) for at in range(72)]
YEARLY = pd.Series([11800, 11250, 12600, 14450, 14015, 14802], range(2019, 2025))
ANSWERS = pd.DataFrame({"sex": ["f", "m"] * 300, "osi": [1, 0, 0] * 200, "w": [1.0, 1.5] * 300})


@pytest.fixture(scope="module")
def tables():
    return osw.load(2024, PROJECT)


@pytest.fixture(autouse=True)
def _no_screen():
    matplotlib.use("agg")
    yield
    from matplotlib import pyplot as plt

    plt.close("all")


@pytest.mark.parametrize(
    ("code", "kept_out", "there"),
    [
        ("import osw_stats", ("osw", "pandas", "numpy", "yaml"), ["osw_stats"]),
        ("import osw_stats; osw_stats.load", ("matplotlib", "osw_stats.shelf"), []),
    ],
)
def test_no_name_imports_more_than_it_needs(code, kept_out, there):
    code += f"; import sys; print(sorted(m for m in sys.modules if m.startswith({kept_out})))"
    line = [sys.executable, "-c", code]
    done = subprocess.run(line, capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout.strip() == str(there)


def test_every_name_is_there_and_on_the_page():
    page = (PROJECT / "docs" / "front_door.md").read_text()
    for name in osw.__all__:
        assert callable(getattr(osw, name)), name
        assert name in dir(osw)
        assert name in page, name
    with pytest.raises(AttributeError, match="no attribute 'laod'"):
        osw.laod  # noqa: B018


def test_the_examples_of_the_page_run_as_printed():
    failed, ran = doctest.testfile(
        str(PROJECT / "docs" / "front_door.md"), module_relative=False, optionflags=doctest.ELLIPSIS
    )
    assert failed == 0
    assert ran > 20


def test_every_task_of_the_page_takes_three_lines_at_most():
    page = (PROJECT / "docs" / "front_door.md").read_text()
    blocks = [part.partition("```")[0] for part in page.split("```python")[1:]]
    assert max(block.count(">>> ") for block in blocks) <= 3


WORDS = [
    ("zedenmisdrijven code", "police_registered_141"),
    ("Registered SEXUAL offences code", "police_registered_141"),
    ("Recorded SEXUAL offences code", "police_registered_141"),
    ("sextortion adviesvragen", "helpwanted_requests_subject"),
    ("AP klachten", "ap_complaints"),
    ("seksuele intimidatie maanden vóór percent", "cbs_osi_12m"),
    ("seksuele intimidatie maanden voor procent", "cbs_osi_12m"),
]


@pytest.mark.parametrize(("words", "series_id"), WORDS)
def test_a_series_is_found_by_words_of_either_language(tables, words, series_id):
    assert series_id in tables.find(words)["series_id"].tolist()


def test_a_series_comes_in_order_of_time_with_plain_numbers_of_one_unit(tables):
    rows = tables.get("police_registered_141")
    assert rows["time_period"].is_monotonic_increasing
    assert rows["obs_value"].dtype == float
    assert set(rows["unit_measure"]) == {"registered_offences"}
    whole = tables.observations.query("series_id == 'police_registered_141'")
    assert rows["obs_value"].sum() == whole["obs_value"].astype(float).sum()


def test_every_group_of_a_series_is_one_call(tables):
    groups = tables.get("cbs_osi_12m", sex=None, age=None)
    assert len(groups) == (tables.observations["series_id"] == "cbs_osi_12m").sum()
    assert {"female", "male", "total"} == set(groups["sex"])


ASKED = [
    (("nothing like this",), {}, "no series has these words"),
    (("police",), {}, r"\d+ series have these words. Choose: "),
    (
        ("cbs_osi_12m",),
        {"sex": "vrouw"},
        'column "sex", value "vrouw": is not in this series. Choose: female',
    ),
    (("cbs_osi_12m",), {"sex": ["female"]}, "is no single value"),
    (("cbs_osi_12m",), {"time_period": True}, "is no single value"),
    ((["cbs_osi_12m"],), {}, "is a list, not a text"),
    (("sextortion requests",), {"subject": "other"}, "is not in this series"),
]


@pytest.mark.parametrize(("name", "where", "problem"), ASKED)
def test_what_cannot_be_got_is_refused_with_what_there_is(tables, name, where, problem):
    with pytest.raises(InputError, match=problem):
        tables.get(*name, **where)


def test_months_are_read_from_texts_dates_datetimes_and_periods_alike():
    kinds = {
        "periods": MONTHS,
        "datetimes": MONTHS.to_timestamp(),
        "texts": MONTHS.astype(str),
        "days": [f"{m}-01" for m in MONTHS],
        "dates": [datetime.date(m.year, m.month, 1) for m in MONTHS],
        "numpy": MONTHS.to_timestamp().to_numpy(),
    }
    steps = [
        osw.interrupted(pd.Series(STEP, index=list(index)), date).step
        for index, date in zip(kinds.values(), [*["2024-01"] * 5, pd.Timestamp("2024-01-01")], strict=True)
    ]
    frame = pd.DataFrame({"when": MONTHS, "n": STEP})
    steps.append(osw.interrupted(frame, pd.Period("2024-01", "M"), month="when").step)
    for step in steps:
        pd.testing.assert_series_equal(step, steps[0])
    assert 1.2 < steps[0]["rr"] < 1.4


def test_years_are_read_from_numbers_texts_dates_and_periods_alike():
    of = [
        YEARLY.index,
        YEARLY.index.astype(str),
        YEARLY.index.astype(float),
        pd.PeriodIndex(YEARLY.index.astype(str), freq="Y"),
        pd.to_datetime(YEARLY.index.astype(str)),
    ]
    first, *others = [osw.compare_counts(pd.Series(YEARLY.to_numpy(), index)) for index in of]
    for other in others:
        pd.testing.assert_frame_equal(other, first)


def test_a_year_stands_out_only_where_the_others_vary_less():
    calm, wild = [1000, 1010, 990, 1005, 1000, 1300], [1000, 1400, 900, 1350, 1000, 1300]
    of = [osw.compare_counts(pd.Series(n, range(2019, 2025))).loc[2024] for n in (calm, wild)]
    assert [row["change"] for row in of] == pytest.approx([30, 30])
    assert of[0]["lower"] > 0 > of[1]["lower"]
    assert of[0]["p"] < 0.05 < of[1]["p"]


def test_a_short_series_leans_on_those_beside_it():
    short = pd.Series([1000, 1010, 1020], [2022, 2023, 2024])
    beside = [pd.Series([500 + n % 3, 505, 498, 502, 500], range(2020, 2025)) for n in range(6)]
    alone, helped = (osw.compare_counts(short, beside=b).loc[2024] for b in ((), beside))
    assert helped["upper"] - helped["lower"] < alone["upper"] - alone["lower"]


@pytest.mark.parametrize("kind", [list, np.array, pd.Series, lambda n: pd.Series(n, dtype="Int64"), tuple])
def test_rates_take_any_column_of_numbers(kind):
    got = osw.rates(kind([0, 31]), kind([1000, 2000]), per=1000)
    assert got["rate"].tolist() == [0, 15.5]
    assert got["lower"].iloc[0] == 0
    assert got["upper"].iloc[0] == pytest.approx(-np.log(0.025))  # exact for no event
    assert got["lower"].iloc[1] < 15.5 < got["upper"].iloc[1]


def test_rates_of_two_series_go_together_by_their_index_not_their_place():
    events, people = pd.Series([10, 20], ["a", "b"]), pd.Series([200, 100], ["b", "a"])
    assert osw.rates(events, people, per=100)["rate"].tolist() == [10, 10]


@pytest.mark.parametrize(("yes", "no"), [(1, 0), (1.0, 0.0), (True, False), ("ja", "nee"), ("Yes", "NO")])
def test_answers_may_be_numbers_truths_or_words(yes, no):
    answers = ANSWERS.assign(osi=[yes, no, no] * 200)
    assert osw.prevalence(answers, "osi")["pct"].tolist() == pytest.approx([100 / 3], abs=0.05)


def test_a_name_may_stand_for_a_list_of_one():
    one = osw.prevalence(ANSWERS, "osi", weight="w", by="sex", strata="sex")
    pd.testing.assert_frame_equal(
        one, osw.prevalence(ANSWERS, ["osi"], weight="w", by=["sex"], strata=["sex"])
    )


def test_a_protected_table_keeps_its_shape_and_gives_nothing_away():
    table = pd.DataFrame({"x": [12, 3, 40], "y": [15, 9, 38]}, index=["a", "b", "c"])
    got = osw.protect(table)
    assert got.shape == (4, 3)
    for line in (*got.to_numpy(), *got.to_numpy().T):
        assert np.isnan(line).sum() != 1  # a sum with one unknown is no secret
    shown = got.to_numpy()[:-1, :-1]
    assert (np.isnan(shown) | (shown == table.to_numpy())).all()
    assert np.isnan(got.loc["b", "x"])


def test_rows_and_a_crosstab_are_protected_alike():
    people = pd.DataFrame({"place": list("aaaabbbbbbbbbb") * 3, "year": ([2023] * 3 + [2024] * 11) * 3})
    cross = pd.crosstab(people["place"], people["year"], margins=True, margins_name="total")
    wide = osw.protect(cross)
    rows = cross.reset_index().melt(id_vars="place", value_name="n").astype({"year": object})
    long = osw.protect(rows, by=["place", "year"])
    for place, year, count, _ in long.itertuples(index=False):
        np.testing.assert_equal(count, wide.loc[place, year])
    assert set(long["suppression_reason"]) <= {"", "primary", "complementary", "confidential"}


def test_a_table_published_before_protects_nothing_it_showed():
    now = pd.DataFrame({"sex": ["f", "m", "x", "total"], "n": [40, 12, 3, 55]})
    later = osw.protect(now, "sex", earlier=[now.assign(n=[40, 11, 0, 51])])
    assert later.set_index("sex")["suppression_reason"]["x"] in ("primary", "confidential")


REFUSED = {
    "a word for a number": (lambda: osw.rates(["31"], 100), 'row 1, column "events", value "31"'),
    "a truth for a number": (lambda: osw.queue(True, 6, 4), 'column "arrivals", value "True"'),
    "a word in a queue": (lambda: osw.queue("20", 6, 4), 'column "arrivals", value "20"'),
    "an endless number": (lambda: osw.rates([1, np.inf], 100), 'row 2, column "events", value "inf"'),
    "a missing number": (lambda: osw.rates([1, None], 100), "row 2.*is missing"),
    "a half event": (lambda: osw.rates([1.5], 100), "is no whole number"),
    "a part of a post": (lambda: osw.queue(20, 6, 3.5), 'column "servers"'),
    "nobody": (lambda: osw.rates([1], 0), 'column "population"'),
    "a text for alpha": (lambda: osw.rates([1], 10, alpha="5%"), 'column "alpha", value "5%"'),
    "alpha in percent": (lambda: osw.rates([1], 10, alpha=5), "is not between 0 and 1"),
    "a list for a frame": (lambda: osw.prevalence([1, 0], "osi"), 'column "frame": is a list'),
    "a frame without rows": (lambda: osw.prevalence(ANSWERS[:0], "osi"), "has no rows"),
    "a column that is not there": (lambda: osw.prevalence(ANSWERS, "oso"), 'value "oso": there is no such'),
    "a group that is not there": (lambda: osw.prevalence(ANSWERS, "osi", by="wave"), 'value "wave"'),
    "an answer that is none": (
        lambda: osw.prevalence(ANSWERS.assign(osi="perhaps"), "osi"),
        'row 1, column "osi", value "perhaps"',
    ),
    "a total in a table": (
        lambda: osw.protect(pd.crosstab(ANSWERS["sex"], ANSWERS["osi"], margins=True)),
        'value "All": is a total. Leave totals out, or say so: total="All"',
    ),
    "words in a table": (lambda: osw.protect(pd.DataFrame({"a": ["x"]})), 'value "x"'),
    "a cell twice": (
        lambda: osw.protect(pd.DataFrame({"a": ["x", "x"], "n": [1, 2]}), by="a"),
        'value "x": stands twice',
    ),
    "a day for a month": (lambda: osw.interrupted(pd.Series(STEP, MONTHS), "1 July"), 'value "1 July"'),
    "a number for a month": (lambda: osw.interrupted(pd.Series(STEP), "2024-01"), 'row 1, column "month"'),
    "a date outside": (lambda: osw.interrupted(pd.Series(STEP, MONTHS), "2030-01"), "lies outside"),
    "a quarter for a month": (
        lambda: osw.interrupted(pd.Series(STEP, pd.period_range("2019Q1", periods=72, freq="Q")), "2024-01"),
        "is no month",
    ),
    "a year twice": (
        lambda: osw.compare_counts(pd.Series([5, 6, 7, 8], [2020, 2020, 2021, 2022])),
        "stands twice",
    ),
    "a year missing": (lambda: osw.compare_counts(pd.Series([5, 6, 7, 8], [2019, 2021, 2022, 2023])), "2020"),
    "a range for years": (lambda: osw.compare_counts([5, 6, 7, 8]), 'column "counts": is a list'),
    "names of rows without an order": (lambda: osw.rates({2020: 5}, 100), 'column "events"'),
    "a missing group": (
        lambda: osw.protect(
            PLACES.assign(region=pd.array(["a", None, *"bbcc"], dtype="string")), ["region", "year"]
        ),
        'row 2, column "region"',
    ),
    "two definitions": (
        lambda: osw.compare_counts(
            pd.DataFrame({"n": YEARLY, "definition_id": ["a.1"] * 3 + ["a.2"] * 3}), value="n"
        ),
        "several definitions",
    ),
    "a table of many posts": (lambda: osw.queue(20, 6, 10**9), "more than a million posts"),
    "nothing before a date": (
        lambda: osw.interrupted(pd.Series([0] * 48 + STEP[:24], MONTHS), "2023-01"),
        "no finite fit",
    ),
    "a unit that is none": (lambda: osw.parse("5 procent", unit="procent"), 'column "unit", value "procent"'),
    "a folder that is not there": (lambda: osw.load(2024, "no such folder"), 'column "root"'),
    "several charts": (lambda: osw.plot(FIGURES, ax=np.empty(2)), 'column "ax": is a ndarray'),
    "a column of texts": (lambda: osw.parse(pd.Series(["5"])), r"is a Series, not a text.*\.map"),
    "bytes": (lambda: osw.check_text(b"5"), "is a bytes, not a text"),
    "a language": (lambda: osw.parse("5", language="fr"), 'value "fr"'),
    "rows to draw": (lambda: osw.plot("sextortion"), 'column "rows"'),
    "a column to draw": (lambda: osw.plot(ANSWERS), 'value "time_period"'),
    "words to draw": (
        lambda: osw.plot(pd.DataFrame({"time_period": ["2024"], "obs_value": ["many"]})),
        'row 1, column "obs_value", value "many"',
    ),
    "a period to draw": (
        lambda: osw.plot(pd.DataFrame({"time_period": ["last year"], "obs_value": [1]})),
        'row 1, column "time_period", value "last year"',
    ),
}


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED)
def test_what_users_pass_first_is_refused_by_its_place(call):
    work, place = call
    with pytest.raises(OswError, match=place):
        work()


ODD = [
    *(
        None,
        True,
        "x",
        "",
        b"x",
        1.5,
        -1,
        np.nan,
        np.inf,
        [],
        {},
        pd.NaT,
        pd.NA,
        object(),
        len,
        {1, 2},
        Path("x"),
    ),
    *(
        10**400,
        1e308,
        5e-324,
        1j,
        Fraction(1, 3),
        Decimal("1"),
        Decimal("sNaN"),
        np.float16(2.5),
        np.datetime64("NaT"),
    ),
    *(
        "9" * 5000,
        "a\0b",
        "\ud800",
        "\x1b[2J",
        [[1]],
        (1, "a"),
        {"a": 1},
        {2020: 5, 2021: 6},
        range(3),
        slice(None),
    ),
    *(np.array(3), np.ones((2, 3)), np.ma.array([1, 2], mask=[0, 1]), np.zeros(2, dtype=[("a", int)])),
    *(
        pd.Series([1, 2]),
        pd.Series(dtype=float),
        pd.DataFrame({"a": [1, 2]}),
        pd.DataFrame(),
        pd.Index([1, 2]),
    ),
    *(pd.Categorical(["a"]), pd.MultiIndex.from_tuples([("a", 1)]), pd.Interval(0, 1), pd.Period("2020Q1")),
    *(
        pd.Timestamp("2020-01-01", tz="Europe/Amsterdam"),
        pd.DataFrame({"a": [1]}).groupby("a"),
        list("\ud800\0"),
    ),
]
FIGURES = pd.DataFrame({"time_period": ["2023", "2024"], "obs_value": [5, 7]})
PLACES = pd.DataFrame({"region": list("aabbcc"), "year": [2020, 2021] * 3, "n": [12, 3, 40, 9, 38, 21]})
TAKES = [  # what each function takes, rightly; every argument of it is tried with whatever else there is
    ("rates", {"events": [1, 2], "population": [3, 4]}),
    ("compare_counts", {"counts": YEARLY}),
    ("compare_counts", {"counts": YEARLY.rename("n").to_frame()}),
    ("interrupted", {"counts": pd.Series(STEP, MONTHS), "date": "2024-01"}),
    ("interrupted", {"counts": pd.DataFrame({"n": STEP}, MONTHS), "date": "2024-01"}),
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


@pytest.mark.parametrize(
    ("name", "rightly", "argument"),
    [(name, rightly, a) for name, rightly in TAKES for a in inspect.signature(getattr(osw, name)).parameters],
)
def test_whatever_is_passed_gives_a_result_or_an_error_of_our_own(name, rightly, argument):
    for odd in (*ODD, *([odd] for odd in ODD)):
        with contextlib.suppress(OswError):
            getattr(osw, name)(**rightly | {argument: odd})


@pytest.mark.parametrize("name", ["series_id", "sex", "time_period", "obs_value", "breakdown", "subject"])
def test_whatever_is_asked_of_a_series_gives_figures_or_an_error_of_our_own(tables, name):
    for odd in (*ODD, *([odd] for odd in ODD)):
        with contextlib.suppress(OswError):
            tables.get("cbs_osi_12m", **{name: odd})
        with contextlib.suppress(OswError):
            tables.find(odd)


TAKEN = [
    "item",
    "n",
    "pct",
    "df",
    "suppressed",
    "suppression_reason",
    "row",
    "within",
    "kind",
    "index",
    0,
    "w2",
]


@pytest.mark.parametrize("name", TAKEN)
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
    counts = osw.protect(PLACES, ["region", "year"], count="n")["n"].tolist()
    got = []
    for frame, of, call in calls:
        with contextlib.suppress(InputError):
            got.append(call(frame.rename(columns={of: name})).tolist())
            assert got[-1] == pytest.approx(known if frame is ANSWERS else counts, nan_ok=True)
    assert name != "w2" or len(got) == len(calls)


def test_tables_published_before_have_the_shape_of_the_table():
    def rows(table):
        whole = table.assign(total=table.sum(axis=1))
        whole.loc["total"] = whole.sum()
        return whole.rename_axis("row").reset_index().melt("row", var_name="column", value_name="count")

    draw, told = np.random.default_rng(31), 0
    for _ in range(12):
        now, since = draw.integers(5, 40, (3, 2)), draw.integers(0, 2, (3, 2))
        wide, before = (pd.DataFrame(n, list("abc"), ["x", "y"]) for n in (now, now - since))
        got = osw.protect(wide, earlier=[before])
        told += int(got.isna().to_numpy().sum() > osw.protect(wide).isna().to_numpy().sum())
        long = osw.protect(rows(wide), ["row", "column"], earlier=[rows(before)])
        assert got.melt()["value"].tolist() == pytest.approx(long["count"].tolist(), nan_ok=True)
    assert told  # one more since the table before would tell somebody


def test_a_chart_shows_every_value_and_no_line_crosses_a_break(tables):
    rows = tables.get("helpwanted_requests_subject", subject="sextortion")
    axes = osw.plot(rows)
    drawn = [(float(x), float(y)) for line in axes.lines for x, y in zip(*line.get_data(), strict=True)]
    values = list(zip(rows["time_period"].astype(float), rows["obs_value"], strict=True))
    assert set(values) <= set(drawn)
    stretches = [set(line.get_xdata()) for line in axes.lines]
    assert not any({2018.0, 2023.0} <= stretch for stretch in stretches)


@pytest.mark.parametrize("first", ["2023-01", "2022-11"])
def test_months_stand_at_one_place_whether_texts_dates_or_periods(first):
    months = pd.period_range(first, periods=5, freq="M")
    drawn = [
        osw.plot(pd.DataFrame({"time_period": kind, "obs_value": range(5)})).lines[0].get_xdata()
        for kind in (months.astype(str), months.to_timestamp(), months.to_timestamp().date, months)
    ]
    for other in drawn[1:]:
        np.testing.assert_allclose(other, drawn[0])
