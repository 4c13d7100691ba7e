"""Tables for readers: what a scenario asks, and how much hangs on which assumption."""

from __future__ import annotations

from typing import Any

from osw_stats.report.cells import (
    in_language_cell,
    number_cell,
    or_dash,
    posts_cell,
    share_percent_cell,
    sized_cell,
    text_cell,
    word_cell,
)
from osw_stats.report.language import number
from osw_stats.report.tables import Layout, Shown
from osw_stats.report.words import WORDS, word


def _variant(row: dict[str, Any], language: str) -> str:
    kind = "scenario" if row["scenario"] in WORDS["scenario"] else "parameter"  # one of them changes
    name = word(kind, row["scenario"], language)
    return name if row["primary"] else f"{name}: {word('size', row['level'], language)}"


def _value(level: str) -> Any:
    """Show a value of an assumption; shares in percent, money in whole euros."""

    def cell(row: dict[str, Any], language: str) -> str:
        if row["unit"] == "share":
            percent = sized_cell("value")({"value": 100 * row[level]}, language)
            return f"{percent}%"
        if str(row["unit"]).startswith("eur"):
            return f"€\N{NO-BREAK SPACE}{number(row[level], language)}"
        return sized_cell(level)(row, language)

    return cell


def _parameter_value(level: str) -> Any:
    """Show an end of a bar of the tornado in the unit of its assumption."""
    return lambda row, language: _value(level)(
        row | {"unit": "share" if str(row["parameter"]).endswith("_share") else ""}, language
    )


def _amount(name: str, places: int = 1) -> Any:
    """Show fte, or euros in millions, as the row counts."""

    def cell(row: dict[str, Any], language: str) -> str:
        if row["unit"] == "eur":
            return f"€\N{NO-BREAK SPACE}{number(row[name] / 1e6, language, places + 1)}\N{NO-BREAK SPACE}{'mln' if language == 'nl' else 'm'}"
        return number(row[name], language, places)

    return cell


