"""From survey to helpline: drawing against closed form, bridges that must be declared, stages without a ratio."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osw_stats.errors import NotPublishedError
from osw_stats.stats.draws import generator
from osw_stats.stats.survey import funnel, prevalence, related, stages
from osw_stats.stats.survey.funnel import WHOLE, Amount, Bridges, analytic, tip
from tests.simulated_figures import figure, frame
from tests.simulated_survey import OPTIONS, population, respondents, share

Z = 1.959963984540054
PEOPLE = Amount(770_000, 725_000, 818_000)
HOW = {"year": 2024, "run_seed": 7, "draws": 50_000, "alpha": 0.05}
BARE = Bridges(WHOLE, WHOLE)
part = st.tuples(st.floats(0.3, 1.0), st.floats(0.3, 1.0)).map(lambda r: (min(r), max(r)))


def rng():
    return generator(1, "test", "tip")


class TestTip:
    @settings(max_examples=30)
    @given(part, part, part)
    def test_drawn_logarithms_have_the_mean_and_spread_of_the_closed_form(self, contacts, victims, scope):
        bridges = Bridges(contacts, victims, scope)
        _, draws = tip(PEOPLE, 12_206, bridges, rng(), draws=20_000)
        closed = analytic(PEOPLE, 12_206, bridges)
        logs, sd = np.log(draws), math.log(closed.upper / closed.lower) / (2 * Z)
        assert logs.mean() == pytest.approx(math.log(closed.middle), abs=5 * sd / math.sqrt(20_000))
        assert logs.std() == pytest.approx(sd, rel=0.04)

    def test_the_closed_form_by_numerical_moments(self):
        # mean and variance of the logarithm of a uniform variable on (a, b), by a fine sum
        people, bridges = Amount(1000, 900, 1111), Bridges((0.7, 1.0), (0.6, 1.0), (0.2, 0.3))
        mean, variance = math.log(1000) - math.log(50), people.log_sd**2
        for sign, (low, high) in ((-1, (0.7, 1.0)), (-1, (0.6, 1.0)), (1, (0.2, 0.3))):
            logs = np.log(low + (high - low) * (np.arange(200_000) + 0.5) / 200_000)
            mean, variance = mean + sign * logs.mean(), variance + logs.var()
        ratio = analytic(people, 50, bridges)
        assert math.log(ratio.middle) == pytest.approx(mean, abs=1e-6)
        assert math.log(ratio.upper / ratio.lower) / (2 * Z) == pytest.approx(math.sqrt(variance), rel=1e-6)

    def test_a_rare_request_is_never_drawn_as_none(self):
        _, draws = tip(Amount(100, 90, 110), 0.5, BARE, rng(), draws=2000, poisson=True)
        assert draws.max() < 150  # 100 people to one request at least


def test_the_published_forms(observations):
    forms = observations[observations["series_id"] == "cbs_osi_12m_form"].set_index("breakdown")
    (low, high), _, wave = funnel.scope_of_items(observations)
    assert wave == "2020"
    assert low == pytest.approx(forms.loc["form=forced_money_transfer", "lower"] / 5.45)
    assert high == pytest.approx((0.85 + 4 * 0.15) / 5.35)


class TestStages:
    ROWS = (
        share("2024", 5.0),
        respondents("2024", 25_000),
        population(10e6),
        figure("helpwanted_requests", "2024", 1000.0),
        figure("csg_contacts", "2024", 70.0, lower=69.0, upper=71.0),
        figure("police_reports", "2024", 90.0),
    )

    @pytest.fixture
    def steps(self):
        """Return half a million people, 0.2 to 0.4 of them in scope, over 500 victims among a thousand requests."""
        rows, bridges = frame(*self.ROWS), Bridges((1.0, 1.0), (0.5, 0.5), (0.2, 0.4))
        complaints = pd.DataFrame({"wave": ["2024", "2022"], "pct": [6.0, 5.0], "ci_lower": [5, 4]})
        complaints = complaints.assign(ci_upper=[7, 6], series="cbs_osi_police_complaint", grade="B")
        complaints = complaints.assign(interval_kind="assumed", observations="o", method="m")
        estimates = prevalence.estimates(rows, **OPTIONS)
        return stages.funnel(rows, estimates, complaints, bridges, **HOW).set_index("stage")

    def test_people_requests_and_what_joins_them(self, steps):
        assert steps.loc["survey", ["count", "share_per_100"]].tolist() == [pytest.approx(500_000), 100]
        row = steps.loc["helpline"]
        assert row["factor"] == pytest.approx(300, rel=0.02)
        inverse = [100 / row[c] for c in ("factor", "factor_upper", "factor_lower")]
        assert row[["share_per_100", "share_lower", "share_upper"]].tolist() == pytest.approx(inverse)
        people = Amount(500_000, *steps.loc["survey", ["count_ci_lower", "count_ci_upper"]])
        closed = analytic(people, 1000, Bridges((1.0, 1.0), (0.5, 0.5), (0.2, 0.4)))
        ends = [closed.lower, closed.upper]
        assert row[["analytic_lower", "analytic_upper"]].tolist() == pytest.approx(ends)
        # a uniform logarithm and a normal one added are nearly normal
        drawn = row[["factor_lower", "factor_upper"]].tolist()
        assert drawn == pytest.approx(ends, rel=0.1)
        assert 0 < row["mc_se"] < 0.01 * (row["factor_upper"] - row["factor_lower"])
        assert (row["p_over_10"], row["p_over_100"], row["draws"], row["seed"]) == (1, 1, 50_000, 7)
        scope = steps.loc["in_scope", ["count", "share_per_100", "share_lower", "share_upper"]].tolist()
        assert scope == pytest.approx([150_000, 30, 20, 40], rel=0.02)

    def test_other_stages_stand_as_published_and_no_ratio_is_given_to_them(self, steps):
        centre = steps.loc["centre", ["count", "count_box_lower", "count_box_upper", "grade"]].tolist()
        assert centre == [70, 69, 71, "A"]
        complaint = steps.loc["complaint", ["period", "share_per_100", "share_lower", "share_upper"]].tolist()
        assert complaint == ["2024", 6, 5, 7]  # of the last wave
        rows = steps.loc[["police", "centre"]]
        assert rows[["factor", "share_per_100", "factor_lower"]].isna().all(axis=None)
        assert rows["bridge_text"].str.contains("No ratio").all()
        assert rows["bridge_text_nl"].str.contains("Geen verhouding").all()
        assert (steps[["bridge_text", "population"]].map(len) > 5).all(axis=None)
        assert steps["unit"].nunique() == 5  # nothing here is one unit

    def test_what_was_not_published_is_a_stage_less_and_without_requests_there_is_no_funnel(self):
        rows = frame(*self.ROWS).query("series_id not in ['csg_contacts', 'police_reports']")
        given = (prevalence.estimates(rows, **OPTIONS), pd.DataFrame(columns=["series"]), Bridges())
        assert stages.funnel(rows, *given, **HOW)["stage"].tolist() == ["survey", "in_scope", "helpline"]
        with pytest.raises(NotPublishedError):
            stages.funnel(rows[rows["series_id"] != "helpwanted_requests"], *given, **HOW)

    def test_people_of_an_earlier_wave_are_not_set_beside_later_requests(self, observations):
        people = observations["series_id"].isin(["cbs_phgsg_population", "cbs_osi_12m_persons"])
        left = observations[~people | (observations["time_period"] == "2020")]
        estimates = prevalence.estimates(left, **OPTIONS)
        assert prevalence.latest_persons(estimates)["wave"] == "2020"
        with pytest.raises(NotPublishedError, match="last wave") as error:
            stages.people_of_last_wave(estimates, 0.05)
        assert error.value.wanted == ({"series_id": "cbs_phgsg_population", "time_period": "2024"},)

    def test_the_complaint_has_the_margin_of_the_published_wave(self, observations):
        estimates = prevalence.estimates(observations, **OPTIONS)
        others = related.related(observations, estimates, **OPTIONS)
        row = stages.complaint(observations, others)
        assert row["ci_lower"] < row["pct"] < row["ci_upper"]


class TestVariants:
    def test_contacts_drawn_as_a_process_vary_more(self):
        people, bridges = Amount(1000, 900, 1111), Bridges((0.8, 0.8), (0.5, 0.5), (0.1, 0.3))
        how = {"run_seed": 1, "draws": 4000, "alpha": 0.05}
        rows = funnel.variants(people, {"obs_value": 10.0, "obs_id": "w"}, None, bridges, **how)
        width = (rows["upper"] - rows["lower"]).set_axis(rows["variant"])
        assert width["contacts_as_process"] > width["primary"]

    def test_every_bridge_has_a_reason_in_two_languages(self):
        rows = funnel.parameters(Bridges(in_scope=(0.1, 0.3)), ["obs"], "2020").set_index("parameter")
        assert (rows["low"] < rows["high"]).all()
        assert (rows[["reason_nl", "reason_en"]].map(len) > 30).all(axis=None)
        assert rows["observations"].tolist() == ["", "", "obs"]
        assert "2020" in rows.loc["in_scope", "reason_nl"]
