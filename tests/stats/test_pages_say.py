"""What the pages on trends, capacity and claims say hangs on the data: downloaded tables (SIMULATED), who published, how sure it is."""

import math
from dataclasses import replace

import pandas as pd
import pytest

from osw_stats import load
from osw_stats.claims import summary
from osw_stats.data.clean import clean
from osw_stats.data.coded import load_answers, load_deadlines
from osw_stats.draw.capacity import gap, matrix, strip
from osw_stats.draw.style import add_to_source, svg_text
from osw_stats.errors import InputError, NotAskedError
from osw_stats.meaning.numbers import Absent, Fact, Number, coding_grade
from osw_stats.meaning.observations import QUOTED
from osw_stats.publish.contents import UNPUBLISHED
from osw_stats.publish.pages.lint import names_of
from osw_stats.publish.pages.render import render
from osw_stats.results.collected import Results
from osw_stats.stats.capacity import authorities, gaps
from osw_stats.text import capacity_words, documents
from osw_stats.text.language import month
from tests.cases import beside, table
from tests.computed import results_and_items
from tests.conftest import PROJECT
from tests.simulated import drop_police_table, export_by_month, export_by_region, simulated


def run(root=PROJECT, tables=None, **parameters):
    return results_and_items(root, "trend", tables or load(2024, root), **parameters)


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
    """Later years may have risen, and halves between them: the levels of two halves are compared."""
    _, found = run(tables=load(2025))
    for language, words in (
        ("nl", "en was in de eerste helft van 2025 niet nog hoger."),
        ("en", "and was not higher still in the first half of 2025."),
    ):
        sentences = [item for (kind, _), item in found[language].items() if kind == "sentence"]
        assert any(words in sentence.facts["text"] for sentence in sentences)


CASES = beside(__file__, "capacity_sentences.yml")
DOCUMENT = {"nl": "Rapport (maart 2030)", "en": "Rapport (March 2030)"}


def words_of(chart):
    return " ".join(t.get_text().replace("\n", " ") for t in chart.figure.texts)


@pytest.fixture(scope="module")
def answers():
    return load_answers(PROJECT)


def of(value, unit, verdict="", period=""):
    about = ("rounding", ("a",), "m", "B", period)
    return Number(value, unit, value - 2, value + 2, *about, verdict=verdict)


def result(value):
    """Return what a value of the cases stands for: a number with its unit, bodies by their codes, or a fact."""
    if not isinstance(value, list):
        return Fact(value)
    return of(*value) if isinstance(value[0], float | int) else capacity_words.bodies(value)


def numbers_of_gap(body, need, met, names, verdict="one_year", unit="fte"):
    """Return the numbers of one body as the notebook registers them."""
    numbers = {"gap": of(need - met, unit, verdict), names[0]: of(need, unit, period="2031")}
    numbers[names[1]] = of(met, unit, period="2031" if verdict == "one_year" else "2033")
    numbers["stated"] = Fact({"nl": "in mei 2030", "en": "in May 2030"})
    return {f"{body}_{name}": number for name, number in numbers.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["of"])
def test_a_page_says_what_follows_from_its_results(tables, case):
    notebook = case.get("page", "capacity_gap")
    names = names_of(PROJECT / f"notebooks/{notebook}.ipynb")[0]
    numbers = numbers_of_gap(**case["gap"]) if "gap" in case else {}
    numbers |= {name: result(value) for name, value in case["values"].items()}
    assert set(numbers) <= set(names)
    results = Results(numbers=numbers, absent={n: Absent("not_asked") for n in names if n not in numbers})
    for language in ("nl", "en"):
        page = render(PROJECT, f"{notebook}-annex", language, results, tables)
        said = [p for p in page.parts if not isinstance(p, str) and p.kind in ("sentence", UNPUBLISHED)]
        texts = {item.name: item.facts["text"] for item in said}
        (text,) = [texts[case["sentence"]]] if case["sentence"] else texts.values()  # the only one
        assert "  " not in text
        wanted = case.get(language, {})
        assert [words for words in wanted.get("says", ()) if words not in text] == [], text
        assert [words for words in wanted.get("not", ()) if words in text] == [], text


