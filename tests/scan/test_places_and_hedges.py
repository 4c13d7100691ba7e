"""Where a statement begins, what it takes with it, and which number in a row of numbers has which unit."""

import pytest

from osw_stats.vocabulary.scan import scan
from tests.scan.told import figures, kinds


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # the hedge, two of them, an article or a currency before the number
        ("Er zijn ruim 12 zaken", ["ruim 12"]), ("naar schatting zo'n 12 zaken", ["naar schatting zo'n 12"]), ("ruim bijna 12 zaken", []),
        ("ongeveer ongeveer ongeveer 12 zaken", ["ongeveer ongeveer ongeveer 12"]), ("circa ongeveer rond zo'n 12 zaken", ["ongeveer rond zo'n 12"]),
        ("ruim € 12", ["ruim € 12"]), ("ruim eur 12", ["ruim eur 12"]), ("tussen 12 en 15 zaken", ["tussen 12 en 15"]), ("tussen de 12 en 15 zaken", ["tussen de 12 en 15"]),
        ("tussen € 12 en € 15", ["tussen € 12 en € 15"]), ("de helft van hen", ["de helft"]), ("bijna de helft van hen", ["bijna de helft"]),
        ("honderden tot duizenden zaken", ["honderden", "duizenden"]), ("tot honderden zaken", ["honderden"]),
        # a hedge is not shared by two numbers, nor taken from another sentence
        ("ruim 12 13 zaken", ["ruim 12", "13"]), ("ruim, 12 zaken", ["ruim, 12"]), ("€ 12 € 13", ["€ 12", "€ 13"]),
        # a date before the number gives its hedge away
        ("ruim 1 juli 2024 12 zaken", ["12"]),
    ],
)  # fmt: skip
def test_where_a_dutch_statement_begins(text, words):
    assert [s.text for s in scan(text) if s.is_claim] == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("between 12 and 15 reports", ["between 12 and 15"]), ("between the 12 and 15 reports", ["between the 12 and 15"]), ("up to 12 reports", ["up to 12"]),
        ("The cost is over £ 12", ["over £ 12"]), ("some 12 reports", ["some 12"]), ("hundreds to thousands of reports", ["hundreds", "thousands"]),
    ],
)  # fmt: skip
def test_where_an_english_statement_begins(text, words):
    assert [s.text for s in scan(text, language="en") if s.is_claim] == words


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("12, 13 en 14 procent", ["percent"] * 3), ("12 tegen 14 procent", ["percent"] * 2), ("12 respectievelijk 14 procent", ["percent"] * 2),
        ("12 of 14 procent", ["percent"] * 2), ("12 , 14 procent", [None, "percent"]), ("van 12 naar 14 weken", ["weeks"] * 2), ("12 en 14 weken", [None, "weeks"]),
        ("12 en 14 euro", [None, "eur"]), ("van 12 naar 14 euro", [None, "eur"]), ("12 naar de 14 procent", ["percent"] * 2), ("12; 14 procent", [None, "percent"]),
        ("12 en 2024 procent", [None, "percent"]), ("12 en 13 en 14 en 15 en 16 en 17 en 18 procent", ["percent"] * 7),
        ("11 en 12 en 13 en 14 en 15 en 16 en 17 en 18 procent", [None] + ["percent"] * 7), ("12 en zaken en 14 procent", [None, "percent"]),
        ("101, 14 en 15 procent", [None, "percent", "percent"]), ("ruim 90, 14 en 15 procent", ["percent"] * 3), ("101 en 15 procent", ["percent"] * 2),
    ],
)  # fmt: skip
def test_the_unit_of_the_last_number_in_a_row(text, units):
    assert [f[5] for f in figures(text)] == units


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("minimaal 3 en maximaal 5 miljoen euro", [("money", "minimaal 3", "minstens", 3e6, 4e6), ("money", "maximaal 5 miljoen euro", "hooguit", 0, 5e6)]),
        ("ruim 3 naar bijna € 5 miljoen", [("money", "ruim 3", "ruim", 3e6, 4e6), ("money", "bijna € 5 miljoen", "bijna", 4e6, 5e6)]),
        ("3 miljoen en 5 miljoen euro", [("count", "3 miljoen", "none", 2.5e6, 3.5e6), ("money", "5 miljoen euro", "none", 4.5e6, 5.5e6)]),
        ("3 en 5 euro", [("count", "3", "exact", 3, 3), ("money", "5 euro", "exact", 5, 5)]),
        ("3 en 5 miljoen zaken", [("count", "3", "exact", 3, 3), ("count", "5 miljoen", "none", 4.5e6, 5.5e6)]),
        ("€ 5 miljoen en later vijf miljoen", [("money", "€ 5 miljoen", "none", 4.5e6, 5.5e6), ("money", "vijf miljoen", "none", 4.5e6, 5.5e6)]),
        ("€ 5 miljoen en later vijf miljoen mensen", [("money", "€ 5 miljoen", "none", 4.5e6, 5.5e6), ("count", "vijf miljoen", "none", 4.5e6, 5.5e6)]),
        ("€ 5 miljoen voor 12 zaken", [("money", "€ 5 miljoen", "none", 4.5e6, 5.5e6), ("count", "12", "exact", 12, 12)]),
    ],
)  # fmt: skip
def test_amounts_that_share_a_scale_or_a_currency(text, said):
    assert [f[:5] for f in figures(text)] == said


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("dalen van 12 tot 9 zaken", [12, 9]), ("van 9 tot 12 zaken", [None]), ("steeg zij zij zij zij zij zij zij van 9 tot 12 zaken", [9, 12]),
        ("steeg zij zij zij zij zij zij zij zij van 9 tot 12 zaken", [None]), ("fell from 9 to 12 reports", [9, 12]), ("by 2 to 7 reports", [2, 7]),
        ("by 2 to 6 reports", [None]), ("by 3 to 7 reports", [None]),
    ],
)  # fmt: skip
def test_a_verb_of_change_within_nine_words_tells_two_figures(text, values):
    language = "en" if "reports" in text else "nl"
    assert [s.value for s in scan(text, language=language) if s.is_claim] == values


def test_a_mark_of_the_page_is_no_part_of_a_number():
    assert kinds("1. Een\n2. Er waren 12 zaken.") == [("list", "1"), ("list", "2"), ("count", "12")]
    assert kinds("zie p. 12 voor 13 zaken") == [("page", "p. 12"), ("count", "13")]
    assert kinds("op 1 juli 2024 om 12.30 uur") == [("date", "1 juli 2024"), ("other", "12.30 uur")]


def test_what_is_no_claim_has_no_figure():
    (year, count) = scan("In 2024 waren er 12 zaken")
    assert (
        year.value,
        year.rule,
        year.lower,
        year.upper,
        year.lower_closed,
        year.upper_closed,
        year.unit,
    ) == (None,) * 7
    assert (count.value, count.rule, count.lower, count.upper, count.lower_closed, count.upper_closed, count.unit) == (12, "exact", 12, 12, True, True, "zaken")  # fmt: skip
    assert (year.is_claim, count.is_claim) == (False, True)
