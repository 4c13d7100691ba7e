"""What a statement is: its kind, its words, its figure; one hard case a line."""

import pytest

from osw_stats.errors import InputError
from osw_stats.vocabulary.reported import parse
from osw_stats.vocabulary.scan import CLAIMS, KINDS, language_of, scan


def told(text, language="nl"):
    return [(s.kind, s.text) for s in scan(text, language=language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bijna \n800 meer dan in 2023", [("count", "bijna \n800"), ("year", "2023")]),
        ("naar schatting zo’n 72.000 meisjes", [("count", "naar schatting zo’n 72.000")]),
        ("tussen de zeventig en tachtig vrouwen", [("count", "tussen de zeventig en tachtig")]),
        ("de helft van hen", [("ratio", "de helft")]),
        ("In 2024 14.802 meldingen", [("year", "2024"), ("count", "14.802")]),
        ("In 20228 gaf 11% dit aan", [("year", "2022"), ("other", "8"), ("percent", "11%")]),
        ("vanaf 2024 €20 miljoen", [("year", "2024"), ("money", "€20 miljoen")]),
        ("behandeld.11 Een stijging van 31%", [("other", "11"), ("percent", "31%")]),
        ("één van de speerpunten", []),
        ("één meisje en één jongen", [("count", "één"), ("count", "één")]),
        ("het recht op privacy in acht nemen", []),
        ("acht meisjes", [("count", "acht")]),
        ("een derde partij", []),
        ("een derde van de meisjes", [("ratio", "een derde")]),
        ("geen enkele toezichthouder", []),
        ("een meisje van 12, uit Houten", [("age_band", "12")]),
        ("zes jaar cel voor een 23-jarige", [("duration", "zes jaar"), ("age_band", "23-jarige")]),
        ("jongeren van 16 of 17 jaar", [("age_band", "16 of 17 jaar")]),
        ("duurt 1 tot 1,5 jaar", [("duration", "1 tot 1,5 jaar")]),
        ("een half jaar of langer", [("duration", "een half jaar")]),
        ("ten minste twee keer zo veel", [("ratio", "ten minste twee keer")]),
        ("twee keer per maand", [("count", "twee")]),
        ("22 en 21 procent", [("percent", "22"), ("percent", "21 procent")]),
        ("van 11 naar 17 weken", [("duration", "11"), ("duration", "17 weken")]),
        ("(-2,4 procentpunt)", [("percent", "-2,4 procentpunt")]),
        ("artikel 58, lid 2 AVG, artikel 83 AVG", [("article", "artikel 58, lid 2 AVG"), ("article", "artikel 83 AVG")]),
        ("Kamerstukken II 2022/23, 26 643, nr. 953", [("article", "Kamerstukken II 2022/23, 26 643, nr. 953")]),
        ("p. 46 – 47 en par. 4.5", [("page", "p. 46 – 47"), ("article", "par. 4.5")]),
        ("om 16:30 uur, 24/7, Windows 11", [("other", "16:30 uur"), ("other", "24/7"), ("other", "Windows 11")]),
        ("bel 113 of 0800-0113", [("phone", "113"), ("phone", "0800-0113")]),
        ("4.5  In maart 2024", [("list", "4.5"), ("date", "maart 2024")]),
        ("1. Een\n2. Twee", [("list", "1"), ("list", "2"), ("count", "Twee")]),
        ("tot 20 000 000 EUR", [("money", "tot 20 000 000 EUR")]),
        ("honderden, misschien wel duizenden sites", [("count", "honderden"), ("count", "duizenden")]),
    ],
)  # fmt: skip
def test_dutch(text, expected):
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one of the girls", []),
        ("one girl and a hundred boys", [("count", "one"), ("count", "a hundred")]),
        ("More than 5 million euros of this 20 million", [("money", "More than 5 million euros"), ("money", "20 million")]),
        ("fell by 1,204 to 13,133", [("count", "1,204"), ("count", "13,133")]),
        ("grew from $4.5m to $6m", [("money", "$4.5m"), ("money", "$6m")]),
        ("girls aged 16-17, under 18s", [("age_band", "16-17"), ("age_band", "under 18s")]),
        ("a 14-year-old waited 18 months", [("age_band", "14-year-old"), ("duration", "18 months")]),
        ("July 1, 2024 at 9 a.m.", [("date", "July 1, 2024"), ("other", "9 a.m.")]),
        ("half of them, three-quarters of us", [("ratio", "half"), ("ratio", "three-quarters")]),
        ("Article 3(2)(b) and pp. 45-61", [("article", "Article 3(2)(b)"), ("page", "pp. 45-61")]),
    ],
)  # fmt: skip
def test_english(text, expected):
    assert told(text, "en") == expected


