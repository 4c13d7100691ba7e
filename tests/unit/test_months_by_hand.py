"""Interrupted series against plain least squares: fit, errors, steps, excess, variants; dates at their edges."""

import math

import numpy as np
import pytest
from scipy import stats

from osw_stats.analysis.months import counterfactual, its_variants
from osw_stats.analysis.months.interrupted import (
    Fit,
    Model,
    design,
    diagnostics,
    fit,
    months_from,
    moved,
    negative_binomial,
    table,
)
from osw_stats.analysis.months.monthly import monthly_series
from osw_stats.errors import InputError, NotEstimableError
from tests.plain_fits import poisson_fit
from tests.simulated import months, simulated

SERIES = simulated(5, step=0.2)
LAST_SIX = Model(SERIES.months[-6])
FITTED = fit(SERIES, LAST_SIX)
POST = FITTED.names.index("post")
PLAIN = poisson_fit(FITTED.design, SERIES.counts, np.log(SERIES.days))


def bartlett(lags):
    """Return Newey and West's errors: scores within `lags` months weigh 1 - lag / (lags + 1)."""
    b, information, _, _ = PLAIN
    score = FITTED.design * (SERIES.counts - np.exp(FITTED.design @ b + np.log(SERIES.days)))[:, None]
    meat = score.T @ score
    for lag in range(1, lags + 1):
        cross = score[lag:].T @ score[:-lag]
        meat += (1 - lag / (lags + 1)) * (cross + cross.T)
    bread = np.linalg.inv(information)
    return np.sqrt(np.diag(bread @ meat @ bread))


class TestDesign:
    def test_columns_by_hand(self):
        series = monthly_series("x", months("2020-01", 30), [100 + n % 5 for n in range(30)])
        x, names = design(series, Model("2021-06", harmonics=1, pulses=(("2020-02", "2020-03"), ("2030-01", "2030-02"))), 17)  # fmt: skip
        assert names == (
            "const",
            "t",
            "post",
            "t_post",
            "s1",
            "c1",
            "pulse1",
        )  # nothing lies in the second pulse
        assert x[:, 1].tolist() == list(range(30))
        assert x[:, 2].tolist() == [0.0] * 17 + [1.0] * 13
        assert x[:, 3].tolist() == [0.0] * 17 + list(range(13))
        # a quarter of a year on: sine 1 in March, cosine -1 in June
        assert (x[2, 4], x[5, 5]) == (pytest.approx(1), pytest.approx(-1))
        assert x[:, 6].tolist() == [0, 1, 1] + [0] * 27

    def test_levels_of_months_leave_january_out(self):
        series = monthly_series("x", months("2020-01", 24), [100 + n % 5 for n in range(24)])
        x, names = design(series, Model("2021-12", dummies=True), 23)
        assert names[3:] == tuple(f"m{m}" for m in range(2, 13))
        assert x[0, 3:].tolist() == [0] * 11
        assert x[11, 3:].tolist() == [0] * 10 + [1]

    @pytest.mark.parametrize(("after", "slope"), [(18, True), (19, False)])
    def test_a_year_after_the_date_has_a_slope(self, after, slope):
        series = monthly_series("x", months("2020-01", 30), [100 + n % 5 for n in range(30)])
        assert ("t_post" in design(series, Model("2021-06"), after)[1]) is slope
        assert "t_post" in design(series, Model("2021-06", slope=True), 29)[1]

    def test_harmonics_go_up_to_the_number_asked(self):
        names = design(SERIES, Model("2024-07", harmonics=3), 102)[1]
        assert names[3:] == ("s1", "c1", "s2", "c2", "s3", "c3")
        assert len(design(SERIES, Model("2024-07", harmonics=0), 102)[1]) == 3
        assert Model("2024-07").harmonics == 2

    @pytest.mark.parametrize(("before", "fits"), [(24, True), (23, False)])
    def test_two_years_before_the_date_are_needed(self, before, fits):
        # seven terms in 24 + 7 months leave more than twelve
        series = monthly_series("x", months("2020-01", before + 7), [100 + n % 7 for n in range(before + 7)])
        if fits:
            assert fit(series, Model(series.months[before])).n_post == 7
        else:
            with pytest.raises(NotEstimableError, match="only 23 months lie before"):
                fit(series, Model(series.months[before]))

    @pytest.mark.parametrize(("harmonics", "fits"), [(4, True), (5, False)])
    def test_twelve_months_more_than_terms_are_needed(self, harmonics, fits):
        # 25 months: 3 + 2 x 4 = 11 terms leave 14, 3 + 2 x 5 = 13 leave 12 but one too few before the date
        series = monthly_series("x", months("2020-01", 25), [100 + (n * n) % 7 for n in range(25)])
        model = Model(series.months[24], harmonics=harmonics)
        left = 25 - 3 - 2 * harmonics
        assert left >= 12
        if fits:
            assert fit(series, model).df == left
        else:
            assert fit(series, model).df == 12
            with pytest.raises(NotEstimableError, match="cannot be told apart"):
                fit(series, moved(Model(series.months[24], harmonics=harmonics, pulses=(("2020-03", "2020-03"),)), series.months[24]))  # fmt: skip


