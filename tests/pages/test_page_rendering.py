"""Pages: how results are said, what a sentence carries along, what becomes of what is absent."""

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osw_stats.errors import InputError, OswError
from osw_stats.meaning.numbers import Fact
from osw_stats.meaning.series import Break, series
from osw_stats.publish import own_claims
from osw_stats.publish.contents import items
from osw_stats.publish.pages.render import environment, prepared
from osw_stats.publish.pages.source import blocks
from osw_stats.publish.pages.values import PRIVATE, mark_words, pieces, printed
from osw_stats.text.gaps import absence
from osw_stats.wording.scan import scan
from tests.cases import beside
from tests.pages.made import BOX, drawing, from_row, not_published, number, rendered, results, shown, told

TITLE = "# Titel\n\n"
CASES = beside(__file__, "rendered.yml")
VALUES = {name: from_row(row) for name, row in CASES["values"].items()} | {"t": pd.DataFrame({"x": [1]})}
CONTENT = ("Proza.", "X {{ k }}.", "X {{ n }}.", "X {{ r }}.", "{% if not k %}x{% endif %}")
SERIES = ["police_reports", "helpwanted_requests"]
ROWS = pd.DataFrame({"series": SERIES, "observations": "police_reports/2024/politie-2025-03-09"})
POLICE = {"series_id": "police_reports", "time_period": "2030"}
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
UNITS = st.sampled_from(["percent", "times", "police_reports", "fte", "eur", "percentage_points"])


@pytest.fixture
def page(tmp_path, tables):
    def make(text, language="nl", /, **values):
        return rendered(tmp_path, TITLE + text, results(**values), tables, language)

    return make


def one(page):
    (item,) = told(page)
    return item.facts["text"]


@pytest.mark.parametrize(("way", "nl", "en"), CASES["ways"])
def test_each_way_prints_what_the_language_says(page, way, nl, en):
    for language, expected in (("nl", nl), ("en", en)):
        assert one(page(f"::: {{#s}}\nX {way}.\n:::\n", language, **VALUES)) == f"X {expected}."


@pytest.mark.parametrize(("holds", "test"), [(k, test) for k in ("holds", "fails") for test in CASES[k]])
def test_tests_are_answered_by_what_is_printed_and_false_of_what_is_absent(page, holds, test):
    text = "{% if " + test + " %}holds {{ k }}{% else %}fails {{ k }}{% endif %}"
    assert one(page(text, **VALUES)) == f"{holds} 3"


@pytest.mark.parametrize(("text", "message"), CASES["refused"])
def test_what_cannot_be_filled_in_is_refused_with_its_line(page, text, message):
    with pytest.raises(InputError, match=f"trend.qmd.*{message}"):
        page(text, **VALUES)


@pytest.mark.parametrize("case", CASES["shown"], ids=lambda case: case["of"])
def test_a_reader_sees_what_is_there_and_why_something_is_absent(page, case):
    assert shown(page(case["text"], **VALUES)) == ["# Titel", *case["shown"]]


def test_a_sentence_carries_its_numbers_grade_words_and_question(page):
    text = "Van {{ a }} naar {{ b.number }}: {{ a.number }} in {{ d }} bij {{ c }} van {{ q }}."
    values = {"a": number(5.2, 4.9, 5.5, grade="A"), "b": number(7.0, grade="C"), "d": date(2024, 7, 1)}
    values["q"] = Fact({"nl": "“ruim 3”", "en": "“over 3”"}, quotes=("ruim 3",), counts=(3,))
    (item,) = told(page(f'::: {{#growth .headline question="Meer?"}}\n{text}\n:::\n', c=1234, **values))
    facts = item.facts
    assert (item.name, facts["headline"], facts["question"], facts["grade"]) == ("growth", True, "Meer?", "C")
    assert ([n["name"] for n in facts["numbers"]], facts["counted"]) == (["a", "b"], [1234, 3])
    assert facts["words"] == ["1 juli 2024", "1.234", "ruim 3"]
    assert "".join(words for words, _ in facts["parts"]) == facts["text"]
    assert [name for _, name in facts["parts"] if name] == ["a", "b", "a"]
    assert item.data["text/markdown"].startswith(f"**{facts['text']}**\n\nZekerheid van het bewijs C: ")


def test_no_two_sentences_have_one_name_and_those_without_are_called_after_what_they_say(page):
    text = "Er zijn {{ a }}.\n\n::: {#a}\nX {{ a }}.\n\nY {{ a }}.\n:::\n\nEn {{ b }}.\n\nEn {{ b }}.\n\nGewoon.\n"
    made = page(text, a=12, b=3)
    assert [i.name for i in told(made)] == ["a-also", "a", "a-2", "b", "b-2"]
    assert shown(made)[-1] == "Gewoon."


