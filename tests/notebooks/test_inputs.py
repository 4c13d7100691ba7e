"""What the notebooks say with each input that the documentation offers, held against a truth that was planted (SIMULATED)."""

import io
import math
import re

import pandas as pd
import pytest

from osw_stats import load
from osw_stats.cli import main
from osw_stats.report import own_claims
from tests.conftest import PROJECT, copy_project
from tests.recorded.record import told
from tests.simulated import export_by_month, export_by_region, simulated


def run(name, root=PROJECT, **parameters):
    """Return what a notebook tells by kind and name."""
    facts = told(root, name, **parameters)
    outputs = [{"output_type": "display_data", "data": {}, "metadata": {"osw": f}} for f in facts]
    executed = {"cells": [{"cell_type": "code", "source": "", "outputs": outputs}]}
    language = parameters.get("language", "nl")
    # the gate of a build: every number of a sentence is one that it was given
    own_claims.require(own_claims.own_claims({(name, language): executed}, load(2024, root)))
    return {(item["kind"], item["name"]): item for item in facts}


def said(found, name):
    return found["sentence", name]["text"]


def number(found, sentence, name):
    return next(n for n in found["sentence", sentence]["numbers"] if n["name"] == name)


def table(found, name):
    return pd.read_csv(io.StringIO(found["table", name]["csv"]), dtype={"wave": str})


def with_police_table(folder, table_id, text):
    root = copy_project(folder / "project")
    there = root / "data" / "raw" / "police" / table_id
    there.mkdir()
    (there / f"{table_id}.csv").write_text(text, encoding="utf-8-sig")
    return root


def record(root, monkeypatch):
    monkeypatch.chdir(root)
    assert main(["record"]) == 0


STEPS = {"down": -0.3, "none": 0.0, "up": 0.3}


class TestAMonthlyTable:
    @pytest.mark.parametrize(("step", "seed"), [("down", 1), ("none", 2), ("up", 3)])
    def test_the_step_that_was_planted(self, tmp_path, monkeypatch, step, seed):
        series = simulated(seed, step=STEPS[step], n=108)
        root = with_police_table(tmp_path, "47022NED", export_by_month(series))
        record(root, monkeypatch)
        found = run("trend", root)
        primary = table(found, "its_sensitivity").set_index("variant").loc["primary"]
        # in logarithms, and twice the margin: one seed in twenty lies outside it
        assert abs(math.log(primary["rr"]) - STEPS[step]) <= math.log(primary["upper"] / primary["lower"])
        assert (primary["lower"] > 1) == (step == "up") and (primary["upper"] < 1) == (step == "down")
        excess = table(found, "its_excess")
        last = excess[excess["month"] == excess["month"].max()]["cum_excess"].item()
        assert step == "none" or (last > 0) == (step == "up")
        assert ("sentence", "no_monthly") not in found
        prose = (root / "notebooks" / "trend.ipynb").read_text(encoding="utf-8")
        markdown = re.findall(r'"cell_type": "markdown".*?"source": \[(.*?)\]', prose, re.DOTALL)
        assert not any(re.search("niet per maand|by month|maandcijfers:", part) for part in markdown)

    @pytest.mark.parametrize(
        ("n", "first", "nl", "en"),
        [
            (60, "2018-01", "valt erbuiten", "lies outside it"),
            (24, "2023-01", "te weinig maanden", "too few months"),
        ],
    )
    def test_a_table_that_allows_no_estimate_says_why_in_the_readers_words(
        self, tmp_path, monkeypatch, n, first, nl, en
    ):
        root = with_police_table(tmp_path, "47022NED", export_by_month(simulated(5, n=n, first=first)))
        record(root, monkeypatch)
        for language, words in (("nl", nl), ("en", en)):
            text = said(run("trend", root, language=language), "monthly_refused")
            assert words in text and "column" not in text
            assert language == "en" or "estimable" not in text


class TestARegionTable:
    @pytest.mark.parametrize(
        ("place", "factor", "seed", "nl", "en"),
        [
            ("Groningen", 2.0, 1, "boven het gewone", "above the ordinary"), ("Zeeland", 0.4, 2, "onder het gewone", "below the ordinary"),
            ("Limburg", 1.0, 3, "binnen het gewone", "within the ordinary"), ("Utrecht", 2.0, 4, "boven het gewone", "above the ordinary"),
        ],
    )  # fmt: skip
    def test_the_verdict_names_what_was_planted(self, tmp_path, monkeypatch, place, factor, seed, nl, en):
        text = export_by_region(seed, first=2019, planted={place: factor})
        root = with_police_table(tmp_path, "47013NED", text)
        record(root, monkeypatch)
        for language, words in (("nl", nl), ("en", en)):
            found = run("trend", root, region=place, language=language)
            assert place in said(found, "region") and words in said(found, "region")
        limits = table(found, "region_funnel").set_index("name").loc[place]
        outside = {"boven": "above", "onder": "below", "binnen": "no"}[nl.split(" ")[0]]
        assert limits["outside"] == outside
        years = table(found, "region_years")
        assert (years["change"].isna() == years["reason"].notna()).all()  # no blank without a reason
        assert years.set_index("year")["reason"].dropna().to_dict() == {
            2019: "first_year",
            2024: "definition_changed",
        }

    def test_a_region_and_months_together(self, tmp_path, monkeypatch):
        root = with_police_table(
            tmp_path, "47013NED", export_by_region(5, first=2019, planted={"Drenthe": 2.5})
        )
        (root / "data/raw/police/47022NED").mkdir()
        series = simulated(3, step=0.3)
        (root / "data/raw/police/47022NED/47022NED.csv").write_text(
            export_by_month(series), encoding="utf-8-sig"
        )
        record(root, monkeypatch)
        found = run("trend", root, region="PV22", language="en")
        assert "Drenthe is above the ordinary" in said(found, "region")
        assert table(found, "its_sensitivity").set_index("variant").loc["primary", "lower"] > 1
