"""The check of worlds catches false sentences that were planted and lets true ones pass: it is no check that cannot fail."""

from __future__ import annotations

import pytest

from tests.worlds.check import (
    GIRLS,
    HELP,
    ONLINE,
    POLICE,
    SEXTORTION,
    SPREAD,
    SURVEY,
    Facts,
    judge,
    judge_text,
)
from tests.worlds.read import changes, limits, numbers

CHANGE = ("helpwanted_requests_change", "", "total", "total")
NEEDED = ("ap_budget", "concept=needed", "total", "total")
VALUES = {
    (POLICE, "2023"): 14015, (POLICE, "2024"): 14802, (HELP, "2024"): 12206, (CHANGE, "2024"): 31,
    (SEXTORTION, "2023"): 5005, (SEXTORTION, "2024"): 4648, (SPREAD, "2024"): 2757,
    (SURVEY, "2020"): 5.4, (SURVEY, "2022"): 6.4, (SURVEY, "2024"): 5.2,
    (GIRLS, "2020"): 30, (GIRLS, "2024"): 22, (NEEDED, "2023"): 1e8,
}  # fmt: skip
TITLES = {
    POLICE: ("Meldingen van seksuele misdrijven", "Reports of sexual offences"),
    HELP: ("Adviesvragen bij Helpwanted", "Requests for advice at Helpwanted"),
    ONLINE: ("Meldingen van seksuele misdrijven met een online kant", "Reports of sexual offences with an online side"),
    SURVEY: ("Online seksuele intimidatie", "Online sexual harassment"), NEEDED: ("AP, budget", "AP, budget"),
}  # fmt: skip


def facts(year: int = 2024, **more: float) -> Facts:
    """Return the facts of a small world; `more` holds published values by name and period."""
    by_name = {"police": POLICE, "help": HELP, "online": ONLINE, "spread": SPREAD,
               "half": ("police_reports_half_year", "", "total", "total"),
               "acm": ("acm_dsa_budget", "concept=needed", "total", "total"),
               "osv": ("ap_osv_fte", "concept=occupied", "total", "total")}  # fmt: skip
    values = dict(VALUES)
    for name, value in more.items():
        key, _, period = name.partition("_")
        values[by_name[key], period.replace("_", "-")] = value
    rows = {k: {"obs_value": v, "lower": v, "upper": v} for k, v in values.items()}
    titles = {k[0]: {"nl": nl, "en": en} for k, (nl, en) in TITLES.items()}
    titles["ap_osv_fte"] = {
        "nl": "AP, fte voor online seksueel geweld",
        "en": "AP, fte for online sexual violence",
    }
    publishers = {k[0]: k[0].split("_")[0] for k, _ in values}
    units = {k[0]: "eur" if "budget" in k[0] else "fte" if "fte" in k[0] else "n" for k, _ in values}
    units |= {"ap_osv_fte": "fte"}
    return Facts(year, rows, titles, publishers, units, {"2020": "1", "2022": "2", "2024": "2"})


