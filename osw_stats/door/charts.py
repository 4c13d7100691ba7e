"""`plot`: figures over time with their intervals, and the breaks in the series."""

from datetime import date
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from osw_stats.door import arguments
from osw_stats.draw import INK, OCHRE, PLUM, TEAL
from osw_stats.draw.forms import Words, draw_breaks, number_axis
from osw_stats.draw.style import STYLE
from osw_stats.errors import InputError, OswError
from osw_stats.meaning.periods import Period
from osw_stats.meaning.series import catalogue
from osw_stats.meaning.units import UNITS
from osw_stats.project import LANGUAGES
from osw_stats.text.words import group_words, word

_STYLE: Any = STYLE
COLOURS, MARKS = (TEAL, OCHRE, PLUM, INK), "os^Dv"
LIMITS = ("ci_lower", "ci_upper", "lower", "upper")
GROUPS = ("series_id", "sex", "age", "region", "breakdown")


def plot(
    rows: pd.DataFrame,
    *,
    x: str = "time_period",
    y: str = "obs_value",
    by: str | list[str] | None = None,
    ax: Axes | None = None,
    language: str = "en",
) -> Axes:
    """Plot figures over time with their intervals; no line crosses a change of definition.

    Parameters
    ----------
    rows
        The result of `Tables.get`, or any frame with the same columns. Bars run from `ci_lower` to `ci_upper` where
        these are given, else from `lower` to `upper`.
    x, y
        Columns with the periods (years, months, dates, periods) and with the values.
    by
        Column or columns that define the groups, each drawn separately. Default: series, sex, age, region and
        breakdown, where they differ.
    ax
        Axes to draw in; by default new ones in the style of the report.
    language
        "nl" or "en".

    Returns
    -------
    matplotlib.axes.Axes
        The axes, to add to or to save: `.figure.savefig("chart.svg")`.

    Examples
    --------
    >>> import osw_stats
    >>> axes = plot(osw_stats.load(2024).get("helpwanted_requests"))
    >>> axes.get_ylabel(), axes.get_title(loc="left")
    ('requests for advice', 'Requests for advice at Helpwanted')
    """
    table = arguments.frame(rows, "rows")
    arguments.columns([x, y], table, "rows")
    arguments.choice(language, LANGUAGES, "language")
    if ax is not None:
        arguments.of_kind(ax, Axes, "axes", "Pass one of the axes that matplotlib gives.", "ax")
    chosen = arguments.columns(by, table, "by")
    for name in (n for n in dict.fromkeys([*chosen, *GROUPS, "definition_id"]) if n in table):
        arguments.groups(table, name, gaps=True)
    groups = chosen if by is not None else [c for c in GROUPS if c in table and len(set(table[c])) > 1]
    data = {name: arguments.numbers(table[name], name, gaps=True) for name in (y, *LIMITS) if name in table}
    table = table.assign(**data).dropna(subset=[y])
    if table.empty:
        raise InputError("has no value to plot", "Choose rows with a value.", column=y)
    # 1 January among dates of other months is a month too; a column of 31 December holds years
    days = {(t.month, t.day) for t in table[x] if isinstance(t, date)}
    monthly = not days <= {(1, 1)} and days != {(12, 31)}
    periods = arguments.periods(table[x], x, "month" if monthly else "period")
    table = table.assign(_at=[_place(period) for period in periods]).sort_values("_at", kind="stable")
    ids = list(dict.fromkeys(table["series_id"])) if "series_id" in table else []
    entries = [catalogue()[i] for i in ids if i in catalogue()]
    units = dict.fromkeys(getattr(UNITS[entry.unit], language) for entry in entries)
    if len(units) > 1:
        problem = f"has figures in several units ({', '.join(units)})"
        raise InputError(problem, "Plot each unit in separate axes.", column="series_id")
    with mpl.rc_context(_STYLE):
        if ax is None:
            from matplotlib import pyplot as plt  # shows the chart in a notebook

            _, ax = plt.subplots(figsize=(7.2, 3.6), layout="constrained")
        parts: Any = (
            table.groupby(groups, sort=False, observed=True, dropna=False) if groups else [((), table)]
        )
        for k, (key, group) in enumerate(parts):
            style = {"color": COLOURS[k % len(COLOURS)], "marker": MARKS[k // len(COLOURS) % len(MARKS)]}
            _draw(ax, group, y, _label(dict(zip(groups, key, strict=True)), language), style)
        if groups:
            ax.legend(frameon=False, fontsize=9)
        ax.set_title(" · ".join(entry.title[language] for entry in entries), loc="left", wrap=True)
        ax.set_ylabel("".join(units))
        ax.margins(x=0.06, y=0.08)
        (first, last), lowest = ax.dataLim.intervalx, ax.dataLim.y0
        if lowest >= 0:
            ax.set_ylim(bottom=0)
        if last - first < 1:  # widen to whole years, so that the ticks fall on years
            ax.set_xlim(round(first) - 0.5, round(last) + 0.5)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
        number_axis(ax.yaxis, language)
        draw_breaks(ax, [entry.series_id for entry in entries], Words(language, "police")("cut"))
    return ax


def _place(period: Period) -> float:
    """Return the position of a period on the axis: a year at its number, a shorter period at its midpoint."""
    fraction = (period.start.month - 1) / 12 + period.days / 730.5 - 0.5
    return period.start.year + (0.0 if len(period.code) == 4 else fraction)


def _label(values: dict[str, Any], language: str) -> str:
    """Return the label of a group: the project's words for its values, else the values themselves."""
    titles = catalogue()
    codes = {name: value for name, value in values.items() if name in ("sex", "age", "breakdown")}
    others = [v for name, v in values.items() if name not in codes]
    others = [titles[v].title[language] if v in titles else str(v) for v in others]
    try:
        words = group_words(codes, language)
    except (OswError, KeyError):  # codes in users' own data have no words
        words = list(map(str, codes.values()))
    return ", ".join([*others, *words]) or word("sex", "total", language)


def _draw(ax: Axes, rows: pd.DataFrame, y: str, label: str, style: dict[str, Any]) -> None:
    """Draw one group: a line for each definition, and the interval of every figure."""
    low, high = (_limits(rows, y, end) for end in ("lower", "upper"))
    ax.vlines(rows["_at"], low, high, color=style["color"], lw=4, alpha=0.35)
    definitions = rows["definition_id"] if "definition_id" in rows else pd.Series("", rows.index)
    for k, (_, segment) in enumerate(rows.groupby(definitions.to_numpy(), sort=False, dropna=False)):
        ax.plot(segment["_at"], segment[y], label="" if k else label, lw=1.6, ms=6, **style)


def _limits(rows: pd.DataFrame, y: str, end: str) -> "pd.Series[float]":
    """Return the confidence limit of every row, else the limit of its wording, else its value."""
    limits = pd.Series(float("nan"), rows.index)
    for name in (name for name in (f"ci_{end}", end, y) if name in rows):
        limits = limits.fillna(rows[name].astype(float))
    return limits
