"""Cells of the survey: from answers, marked, compared within families, and put beside helpline and police."""

import math

import pandas as pd
import pytest

from osw_stats.errors import InputError, NotPublishedError
from osw_stats.meaning.definitions import Bridge, DefinitionMismatchError
from osw_stats.shelf.microdata.release import by_group
from osw_stats.stats.survey import changes, prevalence, stages
from osw_stats.stats.survey.funnel import Amount, Bridges, analytic
from tests.simulated_figures import figure, frame

OPTIONS = {"deff": 1.3, "deff_range": (1.0, 1.6), "alpha": 0.05}
WHO = {"sex": "total", "age": "16+"}
BRIDGE = Bridge("om deze reden samen", "joined for this reason")


def answers(yes, n, wave="2024", sex="female", age="16-17"):
    """Return `n` answers of which `yes` are yes, in one stratum, each a cluster of its own."""
    return pd.DataFrame({"wave": wave, "sex": sex, "age": age, "osi_12m": [1] * yes + [0] * (n - yes), "weight": 1.0, "stratum": 1, "cluster": [f"{sex}{age}{at}" for at in range(n)]})  # fmt: skip


def published(*waves):
    return frame(*(figure("cbs_osi_12m", w, 5.0, lower=4.95, upper=5.05, file="f", row=2, as_reported="5,0", **WHO) for w in waves))  # fmt: skip


class TestAnswers:
    @pytest.mark.parametrize(
        ("yes", "n", "hidden", "flags"),
        [(25, 49, True, ""), (25, 50, False, "few_respondents"), (50, 99, False, "few_respondents"), (50, 100, False, ""),
         (10, 100, False, ""), (9, 100, False, "large_error")],
    )  # fmt: skip
    def test_few_answers_are_hidden_or_marked(self, yes, n, hidden, flags):
        found = prevalence.estimates(
            published("2024"), answers=by_group(answers(yes, n), alpha=0.05), **OPTIONS
        ).set_index("group")
        row = found.loc["female 16-17"]
        assert row["suppressed"] == hidden
        assert math.isnan(row["pct"]) is math.isnan(row["ci_lower"]) is math.isnan(row["n_eff"]) is hidden
        rse = math.sqrt((1 - yes / n) / (yes / n * (n - 1)))
        assert row["flags"].split() == [f for f in flags.split() if f != "large_error"] + ["large_error"] * (
            rse > 0.3
        )
        assert (
            math.isnan(row["n"]) if hidden else row["n"] == n
        )  # withheld with all that is said of the group

    def test_everyone_each_sex_and_each_age_of_a_sex(self):
        frames = [answers(30, 100), answers(10, 100, sex="male"), answers(20, 100, age="18-23")]
        found = prevalence.estimates(
            published("2024"), answers=by_group(pd.concat(frames), alpha=0.05), **OPTIONS
        )
        assert found["group"].tolist() == [
            "total",
            "female",
            "male",
            "female 16-17",
            "male 16-17",
            "female 18-23",
        ]
        assert found["pct"].tolist() == pytest.approx([20, 25, 10, 30, 10, 20])
        assert set(found["source_of_interval"]) == {"microdata"}
        assert set(found["grade"]) == {"A"}
        assert (found["n_eff_min"] == found["n_eff_max"]).all()
        # all of one stratum, each of 300 a cluster: the variance of a group is 300 / 299 p q / n
        assert found.set_index("group").loc["male", "n_eff"] == pytest.approx(100 * 299 / 300)
        assert found["deff"].iloc[2] == pytest.approx(300 / 299)

    def test_who_has_the_band_of_all_ages_does_not_take_their_place(self):
        frames = pd.concat([answers(30, 100), answers(90, 100, age="16+")])
        with pytest.raises(InputError, match=r'row 101, column "age", value "16[+]": is everyone'):
            prevalence.estimates(
                published("2024"), answers=by_group(frames.reset_index(drop=True), alpha=0.05), **OPTIONS
            )

    def test_a_wave_that_was_not_published_is_refused(self):
        with pytest.raises(InputError, match='column "wave", value "2022": this wave is not published'):
            prevalence.estimates(
                published("2024"), answers=by_group(answers(30, 100, wave="2022"), alpha=0.05), **OPTIONS
            )


