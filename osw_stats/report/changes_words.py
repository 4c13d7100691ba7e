"""The words of the page “what changed”: headings, what a kind of change means, and its cells."""

from __future__ import annotations

from typing import Any

import pandas as pd

from osw_stats.report.language import decimals, number
from osw_stats.report.named import breakdown, definition
from osw_stats.report.words import WORDS, word
from osw_stats.vocabulary.series import catalogue
from osw_stats.vocabulary.units import unit

NOTES = {
    "between": {
        "nl": "Vergeleken: {old} en {new}. Een verandering is geen oordeel: cijfers worden herzien, reeksen komen en gaan.",
        "en": "Compared: {old} and {new}. A change is no judgement: figures are revised, series come and go.",
    },
    "nothing": {"nl": "Er is niets veranderd.", "en": "Nothing changed."},
    "first": {
        "nl": "Dit is de eerste editie. Er is geen eerdere om mee te vergelijken.",
        "en": "This is the first edition. There is no earlier one to compare with.",
    },
    "not_recorded": {
        "nl": "De hoofdcijfers van {old} zijn niet vastgelegd; die zijn hier niet vergeleken.",
        "en": "The headlines of {old} were not recorded; they are not compared here.",
    },
}
_FIGURE = {
    "nl": ("Cijfer", "Periode en groep", "=Oud", "=Nieuw", "Bron nu"),
    "en": ("Figure", "Period and group", "=Old", "=New", "Source now"),
}
_SERIES = {"nl": ("Reeks", "Periode"), "en": ("Series", "Period")}
_NUMBER = {
    "nl": ("Zin", "=Oud", "=Nieuw", "=Grens"),
    "en": ("Sentence", "=Old", "=New", "=Threshold"),
}
_WAS = {"nl": ("Wat", "Oud", "Nieuw"), "en": ("What", "Old", "New")}
_TOLD = {"nl": ("Zin", "=Waarde"), "en": ("Sentence", "=Value")}
# title, what it means, headings; a heading with "=" is a column of numbers
KINDS: dict[str, dict[str, tuple[str, str, tuple[str, ...]]]] = {
    "headline_moved": {
        "nl": ("Hoofdcijfers die verschoven", "Het getal is meer veranderd dan de helft van zijn marge in de oude editie. Een getal zonder marge staat hier bij elke verandering. Een nieuwe editie gaat vaak over een ander jaar.", _NUMBER["nl"]),
        "en": ("Headlines that moved", "The number changed by more than half its margin in the old edition. A number without margin stands here at any change. A new edition is often about another year.", _NUMBER["en"]),
    },
    "headline_new": {
        "nl": ("Nieuwe hoofdcijfers", "Deze zinnen stonden niet in de oude editie, vaak omdat het cijfer toen nog niet openbaar was.", _TOLD["nl"]),
        "en": ("New headlines", "These sentences were not in the old edition, often because the figure was not public then.", _TOLD["en"]),
    },
    "headline_gone": {
        "nl": ("Hoofdcijfers die niet meer worden gezegd", "Deze zinnen stonden in de oude editie en nu niet.", _TOLD["nl"]),
        "en": ("Headlines no longer told", "These sentences were in the old edition and are not in the new one.", _TOLD["en"]),
    },
    "verdict_changed": {
        "nl": ("Oordelen die veranderden", "Bij deze beweringen is de uitkomst van de toets nu anders.", _WAS["nl"]),
        "en": ("Verdicts that changed", "For these statements the outcome of the test is another one now.", _WAS["en"]),
    },
    "report_new": {
        "nl": ("Nu is er een rapport om na te rekenen", "In de oude editie was er nog geen rapport waarvan de zinnen in het register staan.", ()),
        "en": ("There is a report to check now", "In the old edition no report was out whose statements stand in the ledger.", ()),
    },
    "report_gone": {
        "nl": ("Er is geen rapport meer om na te rekenen", "Sinds de oude editie kwam geen rapport uit waarvan de zinnen in het register staan.", ()),
        "en": ("No report to check any more", "Since the old edition no report came out whose statements stand in the ledger.", ()),
    },
    "definition_changed": {
        "nl": ("Definities die veranderden", "Het nieuwste cijfer telt iets anders dan het vorige. Vergelijk ze niet zonder meer.", _WAS["nl"]),
        "en": ("Definitions that changed", "The latest figure counts something else than the one before. Do not simply compare them.", _WAS["en"]),
    },
    "figure_revised": {
        "nl": ("Herziene cijfers", "De uitgever, of een latere bron, geeft voor dezelfde periode en groep nu een ander cijfer.", _FIGURE["nl"]),
        "en": ("Revised figures", "The publisher, or a later source, now gives another figure for the same period and group.", _FIGURE["en"]),
    },
    "figure_gone": {
        "nl": ("Cijfers die vervielen", "Deze cijfers zag de oude editie wel en de nieuwe niet.", _FIGURE["nl"]),
        "en": ("Figures that lapsed", "The old edition saw these figures and the new one does not.", _FIGURE["en"]),
    },
    "series_added": {
        "nl": ("Nieuwe reeksen", "Van deze reeksen was nog geen cijfer openbaar, voor zover wij zagen.", _SERIES["nl"]),
        "en": ("New series", "Of these series no figure was public yet, as far as we saw.", _SERIES["en"]),
    },
    "series_ended": {
        "nl": ("Reeksen die stopten", "De uitgever gaf deze reeksen op; genoemd is de laatste periode.", _SERIES["nl"]),
        "en": ("Series that ended", "The publisher gave up these series; the last period is named.", _SERIES["en"]),
    },
    "series_gone": {
        "nl": ("Reeksen die niet meer te zien zijn", "De nieuwe editie ziet van deze reeksen geen enkel cijfer.", _SERIES["nl"]),
        "en": ("Series no longer seen", "The new edition sees no figure of these series.", _SERIES["en"]),
    },
    "wave_missing": {
        "nl": ("Geen cijfer over het nieuwe jaar", "De oude editie had een cijfer over haar eigen jaar. Over het jaar van de nieuwe editie is er geen in wat wij lazen. Dat is geen fout: een onderzoek wordt niet elk jaar gehouden, of het cijfer is nog niet uit.", _SERIES["nl"]),
        "en": ("No figure for the new year", "The old edition had a figure for its own year. For the year of the new edition there is none in what we read. That is no error: a survey is not held every year, or the figure is not out yet.", _SERIES["en"]),
    },
}  # fmt: skip


