"""Tables of the survey on simulated rows, by hand: estimates, sizes, changes, what is out of sight, bounds, contracts."""

import math

import pandas as pd
import pytest

from osw_stats.errors import InputError, NotAskedError, NotEstimableError, NotPublishedError
from osw_stats.stats.survey import BRIDGE, bounds, changes, findings, groups, prevalence, related
from osw_stats.stats.survey.contracts import check_table, columns
from osw_stats.stats.survey.intervals import detectable, difference, effective_n, proportion_interval
from tests.simulated_figures import figure, frame

OPTIONS = {"deff": 1.3, "deff_range": (1.0, 1.6), "alpha": 0.05}
SHARE, WHO, GIRLS = "cbs_osi_12m", {"sex": "total", "age": "16+"}, {"sex": "female", "age": "16-17"}


def share(wave, pct, half=0.05, series_id=SHARE, **more):
    row = {"as_reported": f"{pct}", "file": "f", "row": 2, "unit_measure": "percent"} | WHO | more
    return figure(series_id, wave, pct, lower=pct - half, upper=pct + half, **row)


def survey(*more):
    """Return two waves of a survey of 20,000 and 25,000 respondents among ten million people."""
    respondents = [figure("cbs_phgsg_respondents", w, n, **WHO) for w, n in (("2022", 2e4), ("2024", 2.5e4))]
    population = figure("cbs_phgsg_population", "2024", 10e6, lower=9.9e6, upper=10.1e6, **WHO)
    return frame(share("2022", 5.0), share("2024", 5.2), *respondents, population, *more)


def register(*rows):
    return [figure("cbs_population", year, n, sex="total", age=age) for year, age, n in rows]


def margin(pct, low, high, printed, n=None):
    """Return a printed margin of girls in the last wave, and their respondents where known."""
    limits = {"ci_lower": float(low), "ci_upper": float(high), "as_reported": printed}
    size = [figure("cbs_osi_12m_group_respondents", "2024", float(n), **GIRLS)] if n else []
    return [share("2024", pct, series_id="cbs_osi_12m_margins", **GIRLS) | limits, *size]


def estimates(*more, **how):
    return prevalence.estimates(survey(*more), **OPTIONS | how)