class TestFamilies:
    def cell(self, wave, sex, age, pct, **more):
        group = sex if age == "16+" else f"{sex} {age}"
        return {
            "wave": wave, "sex": sex, "age": age, "group": group, "pct": pct, "n_eff": 1000.0, "n_eff_min": 900.0, "box_lower": pct - 0.05, "box_upper": pct + 0.05,
            "source_of_interval": "published", "interval_kind": "published", "definition_version": "d.1", "unit": "percent", "observations": f"{wave}{group}", "grade": "A",
        } | more  # fmt: skip

    def table(self, *rows, **how):
        return changes.differences(pd.DataFrame(rows), alpha=0.05, **how)

    def test_groups_differ_in_sex_or_age_not_in_both_and_hold_nobody_in_common(self):
        groups = [
            ("female", "16-17"),
            ("female", "18-23"),
            ("male", "16-17"),
            ("male", "16+"),
            ("female", "16+"),
        ]
        found = self.table(*(self.cell("2024", s, a, 10.0) for s, a in groups))
        assert found["contrast"].tolist() == ["female 16-17 to female 18-23", "female 16-17 to male 16-17"]
        assert set(found["family"]) == {"F3"}
        assert set(found["same_definition"]) == {True}

    def test_contrasts_are_of_the_last_wave_and_changes_of_every_step(self):
        rows = [self.cell(w, s, "16-17", 10.0 + at) for at, w in enumerate(("2020", "2022", "2024")) for s in ("female", "male")]  # fmt: skip
        found = self.table(*rows)
        steps = ["2020 to 2022", "2022 to 2024", "2020 to 2024"]
        assert found["contrast"].tolist() == [f"{s} 16-17: {w}" for s in ("female", "male") for w in steps] + ["female 16-17 to male 16-17"]  # fmt: skip
        assert found["wave_from"].iloc[-1] == found["wave_to"].iloc[-1] == "2024"
        gone = self.table(*rows[:2], *rows[4:])
        assert gone[gone["family"] == "F2"]["contrast"].tolist() == ["female 16-17: 2020 to 2024", "male 16-17: 2020 to 2024"]  # fmt: skip

    def test_each_family_has_its_own_adjustment(self):
        rows = [self.cell(w, s, "16-17", p) for w, s, p in (("2022", "female", 10), ("2024", "female", 13), ("2022", "male", 10), ("2024", "male", 12))]  # fmt: skip
        found = self.table(*rows)
        bh, raw = found[found["family"] == "F2"], sorted(found[found["family"] == "F2"]["p_raw"])
        assert sorted(bh["p_adj"]) == pytest.approx([min(2 * raw[0], raw[1]), raw[1]])
        assert "bh over 2 tests" in bh["method"].iloc[0]

    @pytest.mark.parametrize(
        ("grades", "same", "expected"), [("AA", True, "A"), ("AB", True, "B"), ("CA", True, "C"), ("AA", False, "B"), ("AB", False, "C"), ("CB", False, "C")]
    )  # fmt: skip
    def test_a_bridge_is_one_assumption_more(self, grades, same, expected):
        one, two = self.cell("2022", "total", "16+", 10.0, grade=grades[0]), self.cell("2024", "total", "16+", 11.0, grade=grades[1])  # fmt: skip
        other = two if same else two | {"definition_version": "d.2"}
        found = self.table(one, other, bridge=BRIDGE).iloc[0]
        assert (found["grade"], found["same_definition"], found["family"]) == (expected, same, "F1")
        if not same:
            with pytest.raises(DefinitionMismatchError):
                self.table(one, other)

    @pytest.mark.parametrize(("source", "robust"), [("published", False), ("assumed_deff", True)])
    def test_a_size_from_printed_limits_is_taken_at_its_smallest(self, source, robust):
        # at 1000 the change is clear, at 400 it is not; an assumed size has no range of its own here
        more = {"n_eff_min": 400.0, "source_of_interval": source}
        found = self.table(self.cell("2022", "total", "16+", 10.0, **more), self.cell("2024", "total", "16+", 13.0, **more)).iloc[0]  # fmt: skip
        assert found["p_adj"] < 0.05
        assert found["robust_to_rounding"] == robust

    def test_one_assumed_interval_makes_the_difference_assumed(self):
        one, two = (
            self.cell("2022", "total", "16+", 10.0, interval_kind="assumed"),
            self.cell("2024", "total", "16+", 13.0),
        )
        assert self.table(one, two).iloc[0]["interval_kind"] == "assumed"
        assert self.table(one | {"interval_kind": "design"}, two).iloc[0]["interval_kind"] == "published"
        assert self.table(one, two).iloc[0]["observations"] == "2022total 2024total"
        assert (
            self.table(one, two, bridge=BRIDGE).attrs["bridge"] is None
        )  # one definition: nothing is joined
        other = two | {"definition_version": "d.2"}
        assert self.table(one, other, bridge=BRIDGE).attrs["bridge"] is BRIDGE


