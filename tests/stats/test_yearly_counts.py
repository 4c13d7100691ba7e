"""Yearly counts: points and stretches, two years compared, verdicts, and what a page says of them (SIMULATED rows)."""

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from osw_stats.errors import NotEstimableError, NotPublishedError
from osw_stats.meaning.series import Break, series
from osw_stats.stats.counts import changes, models, trend
from osw_stats.stats.counts.ordinary import Population, steps
from osw_stats.stats.counts.rates import rate_ratio
from osw_stats.stats.counts.yearly import Counted, points, runs
from tests.cases import table
from tests.plain_fits import percent
from tests.simulated_figures import figure, frame, yearly

OFFENCES, REPORTS, TOTAL = "police_registered_141", "police_reports", "helpwanted_requests"
GROWTH, PART = "helpwanted_requests_change", "helpwanted_requests_subject"
COUNTS = (7000, 7600, 7300, 7900, 7400, 8300, 8100, 8800, 8900)
LONG = frame(*yearly(OFFENCES, 2015, COUNTS))


def with_rows(*rows):
    return frame(*LONG.to_dict("records"), *rows)


def compared(rows, series_id, period):
    return trend.find(trend.pairs(rows, alpha=0.05), series_id, period)


class TestPairs:
    OTHER = tuple(yearly("ap_complaints", 2015, (900, 980, 930, 1010, 990)))

    def test_a_comparison_rests_on_the_other_steps_of_its_series_and_on_other_series(self):
        rows = with_rows(*self.OTHER)
        row = compared(rows, OFFENCES, "2018")
        counted = [Counted(c) for c in (OFFENCES, "ap_complaints")]
        series_steps = {c: steps(runs(points(rows, c))) for c in counted}
        ordinary = Population(series_steps).ordinary(Counted(OFFENCES), [2018])
        step, counting = math.log(7900 / 7300), 1 / 7900 + 1 / 7300
        reach = ordinary.reach(counting)
        assert (row["steps_own"], row["series_used"], row["grade"], row["basis"]) == (7, 2, "B", "published")
        assert row["definition_same"] and row["family"] == "exploratory"
        of_steps = np.diff(np.log(COUNTS)) - np.diff(np.log(COUNTS)).mean()
        exact = rate_ratio(7900, 7300)
        expected = {"x1": 7900, "x0": 7300, "change": 100 * (7900 / 7300 - 1)}
        expected |= {"lower": percent(step - reach), "upper": percent(step + reach)}
        expected |= {name: getattr(exact, name) for name in ("exact_lower", "exact_upper", "p_exact")}
        expected |= {"p_raw": ordinary.p(step, counting), "spread": percent(ordinary.typical)}
        expected |= {"rho1": sum(of_steps[1:] * of_steps[:-1]) / sum(of_steps**2)}
        expected |= {"break_even": percent(math.sqrt((step / 1.959964) ** 2 - counting))}
        assert {name: row[name] for name in expected} == pytest.approx(expected, rel=1e-6)
        leap = compared(rows, OFFENCES, "2020")
        assert leap["day_rr"] == pytest.approx(leap["rr"] * 365 / 366)

    def test_a_series_with_four_other_steps_of_its_own_leans_little_on_others(self):
        grades = {}
        for years in range(4, 9):
            counts = yearly(OFFENCES, 2015, COUNTS[:years])
            row = compared(frame(*counts, *self.OTHER), OFFENCES, str(2014 + years))
            grades[row["steps_own"]] = row["grade"]
        assert grades == {2: "C", 3: "C", 4: "B", 5: "B", 6: "B"}

    @pytest.mark.parametrize("seed", range(4))
    def test_no_row_has_limits_without_nought_beside_a_p_above_the_level(self, seed):
        rng = np.random.default_rng(seed)
        spreads = ((OFFENCES, 0.05), ("ap_complaints", 0.3), ("csg_victims", 0.8))
        counts = [(c, np.round(300 * np.exp(np.cumsum(rng.normal(0, s, 9))))) for c, s in spreads]
        rows = [row for c, some in counts for row in yearly(c, 2014, some)]
        rows = frame(*(r | {"lower": r["obs_value"] - 5, "upper": r["obs_value"] + 5} for r in rows))
        rows = rows[rows["lower"] > 0]
        for alpha in (0.01, 0.05, 0.3):
            table = trend.pairs(rows, alpha=alpha)
            beyond = (table["lower"] > 0) | (table["upper"] < 0)
            assert len(table) > 15 and (beyond == table["p_raw"].lt(alpha)).all()

    def test_a_longer_series_leans_less_on_the_others(self):
        counts = (8000, 8040, 7990, 8020, 8010, 8030, 7980, 8000, 8010, 8020, 8000, 8010)
        steady = yearly(OFFENCES, 2010, counts)
        wild = yearly("ap_complaints", 2015, (900, 1900, 800, 2000, 900))
        wild += yearly("csg_victims", 2015, (900, 400, 950, 300))
        of = {n: compared(frame(*steady[:n], *wild), OFFENCES, "2011")["spread"] for n in (3, 6, 12)}
        assert of[3] > of[6] > of[12]

    def test_rounding_takes_the_outermost_limits_and_the_largest_p_of_all_it_leaves_open(self):
        rows = LONG.to_dict("records")
        rows[3] |= {"lower": 7850.0, "upper": 7950.0}
        row = compared(frame(*rows), OFFENCES, "2018")
        low, high = (rate_ratio(x, 7300) for x in (7850, 7950))
        assert (row["basis"], row["change"]) == ("rounded", pytest.approx(100 * (7900 / 7300 - 1)))
        assert (row["exact_lower"], row["exact_upper"]) == (low.exact_lower, high.exact_upper)
        assert row["p_exact"] == max(low.p_exact, high.p_exact)
        rows[3] |= {"lower": 7250.0}  # what is left open holds no change: inside, not at a corner
        p = compared(frame(*rows), OFFENCES, "2018")[["p_raw", "p_exact"]]
        assert p.tolist() == pytest.approx([1, 1])

    @pytest.mark.parametrize("last", [0, 1])
    def test_a_count_of_nought_has_no_test_nor_a_change_to_say_and_takes_none_away(self, last):
        rows = with_rows(figure("ap_complaints", "2022", 900.0), figure("ap_complaints", "2023", float(last)))
        table = trend.pairs(rows, alpha=0.05)
        fallen = trend.find(table, "ap_complaints", "2023")
        assert fallen["change"] == pytest.approx(100 * (last / 900 - 1))
        assert table["p_raw"].notna().tolist() == (table["series"].eq(OFFENCES) | bool(last)).tolist()
        if last == 0:
            with pytest.raises(NotEstimableError):
                changes.change(fallen)


