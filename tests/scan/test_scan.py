"""What the scan reads in a text: the table in cases.yml, lists made by hand, and any text at all in bounded time."""

import time
from collections import Counter, deque
from functools import partial
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from osw_stats.errors import InputError
from osw_stats.wording.parse import parse
from osw_stats.wording.scan import CLAIMS, KINDS, language_of, scan
from osw_stats.wording.scan.marks import line_marks
from osw_stats.wording.scan.statements import _LONGEST
from osw_stats.wording.scan.tables import _LONGEST as _LONGEST_ROW
from osw_stats.wording.scan.tables import tables
from osw_stats.wording.words import HEDGES, LITERAL
from tests.cases import beside, cases, table
from tests.scan.measure import PARTS, compare, own_texts, ratio, report, stretches, with_report

CASES = beside(__file__)


def claims(text, language, names):
    names = names.split()
    rows = [[getattr(s, name) for name in names] for s in scan(text, language=language) if s.is_claim]
    rows = [[round(v, 4) if isinstance(v, float) else v for v in row] for row in rows]
    return rows if len(names) > 1 else [row[0] for row in rows]


def statements(text, language="nl"):
    return [[s.kind, s.text] for s in scan(text, language=language)]


READ = {
    "first": lambda text, language: statements(text, language)[0],
    "kinds": statements,
    "page": lambda text, _: sorted([kind, text[start:end]] for start, end, kind in line_marks(text)),
    "noun": lambda text, language: next(iter(claims(text, language, "unit")), None),
    "language": lambda text, _: language_of(text, "fy"),
}
READ |= {section: partial(claims, names=names) for section, names in CASES["columns"].items()}


@cases(__file__, *READ)
def test_a_text_is_read_as_the_table_says(section, language, text, expected):
    assert READ[section](text, language) == expected


def test_a_plus_after_an_age_people_speak_of_is_no_count():
    ages = {age for age in range(10, 90) if claims(f"de groep {age}+ is groot", "nl", "text") == []}
    assert ages == {12, 14, 15, 16, 18, 21, 40, 45, 50, 55, 60, 65, 67, 70, 75, 80}


@table(__file__, "open_places", "language text fillings expected")
def test_a_text_is_read_so_whatever_fills_its_open_places(language, text, fillings, expected):
    for words in product(*fillings):
        told = [[part.format(*words) for part in row] for row in expected]
        assert statements(text.format(*words), language)[-len(told) :] == told, words


@pytest.mark.parametrize(("age", "least", "otherwise"), [("16 jaar", 0, "duration"), ("16", 1, "count")])
def test_an_age_stands_up_to_six_words_behind_those_whose_it_is(age, least, otherwise):
    kinds = [statements(f"meisjes {'van ' * n}{age}")[0][0] for n in range(10)]
    assert kinds == [otherwise] * least + ["age_band"] * (7 - least) + [otherwise] * 3


@table(__file__, "alike", "text")
def test_scan_and_parse_read_a_figure_the_same(text):
    (statement,) = scan(f"Het gaat om {text}.")
    figure = parse(text)
    for name in ("value", "rule", "lower", "upper", "lower_closed", "upper_closed"):
        assert getattr(statement, name) == getattr(figure, name)


WAYS = [("nl", "van", "naar"), ("nl", "van", "tot"), ("en", "from", "to")]


@given(st.integers(10, 99), st.integers(2012, 2030), st.sampled_from(WAYS))
def test_a_number_of_two_digits_that_something_went_to_is_no_year(value, year, way):
    language, first, to = way
    text = f"{first} 38 in {year} {to} {value} in {year + 1}"
    assert claims(text, language, "value") == [38, value]
    assert statements(f"in {year}-{year % 100 + 1:02}", language)[0][0] == "year"


@pytest.mark.parametrize("rule", sorted(LITERAL))
@pytest.mark.parametrize(("place", "unit"), [(0, "procent"), (-1, "percent")])
def test_a_hedge_that_makes_a_fall_doubtful_leaves_nought_a_figure(rule, place, unit):
    for n in (-7, -1, 0, 1, 7):
        told = claims(f"Het was {HEDGES[rule][place]} {n} {unit}.", "en" if place else "nl", "value")
        assert told == [n] * (n >= 0), n


def test_a_line_too_long_for_a_row_is_none():
    for longer, cells in ((-1, [2]), (0, [2]), (1, [])):
        width = _LONGEST_ROW + longer - 3
        text = f"{'Noord':{width}}13\n{'Zuid':{width}}12\n"
        assert [len(table.cells) for table in tables(text, "nl")] == cells


