"""The check of worlds catches false sentences that were planted and lets true ones pass: it is no check that cannot fail."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

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
    (POLICE, "2023"): 14015,
    (POLICE, "2024"): 14802,
    (HELP, "2024"): 12206,
    (CHANGE, "2024"): 31,
    (SEXTORTION, "2023"): 5005,
    (SEXTORTION, "2024"): 4648,
    (SPREAD, "2024"): 2757,
    (SURVEY, "2020"): 5.4,
    (SURVEY, "2022"): 6.4,
    (SURVEY, "2024"): 5.2,
    (GIRLS, "2020"): 30,
    (GIRLS, "2024"): 22,
    (NEEDED, "2023"): 1e8,
}
TITLES = {
    POLICE: ("Meldingen van seksuele misdrijven", "Reports of sexual offences"),
    HELP: ("Adviesvragen bij Helpwanted", "Requests for advice at Helpwanted"),
    ONLINE: (
        "Meldingen van seksuele misdrijven met een online kant",
        "Reports of sexual offences with an online side",
    ),
    SURVEY: ("Online seksuele intimidatie", "Online sexual harassment"),
    NEEDED: ("AP, budget", "AP, budget"),
}


def facts(year: int = 2024, **more: float) -> Facts:
    """Return the facts of a small world; `more` holds published values by name and period."""
    by_name = {
        "police": POLICE,
        "help": HELP,
        "online": ONLINE,
        "spread": SPREAD,
        "half": ("police_reports_half_year", "", "total", "total"),
        "acm": ("acm_dsa_budget", "concept=needed", "total", "total"),
        "osv": ("ap_osv_fte", "concept=occupied", "total", "total"),
    }
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


SENTENCES = yaml.safe_load(Path(__file__).with_name("sentences.yml").read_text(encoding="utf-8"))
BOTH, TRUE = (
    [(e, language) for e in SENTENCES[name] for language in ("nl", "en") if language in e]
    for name in ("planted", "holds")
)


def found_in(entry, language):
    return judge_text(
        entry[language], language, facts(**entry.get("also", {})), section=entry.get("section", "")
    )


@pytest.mark.parametrize(("entry", "language"), BOTH, ids=lambda e: e if isinstance(e, str) else e["kind"])
def test_a_planted_falsehood_is_caught(entry, language):
    found = found_in(entry, language)
    assert entry["kind"] in {f.kind for f in found}, [f.line() for f in found]


@pytest.mark.parametrize(("entry", "language"), TRUE, ids=lambda e: e if isinstance(e, str) else "")
def test_a_true_sentence_passes(entry, language):
    assert [f.line() for f in found_in(entry, language)] == []


def test_enough_is_planted_in_both_languages():
    for language in ("nl", "en"):
        assert sum(told == language for _, told in BOTH) >= 25
        assert sum(told == language for _, told in TRUE) >= 25


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
