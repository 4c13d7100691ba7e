"""The prevalence notebook as a whole: what lights up with margins or microdata (both simulated), and the standard."""

import io
import json

import pandas as pd
import pytest

from osw_stats.report import standard
from osw_stats.report.harvest import items
from osw_stats.report.notebooks import notebook_path, run_notebook
from tests.conftest import PROJECT, copy_project
from tests.simulated_margins import answers, margin_rows, write_margins


def run(root, **parameters):
    path = notebook_path(root, "prevalence")
    given = {"language": "nl", "draws": 2000} | parameters
    notebook = json.loads(run_notebook(str(path), given, str(path.parent)))
    return notebook, {i.name: i for i in items(notebook)}


def table(told, name):
    return pd.read_csv(io.StringIO(told[name].facts["csv"]))


@pytest.fixture(scope="module")
def plain():
    return run(PROJECT)


@pytest.fixture(scope="module")
def lit(tmp_path_factory):
    root = copy_project(tmp_path_factory.mktemp("lit") / "project")
    write_margins(root / "data/raw/cbs", margin_rows())
    return run(root)


def test_the_page_meets_the_reporting_standard(plain):
    assert standard.lacking("prevalence", plain[0]) == []


def test_the_page_says_that_growth_is_not_shown(plain):
    text = plain[1]["growth"].facts["text"]
    assert text.startswith("Groei sinds 2020 is niet aangetoond.")
    assert plain[1]["growth"].facts["headline"]


def test_without_margins_groups_and_model_say_so(plain):
    told = plain[1]
    groups = table(told, "prev_estimates").query("group != 'total'")
    assert set(groups["source_of_interval"]) == {"not_estimable"}
    assert told["prev_model"].data["text/markdown"].startswith("Niet te schatten")
    assert set(table(told, "prev_differences")["family"]) == {"F1"}
    assert "prev_shrunken" not in told


def test_no_number_is_said_without_its_source(plain):
    for item in plain[1].values():
        for number in item.facts.get("numbers", []):
            assert number["observations"]


def test_with_margins_everything_lights_up(lit):
    notebook, told = lit
    assert standard.lacking("prevalence", notebook) == []
    estimates = table(told, "prev_estimates")
    assert (estimates["source_of_interval"] == "published").sum() == 18
    assert set(table(told, "prev_differences")["family"]) == {"F1", "F2", "F3"}
    assert len(table(told, "prev_model")) == 8
    assert len(table(told, "prev_shrunken")) == 18
    assert "Niet te schatten" not in told["prev_model"].data["text/markdown"]
    assert "prev_model_fit" in told


def test_the_same_notebook_runs_on_microdata(tmp_path):
    path = tmp_path / "answers.csv"
    answers(scale=0.3).to_csv(path, index=False)
    notebook, told = run(PROJECT, microdata=str(path))
    assert standard.lacking("prevalence", notebook) == []
    estimates = table(told, "prev_estimates")
    assert (estimates["source_of_interval"] == "microdata").sum() == 27
    assert told["share"].facts["numbers"][0]["interval_kind"] == "design"
    assert len(table(told, "prev_model")) == 8


def test_figures_of_the_publisher_stay_those_of_the_publisher_beside_answers_of_one_wave(tmp_path):
    frame, path = answers(scale=0.3), tmp_path / "answers.csv"
    frame[frame["wave"] == "2024"].to_csv(path, index=False)
    (_, plain), (_, told) = run(PROJECT), run(PROJECT, microdata=str(path))
    assert "theirs" not in plain
    assert "2020 en 2022 zijn die van de uitgever" in told["theirs"].facts["text"]
    assert told["prev_related"].facts["csv"] == plain["prev_related"].facts["csv"]


def test_small_groups_are_withheld_alike_in_both_languages_and_say_why(tmp_path):
    frame, path = answers(), tmp_path / "answers.csv"
    few = frame[(frame["wave"] != "2022") | (frame["age"] != "16-17") | (frame["cluster"] % 3 == 0)]
    few.to_csv(path, index=False)
    told = {language: run(PROJECT, microdata=str(path), language=language)[1] for language in ("nl", "en")}
    for name, item in told["nl"].items():
        if "csv" in item.facts:
            assert item.facts["csv"] == told["en"][name].facts["csv"]
    estimates = table(told["nl"], "prev_estimates")
    hidden = estimates[estimates["suppressed"]]
    assert {"primary", "complementary"} & set(hidden["suppression_reason"])
    assert hidden[["pct", "n", "n_eff", "persons"]].isna().all(axis=None)
    assert "niet getoond: te klein" in told["nl"]["prev_estimates"].data["text/markdown"]
    assert "not shown: too small" in told["en"]["prev_estimates"].data["text/markdown"]
    compared = table(told["nl"], "prev_differences")
    left_out = set(zip(hidden["wave"].astype(str), hidden["group"], strict=True))
    for end in ("from", "to"):
        used = zip(compared[f"wave_{end}"].astype(str), compared[f"group_{end}"], strict=True)
        assert not left_out & set(used)
