"""Regions: read from a SIMULATED table in the shape of the export, compared by hand, small numbers hidden."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from osw_stats.data.clean import clean
from osw_stats.data.record import record_new
from osw_stats.data.register import read_record
from osw_stats.data.statline.figures import cells_of, read_download
from osw_stats.draw import regions as charts
from osw_stats.errors import InputError
from osw_stats.shelf import regions
from osw_stats.shelf.regions import figures, treat
from osw_stats.stats.counts.ordinary import Population, Steps
from osw_stats.stats.downloaded import PROVINCES, regional
from tests.cases import table
from tests.conftest import copy_project
from tests.simulated import cells, drop_police_table, export_by_region, municipalities


@pytest.fixture(scope="module")
def by_province(tmp_path_factory):
    """The table dropped into data/raw/police as the button gives it, recorded and read by the project."""
    project = copy_project(tmp_path_factory.mktemp("regions") / "project")
    root = drop_police_table(project, "47013NED", export_by_region(seed=4))
    return figures(regional(clean(root).cells, "Groningen"), "1.4.1")


def province(counts, *, year=2020, base=100_000.0):
    keys = [f"PV{20 + at}" for at in range(len(counts))]
    frame = pd.DataFrame({"region": keys, "name": keys, "level": "province", "year": year, "base": base})
    return frame.assign(count=[float(n) for n in counts], base_kind="population")


def history(counts, region="PV20"):
    years = [province([n], year=int(year)) for year, n in counts.items()]
    return pd.concat(years, ignore_index=True).assign(region=region)


class TestFigures:
    def table(self, **more):
        counts = cells("1.4.1", ["2020", "2020-01"], [100, 9], region="PV20", **more)
        return pd.concat([counts, cells("0.0.0", ["2020"], [1000], region="PV20", **more)], ignore_index=True)

    def test_all_provinces_are_read(self, by_province):
        rows = by_province[by_province["level"] == "province"]
        assert (set(rows["region"]), set(rows["base_kind"])) == (set(PROVINCES), {"offences"})
        assert (rows["base"] > rows["count"]).all()

    def test_inhabitants_are_the_base_where_they_are_there(self):
        people = cells("x", ["2020"], [1e6], region="PV20", table="37230ned")
        people = people.assign(dims="RegioS=PV20", measure="1", measure_label="Bevolking op 1 januari")
        rows = figures(regional(pd.concat([self.table(), people]), "x"), "1.4.1")
        assert (rows["base_kind"].tolist(), rows["base"].tolist()) == (["population"], [1e6])

    def test_what_was_cleared_is_no_count(self):
        other = self.table().assign(measure="Opgehelderd", measure_label="Opgehelderd")
        with pytest.raises(InputError, match="by region"):
            figures(regional(other, "x"), "1.4.1")


class TestWhichRegionLiesInWhich:
    def dropped(self, tmp_path, name, text):
        folder = tmp_path / "data" / "raw" / "cbs"
        folder.mkdir(parents=True)
        (folder / name).write_text(text, encoding="utf-8")
        (record,) = map(read_record, record_new(tmp_path, "2026-11-24"))
        return cells_of(record, read_download(record), tmp_path)

    @table(__file__, "areas", "name text")
    @pytest.mark.parametrize(("year", "hidden"), [("2020", set()), ("2021", {"PV20", "PV21"})])
    def test_two_levels_are_shown_where_the_table_of_that_year_joins_them(
        self, tmp_path, name, text, year, hidden
    ):
        made, towns = [self.dropped(tmp_path, name, text)], ["GM0001", "GM0002", "GM0003", "GM0004"]
        for region, n in zip([*towns, "PV20", "PV21"], [2, 40, 60, 70, 42, 130], strict=True):
            made += [cells(code, [year], [n], region=region) for code in ("1.4.1", "0.0.0")]
        table = figures(regional(pd.concat(made), "x"), "1.4.1")
        assert set(table.loc[table["hidden"], "region"]) == hidden | {"GM0001", "GM0002"}

    @table(__file__, "no_areas", "text problem")
    def test_a_table_that_leaves_a_municipality_open_is_refused(self, tmp_path, text, problem):
        with pytest.raises(InputError, match=problem):
            self.dropped(tmp_path, "Gebieden_in_Nederland_2020.csv", text)


class TestFunnel:
    def test_limits_by_hand(self):
        counts = [100, 110, 90, 105, 95]
        table = regions.funnel(province(counts), 2020, "province")
        # the mean is 100 on equal bases, and the spread below that of chance: phi is 1
        assert (set(table["rate_all"]), set(table["phi"]), table["rate"].tolist()) == ({100}, {1.0}, counts)
        assert table["z"].tolist() == pytest.approx([2 * (math.sqrt(n) - 10) for n in counts])
        for name, z in (("95", stats.t.ppf(0.975, 4)), ("998", stats.t.ppf(0.999, 4))):
            assert table[f"low{name}"].tolist() == pytest.approx([(10 - z / 2) ** 2] * 5)
            assert table[f"high{name}"].tolist() == pytest.approx([(10 + z / 2) ** 2] * 5)

    def test_the_spread_is_that_of_winsorised_scores(self):
        table = regions.funnel(province([25, 36, 49, 400, 900, 1600]), 2020, "province")
        z = table["z"].to_numpy()
        # what winsorising leaves of the variance of a normal score, by integration
        edge, x = stats.norm.ppf(0.9), np.linspace(-9, 9, 200_001)
        left = np.trapezoid(np.clip(x, -edge, edge) ** 2 * stats.norm.pdf(x), x)
        phi = np.mean(np.clip(z, *np.quantile(z, [0.1, 0.9])) ** 2) / left
        assert table["phi"].iloc[0] == pytest.approx(phi)
        assert phi > 1
        root, half = math.sqrt(table["rate_all"].iloc[0]), stats.t.ppf(0.975, 5) * math.sqrt(phi) / 2
        assert table["high95"].iloc[0] == pytest.approx((root + half) ** 2)
        assert table["low95"].iloc[0] == pytest.approx(max(root - half, 0) ** 2)

    def test_regions_of_one_rate_lie_inside_and_limits_narrow_with_size(self):
        table = regions.funnel(municipalities(seed=1), 2023, "municipality").sort_values("base")
        assert table["phi"].iloc[0] == pytest.approx(1, abs=0.2)
        assert (table["outside"] == "no").mean() > 0.98
        assert (np.diff((table["high95"] - table["low95"]).to_numpy()) <= 1e-9).all()


class TestPlace:
    @pytest.mark.parametrize("name", ["PV20", "Groningen (PV)", "groningen"])
    def test_a_region_is_found_by_key_and_name(self, by_province, name):
        assert regions.place(by_province, name, 2018)[0].key == "PV20"

    def test_another_one_is_refused_with_the_nearest(self, by_province):
        with pytest.raises(InputError, match=r'column "region", value "Gronigen".*Did you mean .*Groningen'):
            regions.place(by_province, "Gronigen", 2018)
        with pytest.raises(InputError, match="is no region"):
            regions.place(by_province, "Nederland", 2018)

    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_the_chart_names_the_asked_region_only(self, by_province, language):
        place, table = regions.place(by_province, "PV20", 2018)
        chart = charts.funnel(table, place, 2018, "offences", {"nl": "1.4.1", "en": "1.4.1"}, language)
        assert {t.get_text() for t in chart.figure.axes[0].texts} == {"Groningen"}
        assert "Groningen" in chart.alt


class TestYears:
    @table(__file__, "steps", "counts steps counting")
    def test_the_steps_of_regions_by_hand(self, counts, steps, counting):
        frame = pd.concat([history(of, region) for region, of in counts.items()], ignore_index=True)
        made = regions.region_steps(frame, "province", "1.4.1")
        assert {region: list(some.years) for region, some in made.items()} == steps
        for region, some in made.items():
            assert np.abs(some.sizes).tolist() == pytest.approx([math.log(2)] * len(steps[region]))
            assert some.counting.tolist() == pytest.approx([counting[region]] * len(steps[region]))

    def test_the_change_of_a_year_by_hand(self):
        counts = {"2015": 100, "2016": 200, "2017": 150}
        table = regions.years(history(counts), "PV20", "1.4.1", alpha=0.05)
        # the one other step tells how much such counts vary
        other = Steps(np.array([math.log(0.75)]), np.array([1 / 150 + 1 / 200]), (2017,))
        reach = Population({"x": other}).ordinary("x").reach(1 / 100 + 1 / 200)
        assert table["change"].tolist() == pytest.approx([math.nan, 100, -25], nan_ok=True)
        ends = [100 * (2 * math.exp(side * reach) - 1) for side in (-1, 1)]
        assert table.loc[1, ["lower", "upper"]].tolist() == pytest.approx(ends)


def outputs(frame):
    """Return everything the page of a region publishes but the codes, as bytes."""
    tables = [regions.funnel(frame, 2018, "municipality")]
    tables += [regions.years(frame, f"GM000{i}", "1.4.1", alpha=0.05) for i in range(1, 6)]
    return [t.drop(columns="suppression_reason").to_csv(index=False, float_format="%.12g") for t in tables]


class TestSmallCounts:
    """What is published of regions is the same, to the last digit, whatever the hidden counts are."""

    def frame(self, counts, year=2018):
        frame = municipalities(seed=1, regions=20)
        for region, n in counts.items():
            frame.loc[(frame["region"] == region) & (frame["year"] == year), "count"] = n
        return frame

    @pytest.mark.parametrize(("n", "hidden"), [(0, False), (1, True), (4, True), (5, False)])
    def test_counts_from_one_up_to_five_are_hidden(self, n, hidden):
        assert treat(province([n, 100, 100, 100]))["hidden"][0] == hidden

    @pytest.mark.parametrize(("nation", "more"), [(303.0, True), (302.0, True), (None, False)])
    def test_a_total_of_the_country_is_held_against_regions_with_a_gap(self, nation, more):
        # one region is withheld; with the total of the country the small one could be narrowed
        keys = ["GM0001", "GM0002", "GM0003", "GM0004"]
        frame = province([3, 100, 200, math.nan]).assign(region=keys, level="municipality")
        if nation is not None:
            top = province([nation]).assign(region="NL", level="nation")
            frame = pd.concat([frame, top], ignore_index=True)
        hidden = treat(frame)["hidden"]  # a total below the sum of its parts is none: nothing is repeated
        # the last one is withheld by the publisher, not by us
        assert (hidden[0], hidden[1:3].any(), hidden[3]) == (True, more, False)

    @table(__file__, "hidden_counts", "counts code")
    def test_nothing_published_depends_on_a_hidden_count(self, counts, code):
        ours = self.frame(counts)
        safe = treat(ours)
        assert safe["hidden"].sum() == 3
        assert set(safe["suppression_reason"]) == {"", code}
        assert outputs(ours) == outputs(self.frame({"GM0001": 2, "GM0002": 3, "GM0003": 4}))

    def test_one_small_count_takes_another_along_in_every_table(self):
        safe = treat(self.frame({"GM0001": 2, "GM0002": np.nan}))
        pd.testing.assert_frame_equal(treat(safe), safe)
        table = regions.funnel(self.frame({"GM0001": 2}), 2018, "municipality").set_index("region")
        assert table["suppressed"].sum() == 2
        hidden = table[table["suppressed"]]
        assert hidden[["count", "rate", "z"]].isna().all(axis=None)
        assert set(hidden["outside"]) == {""}

    def test_a_lone_region_with_a_public_total_hides_the_whole_year(self):
        frame = self.frame({})
        frame.loc[frame["year"] == 2018, "count"] = 0.0
        frame.loc[(frame["year"] == 2018) & (frame["region"] == "GM0001"), "count"] = 3.0
        assert treat(frame).query("year == 2018")["count"].isna().all()

    def test_what_an_earlier_table_hid_stays_hidden_and_what_it_showed_protects_nothing(self):
        old = self.frame({"GM0001": 2})
        first = treat(old).query("year == 2018").set_index("region")
        beside = first.index[first["hidden"]].drop("GM0001").item()
        new = self.frame({"GM0001": 60})  # revised: no longer small
        # alone it hides nothing; the difference of the two would give the 2 away
        assert not treat(new).query("year == 2018")["hidden"].any()
        later = treat(new, [old]).query("year == 2018").set_index("region")
        assert set(later.index[later["hidden"]]) == {"GM0001", beside}
        # all others were shown before a count became small: nothing of the year is repeated
        again = treat(old, [self.frame({})]).query("year == 2018")
        assert set(again["suppression_reason"]) == {"confidential"}
