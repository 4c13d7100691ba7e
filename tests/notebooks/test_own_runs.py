"""`osw run`: what a parameter may be, where a run may write, and two runs at once."""

import json
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.build.own import PROJECT as FOLDERS
from osw_stats.build.own import own_output
from osw_stats.cli import main
from osw_stats.errors import InputError
from osw_stats.kept.disk import sha256
from osw_stats.stats.downloaded import NAMES, asked
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


@given(st.text(max_size=8) | st.from_regex(r"[12][0-9]{3}-[0-9]{1,3}", fullmatch=True))
def test_what_is_no_month_is_refused_by_name(text):
    year, _, month = text.partition("-")
    written = len(text) == 7 and text.isascii() and year[:2] in ("19", "20") and month.isdigit()
    if written and 1 <= int(month) <= 12 and text <= "2025-03":
        asked("1.4.1", text, **LAW)
        return
    with pytest.raises(InputError, match='column "law_month"'):
        asked("1.4.1", text, **LAW)


class TestWhatIsSaid:
    @pytest.mark.parametrize(
        ("language", "offence", "month", "words"),
        [
            ("nl", "1.1.1", "2020-03", "maart 2020"),
            ("en", "1.1.1", "2020-03", "March 2020"),
            ("nl", "3.2.1", "2024-07", "juli 2024"),
            ("en", "1.4.1", "2021-12", "December 2021"),
        ],
    )
    def test_no_sentence_speaks_of_another_offence_or_month(
        self, tmp_path, monkeypatch, capsys, language, offence, month, words
    ):
        monkeypatch.chdir(PROJECT)
        given = ["-p", "offence", offence, "-p", "law_month", month, "-p", "language", language]
        assert main(["run", "trend", "-o", str(tmp_path / "x.ipynb"), *given]) == 0
        (told,) = [p for p in capsys.readouterr().out.split("\n\n") if "data/raw" in p]
        assert offence in told
        assert words in told
        page = (tmp_path / "x.html").read_text(encoding="utf-8")
        assert "1 juli 2024 een sprong" not in page
        assert "a step on 1 July 2024" not in page

    @pytest.mark.parametrize(
        "given", [("offence", "9.9.9"), ("law_month", "2024-13"), ("law_month", "2099-01")]
    )
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


def refused(output, match):
    """Check that no run may write to a file."""
    with pytest.raises(InputError, match=match), own_output(PROJECT, "trend", output):
        pass


class TestWhereARunMayWrite:
    PLACES = (
        *(
            "data/raw/cbs/new.ipynb",
            "notebooks/trend.ipynb",
            "editions/2024.yml",
            "README.md",
            "_site/index.html",
        ),
        *(".", ".git/x", *(f"{folder}/x.ipynb" for folder in FOLDERS)),
    )

    @pytest.mark.parametrize("path", PLACES)
    def test_nothing_of_the_project_is_replaced_also_not_through_a_link(self, tmp_path, path):
        target = PROJECT / path
        (tmp_path / "x.ipynb").symlink_to(target)
        (tmp_path / "here").symlink_to(target.parent)
        ways = (target, PROJECT / "docs" / ".." / path, tmp_path / "x.ipynb", tmp_path / "here" / target.name)
        for way in ways:
            refused(way, r"belongs to the project|is not replaced")

    @pytest.mark.parametrize("body", ["a,b\n1,2\n", "{}", '{"metadata": {}, "cells": []}', ""])
    def test_what_is_no_run_is_not_replaced(self, tmp_path, body):
        path = tmp_path / "x.ipynb"
        path.write_text(body, encoding="utf-8")
        refused(path, "is not replaced")
        assert path.read_text(encoding="utf-8") == body
        path.write_text(EXECUTED, encoding="utf-8")
        with own_output(PROJECT, "trend", path) as found:
            assert found == path.resolve()

    @pytest.mark.parametrize(
        ("name", "why"),
        [
            ("thesis.ipynb", "thesis.html, and that is there already"),
            ("x.html", "does not end in .ipynb"),
            ("x", "does not end in .ipynb"),
            ("loop", "leads to itself"),
            ("loop/x.ipynb", "leads to itself"),
        ],
    )
    def test_a_name_is_that_of_a_notebook_and_its_page_replaces_nothing(self, tmp_path, name, why):
        (tmp_path / "thesis.html").write_text("mine", encoding="utf-8")
        (tmp_path / "loop").symlink_to(tmp_path / "loop")
        refused(tmp_path / name, why)

    def test_a_page_is_not_written_through_a_link(self, project, tmp_path, monkeypatch, capsys):
        monkeypatch.chdir(project)
        raw = next((project / "data" / "raw").rglob("*.csv"))
        before, out = sha256(raw), tmp_path / "out"
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
        path = tmp_path / "x.ipynb"
        twice = pytest.raises(InputError, match="another run writes")
        with own_output(project, "trend", path), twice, own_output(project, "trend", path):
            pass

    def test_two_runs_in_one_folder_stay_two_runs(self, tmp_path):
        asked = {"a": ("1.1.1", "2020-03"), "b": ("2.5.2", "2021-04")}
        runs = []
        for name, (offence, month) in asked.items():
            given = [
                "-o",
                str(tmp_path / f"{name}.ipynb"),
                "-p",
                "offence",
                offence,
                "-p",
                "law_month",
                month,
            ]
            line = [sys.executable, "-m", "osw_stats", "run", "trend", *given]
            runs.append(subprocess.Popen(line, cwd=PROJECT, stdout=subprocess.DEVNULL))
        assert [run.wait(timeout=600) for run in runs] == [0, 0]
        for name, (offence, _) in asked.items():
            page = (tmp_path / f"{name}.html").read_text(encoding="utf-8")
            assert offence in page
            assert f'"{name}-figures/trend-police.svg"' in page
            assert (tmp_path / f"{name}-figures" / "trend-police.svg").is_file()
