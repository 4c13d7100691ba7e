"""What moved between waves and groups, and how far it holds, on simulated rows by hand: changes, variants, nonresponse."""

import math

import numpy as np
import pandas as pd
import pytest

from osw_stats.errors import NotEstimableError, NotPublishedError
from osw_stats.meaning.definitions import DefinitionMismatchError
from osw_stats.stats.survey import BRIDGE, bounds, changes, findings, prevalence
from osw_stats.stats.survey.comparing import adjust, detectable, difference, newcombe_p
from osw_stats.stats.survey.intervals import proportion_interval
from tests.cases import table
from tests.simulated_figures import figure
from tests.simulated_survey import OPTIONS, estimates, register, share, survey


def cell(wave, who, pct, **more):
    """Return a cell of `prev_estimates` with published limits on a thousand respondents; `who` as "female 16-17"."""
    sex, _, age = who.partition(" ")
    row = {"wave": wave, "sex": sex, "age": age or "16+", "group": who, "pct": float(pct)}
    row |= {"n_eff": 1000.0, "n_eff_min": 900.0, "box_lower": pct - 0.05, "box_upper": pct + 0.05}
    row |= {"source_of_interval": "published", "interval_kind": "published", "definition_version": "d.1"}
    return row | {"unit": "percent", "observations": f"{wave}{who}", "grade": "A"} | more


def compared(*rows, **how):
    return changes.differences(pd.DataFrame(rows), **{"alpha": 0.05} | how)


def step(before, after, **more):
    return cell("2022", "total", before, **more), cell("2024", "total", after, **more)


class TestChanges:
    def test_a_change_of_everyone_by_hand(self):
        row = changes.since_first(changes.differences(estimates(), alpha=0.05))
        sizes = (20_000 / 1.3, 25_000 / 1.3)
        d, p = difference(0.05, sizes[0], 0.052, sizes[1]), newcombe_p(0.05, sizes[0], 0.052, sizes[1])
        expected = {"diff": 0.2, "lower": 100 * d.lower, "upper": 100 * d.upper, "ratio": d.ratio}
        expected |= {"p_raw": p, "p_adj": p, "mdd80": 100 * detectable(0.05, *sizes)}
        assert {name: row[name] for name in expected} == pytest.approx(expected)
        assert (row["contrast"], row["family"], row["grade"]) == ("total: 2022 to 2024", "F1", "B")
        assert (row["robust_to_rounding"], row["method"][-11:]) == (False, "Holm over 1")
        fall = compared(*step(5.0, 4.8))["mdd80"].item()
        assert fall == pytest.approx(100 * detectable(0.05, 1000, 1000, upward=False))

    @pytest.mark.parametrize(("factor", "finding"), [(1, False), (1.0001, True)])
    def test_the_level_decides_what_is_a_finding(self, factor, finding):
        p = float(compared(*step(10, 13))["p_adj"].item())
        assert compared(*step(10, 13), alpha=p * factor)["finding"].item() == finding

    @table(__file__, "findings", "p_adj robust verdict")
    def test_what_a_difference_shows(self, p_adj, robust, verdict):
        row = changes.since_first(compared(*step(10, 13)))
        row |= {"p_adj": p_adj, "robust_to_rounding": robust}
        assert findings.difference(row, 0.05).verdict == verdict

    def test_a_change_that_is_not_there_says_why(self):
        with pytest.raises(NotEstimableError, match="two waves"):
            changes.since_first(compared(*step(10, 11)).iloc[:0])

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

    @table(__file__, "two_cells", "before after expected")
    def test_a_change_takes_over_what_is_said_of_its_two_cells(self, before, after, expected):
        cells = [row | more for row, more in zip(step(10, 13), (before, after), strict=True)]
        row = compared(*cells, bridge=BRIDGE).iloc[0]
        assert row["p_adj"] < 0.05
        assert row[["observations", *expected]].tolist() == ["2022total 2024total", *expected.values()]

    def test_a_bridge_is_said_where_it_joins(self):
        same, (one, other) = compared(*step(10, 11), bridge=BRIDGE), step(10, 11)
        other["definition_version"] = "d.2"
        assert (same.attrs["bridge"], compared(one, other, bridge=BRIDGE).attrs["bridge"]) == (None, BRIDGE)
        with pytest.raises(DefinitionMismatchError):
            compared(one, other)


def group_changes(first, last, allocation=(0.8, 1.25)):
    """Return the change of a group, a fifth of the people, whose shares (and half their rounding) are given."""
    bands = register(*((y, a, n) for y in ("2022", "2024") for a, n in (("16+", 10e6), ("16-17", 2e6))))
    cells = (share(wave, *printed, age="16-17") for wave, printed in (("2022", first), ("2024", last)))
    rows = survey(*bands, *cells)
    found = prevalence.estimates(rows, **OPTIONS)
    return changes.group_changes(found, rows, allocation=allocation, **OPTIONS)


class TestGroupChanges:
    def test_p_of_a_change_over_all_that_is_assumed_by_hand(self):
        table, strip = group_changes((10.0, 0.5), (11.0, 0.25))
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

    @table(__file__, "chances", "last half verdict")
    def test_the_verdict_is_that_of_the_whole_range_of_p(self, last, half, verdict):
        row = group_changes((10.0, 0.05), (last, half))[0].iloc[0]
        said = findings.chance(dict(row), 0.05)
        assert said.verdict == verdict
        assert (said.lower, said.upper) == pytest.approx((100 * row["p_low"], 100 * row["p_high"]))
        assert bool(row["p_high"] == 1) is (half > 2)

    @table(__file__, "printed_changes", "low high verdict")
    def test_a_change_as_printed_has_a_direction_where_nought_is_left_out(self, low, high, verdict):
        row = dict(group_changes((10.0, 0.05), (11.0, 0.05))[0].iloc[0])
        told = findings.published_change(row | {"change_lower": low, "change_upper": high})
        assert told.verdict == verdict


class TestBounds:
    def test_variants_change_one_thing(self):
        table = bounds.sensitivity(estimates(), **OPTIONS).set_index(["quantity", "variant"])
        shares, steps = table.loc["share 2024"], table.loc["change 2022 to 2024"]
        assert shares.loc["primary", "lower"] == pytest.approx(estimates().loc[1, "ci_lower"])
        assert "effective n 25000" in shares.loc["deff 1", "method"]
        low, high = (100 * end for end in proportion_interval(0.052, 25_000 / 1.3, method="logit"))
        even = 0.05 * 1.959964 / math.sqrt(3)  # what a decimal leaves open
        ends = [5.2 - math.hypot(5.2 - low, even), 5.2 + math.hypot(high - 5.2, even)]
        assert shares.loc["logit", ["lower", "upper"]].tolist() == pytest.approx(ends)
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