# kind of contradiction, section, Dutch, English, what else is published in that world
PLANTED = [
    ("direction", "", "Over sextortion kwamen er 5,9 procent meer: 4.648 in plaats van 5.005.",
     "About sextortion there were 5.9 percent more: 4,648 instead of 5,005.", {}),
    ("direction", "", "De politie kreeg in 2024 14.802 meldingen van seksuele misdrijven, online en niet-online samen: 5,6 procent minder dan in 2023.",
     "In 2024 the police received 14,802 reports of sexual offences, online and offline together: 5.6 percent fewer than in 2023.", {}),
    ("direction", "De meldingen bij de politie", "De daling van 5,6 procent valt op.", "", {}),
    ("direction", "The reports to the police", "", "The fall of 5.6 percent stands out.", {}),
    ("direction", "De meldingen bij de politie", "De stijging van −3,2 procent valt binnen de gewone schommeling zodra tellingen schommelen.",
     "The rise of −3.2 percent lies within ordinary variation once counts vary.", {}),
    ("direction", "", "Over sextortion ging het anders. Die stijging valt weg.", "About sextortion it was otherwise. That rise vanishes.", {}),
    ("direction", "", "De ACM heeft −12 fte minder dan zij zegt nodig te hebben.", "The ACM has −12 fte less than it says it needs.", {}),
    ("direction", "", "De ACM heeft 0 fte minder dan zij zegt nodig te hebben.", "The ACM has 0 fte less than it says it needs.", {}),
    ("direction", "", "Bij meisjes van 16-17 jaar ging het gepubliceerde cijfer omhoog.", "For girls aged 16-17 years the published figure went up.", {}),
    ("direction", "", "In 2022 was het cijfer lager dan in 2020; het verschil is 0,5 tot 1,5 procentpunt.",
     "In 2022 the figure was lower than in 2020; the difference is 0.5 to 1.5 percentage points.", {}),
    ("direction", "", "Toen zei 5,4 procent dat zij dit meemaakten, in 2024 5,2 procent. Het verschil is 0,2 procentpunt (marge: −0,6 tot 0,2 procentpunt).",
     "Then 5.4 percent said they had experienced this, in 2024 5.2 percent. The difference is 0.2 percentage points (margin: −0.6 to 0.2 percentage points).", {}),
    ("verdict", "", "Het totaal is meer veranderd dan gewone schommeling: van 2,9 procent minder tot 26,1 procent meer.",
     "The total changed more than ordinary variation: from 2.9 percent fewer to 26.1 percent more.", {}),
    ("verdict", "", "De marge loopt van 3,1 procent meer tot 9,4 procent meer. Dat valt binnen de gewone schommeling: niet aantoonbaar veranderd.",
     "The margin runs from 3.1 percent more to 9.4 percent more. That is within ordinary variation: no demonstrable change.", {}),
    ("verdict", "", "De marge loopt van 3,1 procent minder tot 9,4 procent meer. Dat is meer dan gewone schommeling.",
     "The margin runs from 3.1 percent fewer to 9.4 percent more. That is more than ordinary variation.", {}),
    ("verdict", "", "Groei sinds 2020 is aangetoond. Het verschil is 0,2 procentpunt (marge: −0,2 tot 0,6 procentpunt).",
     "Growth since 2020 is shown. The difference is 0.2 percentage points (margin: −0.2 to 0.6 percentage points).", {}),
    ("verdict", "", "In 2022 was het cijfer hoger dan in 2020; het verschil is −0,5 tot 1,5 procentpunt.",
     "In 2022 the figure was higher than in 2020; the difference is −0.5 to 1.5 percentage points.", {}),
    ("contrast", "", "Het totaal is meer veranderd dan gewone schommeling: van 3 procent meer tot 26 procent meer. Voor sextortion geldt dat niet: daar loopt de marge van 4 procent meer tot 9 procent meer.",
     "The total changed more than ordinary variation: from 3 percent more to 26 percent more. That does not hold for sextortion: there the margin runs from 4 percent more to 9 percent more.", {}),
    ("contrast", "", "Helpwanted kreeg 31 procent meer dan in 2023. Over sextortion kwamen er juist 5,9 procent meer.", "", {}),
    ("absent", "Wat er bij Helpwanted binnenkomt", "Het totaal over 2023 is niet gepubliceerd.", "The total of 2023 was not published.", {"help_2023": 9318}),
    ("absent", "", "Nog niet gepubliceerd, voor zover wij zien: *Meldingen van seksuele misdrijven, 2024*. Van dit cijfer is niet zeker dat het openbaar was.",
     "Not yet published, as far as we can see: *Reports of sexual offences, 2024*. It is not certain that this figure was public.", {}),
    ("absent", "", "Adviesvragen bij Helpwanted: geen cijfer over 2024 in wat wij lazen; het laatste is van 2022.",
     "Requests for advice at Helpwanted: no figure for 2024 in what we read; the latest is of 2022.", {}),
    ("absent", "", "Adviesvragen bij Helpwanted: 2023, stond niet in wat wij lazen.", "Requests for advice at Helpwanted: 2023, was not in what we read.", {"help_2023": 9318}),
    ("absent", "", "Wat online is, registreert de politie niet apart.", "What is online, the police do not register apart.", {"online_2024": 2800}),
    ("absent", "", "Het aantal in de eerste helft staat er niet bij.", "The count of the first half is not given.", {"half_2024_H1": 6768}),
    ("only", "", "Van de meldingen zijn maar twee precieze jaartotalen gepubliceerd.", "Of the reports only two exact yearly totals were published.", {"police_2022": 15500}),
    ("only", "", "In wat wij lazen is de AP de enige die een bedrag noemde dat nodig is.", "In what we read the AP is the only one that named an amount it needs.", {"acm_2024": 9.5e6}),
    ("only", "", "Geen enkele organisatie publiceert hoeveel fte zij voor online seksueel geweld heeft.", "No body publishes how many fte it has for online sexual violence.", {"osv_2024": 12}),
    ("count", "", "Stippen met marge voor 3 rondes. Procent: 2022: 6,4 (6,1–6,8); 2024: 5,2 (4,9–5,5).", "Dots with margin for 3 waves. Percent: 2022: 6.4 (6.1–6.8); 2024: 5.2 (4.9–5.5).", {}),
    ("count", "", "Geen trend: twee rondes zijn te weinig.", "No trend: two waves are too few.", {}),
    ("count", "", "Tussen 2022 en 2024 veranderde bovendien het begrip van het onderzoek.", "Moreover, between 2022 and 2024 the concept of the survey changed.", {}),
    ("twice", "", "De politie kreeg in 2024 14.820 meldingen van seksuele misdrijven: 5,6 procent meer dan in 2023.", "In 2024 the police received 14,820 reports of sexual offences: 5.6 percent more than in 2023.", {}),
    ("twice", "", "In 2024 zei 5,4 procent van de mensen van 16 jaar of ouder dit.", "In 2024, 5.4 percent of people of 16 and over said this.", {}),
    ("one_in", "", "In 2024 zei 5,2 procent van de mensen dat zij dit meemaakten: ongeveer 1 op de 91.", "In 2024, 5.2 percent of people said they had experienced this: about 1 in 91.", {}),
    ("impossible", "", "Naar schatting vragen 44,9 tot 141,0 van elke honderd slachtoffers advies.", "By estimate, 44.9 to 141.0 of every hundred victims ask for advice.", {}),
    ("limits", "", "Meisjes: 5,2 (5,5–4,9).", "Girls: 5.2 (5.5–4.9).", {}),
    ("limits", "", "Meisjes: 5,2 (5,6–6,1).", "Girls: 5.2 (5.6–6.1).", {}),
    ("limits", "", "De ACM heeft 11 fte minder. Marge: 14 tot 21 fte (afronding).", "The ACM has 11 fte less. Margin: 14 to 21 fte (rounding).", {}),
    ("year", "", "Halverwege het jaar, op 1 juli 2023, ging de wet in.", "Halfway through the year, on 1 July 2023, the law took effect.", {}),
    ("parts", "", "Helpwanted kreeg in 2024 2.206 adviesvragen, 31 procent meer dan in 2023. Over sextortion kwamen er 7,1 procent minder: 4.648 in plaats van 5.005.",
     "In 2024 Helpwanted received 2,206 requests for advice, 31 percent more than in 2023. About sextortion there were 7.1 percent fewer: 4,648 instead of 5,005.", {}),
    ("parts", "", "Van de 212 beweringen in het register passen er 165 bij de cijfers, en 23 niet. Voor 124 is een bron nodig.", "Of the 212 claims in the ledger, 165 fit the figures and 23 do not. For 124 a source is needed.", {}),
    ("broken", "", "De politie kreeg nan meldingen.", "The police received nan reports.", {}),
]  # fmt: skip
# what stands in the same shape and is true
HOLDS = [
    ("", "Over sextortion kwamen er juist 7,1 procent minder: 4.648 in plaats van 5.005.", "About sextortion there were 7.1 percent fewer: 4,648 instead of 5,005.", {}),
    ("", "De politie kreeg in 2024 14.802 meldingen van seksuele misdrijven: 5,6 procent meer dan in 2023.", "In 2024 the police received 14,802 reports of sexual offences: 5.6 percent more than in 2023.", {}),
    ("", "Helpwanted kreeg in 2024 12.206 adviesvragen, 31 procent meer dan in 2023.", "In 2024 Helpwanted received 12,206 requests for advice, 31 percent more than in 2023.", {}),
    ("De meldingen bij de politie", "De stijging van 5,6 procent valt binnen de gewone schommeling zodra zulke tellingen meer dan 5,6 keer zo sterk schommelen.", "", {}),
    ("The reports to the police", "", "The rise of 5.6 percent lies within ordinary variation once such counts vary more than 5.6 times as much.", {}),
    ("", "Over sextortion ging het anders. Die daling valt weg.", "About sextortion it was otherwise. That fall vanishes.", {}),
    ("", "De ACM heeft 11 fte minder dan zij zegt nodig te hebben. Marge: 1 tot 21 fte (afronding).", "The ACM has 11 fte less than it says it needs. Margin: 1 to 21 fte (rounding).", {}),
    ("", "Bij meisjes van 16-17 jaar ging het gepubliceerde cijfer omlaag.", "For girls aged 16-17 years the published figure went down.", {}),
    ("", "In 2022 was het cijfer hoger dan in 2020; het verschil is 0,5 tot 1,5 procentpunt.", "In 2022 the figure was higher than in 2020; the difference is 0.5 to 1.5 percentage points.", {}),
    ("", "In 2024 was het lager dan in 2022; het verschil is −1,7 tot −0,7 procentpunt.", "In 2024 it was lower than in 2022: a difference of −1.7 to −0.7 percentage points.", {}),
    ("", "Toen zei 5,4 procent dat zij dit meemaakten, in 2024 5,2 procent. Het verschil is −0,2 procentpunt (marge: −0,6 tot 0,2 procentpunt).",
     "Then 5.4 percent said they had experienced this, in 2024 5.2 percent. The difference is −0.2 percentage points (margin: −0.6 to 0.2 percentage points).", {}),
    ("", "Wie alleen het eerste paar noemt, leest groei; wie alleen het tweede noemt, een daling.", "Who names only the first pair reads growth; who names only the second, a fall.", {}),
    ("", "Het totaal is meer veranderd dan gewone schommeling: van 13,1 procent meer tot 51,8 procent meer. Voor sextortion geldt dat niet: daar loopt de marge van 24,9 procent minder tot 14,9 procent meer.",
     "The total changed more than ordinary variation: from 13.1 percent more to 51.8 percent more. That does not hold for sextortion: there the margin runs from 24.9 percent fewer to 14.9 percent more.", {}),
    ("", "De marge loopt van 6,6 procent minder tot 19,4 procent meer. Dat valt binnen de gewone schommeling: niet aantoonbaar veranderd.",
     "The margin runs from 6.6 percent fewer to 19.4 percent more. That is within ordinary variation: no demonstrable change.", {}),
    ("", "De marge loopt van 3,1 procent meer tot 9,4 procent meer. Dat is meer dan gewone schommeling.", "The margin runs from 3.1 percent more to 9.4 percent more. That is more than ordinary variation.", {}),
    ("", "Groei sinds 2020 is niet aangetoond. Het verschil is −0,2 procentpunt (marge: −0,6 tot 0,2 procentpunt).", "Growth since 2020 is not shown. The difference is −0.2 percentage points (margin: −0.6 to 0.2 percentage points).", {}),
    ("Wat er bij Helpwanted binnenkomt", "Het totaal over 2023 is niet gepubliceerd.", "The total of 2023 was not published.", {}),
    ("", "Nog niet gepubliceerd, voor zover wij zien: *Meldingen van seksuele misdrijven, 2025*. Van dit cijfer is niet zeker dat het openbaar was.",
     "Not yet published, as far as we can see: *Reports of sexual offences, 2025*. It is not certain that this figure was public.", {}),
    ("", "Adviesvragen bij Helpwanted: 2023, stond niet in wat wij lazen.", "Requests for advice at Helpwanted: 2023, was not in what we read.", {}),
    ("", "Wat online is, registreert de politie niet apart.", "What is online, the police do not register apart.", {}),
    ("", "Het aantal in de eerste helft staat er niet bij.", "The count of the first half is not given.", {"half_2025_H1": 7912}),
    ("", "Van de meldingen zijn maar twee precieze jaartotalen gepubliceerd.", "Of the reports only two exact yearly totals were published.", {}),
    ("", "In wat wij lazen is de AP de enige die een bedrag noemde dat nodig is.", "In what we read the AP is the only one that named an amount it needs.", {}),
    ("", "Geen enkele organisatie publiceert hoeveel fte zij voor online seksueel geweld heeft.", "No body publishes how many fte it has for online sexual violence.", {}),
    ("", "Stippen met marge voor 2 rondes. Procent: 2022: 6,4 (6,1–6,8); 2024: 5,2 (4,9–5,5).", "Dots with margin for 2 waves. Percent: 2022: 6.4 (6.1–6.8); 2024: 5.2 (4.9–5.5).", {}),
    ("", "Geen trend: drie rondes zijn te weinig, en tussen de eerste en de tweede veranderde het begrip.", "No trend: three waves are too few, and between the first and the second the concept changed.", {}),
    ("", "Tussen 2020 en 2022 veranderde bovendien het begrip van het onderzoek.", "Moreover, between 2020 and 2022 the concept of the survey changed.", {}),
    ("", "In 2024 zei 5,2 procent van de mensen dat zij dit meemaakten: ongeveer 1 op de 19. Marge: 4,9 tot 5,5 procent (aangenomen).",
     "In 2024, 5.2 percent of people said they had experienced this: about 1 in 19. Margin: 4.9 to 5.5 percent (assumed).", {}),
    ("", "Naar schatting vragen 3,2 tot 8,9 van elke honderd slachtoffers advies.", "By estimate, 3.2 to 8.9 of every hundred victims ask for advice.", {}),
    ("", "Halverwege het jaar, op 1 juli 2024, ging de wet in.", "Halfway through the year, on 1 July 2024, the law took effect.", {}),
    ("", "Met de marge van de enquête zijn dat 720.000 tot 820.000 mensen.", "With the margin of the survey that is 720,000 to 820,000 people.", {}),
    ("", "De AP zegt 51,0 miljoen euro meer nodig te hebben. Marge: 40,0 miljoen tot 62,0 miljoen euro.", "The AP says it needs 51.0 million euros more. Margin: 40.0 million to 62.0 million euros.", {}),
]  # fmt: skip

