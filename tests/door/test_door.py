"""The front door: lazy, documented by examples that run, and alike for every kind of column that pandas has."""

import contextlib
import doctest
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import osw_stats as osw
from osw_stats.errors import InputError
from tests.cases import beside, table
from tests.conftest import PROJECT

CASES = beside(__file__)
PAGE = PROJECT / "docs" / "front_door.md"
MONTHS = pd.period_range("2019-01", periods=72, freq="M")
STEP = [100 + (at * 7) % 11 + 30 * (at >= 60) for at in range(72)]
YEARLY = pd.Series([11800, 11250, 12600, 14450, 14015, 14802], range(2019, 2025))
ANSWERS = pd.DataFrame({"sex": ["f", "m"] * 300, "osi": [1, 0, 0] * 200, "w": [1.0, 1.5] * 300})


@pytest.mark.parametrize(("code", "kept_out", "there"), CASES["imports"])
def test_no_name_imports_more_than_it_needs(code, kept_out, there):
    code += f"; import sys; print(*sorted(m for m in sys.modules if m.startswith({tuple(kept_out)})))"
    line = [sys.executable, "-c", code]
    done = subprocess.run(line, capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout.split() == there


def test_every_name_is_there_and_on_the_page_whose_examples_run_in_three_lines_at_most():
    for name in osw.__all__:
        assert callable(getattr(osw, name)) and name in dir(osw) and name in PAGE.read_text(), name
    with pytest.raises(AttributeError, match="no attribute 'laod'"):
        osw.laod  # noqa: B018
    failed, ran = doctest.testfile(str(PAGE), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert failed == 0 and ran > 20
    blocks = [part.partition("```")[0] for part in PAGE.read_text().split("```python")[1:]]
    assert max(block.count(">>> ") for block in blocks) <= 3


def test_a_series_is_found_by_words_of_either_language(tables):
    for words, series_id in CASES["found"].items():
        assert series_id in tables.find(words)["series_id"].tolist(), words


def test_a_series_comes_in_order_of_time_with_plain_numbers_of_one_unit_and_with_every_group(tables):
    rows = tables.get("police_registered_141")
    assert rows["time_period"].is_monotonic_increasing and rows["obs_value"].dtype == float
    assert set(rows["unit_measure"]) == {"registered_offences"}
    whole = tables.observations.query("series_id == 'police_registered_141'")
    assert rows["obs_value"].sum() == whole["obs_value"].astype(float).sum()
    groups = tables.get("cbs_osi_12m", sex=None, age=None)
    assert len(groups) == (tables.observations["series_id"] == "cbs_osi_12m").sum()
    assert {"female", "male", "total"} == set(groups["sex"])


def test_months_are_read_from_texts_dates_datetimes_and_periods_alike():
    days = MONTHS.to_timestamp()
    kinds = [MONTHS, days, MONTHS.astype(str), [f"{m}-01" for m in MONTHS], days.date, days.to_numpy()]
    kinds += [(days + pd.Timedelta(3, "D")).to_period(unit) for unit in ("D", "h")]
    steps = [osw.interrupted(pd.Series(STEP, index=list(index)), "2024-01").step for index in kinds]
    frame = pd.DataFrame({"when": MONTHS, "n": STEP})
    for date in (pd.Timestamp("2024-01-01"), pd.Period("2024-01", "M")):
        steps.append(osw.interrupted(frame, date, month="when").step)
    for step in steps:
        pd.testing.assert_series_equal(step, steps[0])
    assert 1.2 < steps[0]["rr"] < 1.4


def test_years_are_read_from_numbers_texts_dates_and_periods_alike():
    years, texts = YEARLY.index, YEARLY.index.astype(str)
    of = [years, texts, years.astype(float), pd.PeriodIndex(texts, freq="Y"), pd.to_datetime(texts)]
    of.append(pd.to_datetime(texts).to_period("D"))
    first, *others = [osw.compare_counts(pd.Series(YEARLY.to_numpy(), index)) for index in of]
    for other in others:
        pd.testing.assert_frame_equal(other, first)


def test_a_year_stands_out_where_others_vary_less_and_a_short_series_leans_on_those_beside_it():
    calm, wild = [1000, 1010, 990, 1005, 1000, 1300], [1000, 1400, 900, 1350, 1000, 1300]
    clear, vague = (osw.compare_counts(pd.Series(n, range(2019, 2025))).loc[2024] for n in (calm, wild))
    assert clear["change"] == vague["change"] == pytest.approx(30)
    assert clear["lower"] > 0 > vague["lower"] and clear["p"] < 0.05 < vague["p"]
    short = pd.Series([1000, 1010, 1020], [2022, 2023, 2024])
    beside = [pd.Series([500 + n % 3, 505, 498, 502, 500], range(2020, 2025)) for n in range(6)]
    alone, helped = (osw.compare_counts(short, beside=b).loc[2024] for b in ((), beside))
    assert helped["upper"] - helped["lower"] < alone["upper"] - alone["lower"]


def test_two_counts_that_are_the_same_have_a_p_value_of_one_and_no_more():
    for more in range(1, 60):
        p = osw.compare_counts(pd.Series([100, 100 + more, 100, 100], range(2020, 2024))).loc[2023, "p"]
        assert 1 - 1e-9 < p <= 1


@pytest.mark.parametrize("kind", [list, np.array, pd.Series, lambda n: pd.Series(n, dtype="Int64"), tuple])
def test_rates_take_any_column_of_numbers(kind):
    got = osw.rates(kind([0, 31]), kind([1000, 2000]), per=1000)
    assert (got["rate"].tolist(), got["lower"].iloc[0]) == ([0, 15.5], 0)
    assert got["upper"].iloc[0] == pytest.approx(-np.log(0.025))  # exact for no event
    assert got["lower"].iloc[1] < 15.5 < got["upper"].iloc[1]


def test_rates_of_two_series_go_together_by_their_index_not_their_place():
    events, people = pd.Series([10, 20], ["a", "b"]), pd.Series([200, 100], ["b", "a"])
    assert osw.rates(events, people, per=100)["rate"].tolist() == [10, 10]


@pytest.mark.parametrize(("yes", "no"), [(1, 0), (1.0, 0.0), (True, False), ("ja", "nee"), ("Yes", "NO")])
def test_answers_may_be_numbers_truths_or_words(yes, no):
    answers = ANSWERS.assign(osi=[yes, no, no] * 200)
    assert osw.prevalence(answers, "osi")["pct"].tolist() == pytest.approx([100 / 3], abs=0.05)
    # a name may stand for a list of one
    one = osw.prevalence(answers, "osi", weight="w", by="sex", strata="sex")
    other = osw.prevalence(answers, ["osi"], weight="w", by=["sex"], strata=["sex"])
    pd.testing.assert_frame_equal(one, other)


def test_rows_and_a_crosstab_are_protected_alike_and_give_nothing_away():
    people = pd.DataFrame({"place": list("aaaabbbbbbbbbb") * 3, "year": ([2023] * 3 + [2024] * 11) * 3})
    cross = pd.crosstab(people["place"], people["year"], margins=True, margins_name="total")
    wide = osw.protect(cross)
    hidden = wide.isna().to_numpy()
    assert wide.shape == cross.shape and (hidden | (wide == cross).to_numpy()).all()
    # a sum with one unknown is no secret
    assert hidden.any() and 1 not in {*hidden.sum(axis=0), *hidden.sum(axis=1)}
    rows = cross.reset_index().melt(id_vars="place", value_name="n").astype({"year": object})
    long = osw.protect(rows, by=["place", "year"])
    for place, year, count, _ in long.itertuples(index=False):
        np.testing.assert_equal(count, wide.loc[place, year])
    assert set(long["suppression_reason"]) <= {"", "primary", "complementary", "confidential"}


@table(__file__, "totals", "counts total refused")
def test_what_equals_all_others_is_a_total_unless_the_total_has_room_for_it(counts, total, refused):
    names = [*(f"p{at}" for at in range(len(counts) - 1)), "Nederland"]
    wide = pd.DataFrame({"n": counts}, names)
    if total is not None:
        wide.loc["total"] = total
    years = [wide.rename_axis("r").reset_index().assign(year=year) for year in (2023, 2024)]
    withheld = years[1].assign(n=years[1]["n"].astype(float).where(years[1]["r"] != "p0"))  # tells nothing
    tables = [(wide,), (wide.T,), (years[0], "r"), (pd.concat(years), ["r", "year"])]
    tables.append((pd.concat([years[0], withheld]), ["r", "year"], "n"))
    for frame, *by in tables:
        how = {"count": "n"} if by else {}
        with pytest.raises(InputError, match="as a total") if refused else contextlib.nullcontext():
            osw.protect(frame, *by[:1], **how)
        if refused and total is None:
            told = osw.protect(frame, *by[:1], **how, total="Nederland")
            assert told.isna().to_numpy().sum() >= 2  # the small one, and another beside it


@pytest.mark.parametrize("after", [True, False])
def test_a_subtotal_beside_its_parts_is_refused_unless_told_or_the_total_leaves_it_no_room(after):
    parts = {"a": [3, 20], "b": [50, 40], "North": [53, 60], "c": [10, 7], "d": [40, 90], "South": [50, 97]}
    wide = pd.DataFrame(parts, ["x", "y"]).T
    table = (wide if after else wide[::-1]).rename_axis("r").melt(ignore_index=False).reset_index()
    for frame, *by in ((wide,), (wide.T,), (table, ["r", "variable"])):
        with pytest.raises(InputError, match=r'value "(North|South)": .*as a subtotal.*within'):
            osw.protect(frame, *by)
    within = pd.DataFrame({"r": list("abcd"), "within": ["North"] * 2 + ["South"] * 2})
    told = osw.protect(table, ["r", "variable"], count="value", within=within.assign(kind=""))
    assert told.set_index(["r", "variable"])["value"].isna()[[("a", "x"), ("b", "x")]].all()
    whole = pd.concat([wide, wide.sum().to_frame("total").T])  # they are places like others
    assert osw.protect(whole).isna().to_numpy().any()


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


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_drawn_is_in_view_beside_the_number_that_it_is(seed):
    rng, size = np.random.default_rng(seed), 10.0 ** (seed - 4)
    months = pd.period_range("2023-01", periods=[1, 2, 5, 12, 40][seed % 5], freq="M")
    value = size * rng.normal(3, 2, len(months))
    ends = {"lower": value - size * rng.exponential(3, len(months)), "upper": value + size / 3}
    axes = osw.plot(pd.DataFrame({"time_period": months, "obs_value": value, **ends}))
    bars = np.array(axes.collections[0].get_segments())[:, :, 1]
    np.testing.assert_allclose(np.column_stack([value, bars]), np.column_stack([value, *ends.values()]))
    low, high = axes.get_ylim()
    assert low <= bars.min() and bars.max() <= high
    for axis, (first, last) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, (low, high))):
        ticks = [tick for tick in axis.get_majorticklocs() if first <= tick <= last]
        said = [float(axis.get_major_formatter()(t).replace("\u2212", "-").replace(",", "")) for t in ticks]
        np.testing.assert_allclose(said, ticks, atol=1e-6 * (last - first))
        assert ticks


