"""Tables for readers: what authorities have and need."""

from __future__ import annotations

from osw_stats.report.cells import interval_cell, number_cell, posts_cell, series_cell, text_cell
from osw_stats.report.tables import Layout, Shown

LAYOUTS: dict[str, Layout] = {
    "cap_gap": Layout(
        "Fte die een toezichthouder zegt nodig te hebben, en fte waarvoor geld of steun is",
        "Fte an authority says it needs, and fte that are funded or supported",
        (
            Shown("Organisatie", "Body", text_cell("body")),
            Shown("Nodig (fte)", "Needed (fte)", posts_cell("need"), True),
            Shown("Daarvan geregeld (fte)", "Of which arranged (fte)", posts_cell("funded"), True),
            Shown("Hoe geregeld", "How arranged", text_cell("funded_concept")),
            Shown("Verschil (fte)", "Gap (fte)", interval_cell("gap", "gap_lower", "gap_upper"), True),
            Shown("Verschil (procent van nodig)", "Gap (percent of need)", number_cell("gap_pct", 1), True),
            Shown("Jaren gemengd", "Years mixed", text_cell("years_mixed")),
        ),
    ),
    "cap_fte": Layout(
        "Alle gepubliceerde fte, naar begrip; bezet, formatie en nodig zijn niet hetzelfde",
        "All published fte, by concept; occupied, formation and needed are not the same",
        (
            Shown("Reeks", "Series", series_cell),
            Shown("Begrip", "Concept", text_cell("concept")),
            Shown("Jaar", "Year", text_cell("date")),
            Shown("Fte", "Fte", posts_cell("fte"), True),
        ),
    ),
}  # fmt: skip
