"""An age is no duration and no count: what makes it one, and where that stops, from both sides."""

import pytest

from tests.scan.told import kinds

AGE, TIME, COUNT = "age_band", "duration", "count"


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        # the oldest age there is, and one more
        ("een man van 110 jaar", AGE, "110 jaar"),
        ("een man van 111 jaar", TIME, "111 jaar"),
        ("slachtoffers van 0 tot 4 jaar", AGE, "0 tot 4 jaar"),
        # an age is told in whole years
        ("kinderen van 2,5 jaar", TIME, "2,5 jaar"),
        ("kinderen van 1,5 tot 4 jaar", TIME, "1,5 tot 4 jaar"),
        ("kinderen van 3 tot 4 jaar", AGE, "3 tot 4 jaar"),
        # glued to the number
        ("een 16-jarige scholier", AGE, "16-jarige"),
        ("een 16 jarige scholier", AGE, "16 jarige"),
        ("een groep 16- en 17-jarigen", AGE, "16- en 17-jarigen"),
        ("vooral 12- tot 15-jarigen", AGE, "12- tot 15-jarigen"),
        ("vooral 12-, 13- en 14-jarigen", AGE, "12-, 13- en 14-jarigen"),
        ("alle 65-plussers", AGE, "65-plussers"),
        ("alle 65 plussers", COUNT, "65"),
        ("de groep 65 plus", AGE, "65 plus"),
        ("de groep 66 plus", COUNT, "66"),
        ("alle 18-minners", AGE, "18-minners"),
        ("iedereen van 18+", AGE, "18+"),
        ("wel 17+ meldingen", COUNT, "17"),
        # after the years
        ("zij was 16 jaar oud", AGE, "16 jaar oud"),
        ("personen van 16 jaar of ouder", AGE, "16 jaar of ouder"),
        ("iedereen van 12 jaar en jonger", AGE, "12 jaar en jonger"),
        ("dat duurde 16 jaar of langer", TIME, "16 jaar"),
        ("onder de 16 jaar", AGE, "onder de 16 jaar"),
        ("boven 16 jaar", AGE, "boven 16 jaar"),
        ("vanaf de 16 jaar", AGE, "16 jaar"),
        ("bij de 16 jaar", TIME, "16 jaar"),
        # people before it, with nothing but links between
        ("meisjes van 12 jaar", AGE, "12 jaar"),
        ("meisjes van ongeveer 12 jaar", AGE, "ongeveer 12 jaar"),
        ("meisjes kregen na 12 jaar", TIME, "12 jaar"),
        ("jongeren van 16 en 17 jaar", AGE, "16 en 17 jaar"),
        ("een leeftijdsgrens voor sociale media van 15 jaar", AGE, "15 jaar"),
        ("de minimumleeftijd voor zulke diensten wordt straks 15 jaar", AGE, "15 jaar"),
        ("de jongste was toen 9 jaar", AGE, "9 jaar"),
        # a sentence of prison is none
        ("meisjes van 12 jaar cel", TIME, "12 jaar"),
        ("de verdachte kreeg 12 jaar gevangenisstraf", TIME, "12 jaar"),
        # a range of years by itself is an age from 4 on, unless time is spoken of
        ("4 tot 12 jaar", AGE, "4 tot 12 jaar"),
        ("3 tot 12 jaar", TIME, "3 tot 12 jaar"),
        ("gedurende 4 tot 12 jaar", TIME, "4 tot 12 jaar"),
        ("dat duurt al met 4 tot 12 jaar", TIME, "4 tot 12 jaar"),
        ("4 tot 12 jaar later", TIME, "4 tot 12 jaar"),
        ("4 tot 12 jaar werd nog steeds later", AGE, "4 tot 12 jaar"),
        ("12 jaar", TIME, "12 jaar"),
        # without the word "jaar"
        ("een meisje van 12, uit Houten", AGE, "12"),
        ("een man, 41, uit Houten", AGE, "41"),
        ("een huis, 41, uit Houten", COUNT, "41"),
        ("onder de 18", AGE, "onder de 18"),
        ("onder de 18 en jonger", AGE, "onder de 18 en jonger"),
        ("jonger dan 16.", AGE, "16"),
        ("ouder dan 3.", AGE, "3"),
        ("ouder dan 2.", COUNT, "2"),
        ("leeftijd van 16.", AGE, "16"),
        ("hij was 12 toen dit begon", AGE, "12"),
        ("zij is 15", AGE, "15"),
        ("het totaal is 15", COUNT, "15"),
        ("minderjarigen tot 16", AGE, "tot 16"),
        ("een aantal kinderen van 16", COUNT, "16"),
        ("kinderen 16", COUNT, "16"),
        ("kinderen van 16 meldingen", COUNT, "16"),
        ("kinderen van 16 procent", "percent", "16 procent"),
        ("de leeftijd is voor velen 12 tot 14", AGE, "12 tot 14"),
    ],
)
def test_dutch(text, kind, words):
    assert kinds(text)[0] == (kind, words)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("a 14-year-old boy", AGE, "14-year-old"),
        ("a 14-year sentence", TIME, "14-year"),
        ("most were 12- to 15-year-olds", AGE, "12- to 15-year-olds"),
        ("girls aged 16", AGE, "16"),
        ("those aged 16 and over", AGE, "16 and over"),
        ("those aged 16 and others", AGE, "16"),
        ("children under 13 years of age", AGE, "under 13 years of age"),
        ("people 16 years or older", AGE, "16 years or older"),
        ("16 years of work", TIME, "16 years"),
        ("children younger than 12.", AGE, "12"),
        ("the age of 16", AGE, "16"),
        ("as young as 9.", AGE, "9"),
        ("she was 13 when it began", AGE, "13"),
        ("the price was 13 euros", "money", "13 euros"),
        ("users under 16s", AGE, "under 16s"),
        ("between the ages of 12 and 17", AGE, "12"),
        ("girls between 12 and 17", AGE, "between 12 and 17"),
        ("the oldest of them was 70 years", AGE, "70 years"),
    ],
)
def test_english(text, kind, words):
    assert kinds(text, "en")[0] == (kind, words)
