"""Yearly counts: points and stretches, two years compared, verdicts, and what a page says of them (SIMULATED rows)."""

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from osw_stats.errors import NotAskedError, NotEstimableError, NotPublishedError
from osw_stats.meaning.series import series
from osw_stats.stats.counts import changes, multiyear, trend
from osw_stats.stats.counts.rates import rate_ratio, yearly_dispersion
from osw_stats.stats.counts.yearly import COUNTED, Counted, Point, all_points, corners, points, runs
from tests.plain_fits import poisson_fit
from tests.simulated_figures import figure, frame, yearly

OFFENCES, REPORTS, TOTAL, GROWTH = (
    "police_registered_141",
    "police_reports",
    "helpwanted_requests",
    "helpwanted_requests_change",
)
PART = "helpwanted_requests_subject"
COUNTS = (7000, 7600, 7300, 7900, 7400, 8300, 8100, 8800, 8900)
LONG = frame(*yearly(OFFENCES, 2015, COUNTS))
ONE = Point(2020, 100, 100, 100, "a.1", ("x",), "published", 1.0)


def percent(log):
    return 100 * (math.exp(log) - 1)


def with_rows(*rows):
    return frame(*LONG.to_dict("records"), *rows)


def compared(rows, series_id, period):
    return trend.find(trend.pairs(rows, alpha=0.05), series_id, period)


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
        (p,) = points(frame(figure(OFFENCES, "2020", 5.0, known_by="2021-12-31")), Counted(OFFENCES))
        assert p.age == pytest.approx(365 / 365.25)
        assert (p.basis, p.exact, p.observations) == ("published", True, (f"{OFFENCES}/2020/",))

    def test_a_year_follows_from_the_growth_of_the_next_with_a_range(self):
        rate = figure(GROWTH, "2024", 10.0, lower=9.5, upper=10.5)
        before, after = points(frame(figure(TOTAL, "2024", 1320.0), rate), Counted(TOTAL))
        assert (before.year, before.value, before.basis) == (2023, pytest.approx(1200), "implied")
        assert (before.lower, before.upper) == pytest.approx((1320 / 1.105, 1320 / 1.095))
        assert (before.age, len(before.observations), before.exact) == (after.age, 2, False)

    @pytest.mark.parametrize(
        ("more", "expected"),
        [
            ([], [(2023, "implied"), (2024, "published")]),  # an implied year is no base for the one before
            (
                [figure(TOTAL, "2023", 999.0)],
                [(2022, "implied"), (2023, "published"), (2024, "published")],
            ),
        ],
    )
    def test_a_published_year_is_never_replaced_and_an_implied_one_no_base(self, more, expected):
        growth = [figure(GROWTH, year, 10.0) for year in ("2024", "2023")]
        made = points(frame(figure(TOTAL, "2024", 1320.0), *growth, *more), Counted(TOTAL))
        assert [(p.year, p.basis) for p in made] == expected

    def test_growth_of_the_whole_says_nothing_of_a_part(self):
        rows = frame(figure(TOTAL, "2024", 1320.0, breakdown="a=b"), figure(GROWTH, "2024", 10.0))
        assert len(points(rows, Counted(TOTAL, "a=b"))) == 1

    def test_all_series_at_once_are_the_series_one_by_one(self, observations):
        every = all_points(observations)
        assert every == {counted: points(observations, counted) for counted in COUNTED}
        assert sum(map(len, every.values())) > 50
        assert [p.year for p in every[Counted("csg_contacts")]] == [2021, 2022, 2024]  # no chain of growth
        for stretch in (s for counts in every.values() for s in runs(counts)):
            assert len({p.definition_id for p in stretch}) == 1
            assert np.diff([p.year for p in stretch]).tolist() == [1] * (len(stretch) - 1)


