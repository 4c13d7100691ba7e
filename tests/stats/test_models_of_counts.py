"""Ratios, dispersions, trends and forecasts of counts against values worked by hand or by plain least squares."""

import math
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from osw_stats.errors import NotEstimableError
from osw_stats.meaning.series import series
from osw_stats.stats.counts import multiyear
from osw_stats.stats.counts.rates import backtest, next_year, quasi, rate_ratio
from osw_stats.stats.counts.yearly import COUNTED
from tests.cases import table
from tests.plain_fits import line, percent, poisson_fit
from tests.simulated_figures import frame, listed, yearly

OFFENCES = "police_registered_141"
LONG = (7000, 7600, 7300, 7900, 7400, 8300, 8100, 8800, 8900)
YEARS, COUNTS = (2016, 2017, 2018, 2019, 2020, 2021), (100.0, 121.0, 118.0, 140.0, 155.0, 149.0)


def slope_of(rows):
    (row,) = multiyear.slopes(frame(*rows), alpha=0.05).to_dict("records")
    return row


def trend(counts, cautious=True):
    """Return the logarithm of the year after, how far its limits lie from it, and the dispersion."""
    b, information, phi, _ = poisson_fit(line(len(counts)), counts)
    phi, ahead = max(phi, 1.0 * cautious), np.array([1.0, len(counts)])
    variance = phi * (ahead @ np.linalg.inv(information) @ ahead + 1 / math.exp(ahead @ b))
    if cautious:  # as if the steps, around their mean, add up
        variance = max(variance, np.diff(np.log(counts)).var(ddof=1) * (1 + 1 / (len(counts) - 1)))
    return ahead @ b, stats.t.ppf(0.975, len(counts) - 2) * math.sqrt(variance), phi


def last_year(counts):
    steps = np.diff(np.log(counts))
    return math.log(counts[-1]), stats.t.ppf(0.975, len(steps)) * math.sqrt(np.mean(steps**2))


LARGE = (1, 3, 50, 1000, 10**5, 10**10, 10**14)


@pytest.mark.parametrize(("x1", "x0"), [*product(LARGE, LARGE)])
def test_exact_limits_of_a_ratio_hold_of_any_two_counts_however_unequal(x1, x0):
    """They lie around it, exchange with the counts, widen with the level; a far smaller count is as good as alone (Garwood)."""
    inside = (x1 / x0, x1 / x0)
    for alpha in (0.5, 0.05, 1e-10):
        r, exchanged = rate_ratio(x1, x0, alpha=alpha), rate_ratio(x0, x1, alpha=alpha)
        assert r.exact_lower <= inside[0] * (1 + 1e-9) and inside[1] <= r.exact_upper * (1 + 1e-9)
        assert r.exact_lower * exchanged.exact_upper == pytest.approx(1)
        inside = r.exact_lower, r.exact_upper
        if x1 * 10**5 <= x0:
            alone = stats.gamma.ppf(alpha / 2, x1), stats.gamma.isf(alpha / 2, x1 + 1)
            assert inside == pytest.approx(np.array(alone) / x0, rel=0.1)


class TestRatio:
    @pytest.mark.parametrize("df", [3, 11, 40.5])
    def test_an_estimated_dispersion_brings_the_quantile_of_t(self, df):
        known, estimated = rate_ratio(120, 80, phi=4), rate_ratio(120, 80, phi=4, df=df)
        wide = math.log(estimated.upper / estimated.ratio) / math.log(known.upper / known.ratio)
        assert wide == pytest.approx(stats.t.ppf(0.975, df) / stats.norm.ppf(0.975))
        assert (estimated.p < 0.05) == (not estimated.lower <= 1 <= estimated.upper)
        assert estimated.p > known.p and estimated.phi_break_even == known.phi_break_even


