"""Tables of the survey on simulated rows, by hand: estimates, sizes, changes, what is out of sight, bounds, contracts."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from osw_stats.errors import InputError, NotAskedError, NotEstimableError, NotPublishedError
from osw_stats.meaning.definitions import DefinitionMismatchError
from osw_stats.shelf.microdata.release import by_group
from osw_stats.stats.survey import BRIDGE, bounds, changes, findings, groups, prevalence, related
from osw_stats.stats.survey.comparing import adjust, detectable, difference, newcombe_p
from osw_stats.stats.survey.contracts import check_table, columns
from osw_stats.stats.survey.intervals import effective_n, proportion_interval
from osw_stats.stats.survey.margins import DesignEffect
from osw_stats.yamlfile import read_yaml
from tests.simulated_figures import figure, frame

OPTIONS = {"deff": DesignEffect(1.3, 1.0, 1.6), "alpha": 0.05}
CASES = read_yaml(Path(__file__).with_name("cases.yml"))
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
        people = prevalence.latest_persons(estimates())
        assert [people[c] for c in ("wave", "unit", "grade")] == ["2024", "persons", "B"]
        assert people["value"] == pytest.approx(520_000)

    def test_an_effective_size_reaches_over_the_range_of_the_design_effect(self):
        row = estimates(deff=DesignEffect(1.3, 1.25, 1.6)).iloc[-1]
        assert row[["n_eff_min", "n_eff", "n_eff_max"]].tolist() == [25_000 / d for d in (1.6, 1.3, 1.25)]

    @pytest.mark.parametrize("deff", [0.99, 1.61, math.nan])
    def test_a_design_effect_outside_its_range_is_refused(self, deff):
        with pytest.raises(InputError, match="lies outside its own range"):
            DesignEffect(deff, 1.0, 1.6)

    @pytest.mark.parametrize(
        ("rate", "expected"),
        [
            (None, (25_000, 26_000)),
            ((25.55, 25.65), (25_550, 25_650)),
            ((25.0, 25.1), (25_000, 25_100)),
            ((24.0, 24.1), (25_000, 26_000)),  # what contradicts the words narrows nothing
        ],
    )
    def test_respondents_are_what_words_and_response_leave_open(self, rate, expected):
        rows = [share("2024", 5.2), figure("cbs_phgsg_sample", "2024", 1e5, **WHO)]
        rows.append(figure("cbs_phgsg_respondents", "2024", 25e3, lower=25e3, upper=26e3, **WHO))
        for low, high in [rate] if rate else []:
            middle, ends = (low + high) / 2, {"lower": low, "upper": high}
            rows.append(figure("cbs_phgsg_response_rate", "2024", middle, **ends, **WHO))
        row = prevalence.estimates(frame(*rows), **OPTIONS).iloc[0]
        assert tuple(row[["n_lower", "n_upper"]]) == pytest.approx(expected)
        sizes = [expected[0] / 1.3, expected[0] / 1.6, expected[1] / 1.0]
        assert row[["n_eff", "n_eff_min", "n_eff_max"]].tolist() == pytest.approx(sizes)

    def test_without_respondents_there_is_a_box_of_rounding_within_all_and_nobody(self):
        rows = prevalence.estimates(frame(share("2024", 0.02), share("2022", 99.98)), **OPTIONS)
        ends = rows.set_index("wave")[["box_lower", "box_upper"]]
        assert (ends.loc["2024", "box_lower"], ends.loc["2022", "box_upper"]) == (0, 100)
        assert set(rows["source_of_interval"]) == {"not_estimable"}
        with pytest.raises(NotPublishedError):
            prevalence.latest_persons(rows)

    @pytest.mark.parametrize(
        ("printed", "n", "n_eff", "flags"),
        [
            # Wald size of 20 (18-22) is 1536.6; design effects of 0.8 and 2.5 are 1229.3 and 3841.5 respondents
            # and none counts as more respondents than it has
            ((20.0, 18, 22, "20 (18,0-22,0)"), 1229, 1229, "deff_unusual"),
            ((20.0, 18, 22, "20 (18,0-22,0)"), 1230, 1230, ""),
            ((20.0, 18, 22, "20 (18,0-22,0)"), 3841, 1536.6, ""),
            ((20.0, 18, 22, "20 (18,0-22,0)"), 3842, 1536.6, "deff_unusual"),
            # whole percents are too coarse; 0.05 of 154: the error is 35 percent of the share
            ((5.0, 4, 6, "5 (4-6)"), 200, 200 / 1.3, "large_error"),
            ((5.0, 4, 6, "5 (4-6)"), None, math.nan, ""),
        ],
    )
    def test_published_limits_give_their_own_size_and_are_marked(self, printed, n, n_eff, flags):
        pct, low, high, text = printed
        limits = {"ci_lower": float(low), "ci_upper": float(high), "as_reported": text}
        margin = share("2024", pct, series_id="cbs_osi_12m_margins", **GIRLS) | limits
        size = [figure("cbs_osi_12m_group_respondents", "2024", float(n), **GIRLS)] if n else []
        row = estimates(margin, *size).set_index("group").loc["female 16-17"]
        assert row["n_eff"] == pytest.approx(n_eff, abs=0.1, nan_ok=True)
        assert math.isnan(row["check_lower"]) is math.isnan(n_eff)
        assert row["flags"] == flags
        assert row[["ci_lower", "ci_upper", "grade"]].tolist() == [low, high, "A"]
        if pct == 20:
            wald = effective_n(20, 18, 22, step=0.1)
            sizes = row[["n_eff_min", "n_eff_max", "deff"]].tolist()
            kept = [min(n, wald.minimum), min(n, wald.maximum), n / wald.wald]
            assert sizes == pytest.approx(kept, abs=0.01)
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
    cells = {"wave": wave, "sex": sex, "age": age, "weight": 1.0, "stratum": 1}
    return pd.DataFrame({"osi_12m": [1] * yes + [0] * (n - yes)}).assign(
        **cells, cluster=[f"{sex}{age}{at}" for at in range(n)]
    )


def from_answers(*frames):
    known, _ = by_group(pd.concat(frames, ignore_index=True), alpha=0.05)
    return prevalence.estimates(frame(share("2024", 5.0)), answers=known, **OPTIONS)


class TestAnswers:
    @pytest.mark.parametrize(
        ("yes", "n", "hidden", "flags"),
        [
            (25, 49, True, ""),
            (25, 50, False, "few_respondents"),
            (50, 99, False, "few_respondents"),
            (50, 100, False, ""),
            (11, 100, False, ""),
            (9, 100, False, "large_error"),
        ],
    )
    def test_few_answers_are_hidden_or_marked(self, yes, n, hidden, flags):
        row = from_answers(answered(yes, n)).set_index("group").loc["female 16-17"]
        assert (row["suppressed"], row["flags"]) == (hidden, flags)
        # withheld with all that is said of the group
        assert row[["pct", "ci_lower", "n_eff", "n"]].isna().tolist() == [hidden] * 4

    def test_everyone_each_sex_and_each_age_of_a_sex(self):
        frames = [answered(30, 100), answered(10, 100, sex="male"), answered(20, 100, age="18-23")]
        table = from_answers(*frames).set_index("group")
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
        table = from_answers(answered(30, 100, wave="2019"), answered(20, 100, wave="2019", sex="male"))
        assert set(table["wave"]) == {"2019"}
        assert set(table["source_of_interval"] + table["observations"]) == {"microdataanswers"}
        assert (table["persons_as_reported"] == "").all()
        with pytest.raises(NotAskedError, match="answers of respondents"):
            prevalence.of_publisher(table)
        with pytest.raises(NotAskedError, match="answers of respondents"):
            bounds.nonresponse(table, frame(share("2019", 5.0)))
        assert related.related(frame(share("2019", 5.0)), table, **OPTIONS).empty

    def test_differences_of_answers_have_the_error_of_their_design(self):
        sexes, yes = ("female", "male"), {"2022": 30, "2024": 40}
        cells = [answered(n, 200, wave=w, sex=s) for w, n in yes.items() for s in sexes]
        known, errors = by_group(pd.concat(cells, ignore_index=True), alpha=0.05)
        table = prevalence.estimates(frame(share("2024", 5.0)), answers=known, **OPTIONS)
        found = changes.differences(table, alpha=0.05, errors=errors).set_index("contrast")
        row = found.loc["total: 2022 to 2024"]
        own = errors[(errors["sex_from"] == "total") & (errors["sex_to"] == "total")].iloc[0]
        half, t = stats.t.isf(0.025, own["df"]) * own["se"], abs(row["diff"]) / own["se"]
        assert row[["lower", "upper"]].tolist() == pytest.approx([row["diff"] - half, row["diff"] + half])
        assert row["p_raw"] == pytest.approx(2 * stats.t.sf(t, own["df"]))
        assert "798 degrees of freedom" in row["method"]
        assert math.isnan(row["ratio"])


class TestSizes:
    BANDS = (("2024", "16+", 12e6), ("2022", "16+", 11e6), ("2022", "16-17", 1e6), ("2022", "18-23", 2e6))

    @pytest.mark.parametrize(
        ("wave", "age", "expected"),
        [
            ("2024", "16+", (10e6, 0.1e6, "survey")),
            # ten of twelve million in private households; the rounding of 0.1 of ten million likewise
            ("2022", "16+", (11e6 * 10 / 12, 11e6 * 0.1 / 12, "register")),
            ("2022", "24+", (8e6 * 10 / 12, 8e6 * 0.1 / 12, "register")),
            ("2024", "24+", None),
            ("2022", "25+", None),
        ],
    )
    def test_register_times_the_part_in_private_households(self, wave, age, expected):
        size = groups.size(survey(*register(*self.BANDS)), wave, ("total", age))
        assert (size and (size.value, size.half_width, size.basis)) == (expected and pytest.approx(expected))
        assert groups.size(frame(share("2024", 5.0)), "2024", ("total", "16+")) is None

    @pytest.mark.parametrize("band", ["24+", "18-23"])
    def test_a_band_that_is_withheld_is_not_worked_out_from_the_others(self, observations, band):
        of = observations["series_id"].eq("cbs_population") & observations["time_period"].eq("2024")
        assert groups.size(observations, "2024", ("female", "24+")) is not None
        withheld = observations[of & observations["sex"].eq("female")].iloc[[0]]
        withheld = withheld.assign(age=band, obs_value=math.nan)
        rows = pd.concat([observations[~(of & observations["age"].eq(band))], withheld])
        assert groups.size(rows, "2024", ("female", "24+")) is None


def cell(wave, who, pct, **more):
    """Return a cell of `prev_estimates` with published limits on a thousand respondents; `who` as "female 16-17"."""
    sex, _, age = who.partition(" ")
    row = {"wave": wave, "sex": sex, "age": age or "16+", "group": who, "pct": float(pct)}
    row |= {"n_eff": 1000.0, "n_eff_min": 900.0, "box_lower": pct - 0.05, "box_upper": pct + 0.05}
    row |= {"source_of_interval": "published", "interval_kind": "published", "definition_version": "d.1"}
    return row | {"unit": "percent", "observations": f"{wave}{who}", "grade": "A"} | more


def compared(*rows, **how):
    return changes.differences(pd.DataFrame(rows), alpha=0.05, **how)


class TestChanges:
    def test_a_change_of_everyone_by_hand(self):
        table = changes.differences(estimates(), alpha=0.05)
        row, sizes = changes.since_first(table), (20_000 / 1.3, 25_000 / 1.3)
        d, p = difference(0.05, sizes[0], 0.052, sizes[1]), newcombe_p(0.05, sizes[0], 0.052, sizes[1])
        ends = [row[c] for c in ("diff", "lower", "upper")]
        assert ends == pytest.approx([0.2, 100 * d.lower, 100 * d.upper])
        assert [row[c] for c in ("p_raw", "p_adj", "ratio")] == pytest.approx([p, p, d.ratio])
        assert row["mdd80"] == pytest.approx(100 * detectable(0.05, *sizes))
        assert (row["contrast"], row["family"], row["grade"]) == ("total: 2022 to 2024", "F1", "B")
        assert (row["robust_to_rounding"], row["method"][-11:]) == (False, "Holm over 1")
        fall = compared(cell("2022", "total", 5.0), cell("2024", "total", 4.8))["mdd80"].item()
        assert fall == pytest.approx(100 * detectable(0.05, 1000, 1000, upward=False))

    @pytest.mark.parametrize(("factor", "finding"), [(1, False), (1.0001, True)])
    def test_the_level_decides_what_is_a_finding(self, factor, finding):
        cells = pd.DataFrame([cell("2022", "total", 10), cell("2024", "total", 13)])
        p = float(changes.differences(cells, alpha=0.05)["p_adj"].item())
        assert changes.differences(cells, alpha=p * factor)["finding"].item() == finding

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
        row = changes.since_first(compared(cell("2022", "total", 10), cell("2024", "total", 13)))
        row |= {"p_adj": p_adj, "robust_to_rounding": robust}
        assert findings.difference(row, 0.05).verdict == verdict

    def test_each_wave_with_a_margin_goes_to_the_next_and_the_first_to_the_last(self):
        # everyone lacks a margin in the last wave, a group in the one before it
        waves = {"total": "2018 2020 2022", "female": "2018 2022 2024"}
        table = compared(*(cell(w, sex, 10) for sex in waves for w in waves[sex].split()))
        pairs = table.groupby("family")[["wave_from", "wave_to"]].apply(lambda f: f.to_numpy().tolist())
        assert pairs["F1"] == [["2018", "2020"], ["2020", "2022"], ["2018", "2022"]]
        assert pairs["F2"] == [["2018", "2022"], ["2022", "2024"], ["2018", "2024"]]
        assert changes.since_first(table)["wave_from"] == "2018"
        assert [row["wave_to"] for row in changes.last_steps(table)] == ["2020", "2022"]

    def test_a_change_that_is_not_there_says_why(self):
        two = compared(cell("2022", "total", 10), cell("2024", "total", 11))
        with pytest.raises(NotAskedError, match="three waves"):
            changes.last_steps(two)
        with pytest.raises(NotEstimableError, match="two waves"):
            changes.since_first(two.iloc[:0])

    def test_groups_differ_in_sex_or_age_not_in_both_and_hold_nobody_in_common(self):
        names = ("female 16-17", "female 18-23", "male 16-17", "male", "female")
        table = compared(*(cell("2024", name, 10) for name in names))
        assert table["contrast"].tolist() == ["female 16-17 to female 18-23", "female 16-17 to male 16-17"]
        assert (set(table["family"]), set(table["same_definition"])) == ({"F3"}, {True})

    def test_contrasts_are_of_the_last_wave_and_groups_are_not_tested(self):
        shares = {"female 16-17": (10, 11, 13), "male 16-17": (10, 10, 12)}
        waves, steps = ("2020", "2022", "2024"), ("2020 to 2022", "2022 to 2024", "2020 to 2024")
        table = compared(*(cell(w, g, p) for g in shares for w, p in zip(waves, shares[g], strict=True)))
        expected = [*(f"{group}: {step}" for group in shares for step in steps), "female 16-17 to male 16-17"]
        assert table["contrast"].tolist() == expected
        assert table["wave_from"].iloc[-1] == table["wave_to"].iloc[-1] == "2024"
        # no group is tested: limits of each difference by itself, and no verdict
        assert table["p_adj"].isna().all() and not table["finding"].any()
        assert set(table["method"].str.rpartition("; ")[2]) == {"exploratory, not tested"}
        for _, r in table.iterrows():
            d = difference(r["pct_from"] / 100, 1000, r["pct_to"] / 100, 1000)
            assert (r["lower"], r["upper"]) == pytest.approx((100 * d.lower, 100 * d.upper))

    @pytest.mark.parametrize("seed", range(6))
    def test_of_the_family_limits_leave_out_no_change_exactly_where_its_test_finds_one(self, seed):
        rng = np.random.default_rng(seed)
        waves = [str(2012 + 2 * at) for at in range(rng.integers(2, 6))]
        table = compared(*(cell(w, "total", rng.uniform(8, 14)) for w in waves))
        assert table["p_adj"].tolist() == pytest.approx(adjust(table["p_raw"].tolist(), "holm"))
        outside = (table["lower"] > 0) | (table["upper"] < 0)
        assert outside.tolist() == (table["p_adj"] < 0.05).tolist() == table["finding"].tolist()

    @pytest.mark.parametrize(
        ("grades", "same", "expected"),
        [("AA", True, "A"), ("AB", True, "B"), ("CA", True, "C"), ("AA", False, "B"), ("AB", False, "C")],
    )
    def test_a_bridge_is_one_assumption_more_and_is_said_where_it_joins(self, grades, same, expected):
        one = cell("2022", "total", 10, grade=grades[0])
        other = cell("2024", "total", 11, grade=grades[1], definition_version="d.1" if same else "d.2")
        table = compared(one, other, bridge=BRIDGE)
        assert (table["grade"].item(), table["same_definition"].item()) == (expected, same)
        assert table.attrs["bridge"] is (None if same else BRIDGE)
        if not same:
            with pytest.raises(DefinitionMismatchError):
                compared(one, other)

    @pytest.mark.parametrize(("source", "robust"), [("published", False), ("assumed_deff", True)])
    def test_a_size_from_printed_limits_is_taken_at_its_smallest(self, source, robust):
        # at 1000 the change is clear, at 400 it is not; an assumed size has no range of its own here
        more = {"n_eff_min": 400.0, "source_of_interval": source}
        row = compared(cell("2022", "total", 10, **more), cell("2024", "total", 13, **more)).iloc[0]
        assert row["p_adj"] < 0.05
        assert row["robust_to_rounding"] == robust

    @pytest.mark.parametrize(("kind", "expected"), [("assumed", "assumed"), ("design", "published")])
    def test_one_assumed_interval_makes_the_difference_assumed(self, kind, expected):
        row = compared(cell("2022", "total", 10, interval_kind=kind), cell("2024", "total", 13)).iloc[0]
        assert (row["interval_kind"], row["observations"]) == (expected, "2022total 2024total")


class TestGroupChanges:
    ALLOCATION = (0.8, 1.25)

    def rows(self, first, last, people, **how):
        ages = {"16+": 10e6, "16-17": people}
        bands = register(*((y, a, n) for y in ("2022", "2024") for a, n in ages.items()))
        cells = (share(wave, *printed, age="16-17") for wave, printed in (("2022", first), ("2024", last)))
        rows = survey(*bands, *cells)
        options = OPTIONS | {"allocation": self.ALLOCATION} | how
        return changes.group_changes(prevalence.estimates(rows, **OPTIONS), rows, **options)

    def test_p_of_a_change_over_all_that_is_assumed_by_hand(self):
        table, strip = self.rows((10.0, 0.5), (11.0, 0.25), 2e6)
        row = table.iloc[0]
        # a fifth of the people and so of the respondents: 4,000 and 5,000
        assert row[["n_eff_from", "n_eff_to"]].tolist() == pytest.approx([4000 / 1.3, 5000 / 1.3])
        assert len(strip) == 27 and strip["primary"].sum() == 1
        by_hand = [
            newcombe_p(p / 100, 4000 * part / d, q / 100, 5000 * part / d)
            for d in (1.0, 1.3, 1.6)
            for part in (0.8, 1.0, 1.25)
            for p, q in ((10.5, 10.75), (10.0, 11.0), (9.5, 11.25))
        ]
        assert strip["p"].tolist() == pytest.approx(by_hand)
        told = [min(by_hand), by_hand[13], max(by_hand)]
        assert row[["p_low", "p", "p_high"]].tolist() == pytest.approx(told)
        assert row[["change_lower", "change_upper"]].tolist() == pytest.approx([0.25, 1.75])
        # for planning only
        ways = ((1, 1.25), (1.3, 1), (1.6, 0.8))
        seen = [100 * detectable(0.1, 4000 * f / d, 5000 * f / d) for d, f in ways]
        assert row[["mdd80_low", "mdd80", "mdd80_high"]].tolist() == pytest.approx(seen)

    @pytest.mark.parametrize(
        ("last", "half", "verdict"),
        [
            (10.3, 0.05, "chance_enough"),
            (12.0, 2.5, "chance_depends"),  # the shares may be equal: p reaches 1 inside the rounding
            (11.5, 0.05, "chance_depends"),
            (15.0, 0.05, "chance_seldom"),
            (6.0, 0.05, "chance_seldom"),
        ],
    )
    def test_the_verdict_is_that_of_the_whole_range_of_p(self, last, half, verdict):
        row = dict(self.rows((10.0, 0.05), (last, half), 2e6)[0].iloc[0])
        said = findings.chance(row, 0.05)
        assert said.verdict == verdict
        assert (said.lower, said.upper) == pytest.approx((100 * row["p_low"], 100 * row["p_high"]))
        assert bool(row["p_high"] == 1) is (half > 2)
        for low, high in [(-0.1, 0.1), (0.0, 0.1), (-0.1, 0.0), (0.1, 0.2), (-0.2, -0.1)]:
            told = findings.published_change(row | {"change_lower": low, "change_upper": high})
            assert told.verdict == ("published_moved" if low * high > 0 else "published_hidden")

    @pytest.mark.parametrize("allocation", [(0.0, 1.2), (1.1, 1.2), (0.8, 0.9), (0.8, math.inf)])
    def test_a_range_of_taking_part_holds_one(self, allocation):
        with pytest.raises(InputError, match='column "allocation"'):
            self.rows((10.0, 0.05), (11.0, 0.05), 2e6, allocation=allocation)


class TestBounds:
    @pytest.mark.parametrize(("wave", "expected"), [("2024", 0.25), ("2022", 0.3), ("2020", None)])
    def test_response_is_published_or_respondents_over_people_asked(self, wave, expected):
        counted = {"cbs_phgsg_respondents": ("2024", 25_000.0), "cbs_phgsg_response_rate": ("2022", 30.0)}
        rows = frame(
            *(figure(name, *of) for name, of in counted.items()),
            *(figure("cbs_phgsg_sample", year, 100_000.0) for year in ("2020", "2024")),
        )
        if expected:
            assert bounds.response(rows, wave)[0] == expected
        else:
            with pytest.raises(NotPublishedError, match="not known"):
                bounds.response(rows, wave)

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
    WAVES = pd.DataFrame([{"wave": "2024", **WHO, "n": 20_000.0, "n_eff": 15_000.0, "pct": 5.0}])
    WAVES["observations"], WAVES["source_of_interval"] = "w", "assumed_deff"

    @pytest.mark.parametrize("pct", [5.0, 0.5, 0.0])
    @pytest.mark.parametrize("series_id", related.SAME_SURVEY)
    def test_shares_of_victims_rest_on_the_victims(self, series_id, pct):
        rows = frame(figure(series_id, "2024", 30.0, lower=29.5, upper=30.5, age="16+"))
        table = related.related(rows, self.WAVES.assign(pct=pct), **OPTIONS)
        n = 20_000 if series_id in ("cbs_osi_5y", "cbs_osi_structural") else 200 * pct
        assert len(table) == (n > 0)
        if not n:
            return
        row = table.iloc[0]
        assert row[["n", "n_eff", "conditional", "box_lower"]].tolist() == [n, n / 1.3, n < 20_000, 29.5]
        ends = (proportion_interval(0.295, n, deff=1.3)[0], proportion_interval(0.305, n, deff=1.3)[1])
        assert row[["ci_lower", "ci_upper"]].tolist() == pytest.approx([100 * end for end in ends])

    def test_without_respondents_or_of_one_group_there_is_none(self):
        others = [{"age": "16-17"}, {"age": "16+", "sex": "male"}]
        rows = [figure("cbs_osi_5y", "2024", 30.0, **who) for who in (*others, {"age": "16+"})]
        rows.append(figure("cbs_osi_5y", "2022", 30.0, age="16+"))
        assert len(related.related(frame(*rows), self.WAVES, **OPTIONS)) == 1
        assert related.related(frame(*rows), self.WAVES.assign(n=0.0), **OPTIONS).empty

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

    @pytest.mark.parametrize(("column", "value", "breaks"), CASES["promises"])
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
