"""What the capacity page says hangs on the data: who published, who named a number, when it was stated, how sure it is."""

import pandas as pd
import pytest

from osw_stats.claims import summary
from osw_stats.data.clean import clean
from osw_stats.data.coded import load_answers, load_deadlines
from osw_stats.draw.capacity import gap, matrix, strip
from osw_stats.draw.style import svg_text
from osw_stats.errors import InputError, NotAskedError
from osw_stats.meaning.numbers import coding_grade
from osw_stats.meaning.observations import QUOTED
from osw_stats.stats.capacity import authorities, gaps
from osw_stats.text import capacity_words, documents
from osw_stats.text.language import month
from tests.conftest import PROJECT
from tests.simulated_figures import figure

DOCUMENT = {"nl": "Rapport (maart 2030)", "en": "Rapport (March 2030)"}


def words_of(chart):
    return " ".join(t.get_text().replace("\n", " ") for t in chart.figure.texts)


@pytest.fixture(scope="module")
def answers():
    return load_answers(PROJECT)


class TestWhoPublished:
    def test_a_document_is_named_by_title_and_month_and_no_body_by_nothing(self, answers, tables):
        assert documents.document(answers, tables.sources).value == {
            "nl": "Rapport online seksueel geweld (maart 2025)",
            "en": "Rapport online seksueel geweld (March 2025)",
        }
        assert documents.document(tables.ledger, tables.sources) == documents.document(
            answers, tables.sources
        )
        with pytest.raises(NotAskedError):
            capacity_words.bodies([])

    @pytest.mark.parametrize(("language", "none"), [("nl", "geen"), ("en", "none")])
    def test_the_chart_counts_out_of_all_bodies_listed(self, observations, language, none):
        fte, table = gaps.fte(observations), gaps.gaps(observations)
        listed = fte["body"].nunique()
        said = words_of(gap(table, listed, 0, language))
        assert f"{none} " in said
        assert str(listed) in said
        assert f" {len(table)} van {len(table)} " not in said
        assert none not in words_of(gap(table, listed, 3, language)).split(".")[0]


class TestNumbersNamed:
    def test_the_count_sees_what_the_police_named(self, answers, observations):
        told = authorities.coverage(answers).set_index("question").loc[3]
        assert (told["code4"], told["part"] + told["broader"], told["bodies"]) == (0, 1, 8)
        said = capacity_words.numbers_named(answers, observations, 3)
        assert said.value["nl"].startswith("1: Politie, “70.000 meldingen")
        assert said.counts == (1,)

    @pytest.mark.parametrize(
        ("body", "quote", "scope", "named"),
        [
            ("acm", "ongeveer 300 meldingen per jaar", "broader", True), ("ez", "enkele tientallen meldingen", "part", True),
            ("nr", "vooral meldingen over kinderen", "part", False), ("college", "40 meldingen", "", False),
        ],
    )  # fmt: skip
    def test_whoever_names_a_number_is_counted(self, answers, observations, body, quote, scope, named):
        planted = answers.copy()
        at = (planted["body"] == body) & (planted["question"] == 3)
        planted.loc[at, ["code", "scope", "quote"]] = [3, scope, quote]
        told = authorities.coverage(planted).set_index("question").loc[3]
        assert told["part"] + told["broader"] == 1 + named
        assert (quote in capacity_words.numbers_named(planted, observations, 3).value["nl"]) == named
        for language in ("nl", "en"):
            title = words_of(matrix(authorities.matrix(planted), told, DOCUMENT, language))
            assert f" {1 + named}" in title.split("Antwoorden")[0].split("Answers")[0]

    @pytest.mark.parametrize("planted", [0, 1, 3])
    def test_none_is_said_only_where_it_is_none(self, answers, planted):
        told = answers.copy()
        bodies = ["ap", "acm", "nr"][:planted]
        at = told["body"].isin(bodies) & (told["question"] == 3)
        told.loc[at, "code"], told.loc[at, "scope"], told.loc[at, "quote"] = 4, "subject", "12 meldingen"
        row = authorities.coverage(told).set_index("question").loc[3]
        title = words_of(matrix(authorities.matrix(told), row, DOCUMENT, "nl"))
        assert ("hele onderwerp: door geen" in title) == (planted == 0)


