"""What the page on prevalence says with answers or margins of a survey, held against a truth that was planted (SIMULATED)."""

import re
from itertools import pairwise

import numpy as np
import pytest

from osw_stats import load
from osw_stats.cli import main
from osw_stats.draw.prevalence import waves
from osw_stats.shelf.microdata.estimates import prevalence_from_microdata
from tests.cases import table
from tests.computed import results_and_items
from tests.conftest import PROJECT, copy_project
from tests.simulated_margins import SHARES, WAVES, answers, margin_rows, national, write_margins

POPULATION = 14_800_000  # of the survey of 2024, as published
REQUESTS = 12_206  # at the helpline in 2024, as published
MIDDLE = 0.85 * 0.8  # of the bridges from a request to a victim
FEW = "wave != '2022' or age != '16-17' or cluster % 3 == 0"  # answers of one group are few in one wave


def run(root=PROJECT, **parameters):
    return results_and_items(root, "prevalence", load(2024, root), draws=2000, **parameters)


def run_answers(folder, frame, root=PROJECT):
    frame.to_csv(folder / "answers.csv", index=False)
    return run(root, microdata=str(folder / "answers.csv"))


def with_margins(folder, rows):
    root = copy_project(folder / "project")
    write_margins(root / "data/raw/cbs", rows)
    return root


def said(pages, name):
    return pages["sentence", name].facts["text"]


@pytest.fixture(scope="module")
def plain():
    return run()


# by what the shares of groups are multiplied from wave to wave
COURSES = {"fall": (1, 0.8, 0.6), "rise": (1, 1.3, 1.6), "hill": (1, 1.5, 1), "valley": (1, 0.6, 1)}
COURSES["flat"] = (1, 1, 1)


@pytest.fixture(scope="module", params=COURSES)
def survey(request, tmp_path_factory):
    course, seed = request.param, 1 + list(COURSES).index(request.param)
    truth = {group: tuple(shares[0] * f for f in COURSES[course]) for group, shares in SHARES.items()}
    return course, truth, *run_answers(tmp_path_factory.mktemp("survey"), answers(seed, 0.8, truth))


def test_share_people_and_ratio_are_those_of_everyone(survey):
    _, truth, results, pages = survey
    share, persons, seen = (results.numbers[name] for name in ("share", "persons", "seen"))
    people = national(truth, 2) / 100 * POPULATION
    # twice the published margin: one seed in twenty lies outside it, none outside this
    assert abs(persons.value - people) <= persons.upper - persons.lower
    assert abs(share.value - national(truth, 2)) <= share.upper - share.lower
    assert share.interval_kind == "design"
    estimates = results.frame("prev_estimates")
    assert estimates.loc[estimates["group"] == "total", "wave"].tolist() == list(WAVES)
    scope = results.frame("funnel_parameters").set_index("parameter").loc["in_scope", ["low", "high"]]
    assert seen.lower <= 100 * REQUESTS * MIDDLE / (people * scope.mean()) <= seen.upper < 100
    bare = results.frame("funnel_sensitivity").set_index("variant").loc["no_bridge", "factor"]
    assert bare == pytest.approx(persons.value / REQUESTS, rel=0.02)
    assert "Uit de antwoorden zelf volgen" in said(pages["nl"], "persons")


def test_words_of_direction_follow_what_was_planted(survey):
    course, _, results, pages = survey
    text = said(pages["nl"], "two-waves")
    pattern = r"In {} was het (?:cijfer )?([^;]+) dan in"
    words = [re.search(pattern.format(wave), text)[1] for wave in ("2022", "2024")]
    steps = COURSES[course]
    expected = ["hoger" if after > before else "lager" for before, after in pairwise(steps)]
    if course == "flat":
        # one survey in twenty shows a change that is not there: then the words follow its test
        pairs = results.frame("prev_differences").set_index("contrast")
        steps = pairs.loc[["total: 2020 to 2022", "total: 2022 to 2024"], ["diff", "p_adj"]].to_numpy()
        none = "niet aantoonbaar anders"
        expected = [none if p >= 0.05 else "hoger" if diff > 0 else "lager" for diff, p in steps]
    assert words == expected
    assert ("kan elk verhaal vertellen" in text) == ({"hoger", "lager"} <= set(words))
    assert ("leest groei" in text or "noemt, groei" in text) == ("hoger" in words)
    assert ("een daling" in text) == ("lager" in words)
    grown, en = said(pages["nl"], "growth").split(".")[0], said(pages["en"], "growth")
    assert (grown == "Groei sinds 2020 is aangetoond") == (course == "rise")
    assert (grown == "Een daling sinds 2020 is aangetoond") == (course == "fall")
    assert en.startswith("Growth since 2020 has been demonstrated") == (course == "rise")
    assert en.startswith("A fall since 2020 has been demonstrated") == (course == "fall")


