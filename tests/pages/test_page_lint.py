"""Bad pages are refused before anything runs: each planted wording by file, line, words and what to write instead."""

import json
import re

import pandas as pd
import pytest

from osw_stats.errors import OswError
from osw_stats.publish.pages import lint
from osw_stats.publish.pages.claim_words import claims, numbers
from osw_stats.yamlfile import read_yaml
from tests.cases import beside, words
from tests.conftest import PROJECT
from tests.pages.made import write

WORDINGS = beside(__file__, "wordings.yml")
CODE, BOX = WORDINGS["code"], WORDINGS["box"]
BAD = [(language, *row) for language, rows in WORDINGS["bad"].items() for row in rows]
FAIR = [(language, text) for language, texts in WORDINGS["fair"].items() for text in texts]
PAGES = sorted((PROJECT / "pages").rglob("*.qmd"))
GLOSSARY = beside(__file__, "glossary.yml")
TEXTS = [*sorted((PROJECT / "pages" / "en").glob("*.qmd")), PROJECT / "_quarto-en.yml"]
PARTS = words("draw/charts text/tables text/words publish/site/words meaning/units meaning/series/*")
IN_BOTH = [path for part in PARTS for path in sorted((PROJECT / "osw_stats").glob(f"{part}.yml"))]
BY_HAND = sorted((PROJECT / "data" / "raw" / "authorities").glob("deadlines*.csv"))


@pytest.fixture
def project(tmp_path):
    def make(text, language="nl", code=CODE, other=None, always=(), box=BOX):
        (tmp_path / "notebooks").mkdir(exist_ok=True)
        cells = [{"cell_type": "code", "source": c, "metadata": {}, "outputs": []} for c in code.split("---")]
        notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (tmp_path / "notebooks" / "made.ipynb").write_text(json.dumps(notebook))
        front = f"---\nalways: {json.dumps(list(always))}\n---\n" if always else ""
        for each in ("nl", "en"):
            body = text if each == language or other is None else other
            write(tmp_path, f"{front}# Titel\n\n{body}\n\n{box[each]}", each, "made")
        return tmp_path

    return make


def faults(root, language="nl"):
    return [e for e in lint.faults(root) if str(e.file).startswith(f"pages/{language}/")]


@pytest.mark.parametrize(("language", "text", "problem", "words"), BAD)
def test_a_bad_wording_is_refused_with_its_line_and_what_to_write(project, language, text, problem, words):
    found = faults(project(text, language), language)
    hit = [e for e in found if problem in e.problem and (not words or e.value == words)]
    assert hit, found
    assert hit[0].remedy
    assert hit[0].row == 3 or "heading" in problem or "twice" in problem


@pytest.mark.parametrize(("language", "text"), FAIR)
def test_a_fair_wording_passes(project, language, text):
    assert faults(project(text, language), language) == []


def test_planted_false_sentences_stop_the_build_each_with_its_line_and_remedy(project):
    text = "De stijging valt weg zodra {{ n }}.\n\nHet totaal over {{ n.before }} is nooit gepubliceerd."
    with pytest.raises(OswError) as error:
        lint.check(project(text, other="X {{ n }} {{ n.before }}."))
    first, second = (line.removeprefix("pages/nl/made.qmd, row ") for line in str(error.value).split("\n"))
    assert first.startswith('3, value "stijging": ') and second.startswith('5, value "nooit gepubliceerd": ')
    assert "{% if NAME.rises %}" in first and "always:" in second


@pytest.mark.parametrize(("text", "always", "expected"), WORDINGS["always"])
def test_phrases_that_always_hold_exempt_only_themselves_at_their_line(project, text, always, expected):
    assert [[e.value, e.row] for e in faults(project(text, always=always))] == expected


def test_the_box_may_say_what_is_not_shown_but_no_number_and_no_rise(project):
    box = {"nl": BOX["nl"].replace("Geen trend", "Geen stijging in drie rondes"), "en": ""}
    root = project("X.", box=box)
    assert [e.value for e in faults(root) if e.row] == ["drie", "stijging"]
    assert any("has no box" in e.problem for e in faults(root, "en"))


@pytest.mark.parametrize(("nl", "en", "value"), WORDINGS["one_language"])
def test_both_languages_use_the_same_names_headings_and_blocks(project, nl, en, value):
    assert value in [e.value for e in faults(project(nl, other=en)) if "pages/en/made.qmd" in e.problem]


