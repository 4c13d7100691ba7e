"""Which figures of a text or of its tables belong together: by brackets, signs, words, rows and columns; what is told again."""

from collections import Counter
from itertools import product

import pytest

from osw_stats.wording.scan import scan
from tests.cases import table
from tests.claims.test_relations import found


@table(__file__, "open_figures", "text relation tried told right")
def test_an_open_figure_is_told_as_far_as_it_is_near_and_right_where_it_fits(
    text, relation, tried, told, right
):
    for n in {*range(*tried)} - {
        *told
    }:  # at the ends themselves it is the last digit of a computer that tells
        word = "reproduced" if n == right else "inconsistent"
        rows = [row for row in found(text.format(n)) if row[2] != 16]  # the total of the other column
        assert rows == [[relation, word, n, right]] * (told[0] < n < told[1]), n


class TestSentences:
    @pytest.mark.parametrize("first", range(4, 9))
    @table(__file__, "small_parts", "three two")
    def test_three_small_parts_that_add_up_are_no_coincidence_and_two_are(self, three, two, first):
        parts = (first, first - 1, 5)
        assert found(three.format(sum(parts), *parts)) == [["sum", "reproduced", sum(parts), sum(parts)]]
        assert found(two.format(sum(parts[:2]), *parts)) == []

    @pytest.mark.parametrize("other", range(9, 22))
    def test_parts_after_a_closed_bracket_are_not_those_of_the_bracket(self, other):
        for bracket in ("(in Delft) 27 over pesten", "(27 over pesten)"):
            told = found(f"Er waren 48 klachten {bracket} en {other} over geld.")
            assert "inconsistent" not in {verdict for _, verdict, *_ in told}

    @pytest.mark.parametrize("percent", [5, 19, 20, 21, 30, 60])
    @pytest.mark.parametrize("minus", "-−–")
    def test_a_signed_percentage_after_a_semicolon_is_of_two_bare_figures_before_it(self, percent, minus):
        word = "reproduced" if percent == 20 else "inconsistent"
        assert [row[:2] for row in found(f"Zaken: 50 en 40; {minus}{percent}%.")] == [["growth", word]]
        told = found(f"Er waren 50 zaken en 40 zaken; {minus}{percent}%.")  # perhaps not of one thing
        assert [row[:2] for row in told] in ([], [["growth", "reproduced"]])

    @pytest.mark.parametrize("before", ["", "Het was druk. "])
    @table(__file__, "told_first", "text language")
    def test_a_change_told_before_its_figures_names_their_noun_too(self, text, language, before):
        for later in (55, 60, 80, 110):
            ((relation, verdict, *_, worked),) = found(before + text.format(later), language)
            assert (relation, verdict == "inconsistent", worked) == ("growth", later != 80, later / 40)


class TestToldAgain:
    @pytest.mark.parametrize("between", range(4))
    @pytest.mark.parametrize("again", ["Die 350", "Alle 430"])
    def test_a_figure_is_told_again_up_to_two_sentences_on(self, between, again):
        for first in range(3):
            begin = f"{'Het was druk. ' * first}Er kwamen 340 klachten binnen."
            told = found(f"{begin} {'Het was druk. ' * between}{again} klachten zijn oud.")
            assert [row[:2] for row in told] == [["repeat", "inconsistent"]] * (between <= 1)
        one_sentence = found(f"Er kwamen 340 klachten binnen en {again.lower()} klachten zijn oud.")
        assert len(one_sentence) == (again == "Die 350")

    @pytest.mark.parametrize("earlier", [10, 12, 19, 20])
    def test_a_small_figure_is_told_again_as_it_is_or_turned_about(self, earlier):
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
        self, sentence, about, then, period, between
    ):
        one = about == "one body" or (about == "what was said last" and not between)
        for start in ("Bij het Fonds kwamen {}er", "Onder het aantal van het Fonds vielen {}er"):
            begin = f"Het was druk. {start.format(period)} 12.345 aanvragen. {between}"
            for n, near in (("12.345", True), ("12.435", True), ("12.436", False), ("54.321", False)):
                word = "reproduced" if n == "12.345" else "inconsistent"
                told = [row[:2] for row in found(begin + sentence.format(n))]
                assert told == [["repeat", word]] * (one and near and then in ("", period)), (start, n)


def lines(*rows):
    return "\n".join([*rows, ""])


