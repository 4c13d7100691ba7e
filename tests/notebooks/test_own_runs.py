"""`osw run`: what a parameter may be, where a run may write, and two runs at once."""

import json
import os
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.cli import main
from osw_stats.errors import InputError
from osw_stats.report.site.own import PROJECT as FOLDERS
from osw_stats.report.site.own import own_output
from osw_stats.sources.disk import sha256
from osw_stats.vocabulary.offences import NAMES, asked
from tests.conftest import PROJECT
from tests.simulated import export_by_region

LAW = {"held": ("9.1.1",), "law": date(2024, 7, 1), "as_of": date(2025, 3, 31)}
EXECUTED = json.dumps({"cells": [], "metadata": {"papermill": {}}})


@given(st.sampled_from(sorted(NAMES)), st.integers(2000, 2025), st.integers(1, 12))
def test_an_offence_and_a_month_are_told_as_they_were_asked(offence, year, month):
    code = f"{year}-{month:02}"
    if code > "2025-03":
        with pytest.raises(InputError, match="lies after"):
            asked(offence, code, **LAW)
        return
    found = asked(offence, code, **LAW)
    for language in ("nl", "en"):
        assert found.offence[language].startswith(offence)
        assert NAMES[offence] in found.offence[language]
        assert found.month[language].endswith(str(year))
    assert (found.law is not None) == (offence == "1.4.1" and code == "2024-07")


@given(st.text(max_size=8).filter(lambda t: t not in NAMES and t != "9.1.1"))
def test_a_code_that_nobody_has_is_refused_by_name(code):
    with pytest.raises(InputError, match='column "offence"'):
        asked(code, "2024-07", **LAW)
    assert asked("9.1.1", "2024-07", **LAW).offence["nl"] == "9.1.1"


@given(st.text(max_size=8) | st.from_regex(r"[12][0-9]{3}-[0-9]{1,3}", fullmatch=True))
def test_what_is_no_month_is_refused_by_name(text):
    year, _, month = text.partition("-")
    good = (
        len(text) == 7
        and year[:2] in ("19", "20")
        and text.isascii()
        and month.isdigit()
        and 1 <= int(month) <= 12
    )
    if good and text <= "2025-03":
        asked("1.4.1", text, **LAW)
        return
    with pytest.raises(InputError, match='column "law_month"'):
        asked("1.4.1", text, **LAW)


class TestWhatIsSaid:
    @pytest.mark.parametrize("language", ["nl", "en"])
    @pytest.mark.parametrize(("offence", "month", "words"), [("1.1.1", "2020-03", ("maart 2020", "March 2020")), ("3.2.1", "2024-07", ("juli 2024", "July 2024")), ("1.4.1", "2021-12", ("december 2021", "December 2021"))])  # fmt: skip
    def test_no_sentence_speaks_of_another_offence_or_month(
        self, tmp_path, monkeypatch, capsys, language, offence, month, words
    ):
        monkeypatch.chdir(PROJECT)
        given = ["-p", "offence", offence, "-p", "law_month", month, "-p", "language", language]
        assert main(["run", "trend", "-o", str(tmp_path / "x.ipynb"), *given]) == 0
        (told,) = [p for p in capsys.readouterr().out.split("\n\n") if "data/raw" in p]
        assert offence in told
        assert words[language == "en"] in told
        page = (tmp_path / "x.html").read_text(encoding="utf-8")
        assert "1 juli 2024 een sprong" not in page
        assert "a step on 1 July 2024" not in page

    @pytest.mark.parametrize("given", [("offence", "9.9.9"), ("law_month", "maart"), ("law_month", "2024-13"), ("law_month", "2099-01")])  # fmt: skip
    def test_what_cannot_be_is_refused_by_name(self, tmp_path, monkeypatch, capsys, given):
        monkeypatch.chdir(PROJECT)
        assert main(["run", "trend", "-o", str(tmp_path / "x.ipynb"), "-p", *given]) == 1
        assert f'column "{given[0]}", value "{given[1]}"' in capsys.readouterr().err
        assert not list(tmp_path.iterdir())

    def test_the_region_of_another_offence_names_that_offence(self, project, monkeypatch, capsys):
        folder = project / "data" / "raw" / "police" / "47013NED"
        folder.mkdir()
        text = export_by_region(seed=4).replace("1.4.1 Zedenmisdrijf", "1.4.5 Mishandeling")
        (folder / "47013NED.csv").write_text(text, encoding="utf-8-sig")
        monkeypatch.chdir(project)
        assert main(["record"]) == 0
        assert main(["run", "trend", "-p", "region", "PV20", "-p", "offence", "1.4.5"]) == 0
        assert "(1.4.5 Mishandeling)" in capsys.readouterr().out
        page = (project / "build" / "own" / "trend.html").read_text(encoding="utf-8")
        assert "1.4.5" in page.partition("De regio")[2]
        drawn = (project / "build" / "own" / "figures" / "region-funnel.svg").read_text(encoding="utf-8")
        assert "1.4.1" not in drawn
        assert "zeden" not in drawn.lower()