class TestStretches:
    @pytest.mark.parametrize(
        ("change", "joined"),
        [
            ({}, True),
            ({"year": 2022}, False),
            ({"definition_id": "a.2"}, False),
            ({"age": -2.0}, True),
            ({"age": -2.01}, False),
            ({"age": 2.0}, True),
        ],
    )
    def test_a_stretch_ends_where_year_definition_or_edition_changes(self, change, joined):
        # the middle year was published with the first, so that it is one year younger; -2 is two years less than that
        middle = replace(ONE, year=2021, age=0.0)
        last = replace(middle, year=2022, age=-1.0)
        assert [len(s) for s in runs([ONE, replace(middle, **change), last])] == ([3] if joined else [])

    def test_what_stands_alone_is_no_stretch(self):
        made = runs([replace(ONE, year=y) for y in (2015, 2017, 2018, 2020, 2021, 2022)])
        assert [[p.year for p in s] for s in made] == [[2017, 2018], [2020, 2021, 2022]]
        assert runs([]) == runs([ONE]) == []

    def test_corners_begin_with_the_printed_counts(self):
        rounded = replace(ONE, lower=95, upper=105)
        assert corners([ONE, rounded]) == [[100, 100], [100, 95], [100, 105]]


class TestPairs:
    def test_a_long_series_tells_its_own_dispersion_without_the_step_in_question(self):
        table = trend.pairs(LONG, alpha=0.05)
        assert table["period1"].tolist() == [str(y) for y in range(2016, 2024)]
        row, phi = trend.find(table, OFFENCES, "2018"), yearly_dispersion(COUNTS, without=3)
        r = rate_ratio(7900, 7300, phi=phi)
        z = r.log_ratio / math.sqrt(phi * (1 / 7900 + 1 / 7300))
        steps = np.diff(np.log(COUNTS)) - np.diff(np.log(COUNTS)).mean()
        assert (row["phi_from"], row["grade"], row["basis"]) == (OFFENCES, "B", "published")
        assert row["definition_same"] and row["robust_to_rounding"]
        expected = {
            "x1": 7900,
            "x0": 7300,
            "phi_used": phi,
            "change": 100 * (7900 / 7300 - 1),
            "lower": 100 * (r.lower - 1),
            "upper": 100 * (r.upper - 1),
            "exact_lower": r.exact_lower,
            "exact_upper": r.exact_upper,
            "p_raw": math.erfc(z / math.sqrt(2)),
            "rho1": sum(steps[1:] * steps[:-1]) / sum(steps**2),
            # 1.959964 for the level and 0.841621 for a power of 80 percent
            "detectable": percent(2.801585 * r.log_ratio / z),
        }
        assert {name: row[name] for name in expected} == pytest.approx(expected, rel=1e-5)
        leap = trend.find(table, OFFENCES, "2020")
        assert leap["day_rr"] == pytest.approx(leap["rr"] * 365 / 366)

    def test_the_false_discovery_rate_is_that_of_benjamini_and_hochberg(self):
        table = trend.pairs(LONG, alpha=0.05)
        p = np.sort(table["p_raw"].to_numpy())
        steps = np.minimum.accumulate((p * len(p) / np.arange(1, len(p) + 1))[::-1])[::-1]
        assert np.sort(table["p_adj"]) == pytest.approx(np.minimum(steps, 1))

    @pytest.mark.parametrize(("years", "own"), [(5, True), (4, False)])
    def test_five_years_are_enough_for_a_dispersion_of_ones_own(self, years, own):
        few = yearly("ap_complaints", 2020 - years, (900, 980, 930, 1010, 990)[:years])
        row = compared(with_rows(*few), "ap_complaints", "2019")
        assert (row["phi_from"] == "ap_complaints") is own
        assert ("of registered offences" in row["method"]) is not own
        assert row["grade"] == ("B" if own else "C")

    @pytest.mark.parametrize(("half", "grade"), [(0.0, "B"), (50.0, "C")])
    def test_the_dispersion_of_the_same_publisher_bridges_exact_counts_only(self, half, grade):
        last = figure(REPORTS, "2023", 1000.0, lower=1000 - half, upper=1000 + half)
        row = compared(with_rows(figure(REPORTS, "2022", 900.0), last), REPORTS, "2023")
        assert (row["phi_from"], row["grade"]) == (OFFENCES, grade)

    def test_rounding_takes_the_outermost_of_all_corners(self):
        rows = LONG.to_dict("records")
        rows[3] |= {"lower": 7850.0, "upper": 7950.0}
        row = compared(frame(*rows), OFFENCES, "2018")
        low, high = (rate_ratio(x, 7300, phi=row["phi_used"]) for x in (7850, 7950))
        assert (row["basis"], row["change"]) == ("rounded", pytest.approx(100 * (7900 / 7300 - 1)))
        assert (row["lower"], row["upper"]) == pytest.approx((100 * (low.lower - 1), 100 * (high.upper - 1)))
        assert (row["exact_lower"], row["exact_upper"]) == (low.exact_lower, high.exact_upper)
        assert row["p_exact"] == max(low.p_exact, high.p_exact)

    def test_what_cannot_be_compared_says_why(self):
        table = trend.pairs(
            with_rows(figure("ap_complaints", "2017", 9.0), figure("ap_complaints", "2019", 9.0)), alpha=0.05
        )
        assert "ap_complaints" not in set(table["series"])  # a gap of two years is no pair
        with pytest.raises(NotPublishedError, match="between 2013 and 2014"):
            trend.find(table, OFFENCES, "2014")
        # without the series that tells the variation there is no pair, and it is named
        with pytest.raises(NotPublishedError) as error:
            compared(frame(figure(REPORTS, "2022", 900.0), figure(REPORTS, "2023", 1000.0)), REPORTS, "2023")
        assert {"series_id": OFFENCES} in error.value.wanted

    def test_a_count_of_nought_has_no_test_and_takes_none_away(self):
        rows = with_rows(figure("ap_complaints", "2022", 900.0), figure("ap_complaints", "2023", 0.0))
        table = trend.pairs(rows, alpha=0.05)
        nought = trend.find(table, "ap_complaints", "2023")
        assert (nought["change"], math.isnan(nought["p_raw"])) == (-100, True)
        assert table["p_adj"].notna().tolist() == table["series"].eq(OFFENCES).tolist()