def test_units():
    def units(text):
        return [s.unit for s in scan(text) if s.is_claim]

    assert units("23 minderjarige slachtoffers, waarvan 22 meisjes") == [
        "minderjarige slachtoffers",
        "meisjes",
    ]
    assert units("12 volle maanden, 24 uur, 7 dagen, 30 minuten") == ["months", "hours", "days", "minutes"]
    assert units("€ 5, $ 5, £ 5, 5 euro") == ["eur", "usd", "gbp", "eur"]
    assert units("12.206, waarvan 7.239 direct") == [None, None]


def test_an_english_sentence_in_a_dutch_text_is_read_as_english():
    text = 'Het kabinet schrijft: "In 2024, the government has allocated 27.5 million euros to it." Er kwamen 1.234 brieven.'
    found = {s.text: s for s in scan(text) if s.is_claim}
    assert found["27.5 million euros"].value == 27.5e6
    assert found["1.234"].value == 1234


def test_language_is_that_of_the_most_common_words():
    assert language_of("de politie en het meldpunt", "en") == "nl"
    assert language_of("the police and the helpline", "nl") == "en"
    assert language_of("4.5", "en") == "en"


@pytest.mark.parametrize(
    "text",
    [
        "ruim 760 duizend", "bijna 105 duizend", "7 à 8 procent", "meer dan twaalfduizend", "drie op de tien",
        "ruim een op de acht", "Twee derde", "zeker 50", "circa 60 fte", "€ 6,5 miljoen", "honderden",
        "tussen de zeventig en tachtig", "hooguit 6%", "312,79 fte", "0,7 procent",
    ],
)  # fmt: skip
def test_scan_and_parse_read_a_figure_the_same(text):
    (statement,) = scan(f"Het gaat om {text}.")
    figure = parse(text)
    assert (statement.value, statement.rule) == (figure.value, figure.rule)
    assert (statement.lower, statement.upper) == (figure.lower, figure.upper)
    assert (statement.lower_closed, statement.upper_closed) == (figure.lower_closed, figure.upper_closed)


def test_a_non_claim_has_no_figure_and_a_claim_has_bounds():
    text = "Op 1 juli 2024 waren 12 meisjes van 12 tot 18 jaar (artikel 8 EVRM, p. 3) 24/7 bereikbaar, 5%."
    statements = list(scan(text))
    assert {s.kind for s in statements} <= set(KINDS)
    for s in statements:
        assert s.is_claim == (s.kind in CLAIMS)
        assert (s.lower is None) == (not s.is_claim)
        assert s.is_claim or s.unit is s.value is s.rule is None


def test_windows_line_ends_move_nothing():
    text = "Ruim 760 duizend.\r\n\r\nIn 2024\r\nwaren het er bijna \r\n800."
    assert [s.text for s in scan(text)] == ["Ruim 760 duizend", "2024", "bijna \r\n800"]
    assert [s.line for s in scan(text)] == [1, 3, 4]


def test_an_unknown_language_is_refused():
    with pytest.raises(InputError, match='"nl" or "en"'):
        list(scan("1", language="de"))
