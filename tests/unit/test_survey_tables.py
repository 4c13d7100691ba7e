"""Tables of the survey on simulated cells: the model by least squares, changes, contracts, margins and answers by hand."""

import math

import pandas as pd
import pytest

from osw_stats.analysis.survey import bounds, changes, findings, groups, prevalence
from osw_stats.analysis.survey.differences import detectable, difference
from osw_stats.analysis.survey.effective import effective_n
from osw_stats.errors import InputError, NotAskedError, NotEstimableError, NotPublishedError
from tests.simulated_figures import figure, frame

Z = 1.959963984540054
OPTIONS = {"deff": 1.3, "deff_range": (1.0, 1.6), "alpha": 0.05}
SHARE, WHO = "cbs_osi_12m", {"sex": "total", "age": "16+"}


def share(wave, pct, half=0.05, series_id=SHARE, **more):
    row = {"as_reported": f"{pct}", "file": "f", "row": 2, "unit_measure": "percent"} | WHO | more
    return figure(series_id, wave, pct, lower=pct - half, upper=pct + half, **row)


def survey(*more):
    """Return two waves of a survey of 20,000 and 25,000 respondents among ten million people."""
    return frame(
        share("2022", 5.0), share("2024", 5.2),
        figure("cbs_phgsg_respondents", "2022", 20_000.0, **WHO), figure("cbs_phgsg_respondents", "2024", 25_000.0, **WHO),
        figure("cbs_phgsg_population", "2024", 10e6, lower=9.9e6, upper=10.1e6, **WHO), *more,
    )  # fmt: skip


class TestEstimates:
    @pytest.mark.parametrize(("deff", "fits"), [(1.0, True), (1.6, True), (0.99, False), (1.61, False)])
    def test_a_design_effect_lies_in_its_own_range(self, deff, fits):
        if fits:
            assert len(prevalence.estimates(survey(), **OPTIONS | {"deff": deff})) == 2
        else:
            with pytest.raises(InputError, match="lies outside its own range"):
                prevalence.estimates(survey(), **OPTIONS | {"deff": deff})

    def test_an_assumed_design_effect_by_hand(self):
        row = prevalence.estimates(survey(), **OPTIONS).iloc[1]
        assert (row["n"], row["n_eff"], row["n_eff_min"], row["n_eff_max"]) == (25_000, 25_000 / 1.3, 25_000 / 1.6, 25_000)  # fmt: skip
        assert (row["box_lower"], row["box_upper"]) == (pytest.approx(5.15), pytest.approx(5.25))
        assert (row["persons"], row["persons_basis"]) == (pytest.approx(520_000), "survey")
        assert row["persons_lower"] < 100_000 * row["ci_lower"]  # the size is not known exactly either
        earlier = prevalence.estimates(survey(), **OPTIONS).iloc[0]
        assert math.isnan(earlier["persons"])  # nobody published the population of that wave

    def test_the_box_of_rounding_stays_within_all_and_nobody(self):
        rows = frame(share("2024", 0.02), share("2022", 99.98))
        found = prevalence.estimates(rows, **OPTIONS).set_index("wave")
        assert (found.loc["2024", "box_lower"], found.loc["2022", "box_upper"]) == (0, 100)
        assert set(found["source_of_interval"]) == {"not_estimable"}

    def test_published_limits_give_their_own_size(self):
        margin = share("2024", 20.0, series_id="cbs_osi_12m_margins", sex="female", age="16-17", as_reported="20,0 (18,0-22,0)") | {"ci_lower": 18.0, "ci_upper": 22.0}  # fmt: skip
        n = figure("cbs_osi_12m_group_respondents", "2024", 2000.0, sex="female", age="16-17")
        row = prevalence.estimates(survey(margin, n), **OPTIONS).set_index("group").loc["female 16-17"]
        size = effective_n(20, 18, 22, step=0.1)
        assert (row["n_eff"], row["n_eff_min"], row["n_eff_max"]) == (size.wald, size.minimum, size.maximum)
        assert row["deff"] == pytest.approx(2000 / size.wald)
        assert (row["ci_lower"], row["ci_upper"], row["grade"], row["flags"]) == (18, 22, "A", "")
        assert (row["box_lower"], row["box_upper"]) == (pytest.approx(19.95), pytest.approx(20.05))
        assert row["check_lower"] == pytest.approx(100 * 0.1815, abs=0.2)

    # Wald size of 20 (18-22) is 1536.6; design effects of 0.8 and 2.5 are 1229.3 and 3841.5 respondents
    @pytest.mark.parametrize(("n", "flag"), [(1229, "deff_unusual"), (1230, ""), (3841, ""), (3842, "deff_unusual")])  # fmt: skip
    def test_an_unusual_design_effect_is_marked(self, n, flag):
        margin = share("2024", 20.0, series_id="cbs_osi_12m_margins", sex="female", age="16-17", as_reported="20,0 (18,0-22,0)") | {"ci_lower": 18.0, "ci_upper": 22.0}  # fmt: skip
        size = figure("cbs_osi_12m_group_respondents", "2024", float(n), sex="female", age="16-17")
        found = prevalence.estimates(survey(margin, size), **OPTIONS).set_index("group")
        assert found.loc["female 16-17", "flags"] == flag

    @pytest.mark.parametrize(("n", "expected"), [(200.0, 200 / 1.3), (None, None)])
    def test_limits_in_whole_percents_are_too_coarse(self, n, expected):
        margin = share("2024", 5.0, series_id="cbs_osi_12m_margins", sex="female", age="16-17", as_reported="5 (4-6)") | {"ci_lower": 4.0, "ci_upper": 6.0}  # fmt: skip
        more = [figure("cbs_osi_12m_group_respondents", "2024", n, sex="female", age="16-17")] if n else []
        row = prevalence.estimates(survey(margin, *more), **OPTIONS).set_index("group").loc["female 16-17"]
        if expected is None:
            assert math.isnan(row["n_eff"])
            assert math.isnan(row["check_lower"])
        else:
            assert (row["n_eff"], row["n_eff_min"], row["n_eff_max"]) == (expected, 200 / 1.6, 200)
            # 0.05 of 154: the error is 35 percent of the share
            assert row["flags"] == "large_error"
        assert (row["box_lower"], row["box_upper"]) == (4.5, 5.5)

    def test_the_order_is_everyone_then_sexes_then_ages(self):
        cells = [("2024", "male", "16-17"), ("2024", "female", "16-17"), ("2024", "female", "16+"), ("2024", "total", "16+"), ("2022", "male", "24+")]  # fmt: skip
        rows = frame(*(share(w, 5.0, sex=s, age=a) for w, s, a in cells))
        found = prevalence.estimates(rows, **OPTIONS)
        assert found["group"].tolist() == ["male 24+", "total", "female", "female 16-17", "male 16-17"]

    def test_the_latest_share_that_can_be_turned_into_people(self):
        found = prevalence.latest_persons(prevalence.estimates(survey(), **OPTIONS))
        assert (found["wave"], found["value"], found["unit"], found["grade"]) == ("2024", pytest.approx(520_000), "persons", "B")  # fmt: skip
        with pytest.raises(NotPublishedError):
            prevalence.latest_persons(prevalence.estimates(frame(share("2024", 5.2)), **OPTIONS))


