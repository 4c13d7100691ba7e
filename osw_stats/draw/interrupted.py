"""A monthly series around a date: observed and expected counts, and the same step at other dates."""

import numpy as np
import pandas as pd
from matplotlib.ticker import LogLocator

from osw_stats.draw import BAND, GREY, INK, OCHRE, TEAL
from osw_stats.draw.forms import (
    DASHED,
    Words,
    count_axis,
    dated,
    dot,
    draw_events,
    number_axis,
    place_of,
    row_axis,
)
from osw_stats.draw.style import Chart, two_widths
from osw_stats.meaning.lookup import only
from osw_stats.meaning.observations import records
from osw_stats.shelf.months.interrupted import Fit, excess_by_month, expected
from osw_stats.shelf.months.study import rank
from osw_stats.text.cells import fill


@two_widths
def counts(fitted: Fit, events: pd.DataFrame, alpha: float, source: str, language: str) -> Chart:
    """Draw the months, the fitted line and, dashed, the counts expected without a step, with their band."""
    series, date = fitted.series, fitted.model.date
    values = {"publisher": source, "name": series.name, "date": date, "level": 100 * (1 - alpha)}
    say, step = Words(language, "interrupted", "its_counts", **values), fitted.step(alpha=alpha)
    value, low, high = (100 * (step[end] - 1) for end in ("rr", "rr_lower", "rr_upper"))
    change = _with_limits(value, low, high, say, "%")
    figure, axes = say.canvas(3.0, left=0.11, change=change, events=dated(events, language))
    when = np.array([place_of(f"{m}-15") for m in series.months])
    after = excess_by_month(fitted, alpha=alpha)
    tail = when[-len(after) :]
    axes.fill_between(tail, after["lower"], after["upper"], color=BAND, lw=0)
    axes.plot(when, np.asarray(fitted.result.mu, dtype=float), color=TEAL, lw=1.2)
    axes.plot(tail, expected(fitted)[-len(after) :], color=TEAL, lw=1.6, ls=(0, (3, 2)))
    axes.plot(when, series.counts, "o", color=INK, ms=2.6)
    axes.plot(tail, series.counts[-len(after) :], "o", color=OCHRE, ms=4.5)
    axes.axvline(place_of(f"{date}-01"), **DASHED)
    axes.set_xlim(when[0] - 0.1, when[-1] + 0.2)
    axes.set_ylim(0, float(max(series.counts.max(), after["upper"].max())) * 1.1)
    draw_events(axes, events, language)
    count_axis(axes, language)
    axes.xaxis.set_major_formatter(lambda v, _: f"{v:.0f}" if v == int(v) else "")
    return say.chart(figure, change=change, first=series.months[0], last=series.months[-1])


@two_widths
def cumulative(fitted: Fit, alpha: float, source: str, language: str) -> Chart:
    """Draw how many more or fewer than expected were counted since the date, added up, with its band."""
    values = {"publisher": source, "name": fitted.series.name, "date": fitted.model.date}
    say = Words(language, "interrupted", "its_cumulative", **values, level=100 * (1 - alpha))
    table = excess_by_month(fitted, alpha=alpha)
    last = only(table, "its_excess", month=table["month"].max())
    total = _with_limits(last["cum_excess"], last["cum_lower"], last["cum_upper"], say)
    figure, axes = say.canvas(2.0, left=0.11, total=total)
    x = range(len(table))
    axes.axhline(0, color=GREY, lw=1)
    axes.fill_between(x, table["cum_lower"], table["cum_upper"], color=BAND, lw=0)
    axes.plot(x, table["cum_excess"], "-o", color=TEAL, lw=1.6)
    axes.set_xticks(list(x), table["month"].tolist(), rotation=0 if len(table) < 9 else 60)
    count_axis(axes, language, labelsize=9)
    return say.chart(figure, total=total)


@two_widths
def placebos(table: pd.DataFrame, source: str, language: str) -> Chart:
    """Draw the steps at dates where nothing is known to have happened, and the one at the true date."""
    import seaborn as sns  # slow to import, for the one chart that needs months

    ranked = rank(table)
    say = Words(language, "interrupted", "its_placebos", publisher=source, dates=ranked.dates)
    true = float(only(table, "its_placebo", is_true_date=True)["delta"])
    others = table.loc[~table["is_true_date"], "delta"].to_numpy(dtype=float)
    p = say.number(ranked.p, 3)
    larger = round(ranked.p * (1 + ranked.dates)) - 1  # dates whose step stands out as much as the true one
    figure, axes = say.canvas(1.6, left=0.05, larger=larger, p=p, stretches=say.number(ranked.n_eff))
    *steps, step = 100 * np.expm1(np.append(others, true))
    low, high = min(*steps, step), max(*steps, step)
    sns.swarmplot(x=steps, color=GREY, size=5, ax=axes)
    axes.axvline(step, color=OCHRE, lw=2)
    axes.axvline(0, color=GREY, lw=0.8)
    axes.set_xlim(low - 1, high + 1)
    axes.set_yticks([])
    number_axis(axes.xaxis, language, sign="%")
    axes.tick_params(length=0)
    axes.grid(axis="y", visible=False)
    least, most = say.number(min(steps), 1), say.number(max(steps), 1)
    return say.chart(figure, p=p, low=least, high=most, shown=say.number(step, 1))


@two_widths
def forest(table: pd.DataFrame, alpha: float, source: str, language: str) -> Chart:
    """Draw the step under every choice; the one chosen beforehand on top and coloured."""
    say = Words(language, "interrupted", "its_forest", publisher=source, level=100 * (1 - alpha))
    rows = records(table[table["rr"].notna()])[::-1]
    figure, axes = say.canvas(0.3 * len(rows) + 0.2, left=0.42)
    axes.axvline(1, color=GREY, lw=1)
    for y, r in enumerate(rows):
        colour, marker = (OCHRE, "D") if r["variant"] == "primary" else (GREY, "o")
        dot(axes, r["rr"], (r["lower"], r["upper"]), y, colour, marker, ms=6)
    row_axis(axes, [fill("{variant:parts interrupted}", r, language) for r in rows])
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(0.5, 0.75, 1.0, 1.5, 2.0)))
    axes.xaxis.set_minor_formatter(lambda *_: "")
    number_axis(axes.xaxis, language, 2)
    axes.tick_params(length=0, labelsize=9)
    first = only(table, "its_sensitivity", variant="primary")
    chosen, lower, upper = (say.number(first[end], 2) for end in ("rr", "lower", "upper"))
    low, high = (say.number(end(r["rr"] for r in rows), 2) for end in (min, max))
    return say.chart(figure, n=len(rows), chosen=f"{chosen} ({lower}–{upper})", low=low, high=high)


def _with_limits(value: float, low: float, high: float, say: Words, unit: str = "") -> str:
    return f"{say.number(value)}{unit} ({say.number(low)} {say('to')} {say.number(high)})"
