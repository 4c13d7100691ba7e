"""Tables of the survey on simulated rows, by hand: estimates, answers, sizes, shares beside the main one."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from osw_stats.errors import InputError, NotAskedError, NotPublishedError
from osw_stats.shelf.microdata.release import by_group
from osw_stats.stats.survey import bounds, changes, groups, prevalence, related
from osw_stats.stats.survey.intervals import effective_n, proportion_interval
from osw_stats.stats.survey.margins import DesignEffect
from tests.cases import table
from tests.simulated_figures import figure, frame
from tests.simulated_survey import GIRLS, OPTIONS, WHO, estimates, register, respondents, share, survey


class TestEstimates:
    def test_an_assumed_design_effect_by_hand(self):
        earlier, row = (r for _, r in estimates().iterrows())
        assert row[["n", "n_eff", "n_eff_min", "n_eff_max"]].tolist() == [25e3, 25e3 / 1.3, 25e3 / 1.6, 25e3]
        assert row[["box_lower", "box_upper", "persons"]].tolist() == pytest.approx([5.15, 5.25, 520_000])
        assert row["persons_basis"] == "survey"
        assert row["persons_lower"] < 100_000 * row["ci_lower"]  # the size is not known exactly either
        assert math.isnan(earlier["persons"])  # nobody published the population of that wave
        people = prevalence.latest_persons(estimates())
        assert [people[c] for c in ("wave", "unit", "grade")] == ["2024", "persons", "B"]
        assert people["value"] == pytest.approx(520_000)
        # the effective size reaches over the range of the design effect
        assert estimates(deff=DesignEffect(1.3, 1.25, 1.6)).loc[1, "n_eff_max"] == 25e3 / 1.25

    @pytest.mark.parametrize(("half", "n"), [(0.05, 25_000), (0.05, 500_000), (0.5, 2_000), (0.5, 25_000)])
    def test_limits_hold_the_truth_however_coarsely_the_share_is_printed(self, half, n):
        rng, rows, waves = np.random.default_rng(5), [], [str(year) for year in range(1950, 2050)]
        truth = rng.uniform(3, 9, len(waves))
        seen = 100 * rng.binomial(round(n / 1.3), truth / 100) / round(n / 1.3)
        for wave, pct in zip(waves, (seen / half / 2).round() * 2 * half, strict=True):
            rows += [share(wave, pct, half), respondents(wave, n)]
        found = prevalence.estimates(frame(*rows), **OPTIONS)
        assert found["wave"].tolist() == waves
        assert np.mean((found["ci_lower"] <= truth) & (truth <= found["ci_upper"])) >= 0.9
        assert ((found["ci_lower"] <= found["box_lower"]) & (found["box_upper"] <= found["ci_upper"])).all()

    @table(__file__, "response", "rate low high")
    def test_respondents_are_what_words_and_response_leave_open(self, rate, low, high):
        rows = [share("2024", 5.2), respondents("2024", 25e3, lower=25e3, upper=26e3)]
        rows.append(figure("cbs_phgsg_sample", "2024", 1e5, **WHO))
        if rate:
            ends = {"lower": rate[0], "upper": rate[1]} | WHO
            rows.append(figure("cbs_phgsg_response_rate", "2024", sum(rate) / 2, **ends))
        row = prevalence.estimates(frame(*rows), **OPTIONS).iloc[0]
        sizes = [low, high, low / 1.3, low / 1.6, high]
        columns = ["n_lower", "n_upper", "n_eff", "n_eff_min", "n_eff_max"]
        assert row[columns].tolist() == pytest.approx(sizes)

    def test_without_respondents_there_is_a_box_of_rounding_within_all_and_nobody(self):
        rows = prevalence.estimates(frame(share("2024", 0.02), share("2022", 99.98)), **OPTIONS)
        ends = rows.set_index("wave")[["box_lower", "box_upper"]]
        assert (ends.loc["2024", "box_lower"], ends.loc["2022", "box_upper"]) == (0, 100)
        assert set(rows["source_of_interval"]) == {"not_estimable"}
        with pytest.raises(NotPublishedError):
            prevalence.latest_persons(rows)

    @table(__file__, "published_limits", "pct low high text n n_eff flags")
    def test_published_limits_give_their_own_size_and_are_marked(self, pct, low, high, text, n, n_eff, flags):
        limits = {"ci_lower": float(low), "ci_upper": float(high), "as_reported": text}
        margin = share("2024", pct, series_id="cbs_osi_12m_margins", **GIRLS) | limits
        size = [figure("cbs_osi_12m_group_respondents", "2024", float(n), **GIRLS)] if n else []
        row = estimates(margin, *size).set_index("group").loc["female 16-17"]
        assert row["n_eff"] == pytest.approx(n_eff, abs=0.1, nan_ok=True)
        assert math.isnan(row["check_lower"]) is math.isnan(n_eff)
        assert row[["ci_lower", "ci_upper", "grade", "flags"]].tolist() == [low, high, "A", flags]
        if pct == 20:
            wald = effective_n(20, 18, 22, step=0.1)
            kept = [min(n, wald.minimum), min(n, wald.maximum), n / wald.wald]
            assert row[["n_eff_min", "n_eff_max", "deff"]].tolist() == pytest.approx(kept, abs=0.01)
            assert row[["box_lower", "box_upper"]].tolist() == pytest.approx([19.95, 20.05])

    @pytest.mark.parametrize(("n", "there"), [(1.0, 1), (0.0, 0), (math.nan, 0)])
    def test_one_respondent_is_some_and_none_is_no_size(self, n, there):
        rows = frame(figure("cbs_osi_12m_group_respondents", "2024", n, **GIRLS))
        assert [row["obs_value"] for row in prevalence.published_respondents(rows).values()] == [n] * there

    def test_published_limits_keep_their_level_and_people_have_ours(self):
        limits = {"ci_lower": 5.0, "ci_upper": 5.4, "as_reported": "5.2 (5.0-5.4)"}
        margin = share("2024", 5.2, series_id="cbs_osi_12m_margins") | limits
        wide, narrow = (estimates(margin, alpha=alpha).iloc[-1] for alpha in (0.05, 0.2))
        assert wide[["ci_lower", "n_eff"]].tolist() == narrow[["ci_lower", "n_eff"]].tolist()
        widths = [math.log(row["persons_upper"] / row["persons_lower"]) for row in (wide, narrow)]
        assert widths[0] / widths[1] == pytest.approx(stats.norm.isf(0.025) / stats.norm.isf(0.1))

    def test_the_order_is_everyone_then_sexes_then_ages(self):
        cells = ("2024 male 16-17", "2024 female 16-17", "2024 female 16+", "2024 total 16+", "2022 male 24+")
        rows = frame(*(share(w, 5.0, sex=s, age=a) for w, s, a in map(str.split, cells)))
        names = prevalence.estimates(rows, **OPTIONS)["group"].tolist()
        assert names == ["male 24+", "total", "female", "female 16-17", "male 16-17"]


def answered(yes, n, wave="2024", sex="female", age="16-17"):
    """Return `n` answers of which `yes` are yes, in one stratum, each a cluster of its own."""
    made = pd.DataFrame({"osi_12m": np.arange(n) < yes, "cluster": [f"{sex}{age}{at}" for at in range(n)]})
    return made.astype({"osi_12m": int}).assign(wave=wave, sex=sex, age=age, weight=1.0, stratum=1)


def from_answers(*frames):
    """Return the estimates from answers, and the errors of their differences."""
    known, errors = by_group(pd.concat(frames, ignore_index=True), alpha=0.05)
    return prevalence.estimates(frame(share("2024", 5.0)), answers=known, **OPTIONS), errors


class TestAnswers:
    @table(__file__, "few_answers", "yes n hidden flags")
    def test_few_answers_are_hidden_or_marked(self, yes, n, hidden, flags):
        row = from_answers(answered(yes, n))[0].set_index("group").loc["female 16-17"]
        assert (row["suppressed"], row["flags"]) == (hidden, flags)
        # withheld with all that is said of the group
        assert row[["pct", "ci_lower", "n_eff", "n"]].isna().tolist() == [hidden] * 4

    def test_everyone_each_sex_and_each_age_of_a_sex(self):
        frames = [answered(30, 100), answered(10, 100, sex="male"), answered(20, 100, age="18-23")]
        table = from_answers(*frames)[0].set_index("group")
        expected = {"total": 20, "female": 25, "male": 10}
        expected |= {"female 16-17": 30, "male 16-17": 10, "female 18-23": 20}
        assert table["pct"].to_dict() == pytest.approx(expected)
        assert set(table["source_of_interval"] + table["grade"]) == {"microdataA"}
        assert (table["n_eff_min"] == table["n_eff_max"]).all()
        # all of one stratum, each of 300 a cluster: an effective size of 100 * 299 / 300, told in two digits, rounded down
        assert table.loc["male", ["n_eff", "deff"]].tolist() == [99.0, 1.0]

    def test_who_has_the_band_of_all_ages_does_not_take_the_place_of_everyone(self):
        with pytest.raises(InputError, match=r'row 101, column "age", value "16[+]": is everyone'):
            from_answers(answered(30, 100), answered(90, 100, age="16+"))

    def test_any_survey_has_a_table_of_its_own_without_a_row_of_a_publisher(self):
        # no publisher knows of 2019, and one has shares of 2024 and of men
        table, _ = from_answers(answered(30, 100, wave="2019"), answered(20, 100, wave="2019", sex="male"))
        assert set(table["wave"]) == {"2019"}
        assert set(table["source_of_interval"] + table["observations"]) == {"microdataanswers"}
        assert (table["persons_as_reported"] == "").all()
        with pytest.raises(NotAskedError, match="answers of respondents"):
            prevalence.of_publisher(table)
        with pytest.raises(NotAskedError, match="answers of respondents"):
            bounds.nonresponse(table, frame(share("2019", 5.0)))
        assert related.related(frame(share("2019", 5.0)), table, **OPTIONS).empty

    def test_differences_of_answers_have_the_error_of_their_design(self):
        waves = (("2022", 30), ("2024", 40))
        table, errors = from_answers(
            *(answered(yes, 200, wave=wave, sex=sex) for wave, yes in waves for sex in ("female", "male"))
        )
        row = changes.differences(table, alpha=0.05, errors=errors).set_index("contrast")
        row = row.loc["total: 2022 to 2024"]
        own = errors[(errors["sex_from"] == "total") & (errors["sex_to"] == "total")].iloc[0]
        half, t = stats.t.isf(0.025, own["df"]) * own["se"], abs(row["diff"]) / own["se"]
        assert row[["lower", "upper"]].tolist() == pytest.approx([row["diff"] - half, row["diff"] + half])
        assert row["p_raw"] == pytest.approx(2 * stats.t.sf(t, own["df"]))
        assert "798 degrees of freedom" in row["method"]
        assert math.isnan(row["ratio"])


def with_register():
    """Return the survey with what the register counts: ten of twelve million of 2024 live in private households."""
    bands = (("2024", "16+", 12e6), ("2022", "16+", 11e6), ("2022", "16-17", 1e6), ("2022", "18-23", 2e6))
    return survey(*register(*bands))


@pytest.mark.parametrize("band", ["24+", "18-23"])
def test_a_band_that_is_withheld_is_not_worked_out_from_the_others(observations, band):
    of = observations["series_id"].eq("cbs_population") & observations["time_period"].eq("2024")
    assert groups.size(observations, "2024", ("female", "24+")) is not None
    withheld = observations[of & observations["sex"].eq("female")].iloc[[0]]
    withheld = withheld.assign(age=band, obs_value=math.nan)
    rows = pd.concat([observations[~(of & observations["age"].eq(band))], withheld])
    assert groups.size(rows, "2024", ("female", "24+")) is None


class TestRelated:
    WAVES = pd.DataFrame([{"wave": "2024", **WHO, "n": 20_000.0, "n_eff": 15_000.0, "pct": 5.0}])
    WAVES["observations"], WAVES["source_of_interval"] = "w", "assumed_deff"

    @pytest.mark.parametrize("pct", [5.0, 0.5, 0.0])
    @pytest.mark.parametrize("series_id", related.SAME_SURVEY)
    def test_shares_of_victims_rest_on_the_victims(self, series_id, pct):
        rows = frame(figure(series_id, "2024", 30.0, lower=29.5, upper=30.5, age="16+"))
        table = related.related(rows, self.WAVES.assign(pct=pct), **OPTIONS)
        n = 20_000 if series_id in ("cbs_osi_5y", "cbs_osi_structural") else 200 * pct
        assert len(table) == (n > 0)
        if n:
            row = table.iloc[0]
            expected = [n, n / 1.3, n < 20_000, 29.5]
            assert row[["n", "n_eff", "conditional", "box_lower"]].tolist() == expected
            ends = [proportion_interval(pct / 100, n, deff=1.3) for pct in (29.5, 30.5)]
            expected = [100 * ends[0][0], 100 * ends[1][1]]
            assert row[["ci_lower", "ci_upper"]].tolist() == pytest.approx(expected)

    def test_without_respondents_or_of_one_group_there_is_none(self):
        others = [{"age": "16-17"}, {"age": "16+", "sex": "male"}]
        rows = [figure("cbs_osi_5y", "2024", 30.0, **who) for who in (*others, {"age": "16+"})]
        rows.append(figure("cbs_osi_5y", "2022", 30.0, age="16+"))
        assert len(related.related(frame(*rows), self.WAVES, **OPTIONS)) == 1
        assert related.related(frame(*rows), self.WAVES.assign(n=0.0), **OPTIONS).empty
