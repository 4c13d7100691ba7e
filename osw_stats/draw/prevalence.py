"""Survey shares by wave, by group and over the waves, and their changes, each with its interval."""

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from osw_stats.draw import BAND, GREY, INK, TEAL
from osw_stats.draw.forms import (
    DASHED,
    Look,
    Words,
    bar,
    breaks_in_words,
    dot,
    note,
    number_axis,
    place_of,
    row_axis,
)
from osw_stats.draw.style import Chart, pickable, require, two_widths
from osw_stats.meaning.numbers import interval_columns
from osw_stats.meaning.observations import records
from osw_stats.meaning.periods import parse_period
from osw_stats.meaning.series import Break, series
from osw_stats.stats.survey.groups import EVERYONE as ALL
from osw_stats.stats.survey.prevalence import everyone
from osw_stats.text import row_cells
from osw_stats.text.gaps import why_not_shown
from osw_stats.text.language import between
from osw_stats.text.tables import Row

Group = tuple[str, str]
EARLIER = ("s", "^", "v", "P")  # the last wave is a teal circle, earlier ones are grey shapes
KINDS = ("assumed", "implied", "published", "design")
YOUNG = (("female", "16-17"), ("female", "18-23"))


def _drawn(estimates: pd.DataFrame, language: str) -> list[Row]:
    """Return the rows with their group, its name, and the limits of the kind of interval each has."""
    rows = []
    for r in records(estimates):
        (low, high), group = interval_columns(r), (r["sex"], r["age"])
        name = row_cells.group_name(group, language)
        rows.append(r | {"lower": r[low], "upper": r[high], "group": group, "name": name})
    return rows


@two_widths
def waves(estimates: pd.DataFrame, alpha: float, language: str) -> Chart:
    """Draw the national share by wave as dots with intervals, percent from zero."""
    rows = _drawn(everyone(estimates), language)
    last = rows[-1]
    say = Words(language, "survey", "waves", n=len(rows), wave=last["wave"], pct=last["pct"])
    band, what = _band({r["interval_kind"] for r in rows}, alpha, say), say("what", who=say("people"))
    figure, axes = say.canvas(0.62 * len(rows) + 0.5, left=0.1, what=what, band=band)
    for y, r in enumerate(rows):
        latest = r is last
        bar(axes, r["lower"], r["upper"], y, BAND, 11, solid_capstyle="butt", zorder=1)
        axes.plot(r["pct"], y, "o" if latest else "s", color=TEAL if latest else GREY, ms=9, zorder=2)
        weight = "bold" if latest else "normal"
        note(axes, say.rows("label", [r]), (r["upper"], y), (10, 0), va="center", fontweight=weight)
    breaks: list[Break] = []
    for y, (a, b) in enumerate(pairwise(rows)):
        if a["definition_version"] != b["definition_version"]:
            breaks += _breaks_between(a, b)
            axes.axhline(y + 0.5, **DASHED)
            axes.text(0.06, y + 0.44, say("concept", wave=b["wave"]), fontsize=8.5, color=GREY, va="bottom")
    row_axis(axes, [r["wave"] for r in rows])
    axes.set_xlim(0, 1.5 * max(r["upper"] for r in rows))
    axes.set_xlabel(say("percent"))
    concepts = breaks_in_words(breaks, language, always_line=True)
    return say.chart(figure, answers=_answers(rows, say), breaks=concepts, shown=say.rows("rows", rows))


