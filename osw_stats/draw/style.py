"""The house style of charts, and their reproducible SVG."""

import io
import re
import textwrap
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache, wraps
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from osw_stats.draw import COLOURS, GREY
from osw_stats.draw.fit import fit
from osw_stats.errors import NotEstimableError
from osw_stats.yamlfile import read_yaml

_MARKS: dict[str, dict[Any, Any]] = read_yaml(Path(__file__).with_name("marks.yml"))


def marks(kind: str) -> dict[Any, tuple[str, ...]]:
    """Return the looks of marks of a kind, by meaning (`marks.yml`), each colour by its value."""
    return {name: tuple(COLOURS.get(p, p) for p in parts) for name, parts in _MARKS[kind].items()}


STYLE: dict[str, Any] = {name: COLOURS.get(value, value) for name, value in _MARKS["style"].items()}
DARK = {COLOURS.get(day, day): night for day, night in _MARKS["dark"].items()}
WIDTH = 7.2
# shown in the text column of the narrowest phone (320 less its margins, so 288 CSS px) a point is 4/3 px,
# and the smallest text of 9 points is 12 px
PHONE_WIDTH = 3.0
SOURCE_LINE = "source line"  # label by which the source under a chart is found
PICKED = re.compile(r'<g id="(pick-\d+)">')  # the start of an artist with this name in the SVG
FAINT = 0.2  # opacity of groups not chosen
# matplotlib's own defaults: no matplotlibrc of the home folder, the working folder or MATPLOTLIBRC
_DEFAULTS: dict[Any, Any] = {k: v for k, v in dict.items(mpl.rcParamsDefault) if k != "backend"}
_phone: ContextVar[bool] = ContextVar("phone", default=False)


@contextmanager
def style() -> Iterator[None]:
    """Draw everything of a chart within this context, whatever settings a user has."""
    with mpl.rc_context(_DEFAULTS | STYLE):
        _use_bundled_fonts()
        yield


@cache
def _use_bundled_fonts() -> None:
    """Use the fonts bundled with matplotlib, whatever fonts of these names the machine has."""
    from matplotlib import font_manager

    font_manager.fontManager.ttflist = []
    for path in sorted(Path(mpl.get_data_path(), "fonts", "ttf").glob("*.ttf")):
        font_manager.fontManager.addfont(path)


@dataclass(frozen=True)
class Chart:
    """A drawn figure, its caption and alt text; `phone` is the narrow version."""

    # `groups` a reader can highlight, in the order of `pickable`, each with its row heading in the tables
    figure: Figure
    caption: str
    alt: str
    groups: tuple[tuple[str, str], ...] = ()
    phone: Figure | None = None


def phone() -> bool:
    """Return whether the chart is being drawn for a phone."""
    return _phone.get()


def two_widths(draw: Callable[..., Chart]) -> Callable[..., Chart]:
    """Draw a chart twice, for a wide page and for a phone; both keep their text readable and whole."""

    @wraps(draw)
    def drawn(*args: Any, **kwargs: Any) -> Chart:
        with style():
            wide = draw(*args, **kwargs)
            token = _phone.set(True)
            try:
                narrow = draw(*args, **kwargs).figure
            finally:
                _phone.reset(token)
            fit(wide.figure, narrow=False)
            fit(narrow, narrow=True)
        return replace(wide, phone=narrow)

    return drawn


def canvas(height: float, title: str, subtitle: str, *, left: float = 0.22) -> tuple[Figure, Axes]:
    """Return a figure with one axes, within `style`; its title is the finding, its subtitle what is counted."""
    if phone():  # row labels take more lines
        width, foot, height, characters = PHONE_WIDTH, 1.1, 1.3 * height, (28, 41)
        title_size, title_line, small, line = 11.0, 0.2, 9.0, 0.175
    else:
        width, foot, characters = WIDTH, 0.85, (62, 88)
        title_size, title_line, small, line = 13.0, 0.23, 9.5, 0.18
    title, subtitle = (_balanced(*text) for text in zip((title, subtitle), characters, strict=True))
    title_height = title_line * (title.count("\n") + 1)
    head = 0.35 + title_height + line * (subtitle.count("\n") + 1)
    total = height + head + foot
    edge, top = 0.06 / width, 1 - 0.12 / total
    figure = Figure(figsize=(width, total))
    axes = figure.add_axes((left, foot / total, 0.97 - left, height / total))
    figure.text(edge, top, title, fontsize=title_size, fontweight="bold", va="top")
    below = top - (title_height + 0.06) / total
    figure.text(edge, below, subtitle, fontsize=small, color=GREY, va="top")
    return figure, axes


