"""Hiding small numbers: the rule, the audit, rounding, and figures of regions that rest on what is shown."""

import math

import numpy as np
import pandas as pd
import pytest

from osw_stats.analysis.counts import regions
from osw_stats.analysis.counts.region_figures import of_the_country, treat
from osw_stats.analysis.disclosure import (
    MIN_COUNT,
    protect,
    require_rounded_margins,
    round_to_base,
    sums,
    suppress_row,
    too_small,
    treated,
)
from osw_stats.analysis.survey.groups import size as group_size
from osw_stats.errors import InputError
from tests.simulated import municipalities

ROW = [("all", ["a", "b", "c"])]


def row(a, b, c, total=None):
    return {"a": a, "b": b, "c": c, "all": a + b + c if total is None else total}


@pytest.mark.parametrize(
    ("cells", "hidden"),
    [
        ((12, 3, 40), {"a", "b"}),  # the smallest other one goes along
        ((0, 3, 40), {"b", "c"}),  # a zero is nobody and protects nobody
        ((0, 3, 0), {"b", "all"}),  # only the total is left to hide, and it is small itself
        ((0, 5, 0), set()),
        ((4, 4, 40), {"a", "b"}),
        ((1, 2, 40), {"a", "b", "c"}),  # 3 together: neither could be 4, so one more is hidden
        ((1, 1, 1), {"a", "b", "c", "all"}),
        ((0, 0, 0), set()),
        ((5, 6, 7), set()),
    ],
)
def test_a_row_with_its_total(cells, hidden):
    reasons = protect(row(*cells), ROW)
    assert {k for k, r in reasons.items() if r} == hidden


def test_reasons_say_why():
    assert protect(row(12, 3, 40), ROW) == {"a": "complementary", "b": "primary", "c": "", "all": ""}


def test_a_stricter_threshold_hides_more():
    assert not any(protect(row(12, 7, 40), ROW).values())
    assert protect(row(12, 7, 40), ROW, threshold=10)["b"] == "primary"


def test_a_figure_in_no_sum_is_hidden_alone():
    assert protect({"a": 3, "b": 9}, []) == {"a": "primary", "b": ""}


def test_withheld_by_the_publisher_stays_withheld_and_is_not_undone():
    figures = row(12, 0, 40, total=55) | {"b": None}
    reasons = protect(figures, ROW)
    assert reasons["b"] == "withheld"
    assert reasons["a"] == "complementary"  # 55 - 12 - 40 would give it away
    assert math.isnan(treated(figures, reasons)["b"])


def test_what_is_public_stays_shown_and_counts_for_the_attacker():
    reasons = protect(row(12, 3, 40), ROW, public=["a", "all"])
    assert (reasons["a"], reasons["all"], reasons["c"]) == ("", "", "complementary")
    with pytest.raises(InputError, match=r'column "b".*public already.*only the total'):
        protect(row(12, 3, 40), ROW, public=["a", "c", "all"])


def test_a_table_protects_in_both_directions():
    rows, columns = ["r", "s", "t"], ["x", "y", "z"]
    body = {(r, c): 20 + 3 * i + j for i, r in enumerate(rows) for j, c in enumerate(columns)} | {
        ("r", "x"): 2
    }
    whole = dict(body)
    whole |= {(r, "total"): sum(body[r, c] for c in columns) for r in rows}
    whole |= {("total", c): sum(body[r, c] for r in rows) for c in columns}
    whole[("total", "total")] = sum(body.values())
    reasons = protect(whole, sums(rows, columns))
    for line in [*([(r, c) for c in columns] for r in rows), *([(r, c) for r in rows] for c in columns)]:
        assert sum(bool(reasons[k]) for k in line) != 1
    assert sum(map(bool, reasons.values())) == 4  # a square around the small one, no more


@pytest.mark.parametrize(
    ("figures", "relations", "problem"),
    [
        ({"a": -1}, [], "is no count"),
        ({"a": 1.5}, [], "is no count"),
        ({"a": 1}, [("all", ["a"])], "is no figure"),
        ({"a": 1, "all": 3}, [("all", ["a"])], "not the sum of its parts"),
        ({"a": 9, "b": None, "all": 3}, [("all", ["a", "b"])], "not the sum of its parts"),
    ],
)
def test_what_is_no_table_is_refused(figures, relations, problem):
    with pytest.raises(InputError, match=problem):
        protect(figures, relations)


