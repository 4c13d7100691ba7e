"""What the pages on capacity and on claims say hangs on the data: who published, who named a number, when, how sure it is."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

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
from tests.cases import table
from tests.conftest import PROJECT
from tests.simulated_figures import figure

CASES = yaml.safe_load(Path(__file__).with_name("capacity_sentences.yml").read_text(encoding="utf-8"))
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


@table(__file__, "needs_stated", "note published expected")
def test_a_need_says_when_it_was_stated(note, published, expected):
    need = figure("acm_dsa_fte", "2024", 60.0, breakdown="concept=needed", note=note, published=published)
    sources = pd.DataFrame([{"source_id": "doc", "title": "T"}])
    row = {"said": gaps.said_on(need), "document": "doc"}
    assert capacity_words.stated(row, sources).value["nl"] == expected


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
