"""How far what is told reaches: sums, directions, signs, dates and repeats, each counted through its edges."""

import math
from collections import Counter
from dataclasses import replace
from functools import lru_cache
from itertools import product

import pytest

from osw_stats.claims.formulas import Interval
from osw_stats.claims.relation import (
    add_up,
    alike,
    digits,
    finest,
    growth,
    interval,
    ratio,
    share,
)
from osw_stats.claims.relations import relations
from osw_stats.claims.shares import Told
from osw_stats.claims.signs import Reading, blocks
from osw_stats.wording.scan import scan
from tests.claims.test_relations import SETS, found


@lru_cache
def figure_in(words):
    (statement,) = scan(words, language="nl")
    return statement


@lru_cache
def figure(words):
    """Return a percentage as printed, or a count to the last one."""
    s = figure_in(words)
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


@pytest.mark.parametrize(
    ("one", "other", "unlike", "may"),
    [
        *((f"{n} zaken", f"{100 * n + more} zaken", False, more == 0) for n in (2, 7) for more in (0, 1)),
        *(("tientallen zaken", f"{n} zaken", False, n == 2000) for n in (2000, 2001)),
        ("40 zaken", "50 klachten", False, False),
        ("40 zaken", "50 klachten", True, True),
        ("40 zaken", "tientallen klachten", False, True),
        ("40 zaken", "50 mensen", False, True),
        ("€ 40", "$ 50", True, False),
        ("€ 40", "€ 50", False, True),
        ("40 zaken", "50%", True, False),
    ],
)
def test_which_figures_may_be_one_thing_at_two_times(one, other, unlike, may):
    for pair in ((one, other), (other, one)):
        assert alike(*map(figure_in, pair), unlike=unlike) == may


def test_figures_per_unlike_spans_are_unlike():
    weeks, days, plain = (
        replace(figure("40 zaken"), unit=f"zaken{per}") for per in (" per week", " per dag", "")
    )
    assert [alike(weeks, other, unlike=True) for other in (weeks, days, plain)] == [True, False, True]


@pytest.mark.parametrize(
    ("tie", "verdict", "value", "width", "tells"),
    [
        *((2, "reproduced", value, 10.5, 9 <= value <= 11) for value in (8.9, 9, 10, 11, 11.1)),
        *((2, "reproduced", 20, width, width <= 10) for width in (9.9, 10, 10.1)),
        (3, "reproduced", 20, 99, True),
        (2, "inconsistent", 20, 99, True),
        (1, "reproduced", 20, 99, False),
    ],
)
def test_what_is_tied_loosely_is_told_where_little_is_left_open(tie, verdict, value, width, tells):
    made = share(figure("10%"), figure("1 zaken"), figure("10 zaken"))
    result = Interval(value, value - width / 4, value + 3 * width / 4)
    assert (
        Told(tie, replace(made, verdict=verdict, claimed=Interval(10, 9, 11), result=result)).tells == tells
    )


def test_beside_each_other_counts_are_counted_to_the_finest_digit_that_one_shows():
    def step(n):
        return 1 if n < 1000 or n % 10 else 10 ** (len(str(n)) - len(str(n).rstrip("0")))

    counts = {
        n: figure_in(f"{n:,} zaken".replace(",", "."))
        for n in (7, 40, 999, 1000, 1230, 1234, 12_300, 500_000)
    }
    for pair in product(counts, repeat=2):
        finer = min(map(step, pair))
        assert finest(counts[n] for n in pair) == (finer,), pair
        for n in pair:
            half, told = (0 if n < 1000 or finer == 1 else finer / 2), interval(counts[n], finer)
            assert (told.value, told.lower, told.upper, told.upper_closed) == (
                n,
                n - half,
                n + half,
                not half,
            )
    assert finest(map(figure_in, ("ruim 1.200 zaken", "12 duizend zaken", "tientallen zaken"))) == (math.inf,)


def test_digits_turned_about_are_the_same_in_a_large_figure_alone():
    for one, other in product(range(985, 1030), repeat=2):
        same = sorted(str(one)) == sorted(str(other)) and one >= 1000
        assert (digits(one) == digits(other)) == (same or one == other)


