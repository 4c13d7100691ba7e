"""Any text is scanned: places match, nothing overlaps, time is bounded, parts add up."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osw_stats.wording.scan import KINDS, scan
from osw_stats.wording.scan.marks import marks

WORDS = (
    "een één de op acht tien van tot en à jaar jarige 16 17 2024 1.000 1,5 0,7 % procent € miljoen euro fte ruim bijna "
    "zo'n helft derde honderden artikel lid Sr p. nr. juli maart 1 2 3) 4.5 ( ) [ ] - – / : . , ; \n \n\n \r\n one in of "
    "the half million pages Article http:// www. x@y.nl kind onder boven tussen maal keer NL12 1234 AB +31 06 24/7 \u00ad "
    "verdubbeld twaalfjarige tiental enkele een half a hundred"
)
PIECES = st.sampled_from(WORDS.split(" "))
texts = st.lists(PIECES, max_size=25).flatmap(
    lambda p: st.sampled_from([" ", "", "\n"]).map(lambda gap: gap.join(p))
)


@given(texts | st.text(max_size=200), st.sampled_from(["nl", "en"]))
@settings(max_examples=400, deadline=None)
def test_places_match_and_nothing_overlaps(text, language):
    last = 0
    for s in scan(text, language=language):
        assert text[s.start : s.end] == s.text != ""
        assert last <= s.start < s.end
        assert s.kind in KINDS
        plain = text[: s.start].replace("\r\n", "\n").replace("\r", "\n")
        assert s.line == plain.count("\n") + 1
        assert s.lower is None or s.lower <= s.upper
        last = s.end


def shifted(statements, offset, lines):
    return [(s.start + offset, s.end + offset, s.line + lines, s.kind, s.value, s.unit) for s in statements]


@given(texts, texts, st.sampled_from(["nl", "en"]))
@settings(max_examples=200, deadline=None)
def test_two_texts_with_a_blank_line_between_add_up(one, two, language):
    one, two = one.replace("\r", "") + "x", "x" + two.replace("\r", "")
    together = one + "\n\n" + two
    expected = shifted(scan(one, language=language), 0, 0)
    expected += shifted(scan(two, language=language), len(one) + 2, one.count("\n") + 2)
    assert shifted(scan(together, language=language), 0, 0) == expected


def took(text):
    began = time.process_time()  # other work on the computer does not count
    found = sum(1 for _ in scan(text))
    return time.process_time() - began, found


PILES = (
    "1.|een op de |7|1 |a1|artikel 1, |\n1. |((((|1-|p. 1, |@|a@|https://|www.|1)| |\n|één |jaar |16- en |\n\n1\n|€|10.1234/|A|"
    "januari |12 januari |\u00ad|1\u00a0|.1"
)


@pytest.mark.parametrize("piece", PILES.split("|"), ids=repr)
def test_two_hundred_kilobytes_of_anything_take_bounded_time(piece):
    # reading in quadratic time would take hours
    assert took((piece * 200_000)[:200_000])[0] < 20


def test_time_grows_with_the_length_and_no_faster():
    text = "In 2024 kwamen ruim 760 duizend meldingen binnen, 5 procent meer (artikel 8 EVRM). " * 400
    small = min(took(text)[0] for _ in range(3))
    large, _ = took(text * 8)
    assert large < 8 * small * 3


def test_marks_do_not_overlap():
    text = "Kamerstukken II 2022/23, 26 643, nr. 953, artikel 8 lid 1 EVRM, p. 3-4, 12 mei 2024, ECLI:NL:HR:2020:849."
    found = marks(text)
    assert all(a[1] <= b[0] for a, b in pairwise(found))