def test_what_is_said_of_groups_holds_for_every_row(survey):
    *_, results, pages = survey
    estimates = results.frame("prev_estimates")
    groups = estimates[(estimates["group"] != "total") & ~estimates["suppressed"]]
    assert ("Elk getoond cijfer" in said(pages["nl"], "groups")) == groups["ci_lower"].notna().all()
    assert set(estimates["source_of_interval"]) == {"microdata"}
    assert len(results.frame("prev_model")) == 8
    pairs = results.frame("prev_differences")
    outside = (pairs["lower"] > 0) | (pairs["upper"] < 0)
    assert (outside == (pairs["p_adj"].fillna(pairs["p_raw"]) < 0.05)).all()
    # nothing of a publisher's survey stands beside them
    for name in ("prev_related", "prev_nonresponse", "prev_persons", "persons_words", "publisher_said"):
        assert results.absent[name].code in ("not_asked", "not_published"), name


def test_drawings_name_the_answers_as_a_source(survey, plain):
    for results, source in ((survey[2], "antwoorden van deelnemers"), (plain[0], "CBS/WODC")):
        texts = waves(results.frame("prev_estimates"), 0.05, "nl").figure.texts
        words = " ".join(text.get_text() for text in texts)
        assert f"Bron: {source}" in " ".join(words.split())


@table(__file__, "parts_of_answers", "kept column value")
def test_answers_of_a_part_are_not_told_as_those_of_everyone(
    tmp_path, monkeypatch, capsys, kept, column, value
):
    answers(3, 0.1).query(kept).to_csv(tmp_path / "part.csv", index=False)
    monkeypatch.chdir(copy_project(tmp_path / "project"))
    assert main(["run", "prevalence", "-p", "microdata", str(tmp_path / "part.csv")]) == 1
    error = capsys.readouterr().err
    assert f'column "{column}", value "{value}"' in error and "wave 2020" in error
    assert "Traceback" not in error


@pytest.mark.whole_road
def test_neither_the_name_of_answers_nor_a_digit_that_was_not_audited_leaves(tmp_path, monkeypatch):
    """Every file of a run of one's own: the executed notebook, its page, tables, drawings and their descriptions."""
    few = answers().query(FEW)
    few.to_csv(tmp_path / "Jansen-secret.csv", index=False)
    monkeypatch.chdir(copy_project(tmp_path / "project"))
    assert main(["run", "prevalence", "-p", "microdata", str(tmp_path / "Jansen-secret.csv")]) == 0
    made = [p for p in (tmp_path / "project/build/own").rglob("*") if p.is_file()]
    texts = {p.name: p.read_text("utf-8") for p in made if p.suffix != ".png"}
    assert {"prevalence.ipynb", "prevalence.html"} <= set(texts)
    assert [name for name, text in texts.items() if "Jansen-secret" in text] == []
    true = prevalence_from_microdata(few, weight="weight", by=("wave", "sex", "age"))
    long = [f"{number:.6f}"[:-1] for number in true[["pct", "n_eff"]].to_numpy().ravel()]
    leaks = [(name, digits) for name, text in texts.items() for digits in long if digits in text]
    assert leaks == []


