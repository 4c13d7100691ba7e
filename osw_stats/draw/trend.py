"""Counts by year, half year and subject; a break of definition is drawn and never bridged by a line."""

import textwrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from osw_stats.data.coded import of_series
from osw_stats.draw import GREY, OCHRE, PLUM, TEAL
from osw_stats.draw.forms import (
    DASHED,
    PLATE,
    Look,
    Words,
    breaks_in_words,
    count_axis,
    dated,
    dot,
    draw_breaks,
    draw_events,
    note,
    number_axis,
    panels,
    row_axis,
)
from osw_stats.draw.style import Chart, phone, pickable, require, two_widths
from osw_stats.errors import NotPublishedError
from osw_stats.meaning.observations import records
from osw_stats.meaning.series import Break, series
from osw_stats.meaning.units import unit
from osw_stats.stats.counts.yearly import COUNTED, SUBJECTS, Counted, Point, all_points, points, runs
from osw_stats.text.cells import fill
from osw_stats.text.row_cells import half_year
from osw_stats.text.words import category, joined

FIRST = 2012
# one colour a unit, the same in every chart
COLOURS = {"police_reports": OCHRE, "registered_offences": PLUM, "advice_requests": TEAL}
PANEL = 1.9  # inches, including its title and the space between two
POLICE: list[str] = SUBJECTS["police"]
SHOWN = tuple(dict.fromkeys(c.series_id for c in COUNTED))
BOLD: Look = {"fontweight": "bold", "fontsize": 10}


def observations_of(observations: pd.DataFrame, series_ids: tuple[str, ...]) -> pd.DataFrame:
    """Return the published figures of these series that a chart can draw: those with a value."""
    return observations[observations["series_id"].isin(series_ids) & observations["obs_value"].notna()]


@two_widths
def police(observations: pd.DataFrame, events: pd.DataFrame, language: str) -> Chart:
    """Draw registered offences and reports of sexual offences: two units, joined nowhere."""
    reports, offences = (points(observations, Counted(name)) for name in POLICE)
    both = zip(POLICE, (reports, offences), strict=True)
    if absent := [{"series_id": name} for name, some in both if not some]:
        message = "reports and registered offences are not both there"
        raise NotPublishedError(message, absent[0]["series_id"], wanted=absent)
    around = of_series(events, POLICE[0])
    say = Words(language, "police", events=dated(around, language))
    low, high = (end(p.value for p in offences) for end in (min, max))
    newest = {"reported": reports[-1].value, "year": reports[-1].year}
    known = {"last": offences[-1].value, "until": offences[-1].year}
    figure, axes = say.canvas(3.1, left=0.11, low=low, high=high, **newest, **known)
    for stretch in runs(offences):
        axes.plot([p.year for p in stretch], [p.value for p in stretch], "-o", color=PLUM, lw=1.6)
    for place, p in enumerate(reports):
        axes.plot(p.year, p.value, "D", color=OCHRE, ms=8)
        offset, side = ((9, -3), "left") if place else ((-9, -3), "right")
        note(axes, say.number(p.value), (p.year, p.value), offset, ha=side, color=OCHRE, **BOLD)
    last = offences[-1]
    look: Look = {"ha": "center", "color": PLUM, "bbox": PLATE} | BOLD
    note(axes, say.number(last.value), (last.year, last.value), (0, -17), **look)
    years = [p.year for p in (*offences, *reports)]
    axes.set_xlim(min(years) - 0.5, max(years) + 1.6)
    axes.set_ylim(0, max(p.value for p in (*reports, *offences)) * 1.2)
    breaks = draw_breaks(axes, POLICE, say("cut"))
    draw_events(axes, around, language)
    count_axis(axes, language)
    shown = ", ".join(f"{p.year} {say.number(p.value)}" for p in reports)
    return say.chart(figure, breaks=breaks_in_words(breaks, language), first=offences[0].year, shown=shown)


