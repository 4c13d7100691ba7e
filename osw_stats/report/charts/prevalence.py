"""Survey shares: by wave, by group, and what changed, each with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from osw_stats.analysis.survey.prevalence import ALL, everyone
from osw_stats.report import row_cells
from osw_stats.report.charts.style import (
    BAND,
    GREY,
    TEAL,
    Chart,
    canvas,
    pickable,
    require,
    source_line,
    style,
    two_widths,
)
from osw_stats.report.charts.timeline import told_breaks
from osw_stats.report.language import filled, number
from osw_stats.report.suppression import why_not_shown
from osw_stats.vocabulary.numbers import interval_columns
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.periods import parse_period
from osw_stats.vocabulary.series import Break, series

Row = dict[str, Any]
EARLIER = ("s", "^", "v", "P")  # the last wave is a teal circle, earlier ones are grey shapes
KIND = {
    "assumed": {"nl": "aangenomen", "en": "assumed"},
    "published": {"nl": "zoals gepubliceerd", "en": "as published"},
    "design": {"nl": "uit de antwoorden zelf", "en": "from the answers themselves"},
}
SOURCE = {
    "nl": "Bron: CBS/WODC, Prevalentiemonitor{answers}; berekening osw_stats",
    "en": "Source: CBS/WODC prevalence survey{answers}; computed by osw_stats",
}
ANSWERS = {"nl": " en antwoorden van deelnemers", "en": " and answers of respondents"}
WHAT = {
    "nl": "Online seksuele intimidatie, procent van de {who}, in de twaalf maanden vóór het onderzoek. ",
    "en": "Online sexual harassment, percent of {who}, in the twelve months before the survey. ",
}
PEOPLE = {"nl": "mensen van 16 jaar of ouder", "en": "people of 16 and over"}
GROUPS = {"nl": "groep", "en": "the group"}
YOUNG = (("female", "16-17"), ("female", "18-23"))


def drawn(estimates: pd.DataFrame) -> list[Row]:
    """Return the rows with the limits to draw, those of the kind of interval each has, as `lower` and `upper`."""
    return [
        r | dict(zip(("lower", "upper"), (r[c] for c in interval_columns(r)), strict=True))
        for r in records(estimates)
    ]


@two_widths
def waves(estimates: pd.DataFrame, alpha: float, language: str) -> Chart:
    """Draw the national share by wave as dots with intervals, percent from zero."""
    rows = drawn(everyone(estimates))
    last = rows[-1]
    pct = {r["wave"]: number(r["pct"], language, 1) for r in rows}
    title = {
        "nl": f"In {last['wave']} zei {pct[last['wave']]} procent dit te hebben meegemaakt",
        "en": f"In {last['wave']}, {pct[last['wave']]} percent said they had experienced this",
    }
    figure, axes = canvas(
        0.62 * len(rows) + 0.5, title[language],
        WHAT[language].format(who=PEOPLE[language]) + _band({r["interval_kind"] for r in rows}, alpha, language), left=0.1,
    )  # fmt: skip
    with style():
        for y, r in enumerate(rows):
            latest = r is last
            axes.plot([r["lower"], r["upper"]], [y, y], color=BAND, lw=11, solid_capstyle="butt", zorder=1)
            axes.plot(r["pct"], y, "o" if latest else "s", color=TEAL if latest else GREY, ms=9, zorder=2)
            axes.annotate(
                f"{pct[r['wave']]} ({ends_of(r, language)})", (r["upper"], y), (10, 0), textcoords="offset points",
                va="center", fontweight="bold" if latest else "normal",
            )  # fmt: skip
        cuts: list[Break] = []
        for y, (a, b) in enumerate(pairwise(rows)):
            if a["definition_version"] != b["definition_version"]:
                cuts += breaks_between(a, b)
                axes.axhline(y + 0.5, color=GREY, lw=1, ls=(0, (4, 3)))
                text = {
                    "nl": f"ander begrip van het onderzoek vanaf {b['wave']}",
                    "en": f"concept of the survey changed in {b['wave']}",
                }
                axes.text(0.06, y + 0.44, text[language], fontsize=8.5, color=GREY, va="bottom")
        axes.set_yticks(range(len(rows)), [r["wave"] for r in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(0, 1.5 * max(r["upper"] for r in rows))
        _percent_axis(axes, language)
    source_line(figure, source(rows, language))
    told = "; ".join(f"{r['wave']}: {pct[r['wave']]} ({ends_of(r, language)})" for r in rows)
    alt = {
        "nl": filled("Stippen met marge voor {n} [n:ronde|rondes].", n=len(rows)) + f" Procent: {told}.",
        "en": filled("Dots with margin for {n} [n:wave|waves].", n=len(rows)) + f" Percent: {told}.",
    }
    caption = {
        "nl": "Online seksuele intimidatie in twaalf maanden, per ronde van het onderzoek",
        "en": "Online sexual harassment in twelve months, by wave of the survey",
    }
    return Chart(figure, caption[language], alt[language] + told_breaks(cuts, language, always_line=True))


def source(rows: list[Row], language: str) -> str:
    """Return where the rows of a drawing come from: the publisher, and answers of respondents where they were given."""
    given = any(r["interval_kind"] == "design" for r in rows)
    return SOURCE[language].format(answers=ANSWERS[language] if given else "")


def breaks_between(a: Row, b: Row) -> list[Break]:
    """Return the breaks of a series between two of its waves."""
    first, last = (parse_period(r["wave"]).start for r in (a, b))
    name = str(b["definition_version"]).rpartition(".")[0]
    return [cut for cut in series(name).breaks if first < cut.period.end and cut.period.start <= last]


@two_widths
def groups(estimates: pd.DataFrame, alpha: float, language: str) -> Chart:
    """Draw every group as a row, a mark a wave; hollow marks have a rounding interval only."""
    rows = [r for r in drawn(estimates) if (r["sex"], r["age"]) != ALL]
    require([r for r in rows if pd.notna(r["upper"])], "figures of groups")
    order = sorted({(r["sex"], r["age"]) for r in rows}, key=lambda g: (g[1] != "16+", g[1], g[0]))
    known = sorted({r["wave"] for r in rows})
    blind = any(r["interval_kind"] == "rounding" for r in rows)
    title = {"nl": "Jonge vrouwen en meisjes noemen dit het vaakst", "en": "Girls and young women report this most often"}  # fmt: skip
    if blind or not _girls_lead(rows):  # no ranking of groups without their intervals
        title = {"nl": "Wat er per groep is gepubliceerd", "en": "What was published by group"}
    note = {
        "nl": "Open tekens: marges niet gepubliceerd, de streep is alleen afronding. " if blind else "",
        "en": "Hollow marks: margins not published, the bar is rounding only. " if blind else "",
    }
    kinds = {r["interval_kind"] for r in rows} - {"rounding"}
    band = _band(kinds, alpha, language) if kinds else ""
    subtitle = WHAT[language].format(who=GROUPS[language]) + note[language] + band
    figure, axes = canvas((0.2 + 0.23 * len(known)) * len(order) + 0.4, title[language], subtitle, left=0.2)
    with style():
        for r in rows:
            place = known.index(r["wave"])
            y = order.index((r["sex"], r["age"])) + 0.72 * ((place + 0.5) / len(known) - 0.5)
            pickable(order.index((r["sex"], r["age"])), _mark(axes, r, y, known, language))
        axes.set_yticks(range(len(order)), [row_cells.group_name(g, language) for g in order])
        for place, label in enumerate(axes.get_yticklabels()):
            pickable(place, [label])
        axes.set_ylim(len(order) - 0.4, -0.6)
        axes.set_xlim(0, (1.5 if kinds else 1.25) * max(r["upper"] for r in rows if pd.notna(r["upper"])))
        _percent_axis(axes, language)
    source_line(figure, source(rows, language))
    told = "; ".join(
        f"{row_cells.group_name((r['sex'], r['age']), language)} {r['wave']}: {_shown(r, language)}" for r in rows
    )
    alt = {
        "nl": f"Stippen per groep en ronde. Procent, met afronding of marge: {told}.",
        "en": f"Dots by group and wave. Percent, with rounding or margin: {told}.",
    }
    caption = {
        "nl": "Online seksuele intimidatie in twaalf maanden, per groep en ronde",
        "en": "Online sexual harassment in twelve months, by group and wave",
    }
    return Chart(figure, caption[language], alt[language], groups_of(order, language))


def groups_of(groups: Sequence[tuple[str, str]], language: str) -> tuple[tuple[str, str], ...]:
    """Return groups as a reader finds them: in the chart, and at the head of a row of a table."""
    return tuple((row_cells.group_name(g, language), row_cells.group({"sex": g[0], "age": g[1]}, language)) for g in groups)


def _mark(axes: Axes, r: Row, y: float, known: list[str], language: str) -> list[Artist]:
    """Draw one estimate: shape and colour by wave, hollow without a sampling interval, labelled with its wave."""
    latest = r["wave"] == known[-1]
    colour = TEAL if latest else GREY
    shape = "o" if latest else EARLIER[known.index(r["wave"]) % len(EARLIER)]
    hollow = r["interval_kind"] == "rounding"
    drawn: list[Artist] = []
    drawn += axes.plot(
        [r["lower"], r["upper"]], [y, y], color=colour, lw=2 if hollow else 3, solid_capstyle="butt"
    )
    if pd.notna(r["pct"]):
        drawn += axes.plot(r["pct"], y, shape, ms=7, mec=colour, mfc="white" if hollow else colour, mew=1.4)
    note = axes.annotate(
        f"{r['wave']}: {_shown(r, language)}", (0 if pd.isna(r["upper"]) else r["upper"], y), (8, 0), textcoords="offset points", va="center",
        fontsize=9, color=colour,
    )  # fmt: skip
    return [*drawn, note]


def _girls_lead(rows: list[Row]) -> bool:
    """Say whether, in the last wave, girls and young women both lie above every limit of all others, none withheld."""
    last = [r for r in rows if r["wave"] == max(x["wave"] for x in rows)]
    girls = [r["lower"] for r in last if (r["sex"], r["age"]) in YOUNG]
    others = [r["upper"] for r in last if (r["sex"], r["age"]) not in YOUNG]
    known = not pd.isna([*girls, *others]).any()
    return bool(len(girls) == len(YOUNG) and others and known and min(girls) > max(others))


def _shown(r: Row, language: str) -> str:
    if pd.isna(r["lower"]):
        return why_not_shown(r, language)
    if pd.isna(r["pct"]):
        return ends_of(r, language)
    places = 1 if r["pct"] != round(r["pct"]) else 0
    value = number(r["pct"], language, places)
    return value if r["interval_kind"] == "rounding" else f"{value} ({ends_of(r, language)})"


def ends_of(r: Row, language: str) -> str:
    """Return both limits of a row: "4,9–5,5"."""
    between = "–" if r["lower"] >= 0 else {"nl": " tot ", "en": " to "}[language]
    return between.join(number(r[end], language, 1) for end in ("lower", "upper"))


def _band(kinds: set[str], alpha: float, language: str) -> str:
    level = number(100 * (1 - alpha), language)
    where = {"nl": " of ", "en": " or "}[language].join(
        KIND[kind][language] for kind in KIND if kind in kinds
    )
    return {
        "nl": f"Band: steekproefmarge van {level} procent, {where}",
        "en": f"Band: sampling margin of {level} percent, {where}",
    }[language]


def _percent_axis(axes: Axes, language: str) -> None:
    axes.set_xlabel({"nl": "procent", "en": "percent"}[language])
    axes.grid(axis="y", visible=False)
    axes.tick_params(length=0)
