"""Figures of a series over time, for who looks at one: points with their intervals, and where counting changed."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from osw_stats.draw import INK, OCHRE, PLUM, TEAL
from osw_stats.draw.forms import Words, draw_breaks, number_axis
from osw_stats.draw.style import STYLE
from osw_stats.errors import OswError
from osw_stats.meaning.series import catalogue
from osw_stats.meaning.units import UNITS
from osw_stats.text.words import group_words, word

_STYLE: Any = STYLE
COLOURS, MARKS = (TEAL, OCHRE, PLUM, INK), "os^Dv"


def lines(rows: pd.DataFrame, x: str, y: str, by: list[str], ax: Axes | None, language: str) -> Axes:
    """Draw rows that are placed along `x`; groups `by` apart, each in a colour and a mark of its own."""
    with mpl.rc_context(_STYLE):
        if ax is None:
            from matplotlib import (
                pyplot as plt,
            )  # it shows what is drawn in a notebook, and only there is wanted

            _, ax = plt.subplots(figsize=(7.2, 3.6), layout="constrained")
        grouped: Any = rows.groupby(by, sort=False) if by else [((), rows)]
        for at, (key, group) in enumerate(grouped):
            look = {"color": COLOURS[at % len(COLOURS)], "marker": MARKS[at // len(COLOURS) % len(MARKS)]}
            values = dict(zip(by, key, strict=True))
            _draw(ax, group.sort_values(x), x, y, _label(values, language), look)
        if by:
            ax.legend(frameon=False, fontsize=9)
        ids = list(dict.fromkeys(rows["series_id"])) if "series_id" in rows else []
        known = [catalogue()[i] for i in ids if i in catalogue()]
        ax.set_title(" · ".join(about.title[language] for about in known), loc="left", wrap=True)
        units = list(dict.fromkeys(UNITS[about.unit] for about in known))
        ax.set_ylabel(" · ".join(getattr(unit, language) for unit in units))
        ax.margins(x=0.06, y=0.08)
        if rows[y].min() >= 0:
            ax.set_ylim(bottom=0)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
        number_axis(ax.yaxis, language, 0 if ax.get_ylim()[1] >= 5 else 1)
        draw_breaks(ax, [about.series_id for about in known], Words(language, "police")("cut"))
    return ax


def _label(values: dict[str, Any], language: str) -> str:
    try:
        return ", ".join(group_words(values, language)) or word("sex", "total", language)
    except (OswError, KeyError):  # a code of somebody's own data has no words
        return ", ".join(map(str, values.values()))


def _draw(ax: Axes, rows: pd.DataFrame, x: str, y: str, label: str, look: dict[str, Any]) -> None:
    """Draw one group: a line through figures of one definition, and the interval of each."""
    low, high = (_limits(rows, end) for end in ("lower", "upper"))
    ax.vlines(rows[x], low.fillna(rows[y]), high.fillna(rows[y]), color=look["color"], lw=4, alpha=0.35)
    same = rows["definition_id"] if "definition_id" in rows else pd.Series("", rows.index)
    for at, (_, stretch) in enumerate(rows.groupby(same.to_numpy(), sort=False)):
        ax.plot(stretch[x], stretch[y], label="" if at else label, lw=1.6, ms=6, **look)


def _limits(rows: pd.DataFrame, end: str) -> pd.Series[float]:
    """Return published confidence limits, or what the wording leaves open, of every row; NaN without."""
    both = [rows[name].astype(float) for name in (f"ci_{end}", end) if name in rows]
    limits = both[0] if both else pd.Series(float("nan"), rows.index)
    return limits.fillna(both[-1]) if both else limits
