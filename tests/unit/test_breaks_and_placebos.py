"""Placebo dates, breaks at unknown dates, the coming months and series out of tables: by hand and at their edges."""

import math

import numpy as np
import pandas as pd
import pytest

from osw_stats.analysis.draws import generator
from osw_stats.analysis.months import structural
from osw_stats.analysis.months.forecast_months import MONTHS, PATHS, next_months
from osw_stats.analysis.months.interrupted import Model, fit, moved
from osw_stats.analysis.months.its_study import of_cells, study
from osw_stats.analysis.months.monthly import monthly_series, series_of_cells
from osw_stats.analysis.months.placebo import placebo_dates, rank
from osw_stats.errors import InputError, NotAskedError, NotEstimableError
from tests.plain_fits import poisson_fit
from tests.simulated import cells, months, simulated

SERIES = simulated(5, n=84)


class TestPlacebos:
    def test_every_date_is_fitted_to_the_end_of_its_own_stretch(self):
        found = placebo_dates(SERIES, Model(SERIES.months[-6]))
        # month 36 is the first with three years before it, 72 the last whose six months end before the date
        assert found["date"].tolist() == [*SERIES.months[36:73], SERIES.months[78]]
        for at in (36, 72):
            own = fit(SERIES.part(0, at + 6), Model(SERIES.months[at])).step()
            row = found.iloc[at - 36]
            assert (row["delta"], row["se"], row["t"], row["n_post"]) == (
                own["estimate"],
                own["se"],
                own["t"],
                6,
            )
        assert found["is_true_date"].tolist() == [False] * 37 + [True]

    def test_all_months_up_to_the_true_date(self):
        model = Model(SERIES.months[-6])
        found = placebo_dates(SERIES, model, n_post=0, least_before=70)
        assert found["date"].tolist() == [*SERIES.months[70:78], SERIES.months[78]]
        assert found["n_post"].tolist() == [8, 7, 6, 5, 4, 3, 2, 1, 6]

    def test_the_latest_dates_only(self):
        found = placebo_dates(SERIES, Model(SERIES.months[-6]), most=3, se="quasi")
        assert found["date"].tolist()[:3] == list(SERIES.months[70:73])
        assert found["se"].iloc[-1] == fit(SERIES, Model(SERIES.months[-6])).step("quasi")["se"]

    @pytest.mark.parametrize(("n", "fits"), [(48, True), (47, False)])
    def test_one_date_is_enough(self, n, fits):
        series = simulated(5, n=n)
        if fits:
            assert len(placebo_dates(series, Model(series.months[-6]))) == 2
        else:
            with pytest.raises(NotEstimableError, match="36 months before it and 6 after"):
                placebo_dates(series, Model(series.months[-6]))

    def test_the_rank_by_hand(self):
        rows = [(0.1, 1.0), (-0.3, -3.0), (0.2, 2.0), (0.05, 2.0)]
        table = pd.DataFrame([{"delta": d, "t": t, "n_post": 2, "is_true_date": at == 3} for at, (d, t) in enumerate(rows)])  # fmt: skip
        found = rank(table)
        # as large as 2: minus 3 and 2 itself
        assert (found.p, found.dates, found.n_eff) == (3 / 4, 3, 2)
        mean = (0.1 - 0.3 + 0.2) / 3
        assert found.sd == pytest.approx(math.sqrt(sum((d - mean) ** 2 for d in (0.1, -0.3, 0.2)) / 2))
        assert math.isnan(rank(table.iloc[2:]).sd)


