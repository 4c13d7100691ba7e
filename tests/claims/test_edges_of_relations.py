"""How far what is told reaches: sums, directions, signs, dates and repeats, each counted through its edges."""

from dataclasses import replace
from functools import lru_cache

import pytest

from osw_stats.claims.relation import add_up
from osw_stats.claims.signs import blocks
from osw_stats.wording.scan import scan
from tests.claims.test_relations import found


@lru_cache
def figure(words):
    """Return a percentage as printed, or a count to the last one."""
    (s,) = scan(words, language="nl")
    exact = {"rule": "exact", "lower": s.value, "upper": s.value, "upper_closed": True}
    return s if s.kind == "percent" else replace(s, **exact)


def in_parts(total, n, unit):
    return [figure(f"{total // n + (at < total % n)}{unit}") for at in range(n)]


@pytest.mark.parametrize(
    ("how", "n", "least", "most"),
    [
        *(("closed", n, 100, 300) for n in (2, 3)),
        *(("listed", n, 140, 300) for n in (2, 3)),
        *(("open", n, 180, 300) for n in (2, 3)),
        ("loose", 2, 200, 220),
        ("loose", 3, 180, 240),
        *(("led", n, 200, 240) for n in (2, 3)),
        *(("split", n, 200, 300) for n in (2, 3)),
    ],
)
def test_parts_are_held_against_a_whole_of_200_as_far_as_the_words_between_them_bear(how, n, least, most):
    for total in range(90, 320):
        told = add_up(in_parts(total, n, " zaken"), figure("200 zaken"), how)
        assert bool(told) == (least <= total <= most), total
        if told:
            assert (told.verdict, told.recomputed) == (
                "reproduced" if total == 200 else "inconsistent",
                total,
            )
            sure = total == 200 or how == "closed" or (how in ("listed", "open") and total > 200)
            assert (told.sure == "high") == sure, total


@pytest.mark.parametrize("n", [2, 3, 4])
@pytest.mark.parametrize(("how", "apart"), [("closed", 50), ("listed", 15), ("open", 4)])
def test_percentages_are_held_against_a_hundred_they_come_near(how, apart, n):
    for total in range(45, 156):
        told = add_up(in_parts(total, n, "%"), None, how)
        # each leaves open a half on each side, of which the upper end is not reached
        fits = total - n / 2 <= 100 < total + n / 2
        if abs(total - 100) != apart or how == "closed":  # to the last digit of a computer
            assert bool(told) == (fits or abs(total - 100) <= apart), total
        if told:
            assert (told.verdict != "inconsistent") == fits
            assert told.sure == ("high" if fits or how == "closed" else "low")


def test_no_part_exceeds_its_whole():
    for part in (199, 200, 201):
        told = add_up([figure(f"{part} zaken"), figure("5 zaken")], figure("200 zaken"), "closed")
        assert bool(told) == (part <= 200)


@pytest.mark.parametrize("rest", range(1, 60))
def test_three_parts_of_a_whole_are_told_between_nine_tenths_and_twelve_tenths_of_it(rest):
    text = f"Van de 120 meldingen waren er 70 over beelden, 30 over berichten en {rest} over stalking."
    word = "reproduced" if rest == 20 else "inconsistent"
    assert found(text) == [["sum", word, 120, 100 + rest]] * (108 <= 100 + rest <= 144)


@pytest.mark.parametrize(("unit", "left_open"), [("zaken", 0), ("uur", 0), ("procent", 1)])
@pytest.mark.parametrize("gap", range(-3, 4))
def test_more_is_wrong_where_no_value_left_open_is_more(unit, left_open, gap):
    for word, way in (("steeg", 1), ("daalde", -1)):
        ((relation, verdict, *_),) = found(f"Het {word} van 40 {unit} naar {40 + gap} {unit}.")
        assert (relation, verdict == "inconsistent") == ("direction", way * gap <= -left_open)


