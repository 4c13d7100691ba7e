"""Tables of the notebook on trends."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd

from osw_stats.report.cells import Cell, interval_cell, number_cell, series_cell, text_cell
from osw_stats.report.charts.interrupted import variant_words
from osw_stats.report.language import day, number
from osw_stats.report.tables import Layout, Shown
from osw_stats.report.words import word
from osw_stats.vocabulary.units import unit


def counted_cell(row: dict[str, Any], language: str) -> str:
    """Show the title of a series, and the part of it that is counted."""
    part = str(row.get("breakdown", "")).partition("=")[2]
    return series_cell(row, language) + (f": {word(part, language)}" if part else "")


def whole_cell(name: str) -> Cell:
    """Show a year or a small whole number without a thousands mark; nothing where there is none."""
    return lambda row, _language: "" if pd.isna(row[name]) else str(int(row[name]))


def known(cell: Cell, name: str) -> Cell:
    """Show nothing where `name` is not there or has no end."""
    return lambda row, language: (
        "" if pd.isna(row[name]) or not math.isfinite(row[name]) else cell(row, language)
    )


def p_cell(name: str) -> Cell:
    """Show a p-value: three decimals, or that it is below them."""
    return lambda row, language: (
        f"< {number(0.001, language, 3)}" if row[name] < 0.0005 else number(row[name], language, 3)
    )


def unit_cell(row: dict[str, Any], language: str) -> str:
    """Show what is counted."""
    return str(getattr(unit(row["unit"]), language))


def count_cell(value: str, lower: str, upper: str) -> Callable[[dict[str, Any], str], str]:
    """Show a count with its limits, without decimals."""

    def cell(row: dict[str, Any], language: str) -> str:
        if pd.isna(row[value]):
            return ""
        ends = [number(row[name], language) for name in (lower, upper)]
        shown = number(row[value], language)
        return shown if ends[0] == ends[1] else f"{shown} ({ends[0]}–{ends[1]})"

    return cell


def ratio_cell(value: str, lower: str, upper: str) -> Cell:
    """Show a ratio with its limits, two decimals."""
    return lambda row, language: (
        row["reason"] if pd.isna(row[value])
        else f"{number(row[value], language, 2)} ({number(row[lower], language, 2)}–{number(row[upper], language, 2)})"
    )  # fmt: skip


def variant_cell(row: dict[str, Any], language: str) -> str:
    """Show a variant of an interrupted time series in words."""
    return variant_words(str(row["variant"]), language)


def half_year_cell(row: dict[str, Any], language: str) -> str:
    """Show a reconstruction in words, with the share it assumes."""
    share = row["share_before"]
    tail = "" if pd.isna(share) else f", {number(share, language)}% {word('in_second_half', language)}"
    return word(row["variant"], language) + tail


def years_cell(row: dict[str, Any], _language: str) -> str:
    """Show the two years of a comparison."""
    return f"{row['period0']}–{row['period1']}"


def counts_cell(row: dict[str, Any], language: str) -> str:
    """Show the two counts of a comparison."""
    return f"{number(row['x0'], language)} → {number(row['x1'], language)}"


def note_cell(row: dict[str, Any], language: str) -> str:
    """Say what keeps two years from being alike: another definition, a derived or rounded total."""
    notes = [] if row["definition_same"] else [word("break_between", language)]
    notes += [word(row["basis"], language)] if row["basis"] != "published" else []
    return ", ".join(notes)


def percent_cell(value: str, lower: str, upper: str) -> Cell:
    """Show a change in percent with its limits, one decimal each; nothing where there is none."""

    def cell(row: dict[str, Any], language: str) -> str:
        if pd.isna(row[value]):
            return ""
        shown, low, high = (number(row[name], language, 1) for name in (value, lower, upper))
        between = "–" if row[lower] >= 0 else {"nl": " tot ", "en": " to "}[language]
        return f"{shown} ({low}{between}{high})"

    return cell


def day_cell(name: str) -> Cell:
    """Show a day in words."""
    return lambda row, language: day(str(row[name]), language)


def remark_cell(row: dict[str, Any], language: str) -> str:
    """Show why a half year is not computed, or what was said of it."""
    said = str(row[f"said_{language}"])
    return f"“{said}”" if said else word(row["reason"], language)


LAYOUTS = {
    "trend_pairs": Layout(
        "Elk jaar vergeleken met het jaar ervoor, in procent, met een marge die rekening houdt met de gewone schommeling",
        "Every year compared with the year before, in percent, with a margin that allows for ordinary variation",
        (
            Shown("Reeks", "Series", counted_cell),
            Shown("Jaren", "Years", years_cell),
            Shown("Aantallen", "Counts", counts_cell, True),
            Shown("Verandering (marge)", "Change (margin)", percent_cell("change", "lower", "upper"), True),
            Shown("Schommeling", "Variation", number_cell("phi_used", 1), True),
            Shown("Valt weg vanaf", "Vanishes from", number_cell("phi_break_even", 1), True),
            Shown("p", "p", p_cell("p_adj"), True),
            Shown("Valt op vanaf (%)", "Stands out from (%)", number_cell("detectable"), True),
            Shown("Let op", "Note", note_cell),
        ),
    ),
    "trend_sensitivity": Layout(
        "Dezelfde verandering bij andere aannamen over de gewone schommeling",
        "The same change under other assumptions about ordinary variation",
        (
            Shown("Aanname", "Assumption", text_cell("variant")),
            Shown("Schommeling (maal toeval)", "Variation (times chance)", number_cell("phi", 1), True),
            Shown("Verandering in procent (marge)", "Change in percent (margin)", interval_cell("change", "lower", "upper"), True),
        ),
    ),
    "trend_slopes": Layout(
        "Verandering per jaar over vier jaren of meer met één definitie, in procent",
        "Change a year over four years or more of one definition, in percent",
        (
            Shown("Reeks", "Series", counted_cell),
            Shown("Van", "From", whole_cell("first")),
            Shown("Tot en met", "To", whole_cell("last")),
            Shown("Laatste aantal", "Last count", number_cell("x1"), True),
            Shown("Per jaar (marge)", "A year (margin)", interval_cell("annual_change", "lower", "upper"), True),
            Shown("Schommeling (maal toeval)", "Variation (times chance)", number_cell("phi", 1), True),
            Shown("Met één jaar minder", "With one year less", interval_cell("", "leave_out_low", "leave_out_high"), True),
            Shown("Zonder 2020 en 2021", "Without 2020 and 2021", known(number_cell("without_pandemic", 1), "without_pandemic"), True),
            Shown("2022 apart", "2022 apart", known(number_cell("with_pulse", 1), "with_pulse"), True),
        ),
    ),
    "trend_refused": Layout(
        "Wat wij niet berekenen, en waarom",
        "What we do not compute, and why",
        (
            Shown("Reeks", "Series", counted_cell),
            Shown("Wat niet", "What", text_cell("analysis")),
            Shown("Waarom", "Why", text_cell("reason")),
        ),
    ),
    "trend_half_years": Layout(
        "Meldingen bij de politie in het eerste halfjaar van het verslagjaar: wat uit elk gepubliceerd cijfer volgt",
        "Reports to the police in the first half of the year reported on: what follows from each published figure",
        (
            Shown("Berekening", "Computation", half_year_cell),
            Shown("Eerste halfjaar (speelruimte)", "First half (range)", count_cell("h1", "h1_lower", "h1_upper"), True),
            Shown("Tweede halfjaar", "Second half", known(number_cell("h2"), "h2"), True),
            Shown("Eerste helft, verandering in procent", "First half, change in percent", percent_cell("change", "lower", "upper"), True),
            Shown("Opmerking", "Note", remark_cell),
        ),
    ),
    "trend_reconciliation": Layout(
        "Drie gepubliceerde tellingen van seksuele misdrijven in één jaar",
        "Three published counts of sexual offences in one year",
        (
            Shown("Telling", "Count of", series_cell),
            Shown("Wat is geteld", "What was counted", unit_cell),
            Shown("Aantal (speelruimte)", "Count (range)", count_cell("count", "lower", "upper"), True),
            Shown("Minder dan de vorige (speelruimte)", "Fewer than the one before (range)", count_cell("below", "below_lower", "below_upper"), True),
            Shown("In procent van het gemiddelde", "Percent of the mean", known(number_cell("below_pct"), "below_pct"), True),
            Shown("Waarom", "Why", text_cell("reason")),
        ),
    ),
    "composition": Layout(
        "Adviesvragen bij Helpwanted naar onderwerp; verandering ten opzichte van het jaar ervoor",
        "Requests for advice at Helpwanted by subject; change on the year before",
        (
            Shown("Onderwerp", "Subject", text_cell("subject")),
            Shown("Jaar", "Year", whole_cell("year")),
            Shown("Aantal", "Count", number_cell("count"), True),
            Shown("Aandeel in procent (marge)", "Share in percent (margin)", interval_cell("share", "lower", "upper"), True),
            Shown("Aandeel, procentpunt", "Share, percentage points", known(number_cell("change_pp", 1), "change_pp"), True),
            Shown("Aantal, procent", "Count, percent", known(number_cell("change_count", 1), "change_count"), True),
            Shown("Jaartotaal", "Total of the year", text_cell("basis")),
        ),
    ),
    "forecast": Layout(
        "Het jaar na het laatste cijfer, als melden en registreren doorgaan zoals voorheen",
        "The year after the last figure, if reporting and registering go on as before",
        (
            Shown("Reeks", "Series", counted_cell),
            Shown("Jaar", "Year", whole_cell("year")),
            Shown("Verwacht (marge)", "Expected (margin)", count_cell("mean", "lower", "upper"), True),
            Shown("Manier", "Method", text_cell("method_code")),
            Shown("Proef op eerdere jaren: binnen de marge (%)", "Test on earlier years: within the margin (%)", number_cell("backtest_coverage"), True),
            Shown("Aantal proefjaren", "Years tested", whole_cell("origins"), True),
            Shown("Fout, vergeleken met het jaar herhalen", "Error, compared with repeating the year", known(number_cell("mae_ratio_to_naive", 2), "mae_ratio_to_naive"), True),
            Shown("Zelfde definitie", "Same definition", text_cell("definition_same")),
        ),
    ),
    "trend_events": Layout(
        "Wat er om de tellingen heen gebeurde; elk met het document dat het noemt",
        "What happened around the counts; each with the document that mentions it",
        (
            Shown("Wat", "What", lambda row, language: str(row[language])),
            Shown("Soort", "Kind", text_cell("kind")),
            Shown("Van", "From", day_cell("start")),
            Shown("Tot en met", "To", day_cell("end")),
            Shown("Document", "Document", text_cell("document")),
            Shown("Plaats", "Place", text_cell("locator")),
        ),
    ),
    "its_fit": Layout(
        "Model van de maandreeks, op de logaritmische schaal",
        "Model of the monthly series, on the logarithmic scale",
        (
            Shown("Term", "Term", text_cell("term")),
            Shown("Schatting", "Estimate", number_cell("estimate", 4), True),
            Shown("Standaardfout", "Standard error", number_cell("se", 4), True),
            Shown("Verhouding", "Ratio", number_cell("rr", 3), True),
        ),
    ),
    "its_diagnostics": Layout(
        "Hoe het model past, en welke sprong het nog zou zien",
        "How the model fits, and which step it would still see",
        (
            Shown("Maanden ervoor", "Months before", whole_cell("n_pre"), True),
            Shown("Maanden erna", "Months after", whole_cell("n_post"), True),
            Shown("Schommeling (maal toeval)", "Variation (times chance)", number_cell("phi", 1), True),
            Shown("Samenhang van maand op maand", "Correlation from month to month", number_cell("rho1", 2), True),
            Shown("Ljung-Box p", "Ljung-Box p", p_cell("ljungbox_p"), True),
            Shown("Kleinste sprong die te zien is", "Smallest step that is seen", number_cell("detectable_rr", 2), True),
        ),
    ),
    "its_excess": Layout(
        "Meer of minder dan verwacht, per maand en opgeteld",
        "More or fewer than expected, by month and added up",
        (
            Shown("Maand", "Month", text_cell("month")),
            Shown("Geteld", "Counted", number_cell("observed"), True),
            Shown("Verwacht (marge)", "Expected (margin)", count_cell("expected", "lower", "upper"), True),
            Shown("Opgeteld verschil", "Difference added up", number_cell("cum_excess"), True),
        ),
    ),
    "its_placebo": Layout(
        "Dezelfde berekening op datums waarop niets bekends gebeurde",
        "The same computation at dates where nothing known happened",
        (
            Shown("Datum", "Date", text_cell("date")),
            Shown("Sprong (log)", "Step (log)", number_cell("delta", 3), True),
            Shown("t", "t", number_cell("t", 2), True),
            Shown("Echte datum", "True date", text_cell("is_true_date")),
        ),
    ),
    "its_sensitivity": Layout(
        "De sprong bij andere keuzes",
        "The step under other choices",
        (
            Shown("Keuze", "Choice", variant_cell),
            Shown("Verhouding (marge)", "Ratio (margin)", ratio_cell("rr", "lower", "upper"), True),
        ),
    ),
    "region_years": Layout(
        "De regio per jaar",
        "The region by year",
        (
            Shown("Jaar", "Year", whole_cell("year")),
            Shown("Geregistreerde misdrijven", "Registered offences", lambda row, language: word("suppressed", language) if row["suppressed"] else number_cell("count")(row, language), True),
            Shown("Verandering in procent (marge)", "Change in percent (margin)", percent_cell("change", "lower", "upper"), True),
        ),
    ),
    "region_funnel": Layout(
        "Alle regio's van dezelfde soort, op volgorde van hun code: geen ranglijst",
        "All regions of the same kind, in the order of their codes: not a ranking",
        (
            Shown("Regio", "Region", text_cell("name")),
            Shown("Geregistreerde misdrijven", "Registered offences", lambda row, language: word("suppressed", language) if row["suppressed"] else number_cell("count")(row, language), True),
            Shown("Per 100.000", "Per 100,000", known(number_cell("rate"), "rate"), True),
            Shown("Gewoon verschil", "Ordinary difference", interval_cell("", "low998", "high998"), True),
            Shown("Erbuiten", "Outside", text_cell("outside")),
        ),
    ),
}  # fmt: skip
