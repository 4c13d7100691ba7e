"""Regions: read from a SIMULATED table in the shape of the export, compared in a funnel, small numbers hidden."""

import math

import numpy as np
import pandas as pd
import pytest

from osw_stats.analysis.counts import regions
from osw_stats.analysis.counts.region_figures import figures
from osw_stats.analysis.disclosure import MIN_COUNT
from osw_stats.errors import InputError, NotEstimableError
from osw_stats.report.charts import regions as charts
from osw_stats.sources.clean import clean
from osw_stats.sources.record import record_new
from osw_stats.vocabulary.regions import PROVINCES, level, region_key
from tests.conftest import copy_project
from tests.simulated import export_by_region, municipalities


@pytest.fixture(scope="module")
def by_province(tmp_path_factory):
    """The table dropped into data/raw/police as the button gives it, recorded and read by the project."""
    root = copy_project(tmp_path_factory.mktemp("regions") / "project")
    folder = root / "data" / "raw" / "police" / "47013NED"
    folder.mkdir()
    (folder / "47013NED.csv").write_text(export_by_region(seed=4), encoding="utf-8-sig")
    record_new(root, "2026-11-24")
    return figures(clean(root).cells, "1.4.1")


class TestReading:
    def test_keys_and_names_are_one_place(self):
        assert region_key("Friesland (PV)") == region_key("PV21") == region_key("Fryslân (PV)") == "PV21"
        assert region_key("Nederland") == region_key("NL01") == "NL"
        assert (level("PV20"), level("GM0014"), level("Amsterdam"), level("NL")) == (
            "province", "municipality", "municipality", "nation",
        )  # fmt: skip

    def test_all_provinces_are_read(self, by_province):
        found = by_province[by_province["level"] == "province"]
        assert set(found["region"]) == set(PROVINCES)
        assert set(by_province["base_kind"]) == {"offences"}
        assert (found["base"] > found["count"]).all()

    def test_without_a_table_the_message_says_what_to_drop_where(self, tables):
        with pytest.raises(InputError, match=r"by region.*47013NED.*data/raw/police"):
            figures(tables.cells, "1.4.1")
        with pytest.raises(InputError, match="by region"):
            figures(pd.DataFrame(), "1.4.1")

    def test_an_unknown_region_names_the_nearest(self, by_province):
        with pytest.raises(InputError, match=r'column "region", value "Gronigen".*Did you mean .*Groningen'):
            regions.place(by_province, "Gronigen", 2018)
        with pytest.raises(InputError, match="is no region"):
            regions.place(by_province, "Nederland", 2018)

    @pytest.mark.parametrize("name", ["PV20", "Groningen (PV)", "groningen"])
    def test_a_region_is_found_by_key_and_name(self, by_province, name):
        assert regions.place(by_province, name, 2018)[0].key == "PV20"

    def test_inhabitants_are_the_base_where_they_are_there(self, by_province):
        """A population table beside it takes the place of all offences."""
        police = _cells(by_province)
        people = police.assign(
            dims=police["dims"].str.replace("Soort misdrijf=1.4.1 Zedenmisdrijf; ", ""),
            measure_label="Bevolking op 1 januari", measure="Bevolking", value=1e6, file="people.csv",
        )  # fmt: skip
        found = figures(pd.concat([police, people], ignore_index=True), "1.4.1")
        assert set(found["base_kind"]) == {"population"}
        assert (found["base"] == 1e6).all()


def _cells(frame):
    """Return cells of a table by region, as the project holds them."""
    return pd.DataFrame(
        {
            "dims": ["Soort misdrijf=1.4.1 Zedenmisdrijf; Regio's=" + r for r in frame["region"]],
            "time_period": frame["year"].astype(str),
            "measure": "Geregisteerde misdrijven",
            "measure_label": "Geregisteerde misdrijven",
            "value": frame["count"].astype(float),
            "table": "47013NED",
            "known_by": "2019-05-31",
            "file": "police.csv",
            "source_id": "x",
        }
    )


