"""What changed between two editions. The figures here are made up, except where the project's own are named."""

import json

import pandas as pd
import pytest

from osw_stats.analysis.edition_changes import CHANGES, COLUMNS, HEADLINES, Snapshot, edition_changes
from osw_stats.cli import main
from osw_stats.report import compared
from osw_stats.report.changes_words import KINDS, cells, heading
from osw_stats.report.edition import load_tables
from osw_stats.vocabulary.observations import records
from tests.conftest import PROJECT

FIGURE = {
    "obs_id": "police_reports/2023/a", "series_id": "police_reports", "time_period": "2023", "sex": "total", "age": "total", "region": "NL",
    "breakdown": "", "obs_value": 14015.0, "lower": 14015.0, "upper": 14015.0, "obs_status": "normal",
    "definition_id": "police_reports.1", "unit_measure": "police_reports", "source_id": "a",
}  # fmt: skip
SERIES = {"series_id": "police_reports", "counts_en": "reports", "population_en": "all", "ended": ""}


def told(*figures, year=2023, headlines=(), verdicts=(), series=(SERIES,)):
    return Snapshot(
        str(year), year, pd.DataFrame([FIGURE | f for f in figures]), pd.DataFrame(list(series)),
        None if headlines is None else pd.DataFrame(list(headlines), columns=HEADLINES).astype({"value": "float64", "lower": "float64", "upper": "float64"}),
        pd.DataFrame(list(verdicts), columns=["id", "verdict"]),
    )  # fmt: skip


def kinds(old, new):
    return [(r["change"], r["subject"]) for r in records(edition_changes(old, new))]


def headline(value, lower, upper, name="share", unit="percent"):
    return ("prevalence", "share", name, value, lower, upper, unit, "assumed")


def test_the_same_edition_twice_has_no_change():
    one = told({}, headlines=[headline(5.2, 4.9, 5.5)], verdicts=[("s1", "reproduced")])
    changed = edition_changes(one, one)
    assert list(changed.columns) == COLUMNS
    assert changed.empty


@pytest.mark.parametrize(
    ("new", "moves"), [(5.2, False), (5.5, False), (5.51, True), (4.9, False), (4.89, True)]
)
def test_a_headline_moves_beyond_half_the_length_of_its_old_interval(new, moves):
    # 4.9 to 5.5: half of its length is 0.3
    old = told({}, headlines=[headline(5.2, 4.9, 5.5)])
    found = kinds(old, told({}, headlines=[headline(new, new - 2, new + 2)]))
    assert found == ([("headline_moved", "prevalence/share/share")] if moves else [])


def test_an_exact_headline_moves_at_any_change_and_a_new_unit_is_a_move():
    old = told({}, headlines=[headline(14015, None, None, unit="police_reports")])
    assert kinds(old, told({}, headlines=[headline(14016, None, None, unit="police_reports")]))
    assert kinds(old, told({}, headlines=[headline(14015, None, None, unit="persons")]))


def test_headlines_come_and_go():
    old, new = told({}, headlines=[headline(1, 0, 2, "a")]), told({}, headlines=[headline(1, 0, 2, "b")])
    assert kinds(old, new) == [
        ("headline_new", "prevalence/share/b"), ("headline_gone", "prevalence/share/a"),
    ]  # fmt: skip


def test_headlines_that_were_not_recorded_are_not_compared_and_that_is_said():
    old, new = told({}, headlines=None), told({}, headlines=[headline(1, 0, 2)])
    changed = edition_changes(old, new)
    assert changed.empty
    assert "were not recorded" in compared.markdown_text(changed, old, new, "en")


@pytest.mark.parametrize(
    "change",
    [{"obs_value": 14100.0}, {"upper": 14020.0}, {"obs_status": "provisional"}],
    ids=["value", "limit", "status"],
)
def test_a_figure_of_the_same_period_is_revised(change):
    (row,) = records(edition_changes(told({}), told(change | {"source_id": "b"})))
    assert (row["change"], row["old_source"], row["new_source"]) == ("figure_revised", "a", "b")
    assert row["new_value"] == change.get("obs_value", 14015.0)


def test_a_figure_without_a_value_that_stays_so_is_no_revision():
    nothing = {
        "obs_value": float("nan"),
        "lower": float("nan"),
        "upper": float("nan"),
        "obs_status": "not_found",
    }
    assert kinds(told(nothing), told(nothing)) == []


def test_series_are_added_ended_and_gone():
    other = {"series_id": "csg_victims", "definition_id": "csg_victims.1"}
    ended = [SERIES, SERIES | {"series_id": "csg_victims", "ended": "2019"}]
    open_ = [SERIES, SERIES | {"series_id": "csg_victims"}]
    assert kinds(told({}), told({}, other)) == [("series_added", "csg_victims")]
    assert kinds(told({}, other), told({})) == [
        ("figure_gone", "csg_victims"),
        ("series_gone", "csg_victims"),
    ]
    assert kinds(told({}, other, series=open_), told({}, other, series=ended)) == [
        ("series_ended", "csg_victims")
    ]


def test_a_missing_wave_is_said_and_an_ended_series_has_none():
    old = told({}, year=2023)
    assert kinds(old, told({}, year=2024)) == [("wave_missing", "police_reports")]
    more = {"time_period": "2024", "obs_value": 14802.0}
    assert kinds(old, told({}, more, year=2024)) == []
    ended = told({}, year=2024, series=[SERIES | {"ended": "2023"}])
    assert kinds(old, ended) == [("series_ended", "police_reports")]


