"""What a scenario asks: which assumption matters most, where the posts are full, how a backlog grows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter, NullLocator
from numpy.typing import NDArray

from osw_stats.report.charts.style import (
    BAND,
    GREY,
    GRID,
    INK,
    OCHRE,
    TEAL,
    Chart,
    canvas,
    phone,
    require,
    source_line,
    style,
    two_widths,
)
from osw_stats.report.language import number
from osw_stats.report.words import word
from osw_stats.vocabulary.observations import records

SOURCE = {
    "nl": "Bron: berekening van osw_stats met de aannamen in de tabel; geen voorspelling",
    "en": "Source: computed by osw_stats from the assumptions in the table; not a forecast",
}


def _shown(value: float, unit: str, language: str) -> str:
    """Write an end of a range: a share in percent, other values with few digits."""
    if unit.endswith("_share"):
        return f"{number(100 * value, language, 0 if value >= 0.1 else 1).removesuffix(',0').removesuffix('.0')}%"
    return number(value, language, 0 if value >= 10 else 1)


@two_widths
def tornado(table: pd.DataFrame, language: str) -> Chart:
    """Draw a bar an assumption: the posts needed at its low and high end, the widest on top."""
    nl = language == "nl"
    rows = records(table)
    require(rows, "assumption that varies")
    mid, widest = rows[0]["fte_mid"], word("parameter", rows[0]["parameter"], language)
    title = (
        f"Scenario: het meest hangt af van {widest}" if nl else f"Scenario: most hangs on {widest}"
    )  # fmt: skip
    subtitle = (
        f"Fte nodig zonder ruimte, als één aanname verandert en de rest in het midden blijft ({number(mid, language, 1)} fte). "
        "Bij elk uiteinde staat de waarde van de aanname"
        if nl
        else f"Fte needed without slack when one assumption changes and the rest stays in the middle ({number(mid, language, 1)} fte). "
        "At each end stands the value of the assumption"
    )
    figure, axes = canvas(0.62 * len(rows) + 0.3, title, subtitle, left=0.35)
    with style():
        for y, r in enumerate(rows):
            for level, colour in (("low", GREY), ("high", OCHRE if y == 0 else TEAL)):
                end = r[f"fte_{level}"]
                axes.barh(y, end - mid, left=mid, height=0.5, color=colour, zorder=2)
                outward = 1 if end >= mid else -1
                axes.annotate(
                    _shown(r[level], r["parameter"], language), (end, y), (5 * outward, 0), textcoords="offset points",
                    ha="left" if outward > 0 else "right", va="center", fontsize=9.5,
                )  # fmt: skip
        axes.axvline(mid, color=INK, lw=1.2, zorder=3)
        axes.set_yticks(range(len(rows)), [word("parameter", r["parameter"], language) for r in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        reach = max(max(r["fte_low"], r["fte_high"]) for r in rows)
        axes.set_xlim(0, 1.12 * reach)
        axes.set_xlabel("fte")
        axes.grid(axis="y", visible=False)
        axes.tick_params(axis="y", length=0)
    source_line(figure, SOURCE[language])
    told = "; ".join(
        f"{word('parameter', r['parameter'], language)}: {number(min(r['fte_low'], r['fte_high']), language, 1)}–{number(max(r['fte_low'], r['fte_high']), language, 1)} fte"
        for r in rows
    )
    alt = (
        f"Liggende balken rond {number(mid, language, 1)} fte, de breedste boven. {told}."
        if nl
        else f"Horizontal bars around {number(mid, language, 1)} fte, the widest on top. {told}."
    )
    caption = (
        "Hoeveel de uitkomst aan elke aanname hangt"
        if nl
        else "How much the outcome hangs on each assumption"
    )
    return Chart(figure, caption, alt)


@two_widths
def break_even(
    share: NDArray[np.float64],
    hours: NDArray[np.float64],
    posts: NDArray[np.float64],
    available: float,
    language: str,
) -> Chart:
    """Draw lines of equal posts over referral share × hours; the line of the posts there are is heavy."""
    nl = language == "nl"
    has = number(available, language, 0 if available == int(available) else 1)
    title = (
        f"Scenario: waar {has} fte vol zijn. Links onder de lijn is er ruimte, rechts erboven niet"
        if nl
        else f"Scenario: where {has} fte are full. Below the line there is room, above it there is not"
    )
    subtitle = (
        "Fte nodig zonder ruimte, bij elk deel dat een zaak wordt en elk aantal uren per zaak. Assen in verhouding"
        if nl
        else "Fte needed without slack, for each share that becomes a case and each number of hours per case. Axes by ratio"
    )
    figure, axes = canvas(3.4, title, subtitle, left=0.11)
    levels = sorted({available, *(available * f for f in (0.25, 0.5, 2, 4))})
    with style():
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.contourf(100 * share, hours, posts, levels=[0, available], colors=[BAND], zorder=0)
        lines = axes.contour(
            100 * share, hours, posts, levels=levels,
            colors=[OCHRE if level == available else GREY for level in levels],
            linewidths=[2.6 if level == available else 1.2 for level in levels],
            linestyles=["-" if level == available else "--" for level in levels],
        )  # fmt: skip
        _label_lines(axes, lines, language)
        percent = [p for p in (1, 2, 3, 5, 10, 20) if 100 * share[0] <= p <= 100 * share[-1]]
        effort = [h for h in (30, 60, 90, 120, 180, 240, 480) if hours[0] <= h <= hours[-1]]
        for axis, ticks in ((axes.xaxis, percent), (axes.yaxis, effort)):
            axis.set_ticks(ticks)
            axis.set_major_formatter(FuncFormatter(lambda v, _: number(v, language)))
            axis.set_minor_locator(NullLocator())
        axes.set_xlabel("deel dat een zaak wordt (procent)" if nl else "share that becomes a case (percent)")
        axes.set_ylabel("uren per zaak" if nl else "hours per case")
        axes.grid(color=GRID)
    source_line(figure, SOURCE[language])
    corners = [number(float(posts[i, j]), language, 1) for i, j in ((0, 0), (-1, -1))]
    alt = (
        f"Lijnen van gelijke fte. Bij {number(100 * share[0], language, 1)} procent en {number(hours[0], language)} uur zijn {corners[0]} fte nodig, "
        f"bij {number(100 * share[-1], language, 1)} procent en {number(hours[-1], language)} uur {corners[1]}. Een dikke lijn toont waar {has} fte precies vol zijn."
        if nl
        else f"Lines of equal fte. At {number(100 * share[0], language, 1)} percent and {number(hours[0], language)} hours {corners[0]} fte are needed, "
        f"at {number(100 * share[-1], language, 1)} percent and {number(hours[-1], language)} hours {corners[1]}. A heavy line shows where {has} fte are exactly full."
    )
    caption = (
        "Fte nodig, naar deel dat een zaak wordt en uren per zaak"
        if nl
        else "Fte needed, by share that becomes a case and hours per case"
    )
    return Chart(figure, caption, alt)


def _label_lines(axes, lines, language: str) -> None:  # type: ignore[no-untyped-def]
    """Write the posts on each line, where it leaves the middle of the picture."""
    axes.clabel(
        lines, fmt=lambda v: f"{number(v, language, 0 if v == int(v) else 1)} fte", fontsize=10, inline=True
    )


@two_widths
def fan(table: pd.DataFrame, language: str) -> Chart:
    """Draw the backlog over the years, one panel for each number of posts: middle and 10 to 90 percent band."""
    nl = language == "nl"
    panels = [records(rows) for _, rows in table.groupby("fte_available", sort=True)]
    require(panels, "backlog")
    # a backlog that shrinks does not grow, though it may last
    steady = [p for p in panels if p[-1]["q50"] < 1 or p[-1]["q50"] <= p[0]["q50"]]
    least = number(steady[0][0]["fte_available"], language) if steady else ""
    title = (
        (f"Scenario: met {least} fte groeit de achterstand in de middelste uitkomst niet" if steady else "Scenario: de achterstand groeit in elke berekende situatie")
        if nl
        else (f"Scenario: with {least} fte the backlog does not grow in the middle outcome" if steady else "Scenario: the backlog grows in every situation computed")
    )  # fmt: skip
    subtitle = (
        "Zaken die wachten aan het eind van elk jaar. Lijn: middelste uitkomst. Band: tien tot negentig procent van de trekkingen"
        if nl
        else "Cases waiting at the end of each year. Line: middle outcome. Band: ten to ninety percent of the draws"
    )
    down = phone()  # under one another instead of side by side
    figure, whole = canvas(1.9 * len(panels) if down else 2.5, title, subtitle, left=0.2 if down else 0.09)
    box = whole.get_position()
    whole.remove()
    top = max(r["q90"] for p in panels for r in p) or 1.0
    gap, width = 0.03, (box.width - 0.03 * (len(panels) - 1)) / len(panels)
    with style():
        for at, rows in enumerate(panels):
            place = (box.x0 + at * (width + gap), box.y0, width, box.height * 0.88)
            if down:
                slot = box.height / len(panels)
                place = (box.x0, box.y1 - (at + 0.85) * slot, box.width, slot * 0.62)
            axes = figure.add_axes(place)
            years = [r["year"] for r in rows]
            axes.fill_between(years, [r["q10"] for r in rows], [r["q90"] for r in rows], color=BAND, lw=0)
            axes.plot(years, [r["q50"] for r in rows], color=TEAL, lw=2.4, marker="o", ms=4)
            last = rows[-1]
            for name, colour in (("q90", GREY), ("q50", TEAL)):
                if last[name] > 0.04 * top:  # a label on the floor would hide the axis
                    axes.annotate(
                        number(last[name], language), (years[-1], last[name]), (-4, 6), textcoords="offset points",
                        ha="right", fontsize=10, color=colour, fontweight="bold" if name == "q50" else "normal",
                    )  # fmt: skip
            axes.set_title(f"{number(last['fte_available'], language)} fte", fontsize=11, loc="left")
            axes.set_ylim(0, 1.12 * top)
            axes.set_xticks(years)
            if not down or at == len(panels) - 1:
                axes.set_xlabel("jaar" if nl else "year")
            axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: number(v, language)))
            if at and not down:
                axes.tick_params(axis="y", labelleft=False, length=0)
    source_line(figure, SOURCE[language])
    told = "; ".join(
        f"{number(p[-1]['fte_available'], language)} fte: {number(p[-1]['q50'], language)} ({number(p[-1]['q10'], language)}–{number(p[-1]['q90'], language)})"
        for p in panels
    )
    alt = (
        f"{len(panels)} grafieken van de achterstand over {panels[0][-1]['year']} jaar. Zaken aan het eind, midden en band: {told}."
        if nl
        else f"{len(panels)} graphs of the backlog over {panels[0][-1]['year']} years. Cases at the end, middle and band: {told}."
    )
    caption = "Achterstand naar het aantal fte" if nl else "Backlog by the number of fte"
    return Chart(figure, caption, alt)
