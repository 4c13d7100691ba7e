"""Common parts of charts: words from `charts.yml`, marks, axes, and time axes with events and breaks."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from osw_stats.draw import GREY, GRID, INK
from osw_stats.draw.style import Chart, canvas, source_line
from osw_stats.meaning.observations import records
from osw_stats.meaning.series import Break, series
from osw_stats.text.cells import fill
from osw_stats.text.language import number
from osw_stats.text.tables import Row
from osw_stats.text.words import filled, word
from osw_stats.yamlfile import read_yaml

Texts = dict[str, dict[str, str]]
TEXTS: dict[str, Texts] = read_yaml(Path(__file__).with_name("charts.yml"))  # checked by pages/lint
Look = dict[str, Any]
Place = tuple[float, float]
Artists = list[Artist]
PLATE: Look = {"facecolor": "white", "lw": 0, "pad": 0.5}  # keeps words readable over a line
UPRIGHT = 11.5  # points that a line of upright words takes
DASHED: Look = {"color": GREY, "lw": 1, "ls": (0, (4, 3))}


class Words:
    """The words of a chart in one language, by name and filled in with values; "{share:1}" has one decimal."""

    # if several charts have a text of the same name, the last one counts
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
        """Return a count, or the word for none."""
        return self.number(value) if value else self("none")

    def number(self, value: float, places: int = 0) -> str:
        """Return a number as readers of the language write it."""
        return number(value, self.language, places)

    def word(self, kind: str, code: object) -> str:
        """Return the words for an id."""
        return word(kind, code, self.language)

    def canvas(self, height: float, *, left: float, **values: Any) -> tuple[Figure, Axes]:
        """Return a figure with the chart's title and subtitle; the values also fill in its other texts."""
        self._values |= values
        return canvas(height, self("title"), self("subtitle"), left=left)

    def chart(self, figure: Figure, groups: tuple[tuple[str, str], ...] = (), **values: Any) -> Chart:
        """Write the source under a figure and return it with its caption and alt text."""
        self._values |= values
        source_line(figure, self("source"))
        return Chart(figure, self("caption"), self("alt"), groups)


class _Shown:
    """A value that a text formats: a number with the decimals it specifies."""

    def __init__(self, value: Any, language: str) -> None:
        self._value, self._language = value, language

    def __str__(self) -> str:
        return str(self._value)

    def __format__(self, places: str) -> str:
        return number(self._value, self._language, int(places)) if places else str(self._value)


def note(axes: Axes, text: str, point: Place, offset: Place, **look: Any) -> Artist:
    """Write words next to a point, with the offset in typographic points."""
    return axes.annotate(text, point, offset, textcoords="offset points", **look)


def bar(axes: Axes, low: float, high: float, y: float, colour: str, width: float, **look: Any) -> Artists:
    """Draw a range as a flat bar."""
    return [*axes.plot([low, high], [y, y], color=colour, lw=width, **look)]


def dot(
    axes: Axes, value: float, limits: Place, y: float, colour: str, mark: str = "o", **look: Any
) -> Artists:
    """Draw a value as a mark over the bar of its interval; `width` of the bar is 2.4 by default."""
    mark_look: Look = {"ms": 8, "mec": colour, "mfc": colour, "width": 2.4} | look
    ends = bar(axes, *limits, y=y, colour=colour, width=mark_look.pop("width"), solid_capstyle="butt")
    return [*ends, *axes.plot(value, y, mark, **mark_look)]