@pytest.fixture(scope="module")
def pairs(observations):
    return trend.pairs(observations, alpha=0.05)


class TestPublishedFigures:
    """What the page of 2024 must say, and rules that hold for every published series."""

    def test_sextortion_fell_while_the_total_rose(self, pairs):
        subject = trend.find(pairs, PART, "2024", "subject=sextortion")
        total = trend.find(pairs, TOTAL, "2024")
        assert (round(subject["change"], 1), round(total["change"])) == (-7.1, 31)
        assert (total["basis"], subject["basis"]) == ("implied", "published")
        assert subject["lower"] < 0 < subject["upper"]  # not demonstrably, with the dispersion of the police
        assert total["lower"] > 0

    def test_every_series_has_a_slope_within_one_definition_or_a_reason(self, observations):
        table = multiyear.slopes(observations, alpha=0.05)
        for row in table.to_dict("records"):
            ids = {series(row["series"]).definition_id(str(y)) for y in range(row["first"], row["last"] + 1)}
            assert ids == {row["definition_id"]}
        refused = multiyear.refusals(observations).query("analysis.str.contains('slope')")
        both = pd.concat([table, refused])[["series", "breakdown"]]
        assert sorted(map(tuple, both.to_numpy())) == sorted((c.series_id, c.breakdown) for c in COUNTED)

    def test_a_forecast_says_of_breaks_and_repeats_the_last_year_where_the_line_did_no_better(
        self, observations
    ):
        table = multiyear.forecasts(observations, alpha=0.05).set_index("series")
        assert table.loc[[OFFENCES, "ap_complaints"], "definition_same"].tolist() == [False, True]
        naive = table[table["method_code"] == "last_year"]
        assert ((naive["mae_ratio_to_naive"] >= 1) | naive["reason"].eq("naive_exact")).all()
        assert naive.loc[OFFENCES, "mean"] == 8214
        without = table["mae_ratio_to_naive"].isna()
        assert without.any() and table["reason"].eq("naive_exact").equals(without)

    def test_the_simulated_variant_and_its_closed_form_check_each_other(self, observations, pairs):
        row = trend.find(pairs, REPORTS, "2024")
        table = trend.sensitivity(observations, row, alpha=0.05, run_seed=1)
        by = table.drop_duplicates("variant").set_index("variant")
        drawn, exact = by.loc["phi_simulated"], by.loc["t_quantile"]
        assert max(abs(drawn[end] - exact[end]) for end in ("lower", "upper")) < 4 * drawn["mc_se"]
        assert drawn["mc_se"] < 0.01 * (drawn["upper"] - drawn["lower"])
        new = by.loc["without_new_offences", "change"]
        assert new == pytest.approx(100 * ((14802 - 298 - 131) / 14015 - 1))
        assert table.equals(trend.sensitivity(observations, row, alpha=0.05, run_seed=1))


