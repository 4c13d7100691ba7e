"""Answers of a survey: against R's survey package, by hand, from a file, and withheld. All SIMULATED."""

import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osw_stats.data.survey import COLUMNS, read_survey
from osw_stats.errors import InputError
from osw_stats.shelf.disclosure.groups import Answers, protect_groups
from osw_stats.shelf.disclosure.hiding import GivenAwayError
from osw_stats.shelf.disclosure.surveys import Surveys
from osw_stats.shelf.microdata.estimates import differences_from_microdata, prevalence_from_microdata
from osw_stats.shelf.microdata.release import releasable
from osw_stats.text.gaps import why_not_shown
from osw_stats.text.row_cells import kind_of_interval, share
from osw_stats.text.words import WORDS
from osw_stats.yamlfile import read_yaml
from tests.conftest import PROJECT

CASES = read_yaml(Path(__file__).with_name("cases.yml"))
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
        pairs = found[["wave_from", "sex_from", "wave_to", "sex_to"]].agg(" ".join, axis=1).tolist()
        assert pairs == [
            "2022 female 2022 male",
            "2022 female 2024 female",
            "2022 male 2024 male",
            "2024 female 2024 male",
        ]
        none = differences_from_microdata(WAVES.assign(osi_12m=0), weight="weight", by="sex").iloc[0]
        assert none[["diff", "se"]].tolist() == [0, 0]
        assert none[["lower", "upper", "p"]].isna().all()

    def test_an_effective_size_is_never_above_the_respondents(self):
        rows = estimate(by=("sex", "age"), **DESIGN)
        assert (rows["deff"] < 1).any()
        assert (rows["n_eff"] == np.minimum(rows["n"], rows["n"] / rows["deff"])).all()

    @pytest.mark.parametrize(
        "same",
        [
            SURVEY.assign(cluster=SURVEY["stratum"] * 100 + SURVEY["cluster"]),
            SURVEY.sample(frac=1, random_state=1).assign(weight=lambda d: d["weight"] * 7),
            SURVEY.assign(osi_12m=SURVEY["osi_12m"].map({1: "Ja", 0: "no"})),
        ],
        ids=["names of clusters", "order and scale", "words"],
    )
    def test_what_makes_no_difference(self, same):
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

    @pytest.mark.parametrize(("yes", "weights", "strata", "expected"), CASES["by_hand"])
    def test_by_hand(self, yes, weights, strata, expected):
        frame = pd.DataFrame({"osi_12m": yes, "weight": np.array(weights, dtype=float), "s": strata or 1})
        row = estimate(frame, strata="s", single="centre").iloc[0]
        assert row[list(expected)].tolist() == pytest.approx(list(expected.values()), abs=0.001, nan_ok=True)

    def test_of_nobody_who_says_yes_the_limit_is_that_of_those_with_a_weight(self):
        row = estimate(pd.DataFrame({"osi_12m": 0, "weight": [1.0] * 30 + [0.0] * 270})).iloc[0]
        assert row[["n", "clusters", "df"]].tolist() == [30, 30, 29]
        assert row["upper"] == pytest.approx(12.237, abs=0.001)

    def test_an_unused_category_is_no_group_and_few_respondents_are_marked(self):
        kind = pd.Categorical(SURVEY["sex"], categories=["female", "male", "c"])
        few = SURVEY.assign(kind=kind).groupby("sex").head(40)
        assert estimate(few, by=("kind",))["suppressed"].tolist() == [True, True]

    @pytest.mark.parametrize(("change", "options", "message"), CASES["bad_answers"])
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
    def read(self, tmp_path, frame):
        frame.to_csv(tmp_path / "answers.csv", index=False)
        return read_survey(str(tmp_path / "answers.csv"))

    @pytest.mark.parametrize(
        ("yes", "no"), [("1", "0"), ("ja", "NEE"), ("Yes", "no"), ("TRUE", "False"), ("1.0", "0.0")]
    )
    def test_answers_in_words_are_answers(self, tmp_path, yes, no):
        frame = people(60, 20)
        words = frame.assign(osi_12m=frame["osi_12m"].map({1: yes, 0: no}))
        assert self.read(tmp_path, words)["osi_12m"].tolist() == frame["osi_12m"].tolist()

    @pytest.mark.parametrize(("column", "value"), [(c, v) for c, of in CASES["no_cell"].items() for v in of])
    def test_a_cell_that_is_none_is_named_by_its_line(self, tmp_path, column, value):
        frame = people(30, 10).astype({column: "object"})
        frame.loc[4, column] = value
        said = f'"{column}": is empty' if value is None else f'"{column}", value "{value}": is no '
        with pytest.raises(InputError, match=re.escape(f"answers.csv, row 6, column {said}")):
            self.read(tmp_path, frame)
        if column not in ("weight", "osi_12m"):  # who has no weight is in no group
            nobody = frame.assign(weight=frame["weight"].where(frame.index != 4, 0))
            assert len(self.read(tmp_path, nobody)) == 30

    def test_lines_are_those_of_the_file_whatever_stands_between(self, tmp_path):
        path = tmp_path / "answers.csv"
        text = people(5, 2).to_csv(index=False).replace("\n2024", "\n\n2024", 1)
        text = text.replace("16-17", '"16\n-17"', 1).rstrip("\n").rsplit(",", 4)[0] + ",misschien,1,s1,c1\n"
        path.write_text(text, "utf-8")
        where = f'row {len(text.splitlines())}, column "osi_12m", value "misschien"'
        with pytest.raises(InputError, match=where):
            read_survey(str(path))

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (lambda text: text.replace(",", ";"), "has semicolons"),
            (lambda text: text.replace("\n2024,", "\n2024,1,", 1), "row 2: has 8 cells instead of 7"),
            (lambda text: text.replace("sex", "sekse", 1), "lacks a column"),
            (lambda text: text.replace("age", "sex", 1), "stands twice"),
            (lambda text: text + '"open', "cannot be read as CSV"),
        ],
    )
    def test_another_kind_of_file_is_refused_as_what_it_is(self, tmp_path, change, message):
        path = tmp_path / "answers.csv"
        path.write_text(change(people(20, 5)[COLUMNS].to_csv(index=False)), encoding="utf-8")
        with pytest.raises(InputError, match=message):
            read_survey(str(path))