class TestCharts:
    @pytest.mark.parametrize(("language", "none"), [("nl", "geen"), ("en", "none")])
    def test_the_chart_of_gaps_counts_out_of_all_bodies_listed(self, observations, language, none):
        table, listed = gaps.gaps(observations), gaps.fte(observations)["body"].nunique()
        said = words_of(gap(table, listed, 0, language))
        assert f"{none} " in said and str(listed) in said
        assert f" {len(table)} van {len(table)} " not in said
        assert none not in words_of(gap(table, listed, 3, language)).split(".")[0]

    @table(__file__, "numbers_named", "body quote scope named")
    def test_whoever_names_a_number_is_counted_beside_the_police(
        self, answers, observations, body, quote, scope, named
    ):
        planted = answers.copy()
        at = (planted["body"] == body) & (planted["question"] == 3)
        planted.loc[at, ["code", "scope", "quote"]] = [3, scope, quote]
        told = authorities.coverage(planted).set_index("question").loc[3]
        assert (told["code4"], told["part"] + told["broader"]) == (0, 1 + named)
        said = capacity_words.numbers_named(planted, observations, 3)
        assert said.counts == (1 + named,) and "Politie, “70.000 meldingen" in said.value["nl"]
        assert (quote in said.value["nl"]) == named
        for language in ("nl", "en"):
            title = words_of(matrix(authorities.matrix(planted), told, DOCUMENT, language))
            assert f" {1 + named}" in title.split("Antwoorden")[0].split("Answers")[0]

    @pytest.mark.parametrize("planted", [0, 1, 3])
    def test_none_is_said_only_where_it_is_none(self, answers, planted):
        told = answers.copy()
        at = told["body"].isin(["ap", "acm", "nr"][:planted]) & (told["question"] == 3)
        told.loc[at, ["code", "scope", "quote"]] = [4, "subject", "12 meldingen"]
        row = authorities.coverage(told).set_index("question").loc[3]
        title = words_of(matrix(authorities.matrix(told), row, DOCUMENT, "nl"))
        assert ("hele onderwerp: door geen" in title) == (planted == 0)

    def test_every_date_that_passed_says_whose_absence_it_is(self, tables):
        coded = load_deadlines(PROJECT)
        table = authorities.deadlines(*coded, tables.edition.as_of)
        status = table.set_index("id")["status"]
        assert status[["2.6", "2.8", "2.9", "7.18"]].tolist() == [*["not_read"] * 3, "not_found"]
        dutch, english = (words_of(strip(table, DOCUMENT, language)) for language in ("nl", "en"))
        assert "door ons nog niet gelezen (3)" in dutch and "niet te controleren" not in dutch
        assert "not read by us yet (3)" in english and "cannot be checked" not in english
        # a letter that was read is no longer unread
        read = authorities.deadlines(coded[0], coded[1].assign(read="whole"), tables.edition.as_of)
        assert set(read.loc[read["id"].isin(["2.6", "2.8", "2.9"]), "status"]) == {"not_settled"}

    def test_the_source_line_of_a_chart_can_say_via(self, observations):
        chart = gap(gaps.gaps(observations), 13, 0, "nl")
        add_to_source(chart, ", via Rapport X (maart 2025)")
        assert all("via" in svg_text(drawn) for drawn in (chart.figure, chart.phone))


def test_one_readers_tally_is_no_full_count(tables):
    result = tables.claims()
    assert {e.grade for e in summary.counts(result).values()} == {coding_grade(1)}
    assert {e.grade for e in summary.counts(result, coders=2).values()} == {coding_grade(2)}
    assert "A" not in {coding_grade(n) for n in range(1, 5)}


class TestVia:
    def test_a_document_is_named_by_title_and_month_and_no_body_by_nothing(self, answers, tables):
        named = documents.document(answers, tables.sources)
        title = "Rapport online seksueel geweld"
        assert named.value == {"nl": f"{title} (maart 2025)", "en": f"{title} (March 2025)"}
        assert documents.document(tables.ledger, tables.sources) == named
        with pytest.raises(NotAskedError):
            capacity_words.bodies([])

    def test_every_quoted_figure_has_a_document_that_quotes_it(self, tables):
        known = documents.by_id(tables.sources)
        quoted = tables.vintages[tables.vintages["locator"].str.contains(QUOTED)]
        assert len(quoted) > 40
        for row in quoted.to_dict("records"):
            source = known[row["source_id"]]
            quoting = known[source["via"]]
            for language in ("nl", "en"):
                said = documents.via(source, known, language, [row["locator"]])
                assert f", via {quoting['title']} ({month(quoting['published'], language)}), " in said
        for source in known.values():  # who read the document itself needs no via
            assert ("via" in source["read_in"] or bool(source["via"])) == ("quotes it" in source["read_in"])

    @table(__file__, "quoting", "via words")
    def test_a_quoting_document_must_be_named_and_one_we_saw(self, project, via, words):
        for name in ("reports.source.yml", "press_figures.source.yml"):
            path = project / "data/raw/police" / name
            text = path.read_text(encoding="utf-8")
            assert "    via: rapport-2025\n" in text
            path.write_text(text.replace("    via: rapport-2025\n", via, 1), encoding="utf-8")
        with pytest.raises(InputError) as caught:
            clean(project)
        assert [part for part in words if part not in str(caught.value)] == []

    def test_whose_figures_names_the_document_between(self, tables):
        rows = tables.observations
        for row in rows[rows["source_id"].isin(["politie-2025-03-09", "cvdm-jv-2023"])].to_dict("records"):
            (said,) = documents.whose(pd.DataFrame([row]), tables.sources, "nl")
            assert said.startswith(f"{row['publisher']}, via Rapport online seksueel geweld (maart 2025), ")
