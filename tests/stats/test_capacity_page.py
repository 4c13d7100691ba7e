"""The pages on capacity and on claims say what follows from their results, whatever these are. No kernel runs."""

from pathlib import Path

import pytest
import yaml

from osw_stats.meaning.numbers import Absent, Fact, Number
from osw_stats.publish.contents import UNPUBLISHED
from osw_stats.publish.pages.lint import names_of
from osw_stats.publish.pages.render import render
from osw_stats.results.collected import Results
from osw_stats.text import capacity_words
from tests.conftest import PROJECT

CASES = yaml.safe_load(Path(__file__).with_name("capacity_sentences.yml").read_text(encoding="utf-8"))


def of(value, unit, verdict="", period=""):
    return Number(
        value, unit, value - 2, value + 2, "rounding", ("a",), "m", "B", verdict=verdict, period=period
    )


def result(value):
    if isinstance(value, list):
        coded = all(isinstance(code, str) for code in value)
        return capacity_words.bodies(value) if coded else of(*value)
    return Fact(value)


def gap(body, need, met, names, verdict="one_year", unit="fte"):
    """Return the numbers of one body as the notebook registers them."""
    year = "2031" if verdict == "one_year" else "2033"
    return {
        f"{body}_gap": of(need - met, unit, verdict),
        f"{body}_{names[0]}": of(need, unit, period="2031"),
        f"{body}_{names[1]}": of(met, unit, period=year),
        f"{body}_stated": Fact({"nl": "in mei 2030", "en": "in May 2030"}),
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["of"])
def test_a_page_says_what_follows_from_its_results(tables, case):
    notebook = case.get("page", "capacity_gap")
    names = names_of(PROJECT / f"notebooks/{notebook}.ipynb")[0]
    numbers = gap(**case["gap"]) if "gap" in case else {}
    numbers |= {name: result(value) for name, value in case["values"].items()}
    assert set(numbers) <= set(names)
    results = Results(numbers=numbers, absent={n: Absent("not_asked") for n in names if n not in numbers})
    for language in ("nl", "en"):
        page = render(PROJECT, notebook, language, results, tables)
        said = [p for p in page.parts if not isinstance(p, str) and p.kind in ("sentence", UNPUBLISHED)]
        texts = {item.name: item.facts["text"] for item in said}
        (text,) = [texts[case["sentence"]]] if case["sentence"] else texts.values()  # the only one
        assert "  " not in text
        wanted = case.get(language, {})
        assert [words for words in wanted.get("says", ()) if words not in text] == [], text
        assert [words for words in wanted.get("not", ()) if words in text] == [], text
