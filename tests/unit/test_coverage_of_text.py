"""A ledger row finds its words in its own paragraph first, however the document prints them."""

from hypothesis import given
from hypothesis import strategies as st

from osw_stats.analysis.claims.coverage_of_text import cover, fold
from osw_stats.vocabulary.scan import scan
from osw_stats.vocabulary.scan.paragraphs import paragraphs_of

TEXT = """1.1  Er kwamen 131 meldingen.

1.2  Er kwamen 131 meldingen, zo’n
72.000 meisjes (82%), waarvan deepfake-
porno 15% was.

Bijlagen

GESPREKSVERSLAG AP
Het budget is 12 fte.
"""


def covered(*rows):
    statements = list(scan(TEXT))
    named = [{"id": str(i), "paragraph": p, "text": t} for i, (p, t) in enumerate(rows)]
    coverage = cover(TEXT, statements, named, paragraphs_of(TEXT))
    held = {}
    for s, ids in zip(statements, coverage.ids, strict=True):
        for name in ids:
            held.setdefault(name, []).append((s.line, s.text))
    return held, coverage


def test_a_row_is_looked_for_in_its_paragraph_first():
    held, coverage = covered(("1.2", "131 meldingen"))
    assert held == {"0": [(3, "131")]}
    assert coverage.missing == coverage.elsewhere == ()


def test_a_row_of_another_paragraph_is_found_and_told():
    held, coverage = covered(("1.1", "zo'n 72.000 meisjes"))
    assert held == {"0": [(3, "zo’n\n72.000")]}
    assert coverage.elsewhere == ("0",)


def test_pieces_must_follow_each_other():
    held, _ = covered(("1.2", "(82%) … 15%"))
    assert [text for _, text in held["0"]] == ["82%", "15%"]
    assert covered(("1.2", "15% … (82%)"))[1].missing == ("0",)


def test_a_line_break_after_a_hyphen_is_no_space():
    assert covered(("1.2", "deepfake-porno 15%"))[0] == {"0": [(5, "15%")]}


def test_an_annex_is_found_by_its_heading():
    held, coverage = covered(("bijlage AP", "12 fte"), ("annex AP x 8.1", "12 fte"))
    assert held["0"] == [(10, "12 fte")]
    assert "0" not in coverage.elsewhere


def test_words_that_are_not_there_are_reported():
    _, coverage = covered(("1.1", "999 meldingen"), ("1.1", ""))
    assert coverage.missing == ("0", "1")


def test_a_piece_of_a_longer_number_or_word_is_no_match():
    assert covered(("", "31 meldingen"), ("", "131 melding"))[1].missing == ("0", "1")


def test_a_row_with_a_line_means_the_statement_there():
    statements = list(scan(TEXT))
    rows = [{"id": "a", "line": "3", "paragraph": "", "text": "131"}]
    coverage = cover(TEXT, statements, rows, paragraphs_of(TEXT))
    assert [s.line for s, ids in zip(statements, coverage.ids, strict=True) if ids] == [3]


def test_paragraphs_are_numbered_lines_that_go_on():
    parts = paragraphs_of("2.1  Een\n2.2  Twee\n7.9  miljoen\n2.3  Drie\n4.5 Vier")
    assert parts.labels == ("2.1", "2.2", "2.3")


def test_a_text_without_numbers_has_no_paragraphs():
    assert paragraphs_of("Een tekst.").at(3) == ""


@given(st.text(max_size=80))
def test_folding_keeps_places(text):
    folded = fold(text)
    assert len(folded.text) == len(folded.places)
    assert list(folded.places) == sorted(set(folded.places))
    assert fold(folded.text).text.strip() == folded.text.strip()