def test_thresholds_are_what_the_methods_say():
    assert MIN_COUNT == 5
    assert (too_small(49, 49), too_small(50, 29), too_small(50, 30)) == (True, True, False)
    assert suppress_row([4, 5, 6]) == [None, None, 6]
    assert suppress_row([4, 5, 6], total_published=False) == [None, 5, 6]
    assert suppress_row([1, 2, 6]) == [None, None, 6]
    assert suppress_row([0, 0, 2]) == [0, 0, None]
    with pytest.raises(InputError, match="row 2"):
        suppress_row([3, -1])


@pytest.mark.parametrize("band", ["24+", "18-23"])
def test_a_band_of_the_population_that_is_withheld_is_not_worked_out_from_the_others(observations, band):
    register = observations["series_id"].eq("cbs_population") & observations["time_period"].eq("2024")
    assert group_size(observations, "2024", ("female", "24+")) is not None
    row = observations[register & observations["sex"].eq("female")].iloc[[0]]
    others = observations[~(register & observations["age"].eq(band))]
    withheld = row.assign(age=band, obs_value=float("nan"), obs_status="withheld")
    assert group_size(pd.concat([others, withheld]), "2024", ("female", "24+")) is None


class TestRounding:
    def test_a_base_of_nothing_is_refused(self):
        with pytest.raises(InputError, match="whole number above 0"):
            round_to_base(3, 0)

    def test_totals_rounded_apart_leave_everything_open(self):
        figures = {"a": 12, "b": 8, "all": 20}
        rounded = {k: round_to_base(n, 5) for k, n in figures.items()}
        require_rounded_margins(rounded, [("all", ["a", "b"])], base=5)

    @pytest.mark.parametrize("total", [11, 12, 13, 17])
    def test_an_exact_total_that_narrows_is_refused(self, total):
        with pytest.raises(InputError, match="undo its rounding"):
            require_rounded_margins({"a": 5, "b": 10, "all": total}, [("all", ["a", "b"])], base=5, exact=frozenset({"all"}))  # fmt: skip

    def test_a_rounded_total_can_undo_rounding_as_well(self):
        cells = dict.fromkeys("abcd", 0)
        require_rounded_margins(cells | {"all": 5}, [("all", "abcd")], base=5)
        with pytest.raises(InputError, match='column "a"'):
            require_rounded_margins(cells | {"all": 10}, [("all", "abcd")], base=5)  # each must be 2

    @pytest.mark.parametrize(("base", "n"), [(5, 7), (5, 8), (10, 5), (3, 4), (4, 2)])
    def test_the_range_a_rounded_count_leaves_open_is_that_of_halves_up(self, base, n):
        printed = round_to_base(n, base)
        fits = [k for k in range(60) if round_to_base(k, base) == printed]
        # with a total that pins it: every number that rounds to it is accepted, the ones beside it are not
        require_rounded_margins({"a": printed}, [], base=base)
        for k in (fits[0], fits[-1]):
            with pytest.raises(InputError, match="undo"):
                require_rounded_margins(
                    {"a": printed, "t": k}, [("t", ["a"])], base=base, exact=frozenset({"t"})
                )
        for k in (fits[0] - 1, fits[-1] + 1):
            with pytest.raises(InputError, match="undo"):
                require_rounded_margins(
                    {"a": printed, "t": k}, [("t", ["a"])], base=base, exact=frozenset({"t"})
                )


def outputs(frame):
    """Return everything the page of a region publishes, as bytes."""
    made = [
        regions.funnel(frame, 2018, "municipality"),
        regions.slopes(frame, "municipality", "1.4.1", alpha=0.05),
    ]
    made += [regions.years(frame, f"GM000{i}", "1.4.1", alpha=0.05) for i in range(1, 6)]
    # the codes are told apart from this: only where they give nothing away
    made = [part.drop(columns="suppression_reason", errors="ignore") for part in made]
    return [part.to_csv(index=False, float_format="%.12g") for part in made]


