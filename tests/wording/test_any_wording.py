"""Numbers as people write them, any wording at all, and what nobody sees in it: a figure that makes sense, or a refusal."""

import contextlib
import time
from decimal import Decimal
from functools import partial
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from osw_stats.data.rows import number as cell
from osw_stats.errors import InputError
from osw_stats.text.language import number
from osw_stats.wording.parse import bare, parse
from osw_stats.wording.scan import scan
from osw_stats.wording.tokens import plain_numbers
from osw_stats.wording.words import HEDGES
from tests.cases import beside, table, words
from tests.worked import hold, worked

LANGUAGES = st.sampled_from(["nl", "en"])
CASES = beside(__file__)
wordings = st.builds(
    str.join, st.sampled_from([" ", ""]), st.lists(st.sampled_from(words(CASES["pieces"])), max_size=9)
)
counts = st.integers(1, 10_000_000)


def mark(text, language):
    return text.replace(".", "," if language == "nl" else ".")


def in_text(figure, language):
    told = scan(CASES["sentence"][language].format(figure), language=language)
    return [(s.value, s.lower, s.upper) for s in told if s.is_claim]


@given(st.integers(1000, 999_999_999), st.sampled_from(" \u00a0\u2009\u202f"), LANGUAGES)
@example(48_016, " ", "nl")
@example(2_019, " ", "en")
def test_thousands_set_apart_by_a_space_are_one_number(value, space, language):
    text = f"{value:,}".replace(",", space)
    assert bare(text, language) == cell("value", text) == value
    figure, plain = parse(text, language=language), parse(number(value, language), language=language)
    assert (figure.value, figure.lower, figure.upper) == (plain.value, plain.lower, plain.upper)
    assert in_text(text, language) == [(plain.value, plain.lower, plain.upper)]


@given(st.integers(1, 10**6), st.integers(1, 4), LANGUAGES, st.sampled_from([None, "fte", "percent", "eur"]))
@example(120, 1, "nl", "fte")  # "12,0"
def test_a_decimal_is_rounded_at_its_last_place(digits, places, language, unit):
    value, half = Decimal(digits).scaleb(-places), Decimal(5).scaleb(-places - 1)
    figure = parse(mark(f"{value:f}", language), language=language, unit=unit)
    assert (figure.lower, figure.upper) == pytest.approx((float(value - half), float(value + half)))
    assert (figure.lower_closed, figure.upper_closed) == (True, False)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_part_of_a_million_is_a_count(language):
    parts, links, scales = CASES["parts_of_scales"][language].values()
    for (part, (m, k)), link, (scale, one) in product(parts.items(), links, scales.items()):
        figure = parse(part + link + scale, language=language)
        ends = pytest.approx((m / k * one, (m - 0.5) / k * one, (m + 0.5) / k * one))
        assert (figure.value, figure.lower, figure.upper) == ends


@given(st.integers(1, 10**9).filter(lambda n: n % 10), LANGUAGES)
def test_a_count_printed_to_its_last_digit_is_exact(value, language):
    figure = parse(number(value, language), language=language)
    assert figure.lower == value == figure.upper


@given(st.integers(1, 99_999), st.integers(0, 3), st.sampled_from("-\u2212\u2013"), LANGUAGES)
def test_a_minus_sign_makes_the_figure_negative(digits, places, minus, language):
    value = Decimal(digits).scaleb(-places)
    text = mark(f"{value:f}", language)
    figure, negative = parse(text, language=language), parse(minus + text, language=language)
    assert (negative.value, negative.lower, negative.upper) == (-figure.value, -figure.upper, -figure.lower)
    assert bare(minus + text, language) == -value
    assert cell("value", minus + f"{value:f}") == -float(value)
    assert in_text(minus + text, language) == [(negative.value, negative.lower, negative.upper)]


@given(st.from_regex(r"[0-9]{1,4}", fullmatch=True), st.sampled_from(",."), LANGUAGES)
def test_a_decimal_may_begin_with_its_mark_and_no_thousands_with_a_zero(digits, point, language):
    assert parse(point + digits, language=language).value == pytest.approx(float(f"0.{digits}"))
    assert bare(point + digits, language) == Decimal(f"0.{digits}")
    read = bare(f"0{point}{digits:0<3.3}", language)
    assert read is None or read < 1


