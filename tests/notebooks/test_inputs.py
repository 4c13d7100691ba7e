"""What the notebooks say with each input that the documentation offers, held against a truth that was planted (SIMULATED)."""

import io
import re

import numpy as np
import pandas as pd
import pytest

from osw_stats import load
from osw_stats.cli import main
from osw_stats.report import own_claims
from tests.conftest import PROJECT, copy_project
from tests.recorded.record import told
from tests.simulated_margins import SHARES, WAVES, answers, margin_rows, national, write_margins

POPULATION = 14_800_000  # of the survey of 2024, as published
REQUESTS = 12_206  # at the helpline in 2024, as published
MIDDLE = 0.85 * 0.8  # of the bridges from a request to a victim


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


def scaled(factors):
    """Return shares of groups that go from wave to wave by these factors."""
    return {group: tuple(shares[0] * f for f in factors) for group, shares in SHARES.items()}


def record(root, monkeypatch):
    monkeypatch.chdir(root)
    assert main(["record"]) == 0


@pytest.fixture(scope="module")
def plain():
    return {language: run("prevalence", language=language, draws=2000) for language in ("nl", "en")}


# a fall, a rise, up and down, down and up, no change
COURSES = {
    "fall": (1, 0.8, 0.6),
    "rise": (1, 1.3, 1.6),
    "hill": (1, 1.5, 1),
    "valley": (1, 0.6, 1),
    "flat": (1, 1, 1),
}


@pytest.fixture(scope="module", params=zip(COURSES, range(1, 6), strict=True), ids=lambda p: f"{p[0]}-{p[1]}")
def survey(request, tmp_path_factory):
    course, seed = request.param
    truth = scaled(COURSES[course])
    path = tmp_path_factory.mktemp("survey") / "answers.csv"
    answers(seed, 0.8, truth).to_csv(path, index=False)
    found = {lang: run("prevalence", language=lang, draws=2000, microdata=str(path)) for lang in ("nl", "en")}
    return course, truth, found


class TestSurveyAnswers:
    def test_people_and_ratio_are_those_of_everyone(self, survey):
        _, truth, found = survey
        people = national(truth, 2) / 100 * POPULATION
        for language in ("nl", "en"):
            persons = number(found[language], "persons", "persons")
            # twice the published margin: one seed in twenty lies outside it, none outside this
            assert abs(persons["value"] - people) <= persons["upper"] - persons["lower"]
            scope = (
                table(found[language], "funnel_parameters")
                .set_index("parameter")
                .loc["in_scope", ["low", "high"]]
            )
            seen = number(found[language], "seen", "seen")
            assert seen["lower"] <= 100 * REQUESTS * MIDDLE / (people * scope.mean()) <= seen["upper"] < 100
            bare = (
                table(found[language], "funnel_sensitivity").set_index("variant").loc["no_bridge", "factor"]
            )
            assert bare == pytest.approx(persons["value"] / REQUESTS, rel=0.02)

    def test_the_share_is_that_of_everyone(self, survey):
        _, truth, found = survey
        share = number(found["nl"], "share", "share")
        assert abs(share["value"] - national(truth, 2)) <= share["upper"] - share["lower"]
        assert share["interval_kind"] == "design"
        estimates = table(found["nl"], "prev_estimates")
        whole = estimates[(estimates["sex"] == "total") & (estimates["age"] == "16+")]
        assert whole["wave"].tolist() == list(WAVES)

    def test_words_of_direction_follow_what_was_planted(self, survey):
        course, _, found = survey
        text = said(found["nl"], "two-waves")
        words = [
            re.search(rf"In {wave} was het (?:cijfer )?([^;]+) dan in", text)[1] for wave in ("2022", "2024")
        ]
        if (
            course == "flat"
        ):  # one survey in twenty shows a change that is not there: then the words follow its test
            pairs = table(found["nl"], "prev_differences").astype({"wave_from": str}).set_index("contrast")
            steps = pairs.loc[["total: 2020 to 2022", "total: 2022 to 2024"], ["diff", "p_adj"]].to_numpy()
            expected = [
                "niet aantoonbaar anders" if p >= 0.05 else "hoger" if diff > 0 else "lager"
                for diff, p in steps
            ]
        else:
            expected = {
                "fall": ["lager", "lager"], "rise": ["hoger", "hoger"], "hill": ["hoger", "lager"],
                "valley": ["lager", "hoger"],
            }[course]  # fmt: skip
        assert words == expected
        assert ("kan elk verhaal vertellen" in text) == (len(set(words)) > 1)
        assert ("leest groei" in text or "noemt, groei" in text) == ("hoger" in words)
        assert ("een daling" in text) == ("lager" in words)
        grown = said(found["nl"], "growth").split(".")[0]
        assert ("niet aangetoond" not in grown) == (course == "rise")
        assert ("is shown" in said(found["en"], "growth")) == (course == "rise")

    def test_what_is_said_of_groups_holds_for_every_row(self, survey):
        *_, found = survey
        estimates = table(found["nl"], "prev_estimates")
        groups = estimates[(estimates["group"] != "total") & ~estimates["suppressed"]]
        assert ("Elk getoond cijfer" in said(found["nl"], "groups")) == groups["ci_lower"].notna().all()
        foreign = groups["source_of_interval"] != "microdata"
        assert all("not_of_answers" in str(flags) for flags in groups.loc[foreign, "flags"])