class TestSizes:
    def test_register_times_the_part_in_private_households(self):
        rows = survey(
            *(figure("cbs_population", y, n, **WHO | {"age": a}) for y, a, n in (("2024", "16+", 12e6), ("2022", "16+", 11e6), ("2022", "16-17", 1e6), ("2022", "18-23", 2e6)))
        )  # fmt: skip
        # ten of twelve million; the rounding of 0.1 of ten million likewise
        found = groups.size(rows, "2022", ("total", "16+"))
        assert (found.value, found.half_width, found.basis) == (pytest.approx(11e6 * 10 / 12), pytest.approx(11e6 * 0.1 / 12), "register")  # fmt: skip
        older = groups.size(rows, "2022", ("total", "24+"))
        assert older.value == pytest.approx(8e6 * 10 / 12)
        assert len(older.observations) == 5
        survey_size = groups.size(rows, "2024", ("total", "16+"))
        assert (survey_size.value, survey_size.half_width, survey_size.basis) == (10e6, pytest.approx(0.1e6), "survey")  # fmt: skip
        assert groups.size(rows, "2024", ("total", "24+")) is None
        assert groups.size(rows, "2022", ("total", "25+")) is None
        assert groups.size(frame(share("2024", 5.0)), "2024", ("total", "16+")) is None