def _balanced(text: str, most: int) -> str:
    """Break a text into the fewest lines possible, of about equal length."""
    few, least = len(textwrap.wrap(text, most)), min(most, max(map(len, text.split()), default=1))
    widths = range(least, most + 1)  # a wider text has no more lines
    index = bisect_left(widths, True, key=lambda width: len(textwrap.wrap(text, width)) <= few)
    return textwrap.fill(text, widths[index])


def require(rows: Sized, subject: str) -> None:
    """Raise NotEstimableError if there is nothing to draw; `subject` names it."""
    if not len(rows):
        raise NotEstimableError(f"nothing to draw: no {subject}")


def source_line(figure: Figure, text: str) -> None:
    """Write the source under the chart, within `style`."""
    x, y = 0.06 / figure.get_figwidth(), 0.1 / figure.get_figheight()
    figure.text(x, y, _wrapped(text, figure), fontsize=9, color=GREY, va="bottom", label=SOURCE_LINE)


def add_to_source(chart: Chart, words: str) -> None:
    """Add words to the source line of a chart, in both its drawings."""
    for figure in (chart.figure, chart.phone) if words else ():
        for line in figure.texts if figure is not None else ():
            if line.get_label() == SOURCE_LINE:
                line.set_text(_wrapped(line.get_text().replace("\n", " ") + words, figure))
                if "\n" in line.get_text() and figure is chart.figure:  # a wide foot has room for one line
                    line.set_y(0.04 / figure.get_figheight())


def _wrapped(text: str, figure: Any) -> str:
    return textwrap.fill(text, 41 if figure.get_figwidth() == PHONE_WIDTH else 106)


def pickable(place: int, artists: Iterable[Artist]) -> None:
    """Assign these parts of a drawing to the group at `place`, counted from 0."""
    for artist in artists:
        artist.set_gid(f"pick-{place + 1}")


@cache
def _night() -> str:
    """Return the style that makes a drawing dark on a dark screen, on any page."""
    rules = "".join(
        f'[style*="{part}: {day.lower()}"]{{{part}:{night}!important}}'
        for day, night in DARK.items()
        for part in ("fill", "stroke")
    )
    return f"@media screen and (prefers-color-scheme:dark){{{rules}}}"


def svg_text(figure: Figure) -> str:
    """Return the figure as SVG without a date; at `x.svg#pick-2` all groups but the second are faint."""
    buffer = io.StringIO()
    with style():
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    # a reader without DejaVu sees Verdana, which is as wide, and never a serif
    fonts = "font-family: 'DejaVu Sans', Verdana, sans-serif;"
    svg = re.sub(r"font-family: [^;]*;", fonts, buffer.getvalue())
    names = sorted(set(PICKED.findall(svg)), key=lambda name: int(name.removeprefix("pick-")))
    svg = svg.replace("<defs>", f"<style>{_night()}</style>\n <defs>", 1)
    if not names:
        return svg
    rules = ",".join(f"#{n}:target~g .pick:not(.{n})" for n in names)
    # a note and its text both have the name
    style_ = f"<style>{rules}{{opacity:{FAINT}}}.pick .pick{{opacity:1!important}}</style>"
    anchors = "".join(f'<g id="{n}"/>' for n in names)
    marked = PICKED.sub(r'<g class="pick \1">', svg)
    return marked.replace('<g id="figure_1">', f'{style_}{anchors}\n <g id="figure_1">', 1)