class TestWhereARunMayWrite:
    @pytest.mark.parametrize("path", ["data/raw/cbs/new.ipynb", "notebooks/trend.ipynb", "notebooks/new.ipynb", "editions/2024.yml", "README.md", "_site/index.html", ".", ".git/x", *(f"{f}/x.ipynb" for f in FOLDERS)])  # fmt: skip
    @pytest.mark.parametrize("how", ["plain", "dots", "link", "folder"])
    def test_nothing_of_the_project_is_replaced_also_not_through_a_link(self, tmp_path, path, how):
        target = PROJECT / path
        given = target
        if how == "dots":
            given = PROJECT / "docs" / ".." / path
        elif how == "link":
            given = tmp_path / "x.ipynb"
            given.symlink_to(target)
        elif how == "folder":
            (tmp_path / "here").symlink_to(target.parent)
            given = tmp_path / "here" / target.name
        with (
            pytest.raises(InputError, match=r"belongs to the project|is not replaced"),
            own_output(PROJECT, "trend", given),
        ):
            pass

    @pytest.mark.parametrize("body", ["a,b\n1,2\n", "{}", '{"metadata": {}, "cells": []}', ""])
    def test_what_is_no_run_is_not_replaced(self, tmp_path, body):
        path = tmp_path / "x.ipynb"
        path.write_text(body, encoding="utf-8")
        with pytest.raises(InputError, match="is not replaced"), own_output(PROJECT, "trend", path):
            pass
        assert path.read_text(encoding="utf-8") == body
        path.write_text(EXECUTED, encoding="utf-8")
        with own_output(PROJECT, "trend", path) as found:
            assert found == path.resolve()

    def test_a_name_is_that_of_a_notebook_and_its_page_replaces_nothing(self, tmp_path):
        (tmp_path / "thesis.html").write_text("mine", encoding="utf-8")
        (tmp_path / "loop").symlink_to(tmp_path / "loop")
        for name, why in (
            ("thesis.ipynb", "thesis.html, and that is there already"), ("x.html", "does not end in .ipynb"),
            ("x", "does not end in .ipynb"), ("loop", "leads to itself"), ("loop/x.ipynb", "leads to itself"),
        ):  # fmt: skip
            with pytest.raises(InputError, match=why), own_output(PROJECT, "trend", tmp_path / name):
                pass
        with (
            pytest.raises(InputError, match=r"is not replaced|does not end"),
            own_output(PROJECT, "trend", PROJECT / "build/own"),
        ):
            pass

    def test_a_run_that_was_refused_changed_nothing(self, project, monkeypatch, capsys):
        monkeypatch.chdir(project)
        raw = next((project / "data" / "raw").rglob("*.csv"))
        (project / "link.ipynb").symlink_to(raw)
        os.link(raw, project.parent / "hard.ipynb")
        before = sha256(raw)
        for output in (
            raw,
            project / "link.ipynb",
            project.parent / "hard.ipynb",
            project / "notebooks" / "trend.ipynb",
        ):
            assert main(["run", "trend", "-o", str(output)]) == 1
            assert "--output" in capsys.readouterr().err
        assert sha256(raw) == before

    def test_a_page_is_not_written_through_a_link(self, project, tmp_path, monkeypatch, capsys):
        monkeypatch.chdir(project)
        raw = next((project / "data" / "raw").rglob("*.csv"))
        before = sha256(raw)
        out = tmp_path / "out"
        out.mkdir()
        (out / "x.html").symlink_to(raw)
        assert main(["run", "claims", "-o", str(out / "x.ipynb")]) == 1
        assert "is there already" in capsys.readouterr().err
        (out / "x.html").rename(out / "site.css")
        assert main(["run", "claims", "-o", str(out / "x.ipynb")]) == 1
        assert "is a link to another place" in capsys.readouterr().err
        assert sha256(raw) == before


class TestTwoRunsAtOnce:
    def test_a_file_is_written_by_one_run_and_the_usual_place_is_given_once(self, project, tmp_path):
        with own_output(project, "trend", None) as first, own_output(project, "trend", None) as second:
            assert first != second
            assert first.parent == second.parent
        with own_output(project, "trend", None) as again:
            assert again == first
        with (
            own_output(project, "trend", tmp_path / "x.ipynb"),
            pytest.raises(InputError, match="another run writes"),
            own_output(project, "trend", tmp_path / "x.ipynb"),
        ):
            pass

    def test_two_runs_in_one_folder_stay_two_runs(self, tmp_path):
        code = "import sys; from osw_stats.cli import main; sys.exit(main(sys.argv[1:]))"
        asked = {"a": ("1.1.1", "2020-03"), "b": ("2.5.2", "2021-04")}
        runs = [
            subprocess.Popen(
                [sys.executable, "-c", code, "run", "trend", "-o", str(tmp_path / f"{name}.ipynb"), "-p", "offence", offence, "-p", "law_month", month],
                cwd=PROJECT, stdout=subprocess.DEVNULL,
            )
            for name, (offence, month) in asked.items()
        ]  # fmt: skip
        assert [run.wait(timeout=300) for run in runs] == [0, 0]
        for name, (offence, _) in asked.items():
            page = (tmp_path / f"{name}.html").read_text(encoding="utf-8")
            assert offence in page
            assert f'"{name}-figures/trend-police.svg"' in page
            assert (tmp_path / f"{name}-figures" / "trend-police.svg").is_file()
