"""Answers of a survey: against R's survey package, by hand, and from a file. All SIMULATED."""

import re

import numpy as np
import pandas as pd
import pytest

import osw_stats
from osw_stats.data.survey import COLUMNS, read_survey
from osw_stats.errors import InputError
from osw_stats.shelf.microdata.estimates import differences_from_microdata, prevalence_from_microdata
from tests.cases import table
from tests.conftest import PROJECT

# simulated answers; survey.R there says how the expected values were made
R = PROJECT / "tests" / "oracle" / "r"
SURVEY = pd.read_csv(R / "survey.csv")
EXPECTED = pd.read_csv(R / "expected.csv").set_index(["design", "group"])
PAIRS = pd.read_csv(R / "expected_differences.csv")
WAVES = SURVEY.assign(wave=np.where(SURVEY["stratum"] <= 3, "2022", "2024"))
DESIGN = {"strata": "stratum", "cluster": "cluster"}
DESIGNS = {"clustered": DESIGN, "flat": {}}
LONELY = SURVEY[(SURVEY["stratum"] != 6) | (SURVEY["cluster"] == 1)].reset_index(drop=True)


def estimate(frame=SURVEY, **options):
    return prevalence_from_microdata(frame, **{"weight": "weight", "by": ()} | options)


class TestEstimates:
    @pytest.mark.parametrize("design", DESIGNS)
    @pytest.mark.parametrize("grouped", [False, True])
    def test_estimates_and_errors_are_those_of_r(self, design, grouped):
        for _, row in estimate(by=("sex", "age") if grouped else (), **DESIGNS[design]).iterrows():
            r = EXPECTED.loc[design, f"{row['sex']} {row['age']}" if grouped else "all"]
            assert (row["pct"], row["se"]) == pytest.approx((100 * r["mean"], 100 * r["se"]), rel=1e-9)
            assert row["df"] == r["df"]
            # another interval than R's two, from the same size (but never above n) and degrees of freedom
            for end in ("lower", "upper"):
                near = sorted(100 * r[f"{kind}_{end}"] for kind in ("logit", "beta"))
                assert near[0] - 0.6 < row[end] < near[1] + 0.6

    def test_what_is_printed_of_a_large_survey_holds_the_truth_as_often_as_it_says(self):
        rng, n = np.random.default_rng(11), 200_000
        truth = rng.uniform(0.02, 0.9, 20)
        asked = pd.DataFrame({f"q{at}": (rng.random(n) < p).astype(int) for at, p in enumerate(truth)})
        shown = osw_stats.prevalence(asked, list(asked))
        assert (shown["lower"].le(100 * truth) & shown["upper"].ge(100 * truth)).sum() >= 18
        assert (
            shown["se"].ge(100 * np.sqrt(asked.var() / n).to_numpy() * (1 - 1e-3)).all()
        )  # of no error at all

    def test_a_lone_cluster_is_centred_as_r_does_or_refused_by_its_row(self):
        row, r = estimate(LONELY, single="centre", **DESIGN).iloc[0], EXPECTED.loc["lonely", "all"]
        assert (row["pct"], row["se"]) == pytest.approx((100 * r["mean"], 100 * r["se"]), rel=1e-9)
        assert row["df"] == r["df"]
        at = int(LONELY.index[LONELY["stratum"] == 6][0]) + 1
        with pytest.raises(InputError, match=rf'row {at}, column "stratum", value "6": .*single cluster'):
            estimate(LONELY, **DESIGN)

    @pytest.mark.parametrize("by", ["wave", "sex", ("sex", "age"), ("wave", "age")])
    @pytest.mark.parametrize("design", DESIGNS)
    def test_differences_of_waves_and_domains_are_those_of_r(self, design, by):
        found = differences_from_microdata(WAVES, weight="weight", by=by, **DESIGNS[design])
        names = [by] if isinstance(by, str) else by
        ends = [found[[f"{n}_{end}" for n in names]].agg(".".join, axis=1) for end in ("from", "to")]
        found.index = pd.MultiIndex.from_arrays(ends)
        known = PAIRS[(PAIRS["design"] == design) & PAIRS["from"].str.count(r"\.").eq(len(names) - 1)]
        known = known[known["from"].isin(ends[0])]
        assert len(known)
        for _, r in known.iterrows():
            row = found.loc[(r["from"], r["to"])]
            numbers = [row["diff"], row["se"], row["lower"], row["upper"], row["df"], row["p"]]
            expected = [*(100 * r[["diff", "se", "lower", "upper"]]), r["df"], r["p"]]
            assert numbers == pytest.approx(expected, rel=1e-9)

    def test_pairs_differ_in_one_column_and_a_difference_without_variance_has_no_test(self):
        found = differences_from_microdata(WAVES, weight="weight", by=("wave", "sex"))
        pairs = zip(found["wave_from"] + found["sex_from"], found["wave_to"] + found["sex_to"], strict=True)
        waves = [("2022female", "2024female"), ("2022male", "2024male")]
        assert list(pairs) == [("2022female", "2022male"), *waves, ("2024female", "2024male")]
        none = differences_from_microdata(WAVES.assign(osi_12m=0), weight="weight", by="sex").iloc[0]
        assert none[["diff", "se"]].tolist() == [0, 0]
        assert none[["lower", "upper", "p"]].isna().all()

    def test_an_effective_size_is_never_above_the_respondents(self):
        rows = estimate(by=("sex", "age"), **DESIGN)
        assert (rows["deff"] < 1).any()
        assert (rows["n_eff"] == np.minimum(rows["n"], rows["n"] / rows["deff"])).all()

    def test_names_of_clusters_order_scale_and_words_make_no_difference(self):
        same = SURVEY.sample(frac=1, random_state=1).assign(weight=lambda d: d["weight"] * 7)
        same = same.assign(osi_12m=same["osi_12m"].map({1: "Ja", 0: "no"}))
        same["cluster"] += same["stratum"] * 100
        one, other = (estimate(frame, by=("sex", "age"), **DESIGN) for frame in (SURVEY, same))
        pd.testing.assert_frame_equal(one, other)

    def test_no_answer_is_left_out_and_differs_by_item(self):
        one = estimate(items="osi_12m", by="sex", strata="stratum")
        pd.testing.assert_frame_equal(one, estimate(items=["osi_12m"], by=["sex"], strata=["stratum"]))
        gaps = SURVEY.assign(other=SURVEY["osi_12m"].astype(float))
        gaps.loc[:99, "other"] = np.nan
        rows = estimate(gaps, items=("osi_12m", "other")).set_index("item")
        assert rows["n"].tolist() == [600, 500]
        assert rows.loc["other", "pct"] == pytest.approx(estimate(gaps.iloc[100:]).iloc[0]["pct"])

    def test_of_nobody_who_says_yes_the_limit_is_that_of_those_with_a_weight(self):
        row = estimate(pd.DataFrame({"osi_12m": 0, "weight": [1.0] * 30 + [0.0] * 270})).iloc[0]
        assert row[["n", "clusters", "df"]].tolist() == [30, 30, 29]
        assert row["upper"] == pytest.approx(12.237, abs=0.001)

    def test_an_unused_category_is_no_group_and_few_respondents_are_marked(self):
        kind = pd.Categorical(SURVEY["sex"], categories=["female", "male", "c"])
        few = SURVEY.assign(kind=kind).groupby("sex").head(40)
        assert estimate(few, by=("kind",))["suppressed"].tolist() == [True, True]

    @table(__file__, "bad_answers", "change options message")
    def test_bad_input_names_its_place(self, change, options, message):
        with pytest.raises(InputError, match=message):
            estimate(SURVEY.assign(**change), by=("sex",), **options)
        with pytest.raises(InputError, match="no respondents"):
            estimate(SURVEY.iloc[:0])


