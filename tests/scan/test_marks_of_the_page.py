"""Numbers of the page: paragraphs, notes, page numbers; and where sentences, blocks and paragraphs are cut."""

import pytest

from osw_stats.errors import InputError
from osw_stats.vocabulary.scan import language_of, scan
from osw_stats.vocabulary.scan.marks import line_marks
from osw_stats.vocabulary.scan.paragraphs import paragraphs_of
from osw_stats.vocabulary.scan.statements import _LONGEST
from tests.scan.told import kinds


def marks(text):
    return sorted((kind, text[start:end]) for start, end, kind in line_marks(text))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        # a number alone in its block: a chapter up to 12, else a page
        ("12", [("list", "12")]),
        ("13", [("page", "13")]),
        ("pagina 3", [("page", "3")]),
        ("3 van 40", [("page", "3 van 40")]),
        ("0", []),
        ("\n\n7\n", [("list", "7")]),
        # "1." at the start of a line, unless a sentence broke there
        ("1. Een", [("list", "1")]),
        ("2. Een", [("list", "2")]),
        ("meldingen van de\n2. Een", []),
        ("meldingen van de\n1. Een", [("list", "1")]),
        ("kwam.\n2. Een", [("list", "2")]),
        ("1. Een\nmeldingen van de\n2. Twee", [("list", "1"), ("list", "2")]),
        ("2. Een\nmeldingen van de\n1. Twee", [("list", "1"), ("list", "2")]),
        # a section: a gap of two, or a capital after it
        ("4.1  online", [("list", "4.1")]),
        ("4.1 Online", [("list", "4.1")]),
        ("4.1 online", []),
        ("4.1 ‘Online", [("list", "4.1")]),
        ("4.123 Online", []),  # a number of thousands
        ("4.123  Online", [("list", "4.123")]),
        ("4.1  2024 was", [("list", "4.1")]),
        ("4.1 2024 was", []),
        ("4.1   2024 was", []),
        ("4.1.2  2024 was", []),
        # a footnote at the start of a line
        ("kwam.\n5 De minister", [("list", "5")]),
        ("kwam\n5 De minister", []),
        ("kwam\n5  De minister", [("list", "5")]),
        ("kwam.\n5 Amsterdam meldt", []),
        ("kwam.\n5 Amsterdam\n6 Utrecht", [("list", "5"), ("list", "6")]),
        ("kwam.\n5 miljoen", []),
        ("kwam.\n5 De minister\nwas\n6 Amsterdam", [("list", "5"), ("list", "6")]),
        ("kwam\n5Amsterdam meldt", []),
        ("kwam\n5Amsterdam\n6Utrecht", [("list", "5"), ("list", "6")]),
        ("kwam.\n5Amsterdam meldt", [("list", "5")]),
        ("kwam.\n4 aan\n5 een", []),
        ("4 Aa\n5 Bb\n6 Cc", [("list", "4"), ("list", "5"), ("list", "6")]),
        # glued to a word or the sign that closes it
        ("een misdrijf6 dat", [("other", "6")]),
        ("geworden.10 Dat", [("other", "10")]),
        ("in 2024.7 Dat", [("other", "7"), ("year", "2024")]),
        ("in 20228 kwam", [("other", "8"), ("year", "2022")]),
        ("[12] Dat", [("list", "12")]),
        ("dat [12] was", [("other", "12")]),
        ("Inhoud ..... 12", [("page", "12")]),
        ("Samenvatting   12", [("page", "12")]),
        ("3. Een kop 12", [("list", "3"), ("page", "12")]),
        ("12 | Rapport", [("other", "12")]),
        ("Rapport | 12", [("other", "12")]),
        ("dat (1) een", [("list", "1")]),
        ("3, ABC", [("list", "3")]),
    ],
)
def test_what_belongs_to_the_page(text, told):
    assert marks(text) == told


@pytest.mark.parametrize(
    ("before", "begun"), [("", True), ("kwam.", True), ("kwam", False), ("zie osw.nl", True), ("a/b", True)]
)
def test_a_note_begins_where_the_line_before_ended(before, begun):
    assert (("list", "5") in marks(f"{before}\n5 De minister")) is begun


def test_a_line_end_of_two_characters_moves_no_place():
    unix, dos = "Een.\n12 meldingen en\n13 zaken", "Een.\r\n12 meldingen en\r\n13 zaken"
    for text in (unix, dos, unix.replace("\n", "\r")):
        found = list(scan(text))
        assert [text[s.start : s.end] for s in found] == ["12", "13"]
        assert [s.text for s in found] == ["12", "13"]
    assert [s.line for s in scan(unix)] == [s.line for s in scan(dos)] == [2, 3]