@two_widths
def overview(observations: pd.DataFrame, language: str) -> Chart:
    """Draw every series in a panel of its own scale; lines join years of one definition only."""
    shown = {c: [p for p in some if p.year >= FIRST] for c, some in all_points(observations).items()}
    shown = {c: some for c, some in shown.items() if len(some) > 1}
    require(shown, "series with two years")
    until = 1 + max(p.year for some in shown.values() for p in some)
    say = Words(language, "overview", n=len(shown))
    across = 1 if phone() else 2
    lines = -(-len(shown) // across)
    figure, axes = say.canvas(PANEL * lines, left=0.2 if phone() else 0.09)
    places = panels(figure, axes, lines, across, (1.2 if phone() else 0.75, 0.22), 0.42)
    breaks: list[Break] = []
    for index, ((counted, some), panel) in enumerate(zip(shown.items(), places, strict=False)):
        pickable(index, [panel])
        breaks += _panel(panel, counted, some, until, say)
    words = {}
    for counted, some in shown.items():
        ends = (f"{p.year} {say.number(p.value)}" for p in (some[0], some[-1]))
        words[title_of(counted, language)] = ", ".join(ends)
    texts = "; ".join(f"{title}: {ends}" for title, ends in words.items())
    groups = tuple((title, title) for title in words)
    return say.chart(figure, groups, shown=texts, breaks=breaks_in_words(breaks, language))


def title_of(counted: Counted, language: str) -> str:
    """Return the title of a series, with the part of it that is counted."""
    title = series(counted.series_id).title[language]
    return f"{title}: {category(counted.breakdown, language)}" if counted.breakdown else title


def _panel(axes: Axes, counted: Counted, shown: list[Point], until: int, say: Words) -> list[Break]:
    """Draw one series of the overview and return its breaks."""
    about = series(counted.series_id)
    colour = COLOURS.get(about.unit, GREY)
    for stretch in runs(shown) if about.homogeneous else []:
        axes.plot([p.year for p in stretch], [p.value for p in stretch], color=colour, lw=1.4)
    for exact in (True, False):
        some = [p for p in shown if p.exact == exact]
        mark: Look = {"ms": 5, "color": colour, "mfc": colour if exact else "white", "zorder": 3}
        if some:
            axes.plot([p.year for p in some], [p.value for p in some], "o", **mark)
    last = shown[-1]
    look: Look = {"va": "center", "fontsize": 8.5, "color": colour, "fontweight": "bold", "bbox": PLATE}
    note(axes, say.number(last.value), (last.year, last.value), (6, 0), **look)
    axes.set_xlim(FIRST - 0.6, until + 2.4)
    axes.set_ylim(0, max(p.value for p in shown) * 1.45)
    breaks: list[Break] = []
    if about.homogeneous:
        breaks = draw_breaks(axes, (counted.series_id,), say("cut"))
    else:
        place: Look = {"xycoords": "axes fraction", "va": "top"}
        axes.annotate(say("every_year"), (0.02, 0.97), fontsize=8.5, color=GREY, **place)
    axes.set_xticks(range(FIRST, until, 4))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
    count_axis(axes, say.language, labelsize=8.5)
    title = textwrap.fill(title_of(counted, say.language), 30 if phone() else 38)
    axes.set_title(title, fontsize=9, loc="left", fontweight="bold", pad=4)
    axes.set_xlabel(getattr(unit(about.unit), say.language), fontsize=8.5, color=GREY, loc="left", labelpad=1)
    return breaks


@two_widths
def subjects(table: pd.DataFrame, year: int, subject: str, language: str) -> Chart:
    """Draw requests for advice of this year and the year before as points joined by an arrow, a row a subject."""
    say = Words(language, "subjects", year=year, before=year - 1)
    now, prior = ({r["subject"]: r for r in records(table[table["year"] == y])} for y in (year, year - 1))
    rows = [(s, now[s]["count"], prior[s]["count"] if s in prior else None) for s in now if s != "rest"]
    total = [sum(r["count"] for r in part.values()) if part else None for part in (now, prior)]
    rows.append(("all_requests", total[0], total[1]))
    lacking = joined([say.word("subject", s) for s in now if s not in prior], language)
    implied = any(r["basis"] == "implied" for r in prior.values())
    years = say("two_years" if prior else "one_year") + (say("derived") if implied else "")
    years += say("lacking", subjects=lacking) if prior and lacking else ""
    finding = _finding(rows, subject, say)
    figure, axes = say.canvas(0.62 * len(rows) + 0.2, left=0.3, finding=finding, years=years)
    for place, (name, new, old) in enumerate(rows[::-1]):
        colour = TEAL if name == subject else GREY
        if old is not None:
            arrow = {"arrowstyle": "->", "color": colour, "lw": 1.6}
            axes.annotate("", (new, place), (old, place), arrowprops=arrow)
            axes.plot(old, place, "o", color=colour, mfc="white", ms=8, zorder=3)
            note(axes, say.number(old), (old, place), (0, -17), ha="center", color=colour, fontsize=9.5)
        axes.plot(new, place, "o", color=colour, ms=8)
        note(axes, say.number(new), (new, place), (0, 9), ha="center", color=colour, **BOLD)
    row_axis(axes, [say.word("subject", s) for s, _, _ in rows[::-1]])
    axes.set_ylim(-0.7, len(rows) - 0.35)
    axes.set_xlim(0, max(count for _, *both in rows for count in both if count is not None) * 1.1)
    number_axis(axes.xaxis, language)
    shown = []
    for name, new, old in rows:
        before = "" if old is None else f"{say.number(old)} → "
        shown.append(f"{say.word('subject', name)} {before}{say.number(new)}")
    when = joined([str(year - 1)] * bool(prior) + [str(year)], language)
    return say.chart(figure, when=when, shown="; ".join(shown))


def _finding(rows: list[tuple[str, float, float | None]], subject: str, say: Words) -> str:
    """Return how a subject and all requests changed; only the number of requests if a change is unknown."""
    change = {name: 100 * (new / old - 1) for name, new, old in rows if old}
    if {"all_requests", subject} <= set(change):
        total, part = change["all_requests"], change[subject]
        total_change = f"{'+' if total > 0 else ''}{say.number(total)}%"
        part_change = f"{'+' if part > 0 else ''}{say.number(part, 1)}%"
        return say("changes", total=total_change, subject=say.word("subject", subject), part=part_change)
    name = say.word("subject", "all_requests")
    return say("count", all=name[:1].upper() + name[1:], count=say.number(rows[-1][1]))


@two_widths
def first_half(table: pd.DataFrame, year: int, before: float, language: str) -> Chart:
    """Draw a first half year as computed from each published source; none is preferred."""
    say = Words(language, "first_half", year=year)
    rows = records(table[table["h1"].notna()])[::-1]
    require(rows, f"computation of the first half of {year}")
    ends = dict.fromkeys(say.number(end(r["h1"] for r in rows)) for end in (min, max))
    figure, axes = say.canvas(0.52 * len(rows) + 0.35, left=0.41, range=say("to").join(ends))
    axes.axvline(before, **DASHED)
    for y, r in enumerate(rows):
        dot(axes, r["h1"], (r["h1_lower"], r["h1_upper"]), y, OCHRE, "D", width=3, mec="white")
        note(axes, say.number(r["h1"]), (r["h1"], y), (0, 8), ha="center", color=OCHRE, bbox=PLATE, **BOLD)
    row_axis(axes, [half_year(r, language, joint="\n") for r in rows])
    axes.set_ylim(-0.6, len(rows) - 0.3)
    low, high = min(before, table["h1_lower"].min()), max(before, table["h1_upper"].max())
    axes.set_xlim(low - 0.08 * (high - low), high + 0.03 * (high - low))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4))
    number_axis(axes.xaxis, language)
    shown = []
    for r in reversed(rows):
        h1, low, high = (say.number(r[name]) for name in ("h1", "h1_lower", "h1_upper"))
        shown.append(f"{half_year(r, language, joint=' ')}: {h1} ({low}–{high})")
    return say.chart(figure, shown="; ".join(shown), half=before)


