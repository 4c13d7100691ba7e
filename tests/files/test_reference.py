"""The reference of functions says what the code says."""

import importlib
import inspect
import re

import pytest

from osw_stats.report.files.reference import PACKAGE, PARTS, entries, markdown, reference
from osw_stats.report.files.tree import plain, read


@pytest.fixture(scope="module")
def pages():
    return {name.removesuffix(".qmd"): text for name, text in reference("nl").items()}


def test_every_entry_is_what_python_sees(pages):
    found = [e for _, folder, _ in PARTS[:2] for e in entries(PACKAGE / folder)]
    assert len(found) > 50
    for entry in found:
        real = getattr(importlib.import_module(entry.module), entry.name)
        assert inspect.getdoc(real) == entry.doc
        if inspect.isfunction(real):
            assert [p.split(":")[0] for p in inspect.signature(real).parameters] == re.findall(
                r"(?:(?<=\()|(?<=, ))\*{0,2}(\w+)(?=[:,=)]|\Z)", re.sub(r"\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]", "", entry.signature.split(" -> ")[0])
            )  # fmt: skip


def test_every_public_function_of_the_rooms_stands_there(pages):
    text = "\n".join(pages.values())
    for _, folder, _ in PARTS:
        for path in (PACKAGE / folder).rglob("*.py"):
            for name in re.findall(
                r"^def ([a-z]\w*)\(", path.read_text(encoding="utf-8"), flags=re.MULTILINE
            ):
                assert f"\n{name}(" in text, (path.name, name)


def test_names_of_places_are_unique_and_links_between_pages_hold(pages):
    for name, text in pages.items():
        places = re.findall(r"\{#([\w-]+)\}", text)
        assert len(set(places)) == len(places), name
        for target in re.findall(r"\]\((reference[\w-]*)\.qmd", text):
            assert target in pages


def test_the_pages_read_as_markdown_without_markup_from_docstrings(pages):
    blocks = read(pages["reference-analysis-counts"], "reference")
    assert blocks[0]["t"] == "Header"
    assert "rate_ratio" in plain(blocks)


def test_a_docstring_cannot_become_markup():
    text = markdown(
        "Do <b>it</b> [x](y) $z$.\n\nParameters\n----------\nx\n    *All* of `b*c`.\n\nRaises\n------\nE\n    If so.\n"
    )
    (first, *rest) = read(text, "x")
    assert plain(first) == "Do <b>it</b> [x](y) $z$."
    assert plain(rest).startswith("Parametersx: *All* of b*c.")


def test_only_the_words_around_differ_by_language(pages):
    english = reference("en")["reference-vocabulary.qmd"]
    assert english.split("## ", 1)[1] == pages["reference-vocabulary"].split("## ", 1)[1]
    assert english != pages["reference-vocabulary"]