class TestEstimates:
    def test_an_assumed_design_effect_by_hand(self):
        earlier, row = (r for _, r in estimates().iterrows())
        sizes = row[["n", "n_eff", "n_eff_min", "n_eff_max"]].tolist()
        assert sizes == [25_000, 25_000 / 1.3, 25_000 / 1.6, 25_000]
        assert row[["box_lower", "box_upper", "persons"]].tolist() == pytest.approx([5.15, 5.25, 520_000])
        assert row["persons_basis"] == "survey"
        assert row["persons_lower"] < 100_000 * row["ci_lower"]  # the size is not known exactly either
        assert math.isnan(earlier["persons"])  # nobody published the population of that wave
        for deff in (0.99, 1.61):
            with pytest.raises(InputError, match="lies outside its own range"):
                estimates(deff=deff)

    def test_the_box_of_rounding_stays_within_all_and_nobody(self):
        rows = prevalence.estimates(frame(share("2024", 0.02), share("2022", 99.98)), **OPTIONS).set_index(
            "wave"
        )
        assert (rows.loc["2024", "box_lower"], rows.loc["2022", "box_upper"]) == (0, 100)
        assert set(rows["source_of_interval"]) == {"not_estimable"}

    def test_published_limits_give_their_own_size(self):
        row = (
            estimates(*margin(20.0, 18, 22, "20,0 (18,0-22,0)", 2000)).set_index("group").loc["female 16-17"]
        )
        size = effective_n(20, 18, 22, step=0.1)
        sizes = row[["n_eff", "n_eff_min", "n_eff_max", "deff"]].tolist()
        assert sizes == pytest.approx([size.wald, size.minimum, size.maximum, 2000 / size.wald])
        assert row[["ci_lower", "ci_upper", "grade"]].tolist() == [18, 22, "A"]
        assert row[["box_lower", "box_upper"]].tolist() == pytest.approx([19.95, 20.05])
        assert row["check_lower"] == pytest.approx(18.15, abs=0.2)

    @pytest.mark.parametrize(
        ("printed", "n", "n_eff", "flags"),
        [
            # Wald size of 20 (18-22) is 1536.6; design effects of 0.8 and 2.5 are 1229.3 and 3841.5 respondents
            ((20.0, 18, 22, "20,0 (18,0-22,0)"), 1229, 1536.6, "deff_unusual"),
            ((20.0, 18, 22, "20,0 (18,0-22,0)"), 1230, 1536.6, ""),
            ((20.0, 18, 22, "20,0 (18,0-22,0)"), 3841, 1536.6, ""),
            ((20.0, 18, 22, "20,0 (18,0-22,0)"), 3842, 1536.6, "deff_unusual"),
            # whole percents are too coarse; 0.05 of 154: the error is 35 percent of the share
            ((5.0, 4, 6, "5 (4-6)"), 200, 200 / 1.3, "large_error"),
            ((5.0, 4, 6, "5 (4-6)"), None, math.nan, ""),
        ],
    )
    def test_an_unusual_or_coarse_margin_is_marked(self, printed, n, n_eff, flags):
        row = estimates(*margin(*printed, n)).set_index("group").loc["female 16-17"]
        assert row["n_eff"] == pytest.approx(n_eff, abs=0.1, nan_ok=True)
        assert math.isnan(row["check_lower"]) is math.isnan(n_eff)
        assert row["flags"] == flags

    def test_the_order_is_everyone_then_sexes_then_ages(self):
        cells = ("2024 male 16-17", "2024 female 16-17", "2024 female 16+", "2024 total 16+", "2022 male 24+")
        rows = frame(*(share(w, 5.0, sex=s, age=a) for w, s, a in map(str.split, cells)))
        names = prevalence.estimates(rows, **OPTIONS)["group"].tolist()
        assert names == ["male 24+", "total", "female", "female 16-17", "male 16-17"]

    def test_the_latest_share_that_can_be_turned_into_people(self):
        row = prevalence.latest_persons(estimates())
        assert [row[c] for c in ("wave", "unit", "grade")] == ["2024", "persons", "B"]
        assert row["value"] == pytest.approx(520_000)
        with pytest.raises(NotPublishedError):
            prevalence.latest_persons(prevalence.estimates(frame(share("2024", 5.2)), **OPTIONS))


class TestSizes:
    ROWS = survey(
        *register(
            ("2024", "16+", 12e6), ("2022", "16+", 11e6), ("2022", "16-17", 1e6), ("2022", "18-23", 2e6)
        )
    )

    @pytest.mark.parametrize(
        ("wave", "age", "value", "half_width", "basis"),
        [
            ("2024", "16+", 10e6, 0.1e6, "survey"),
            # ten of twelve million; the rounding of 0.1 of ten million likewise
            ("2022", "16+", 11e6 * 10 / 12, 11e6 * 0.1 / 12, "register"),
            ("2022", "24+", 8e6 * 10 / 12, 8e6 * 0.1 / 12, "register"),
        ],
    )
    def test_register_times_the_part_in_private_households(self, wave, age, value, half_width, basis):
        size = groups.size(self.ROWS, wave, ("total", age))
        assert (size.value, size.half_width) == pytest.approx((value, half_width))
        assert size.basis == basis
        assert groups.size(self.ROWS, "2024", ("total", "24+")) is None
        assert groups.size(self.ROWS, "2022", ("total", "25+")) is None
        assert groups.size(frame(share("2024", 5.0)), "2024", ("total", "16+")) is None

    @pytest.mark.parametrize("band", ["24+", "18-23"])
    def test_a_band_that_is_withheld_is_not_worked_out_from_the_others(self, observations, band):
        of = observations["series_id"].eq("cbs_population") & observations["time_period"].eq("2024")
        assert groups.size(observations, "2024", ("female", "24+")) is not None
        withheld = (
            observations[of & observations["sex"].eq("female")].iloc[[0]].assign(age=band, obs_value=math.nan)
        )
        rows = pd.concat([observations[~(of & observations["age"].eq(band))], withheld])
        assert groups.size(rows, "2024", ("female", "24+")) is None