class TestChanges:
    def cells(self, **of_last):
        made = prevalence.estimates(survey(), **OPTIONS)
        for name, value in of_last.items():
            made.loc[1, name] = value
        return made

    def test_a_change_of_everyone_by_hand(self):
        found = changes.change(changes.differences(self.cells(), alpha=0.05), "2022", "2024")
        d = difference(0.05, 20_000 / 1.3, 0.052, 25_000 / 1.3)
        assert (found["diff"], found["lower"], found["upper"]) == pytest.approx(
            (0.2, 100 * d.lower, 100 * d.upper)
        )
        assert (found["p_raw"], found["p_adj"], found["ratio"]) == pytest.approx(
            (d.p_value, d.p_value, d.ratio)
        )
        assert found["mdd80"] == pytest.approx(100 * detectable(0.05, 20_000 / 1.3, 25_000 / 1.3))
        assert (found["contrast"], found["family"], found["grade"]) == ("total: 2022 to 2024", "F1", "B")
        assert not found["robust_to_rounding"]
        for waves, why in ((("2020", "2024"), "no margin of everyone"), (("2024", "2024"), "one wave")):
            with pytest.raises(NotEstimableError, match=why):
                changes.change(changes.differences(self.cells(), alpha=0.05), *waves)

    def test_a_fall_has_the_detectable_change_of_a_fall(self):
        found = changes.differences(self.cells(pct=4.8), alpha=0.05).iloc[0]
        assert found["mdd80"] == pytest.approx(
            100 * detectable(0.05, 20_000 / 1.3, 25_000 / 1.3, upward=False)
        )

    def test_the_level_decides_what_is_found(self):
        p = changes.differences(self.cells(pct=5.5), alpha=0.05).iloc[0]["p_adj"]
        at = changes.differences(self.cells(pct=5.5), alpha=float(p)).iloc[0]
        above = changes.differences(self.cells(pct=5.5), alpha=float(p) * 1.0001).iloc[0]
        assert (at["finding"], above["finding"]) == (False, True)

    @pytest.mark.parametrize(
        ("p_adj", "robust", "verdict"),
        [
            (0.05, True, "survey_not_shown"),
            (0.049, True, "survey_shown"),
            (0.049, False, "survey_by_rounding"),
            (math.nan, True, "survey_not_shown"),
        ],
    )
    def test_what_a_difference_shows(self, p_adj, robust, verdict):
        assert findings.verdict({"p_adj": p_adj, "robust_to_rounding": robust}, 0.05) == verdict

    def test_three_waves_are_compared_in_steps_and_from_first_to_last(self):
        three = pd.concat([self.cells(), self.cells().iloc[:1].assign(wave="2021")])
        found = changes.differences(three, alpha=0.05)
        assert found["contrast"].tolist() == [
            "total: 2021 to 2022",
            "total: 2022 to 2024",
            "total: 2021 to 2024",
        ]
        assert len(changes.differences(self.cells(), alpha=0.05)) == 1
        (one,) = changes.differences(self.cells(), alpha=0.05)["method"]
        assert one.endswith("holm over 1 test")
        assert len(changes.differences(self.cells().iloc[:1], alpha=0.05)) == 0

    def test_a_group_goes_from_each_wave_it_has_to_the_next(self):
        # everyone lacks a margin in the last wave, a group in the one before it
        rows = [
            self.cells().iloc[:1].assign(wave=wave, sex=sex, group=sex)
            for sex, waves in (("total", "2018 2020 2022"), ("female", "2018 2022 2024"))
            for wave in waves.split()
        ]
        found = changes.differences(pd.concat(rows, ignore_index=True), alpha=0.05)
        pairs = found.groupby("family")[["wave_from", "wave_to"]].apply(lambda f: f.to_numpy().tolist())
        assert pairs["F1"] == [["2018", "2020"], ["2020", "2022"], ["2018", "2022"]]
        assert pairs["F2"] == [["2018", "2022"], ["2022", "2024"], ["2018", "2024"]]
        assert changes.since_first(found)["wave_from"] == "2018"
        assert [row["wave_to"] for row in changes.last_steps(found)] == ["2020", "2022"]

    def test_what_needs_more_waves_than_there_are_says_so(self):
        two = changes.differences(self.cells(), alpha=0.05)
        with pytest.raises(NotAskedError):
            changes.last_steps(two)
        with pytest.raises(NotEstimableError, match="two waves"):
            changes.since_first(two.iloc[:0])

    def test_what_joins_two_definitions_is_said_where_they_are_compared(self):
        cells, bridge = self.cells(), changes.BRIDGE
        assert changes.differences(cells, alpha=0.05, bridge=bridge).attrs["bridge"] is None
        cells.loc[1, "definition_version"] = "another"
        assert changes.differences(cells, alpha=0.05, bridge=bridge).attrs["bridge"] is bridge

    def test_what_could_not_be_seen_of_a_group(self):
        people = [figure("cbs_population", y, n, **WHO | {"age": a}) for y in ("2022", "2024") for a, n in (("16+", 10e6), ("16-17", 2e6))]  # fmt: skip
        rows = survey(*people, share("2022", 10.0, sex="total", age="16-17"), share("2024", 20.0, sex="total", age="16-17"))  # fmt: skip
        (row,) = changes.out_of_sight(prevalence.estimates(rows, **OPTIONS), rows, **OPTIONS).to_dict(
            "records"
        )
        # a fifth of the people and so of the respondents: 4,000 and 5,000
        assert (row["n_eff_from"], row["n_eff_to"]) == (pytest.approx(4000 / 1.3), pytest.approx(5000 / 1.3))
        assert row["mdd80"] == pytest.approx(100 * detectable(0.1, 4000 / 1.3, 5000 / 1.3))
        assert row["mdd80_low"] == pytest.approx(100 * detectable(0.1, 4000, 5000))
        assert row["mdd80_high"] == pytest.approx(100 * detectable(0.1, 4000 / 1.6, 5000 / 1.6))
        assert (row["change_lower"], row["change_upper"]) == (pytest.approx(9.9), pytest.approx(10.1))
        assert row["within_reach"]
        assert findings.detectable(row).verdict == "published_change_larger"
        assert findings.published_change(row).verdict == "published_moved"
        row |= {"within_reach": False, "change_lower": -0.1}
        assert findings.detectable(row).verdict == "published_change_smaller"
        assert findings.published_change(row).verdict == "published_hidden"

    @pytest.mark.parametrize(("last", "seen"), [(11.0, False), (8.0, True), (10.0, False)])
    def test_a_change_smaller_than_what_could_be_seen_is_out_of_reach(self, last, seen):
        people = [figure("cbs_population", y, n, **WHO | {"age": a}) for y in ("2022", "2024") for a, n in (("16+", 10e6), ("16-17", 5e6))]  # fmt: skip
        rows = survey(*people, share("2022", 10.0, age="16-17"), share("2024", last, age="16-17"))
        (row,) = changes.out_of_sight(prevalence.estimates(rows, **OPTIONS), rows, **OPTIONS).to_dict(
            "records"
        )
        # about 1.2 percentage points could be seen of groups of 10,000 and 12,500
        assert 0.8 < row["mdd80_high"] < 1.6
        assert row["within_reach"] is seen