def test_what_is_too_far_from_what_is_printed_is_of_other_things():
    for part in range(1, 30):  # twelve times less than 12 percent of 1,000
        told = share(figure("12%"), figure(f"{part} zaken"), figure("1000 zaken"))
        assert bool(told) == (part >= 10), part
    for percent in range(1, 99):  # three times less or more than one in four
        told = ratio(figure(f"{percent}%"), figure_in("een op de vier"))
        assert bool(told) == (3 * percent >= 25 and percent <= 3 * 25), percent


def test_every_formula_gives_what_is_told_of_it_from_its_own_figures():
    """A reader is shown the formula over the roles of its figures."""
    names = set()
    for text in {row[0] for by in SETS["relations"]["planted"].values() for row in by}:
        for told in relations(text, scan(text)):
            values = {role: interval(s).value for role, s in told.parts}
            worked = eval(told.formula, {}, values)
            assert abs(worked) == pytest.approx(abs(told.recomputed), abs=1e-6), text
            names.add(told.relation)
    assert names >= {"growth", "points", "share", "sum", "direction"}


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


@pytest.mark.parametrize(
    ("sentence", "rows"),
    [
        ("Het aandeel steeg met 25 procent, van 40 procent naar 50 procent.", ["growth", False, 25, 25]),
        ("Het aandeel steeg met 10 procent, van 40 procent naar 50 procent.", ["points", True, 10, 25]),
        ("Het aandeel steeg met 30 procent, van 40 procent naar 50 procent.", ["growth", True, 30, 25]),
        ("Het aandeel steeg met 10 procent, van 100 procent naar 110 procent.", ["growth", False, 10, 10]),
        ("Het steeg met 40 procent, van 200 zaken naar 240 zaken.", ["growth", True, 40, 20]),
        *(
            (f"Het steeg met 1.200 zaken, van 4.005 naar {n // 1000}.{n % 1000} zaken.", row)
            for n in range(5203, 5208)
            for row in [["growth", n != 5205, 1200, n - 4005]]
        ),
    ],
)
def test_a_change_is_in_percent_or_points_or_a_number(sentence, rows):
    relation, verdict, *numbers = found(sentence)[0]
    assert [relation, verdict == "inconsistent", *numbers] == rows


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("gehalveerd", 0.4375, 0.5625),  # an eighth on each side of what is said in words
        ("twee keer zo veel", 1.75, 2.25),
        ("verdrievoudigd", 2.625, 3.375),
        ("anderhalf keer zo veel", 1.25, 1.75),  # printed in halves
        ("2,4 keer zo veel", 2.35, 2.45),
    ],
)
def test_times_leave_open_what_their_words_do(words, low, high):
    change, before = figure_in(words), figure("1000 zaken")
    for after in {*range(301, 3999, 2)} - {round(1000 * end) for end in (low, high)}:
        told = growth(change, "x", "n", {"before": before, "after": figure(f"{after} zaken")})
        assert (told.verdict != "inconsistent") == (low < after / 1000 < high), after


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
    for first in range(3):
        text = f"{'Het was druk. ' * first}Er kwamen 340 klachten binnen. {'Het was druk. ' * between}{again} klachten zijn oud."
        assert [row[:2] for row in found(text)] == [["repeat", "inconsistent"]] * (between <= 1)
    one_sentence = found(f"Er kwamen 340 klachten binnen en {again.lower()} klachten zijn oud.")
    assert len(one_sentence) == (again == "Die 350")


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("In 2024 waren er 500 klachten. In 2024 waren er {} klachten.", 10),
        ("In 2024 waren er 500 klachten over pesten. In 2024 waren er {} klachten over pesten.", 50),
        ("In 2024 waren er 500 klachten. Nu zijn die {} klachten oud.", 50),
        ("In 2024 waren er 500 klachten en 20 tips. Die {} klachten zijn oud.", 50),
        ("In 2024 waren er 500 klachten. Die {} klachten die bleven, zijn oud.", 50),
        ("In 2024 waren er 500 klachten. Het was druk. Die {} klachten zijn oud.", 50),
        ("In 2024 waren er 500 klachten. Die {} klachten zijn oud.", 100),
        ("In 2024 waren er 500 klachten. In 2023 waren er {} klachten.", -1),
    ],
)
def test_a_figure_told_again_is_held_against_one_it_is_near(text, apart):
    for later in {*range(430, 571)} - {500 - apart, 500 + apart}:  # to the last digit of a computer
        word = "reproduced" if later == 500 else "inconsistent"
        assert found(text.format(later)) == [["repeat", word, later, 500]] * (abs(later - 500) <= apart), (
            later
        )


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
@pytest.mark.parametrize(
    ("sentence", "about", "then"),
    [
        ("In totaal zijn {} aanvragen afgewezen.", "what was said last", ""),
        ("In maart zijn {} aanvragen afgewezen.", "what was said last", "in maart "),
        ("Het Fonds heeft {} aanvragen afgewezen.", "one body", ""),
        ("In maart heeft het Fonds {} aanvragen afgewezen.", "one body", "in maart "),
        ("In totaal waren er {} aanvragen afgewezen.", "another of a row", ""),
        ("Bij het Huis zijn {} aanvragen afgewezen.", "another body", ""),
        ("Het aantal van het Huis was {} aanvragen.", "another body", ""),
    ],
)
def test_large_figures_are_one_where_digits_body_and_period_are_the_same(
    sentence, about, then, period, between
):
    one = about == "one body" or (about == "what was said last" and not between)
    for start in ("Bij het Fonds kwamen {}er", "Onder het aantal van het Fonds vielen {}er"):
        for n, near in (("12.345", True), ("12.435", True), ("12.436", False), ("54.321", False)):
            rows = found(
                f"Het was druk. {start.format(period)} 12.345 aanvragen. {between}{sentence.format(n)}"
            )
            word = "reproduced" if n == "12.345" else "inconsistent"
            told = one and near and then in ("", period)
            assert [row[:2] for row in rows] == [["repeat", word]] * told, (start, n)