class TestFit:
    def test_coefficients_dispersion_and_errors(self):
        b, information, phi, residuals = PLAIN
        assert FITTED.params == pytest.approx(b, rel=1e-6, abs=1e-9)
        assert FITTED.phi == pytest.approx(phi)
        poisson = np.sqrt(np.diag(np.linalg.inv(information)))
        assert FITTED.se("poisson") == pytest.approx(poisson, rel=1e-6)
        assert FITTED.se("quasi") == pytest.approx(poisson * math.sqrt(phi), rel=1e-6)
        assert FITTED.residuals == pytest.approx(residuals, rel=1e-5, abs=1e-6)
        assert (FITTED.df, FITTED.n_post) == (101, 6)
        assert FITTED.r1 == pytest.approx(sum(residuals[1:] * residuals[:-1]) / sum(residuals**2))

    def test_the_errors_of_newey_and_west(self):
        for lags in (3, 6):
            assert FITTED.se(f"hac{lags}") == pytest.approx(bartlett(lags), rel=1e-5)
        assert FITTED.se("hac3_adjusted") == pytest.approx(bartlett(3) * math.sqrt(108 / 101), rel=1e-5)

    def test_the_recommended_error_by_hand(self):
        r = FITTED.r1 + (1 + 4 * FITTED.r1) * 7 / (2 * 108)
        r = min(max(r, 0), 0.9)
        assert FITTED.r1_corrected == pytest.approx(r)
        larger = np.maximum(FITTED.se("quasi"), FITTED.se("hac3_adjusted"))
        assert FITTED.se() == pytest.approx(larger * math.sqrt((1 + r) / (1 - r)))

    @pytest.mark.parametrize(("residuals", "corrected"), [((1, -1) * 54, 0), ((1,) * 108, 0.9)])
    def test_a_corrected_correlation_lies_between_none_and_nine_tenths(self, residuals, corrected):
        made = Fit(SERIES, LAST_SIX, FITTED.names, FITTED.design, FITTED.result)
        made.__dict__["residuals"] = np.array(residuals, dtype=float)
        assert made.r1_corrected == corrected

    def test_a_step_by_hand(self):
        for normal, q in ((False, stats.t.ppf(0.95, 101)), (True, stats.norm.ppf(0.95))):
            found = FITTED.step("quasi", alpha=0.1, normal=normal)
            b, se = FITTED.params[POST], FITTED.se("quasi")[POST]
            assert (found["estimate"], found["se"], found["t"]) == pytest.approx((b, se, b / se))
            assert (found["lower"], found["upper"]) == pytest.approx((b - q * se, b + q * se))
            assert (found["rr"], found["rr_lower"], found["rr_upper"]) == pytest.approx((math.exp(b), math.exp(b - q * se), math.exp(b + q * se)))  # fmt: skip
            tail = stats.norm.sf(abs(b / se)) if normal else stats.t.sf(abs(b / se), 101)
            assert found["p"] == pytest.approx(2 * tail)

    def test_the_power_is_eighty_percent(self):
        reach = (stats.t.ppf(0.975, 101) + stats.t.ppf(0.8, 101)) * FITTED.se()[POST]
        assert FITTED.detectable() == pytest.approx(math.exp(reach))

    def test_the_table_and_its_foot(self):
        found, half = table(FITTED), stats.t.ppf(0.975, 101) * FITTED.se()
        assert found["lower"].tolist() == pytest.approx((FITTED.params - half).tolist())
        assert found["upper"].tolist() == pytest.approx((FITTED.params + half).tolist())
        assert found["rr"].tolist() == pytest.approx(np.exp(FITTED.params).tolist())
        foot = diagnostics(FITTED).iloc[0]
        e = FITTED.residuals
        rho = [sum(e[k:] * e[:-k]) / sum(e * e) for k in range(1, 13)]
        # the residuals of this fit add up to nearly nothing, so that their mean may be left out
        q = 108 * 110 * sum(r * r / (108 - k) for k, r in enumerate(rho, start=1))
        assert foot["ljungbox_p"] == pytest.approx(stats.chi2.sf(q, 12), abs=0.01)
        assert (foot["rho1"], foot["n_pre"], foot["slope"]) == (pytest.approx(rho[0]), 102, False)
        assert foot["detectable_rr"] == FITTED.detectable()

    def test_negative_binomial_counts_have_the_variance_they_say(self):
        params, se, theta = negative_binomial(FITTED)
        mu = np.exp(FITTED.design @ params + np.log(SERIES.days))
        w = mu / (1 + mu / theta)
        # the score equations hold, and the errors are those of the weights mu / (1 + mu / theta)
        score = FITTED.design.T @ ((SERIES.counts - mu) / (1 + mu / theta))
        assert score == pytest.approx(np.zeros(len(params)), abs=1e-2)
        information = FITTED.design.T @ (w[:, None] * FITTED.design)
        assert se == pytest.approx(np.sqrt(np.diag(np.linalg.inv(information))), rel=1e-4)


