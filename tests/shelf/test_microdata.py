"""Answers of a survey: against R's survey package, by hand, from a file, withheld, and in one model. All SIMULATED."""

import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from osw_stats import shelf
from osw_stats.data.survey import COLUMNS, read_survey
from osw_stats.errors import InputError
from osw_stats.shelf.disclosure.groups import Answers, protect_groups
from osw_stats.shelf.disclosure.hiding import GivenAwayError
from osw_stats.shelf.microdata.estimates import prevalence_from_microdata
from osw_stats.shelf.microdata.pooled import PooledModel, fit, shrink, terms_table
from osw_stats.shelf.microdata.release import by_group, releasable
from osw_stats.stats.survey.contracts import columns
from osw_stats.text.gaps import why_not_shown
from osw_stats.text.row_cells import kind_of_interval, share
from osw_stats.text.words import WORDS
from tests.conftest import PROJECT

R = (
    PROJECT / "tests" / "oracle" / "r"
)  # simulated answers; survey.R there says how the expected values were made
SURVEY = pd.read_csv(R / "survey.csv")
EXPECTED = pd.read_csv(R / "expected.csv").set_index(["design", "group"])
DESIGN = {"strata": "stratum", "cluster": "cluster"}
DESIGNS = {"clustered": DESIGN, "flat": {}}
LONELY = SURVEY[(SURVEY["stratum"] != 6) | (SURVEY["cluster"] == 1)].reset_index(drop=True)
Z = 1.959963984540054


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
            # another interval than R's two, from the same size and degrees of freedom: it lies close to them
            for end in ("lower", "upper"):
                near = sorted(100 * r[f"{kind}_{end}"] for kind in ("logit", "beta"))
                assert near[0] - 0.5 < row[end] < near[1] + 0.5

    def test_a_lone_cluster_is_centred_as_r_does_or_refused_by_its_row(self):
        row, r = estimate(LONELY, single="centre", **DESIGN).iloc[0], EXPECTED.loc["lonely", "all"]
        assert (row["pct"], row["se"]) == pytest.approx((100 * r["mean"], 100 * r["se"]), rel=1e-9)
        assert row["df"] == r["df"]
        at = int(LONELY.index[LONELY["stratum"] == 6][0]) + 1
        with pytest.raises(InputError, match=rf'row {at}, column "stratum", value "6": .*single cluster'):
            estimate(LONELY, **DESIGN)

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
        gaps = SURVEY.assign(other=SURVEY["osi_12m"].astype(float))
        gaps.loc[:99, "other"] = np.nan
        rows = estimate(gaps, items=("osi_12m", "other")).set_index("item")
        assert rows["n"].tolist() == [600, 500]
        assert rows.loc["other", "pct"] == pytest.approx(estimate(gaps.iloc[100:]).iloc[0]["pct"])

    @pytest.mark.parametrize(
        ("yes", "weights", "strata", "expected"),
        [
            # two answers: variance of the mean is 2 / 1 times the sum of (1/4)^2
            ([1, 0], [1, 1], None, {"pct": 50, "se": 100 * math.sqrt(2 * 2 * 0.0625), "df": 1}),
            # strata of one cluster leave no degrees of freedom, and no limits
            ([1, 0], [1, 1], [1, 2], {"pct": 50, "df": 0, "n": 2, "lower": math.nan}),
            # all or none count as a simple sample
            ([1, 1, 1], [1, 2, 3], None, {"pct": 100, "se": 0, "n_eff": 3, "deff": 1}),
            # of nobody who says yes the limit is that of those who count: a row of weight 0 is no respondent
            ([0] * 300, [1] * 30 + [0] * 270, None, {"n": 30, "clusters": 30, "df": 29, "upper": 12.237}),
            ([1, 0, 1], [1, 1, 0], None, {"pct": 50}),
        ],
    )
    def test_by_hand(self, yes, weights, strata, expected):
        frame = pd.DataFrame({"osi_12m": yes, "weight": np.array(weights, dtype=float), "s": strata or 1})
        row = estimate(frame, strata="s", single="centre").iloc[0]
        assert row[list(expected)].tolist() == pytest.approx(list(expected.values()), abs=0.001, nan_ok=True)

    def test_an_unused_category_is_no_group_and_few_respondents_are_marked(self):
        kind = pd.Categorical(SURVEY["sex"], categories=["female", "male", "c"])
        assert len(estimate(SURVEY.assign(kind=kind), by=("kind",))) == 2
        assert estimate(SURVEY.groupby("sex").head(40), by=("sex",))["suppressed"].all()

    @pytest.mark.parametrize(
        ("change", "options", "message"),
        [
            ({"weight": 0.0}, {}, 'column "weight", value "0": all weights are zero'),
            ({"weight": -1.0}, {}, r'row 1, column "weight", value "-1.0": is no weight'),
            ({"weight": math.inf}, {}, 'row 1, column "weight"'),
            ({"osi_12m": 5.2}, {}, r'row 1, column "osi_12m", value "5.2": is no answer'),
            ({"sex": None}, {}, r'row 1, column "sex": is empty'),
            ({"osi_12m": np.nan}, {}, r'column "osi_12m", value "female": nobody .* answered in this group'),
            ({}, {"weight": "gewicht"}, r'column "gewicht": there is no such column'),
            ({}, {"single": "ignore"}, "Choose: error, centre"),
        ],
    )
    def test_bad_input_names_its_place(self, change, options, message):
        with pytest.raises(InputError, match=message):
            estimate(SURVEY.assign(**change), by=("sex",), **options)
        with pytest.raises(InputError, match="no respondents"):
            estimate(SURVEY.iloc[:0])

    def test_limits_hold_the_truth_as_often_as_they_say(self):
        """Simulated: 300 samples of 60 clusters in 3 strata from a population with a known share."""
        rng = np.random.default_rng(7)
        truth = np.clip(rng.beta(2, 18, (3, 400)), 0, 1)  # share by cluster of the population
        inside = 0
        for _ in range(300):
            chosen = np.array([rng.choice(400, 20, replace=False) for _ in range(3)])
            yes = rng.random((3, 20, 25)) < np.take_along_axis(truth, chosen, 1)[..., None]
            stratum, cluster, _ = np.indices(yes.shape)
            frame = {
                "stratum": stratum.ravel(),
                "cluster": cluster.ravel(),
                "weight": 1.0,
                "osi_12m": yes.ravel(),
            }
            row = estimate(pd.DataFrame(frame).astype({"osi_12m": int}), **DESIGN).iloc[0]
            inside += row["lower"] <= 100 * truth.mean() <= row["upper"]
        assert 0.92 <= inside / 300 <= 0.98


