"""Which figures of a sentence belong together: by brackets, commas, signs and what the words before them name."""

import pytest

from tests.cases import table
from tests.claims.test_relations import found


@pytest.mark.parametrize("size", range(3, 10))
def test_a_bare_number_is_no_change_of_two_percentages(size):
    more = [["direction", "consistent_within_rounding", "more", 6]]
    assert found(f"Het aandeel is met {size} gestegen, van 12% naar 18%.") == more
    assert found(f"Turnout was up {size} from 48% to 54%.", "en") == more


@pytest.mark.parametrize("first", range(4, 9))
@table(__file__, "small_parts", "three two")
def test_three_small_parts_that_add_up_are_no_coincidence_and_two_are(three, two, first):
    parts = (first, first - 1, 5)
    assert found(three.format(sum(parts), *parts)) == [["sum", "reproduced", sum(parts), sum(parts)]]
    assert found(two.format(sum(parts[:2]), *parts)) == []


@pytest.mark.parametrize("other", range(9, 22))
def test_parts_after_a_closed_bracket_are_not_those_of_the_bracket(other):
    for bracket in ("(in Delft) 27 over pesten", "(27 over pesten)"):
        text = f"Er waren 48 klachten {bracket} en {{}} over geld."
        assert "inconsistent" not in {verdict for _, verdict, *_ in found(text.format(other))}


@pytest.mark.parametrize("percent", [5, 19, 20, 21, 30, 60])
@pytest.mark.parametrize("minus", "-−–")
def test_a_signed_percentage_after_a_semicolon_is_of_two_bare_figures_before_it(percent, minus):
    word = "reproduced" if percent == 20 else "inconsistent"
    assert [row[:2] for row in found(f"Zaken: 50 en 40; {minus}{percent}%.")] == [["growth", word]]
    told = found(f"Er waren 50 zaken en 40 zaken; {minus}{percent}%.")  # perhaps not of one thing
    assert [row[:2] for row in told] in ([], [["growth", "reproduced"]])


@pytest.mark.parametrize("before", ["", "Het was druk. "])
@table(__file__, "told_first", "text language")
def test_a_change_told_before_its_figures_names_their_noun_as_its_first_word_too(text, language, before):
    for later in (55, 60, 80, 110):
        ((relation, verdict, *_, worked),) = found(before + text.format(later), language)
        assert (relation, verdict == "inconsistent", worked) == ("growth", later != 80, later / 40)


@pytest.mark.parametrize("level", [45, 60, 90])
@table(__file__, "came_to", "text")
def test_what_a_figure_came_to_is_no_change_of_the_next_two(text, level):
    told = found(text.format(level))
    assert told == [["direction", "reproduced", "more", level - 40], ["direction", "reproduced", "more", 18]]


@pytest.mark.parametrize("later", [44, 60, 68])
@table(__file__, "of_two_things", "text")
def test_figures_of_two_sentences_or_nouns_without_a_time_are_no_before_and_after(text, later):
    for percent in (round(100 * (later / 40 - 1)), 25):
        assert found(text.format(later, percent)) == [], percent
