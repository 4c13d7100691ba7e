"""What charts share: their words, from `charts.yml`, and the marks and axes that most of them draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure

from osw_stats.draw import GREY
from osw_stats.draw.style import Chart, canvas, source_line
from osw_stats.text.cells import fill
from osw_stats.text.language import filled, number
from osw_stats.text.tables import Row
from osw_stats.text.words import word
from osw_stats.yamlfile import read_yaml

TEXTS: dict[str, dict[str, dict[str, str]]] = read_yaml(
    Path(__file__).with_name("charts.yml")
)  # checked by pages/lint
Look = dict[str, Any]
PLATE: Look = {"facecolor": "white", "lw": 0, "pad": 0.5}  # keeps words readable over a line
DASHED: Look = {"color": GREY, "lw": 1, "ls": (0, (4, 3))}


class Words:
    """The words of a chart in one language: a text by its name, filled in with values of the chart and the call.

    Several names of charts are those whose texts it may use; the last one counts where two have the same.
    Of a number a text says the decimals: "{share:1}"; without them it stands as it is, as a year does.
    """

    def __init__(self, language: str, *charts: str, **values: Any) -> None:
        self.language, self._values = language, values
        self._texts = {name: text for chart in charts for name, text in TEXTS[chart].items()}

    def __call__(self, name: str, /, **values: Any) -> str:
        """Return a text of the chart."""
        known = {key: _Shown(value, self.language) for key, value in (self._values | values).items()}
        return filled(self._texts[name][self.language], **known)

    def rows(self, name: str, rows: Iterable[Row]) -> str:
        """Return a pattern of cells filled in for every row."""
        return "; ".join(fill(self._texts[name][self.language], row, self.language) for row in rows)

    def count(self, value: int) -> str:
        """Return a count, or that there are none."""
        return self.number(value) if value else self("none")

    def number(self, value: float, places: int = 0) -> str:
        """Return a number as readers of the language write it."""
        return number(value, self.language, places)

    def word(self, kind: str, code: object) -> str:
        """Return the words for an id."""
        return word(kind, code, self.language)

    def joined(self, parts: Sequence[str]) -> str:
        """Return "a, b en c"."""
        last = f" {self.word('estimate', 'and')} "
        return last.join([", ".join(parts[:-1]), *parts[-1:]] if len(parts) > 1 else parts)

    def canvas(self, height: float, *, left: float, **values: Any) -> tuple[Figure, Axes]:
        """Return a figure with the chart's title and subtitle; the values go for its other words as well."""
        self._values |= values
        return canvas(height, self("title"), self("subtitle"), left=left)

    def chart(self, figure: Figure, groups: tuple[tuple[str, str], ...] = (), **values: Any) -> Chart:
        """Write the source under a figure and return it with its caption and alt text."""
        self._values |= values
        source_line(figure, self("source"))
        return Chart(figure, self("caption"), self("alt"), groups)


class _Shown:
    """A value that a text formats: a number with the decimals it asks for."""

    def __init__(self, value: Any, language: str) -> None:
        self._value, self._language = value, language

    def __str__(self) -> str:
        return str(self._value)

    def __format__(self, places: str) -> str:
        return number(self._value, self._language, int(places)) if places else str(self._value)


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