def test_lines_are_counted_from_one_over_all_blocks():
    assert [s.line for s in scan("12 zaken\n\n\n13 zaken\nen 14 zaken\n\n15 zaken")] == [1, 4, 5, 7]


@pytest.mark.parametrize("length", [_LONGEST - 9, _LONGEST - 8, _LONGEST, 2 * _LONGEST + 5])
def test_a_long_block_is_cut_at_a_space_and_loses_no_number(length):
    words = "woord " * (length // 6)
    text = f"{words}12 zaken {words}13 zaken"
    assert [s.text for s in scan(text)] == ["12", "13"]
    assert [text[s.start : s.end] for s in scan(text)] == ["12", "13"]


def test_a_block_without_a_space_is_cut_all_the_same():
    assert [s.text for s in scan("x" * (2 * _LONGEST) + " 12 zaken")] == ["12"]


def test_a_sentence_in_the_other_language_is_read_in_that_one():
    text = "Er waren 1.234 meldingen. There were 1,234 reports to the police."
    assert [(s.language, s.value) for s in scan(text)] == [("nl", 1234), ("en", 1234)]


def test_an_unknown_language_is_refused():
    with pytest.raises(InputError, match="unknown language"):
        list(scan("12", language="de"))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("het is", "nl"),
        ("the police were", "en"),
        ("over", "nl"),
        ("", "fy"),
        ("de the", "fy"),
        ("de het the", "nl"),
        ("x" * 4000 + " the police", "fy"),
        ("x" * 3900 + " the police", "en"),
    ],
)
def test_the_language_is_that_of_most_common_words(text, language):
    assert language_of(text, "fy") == language


def test_a_date_or_a_code_bounds_the_numbers_beside_it():
    assert kinds("op 1 juli 2024 12 zaken") == [("date", "1 juli 2024"), ("count", "12")]
    assert kinds("5%6%") == [("percent", "5%"), ("percent", "6%")]
    assert kinds("12 zaken, 1 juli 2024") == [("count", "12"), ("date", "1 juli 2024")]


def test_the_currency_told_last_holds_in_its_sentence_only():
    text = "Dat kost € 5 miljoen, later 6 miljoen. Er keken 7 miljoen."
    assert [(s.kind, s.unit) for s in scan(text)] == [("money", "eur"), ("money", "eur"), ("count", None)]


class TestParagraphs:
    def test_a_number_that_goes_on_begins_a_paragraph(self):
        text = "4.5 Aa\n4.6 Bb\n4.9 Cc\n4.13 Dd\n5.1 Ee"
        assert paragraphs_of(text).labels == ("4.5", "4.6", "4.9", "5.1")  # 13 lies four from 9

    def test_a_number_far_from_its_like_is_none(self):
        # of the three before and after, none is of chapter 7
        assert paragraphs_of("4.2 Aa\n4.3 Bb\n7.5 Cc\n4.4 Dd").labels == ("4.2", "4.3", "4.4")
        far = "7.4 Aa\n4.2 Bb\n4.3 Cc\n4.4 Dd\n7.5 Ee"
        assert paragraphs_of(far).labels == ("4.2", "4.3", "4.4")
        near = "7.4 Aa\n4.2 Bb\n4.3 Cc\n7.5 Ee"
        assert paragraphs_of(near).labels == ("7.4", "4.2", "4.3", "7.5")

    def test_an_offset_lies_in_the_paragraph_that_began_last(self):
        parts = paragraphs_of("Voor\n4.5 Aa\n4.6 Bb")
        assert [parts.at(n) for n in (0, 4, 5, 11, 12, 99)] == ["", "", "4.5", "4.5", "4.6", "4.6"]

    def test_annexes_begin_at_capital_headings_two_lines_of_one_heading_are_one(self):
        text = "4.1 Aa\nBijlagen\n\nPOLITIE\nEN JUSTITIE\n\ntekst\n4.6 Bb\nHELPWANTED\n"
        parts = paragraphs_of(text)
        assert parts.labels == ("4.1", "bijlage", "bijlage POLITIE", "bijlage HELPWANTED")
        assert parts.regions("bijlage politie") == [(text.index("POLITIE"), text.index("HELPWANTED"))]
        assert parts.regions("4.6") == []
        assert len(parts.regions("bijlage")) == 3
        assert parts.regions("4.1") == [(0, text.index("Bijlagen"))]