class TestQuasi:
    @table(__file__, "no_fit", "counts columns problem")
    def test_what_leaves_no_fit_is_refused_without_a_warning(self, counts, columns, problem, recwarn):
        with pytest.raises(NotEstimableError, match=problem):
            quasi(np.array(counts, dtype=float), line(len(counts))[:, columns], least_phi=1.0)
        assert len(recwarn) == 0

    def test_counts_on_the_line_are_no_surer_than_chance_and_warn_of_nothing(self, recwarn):
        fitted = quasi(100 * 2.0 ** np.arange(6), line(6), least_phi=1.0)
        assert (fitted.phi, fitted.df, len(recwarn)) == (1.0, 4, 0)

    def test_a_count_of_nought_is_a_count(self):
        y = np.array([0.0, 3, 2, 7, 9, 0, 14])
        b, information, phi, _ = poisson_fit(line(7), y)
        fitted = quasi(y, line(7), least_phi=0.1)
        assert fitted.params == pytest.approx(b) and fitted.phi == pytest.approx(phi)
        assert fitted.se == pytest.approx(np.sqrt(phi * np.diag(np.linalg.inv(information))))
        # and of two columns: of the last three years nobody was in the first
        parts = quasi(np.array([[4.0, 6], [2, 8], [0, 9], [0, 7], [0, 5]]), np.ones((5, 1)), least_phi=0.1)
        assert 1 / (1 + math.exp(-parts.params[0])) == pytest.approx(6 / 41)

    def test_the_dispersion_of_a_share_reckons_with_how_many_were_counted(self):
        rng, x = np.random.default_rng(4), np.column_stack([np.ones(60), np.arange(60) >= 30])
        n = rng.integers(500, 5000, 60)
        y = rng.binomial(n, rng.beta(20, 80, 60))  # shares vary by themselves, far more than such counts
        fitted = quasi(np.column_stack([y, n - y]), x, least_phi=1.0)
        p = np.where(np.arange(60) < 30, y[:30].sum() / n[:30].sum(), y[30:].sum() / n[30:].sum())
        assert fitted.phi == pytest.approx(((y - n * p) ** 2 / (n * p * (1 - p))).sum() / 58)
        assert fitted.phi > 2


class TestForecast:
    @pytest.mark.parametrize("cautious", [False, True])
    def test_the_trend_by_reweighted_least_squares(self, cautious):
        eta, half, phi = trend(np.array(COUNTS), cautious)
        made = next_year(YEARS, COUNTS, cautious=cautious)
        assert (made.year, made.mean, made.phi) == (2022, pytest.approx(math.exp(eta)), pytest.approx(phi))
        assert (made.lower, made.upper) == pytest.approx((math.exp(eta - half), math.exp(eta + half)))

    def test_the_backtest_by_hand_sees_no_year_ahead(self):
        errors, naive, inside = [], [], []
        for n in (4, 5):
            made, true = next_year(YEARS[:n], COUNTS[:n], cautious=True), COUNTS[n]
            errors.append(abs(made.mean - true))
            naive.append(abs(COUNTS[n - 1] - true))
            inside.append(made.lower <= true <= made.upper)
        tested = backtest(YEARS, COUNTS)
        assert (tested.origins, tested.coverage) == (2, sum(inside) / 2)
        assert tested.mae_ratio == pytest.approx(sum(errors) / sum(naive))


