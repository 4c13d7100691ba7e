"""Small pictures without a heading, for the tiles of the start page: squares, columns and steps, with words beside them."""

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from osw_stats.draw import BAND, GREY, GRID, TEAL
from osw_stats.draw.forms import DASHED, Look, Words, note, squares
from osw_stats.draw.style import PHONE_WIDTH, Chart, phone, require, style, two_widths
from osw_stats.errors import NotEstimableError
from osw_stats.meaning.numbers import Number
from osw_stats.meaning.observations import records
from osw_stats.meaning.rounding import half_up
from osw_stats.stats.counts.yearly import Counted, points
from osw_stats.stats.survey.prevalence import everyone

ACROSS = 20  # squares in a line
MOST = 5  # years
LABEL: Look = {"ha": "center", "fontsize": 9.0}  # points: 12 px where the picture is as wide as a phone


def _blank(height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(PHONE_WIDTH, height))
    axes = figure.add_axes((0.02, 0.02, 0.96, 0.96))
    axes.set_axis_off()
    figure.patch.set_alpha(0)  # a tile has its own background
    return figure, axes


def _fill(axes: Axes, low: int, high: int, total: int) -> None:
    """Draw squares in lines of equal length: `low` of them filled, up to `high` light, the rest empty."""
    if not 0 <= low <= high <= total:
        raise NotEstimableError(f"{low} to {high} of {total} squares cannot be drawn")
    looks = [(TEAL, TEAL)] * low + [(BAND, GREY)] * (high - low) + [("white", GREY)] * (total - high)
    axes.set_ylim(squares(axes, looks, ACROSS), 0)
    axes.set_xlim(0, ACROSS)


def _of_squares(low: int, high: int, total: int, words: Words) -> Chart:
    lines = -(-total // ACROSS)
    with style():
        figure, axes = _blank(max(0.22, 0.96 * PHONE_WIDTH / ACROSS * lines + 0.04))
        _fill(axes, low, high, total)
    return Chart(figure, words("caption"), words("alt"))


def _rounded_limits(share: Number) -> tuple[int, int]:
    """Return both limits of a share as whole numbers; or twice its value if it has none."""
    low, high = (half_up(share.value if end is None else end, 0) for end in (share.lower, share.upper))
    return int(low), int(high)


def of_hundred(share: Number, language: str) -> Chart:
    """Draw a share as squares of a hundred; its margin is light if it is more than a square."""
    few, many = _rounded_limits(share)
    wide = many - few > 1
    few, many = (few, many) if wide else (int(half_up(share.value, 0)),) * 2
    words = Words(language, "range_of_hundred" if wide else "of_hundred", low=few, high=many)
    return _of_squares(few, many, 100, words)


@two_widths
def seen(share: Number, language: str) -> Chart:
    """Draw how many of a hundred victims ask for help, with words: filled at least, light at most."""
    few, many = _rounded_limits(share)
    say = Words(language, "seen", low=few, high=many, all=100)
    figure, axes = say.canvas(0.7 if phone() else 1.75, left=0.02)
    _fill(axes, few, many, 100)
    axes.set_axis_off()
    return say.chart(figure)


def of_bodies(rows: pd.DataFrame, those: Sequence[str], language: str) -> Chart:
    """Draw every body of a table as a square, filled for those that are meant."""
    named, total = len(those), rows["body"].nunique()
    return _of_squares(named, named, total, Words(language, "of_bodies", low=named, high=total))


def columns(observations: pd.DataFrame, counted: Counted, colour: str, language: str) -> Chart:
    """Draw the last yearly counts of a series as columns from zero, hollow if derived; dashes where counting changed."""
    shown = points(observations, counted)[-MOST:]
    require(shown, f"yearly count of {counted.series_id}")
    words = Words(language, "columns")
    with style():
        figure, axes = _blank(1.0)
        for x, p in enumerate(shown):
            hollow = p.basis == "implied"
            axes.bar(x, p.value, 0.62, facecolor="white" if hollow else colour, edgecolor=colour, lw=1.2)
            note(axes, words.number(p.value), (x, p.value), (0, 2), **LABEL)
            note(axes, str(p.year), (x, 0), (0, -3), va="top", **LABEL)
        crossed = _breaks(axes, [p.definition_id for p in shown])
        axes.set_xlim(-0.6, max(len(shown), 3) - 0.4)
        top = max(p.value for p in shown)
        axes.set_ylim(-0.24 * top, 1.24 * top)
    return _tile(figure, words, [f"{p.year}: {words.number(p.value)}" for p in shown], crossed)


def waves(estimates: pd.DataFrame, language: str) -> Chart:
    """Draw the national share of every wave as steps; no line crosses where the concept changed."""
    rows = records(everyone(estimates))
    words = Words(language, "steps")
    with style():
        figure, axes = _blank(1.0)
        for x, r in enumerate(rows):
            axes.plot([x, x], [r["ci_lower"], r["ci_upper"]], color=BAND, lw=7, solid_capstyle="butt")
            axes.plot(x, r["pct"], "o", color=TEAL, ms=6)
            note(axes, words.number(r["pct"], 1), (x, r["ci_upper"]), (0, 3), fontweight="bold", **LABEL)
            note(axes, str(r["wave"]), (x, 0), (0, 0), va="bottom", **LABEL)
        crossed = _breaks(axes, [r["definition_version"] for r in rows])
        for x, (a, b) in enumerate(pairwise(rows)):
            if x in crossed:
                axes.text(x + 0.54, 2.1, words("concept"), fontsize=9.0, color=GREY, va="center")
            else:
                axes.plot([x, x + 1], [a["pct"], b["pct"]], color=TEAL, lw=1.6)
        axes.axhline(1.25, color=GRID, lw=0.8)
        axes.set_xlim(-0.5, max(len(rows), 2) - 0.5)
        axes.set_ylim(0, 1.3 * max(r["ci_upper"] for r in rows))
    return _tile(figure, words, [f"{r['wave']}: {words.number(r['pct'], 1)}" for r in rows], crossed)


def _tile(figure: Figure, words: Words, shown: list[str], crossed: list[int]) -> Chart:
    break_ = words("crossed") if crossed else ""
    return Chart(figure, words("caption"), words("alt", shown="; ".join(shown), crossed=break_))


def _breaks(axes: Axes, definitions: Sequence[str]) -> list[int]:
    """Draw a dashed line wherever the definition changes, and return the positions of those changes."""
    crossed = [index for index, (a, b) in enumerate(pairwise(definitions)) if a != b]
    for index in crossed:
        axes.axvline(index + 0.5, **DASHED)
    return crossed
