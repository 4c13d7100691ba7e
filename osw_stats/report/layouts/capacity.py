"""Tables for readers: what authorities have and need."""

from __future__ import annotations

from typing import Any

import pandas as pd

from osw_stats.report.cells import (
    Cell,
    body_cell,
    full_body_cell,
    interval_cell,
    million_cell,
    number_cell,
    posts_cell,
    series_cell,
    spread_cell,
    text_cell,
    truth_cell,
    word_cell,
)
from osw_stats.report.language import when
from osw_stats.report.tables import Layout, Shown
from osw_stats.report.words import word

BODY = Shown("Organisatie", "Body", body_cell)


def _relation(row: dict[str, Any], language: str) -> str:
    return word("relation", row["relation"], language) + (
        f" “{word('item', row['of'], language)}”" if row["of"] else ""
    )


def _series(row: dict[str, Any], language: str) -> str:
    return series_cell(row, language) if row["series"] else "–"


def _published(amount: Shown) -> tuple[Shown, ...]:
    """Return the columns of all that was published of a body: each figure with its concept and year."""
    return (
        BODY,
        Shown("Reeks", "Series", _series),
        Shown("Begrip", "Concept", word_cell("concept")),
        Shown("Jaar", "Year", text_cell("date")),
        amount,
        Shown("Deel voor dit onderwerp", "Part for this subject", word_cell("share_for_osw")),
        Shown("Zekerheid", "Grade", text_cell("grade")),
    )


def _latest(name: str) -> Cell:
    """Show the latest figure of one concept with its year; in words where we found none."""

    def cell(row: dict[str, Any], language: str) -> str:
        if pd.isna(row[name]):
            return word("number", "not_found", language)
        growth = "+" if row[f"{name}_growth"] else ""
        return f"{growth}{posts_cell(name)(row, language)} ({row[f'{name}_year']})"

    return cell


def _on_basis(name: str) -> Cell:
    """Show posts with the year they are for; growth has a sign, since it is no total."""

    def cell(row: dict[str, Any], language: str) -> str:
        growth = "+" if row["basis"] == "growth" else ""
        return f"{growth}{posts_cell(name)(row, language)} ({row[f'{name}_year']})"

    return cell


def _stated(row: dict[str, Any], language: str) -> str:
    return when(row["said"], language) if row["said"] else word("number", "date_unknown", language)


LAYOUTS: dict[str, Layout] = {
    "cap_gap": Layout(
        "Fte die een toezichthouder zei nodig te hebben, en fte waarvoor geld of steun kwam (+ is groei)",
        "Fte an authority said it needed, and fte that were funded or supported (+ is growth)",
        (
            BODY,
            Shown("Gezegd", "Stated", _stated),
            Shown("Nodig (fte)", "Needed (fte)", _on_basis("need"), True),
            Shown("Daarvan geregeld (fte)", "Of which arranged (fte)", _on_basis("funded"), True),
            Shown("Hoe geregeld", "How arranged", word_cell("funded_concept", "concept")),
            Shown("Verschil (fte)", "Gap (fte)", interval_cell("gap", "gap_lower", "gap_upper"), True),
            Shown("Verschil (procent van nodig)", "Gap (percent of need)", number_cell("gap_pct", 1), True),
            Shown("Jaren gemengd", "Years mixed", truth_cell("years_mixed")),
        ),
    ),
    "cap_money_gap": Layout(
        "Geld dat een toezichthouder zei nodig te hebben en geld dat is toegekend (miljoen euro per jaar)",
        "Money an authority said it needed and money allocated (million euros a year)",
        (
            BODY,
            Shown("Nodig", "Needed", million_cell("need"), True),
            Shown("Toegekend", "Allocated", million_cell("funded"), True),
            Shown("Verschil", "Gap", million_cell("gap"), True),
            Shown("Ondergrens", "Lower end", million_cell("gap_lower"), True),
            Shown("Bovengrens", "Upper end", million_cell("gap_upper"), True),
            Shown("Jaren gemengd", "Years mixed", truth_cell("years_mixed")),
        ),
    ),
    "cap_bodies": Layout(
        "Wat per organisatie aan fte is gepubliceerd, het laatste cijfer van elk begrip met zijn jaar (+ is groei)",
        "What was published on fte by body, the latest figure of each concept with its year (+ is growth)",
        (
            Shown("Organisatie", "Body", full_body_cell),
            Shown("Bezet", "Occupied", _latest("occupied"), True),
            Shown("Formatie", "Formation", _latest("formation"), True),
            Shown("Geld of steun voor", "Money or support for", _latest("met"), True),
            Shown("Nodig", "Needed", _latest("needed"), True),
            Shown("Waarvan voor dit onderwerp", "Of which for this subject", word_cell("share_for_osw")),
        ),
    ),
    "cap_fte": Layout(
        "Alle gepubliceerde fte per organisatie, naar begrip; bezet, formatie en nodig zijn niet hetzelfde",
        "All published fte by body and concept; occupied, formation and needed are not the same",
        _published(Shown("Fte", "Fte", posts_cell("fte"), True)),
    ),
    "cap_money": Layout(
        "Alle gepubliceerde bedragen per organisatie, naar begrip (miljoen euro per jaar)",
        "All published amounts by body and concept (million euros a year)",
        _published(Shown("Miljoen euro", "Million euros", million_cell("eur"), True)),
    ),
    "cap_unit_cost": Layout(
        "Euro per fte, waar geld en fte beide zijn gepubliceerd; bedragen zoals gedrukt, niet gecorrigeerd voor prijzen",
        "Euros per fte where money and fte were both published; amounts as printed, not corrected for prices",
        (
            BODY,
            Shown("Waarvoor", "What for", word_cell("task")),
            Shown("Geld van", "Money of", text_cell("money_year")),
            Shown("Fte van", "Fte of", text_cell("fte_year")),
            Shown("Euro per fte", "Euros per fte", interval_cell("eur_per_fte", "lower", "upper"), True),
            Shown("Let op: jaren gemengd", "Note: years mixed", truth_cell("years_mixed")),
        ),
    ),
    "cap_overlap": Layout(
        "Rijksgeld dat elkaar overlapt: wat deel is van wat (miljoen euro); niet optellen",
        "Government money that overlaps: what is part of what (million euros); do not add",
        (
            Shown("Post", "Item", word_cell("item")),
            Shown("Jaar", "Year", text_cell("year")),
            Shown("Miljoen euro", "Million euros", million_cell("eur"), True),
            Shown("Verhouding", "Relation", _relation),
        ),
    ),
    "cap_waiting": Layout(
        "Klachten bij de AP over alle onderwerpen: hoe lang wachten volgt uit wat er ligt en wat er binnenkomt",
        "Complaints at the AP on all subjects: the wait that follows from what lies there and what arrives",
        (
            Shown("Jaar", "Year", text_cell("year")),
            Shown("Wachtend", "Waiting", spread_cell("waiting_lower", "waiting_upper"), True),
            Shown("Binnengekomen", "Received", number_cell("arrivals"), True),
            Shown("Wachten (maanden)", "Wait (months)", spread_cell("wait_lower", "wait_upper", 1), True),
            Shown("Volgens de AP, met onderzoek (jaren)", "By the AP, with investigation (years)", spread_cell("stated_lower", "stated_upper", 1), True),
        ),
    ),
}  # fmt: skip
