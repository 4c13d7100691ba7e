"""Monthly series around a date: against plain least squares, by hand, and on SIMULATED series with known truth."""

import math
from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from osw_stats import errors
from osw_stats.errors import InputError, NotAskedError, NotEstimableError
from osw_stats.shelf.months import interrupted, study
from osw_stats.shelf.months.interrupted import Fit, Model, design, excess, expected, fit, negative_binomial
from osw_stats.shelf.months.series import monthly_series
from osw_stats.shelf.months.study import placebo_dates, sensitivity
from osw_stats.stats.downloaded import monthly, offences
from tests.cases import table
from tests.simulated import cells, months, simulated

SERIES = simulated(5, step=0.2)
LAST_SIX = Model(SERIES.months[-6])
FITTED = fit(SERIES, LAST_SIX)


def last_six(series):
    return Model(series.months[-6])


class TestSeries:
    @table(__file__, "no_models", "model error problem")
    def test_a_model_that_the_months_do_not_allow_is_refused(self, model, error, problem):
        series = monthly_series("reports", months("2020-01", 40), [100 + n % 7 for n in range(40)])
        with pytest.raises(getattr(errors, error), match=problem):
            fit(series, Model(**model))

    def test_the_latest_table_of_the_whole_country_counts(self):
        when = months("2020-01", 3)
        parts = [cells("1.4.1", when, [1, 2, 3]), cells("1.4.1", when, [4, 5, 6], known_by="2025-01-01")]
        later = {"known_by": "2026-01-01"}
        parts += [cells("3.2.1", when, [7, 8, 9], **later), cells("1.4.1", ["2020"], [99], **later)]
        parts += [cells("1.4.1", when, [9, 9, 8], **later, region="PV20")]
        tables = pd.concat(parts, ignore_index=True)
        rows = monthly(tables, "1.4.1")
        assert (rows["value"].tolist(), set(rows["known_by"])) == ([4, 5, 6], {"2025-01-01"})
        assert offences(tables) == {"1.4.1", "3.2.1"}
        assert study.months_before(rows, "2020-03") == 2
        cleared, quarters = tables.assign(measure_label="Opgehelderd"), tables.assign(time_period="2020-Q1")
        of_region = tables[tables["dims"].str.contains("PV20")]
        for nothing in (pd.DataFrame(), tables.iloc[:0], of_region, cleared, quarters):
            with pytest.raises(NotAskedError, match=r"holds 1\.4\.1 by month"):
                monthly(nothing, "1.4.1")


class TestDesign:
    def test_columns_by_hand(self):
        series = monthly_series("x", months("2020-01", 30), [100 + n % 5 for n in range(30)])
        pulses = (("2020-02", "2020-03"), ("2030-01", "2030-02"))  # nothing lies in the second
        x, names = design(series, Model("2021-06", harmonics=1, pulses=pulses), 17)
        assert names == ("const", "t", "post", "t_post", "s1", "c1", "pulse1")
        assert x[:, 1].tolist() == list(range(30))
        assert x[:, 2].tolist() == [0.0] * 17 + [1.0] * 13
        assert x[:, 3].tolist() == [0.0] * 17 + list(range(13))
        # a quarter of a year on: sine 1 in March, cosine -1 in June
        assert (x[2, 4], x[5, 5]) == (pytest.approx(1), pytest.approx(-1))
        assert x[:, 6].tolist() == [0, 1, 1] + [0] * 27
        # a slope needs a year after the date, unless somebody asks for it
        asked = [(18, None), (19, None), (29, True), (18, False)]
        slopes = ["t_post" in design(series, Model("2021-06", slope=s), after)[1] for after, s in asked]
        assert slopes == [True, False, True, False]