@pytest.mark.parametrize(
    ("figure", "told"), [("999", 0), ("1.000", 1), ("12.345", 1), ("12 duizend", 0), ("twaalfduizend", 0)]
)
def test_a_large_figure_in_digits_is_known_again_by_them(figure, told):
    text = f"Er kwamen er {figure} aanvragen binnen. In totaal zijn {figure} aanvragen afgewezen."
    assert [relation for relation, *_ in found(text)] == ["repeat"] * told


@pytest.mark.parametrize(("beside", "far"), [("", 0.5), ("   8", 0.25)])
def test_a_row_headed_as_a_total_is_that_of_parts_it_is_near(beside, far):
    """Nearer where it has another column, of which the total fits."""
    rows = ["Regio   Zaken" + ("   Tips" if beside else ""), f"Noord   120{beside}", f"Zuid   130{beside}"]
    for total in range(120, 560):
        text = "\n".join([*rows, f"Totaal   {total}{'   16' if beside else ''}", ""])
        word = "reproduced" if total == 250 else "inconsistent"
        told = [row for row in found(text) if row[2] != 16]
        assert told == [["sum", word, total, 250]] * (abs(250 / total - 1) <= far), total


@pytest.mark.parametrize("slip", range(4))
def test_a_total_is_of_the_rows_since_the_last_or_of_all_that_are_none(slip):
    sums = [30, 700, 730, 0]
    printed = [n + (at == slip) for at, n in enumerate(sums)]
    rows = ["Regio   Zaken", "A   12", "B   18", f"Totaal noord   {printed[0]}", "C   330", "D   370"]
    rows += [f"Totaal zuid   {printed[1]}", f"Totaal   {printed[2]}", ""]
    verdicts = [("inconsistent" if at == slip else "reproduced", printed[at], sums[at]) for at in range(3)]
    assert [tuple(row[1:]) for row in found("\n".join(rows)) if row[0] == "sum"] == verdicts


