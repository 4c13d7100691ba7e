"""The page on trends with tables of the police that were downloaded, and where figures lack or turn (SIMULATED)."""

import math
from dataclasses import replace

import pytest

from osw_stats import load
from tests.cases import table
from tests.computed import by_name, computed, passed
from tests.conftest import PROJECT
from tests.simulated import drop_police_table, export_by_month, export_by_region, simulated


def run(root=PROJECT, tables=None, **parameters):
    """Return what the notebook registers, and what its page tells by language, kind and name."""
    tables = tables or load(2024, root)
    results = computed(root, "trend", tables=tables, **parameters)
    pages = passed(root, "trend", results, tables)
    return results, {language: by_name(page) for language, page in pages.items()}


def said(found, name):
    return found["sentence", name].facts["text"]


STEPS = {"down": -0.3, "none": 0.0, "up": 0.3}
WORDS = {"down": "minder geregistreerde", "up": "meer geregistreerde"}


class TestAMonthlyTable:
    @pytest.mark.parametrize(("step", "seed"), [("down", 1), ("none", 2), ("up", 3)])
    def test_the_step_that_was_planted(self, project, step, seed):
        series = simulated(seed, step=STEPS[step], n=108)
        results, found = run(drop_police_table(project, "47022NED", export_by_month(series)))
        primary = results.frame("its_sensitivity").set_index("variant").loc["primary"]
        # in logarithms, and twice the margin: one seed in twenty lies outside it
        assert abs(math.log(primary["rr"]) - STEPS[step]) <= math.log(primary["upper"] / primary["lower"])
        assert (primary["lower"] > 1) == (step == "up") and (primary["upper"] < 1) == (step == "down")
        excess = results.frame("its_excess")
        last = excess[excess["month"] == excess["month"].max()]["cum_excess"].item()
        assert step == "none" or (last > 0) == (step == "up")
        assert ("sentence", "no_monthly") not in found["nl"]
        told = said(found["nl"], "monthly")
        assert ("meer dan de gewone schommeling" in told) is (step != "none")
        assert step == "none" or WORDS[step] in told
        # no estimate of the model without its margin
        fit = results.frame("its_fit")
        assert ((fit["rr_lower"] <= fit["rr"]) & (fit["rr"] <= fit["rr_upper"])).all()

    @pytest.mark.parametrize(("n", "first", "before"), [(60, "2018-01", "60"), (24, "2023-01", "18")])
    def test_a_table_that_allows_no_estimate_says_why(self, project, n, first, before):
        series = simulated(5, n=n, first=first)
        results, found = run(drop_police_table(project, "47022NED", export_by_month(series)))
        assert f"Zij heeft {before} maanden voor juli 2024; nodig zijn er 36" in said(found["nl"], "monthly")
        assert f"It has {before} months before July 2024; it needs 36" in said(found["en"], "monthly")
        assert results.absent["its_fit"].code == "not_estimable"
        assert ("table", "its_fit") not in found["nl"]


class TestARegionTable:
    @table(__file__, "planted_regions", "place factor seed outside nl en")
    def test_the_verdict_names_what_was_planted(self, project, place, factor, seed, outside, nl, en):
        text = export_by_region(seed, first=2019, planted={place: factor})
        results, found = run(drop_police_table(project, "47013NED", text), region=place)
        for language, words in (("nl", nl), ("en", en)):
            assert place in said(found[language], "region") and words in said(found[language], "region")
        assert results.frame("region_funnel").set_index("name").loc[place, "outside"] == outside
        years = results.frame("region_years")
        assert (years["change"].isna() == years["reason"].ne("")).all()  # no blank without a reason
        reasons = years[years["reason"].ne("")].set_index("year")["reason"].to_dict()
        assert reasons == {2019: "first_year", 2024: "definition_changed"}

    def test_without_a_region_asked_for_there_is_no_trace_of_one(self):
        results, found = run()
        assert results.absent["region_name"].code == "not_asked"
        assert not {("sentence", "region"), ("figure", "region-funnel")} & set(found["nl"])


def test_a_total_that_was_published_is_not_said_to_be_absent():
    tables = load(2024)
    figures = tables.observations.copy()
    row = figures["series_id"].eq("helpwanted_requests") & figures["time_period"].eq("2023")
    assert row.any()
    figures.loc[row, ["obs_value", "lower", "upper"]] = 12100.0
    figures.loc[row, "obs_status"] = "normal"
    results, found = run(tables=replace(tables, observations=figures))
    assert "niet gepubliceerd" not in said(found["nl"], "subjects")
    assert "In 2023 waren het er 12.100." in said(found["nl"], "subjects")
    assert results.numbers["helpwanted_growth"].basis == "derived"
    assert "0,9 procent meer dan in 2023" in said(found["nl"], "requests")
    # neither is more than ordinary variation
    assert "geldt dat niet" not in said(found["nl"], "subjects")
    drawn = results.figures["trend-subjects"]
    assert all("afgeleid" not in c["alt"] + c["caption"] for c in drawn.charts.values())


def test_what_half_years_show_is_said_of_the_last_of_them_and_not_of_what_came_later():
    """The years after it may have risen: an open “not again after that” would be false then."""
    _, found = run(tables=load(2025))
    for language, words in (
        ("nl", "en in de eerste helft van 2025 niet verder."),
        ("en", "and not again in the first half of 2025."),
    ):
        sentences = [item for (kind, _), item in found[language].items() if kind == "sentence"]
        assert any(words in sentence.facts["text"] for sentence in sentences)
