"""Tables for readers: statements of a report, recomputed."""

from __future__ import annotations

from typing import Any

from osw_stats.report.cells import interval_cell, text_cell
from osw_stats.report.tables import Layout, Shown
from osw_stats.vocabulary.units import UNITS


def _units(row: dict[str, Any], language: str) -> str:
    """Show the unit a report claims; and that of its figures where they count something else."""
    claimed = str(getattr(UNITS[row["unit"]], language))
    if row["formula_unit"] in ("", row["unit"]):
        return claimed
    counted = str(getattr(UNITS[row["formula_unit"]], language))
    return {"nl": f"{claimed}, maar geteld zijn {counted}", "en": f"{claimed}, but counted are {counted}"}[
        language
    ]


LAYOUTS: dict[str, Layout] = {
    "claims_result": Layout(
        "Beweringen van het rapport van maart 2025, nagerekend",
        "Statements of the report of March 2025, recomputed",
        (
            Shown("Paragraaf", "Paragraph", text_cell("paragraph")),
            Shown("Bewering", "Statement", lambda row, language: row[f"description_{language}"]),
            Shown("Woorden van het rapport", "Words of the report", text_cell("text")),
            Shown("Speelruimte van die woorden", "Range of those words", interval_cell("", "reported_lower", "reported_upper"), True),
            Shown("Volgt uit de cijfers", "Follows from the figures", interval_cell("recomputed_value", "recomputed_lower", "recomputed_upper"), True),
            Shown("Eenheid", "Unit", _units),
            Shown("Oordeel", "Verdict", text_cell("verdict")),
        ),
    ),
}  # fmt: skip