def test_variants_of_one_comparison_by_hand():
    pair = compared(LONG, OFFENCES, "2018")
    table = trend.sensitivity(LONG, pair, alpha=0.05, run_seed=1, draws=4000)
    assert table["primary"].tolist() == [True] + [False] * (len(table) - 1)
    assert table.loc[0, ["change", "lower"]].tolist() == [pair["change"], pair["lower"]]
    fixed, by = table[table["variant"] == "phi_fixed"], table.set_index("variant")
    assert fixed["phi"].tolist() == [1, 2, 5, 10]
    assert fixed["lower"].tolist() == pytest.approx(
        [100 * (rate_ratio(7900, 7300, phi=p).lower - 1) for p in (1, 2, 5, 10)]
    )
    # t with as many degrees of freedom as steps
    half = stats.t.ppf(0.975, len(COUNTS) - 1) * math.sqrt(pair["phi_used"] * (1 / 7900 + 1 / 7300))
    ends = [percent(math.log(7900 / 7300) + sign * half) for sign in (-1, 1)]
    assert by.loc["t_quantile", ["lower", "upper"]].tolist() == pytest.approx(ends)
    around = poisson_fit(np.column_stack([np.ones(9), np.arange(9.0)]), np.array(COUNTS, dtype=float))[2]
    assert by.loc["phi_around_trend", "phi"] == pytest.approx(around)
    assert "without_new_offences" not in by.index


def judged_row(series_id, lower, upper, p, breakdown="", year="2024"):
    row = {"series": series_id, "breakdown": breakdown, "period1": year, "period0": str(int(year) - 1)}
    row |= {"lower": lower, "upper": upper, "p_raw": p, "change": (lower + upper) / 2, "unit": "percent"}
    row |= {"interval_kind": "overdispersed", "observations": "a b", "method": "ratio"}
    return row | {"grade": "B", "basis": "published"}


class TestVerdicts:
    @pytest.mark.parametrize(
        ("lower", "upper", "verdict"),
        [
            (-1, 1, "within_ordinary_variation"),
            (0, 1, "within_ordinary_variation"),
            (-1, 0, "within_ordinary_variation"),
            (0.1, 2, "more_than_ordinary_variation"),
            (-2, -0.1, "more_than_ordinary_variation"),
        ],
    )
    def test_a_change_needs_limits_on_one_side_of_zero(self, lower, upper, verdict):
        rows = pd.DataFrame([judged_row(REPORTS, lower, upper, 0.01)])
        row = changes.judged(rows, [Counted(REPORTS)], 2024, alpha=0.05).iloc[0]
        assert row["verdict"] == changes.change(row).verdict == verdict

    def test_what_is_judged_together_is_corrected_together_and_the_rest_gets_no_verdict(self):
        family = [
            judged_row(REPORTS, 0.1, 2, 0.04),
            judged_row(TOTAL, 0.1, 2, 0.001),
            judged_row("csg_contacts", 0.1, 2, 0.001),
            judged_row(REPORTS, 0.1, 2, 0.001, year="2023"),
            judged_row(PART, 0.1, 2, 0.03, "subject=a"),
            judged_row(PART, 0.1, 2, 0.03, "subject=b"),
        ]
        rows, named = pd.DataFrame(family), [Counted(REPORTS), Counted(TOTAL), Counted(PART, "subject=a")]
        table = changes.judged(rows, named, 2024, alpha=0.05)
        # Holm: 3 x 0.001, then 2 x 0.03, then at least as much
        assert table["p_holm"].dropna().tolist() == pytest.approx([0.06, 0.003, 0.06])
        no, yes = "not_after_correction", "more_than_ordinary_variation"
        assert table["verdict"].tolist() == [no, yes, "", "", no, ""]
        assert table.drop(columns=["p_holm", "verdict"]).equals(rows)

    def test_a_count_of_nought_is_not_judged(self):
        rows = pd.DataFrame([judged_row(REPORTS, math.nan, math.nan, math.nan)])
        table = changes.judged(rows, [Counted(REPORTS)], 2024, alpha=0.05)
        assert table["verdict"].tolist() == [""]
        with pytest.raises(NotEstimableError):
            changes.change(table.iloc[0])
        assert changes.judged(rows.iloc[:0], [Counted(REPORTS)], 2024, alpha=0.05).empty


