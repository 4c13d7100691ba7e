"""Tables for readers: what changed."""

from __future__ import annotations

from osw_stats.report.cells import interval_cell, number_cell, series_cell, text_cell
from osw_stats.report.tables import Layout, Shown

LAYOUTS: dict[str, Layout] = {
    "trend_pairs": Layout(
        "Verandering van jaar op jaar, in procent, met de marge waarin gewone schommeling meetelt",
        "Change from year to year, in percent, with the margin that allows for ordinary variation",
        (
            Shown("Reeks", "Series", series_cell),
            Shown("Van", "From", text_cell("period0")),
            Shown("Naar", "To", text_cell("period1")),
            Shown("Aantal eerst", "Count before", number_cell("x0"), True),
            Shown("Aantal daarna", "Count after", number_cell("x1"), True),
            Shown("Verandering (marge)", "Change (margin)", interval_cell("change", "lower", "upper"), True),
            Shown("Zelfde definitie", "Same definition", text_cell("definition_same")),
        ),
    ),
    "trend_sensitivity": Layout(
        "Dezelfde verandering bij andere aannamen over de gewone schommeling",
        "The same change under other assumptions about ordinary variation",
        (
            Shown("Schommeling (maal Poisson)", "Variation (times Poisson)", number_cell("phi", 1), True),
            Shown("Verandering in procent (marge)", "Change in percent (margin)", interval_cell("change", "lower", "upper"), True),
        ),
    ),
}  # fmt: skip
