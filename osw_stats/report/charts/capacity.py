"""What is funded and what is needed, side by side."""

from __future__ import annotations

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
from osw_stats.report.language import decimals, number
from osw_stats.report.words import word
from osw_stats.vocabulary.authorities import AUTHORITIES
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.rounding import half_up


@two_widths
def gap(gaps: pd.DataFrame, listed: int, for_subject: int, language: str) -> Chart:
    """Draw a dumbbell a body: funded, needed, and the range the wording of the need leaves.

    `listed` is of how many bodies it was looked for, `for_subject` how many of them published fte for online
    sexual violence alone.
    """
    nl = language == "nl"

    def fte(value: float, row: dict[str, Any] | None = None) -> str:
        """Write posts; growth with its sign, since it is no total."""
        sign = "+" if row is not None and row["basis"] == "growth" else ""
        return sign + number(half_up(value, 1), language, decimals(value, "fte"))

    rows = records(gaps)
    require(rows, "body that published fte needed and granted")
    none = "geen" if nl else "none"
    short = sum(r["gap_lower"] > 0 for r in rows) or none
    title = (
        f"Fte voor online seksueel geweld alleen: in wat wij lazen gepubliceerd door {for_subject or none} van {listed} organisaties. "
        f"Fte nodig en gekregen voor een bredere taak: van {len(rows)}, bij {short} minder dan nodig"
        if nl
        else f"Fte for online sexual violence alone: in what we read, published by {for_subject or none} of {listed} bodies. "
        f"Fte needed and granted for a broader task: of {len(rows)}, for {short} fewer than needed"
    )
    subtitle = (
        "Voltijdbanen (fte). Met + ervoor: groei. Lichte band: speelruimte van woorden als “circa”"
        if nl
        else "Full-time posts (fte). With + before it: growth. Light band: range left open by words such as “about”"
    )
    figure, axes = canvas(0.75 * len(rows) + 0.5, title, subtitle, left=0.12)
    reach = 1.2 * max(max(r["need"], r["funded"] + r["gap_upper"], r["funded"]) for r in rows) or 1.0
    with style():
        for y, r in enumerate(rows):
            if r["gap_lower"] < r["gap_upper"]:
                ends = [r["funded"] + r["gap_lower"], r["funded"] + r["gap_upper"]]
                axes.plot(ends, [y, y], color=BAND, lw=11, solid_capstyle="butt", zorder=1)
            axes.plot([r["funded"], r["need"]], [y, y], color=GREY, lw=2, zorder=2)
            axes.plot(r["funded"], y, "s", color=TEAL, ms=9, zorder=3)
            axes.plot(r["need"], y, "o", color=OCHRE, ms=10, zorder=3)
            near = r["funded"] < 0.5 * reach  # too little room on its left for the words
            granted = word("concept", r["funded_concept"], language)
            for x, side, drop, label, colour in (
                (r["funded"], "left" if near else "right", -24 if near else -9, granted, TEAL),
                (r["need"], "left", -9, "nodig" if nl else "needed", OCHRE),
            ):
                axes.annotate(
                    f"{label} {fte(x, r)}", (x, y), (0, drop), textcoords="offset points",
                    ha=side, va="top", color=colour, fontsize=10,
                )  # fmt: skip
            axes.annotate(
                f"{_gap_word(r, language)} {fte(abs(r['gap']))}", ((r["funded"] + r["need"]) / 2, y),
                (0, 11), textcoords="offset points", ha="center", fontweight="bold",
            )  # fmt: skip
        axes.set_yticks(range(len(rows)), [getattr(AUTHORITIES[r["body"]], language) for r in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(0, reach)
        axes.set_xlabel("fte")
        axes.grid(axis="y", visible=False)
        axes.tick_params(length=0)
    named = ", ".join(getattr(AUTHORITIES[r["body"]], language) for r in rows)
    source_line(
        figure,
        f"Bron: {named} en ministeries" if nl else f"Source: {named} and ministries",
    )
    told = "; ".join(
        f"{getattr(AUTHORITIES[r['body']], language)}: {word('concept', r['funded_concept'], language)} {fte(r['funded'], r)}, "
        f"{'nodig' if nl else 'needed'} {fte(r['need'], r)}, {_gap_word(r, language)} {fte(abs(r['gap']))}"
        for r in rows
    )
    alt = (f"Per organisatie twee punten met een lijn, in fte. {told}." if nl else f"Two points with a line for each authority, in fte. {told}.")  # fmt: skip
    caption = (
        "Fte die nodig waren volgens de organisatie zelf, en fte waarvoor geld of steun kwam"
        if nl
        else "Fte needed according to the authority itself, and fte that were funded or supported"
    )
    return Chart(figure, caption, alt)


def _gap_word(row: dict[str, Any], language: str) -> str:
    """Return what the difference between need and means is: a gap, or more than was asked for."""
    return word("gap", "more_than_needed" if row["gap"] < 0 else "gap", language)