def test_few_answers_or_of_one_wave_or_of_waves_nobody_published_make_a_page_of_their_own(tmp_path):
    few, _ = run_answers(tmp_path, answers(11, 0.6).sample(400, random_state=1))
    assert few.frame("prev_group_changes").empty  # no group of a publisher is looked at
    one, pages = run_answers(tmp_path, answers(scale=0.3).query("wave == '2024'"))
    assert set(one.frame("prev_estimates")["wave"]) == {"2024"}
    assert ("sentence", "one-wave") in pages["nl"]
    other = answers(scale=0.3)
    other["wave"] = other["wave"].map({"2020": "2019", "2022": "2021", "2024": "2023"})
    results, pages = run_answers(tmp_path, other)
    assert set(results.frame("prev_estimates")["wave"]) == {"2019", "2021", "2023"}
    assert results.numbers["share"].period == "2023"
    text = " ".join(i.facts["text"] for (kind, _), i in pages["nl"].items() if kind == "sentence")
    assert "CBS" not in text.replace("in wat wij lazen", "")


def test_small_groups_are_withheld_and_say_why(tmp_path):
    results, pages = run_answers(tmp_path, answers().query(FEW))
    estimates = results.frame("prev_estimates")
    hidden = estimates[estimates["suppressed"]]
    assert {"primary", "complementary"} & set(hidden["suppression_reason"])
    assert hidden[["pct", "n", "n_eff", "persons"]].isna().all(axis=None)
    for language, words in (("nl", "niet getoond: te klein"), ("en", "not shown: too small")):
        assert words in pages[language]["table", "prev_estimates"].data["text/markdown"]


@pytest.mark.parametrize("seed", range(4))
def test_margins_of_groups_leave_the_share_of_everyone_and_say_how_it_varies(plain, tmp_path, seed):
    rng, rows = np.random.default_rng(seed), margin_rows()
    if seed == 0:  # the two groups of the documentation
        documented = (("2024", "female", "16-17"), ("2024", "male", "18-23"))
        rows = [r for r in rows if (r["wave"], r["sex"], r["age"]) in documented]
    else:
        rows = [rows[at] for at in sorted(rng.choice(len(rows), rng.integers(1, 12), replace=False))]
    results, pages = run(with_margins(tmp_path, rows))
    share, before = results.numbers["share"], plain[0].numbers["share"]
    assert (share.value, share.interval_kind) == (before.value, "implied")
    found = results.numbers["design_effect"]
    assert found.basis == "published" and found.lower <= found.value <= found.upper
    assert "According to published margins" in said(pages["en"], "design")
    estimates = results.frame("prev_estimates")
    assert (estimates["source_of_interval"] == "published").sum() == len(rows)
    groups = estimates[estimates["group"] != "total"]
    blind, of = int(groups["ci_lower"].isna().sum()), len(groups)
    assert 0 < blind < of
    text = said(pages["en"], "groups")
    assert text.startswith(f"There are {of} figures of groups; for {blind} no margin is known.")
    sized = groups[groups["n_eff"].notna()]
    if sized.groupby("group")["wave"].nunique().max() < 2:  # nothing tells waves from groups
        assert results.frame("prev_model").empty
        assert said(pages["nl"], "no-model").startswith("Niet te schatten")


def test_with_every_margin_everything_lights_up_and_answers_go_before_margins(tmp_path):
    root = with_margins(tmp_path, margin_rows())
    results, pages = run(root)
    assert (results.frame("prev_estimates")["source_of_interval"] == "published").sum() == 18
    assert set(results.frame("prev_differences")["family"]) == {"F1", "F2", "F3"}
    assert (len(results.frame("prev_model")), len(results.frame("prev_shrunken"))) == (8, 18)
    for name in ("prev_model", "prev_model_fit", "prev_shrunken"):
        assert ("table", name) in pages["nl"]
    assert ("sentence", "no-model") not in pages["nl"]
    results, _ = run_answers(tmp_path, answers(7, 0.8), root)
    persons, people = results.numbers["persons"], national(SHARES, 2) / 100 * POPULATION
    assert abs(persons.value - people) <= persons.upper - persons.lower
    assert set(results.frame("prev_estimates")["interval_kind"]) == {"design"}