@pytest.mark.parametrize("first", ["2023-01", "2022-11"])
def test_months_stand_at_one_place_whether_texts_dates_or_periods(first):
    months = pd.period_range(first, periods=5, freq="M")
    kinds = (months.astype(str), months.to_timestamp(), months.to_timestamp().date, months)
    frames = (pd.DataFrame({"time_period": kind, "obs_value": range(5)}) for kind in kinds)
    first, *others = [osw.plot(frame).lines[0].get_xdata() for frame in frames]
    np.testing.assert_allclose(others, [first] * 3)


@pytest.mark.parametrize("column", ["own", "sex", "region", "series_id", "definition_id"])
@pytest.mark.parametrize("values", [["a", "b"], ["a", np.nan], pd.Categorical(["a", "b"], list("abc"))])
def test_every_group_is_drawn_under_a_name_of_its_own(column, values):
    rows = pd.DataFrame({"time_period": ["2023Q1", "2024-Q1"], "obs_value": [5, 7], column: values})
    axes = osw.plot(rows, by=column if column in ("own", "definition_id") else None)
    named = {line.get_label(): line.get_ydata().tolist() for line in axes.lines}
    assert named == {str(value): [n] for value, n in zip(values, [5, 7], strict=True)}


def test_last_days_of_years_are_drawn_as_years():
    ends = pd.date_range("2023-12-31", periods=2, freq="YE")
    ends = pd.DataFrame({"time_period": ends, "obs_value": [5, 7]})
    assert osw.plot(ends).lines[0].get_xdata().tolist() == [2023, 2024]