class TestAnswersOfAPart:
    @pytest.mark.parametrize(
        ("kept", "column", "value"),
        [
            ("sex == 'female'", "sex", "male"),
            ("age != '24+'", "age", "16-23"),
            ("age != '16-17'", "age", "18+"),
        ],
    )
    def test_they_are_not_told_as_those_of_everyone(self, tmp_path, monkeypatch, capsys, kept, column, value):
        answers(3, 0.1).query(kept).to_csv(tmp_path / "part.csv", index=False)
        monkeypatch.chdir(copy_project(tmp_path / "project"))
        assert main(["run", "prevalence", "-p", "microdata", str(tmp_path / "part.csv")]) == 1
        error = capsys.readouterr().err
        assert f'column "{column}", value "{value}"' in error and "wave 2020" in error
        assert "Traceback" not in error

    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_few_answers_of_everyone_make_a_page(self, tmp_path, language):
        answers(11, 0.6).sample(400, random_state=1).to_csv(tmp_path / "few.csv", index=False)
        found = run("prevalence", language=language, draws=2000, microdata=str(tmp_path / "few.csv"))
        # what could be seen of a published figure rests on the publisher's respondents, not on these few
        assert table(found, "prev_detectable")["n_eff_to"].min() > 100


class TestAnEarlierEdition:
    """In edition 2022 the last number of people is that of 2020, and the concept changed after it."""

    @pytest.mark.parametrize(
        ("language", "whose", "concept"),
        [("nl", "gaat over 2020", "veranderde bovendien het begrip"), ("en", "is of 2020", "the concept of the survey changed")],
    )  # fmt: skip
    def test_a_number_of_another_wave_and_a_change_across_a_break_say_so(self, language, whose, concept):
        tables = {
            (i["kind"], i["name"]): i for i in told(PROJECT, "prevalence", edition=2022, language=language)
        }
        assert whose in said(tables, "persons") and "2022" in said(tables, "persons")
        assert concept in said(tables, "growth")


class TestMargins:
    @pytest.mark.parametrize("seed", range(4))
    def test_margins_of_groups_leave_everyone_as_it_was(self, plain, tmp_path, seed):
        rng = np.random.default_rng(seed)
        rows = margin_rows()
        if seed == 0:  # the two groups of the documentation
            rows = [
                r
                for r in rows
                if r["wave"] == "2024" and (r["sex"], r["age"]) in (("female", "16-17"), ("male", "18-23"))
            ]
        else:
            rows = [rows[at] for at in sorted(rng.choice(len(rows), rng.integers(1, 12), replace=False))]
        root = copy_project(tmp_path / "project")
        write_margins(root / "data/raw/cbs", rows)
        for language in ("nl", "en"):
            found = run("prevalence", root, language=language, draws=2000)
            for name in ("share", "persons", "growth", "seen"):
                assert said(found, name) == said(plain[language], name)
        estimates = table(found, "prev_estimates")
        shown = estimates[estimates["source_of_interval"] == "published"].set_index(["wave", "sex", "age"])
        for row in rows:
            kept = shown.loc[(row["wave"], row["sex"], row["age"])]
            assert (kept["ci_lower"], kept["ci_upper"]) == (float(row["lower"]), float(row["upper"]))
        groups = estimates[(estimates["group"] != "total")]
        blind, of = int(groups["ci_lower"].isna().sum()), len(groups)
        assert 0 < blind < of
        assert said(found, "blind") == f"There are {of} figures of groups; for {blind} no margin is known."
        assert "neither margins nor respondents" not in said(found, "groups")
        groups = estimates[estimates["n_eff"].notna() & (estimates["group"] != "total")]
        if groups.groupby("group")["wave"].nunique().max() < 2:  # nothing tells waves from groups
            assert table(found, "prev_model").empty

    def test_a_group_larger_than_everyone_is_one_clear_error(self, tmp_path, monkeypatch, capsys):
        root = copy_project(tmp_path / "project")
        (row,) = (r for r in margin_rows() if (r["wave"], r["sex"], r["age"]) == ("2024", "male", "24+"))
        write_margins(root / "data/raw/cbs", [row | {"pct": "60.0", "lower": "58.0", "upper": "62.0"}])
        monkeypatch.chdir(root)
        assert main(["run", "prevalence"]) == 1
        error = capsys.readouterr().err
        assert "no group has more people than everyone" in error and 'column "persons"' in error
        assert "Traceback" not in error

    def test_margins_and_answers_together(self, tmp_path):
        root = copy_project(tmp_path / "project")
        write_margins(root / "data/raw/cbs", margin_rows())
        answers(7, 0.8).to_csv(tmp_path / "answers.csv", index=False)
        found = run("prevalence", root, draws=2000, microdata=str(tmp_path / "answers.csv"))
        persons = number(found, "persons", "persons")
        people = national(SHARES, 2) / 100 * POPULATION
        assert abs(persons["value"] - people) <= persons["upper"] - persons["lower"]
        assert set(table(found, "prev_estimates")["interval_kind"]) == {"design"}
