"""Tables of the notebook on trends: yearly counts."""

from __future__ import annotations

from osw_stats.report.cells import (
    interval_cell,
    number_cell,
    p_cell,
    series_cell,
    text_cell,
    truth_cell,
    word_cell,
)
from osw_stats.report.tables import Layout, Shown
from osw_stats.report.trend_cells import (
    codes_cell,
    count_cell,
    counted_cell,
    counts_cell,
    day_cell,
    half_year_cell,
    known,
    note_cell,
    or_reason,
    percent_cell,
    period_cell,
    remark_cell,
    unit_cell,
    whole_cell,
    years_cell,
)

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
            Shown("Aanname", "Assumption", word_cell("variant", "phi")),
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
            Shown("Wat niet", "What", codes_cell("analysis")),
            Shown("Waarom", "Why", word_cell("reason", "refused")),
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
    "trend_half_year_counts": Layout(
        "Meldingen bij de politie in halve jaren waarvan het aantal precies bekend is",
        "Reports to the police in half years of which the count is exactly known",
        (
            Shown("Halfjaar", "Half year", period_cell("period")),
            Shown("Meldingen", "Reports", number_cell("count"), True),
            Shown("Verandering op het halfjaar ervoor, in procent", "Change on the half year before, in percent", known(number_cell("change", 1), "change"), True),
            Shown("Aantal", "Count", word_cell("basis")),
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
            Shown("Waarom", "Why", word_cell("reason", "reconciliation")),
        ),
    ),
    "composition": Layout(
        "Adviesvragen bij Helpwanted naar onderwerp; verandering ten opzichte van het jaar ervoor",
        "Requests for advice at Helpwanted by subject; change on the year before",
        (
            Shown("Onderwerp", "Subject", word_cell("subject")),
            Shown("Jaar", "Year", whole_cell("year")),
            Shown("Aantal", "Count", number_cell("count"), True),
            Shown("Aandeel in procent (marge)", "Share in percent (margin)", interval_cell("share", "lower", "upper"), True),
            Shown("Aandeel, procentpunt", "Share, percentage points", known(number_cell("change_pp", 1), "change_pp"), True),
            Shown("Aantal, procent", "Count, percent", known(number_cell("change_count", 1), "change_count"), True),
            Shown("Jaartotaal", "Total of the year", word_cell("basis")),
        ),
    ),
    "forecast": Layout(
        "Het jaar na het laatste cijfer, als melden en registreren doorgaan zoals voorheen",
        "The year after the last figure, if reporting and registering go on as before",
        (
            Shown("Reeks", "Series", counted_cell),
            Shown("Jaar", "Year", whole_cell("year")),
            Shown("Verwacht (marge)", "Expected (margin)", count_cell("mean", "lower", "upper"), True),
            Shown("Manier", "Method", word_cell("method_code", "method")),
            Shown("Proef op eerdere jaren: binnen de marge (%)", "Test on earlier years: within the margin (%)", number_cell("backtest_coverage"), True),
            Shown("Aantal proefjaren", "Years tested", whole_cell("origins"), True),
            Shown("Fout van de lijn, vergeleken met het jaar herhalen", "Error of the line, compared with repeating the year", or_reason(number_cell("mae_ratio_to_naive", 2), "mae_ratio_to_naive"), True),
            Shown("Zelfde definitie", "Same definition", truth_cell("definition_same")),
        ),
    ),
    "trend_events": Layout(
        "Wat er om de tellingen heen gebeurde; elk met het document dat het noemt",
        "What happened around the counts; each with the document that mentions it",
        (
            Shown("Wat", "What", lambda row, language: str(row[language])),
            Shown("Soort", "Kind", word_cell("kind", "event")),
            Shown("Van", "From", day_cell("start")),
            Shown("Tot en met", "To", day_cell("end")),
            Shown("Document", "Document", text_cell("document")),
            Shown("Plaats", "Place", text_cell("locator")),
        ),
    ),
}  # fmt: skip