class TestSlopes:
    @table(__file__, "how_many_years", "years slopes forecasts refused")
    def test_four_years_make_a_slope_and_five_a_forecast(self, years, slopes, forecasts, refused):
        rows = frame(*yearly(OFFENCES, 2015, LONG[:years]))
        assert len(multiyear.slopes(rows, alpha=0.05)) == slopes
        assert len(multiyear.forecasts(rows, alpha=0.05)) == forecasts
        told = multiyear.refusals(rows).query("series == @OFFENCES")[["analysis", "reason"]]
        assert told.to_numpy().tolist() == ([[refused, "too_few_years"]] if refused else [])

    # of large counts the error of steps that add up is the larger, of few counts that of chance alone
    @pytest.mark.parametrize("counts", [LONG, (20, 21, 22, 23, 25, 26, 27, 29, 30)])
    def test_the_slope_by_reweighted_least_squares_also_without_some_years(self, counts):
        row = slope_of(yearly(OFFENCES, 2015, counts))
        years, y = np.arange(2015.0, 2024), np.array(counts, dtype=float)

        def slope(keep, *more):
            x = np.column_stack([np.ones(keep.sum()), years[keep] - years[keep][0], *more])
            return percent(poisson_fit(x, y[keep])[0][1])

        b, information, phi, residuals = poisson_fit(line(9), y)
        around = (years - years.mean()) / ((years - years.mean()) ** 2).sum()
        adding = np.diff(np.log(y)).std(ddof=1) * math.sqrt(sum(around[at:].sum() ** 2 for at in range(1, 9)))
        phi = max(1.0, phi)
        of_fit = math.sqrt(phi * np.linalg.inv(information)[1, 1])
        assert (of_fit > adding) == (counts != LONG)
        se = max(of_fit, adding)
        t = stats.t.ppf(0.975, 7)
        left_out = [slope(years != year) for year in years]
        assert (row["first"], row["last"], row["years"], row["x1"]) == (2015, 2023, 9, counts[-1])
        expected = {"annual_change": percent(b[1]), "phi": phi, "p": 2 * stats.t.sf(abs(b[1]) / se, 7)}
        expected |= {"lower": percent(b[1] - t * se), "upper": percent(b[1] + t * se)}
        expected |= {"rho1": sum(residuals[1:] * residuals[:-1]) / sum(residuals**2)}
        expected |= {"leave_out_low": min(left_out), "leave_out_high": max(left_out)}
        expected |= {"without_pandemic": slope((years < 2020) | (years > 2021))}
        expected |= {"with_pulse": slope(years > 0, (years == 2022).astype(float))}
        assert {name: row[name] for name in expected} == pytest.approx(expected)

    @pytest.mark.parametrize(("rounded", "tried"), [(8, True), (9, False)])
    def test_every_corner_of_up_to_eight_rounded_years_is_tried(self, rounded, tried):
        rows = yearly(OFFENCES, 2015, LONG)
        exact = slope_of(rows)
        for row in rows[9 - rounded :]:
            row |= {"lower": row["obs_value"] - 50, "upper": row["obs_value"] + 50}
        wide = slope_of(rows)
        assert wide["annual_change"] == pytest.approx(exact["annual_change"])
        assert (wide["lower"] < exact["lower"] - 1e-9) == (wide["upper"] > exact["upper"] + 1e-9) == tried

    def test_rounded_years_take_the_outermost_limits_of_all_corners_and_are_robust_where_these_agree(self):
        walks = [np.cumsum(np.random.default_rng(seed).normal(0.02, 0.01, 8)) for seed in range(12)]
        met, cases = set(), [(np.round(8000 * np.exp(walk), -2), 3, 300) for walk in walks]
        cases.append(([1000.0] * 7 + [1050.0], 1, 50))  # of this one corner has no slope at all
        for counts, rounded, half in cases:
            rows = yearly(OFFENCES, 2012, counts)
            for row in rows[-rounded:]:
                row |= {"lower": row["obs_value"] - half, "upper": row["obs_value"] + half}
            corners = []
            for corner in product(*((row["lower"], row["upper"]) for row in rows[-rounded:])):
                exact = frame(*yearly(OFFENCES, 2012, [*counts[:-rounded], *corner]))
                limits = multiyear.slopes(exact, alpha=0.05)[["lower", "upper"]].to_numpy().tolist()
                corners += limits or [[0, 0]]
            lower, upper = zip(*corners, strict=True)
            wide, verdicts = slope_of(rows), {(low > 0, high < 0) for low, high in corners}
            assert (wide["lower"], wide["upper"]) == pytest.approx((min(lower), max(upper)))
            assert wide["robust_to_rounding"] == (len(verdicts) == 1)
            met.add(len(verdicts))
        assert met == {1, 2}  # both were tried

    @table(__file__, "years_apart", "first years calm pulse")
    def test_years_apart_need_enough_others(self, first, years, calm, pulse):
        # three calm years beside those of the pandemic; six years beside the one of the publicity
        table = multiyear.slopes(frame(*yearly(OFFENCES, first, LONG[:years])), alpha=0.05)
        assert table[["without_pandemic", "with_pulse"]].notna().to_numpy().tolist() == [[calm, pulse]]

    @table(__file__, "no_slope", "rows reason")
    def test_why_there_is_no_slope(self, rows, reason):
        refused = multiyear.refusals(listed(rows)).set_index("series").loc[OFFENCES]
        assert refused["reason"] == reason
        assert ("pair" in refused["analysis"]) is (reason in ("years_missing", "editions_differ"))

    def test_counts_that_never_vary_have_no_slope_and_stop_nothing(self):
        assert multiyear.slopes(frame(*yearly(OFFENCES, 2010, (800,) * 6)), alpha=0.05).empty
        nearly = frame(*yearly(OFFENCES, 2010, (800, 800, 800, 810, 800)))
        assert len(multiyear.slopes(nearly, alpha=0.05)) == 1  # flat when the one year is left out

    def test_every_published_series_has_a_slope_within_one_definition_or_a_reason(self, observations):
        table = multiyear.slopes(observations, alpha=0.05)
        for row in table.to_dict("records"):
            ids = {series(row["series"]).definition_id(str(y)) for y in range(row["first"], row["last"] + 1)}
            assert ids == {row["definition_id"]}
        refused = multiyear.refusals(observations).query("analysis.str.contains('slope')")
        both = pd.concat([table, refused])[["series", "breakdown"]]
        assert sorted(map(tuple, both.to_numpy())) == sorted((c.series_id, c.breakdown) for c in COUNTED)

    def test_a_published_forecast_repeats_the_last_year_where_the_line_did_no_better(self, observations):
        table = multiyear.forecasts(observations, alpha=0.05).set_index("series")
        assert table.loc[[OFFENCES, "ap_complaints"], "definition_same"].tolist() == [False, True]
        naive = table[table["method_code"] == "last_year"]
        assert ((naive["mae_ratio_to_naive"] >= 1) | naive["reason"].eq("naive_exact")).all()
        without = table["mae_ratio_to_naive"].isna()
        assert without.any() and table["reason"].eq("naive_exact").equals(without)


def test_the_coverage_printed_is_that_of_the_method_printed_and_of_no_other(observations):
    """SIMULATED: twenty series that grow steadily, which a line foresees, and twenty that walk, which it does not."""
    rng, methods, unlike = np.random.default_rng(2024), set(), 0
    here = observations["series_id"].eq(OFFENCES)
    for kind in ["growth", "walk"] * 20:
        steps = rng.normal(0.12, 0.01, 12) if kind == "growth" else rng.normal(0, 0.12, 12)
        counts = np.round(5000 * np.exp(np.cumsum(steps)))
        rows = observations[here].assign(obs_value=counts, lower=counts, upper=counts)
        (row,) = multiyear.forecasts(rows, alpha=0.05).to_dict("records")
        share = {}
        for way in (trend, last_year):
            told = [(*way(counts[:n]), math.log(counts[n])) for n in range(4, 12)]
            share[way.__name__] = 100 * np.mean([abs(of[-1] - of[0]) <= of[1] for of in told])
        assert row["backtest_coverage"] == pytest.approx(share[row["method_code"]]), row["method_code"]
        methods.add(row["method_code"])
        unlike += share["trend"] != share["last_year"]
    assert methods == {"trend", "last_year"}
    assert unlike > 5  # else both methods would pass
