"""What charts share: their words, from `charts.yml`, and the marks and axes that most of them draw."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure

from osw_stats.report.charts.style import GREY, Chart, canvas, source_line
from osw_stats.report.language import filled, number
from osw_stats.report.words import word
from osw_stats.yamlfile import read_yaml

TEXTS: dict[str, dict[str, dict[str, str]]] = read_yaml(Path(__file__).with_name("charts.yml"))
Look = dict[str, Any]
PLATE: Look = {"facecolor": "white", "lw": 0, "pad": 0.5}  # keeps words readable over a line
DASHED: Look = {"color": GREY, "lw": 1, "ls": (0, (4, 3))}


class Words:
    """The words of a chart in one language: a text by its name, filled in with values of the chart and the call.

    Several names of charts are those whose texts it may use; the last one counts where two have the same.
    """

    def __init__(self, language: str, *charts: str, **values: Any) -> None:
        self.language, self._values = language, values
        self._texts = {name: text for chart in charts for name, text in TEXTS[chart].items()}

    def __call__(self, name: str, /, **values: Any) -> str:
        """Return a text of the chart."""
        return filled(self._texts[name][self.language], **(self._values | values))

    def number(self, value: float, places: int = 0) -> str:
        """Return a number as readers of the language write it."""
        return number(value, self.language, places)

    def word(self, kind: str, code: object) -> str:
        """Return the words for an id."""
        return word(kind, code, self.language)

    def joined(self, parts: Sequence[str]) -> str:
        """Return "a, b en c"."""
        last = {"nl": " en ", "en": " and "}[self.language]
        return last.join([", ".join(parts[:-1]), *parts[-1:]] if len(parts) > 1 else parts)

    def canvas(self, height: float, *, left: float, **values: Any) -> tuple[Figure, Axes]:
        """Return a figure with the chart's title and subtitle."""
        return canvas(height, self("title", **values), self("subtitle", **values), left=left)

    def chart(self, figure: Figure, groups: tuple[tuple[str, str], ...] = (), **values: Any) -> Chart:
        """Write the source under a figure and return it with its caption and alt text."""
        source_line(figure, self("source", **values))
        return Chart(figure, self("caption", **values), self("alt", **values), groups)


def note(axes: Axes, text: str, at: tuple[float, float], offset: tuple[float, float], **look: Any) -> Artist:
    """Write words beside a point, so many points of a letter away."""
    return axes.annotate(text, at, offset, textcoords="offset points", **look)


def bar(
    axes: Axes, low: float, high: float, at: float, colour: str, width: float, **look: Any
) -> list[Artist]:
    """Draw a range as a flat bar."""
    return [*axes.plot([low, high], [at, at], color=colour, lw=width, **look)]


def row_axis(axes: Axes, labels: Sequence[str], *, top: float = -0.6, **look: Any) -> None:
    """Give every row of a chart its label, the first on top."""
    axes.set_yticks(range(len(labels)), labels, **look)
    axes.set_ylim(len(labels) - 0.4, top)
    axes.grid(axis="y", visible=False)
    axes.tick_params(length=0)


def number_axis(axis: Axis, language: str, places: int = 0, sign: str = "") -> None:
    """Write the numbers along an axis as readers of the language do."""
    axis.set_major_formatter(lambda value, _: number(value, language, places) + sign)
