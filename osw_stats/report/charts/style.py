"""The house style of charts, and how they become bytes that never differ."""

from __future__ import annotations

import io
import textwrap
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK, TEAL, OCHRE, PLUM = "#1B2A33", "#0B6E75", "#B4560B", "#7B3F8C"
GREY, BAND, GRID = "#5E6973", "#BFDDDF", "#E3E6E8"
STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",  # matplotlib carries it, so every machine has it
    "font.size": 11,
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.fonttype": "none",  # text stays text: it can be read aloud, searched and enlarged
    "svg.hashsalt": "osw_stats",
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
}
WIDTH = 7.2
HEAD = 0.95  # inches above the axes, for title and subtitle
FOOT = 0.75


def style() -> AbstractContextManager[None]:
    """Return the context in which everything of a chart is drawn."""
    return mpl.rc_context(STYLE)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Chart:
    """A drawn figure, its caption and a text for who cannot see it."""

    figure: Figure
    caption: str
    alt: str


def canvas(height: float, title: str, subtitle: str, *, left: float = 0.22) -> tuple[Figure, Axes]:
    """Return a figure with one axes; the title says the finding, the subtitle what is counted."""
    title, subtitle = textwrap.fill(title, 62), textwrap.fill(subtitle, 88)
    head = 0.35 + 0.23 * (title.count("\n") + 1) + 0.18 * (subtitle.count("\n") + 1)
    total = height + head + FOOT
    with style():
        figure = Figure(figsize=(WIDTH, total))
        axes = figure.add_axes((left, FOOT / total, 0.97 - left, height / total))
        top = 1 - 0.12 / total
        figure.text(0.02, top, title, fontsize=13, fontweight="bold", va="top")
        below = top - (0.23 * (title.count("\n") + 1) + 0.06) / total
        figure.text(0.02, below, subtitle, fontsize=9.5, color=GREY, va="top")
    return figure, axes


def source_line(figure: Figure, text: str) -> None:
    """Write the source under the chart."""
    figure.text(0.02, 0.1 / figure.get_figheight(), text, fontsize=8.5, color=GREY, va="bottom")


def svg_text(figure: Figure) -> str:
    """Return the figure as SVG without a date, so that two runs give the same text."""
    with style():
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def png_bytes(figure: Figure) -> bytes:
    """Return the figure as PNG at twice screen size."""
    with style():
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=144, metadata={"Software": None})
    return buffer.getvalue()
