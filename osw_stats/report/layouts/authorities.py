"""Tables for readers: what bodies answered, and what became of recommendations."""

from __future__ import annotations

from typing import Any

from osw_stats.report.cells import (
    answer_cell,
    body_cell,
    documents_cell,
    in_language_cell,
    number_cell,
    or_dash,
    text_cell,
    word_cell,
)
from osw_stats.report.language import day
from osw_stats.report.tables import Layout, Shown
from osw_stats.report.words import word
from osw_stats.vocabulary.authorities import CODES, QUESTIONS, SCOPES

BODY = Shown("Organisatie", "Body", body_cell)


def _when(row: dict[str, Any], language: str) -> str:
    early, late = row["date_earliest"], row["date_latest"]
    if not late:
        return "geen datum" if language == "nl" else "no date"
    shown = day(late, language)
    return shown if early == late else f"{day(early, language)} {'tot' if language == 'nl' else 'to'} {shown}"


def _state(row: dict[str, Any], language: str) -> str:
    done = row["done_on"]
    state = word("deadline", row["status"], language)
    return f"{state} ({day(done, language)})" if done else state


def _question(row: dict[str, Any], language: str) -> str:
    return QUESTIONS[row["question"]][language]


def _code(row: dict[str, Any], language: str) -> str:
    scope = SCOPES[row["scope"]][language]
    return f"{row['code']}: {CODES[row['code']][language]}" + (f"; {scope}" if scope else "")


def _place(row: dict[str, Any], language: str) -> str:
    place = str(row["place"])
    if language == "en":
        place = place.replace("bijlage, gespreksverslag", "annex, report of the meeting:").replace(
            " tot ", " to "
        )
    return place + (f", {day(row['date'], language)}" if row["date"] else "")


LAYOUTS: dict[str, Layout] = {
    "authority_matrix": Layout(
        "Vijf vragen aan organisaties en wat daarop werd geantwoord, volgens de eerste codering van het rapport",
        "Five questions to bodies and what was answered, by the first coding of the report",
        (BODY, *(Shown(q["nl"], q["en"], answer_cell(n)) for n, q in QUESTIONS.items())),
    ),
    "authority_answers": Layout(
        "Elk antwoord met code, vindplaats en de woorden waar het op rust",
        "Every answer with its code, its place and the words it rests on",
        (
            BODY,
            Shown("Vraag", "Question", _question),
            Shown("Code", "Code", _code),
            Shown("Vindplaats", "Place", _place),
            Shown("Citaat", "Quote (in Dutch)", text_cell("quote")),
        ),
    ),
    "authority_agreement": Layout(
        "Hoe vaak twee codeurs het eens zijn (kappa)",
        "How far two coders agree (kappa)",
        (
            Shown("Weging", "Weights", word_cell("weights")),
            Shown("Kappa", "Kappa", number_cell("kappa", 2), True),
            Shown("Ondergrens", "Lower end", or_dash(number_cell("lower", 2), "lower"), True),
            Shown("Bovengrens", "Upper end", or_dash(number_cell("upper", 2), "upper"), True),
            Shown("Gelijk", "Agreed", number_cell("agreed"), True),
            Shown("Van", "Of", number_cell("cells"), True),
        ),
    ),
    "authority_disagreements": Layout(
        "Waar de twee codeurs verschillen",
        "Where the two coders differ",
        (
            BODY,
            Shown("Vraag", "Question", _question),
            Shown("Eerste code", "First code", text_cell("code_1"), True),
            Shown("Tweede code", "Second code", text_cell("code_2"), True),
        ),
    ),
    "deadlines": Layout(
        "Aanbevelingen en termijnen uit het rapport, en wat er op de peildatum over bekend is",
        "Recommendations and dates of the report, and what is known of them on the as-of date",
        (
            Shown("Paragraaf", "Paragraph", text_cell("id")),
            Shown("Wat", "What", in_language_cell("text")),
            Shown("Wie", "Who", in_language_cell("addressee")),
            Shown("Wanneer", "When", _when),
            Shown("Stand", "Status", _state),
            Shown("Wat wij vonden", "What we found", in_language_cell("note")),
            Shown("Bewijs", "Evidence", documents_cell("evidence"), marked=True),
        ),
    ),
}  # fmt: skip
