"""Figures told again: after how many sentences, how near, and when two large ones are one."""

import pytest

from tests.cases import table
from tests.claims.test_relations import found


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
