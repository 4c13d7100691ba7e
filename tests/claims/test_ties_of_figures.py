"""Which figures belong together: by brackets, commas, signs and words before them, and when one is told again."""

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


@pytest.mark.parametrize("between", range(4))
@pytest.mark.parametrize("again", ["Die 350", "Alle 430"])
def test_a_figure_is_told_again_up_to_two_sentences_on(between, again):
    for first in range(3):
        begin = f"{'Het was druk. ' * first}Er kwamen 340 klachten binnen."
        told = found(f"{begin} {'Het was druk. ' * between}{again} klachten zijn oud.")
        assert [row[:2] for row in told] == [["repeat", "inconsistent"]] * (between <= 1)
    one_sentence = found(f"Er kwamen 340 klachten binnen en {again.lower()} klachten zijn oud.")
    assert len(one_sentence) == (again == "Die 350")


@table(__file__, "told_again", "more again apart")
def test_a_figure_told_again_is_held_against_one_it_is_near(more, again, apart):
    for later in {*range(430, 571)} - {500 - apart, 500 + apart}:  # to the last digit of a computer
        word = "reproduced" if later == 500 else "inconsistent"
        told = found(f"In 2024 waren er 500 klachten{more}. {again.format(later)}")
        assert told == [["repeat", word, later, 500]] * (abs(later - 500) <= apart), later


@pytest.mark.parametrize("earlier", [10, 12, 19, 20])
def test_a_small_figure_is_told_again_as_it_is_or_turned_about(earlier):
    for later in range(8, 30):
        turned = later > 9 and sorted(str(later)) == sorted(str(earlier))
        near = later >= 20 and abs(later - earlier) * 10 < earlier
        rows = found(f"Er kwamen {earlier} klachten binnen. Nu zijn die {later} klachten oud.")
        word = "reproduced" if later == earlier else "inconsistent"
        assert rows == [["repeat", word, later, earlier]] * (turned or near), later


@pytest.mark.parametrize("between", ["", "Het was druk. "])
@pytest.mark.parametrize("period", ["", "in maart ", "in april "])
@table(__file__, "large_ones", "sentence about then")
def test_large_figures_are_one_where_digits_body_and_period_are_the_same(
    sentence, about, then, period, between
):
    one = about == "one body" or (about == "what was said last" and not between)
    for start in ("Bij het Fonds kwamen {}er", "Onder het aantal van het Fonds vielen {}er"):
        begin = f"Het was druk. {start.format(period)} 12.345 aanvragen. {between}"
        for n, near in (("12.345", True), ("12.435", True), ("12.436", False), ("54.321", False)):
            word = "reproduced" if n == "12.345" else "inconsistent"
            told = [row[:2] for row in found(begin + sentence.format(n))]
            assert told == [["repeat", word]] * (one and near and then in ("", period)), (start, n)


@pytest.mark.parametrize(
    ("figure", "told"), [("999", 0), ("1.000", 1), ("12.345", 1), ("12 duizend", 0), ("twaalfduizend", 0)]
)
def test_a_large_figure_in_digits_is_known_again_by_them(figure, told):
    text = f"Er kwamen er {figure} aanvragen binnen. In totaal zijn {figure} aanvragen afgewezen."
    assert [relation for relation, *_ in found(text)] == ["repeat"] * told