BOTH = [
    (kind, section, text, language, more)
    for kind, section, nl, en, more in PLANTED
    for language, text in (("nl", nl), ("en", en))
    if text
]
TRUE = [
    (section, text, lang, more)
    for section, nl, en, more in HOLDS
    for lang, text in (("nl", nl), ("en", en))
    if text
]


@pytest.mark.parametrize(("kind", "section", "text", "language", "more"), BOTH, ids=range(len(BOTH)))
def test_a_planted_falsehood_is_caught(kind, section, text, language, more):
    found = judge_text(text, language, facts(**more), section=section)
    assert kind in {f.kind for f in found}, [f.line() for f in found]


@pytest.mark.parametrize(("section", "text", "language", "more"), TRUE, ids=range(len(TRUE)))
def test_a_true_sentence_passes(section, text, language, more):
    assert [f.line() for f in judge_text(text, language, facts(**more), section=section)] == []


def test_enough_is_planted_in_both_languages():
    for language in ("nl", "en"):
        assert sum(b[3] == language for b in BOTH) >= 25
        assert sum(t[2] == language for t in TRUE) >= 25


PAIRS = """# T

| Series | Years | Counts | Change (margin) |
|:---|:---|---:|---:|
| Requests by subject: sextortion | 2023–2024 | 5,005 → 4,648 | {change} ({low} to {high}) |
| Requests for advice at Helpwanted | 2023–2024 | 9,318 → 12,206 | 31.0 (13.1 to 51.8) |

About sextortion there were 7.1 percent fewer: 4,648 instead of 5,005. {said}
"""
MAY, IS = "The latter may be ordinary variation.", "The latter is more than ordinary variation as well."