@two_widths
def groups(estimates: pd.DataFrame, alpha: float, language: str) -> Chart:
    """Draw every group as a row, a mark a wave; hollow marks have a rounding interval only."""
    say = Words(language, "survey", "groups")
    rows = [r for r in _drawn(estimates, language) if r["group"] != ALL]
    require([r for r in rows if pd.notna(r["upper"])], "figures of groups")
    order, known = _order(rows), sorted({r["wave"] for r in rows})
    kinds = {r["interval_kind"] for r in rows}
    blind = "rounding" in kinds  # no ranking of groups without their intervals
    margins = kinds - {"rounding"}
    finding = say("girls_lead" if not blind and _girls_lead(rows) else "no_order")
    hollow, band = say("hollow") if blind else "", _band(margins, alpha, say) if margins else ""
    height, what = (0.2 + 0.23 * len(known)) * len(order) + 0.4, say("what", who=say("group"))
    figure, axes = say.canvas(height, left=0.2, finding=finding, what=what, hollow=hollow, band=band)
    for r in rows:
        place, row = known.index(r["wave"]), order.index(r["group"])
        latest, hollow = r["wave"] == known[-1], r["interval_kind"] == "rounding"
        colour, shape = (TEAL, "o") if latest else (GREY, EARLIER[place % len(EARLIER)])
        y = row + 0.72 * ((place + 0.5) / len(known) - 0.5)
        mark: Look = {"width": 2 if hollow else 3, "ms": 7, "mfc": "white" if hollow else colour, "mew": 1.4}
        artists = dot(axes, r["pct"], (r["lower"], r["upper"]), y, colour, shape, **mark)
        end: float = 0 if pd.isna(r["upper"]) else r["upper"]
        look: Look = {"va": "center", "fontsize": 9, "color": colour}
        pickable(row, [*artists, note(axes, f"{r['wave']}: {_shown(r, say)}", (end, y), (8, 0), **look)])
    row_axis(axes, [row_cells.group_name(g, language) for g in order])
    for place, label in enumerate(axes.get_yticklabels()):
        pickable(place, [label])
    reach = max(r["upper"] for r in rows if pd.notna(r["upper"]))
    axes.set_xlim(0, (1.5 if margins else 1.25) * reach)
    axes.set_xlabel(say("percent"))
    words = (f"{r['name']} {r['wave']}: {_shown(r, say)}" for r in rows)
    shown, answers = "; ".join(words), _answers(rows, say)
    return say.chart(figure, _pickable_groups(order, language), answers=answers, shown=shown)


@two_widths
def slopes(estimates: pd.DataFrame, language: str) -> Chart:
    """Draw each group over the waves; lines stop where the definition changed."""
    say = Words(language, "survey", "slopes")
    rows = [r for r in _drawn(estimates, language) if pd.notna(r["pct"])]
    lines = {g: sorted((r for r in rows if r["group"] == g), key=lambda r: r["wave"]) for g in _order(rows)}
    lines = {g: line for g, line in lines.items() if len(line) > 1}
    require(lines, "group with more than one wave")
    rows = [r for line in lines.values() for r in line]
    broken = len({r["definition_version"] for r in rows}) > 1
    blind = any(r["interval_kind"] == "rounding" for r in rows)
    hollow, what = say("hollow") if blind else "", say("what", who=say("group"))
    finding = say("no_line" if broken else "caption")
    figure, axes = say.canvas(3.6, left=0.09, finding=finding, what=what, hollow=hollow)
    for place, (group, line) in enumerate(lines.items()):
        aside = 0.06 * (place - (len(lines) - 1) / 2)  # shifts groups a little, so that bars do not overlap
        colour, mark = (TEAL, "o") if group == ALL else (GREY, "s")
        artists: list[Artist] = []
        for a, b in pairwise(line):
            if a["definition_version"] == b["definition_version"]:
                steps = [int(a["wave"]) + aside, int(b["wave"]) + aside]
                artists += axes.plot(steps, [a["pct"], b["pct"]], color=colour, lw=1.6)
        for r in line:
            x, fill = int(r["wave"]) + aside, "white" if r["interval_kind"] == "rounding" else colour
            artists += axes.plot([x] * 2, [r["lower"], r["upper"]], color=colour, lw=1.4)
            artists += axes.plot(x, r["pct"], mark, ms=7, mec=colour, mfc=fill)
        pickable(place, artists)
    _name_lines(axes, list(lines.values()))
    breaks = _draw_concepts(axes, rows, say)
    known = sorted({int(r["wave"]) for r in rows})
    axes.set_xticks(known, [str(w) for w in known])
    axes.set_xlim(known[0] - 0.4, known[-1] + 2.6)
    axes.set_ylim(0, None)
    axes.set_ylabel(say("percent"))
    axes.grid(axis="x", visible=False)
    shown = []
    for line in lines.values():
        points = (f"{r['wave']} {say.number(r['pct'], 1)}" for r in line)
        shown.append(f"{line[0]['name']}: {', '.join(points)}")
    concepts = breaks_in_words(breaks, language, always_line=True) + (say("crossed") if broken else "")
    groups_ = _pickable_groups(list(lines), language)
    return say.chart(figure, groups_, answers=_answers(rows, say), shown="; ".join(shown), breaks=concepts)


