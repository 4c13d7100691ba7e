"""How far what is told reaches: sums, directions, signs and dates, each counted through its edges."""

import math
from dataclasses import replace
from functools import lru_cache
from itertools import product

import pytest

from osw_stats.claims.formulas import Interval
from osw_stats.claims.relation import add_up, alike, finest, growth, interval, ratio, share
from osw_stats.claims.relations import relations
from osw_stats.claims.repeats import digits
from osw_stats.claims.shares import Candidate
from osw_stats.claims.signs import Reading, blocks
from osw_stats.wording.scan import scan
from tests.cases import table
from tests.claims.test_relations import SETS, found


@lru_cache
def figure_in(words):
    (statement,) = scan(words, language="nl")
    return statement


def figure(words):
    """Return a percentage as printed, or a count to the last one."""
    s = figure_in(words)
    exact = {"rule": "exact", "lower": s.value, "upper": s.value, "upper_closed": True}
    return s if s.kind == "percent" else replace(s, **exact)


def in_parts(total, n, unit):
    return [figure(f"{total // n + (at < total % n)}{unit}") for at in range(n)]


def wrong(text):
    """Return each relation of a text, and whether it does not fit."""
    return [(relation, verdict == "inconsistent") for relation, verdict, *_ in found(text)]


@table(__file__, "reach", "how least of_two of_three")
def test_parts_are_held_against_a_whole_of_200_as_far_as_the_words_bear(how, least, of_two, of_three):
    for total, (n, most) in product(range(90, 320), ((2, of_two), (3, of_three))):
        told = add_up(in_parts(total, n, " zaken"), figure("200 zaken"), how)
        from_there = least or {2: 200, 3: 180}[n]
        assert bool(told) == (from_there <= total <= most), (total, n)
        if told:
            assert (told.verdict == "reproduced", told.recomputed) == (total == 200, total)
            sure = total == 200 or how == "closed" or (how in ("listed", "open") and total > 200)
            assert (told.sure == "high") == sure, total


@pytest.mark.parametrize("n", [2, 3, 4])
@pytest.mark.parametrize(("how", "below", "above"), [("closed", 50, 50), ("listed", 4, 15), ("open", 4, 4)])
def test_percentages_are_held_against_a_hundred_they_come_near(how, below, above, n):
    for total in range(45, 156):
        told = add_up(in_parts(total, n, "%"), None, how)
        # each leaves open a half on each side, of which the upper end is not reached
        fits = total - n / 2 <= 100 < total + n / 2
        if total - 100 not in (-below, above) or how == "closed":  # to the last digit of a computer
            assert bool(told) == (fits or -below <= total - 100 <= above), total
        if told:
            assert (told.verdict != "inconsistent") == fits
            assert told.sure == ("high" if fits or how == "closed" else "low")


@table(__file__, "alike", "one other unlike may")
def test_which_figures_may_be_one_thing_at_two_times(one, other, unlike, may):
    for pair in ((one, other), (other, one)):
        assert alike(*map(figure_in, pair), unlike=unlike) == may


def test_figures_per_unlike_spans_are_unlike_and_a_rate_keeps_what_it_counts():
    of = [replace(figure("40 zaken"), unit=f"zaken{per}") for per in (" per week", " per dag", "")]
    assert [alike(of[0], other, unlike=True) for other in of] == [True, False, True]
    text = "Het waren 12 meldingen per week, 8 uur per dag en 14 per maand."
    units = [s.unit for block in blocks(text, list(scan(text)), ()) for s in block.figures.values()]
    assert units == ["meldingen per week", "hours per dag", " per maand"]


@table(__file__, "tells", "tie verdict value width tells")
def test_what_is_tied_loosely_is_told_where_little_is_left_open(tie, verdict, value, width, tells):
    result = Interval(value, value - width / 4, value + 3 * width / 4)
    relation = share(figure("10%"), figure("1 zaken"), figure("10 zaken"))
    relation = replace(relation, verdict=verdict, claimed=Interval(10, 9, 11), result=result)
    assert Candidate(tie, relation).reportable == tells


def test_beside_each_other_counts_are_counted_to_the_finest_digit_that_one_shows():
    steps = {7: 1, 40: 1, 999: 1, 1000: 1000, 1230: 10, 1234: 1, 12_300: 100, 500_000: 100_000}
    counts = {n: figure_in(f"{n:,} zaken".replace(",", ".")) for n in steps}
    for pair in product(counts, repeat=2):
        finer = min(steps[n] for n in pair)
        assert finest(counts[n] for n in pair) == (finer,), pair
        for n in pair:
            half, told = (0 if n < 1000 or finer == 1 else finer / 2), interval(counts[n], finer)
            ends = (told.value, told.lower, told.upper, told.upper_closed)
            assert ends == (n, n - half, n + half, not half)
    assert finest(map(figure_in, ("ruim 1.200 zaken", "12 duizend zaken", "tientallen zaken"))) == (math.inf,)


def test_digits_turned_about_are_the_same_in_a_large_figure_alone():
    for one, other in product(range(985, 1030), repeat=2):
        same = sorted(str(one)) == sorted(str(other)) and one >= 1000
        assert (digits(one) == digits(other)) == (same or one == other)


def test_what_is_too_far_from_what_is_printed_is_of_other_things_and_no_part_exceeds_its_whole():
    for part in range(1, 30):  # twelve times less than 12 percent of 1,000
        told = share(figure("12%"), figure(f"{part} zaken"), figure("1000 zaken"))
        assert bool(told) == (part >= 10), part
    for percent in range(1, 99):  # three times less or more than one in four
        told = ratio(figure(f"{percent}%"), figure_in("een op de vier"))
        assert bool(told) == (3 * percent >= 25 and percent <= 3 * 25), percent
    for part in (199, 200, 201):
        told = add_up([figure(f"{part} zaken"), figure("5 zaken")], figure("200 zaken"), "closed")
        assert bool(told) == (part <= 200)


