"""Words that are a figure by themselves, and the words that look like one and are none."""

import pytest

from tests.scan.told import figures, kinds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Het aantal is verdubbeld.", ("ratio", "verdubbeld", "exact", 2, 2, "ratio")),
        ("Het is ruim verdrievoudigd.", ("ratio", "ruim verdrievoudigd", "ruim", 3, 4, "ratio")),
        ("Dat gebeurt tweemaal per jaar.", ("count", "tweemaal", "exact", 2, 2, "keer")),
        ("een tienjarig programma", None),
        ("een tienjarige periode", ("duration", "tienjarige", "exact", 10, 10, "years")),
        ("een tienjarige jongen", None),
        ("een tiental meldingen", ("count", "een tiental", "circa", 0, 20, "meldingen")),
        ("een twintigtal meldingen", ("count", "een twintigtal", "circa", 10, 30, "meldingen")),
        ("een negental meldingen", ("count", "een negental", "exact", 9, 9, "meldingen")),
        ("ruim een drietal meldingen", ("count", "ruim een drietal", "exact", 3, 3, "meldingen")),
        ("het aantal meldingen", None),
        ("een kristal dat kraakt", None),
        ("een digital twin", None),
        ("een dozijn meldingen", ("count", "een dozijn", "exact", 12, 12, "meldingen")),
        ("miljoenen beelden", ("count", "miljoenen", "vague", 2e6, 1e7, "beelden")),
        ("tientallen miljoenen euro's", ("money", "tientallen miljoenen euro's", "vague", 2e7, 1e8, "eur")),
        ("een paar honderd meldingen", ("count", "een paar honderd", "vague", 200, 1000, "meldingen")),
        ("honderden dagen", ("duration", "honderden dagen", "vague", 200, 1000, "days")),
        ("een vijfde van hen", ("ratio", "een vijfde", "breukwoord", 15, 25, "percent")),
        ("ruim een vijfde groep", ("ratio", "ruim een vijfde", "ruim", 20, 25, "percent")),
        ("een vijfde groep", None),
        ("steeg met een vijfde in mei", ("ratio", "een vijfde", "breukwoord", 15, 25, "percent")),
        ("hij werd als een vijfde.", None),
        ("een half jaar", ("duration", "een half jaar", "none", 0.25, 0.75, "years")),
        ("ruim een half jaar", ("duration", "ruim een half jaar", "ruim", 0.5, 1, "years")),
        ("een half jaar of meer", ("duration", "een half jaar", "minstens", 0.5, 1, "years")),
        ("een half procent", ("percent", "een half procent", "none", 0.25, 0.75, "percent")),
        ("een halve pagina", ("count", "een halve", "none", 0.25, 0.75, "pagina")),
        ("een half brood", None),
        ("het eerste half jaar", None),
        ("2/3 van hen", ("ratio", "2/3", "breukwoord", 61.6667, 71.6667, "percent")),
        ("2/3 keer", None),
        ("3/3 van hen", None),
        ("3/2 van hen", None),
        ("9/10 van hen", ("ratio", "9/10", "breukwoord", 85, 95, "percent")),
        ("1/1 van hen", None),
    ],
)
def test_dutch(text, said):
    assert figures(text) == ([] if said is None else [said])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Cases doubled.", ("ratio", "doubled", "exact", 2, 2, "ratio")),
        ("It happens twice a year.", ("count", "twice", "exact", 2, 2, "times")),
        ("a dozen reports", ("count", "a dozen", "exact", 12, 12, "reports")),
        ("hundreds of victims", ("count", "hundreds", "vague", 200, 1000, "victims")),
        ("millions of euros", ("money", "millions of euros", "vague", 2e6, 1e7, "eur")),
        ("dozens of years", ("duration", "dozens of years", "vague", 20, 100, "years")),
        ("several hundred reports", ("count", "several hundred", "vague", 200, 1000, "reports")),
        ("one fifth of them", ("ratio", "one fifth", "breukwoord", 15, 25, "percent")),
        ("half a million images", ("count", "half a million", "none", 250_000, 750_000, "images")),
        ("over half a million images", ("count", "over half a million", "meer_dan", 500_000, 1e6, "images")),
        ("half a billion euros", ("money", "half a billion euros", "none", 2.5e8, 7.5e8, "eur")),
        ("half an hour", ("duration", "half an hour", "none", 0.25, 0.75, "hours")),
        ("the first half year", None),
    ],
)
def test_english(text, said):
    assert figures(text, "en") == ([] if said is None else [said])


def test_a_word_of_an_age_is_no_claim():
    assert kinds("een tienjarige jongen") == [("age_band", "tienjarige")]
    assert kinds("een twaalfjarigen") == [("age_band", "twaalfjarigen")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # one number more than the other: a range; else two numbers
        ("twee of drie meldingen", [("count", "twee of drie", "tussen", 2, 3, "meldingen")]),
        ("16 of 17 meldingen", [("count", "16 of 17", "tussen", 16, 17, "meldingen")]),
        (
            "16 of 18 meldingen",
            [("count", "16", "exact", 16, 16, None), ("count", "18", "exact", 18, 18, "meldingen")],
        ),
        # a change tells two figures
        (
            "steeg van 5 tot 7 meldingen",
            [("count", "5", "exact", 5, 5, None), ("count", "7", "exact", 7, 7, "meldingen")],
        ),
        ("werken van 5 tot 7 meldingen", [("count", "5 tot 7", "tussen", 5, 7, "meldingen")]),
        ("steeg tot 20 procent", [("percent", "20 procent", "none", 19.5, 20.5, "percent")]),
        ("tot 20 procent", [("percent", "tot 20 procent", "hooguit", 0, 20, "percent")]),
        # three times as much after "by": two figures, not a range
        (
            "dalen met 2 tot 7 meldingen",
            [("count", "2", "exact", 2, 2, None), ("count", "tot 7", "hooguit", 0, 7, "meldingen")],
        ),
        ("dalen met 2 tot 6 meldingen", [("count", "2 tot 6", "tussen", 2, 6, "meldingen")]),
        # the unit of the last counts for the numbers before it
        (
            "10, 9 en 8 procent",
            [
                ("percent", "10", "none", 9.5, 10.5, "percent"),
                ("percent", "9", "none", 8.5, 9.5, "percent"),
                ("percent", "8 procent", "none", 7.5, 8.5, "percent"),
            ],
        ),
        (
            "van 8 naar 10 miljoen euro",
            [
                ("money", "8", "none", 7.5e6, 8.5e6, "eur"),
                ("money", "10 miljoen euro", "none", 5e6, 1.5e7, "eur"),
            ],
        ),
        (
            "van 1000 naar 10 miljoen euro",
            [
                ("count", "1000", "none", 500, 1500, None),
                ("money", "10 miljoen euro", "none", 5e6, 1.5e7, "eur"),
            ],
        ),
        (
            "van 990 naar 10 miljoen euro",
            [
                ("money", "990", "none", 9.85e8, 9.95e8, "eur"),
                ("money", "10 miljoen euro", "none", 5e6, 1.5e7, "eur"),
            ],
        ),
        (
            "101, 9 en 8 meldingen",
            [
                ("count", "101", "exact", 101, 101, None),
                ("count", "9", "exact", 9, 9, None),
                ("count", "8", "exact", 8, 8, "meldingen"),
            ],
        ),
    ],
)
def test_numbers_side_by_side(text, said):
    assert figures(text) == said