@pytest.mark.parametrize(
    ("change", "low", "high", "said", "kinds"),
    [
        ("−7.1", "−24.9", "14.9", MAY, set()),
        ("−7.1", "−24.9", "14.9", IS, {"verdict"}),
        ("−7.1", "−11.9", "−1.9", MAY, {"verdict"}),
        ("−7.1", "−11.9", "−1.9", IS, set()),
        ("7.1", "−1.9", "16.9", MAY, {"direction"}),
        ("−7.1", "14.9", "−24.9", MAY, {"limits", "verdict"}),
    ],
)
def test_a_verdict_and_a_row_are_held_against_the_table_of_the_page(change, low, high, said, kinds):
    text = PAIRS.format(change=change, low=low, high=high, said=said)
    found = judge({("en", "trend"): text}, {}, facts())
    assert {f.kind for f in found} == kinds, [f.line() for f in found]


@pytest.mark.parametrize(
    ("title", "kinds"),
    [
        ("Requests: all together +31%, about sextortion −7.1%", set()),
        ("Requests: all together +31%, about sextortion +7.1%", {"direction"}),
        ("Adviesvragen: samen −31%, over sextortion −7,1%", {"direction"}),
        ("The total of 2024 is derived from the growth that was given", {"absent"}),
    ],
)
def test_a_false_title_of_a_chart_is_caught(title, kinds):
    language = "nl" if "over" in title else "en"
    assert {f.kind for f in judge({}, {(language, "c"): [title]}, facts())} == kinds