class TestBreaks:
    BASE = np.column_stack(
        [np.ones(84), np.arange(84), *(f(2 * np.pi * k * np.array([int(m[5:]) for m in SERIES.months]) / 12) for k in (1, 2) for f in (np.sin, np.cos))]
    )  # fmt: skip
    Y = np.log(SERIES.counts / SERIES.days)

    def rss(self, *more):
        x = np.column_stack([self.BASE, *more])
        return float(((self.Y - x @ np.linalg.lstsq(x, self.Y, rcond=None)[0]) ** 2).sum())

    def test_the_largest_f_by_hand(self):
        # fifteen percent at either end is left out: from month 13 up to 71
        f = {}
        for at in range(13, 71):
            one = self.rss((np.arange(84) >= at).astype(float))
            f[at] = (self.rss() - one) / (one / (84 - 6 - 1))
        found = structural.sup_f(SERIES, generator(1, "test", "f"), samples=19)
        best = max(f, key=f.__getitem__)
        assert (found.date, found.f) == (SERIES.months[best], pytest.approx(f[best]))
        assert (round(20 * found.p) >= 1, round(20 * found.p, 6) % 1, found.samples) == (True, 0, 19)
        assert 0 < found.p_cusum <= 1

    def test_p_counts_the_series_itself(self):
        broken = simulated(31, n=84, step=0.5, post=40, theta=1000)
        assert structural.sup_f(broken, generator(1, "test", "f"), samples=19).p == 1 / 20

    def test_numbers_of_breaks_by_bic(self):
        found = structural.breaks(SERIES)
        step = {at: (np.arange(84) >= at).astype(float) for at in range(13, 71)}
        one = min(step, key=lambda at: self.rss(step[at]))
        apart = [at for at in step if abs(at - one) >= 6]
        two = min(apart, key=lambda at: self.rss(step[one], step[at]))
        bic = [
            84 * math.log(rss / 84) + p * math.log(84)
            for rss, p in ((self.rss(), 6), (self.rss(step[one]), 8), (self.rss(step[one], step[two]), 10))
        ]
        assert found["bic"].tolist() == pytest.approx(bic)
        assert found["breaks"].tolist() == [0, 1, 2]
        assert found["dates"].tolist() == ["", SERIES.months[one], " ".join(sorted(SERIES.months[a] for a in (one, two)))]  # fmt: skip
        assert found["chosen"].tolist() == [b == min(bic) for b in bic]

    @pytest.mark.parametrize(("n", "fits"), [(48, True), (47, False)])
    def test_four_years_are_needed(self, n, fits):
        series = simulated(5, n=n)
        if fits:
            assert len(structural.breaks(series)) == 3
        else:
            with pytest.raises(NotEstimableError, match="only 47 months; 48 are needed"):
                structural.breaks(series)

    def test_a_month_of_zero_is_refused(self):
        counts = SERIES.counts.tolist()
        counts[3] = 0
        with pytest.raises(NotEstimableError, match="no logarithm"):
            structural.breaks(monthly_series("x", SERIES.months, counts))


class TestTheComingMonths:
    def test_the_mean_is_that_of_the_trend_drawn_on(self):
        made = next_months(SERIES, generator(1, "test", "ahead"), paths=4000)
        names = pd.period_range(SERIES.months[-1], periods=13, freq="M")[1:]
        angle = 2 * np.pi * names.month.to_numpy() / 12
        x = np.column_stack([np.ones(12), np.arange(84, 96), np.sin(angle), np.cos(angle), np.sin(2 * angle), np.cos(2 * angle)])  # fmt: skip
        b, information, phi, _ = poisson_fit(TestBreaks.BASE, SERIES.counts, np.log(SERIES.days))
        mu = np.exp(x @ b) * names.days_in_month.to_numpy()
        gradient = mu @ x
        sd = math.sqrt(gradient @ (phi * np.linalg.inv(information)) @ gradient + phi * mu.sum())
        assert made.mean == pytest.approx(mu.sum(), rel=0.01)
        assert (made.upper - made.lower) / (2 * 1.96) == pytest.approx(sd, rel=0.15)
        assert (made.first, made.last, made.paths) == (str(names[0]), str(names[-1]), 4000)
        assert (MONTHS, PATHS) == (12, 20_000)

    def test_two_years_are_enough(self):
        series = simulated(5, n=24)
        assert next_months(series, generator(1, "t", "t"), paths=1000, harmonics=1).first == "2018-01"
        with pytest.raises(NotEstimableError, match="24 are needed"):
            next_months(series.part(0, 23), generator(1, "t", "t"))

    def test_counts_no_wider_than_chance_are_drawn_from_chance(self):
        rng = np.random.default_rng(1)
        plain = monthly_series("x", SERIES.months, rng.binomial((66 * SERIES.days).astype(int), 0.5).tolist())
        made = next_months(plain, generator(1, "t", "t"), paths=2000)
        assert made.mean == pytest.approx(33 * 365, rel=0.02)


