"""What the cells of a table in a text say of each other: totals, shares and changes of its rows and columns."""

from collections import Counter
from itertools import product

import pytest

from osw_stats.wording.scan import scan
from tests.cases import table
from tests.claims.test_relations import found


def lines(*rows):
    return "\n".join([*rows, ""])


@table(__file__, "tables", "text right wrong told")
def test_totals_of_rows_and_columns_and_shares_of_the_column_before_are_checked(text, right, wrong, told):
    for cell, errors in ((right, 0), (wrong, 2)):
        rows = found(text.format(cell))
        assert Counter(relation for relation, *_ in rows) == told
        assert sum(verdict == "inconsistent" for _, verdict, *_ in rows) == errors


@pytest.mark.parametrize(("place", "scaled"), [(0, (0, 2)), (1, (1, 3)), (2, (0, 1)), (3, (2, 3))], ids=str)
def test_a_heading_gives_the_scale_of_its_column_or_row_alone(place, scaled):
    words = ["Vorig jaar", "Dit jaar", "Lonen", "Huur"]
    words[place] += " (x 1.000)"
    text = "Post   {}   {}\n{}   12,5   13,5\n{}   2,5   3,5\n".format(*words)
    values = [s.value for s in scan(text) if s.is_claim and s.text != "1.000"]
    assert values == [v * (1000 if at in scaled else 1) for at, v in enumerate((12.5, 13.5, 2.5, 3.5))]


def test_the_title_of_a_table_gives_unit_and_scale_and_a_cell_without_one_says_so():
    text = "Uitgaven (x € 1.000)\n\nPost          2023    2024\nLonen       12.400  13.100\nHuur         2.300   2.350\n"
    cells = [(s.kind, s.unit, s.value) for s in scan(text) if s.is_claim]
    assert cells[:2] == [("money", "eur", 12.4e6), ("money", "eur", 13.1e6)]
    bare = [s.unit for s in scan("Noord   12   13\nZuid   14   15\n") if s.is_claim]
    assert bare == ["unit unknown"] * 4


@pytest.mark.parametrize(("beside", "far"), [("", 0.5), ("   8", 0.25)])
def test_a_row_headed_as_a_total_is_that_of_parts_it_is_near(beside, far):
    """Nearer where it has another column, of which the total fits."""
    rows = ["Regio   Zaken" + ("   Tips" if beside else ""), f"Noord   120{beside}", f"Zuid   130{beside}"]
    for total in range(120, 560):
        word = "reproduced" if total == 250 else "inconsistent"
        told = found(lines(*rows, f"Totaal   {total}{'   16' if beside else ''}"))
        told = [row for row in told if row[2] != 16]
        assert told == [["sum", word, total, 250]] * (abs(250 / total - 1) <= far), total


@pytest.mark.parametrize("slip", range(4))
def test_a_total_is_of_the_rows_since_the_last_or_of_all_that_are_none(slip):
    sums = [30, 700, 730]
    printed = [n + (at == slip) for at, n in enumerate(sums)]
    rows = ["Regio   Zaken", "A   12", "B   18", f"Totaal noord   {printed[0]}", "C   330", "D   370"]
    told = found(lines(*rows, f"Totaal zuid   {printed[1]}", f"Totaal   {printed[2]}"))
    words = ["inconsistent" if at == slip else "reproduced" for at in range(3)]
    assert [tuple(row[1:]) for row in told if row[0] == "sum"] == list(zip(words, printed, sums, strict=True))


@pytest.mark.parametrize("years", [("2023", "2024"), ("2024", "2023"), ("Toen", "Nu")])
@pytest.mark.parametrize(("signs", "wrong"), [("+-+", 0), ("+--", 1), ("+++", 1), ("   ", 0)])
def test_a_column_of_changes_goes_from_the_earlier_year_and_by_its_own_signs(years, signs, wrong):
    rows = [f"Soort   {years[0]}   {years[1]}   Verschil"]
    for sign, (*pair, change) in zip(signs, ((800, 1000, 25), (1000, 800, 20), (500, 600, 20)), strict=True):
        one, other = reversed(pair) if years[0] == "2024" else pair
        rows.append(f"Iets   {one}   {other}   {sign.strip()}{change}%")
    told = found(lines(*rows))
    assert all((verdict == "inconsistent") == (relation == "direction") for relation, verdict, *_ in told)
    assert Counter(row[0] for row in told) == Counter(growth=3 - wrong, direction=wrong)


@pytest.mark.parametrize("cells", list(product("05", repeat=3)), ids="".join)
@pytest.mark.parametrize("column", ["   0%", ""])
def test_a_table_of_noughts_stops_nothing(cells, column):
    rows = [f"{name}   {n}{column}" for name, n in zip(("Noord", "Zuid", "Totaal"), cells, strict=True)]
    *parts, total = map(int, cells)
    sums = [row[1:] for row in found(lines("", *rows)) if row[0] == "sum" and row[2] == total]
    assert (["reproduced", total, sum(parts)] in sums) == (sum(parts) == total)


@pytest.mark.parametrize("n", [3, 4, 5])
@pytest.mark.parametrize("kind", ["share", "growth"])
def test_a_column_is_what_more_than_half_of_it_is(kind, n):
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
