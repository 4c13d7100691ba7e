"""Regions on simulated figures: limits, spread, changes and slopes by hand, small counts at their threshold."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from osw_stats.analysis.counts import regions
from osw_stats.analysis.counts.rates import rate_ratio
from osw_stats.analysis.counts.region_figures import figures, of_the_country, treat
from osw_stats.analysis.disclosure import protect, suppress_row
from osw_stats.errors import InputError, NotEstimableError
from osw_stats.vocabulary.regions import level, region_key, region_name
from tests.plain_fits import poisson_fit
from tests.simulated import cells

Z95, Z998 = 1.959963984540054, 3.090232306167813


def province(counts, *, year=2020, base=100_000.0, first=20, kind="population"):
    return pd.DataFrame(
        [
            {"region": f"PV{first + at}", "name": f"p{at}", "level": "province", "year": year, "count": float(n),
             "base": base, "base_kind": kind}
            for at, n in enumerate(counts)
        ]
    )  # fmt: skip


def history(counts, *, first=2015, **how):
    return pd.concat(
        [province([n], year=first + at, **how) for at, n in enumerate(counts)], ignore_index=True
    )


class TestFunnel:
    def test_limits_by_hand(self):
        counts = [100, 110, 90, 105, 95]
        found = regions.funnel(province(counts), 2020, "province")
        # the mean is 100 on equal bases, and the spread below that of chance: phi is 1
        assert found["rate_all"].tolist() == [100] * 5
        assert set(found["phi"]) == {1.0}
        assert found["rate"].tolist() == counts
        assert found["z"].tolist() == pytest.approx([2 * (math.sqrt(n) - 10) for n in counts])
        for name, z in (("95", Z95), ("998", Z998)):
            assert found[f"low{name}"].tolist() == pytest.approx([(10 - z / 2) ** 2] * 5)
            assert found[f"high{name}"].tolist() == pytest.approx([(10 + z / 2) ** 2] * 5)
        assert set(found["outside"]) == {"no"}

    def test_the_spread_is_that_of_winsorised_scores(self):
        counts = [50, 100, 100, 100, 100, 100, 100, 100, 100, 100, 150]
        found = regions.funnel(province(counts), 2020, "province")
        common = sum(counts) / 11
        z = np.array([2 * (math.sqrt(n) - math.sqrt(common)) for n in counts])
        # the tenth part of eleven: the second smallest and the second largest are the limits
        ordered = np.sort(z)
        assert found["phi"].iloc[0] == max(1, np.mean(np.clip(z, ordered[1], ordered[-2]) ** 2))
        wide = regions.funnel(province([25, 36, 49, 400, 900, 1600]), 2020, "province")
        z = wide["z"].to_numpy()
        low, high = np.quantile(z, [0.1, 0.9])
        phi = np.mean(np.clip(z, low, high) ** 2)
        assert wide["phi"].iloc[0] == pytest.approx(phi)
        assert phi > 1
        half = Z95 * math.sqrt(phi) / 2
        root = math.sqrt(wide["rate_all"].iloc[0])
        assert wide["high95"].iloc[0] == pytest.approx((root + half) ** 2)
        assert wide["low95"].iloc[0] == pytest.approx(max(root - half, 0) ** 2)

    def test_above_and_below(self):
        found = regions.funnel(province([100] * 8 + [150, 60]), 2020, "province")
        assert found["outside"].tolist() == ["no"] * 8 + ["above", "below"]

    def test_small_expectations_have_a_lower_limit_of_zero(self):
        found = regions.funnel(province([0, 0, 5, 5, 0, 0]), 2020, "province")
        assert set(found["low998"]) == {0.0}

    @pytest.mark.parametrize(("known", "fits"), [(5, True), (4, False)])
    def test_five_regions_with_a_count_are_needed(self, known, fits):
        frame = province([100] * known + [math.nan, math.nan])
        if fits:
            assert len(regions.funnel(frame, 2020, "province")) == 7
        else:
            with pytest.raises(NotEstimableError, match="4 have a count and a denominator; 5 are needed"):
                regions.funnel(frame, 2020, "province")

    def test_all_zero_is_not_estimable_and_a_region_without_a_base_is_left_out(self):
        with pytest.raises(NotEstimableError):
            regions.funnel(province([0] * 6), 2020, "province")
        frame = province([100] * 6)
        frame.loc[2, "base"] = 0.0
        assert regions.funnel(frame, 2020, "province")["region"].tolist() == [
            "PV20",
            "PV21",
            "PV23",
            "PV24",
            "PV25",
        ]
        with pytest.raises(NotEstimableError, match="PV22 has no denominator"):
            regions.place(frame, "PV22", 2020)

    def test_the_last_year_is_that_of_a_count(self):
        frame = pd.concat([province([100] * 5), province([math.nan] * 5, year=2021)])
        assert regions.last_year(frame) == 2020


class TestChanges:
    def test_the_dispersion_of_steps_by_hand(self):
        frame = history([100, 200, 100])
        step = math.log(2) ** 2 / (1 / 100 + 1 / 200)
        assert regions.step_dispersion(frame, "province", "1.4.1") == pytest.approx(step)
        assert regions.step_dispersion(history([100, 101, 100]), "province", "1.4.1") == 1
        assert regions.step_dispersion(history([100]), "province", "1.4.1") == 1
        # a missing year and the year of a new definition are no steps
        gap = pd.concat([history([100, 200]), history([1000], first=2018)], ignore_index=True)
        assert regions.step_dispersion(gap, "province", "1.4.1") == pytest.approx(step)
        law = history([100, 200, 1000], first=2022)
        assert regions.step_dispersion(law, "province", "1.4.1") == pytest.approx(step)
        # regions are not stepped over
        two = pd.concat([history([100, 200]), history([1000, 1000]).assign(region="PV21")], ignore_index=True)
        assert regions.step_dispersion(two, "province", "1.4.1") == pytest.approx(step / 2)

    def test_the_change_of_a_year_by_hand(self):
        found = regions.years(history([100, 200, 150]), "PV20", "1.4.1", alpha=0.05)
        phi = regions.step_dispersion(history([100, 200, 150]), "province", "1.4.1")
        one = rate_ratio(200, 100, phi=phi)
        assert math.isnan(found["change"][0])
        assert found["change"][1:].tolist() == pytest.approx([100, -25])
        assert (found["lower"][1], found["upper"][1]) == pytest.approx(
            (100 * (one.lower - 1), 100 * (one.upper - 1))
        )
        assert set(found["phi_used"]) == {phi}
        assert not found["suppressed"].any()

    def test_zero_and_missing_years_have_no_change(self):
        assert regions.years(history([100, 0, 100]), "PV20", "1.4.1", alpha=0.05)["change"].isna().all()
        gap = pd.concat([history([100]), history([100], first=2017)])
        assert regions.years(gap, "PV20", "1.4.1", alpha=0.05)["change"].isna().all()


class TestSlopes:
    COUNTS = (100.0, 120.0, 115.0, 140.0, 150.0)

    @pytest.mark.parametrize("kind", ["population", "offences"])
    def test_by_reweighted_least_squares(self, kind):
        frame = history(self.COUNTS, kind=kind)
        frame["base"] = [1000.0, 1100.0, 1200.0, 1300.0, 1400.0]
        (row,) = regions.slopes(frame, "province", "1.4.1", alpha=0.05).to_dict("records")
        x, y = np.column_stack([np.ones(5), np.arange(5.0)]), np.array(self.COUNTS)
        people = np.log(frame["base"].to_numpy()) if kind == "population" else 0.0
        b, information, phi, _ = poisson_fit(x, y, people)
        # below the spread of chance it counts as chance
        half = stats.t.ppf(0.975, 3) * math.sqrt(max(1, phi) * np.linalg.inv(information)[1, 1])
        found = [100 * (math.exp(v) - 1) for v in (b[1], b[1] - half, b[1] + half)]
        assert [row["annual_change"], row["lower"], row["upper"]] == pytest.approx(found)
        assert row["phi"] == pytest.approx(max(1, phi))
        assert (row["first"], row["last"], row["years"], row["reason"]) == (2015, 2019, 5, "")

    def test_a_large_spread_is_used_as_it_is(self):
        (row,) = regions.slopes(history([100, 300, 80, 250], kind="offences"), "province", "1.4.1", alpha=0.05).to_dict("records")  # fmt: skip
        phi = poisson_fit(np.column_stack([np.ones(4), np.arange(4.0)]), np.array([100.0, 300, 80, 250]))[2]
        assert row["phi"] == pytest.approx(phi)
        assert phi > 10

    @pytest.mark.parametrize(
        ("counts", "how", "reason"),
        [((100, 110, 120), {}, "too_few_years"), ((100, 110, 120, 130), {}, ""), ((100, 0, 120, 130), {}, "small_counts"), ((100, 110, 120, 130), {"base": 0.0}, "small_counts")],
    )  # fmt: skip
    def test_why_there_is_no_slope(self, counts, how, reason):
        (row,) = regions.slopes(history(counts, **how), "province", "1.4.1", alpha=0.05).to_dict("records")
        assert row["reason"] == reason


class TestSmallCounts:
    @pytest.mark.parametrize(("n", "hidden"), [(0, False), (1, True), (4, True), (5, False)])
    def test_counts_from_one_up_to_five_are_hidden(self, n, hidden):
        assert treat(province([n, 100, 100, 100]))["hidden"][0] == hidden

    @pytest.mark.parametrize(("nation", "more"), [(303.0, True), (302.0, False), (None, False)])
    def test_a_total_of_the_country_is_held_against_regions_with_a_gap(self, nation, more):
        # one region is withheld; with the total of the country the small one could be narrowed
        frame = province([3, 100, 200, math.nan])
        if nation is not None:
            top = pd.DataFrame([{"region": "NL", "name": "NL", "level": "nation", "year": 2020, "count": nation, "base": 1e6, "base_kind": "population"}])  # fmt: skip
            frame = pd.concat([frame, top], ignore_index=True)
        found = treat(frame)
        assert found["hidden"][0]
        assert found["hidden"][1:3].any() == more
        assert not found["hidden"][3]  # withheld by the publisher, not by us

    def test_cells_of_the_country_only(self):
        assert of_the_country(pd.DataFrame()).empty

    def test_zero_is_nobody_and_is_shown(self):
        assert protect({"a": 0, "b": 5}, []) == {"a": "", "b": ""}
        assert protect({"a": 1, "b": 4}, []) == {"a": "primary", "b": "primary"}
        assert suppress_row([0, 4, 9, 9]) == [0, None, None, 9]
        assert suppress_row([0, 4, 0]) == [0, None, 0]
        for bad in (-1, 0.5):
            with pytest.raises(InputError, match="row 1"):
                suppress_row([bad])


class TestFigures:
    def table(self, **more):
        one = cells("1.4.1", ["2020", "2020-01"], [100, 9], region="PV20", **more)
        every = cells("0.0.0", ["2020"], [1000], region="PV20", **more)
        return pd.concat([one, every], ignore_index=True)

    def test_whole_years_of_the_asked_offence(self):
        found = figures(self.table(), "1.4.1")
        assert found[["region", "year", "count", "base", "base_kind"]].to_numpy().tolist() == [["PV20", 2020, 100, 1000, "offences"]]  # fmt: skip

    def test_the_latest_edition_counts(self):
        both = pd.concat(
            [self.table(known_by="2022-01-01").assign(value=7.0), self.table(known_by="2021-01-01")]
        )
        assert figures(both.reset_index(drop=True), "1.4.1")["count"].tolist() == [7]

    def test_a_table_of_the_country_alone_is_none(self):
        with pytest.raises(InputError, match=r"holds 1\.4\.1 by region"):
            figures(cells("1.4.1", ["2020"], [100], region="NL01"), "1.4.1")
        with pytest.raises(InputError, match="no denominator"):
            figures(cells("1.4.1", ["2020"], [100], region="PV20"), "1.4.1")
        with pytest.raises(InputError, match="by region"):
            figures(self.table().assign(measure="Opgehelderd", measure_label="Opgehelderd"), "1.4.1")


@pytest.mark.parametrize(
    ("label", "key", "kind", "name"),
    [
        ("PV20", "PV20", "province", "Groningen"), ("PV99", "PV99", "other", "PV99"), ("GM0363", "GM0363", "municipality", "GM0363"),
        ("Amsterdam", "Amsterdam", "municipality", "Amsterdam"), (" NL01 ", "NL", "nation", "NL"), ("LD01", "LD01", "other", "LD01"),
        ("Utrecht (PV)", "PV26", "province", "Utrecht"), ("Atlantis (PV)", "Atlantis (PV)", "municipality", "Atlantis (PV)"),
        ("PVC", "PVC", "municipality", "PVC"), ("GM12345", "GM12345", "municipality", "GM12345"),
    ],
)  # fmt: skip
def test_keys_levels_and_names(label, key, kind, name):
    assert region_key(label) == key
    assert (level(key), region_name(key)) == (kind, name)
