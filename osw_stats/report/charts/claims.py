"""What a report says against what its own figures give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from osw_stats.report.charts.style import (
    BAND,
    GREY,
    OCHRE,
    TEAL,
    Chart,
    canvas,
    require,
    source_line,
    style,
    two_widths,
)
from osw_stats.report.language import filled, number
from osw_stats.report.words import word
from osw_stats.vocabulary.observations import records

# a year over a year is no ratio of sizes
NO_RATIO = ("calendar_years", "calendar_months", "articles", "pages", "paragraphs")
FEWEST = 3  # a chart of fewer points says no more than the table
LABEL = 32  # characters that have room beside the axis
MARKS = {
    "reproduced": ("o", TEAL),
    "consistent_within_rounding": ("s", TEAL),
    "inconsistent": ("X", OCHRE),
    "not_demonstrated": ("D", GREY),
}


def drawable(result: pd.DataFrame) -> pd.DataFrame:
    """Return the claims that have a place on a ratio scale and are not one exact number on both sides."""
    numbers = ["reported_lower", "reported_upper", "recomputed_lower", "recomputed_upper"]
    positive = result[numbers].gt(0).all(axis=1)
    spread = (result["reported_upper"] > result["reported_lower"]) | (
        result["recomputed_upper"] > result["recomputed_lower"]
    )
    wanted = positive & (spread | result["verdict"].eq("inconsistent")) & result["verdict"].isin(list(MARKS))
    # no ratio of unlike units, and no number that the report does not print
    alike = result["verdict"].ne("unit_differs") & result["counted_as"].eq("statement")
    return result[wanted & alike & ~result["unit"].isin(NO_RATIO)]


def chapter_name(chapter: str, language: str) -> str:
    """Return "Hoofdstuk 4", or the name of the annexes.

    Examples
    --------
    >>> chapter_name("4", "nl"), chapter_name("annex", "en")
    ('Hoofdstuk 4', 'Contents and annexes')
    """
    annex = chapter == "annex"
    name = word("place", "annex", language) if annex else f"{word('place', 'chapter', language)} {chapter}"
    return name[0].upper() + name[1:]


@two_widths
def forest(result: pd.DataFrame, document: Mapping[str, str], language: str) -> Chart:
    """Draw the recomputed value over the middle of the reported interval, one row a claim.

    Parameters
    ----------
    result
        Rows of `claims_result`, of one chapter.
    document
        The report, named by language.
    """
    nl = language == "nl"
    where = chapter_name(str(result["chapter"].iloc[0]), language)
    rows = records(drawable(result))
    require(rows, "recomputed number with a place on a ratio scale")
    widest = 1.05 * _widest(rows)
    wrong = sum(r["verdict"] == "inconsistent" for r in rows)
    title = (
        "{where}: {a} van {b} [b:nagerekend getal|nagerekende getallen] [a:past|passen] niet bij de cijfers"
        if nl
        else "{where}: {a} of {b} recomputed [b:number|numbers] [a:does|do] not fit the figures"
    )
    title = filled(title, where=where, a=wrong, b=len(rows))
    subtitle = (
        "Uitkomst gedeeld door wat het rapport zegt; 1 is gelijk. Band: speelruimte van de woorden van het rapport. "
        "Streep: speelruimte van de uitkomst. Kruis: past niet. Ruit: niet aangetoond. Wat exact klopt, staat alleen in de tabel"
        if nl
        else "Result divided by what the report says; 1 is equal. Band: range of the words of the report. "
        "Line: range of the result. Cross: does not fit. Diamond: not demonstrated. What fits exactly stands in the table only"
    )
    figure, axes = canvas(0.36 * len(rows) + 0.4, title, subtitle, left=0.36)
    with style():
        axes.axvline(1, color=GREY, lw=1)
        for y, r in enumerate(rows):
            middle = (r["reported_lower"] + r["reported_upper"]) / 2
            marker, colour = MARKS[r["verdict"]]
            told = [r["reported_lower"] / middle, r["reported_upper"] / middle]
            axes.plot(told, [y, y], color=BAND, lw=9, solid_capstyle="butt", zorder=1)
            found = [r["recomputed_lower"] / middle, r["recomputed_upper"] / middle]
            axes.plot(found, [y, y], color=colour, lw=1.6, zorder=2)
            axes.plot(r["recomputed_value"] / middle, y, marker, color=colour, ms=8, zorder=3)
        labels = [_short(f"{r['paragraph']}  {r['text'] or r[f'description_{language}']}") for r in rows]
        axes.set_yticks(range(len(rows)), labels, fontsize=9)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xscale("log")
        axes.set_xlim(1 / widest, widest)
        ticks = _ticks(widest)
        axes.set_xticks(ticks, [number(t, language, 2 if t in (0.65, 1.25) else 1) for t in ticks])
        axes.minorticks_off()
        axes.grid(axis="y", visible=False)
        axes.tick_params(length=0)
    source_line(
        figure,
        f"Bron: {document['nl']}, nagerekend door osw_stats"
        if nl
        else f"Source: {document['en']}, recomputed by osw_stats",
    )
    outside = "; ".join(
        f"{r['paragraph']} “{r['text'] or r[f'description_{language}']}”"
        for r in rows
        if r["verdict"] == "inconsistent"
    )
    alt = (
        filled("Punten rond de lijn 1 voor {n} [n:bewering|beweringen].", n=len(rows))
        + f" Niet passend: {outside or 'geen'}."
        if nl
        else filled("Points around the line 1 for {n} [n:statement|statements].", n=len(rows))
        + f" Not fitting: {outside or 'none'}."
    )
    caption = (
        f"{where}: beweringen van het rapport naast wat de cijfers geven"
        if nl
        else f"{where}: statements of the report beside what the figures give"
    )
    return Chart(figure, caption, alt)


def _short(text: str) -> str:
    return text if len(text) <= LABEL else text[: LABEL - 1].rstrip() + "…"


def _ticks(widest: float) -> list[float]:
    """Return ratios to mark on the axis: the closer it looks, the finer."""
    fine = (0.8, 0.9, 1, 1.1, 1.25)
    middle = (0.5, 0.65, 0.8, 1, 1.25, 1.5, 2)
    wide = (0.1, 0.2, 0.5, 1, 2, 5, 10)
    chosen = fine if widest < 1.4 else middle if widest < 3 else wide
    return [t for t in chosen if 1 / widest <= t <= widest]


def _widest(rows: list[dict[str, Any]]) -> float:
    """Return how far from 1 any ratio reaches, on a log scale; the axis holds all of them."""
    ratios: list[float] = [
        r[end] / ((r["reported_lower"] + r["reported_upper"]) / 2)
        for r in rows
        for end in ("recomputed_lower", "recomputed_upper", "reported_lower", "reported_upper")
    ]
    return max(max(x, 1 / x) for x in ratios if x > 0)
