"""When a figure is due, and what changed between two editions. The figures here are made up, except where the project's own are named."""

import json
from datetime import date
from math import nan

import pandas as pd
import pytest

from osw_stats.cli import main
from osw_stats.data.edition import load_tables
from osw_stats.kept.disk import sha256
from osw_stats.publish import compare
from osw_stats.stats.coverage import STATUSES, due, since_last
from osw_stats.stats.revisions import CHANGES, COLUMNS, HEADLINES, Snapshot, edition_changes
from osw_stats.text.words import word
from tests.cases import beside, table
from tests.conftest import PROJECT

CASES = beside(__file__)
BASE = {"series_id": "police_reports", "publisher": "Politie", "region": "NL", "obs_value": 1.0}
BASE |= {"obs_status": "normal", "role": "main", "locator": "p. 1", "published_precision": "day"}


def vintages(rows):
    """Return figures by period, the day they were known, source, and what else is said of them."""
    figures = [
        BASE | {"time_period": str(period), "known_by": day, "source_id": str(source)} | dict(*more)
        for period, day, source, *more in rows
    ]
    return pd.DataFrame(figures)


def named(names):
    return vintages([row for name in names.split() for row in CASES["vintages"][name]])


@table(__file__, "due", "names year day wanted")
def test_the_status_of_a_figure(names, year, day, wanted):
    frame = named(names)
    table = due(frame, frame[frame["known_by"] <= day], int(str(year)[:4]), date.fromisoformat(day))
    (row,) = table[table["period"] == str(year)].to_dict("records")
    columns = [cell.partition("=")[0] for cell in wanted.split()]
    assert " ".join(f"{column}={row[column]}" for column in columns) == wanted


def test_it_begins_with_the_first_year_of_a_series_and_rows_stand_by_status():
    frame = named("yearly other")
    assert due(frame, frame, 2021, date(2026, 1, 1)).empty
    assert len(due(frame, frame, 2022, date(2026, 1, 1))) == 1
    found = due(frame, frame, 2024, date(2025, 6, 1))
    assert found.index.tolist() == [0, 1]
    places = [STATUSES.index(status) for status in found["status"]]
    assert places == sorted(set(places))


def test_the_project_itself_gives_every_series_of_the_year_one_known_state(tables):
    found = due(tables.vintages, tables.observations, 2025, tables.edition.as_of)
    assert set(found["status"]) <= set(STATUSES)
    assert not found.duplicated(["series", "period"]).any()
    dated = found[found["due_from"] != ""]
    assert (dated["due_from"] <= dated["due_by"]).all()
    reports = found.set_index(["series", "period"]).loc[("police_reports", "2025")]
    # 9 March 2025 is 68 days after 2024; 68 days after 2025 is 9 March 2026
    assert (reports["status"], reports["due_by"]) == ("overdue", "2026-03-09")


def asked(frame, year, day):
    found = since_last(frame, frame[frame["known_by"] <= day], year, date.fromisoformat(day))
    return found.loc[~found["status"].isin(["no_wave", "ended"]), "period"].sort_values().tolist()


@table(__file__, "since_last", "there year periods")
def test_every_period_since_the_last_figure_is_asked_for(there, year, periods):
    frame = vintages([(period, f"{int(period[:4]) + 1}-02-01", period) for period in there.split()])
    assert asked(frame, year, "2027-06-01") == periods.split()


@table(__file__, "since_last_of", "names year day periods")
def test_no_wave_between_nothing_after_an_end_and_again_what_was_not_found(names, year, day, periods):
    assert asked(named(names), year, day) == periods.split()


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

    @pytest.mark.parametrize("name", ["observations.csv", "series.csv"])
    def test_a_table_cut_off_at_a_line_end_is_not_what_was_published_with_its_hash(
        self, builds, capsys, name
    ):
        new = builds / "new"
        hashes = [{"path": path.name, "hash": f"sha256:{sha256(path)}"} for path in new.iterdir()]
        (new / "datapackage.json").write_text(json.dumps({"resources": hashes}))
        given = ["diff", str(builds / "old"), str(new)]
        assert main(given) == 0
        (new / name).write_bytes((new / name).read_bytes().splitlines(keepends=True)[0])
        assert main(given) == 1
        assert f"{name} is not as it was published" in capsys.readouterr().err
