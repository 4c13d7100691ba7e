"""Fit a drawing into its figure: no text too small, over the edge, or over another."""

import textwrap
from functools import cache
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FixedLocator
from matplotlib.transforms import Bbox

SMALLEST = 9.0  # points
LARGEST_NARROW = 10.0
LABEL_CHARACTERS = 18  # most characters on a line of a row label on a phone
ROUNDS = 3  # moving an edge moves the texts next to the points
STILL = 1e-6  # share of the figure: smaller moves of an edge are ignored
NARROWEST = 0.45  # share of the figure that the axes keep
NOTE_CHARACTERS = 19
AXIS_CHARACTERS = (36, 30, 24, 18)  # the first that stays inside the figure
LIFT = 11  # points: a note with no room beside its point goes above it
PAD = 0.05  # inches between words and the edge of the figure


def fit(figure: Figure, *, narrow: bool) -> None:
    """Give every text of a finished figure a readable size; for a phone make room for labels and thin out ticks."""
    for axes in figure.axes:  # title, subtitle and source of the figure have their sizes already
        _set_sizes(axes, narrow)
        if not narrow:
            continue
        _wrap(axes)
        for _ in range(ROUNDS):
            before = axes.get_position()
            _make_room(figure, axes)
            if abs(axes.get_position().get_points() - before.get_points()).max() < STILL:
                break
        _thin(axes)
        _nudge(figure, axes)
        _keep_axis_words(figure, axes)


def _set_sizes(axes: Axes, narrow: bool) -> None:
    legend = axes.get_legend()
    notes = [c for c in axes.get_children() if isinstance(c, Text)]  # titles as well
    for text in (*notes, axes.xaxis.label, axes.yaxis.label, *(legend.findobj(Text) if legend else ())):
        size = max(text.get_fontsize(), SMALLEST)
        text.set_fontsize(min(size, LARGEST_NARROW) if narrow else size)
    for axis in (axes.xaxis, axes.yaxis):  # the numbers along an axis have one size
        labels = axis.get_ticklabels()
        size = labels[0].get_fontsize() if labels else 0.0
        wanted = SMALLEST if narrow else max(size, SMALLEST)
        if wanted != size:
            axis.set_tick_params(labelsize=wanted)
        if not axis.get_label_text():
            # placing an empty label would measure all numbers again
            axis.set_label_coords(0, 0)


@cache
def _ruler(dpi: float) -> RendererBase:
    """Return the renderer that measures texts: of one dot, since only its resolution matters."""
    return RendererAgg(1, 1, dpi)  # type: ignore[no-untyped-call]


def _box(text: Text) -> Bbox:
    return text.get_window_extent(_ruler(text.get_figure(root=True).dpi))  # type: ignore[union-attr]


def _wrap(axes: Axes) -> None:
    """Break row labels and notes into short lines."""
    labels = [t.get_text() for t in axes.get_yticklabels()]
    fixed = isinstance(axes.yaxis.get_major_locator(), FixedLocator)
    if fixed and any(len(label) > LABEL_CHARACTERS for label in labels):
        flat = (label.replace("\n", " ") for label in labels)
        broken = [textwrap.fill(label, LABEL_CHARACTERS, break_long_words=False) for label in flat]
        axes.set_yticks(axes.get_yticks(), broken)
    for note in axes.texts:
        if isinstance(note, Annotation) and not note.get_rotation():
            note.set_text(textwrap.fill(note.get_text(), NOTE_CHARACTERS))


def _make_room(figure: Figure, axes: Axes) -> None:
    """Move the edges of the axes so that row labels, and notes as far as they can, stay inside the figure."""
    frame, pad, place = figure.bbox, PAD * figure.dpi, axes.get_position()
    x0, x1 = place.x0, place.x1
    left = [_box(t).x0 for t in [*axes.get_yticklabels(), axes.yaxis.label] if t.get_text()]
    right = [_box(t).x1 for t in [*axes.get_xticklabels(), *axes.texts] if t.get_text()]
    if left and (len(figure.axes) == 1 or min(left) < frame.x0):
        x0 = max(0.02, x0 + (frame.x0 + pad - min(left)) / frame.width)
    if right:
        x1 -= max(0.0, max(right) - (frame.x1 - pad)) / frame.width
    x1 = max(x1, min(x0 + NARROWEST, 0.97))
    axes.set_position((x0, place.y0, x1 - x0, place.height))


def _keep_axis_words(figure: Figure, axes: Axes) -> None:
    """Break the words under the axis so that they stay inside the figure."""
    words = axes.get_xlabel().replace("\n", " ")
    for characters in AXIS_CHARACTERS if words else ():
        axes.set_xlabel(textwrap.fill(words, characters))
        box = _box(axes.xaxis.label)
        if box.x0 >= figure.bbox.x0 and box.x1 <= figure.bbox.x1:
            return


def _nudge(figure: Figure, axes: Axes) -> None:
    """Shift a note that still crosses an edge of the figure; one beside its point also moves up."""
    first, last = figure.bbox.x0 + PAD * figure.dpi, figure.bbox.x1 - PAD * figure.dpi
    for note in axes.texts:
        text = note.get_text()
        box = _box(note) if text else Bbox.null()
        if text and isinstance(note, Annotation) and note.anncoords == "offset points":
            over = max(0.0, box.x1 - last) - max(0.0, first - box.x0)
            if over:
                x, y = note.xyann
                note.xyann = (x - over * 72 / figure.dpi, y if abs(y) > LIFT / 2 else y + LIFT)
        elif text and box.x1 > last and "\n" not in text:
            room = max(last - box.x0, 1) / box.width
            note.set_text(textwrap.fill(text, max(8, int(room * len(text)))))


def _thin(axes: Axes) -> None:
    """Leave out every second number under the axis while two of them touch."""
    for _ in range(ROUNDS):
        low, high = sorted(axes.get_xlim())
        shown = [t for t in axes.get_xticks() if low <= t <= high]
        labels = [t for t in axes.get_xticklabels() if low <= t.get_position()[0] <= high]
        boxes = sorted((_box(t) for t in labels if t.get_text()), key=lambda b: b.x0)
        gaps = [b.x0 - a.x1 for a, b in pairwise(boxes)]
        if not gaps or min(gaps) > 0.04 * axes.figure.dpi or len(shown) < 3:
            return
        named = isinstance(axes.xaxis.get_major_locator(), FixedLocator) and len(labels) == len(shown)
        axes.set_xticks(shown[::2], [t.get_text() for t in labels[::2]] if named else None)
