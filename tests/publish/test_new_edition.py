"""A new edition: its file, its checklist, its sheets; and what cannot be one."""

import errno
import re
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from osw_stats.cli import main
from osw_stats.data.edition import load_tables
from osw_stats.data.editions import load_edition
from osw_stats.data.sheets.form import HEADINGS, INPUTS
from osw_stats.errors import InputError
from osw_stats.kept.code_cells import parameters
from osw_stats.meaning.observations import published
from osw_stats.meaning.series import catalogue
from osw_stats.project import editions
from osw_stats.publish.compare import record_headlines
from osw_stats.publish.new_edition import new_edition
from osw_stats.stats.revisions import Snapshot
from tests.cases import table
from tests.conftest import PROJECT, copy_project, edit

DAY = date(2026, 11, 24)


@pytest.fixture
def project(tmp_path):
    """A project without its newest edition, so that it can be made anew."""
    return copy_project(tmp_path / "project", until=2024)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A project with an edition 2025 made anew; no test changes it."""
    return copy_project(tmp_path_factory.mktemp("new") / "project", until=2024)


@pytest.fixture(scope="module")
def made(root):
    return new_edition(root, 2025, DAY)


def test_the_edition_follows_the_one_before_and_made_again_has_the_same_bytes(root, made):
    assert load_edition(2025, root) == replace(load_edition(2024, root), year=2025, as_of=DAY)
    assert editions(root) == [2022, 2023, 2024, 2025]
    assert len(load_tables(2025, root).observations)
    before = {p: p.read_bytes() for p in (*made.sheets, *made.checklists)}
    new_edition(root, 2025, DAY)
    assert {p: p.read_bytes() for p in before} == before


def test_who_opens_a_notebook_meets_the_newest_edition_and_an_earlier_one_made_later_changes_nothing(project):
    def defaults():
        return {parameters(path)["edition"] for path in (project / "notebooks").glob("*.ipynb")}

    new_edition(project, 2026, DAY)
    assert defaults() == {2026}
    new_edition(project, 2025, DAY)
    assert defaults() == {2026}


def test_parameters_and_languages_are_carried_over(project):
    edit(project / "editions" / "2024.yml", "[nl, en]", "[nl]")
    edit(project / "editions" / "2024.yml", "parameters: {}", "parameters: {prevalence: {deff: 1.5}}")
    made = new_edition(project, 2025, DAY)
    edition = load_edition(2025, project)
    assert (edition.languages, edition.parameters) == (("nl",), {"prevalence": {"deff": 1.5}})
    assert [p.name for p in made.checklists] == ["checklist.nl.md"]


def test_an_edition_that_is_there_is_kept_and_its_lists_are_made(project, made):
    path = project / "editions" / "2025.yml"
    text = (project / "editions" / "2024.yml").read_text()
    path.write_text(text.replace("2024", "2025").replace("2026-11-23", "2026-01-15"))
    again = new_edition(project, 2025, DAY)
    assert (made.kept, again.kept) == (False, True) and "2026-01-15" in path.read_text()
    assert all(sheet.is_file() for sheet in again.sheets)
    # in January nothing of the year before was overdue but half years
    overdue = [set(table.loc[table["status"] == "overdue", "series"]) for table in (made.table, again.table)]
    assert "police_reports" in overdue[0] - overdue[1]


def test_the_checklist_names_state_place_and_box_in_both_languages(made):
    nl, en = (p.read_text(encoding="utf-8") for p in made.checklists)
    assert "## Te laat (" in nl
    assert "## Overdue (" in en
    (line,) = re.findall(r"(?m)^- \[ \] Meldingen van seksuele misdrijven, 2025 .*$", nl)
    assert "verwacht op 9 maart 2026 (naar één eerdere publicatie)" in line
    assert "https://www.politie.nl/nieuws/2025/maart/9/" in line
    assert nl.count("\n- ") == en.count("\n- ") == len(made.table)


def rows_of(path):
    """Return the rows of a sheet as series, period and whether the value is marked as due."""
    sheet = load_workbook(path).worksheets[0]
    at = {cell.value: cell.column - 1 for cell in sheet[1]}
    for row in sheet.iter_rows(min_row=2):
        name, period, value = (row[at[heading]] for heading in ("Sleutel", "Periode", "Waarde"))
        yield (name.value or "").split("|")[0], period.value, value.fill.fgColor.rgb == "00FFF2CC"


def test_every_due_figure_stands_in_the_sheet_of_its_publisher_marked(made):
    marked = {}
    for name, _, due in (row for path in made.sheets for row in rows_of(path)):
        marked.setdefault(name, set()).add(due)
    wanted = made.table[made.table["status"].isin(["due", "overdue"])]
    assert len(wanted) and all(marked[name] == {True} for name in wanted["series"])
    assert marked["csg_online_protocol"] == {False}  # the publisher says that it does not register this
    (helpwanted,) = [p for p in made.sheets if p.name == "helpwanted-2025.xlsx"]
    sheet = load_workbook(helpwanted).worksheets[0]
    assert [sheet[cell].value for cell in ("D2", "E2", "F2")] == ["2024", 12206, "2025"]


def test_a_sheet_asks_for_every_period_since_the_last_figure_and_for_none_that_is_known(root, made):
    known = published(load_tables(2025, root).observations).query("obs_status != 'not_found'")
    given = known[known["obs_value"].notna()]
    asked = {(name, period) for path in made.sheets for name, period, _ in rows_of(path) if name}
    assert not asked & set(zip(given["series_id"], given["time_period"], strict=True))
    waves = set(made.table.loc[made.table["status"] == "no_wave", "series"])
    yearly = known[known["time_period"].str.len() == 4].groupby("series_id")["time_period"].max()
    for name, last in yearly.astype(int).items():
        if 2025 - 5 <= last < 2025 and not catalogue()[name].ended and name not in waves:
            assert {(name, str(year)) for year in range(last + 1, 2026)} <= asked, name
    assert {("police_registered_141", "2024"), ("police_registered_141", "2025")} <= asked


@pytest.mark.parametrize(("year", "day"), [(1990, DAY), (2019, DAY), (2031, DAY), (2021, date(2005, 1, 1))])
def test_a_year_before_any_figure_or_still_to_come_is_refused(project, year, day):
    with pytest.raises(InputError, match="no edition can report on this year"):
        new_edition(project, year, day)
    assert editions(project) == [2022, 2023, 2024] and not (project / "fill-in").exists()


@table(__file__, "malformed", "old new problem")
def test_a_malformed_edition_file_is_named_with_its_field(project, old, new, problem):
    edit(project / "editions" / "2023.yml", old, new)
    with pytest.raises(InputError, match=rf'editions/2023\.yml, column "{old.split(":")[0]}.*{problem}'):
        load_tables(2023, project)


def test_the_command_says_what_is_due_and_a_mistake_leaves_no_edition_behind(project, capsys, monkeypatch):
    monkeypatch.chdir(project)
    for mistake, said in (("--as-of 24-11-2026", "is not a date"), ("--languages nl,fr", "languages")):
        assert main(["new-edition", "2025", *mistake.split()]) == 1
        assert said in capsys.readouterr().err
    assert editions(project) == [2022, 2023, 2024]
    assert main(["new-edition", "2025", "--as-of", "2026-11-24"]) == 0
    out = capsys.readouterr().out
    assert "wrote editions/2025.yml" in out
    assert "overdue  since 2026-03-09  police_reports 2025 (Politie)" in out
    assert "fill-in/2025/helpwanted-2025.xlsx" in out


def test_a_sheet_that_somebody_typed_into_is_kept_and_named_and_the_others_are_made_anew(
    project, monkeypatch, capsys
):
    monkeypatch.chdir(project)
    sheets = new_edition(project, 2025, DAY).sheets
    fresh = {path: path.read_bytes() for path in sheets}
    typed = dict(zip((name for name in INPUTS if name != "unit"), sheets, strict=False))
    for name, path in typed.items():  # one cell of a sheet each
        book = load_workbook(path)
        column = next(cell.column for cell in book.worksheets[0][1] if HEADINGS[cell.value] == name)
        book.worksheets[0].cell(2, column).value = "ruim 12"
        book.save(path)
    broken = sheets[-1]
    broken.write_bytes(b"no workbook")
    theirs = {path: path.read_bytes() for path in (*typed.values(), broken)}
    assert main(["new-edition", "2025"]) == 0
    assert {path: path.read_bytes() for path in sheets} == fresh | theirs
    _, _, kept = capsys.readouterr().out.partition("Kept, as filled in")
    assert [path.name in kept for path in sheets] == [path in theirs for path in sheets]


@pytest.mark.parametrize("job", ["headlines", "verdicts", "edition"])
def test_what_a_full_disk_cuts_off_is_not_written_and_named(project, monkeypatch, capsys, job):
    def cut_off(path, body, *_, **__):
        path.open("wb").write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")  # names no file

    monkeypatch.chdir(project)
    said = Snapshot("2024", 2024, *[pd.DataFrame({"a": [1]})] * 4)
    jobs = {
        "headlines": ("2024.headlines.csv", lambda: record_headlines(project, said)),
        "verdicts": ("2024.verdicts.csv", lambda: main(["claims", "--edition", "2024", "--record"])),
        "edition": ("2025.yml", lambda: new_edition(project, 2025, DAY)),
    }
    folder, (name, write) = project / "editions", jobs[job]
    before = {path: path.read_bytes() for path in folder.iterdir()}
    for way in ("write_bytes", "write_text"):
        monkeypatch.setattr(Path, way, cut_off)
    with suppress(OSError) if job == "verdicts" else pytest.raises(OSError, match=name):
        write()
    assert name in capsys.readouterr().err or job != "verdicts"
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_claims_reads_the_newest_edition_with_recorded_verdicts_unless_one_is_named(monkeypatch, capsys):
    monkeypatch.chdir(PROJECT)
    assert main(["claims", "--edition", "2023"]) == 0
    said = "has no report to check: none came out since the edition before, until"
    assert capsys.readouterr().out == f"Edition 2023 {said} 2024-12-31.\n"
    assert main(["claims", "--format", "csv"]) == 0
    unnamed = capsys.readouterr().out
    judged = max(year for year in editions(PROJECT) if (PROJECT / f"editions/{year}.verdicts.csv").is_file())
    assert main(["claims", "--edition", str(judged), "--format", "csv"]) == 0
    assert capsys.readouterr().out == unnamed
    assert judged < editions(PROJECT)[-1]  # else this shows nothing


def test_the_editions_of_the_project_see_what_was_public_and_check_a_report_once_when_it_was_out():
    checking = []
    for year in editions(PROJECT):
        tables = load_tables(year, PROJECT)
        assert (tables.observations["known_by"] <= tables.edition.as_of.isoformat()).all()
        assert len(tables.claims()) == len(tables.ledger)
        checking += [tables.edition] if len(tables.ledger) else []
    out = [e for year in editions(PROJECT) if (e := load_edition(year, PROJECT)).as_of >= date(2025, 3, 21)]
    assert checking == out[:1] and len(out) > 1