def people(count, yes, seed=0):
    """Return simulated respondents, in two strata of twenty clusters."""
    rng = np.random.default_rng(seed)
    columns = {
        "wave": "2024",
        "sex": rng.choice(["female", "male"], count),
        "age": "16-17",
        "osi_12m": rng.permutation(np.arange(count) < yes).astype(int),
        "weight": rng.uniform(0.5, 2, count),
        "stratum": rng.choice(["s1", "s2"], count),
        "cluster": [f"c{n % 20}" for n in range(count)],
    }
    return pd.DataFrame(columns)


class TestFile:
    def saved(self, tmp_path, frame):
        path = tmp_path / "answers.csv"
        frame.to_csv(path, index=False)
        return str(path)

    @pytest.mark.parametrize(
        ("yes", "no"),
        [("1", "0"), ("ja", "nee"), ("Ja", "NEE"), ("yes", "no"), ("TRUE", "False"), ("1.0", "0.0")],
    )
    def test_answers_in_words_are_answers(self, tmp_path, yes, no):
        frame = people(60, 20)
        words = frame.assign(osi_12m=frame["osi_12m"].map({1: yes, 0: no}))
        assert read_survey(self.saved(tmp_path, words))["osi_12m"].tolist() == frame["osi_12m"].tolist()

    @pytest.mark.parametrize("column", ["weight", "osi_12m"])
    @pytest.mark.parametrize(
        "value", ["misschien", " ", "1,5", "٣", "1 0", "12..3", "=1", "inf", "-1", "0x1", "j"]
    )
    def test_what_is_no_number_is_one_message_by_line_column_and_value(self, tmp_path, column, value):
        frame = people(30, 10).astype({column: "object"})
        frame.loc[7, column] = value
        where = f'answers.csv, row 9, column "{column}", value "{value}": is no '
        with pytest.raises(InputError, match=re.escape(where)):
            read_survey(self.saved(tmp_path, frame))

    def test_lines_are_those_of_the_file_whatever_stands_between(self, tmp_path):
        path = tmp_path / "answers.csv"
        text = people(5, 2).to_csv(index=False).replace("\n2024", "\n\n2024", 1)
        text = text.replace("16-17", '"16\n-17"', 1).rstrip("\n").rsplit(",", 4)[0] + ",misschien,1,s1,c1\n"
        path.write_text(text, "utf-8")
        with pytest.raises(
            InputError, match=f'row {len(text.splitlines())}, column "osi_12m", value "misschien"'
        ):
            read_survey(str(path))

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            *((c, None) for c in ("wave", "sex", "age", "stratum", "cluster")),
            *(("wave", v) for v in ("24", "2024.0", " 2024", "2024-01")),
            *(("sex", v) for v in ("vrouw", "F", "Female", " female", "total")),
            *(("age", v) for v in ("16 - 17", "16\u201317", "total", "jong", "16-17 ")),
        ],
    )
    def test_what_is_no_group_is_named_by_its_line(self, tmp_path, column, value):
        frame = people(30, 10)
        frame.loc[4, column] = value
        what = (
            f'"{column}": is empty'
            if value is None
            else f'"{column}", value "{re.escape(value)}": is no group'
        )
        with pytest.raises(InputError, match=f"answers.csv, row 6, column {what}"):
            read_survey(self.saved(tmp_path, frame))
        nobody = frame.assign(weight=frame["weight"].where(frame.index != 4, 0))
        assert len(read_survey(self.saved(tmp_path, nobody))) == 30

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
    @pytest.mark.parametrize(
        ("small", "hidden"),
        [
            (answers(49, 10), True),
            (answers(50, 10), False),
            (answers(60, 10, effective=29.0), True),
            (answers(60, 4), True),
            (answers(60, 56), True),
            (answers(60, 0), True),
            (answers(60, 5), False),
        ],
    )
    def test_a_group_with_few_answers_is_withheld_and_takes_the_smallest_other_along(self, small, hidden):
        reasons, codes = protected({"a": small, "b": answers(300, 30), "c": answers(200, 40)})
        assert reasons == dict.fromkeys("abc", "") | {"all": ""} | (
            {"a": "primary", "c": "complementary"} if hidden else {}
        )
        assert codes == reasons

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
        told = ["".join(letters[each[k]] for k in "abcd"[: len(groups)]) for each in why]
        assert told == [reasons, codes]

    def test_what_is_public_protects_nothing(self):
        groups = {"a": answers(20, 6), "b": answers(300, 30), "c": answers(200, 40)}
        assert protected(groups, public=["c", "all"])[0]["b"] == "complementary"
        with pytest.raises(GivenAwayError, match="public already"):
            protected(groups, public=["b", "c", "all"])

    @pytest.mark.parametrize(
        ("table", "relations", "problem"),
        [
            ({"a": [Answers(3, 4, 3.0, 3.0, 3.0)]}, [], "no answers of a group"),
            ({"a": [Answers(3, 1, 3.0, 3.0, 4.0)]}, [], "no answers of a group"),
            ({"a": answers(60, 9), "all": answers(61, 9)}, [("all", ["a"])], "not the sum of its groups"),
            ({"a": answers(60, 9)}, [("all", ["a"])], "no figure of these tables"),
        ],
    )
    def test_what_are_no_groups_is_refused(self, table, relations, problem):
        with pytest.raises(InputError, match=problem):
            protect_groups(table, relations)


