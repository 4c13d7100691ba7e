"""Small counts and groups of a survey: which are hidden, and that no table gives them away. All SIMULATED."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osw_stats.errors import InputError
from osw_stats.shelf.disclosure.counts import protect
from osw_stats.shelf.disclosure.groups import Answers, protect_groups
from osw_stats.shelf.disclosure.hiding import System
from osw_stats.shelf.disclosure.surveys import Surveys
from osw_stats.shelf.microdata.release import releasable
from osw_stats.text.gaps import why_not_shown
from osw_stats.text.words import WORDS
from tests.cases import table
from tests.shelf.test_microdata import DESIGN, people
from tests.worked import hold, worked

ROW = [("all", ["a", "b", "c"])]


def row(a, b, c, total=None):
    return {"a": a, "b": b, "c": c, "all": a + b + c if total is None else total}


def hidden(figures, relations=ROW, **how):
    return {k: r for k, r in protect(figures, relations, **how)[0].items() if r}


class TestCounts:
    @table(__file__, "row", "counts names")
    def test_a_row_with_its_total(self, counts, names):
        assert set(hidden(row(*counts))) == set(names.split())

    def test_a_table_is_protected_in_both_directions(self):
        body = {(r, c): 20 for r in "rst" for c in "xyz"} | {("r", "x"): 2}
        sums = [((r, "total"), [(r, c) for c in "xyz"]) for r in "rst"]
        sums += [(("total", c), [(r, c) for r in "rst"]) for c in "xyz"]
        whole = body | {total: sum(body[part] for part in parts) for total, parts in sums}
        lines = hidden(whole, sums)
        assert all(sum(part in lines for part in parts) != 1 for _, parts in sums)
        assert len(lines) == 4  # a square around the small one, no more

    @table(__file__, "system", "lower upper sums may_be")
    def test_what_the_sums_leave_open(self, lower, upper, sums, may_be):
        system = System(lower, upper, sums)
        for figure, numbers in may_be.items():
            assert [n for n in range(12) if system.takes(figure, n)] == numbers
            assert system.known(figure) is (len(numbers) == 1)


def answers(n, yes, weight=1.0, *, effective=None):
    return [Answers(n, yes, effective or 0.8 * n, weight * n, weight * yes)]


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

    @table(__file__, "more_is_hidden", "groups reasons codes")
    def test_more_is_withheld_or_left_unsaid_where_the_rest_would_tell(self, groups, reasons, codes):
        letters = {"primary": "p", "complementary": "c", "confidential": "?", "": "-"}
        names = "abcd"[: len(groups)]
        why = protected({name: answers(*group) for name, group in zip(names, groups, strict=True)})
        assert ["".join(letters[of[name]] for name in names) for of in why] == [reasons, codes]


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
        why = table.set_index(["sex", "age"])["suppression_reason"]
        assert (why["total", "18"], why["total", "16"]) == ("primary", "complementary")

    def test_two_tables_give_away_the_total_that_neither_shows(self):
        # ages add up to all people, so x would be all people less f and m: one age is withheld as well
        sizes = {(sex, age): n for sex, n in (("f", 45), ("m", 40), ("x", 5)) for age in ("a", "b")}
        frame = crowd(sizes).assign(osi_12m=[1, 0, 0, 0, 0, 0] * 30)
        shown = releasable(frame, weight="w", tables=self.TABLES[1:]).set_index("sex")["suppression_reason"]
        assert shown.value_counts().to_dict() == {"": 3, "primary": 1, "complementary": 1}
        assert shown["x"] == "primary"

    def test_order_of_tables_and_respondents_changes_nothing(self):
        frame, names = crowd(SIZES), ["sex", "age", "pct", "n", "suppression_reason"]
        one = releasable(frame, weight="w", tables=[*self.TABLES, ("sex", "age")])
        two = releasable(frame[::-1], weight="w", tables=[("age", "sex"), *self.TABLES[::-1]])
        one, two = (table.sort_values(["sex", "age"], ignore_index=True)[names] for table in (one, two))
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
        why = dict(zip(table["age"], table["suppression_reason"], strict=True))
        assert why == {"total": "", "16": "confidential", "24": ""}

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
        assert table.loc[~hidden, list(self.NUMBERS)].notna().all(axis=None)
        assert (table["suppression_reason"].ne("") == hidden).all()
        assert not (table.loc[~hidden, "n"] < 50).any()

    @settings(max_examples=10, deadline=None)
    @given(st.integers(30, 120), st.integers(0, 60), st.integers(1, 300), st.integers(0, 10**6))
    def test_rows_without_a_weight_count_in_nothing(self, count, yes, more, seed):
        frame = people(count, min(yes, count), seed)
        nobody = people(more, more // 2, seed + 1).assign(weight=0, cluster=[f"x{n}" for n in range(more)])
        both = pd.concat([frame, nobody]).sample(frac=1, random_state=seed)
        how = {"weight": "weight", "tables": [("wave",), ("wave", "sex")], "single": "centre"} | DESIGN
        pd.testing.assert_frame_equal(releasable(both, **how), releasable(frame, **how))

    def test_every_code_has_words_and_a_shown_figure_none(self):
        for language in ("nl", "en"):
            words = {why_not_shown({"suppression_reason": code}, language) for code in WORDS["suppressed"]}
            assert len(words - {""}) == 4
            assert why_not_shown({"suppression_reason": float("nan")}, language) == ""


@worked(__file__)
def test_what_waits_for_data_by_hand(case):
    hold(case)