class TestFit:
    def test_the_careful_error_by_hand(self):
        r = min(max(FITTED.r1 + (1 + 4 * FITTED.r1) * 7 / (2 * 108), 0), 0.9)
        larger = np.maximum(FITTED.quasi.se, FITTED.hac(3) * math.sqrt(108 / 101))
        more = r + 0.75 * math.sqrt((1 - r**2) / 108)
        assert FITTED.se() == pytest.approx(larger * math.sqrt((1 + more) / (1 - more)))
        # as many months as hang apart, less the terms
        t = stats.t.ppf(0.975, max(3, 108 * (1 - r) / (1 + r) - 7))
        assert FITTED.quantile(0.05) == pytest.approx(t)
        for residuals, corrected in (((1, -1) * 54, 0), ((1,) * 108, 0.9)):
            forced = Fit(SERIES, LAST_SIX, FITTED.names, FITTED.design, FITTED.quasi)
            forced.__dict__["residuals"] = np.array(residuals, dtype=float)
            assert forced.r1_corrected == corrected

    def test_a_step_and_its_power_by_hand(self):
        step, t = FITTED.step(alpha=0.1), stats.t.ppf(0.95, 101)
        b, se = FITTED.params[FITTED.post], FITTED.se()[FITTED.post]
        assert (step["estimate"], step["se"], step["t"]) == pytest.approx((b, se, b / se))
        ends = [math.exp(b), math.exp(b - t * se), math.exp(b + t * se)]
        assert [step["rr"], step["rr_lower"], step["rr_upper"]] == pytest.approx(ends)
        assert step["p"] == pytest.approx(2 * stats.t.sf(abs(b / se), 101))
        reach = (stats.t.ppf(0.975, 101) + stats.t.ppf(0.8, 101)) * FITTED.se()[FITTED.post]
        assert FITTED.detectable() == pytest.approx(math.exp(reach))

    def test_the_table_and_its_foot(self):
        frame, half = interrupted.table(FITTED), stats.t.ppf(0.975, 101) * FITTED.se()
        assert frame["term"].tolist() == list(FITTED.names)
        assert frame["rr_lower"].tolist() == pytest.approx(np.exp(FITTED.params - half).tolist())
        foot, e = interrupted.diagnostics(FITTED).iloc[0], FITTED.residuals

        # Ljung and Box's Q against that of errors that do not hang together, each fitted as the counts are
        def q(e):
            rho = [sum(e[k:] * e[:-k]) / sum(e * e) for k in range(1, 13)]
            return sum(r * r / (len(e) - k) for k, r in enumerate(rho, start=1))

        x, larger = FITTED.design * np.sqrt(FITTED.result.mu)[:, None], []
        for drawn in np.random.default_rng(8).normal(size=(600, 108)):
            larger.append(q(drawn - x @ np.linalg.lstsq(x, drawn, rcond=None)[0]) >= q(e))
        assert foot["ljungbox_p"] == pytest.approx(np.mean(larger), abs=0.05)
        assert foot["rho1"] == pytest.approx(sum(e[1:] * e[:-1]) / sum(e * e))
        assert (foot["n_pre"], foot["n_post"]) == (102, 6)
        assert foot["detectable_rr"] == FITTED.detectable()

    def test_there_is_no_theta_without_overdispersion(self):
        # binomial counts vary less than Poisson
        counts = np.random.default_rng(1).binomial((66 * SERIES.days).astype(int), 0.5)
        assert negative_binomial(fit(monthly_series("b", SERIES.months, counts), LAST_SIX))[2] == math.inf