class TestNumbersOfAPage:
    ROWS = frame(
        *yearly(OFFENCES, 2010, (7000, 7400, 6900, 7300, 7800, 7500, 8100, 7700)),
        figure(TOTAL, "2024", 1320.0),
        figure(GROWTH, "2024", 10.0, lower=9.5, upper=10.5),
        figure(REPORTS, "2024", 1100.0, lower=1050.0, upper=1150.0),
        figure(REPORTS, "2023", 1000.0),
        figure(TOTAL, "2019", math.nan),
    )

    @pytest.mark.parametrize(
        ("series_id", "year", "expected"),
        [
            (REPORTS, 2023, (1000, 1000, "none", "A", "published")),
            (REPORTS, 2024, (1100, 1050, "rounding", "A", "rounded")),
            (TOTAL, 2023, (1200, 1320 / 1.105, "rounding", "B", "implied")),
        ],
    )
    def test_a_count_says_its_period_and_whether_it_was_published(self, series_id, year, expected):
        n = changes.count(self.ROWS, series_id, year)
        assert (n.value, n.lower, n.interval_kind, n.grade, n.basis) == (
            pytest.approx(expected[0]),
            pytest.approx(expected[1]),
            *expected[2:],
        )
        assert n.period == str(year)

    def test_what_was_not_printed_is_named(self):
        assert changes.exact_totals(self.ROWS, REPORTS) == 1
        assert changes.printed(self.ROWS, TOTAL, 2024).value == 1320
        for job, year in ((changes.count, 2019), (changes.printed, 2023)):
            with pytest.raises(NotPublishedError) as error:
                job(self.ROWS, TOTAL, year)
            assert error.value.wanted[0]["time_period"] == str(year)

    def test_growth_is_the_printed_rate_where_the_earlier_total_rests_on_it(self):
        n = changes.growth(self.ROWS, compared(self.ROWS, TOTAL, "2024"))
        assert (n.value, n.lower, n.upper, n.basis, n.period, n.before) == (
            10,
            9.5,
            10.5,
            "published",
            "2024",
            "2023",
        )

    def test_growth_follows_from_the_totals_where_both_are_there_whatever_was_printed(self):
        rows = frame(*self.ROWS.to_dict("records"), figure(TOTAL, "2023", 1650.0))
        for known in (rows, rows[rows["series_id"] != GROWTH]):
            n = changes.growth(known, compared(known, TOTAL, "2024"))
            assert (n.value, n.basis, n.interval_kind) == (pytest.approx(-20), "derived", "none")
        rounded = changes.growth(self.ROWS, compared(self.ROWS, REPORTS, "2024"))
        assert (rounded.value, rounded.lower, rounded.upper) == pytest.approx((10, 5, 15))

    def test_the_variation_is_borrowed_or_ones_own(self):
        row = compared(self.ROWS, REPORTS, "2024")
        assert changes.borrowed_dispersion(row).value == row["phi_used"]
        with pytest.raises(NotAskedError):
            changes.borrowed_dispersion(compared(self.ROWS, OFFENCES, "2017"))

    @pytest.mark.parametrize(
        ("job", "series_id", "year", "words"),
        [
            (changes.break_between, REPORTS, 2023, ""),
            (changes.break_between, REPORTS, 2024, "2024"),  # a break in either year makes them unlike
            (changes.break_between, REPORTS, 2025, "2024"),
            (changes.break_between, REPORTS, 2026, ""),
            (changes.break_between, TOTAL, 2021, ""),
            (changes.break_between, TOTAL, 2022, "2022"),  # known by its year: the day may be any
            (changes.break_between, TOTAL, 2023, "2022"),
            (changes.last_break, TOTAL, 2030, "2022"),
            (changes.last_break, TOTAL, 2021, ""),
        ],
    )
    def test_a_break_is_told_in_the_years_it_makes_unlike(self, job, series_id, year, words):
        if words:
            assert words in job(series_id, year).value["nl"]
        else:
            with pytest.raises(NotAskedError):
                job(series_id, year)
        assert changes.law_date() == date(2024, 7, 1)