class TestDeadlines:
    def test_every_date_that_passed_says_whose_absence_it_is(self, tables):
        found = authorities.deadlines(*load_deadlines(PROJECT), tables.edition.as_of)
        by_id = found.set_index("id")["status"]
        assert by_id[["2.6", "2.8", "2.9", "7.18"]].tolist() == [
            "not_read",
            "not_read",
            "not_read",
            "not_found",
        ]
        for language, not_read, no_check in (("nl", "door ons nog niet gelezen (3)", "niet te controleren"), ("en", "not read by us yet (3)", "cannot be checked")):  # fmt: skip
            said = words_of(strip(found, DOCUMENT, language))
            assert not_read in said
            assert no_check not in said

    def test_a_letter_that_was_read_is_no_longer_unread(self, tables):
        table, evidence = load_deadlines(PROJECT)
        read = authorities.deadlines(table, evidence.assign(read="whole"), tables.edition.as_of)
        assert set(read.loc[read["id"].isin(["2.6", "2.8", "2.9"]), "status"]) == {"not_settled"}


class TestGrades:
    def test_one_readers_tally_is_no_full_count(self, tables):
        result = tables.claims()
        assert {e.grade for e in summary.counts(result).values()} == {coding_grade(1)}
        assert {e.grade for e in summary.counts(result, coders=2).values()} == {coding_grade(2)}
        assert "A" not in {coding_grade(n) for n in range(1, 5)}


class TestVia:
    def test_every_quoted_figure_has_a_document_that_quotes_it(self, tables):
        known = documents.by_id(tables.sources)
        quoted = tables.vintages[tables.vintages["locator"].str.contains(QUOTED)]
        assert len(quoted) > 40
        for row in quoted.to_dict("records"):
            source = known[row["source_id"]]
            assert source["via"] in known
            quoting = known[source["via"]]
            for language in ("nl", "en"):
                said = documents.name(source, known, language, [row["locator"]])
                assert f", via {quoting['title']} ({month(quoting['published'], language)}), " in said

    def test_who_read_the_document_itself_needs_no_via(self, tables):
        known = documents.by_id(tables.sources)
        for source in known.values():
            assert ("via" in source["read_in"] or bool(source["via"])) == ("quotes it" in source["read_in"])

    def change(self, project, name, old, new):
        path = project / "data/raw/police" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def test_a_quoted_figure_without_its_quoting_document_is_refused(self, project):
        for name in ("reports.source.yml", "press_figures.source.yml"):
            self.change(project, name, "    via: rapport-2025\n", "")
        with pytest.raises(InputError) as caught:
            clean(project)
        message = str(caught.value)
        assert "data/raw/police/" in message
        assert 'column "locator"' in message
        assert "via:" in message

    @pytest.mark.parametrize("wrong", ["nobody", "politie-2025-03-09", "ap-jv-2022"])
    def test_a_quoting_document_must_be_one_we_saw(self, project, wrong):
        for name in ("reports.source.yml", "press_figures.source.yml"):
            self.change(project, name, "    via: rapport-2025\n", f"    via: {wrong}\n")
        with pytest.raises(InputError, match=f'column "via", value "{wrong}"'):
            clean(project)

    def test_whose_figures_names_the_document_between(self, tables):
        rows = tables.observations
        for row in rows[rows["source_id"].isin(["politie-2025-03-09", "cvdm-jv-2023"])].to_dict("records"):
            (said,) = documents.whose(pd.DataFrame([row]), tables.sources, "nl")
            assert said.startswith(f"{row['publisher']}, via Rapport online seksueel geweld (maart 2025), ")

    def test_the_source_line_of_a_chart_can_say_via(self, observations):
        from osw_stats.draw.style import add_to_source

        chart = gap(gaps.gaps(observations), 13, 0, "nl")
        add_to_source(chart, ", via Rapport X (maart 2025)")
        for drawn in (chart.figure, chart.phone):
            assert "via" in svg_text(drawn)


class TestStated:
    @pytest.mark.parametrize(
        ("note", "published", "expected"),
        [("stated 2019-02: x", "2020-05-06", "in februari 2019"), ("", "2020-05-06", "op 6 mei 2020"), ("stated 2018", "", "in 2018"), ("", "", "in “T”")],
    )  # fmt: skip
    def test_a_need_says_when_it_was_stated(self, note, published, expected):
        need = figure("acm_dsa_fte", "2024", 60.0, breakdown="concept=needed", note=note, published=published)
        sources = pd.DataFrame([{"source_id": "doc", "title": "T"}])
        row = {"said": gaps.said_on(need), "document": "doc"}
        assert capacity_words.stated(row, sources).value["nl"] == expected