def squares(axes: Axes, looks: Sequence[Sequence[str]], across: int, top: float = 0.0) -> int:
    """Draw a square for every pair of fill and edge, in lines from the top down; return how many lines."""
    # not `add_patch`, which recomputes the limits of the axes for each square; the caller sets them
    for index, (face, edge) in enumerate(looks):
        place = (index % across + 0.1, top + index // across + 0.1)
        axes.add_artist(Rectangle(place, 0.8, 0.8, facecolor=face, edgecolor=edge, lw=0.7))
    return -(-len(looks) // across)


def panels(figure: Figure, outer: Axes, lines: int, across: int, apart: Place, head: float) -> Iterator[Axes]:
    """Divide axes into panels, `apart` in fractions of one (down, across), with `head` inches for the first title."""
    box = outer.get_position()
    outer.remove()
    ends = {"left": box.x0, "right": box.x1, "bottom": box.y0, "top": box.y1 - head / figure.get_figheight()}
    grid = figure.add_gridspec(lines, across, hspace=apart[0], wspace=apart[1], **ends)
    yield from (figure.add_subplot(grid[index]) for index in range(lines * across))


def row_axis(axes: Axes, labels: Sequence[str], *, top: float = -0.6, **look: Any) -> None:
    """Give every row of a chart its label, the first on top."""
    axes.set_yticks(range(len(labels)), labels, **look)
    axes.set_ylim(len(labels) - 0.4, top)
    axes.grid(axis="y", visible=False)
    axes.tick_params(length=0)


def number_axis(axis: Axis, language: str, places: int = 0, sign: str = "") -> None:
    """Write the numbers along an axis as readers of the language do, in `places` decimals or as many as its ticks need."""

    def format_tick(value: float, _: Any) -> str:
        first, last = sorted(axis.get_view_interval())
        near = 1e-6 * (last - first)
        ticks = np.array([tick for tick in axis.get_majorticklocs() if first - near <= tick <= last + near])
        needed = (n for n in range(places, 15) if (np.abs(ticks - ticks.round(n)) <= near).all())
        return number(value, language, next(needed, places)) + sign

    axis.set_major_formatter(format_tick)


def count_axis(axes: Axes, language: str, **ticks: Any) -> None:
    """Give a chart of counts over time numbers on the left, horizontal grid lines only, and no ticks."""
    number_axis(axes.yaxis, language)
    axes.grid(axis="x", visible=False)
    axes.tick_params(length=0, **ticks)


def place_of(day: str) -> float:
    """Return the position of a day on an axis on which a year's count is placed at the year itself."""
    when = date.fromisoformat(day)
    return when.year - 0.5 + (when.timetuple().tm_yday - 1) / 365.25


def drawn(events: pd.DataFrame) -> pd.DataFrame:
    """Return the events that are drawn: no statements, and laws first, since room may be short."""
    shown = events[events["kind"] != "statement"]
    return shown.sort_values("kind", key=lambda kind: kind.ne("law"), kind="stable").reset_index(drop=True)


def dated(events: pd.DataFrame, language: str) -> str:
    """Return the events in words, in order of time: "lockdown (2020-04/05) · ..."."""
    parts = []
    for event in records(drawn(events).sort_values("start", kind="stable")):
        start, end = event["start"], event["end"]
        year, first, last = start[:4], start[:7], end[:7]
        when = first if first == last else f"{first}/{last.removeprefix(f'{year}-')}"
        when = start if start == end else when
        when = year if (start, end) == (f"{year}-01-01", f"{year}-12-31") else when
        parts.append(f"{event[language]} ({when})")
    return " · ".join(parts)


def draw_events(axes: Axes, events: pd.DataFrame, language: str) -> None:
    """Draw events at the foot of a panel whose limits are set: a bar as long as the event, and its name upright."""
    # a name without room next to the others is left out; the alt text has all
    (low, high), (left, right) = axes.get_ylim(), axes.get_xlim()
    foot = low + 0.01 * (high - low)
    wide = axes.get_window_extent().width / axes.figure.dpi * 72 / (right - left)  # points a year
    taken: list[float] = []
    for event in records(drawn(events)):
        first, last = place_of(event["start"]), min(place_of(event["end"]), right)
        middle = (first + last) / 2
        if not left <= first <= right:
            continue
        axes.plot([first, max(last, first + 0.06)], [foot, foot], color=INK, lw=3, solid_capstyle="butt")
        if all(wide * abs(middle - other) >= UPRIGHT for other in taken):
            taken.append(middle)
            look: Look = {"rotation": 90, "ha": "center", "va": "bottom", "fontsize": 9, "color": GREY}
            note(axes, event[language], (middle, foot), (0, 4), bbox=PLATE, **look)


def draw_breaks(axes: Axes, series_ids: Iterable[str], word: str) -> list[Break]:
    """Draw where these series began to count otherwise, with a word at the top, and return those breaks."""
    # a dashed line marks the day; if only the year is known, that year is grey; the limits of the axes must
    # be set before
    low, high = axes.get_xlim()
    drawn: list[Break] = []
    for change in (change for name in series_ids for change in series(name).breaks):
        begin, end = (place_of(day.isoformat()) for day in (change.period.start, change.period.end))
        if change in drawn or end < low or begin > high:
            continue
        drawn.append(change)
        if change.dated:
            axes.axvline(begin, **DASHED)
        else:
            axes.axvspan(begin, end, color=GRID, lw=0, zorder=0)
        place: Look = {"xycoords": ("data", "axes fraction"), "ha": "right", "va": "top"}
        plate = {"facecolor": "white", "edgecolor": GRID, "lw": 0, "pad": 1}
        note(axes, word, (begin, 1), (-3, -3), fontsize=8.5, color=GREY, bbox=plate, **place)
    return drawn


def breaks_in_words(breaks: Iterable[Break], language: str, *, always_line: bool = False) -> str:
    """Return the meaning of the dashed lines and grey years of a chart, from the series; "" without any."""
    # `always_line` is for waves of a survey: each wave has one concept, so no year contains two
    say = Words(language, "timeline")
    texts = (say("line" if cut.dated or always_line else "year", text=cut.text[language]) for cut in breaks)
    return "".join(dict.fromkeys(texts))