def ratios(language):
    between = "op de" if language == "nl" else "out of"
    pairs = st.tuples(st.integers(0, 1000), st.integers(0, 1000)) | st.sampled_from([(7, 5), (0, 5), (1, 0)])
    return pairs.filter(lambda p: not 0 < p[0] <= p[1]).map(lambda p: f"{p[0]} {between} {p[1]}")


def upside_down(language):
    ends = st.tuples(st.integers(2, 10**6), st.integers(1, 10**6)).map(lambda p: (p[0], p[0] + p[1]))
    printed = ends.map(lambda p: [number(end, language) for end in p])
    return st.builds(lambda form, p: form.format(*p), st.sampled_from(CASES["turned"][language]), printed)


def hedged_twice(language):
    pairs = st.tuples(*map(st.sampled_from, CASES["opposed"][language])).flatmap(st.permutations)
    return st.builds(lambda pair, value: f"{' '.join(pair)} {number(value, language)}", pairs, counts)


joined = partial(st.builds, "{}{}{}".format)
marks = st.sampled_from(["..", ",,", ".,", ",.", "...", "::", "//"])
doubled = st.sampled_from(["--{}", "\u2212-{}", "{}%%", "€€{}"]).flatmap(lambda form: counts.map(form.format))
signs = st.builds("{0}{1}{0}".format, st.sampled_from(["", " "]), st.sampled_from("+*^×"))
cells = st.sampled_from(["=A1+2", "@SUM(A1)"])
some_digits = st.text("0123456789", max_size=4)
other_digits = st.sampled_from("٠١٢٣٤٥٦٧٨٩０１２３４５６７８９०१२३४५६७८९")
three_digits = st.integers(0, 999).map("{:03}".format)
REFUSED = {
    "another script": lambda _: joined(some_digits, other_digits, some_digits),
    "tells a ratio": ratios,
    "exclude each other": hedged_twice,
    # thousands of another country are no small number
    "no figure": lambda _: joined(st.integers(1, 999), st.sampled_from("'\u2019"), three_digits),
    "down to": upside_down,
    "doubled mark": lambda _: joined(counts, marks, counts) | doubled,
    "formula": lambda _: joined(counts, signs, counts) | counts.map("={}".format) | cells,
}


@pytest.mark.parametrize("problem", REFUSED)
@given(st.data(), LANGUAGES)
def test_what_no_figure_can_mean_is_refused_and_told_by_no_text(problem, data, language):
    text = data.draw(REFUSED[problem](language))
    with pytest.raises(InputError, match=problem):
        parse(text, language=language)
    assert bare(text, language) is None
    with pytest.raises(InputError):
        cell("value", text)
    # a text may tell of a fall "from 20 to 10", it is no place for marks of a spreadsheet, and is read as it is seen
    if problem not in ("down to", "doubled mark", "formula", "another script"):
        assert in_text(text, language) == []


@given(wordings | st.text(max_size=60), LANGUAGES, st.booleans(), st.sampled_from([None, "percent", "fte"]))
def test_any_text_gives_a_figure_or_a_clear_refusal(text, language, strict, unit):
    try:
        figure = parse(text, language=language, strict=strict, unit=unit)
    except InputError as refusal:
        assert refusal.remedy
        return
    assert figure.lower <= figure.upper
    assert figure.step > 0
    assert figure.value is None or figure.lower <= figure.value <= figure.upper


@given(counts, LANGUAGES, st.sampled_from(list(HEDGES)))
def test_a_hedged_count_is_read_back_and_to_the_letter_its_interval_only_grows(value, language, rule):
    text = f"{HEDGES[rule][0 if language == 'nl' else -1]} {number(value, language)}"
    figure, strict = parse(text, language=language), parse(text, language=language, strict=True)
    assert (figure.rule, figure.value) == (rule, value)
    assert strict.lower <= figure.lower <= value <= figure.upper <= strict.upper