def _name_lines(axes: Axes, lines: list[list[Row]]) -> None:
    """Write each line's name at its end, moved apart where two would overlap."""
    edge, ends = 0.03 * (len(lines) - 1), enumerate(line[-1] for line in lines)
    height, floor = 0.055 * max(line[-1]["pct"] for line in lines) * 1.3, -1e9
    for place, r in sorted(ends, key=lambda end: (end[1]["pct"], int(end[1]["wave"]), end[1]["name"])):
        floor = max(r["pct"], floor + height)
        look: Look = {"va": "center", "fontsize": 9.5, "color": TEAL if r["group"] == ALL else GREY}
        pickable(place, [note(axes, r["name"], (int(r["wave"]) + edge, floor), (9, 0), **look)])


def _draw_concepts(axes: Axes, rows: list[Row], say: Words) -> list[Break]:
    """Draw a line at the start of each wave with a new concept, and return those breaks."""
    breaks: list[Break] = []
    for (_, a), (wave, b) in pairwise(sorted({r["wave"]: r for r in rows}.items())):
        if a["definition_version"] != b["definition_version"]:
            breaks += _breaks_between(a, b)
            x = place_of(parse_period(wave).start.isoformat())
            axes.axvline(x, **DASHED)
            look = {"xycoords": axes.get_xaxis_transform(), "fontsize": 8.5, "color": GREY, "va": "top"}
            note(axes, say("concept", wave=wave), (x, 0.99), (4, 0), **look)
    return breaks


@two_widths
def changes(differences: pd.DataFrame, alpha: float, language: str) -> Chart:
    """Draw differences in percentage points around zero; filled if significant in the announced family of tests."""
    say = Words(language, "survey", "changes", level=100 * (1 - alpha))
    rows = records(differences)
    require(rows, "waves or groups that can be compared")
    # the title is about the change of the whole population over the longest period
    of_all = [r for r in rows if r["family"] == "F1"]
    longest = max(of_all, key=lambda r: int(r["wave_to"]) - int(r["wave_from"]), default=None)
    finding = say("caption")
    if longest is not None:
        name = "difference" if longest["p_adj"] < alpha else "no_difference"
        finding = say(name, first=longest["wave_from"], last=longest["wave_to"])
    untested = say("untested") if len(of_all) < len(rows) else ""
    figure, axes = say.canvas(0.5 * len(rows) + 0.6, left=0.36, finding=finding, untested=untested)
    for y, r in enumerate(rows):
        colour, mark = (TEAL, "o") if r is longest else (INK, "o") if r["family"] == "F1" else (GREY, "s")
        fill = "white" if mark == "o" and not r["p_adj"] < alpha else colour
        look: Look = {"width": 1.6, "ms": 8 if mark == "o" else 5, "mfc": fill}
        dot(axes, r["diff"], (r["lower"], r["upper"]), y, colour, mark, **look)
    axes.axvline(0, color=GREY, lw=1)

    row_axis(axes, [row_cells.contrast(r, language) for r in rows])
    number_axis(axes.xaxis, language, 1)
    axes.set_xlabel(say("points"))
    shown = (f"{row_cells.contrast(r, language)}: {say.number(r['diff'], 1)} ({_ends(r, say)})" for r in rows)
    return say.chart(figure, answers=_answers(rows, say), shown="; ".join(shown).replace("\n", " "))


