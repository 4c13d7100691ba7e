"""What a number counts: percent, money, posts, times, time, or the noun that follows."""

import pytest

from osw_stats.vocabulary.scan.units import noun_after, unit_at
from osw_stats.vocabulary.tokens import tokenise
from tests.scan.told import figures


def unit_of(text, language="nl", at=None):
    """Return the unit of the first number of a text, and the words it takes."""
    tokens = tokenise(text, language)
    start = next(i for i, t in enumerate(tokens) if t.digits) if at is None else at
    found = unit_at(tokens, start + 1, start)
    return found and (found[0], found[1], " ".join(t.text for t in tokens[start + 1 : found[2]]))


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("5 procent", ("percent", "percent", "procent")),
        ("5%", ("percent", "percent", "%")),
        ("5 %-punt", ("percent", "percent", "% - punt")),
        ("5 %-teken", ("percent", "percent", "%")),
        ("5 per cent of them", ("percent", "percent", "per cent")),
        ("5 per week", None),
        ("5 percentage points", ("percent", "percent", "percentage points")),
        ("5 percentage", None),
        ("5 euro", ("money", "eur", "euro")),
        ("5 dollars", ("money", "usd", "dollars")),
        ("€ 5 per stuk", ("money", "eur", "")),
        ("£ 5", ("money", "gbp", "")),
        ("in 5 €20", None),  # the sign is that of the next number
        ("in 5 € meer", ("money", "eur", "€")),
        ("5 us", None),
        ("pond 5", None),
        ("vijf pond 5", ("money", "gbp", "")),
        ("the us 5", None),
        ("5 fte", ("fte", "fte", "fte")),
        ("5 extra fte", ("fte", "fte", "extra fte")),
        ("5 boze fte", None),
        ("5 full-time equivalents", ("fte", "fte", "full - time equivalents")),
        ("5 fulltime banen", ("fte", "fte", "fulltime banen")),
        ("5 full sets of toys and equivalents", None),
        ("factor 5", ("ratio", "ratio", "")),
        ("een factor van 5", ("ratio", "ratio", "")),
        ("een factor bij 5", None),
        ("a 5-fold rise", ("ratio", "ratio", "- fold")),
        ("5 keer zo veel", ("ratio", "ratio", "keer")),
        ("5 keer per week", None),
        ("5 keer melding", None),
        ("5 maal", ("ratio", "ratio", "maal")),
        ("5 maal per week", None),
        ("5 times more", ("ratio", "ratio", "times")),
        ("5 dagen", ("duration", "days", "dagen")),
        ("5 volle dagen", ("duration", "days", "volle dagen")),
        ("5 natte dagen", None),
        ("a 5-day week", ("duration", "days", "- day")),
        ("5 - day", None),
        ("5 meldingen", None),
        ("5", None),
    ],
)
def test_the_unit_of_a_number(text, unit):
    assert unit_of(text) == unit


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("23 minderjarige slachtoffers waarvan", "minderjarige slachtoffers"),
        ("23 slachtoffers meldden", "slachtoffers"),
        ("23 van de slachtoffers", None),
        ("23, slachtoffers", None),
        ("23", None),
        ("23 online meldingen", "online meldingen"),
        ("23 rode meldingen", "rode"),  # an adjective has five letters or more
        ("23 groene meldingen", "groene meldingen"),
        ("23 politie meldingen", "politie"),  # "ie" ends a noun
        ("23 garage deuren", "garage"),
        ("23 nieuwe digitale openbare sexuele beelden", "nieuwe digitale openbare sexuele"),
        ("23 online-meldingen", "online-meldingen"),
        ("23 online-meldingen over geweld", "online-meldingen"),
        ("23 online-2 zaken", "online"),
        ("23 online -zaken", "online"),
        ("23 slacht- offers", "slachtoffers"),
    ],
)
def test_the_dutch_noun_that_is_counted(text, noun):
    assert noun_after(tokenise(text, "nl"), 1, "nl") == noun


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("23 sexual offences were", "sexual offences"),
        ("23 offences", "offences"),
        ("27 EU member states", "eu member states"),
        ("27 long member states", "long"),
        ("23 police officers said", "police officers"),
        ("23 reports officers", "reports"),
        ("23 boys were", "boys"),
        ("23 removed", None),  # a verb
        ("23 images removed", "images"),
        ("23 royal women", "royal women"),
        ("23 oval women", "oval"),  # an adjective has five letters or more
    ],
)
def test_the_english_noun_that_is_counted(text, noun):
    assert noun_after(tokenise(text, "en"), 1, "en") == noun


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("Utrecht  23\nmeldingen", None),  # a cell: set apart before, a line end after
        ("Utrecht 23\nmeldingen", "meldingen"),
        ("Utrecht 23\nZeeland", None),  # the next row
        ("Utrecht 23 Zeeland", "zeeland"),
        ("23\tmeldingen", None),
        ("23   meldingen", None),
        ("23  meldingen", "meldingen"),
    ],
)
def test_a_cell_of_a_table_has_no_noun(text, noun):
    tokens = tokenise(text, "nl")
    at = next(i for i, t in enumerate(tokens) if t.digits) + 1
    assert noun_after(tokens, at, "nl", text=text) == noun
    assert noun_after(tokens, at, "nl") is not None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("€ 5 tot 6 miljoen", ("money", "€ 5 tot 6 miljoen", "tussen", 5e6, 6e6, "eur")),
        ("13 fte", ("fte", "13 fte", "exact", 13, 13, "fte")),
        ("vijf dagen", ("duration", "vijf dagen", "exact", 5, 5, "days")),
        ("ruim 12,5 uur", ("duration", "ruim 12,5 uur", "ruim", 12.5, 12.6, "hours")),
    ],
)
def test_unit_and_limits_together(text, said):
    assert figures(text) == [said]
