"""The check of worlds catches planted false sentences and passes true ones."""

import pytest

from tests.cases import beside
from tests.worlds.check import judge, judge_text
from tests.worlds.facts import GROWTH, SUBJECTS, Facts
from tests.worlds.read import changes, limits, numbers, read_number

SENTENCES = beside(__file__, "sentences.yml")
NAMES = SUBJECTS | {"growth": GROWTH}
PLANTED, TRUE_SENTENCES = (
    [(e, lang) for e in SENTENCES[n] for lang in ("nl", "en") if lang in e] for n in ("planted", "holds")
)


def facts(**more):
    """Return the facts of a small world; `more` holds further figures by name and period."""
    data = {(NAMES[name], period): v for name, of in SENTENCES["figures"].items() for period, v in of.items()}
    for name, value in more.items():
        key, _, period = name.partition("_")
        data[NAMES[key], period.replace("_", "-")] = value
    rows = {k: {"obs_value": v, "lower": v, "upper": v} for k, v in data.items()}
    titles = {NAMES[name][0]: title for name, title in SENTENCES["titles"].items()}
    return Facts(2024, rows, titles, {"2020": "1", "2022": "2", "2024": "2"})


def find_contradictions(entry, language):
    world_facts = facts(**entry.get("also", {}))
    return judge_text(entry[language], language, world_facts, section=entry.get("section", ""))


@pytest.mark.parametrize(("entry", "language"), PLANTED, ids=lambda e: e if isinstance(e, str) else e["kind"])
def test_a_planted_falsehood_is_caught(entry, language):
    findings = find_contradictions(entry, language)
    assert entry["kind"] in {f.kind for f in findings}, [f.line() for f in findings]


@pytest.mark.parametrize(("entry", "language"), TRUE_SENTENCES, ids=lambda e: e if isinstance(e, str) else "")
def test_a_true_sentence_passes(entry, language):
    assert [f.line() for f in find_contradictions(entry, language)] == []


def test_enough_is_planted_in_both_languages():
    for language in ("nl", "en"):
        assert sum(language_of == language for _, language_of in PLANTED) >= 25
        assert sum(language_of == language for _, language_of in TRUE_SENTENCES) >= 25


@pytest.mark.parametrize(("row", "kinds"), SENTENCES["pairs"])
def test_a_verdict_and_a_row_are_held_against_the_table_of_the_page(row, kinds):
    page = SENTENCES["table"].format(*row)
    assert {f.kind for f in judge({("en", "trend"): page}, {}, facts())} == set(kinds)


@pytest.mark.parametrize(("language", "words", "kinds"), SENTENCES["charts"])
def test_a_false_title_of_a_chart_is_caught(language, words, kinds):
    assert {f.kind for f in judge({}, {(language, "c"): words}, facts())} == set(kinds)


@pytest.mark.parametrize(("printed", "kinds"), [("14,820", ["twice"]), ("14,802", [])])
def test_two_languages_that_print_other_numbers_are_caught(printed, kinds):
    pages = {("nl", "trend"): "# T\n\nEr zijn 14.802.\n", ("en", "trend"): f"# T\n\nThere are {printed}.\n"}
    assert [f.kind for f in judge(pages, {}, facts())] == kinds


def test_numbers_are_read_as_each_language_prints_them():
    assert [n.value for n in numbers("van 1.234,5 tot −0,3 op 1 juli 2024", "nl")] == [1234.5, -0.3]
    assert [n.value for n in numbers("from 1,234.5 to −0.3 on 1 July 2024", "en")] == [1234.5, -0.3]
    (span,) = limits("6,6 procent minder tot 19,4 procent meer", "nl")
    assert (span.low, span.high) == (-6.6, 19.4)
    assert [(f.low, f.high) for f in limits("5.2 (4.9–5.5) in 2020–2024", "en")] == [(4.9, 5.5)]
    assert [c.value for c in changes("7.1 percent fewer, 3 percent more", "en")] == [-7.1, 3]
    assert read_number("−14.802,5", "nl") == (-14802.5, 0.05)
    assert read_number("51.0 million", "en") == (51_000_000, 50_000)