def note(name: str, language: str, **values: str) -> str:
    """Return one of the sentences around the tables."""
    return NOTES[name][language].format(**values)


def heading(change: str, language: str) -> tuple[str, str, tuple[str, ...]]:
    """Return the title of a kind of change, what it means, and the headings of its table."""
    return KINDS[change][language]


def cells(row: dict[str, Any], language: str) -> list[str]:
    """Return the cells of one change, as many as its kind has headings."""
    change, subject = row["change"], _subject(row, language)
    if change == "headline_moved":
        return [subject, *(_value(row, n, language) for n in ("old_value", "new_value", "threshold"))]
    if change in ("headline_new", "headline_gone"):
        return [subject, _value(row, "new_value" if change == "headline_new" else "old_value", language)]
    if change == "verdict_changed":
        return [subject, *(word("verdict", row[n], language) if row[n] else "–" for n in ("old", "new"))]
    if change == "definition_changed":
        return [subject, *(definition(row[n], language) for n in ("old", "new"))]
    if change in ("figure_revised", "figure_gone"):
        new = _value(row, "new_value", language) if change == "figure_revised" else "–"
        return [subject, _group(row, language), _value(row, "old_value", language), new, _text(row["new_source"]) or _text(row["old_source"])]  # fmt: skip
    if change == "wave_missing":
        return [subject, row["time_period"]]
    return [subject, _text(row["new"]) or _text(row["old"])]


def _text(cell: Any) -> str:
    return "" if pd.isna(cell) else str(cell)


def _subject(row: dict[str, Any], language: str) -> str:
    subject = _text(row["subject"])
    known = catalogue().get(subject)
    if known is not None:
        return known.title[language]
    page, slash, _ = subject.partition("/")
    return f"{word('page', page, language)} ({word('headline', subject, language)})" if slash else subject


def _group(row: dict[str, Any], language: str) -> str:
    parts = [row["time_period"]]
    parts += [word("sex", row["sex"], language)] if row["sex"] != "total" else []
    parts += [row["age"]] if row["age"] != "total" else []
    parts += [row["region"]] if row["region"] != "NL" else []
    parts += [breakdown(row["breakdown"], language)] if row["breakdown"] else []
    return ", ".join(parts)


def _value(row: dict[str, Any], name: str, language: str) -> str:
    value = row[name]
    if pd.isna(value):
        status = _text(row["old" if name == "old_value" else "new"])
        # of a figure that is there, only a range was published
        return (
            word("no_value", status if status in WORDS["no_value"] else "range_only", language)
            if status
            else "–"
        )
    places = decimals(value, row["unit"])
    shown = number(value, language, max(places, 0))
    return f"{shown} {unit(row['unit']).words(shown, language)}"