class TestExcess:
    def test_every_month_alone_and_added_up(self):
        frame = interrupted.excess_by_month(FITTED)
        assert frame["month"].tolist() == list(SERIES.months[-6:])
        assert (frame["observed"] - frame["expected"]).tolist() == pytest.approx(frame["excess"].tolist())
        assert frame["cum_excess"].tolist() == pytest.approx(np.cumsum(frame["excess"]).tolist())
        # limits of what was to be expected lie around it
        assert ((frame["lower"] + frame["upper"]) / 2).tolist() == pytest.approx(frame["expected"].tolist())
        # what was expected is as unsure as the careful error of the step says; counts hang together by their correlation
        ratio, r = FITTED.se()[FITTED.post] / FITTED.quasi.se[FITTED.post], FITTED.r1_careful
        plain = excess(FITTED, 102, 108, scale=1.0, quantile=stats.t.ppf(0.975, 101))
        width = frame["cum_upper"].iloc[-1] - frame["cum_lower"].iloc[-1]
        together = np.mean(np.array([r ** abs(i - j) for i in range(6) for j in range(6)])) * 6
        noise = plain["sd"] ** 2 - plain["expected_se"] ** 2
        sd = math.sqrt((ratio * plain["expected_se"]) ** 2 + together * noise)
        assert width == pytest.approx(2 * FITTED.quantile(0.05) * sd)

    def test_no_more_is_in_excess_than_was_counted(self):
        series = simulated(3, mean=2.0)
        frame = interrupted.excess_by_month(fit(series, last_six(series)))
        assert frame["lower"].min() == 0  # of what was to be expected
        assert (frame["cum_upper"] <= frame["observed"].cumsum()).all()

    def test_a_change_of_slope_is_taken_out_as_well(self):
        series = simulated(6, step=0.2, post=20)
        fitted = fit(series, Model(series.months[-20], slope=True))
        x = fitted.design.copy()
        x[:, [fitted.names.index("post"), fitted.names.index("t_post")]] = 0
        assert expected(fitted) == pytest.approx(np.exp(x @ fitted.params) * series.days)


class TestPlacebos:
    def test_every_date_is_fitted_to_the_end_of_its_own_stretch(self):
        series = simulated(5, n=84)
        dates = placebo_dates(series, last_six(series))
        # month 36 is the first with three years before it, 72 the last whose six months end before the date
        assert dates["date"].tolist() == [*series.months[36:73], series.months[78]]
        assert dates["is_true_date"].tolist() == [False] * 37 + [True]
        for at in (36, 72):
            own = fit(series.part(0, at + 6), Model(series.months[at])).step()
            row = dates.loc[at - 36, ["delta", "se", "t", "n_post"]].tolist()
            assert row == [own["estimate"], own["se"], own["t"], 6]

    def test_a_stretch_that_is_itself_a_pulse_is_no_placebo(self):
        series = simulated(9, n=84)
        pulse = (series.months[60], series.months[65])
        dates = set(placebo_dates(series, Model(series.months[-6], pulses=(pulse,)))["date"])
        assert (series.months[60] in dates, series.months[59] in dates) == (False, True)

    def test_one_date_is_enough(self):
        enough, fewer = (simulated(5, n=n) for n in (48, 47))
        assert len(placebo_dates(enough, last_six(enough))) == 2
        with pytest.raises(NotEstimableError, match="36 months before it and 6 after"):
            placebo_dates(fewer, last_six(fewer))


class TestVariants:
    VARIANTS = sensitivity(SERIES, LAST_SIX).set_index("variant")

    def test_each_changes_one_thing_and_the_primary_one_stands_first(self):
        for name, series in (("primary", SERIES), ("local_trend", SERIES.part(66, 108))):
            step = fit(series, LAST_SIX).step()
            row = self.VARIANTS.loc[name, ["rr", "lower", "upper"]].tolist()
            assert row == pytest.approx([step["rr"], step["rr_lower"], step["rr_upper"]])
        assert self.VARIANTS["primary"].tolist() == [True] + [False] * (len(self.VARIANTS) - 1)
        params, se, _ = negative_binomial(FITTED)
        careful = (FITTED.se() / FITTED.quasi.se)[FITTED.post]  # as the months hang together
        half = FITTED.quantile(0.05) * careful * se[FITTED.post]
        top = math.exp(params[FITTED.post] + half)
        assert self.VARIANTS.loc["negative_binomial", "upper"] == pytest.approx(top)

    def test_pulses_are_left_out_where_there_are_some(self):
        for after in (12, 11):
            series = simulated(6, post=after)
            model = Model(series.months[-after], pulses=((series.months[40], series.months[42]),))
            rows = sensitivity(series, model).set_index("variant")
            bare = fit(series, replace(model, pulses=())).step()
            assert rows.loc["without_pulses", "rr"] == pytest.approx(bare["rr"])

    def test_a_shock_to_both_series_vanishes_beside_the_control(self):
        draws = np.random.default_rng(2)
        base, other = simulated(13, theta=1e6), simulated(14, theta=1e6)
        shock = np.where(np.arange(108) >= 102, 1.5, 1.0) * np.exp(draws.normal(0, 0.03, 108))
        one, two = (monthly_series("s", base.months, (s.counts * shock).round()) for s in (base, other))
        step = fit(one, last_six(base), two).step()
        assert fit(one, last_six(base)).step()["rr"] > 1.4
        assert step["rr_lower"] < 1 < step["rr_upper"]
        assert step["rr"] == pytest.approx(1, abs=0.05)
        with pytest.raises(InputError, match="other months"):
            fit(one, last_six(base), two.part(1, 108))