class TestChanges:
    def cells(self, **of_last):
        table = estimates()
        for name, value in of_last.items():
            table.loc[1, name] = value
        return table

    def test_a_change_of_everyone_by_hand(self):
        table = changes.differences(self.cells(), alpha=0.05)
        row, sizes = changes.change(table, "2022", "2024"), (20_000 / 1.3, 25_000 / 1.3)
        d = difference(0.05, sizes[0], 0.052, sizes[1])
        ends = [row[c] for c in ("diff", "lower", "upper")]
        assert ends == pytest.approx([0.2, 100 * d.lower, 100 * d.upper])
        assert [row[c] for c in ("p_raw", "p_adj", "ratio")] == pytest.approx([d.p_value, d.p_value, d.ratio])
        assert row["mdd80"] == pytest.approx(100 * detectable(0.05, *sizes))
        assert (row["contrast"], row["family"], row["grade"]) == ("total: 2022 to 2024", "F1", "B")
        assert (row["robust_to_rounding"], row["method"][-16:]) == (False, "holm over 1 test")
        fall = changes.differences(self.cells(pct=4.8), alpha=0.05).iloc[0]
        assert fall["mdd80"] == pytest.approx(100 * detectable(0.05, *sizes, upward=False))
        for waves, why in ((("2020", "2024"), "no margin of everyone"), (("2024", "2024"), "one wave")):
            with pytest.raises(NotEstimableError, match=why):
                changes.change(table, *waves)

    @pytest.mark.parametrize(("factor", "finding"), [(1, False), (1.0001, True)])
    def test_the_level_decides_what_is_found(self, factor, finding):
        p = float(changes.differences(self.cells(pct=5.5), alpha=0.05).iloc[0]["p_adj"])
        assert changes.differences(self.cells(pct=5.5), alpha=p * factor).iloc[0]["finding"] == finding

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
        row = changes.since_first(changes.differences(self.cells(), alpha=0.05))
        row |= {"p_adj": p_adj, "robust_to_rounding": robust}
        assert findings.difference(row, 0.05).verdict == verdict

    def test_each_wave_with_a_margin_goes_to_the_next_and_the_first_to_the_last(self):
        # everyone lacks a margin in the last wave, a group in the one before it
        waves = {"total": "2018 2020 2022", "female": "2018 2022 2024"}
        rows = [self.cells().iloc[:1].assign(wave=w, sex=s, group=s) for s in waves for w in waves[s].split()]
        table = changes.differences(pd.concat(rows, ignore_index=True), alpha=0.05)
        pairs = table.groupby("family")[["wave_from", "wave_to"]].apply(lambda f: f.to_numpy().tolist())
        assert pairs["F1"] == [["2018", "2020"], ["2020", "2022"], ["2018", "2022"]]
        assert pairs["F2"] == [["2018", "2022"], ["2022", "2024"], ["2018", "2024"]]
        assert changes.since_first(table)["wave_from"] == "2018"
        assert [row["wave_to"] for row in changes.last_steps(table)] == ["2020", "2022"]
        two = changes.differences(self.cells(), alpha=0.05)
        with pytest.raises(NotAskedError):
            changes.last_steps(two)
        with pytest.raises(NotEstimableError, match="two waves"):
            changes.since_first(two.iloc[:0])

    def test_what_joins_two_definitions_is_said_where_they_are_compared(self):
        same = changes.differences(self.cells(), alpha=0.05, bridge=BRIDGE)
        other = changes.differences(self.cells(definition_version="another"), alpha=0.05, bridge=BRIDGE)
        assert (same.attrs["bridge"], other.attrs["bridge"]) == (None, BRIDGE)
        assert (same["grade"].item(), other["grade"].item()) == ("B", "C")