@given(st.integers(2, 10_000))
def test_neighbouring_shares_one_in_k_touch_without_overlap(k):
    here, next_one = parse(f"een op de {number(k, 'nl')}"), parse(f"een op de {number(k + 1, 'nl')}")
    assert here.lower == pytest.approx(next_one.upper)
    assert (here.lower_closed, next_one.upper_closed) == (False, True)


@given(counts, counts)
def test_a_range_holds_both_its_ends(a, b):
    low, high = sorted((a, b))
    figure = parse(f"tussen de {number(low, 'nl')} en {number(high, 'nl')}")
    assert (figure.rule, figure.lower, figure.upper) == ("tussen", low, high)


@pytest.mark.parametrize("language", ["nl", "en"])
@table(__file__, "piles", "piece")
def test_a_hundred_kilobytes_take_bounded_time(piece, language):
    text = (piece * 100_000)[:100_000]
    began = time.process_time()  # other work on the computer does not count
    with contextlib.suppress(InputError):
        parse(text, language=language)
    # reading in quadratic time would take an hour
    assert time.process_time() - began < 120


# of every category of Unicode that nobody sees, and what has a category of letters without their ink
MARKS = st.characters(categories=["Mn", "Me", "Mc", "Cf", "Cc"], exclude_characters="\u202e")
UNSEEN = MARKS.filter(lambda c: not c.isspace()) | st.sampled_from("\u3164\uffa0\u2800\U000e0001\U000e0100")
SOME = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\u2063\u2066\u2069\ufeff\ufe0f\u0338\u20e3\u034f\u061c"


@given(st.sampled_from(CASES["printed"]), st.sampled_from(["", "ruim ", "meer dan ", "(", "€ "]), st.data())
def test_unseen_characters_inside_a_number_change_nothing(text, hedge, data):
    digits = text.partition(" ")[0]
    places, some = st.integers(1, len(digits) - 1), st.text(UNSEEN, min_size=1, max_size=3)
    put = data.draw(st.dictionaries(places, some, min_size=1))
    broken = "".join(put.get(at, "") + c for at, c in enumerate(digits)) + text[len(digits) :]
    assert parse(broken) == parse(text)
    said = f"Er waren in het jaar {hedge}{broken}."
    (told,) = [s for s in scan(said) if s.is_claim]
    (plain,) = [s for s in scan(f"Er waren in het jaar {hedge}{text}.") if s.is_claim]
    for name in ("value", "lower", "upper", "unit", "kind", "rule"):
        assert getattr(told, name) == getattr(plain, name)
    words = plain.text.replace(digits, broken.partition(" ")[0])
    assert said[told.start : told.end] == told.text == words  # places are those of the text itself


@pytest.mark.parametrize("zero", ["\uff10", "\u0660", "\u06f0", "\u0966"])
@pytest.mark.parametrize(("text", "value"), [("52 meldingen", 52), ("12.806 zaken", 12806)])
def test_digits_of_other_widths_and_scripts_are_read_in_a_text_and_refused_in_a_table(zero, text, value):
    other = "".join(chr(ord(zero) + int(c)) if c.isdigit() else c for c in text)
    assert [s.value for s in scan(f"Er waren {other} bij de politie.") if s.is_claim] == [value]
    with pytest.raises(InputError, match="another script"):
        parse(other)


def test_a_number_that_is_shown_backwards_is_refused_by_its_line():
    with pytest.raises(InputError, match=r"row 2.*backwards"):
        list(scan("Er waren 12 meldingen.\nIn 2024 waren er \u202e25\u202c zaken."))
    with pytest.raises(InputError, match="backwards"):
        parse("\u202e2,5 procent")
    assert [s.value for s in scan("\u202eabc\u202c en 12 meldingen.") if s.is_claim] == [12]


@given(st.text("0123456789.,ab \n\uff15\uff0c\u0662" + SOME))
def test_no_character_is_lost_and_a_plain_text_stays(text):
    assert len(plain_numbers(text)) == len(text)
    assert plain_numbers(plain_numbers(text)) == plain_numbers(text)
    assert plain_numbers(f"waren er {text}".upper()).startswith("WAREN ER ")
    bare = text.encode("ascii", "ignore").decode()
    assert plain_numbers(bare) == bare


@worked(__file__)
def test_one_wording_by_hand(case):
    hold(case)