@pytest.mark.parametrize("tenths", [-20, -11, -9, -4, -1, 1, 4, 9, 11, 20])
def test_a_change_without_a_word_has_the_way_of_its_sign(tenths):
    for sign in ("", "-"):
        size, after = (
            f"{sign}{abs(tenths) / 10:.1f}".replace(".", ","),
            f"{1000 + tenths:,}".replace(",", "."),
        )
        for text in ("Van 1.000 naar {} zaken ({}%).", "Van 1.000 naar {} zaken, dat is {} procent."):
            ((relation, verdict, *_),) = found(text.format(after, size))
            wrong = bool(sign) and tenths > 0
            assert (relation, verdict == "inconsistent") == ("direction" if wrong else "growth", wrong)


@pytest.mark.parametrize("noun", ["", " zaken"])
@pytest.mark.parametrize("years", [(2021, 2022), (2022, 2021), (2015, 2024), (2024, 2015)])
def test_of_two_dated_figures_the_earlier_year_was_before_whatever_comes_first(noun, years):
    for word, way in (("steeg", 1), ("daalde", -1)):
        for one, other in ((40, 60), (60, 40)):
            rows = found(f"Het {word} van {one}{noun} in {years[0]} naar {other}{noun} in {years[1]}.")
            change = other - one if years[0] < years[1] else one - other
            verdict = "reproduced" if way * change > 0 else "inconsistent"
            assert rows == [["direction", verdict, "more" if way > 0 else "fewer", change]]


@pytest.mark.parametrize("between", range(4))
@pytest.mark.parametrize("again", ["Die 350", "Alle 430"])
def test_a_figure_is_told_again_up_to_two_sentences_on(between, again):
    text = f"In 2024 kwamen er 340 klachten binnen. {'Het was druk. ' * between}{again} klachten zijn oud."
    assert [row[:2] for row in found(text)] == [["repeat", "inconsistent"]] * (between <= 1)


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("In 2024 waren er 500 klachten. In 2024 waren er {} klachten.", 10),
        ("In 2024 waren er 500 klachten over pesten. In 2024 waren er {} klachten over pesten.", 50),
        ("In 2024 waren er 500 klachten. Die {} klachten zijn oud.", 50),
        ("In 2024 waren er 500 klachten. In 2023 waren er {} klachten.", -1),
    ],
)
def test_a_figure_told_again_is_held_against_one_it_is_near(text, apart):
    for later in {*range(430, 571)} - {500 - apart, 500 + apart}:  # to the last digit of a computer
        word = "reproduced" if later == 500 else "inconsistent"
        assert found(text.format(later)) == [["repeat", word, later, 500]] * (abs(later - 500) <= apart), (
            later
        )


def test_a_small_figure_is_told_again_as_it_is_or_turned_about():
    told = {
        later: found(f"Er kwamen 12 klachten binnen. Die {later} klachten zijn oud.")
        for later in range(8, 30)
    }
    assert {later: rows[0][1] for later, rows in told.items() if rows} == {
        12: "reproduced",
        21: "inconsistent",
    }


APART = """Van de 240 zaken zijn er 60 afgerond, maar 25 procent duurt lang.
Er zijn 240 zaken, waarvan 60 nieuw, maar 25 procent is oud.
Er zijn 240 zaken en 60 daarvan zijn nieuw, terwijl 25 procent oud is.
Een op de vier meisjes en 25 procent van de jongens doet mee.
Een kwart van de meisjes en 25 procent van de jongens doet mee.
25 procent van de jongens en een kwart van de meisjes doet mee."""


@pytest.mark.parametrize("text", APART.splitlines())
def test_what_only_happens_to_fit_is_not_told_of_other_things(text):
    assert found(text) == []


def test_a_rate_keeps_what_it_counts():
    text = "Het waren 12 meldingen per week, 8 uur per dag en 14 per maand."
    units = [s.unit for block in blocks(text, list(scan(text)), ()) for s in block.figures.values()]
    assert units == ["meldingen per week", "hours per dag", " per maand"]
