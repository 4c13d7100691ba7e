"""What changed between two editions. The figures here are made up, except where the project's own are named."""

import json
from math import nan
from pathlib import Path

import pandas as pd
import pytest

from osw_stats.cli import main
from osw_stats.data.edition import load_tables
from osw_stats.publish import compare
from osw_stats.stats.revisions import CHANGES, COLUMNS, HEADLINES, Snapshot, edition_changes
from osw_stats.text.words import word
from osw_stats.yamlfile import read_yaml
from tests.cases import table
from tests.conftest import PROJECT

CASES = read_yaml(Path(__file__).with_name("cases.yml"))
FIGURE, SERIES = CASES["edition"].values()
ROW = dict.fromkeys(COLUMNS, "") | {"subject": "police_reports", "unit": "police_reports", "region": "NL"}
LINE = ("n", "s", "x", 5.0, 4.7, 5.3, "percent", "assumed")


def side(figures=({},), year=2023, series=({},), headlines=(), verdicts=()):
    """Return an edition, of which the figures and the series differ from the usual ones as is said."""
    figures = pd.DataFrame([FIGURE | other for other in figures])
    series = pd.DataFrame([SERIES | other for other in series])
    if headlines is not None:
        headlines = pd.DataFrame(list(headlines), columns=HEADLINES)
        headlines = headlines.astype(dict.fromkeys(("value", "lower", "upper"), "float64"))
    verdicts = pd.DataFrame(list(verdicts), columns=["id", "verdict"])
    return Snapshot(str(year), year, figures, series, headlines, verdicts)


@pytest.mark.parametrize("case", CASES["edition_changes"], ids=lambda case: case["changes"])
def test_what_changed(case):
    found = edition_changes(*(side(**case.get(which, {})) for which in ("old", "new")))
    assert list(found.columns) == COLUMNS
    cells = found[["change", "subject", "time_period", "new", "old"]].astype("object")
    rows = [[c for c in row if c == c and c] for row in cells.itertuples(index=False)]  # without NaN
    assert "; ".join(" ".join(row[:3]) for row in rows).replace(" – ", "–") == case["changes"]


def test_a_change_holds_both_values_with_their_sources_and_its_threshold():
    revised = edition_changes(side(), side([{"obs_value": 10.5, "source_id": "b"}])).iloc[0]
    assert revised[["old_value", "new_value", "old_source", "new_source"]].tolist() == [10.0, 10.5, "a", "b"]
    line = ("n", "s", "x", 14015.0, nan, nan, "police_reports", "none")
    moved = edition_changes(side(headlines=[LINE]), side(headlines=[line])).iloc[0]
    assert (moved["old_value"], moved["new_value"]) == (5, 14015)
    assert (moved["threshold"], moved["detail"]) == (pytest.approx(0.3), "unit was percent")


def test_headlines_that_were_not_recorded_are_said_not_to_be_compared():
    old, new = side(headlines=None), side(headlines=[LINE])
    assert "were not recorded" in compare.markdown_text(edition_changes(old, new), old, new, "en")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("change", CHANGES)
def test_every_kind_has_words_and_as_many_cells_as_headings(change, language):
    row = ROW | {"change": change, "time_period": "2024", "sex": "female", "age": "16-17"}
    row |= {"old_value": 1.0, "new_value": 2.0, "threshold": 0.5}
    row |= {"old": "reproduced", "new": "inconsistent"} if change == "verdict_changed" else {}
    kind = compare.SAID["kinds"][change]
    assert kind[language]["about"]
    assert len(compare.cells(row, language)) == len(compare.SAID["tables"][kind["table"]][language])
    assert list(compare.SAID["kinds"]) == list(CHANGES)


def test_a_change_without_a_value_shows_a_dash_and_a_figure_without_one_says_why():
    gone = ROW | {"change": "figure_revised", "time_period": "2024", "sex": "total", "age": "total"}
    gone |= {"old_value": nan, "new_value": nan, "new": "withheld"}
    assert compare.cells(gone, "en")[2:4] == ["–", word("no_value", "withheld", "en")]


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
        forms = {"table": "Revised figures", "csv": "figure_revised", "markdown": "| 14,100 "}
        for form, words in (forms | {"markdown --language nl": "Herziene cijfers (1)"}).items():
            assert main([*given, *form.split()]) == 0
            assert words in capsys.readouterr().out

    @table(__file__, "no_build", "old file text message")
    def test_what_is_no_finished_build_is_named(self, builds, capsys, old, file, text, message):
        (builds / "new" / file).unlink()
        if text:
            (builds / "new" / file).write_text(text)
        assert main(["diff", old if old.isdigit() else str(builds / old), str(builds / "new")]) == 1
        assert message in capsys.readouterr().err