def test_the_engine_lends_templates_nothing_and_a_line_that_ends_in_a_tag_keeps_its_end():
    sandbox = environment()
    assert not (sandbox.globals or sandbox.filters or sandbox.tests or sandbox.loader)
    text = prepared("a {% if x %}b{% endif %}\nc\n{% if y %}\nd\n{% endif %}\n")
    assert sandbox.from_string(text).render(x=1, y=1) == "a b\nc\nd\n"


@pytest.mark.parametrize(("turn", "lost"), [(1, ["s", "n"]), (-1, ["n", "s"])])
def test_headlines_that_lack_go_to_the_start_page_as_their_reason_each_with_its_question(page, turn, lost):
    both = ['::: {#s .headline question="Q?"}\n{{ n.change }}\n:::\n\n', "A {{ n }}.\n\n"]
    (reason,) = told(page("".join(both[::turn]), n=not_published()), "unpublished")
    expected = {"headline": True, "question": "Q?", "lost": lost}
    assert {key: reason.facts[key] for key in expected} == expected
    text = "".join(f'::: {{#{q} .headline question="{q}?"}}\n{{{{ n }}}}\n:::\n\n' for q in ("a", "b"))
    assert [i.facts["question"] for i in told(page(text, n=not_published()), "unpublished")] == ["a?", "b?"]


def test_a_page_of_nothing_keeps_its_title_its_box_and_its_sources(page):
    text = CASES["of_nothing"].replace("BOX", BOX)
    made = page(text, n=VALUES["unknown"], day=date(2024, 12, 31))
    assert shown(made)[:2] == ["# Titel", "Op 31 december 2024 was er niets."]
    (reason,) = told(made, "unpublished")
    assert (reason.facts["headline"], reason.name) == (True, "none")
    assert [i.kind for i in items(made)] == ["unpublished", "sources"]
    assert "callout" in "".join(shown(made))
    assert "Op 31 december" not in "".join(shown(page(text, n=number(1.0), day=date(2024, 12, 31))))


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(2, 4), st.sampled_from(CONTENT)), max_size=9))
def test_headings_never_jump_a_level(tables, tmp_path_factory, drawn):
    text, level = TITLE, 1
    for wanted, content in drawn:
        level = min(wanted, level + 1)
        text += f"{'#' * level} Kop\n\n{content}\n\n"
    found = results(k=3, n=not_published(), r=VALUES["unasked"])
    made = rendered(tmp_path_factory.mktemp("p"), text, found, tables)
    levels = [len(p) - len(p.lstrip("#")) for p in made.parts if isinstance(p, str) and p.startswith("#")]
    assert levels[0] == 1 and all(b <= a + 1 for a, b in pairwise(levels))


def test_a_figure_has_its_files_its_rows_and_its_sentence(page):
    made = page('::: {#s}\nX {{ k }}.\n:::\n\n{{ figure("f", says="s") }}\n', k=3, f=drawing("f", ROWS))
    (figure,) = told(made, "figure")
    assert set(figure.data) == {"image/svg+xml", "image/png"}
    assert figure.facts["csv"].startswith("series,observations\n")
    expected = {"says": "s", "caption": "C", "alt": "A", "groups": [["a", "b"]]}
    assert {key: figure.facts[key] for key in expected} == expected


def test_parts_of_a_table_take_the_whole_along_once(page, tables):
    claims = tables.claims()
    chapters = [{"key": c, "name": {"nl": f"Hoofdstuk {c}", "en": c}, "figure": ""} for c in ("1", "4")]
    table = '{{ table("claims_result", chapter=part.key) }}'
    text = f"{{% for part in chapters %}}\n### {{{{ part.name }}}}\n\n{table}\n\n{{% endfor %}}\n"
    made = page(text, claims_result=claims, chapters=chapters)
    assert [i.kind for i in items(made)] == ["table", "extract", "extract"]
    (whole,) = told(made, "table")
    assert whole.data["text/markdown"] == "" and whole.facts["csv"].count("\n") > len(claims)
    assert [p for p in shown(made) if p.startswith("###")] == ["### Hoofdstuk 1", "### Hoofdstuk 4"]


def test_series_and_documents_are_those_named_and_those_of_tables_that_are_there(page):
    text = '{{ counted("t", "meldpunt_reports", "gone") }}\n\n{{ gaps("t") }}\n\n{{ sources("t", "gone", "n", "f") }}'
    made = page(text, t=ROWS, gone=VALUES["unknown"], n=number(1.0), f=drawing("f", ROWS))
    _, about, missing, sources = shown(made)
    assert about.count("\n") == 2
    assert about.startswith("- *Meldingen van seksuele misdrijven* (Politie).")
    assert missing.startswith("- ")
    assert re.findall(r"#src-([\w-]+)", sources) == ["politie-2025-03-09"]