class TestFunnel:
    def test_most_regions_of_one_rate_lie_inside(self):
        found = regions.funnel(municipalities(seed=1), 2023, "municipality")
        assert found["phi"].iloc[0] == pytest.approx(1, abs=0.2)
        assert (found["outside"] == "no").mean() > 0.98

    def test_a_region_far_off_lies_outside_and_overdispersion_widens_the_limits(self):
        frame = municipalities(seed=1)
        frame.loc[frame["region"] == "GM0007", "count"] *= 6
        found = regions.funnel(frame, 2023, "municipality").set_index("region")
        assert found.loc["GM0007", "outside"] == "above"
        spread = frame.assign(count=(frame["count"] * np.exp(np.arange(len(frame)) % 7 / 4 - 0.75)).round())
        wide = regions.funnel(spread, 2023, "municipality").set_index("region")
        assert wide["phi"].iloc[0] > 2
        at = "GM0100"
        assert (
            wide.loc[at, "high95"] - wide.loc[at, "low95"] > found.loc[at, "high95"] - found.loc[at, "low95"]
        )

    def test_limits_narrow_with_size_and_hold_each_other(self):
        found = regions.funnel(municipalities(seed=2), 2023, "municipality").sort_values("base")
        width = (found["high95"] - found["low95"]).to_numpy()
        assert (np.diff(width) <= 1e-9).all()
        assert (found["low998"] <= found["low95"]).all()
        assert (found["high998"] >= found["high95"]).all()

    def test_it_is_in_the_order_of_keys_never_of_rates(self):
        found = regions.funnel(municipalities(seed=3), 2023, "municipality")
        assert found["region"].is_monotonic_increasing
        assert not found["rate"].is_monotonic_increasing

    def test_small_counts_are_hidden_everywhere(self):
        frame = municipalities(seed=1)
        small = frame["region"].isin(["GM0001", "GM0002"])
        frame.loc[small & (frame["year"] == 2023), "count"] = [1, MIN_COUNT - 1]
        frame.loc[(frame["region"] == "GM0003") & (frame["year"] == 2023), "count"] = 0
        found = regions.funnel(frame, 2023, "municipality").set_index("region")
        for region in ("GM0001", "GM0002"):
            row = found.loc[region]
            assert row["suppressed"]
            assert row[["count", "rate", "z"]].isna().all()
            assert row["outside"] == ""
        assert found.loc["GM0003", "count"] == 0  # zero is nobody

    def test_too_few_regions_are_refused(self, by_province):
        few = by_province[by_province["region"].isin(["PV20", "PV21"])]
        with pytest.raises(NotEstimableError, match="2 have a count"):
            regions.funnel(few, 2018, "province")


class TestYears:
    def test_a_change_needs_two_counts_that_are_not_small(self):
        frame = municipalities(seed=1)
        mine = frame["region"] == "GM0005"
        frame.loc[mine, "count"] = [40, 41, 3, 44, 45, 46, 47, 48, 49, 50, 51, 52]
        found = regions.years(frame, "GM0005", "1.4.1", alpha=0.05).set_index("year")
        assert math.isnan(found.loc[2014, "count"])
        assert found.loc[2014, "suppressed"]
        assert found.loc[[2012, 2014, 2015], "change"].isna().all()
        assert found.loc[2013, "change"] == pytest.approx(2.5)

    def test_no_change_across_a_break(self):
        frame = municipalities(seed=1, first=2020, years=6)
        found = regions.years(frame, "GM0005", "1.4.1", alpha=0.05).set_index("year")
        assert math.isnan(found.loc[2024, "change"])  # the law of 1 July 2024
        assert not math.isnan(found.loc[2023, "change"])

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            (lambda f: f.assign(year=f["year"] + 4), "break_between"),
            (lambda f: f[f["year"] != 2015], "years_missing"),
            (lambda f: f[f["year"] < 2015], "too_few_years"),
            (lambda f: f.assign(count=3.0), "small_counts"),
            (lambda f: f.assign(count=f["count"].where(f["year"] != 2015)), "years_missing"),
        ],
    )
    def test_a_slope_or_a_reason(self, change, reason):
        frame = municipalities(seed=1, regions=3)
        assert (regions.slopes(frame, "municipality", "1.4.1", alpha=0.05)["reason"] == "").all()
        found = regions.slopes(change(frame), "municipality", "1.4.1", alpha=0.05)
        assert set(found["reason"]) == {reason}
        assert found["annual_change"].isna().all()

    def test_slopes_cover_the_truth(self):
        """Simulated without a trend: about 95 of 100 intervals hold zero."""
        found = regions.slopes(municipalities(seed=8, regions=300), "municipality", "1.4.1", alpha=0.05)
        known = found[found["reason"] == ""]
        inside = ((known["lower"] <= 0) & (known["upper"] >= 0)).mean()
        assert inside >= 0.95 - 3 * math.sqrt(0.95 * 0.05 / len(known))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_chart_names_the_asked_region_only(by_province, language):
    place, table = regions.place(by_province, "PV20", 2018)
    chart = charts.funnel(table, place, 2018, "offences", {"nl": "1.4.1", "en": "1.4.1"}, language)
    drawn = {t.get_text() for t in chart.figure.axes[0].texts}
    assert drawn == {"Groningen"}
    assert "Groningen" in chart.alt
