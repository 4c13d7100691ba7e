"""Groups of a survey that are withheld, and others with them. All answers are SIMULATED."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osw_stats.analysis.disclosure import Answers, GivenAwayError, protect_groups
from osw_stats.analysis.survey.release import releasable
from osw_stats.errors import InputError
from osw_stats.report.row_cells import kind_of_interval, share
from osw_stats.report.suppression import WORDS, why_not_shown

MIDDLE = ["pct", "se", "lower", "upper", "n", "n_eff", "deff", "clusters", "df"]
TABLES = [(), ("sex",), ("age",)]


def answers(n, yes, effective=None, weight=1.0):
    return [Answers(n, yes, 0.8 * n if effective is None else effective, weight * n, weight * yes)]


def whole(*groups):
    return [
        Answers(*(sum(getattr(g[0], f) for g in groups) for f in ("respondents", "yes", "effective", "weight", "weight_yes")))
    ]  # fmt: skip


def codes_of(groups, public=()):
    table = groups | {"all": whole(*groups.values())}
    reasons, codes = protect_groups(table, [("all", list(groups))], public=public)
    return reasons, codes


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
def test_a_group_with_few_answers_is_withheld_and_takes_the_smallest_other_along(small, hidden):
    reasons, codes = codes_of({"a": small, "b": answers(300, 30), "c": answers(200, 40)})
    assert reasons == {
        "a": "primary" if hidden else "", "b": "", "c": "complementary" if hidden else "", "all": "",
    }  # fmt: skip
    assert codes == reasons


def test_a_companion_that_leaves_the_share_nearly_known_is_not_enough():
    """Two small groups in which one of hundreds said yes: their share would lie between 0 and a few percent."""
    groups = {"a": answers(45, 1), "b": answers(48, 0), "c": answers(400, 60), "d": answers(500, 80)}
    reasons, _ = codes_of(groups)
    assert [reasons[k] for k in "abcd"] == ["primary", "primary", "complementary", ""]


def test_the_weighted_size_of_every_group_is_taken_to_be_known():
    """A companion of hardly any weight protects nothing: population figures of both are public."""
    groups = {"a": answers(45, 9, weight=1000.0), "b": answers(60, 6, weight=1.0), "c": answers(300, 30)}
    reasons, _ = codes_of(groups)
    assert reasons["b"] == reasons["c"] == "complementary"


def test_codes_are_confidential_where_they_would_tell_how_many_took_part():
    """A companion is known to hold fifty or more; with 53 together the small one could only be three or fewer."""
    groups = {"a": answers(3, 1), "b": answers(50, 8), "c": answers(900, 90)}
    reasons, codes = codes_of(groups)
    assert (reasons["a"], reasons["b"]) == ("primary", "complementary")
    assert (codes["a"], codes["b"]) == ("confidential", "confidential")


def test_what_is_public_protects_nothing():
    groups = {"a": answers(20, 6), "b": answers(300, 30), "c": answers(200, 40)}
    assert codes_of(groups, public=["c", "all"])[0]["b"] == "complementary"
    with pytest.raises(GivenAwayError, match="public already"):
        codes_of(groups, public=["b", "c", "all"])


@pytest.mark.parametrize(
    ("table", "relations", "problem"),
    [
        ({"a": [Answers(3, 4, 3.0, 3.0, 3.0)]}, [], "no answers of a group"),
        ({"a": [Answers(3, 1, 3.0, 3.0, 4.0)]}, [], "no answers of a group"),
        ({"a": answers(60, 9), "all": answers(61, 9)}, [("all", ["a"])], "not the sum of its groups"),
        ({"a": answers(60, 9)}, [("all", ["a"])], "no figure of these tables"),
    ],
)
def test_what_are_no_groups_is_refused(table, relations, problem):
    with pytest.raises(InputError, match=problem):
        protect_groups(table, relations)


def people(sizes, share=0.2):
    """Return simulated answers: as many of each sex and age as told, every fifth says yes."""
    rows = [
        {"sex": sex, "age": age, "w": 1.0, "osi_12m": int(i % round(1 / share) == 0)}
        for (sex, age), size in sizes.items() for i in range(size)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_two_tables_with_a_shared_total_are_seen_to_together():
    frame = people({("f", "16"): 12, ("f", "24"): 400, ("m", "16"): 200, ("m", "24"): 500, ("m", "18"): 20})
    table = releasable(frame, weight="w", tables=TABLES).set_index(["sex", "age"])
    assert table.loc["total", "18"]["suppression_reason"] == "primary"
    assert table.loc["total", "16"]["suppression_reason"] == "complementary"
    assert table.loc[table["suppressed"], MIDDLE].isna().all(axis=None)
    assert table.loc[~table["suppressed"], ["pct", "n", "se"]].notna().all(axis=None)


def test_order_of_tables_and_respondents_changes_nothing():
    frame = people({("f", "16"): 12, ("f", "24"): 400, ("m", "16"): 200, ("m", "24"): 500})
    one = releasable(frame, weight="w", tables=[*TABLES, ("sex", "age")])
    other = releasable(
        frame.sample(frac=1, random_state=1), weight="w", tables=[("age", "sex"), *TABLES[::-1]]
    )
    key = ["sex", "age"]
    columns = [*key, "pct", "n", "suppression_reason"]
    pd.testing.assert_frame_equal(
        one.sort_values(key)[columns].reset_index(drop=True),
        other.sort_values(key)[columns].reset_index(drop=True),
    )


def test_a_group_withheld_for_one_question_is_withheld_for_all():
    frame = people({("f", "16"): 100, ("m", "16"): 200, ("x", "16"): 300})
    frame["other"] = frame["osi_12m"].where(frame["sex"] != "f", 0)
    table = releasable(frame, weight="w", items=("osi_12m", "other"), tables=[(), ("sex",)])
    hidden = table[table["suppressed"]]
    assert set(zip(hidden["item"], hidden["sex"], strict=True)) >= {("osi_12m", "f"), ("other", "f")}


def test_where_nothing_protects_only_what_is_public_is_left():
    frame = people({("f", "16"): 12, ("f", "24"): 400})
    table = releasable(frame, weight="w", tables=[(), ("age",)], public=lambda g: g["age"] != "16")
    assert table.set_index("age")["suppression_reason"].to_dict() == {
        "total": "",
        "16": "confidential",
        "24": "",
    }


def test_a_group_called_total_is_refused():
    frame = people({("total", "16"): 90})
    with pytest.raises(InputError, match=r'row 1, column "sex", value "total": is everyone'):
        releasable(frame, weight="w", tables=[("sex",)])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 200), min_size=2, max_size=4), st.integers(0, 2**16))
def test_no_sum_has_one_group_left_out_and_no_number_of_it_is_left(sizes, seed):
    rng = np.random.default_rng(seed)
    frame = pd.concat(
        [pd.DataFrame({"sex": f"g{i}", "w": rng.uniform(0.5, 2, n), "osi_12m": rng.integers(0, 2, n)}) for i, n in enumerate(sizes)]
    )  # fmt: skip
    table = releasable(frame, weight="w", tables=[(), ("sex",)])
    hidden = table["suppressed"]
    assert hidden.sum() != 1
    assert table.loc[hidden, MIDDLE].isna().all(axis=None)
    assert (table["suppression_reason"].ne("") == hidden).all()
    assert not (table.loc[~hidden, "n"] < 50).any()


class TestWords:
    """Codes in words, the same set in both languages."""

    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_every_code_has_words_and_a_shown_figure_none(self, language):
        said = [why_not_shown({"suppression_reason": code}, language) for code in WORDS]
        assert all(said)
        assert len(set(said)) == 4
        assert why_not_shown({"suppression_reason": ""}, language) == ""
        assert why_not_shown({"suppression_reason": float("nan")}, language) == ""

    def test_a_table_says_why_a_group_is_left_out(self):
        row = {
            "suppressed": True, "pct": float("nan"), "suppression_reason": "complementary", "flags": "",
            "source_of_interval": "microdata",
        }  # fmt: skip
        assert share(row, "en") == "not shown: a small number would follow from it"
        assert share(row, "nl") == "niet getoond: een klein getal zou eruit volgen"
        assert kind_of_interval(row, "en") == "from the answers themselves"

    def test_a_published_figure_that_stands_instead_says_so(self):
        row = {
            "suppressed": False, "pct": 30.0, "suppression_reason": "primary", "flags": "",
            "source_of_interval": "published",
        }  # fmt: skip
        assert kind_of_interval(row, "en").endswith("; from the answers themselves not shown: too small")


def test_two_tables_give_away_the_total_that_neither_shows():
    # ages add up to all people, so x would be all people less f and m: one age is withheld as well
    people = [
        (sex, age) for sex, n in (("f", 45), ("m", 40), ("x", 5)) for age in ("a", "b") for _ in range(n)
    ]
    answers = pd.DataFrame(people, columns=["sex", "age"]).assign(w=1.0, osi_12m=[1, 0, 0, 0, 0, 0] * 30)
    shown = releasable(answers, weight="w", tables=[("sex",), ("age",)])
    assert shown["suppression_reason"].value_counts().to_dict() == {"": 3, "primary": 1, "complementary": 1}
    assert shown.loc[shown["sex"] == "x", "suppression_reason"].tolist() == ["primary"]
    assert shown["n"].isna().sum() == 2