def answers(n, yes, effective=None, weight=1.0):
    return [Answers(n, yes, 0.8 * n if effective is None else effective, weight * n, weight * yes)]


def protected(groups, public=()):
    names = ("respondents", "yes", "effective", "weight", "weight_yes")
    whole = Answers(*(sum(getattr(g[0], name) for g in groups.values()) for name in names))
    return protect_groups(groups | {"all": [whole]}, [("all", list(groups))], public=public)


class TestGroups:
    @pytest.mark.parametrize("n", [3_000, 30_000, 300_000])
    def test_the_true_survey_is_among_those_that_fit_however_large_it_is(self, n):
        """A solver takes numbers below its tolerance for nothing; then the audit took the attacker for a fool."""
        sizes, yes = (n * np.array(share) // 1000 for share in ([500, 300, 150, 50], [100, 30, 8, 5]))
        pairs = zip([*sizes, n], [*yes, yes.sum()], strict=True)
        groups = [Answers(int(k), int(y), k - 1.0, float(k), float(y)) for k, y in pairs]
        shown, codes = [True, True, False, False, True], ["", "", "complementary", "primary", ""]
        survey = Surveys(groups, [(4, (0, 1, 2, 3))], shown, codes)
        assert survey.answers(survey.truth) is not None

    @pytest.mark.parametrize(("n", "yes", "effective", "hidden"), CASES["few"])
    def test_a_group_with_few_answers_takes_the_smallest_other_along(self, n, yes, effective, hidden):
        small = answers(n, yes, effective)
        reasons, codes = protected({"a": small, "b": answers(300, 30), "c": answers(200, 40)})
        expected = ["primary", "", "complementary", ""] if hidden else [""] * 4
        assert list(reasons.values()) == list(codes.values()) == expected

    @pytest.mark.parametrize(
        ("groups", "reasons", "codes"),
        [
            # one of hundreds said yes in two small groups: their share would lie between 0 and a few percent
            ((answers(45, 1), answers(48, 0), answers(400, 60), answers(500, 80)), "ppc-", "ppc-"),
            # a companion of hardly any weight protects nothing: population figures of both are public
            ((answers(45, 9, weight=1000.0), answers(60, 6), answers(300, 30)), "pcc", "pcc"),
            # a companion is known to hold fifty or more; with 53 together the small one could only be three or fewer
            ((answers(3, 1), answers(50, 8), answers(900, 90)), "pc-", "??-"),
        ],
    )
    def test_more_is_withheld_or_left_unsaid_where_the_rest_would_tell(self, groups, reasons, codes):
        letters = {"primary": "p", "complementary": "c", "confidential": "?", "": "-"}
        why = protected(dict(zip("abcd", groups, strict=False)))
        outcome = ["".join(letters[each[k]] for k in "abcd"[: len(groups)]) for each in why]
        assert outcome == [reasons, codes]

    def test_what_is_public_protects_nothing(self):
        groups = {"a": answers(20, 6), "b": answers(300, 30), "c": answers(200, 40)}
        assert protected(groups, public=["c", "all"])[0]["b"] == "complementary"
        with pytest.raises(GivenAwayError, match="public already"):
            protected(groups, public=["b", "c", "all"])

    @pytest.mark.parametrize(("a", "whole", "problem"), CASES["no_groups"])
    def test_what_are_no_groups_is_refused(self, a, whole, problem):
        groups = {"a": a, "all": whole} if whole else {"a": a}
        table = {name: [Answers(n, yes, 0.8 * n, w, wy)] for name, (n, yes, w, wy) in groups.items()}
        with pytest.raises(InputError, match=problem):
            protect_groups(table, [] if whole is None else [("all", ["a"])])


def crowd(sizes):
    """Return simulated answers: as many of each sex and age as named, every fifth says yes."""
    rows = [(sex, age, int(at % 5 == 0)) for (sex, age), size in sizes.items() for at in range(size)]
    return pd.DataFrame(rows, columns=["sex", "age", "osi_12m"]).assign(w=1.0)


SIZES = {("f", "16"): 12, ("f", "24"): 400, ("m", "16"): 200, ("m", "24"): 500}


class TestRelease:
    TABLES = ((), ("sex",), ("age",))
    NUMBERS = ("pct", "se", "lower", "upper", "n", "n_eff", "deff", "clusters", "df")

    def test_two_tables_with_a_shared_total_are_seen_to_together(self):
        table = releasable(crowd(SIZES | {("m", "18"): 20}), weight="w", tables=self.TABLES)
        hidden, why = table["suppressed"], table.set_index(["sex", "age"])["suppression_reason"]
        assert (why["total", "18"], why["total", "16"]) == ("primary", "complementary")
        assert table.loc[hidden, list(self.NUMBERS)].isna().all(axis=None)
        assert table.loc[~hidden, ["pct", "n", "se"]].notna().all(axis=None)

    def test_two_tables_give_away_the_total_that_neither_shows(self):
        # ages add up to all people, so x would be all people less f and m: one age is withheld as well
        sizes = {(sex, age): n for sex, n in (("f", 45), ("m", 40), ("x", 5)) for age in ("a", "b")}
        frame = crowd(sizes).assign(osi_12m=[1, 0, 0, 0, 0, 0] * 30)
        shown = releasable(frame, weight="w", tables=self.TABLES[1:]).set_index("sex")["suppression_reason"]
        assert shown.value_counts().to_dict() == {"": 3, "primary": 1, "complementary": 1}
        assert shown["x"] == "primary"

    def test_order_of_tables_and_respondents_changes_nothing(self):
        frame, key = crowd(SIZES), ["sex", "age"]
        orders = (
            (frame, [*self.TABLES, ("sex", "age")]),
            (frame[::-1], [("age", "sex"), *self.TABLES[::-1]]),
        )
        one, two = (
            releasable(f, weight="w", tables=tables).sort_values(key, ignore_index=True)
            for f, tables in orders
        )
        names = [*key, "pct", "n", "suppression_reason"]
        pd.testing.assert_frame_equal(one[names], two[names])

    def test_a_group_withheld_for_one_question_is_withheld_for_all(self):
        frame = crowd({("f", "16"): 100, ("m", "16"): 200, ("x", "16"): 300})
        frame["other"] = frame["osi_12m"].where(frame["sex"] != "f", 0)
        table = releasable(frame, weight="w", items=("osi_12m", "other"), tables=[(), ("sex",)])
        hidden = table[table["suppressed"]]
        assert set(zip(hidden["item"], hidden["sex"], strict=True)) >= {("osi_12m", "f"), ("other", "f")}

    def test_where_nothing_protects_only_what_is_public_is_left(self):
        frame = crowd({("f", "16"): 12, ("f", "24"): 400})
        table = releasable(frame, weight="w", tables=[(), ("age",)], public=lambda g: g["age"] != "16")
        assert table[["age", "suppression_reason"]].to_numpy().tolist() == [
            ["total", ""],
            ["16", "confidential"],
            ["24", ""],
        ]

    def test_a_group_called_as_everyone_is_refused_by_its_line(self):
        frame = people(30, 10).set_axis(pd.RangeIndex(2, 32, name="line"))
        frame.loc[6, "sex"] = "total"
        with pytest.raises(InputError, match='row 6, column "sex", value "total": is everyone'):
            releasable(frame, weight="weight", tables=[("sex",)])

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.integers(1, 200), min_size=2, max_size=4), st.integers(0, 2**16))
    def test_no_sum_has_one_group_left_out_and_no_number_of_it_is_left(self, sizes, seed):
        rng = np.random.default_rng(seed)
        frame = pd.DataFrame({"sex": np.repeat([f"g{i}" for i in range(len(sizes))], sizes)})
        frame["w"], frame["osi_12m"] = rng.uniform(0.5, 2, len(frame)), rng.integers(0, 2, len(frame))
        table = releasable(frame, weight="w", tables=[(), ("sex",)])
        hidden = table["suppressed"]
        assert hidden.sum() != 1
        assert table.loc[hidden, list(self.NUMBERS)].isna().all(axis=None)
        assert (table["suppression_reason"].ne("") == hidden).all()
        assert not (table.loc[~hidden, "n"] < 50).any()

    @settings(max_examples=10, deadline=None)
    @given(st.integers(30, 120), st.integers(0, 60), st.integers(1, 300), st.integers(0, 10**6))
    def test_rows_without_a_weight_count_in_nothing(self, count, yes, more, seed):
        frame = people(count, min(yes, count), seed)
        nobody = people(more, more // 2, seed + 1).assign(weight=0, cluster=[f"x{n}" for n in range(more)])
        both = pd.concat([frame, nobody]).sample(frac=1, random_state=seed)
        tables = [("wave",), ("wave", "sex")]
        one, two = (
            releasable(f, weight="weight", tables=tables, single="centre", **DESIGN) for f in (both, frame)
        )
        pd.testing.assert_frame_equal(one, two)

    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_every_code_has_words_and_a_shown_figure_none(self, language):
        words = {why_not_shown({"suppression_reason": code}, language) for code in WORDS["suppressed"]}
        assert len(words - {""}) == 4
        assert why_not_shown({"suppression_reason": float("nan")}, language) == ""

    def test_a_table_says_why_a_group_is_left_out_or_that_a_published_figure_stands_instead(self):
        row = {"suppressed": True, "pct": math.nan, "suppression_reason": "complementary", "flags": ""}
        row["source_of_interval"] = "microdata"
        assert share(row, "en") == "not shown: it would reveal a small number"
        assert share(row, "nl") == "niet getoond: een klein getal zou eruit volgen"
        row |= {"suppressed": False, "pct": 30.0, "suppression_reason": "primary"}
        row["source_of_interval"] = "published"
        assert kind_of_interval(row, "en").endswith("; from the answers themselves not shown: too small")
