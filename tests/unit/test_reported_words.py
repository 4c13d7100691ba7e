"""The table of reporting language, row by row: number words, fractions, ranges, vague counts."""

import math

import pytest

from osw_stats.errors import InputError
from osw_stats.vocabulary.numerals import read_numeral
from osw_stats.vocabulary.reported import parse
from osw_stats.vocabulary.rules import apply_rule

INF = math.inf


def read(text, **how):
    f = parse(text, **how)
    ends = ("[" if f.lower_closed else "(") + ("]" if f.upper_closed else ")")
    return f.rule, round(f.lower, 4), round(f.upper, 4), ends


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("nul", 0), ("één", 1), ("vijftien", 15), ("zeventig", 70), ("tweeëntwintig", 22),
        ("negenennegentig", 99), ("honderd", 100), ("honderdeneen", 101), ("driehonderd vijftig", 350),
        ("twaalfhonderd", 1200), ("duizend", 1000), ("twaalfduizend", 12_000),
        ("driehonderdduizend", 300_000), ("honderdvijfentwintigduizend", 125_000),
        ("duizendtwaalfhonderd", None), ("honderdhonderd", None), ("tienenduizend", None),
        ("tweeduizenddriehonderd", 2300), ("een miljoen", 1_000_000), ("twee miljoen", 2_000_000),
        ("twee miljoen driehonderdduizend", 2_300_000), ("anderhalf", 1.5), ("anderhalve", 1.5),
        ("anderhalf miljoen", 1_500_000), ("tweeënhalf", 2.5), ("twee en een half miljoen", 2_500_000),
        ("een half miljoen", 500_000), ("een", None), ("een jongen", None), ("miljoen", None), ("half", None),
        ("één van", None), ("vijfduizendduizend", None),
    ],
)  # fmt: skip
def test_dutch_number_words(text, value):
    numeral = read_numeral(text.split(), "nl")
    assert (numeral and numeral.value) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("zero", 0), ("one", 1), ("nineteen", 19), ("twenty - five", 25), ("twenty five", 25),
        ("a hundred", 100), ("one hundred and five", 105), ("one hundred thousand", 100_000),
        ("two hundred and fifty thousand", 250_000), ("two million", 2_000_000), ("half a million", 500_000),
        ("two and a half million", 2_500_000), ("two million and three million", 2_000_000),
        ("fifty - sixty", 50), ("one of", None), ("a", None), ("a victim", None), ("million", None),
    ],
)  # fmt: skip
def test_english_number_words(text, value):
    numeral = read_numeral(text.split(), "en")
    assert (numeral and numeral.value) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # hedges, in all their words
        ("ongeveer 20.000", ("circa", 10_000, 30_000, "[]")),
        ("ca. 113 fte", ("circa", 112, 114, "[]")),
        ("zo’n 72.000 meisjes", ("circa", 71_000, 73_000, "[]")),
        ("naar schatting 10.000", ("circa", 0, 20_000, "[]")),
        ("rond de 480 per maand", ("circa", 470, 490, "[]")),
        ("krap 800", ("bijna", 700, 800, "[)")),
        ("iets boven 6800", ("meer_dan", 6800, 6900, "(]")),
        ("onder de 7.400", ("minder_dan", 7300, 7400, "[)")),
        ("ten minste 50", ("minstens", 50, 60, "[]")),
        ("niet minder dan 50", ("minstens", 50, 60, "[]")),
        ("maximaal 6%", ("hooguit", 0, 6, "[]")),
        ("tot 6%", ("hooguit", 0, 6, "[]")),
        ("niet meer dan 50", ("hooguit", 0, 50, "[]")),
        ("gaat over 23 personen", ("exact", 23, 23, "[]")),
        ("12.200, om precies te zijn", ("exact", 12_200, 12_200, "[]")),
        ("precies 50", ("exact", 50, 50, "[]")),
        ("16,0 fte", ("none", 15.95, 16.05, "[)")),
        # signs, spaces and scale words
        ("meer dan $ 125.000", ("meer_dan", 125_000, 126_000, "(]")),
        ("€\u00a06,5\u202fmln", ("none", 6.45e6, 6.55e6, "[)")),
        ("£36 miljoen", ("none", 35.5e6, 36.5e6, "[)")),
        ("1,2 mld euro", ("none", 1.15e9, 1.25e9, "[)")),
        ("14\u2009802 meldingen", ("exact", 14_802, 14_802, "[]")),
        ("bijna 9 duizend", ("bijna", 8000, 9000, "[)")),
        ("(11%)", ("none", 10.5, 11.5, "[)")),
        # number words
        ("meer dan twaalfduizend", ("meer_dan", 12_000, 13_000, "(]")),
        ("ruim driehonderdduizend", ("ruim", 300_000, 400_000, "[)")),
        ("Vijf procent", ("none", 4.5, 5.5, "[)")),
        ("tien procent", ("none", 9.5, 10.5, "[)")),
        ("vijftien deden aangifte", ("exact", 15, 15, "[]")),
        ("zeventien sites", ("exact", 17, 17, "[]")),
        ("één uur", ("exact", 1, 1, "[]")),
        ("ruim anderhalf jaar", ("ruim", 1.5, 2, "[)")),
        ("anderhalf", ("none", 1.25, 1.75, "[)")),
        # one in k, m in k
        ("een op de acht", ("een_op_k", 11.7647, 13.3333, "(]")),
        ("1 op de 8", ("een_op_k", 11.7647, 13.3333, "(]")),
        ("één op de drie meisjes", ("een_op_k", 28.5714, 40, "(]")),
        ("ongeveer één op de drie", ("een_op_k", 28.5714, 40, "(]")),
        ("Ruim een op de acht (14 procent)", ("ruim_een_op_k", 12.5, 14.2857, "[)")),
        ("bijna 1 op de 6 jongeren", ("bijna_een_op_k", 14.2857, 16.6667, "()")),
        ("drie op de tien meisjes van 16-17", ("m_op_k", 25, 35, "[)")),
        ("ruim drie op de tien", ("ruim", 30, 40, "[)")),
        # fraction words
        ("helft", ("breukwoord", 45, 55, "[]")),
        ("ongeveer de helft", ("breukwoord", 45, 55, "[]")),
        ("bijna de helft", ("bijna", 45, 50, "[)")),
        ("meer dan de helft", ("meer_dan", 50, 55, "(]")),
        ("een derde betaalt", ("breukwoord", 28.3333, 38.3333, "[]")),
        ("ruim een derde", ("ruim", 33.3333, 38.3333, "[)")),
        ("Twee derde", ("breukwoord", 61.6667, 71.6667, "[]")),
        ("driekwart", ("breukwoord", 70, 80, "[]")),
        # ranges
        ("7 a 8 procent", ("a_a_b", 6.5, 8.5, "[)")),
        ("zeven à acht miljoen", ("a_a_b", 6.5e6, 8.5e6, "[)")),
        ("20 à 30", ("a_a_b", 15, 35, "[)")),
        ("tussen de zeventig en tachtig", ("tussen", 70, 80, "[]")),
        ("tussen vijf en zesduizend", ("tussen", 5000, 6000, "[]")),
        ("tien- tot twaalfduizend", ("tussen", 10_000, 12_000, "[]")),
        ("1 tot 1,5 jaar", ("tussen", 1, 1.5, "[]")),
        ("700.000 tot 1 miljoen", ("tussen", 700_000, 1_000_000, "[]")),
        ("50–60", ("tussen", 50, 60, "[]")),
        ("€ 5 t/m € 10 miljoen", ("tussen", 5e6, 10e6, "[]")),
        ("van 30 tot en met 40", ("tussen", 30, 40, "[]")),
        # vague counts and majorities
        ("enkele gevallen", ("vague", 2, 10, "[)")),
        ("tientallen", ("vague", 20, 100, "[)")),
        ("nog honderden, misschien wel duizenden", ("vague", 200, 1000, "[)")),
        ("enkele honderden", ("vague", 200, 1000, "[)")),
        ("duizenden", ("vague", 2000, 10_000, "[)")),
        ("tienduizenden", ("vague", 20_000, 100_000, "[)")),
        ("de meeste slachtoffers", ("majority", 50, 100, "(]")),
        ("een meerderheid", ("majority", 50, 100, "(]")),
        ("Het overgrote deel", ("majority", 70, 100, "[]")),
        ("veruit de meeste gevallen", ("majority", 70, 100, "[]")),
        # a date or a code before the figure is passed over
        ("op 2-3-2023 kwamen 14.802 meldingen", ("exact", 14_802, 14_802, "[]")),
        ("1.4.1 zedenmisdrijf: 7.410", ("none", 7405, 7415, "[)")),
        ("in 2020-2024 samen ruim 250", ("ruim", 250, 260, "[)")),
        ("COVID-19 trof 83 mensen", ("exact", 83, 83, "[]")),
        ("in de tweede helft van het jaar 131", ("exact", 131, 131, "[]")),
    ],
)  # fmt: skip
def test_dutch_wording(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One hundred thousand", ("none", 50_000, 150_000, "[)")),
        ("over 10,000 complaints", ("meer_dan", 10_000, 20_000, "(]")),
        ("no more than 50", ("hooguit", 0, 50, "[]")),
        ("one in eight", ("een_op_k", 11.7647, 13.3333, "(]")),
        ("nearly one in six", ("bijna_een_op_k", 14.2857, 16.6667, "()")),
        ("three out of ten girls", ("m_op_k", 25, 35, "[)")),
        ("83 in 2022", ("exact", 83, 83, "[]")),
        ("almost a third", ("bijna", 28.3333, 33.3333, "[)")),
        ("two-thirds", ("breukwoord", 61.6667, 71.6667, "[]")),
        ("half of them", ("breukwoord", 45, 55, "[]")),
        ("between one hundred and two hundred", ("tussen", 100, 200, "[]")),
        ("5 to 10 percent", ("tussen", 5, 10, "[]")),
        ("dozens", ("vague", 20, 100, "[)")),
        ("tens of thousands", ("vague", 20_000, 100_000, "[)")),
        ("the majority", ("majority", 50, 100, "(]")),
        ("€1 million in 2024", ("none", 500_000, 1_500_000, "[)")),
        ("27.5 million euros", ("none", 27.45e6, 27.55e6, "[)")),
    ],
)
def test_english_wording(text, expected):
    assert read(text, language="en") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("meer dan 600", ("meer_dan", 600, INF, "()")),
        ("minder dan 600", ("minder_dan", -INF, 600, "()")),
        ("minstens 600", ("minstens", 600, INF, "[)")),
        ("meer dan een derde", ("meer_dan", 33.3333, INF, "()")),
        ("meer dan één op de tien", ("meer_dan_een_op_k", 10, INF, "()")),
        ("ruim 600", ("ruim", 600, 700, "[)")),
    ],
)
def test_to_the_letter_three_hedges_have_no_far_end(text, expected):
    assert read(text, strict=True) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Velen deden daar aangifte van", "steeds meer meldingen", "een enorm probleem", "een kleine groep",
        "het topje van de ijsberg", "een recordaantal", "de rest", "een half jaar of langer",
        "de eerste helft", "geen meerderheid", "geen enkele melding", "niet de helft", "een paar honderd",
        "tientallen miljoenen", "hundreds of thousands", "enkele miljoenen", "één van de jongeren",
        "2-3-2023", "1.4.1", "1.4.1 Zedenmisdrijf", "9.1", "2024-07", "12-2024", "2020-2024", "06-12345678",
        "10:30", "8000/1,17", "2.497,43,8", "14.80", "47022NED", "s8_34a", "'24", "2½", "175 - 24",
        "1234567890123456", "\u0663", "x" * 90,
    ],
)  # fmt: skip
def test_what_holds_no_figure_is_refused(text):
    with pytest.raises(InputError, match=r"holds no figure|another script|doubled mark"):
        parse(text)


