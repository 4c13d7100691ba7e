"""`osw run`: what a parameter may be, where a run may write, and two runs at once."""

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.build.own import PROJECT as FOLDERS
from osw_stats.build.own import own_output, unnamed
from osw_stats.cli import main
from osw_stats.errors import InputError
from osw_stats.kept.disk import sha256
from osw_stats.stats.downloaded import NAMES, asked
from tests.cases import table
from tests.conftest import PROJECT

LAW = {"held": ("9.1.1",), "law": date(2024, 7, 1), "as_of": date(2025, 3, 31)}
EXECUTED = json.dumps({"cells": [], "metadata": {"papermill": {}}})
MONTHS = st.builds("{}-{:02}".format, st.integers(2000, 2025), st.integers(1, 12))
NEARLY = st.text(max_size=8) | st.from_regex(r"[12][0-9]{3}-[0-9]{1,3}", fullmatch=True)


@given(st.sampled_from(sorted(NAMES)), MONTHS | NEARLY)
def test_an_offence_and_a_month_are_told_as_they_were_asked_and_what_is_no_month_is_refused(offence, code):
    written = re.fullmatch(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])", code)
    if not written or code > "2025-03":
        with pytest.raises(InputError, match="lies after" if written else 'column "law_month"'):
            asked(offence, code, **LAW)
        return
    told = asked(offence, code, **LAW)
    for language in ("nl", "en"):
        assert told.offence[language].startswith(offence)
        assert NAMES[offence] in told.offence[language]
        assert told.month[language].endswith(code[:4])
    assert (told.law is not None) == (offence == "1.4.1" and code == "2024-07")


@table(__file__, "refused", "given message")
def test_a_run_that_cannot_be_is_refused_by_name_and_writes_nothing(
    tmp_path, monkeypatch, capsys, given, message
):
    monkeypatch.chdir(PROJECT)
    assert main(["run", *given.split(), "-o", str(tmp_path / "x.ipynb")]) == 1
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def refused(output, match):
    with pytest.raises(InputError, match=match), own_output(PROJECT, "trend", output):
        pass


PLACES = "data/raw/cbs/new.ipynb notebooks/trend.ipynb editions/2024.yml README.md _site/index.html . .git/x"


@pytest.mark.parametrize("path", [*PLACES.split(), *(f"{folder}/x.ipynb" for folder in FOLDERS)])
def test_nothing_of_the_project_is_replaced_also_not_through_a_link(tmp_path, path):
    target = PROJECT / path
    (tmp_path / "x.ipynb").symlink_to(target)
    (tmp_path / "here").symlink_to(target.parent)
    ways = (target, PROJECT / "docs" / ".." / path, tmp_path / "x.ipynb", tmp_path / "here" / target.name)
    for way in ways:
        refused(way, r"belongs to the project|is not replaced")


@pytest.mark.parametrize("body", ["a,b\n1,2\n", "{}", '{"metadata": {}, "cells": []}', ""])
def test_what_is_no_run_is_not_replaced(tmp_path, body):
    path = tmp_path / "x.ipynb"
    path.write_text(body, encoding="utf-8")
    refused(path, "is not replaced")
    assert path.read_text(encoding="utf-8") == body
    path.write_text(EXECUTED, encoding="utf-8")
    with own_output(PROJECT, "trend", path) as output:
        assert output == path.resolve()


@table(__file__, "names", "name why")
def test_a_name_is_that_of_a_notebook_and_its_page_replaces_nothing(tmp_path, name, why):
    (tmp_path / "thesis.html").write_text("mine", encoding="utf-8")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    refused(tmp_path / name, why)


def test_a_page_is_not_written_through_a_link(project, tmp_path, monkeypatch, capsys):
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


def test_a_file_is_written_by_one_run_and_the_usual_place_is_given_once(project, tmp_path):
    with own_output(project, "trend", None) as first, own_output(project, "trend", None) as second:
        assert first != second
        assert first.parent == second.parent
    with own_output(project, "trend", None) as again:
        assert again == first
    path = tmp_path / "x.ipynb"
    twice = pytest.raises(InputError, match="another run writes")
    with own_output(project, "trend", path), twice, own_output(project, "trend", path):
        pass


def test_two_runs_at_once_in_one_folder_stay_two_and_speak_of_no_other_offence_or_month(tmp_path):
    wanted = {"a": ("nl", "3.2.1", "2024-07", "juli 2024"), "b": ("en", "1.4.1", "2021-12", "December 2021")}
    runs = {}
    for name, (language, offence, month, _) in wanted.items():
        line = [sys.executable, "-m", "osw_stats", "run", "trend", "-o", str(tmp_path / f"{name}.ipynb")]
        line += ["-p", "offence", offence, "-p", "law_month", month, "-p", "language", language]
        runs[name] = subprocess.Popen(line, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    for name, (_, offence, _, words) in wanted.items():
        said, _ = runs[name].communicate(timeout=600)
        assert runs[name].returncode == 0
        (told,) = [p for p in said.split("\n\n") if "data/raw" in p]
        page = (tmp_path / f"{name}.html").read_text(encoding="utf-8")
        assert offence in told and words in told and offence in page
        assert "1 juli 2024 een sprong" not in page and "a step on 1 July 2024" not in page
        assert f'"{name}-figures/trend-police.svg"' in page
        assert (tmp_path / f"{name}-figures" / "trend-police.svg").is_file()


@pytest.mark.parametrize(
    "place",
    ["/home/mevrouw Jansen/antwoorden.csv", "/tmp/a'b/\u00e9\u00e8.csv", 'C:\\data\\"x".csv', "/x/plain"],
)
def test_no_executed_notebook_names_a_file_of_answers(place):
    """Neither its place nor its name: in parameters, cells, outputs and what an output quotes."""
    quoted = json.dumps(place, ensure_ascii=False)
    given, name = {"microdata": place, "alpha": 0.05}, Path(place).name
    cells = [{"source": f"microdata = {quoted}\n", "outputs": []}]
    cells += [{"source": "x", "outputs": [{"text": [f"read {place}\n", f"of {name}"]}]}]
    executed = json.dumps({"cells": cells, "metadata": {"papermill": {"parameters": given}}})
    told = unnamed(executed, given)
    assert place not in told and json.dumps(place)[1:-1] not in told
    assert "." not in name or name not in json.dumps(json.loads(told), ensure_ascii=False)
    assert json.loads(told)["metadata"]["papermill"]["parameters"] == given | {"microdata": "answers"}
    assert json.loads(told)["cells"][0]["source"] == 'microdata = "answers"\n'
    assert unnamed(executed, {"alpha": 0.05}) == executed