def crowd(sizes):
    """Return simulated answers: as many of each sex and age as named, every fifth says yes."""
    rows = [(sex, age, int(at % 5 == 0)) for (sex, age), size in sizes.items() for at in range(size)]
    return pd.DataFrame(rows, columns=["sex", "age", "osi_12m"]).assign(w=1.0)


SIZES = {("f", "16"): 12, ("f", "24"): 400, ("m", "16"): 200, ("m", "24"): 500}


class TestRelease:
    TABLES = ((), ("sex",), ("age",))
    NUMBERS = ("pct", "se", "lower", "upper", "n", "n_eff", "deff", "clusters", "df")

    def test_two_tables_with_a_shared_total_are_seen_to_together(self):
        frame = crowd(SIZES | {("m", "18"): 20})
        table = releasable(frame, weight="w", tables=self.TABLES).set_index(["sex", "age"])
        assert table.loc["total", "18"]["suppression_reason"] == "primary"
        assert table.loc["total", "16"]["suppression_reason"] == "complementary"
        assert table.loc[table["suppressed"], list(self.NUMBERS)].isna().all(axis=None)
        assert table.loc[~table["suppressed"], ["pct", "n", "se"]].notna().all(axis=None)

    def test_two_tables_give_away_the_total_that_neither_shows(self):
        # ages add up to all people, so x would be all people less f and m: one age is withheld as well
        sizes = {(sex, age): n for sex, n in (("f", 45), ("m", 40), ("x", 5)) for age in ("a", "b")}
        frame = crowd(sizes).assign(osi_12m=[1, 0, 0, 0, 0, 0] * 30)
        shown = releasable(frame, weight="w", tables=self.TABLES[1:]).set_index("sex")["suppression_reason"]
        assert shown.value_counts().to_dict() == {"": 3, "primary": 1, "complementary": 1}
        assert shown["x"] == "primary"

    def test_order_of_tables_and_respondents_changes_nothing(self):
        frame, key = crowd(SIZES), ["sex", "age"]
        other = [("age", "sex"), *self.TABLES[::-1]]
        tables = [
            releasable(frame, weight="w", tables=[*self.TABLES, ("sex", "age")]),
            releasable(frame.sample(frac=1, random_state=1), weight="w", tables=other),
        ]
        names = [*key, "pct", "n", "suppression_reason"]
        one, two = (t.sort_values(key)[names].reset_index(drop=True) for t in tables)
        pd.testing.assert_frame_equal(one, two)

    def test_a_group_withheld_for_one_question_is_withheld_for_all(self):
        frame = crowd({("f", "16"): 100, ("m", "16"): 200, ("x", "16"): 300})
        frame["other"] = frame["osi_12m"].where(frame["sex"] != "f", 0)
        table = releasable(frame, weight="w", items=("osi_12m", "other"), tables=[(), ("sex",)])
        hidden = table[table["suppressed"]]
        assert set(zip(hidden["item"], hidden["sex"], strict=True)) >= {("osi_12m", "f"), ("other", "f")}

    def test_where_nothing_protects_only_what_is_public_is_left(self):
        frame = crowd({("f", "16"): 12, ("f", "24"): 400})
        table = releasable(frame, weight="w", tables=[(), ("age",)], public=lambda g: g["age"] != "16")
        assert table.set_index("age")["suppression_reason"].to_dict() == {
            "total": "",
            "16": "confidential",
            "24": "",
        }

    @pytest.mark.parametrize(
        ("make", "name", "value"),
        [
            (lambda f: releasable(f, weight="weight", tables=[("sex",)]), "sex", "total"),
            (lambda f: by_group(f, alpha=0.05), "age", "16+"),
        ],
    )
    def test_a_group_called_as_everyone_is_refused_by_its_line(self, make, name, value):
        frame = people(30, 10).set_axis(pd.RangeIndex(2, 32, name="line"))
        frame.loc[6, name] = value
        with pytest.raises(
            InputError, match=rf'row 6, column "{name}", value "{re.escape(value)}": is everyone'
        ):
            make(frame)

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.integers(1, 200), min_size=2, max_size=4), st.integers(0, 2**16))
    def test_no_sum_has_one_group_left_out_and_no_number_of_it_is_left(self, sizes, seed):
        rng = np.random.default_rng(seed)
        sex = np.repeat([f"g{i}" for i in range(len(sizes))], sizes)
        frame = pd.DataFrame(
            {"sex": sex, "w": rng.uniform(0.5, 2, len(sex)), "osi_12m": rng.integers(0, 2, len(sex))}
        )
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

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"sex": "male"}, 'column "sex", value "female": nobody of this sex'),
            ({"age": "18-23"}, 'column "age", value "18-23": the answers of wave 2024'),
        ],
    )
    def test_a_page_is_made_of_everyone_only(self, change, message):
        with pytest.raises(InputError, match=message):
            shelf.answers(people(200, 40).assign(**change), alpha=0.05)
        assert shelf.answers(None, alpha=0.05) is None

    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_every_code_has_words_and_a_shown_figure_none(self, language):
        words = {why_not_shown({"suppression_reason": code}, language) for code in WORDS["suppressed"]}
        assert len(words - {""}) == 4
        assert why_not_shown({"suppression_reason": float("nan")}, language) == ""

    def test_a_table_says_why_a_group_is_left_out_or_that_a_published_figure_stands_instead(self):
        row = {
            "suppressed": True,
            "pct": math.nan,
            "suppression_reason": "complementary",
            "flags": "",
            "source_of_interval": "microdata",
        }
        assert share(row, "en") == "not shown: a small number would follow from it"
        assert share(row, "nl") == "niet getoond: een klein getal zou eruit volgen"
        row |= {
            "suppressed": False,
            "pct": 30.0,
            "suppression_reason": "primary",
            "source_of_interval": "published",
        }
        assert kind_of_interval(row, "en").endswith("; from the answers themselves not shown: too small")