@pytest.mark.parametrize("step", [0, -1, math.nan, math.inf])
def test_a_step_must_be_above_zero(step):
    with pytest.raises(InputError, match="is not a step"):
        parse("800", step=step)


def test_a_step_from_the_context_reaches_ranges_and_fractions():
    assert read("20 à 30", step=1) == ("a_a_b", 19.5, 30.5, "[)")
    assert read("ruim een derde", step=1) == ("ruim", 33.3333, 34.3333, "[)")
    assert read("10 teams", step=1) == ("exact", 10, 10, "[]")


def test_only_a_majority_is_a_convention():
    assert parse("de meerderheid").convention
    assert not parse("de helft").convention


def test_a_fraction_has_its_exact_value_in_percent():
    assert parse("drie op de tien").value == 30
    assert parse("een op de acht").value == 12.5
    assert parse("honderden").value is None


def test_numbers_and_shares_imply_a_population():
    # 72,000 girls as 30 percent of all girls; the register counts 190,000 to 205,000
    girls, share = parse("zo'n 72.000"), parse("30% van alle meisjes")
    implied = 100 * girls.lower / share.upper, 100 * girls.upper / share.lower
    assert implied == pytest.approx((232_786.88524590165, 247_457.62711864407))
    assert implied[0] > 205_000
    # 760,000 as five percent; the register counts 14.7 to 15.1 million
    persons, share = parse("ruim 760 duizend"), parse("Vijf procent")
    implied = 100 * persons.lower / share.upper, 100 * persons.upper / share.lower
    assert implied == pytest.approx((13_818_181.818181818, 17_111_111.111111112))
    assert implied[0] < 14_700_000 < 15_100_000 < implied[1]


def test_an_unknown_rule_is_a_mistake_in_the_code():
    with pytest.raises(KeyError):
        apply_rule(1, 1, "misschien")