@pytest.mark.parametrize(("changes", "said"), CASES["last"])
def test_the_last_printed_figure_of_everyone_is_named_with_its_period(tables, changes, said):
    row = tables.observations[tables.observations["obs_id"].str.startswith("police_reports/2024/")].iloc[:1]
    rows = pd.concat([row.assign(**change) for change in changes], ignore_index=True)
    text = absence([POLICE], replace(tables, observations=rows, vintages=rows), "en")
    assert "2030* (was not in what we read" in text
    assert said in text if said else "last figure" not in text


def test_what_is_there_is_not_called_absent(tables):
    there = {"series_id": "police_reports", "time_period": "2024"}
    assert absence([there], tables, "nl").startswith("Deze cijfers zijn er")
    assert "2024" not in absence([there, POLICE | {"time_period": "2019"}], tables, "nl")


@given(WORDS, st.sampled_from(["number", "fact"]), WORDS)
def test_marks_give_back_what_was_said_and_never_leak(before, way, words):
    found = pieces(PRIVATE.sub("", before) + mark_words("n", way, words))
    assert [(p.name, p.way) for p in found if p.name] == [("n", way)]
    assert not PRIVATE.search("".join(p.words for p in found))


@given(st.text("ab #-{}%\n`|>*", max_size=60))
def test_blocks_lose_no_word(text):
    for whole in (text, f"```\na\n{text}"):  # also in a fence that nothing closes
        assert re.sub(r"[^ab]", "", "".join(b.text for b in blocks(whole))) == re.sub(r"[^ab]", "", whole)


@given(st.floats(0.2, 90_000, allow_nan=False), UNITS, st.sampled_from(CASES["shapes"]))
def test_every_printed_number_is_known_and_reads_as_rounded(tables, tmp_path_factory, value, unit, shape):
    n, (language, text) = number(value, value * 0.9, value * 1.1, unit=unit, before="2023"), shape
    page = rendered(tmp_path_factory.mktemp("p"), TITLE + text, results(n=n), tables, language)
    held = own_claims.own_claims({("trend", language): page}, tables)
    assert set(held["number"]) <= {"n"} and held["held"].all()
    rounded = [abs(printed(replace(n, value=limit))) for limit in (n.value, n.lower, n.upper)]
    for statement in scan(one(page), language=language):
        if statement.is_claim:
            ends = [e for e in (statement.lower, statement.upper) if e is not None]
            for end in ends if statement.value is None else [statement.value]:
                assert abs(end) in [pytest.approx(limit, abs=1e-6) for limit in rounded], (statement, n)


@pytest.mark.parametrize(("text", "named"), CASES["own"])
def test_a_number_in_our_sentences_is_registered_counted_or_a_sources_own(page, tables, text, named):
    claims = own_claims.own_claims({("trend", "nl"): page(text, **VALUES)}, tables)
    assert claims["held"].all() == bool(named)
    if named:
        assert named in set(claims["number"])
    else:
        with pytest.raises(OswError, match=r'pages/nl/trend.qmd, sentence "(n|typed)": it prints'):
            own_claims.require(claims)


@pytest.mark.parametrize("said_in", ["title", "counts", "population", "caveat", "breaks"])
def test_a_number_in_what_a_series_says_of_itself_is_quoted(page, tables, monkeypatch, said_in):
    text = {"nl": "Vanaf 2026 tellen 72.000 vragen van één persoon niet mee.", "en": "72,000 of one person."}
    own = {said_in: (Break("2026", text),) if said_in == "breaks" else text}
    monkeypatch.setattr(own_claims, "catalogue", lambda: {"x": replace(series("police_reports"), **own)})
    told_of = page("::: {#s}\n{{ words }} Dat is {{ n }}.\n:::\n", words=Fact(text), n=number(5.6))
    claims = own_claims.own_claims({("trend", "nl"): told_of}, tables)
    assert {"quoted", "n"} <= set(claims["number"])
    assert claims["held"].all()


def test_the_summary_of_own_claims_counts_by_page(page, tables):
    pages = {("trend", language): page("X {{ n }}.", language, n=number(5.6)) for language in ("nl", "en")}
    summary = own_claims.summary(own_claims.own_claims(pages, tables))
    assert summary.to_dict("records") == [{"notebook": "trend", "sentences": 2, "numbers": 2, "held": 2}]