class TestSensitivity:
    def test_response_is_published_or_respondents_over_people_asked(self):
        rows = frame(
            figure("cbs_phgsg_respondents", "2024", 25_000.0), figure("cbs_phgsg_sample", "2024", 100_000.0),
            figure("cbs_phgsg_response_rate", "2022", 30.0), figure("cbs_phgsg_sample", "2020", 100_000.0),
        )  # fmt: skip
        assert bounds.response(rows, "2024")[0] == 0.25
        assert bounds.response(rows, "2022")[0] == 0.3
        with pytest.raises(NotPublishedError, match="not known"):
            bounds.response(rows, "2020")

    def test_variants_change_one_thing(self):
        made = prevalence.estimates(survey(), **OPTIONS)
        found = bounds.sensitivity(made, **OPTIONS).set_index(["quantity", "variant"])
        last, first = made.iloc[1], made.iloc[0]
        assert found.loc[("share 2024", "primary"), "lower"] == pytest.approx(last["ci_lower"])
        narrow = found.loc[("share 2024", "deff 1")]
        assert "effective n 25000" in narrow["method"]
        apart = found.loc[("change 2022 to 2024", "rounding apart")]
        assert apart["value"] == pytest.approx(5.25 - 4.95)
        assert found.loc[("change 2022 to 2024", "rounding together"), "value"] == pytest.approx(5.15 - 5.05)
        wide = difference(first["pct"] / 100, 20_000 / 1.6, last["pct"] / 100, 25_000 / 1.6)
        assert found.loc[("change 2022 to 2024", "deff 1.6"), "lower"] == pytest.approx(100 * wide.lower)
        assert found["primary"].sum() == 2
        one = bounds.sensitivity(made.iloc[:1], **OPTIONS)
        assert set(one["quantity"]) == {"share 2022"}

    def test_waves_of_which_the_response_is_not_known_are_left_out(self):
        rows = survey(figure("cbs_phgsg_response_rate", "2022", 30.0))
        found = bounds.nonresponse(prevalence.estimates(rows, **OPTIONS), rows)
        assert set(found["wave"]) == {"2022"}
        assert findings.not_taking_part(found).value == 70.0
        with pytest.raises(NotPublishedError, match="not known"):
            bounds.nonresponse(prevalence.estimates(survey(), **OPTIONS), survey())


def test_a_change_that_may_be_none_is_never_within_reach():
    # with so many respondents a tenth of a point would be seen, but what was printed leaves open that nothing changed
    def row(wave, low, high):
        return {"wave": wave, "box_lower": low, "box_upper": high, "observations": f"o{wave}"}

    many = [(1e6, ("n1",)), (1e6, ("n2",))]
    for later, seen in (((4.5, 6.5), False), ((4.4, 5.5), False), ((6.5, 7.5), True), ((2.5, 3.4), True)):
        found = changes._detectable_row(
            ("female", "16-17"), row("2020", 4.5, 5.5), row("2024", *later), many, 1.5, (1.0, 2.0), 0.05
        )
        assert found["mdd80_high"] < 0.2
        assert found["within_reach"] is seen
