"""Characters nobody sees, inside numbers: they are read as they show, or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.errors import InputError
from osw_stats.wording.parse import parse
from osw_stats.wording.scan import scan
from osw_stats.wording.tokens import plain_numbers

# of every category of Unicode that nobody sees, and what has a category of letters without their ink
MARKS = st.characters(categories=["Mn", "Me", "Mc", "Cf", "Cc"], exclude_characters="\u202e")
UNSEEN = MARKS.filter(lambda c: not c.isspace()) | st.sampled_from("\u3164\uffa0\u2800\U000e0001\U000e0100")
SOME = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\u2063\u2066\u2069\ufeff\ufe0f\u0338\u20e3\u034f\u061c"
NUMBERS = ["5,2 procent", "12.806 meldingen", "760.000 mensen", "99 zaken", "1.234.567 euro"]


@given(st.sampled_from(NUMBERS), st.sampled_from(["", "ruim ", "meer dan ", "(", "€ "]), st.data())
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


@pytest.mark.parametrize("sign", "\u00b7\u02d9\u2024\u3002\u066b\u066c\u2396\u2027\u215b\u2155\u2460\u2164")
@pytest.mark.parametrize("figure", ["5{}2 procent", "14{}802 meldingen"])
def test_a_sign_that_no_number_is_printed_with_is_refused_in_a_table(sign, figure):
    """What stands before it alone would be another number."""
    with pytest.raises(InputError, match="holds"):
        parse(figure.format(sign))


def test_a_minus_of_any_width_is_a_minus_and_a_raised_number_a_note():
    for minus in "-\u2010\u2012\u2013\u2212\u2015\ufe58\ufe63\uff0d":
        assert parse(f"{minus}5 procent").value == -5
        assert (parse(f"10{minus}20 procent").lower, parse(f"10{minus}20 procent").upper) == (10, 20)
    assert parse("14.802\u00b2 meldingen").value == 14802