class TestOutOfSight:
    def row(self, first, last, people):
        rows = survey(
            *register(*((y, a, n) for y in ("2022", "2024") for a, n in (("16+", 10e6), ("16-17", people)))),
            *(share(wave, pct, half, age="16-17") for wave, (pct, half) in (("2022", first), ("2024", last))),
        )
        return changes.out_of_sight(prevalence.estimates(rows, **OPTIONS), rows, **OPTIONS).iloc[0]

    def test_what_could_not_be_seen_of_a_group(self):
        row = self.row((10.0, 0.05), (20.0, 0.05), 2e6)
        # a fifth of the people and so of the respondents: 4,000 and 5,000
        assert row[["n_eff_from", "n_eff_to"]].tolist() == pytest.approx([4000 / 1.3, 5000 / 1.3])
        seen = [100 * detectable(0.1, 4000 / d, 5000 / d) for d in (1.3, 1.0, 1.6)]
        assert row[["mdd80", "mdd80_low", "mdd80_high"]].tolist() == pytest.approx(seen)
        assert row[["change_lower", "change_upper"]].tolist() == pytest.approx([9.9, 10.1])
        assert findings.detectable(dict(row)).verdict == "published_change_larger"
        assert findings.published_change(dict(row)).verdict == "published_moved"
        other = dict(row) | {"within_reach": False, "change_lower": -0.1}
        assert findings.detectable(other).verdict == "published_change_smaller"
        assert findings.published_change(other).verdict == "published_hidden"

    @pytest.mark.parametrize(
        ("last", "half", "seen"),
        # about 1.2 percentage points could be seen of groups of 10,000 and 12,500
        [(11.0, 0.05, False), (8.0, 0.05, True), (10.0, 0.05, False), (12.0, 2.0, False), (12.5, 0.5, True)],
    )
    def test_a_change_smaller_than_what_could_be_seen_or_that_may_be_none_is_out_of_reach(
        self, last, half, seen
    ):
        row = self.row((10.0, 0.05), (last, half), 5e6)
        assert 0.8 < row["mdd80_high"] < 1.6
        assert row["within_reach"] == seen


class TestBounds:
    def test_response_is_published_or_respondents_over_people_asked(self):
        rows = frame(
            figure("cbs_phgsg_respondents", "2024", 25_000.0),
            figure("cbs_phgsg_sample", "2024", 100_000.0),
            figure("cbs_phgsg_response_rate", "2022", 30.0),
            figure("cbs_phgsg_sample", "2020", 100_000.0),
        )
        assert [bounds.response(rows, wave)[0] for wave in ("2024", "2022")] == [0.25, 0.3]
        with pytest.raises(NotPublishedError, match="not known"):
            bounds.response(rows, "2020")

    def test_variants_change_one_thing(self):
        table = bounds.sensitivity(estimates(), **OPTIONS).set_index(["quantity", "variant"])
        shares, steps = table.loc["share 2024"], table.loc["change 2022 to 2024"]
        assert shares.loc["primary", "lower"] == pytest.approx(estimates().loc[1, "ci_lower"])
        assert "effective n 25000" in shares.loc["deff 1", "method"]
        logit = proportion_interval(0.052, 25_000 / 1.3, method="logit")
        assert shares.loc["logit", ["lower", "upper"]].tolist() == pytest.approx([100 * end for end in logit])
        rounding = steps.loc[["rounding apart", "rounding together"], "value"].tolist()
        assert rounding == pytest.approx([5.25 - 4.95, 5.15 - 5.05])
        wide = difference(0.05, 20_000 / 1.6, 0.052, 25_000 / 1.6)
        assert steps.loc["deff 1.6", "lower"] == pytest.approx(100 * wide.lower)
        assert table["primary"].sum() == 2
        assert set(bounds.sensitivity(estimates().iloc[:1], **OPTIONS)["quantity"]) == {"share 2022"}

    def test_waves_of_which_the_response_is_not_known_are_left_out(self):
        rows = survey(figure("cbs_phgsg_response_rate", "2022", 30.0))
        table = bounds.nonresponse(prevalence.estimates(rows, **OPTIONS), rows)
        assert set(table["wave"]) == {"2022"}
        assert findings.not_taking_part(table).value == 70.0
        with pytest.raises(NotPublishedError, match="not known"):
            bounds.nonresponse(estimates(), survey())


