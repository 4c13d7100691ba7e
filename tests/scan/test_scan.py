"""What the scan reads in a text; the table of cases stands in cases.yml."""

import pytest

from osw_stats.errors import InputError
from osw_stats.wording.parse import parse
from osw_stats.wording.scan import CLAIMS, KINDS, language_of, scan
from osw_stats.wording.scan.marks import line_marks
from osw_stats.wording.scan.paragraphs import paragraphs_of
from osw_stats.wording.scan.statements import _LONGEST
from osw_stats.wording.scan.units import noun_after, unit_at
from osw_stats.wording.tokens import tokenise
from tests.cases import cases


def claims(text, language, *names):
    rows = [[getattr(s, name) for name in names] for s in scan(text, language=language) if s.is_claim]
    rows = [[round(v, 4) if isinstance(v, float) else v for v in row] for row in rows]
    return rows if len(names) > 1 else [row[0] for row in rows]


def statements(text, language="nl"):
    return [[s.kind, s.text] for s in scan(text, language=language)]


def unit_of(text, language):
    """Return kind, unit and words of the unit of the first printed number."""
    tokens = tokenise(text, language)
    start = next(i for i, t in enumerate(tokens) if t.digits)
    unit = unit_at(tokens, start + 1, start)
    return unit and [*unit[:2], " ".join(t.text for t in tokens[start + 1 : unit[2]])]


def noun_of(text, language, block=""):
    tokens = tokenise(text, language)
    at = next(i for i, t in enumerate(tokens) if t.digits)
    return noun_after(tokens, at + 1, language, text=block)


READ = {
    "first": lambda text, language: statements(text, language)[0],
    "kinds": statements,
    "claims": lambda text, language: claims(text, language, "text"),
    "read": lambda text, language: claims(text, language, "text", "rule", "lower", "upper"),
    "units": lambda text, language: claims(text, language, "unit"),
    "values": lambda text, language: claims(text, language, "value"),
    "figures": lambda text, language: claims(
        text, language, "kind", "text", "rule", "lower", "upper", "unit"
    ),
    "page": lambda text, _: sorted([kind, text[start:end]] for start, end, kind in line_marks(text)),
    "unit": unit_of,
    "noun": noun_of,
    "noun_in_table": lambda text, language: noun_of(text, language, text),
    "language": lambda text, _: language_of(text, "fy"),
}


@cases(__file__)
def test_a_text_is_read_as_the_table_says(section, language, text, expected):
    assert READ[section](text, language) == expected


@pytest.mark.parametrize("age", range(10, 90))
def test_a_plus_after_an_age_people_speak_of_is_no_count(age):
    spoken_of = {12, 14, 15, 16, 18, 21, 40, 45, 50, 55, 60, 65, 67, 70, 75, 80}
    assert (claims(f"de groep {age}+ is groot", "nl", "text") == []) is (age in spoken_of)


ALIKE = (
    "ruim 760 duizend, 7 à 8 procent, drie op de tien, ruim een op de acht, Twee derde, zeker 50, honderden, "
    "tussen de zeventig en tachtig, hooguit 6%, circa 60 fte, € 6 miljoen, meer dan twaalfduizend"
)


@pytest.mark.parametrize("text", ALIKE.split(", "))
def test_scan_and_parse_read_a_figure_the_same(text):
    (statement,) = scan(f"Het gaat om {text}.")
    figure = parse(text)
    for name in ("value", "rule", "lower", "upper", "lower_closed", "upper_closed"):
        assert getattr(statement, name) == getattr(figure, name)


def test_only_a_claim_has_a_figure():
    text = "Op 1 juli 2024 waren 12 meisjes van 12 tot 18 jaar (artikel 8 EVRM, p. 3) 24/7 bereikbaar, 5%."
    for s in scan(text):
        assert s.kind in KINDS
        assert s.is_claim == (s.kind in CLAIMS) == (s.lower is not None) == (s.lower_closed is not None)
        assert s.is_claim or s.unit is s.value is s.rule is s.upper is None


def test_a_fall_turns_the_ends_round():
    (fall,) = scan("(-5 procent)")
    assert (fall.value, fall.lower_closed, fall.upper_closed) == (-5, False, True)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_the_kind_of_line_end_moves_no_place(line_end):
    text = "Ruim 760 duizend.\n\nIn 2024\nwaren het er bijna \n800.".replace("\n", line_end)
    read = list(scan(text))
    assert [s.text for s in read] == ["Ruim 760 duizend", "2024", f"bijna {line_end}800"]
    assert [text[s.start : s.end] for s in read] == [s.text for s in read]
    assert [s.line for s in read] == [1, 3, 4]


@pytest.mark.parametrize("length", [_LONGEST - 9, _LONGEST - 8, _LONGEST, 2 * _LONGEST + 5])
def test_a_long_block_is_cut_at_a_space_and_loses_no_number(length):
    words = "woord " * (length // 6)
    text = f"{words}12 zaken {words}13 zaken"
    assert [(s.text, text[s.start : s.end]) for s in scan(text)] == [("12", "12"), ("13", "13")]
    assert [s.text for s in scan("x" * (2 * _LONGEST) + " 12 zaken")] == ["12"]


def test_a_sentence_is_read_in_its_own_language():
    text = "Er waren 1.234 meldingen. There were 1,234 reports to the police."
    assert [s.language for s in scan(text)] == ["nl", "en"]
    assert language_of("x" * 4000 + " the police", "fy") == "fy"
    assert language_of("x" * 3900 + " the police", "fy") == "en"
    with pytest.raises(InputError, match='"nl" or "en"'):
        list(scan("12", language="de"))


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("4.5 Aa\n4.6 Bb\n4.9 Cc\n4.13 Dd\n5.1 Ee", "4.5 4.6 4.9 5.1"),  # 13 lies four from 9
        ("4.2 Aa\n4.3 Bb\n7.5 Cc\n4.4 Dd", "4.2 4.3 4.4"),  # of three before and after, none is of chapter 7
        ("7.4 Aa\n4.2 Bb\n4.3 Cc\n4.4 Dd\n7.5 Ee", "4.2 4.3 4.4"),
        ("7.4 Aa\n4.2 Bb\n4.3 Cc\n7.5 Ee", "7.4 4.2 4.3 7.5"),
    ],
)
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
