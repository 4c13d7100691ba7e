"""Tables of the notebook on trends: a monthly series, and regions."""

from __future__ import annotations

from osw_stats.report.cells import number_cell, p_cell, text_cell, truth_cell, word_cell
from osw_stats.report.tables import Layout, Shown
from osw_stats.report.trend_cells import (
    change_or_why_cell,
    count_cell,
    known,
    range_cell,
    ratio_cell,
    small_count_cell,
    term_cell,
    variant_cell,
    whole_cell,
)

LAYOUTS = {
    "its_fit": Layout(
        "Model van de maandreeks, op de logaritmische schaal",
        "Model of the monthly series, on the logarithmic scale",
        (
            Shown("Term", "Term", term_cell),
            Shown("Schatting", "Estimate", number_cell("estimate", 4), True),
            Shown("Standaardfout", "Standard error", number_cell("se", 4), True),
            Shown("Verhouding (marge)", "Ratio (margin)", ratio_cell("rr", "rr_lower", "rr_upper", 3), True),
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
            Shown("Opgeteld verschil (marge)", "Difference added up (margin)", count_cell("cum_excess", "cum_lower", "cum_upper"), True),
        ),
    ),
    "its_placebo": Layout(
        "Dezelfde berekening op andere datums; wat bekend is van die tijd staat apart in het model",
        "The same computation at other dates; what is known of those times stands apart in the model",
        (
            Shown("Datum", "Date", text_cell("date")),
            Shown("Sprong (log)", "Step (log)", number_cell("delta", 3), True),
            Shown("t", "t", number_cell("t", 2), True),
            Shown("Echte datum", "True date", truth_cell("is_true_date")),
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
        "De regio per jaar. Niet getoond: kleine aantallen, en soms een groter aantal waaruit een klein zou volgen",
        "The region by year. Not shown: small counts, and sometimes a larger one from which a small one would follow",
        (
            Shown("Jaar", "Year", whole_cell("year")),
            Shown("Geregistreerde misdrijven", "Registered offences", small_count_cell, True),
            Shown("Verandering in procent (marge)", "Change in percent (margin)", change_or_why_cell, True),
        ),
    ),
    "region_funnel": Layout(
        "Alle regio's van dezelfde soort, op volgorde van hun code: geen ranglijst",
        "All regions of the same kind, in the order of their codes: not a ranking",
        (
            Shown("Regio", "Region", text_cell("name")),
            Shown("Geregistreerde misdrijven", "Registered offences", small_count_cell, True),
            Shown("Per 100.000", "Per 100,000", known(number_cell("rate"), "rate"), True),
            Shown("Gewoon verschil", "Ordinary difference", range_cell("low998", "high998"), True),
            Shown("Erbuiten", "Outside", word_cell("outside")),
        ),
    ),
}  # fmt: skip
