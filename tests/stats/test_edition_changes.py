"""What changed between two editions. The figures here are made up, except where the project's own are named."""

import json
from math import nan

import pandas as pd
import pytest

from osw_stats.cli import main
from osw_stats.data.edition import load_tables
from osw_stats.publish import compare
from osw_stats.stats.revisions import CHANGES, COLUMNS, HEADLINES, Snapshot, edition_changes
from tests.conftest import PROJECT

FIGURE = {
    "obs_id": "police_reports/2023/a",
    "series_id": "police_reports",
    "time_period": "2023",
    "region": "NL",
}
FIGURE |= {"sex": "total", "age": "total", "breakdown": "", "obs_value": 10.0, "lower": 9.0, "upper": 11.0}
FIGURE |= {"obs_status": "normal", "definition_id": "police_reports.1", "unit_measure": "police_reports"}
FIGURE |= {"source_id": "a"}
SERIES = {"series_id": "police_reports", "counts_en": "reports", "population_en": "all", "ended": ""}
OTHER = {"series_id": "meldpunt_reports", "time_period": "2022"}
MORE, NEXT = OTHER | {"time_period": "2024"}, {"time_period": "2024"}
BOTH = (SERIES, SERIES | {"series_id": "meldpunt_reports"})
ENDED = (SERIES | {"ended": "2023"},)
EMPTY = {"obs_value": nan, "lower": nan, "upper": nan, "obs_status": "not_found"}
HALF = {"time_period": "2023-H1"}
LINE = ("n", "s", "x", 5.0, 4.7, 5.3, "percent", "assumed")
MORE_LINE = ("n", "s", "y", 6.0, 4.7, 5.3, "fte", "assumed")
EXACT = ("n", "s", "x", 14015.0, nan, nan, "police_reports", "none")


def line(value, unit="percent"):
    return ("n", "s", "x", value, 0.0, 9.0, unit, "assumed")


def side(*figures, year=2023, series=(SERIES,), headlines=(), verdicts=()):
    """Return an edition; one that names no figure has the usual one."""
    numbers = ("value", "lower", "upper")
    told = None if headlines is None else pd.DataFrame(list(headlines), columns=HEADLINES)
    return Snapshot(
        str(year),
        year,
        pd.DataFrame([FIGURE | f for f in figures or ({},)]),
        pd.DataFrame(list(series)),
        None if told is None else told.astype(dict.fromkeys(numbers, "float64")),
        pd.DataFrame(list(verdicts), columns=["id", "verdict"]),
    )


DEFINED = {"definition_id": "police_reports.2"}
APART = {"definition_id": "police_reports@2023"}, NEXT | {"definition_id": "police_reports@2024"}
OLD_REPORT = side(verdicts=[("s1", "reproduced"), ("s2", "inconsistent")])
NEW_REPORT = side(verdicts=[("s1", "inconsistent"), ("s2", "inconsistent"), ("s3", "reproduced")])


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        (OLD_REPORT, OLD_REPORT, ""),
        # figures
        (side(), side({"obs_value": 10.1, "source_id": "b"}), "figure_revised police_reports 2023"),
        (side(), side({"lower": 9.1}), "figure_revised police_reports 2023"),
        (side(), side({"upper": 11.1}), "figure_revised police_reports 2023"),
        (side(), side({"lower": nan}), "figure_revised police_reports 2023"),
        (side({"lower": nan}), side(), ""),  # made before every figure had limits
        (side(), side({"obs_status": "provisional"}), "figure_revised police_reports 2023"),
        (side(), side({"source_id": "b"}), ""),
        (side(EMPTY), side(EMPTY), ""),
        # series
        (side(), side({}, OTHER, MORE, series=BOTH), "series_added meldpunt_reports 2022–2024"),
        (side(), side({}, OTHER, series=BOTH), "series_added meldpunt_reports 2022"),
        (side({}, OTHER), side(), "figure_gone meldpunt_reports 2022; series_gone meldpunt_reports 2022"),
        (side(), side(series=ENDED), "series_ended police_reports 2023"),
        (side(series=ENDED), side(series=ENDED), ""),
        # waves
        (side(), side(year=2024), "wave_missing police_reports 2024"),
        (side(HALF), side(HALF, year=2024), "wave_missing police_reports 2024"),
        (side(), side({}, NEXT, year=2024), ""),
        (side(EMPTY), side(EMPTY, year=2024), ""),
        (side(series=ENDED), side(year=2024, series=ENDED), ""),
        (side(), side(year=2024, series=ENDED), "series_ended police_reports 2023"),
        # definitions: of one figure, of the latest period, or the words
        (side(), side(DEFINED), "definition_changed police_reports 2023"),
        (side(), side({"unit_measure": "persons"}), "definition_changed police_reports 2023"),
        (side(), side({}, NEXT | DEFINED), "definition_changed police_reports police_reports.2"),
        (side(), side({}, NEXT | {"definition_id": "police_reports.1:needed"}), ""),
        (side(APART[0]), side(*APART, year=2024), ""),  # no two periods share one: the next is no news
        (side(), side(series=[SERIES | {"counts_en": "calls"}]), "definition_changed police_reports calls"),
        (side(), side(series=[SERIES | {"population_en": "few"}]), "definition_changed police_reports few"),
        # headlines: beyond half the length of the old interval, 0.3; an exact one at any change
        (side(headlines=[LINE]), side(headlines=[line(5.3)]), ""),
        (side(headlines=[LINE]), side(headlines=[line(5.3 + 1e-10)]), ""),
        (side(headlines=[LINE]), side(headlines=[line(5.31)]), "headline_moved n/s/x"),
        (side(headlines=[LINE]), side(headlines=[line(4.7)]), ""),
        (side(headlines=[LINE]), side(headlines=[line(4.69)]), "headline_moved n/s/x"),
        (side(headlines=[LINE]), side(headlines=[line(5.0, "persons")]), "headline_moved n/s/x"),
        (side(headlines=[EXACT]), side(headlines=[line(14016, "police_reports")]), "headline_moved n/s/x"),
        (side(headlines=[LINE]), side(headlines=[MORE_LINE]), "headline_new n/s/y; headline_gone n/s/x"),
        (side(headlines=None), side(headlines=[LINE]), ""),
        # verdicts, and a report that appears or goes once
        (OLD_REPORT, NEW_REPORT, "verdict_changed s1 inconsistent; verdict_changed s3 reproduced"),
        (side(), NEW_REPORT, "report_new"),
        (NEW_REPORT, side(), "report_gone"),
    ],
)
def test_what_changed(old, new, changes):
    found = edition_changes(old, new)
    assert list(found.columns) == COLUMNS
    cells = found[["change", "subject", "time_period", "new", "old"]].astype("object")
    rows = [[c for c in row if c == c and c] for row in cells.itertuples(index=False)]  # without NaN
    assert "; ".join(" ".join(row[:3]) for row in rows).replace(" – ", "–") == changes