ASSUMPTIONS = (
    Shown("Aanname", "Assumption", word_cell("parameter")),
    Shown("Laag", "Low", _value("low"), True),
    Shown("Midden", "Middle", _value("mid"), True),
    Shown("Hoog", "High", _value("high"), True),
    Shown("Zekerheid", "Grade", text_cell("grade")),
    Shown("Reden", "Reason", in_language_cell("reason")),
)
FTE_NEEDED = (
    Shown("Fte nodig, zonder ruimte", "Fte needed, no slack", number_cell("fte_break_even", 1), True),
    Shown("Fte nodig, met ruimte", "Fte needed, with slack", number_cell("fte_at_target", 1), True),
)
LAYOUTS: dict[str, Layout] = {
    "cap_parameters": Layout(
        "De aannamen van het scenario, met reden; A is een telling, C een aanname van dit project",
        "The assumptions of the scenario, with their reason; A is a count, C an assumption of this project",
        ASSUMPTIONS,
    ),
    "cap_scenarios": Layout(
        "Wat het scenario vraagt, als één aanname verandert: fte, gebruik en achterstand (zaken)",
        "What the scenario asks when one assumption changes: fte, use and backlog (cases)",
        (
            Shown("Wat verandert", "What changes", _variant),
            Shown("Zaken per jaar", "Cases a year", number_cell("lambda"), True),
            *FTE_NEEDED,
            Shown("Gebruik van de aangenomen fte", "Use of the fte assumed", share_percent_cell("utilisation"), True),
            Shown("Wachten (maanden)", "Wait (months)", or_dash(number_cell("wq_months", 1), "wq_months"), True),
            Shown("Achterstand na één jaar", "Backlog after one year", number_cell("backlog_y1"), True),
            Shown("Na vijf jaar", "After five years", number_cell("backlog_y5"), True),
            Shown("Oordeel", "Verdict", word_cell("status", "queue")),
        ),
    ),
    "cap_queue": Layout(
        "Wachten met hele banen, bij weinig, gewone en sterke golven",
        "Waiting with whole posts, with few, some and strong bursts",
        (
            Shown("Banen", "Posts", number_cell("posts"), True),
            Shown("Golven", "Bursts", word_cell("bursts", "size")),
            Shown("Gebruik", "Use", share_percent_cell("utilisation"), True),
            Shown("Kans op wachten", "Chance of waiting", or_dash(share_percent_cell("p_wait"), "p_wait"), True),
            Shown("Wachten (maanden)", "Wait (months)", or_dash(number_cell("wq_months", 1), "wq_months"), True),
            Shown("Wachten en werk (maanden)", "Wait and work (months)", or_dash(number_cell("w_months", 1), "w_months"), True),
        ),
    ),
    "cap_mc": Layout(
        "Als alle aannamen tegelijk variëren: van tien trekkingen liggen er acht tussen 10% en 90%",
        "When all assumptions vary at once: of ten draws, eight lie between 10% and 90%",
        (
            Shown("Wat", "What", word_cell("quantity")),
            Shown("Hoe getrokken", "How drawn", word_cell("variant", "drawn")),
            Shown("10%", "10%", _amount("q10"), True),
            Shown("Middelste", "Middle", _amount("q50"), True),
            Shown("90%", "90%", _amount("q90"), True),
            Shown("Fout door trekken", "Error of drawing", _amount("mc_se", 2), True),
        ),
    ),
    "cap_exceed": Layout(
        "In hoeveel van de trekkingen meer fte nodig is dan er zijn",
        "In how many of the draws more fte are needed than there are",
        (
            Shown("Fte, aangenomen", "Fte assumed", posts_cell("fte_available"), True),
            Shown("Procent van de trekkingen", "Percent of draws", number_cell("probability"), True),
        ),
    ),
    "cap_tornado": Layout(
        "Hoeveel de uitkomst aan elke aanname hangt (fte, zonder ruimte)",
        "How much the outcome hangs on each assumption (fte, no slack)",
        (
            Shown("Aanname", "Assumption", word_cell("parameter")),
            Shown("Laag", "Low", _parameter_value("low"), True),
            Shown("Hoog", "High", _parameter_value("high"), True),
            Shown("Fte bij laag", "Fte at low", number_cell("fte_low", 1), True),
            Shown("Fte bij hoog", "Fte at high", number_cell("fte_high", 1), True),
            Shown("Verschil", "Swing", number_cell("swing", 1), True),
            Shown("Deel van de spreiding (procent)", "Share of the spread (percent)", number_cell("first_order"), True),
        ),
    ),
    "cap_break_even": Layout(
        "Welk deel van de meldingen die in aanmerking komen een zaak kan worden voordat alle fte vol zijn",
        "Which share of eligible reports can become a case before all fte are full",
        (
            Shown("Uren per zaak", "Hours per case", number_cell("hours"), True),
            Shown("Fte, aangenomen", "Fte assumed", posts_cell("fte_available"), True),
            Shown("Deel (procent)", "Share (percent)", number_cell("referral_share", 1), True),
        ),
    ),
    "cap_fan": Layout(
        "Achterstand aan het eind van elk jaar (zaken), bij weinig, gewoon en veel fte",
        "Backlog at the end of each year (cases), with few, some and many fte",
        (
            Shown("Fte, aangenomen", "Fte assumed", posts_cell("fte_available"), True),
            Shown("Jaar", "Year", number_cell("year"), True),
            Shown("10%", "10%", number_cell("q10"), True),
            Shown("Middelste", "Middle", number_cell("q50"), True),
            Shown("90%", "90%", number_cell("q90"), True),
        ),
    ),
    "cap_supervision": Layout(
        "Systeemtoezicht: platforms controleren in plaats van op meldingen wachten",
        "System supervision: auditing platforms instead of waiting for reports",
        (
            Shown("Wat verandert", "What changes", _variant),
            Shown("Controles per jaar", "Audits a year", number_cell("lambda"), True),
            *FTE_NEEDED,
        ),
    ),
    "cap_supervision_parameters": Layout(
        "De aannamen van systeemtoezicht, met reden",
        "The assumptions of system supervision, with their reason",
        ASSUMPTIONS,
    ),
}  # fmt: skip
