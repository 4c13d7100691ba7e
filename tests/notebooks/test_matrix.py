"""A matrix of runs here and on a Dask cluster of this machine: same results, order and bytes; a worker that dies."""

import json
import os
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from osw_stats.build.own import cluster, run_matrix
from osw_stats.cli import main
from osw_stats.errors import InputError, OswError
from osw_stats.yamlfile import read_yaml

TEXT = "notebook: claims\nedition: 2024\nparameters:\n  language: [nl, en]\n  example: [s4_8d, s4_8e]\n"


@pytest.fixture
def asked(project, tmp_path, monkeypatch):
    """A small project whose code is the installed one, and a matrix of four runs."""
    file = tmp_path / "examples.yml"
    file.write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(project)
    return project, file


def contents(folder):
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


def test_every_combination_runs_in_the_order_of_the_file(asked):
    root, file = asked
    assert main(["build", "--matrix", str(file)]) == 0
    folder = root / "build/matrix/examples"
    listed = pd.read_csv(folder / "runs.csv")
    assert listed["example"].tolist() == ["s4_8d", "s4_8e"]  # a notebook runs once for all languages
    assert all((folder / file).is_file() for file in listed["file"]) and listed["problem"].isna().all()
    said = pd.read_csv(folder / "sentences.csv").query("name == 'example'")[["language", "text"]]
    assert said["language"].tolist() == ["nl", "en"] * 2 and not said.duplicated().any()
    first, lines = contents(folder), []
    _, again = run_matrix(root, file, progress=lines.append)
    assert lines == ["matrix  2 runs of claims.ipynb"]  # nothing ran again
    assert [row["problem"] for row in again] == ["", ""]
    assert contents(folder) == first


def test_a_run_that_fails_is_named_and_stops_no_other(asked, capsys):
    root, file = asked
    file.write_text(TEXT.replace("s4_8e", "no_such_claim").replace("[nl, en]", "[nl]"), encoding="utf-8")
    assert main(["build", "--matrix", str(file)]) == 1
    listed = pd.read_csv(root / "build/matrix/examples" / "runs.csv")
    assert listed["file"].notna().tolist() == [True, False]
    assert "no such claim" in listed["problem"][1]
    assert "osw: run 2: notebooks/claims.ipynb" in capsys.readouterr().err


CASES = read_yaml(Path(__file__).with_name("cases.yml"))["matrix"]
MANY = f"s4_8e]\n  alpha: {[n / 10_000 for n in range(101, 700)]}"


@pytest.mark.parametrize(
    ("old", "new", "message"), [*CASES, ("s4_8e]", MANY, "means 1198 runs; 1000 at most")]
)
def test_a_file_that_cannot_be_used_is_told_before_anything_runs(asked, old, new, message):
    root, file = asked
    assert old in TEXT
    file.write_text(TEXT.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        run_matrix(root, file, progress=lambda line: pytest.fail(f"ran: {line}"))


@pytest.mark.parametrize("name", ["..yml", "-x.yml", "a b.yml", "a..b.yml", "\u202ex.yml"])
def test_a_matrix_whose_name_is_no_name_of_a_folder_is_refused(tmp_path, name):
    with pytest.raises(InputError, match="is no name of a matrix"):
        run_matrix(tmp_path, tmp_path / name)


@pytest.mark.whole_road
def test_processes_and_a_cluster_give_the_same_bytes_and_a_dead_worker_loses_nothing(asked):
    distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    root, file = asked
    folder, _ = run_matrix(root, file)
    here = contents(folder)
    with ProcessPoolExecutor(2) as executor:
        run_matrix(root, file, executor=executor, force=True)
    assert contents(folder) == here
    workers = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.LocalCluster(**workers) as local, cluster(local.scheduler_address) as executor:
        lines = []

        def kill_one(line):
            lines.append(line)
            if len(lines) == 1:  # after the first result one of the two workers is killed
                os.kill(next(iter(local.workers.values())).pid, 9)
                time.sleep(0.2)

        run_matrix(root, file, executor=executor, force=True, progress=kill_one)
    assert contents(folder) == here
    log = [json.loads(x) for x in (folder.parent / "examples.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sum(x["event"] == "run" for x in log) == 2
    assert log[-1]["result"] == "whole"


@pytest.mark.whole_road
def test_a_scheduler_that_does_not_answer_is_told():
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    unanswered = pytest.raises(OswError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9")
    with unanswered, cluster("tcp://127.0.0.1:9"):
        pass