def test_a_change_holds_both_values_with_their_sources_and_its_threshold():
    revised = edition_changes(side(), side({"obs_value": 10.5, "source_id": "b"})).iloc[0]
    assert revised[["old_value", "new_value", "old_source", "new_source"]].tolist() == [10.0, 10.5, "a", "b"]
    moved = edition_changes(side(headlines=[LINE]), side(headlines=[EXACT])).iloc[0]
    assert (moved["old_value"], moved["new_value"]) == (5, 14015)
    assert (moved["threshold"], moved["detail"]) == (pytest.approx(0.3), "unit was percent")


def test_headlines_that_were_not_recorded_are_said_not_to_be_compared():
    old, new = side(headlines=None), side(headlines=[LINE])
    assert "were not recorded" in compare.markdown_text(edition_changes(old, new), old, new, "en")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("change", CHANGES)
def test_every_kind_has_words_and_as_many_cells_as_headings(change, language):
    row = dict.fromkeys(COLUMNS, "") | {"subject": "police_reports", "unit": "police_reports"}
    row |= {"time_period": "2024", "old_value": 1.0, "new_value": 2.0, "threshold": 0.5}
    row |= {"sex": "female", "age": "16-17", "region": "NL"}
    row |= {"old": "reproduced", "new": "inconsistent"} if change == "verdict_changed" else {}
    kind = compare.SAID["kinds"][change]
    heads, about = compare.SAID["tables"][kind["table"]][language], kind[language]["about"]
    assert about
    assert len(compare.cells(row | {"change": change}, language)) == len(heads)
    assert list(compare.SAID["kinds"]) == list(CHANGES)


def test_the_editions_of_the_project_tell_true_revisions_and_the_report_of_march_2025():
    sides = []
    for year in (2023, 2024):
        tables = load_tables(year, PROJECT)
        verdicts = tables.claims()[["id", "verdict"]]
        sides.append(Snapshot(str(year), year, tables.observations, compare.series_table(), None, verdicts))
    changed = edition_changes(*sides)
    revised = changed.query("change == 'figure_revised' and subject == 'police_registered_141'")
    revised = revised.set_index("time_period")
    # 47013NED as downloaded in 2019 against 47025NED, read in data/raw/police
    assert revised.loc["2018", ["old_value", "new_value"]].tolist() == [8224.0, 8278.0]
    assert set(revised.index) == {"2013", "2014", "2015", "2016", "2017", "2018"}
    assert list(changed["change"]).count("report_new") == 1
    assert "verdict_changed" not in set(changed["change"])


class TestTheCommand:
    @pytest.fixture
    def builds(self, tmp_path):
        for name, value in (("old", 14015.0), ("new", 14100.0)):
            (tmp_path / name).mkdir()
            figure = FIGURE | {"obs_value": value, "lower": value, "upper": value}
            pd.DataFrame([figure]).to_csv(tmp_path / name / "observations.csv", index=False)
            pd.DataFrame([SERIES]).to_csv(tmp_path / name / "series.csv", index=False)
            (tmp_path / name / "numbers.json").write_text("[]")
            (tmp_path / name / "manifest.json").write_text(json.dumps({"edition": 2023}))
        return tmp_path

    def test_two_folders_are_compared_in_every_form(self, builds, capsys):
        given = ["diff", str(builds / "old"), str(builds / "new"), "--format"]
        assert main([*given, "json"]) == 0
        (change,) = json.loads(capsys.readouterr().out)["changes"]
        values = (change["old_value"], change["new_value"])
        assert (change["change"], *values) == ("figure_revised", 14015.0, 14100.0)
        for form, words in {
            "table": "Revised figures",
            "csv": "figure_revised",
            "markdown": "| 14,100 ",
            "markdown --language nl": "Herziene cijfers (1)",
        }.items():
            assert main([*given, *form.split()]) == 0
            assert words in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("old", "damage", "message"),
        [
            ("old", lambda new: (new / "numbers.json").unlink(), "misses a table"),
            ("old", lambda new: (new / "manifest.json").write_text("{"), "cannot be read"),
            ("1999", lambda _: None, "osw build --edition 1999"),
            ("", lambda _: None, "holds no tables of a build"),
        ],
    )
    def test_what_is_no_finished_build_is_named(self, builds, capsys, old, damage, message):
        damage(builds / "new")
        assert main(["diff", old if old.isdigit() else str(builds / old), str(builds / "new")]) == 1
        assert message in capsys.readouterr().err