def people(count, yes, seed=0):
    """Return simulated respondents, in two strata of twenty clusters."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"wave": "2024", "sex": rng.choice(["female", "male"], count), "age": "16-17"})
    frame["osi_12m"] = rng.permutation(np.arange(count) < yes).astype(int)
    frame["weight"], frame["stratum"] = rng.uniform(0.5, 2, count), rng.choice(["s1", "s2"], count)
    return frame.assign(cluster=[f"c{n % 20}" for n in range(count)])


class TestFile:
    @pytest.fixture
    def read(self, tmp_path):
        def read_text(text):
            (tmp_path / "answers.csv").write_text(text, encoding="utf-8")
            return read_survey(str(tmp_path / "answers.csv"))

        return read_text

    @table(__file__, "in_words", "yes no")
    def test_answers_in_words_are_answers(self, read, yes, no):
        frame = people(60, 20)
        words = frame.assign(osi_12m=frame["osi_12m"].map({1: yes, 0: no}))
        assert read(words.to_csv(index=False))["osi_12m"].tolist() == frame["osi_12m"].tolist()

    @table(__file__, "no_cell", "column values")
    def test_a_cell_that_is_none_is_named_by_its_line(self, read, column, values):
        for value in values:
            frame = people(30, 10).astype({column: "object"})
            frame.loc[4, column] = value
            said = f'"{column}": is empty' if value is None else f'"{column}", value "{value}": is not a'
            with pytest.raises(InputError, match=re.escape(f"answers.csv, row 6, column {said}")):
                read(frame.to_csv(index=False))
            if column not in ("weight", "osi_12m"):  # who has no weight is in no group
                nobody = frame.assign(weight=frame["weight"].where(frame.index != 4, 0))
                assert len(read(nobody.to_csv(index=False))) == 30

    def test_lines_are_those_of_the_file_whatever_stands_between(self, read):
        text = people(5, 2).to_csv(index=False).replace("\n2024", "\n\n2024", 1)
        text = text.replace("16-17", '"16\n-17"', 1).rstrip("\n").rsplit(",", 4)[0] + ",misschien,1,s1,c1\n"
        where = f'row {len(text.splitlines())}, column "osi_12m", value "misschien"'
        with pytest.raises(InputError, match=where):
            read(text)

    @table(__file__, "no_answers", "words instead message")
    def test_another_kind_of_file_is_refused_as_what_it_is(self, read, words, instead, message):
        text = people(20, 5)[COLUMNS].to_csv(index=False)
        with pytest.raises(InputError, match=message):
            read(text.replace(words, instead))
