"""The table of reporting language as a specification: wording in, interval out."""

import pytest

from osw_stats.errors import InputError
from osw_stats.vocabulary.reported import parse


@pytest.mark.parametrize(
    ("text", "lower", "upper", "lower_closed", "upper_closed"),
    [
        ("14.802 meldingen", 14802, 14802, True, True),
        ("bijna 800 meer", 700, 800, True, False),
        ("ruim 760 duizend", 760_000, 770_000, True, False),
        ("bijna 105 duizend", 104_000, 105_000, True, False),
        ("meer dan 7.400", 7400, 7500, False, True),
        ("minder dan 7.400", 7300, 7400, True, False),
        ("zeker 50", 50, 60, True, True),
        ("hooguit 6%", 0, 6, True, True),
        ("zo'n 12.800", 12700, 12900, True, True),
        ("10 procent", 9.5, 10.5, True, False),
        ("30 procent", 29.5, 30.5, True, False),
        ("0,7 procent", 0.65, 0.75, True, False),
        ("7 à 8 procent", 6.5, 8.5, True, False),
        ("tussen 70 en 80", 70, 80, True, True),
        ("15.500 keer melding of aangifte", 15450, 15550, True, False),
        ("€ 6,5 miljoen per jaar", 6.45e6, 6.55e6, True, False),
        ("15,8 fte", 15.75, 15.85, True, False),
        ("circa 60 fte", 50, 70, True, True),
    ],
)
def test_dutch_wording(text, lower, upper, lower_closed, upper_closed):
    figure = parse(text)
    assert (figure.lower, figure.upper) == (lower, upper)
    assert (figure.lower_closed, figure.upper_closed) == (lower_closed, upper_closed)


@pytest.mark.parametrize(
    ("text", "unit", "value", "lower", "upper"),
    [
        ("5.2", "percent", 5.2, 5.15, 5.25),
        ("approximately 14.8 million", "persons", 14.8e6, 14.7e6, 14.9e6),
        ("29.2 [million euro]", "eur", 29.2e6, 29.15e6, 29.25e6),
        ("12,307 complaints", None, 12307, 12307, 12307),
    ],
)
def test_english_wording(text, unit, value, lower, upper):
    figure = parse(text, language="en", unit=unit)
    assert (figure.value, figure.lower, figure.upper) == (value, lower, upper)


def test_a_range_for_two_groups_gives_no_value():
    assert parse("7 à 8 procent").value is None


def test_the_context_can_show_a_finer_step():
    assert parse("ongeveer 20.000", step=1000).lower == 19_000
    assert parse("ongeveer 20.000").lower == 10_000


@pytest.mark.parametrize("text", ["", "velen deden aangifte", "niet apart geregistreerd"])
def test_words_without_a_figure_are_refused(text):
    with pytest.raises(InputError, match="holds no figure"):
        parse(text)