class TestExcess:
    def test_by_the_delta_method(self):
        found = counterfactual.excess_total(FITTED, recommended=False)
        x = FITTED.design[-6:].copy()
        x[:, POST] = 0
        mu = np.exp(x @ FITTED.params + np.log(SERIES.days[-6:]))
        gradient = mu @ x
        covariance = PLAIN[2] * np.linalg.inv(PLAIN[1])
        se = math.sqrt(gradient @ covariance @ gradient)
        sd = math.sqrt(se**2 + PLAIN[2] * mu.sum())
        observed = SERIES.counts[-6:].sum()
        assert (found["observed"], found["expected"]) == (observed, pytest.approx(mu.sum()))
        assert (found["expected_se"], found["sd"]) == pytest.approx((se, sd), rel=1e-5)
        assert found["excess"] == pytest.approx(observed - mu.sum())
        assert (found["lower"], found["upper"]) == pytest.approx((observed - mu.sum() - 1.959964 * sd, observed - mu.sum() + 1.959964 * sd), rel=1e-5)  # fmt: skip
        assert found["percent"] == pytest.approx(100 * (observed / mu.sum() - 1))
        assert counterfactual.expected(FITTED)[-6:] == pytest.approx(mu)

    def test_the_recommended_one_scales_by_the_error_of_the_step(self):
        wide, plain = (counterfactual.excess_total(FITTED, recommended=r) for r in (True, False))
        ratio = FITTED.se()[POST] / FITTED.se("quasi")[POST]
        assert wide["sd"] == pytest.approx(ratio * plain["sd"])
        half = (wide["upper"] - wide["lower"]) / 2
        assert half == pytest.approx(stats.t.ppf(0.975, 101) * wide["sd"])

    def test_every_month_alone_and_added_up(self):
        found = counterfactual.excess_by_month(FITTED)
        assert found["month"].tolist() == list(SERIES.months[-6:])
        assert found["observed"].tolist() == SERIES.counts[-6:].tolist()
        assert (found["observed"] - found["expected"]).tolist() == pytest.approx(found["excess"].tolist())
        assert found["cum_excess"].tolist() == pytest.approx(np.cumsum(found["excess"]).tolist())
        # limits of what was to be expected lie around it
        middle = (found["lower"] + found["upper"]) / 2
        assert middle.tolist() == pytest.approx(found["expected"].tolist())
        assert (found["lower"] < found["upper"]).all()

    def test_a_change_of_slope_is_taken_out_as_well(self):
        series = simulated(6, step=0.2, post=20)
        fitted = fit(series, Model(series.months[-20], slope=True))
        x = fitted.design.copy()
        x[:, [fitted.names.index("post"), fitted.names.index("t_post")]] = 0
        assert counterfactual.expected(fitted) == pytest.approx(np.exp(x @ fitted.params) * series.days)