@pytest.mark.parametrize(
    ("title", "kinds"), [("2 of 2", {"count"}), ("1 of 2", set()), ("1 of 3", {"count"})]
)
def test_a_count_in_a_title_is_held_against_what_the_chart_shows(title, kinds):
    words = [
        f"{title} authorities got money or support for fewer fte than they say they need",
        "gap 11",
        "gap −8.5",
    ]
    assert {f.kind for f in judge({}, {("en", "c"): words}, facts())} == kinds


def test_two_languages_that_print_other_numbers_are_caught():
    pages = {("nl", "trend"): "# T\n\nHet waren er 14.802.\n", ("en", "trend"): "# T\n\nThere were 14,820.\n"}
    assert [f.kind for f in judge(pages, {}, facts())] == ["twice"]
    pages["en", "trend"] = "# T\n\nThere were 14,802.\n"
    assert judge(pages, {}, facts()) == []


def test_numbers_are_read_as_each_language_prints_them():
    assert [n.value for n in numbers("van 1.234,5 tot −0,3 op 1 juli 2024", "nl")] == [1234.5, -0.3]
    assert [n.value for n in numbers("from 1,234.5 to −0.3 on 1 July 2024", "en")] == [1234.5, -0.3]
    assert [(f.low, f.high) for f in limits("6,6 procent minder tot 19,4 procent meer", "nl")] == [
        (-6.6, 19.4)
    ]
    assert [(f.low, f.high) for f in limits("5.2 (4.9–5.5) in 2020–2024", "en")] == [(4.9, 5.5)]
    assert [c.value for c in changes("7.1 percent fewer, 3 percent more", "en")] == [-7.1, 3]
