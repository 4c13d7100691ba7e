"""Fit what was drawn into its figure: no text too small, none over the edge, none over another."""

from __future__ import annotations

import textwrap
from functools import cache
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FixedLocator

SMALLEST = 9.0  # points
LARGEST_NARROW = 10.0
LABEL_CHARACTERS = 18  # a row label on a phone breaks after so many
ROUNDS = 3  # moving an edge moves the texts that stand beside the points
STILL = 1e-6  # share of the figure: an edge that moves less stands still
NARROWEST = 0.45  # share of the figure that the axes keep
NOTE_CHARACTERS = 19
AXIS_CHARACTERS = (36, 30, 24, 18)  # the first that stays inside the figure
LIFT = 11  # points: a note that cannot stand beside its point stands above it


def fit(figure: Figure, *, narrow: bool) -> None:
    """Give every text a readable size; for a phone also make room for labels and thin out ticks.

    Parameters
    ----------
    figure
        The drawn figure; it is changed in place.
    narrow
        Whether it is the drawing for a phone.

    Notes
    -----
    All words must stand in the figure by now: the place of a name given to an axis later is not looked for.
    """
    for axes in figure.axes:  # title, subtitle and source of the figure have their sizes already
        for text in _texts(axes):
            size = max(text.get_fontsize(), SMALLEST)
            text.set_fontsize(min(size, LARGEST_NARROW) if narrow else size)
        for axis in (axes.xaxis, axes.yaxis):
            labels = axis.get_ticklabels()
            size = labels[0].get_fontsize() if labels else 0.0
            wanted = SMALLEST if narrow else max(size, SMALLEST)
            if wanted != size:
                axis.set_tick_params(labelsize=wanted)
            if not axis.get_label_text():
                # looking for the place of words that are not there would measure all numbers once more
                axis.set_label_coords(0, 0)
    if narrow:
        for axes in figure.axes:
            _wrap_rows(axes)
            for note in axes.texts:
                if isinstance(note, Annotation):
                    note.set_text(textwrap.fill(note.get_text(), NOTE_CHARACTERS))
        for axes in figure.axes:
            for _ in range(ROUNDS):
                before = axes.get_position()
                _make_room(figure, axes)
                if abs(axes.get_position().get_points() - before.get_points()).max() < STILL:
                    break
        for axes in figure.axes:
            _thin(figure, axes)
            _nudge(figure, axes)
            _keep_axis_words(figure, axes)


def _texts(axes: Axes) -> list[Text]:
    """Return the texts of axes, but for the numbers along them, whose size is one setting."""
    legend = axes.get_legend()
    children = [c for c in axes.get_children() if isinstance(c, Text)]  # its titles and notes
    return [*children, axes.xaxis.label, axes.yaxis.label, *(legend.findobj(Text) if legend else ())]


@cache
def _ruler(dpi: float) -> RendererBase:
    """Return what texts are measured with: a sheet of one dot, for a text is as large on every sheet of a figure's dpi."""
    return RendererAgg(1, 1, dpi)  # type: ignore[no-untyped-call]


def _wrap_rows(axes: Axes) -> None:
    if isinstance(axes.yaxis.get_major_locator(), FixedLocator):
        labels = [t.get_text() for t in axes.get_yticklabels()]
        if any(len(label) > LABEL_CHARACTERS for label in labels):
            axes.set_yticks(
                axes.get_yticks(),
                [
                    textwrap.fill(text.replace("\n", " "), LABEL_CHARACTERS, break_long_words=False)
                    for text in labels
                ],
            )


def _make_room(figure: Figure, axes: Axes) -> None:
    """Move the edges of the axes so that row labels, and notes as far as they can, stay inside the figure."""
    renderer = _ruler(figure.dpi)
    whole, pad = figure.bbox, 0.05 * figure.dpi
    beside = [
        t.get_window_extent(renderer) for t in [*axes.get_yticklabels(), axes.yaxis.label] if t.get_text()
    ]
    below = [t.get_window_extent(renderer) for t in [*axes.get_xticklabels(), *axes.texts] if t.get_text()]
    place = axes.get_position()
    x0, x1 = place.x0, place.x1
    if beside and (len(figure.axes) == 1 or min(b.x0 for b in beside) < whole.x0):
        x0 = max(0.02, x0 + (whole.x0 + pad - min(b.x0 for b in beside)) / whole.width)
    if below:
        x1 -= max(0.0, max(b.x1 for b in below) - (whole.x1 - pad)) / whole.width
    x1 = max(x1, min(x0 + NARROWEST, 0.97))
    axes.set_position((x0, place.y0, x1 - x0, place.height))


def _keep_axis_words(figure: Figure, axes: Axes) -> None:
    """Break the words under the axis so that they stay inside the figure."""
    words = axes.get_xlabel().replace("\n", " ")
    for characters in AXIS_CHARACTERS if words else ():
        axes.set_xlabel(textwrap.fill(words, characters))
        box = axes.xaxis.label.get_window_extent(_ruler(figure.dpi))
        if box.x0 >= figure.bbox.x0 and box.x1 <= figure.bbox.x1:
            return


def _nudge(figure: Figure, axes: Axes) -> None:
    """Shift a note that still runs over an edge of the figure; beside its point it moves up as well."""
    renderer = _ruler(figure.dpi)
    whole, pad = figure.bbox, 0.05 * figure.dpi
    for note in axes.texts:
        if isinstance(note, Annotation) and note.get_text() and note.anncoords == "offset points":
            box = note.get_window_extent(renderer)
            over = max(0.0, box.x1 - (whole.x1 - pad)) - max(0.0, whole.x0 + pad - box.x0)
            if over:
                x, y = note.xyann
                note.xyann = (x - over * 72 / figure.dpi, y if abs(y) > LIFT / 2 else y + LIFT)
        elif note.get_text():
            box = note.get_window_extent(renderer)
            if box.x1 > whole.x1 - pad and "\n" not in note.get_text():
                room = max(whole.x1 - pad - box.x0, 1) / box.width
                note.set_text(textwrap.fill(note.get_text(), max(8, int(room * len(note.get_text())))))


def _thin(figure: Figure, axes: Axes) -> None:
    """Leave out every second number under the axis while two of them touch."""
    for _ in range(ROUNDS):
        renderer = _ruler(figure.dpi)
        low, high = sorted(axes.get_xlim())
        shown = [t for t in axes.get_xticks() if low <= t <= high]
        boxes = sorted(
            (
                t.get_window_extent(renderer)
                for t in axes.get_xticklabels()
                if t.get_text() and low <= t.get_position()[0] <= high
            ),
            key=lambda b: b.x0,
        )
        gaps = [b.x0 - a.x1 for a, b in pairwise(boxes)]
        if not gaps or min(gaps) > 0.04 * figure.dpi or len(shown) < 3:
            return
        named = isinstance(axes.xaxis.get_major_locator(), FixedLocator)
        texts = [t.get_text() for t in axes.get_xticklabels() if low <= t.get_position()[0] <= high]
        if named and len(texts) == len(shown):
            axes.set_xticks(shown[::2], texts[::2])
        else:
            axes.set_xticks(shown[::2])
