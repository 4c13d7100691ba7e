"""A ledger row finds its words in its own paragraph first, whole, however the document prints them; what a paragraph is."""

from shutil import copytree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from osw_stats.claims.relations import relations, unaided
from osw_stats.data.ledger import load_ledger
from osw_stats.data.rows import read_columns
from osw_stats.errors import InputError
from osw_stats.wording.scan import scan
from osw_stats.wording.scan.coverage import cover, fold, paragraphs_of
from tests.cases import beside, table
from tests.conftest import PROJECT

TEXT = beside(__file__)["text"]


def covered(*rows, text=TEXT):
    """Return the statements by the row that holds them, as line and words, and what matching gave."""
    statements = list(scan(text))
    named = [{"id": str(i), "paragraph": p, "text": t, "line": line} for i, (p, t, line) in enumerate(rows)]
    coverage = cover(text, statements, named, paragraphs_of(text))
    held = {name: [] for name in map(str, range(len(rows)))}
    for s, ids in zip(statements, coverage.ids, strict=True):
        for name in ids:
            held[name].append((s.line, s.text))
    return held, coverage


@table(__file__, "rows", "paragraph words held where")
def test_a_row_finds_its_words_in_its_paragraph_first(paragraph, words, held, where):
    found, coverage = covered((paragraph, words, ""))
    assert found["0"] == [tuple(place) for place in held]
    assert coverage.missing == ("0",) * (where == "missing")
    assert coverage.elsewhere == ("0",) * (where == "elsewhere")


LINES = ("1.1  Er kwamen 131 meldingen.", "1.2  Twee.", "Bijlagen", "POLITIE", "Er zijn 12 zaken.", "")


@given(
    st.lists(st.sampled_from(LINES), max_size=6).map("\n".join), st.sampled_from(["1.1", "bijlage AP", "8.1"])
)
@example("Er zijn 12 zaken.", "1.1")  # a text without one numbered paragraph
def test_a_row_that_names_a_paragraph_finds_its_words_in_any_text(text, paragraph):
    held, coverage = covered((paragraph, "12 zaken", ""), text=text)
    assert bool(held["0"]) == ("12 zaken" in text) == (not coverage.missing)


@pytest.mark.parametrize("words", ["5%", "6%", "7", "5% … 7"])
def test_words_hold_no_figure_that_only_begins_or_ends_where_they_do(words):
    held = [text for _, text in covered(("", words, ""), text="Het is 5%6%:7 en 8.")[0]["0"]]
    assert held == words.split(" … ")


@pytest.mark.parametrize("before", ["", " ", "(", "r", "2"])
@pytest.mark.parametrize("after", ["", " ", ")", "n"])
def test_words_are_no_part_of_a_longer_word_or_number(before, after):
    for words in ("12 zaken", "(12 zaken)", "1"):
        longer = (before.isalnum() and words[0] != "(") or (after.isalpha() and words[-1] == "n")
        assert covered(("", words, ""), text=f"{before}{words}{after}".upper())[1].missing == ("0",) * longer


@pytest.mark.parametrize(("line", "held"), [("2", [(2, "12")]), ("9", [(1, "12")])])
def test_a_line_decides_between_equal_words(line, held):
    text = "12 zaken\n12 zaken"
    assert covered(("", "12", line), text=text)[0]["0"] == held


def test_a_statement_that_only_touches_a_row_is_not_held():
    rows = [("", words, "") for words in ("11", "11 22 33", "44")]
    assert covered(*rows, text="11 22 33 44")[1].ids == (("0", "1"), ("1",), ("1",), ("2",))
    assert covered(text="11 22 33 44")[1].ids == ((),) * 4


def test_folding_drops_soft_hyphens_and_space_after_a_hyphen():
    assert fold("  a\u00adb -\n c’  “d”").text == 'ab -c\' "d"'
    assert list(fold("a \n b").places) == [0, 1, 4]
    assert fold("İx").text == "İx"  # no letter becomes two


@given(st.text(max_size=80))
def test_folding_keeps_places(text):
    folded = fold(text)
    assert len(folded.text) == len(folded.places)
    assert list(folded.places) == sorted(set(folded.places))
    assert fold(folded.text).text.strip() == folded.text.strip()


def test_a_row_whose_figure_stands_in_a_relation_is_found_without_its_formula():
    text = "Er zijn 120 zaken, waarvan 70 online en 80 op straat. Er zijn 9 loketten. De helft (50%)."
    rows = [("", words, "") for words in ("80 op straat", "120", "9 loketten", "helft (50%)")]
    statements, (_, coverage) = list(scan(text)), covered(*rows, text=text)
    told = [tuple(row.values()) for row in unaided(relations(text, statements), statements, coverage)]
    sums = [(name, "sum", "inconsistent") for name in "01"]
    assert told == [*sums, ("3", "ratio", "consistent_within_rounding")]
    assert unaided([], statements, coverage) == []


def test_a_ledger_marks_what_is_recorded_beside_it_and_nothing_where_nothing_is(tmp_path):
    beside = copytree(PROJECT / "data/raw/rapport2025", tmp_path / "data/raw/rapport2025")
    marked = load_ledger(tmp_path).set_index("id")["unaided"]
    recorded = read_columns(beside / "unaided.csv", "unaided.csv", ("id", "relation"))
    assert dict(marked[marked != ""]) == {row["id"]: row["relation"] for row in recorded}
    with (beside / "unaided.csv").open("a", encoding="utf-8") as table:
        table.write("s99_1a,sum,reproduced\n")
    with pytest.raises(InputError, match="no claim of the ledger"):
        load_ledger(tmp_path)
    for name in ("unaided.csv", "unaided.source.yml"):
        (beside / name).unlink()
    assert set(load_ledger(tmp_path)["unaided"]) == {""}


@table(__file__, "paragraphs", "text labels")
def test_a_number_that_goes_on_begins_a_paragraph(text, labels):
    assert " ".join(paragraphs_of(text).labels) == labels


def test_an_offset_lies_in_the_paragraph_that_began_last():
    parts = paragraphs_of("Voor\n4.5 Aa\n4.6 Bb")
    assert [parts.at(n) for n in (0, 4, 5, 11, 12, 99)] == ["", "", "4.5", "4.5", "4.6", "4.6"]


def test_annexes_begin_at_capital_headings_two_lines_of_one_heading_are_one():
    text = "4.1 Aa\nBijlagen\n\nPOLITIE\nEN JUSTITIE\n\ntekst\n4.6 Bb\nHELPWANTED\n"
    parts = paragraphs_of(text)
    assert parts.labels == ("4.1", "bijlage", "bijlage POLITIE", "bijlage HELPWANTED")
    assert parts.regions("bijlage politie") == [(text.index("POLITIE"), text.index("HELPWANTED"))]
    assert (parts.regions("4.6"), parts.regions("4.1")) == ([], [(0, text.index("Bijlagen"))])
    assert len(parts.regions("bijlage")) == 3
