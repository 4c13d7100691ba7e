"""Years on an axis: what happened drawn as letters with a key, breaks as dashed lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd
from matplotlib.axes import Axes

from osw_stats.draw import GREY, GRID, INK
from osw_stats.draw.forms import DASHED, Look, Words, note
from osw_stats.meaning.observations import records
from osw_stats.meaning.series import Break, series


def place_of(day: str) -> float:
    """Return where a day stands on an axis on which a year's count stands at the year itself."""
    when = date.fromisoformat(day)
    return when.year - 0.5 + (when.timetuple().tm_yday - 1) / 365.25


def lettered(events: pd.DataFrame) -> pd.DataFrame:
    """Give every event that is drawn a letter, in order of time; statements are not drawn."""
    shown = events[events["kind"] != "statement"].reset_index(drop=True)
    return shown.assign(letter=[chr(ord("a") + i) for i in range(len(shown))])


def key(events: pd.DataFrame, language: str) -> str:
    """Return the key to the letters: "a lockdown (2020) · b ..."."""
    return " · ".join(f"{e['letter']} {e[language]} ({_when(e)})" for e in records(events))


def _when(event: dict[str, str]) -> str:
    start, end = event["start"], event["end"]
    year, first, last = start[:4], start[:7], end[:7]
    if start == end:
        return start
    if (start, end) == (f"{year}-01-01", f"{year}-12-31"):
        return year
    return first if first == last else f"{first}/{last.removeprefix(f'{year}-')}"


def draw_events(axes: Axes, events: pd.DataFrame) -> None:
    """Draw events at the foot of a panel whose limits are set: a bar as long as the event, its letter above it."""
    low, high = axes.get_ylim()
    foot = low + 0.02 * (high - low)
    taken: list[float] = []
    for event in records(events):
        first, last = place_of(event["start"]), place_of(event["end"])
        axes.plot([first, max(last, first + 0.06)], [foot, foot], color=INK, lw=3, solid_capstyle="butt")
        middle = (first + last) / 2
        crowded = sum(abs(middle - t) < 0.45 for t in taken)
        taken.append(middle)
        note(
            axes, event["letter"], (middle, foot), (0, 3 + 9 * crowded), ha="center", fontsize=8.5, color=INK
        )


def draw_breaks(axes: Axes, series_ids: Iterable[str], word: str) -> list[Break]:
    """Draw where these series began to count otherwise, with a word at the top, and return those breaks.

    A dashed line stands at the day, as an event does; where only the year is known, that year is grey.
    The limits of the axes are set by then.
    """
    low, high = axes.get_xlim()
    drawn: list[Break] = []
    for cut in (cut for name in series_ids for cut in series(name).breaks):
        at, end = (place_of(day.isoformat()) for day in (cut.period.start, cut.period.end))
        if cut in drawn or end < low or at > high:
            continue
        drawn.append(cut)
        if cut.dated:
            axes.axvline(at, **DASHED)
        else:
            axes.axvspan(at, end, color=GRID, lw=0, zorder=0)
        place: Look = {"xycoords": ("data", "axes fraction"), "ha": "right", "va": "top"}
        plate = {"facecolor": "white", "edgecolor": GRID, "lw": 0, "pad": 1}
        note(axes, word, (at, 1), (-3, -3), fontsize=8.5, color=GREY, bbox=plate, **place)
    return drawn


def told_breaks(breaks: Iterable[Break], language: str, *, always_line: bool = False) -> str:
    """Return what the dashed lines and grey years of a chart stand for, as the series say it; "" without any.

    With `always_line` between waves of a survey: a wave is asked in one concept, so no year holds two.
    """
    say = Words(language, "timeline")
    texts = (say("line" if cut.dated or always_line else "year", text=cut.text[language]) for cut in breaks)
    return "".join(dict.fromkeys(texts))
