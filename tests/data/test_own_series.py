"""Series that a project describes itself: part of the catalogue or refused by place, and the road of the documentation."""

import itertools
import re
from datetime import date

import pandas as pd
import pytest

from osw_stats.cli import main
from osw_stats.data.clean import clean
from osw_stats.data.edition import load_tables, tables_of
from osw_stats.data.editions import load_edition
from osw_stats.data.record import record_new
from osw_stats.data.sheets.form import key
from osw_stats.errors import InputError
from osw_stats.meaning.series import catalogue, series, take_up
from osw_stats.publish.new_edition import new_edition
from osw_stats.text.words import definition
from tests.cases import beside
from tests.conftest import PROJECT, raw_row, write_raw
from tests.data.test_sheets import fill

CASES = beside(__file__, "rows.yml")
GOOD = CASES["good_series"]
CHANGE = GOOD.replace("lijn_calls:", "lijn_calls_change:")
CHANGE = CHANGE.replace("unit: advice_requests", "unit: percent\n  change_of: lijn_calls")


def describe(root, text, folder="lijn"):
    path = root / "data" / "raw" / folder / "series.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def block(document, *, after, kind):
    """Return the first fenced block of a kind after a piece of text."""
    text = (PROJECT / "docs" / document).read_text("utf-8")
    return re.search(rf"```{kind}\n(.*?)```", text[text.index(after) :], re.S)[1]


class TestTheCatalogue:
    def test_a_project_has_the_series_of_the_library_and_its_own_and_of_no_other_project(self, tmp_path):
        one, other = (write_raw(tmp_path / name, raw_row()) for name in ("one", "other"))
        describe(one, GOOD)
        describe(other, GOOD.replace("Gesprekken", "Belletjes") + CHANGE)
        library = list(catalogue())
        assert [s.series_id for s in take_up(one)] == ["lijn_calls"]
        assert list(catalogue()) == [*library, "lijn_calls"]
        assert series("lijn_calls").title["nl"] == "Gesprekken"
        clean(other)
        assert series("lijn_calls").title["nl"] == "Belletjes"
        assert series("lijn_calls_change").change_of == "lijn_calls"
        clean(one)
        assert series("lijn_calls").title["nl"] == "Gesprekken"
        with pytest.raises(InputError, match=r"unknown series.*data/raw/<publisher>/series\.yml"):
            series("lijn_calls_other")
        take_up(PROJECT)
        assert list(catalogue()) == library

    def test_what_is_written_anew_is_read_anew_and_what_is_refused_leaves_the_series_in_use(self, tmp_path):
        path = describe(tmp_path, GOOD)
        take_up(tmp_path)
        path.write_text(GOOD.replace("Gesprekken", "Telefoontjes"), encoding="utf-8")
        take_up(tmp_path)
        assert series("lijn_calls").title["nl"] == "Telefoontjes"
        path.write_text("lijn_calls: 3\n", encoding="utf-8")
        with pytest.raises(InputError):
            take_up(tmp_path)
        assert series("lijn_calls").title["nl"] == "Telefoontjes"

    def test_breaks_are_in_the_order_of_time_however_they_are_written(self, tmp_path):
        whens = ("2024-07", "2021", "2023-H2", "2022-02-28")
        for order in itertools.permutations(whens):
            entries = "".join(f"    - {{at: '{at}', nl: v {at}, en: since {at}}}\n" for at in order)
            describe(tmp_path, f"{GOOD}  breaks:\n{entries}")
            take_up(tmp_path)
            assert [b.at for b in series("lijn_calls").breaks] == ["2021", "2022-02-28", "2023-H2", "2024-07"]
            words = definition(series("lijn_calls").definition_id("2023"), "en")
            assert words.endswith("2023-H2")

    def test_tables_that_are_kept_come_with_their_own_series(self, project, tmp_path):
        describe(project, GOOD)
        load_tables(2024, project)
        clean(write_raw(tmp_path / "other", raw_row()))
        assert "lijn_calls" not in catalogue()
        load_tables(2024, project)
        assert "lijn_calls" in catalogue()


@pytest.mark.parametrize(("old", "new", "row", "column", "message"), CASES["bad_series"])
def test_what_cannot_be_used_is_named_with_file_row_and_column(tmp_path, old, new, row, column, message):
    text = GOOD if old in GOOD else GOOD + CHANGE
    assert old in text
    describe(tmp_path, GOOD.replace("lijn_calls", "other_calls"), "aaa")  # a good one before it
    describe(tmp_path, text.replace(old, new) if old else new.replace("GOOD\n", GOOD))
    with pytest.raises(InputError) as error:
        take_up(tmp_path)
    place = "data/raw/lijn/series.yml" + (f", row {row}" if row else "")
    assert str(error.value).startswith(place) and message in str(error.value)
    assert not column or f'column "{column}"' in str(error.value)