class TestPublishedFigures:
    def test_every_pair_rests_on_figures_that_exist_of_years_that_follow_each_other(self, observations):
        pairs = trend.pairs(observations, alpha=0.05)
        known = set(observations["obs_id"])
        assert {i for cell in pairs["observations"] for i in cell.split()} <= known
        assert (pairs["period1"].astype(int) - pairs["period0"].astype(int)).eq(1).all()
        # a series that changes without notice shares no definition
        hotline = observations[observations["series_id"] == "meldpunt_reports"]
        assert len(hotline) > 1 and hotline["definition_id"].is_unique

    def test_without_acts_that_became_offences_the_headline_is_another(self, observations):
        judged = trend.headlines("sextortion")
        strip = models.strip(observations, judged, 2024, alpha=0.05)
        (new,) = strip.query("series == @REPORTS and model == 'without_new_offences'")["change"]
        assert new == pytest.approx(100 * ((14802 - 298 - 131) / 14015 - 1))


class TestModels:
    OWN = (1000, 1080, 990, 1050, 1010, 1300)
    ROWS = frame(
        *yearly(OFFENCES, 2012, COUNTS),
        *TestPairs.OTHER,
        *yearly(REPORTS, 2018, OWN),
        figure(TOTAL, "2022", 1000.0),
        figure(TOTAL, "2023", 1500.0),
    )
    JUDGED = (Counted(REPORTS), Counted(TOTAL), Counted(PART, "subject=a"))

    def strip(self, rows=ROWS):
        return models.strip(rows, self.JUDGED, 2023, alpha=0.05)

    def test_each_model_by_hand(self):
        by = self.strip().set_index(["series", "model"])
        step, counting = math.log(1300 / 1010), 1 / 1300 + 1 / 1010

        def of(counts):
            made = np.array(counts, dtype=float)
            return np.diff(np.log(made)), 1 / made[1:] + 1 / made[:-1]

        (donor, chance), (own, own_chance) = of(COUNTS), of(self.OWN[:-1])
        variances = {
            "poisson": (counting, stats.norm),
            "phi_donor": ((donor**2 / chance).mean() * counting, stats.t(8)),
            "spread_donor": ((donor**2).mean() - chance.mean() + counting, stats.t(8)),
            "own_steps": ((own**2).mean() - own_chance.mean() + counting, stats.t(4)),
        }
        for model, (variance, known) in variances.items():
            row, half = by.loc[(REPORTS, model)], known.ppf(0.975) * math.sqrt(variance)
            expected = [percent(step - half), percent(step + half), 2 * known.sf(step / math.sqrt(variance))]
            assert row[["lower", "upper", "p_raw"]].tolist() == pytest.approx(expected)
        # a series without two other steps has no model of its own
        assert (TOTAL, "own_steps") not in by.index
        assert not by.loc[(REPORTS, "poisson"), "counted"] and by.loc[(REPORTS, "series_all"), "primary"]

    def test_the_steps_that_are_judged_lend_nothing(self):
        judged = self.ROWS["time_period"].eq("2023") & self.ROWS["series_id"].eq(TOTAL)
        wild = frame(*self.ROWS[~judged].to_dict("records"), figure(TOTAL, "2023", 90_000.0))
        strips = [self.strip(rows).query("series == @REPORTS") for rows in (self.ROWS, wild)]
        one, other = (strip.drop(columns="p_adj") for strip in strips)
        pd.testing.assert_frame_equal(one, other)

    @pytest.mark.parametrize("new", [0, 1, 2, 300, 1299, 1300, 1301])
    def test_acts_that_became_offences_are_left_out_where_there_are_some_and_fewer_than_all(self, new):
        acts = figure("police_reports_sexchatting", "2023", float(new))
        strip = self.strip(frame(*self.ROWS.to_dict("records"), acts))
        without = strip.query("series == @REPORTS and model == 'without_new_offences'")["change"].tolist()
        change = 100 * ((1300 - new) / 1010 - 1)
        assert without == ([pytest.approx(change)] if 0 < new < 1300 else [])

    def test_holm_corrects_over_all_comparisons_made_also_under_a_model_of_some(self):
        found = self.strip().groupby("model")
        assert set(found.size()) == {1, 2}  # own steps are there for one of the two
        for _, rows in found:
            p = np.sort(rows["p_raw"])
            expected = np.minimum(np.maximum.accumulate(p * (2 - np.arange(len(p)))), 1)
            assert np.sort(rows["p_adj"]) == pytest.approx(expected)

    @table(__file__, "verdicts", "p_adj limits verdict")
    def test_a_verdict_rests_on_every_model_that_counts(self, p_adj, limits, verdict):
        pair = {"series": REPORTS, "breakdown": "", "lower": limits[0], "upper": limits[1], "p_adj": 0.5}
        pairs = pd.DataFrame([pair | {"family": family} for family in ("headlines", "exploratory")])
        rows = [{"series": REPORTS, "breakdown": "", "p_adj": p, "counted": True} for p in p_adj]
        strip = pd.DataFrame([*rows, rows[0] | {"p_adj": 0.0, "counted": False}])
        assert models.judge(pairs, strip, alpha=0.05)["verdict"].tolist() == [verdict, ""]
        assert models.tried(strip, pairs.iloc[0]) == 2
        assert models.beyond(strip, pairs.iloc[0], alpha=0.05) == sum(p < 0.05 for p in p_adj)

    def test_where_nothing_can_be_compared_what_is_absent_is_named(self):
        rows = self.ROWS[self.ROWS["time_period"] != "2023"]
        pairs = trend.pairs(rows, self.JUDGED, 2023, alpha=0.05)
        with pytest.raises(NotPublishedError) as error:
            models.shown(self.strip(rows), pairs, self.JUDGED, 2023)
        named = {(w["series_id"], w["time_period"]) for w in error.value.wanted}
        assert named >= {(REPORTS, "2023"), (TOTAL, "2023")}


@pytest.mark.parametrize("at", ["2023", "2024-08", "2026-05-01", "2031"])
def test_the_law_stays_the_law_whatever_breaks_come_before_or_after_it(monkeypatch, at):
    others = dict.fromkeys((REPORTS, PART), (Break(at, {"nl": "Anders.", "en": "Otherwise."}),))
    known = {name: replace(series(name), breaks=(*series(name).breaks, *new)) for name, new in others.items()}
    monkeypatch.setattr(changes, "series", lambda name: known.get(name) or series(name))
    assert changes.law_date() == date(2024, 7, 1)
    # a break of a series that is told with another is told as well, and once
    told = changes.break_between(TOTAL, int(at[:4]), PART, REPORTS).value
    assert (told["nl"].count("Anders."), told["en"].count("Otherwise.")) == (1, 1)