def test_every_formula_gives_what_is_told_of_it_from_its_own_figures():
    """A reader is shown the formula over the roles of its figures."""
    names = set()
    for text in {row[0] for by in SETS["relations"]["planted"].values() for row in by}:
        for told in relations(text, scan(text)):
            worked = eval(told.formula, {}, {role: interval(s).value for role, s in told.parts})
            assert abs(worked) == pytest.approx(abs(told.recomputed), abs=1e-6), text
            names.add(told.relation)
    assert names >= {"growth", "points", "share", "sum", "direction"}


@pytest.mark.parametrize(("unit", "left_open"), [("zaken", 0), ("uur", 0), ("procent", 1)])
@pytest.mark.parametrize("gap", range(-3, 4))
def test_more_is_wrong_where_no_value_left_open_is_more(unit, left_open, gap):
    for word, way in (("steeg", 1), ("daalde", -1)):
        told = wrong(f"Het {word} van 40 {unit} naar {40 + gap} {unit}.")
        assert told == [("direction", way * gap <= -left_open)]


@table(__file__, "changes", "sentence row")
def test_a_change_is_in_percent_or_points_or_a_number(sentence, row):
    relation, verdict, *numbers = found(sentence)[0]
    assert [relation, verdict == "inconsistent", *numbers] == row


@table(__file__, "times", "words low high")
def test_times_leave_open_what_their_words_do(words, low, high):
    change, before = figure_in(words), figure("1000 zaken")
    for after in {*range(301, 3999, 2)} - {round(1000 * end) for end in (low, high)}:
        told = growth(change, "x", "n", {"before": before, "after": figure(f"{after} zaken")})
        assert (told.verdict != "inconsistent") == (low < after / 1000 < high), after


@pytest.mark.parametrize("tenths", [-20, -11, -9, -4, -1, 1, 4, 9, 11, 20])
def test_a_change_without_a_word_has_the_way_of_its_sign(tenths):
    after = f"{1000 + tenths:,}".replace(",", ".")
    for sign in ("", "-"):
        size, turned = f"{sign}{abs(tenths) / 10:.1f}".replace(".", ","), bool(sign) and tenths > 0
        for text in ("Van 1.000 naar {} zaken ({}%).", "Van 1.000 naar {} zaken, dat is {} procent."):
            assert wrong(text.format(after, size)) == [("direction" if turned else "growth", turned)]


@pytest.mark.parametrize("noun", ["", " zaken"])
@pytest.mark.parametrize("years", [(2021, 2022), (2022, 2021), (2015, 2024), (2024, 2015)])
def test_of_two_dated_figures_the_earlier_year_was_before_whatever_comes_first(noun, years):
    for word, way in (("steeg", 1), ("daalde", -1)):
        for one, other in ((40, 60), (60, 40)):
            rows = found(f"Het {word} van {one}{noun} in {years[0]} naar {other}{noun} in {years[1]}.")
            change = other - one if years[0] < years[1] else one - other
            verdict = "reproduced" if way * change > 0 else "inconsistent"
            assert rows == [["direction", verdict, "more" if way > 0 else "fewer", change]]


def reading(text):
    (block,) = blocks(text, list(scan(text, language="nl")), ())
    return Reading(block, "".join(block.signs))


@pytest.mark.parametrize("sizes", [(1, 1, 1, 1, 1), (9, 9), (2, 7, 1, 3), (14,)])
def test_figures_are_near_within_six_places_from_two_sentences_before_to_the_next(sizes):
    read = reading(" ".join(f"Er waren {', '.join(['12 zaken'] * n)}." for n in sizes))
    sentence = [at for at, n in enumerate(sizes) for _ in range(n)]
    for rank, here in enumerate(read.places):
        near = [n for n, s in enumerate(sentence) if abs(n - rank) <= 6 and -2 <= s - sentence[rank] <= 1]
        assert read.near(here, "n") == [read.places[n] for n in near if n != rank]
        for end, but in product(read.places, repeat=2):
            inside = [place for place in read.places if here < place < end]
            assert read.between(here, end) == inside
            assert read.crossed(here, end, but) == len(inside) - (but in inside)
            assert read.crossed(here, end) == len(inside)


@table(__file__, "follows", "before behind follows")
def test_a_change_follows_from_figures_whose_noun_its_sentence_names(before, behind, follows):
    text = f"Er waren 40 zaken en 60 zaken. {before} 50 procent {behind}"
    read = reading(text.replace("…", " en verder" * 20))
    assert read.follows(read.places[2], *read.places[:2]) == follows


@pytest.mark.parametrize(("fitting", "of"), [(k, n) for n in range(2, 7) for k in range(1, n + 1)])
def test_shares_belong_to_a_total_that_most_of_them_fit(fitting, of):
    names = ["afpersing", "dreiging", "misbruik", "stalking", "grooming", "chantage"][:of]
    parts = [20 + 6 * at for at in range(of)]  # of 200
    percents = [part // 2 if at < fitting else part // 2 + 9 for at, part in enumerate(parts)]
    told = [f"{name} {part} ({percent}%)" for name, part, percent in zip(names, parts, percents, strict=True)]
    text = f"{', '.join(told)}. In totaal 200 meldingen."
    shares = [relation for relation, _ in wrong(text) if relation == "share"]
    assert len(shares) == (of if fitting > 1 and 2 * fitting > of else 0)
