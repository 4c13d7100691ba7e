"""A new edition: its file, its checklist, its sheets; and what cannot be one."""

from datetime import date

import pytest
from openpyxl import load_workbook

from osw_stats.cli import main
from osw_stats.errors import InputError
from osw_stats.report.edition import load_tables
from osw_stats.report.editions import load_edition
from osw_stats.report.new_edition import new_edition
from osw_stats.report.parameters import parameters
from osw_stats.report.root import editions
from osw_stats.vocabulary.observations import published
from osw_stats.vocabulary.series import catalogue
from tests.conftest import PROJECT, copy_project

DAY = date(2026, 11, 24)


def without_the_newest(project):
    """Take the newest edition away, so that it can be made anew."""
    (project / "editions" / "2025.yml").unlink()
    return project


@pytest.fixture
def project(project):
    return without_the_newest(project)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A project with an edition 2025 made anew; no test changes it."""
    return without_the_newest(copy_project(tmp_path_factory.mktemp("new") / "project"))


@pytest.fixture(scope="module")
def made(root):
    return new_edition(root, 2025, DAY)


def test_the_edition_follows_the_one_before(root, made):
    project = root
    edition = load_edition(2025, project)
    assert (edition.year, edition.as_of, edition.languages) == (2025, DAY, ("nl", "en"))
    assert edition.parameters == load_edition(2024, project).parameters
    assert editions(project) == [2022, 2023, 2024, 2025]
    assert len(load_tables(2025, project).observations)


def test_who_opens_a_notebook_meets_the_newest_edition_and_an_earlier_one_made_later_changes_nothing(project):
    def defaults():
        return {parameters(path)["edition"] for path in (project / "notebooks").glob("*.ipynb")}

    new_edition(project, 2026, DAY)
    assert defaults() == {2026}
    new_edition(project, 2025, DAY)
    assert defaults() == {2026}


def test_parameters_and_languages_are_carried_over(project):
    path = project / "editions" / "2024.yml"
    path.write_text(path.read_text().replace("[nl, en]", "[nl]").replace("parameters: {}", "parameters: {prevalence: {deff: 1.5}}"))  # fmt: skip
    made = new_edition(project, 2025, DAY)
    edition = load_edition(2025, project)
    assert edition.languages == ("nl",)
    assert edition.parameters == {"prevalence": {"deff": 1.5}}
    assert [p.name for p in made.checklists] == ["checklist.nl.md"]


def test_an_edition_that_is_there_is_kept_and_its_lists_are_made(project, made):
    path = project / "editions" / "2025.yml"
    path.write_text(
        (project / "editions" / "2024.yml")
        .read_text()
        .replace("2024", "2025")
        .replace("2026-11-23", "2026-01-15")
    )
    again = new_edition(project, 2025, DAY)
    assert (made.kept, again.kept) == (False, True)
    assert "2026-01-15" in path.read_text()
    assert all(sheet.is_file() for sheet in again.sheets)
    # in January nothing of the year before was overdue but half years
    overdue = again.table[again.table["status"] == "overdue"]
    assert "police_reports" not in set(overdue["series"])
    assert "police_reports" in set(made.table.loc[made.table["status"] == "overdue", "series"])


def test_the_checklist_names_state_place_and_box_in_both_languages(made):
    nl, en = (p.read_text(encoding="utf-8") for p in made.checklists)
    assert "## Te laat (" in nl
    assert "## Overdue (" in en
    line = next(
        row for row in nl.splitlines() if row.startswith("- [ ] Meldingen van seksuele misdrijven, 2025")
    )
    assert "verwacht op 9 maart 2026 (naar één eerdere publicatie)" in line
    assert "https://www.politie.nl/nieuws/2025/maart/9/" in line
    assert nl.count("\n- ") == en.count("\n- ") == len(made.table)


def test_every_due_figure_stands_in_the_sheet_of_its_publisher_marked(made):
    found = {}
    for path in made.sheets:
        sheet = load_workbook(path).worksheets[0]
        at = {c.value: c.column - 1 for c in sheet[1]}
        for row in sheet.iter_rows(min_row=2):
            series = (row[at["Sleutel"]].value or "").split("|")[0]
            yellow = row[at["Waarde"]].fill.fgColor.rgb == "00FFF2CC"
            found.setdefault(series, set()).add(yellow)
    wanted = made.table[made.table["status"].isin(["due", "overdue"])]
    assert len(wanted)
    assert all(found[series] == {True} for series in wanted["series"])
    assert found["csg_online_protocol"] == {False}  # the publisher says that it does not register this
    helpwanted = next(p for p in made.sheets if p.name == "helpwanted-2025.xlsx")
    sheet = load_workbook(helpwanted).worksheets[0]
    assert (sheet["D2"].value, sheet["E2"].value, sheet["F2"].value) == ("2024", 12206, "2025")


def test_a_sheet_asks_for_every_period_since_the_last_figure_and_for_none_that_is_known(root, made):
    tables = load_tables(2025, root)
    found = published(tables.observations).query("obs_status != 'not_found'")
    told = set(zip(found["series_id"], found["time_period"], strict=True))
    given = found[found["obs_value"].notna()]
    asked = set()
    for path in made.sheets:
        sheet = load_workbook(path).worksheets[0]
        at = {c.value: c.column - 1 for c in sheet[1]}
        rows = [[row[at[n]].value for n in ("Sleutel", "Periode")] for row in sheet.iter_rows(min_row=2)]
        asked |= {(name.split("|")[0], period) for name, period in rows if name}
    assert not asked & set(zip(given["series_id"], given["time_period"], strict=True))
    waves = set(made.table.loc[made.table["status"] == "no_wave", "series"])
    for name, about in catalogue().items():
        years = sorted(int(p) for s, p in told if s == name and len(p) == 4)
        if years and 2025 - 5 <= years[-1] < 2025 and not about.ended and name not in waves:
            wanted = {(name, str(year)) for year in range(years[-1] + 1, 2026)}
            assert wanted <= asked, name
    assert {("police_registered_141", "2024"), ("police_registered_141", "2025")} <= asked


def test_the_same_edition_gives_the_same_bytes(root, made):
    before = {p: p.read_bytes() for p in (*made.sheets, *made.checklists)}
    new_edition(root, 2025, DAY)
    assert {p: p.read_bytes() for p in before} == before


@pytest.mark.parametrize(
    ("year", "day", "problem"),
    [(1990, DAY, "no edition can report on this year"), (2031, DAY, "no edition can report on this year"),
     (2021, date(2005, 1, 1), "no edition can report")],
)  # fmt: skip
def test_a_year_before_any_figure_or_still_to_come_is_refused(project, year, day, problem):
    with pytest.raises(InputError, match=problem):
        new_edition(project, year, day)
    assert editions(project) == [2022, 2023, 2024]
    assert not (project / "fill-in").exists()


def test_an_as_of_date_before_any_figure_is_refused_with_the_first_day(project):
    path = project / "editions" / "2022.yml"
    path.write_text(path.read_text().replace("2023-12-31", "2001-01-01"))
    with pytest.raises(
        InputError, match=r'editions/2022\.yml, column "as_of".*the first was on \d{4}-\d\d-\d\d'
    ):
        load_tables(2022, project)


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [("year: 2023", "year: 2033", "year"), ("2024-12-31", "2024-13-31", "as_of"), ("[nl, en]", "[en, nl]", "languages"),
     ("[nl, en]", "[nl, fr]", "languages"), ("parameters: {}", "parameters: {trend: {edition: 2020}}", "parameters")],
)  # fmt: skip
def test_a_malformed_edition_file_is_named_with_its_field(project, old, new, column):
    path = project / "editions" / "2023.yml"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(InputError, match=rf'editions/2023\.yml, column "{column}'):
        load_edition(2023, project)


def test_the_command_says_what_is_due_and_where_it_wrote(project, capsys, monkeypatch):
    monkeypatch.chdir(project)
    assert main(["new-edition", "2025", "--as-of", "2026-11-24"]) == 0
    out = capsys.readouterr().out
    assert "wrote editions/2025.yml" in out
    assert "overdue  since 2026-03-09  police_reports 2025 (Politie)" in out
    assert "fill-in/2025/helpwanted-2025.xlsx" in out
    assert main(["new-edition", "2025", "--as-of", "24-11-2026"]) == 1
    assert "is not a date" in capsys.readouterr().err


def test_claims_of_an_edition_before_any_report_says_so(monkeypatch, capsys):
    monkeypatch.chdir(PROJECT)
    assert main(["claims", "--edition", "2023"]) == 0
    said = "has no report to check: none came out since the edition before, until"
    assert capsys.readouterr().out == f"Edition 2023 {said} 2024-12-31.\n"


def test_claims_without_an_edition_reads_the_newest_whose_verdicts_were_recorded(monkeypatch, capsys):
    monkeypatch.chdir(PROJECT)
    assert main(["claims", "--format", "csv"]) == 0
    unnamed = capsys.readouterr().out
    judged = max(year for year in editions(PROJECT) if (PROJECT / f"editions/{year}.verdicts.csv").is_file())
    assert main(["claims", "--edition", str(judged), "--format", "csv"]) == 0
    assert capsys.readouterr().out == unnamed
    assert judged < editions(PROJECT)[-1]  # else this shows nothing


def test_unknown_languages_leave_no_edition_behind(project, monkeypatch, capsys):
    monkeypatch.chdir(project)
    assert main(["new-edition", "2025", "--languages", "nl,fr"]) == 1
    assert "languages" in capsys.readouterr().err
    assert editions(project) == [2022, 2023, 2024]


def test_the_editions_of_the_project_see_what_was_public_and_check_a_report_once_when_it_was_out():
    checking = []
    for year in editions(PROJECT):
        tables = load_tables(year, PROJECT)
        assert (tables.observations["known_by"] <= tables.edition.as_of.isoformat()).all()
        assert len(tables.claims()) == len(tables.ledger)
        checking += [tables.edition] if len(tables.ledger) else []
    out = [e for year in editions(PROJECT) if (e := load_edition(year, PROJECT)).as_of >= date(2025, 3, 21)]
    assert checking == out[:1]
    assert len(out) > 1