@pytest.mark.parametrize("second", ["report.add(a=2)", "report.table('a', f)"])
def test_a_name_registered_twice_is_refused_and_for_an_unknown_one_the_nearest_proposed(project, second):
    (fault,) = lint.faults(project("X.", code=f"report.add(a=1)\n---{second}"))
    assert (fault.file, fault.value) == ("notebooks/made.ipynb, cell 2", "a")
    (fault,) = faults(project("X {{ cont }}."))
    assert 'Did you mean "count"?' in fault.remedy


def test_what_is_not_there_and_front_matter_of_something_else_are_refused(project):
    root = project("X.")
    write(root, "---\ntitle: x\n---\n# T\n", name="made")
    with pytest.raises(OswError, match="may hold `always` alone"):
        lint.check(root)
    (root / "pages/nl/made.qmd").unlink()
    with pytest.raises(OswError, match=r"pages/nl/made.qmd: the page of this notebook is not there"):
        lint.check(root)


@pytest.mark.parametrize(("text", "row"), WORDINGS["untitled"])
@pytest.mark.parametrize("name", ["made", "made-annex", "about"])
def test_a_page_without_a_title_is_refused_at_its_line_whatever_it_tells(project, text, row, name):
    root = project("X.")
    for language in ("nl", "en"):
        write(root, "# Titel\n\nX.\n\n" + BOX[language], language, "made-annex")
        write(root, "# Titel\n", language, "about")
    assert lint.faults(root) == []
    write(root, text, "en", name)
    with pytest.raises(OswError, match=rf"pages/en/{name}.qmd, row {row}: does not begin with a title"):
        lint.check(root)


@pytest.mark.parametrize(("language", "text", "kinds"), WORDINGS["overlapping"])
def test_of_phrases_that_overlap_the_longest_counts(language, text, kinds):
    assert [c.kind for c in claims(text, language)] == kinds


@pytest.mark.parametrize(("language", "text", "words"), WORDINGS["numbers"])
def test_number_words_are_seen(language, text, words):
    assert sorted(c.words for c in numbers(text, language)) == sorted(words)


@pytest.mark.parametrize(("part", "nl", "en", "kind", "value"), WORDINGS["charts"]["bad"])
def test_the_words_of_a_chart_claim_nothing_that_no_test_chooses(part, nl, en, kind, value):
    fault = lint.chart_faults({"trend": WORDINGS["charts"]["plain"] | {part: {"nl": nl, "en": en}}})[0]
    assert kind in fault.problem and fault.value == value
    assert fault.column.startswith("trend.")


def test_a_chart_may_choose_a_claim_by_a_test_and_say_what_always_holds():
    assert lint.chart_faults({"trend": WORDINGS["charts"]["fair"]}) == []
    assert lint.chart_faults(read_yaml(lint.CHARTS)) == []  # those of the report


@pytest.mark.parametrize("path", PAGES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_the_word_that_compares_comes_with_the_number_whatever_its_direction(path):
    page = path.read_text(encoding="utf-8")
    # "more than", but "practically as many as"; "higher than", but "as high as"
    assert not re.findall(
        r"(?:\.change \}\}[^{}.]*?|\.direction\([^{}]*\}\}\s+)\b(?:dan|als|than|as)\b", page
    )


def english() -> dict[str, str]:
    """Return the English text of pages, charts, tables and pieces, by file."""
    texts = {path.name: path.read_text("utf-8") for path in TEXTS}
    for path in IN_BOTH:
        texts[path.name] = "\n".join(re.findall(r"\ben: (.+)", path.read_text("utf-8")))
    for path in BY_HAND:
        table = pd.read_csv(path, dtype=str, keep_default_na=False).filter(like="_en")
        texts[path.name] = "\n".join(table.to_numpy().ravel())
    return texts


@pytest.mark.parametrize("term", GLOSSARY)
def test_the_english_keeps_to_the_terms_of_the_glossary(term):
    wrong = re.compile(rf"\b{re.escape(term)}\b".replace(r"\ ", r"\s+"), re.IGNORECASE)
    used = {name: m[0] for name, text in english().items() if (m := wrong.search(text))}
    assert used == {}, f"write: {GLOSSARY[term]}"


def test_quotes_are_of_one_kind():
    assert [path for path in (PROJECT / "pages").rglob("*.qmd") if "„" in path.read_text("utf-8")] == []
