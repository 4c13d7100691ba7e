"""Counts by year, with breaks of definition drawn and never bridged by a line."""

from __future__ import annotations

import textwrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from osw_stats.analysis.counts.yearly import COUNTED, Counted, Point, all_points, points, runs
from osw_stats.errors import NotPublishedError
from osw_stats.report.charts.style import (
    GREY,
    OCHRE,
    PLUM,
    TEAL,
    Chart,
    canvas,
    phone,
    pickable,
    require,
    source_line,
    style,
    two_widths,
)
from osw_stats.report.charts.timeline import draw_breaks, draw_events, key, lettered, told_breaks
from osw_stats.report.language import number
from osw_stats.report.named import category
from osw_stats.sources.events import of_series
from osw_stats.vocabulary.series import Break, series
from osw_stats.vocabulary.units import unit

FIRST = 2012
# one colour a unit, the same in every chart
COLOURS = {"police_reports": OCHRE, "registered_offences": PLUM, "advice_requests": TEAL}
PANEL = 1.12  # inches
POLICE = ("police_reports", "police_registered_141")
SHOWN = tuple(dict.fromkeys(c.series_id for c in COUNTED))


def observations_of(observations: pd.DataFrame, series_ids: tuple[str, ...]) -> pd.DataFrame:
    """Return the published figures of these series that a chart can draw: those with a value."""
    return observations[observations["series_id"].isin(series_ids) & observations["obs_value"].notna()]


def _both(observations: pd.DataFrame) -> tuple[list[Point], list[Point]]:
    """Return registered offences and reports; a chart of one of them would not show two counts."""
    found = {series_id: points(observations, Counted(series_id)) for series_id in POLICE}
    if absent := [{"series_id": series_id} for series_id in POLICE if not found[series_id]]:
        raise NotPublishedError("reports and registered offences are not both there", absent[0]["series_id"], wanted=absent)  # fmt: skip
    return found["police_registered_141"], found["police_reports"]


@two_widths
def police(observations: pd.DataFrame, events: pd.DataFrame, language: str) -> Chart:
    """Draw registered offences and reports of sexual offences: two units, joined nowhere."""
    nl = language == "nl"
    offences, reports = _both(observations)
    low, high = (number(f(p.value for p in offences), language) for f in (min, max))
    title = (
        f"Registraties schommelden tussen {low} en {high} per jaar"
        if nl
        else f"Registered offences varied between {low} and {high} a year"
    )
    drawn = lettered(of_series(events, "police_reports"))
    subtitle = (
        "Nederland, online en niet-online samen. Rondjes: geregistreerde misdrijven (code 1.4.1). "
        "Ruiten: meldingen, een andere telling; de twee zijn niet verbonden. "
        if nl
        else "The Netherlands, online and offline together. Circles: registered offences (code 1.4.1). "
        "Diamonds: reports, another count; the two are not joined. "
    ) + key(drawn, language)
    figure, axes = canvas(3.1, title, subtitle, left=0.11)
    with style():
        for stretch in runs(offences):
            axes.plot([p.year for p in stretch], [p.value for p in stretch], "-o", color=PLUM, lw=1.6)
        for place, p in enumerate(reports):
            axes.plot(p.year, p.value, "D", color=OCHRE, ms=8)
            axes.annotate(
                number(p.value, language), (p.year, p.value), (9 if place else -9, -3), textcoords="offset points",
                ha="left" if place else "right", color=OCHRE, fontweight="bold", fontsize=10,
            )  # fmt: skip
        last = offences[-1]
        axes.annotate(
            number(last.value, language), (last.year, last.value), (0, -17), textcoords="offset points",
            ha="center", color=PLUM, fontweight="bold", fontsize=10, bbox={"facecolor": "white", "lw": 0, "pad": 0.5},
        )  # fmt: skip
        years = [p.year for p in (*offences, *reports)]
        axes.set_xlim(min(years) - 0.5, max(years) + 1.6)
        axes.set_ylim(0, max(p.value for p in (*reports, *offences)) * 1.2)
        cuts = draw_breaks(axes, POLICE, "telling veranderde" if nl else "counting changed")
        draw_events(axes, drawn)
        axes.yaxis.set_major_formatter(lambda v, _: number(v, language))
        axes.grid(axis="x", visible=False)
        axes.tick_params(length=0)
    source_line(figure, "Bron: politie" if nl else "Source: police")
    said = ", ".join(f"{p.year} {number(p.value, language)}" for p in reports)
    alt = (
        f"Lijn met geregistreerde zedenmisdrijven van {offences[0].year} tot {last.year}: laagste {low}, hoogste {high}, "
        f"laatste {number(last.value, language)}. Los daarvan meldingen bij de politie: {said}."
        if nl
        else f"Line of registered sexual offences from {offences[0].year} to {last.year}: lowest {low}, highest {high}, "
        f"last {number(last.value, language)}. Apart from it reports to the police: {said}."
    ) + told_breaks(cuts, language)
    caption = (
        "Seksuele misdrijven bij de politie: twee tellingen die niet hetzelfde meten"
        if nl
        else "Sexual offences at the police: two counts that do not measure the same"
    )
    return Chart(figure, caption, alt)


