"""Results of a scenario: the assumptions that matter most, the break-even of posts, and the backlog."""

import numpy as np
import pandas as pd
from matplotlib.ticker import NullLocator
from numpy.typing import NDArray

from osw_stats.draw import BAND, GREY, GRID, INK, OCHRE, TEAL
from osw_stats.draw.forms import Look, Words, note, number_axis, panels, row_axis
from osw_stats.draw.style import Chart, phone, require, two_widths
from osw_stats.meaning.observations import records

Grid = NDArray[np.float64]
PERCENT = (1, 2, 3, 5, 10, 20)
HOURS = (30, 60, 90, 120, 180, 240, 480)


@two_widths
def tornado(table: pd.DataFrame, language: str) -> Chart:
    """Draw a bar an assumption: the posts needed at its low and high end, the widest on top."""
    rows = records(table)
    require(rows, "assumption that varies")
    middle = rows[0]["fte_mid"]
    say = Words(language, "scenario", "tornado", middle=middle)
    names = [say.word("parameter", r["parameter"]) for r in rows]
    figure, axes = say.canvas(0.62 * len(rows) + 0.3, left=0.35, widest=names[0])
    for y, r in enumerate(rows):
        for level, colour in (("low", GREY), ("high", OCHRE if y == 0 else TEAL)):
            end = r[f"fte_{level}"]
            axes.barh(y, end - middle, left=middle, height=0.5, color=colour, zorder=2)
            offset, side = (5, "left") if end >= middle else (-5, "right")
            text = say.number(r[level], int(r[level] < 10))
            if r["parameter"].endswith("_share"):
                percent = say.number(100 * r[level], int(r[level] < 0.1))
                text = f"{percent.removesuffix(',0').removesuffix('.0')}%"
            note(axes, text, (end, y), (offset, 0), ha=side, va="center", fontsize=9.5)
    axes.axvline(middle, color=INK, lw=1.2, zorder=3)
    row_axis(axes, names)
    axes.tick_params(axis="x", length=3.5)
    axes.set_xlim(0, 1.12 * max(max(r["fte_low"], r["fte_high"]) for r in rows))
    axes.set_xlabel("fte")
    both = ([say.number(end, 1) for end in sorted((r["fte_low"], r["fte_high"]))] for r in rows)
    shown = (f"{name}: {low}–{high} fte" for name, (low, high) in zip(names, both, strict=True))
    return say.chart(figure, shown="; ".join(shown))


@two_widths
def break_even(share: Grid, hours: Grid, posts: Grid, available: float, language: str) -> Chart:
    """Draw lines of equal posts over referral share × hours; the line of the available posts is heavy."""
    say = Words(language, "scenario", "break_even")
    has = _format_posts(available, say)
    figure, axes = say.canvas(3.4, left=0.11, has=has)
    levels = sorted({available, *(available * f for f in (0.25, 0.5, 2, 4))})
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.contourf(100 * share, hours, posts, levels=[0, available], colors=[BAND], zorder=0)
    heavy = [level == available for level in levels]
    colours, widths = [OCHRE if h else GREY for h in heavy], [2.6 if h else 1.2 for h in heavy]
    dashes = ["-" if h else "--" for h in heavy]
    look: Look = {"levels": levels, "colors": colours, "linewidths": widths, "linestyles": dashes}
    lines = axes.contour(100 * share, hours, posts, **look)
    axes.clabel(lines, fmt=lambda level: f"{_format_posts(level, say)} fte", fontsize=10, inline=True)
    for axis, ticks, some in ((axes.xaxis, PERCENT, 100 * share), (axes.yaxis, HOURS, hours)):
        axis.set_ticks([tick for tick in ticks if some[0] <= tick <= some[-1]])
        number_axis(axis, language)
        axis.set_minor_locator(NullLocator())
    axes.set_xlabel(say("share"))
    axes.set_ylabel(say("hours"))
    axes.grid(color=GRID)
    first = {"few": 100 * share[0], "short": hours[0], "least": float(posts[0, 0])}
    last = {"many": 100 * share[-1], "long": hours[-1], "most": float(posts[-1, -1])}
    return say.chart(figure, **first, **last)


def _format_posts(posts: float, say: Words) -> str:
    return say.number(posts, 0 if posts == int(posts) else 1)


@two_widths
def fan(table: pd.DataFrame, language: str) -> Chart:
    """Draw the backlog over the years, a panel for each number of posts: middle and 10 to 90 percent band."""
    say = Words(language, "scenario", "fan")
    fans = [records(rows) for _, rows in table.groupby("fte_available", sort=True)]
    require(fans, "backlog")
    # a backlog that shrinks does not grow, though it may last
    steady = [p for p in fans if p[-1]["q50"] < 1 or p[-1]["q50"] <= p[0]["q50"]]
    finding = say("steady", least=steady[0][0]["fte_available"]) if steady else say("grows")
    down = phone()  # under one another instead of side by side
    height, left = (1.9 * len(fans), 0.2) if down else (2.5, 0.09)
    figure, outer = say.canvas(height, left=left, finding=finding)
    top = max(r["q90"] for p in fans for r in p) or 1.0
    lines, across = (len(fans), 1) if down else (1, len(fans))
    places = panels(figure, outer, lines, across, (0.6, 0.1), 0.3)
    for index, (rows, axes) in enumerate(zip(fans, places, strict=True)):
        years, last = [r["year"] for r in rows], rows[-1]
        axes.fill_between(years, [r["q10"] for r in rows], [r["q90"] for r in rows], color=BAND, lw=0)
        axes.plot(years, [r["q50"] for r in rows], color=TEAL, lw=2.4, marker="o", ms=4)
        for name, colour, weight in (("q90", GREY, "normal"), ("q50", TEAL, "bold")):
            if last[name] > 0.04 * top:  # a label on the floor would hide the axis
                look = {"ha": "right", "fontsize": 10, "color": colour, "fontweight": weight}
                note(axes, say.number(last[name]), (years[-1], last[name]), (-4, 6), **look)
        axes.set_title(f"{say.number(last['fte_available'])} fte", fontsize=11, loc="left")
        axes.set_ylim(0, 1.12 * top)
        axes.set_xticks(years)
        number_axis(axes.yaxis, language)
        if not down or index == len(fans) - 1:
            axes.set_xlabel(say("year"))
        if index and not down:
            axes.tick_params(axis="y", labelleft=False, length=0)
    ends = [p[-1] for p in fans]
    return say.chart(figure, n=len(fans), years=ends[0]["year"], shown=say.rows("rows", ends))