class TestStages:
    @pytest.fixture
    def made(self):
        rows = frame(
            *(figure("cbs_osi_12m", "2024", 5.0, lower=4.95, upper=5.05, file="f", row=2, as_reported="5,0", **WHO) for _ in range(1)),
            figure("cbs_phgsg_respondents", "2024", 25_000.0, **WHO), figure("cbs_phgsg_population", "2024", 10e6, lower=9.9e6, upper=10.1e6, **WHO),
            figure("helpwanted_requests", "2024", 1000.0), figure("csg_contacts", "2024", 70.0, lower=69.0, upper=71.0), figure("police_reports", "2024", 90.0),
        )  # fmt: skip
        related = pd.DataFrame([{"series": "cbs_osi_police_complaint", "wave": w, "pct": p, "ci_lower": p - 1, "ci_upper": p + 1, "interval_kind": "assumed", "observations": "o", "method": "m", "grade": "B"} for w, p in (("2024", 6.0), ("2022", 5.0))])  # fmt: skip
        estimates = prevalence.estimates(rows, **OPTIONS)
        bridges = Bridges((1.0, 1.0), (0.5, 0.5), (0.2, 0.4))
        return estimates, bridges, stages.funnel(rows, estimates, related, bridges, year=2024, run_seed=1, draws=20_000, alpha=0.05).set_index("stage")  # fmt: skip

    def test_people_requests_and_what_joins_them(self, made):
        estimates, bridges, found = made
        people = Amount(500_000, *estimates[["persons_lower", "persons_upper"]].iloc[0])
        assert found.loc["survey", ["count", "share_per_100"]].tolist() == [pytest.approx(500_000), 100]
        # half a million, 0.3 of them in scope in the middle, over 500 victims among a thousand requests
        row = found.loc["helpline"]
        assert row["factor"] == pytest.approx(300, rel=0.02)
        assert row["share_per_100"] == pytest.approx(100 / row["factor"])
        assert (row["share_lower"], row["share_upper"]) == (
            100 / row["factor_upper"],
            100 / row["factor_lower"],
        )
        closed = analytic(people, 1000, bridges)
        assert (row["analytic_lower"], row["analytic_upper"]) == pytest.approx((closed.lower, closed.upper))
        assert (row["p_over_10"], row["p_over_100"], row["draws"], row["seed"]) == (1, 1, 20_000, 1)
        scope = found.loc["in_scope"]
        assert scope["count"] == pytest.approx(150_000, rel=0.02)
        assert (scope["share_per_100"], scope["share_lower"], scope["share_upper"]) == (
            pytest.approx(30),
            20,
            40,
        )

    def test_counted_stages_stand_as_published_and_the_latest_wave_of_complaints(self, made):
        found = made[2]
        assert found.loc["centre", ["count", "count_box_lower", "count_box_upper", "grade"]].tolist() == [
            70,
            69,
            71,
            "A",
        ]
        assert math.isnan(found.loc["police", "factor"])
        assert found.loc["complaint", ["period", "share_per_100", "share_lower", "share_upper"]].tolist() == ["2024", 6, 5, 7]  # fmt: skip

    def test_without_a_count_of_the_year_there_is_no_funnel(self, made):
        with pytest.raises(NotPublishedError):
            stages.funnel(frame(figure("helpwanted_requests", "2020", 5.0)), made[0], pd.DataFrame(), made[1], year=2024, run_seed=1, draws=2000, alpha=0.05)  # fmt: skip