CELLS = pd.read_csv(PROJECT / "tests/oracle/data/glm_pub.csv").rename(columns={"x_eff": "y"})
FOUR = pd.DataFrame(
    {
        "wave": ["2022", "2022", "2024", "2024"],
        "group": list("abab"),
        "n_eff": [1000.0] * 4,
        "y": [100.0, 50, 130, 45],
    }
)


def simulated(groups, tau, seed=3, n=2000):
    rng = np.random.default_rng(seed)
    rows = []
    for g in range(groups):
        level = rng.normal(-2.5, 0.6)
        for w, shift in enumerate((0.0, 0.1, -0.05)):
            p = 1 / (1 + np.exp(-(level + shift + rng.normal(0, tau))))
            rows.append((str(2020 + 2 * w), f"g{g:04d}", float(n), float(rng.binomial(n, p))))
    return pd.DataFrame(rows, columns=["wave", "group", "n_eff", "y"])


class TestPooled:
    def test_the_marginal_effect_and_its_error_by_numerical_derivatives(self):
        model, size = fit(CELLS), np.array([3.0, 10, 90, 3, 10, 90])
        first, last = ([(wave, g) for g in model.groups] for wave in ("2020", "2024"))

        def effect(coef):
            p = [1 / (1 + np.exp(-model.design(pairs) @ coef)) for pairs in (first, last)]
            return 100 * size @ (p[1] - p[0]) / size.sum()

        steps = 1e-6 * np.eye(len(model.coef))
        gradient = np.array([(effect(model.coef + e) - effect(model.coef - e)) / 2e-6 for e in steps])
        half, middle = Z * np.sqrt(gradient @ model.cov @ gradient), effect(model.coef)
        row = terms_table(model, dict(zip(model.groups, size, strict=True))).set_index("term").loc["wave2024"]
        ends = (middle, middle - half, middle + half)
        assert tuple(row[["ame", "ame_lower", "ame_upper"]]) == pytest.approx(ends, rel=1e-6)

    def test_the_deviance_and_its_test_by_hand(self):
        model, y, n = fit(FOUR), FOUR["y"].to_numpy(), 1000
        p = 1 / (1 + np.exp(-model.matrix @ model.coef))
        deviance = 2 * (y * np.log(y / (n * p)) + (n - y) * np.log((n - y) / (n * (1 - p)))).sum()
        assert (model.deviance, model.df_resid) == (pytest.approx(deviance), 1)
        assert model.lr_p == pytest.approx(stats.chi2.sf(deviance, 1))
        # at the maximum the fitted margins are those of the data
        assert (n * p).reshape(2, 2).sum(axis=0) == pytest.approx(y.reshape(2, 2).sum(axis=0))
        # rows of one cell are added up
        halves = pd.concat([FOUR.assign(n_eff=FOUR["n_eff"] / 2, y=FOUR["y"] / 2)] * 2)
        assert fit(halves).coef == pytest.approx(model.coef, rel=1e-8)

    def test_terms_have_odds_ratios_and_effects_of_waves_and_groups(self):
        model = fit(CELLS)
        table = terms_table(model, dict.fromkeys(model.groups, 1.0)).set_index("term")
        assert table.index.tolist() == model.terms
        assert table["or"].tolist() == pytest.approx(np.exp(table["logit"]).tolist())
        assert table["or_upper"].tolist() == pytest.approx(np.exp(table["logit"] + Z * table["se"]).tolist())
        assert table["ame"].isna().tolist() == [True] + [False] * (len(table) - 1)
        assert (table["ame_lower"].dropna() < table["ame"].dropna()).all()

    @pytest.mark.parametrize(("deviance", "inflation"), [(3.0, 1.0), (3.01, 1.505)])
    def test_variances_grow_above_a_deviance_of_one_and_a_half(self, deviance, inflation):
        assert PooledModel(FOUR, np.ones(1), np.eye(1), deviance, 2).inflation == pytest.approx(inflation)
        assert PooledModel(FOUR, np.ones(1), np.eye(1), 0.0, 0).inflation == 1
        wild = fit(simulated(12, 0.3))
        se = terms_table(wild, dict.fromkeys(wild.groups, 1.0))["se"]
        assert se.tolist() == pytest.approx(np.sqrt(np.diag(wild.cov) * wild.phi))

    def test_shrunken_shares_are_those_of_the_posterior(self):
        """Flat prior on wave and group, normal one on each cell: its precision is (1 - hat matrix) / tau squared."""
        wild = FOUR.assign(y=[100.0, 50, 190, 30])
        table = shrink(fit(wild))
        p, tau2, x = wild["y"].to_numpy() / 1000, table["tau"].iloc[0] ** 2, fit(wild).matrix
        prior, data = (np.eye(4) - x @ np.linalg.inv(x.T @ x) @ x.T) / tau2, np.diag(1000 * p * (1 - p))
        posterior = np.linalg.inv(prior + data)
        centre, half = posterior @ data @ np.log(p / (1 - p)), Z * np.sqrt(np.diag(posterior))
        for name, side in (("shrunken_pct", 0), ("lower", -1), ("upper", 1)):
            assert table[name].tolist() == pytest.approx((100 / (1 + np.exp(-centre - side * half))).tolist())
        assert table["weight"].tolist() == pytest.approx((tau2 / (tau2 + 1 / np.diag(data))).tolist())

    def test_the_spread_is_found_and_solves_its_own_equation(self):
        """Weighted residual sum of squares equals its degrees of freedom; the less a cell knows the more it is drawn."""
        cells = simulated(60, 0.25)
        small = cells["group"] < "g0030"
        cells.loc[small, ["n_eff", "y"]] /= 10
        model = fit(cells)
        table, y, n = shrink(model), model.cells["y"].to_numpy(), model.cells["n_eff"].to_numpy()
        assert table["tau"].iloc[0] == pytest.approx(0.25, abs=0.07)
        assert table.loc[small, "weight"].median() < 0.7 * table.loc[~small, "weight"].median()
        scale, eta = 1 / np.sqrt(n / (y * (n - y)) + table["tau"].iloc[0] ** 2), np.log(y / (n - y))
        _, rss, rank, _ = np.linalg.lstsq(model.matrix * scale[:, None], eta * scale, rcond=None)
        assert rss[0] == pytest.approx(len(y) - rank, rel=1e-5)
        assert shrink(fit(simulated(12, 0.0, seed=5)))["weight"].max() < 0.3

    @pytest.mark.parametrize(("y", "fits"), [(0.0, True), (1000.0, True), (-0.1, False), (1000.1, False)])
    def test_counts_lie_from_nobody_to_everybody(self, y, fits):
        cells = FOUR.assign(y=[y, 50.0, 130.0, 45.0])
        if fits:
            assert np.isfinite(shrink(fit(cells))[["shrunken_pct", "lower", "upper"]]).all(axis=None)
        else:
            with pytest.raises(InputError, match='row 1, column "y"'):
                fit(cells)

    def test_one_wave_is_no_model(self):
        with pytest.raises(InputError, match="two waves and two groups"):
            fit(FOUR[FOUR["wave"] == "2022"])