class TestTables:
    @table(__file__, "tables", "text right wrong told")
    def test_totals_of_rows_and_columns_and_shares_of_the_column_before_are_checked(
        self, text, right, wrong, told
    ):
        for cell, errors in ((right, 0), (wrong, 2)):
            rows = found(text.format(cell))
            assert Counter(relation for relation, *_ in rows) == told
            assert sum(verdict == "inconsistent" for _, verdict, *_ in rows) == errors

    @pytest.mark.parametrize(
        ("place", "scaled"), [(0, (0, 2)), (1, (1, 3)), (2, (0, 1)), (3, (2, 3))], ids=str
    )
    def test_a_heading_gives_the_scale_of_its_column_or_row_alone(self, place, scaled):
        words = ["Vorig jaar", "Dit jaar", "Lonen", "Huur"]
        words[place] += " (x 1.000)"
        text = "Post   {}   {}\n{}   12,5   13,5\n{}   2,5   3,5\n".format(*words)
        values = [s.value for s in scan(text) if s.is_claim and s.text != "1.000"]
        assert values == [v * (1000 if at in scaled else 1) for at, v in enumerate((12.5, 13.5, 2.5, 3.5))]

    @pytest.mark.parametrize("slip", range(4))
    def test_a_total_is_of_the_rows_since_the_last_or_of_all_that_are_none(self, slip):
        sums = [30, 700, 730]
        printed = [n + (at == slip) for at, n in enumerate(sums)]
        rows = ["Regio   Zaken", "A   12", "B   18", f"Totaal noord   {printed[0]}", "C   330", "D   370"]
        told = found(lines(*rows, f"Totaal zuid   {printed[1]}", f"Totaal   {printed[2]}"))
        words = ["inconsistent" if at == slip else "reproduced" for at in range(3)]
        assert [tuple(row[1:]) for row in told if row[0] == "sum"] == list(
            zip(words, printed, sums, strict=True)
        )

    @pytest.mark.parametrize("years", [("2023", "2024"), ("2024", "2023"), ("Toen", "Nu")])
    @pytest.mark.parametrize(("signs", "wrong"), [("+-+", 0), ("+--", 1), ("+++", 1), ("   ", 0)])
    def test_a_column_of_changes_goes_from_the_earlier_year_and_by_its_own_signs(self, years, signs, wrong):
        rows = [f"Soort   {years[0]}   {years[1]}   Verschil"]
        for sign, (*pair, change) in zip(
            signs, ((800, 1000, 25), (1000, 800, 20), (500, 600, 20)), strict=True
        ):
            one, other = reversed(pair) if years[0] == "2024" else pair
            rows.append(f"Iets   {one}   {other}   {sign.strip()}{change}%")
        told = found(lines(*rows))
        assert all((verdict == "inconsistent") == (relation == "direction") for relation, verdict, *_ in told)
        assert Counter(row[0] for row in told) == Counter(growth=3 - wrong, direction=wrong)

    @pytest.mark.parametrize("cells", list(product("05", repeat=3)), ids="".join)
    @pytest.mark.parametrize("column", ["   0%", ""])
    def test_a_table_of_noughts_stops_nothing(self, cells, column):
        rows = [f"{name}   {n}{column}" for name, n in zip(("Noord", "Zuid", "Totaal"), cells, strict=True)]
        *parts, total = map(int, cells)
        sums = [row[1:] for row in found(lines("", *rows)) if row[0] == "sum" and row[2] == total]
        assert (["reproduced", total, sum(parts)] in sums) == (sum(parts) == total)

    @pytest.mark.parametrize("n", [3, 4, 5])
    @pytest.mark.parametrize("kind", ["share", "growth"])
    def test_a_column_is_what_more_than_half_of_it_is(self, kind, n):
        head, rows = "Soort   2023   2024   Groei in %", [("800", "1000", "25.0")] * n
        if kind == "share":  # of a total of a hundred for each row
            head, rows = "Soort   Zaken   Aandeel", [("100", f"{100 / n:.1f}")] * n + [(f"{100 * n}", "100")]
        for wrong in range(n + 1):
            printed = [(*row[:-1], "9.9") if at < wrong else row for at, row in enumerate(rows)]
            named = zip([*"ABCDE"[:n], "Total"], printed, strict=False)
            told = found(lines(head, *("   ".join((name, *row)) for name, row in named)), "en")
            verdicts = Counter(verdict for relation, verdict, *_ in told if relation == kind)
            most = 2 * wrong < n
            assert verdicts == Counter(reproduced=(n - wrong) * most, inconsistent=wrong * most), wrong