class TestSeries:
    def test_days_months_positions_and_parts(self):
        series = monthly_series("x", ["2024-02", "2024-01", "2023-12"], [29, 31, 30], definitions=["a"] * 3, vintage="v")  # fmt: skip
        assert (series.days.tolist(), series.month_of_year.tolist()) == ([31, 31, 29], [12, 1, 2])
        assert series.counts.tolist() == [30, 31, 29]
        assert (series.definition_id, series.vintage, series.position("2024-02")) == ("a", "v", 2)
        part = series.part(1, 3)
        assert (part.months, part.counts.tolist(), part.definition_id, part.vintage) == (("2024-01", "2024-02"), [31, 29], "a", "v")  # fmt: skip
        with pytest.raises(InputError, match="lies outside"):
            series.position("2024-03")
        with pytest.raises(InputError, match="is not a period"):
            series.position("maart")

    def test_one_month_is_a_series_and_zero_a_count(self):
        assert monthly_series("x", ["2024-01"], [5]).counts.tolist() == [5]
        assert monthly_series("x", ["2024-01", "2024-02"], [0, 5]).counts.tolist() == [0, 5]
        with pytest.raises(NotEstimableError, match=r"same count \(5\)"):
            monthly_series("x", ["2024-01", "2024-02"], [5, 5])

    @pytest.mark.parametrize("month", ["2024-Q1", "2024-H1", "2024", "2024-1"])
    def test_only_months_are_months(self, month):
        with pytest.raises(InputError):
            monthly_series("x", [month], [5])

    def test_the_latest_edition_of_the_asked_offence_in_the_whole_country(self):
        when = months("2020-01", 3)
        table = pd.concat(
            [
                cells("1.4.1", when, [1, 2, 3]), cells("1.4.1", when, [4, 5, 6], known_by="2025-01-01"),
                cells("3.2.1", when, [7, 8, 9], known_by="2026-01-01"), cells("1.4.1", ["2020"], [99], known_by="2026-01-01"),
                cells("1.4.1", when, [9, 9, 8], known_by="2026-01-01", region="PV20"),
            ],
            ignore_index=True,
        )  # fmt: skip
        found = series_of_cells(table, "1.4.1")
        assert (found.counts.tolist(), found.vintage, found.name) == (
            [4, 5, 6],
            "2025-01-01",
            "1.4.1 (47022NED)",
        )
        assert series_of_cells(table, "1.4.1", "PV20").counts.tolist() == [9, 9, 8]
        assert series_of_cells(table, "9.9.9") is None
        assert series_of_cells(table.iloc[:0], "1.4.1") is None
        other = table.assign(measure_label="Opgehelderd")
        assert series_of_cells(other, "1.4.1") is None
        quarters = table.assign(time_period="2020-Q1")
        assert series_of_cells(quarters, "1.4.1") is None


class TestStudy:
    def test_what_the_months_do_not_allow_is_told(self):
        short = simulated(5, n=40)
        found = study(short, Model(short.months[-6]), generator(1, "t", "t"))
        assert (found.placebo, found.rank, found.break_, found.has_control) == (None, None, None, False)
        assert len(found.reasons) == 2
        whole = study(SERIES, Model(SERIES.months[-6]), generator(1, "t", "t"), control=simulated(6, n=84))
        assert (whole.reasons, whole.has_control) == ((), True)
        assert whole.rank.dates == len(whole.placebo) - 1
        # the break is looked for before the date only
        assert whole.break_.date < SERIES.months[-6]
        before = structural.sup_f(SERIES.part(0, 78), generator(1, "t", "t"))
        assert whole.break_ == before

    def test_the_control_is_all_the_rest(self):
        when = months("2016-01", 84)
        all_of_them = (SERIES.counts * 3 + np.arange(84) % 3).tolist()
        table = pd.concat(
            [cells("1.4.1", when, SERIES.counts), cells("0.0.0", when, all_of_them)], ignore_index=True
        )
        found = of_cells(table, "1.4.1", Model(when[-6]), generator(1, "t", "t"))
        assert found.has_control
        rest = monthly_series("rest", when, (SERIES.counts * 2 + np.arange(84) % 3).tolist())
        same = study(SERIES, Model(when[-6]), generator(1, "t", "t"), control=rest).sensitivity.set_index(
            "variant"
        )
        assert found.sensitivity.set_index("variant").loc["control_series", "rr"] == pytest.approx(same.loc["control_series", "rr"])  # fmt: skip

    def test_why_there_is_none(self):
        when = months("2020-01", 12)
        with pytest.raises(NotAskedError, match=r"holds 1\.4\.1 by month"):
            of_cells(cells("3.2.1", when, range(12)), "1.4.1", Model(when[-6]), generator(1, "t", "t"))
        with pytest.raises(NotEstimableError, match="only 6 months"):
            of_cells(cells("1.4.1", when, range(12)), "1.4.1", Model(when[-6]), generator(1, "t", "t"))
        assert moved(Model("2020-01", harmonics=1), "2021-01") == Model("2021-01", harmonics=1)
