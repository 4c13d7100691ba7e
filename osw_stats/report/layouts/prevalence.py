"""Tables for readers: how common it is."""

from __future__ import annotations

from osw_stats.report.cells import group_cell, interval_cell, number_cell, text_cell
from osw_stats.report.tables import Layout, Shown

LAYOUTS: dict[str, Layout] = {
    "prev_estimates": Layout(
        "Online seksuele intimidatie in twaalf maanden, in procent van de groep, met interval",
        "Online sexual harassment in twelve months, in percent of the group, with interval",
        (
            Shown("Groep", "Group", group_cell),
            Shown("Ronde", "Wave", text_cell("wave")),
            Shown("Procent (interval)", "Percent (interval)", interval_cell("pct", "lower", "upper"), True),
            Shown("Soort interval", "Kind of interval", text_cell("source_of_interval")),
            Shown("Deelnemers", "Respondents", number_cell("n"), True),
        ),
    ),
}  # fmt: skip