@two_widths
def overview(observations: pd.DataFrame, events: pd.DataFrame, language: str) -> Chart:
    """Draw every series in a panel of its own scale; lines join years of one definition only."""
    nl = language == "nl"
    shown = [(c, [p for p in found if p.year >= FIRST]) for c, found in all_points(observations).items()]
    shown = [(c, found) for c, found in shown if len(found) > 1]
    require(shown, "series with two years")
    until = 1 + max(p.year for _, found in shown for p in found)
    drawn = lettered(events)
    title = "Tellingen van allerlei soort, elk op een eigen schaal" if nl else "Counts of many kinds, each on a scale of its own"  # fmt: skip
    subtitle = (
        "Een lijn verbindt alleen jaren met dezelfde definitie. Open rondjes: afgerond of afgeleid uit een groeicijfer. "
        "Stippellijn of grijs jaar: de telling veranderde. "
        if nl
        else "A line joins years of one definition only. Open circles: rounded, or derived from a growth rate. "
        "Dashed line or grey year: the counting changed. "
    ) + key(drawn, language)
    across = 1 if phone() else 2
    lines = -(-len(shown) // across)
    pitch = PANEL + 0.85
    figure, axes = canvas(lines * pitch - 0.3, title, subtitle, left=0.11)
    total, box = figure.get_figheight(), axes.get_position()
    pitch = box.height * total / lines if phone() else pitch
    axes.remove()
    cuts: list[Break] = []
    with style():
        for at, (counted, found) in enumerate(shown):
            top = box.y1 - (at // across) * pitch / total - 0.42 / total
            place = (0.2, 0.75) if across == 1 else (0.09 + 0.49 * (at % 2), 0.40)
            panel = figure.add_axes((place[0], top - PANEL / total, place[1], PANEL / total))
            pickable(at, [panel])
            cuts += _panel(panel, counted, found, until, drawn, language)
    source_line(figure, "Bronnen: onderaan deze pagina" if nl else "Sources: at the foot of this page")
    said = "; ".join(
        f"{title_of(c, language)}: {found[0].year} {number(found[0].value, language)}, "
        f"{found[-1].year} {number(found[-1].value, language)}"
        for c, found in shown
    )
    alt = (
        f"{len(shown)} kleine grafieken met tellingen per jaar, elk met een eigen schaal vanaf nul. Eerste en laatste jaar: {said}. "
        if nl
        else f"{len(shown)} small charts of yearly counts, each with a scale of its own from zero. First and last year: {said}. "
    ) + f"{key(drawn, language)}.{told_breaks(cuts, language)}"
    caption = (
        "Tellingen van politie, justitie, hulplijnen en toezichthouder per jaar"
        if nl
        else "Counts of police, prosecution, helplines and a supervisor by year"
    )
    return Chart(figure, caption, alt, tuple((title_of(c, language),) * 2 for c, _ in shown))


def title_of(counted: Counted, language: str) -> str:
    """Return the title of a series, with the part of it that is counted."""
    title = series(counted.series_id).title[language]
    return f"{title}: {category(counted.breakdown, language)}" if counted.breakdown else title


def _panel(
    axes: Axes, counted: Counted, found: list[Point], until: int, events: pd.DataFrame, language: str
) -> list[Break]:
    about = series(counted.series_id)
    colour = COLOURS.get(about.unit, GREY)
    for stretch in runs(found) if about.homogeneous else []:
        axes.plot([p.year for p in stretch], [p.value for p in stretch], color=colour, lw=1.4)
    for exact in (True, False):
        some = [p for p in found if p.exact == exact]
        if some:
            axes.plot(
                [p.year for p in some], [p.value for p in some], "o", ms=5, color=colour,
                mfc=colour if exact else "white", zorder=3,
            )  # fmt: skip
    last = found[-1]
    axes.annotate(
        number(last.value, language), (last.year, last.value), (6, 0), textcoords="offset points", va="center",
        fontsize=8.5, color=colour, fontweight="bold", bbox={"facecolor": "white", "lw": 0, "pad": 0.5},
    )  # fmt: skip
    axes.set_xlim(FIRST - 0.6, until + 2.4)
    axes.set_ylim(0, max(p.value for p in found) * 1.45)
    cut = "telling" if language == "nl" else "counting"
    drawn: list[Break] = []
    if about.homogeneous:
        drawn = draw_breaks(axes, (counted.series_id,), cut)
    else:
        axes.annotate(
            "elk jaar anders geteld" if language == "nl" else "counted differently each year", (0.02, 0.97),
            xycoords="axes fraction", fontsize=8.5, color=GREY, va="top",
        )  # fmt: skip
    draw_events(axes, of_series(events, counted.series_id))
    axes.set_xticks(range(FIRST, until, 4))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
    axes.yaxis.set_major_formatter(lambda v, _: number(v, language))
    axes.grid(axis="x", visible=False)
    axes.tick_params(length=0, labelsize=8.5)
    axes.set_title(
        textwrap.fill(title_of(counted, language), 30 if phone() else 38),
        fontsize=9,
        loc="left",
        fontweight="bold",
        pad=4,
    )
    axes.set_xlabel(getattr(unit(about.unit), language), fontsize=8.5, color=GREY, loc="left", labelpad=1)
    return drawn
