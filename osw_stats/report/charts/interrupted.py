"""A monthly series around a date: what was counted, what was expected, and how it looks at other dates."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.ticker import LogLocator

from osw_stats.analysis.months.counterfactual import excess_by_month, expected
from osw_stats.analysis.months.interrupted import Fit
from osw_stats.analysis.months.placebo import rank
from osw_stats.report.charts.style import (
    BAND,
    GREY,
    INK,
    OCHRE,
    TEAL,
    Chart,
    canvas,
    source_line,
    style,
    two_widths,
)
from osw_stats.report.charts.timeline import draw_events, key, lettered, place_of
from osw_stats.report.language import number
from osw_stats.report.row_cells import its_variant
from osw_stats.vocabulary.lookup import only

ROW = 0.3  # inches a variant


@two_widths
def counts(fitted: Fit, events: pd.DataFrame, source: str, language: str) -> Chart:
    """Draw the months, the fitted line, and dashed what was expected without a step, with its band."""
    nl = language == "nl"
    series, date = fitted.series, fitted.model.date
    step = fitted.step()
    shown = [100 * (step[k] - 1) for k in ("rr", "rr_lower", "rr_upper")]
    change = _span(shown[0], shown[1], shown[2], language, "%")
    title = (
        f"{series.name}: sprong in {date} van {change}"
        if nl
        else f"{series.name}: step in {date} of {change}"
    )
    drawn = lettered(events)
    subtitle = (
        "Aantallen per maand. Lijn: model. Streepjes met band: verwacht als niets was veranderd, met 95%-voorspelmarge. "
        if nl
        else "Counts by month. Line: model. Dashes with band: expected had nothing changed, with 95% limits of prediction. "
    ) + key(drawn, language)
    figure, axes = canvas(3.0, title, subtitle, left=0.11)
    when = np.array([place_of(f"{m}-15") for m in series.months])
    after = excess_by_month(fitted)
    tail = when[-len(after) :]
    with style():
        axes.fill_between(tail, after["lower"], after["upper"], color=BAND, lw=0)
        axes.plot(when, np.asarray(fitted.result.mu, dtype=float), color=TEAL, lw=1.2)
        axes.plot(tail, expected(fitted)[-len(after) :], color=TEAL, lw=1.6, ls=(0, (3, 2)))
        axes.plot(when, series.counts, "o", color=INK, ms=2.6)
        axes.plot(tail, series.counts[-len(after) :], "o", color=OCHRE, ms=4.5)
        axes.axvline(place_of(f"{date}-01"), color=GREY, lw=1, ls=(0, (4, 3)))
        axes.set_xlim(when[0] - 0.1, when[-1] + 0.2)
        axes.set_ylim(0, float(max(series.counts.max(), after["upper"].max())) * 1.1)
        draw_events(axes, drawn)
        axes.yaxis.set_major_formatter(lambda v, _: number(v, language))
        axes.xaxis.set_major_formatter(lambda v, _: f"{v:.0f}" if v == int(v) else "")
        axes.grid(axis="x", visible=False)
        axes.tick_params(length=0)
    source_line(figure, source)
    caption = f"{series.name} per maand rond {date}" if nl else f"{series.name} by month around {date}"
    alt = (
        f"Punten per maand van {series.months[0]} tot {series.months[-1]}, met een lijn van het model. Vanaf {date} "
        f"de verwachting als streepjes met een band. De sprong is {change}."
        if nl
        else f"Points by month from {series.months[0]} to {series.months[-1]}, with the line of the model. From {date} "
        f"on the expectation as dashes with a band. The step is {change}."
    )
    return Chart(figure, caption, alt)


@two_widths
def cumulative(fitted: Fit, source: str, language: str) -> Chart:
    """Draw how many more or fewer than expected were counted since the date, added up, with its band."""
    nl = language == "nl"
    table = excess_by_month(fitted)
    last = only(table, "its_excess", month=table["month"].max())
    total = _span(last["cum_excess"], last["cum_lower"], last["cum_upper"], language)
    title = (
        f"Verschil met de verwachting, opgeteld: {total}"
        if nl
        else f"Difference from the expectation, added up: {total}"
    )
    subtitle = f"{fitted.series.name}, vanaf {fitted.model.date}. Band: 95%-voorspelmarge" if nl else f"{fitted.series.name}, from {fitted.model.date}. Band: 95% limits of prediction"  # fmt: skip
    figure, axes = canvas(2.0, title, subtitle, left=0.11)
    x = range(len(table))
    with style():
        axes.axhline(0, color=GREY, lw=1)
        axes.fill_between(x, table["cum_lower"], table["cum_upper"], color=BAND, lw=0)
        axes.plot(x, table["cum_excess"], "-o", color=TEAL, lw=1.6)
        axes.set_xticks(list(x), table["month"].tolist(), rotation=0 if len(table) < 9 else 60)
        axes.yaxis.set_major_formatter(lambda v, _: number(v, language))
        axes.grid(axis="x", visible=False)
        axes.tick_params(length=0, labelsize=9)
    source_line(figure, source)
    caption = "Opgeteld verschil met de verwachting" if nl else "Difference from the expectation, added up"
    alt = f"Lijn met band, per maand opgeteld, eindigend op {total}." if nl else f"Line with band, added up by month, ending at {total}."  # fmt: skip
    return Chart(figure, caption, alt)


@two_widths
def placebos(table: pd.DataFrame, source: str, language: str) -> Chart:
    """Draw the steps at dates where nothing is known to have happened, and the one at the true date."""
    nl = language == "nl"
    found = rank(table)
    true = float(only(table, "its_placebo", is_true_date=True)["delta"])
    others = table.loc[~table["is_true_date"], "delta"].to_numpy(dtype=float)
    p = number(found.p, language, 3)
    larger = (
        round(found.p * (1 + found.dates)) - 1
    )  # dates whose step stands out as much as the true one, or more
    title = (
        f"Andere datums waarop de sprong minstens zo opvalt: {larger} van {found.dates}"
        if nl
        else f"Other dates at which the step stands out at least as much: {larger} of {found.dates}"
    )
    subtitle = (
        f"Elke stip is een datum zonder bekende gebeurtenis; de lijn is de echte datum. Rang-p {p}; de stippen overlappen, "
        f"er zijn ongeveer {number(found.n_eff, language)} losse stukken"
        if nl
        else f"Every dot is a date without a known event; the line is the true date. Rank p {p}; the dots overlap, "
        f"there are about {number(found.n_eff, language)} separate stretches"
    )
    figure, axes = canvas(1.6, title, subtitle, left=0.05)
    steps = 100 * np.expm1(np.append(others, true))
    with style():
        bins = np.linspace(steps.min() - 0.5, steps.max() + 0.5, 31)
        heights: dict[int, int] = {}
        for value in steps[:-1]:
            at = int(np.digitize(value, bins))
            heights[at] = heights.get(at, 0) + 1
            axes.plot(value, heights[at], "o", color=GREY, ms=5)
        axes.axvline(steps[-1], color=OCHRE, lw=2)
        axes.axvline(0, color=GREY, lw=0.8)
        axes.set_ylim(0, max(heights.values(), default=1) + 1.5)
        axes.set_yticks([])
        axes.xaxis.set_major_formatter(lambda v, _: f"{number(v, language)}%")
        axes.tick_params(length=0)
        axes.grid(axis="y", visible=False)
    source_line(figure, source)
    shown = number(steps[-1], language, 1)
    low, high = number(steps[:-1].min(), language, 1), number(steps[:-1].max(), language, 1)
    caption = "De sprong op de echte datum tussen die op andere datums" if nl else "The step at the true date among those at other dates"  # fmt: skip
    alt = (
        f"Stippen van {found.dates} andere datums tussen {low} en {high} procent; de echte datum staat op {shown} procent. Rang-p {p}."
        if nl
        else f"Dots of {found.dates} other dates between {low} and {high} percent; the true date stands at {shown} percent. Rank p {p}."
    )
    return Chart(figure, caption, alt)


@two_widths
def forest(table: pd.DataFrame, source: str, language: str) -> Chart:
    """Draw the step under every choice; the one chosen beforehand on top and coloured."""
    nl = language == "nl"
    rows = table[table["rr"].notna()].iloc[::-1]
    title = "Dezelfde sprong bij andere keuzes" if nl else "The same step under other choices"
    subtitle = (
        "Verhouding na en voor de datum, met 95%-marge; boven de keuze die vooraf is gemaakt. Logaritmische schaal"
        if nl
        else "Ratio after and before the date, with 95% limits; on top the choice made beforehand. Logarithmic scale"
    )
    figure, axes = canvas(ROW * len(rows) + 0.2, title, subtitle, left=0.42)
    with style():
        axes.axvline(1, color=GREY, lw=1)
        for at, (_, row) in enumerate(rows.iterrows()):
            colour = OCHRE if row["variant"] == "primary" else GREY
            axes.plot([row["lower"], row["upper"]], [at, at], color=colour, lw=2.4, solid_capstyle="butt")
            axes.plot(row["rr"], at, "D" if colour == OCHRE else "o", color=colour, ms=6)
        axes.set_yticks(range(len(rows)), [its_variant({"variant": v}, language) for v in rows["variant"]])
        axes.set_ylim(-0.7, len(rows) - 0.3)
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(_few())
        axes.xaxis.set_minor_formatter(lambda *_: "")
        axes.xaxis.set_major_formatter(lambda v, _: number(v, language, 2))
        axes.grid(axis="y", visible=False)
        axes.tick_params(length=0, labelsize=9)
    source_line(figure, source)
    first = only(table, "its_sensitivity", variant="primary")
    low, high = number(rows["rr"].min(), language, 2), number(rows["rr"].max(), language, 2)
    mine = f"{number(first['rr'], language, 2)} ({number(first['lower'], language, 2)}–{number(first['upper'], language, 2)})"
    caption = "Hoe de sprong afhangt van keuzes" if nl else "How the step depends on choices"
    alt = (
        f"{len(rows)} punten met marge. De gekozen berekening: {mine}. Alle andere liggen tussen {low} en {high}."
        if nl
        else f"{len(rows)} points with limits. The chosen computation: {mine}. All others lie between {low} and {high}."
    )
    return Chart(figure, caption, alt)


def _span(value: float, low: float, high: float, language: str, unit: str = "") -> str:
    to = {"nl": "tot", "en": "to"}[language]
    return f"{number(value, language)}{unit} ({number(low, language)} {to} {number(high, language)})"


def _few() -> LogLocator:
    return LogLocator(subs=(0.5, 0.75, 1.0, 1.5, 2.0))