def test_a_definition_changes_by_a_new_break_a_new_period_or_other_words():
    later = {"time_period": "2024", "definition_id": "police_reports.2"}
    assert ("definition_changed", "police_reports") in kinds(
        told({}), told({"definition_id": "police_reports.2"})
    )
    assert ("definition_changed", "police_reports") in kinds(told({}), told({}, later, year=2024))
    assert ("definition_changed", "police_reports") in kinds(
        told({}), told({}, series=[SERIES | {"counts_en": "calls"}])
    )
    # where no two periods share a definition, the next period is no news
    apart = [
        {"definition_id": "police_reports@2023"},
        {"time_period": "2024", "definition_id": "police_reports@2024"},
    ]
    assert kinds(told(apart[0]), told(*apart, year=2024)) == []


def test_verdicts_change_and_a_report_appears_once():
    old = told({}, verdicts=[("s1", "reproduced"), ("s2", "inconsistent")])
    new = told({}, verdicts=[("s1", "inconsistent"), ("s2", "inconsistent")])
    assert kinds(old, new) == [("verdict_changed", "s1")]
    assert [k for k, _ in kinds(told({}), new)] == ["report_new"]
    assert [k for k, _ in kinds(new, told({}))] == ["report_gone"]


def test_every_kind_has_words_in_both_languages_and_as_many_cells_as_headings():
    assert set(KINDS) == set(CHANGES)
    row = dict.fromkeys(COLUMNS, "") | {
        "subject": "police_reports", "unit": "police_reports", "old_value": 1.0, "new_value": 2.0,
        "threshold": 0.5, "time_period": "2024", "sex": "female", "age": "16-17", "region": "NL",
    }  # fmt: skip
    for change in CHANGES:
        for language in ("nl", "en"):
            _, about, heads = heading(change, language)
            assert about
            verdicts = {"old": "reproduced", "new": "inconsistent"} if change == "verdict_changed" else {}
            if heads:
                assert len(cells(row | verdicts | {"change": change}, language)) == len(heads)


@pytest.fixture(scope="module")
def changed():
    """Editions 2023 and 2024 of the project, which differ by what came out in between."""
    sides = []
    for year in (2023, 2024):
        tables = load_tables(year, PROJECT)
        verdicts = tables.claims()[["id", "verdict"]]
        sides.append(Snapshot(str(year), year, tables.observations, compared.series_table(), None, verdicts))
    return edition_changes(*sides)


class TestTheEditionsOfTheProject:
    def test_the_diff_tells_true_revisions(self, changed):
        revised = changed[changed["change"] == "figure_revised"]
        seen = {r["time_period"]: (r["old_value"], r["new_value"]) for r in records(revised) if r["subject"] == "police_registered_141"}  # fmt: skip
        # 47013NED as downloaded in 2019 against 47025NED, read in data/raw/police
        assert seen["2018"] == (8224.0, 8278.0)
        assert set(seen) == {"2013", "2014", "2015", "2016", "2017", "2018"}

    def test_the_report_of_march_2025_is_new(self, changed):
        assert list(changed["change"]).count("report_new") == 1
        assert "verdict_changed" not in set(changed["change"])


class TestTheCommand:
    @pytest.fixture
    def builds(self, tmp_path):
        for name, value in (("old", 14015.0), ("new", 14100.0)):
            folder = tmp_path / name
            folder.mkdir()
            pd.DataFrame([FIGURE | {"obs_value": value}]).to_csv(folder / "observations.csv", index=False)
            pd.DataFrame([SERIES]).to_csv(folder / "series.csv", index=False)
            (folder / "numbers.json").write_text("[]")
            (folder / "manifest.json").write_text(json.dumps({"edition": 2023}))
        return tmp_path

    def test_two_folders_are_compared_in_every_form(self, builds, capsys):
        given = ["diff", str(builds / "old"), str(builds / "new")]
        assert main([*given, "--format", "json"]) == 0
        (change,) = json.loads(capsys.readouterr().out)["changes"]
        assert (change["change"], change["old_value"], change["new_value"]) == (
            "figure_revised",
            14015.0,
            14100.0,
        )
        for form, words in (
            ("table", "Revised figures"),
            ("csv", "figure_revised"),
            ("markdown", "| 14,100 "),
        ):
            assert main([*given, "--format", form]) == 0
            assert words in capsys.readouterr().out
        assert main([*given, "--format", "markdown", "--language", "nl"]) == 0
        assert "Herziene cijfers (1)" in capsys.readouterr().out

    def test_a_build_that_was_not_finished_is_named(self, builds, capsys):
        (builds / "new" / "numbers.json").unlink()
        assert main(["diff", str(builds / "old"), str(builds / "new")]) == 1
        assert "misses a table" in capsys.readouterr().err

    def test_a_damaged_table_is_named(self, builds, capsys):
        (builds / "new" / "manifest.json").write_text("{")
        assert main(["diff", str(builds / "old"), str(builds / "new")]) == 1
        assert "cannot be read" in capsys.readouterr().err

    def test_an_edition_that_was_not_built_and_a_folder_that_is_none(self, builds, capsys):
        assert main(["diff", "1999", str(builds / "new")]) == 1
        assert "osw build --edition 1999" in capsys.readouterr().err
        assert main(["diff", str(builds), str(builds / "new")]) == 1
        assert "holds no tables of a build" in capsys.readouterr().err