def test_the_example_of_the_formats_goes_from_three_files_to_a_tidy_table(project, monkeypatch, capsys):
    folder = project / "data" / "raw" / "voorbeeldlijn"
    text = block("formats.md", after="data/raw/voorbeeldlijn/series.yml", kind="yaml")
    describe(project, text, "voorbeeldlijn")
    for name, kind in (("calls.csv", "csv"), ("calls.source.yml", "yaml")):
        text = block("formats.md", after=f"`data/raw/voorbeeldlijn/{name}`", kind=kind)
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(project)
    assert main(["build", "--edition", "2024", "--only", "clean"]) == 0, capsys.readouterr().err
    made = project / "data" / "processed" / "2024"
    figures = pd.read_csv(made / "observations.csv").query("publisher == 'Voorbeeldlijn'")
    assert figures["obs_value"].tolist() == [2310, 2456]
    # the break in July 2023 lies between the two
    assert figures["definition_id"].tolist() == ["voorbeeldlijn_calls.2", "voorbeeldlijn_calls.2"]
    assert "voorbeeldlijn_calls" in set(pd.read_csv(made / "series.csv")["series_id"])
    assert "voorbeeldlijn-2025" in set(pd.read_csv(made / "sources.csv")["source_id"])


def test_publishers_of_names_alike_in_a_file_each_have_a_sheet_of_their_own(project):
    names = [
        f'Landelijk Centrum, "Hulp" & Recht: deel {n}' for n in (1, 2)
    ]  # alike as far as a sheet carries
    names += ["A/B", "A: B", "a-b", "电话", "Ω"]
    told = [GOOD.replace("publisher: Lijn", f"publisher: '{name}'") for name in names]
    describe(project, "".join(text.replace("lijn_calls", f"lijn_{at}") for at, text in enumerate(told)))
    made = new_edition(project, 2025, date(2026, 11, 24))
    assert len({p.name.lower() for p in made.sheets}) == len(made.sheets)
    asked = [set(pd.read_excel(path, dtype=str)["Sleutel"]) for path in made.sheets]
    for at, _ in enumerate(names):
        assert sum(key(f"lijn_{at}", "total", "total", "") in keys for keys in asked) == 1


def test_the_example_for_who_fills_in_goes_from_a_sheet_to_an_edition(project):
    """Section 7 of docs/bijwerken.md, step by step."""
    text = (PROJECT / "docs/bijwerken.md").read_text("utf-8").partition("## 7.")[2]
    describe(project, block("bijwerken.md", after="## 7.", kind="yaml"), "voorbeeldlijn")

    def sheet():
        """Return the sheet that is written, and the rows it asks for by key and period."""
        made = new_edition(project, 2025, date(2026, 11, 24))
        (book,) = [p for p in made.sheets if p.name == "voorbeeldlijn-2025.xlsx"]
        rows = pd.read_excel(book, dtype=str).dropna(subset="Sleutel")
        return book, {tuple(row): at + 2 for at, row in rows[["Sleutel", "Periode"]].iterrows()}

    book, asked = sheet()
    assert len(asked) == 2
    folder = project / "data" / "raw" / "filled_in"
    folder.mkdir(exist_ok=True)
    saved = book.rename(folder / book.name)
    lines = [line for line in text.splitlines() if line[:1] == "|"]
    headings, _, *rows = ([cell.strip() for cell in line.split("|")[1:-1]] for line in lines)
    keys_of = {about.title["nl"]: key(name, "total", "total", "") for name, about in catalogue().items()}
    for cells in (dict(zip(headings, row, strict=True)) for row in rows):
        name = keys_of[cells.pop("Cijfer")]
        row = asked.get((name, cells["Periode"]), len(asked) + 2)
        fill(saved, row=row, **cells | {"Sleutel": name})
    record_new(project, "2026-11-24")
    found = tables_of(load_edition(2025, project), clean(project), project).observations
    found = found[found["publisher"] == "Voorbeeldlijn"].set_index(["series_id", "time_period"])
    chats, change = "voorbeeldlijn_chats", "voorbeeldlijn_chats_change"
    expected = {(chats, "2024"): 1117.0, (chats, "2025"): 1234.0, (change, "2025"): 10.5}
    assert found["obs_value"].round(1).to_dict() == expected
    assert found["obs_status"].tolist() == ["normal", "normal", "derived"]
    assert "10,5 procent" in text
    assert sheet()[1] == {}  # what is known now is not asked again