@pytest.mark.parametrize("years", [("2023", "2024"), ("2024", "2023"), ("Toen", "Nu")])
@pytest.mark.parametrize(("signs", "wrong"), [("+-+", ()), ("+--", (2,)), ("+++", (1,)), ("   ", ())])
def test_a_column_of_changes_goes_from_the_earlier_year_and_by_its_own_signs(years, signs, wrong):
    pairs = [("800", "1000", "25%"), ("1000", "800", "20%"), ("500", "600", "20%")]
    rows = [f"Soort   {years[0]}   {years[1]}   Verschil"]
    for name, sign, (before, after, change) in zip("ABC", signs, pairs, strict=True):
        one, other = (after, before) if years[0] == "2024" else (before, after)
        rows.append(f"{name}   {one}   {other}   {sign.strip()}{change}")
    told = dict.fromkeys(("growth", "direction"), 0)
    for relation, verdict, *_ in found("\n".join([*rows, ""])):
        assert (verdict == "inconsistent") == (relation == "direction")
        told[relation] += 1
    assert told == {"growth": 3 - len(wrong), "direction": len(wrong)}


@pytest.mark.parametrize("cells", list(product("05", repeat=3)), ids="".join)
@pytest.mark.parametrize("column", ["   0%", ""])
def test_a_table_of_noughts_stops_nothing(cells, column):
    rows = [f"{name}   {n}{column}" for name, n in zip(("Noord", "Zuid", "Totaal"), cells, strict=True)]
    *parts, total = map(int, cells)
    sums = [row[1:] for row in found("\n".join(["", *rows, ""])) if row[0] == "sum" and row[2] == total]
    assert (["reproduced", total, sum(parts)] in sums) == (sum(parts) == total)


@pytest.mark.parametrize("n", [3, 4, 5])
@pytest.mark.parametrize("kind", ["share", "growth"])
def test_a_column_is_what_more_than_half_of_it_is(kind, n):
    for wrong in range(n + 1):
        if kind == "share":  # of a total of a hundred for each row
            head, rows = "Soort   Zaken   Aandeel", [("100", f"{100 / n:.1f}")] * n + [(f"{100 * n}", "100")]
        else:
            head, rows = "Soort   2023   2024   Groei in %", [("800", "1000", "25.0")] * n
        rows = [(*row[:-1], "9.9") if at < wrong else row for at, row in enumerate(rows)]
        names = [*"ABCDE"[:n], "Total"]
        text = "\n".join(
            [head, *("   ".join((name, *row)) for name, row in zip(names, rows, strict=False)), ""]
        )
        verdicts = Counter(verdict for relation, verdict, *_ in found(text, "en") if relation == kind)
        told = 2 * wrong < n
        assert verdicts == Counter(reproduced=(n - wrong) * told, inconsistent=wrong * told), text


APART = """Van de 240 zaken zijn er 60 afgerond, maar 25 procent duurt lang.
Er zijn 240 zaken, waarvan 60 nieuw, maar 25 procent is oud.
Er zijn 240 zaken en 60 daarvan zijn nieuw, terwijl 25 procent oud is.
Een op de vier meisjes en 25 procent van de jongens doet mee.
Een kwart van de meisjes en 25 procent van de jongens doet mee.
25 procent van de jongens en een kwart van de meisjes doet mee."""


@pytest.mark.parametrize("text", APART.splitlines())
def test_what_only_happens_to_fit_is_not_told_of_other_things(text):
    assert found(text) == []


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


@pytest.mark.parametrize(
    ("before", "behind", "follows"),
    [
        ("De zaken gingen", "omhoog.", True),
        ("Het ging", "omhoog met zaken.", True),
        ("Het ging", "omhoog, dus veel.", True),
        ("Er zijn zaken. Het ging", "omhoog.", False),
        ("Het ging", "omhoog. Er zijn zaken.", False),
        ("Het ging", f"omhoog{' en verder' * 20} met zaken.", False),
        (f"Zaken gingen{' en verder' * 20}", "omhoog.", False),
        ("De rechtszaken gingen", "omhoog.", False),
    ],
)
def test_a_change_follows_from_figures_whose_noun_its_sentence_names(before, behind, follows):
    read = reading(f"Er waren 40 zaken en 60 zaken. {before} 50 procent {behind}")
    assert read.follows(read.places[2], *read.places[:2]) == follows


def test_a_rate_keeps_what_it_counts():
    text = "Het waren 12 meldingen per week, 8 uur per dag en 14 per maand."
    units = [s.unit for block in blocks(text, list(scan(text)), ()) for s in block.figures.values()]
    assert units == ["meldingen per week", "hours per dag", " per maand"]