@pytest.mark.parametrize("at", range(3))
def test_the_heads_of_a_table_stand_above_its_first_row(at):
    rows = ["Noord   12   13", "Zuid   14   15"]
    rows.insert(at, "Regio   Nieuw   Oud")
    (table,) = tables("\n".join(rows) + "\n", "nl")
    assert (table.heads, len(table.cells)) == (("", "", "") if at else ("Regio", "Nieuw", "Oud"), 4)


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
    assert [language_of("x" * n + " the police", "fy") for n in (3900, 4000)] == ["en", "fy"]
    with pytest.raises(InputError, match='"nl" or "en"'):
        list(scan("12", language="de"))


PIECES = st.lists(st.sampled_from(CASES["words"].split(" ")), max_size=25)
texts = PIECES.flatmap(lambda p: st.sampled_from([" ", "", "\n"]).map(lambda gap: gap.join(p)))
languages = st.sampled_from(["nl", "en"])


@given(texts | st.text(max_size=200), languages)
@settings(max_examples=400)
@example(
    "Op 1 juli 2024 waren 12 meisjes van 12 tot 18 jaar (artikel 8 EVRM, p. 3) 24/7 bereikbaar, 5%.", "nl"
)
def test_places_match_nothing_overlaps_and_only_a_claim_has_a_figure(text, language):
    last = 0
    for s in scan(text, language=language):
        assert text[s.start : s.end] == s.text != ""
        assert last <= s.start < s.end
        plain = text[: s.start].replace("\r\n", "\n").replace("\r", "\n")
        assert s.line == plain.count("\n") + 1
        assert s.kind in KINDS
        assert s.is_claim == (s.kind in CLAIMS) == (s.lower is not None) == (s.lower_closed is not None)
        assert s.lower <= s.upper if s.is_claim else s.unit is s.value is s.rule is s.upper is None
        last = s.end


@given(texts, texts, languages)
def test_two_texts_with_a_blank_line_between_add_up(one, two, language):
    one, two = one.replace("\r", "") + "x", "x" + two.replace("\r", "")

    def told(text, offset=0, lines=0):
        read = scan(text, language=language)
        return [(s.start + offset, s.end + offset, s.line + lines, s.kind, s.value, s.unit) for s in read]

    assert told(f"{one}\n\n{two}") == told(one) + told(two, len(one) + 2, one.count("\n") + 2)


def spent(text):
    """Return the processor time of a scan: other work on the computer does not count."""
    began = time.process_time()
    deque(scan(text), maxlen=0)
    return time.process_time() - began


@table(__file__, "piles", "piece")
def test_whatever_is_piled_up_takes_time_in_line_with_its_length(piece):
    pile = (piece * 80_000)[:80_000]
    # four times as long; in quadratic time sixteen times
    assert spent(pile) < 8 * spent(pile[:20_000]) + 1


# precision and recall against lists made by hand; the floors are what was measured


def test_the_statements_of_own_texts_are_found_in_each_and_more_of_all_together():
    total = Counter()
    for name, text, gold, _ in own_texts():
        counts, told = compare(text, gold)
        for part, of in (("matched", "found"), ("matched", "gold"), ("all", "matched")):
            assert ratio(counts, part, of) >= 0.95, (name, told)
        total += counts
    for part, of in (("matched", "found"), ("matched", "gold"), ("all", "gold")):
        assert ratio(total, part, of) >= 0.98


def test_a_missed_and_a_made_up_statement_count():
    text = "In 2024 kwamen 131 meldingen binnen."
    row = dict.fromkeys(("value", "rule", "lower", "upper", "unit"), "") | {"line": "1"}
    year = row | {"text": "2024", "kind": "year", "is_claim": "false"}
    made_up = row | {"text": "kwamen", "kind": "count", "is_claim": "true"}
    counts = [compare(text, gold)[0] for gold in ([year], [year, made_up], [year | {"kind": "date"}])]
    assert [(c["found"], c["matched"], c["gold"]) for c in counts] == [(2, 1, 1), (2, 1, 2), (2, 1, 1)]
    assert (counts[2]["kind"], counts[2]["all"], counts[2]["is_claim"]) == (0, 0, 1)


@with_report
def test_the_statements_of_the_founding_report_are_found():
    ((_, text, gold, lines),) = report()
    assert len(gold) >= 150
    assert lines == stretches(gold)
    counts, told = compare(text, gold, lines)
    assert ratio(counts, "matched", "found") >= 0.99, told
    assert ratio(counts, "matched", "gold") >= 0.99, told
    for part in PARTS:
        assert ratio(counts, part, "matched") >= 0.98, (part, told)