class TestRegions:
    """What is published of regions is the same, to the last digit, whatever the hidden counts are."""

    def frame(self, counts, year=2018):
        frame = municipalities(seed=1, regions=20)
        for region, n in counts.items():
            frame.loc[(frame["region"] == region) & (frame["year"] == year), "count"] = n
        return frame

    @pytest.mark.parametrize(("a", "b", "c"), [(1, 2, 4), (4, 4, 4), (3, 3, 3), (2, 4, 1)])
    def test_nothing_published_depends_on_a_hidden_count(self, a, b, c):
        ours = self.frame({"GM0001": a, "GM0002": b, "GM0003": c})
        assert treat(ours)["hidden"].sum() == 3
        assert outputs(ours) == outputs(self.frame({"GM0001": 2, "GM0002": 3, "GM0003": 4}))

    def test_one_small_count_takes_another_along(self):
        safe = treat(self.frame({"GM0001": 2}))
        hidden = safe[safe["hidden"]]
        assert len(hidden) == 2
        assert hidden["count"].isna().all()
        found = regions.funnel(safe, 2018, "municipality").set_index("region")
        assert found["suppressed"].sum() == 2
        assert found.loc[found["suppressed"], ["rate", "z"]].isna().all(axis=None)

    def test_a_lone_region_with_a_public_total_hides_the_whole_year(self):
        frame = self.frame({})
        frame.loc[frame["year"] == 2018, "count"] = 0.0
        frame.loc[(frame["year"] == 2018) & (frame["region"] == "GM0001"), "count"] = 3.0
        safe = treat(frame)
        assert safe.loc[safe["year"] == 2018, "count"].isna().all()

    def test_treating_twice_changes_nothing_and_withheld_is_not_hidden(self):
        frame = self.frame({"GM0001": 2, "GM0002": np.nan})
        safe = treat(frame)
        pd.testing.assert_frame_equal(treat(safe), safe)
        assert not safe.loc[frame["count"].isna(), "hidden"].any()

    @pytest.mark.parametrize(
        ("a", "b", "c", "told"), [(1, 2, 4, "primary"), (4, 4, 4, "confidential"), (1, 1, 1, "primary")]
    )
    def test_codes_are_told_where_they_give_nothing_away(self, a, b, c, told):
        safe = treat(self.frame({"GM0001": a, "GM0002": b, "GM0003": c}))
        assert set(safe.loc[safe["hidden"], "suppression_reason"]) >= {told}
        assert (safe.loc[~safe["hidden"], "suppression_reason"] == "").all()

    def test_what_an_earlier_table_hid_stays_hidden_and_what_it_showed_protects_nothing(self):
        old = self.frame({"GM0001": 2})
        first = treat(old).query("year == 2018").set_index("region")
        beside = first.index[first["hidden"]].drop("GM0001").item()
        new = old.copy()  # revised: no longer small
        new.loc[(new["region"] == "GM0001") & (new["year"] == 2018), "count"] = 60.0
        alone = treat(new).query("year == 2018").set_index("region")
        assert not alone["hidden"].any()  # the difference of the two would give the 2 away
        later = treat(new, [old]).query("year == 2018").set_index("region")
        assert set(later.index[later["hidden"]]) == {"GM0001", beside}

    def test_a_count_that_becomes_small_takes_along_what_was_never_shown(self):
        old = self.frame({})
        new = self.frame({"GM0001": 2})
        later = treat(new, [old]).query("year == 2018")
        assert later["hidden"].all()  # all others were shown before: nothing of the year is repeated
        assert set(later["suppression_reason"]) == {"confidential"}

    def test_provinces_are_left_out_where_a_municipality_is(self):
        frame = self.frame({"GM0001": 2})
        whole = frame.groupby("year", as_index=False)["count"].sum()
        provinces = pd.concat(
            [
                whole.assign(region=key, count=n)
                for key, n in (("PV20", 200.0), ("PV21", whole["count"] - 200))
            ]
        )
        provinces = provinces.assign(name="x", level="province", base=1e6, base_kind="population")
        safe = treat(pd.concat([frame, provinces], ignore_index=True))
        hidden = safe[safe["hidden"] & safe["level"].eq("province")]
        assert sorted(hidden["region"]) == ["PV20", "PV21"]
        assert set(hidden["year"]) == {2018}

    def test_the_download_holds_no_cells_of_regions(self):
        cells = pd.DataFrame(
            {
                "dims": [
                    "RegioS=NL01  ; Soort=x",
                    "RegioS=GM0363; Soort=x",
                    "Soort=x",
                    "Regio's=Groningen (PV)",
                    "Regio's=Nederland",
                ]
            }
        )
        assert list(of_the_country(cells).index) == [0, 2, 4]
        assert of_the_country(pd.DataFrame()).empty