def estimates(groups, waves=("2022", "2024"), **more):
    """Return simulated estimates of groups of women, one row a wave and age."""
    rows = [
        (w, f"{20 + 5 * g}-{24 + 5 * g}", 5.0 + g + (w == "2024") * (1 + g % 2), f"o{g}")
        for w in waves
        for g in range(groups)
    ]
    frame = pd.DataFrame(rows, columns=["wave", "age", "pct", "observations"])
    about = {
        "sex": "female",
        "group": "female " + frame["age"],
        "n_eff": 1000.0,
        "interval_kind": "published",
    }
    return frame.assign(**about, grade="A", unit="percent", definition_version="d").assign(**more)


NOBODY = pd.DataFrame(
    columns=["series_id", "time_period", "sex", "age", "obs_value", "lower", "upper", "breakdown", "obs_id"]
)


class TestGroupModel:
    @pytest.mark.parametrize(
        ("cells", "count", "shrunken"),
        [
            (estimates(2), 4, 0),
            (estimates(6), 12, 0),
            (estimates(7), 14, 14),
            (estimates(1), None, 0),
            (estimates(2, ("2022",)), None, 0),
            # cells without a size, and groups that hold others, stay out
            (pd.concat([estimates(2), estimates(1).assign(age="16+", group="female")]), 4, 0),
            (pd.concat([estimates(2), estimates(1).assign(age="60-64", group="x", n_eff=math.nan)]), 4, 0),
        ],
    )
    def test_two_waves_and_two_groups_are_enough(self, cells, count, shrunken):
        tables = shelf.group_model(cells, NOBODY, alpha=0.05)
        assert tables.fit["cells"].tolist() == ([count] if count else [])
        assert (len(tables.terms) > 0) is bool(count)
        assert len(tables.shrunken) == shrunken
        for name, table in (("prev_model_fit", tables.fit), ("prev_shrunken", tables.shrunken)):
            assert list(table.columns) == columns(name)

    def test_the_foot_and_the_terms_are_those_of_the_fit(self):
        cells = estimates(3, interval_kind=["assumed", *["published"] * 5], grade=["B", *"AAAAA"])
        plain, tables = (
            fit(cells.assign(y=cells["n_eff"] * cells["pct"] / 100)),
            shelf.group_model(cells, NOBODY, alpha=0.05),
        )
        foot = tables.fit[["cells", "deviance", "df", "lr_p", "observations"]].to_numpy().tolist()
        assert foot == [[6, plain.deviance, plain.df_resid, plain.lr_p, "o0 o1 o2"]]
        # every group counts alike where people are not known
        alike = terms_table(plain, dict.fromkeys(cells["group"], 1.0))
        assert tables.terms["ame"].tolist() == pytest.approx(alike["ame"].tolist(), nan_ok=True)
        assert (set(tables.terms["interval_kind"]), set(tables.terms["grade"])) == ({"assumed"}, {"B"})

    def test_people_weigh_the_groups(self):
        cells, names = estimates(2), ("female 20-24", "female 25-29")
        rows = [("cbs_population", "total", "16+", 10e6), ("cbs_phgsg_population", "total", "16+", 9e6)]
        rows += [("cbs_population", "female", "20-24", 3e6), ("cbs_population", "female", "25-29", 1e6)]
        observations = pd.DataFrame(rows, columns=["series_id", "sex", "age", "obs_value"]).assign(
            time_period="2024", breakdown="", lower=lambda d: d["obs_value"], upper=lambda d: d["obs_value"]
        )
        observations["obs_id"] = observations["sex"] + observations["age"]
        terms = shelf.group_model(cells, observations, alpha=0.05).terms
        plain = terms_table(fit(cells.assign(y=cells["pct"] * 10)), dict(zip(names, (3.0, 1.0), strict=True)))
        assert terms["ame"].tolist() == pytest.approx(plain["ame"].tolist(), nan_ok=True)
        assert "female20-24" in terms["observations"].iloc[0].split()