@two_widths
def models(table: pd.DataFrame, alpha: float, language: str) -> Chart:
    """Draw each judged change under every model of ordinary variation, the one of the page on top of its group."""
    say = Words(language, "models", n=int(table["model"].nunique()), level=100 * (1 - alpha))
    of_series = [part for _, part in table.groupby(["series", "breakdown"], sort=False)]
    row, left_edge = (0.55, 0.47) if phone() else (0.3, 0.4)
    figure, axes = say.canvas(row * (len(table) + 2 * len(of_series)), left=left_edge)
    axes.axvline(0, color=GREY, lw=1)
    labels: list[str] = []
    summaries, ends = [], []
    for part in of_series:
        rows = records(part.sort_values(["primary", "counted"], ascending=False, kind="stable"))
        title = title_of(Counted(rows[0]["series"], rows[0]["breakdown"]), language)
        left: Look = {"va": "center", "transform": axes.get_yaxis_transform()}
        axes.text(-0.66 if phone() else -0.62, len(labels), title, fontsize=9, fontweight="bold", **left)
        labels.append("")
        for r in rows:
            colour = OCHRE if r["primary"] else TEAL if r["counted"] else GREY
            fill_ = colour if r["counted"] else "white"
            dot(axes, r["change"], (r["lower"], r["upper"]), len(labels), colour, ms=5, mfc=fill_)
            labels.append(say.word("variation", r["model"]))
        labels.append("")
        summaries.append(f"{title} " + fill("{change (lower..upper):1}", rows[0], language))
        outer = {"change": rows[0]["change"], "lower": part["lower"].min(), "upper": part["upper"].max()}
        ends.append(f"{title} " + fill("{lower..upper:1}", outer, language))
    row_axis(axes, [textwrap.fill(label, 22 if phone() else 34) for label in labels])
    axes.set_ylim(len(labels) - 1.4, -0.8)
    number_axis(axes.xaxis, language, sign="%")
    axes.tick_params(length=0, labelsize=9)
    return say.chart(figure, shown="; ".join(summaries), ends="; ".join(ends))