@two_widths
def chance(strip: pd.DataFrame, alpha: float, language: str) -> Chart:
    """Draw, for each group, the p-value of its change under every assumption on one strip."""
    rows = [r | {"group": (r["sex"], r["age"])} for r in records(strip)]
    require(rows, "groups without a margin")
    order = _order(rows)
    say = Words(language, "survey", "chance", n=len(order), level=100 * alpha)
    figure, axes = say.canvas(0.55 * len(order) + 0.7, left=0.2)
    shown = []
    for y, group in enumerate(order):
        p_values = [max(100 * r["p"], 0.1) for r in rows if r["group"] == group]
        primary = next(max(100 * r["p"], 0.1) for r in rows if r["group"] == group and r["primary"])
        bar(axes, min(p_values), max(p_values), y, BAND, 9, solid_capstyle="butt", zorder=1)
        axes.plot(p_values, [y] * len(p_values), "|", color=GREY, ms=12, mew=1, zorder=2)
        axes.plot(primary, y, "o", color=TEAL, ms=8, zorder=3)
        ends = between(say.number(min(p_values), 1), say.number(max(p_values), 1), language)
        shown.append(f"{row_cells.group_name(group, language)}: {ends}")
    axes.axvline(100 * alpha, **DASHED)
    axes.set_xscale("log")
    axes.set_xlim(0.08, 130)
    ticks = [0.1, 1, 5, 10, 100]
    axes.set_xticks(ticks, [say.number(t, int(t < 1)) for t in ticks])
    axes.minorticks_off()
    row_axis(axes, [row_cells.group_name(g, language) for g in order])
    axes.set_xlabel(say("chance"))
    return say.chart(figure, shown="; ".join(shown), answers=say("publisher"))


def _order(rows: list[Row]) -> list[Group]:
    """Return the groups of some rows: each sex, then by age."""
    return sorted({r["group"] for r in rows}, key=lambda g: (g[1] != "16+", g[1], g[0]))


def _answers(rows: list[Row], say: Words) -> str:
    """Return the source of the figures: answers of respondents, or the publisher."""
    return say("answers" if any(r["interval_kind"] == "design" for r in rows) else "publisher")


def _breaks_between(a: Row, b: Row) -> list[Break]:
    """Return the breaks of a series between two of its waves."""
    first, last = (parse_period(r["wave"]).start for r in (a, b))
    name = str(b["definition_version"]).rpartition(".")[0]
    return [cut for cut in series(name).breaks if first < cut.period.end and cut.period.start <= last]


def _pickable_groups(order: Sequence[Group], language: str) -> tuple[tuple[str, str], ...]:
    """Return the names of groups in the chart and in the row headings of tables."""
    heads = (row_cells.group({"sex": sex, "age": age}, language) for sex, age in order)
    return tuple(zip((row_cells.group_name(g, language) for g in order), heads, strict=True))


def _girls_lead(rows: list[Row]) -> bool:
    """Return whether girls and young women lie above the upper limits of all others in the last wave."""
    last = [r for r in rows if r["wave"] == max(x["wave"] for x in rows)]
    girls = [r["lower"] for r in last if r["group"] in YOUNG]
    others = [r["upper"] for r in last if r["group"] not in YOUNG]
    known = not pd.isna([*girls, *others]).any()
    return bool(len(girls) == len(YOUNG) and others and known and min(girls) > max(others))


def _shown(r: Row, say: Words) -> str:
    if pd.isna(r["lower"]):
        return why_not_shown(r, say.language)
    if pd.isna(r["pct"]):
        return _ends(r, say)
    value = say.number(r["pct"], int(r["pct"] != round(r["pct"])))
    return value if r["interval_kind"] == "rounding" else f"{value} ({_ends(r, say)})"


def _ends(r: Row, say: Words) -> str:
    """Return both limits of a row: "4,9–5,5"."""
    return between(say.number(r["lower"], 1), say.number(r["upper"], 1), say.language)


def _band(kinds: set[str], alpha: float, say: Words) -> str:
    where = say("or").join(say(kind) for kind in KINDS if kind in kinds)
    return say("band", level=100 * (1 - alpha), kinds=where)