class TestRelated:
    WAVES = pd.DataFrame(
        [{"wave": "2024", **WHO, "n": 20_000.0, "n_eff": 15_000.0, "pct": 5.0, "observations": "w"}]
    )

    @pytest.mark.parametrize(
        ("series_id", "n"),
        [
            ("cbs_osi_5y", 20_000),
            ("cbs_osi_structural", 20_000),
            ("cbs_osi_structural_share", 1000),
            ("cbs_osi_talked", 1000),
            ("cbs_osi_police_complaint", 1000),
        ],
    )
    def test_shares_of_victims_rest_on_the_victims(self, series_id, n):
        rows = frame(figure(series_id, "2024", 30.0, lower=29.5, upper=30.5, age="16+"))
        row = related.related(rows, self.WAVES, deff=1.3, alpha=0.05).iloc[0]
        assert row[["n", "n_eff", "conditional", "box_lower"]].tolist() == [n, n / 1.3, n == 1000, 29.5]
        ends = (proportion_interval(0.295, n, deff=1.3)[0], proportion_interval(0.305, n, deff=1.3)[1])
        assert row[["ci_lower", "ci_upper"]].tolist() == pytest.approx([100 * end for end in ends])

    def test_without_respondents_or_of_one_group_there_is_none(self):
        others = [{"age": "16-17"}, {"age": "16+", "sex": "male"}]
        rows = [figure("cbs_osi_5y", "2024", 30.0, **who) for who in (*others, {"age": "16+"})]
        rows.append(figure("cbs_osi_5y", "2022", 30.0, age="16+"))
        assert len(related.related(frame(*rows), self.WAVES, deff=1.3, alpha=0.05)) == 1
        assert related.related(frame(*rows), self.WAVES.assign(n=0.0), deff=1.3, alpha=0.05).empty

    @pytest.mark.parametrize(
        ("figures", "shown"),
        [
            ([(5.0, "total", "12-25", ""), (7.0, "total", "12-17", ""), (8.0, "male", "12-25", "")], [5]),
            ([(8.0, "male", "12-25", ""), (9.0, "female", "12-25", "")], [9, 8]),
            ([(math.nan, "total", "12-25", ""), (8.0, "total", "12-25", "form=a")], []),
        ],
    )
    def test_of_a_study_the_whole_or_else_its_parts(self, figures, shown):
        name = "rutgers_sexting_negative"
        rows = [figure(name, "2023", pct, sex=sex, age=age, breakdown=b) for pct, sex, age, b in figures]
        assert related.other_studies(frame(*rows))["pct"].tolist() == shown


class TestContracts:
    GOOD = pd.DataFrame([dict.fromkeys(columns("funnel"), 0.5) | {"grade": "C", "p_over_100": 1.0}])

    @pytest.mark.parametrize(
        ("column", "value", "breaks"),
        [
            ("share_per_100", 100.1, "share_per_100"),
            ("share_lower", 0.5 + 5e-10, None),  # the slack itself is allowed
            ("share_lower", 0.5 + 2e-9, "share_per_100"),
            ("share_upper", 0.5 - 2e-9, "share_per_100"),
            ("p_over_10", 1.01, "p_over_10"),
            ("p_over_10", -0.01, "p_over_10"),
            ("p_over_100", math.nan, None),
            ("grade", "E", "grade"),
            ("grade", "D", None),
            ("factor", math.nan, None),
            ("factor_lower", 0.6, "factor"),
            ("factor_upper", 0.4, "factor"),
        ],
    )
    def test_what_breaks_a_table_is_named_by_row_and_column(self, column, value, breaks):
        table = self.GOOD.assign(**{column: value})
        if breaks is None:
            assert check_table("funnel", table) is table
        else:
            with pytest.raises(InputError, match=rf'funnel, row 1, column "{breaks}"'):
                check_table("funnel", table)

    def test_columns_stand_in_their_order(self):
        with pytest.raises(InputError, match=r'column "number".*does not begin with its columns'):
            check_table("funnel", self.GOOD.rename(columns={"count": "number"}))
