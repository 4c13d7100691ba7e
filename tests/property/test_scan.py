"""Any text is scanned: places match, nothing overlaps, time is bounded, parts add up."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osw_stats.vocabulary.scan import KINDS, scan
from osw_stats.vocabulary.scan.marks import marks

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


@pytest.mark.parametrize(
    "text",
    [
        "1." * 100_000, "een op de " * 10_000, "7" * 200_000, "1 " * 50_000, "a1" * 100_000, "artikel 1, " * 20_000,
        "\n1. " * 50_000, "((((" * 50_000, "1-" * 100_000, "p. 1, " * 30_000, "@" * 200_000, "a@" * 100_000,
        "https://" * 20_000, "www." * 50_000, "1)" * 50_000, " " * 200_000, "\n" * 200_000, "één " * 50_000,
        "jaar " * 40_000, "16- en " * 30_000, "\n\n1\n" * 40_000, "€" * 200_000, "10.1234/" * 20_000, "A" * 200_000,
        "januari " * 25_000, "12 januari " * 20_000, "\u00ad" * 200_000, "1\u00a0" * 50_000, ".1" * 100_000,
    ],
    ids=lambda text: repr(text[:12]),
)  # fmt: skip
def test_hundreds_of_kilobytes_of_anything_take_bounded_time(text):
    # reading in quadratic time would take hours
    assert took(text)[0] < 20


def test_time_grows_with_the_length_and_no_faster():
    text = "In 2024 kwamen ruim 760 duizend meldingen binnen, 5 procent meer (artikel 8 EVRM). " * 400
    small = min(took(text)[0] for _ in range(3))
    large, _ = took(text * 8)
    assert large < 8 * small * 3


def test_marks_do_not_overlap():
    text = "Kamerstukken II 2022/23, 26 643, nr. 953, artikel 8 lid 1 EVRM, p. 3-4, 12 mei 2024, ECLI:NL:HR:2020:849."
    found = marks(text)
    assert all(a[1] <= b[0] for a, b in pairwise(found))