class TestVariants:
    FOUND = its_variants.sensitivity(SERIES, LAST_SIX).set_index("variant")

    def check(self, name, made, kind="recommended"):
        step = made.step(kind)
        assert self.FOUND.loc[name, ["rr", "lower", "upper"]].tolist() == pytest.approx([step["rr"], step["rr_lower"], step["rr_upper"]])  # fmt: skip

    def test_other_errors_and_seasons(self):
        for name, kind in (("primary", "recommended"), ("quasi_poisson", "quasi"), ("hac3", "hac3"), ("hac6", "hac6")):  # fmt: skip
            self.check(name, FITTED, kind)
        self.check("one_harmonic", fit(SERIES, Model(LAST_SIX.date, harmonics=1)))
        self.check("three_harmonics", fit(SERIES, Model(LAST_SIX.date, harmonics=3)))
        self.check("month_levels", fit(SERIES, Model(LAST_SIX.date, dummies=True)))

    def test_three_years_before_two_months_less_and_three_months_aside(self):
        self.check("local_trend", fit(SERIES.part(102 - 36, 108), LAST_SIX))
        self.check("without_last_months", fit(SERIES.part(0, 106), LAST_SIX))
        for steps in (-3, 3):
            date = months_from(LAST_SIX.date, steps)
            self.check(f"date {date}", fit(SERIES, Model(date)))
        assert sum(n.startswith("date ") for n in self.FOUND.index) == 2
        assert sum(n.startswith("without 20") for n in self.FOUND.index) == 6

    def test_a_step_without_a_slope_stands_beside_one_with_it(self):
        for after, there in ((12, True), (11, False)):
            series = simulated(6, post=after)
            model = Model(series.months[-after])
            found = its_variants.sensitivity(series, model).set_index("variant")
            assert ("step_only" in found.index) is there
            if there:
                only = fit(series, Model(model.date, slope=False)).step()
                assert found.loc["step_only", "rr"] == pytest.approx(only["rr"])
                assert found.loc["primary", "rr"] != pytest.approx(only["rr"], rel=1e-3)

    def test_negative_binomial_and_autocorrelated_errors(self):
        params, se, _ = negative_binomial(FITTED)
        t = stats.t.ppf(0.975, 101)
        row = self.FOUND.loc["negative_binomial"]
        assert (row["rr"], row["upper"]) == pytest.approx((math.exp(params[POST]), math.exp(params[POST] + t * se[POST])))  # fmt: skip
        # AR(1): what is left of each month after the correlated part of the one before
        r, y, x = FITTED.r1_corrected, np.log(SERIES.counts / SERIES.days), FITTED.design
        white_y, white_x = y[1:] - r * y[:-1], x[1:] - r * x[:-1]
        b, rss, _, _ = np.linalg.lstsq(white_x, white_y, rcond=None)
        error = math.sqrt(rss[0] / (107 - 7) * np.linalg.inv(white_x.T @ white_x)[POST, POST])
        row = self.FOUND.loc["glsar"]
        assert (row["rr"], row["lower"]) == pytest.approx((math.exp(b[POST]), math.exp(b[POST] - t * error)), rel=1e-4)  # fmt: skip

    def test_a_month_of_zero_has_no_logarithm(self):
        counts = SERIES.counts.tolist()
        counts[50] = 0
        made = its_variants.sensitivity(monthly_series("x", SERIES.months, counts), LAST_SIX).set_index(
            "variant"
        )
        assert "month is 0" in made.loc["glsar", "reason"]
        assert math.isnan(made.loc["glsar", "rr"])

    def test_a_part_may_be_all_of_a_month_and_no_more(self):
        whole = monthly_series("x", months("2020-01", 3), [5, 6, 7])
        part = monthly_series("y", months("2020-02", 2), [6, 1])
        assert its_variants.subtract(whole, part).counts.tolist() == [5, 0, 6]
        assert whole.counts.tolist() == [5, 6, 7]
        with pytest.raises(InputError, match="counts more than"):
            its_variants.subtract(whole, monthly_series("y", months("2020-02", 2), [7, 1]))

    def test_the_control_needs_two_years_before_as_well(self):
        series = monthly_series("x", months("2020-01", 32), [100 + n % 7 for n in range(32)])
        other = monthly_series("y", months("2020-01", 32), [500 + n % 5 for n in range(32)])
        assert its_variants.against_control(series, other, Model(series.months[24]))[0] > 0
        with pytest.raises(NotEstimableError, match="only 23 months"):
            its_variants.against_control(series, other, Model(series.months[23]))