@pytest.mark.parametrize(
    ("at", "mean", "problem"),
    [
        *((slice(*ends), 50.0, "look withheld") for ends in ((0, 10), (102, 108), (50, 52), (40, 108))),
        (60, 200.0, f"{SERIES.months[60]} has no count where about"),
        (slice(102, 108), 3.0, f"no month from {SERIES.months[102]} on has a count"),
        (60, 3.0, None),
    ],
)
def test_months_without_a_count_are_refused_where_the_level_makes_them_impossible(at, mean, problem):
    counts = simulated(3, mean=mean, theta=1e6).counts.copy()
    counts[at] = 0
    with pytest.raises(NotEstimableError, match=problem) if problem else nullcontext():
        series = monthly_series("x", SERIES.months, counts.tolist())
        assert fit(series, last_six(series)).step()["rr"] > 0


class TestStudy:
    def test_what_the_months_do_not_allow_is_said(self):
        with pytest.raises(NotEstimableError, match="only 34 months lie before"):
            study.study(s := simulated(5, n=40), last_six(s))
        short = study.study(s := simulated(5, n=42), last_six(s))
        assert (short.placebo, short.rank) == (None, None)
        with pytest.raises(NotEstimableError, match="no placebo date is possible"):
            study.placebo(short)
        whole = study.study(s := simulated(5, n=84), last_six(s))
        assert (whole.reason, whole.rank.dates) == ("", len(study.placebo(whole)) - 1)

    def test_the_control_is_all_the_rest_and_the_numbers_are_those_of_the_tables(self):
        series = simulated(5, n=84)
        total = (series.counts * 3 + np.arange(84) % 3).tolist()
        parts = [cells("1.4.1", series.months, series.counts), cells("0.0.0", series.months, total)]
        its = study.of_cells(pd.concat(parts, ignore_index=True), "1.4.1", last_six(series))
        rest = monthly_series("rest", series.months, series.counts * 2 + np.arange(84) % 3)
        relative = fit(series, last_six(series), rest).step()["rr"]
        assert its.sensitivity.set_index("variant").loc["control_series", "rr"] == pytest.approx(relative)
        step, effect = study.step(its), its.fit.step()
        ends = [100 * (effect[k] - 1) for k in ("rr", "rr_lower", "rr_upper")]
        assert [step.value, step.lower, step.upper] == pytest.approx(ends)
        assert (step.verdict == "step_within_ordinary_variation") is (step.lower <= 0 <= step.upper)
        last = its.excess.iloc[-1]
        more = study.excess(its)
        assert (more.value, more.lower, more.upper) == tuple(last[["cum_excess", "cum_lower", "cum_upper"]])

    @table(__file__, "no_study", "counts error problem")
    def test_why_there_is_none(self, counts, error, problem):
        when = months("2020-01", 12)
        tables = pd.concat([cells(code, when, of).dropna(subset="value") for code, of in counts.items()])
        with pytest.raises(getattr(errors, error), match=problem):
            study.of_cells(tables, "1.4.1", Model(when[-6]))
