"""Other studies and the funnel: on simulated rows, by hand."""

import math

import pandas as pd
import pytest

from osw_stats.analysis.survey import related
from osw_stats.analysis.survey.funnel import IN_SCOPE, Amount, Bridges, contacts_of, scope_of_items, variants
from osw_stats.analysis.survey.intervals import proportion_interval
from osw_stats.errors import NotPublishedError
from tests.simulated_figures import figure, frame


class TestRelated:
    WAVES = pd.DataFrame([{"wave": "2024", "sex": "total", "age": "16+", "n": 20_000.0, "n_eff": 15_000.0, "pct": 5.0, "observations": "w"}])  # fmt: skip

    @pytest.mark.parametrize(("series_id", "n"), [("cbs_osi_5y", 20_000), ("cbs_osi_structural", 20_000), ("cbs_osi_structural_share", 1000), ("cbs_osi_talked", 1000), ("cbs_osi_police_complaint", 1000)])  # fmt: skip
    def test_shares_of_victims_rest_on_the_victims(self, series_id, n):
        rows = frame(figure(series_id, "2024", 30.0, lower=29.5, upper=30.5, age="16+"))
        (found,) = related.related(rows, self.WAVES, deff=1.3, alpha=0.05).to_dict("records")
        assert (found["n"], found["n_eff"], found["conditional"]) == (n, n / 1.3, n == 1000)
        low, _ = proportion_interval(0.295, n, deff=1.3)
        _, high = proportion_interval(0.305, n, deff=1.3)
        assert (found["box_lower"], found["box_upper"]) == (29.5, 30.5)
        assert (found["ci_lower"], found["ci_upper"]) == (pytest.approx(100 * low), pytest.approx(100 * high))

    def test_without_respondents_or_of_one_sex_there_is_none(self):
        rows = frame(figure("cbs_osi_5y", "2024", 30.0, age="16+"), figure("cbs_osi_5y", "2024", 30.0, age="16-17"), figure("cbs_osi_5y", "2024", 30.0, sex="male", age="16+"), figure("cbs_osi_5y", "2022", 30.0, age="16+"))  # fmt: skip
        assert len(related.related(rows, self.WAVES, deff=1.3, alpha=0.05)) == 1
        assert related.related(rows, self.WAVES.assign(n=0.0), deff=1.3, alpha=0.05).empty

    def test_of_a_study_the_whole_or_else_its_parts(self):
        name = "rutgers_sexting_negative"
        whole = [figure(name, "2023", 5.0, age="12-25"), figure(name, "2023", 7.0, age="12-17"), figure(name, "2023", 8.0, sex="male", age="12-25")]  # fmt: skip
        assert related.other_studies(frame(*whole))["pct"].tolist() == [5]
        parts = [figure(name, "2023", 8.0, sex="male", age="12-25"), figure(name, "2023", 9.0, sex="female", age="12-25")]  # fmt: skip
        assert related.other_studies(frame(*parts))["pct"].tolist() == [9, 8]
        none = [
            figure(name, "2023", math.nan, age="12-25"),
            figure(name, "2022", 8.0, breakdown="form=a", age="12-25"),
        ]
        assert related.other_studies(frame(*none)).empty

    def test_only_one_study_is_of_another_place_and_one_of_offline_too(self):
        assert {s.series_id for s in related.STUDIES if not s.online_only} == {"nr_ever_15_17"}
        assert {s.place for s in related.STUDIES} == {"NL", "world"}
        assert [s.series_id for s in related.STUDIES if s.comparable == "partly"] == ["cbs_osi_12m_youth"]


class TestFunnelParts:
    def test_frechet_bounds_of_forms_that_overlap(self):
        forms = [*zip(IN_SCOPE, (1.0, 0.5, 2.0, 0.5, 0.5), strict=True), ("unwanted_comments", 40.0)]
        rows = [figure("cbs_osi_12m_form", "2020", v, lower=v - 0.05, upper=v + 0.05, breakdown=f"form={f}", age="16+") for f, v in forms]  # fmt: skip
        whole = figure("cbs_osi_12m", "2020", 5.0, lower=4.95, upper=5.05, age="16+")
        (low, high), ids, wave = scope_of_items(frame(*rows, whole))
        assert (low, high) == (pytest.approx(1.95 / 5.05), pytest.approx(4.75 / 4.95))
        assert (len(ids), wave) == (6, "2020")
        all_of_them = [r | {"obs_value": 4.0, "lower": 3.9, "upper": 4.1} for r in rows]
        assert scope_of_items(frame(*all_of_them, whole))[0][1] == 1

    def test_some_of_the_forms_are_no_upper_bound(self):
        rows = [figure("cbs_osi_12m_form", "2020", 1.0, breakdown=f"form={f}", age="16+") for f in IN_SCOPE]
        whole = figure("cbs_osi_12m", "2020", 5.0, age="16+")
        with pytest.raises(NotPublishedError) as found:
            scope_of_items(frame(*rows[1:], whole))
        assert [w["breakdown"] for w in found.value.wanted] == [f"form={IN_SCOPE[0]}"]
        later = [r | {"time_period": "2022", "obs_id": f"{r['obs_id']}-later"} for r in rows[2:]]
        assert scope_of_items(frame(*rows, *later, whole))[0][0] == 0.2  # the last wave that has all of them

    def test_contacts_are_all_of_them_or_direct_ones(self):
        whole, direct = figure("helpwanted_requests", "2024", 100.0), figure("helpwanted_requests_channel", "2024", 60.0, breakdown="channel=direct")  # fmt: skip
        assert contacts_of(frame(whole), 2024)[1] is None
        assert [c["obs_value"] for c in contacts_of(frame(whole, direct), 2024)] == [100, 60]
        with pytest.raises(NotPublishedError):
            contacts_of(frame(whole | {"obs_value": math.nan}), 2024)

    def test_each_variant_changes_one_thing(self):
        people, bridges = Amount(1000, 900, 1111), Bridges((0.8, 0.8), (0.5, 0.5), (0.1, 0.3))
        whole, direct = {"obs_value": 10.0, "obs_id": "w"}, {"obs_value": 5.0, "obs_id": "d"}
        found = variants(people, whole, direct, bridges, run_seed=1, draws=4000, alpha=0.05).set_index(
            "variant"
        )
        middle = found["factor"].to_dict()
        # 1000 people over 10 requests: 100 to one; a contact is 0.4 of a victim; a fifth is in scope, 0.1 to 0.3
        assert middle["no_bridge"] == pytest.approx(100, rel=0.01)
        assert middle["all_in_scope"] == pytest.approx(250, rel=0.01)
        assert middle["primary"] == pytest.approx(50, rel=0.03)
        assert middle["every_contact_a_victim"] == pytest.approx(20, rel=0.03)
        assert (middle["scope_low"], middle["scope_high"]) == (
            pytest.approx(25, rel=0.01),
            pytest.approx(75, rel=0.01),
        )
        assert middle["direct_contacts_only"] == pytest.approx(100, rel=0.03)
        assert found["observations"].tolist() == ["w"] * 7 + ["d"]
        assert found["primary"].tolist() == [True] + [False] * 7
        width = found["upper"] - found["lower"]
        assert width["contacts_as_process"] > width["primary"]
        assert len(variants(people, whole, None, bridges, run_seed=1, draws=1000, alpha=0.05)) == 7
