"""Funded and needed posts, answers of public bodies, and dates of recommendations and deadlines."""

import textwrap
from collections.abc import Mapping
from datetime import date

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.transforms import blended_transform_factory

from osw_stats.draw import BAND, GREY, INK, OCHRE, TEAL
from osw_stats.draw.forms import Look, Words, bar, note, row_axis
from osw_stats.draw.style import Chart, marks, phone, pickable, require, two_widths
from osw_stats.errors import NotEstimableError
from osw_stats.meaning.authorities import AUTHORITIES, CODES, QUESTIONS
from osw_stats.meaning.observations import records
from osw_stats.text.cells import fewest_places
from osw_stats.text.language import day
from osw_stats.text.tables import Row

LOOK, STATUS, MONEY = marks("codes"), marks("status"), marks("money")
UNDER: Look = {"facecolor": "white", "edgecolor": "none"}
MORE = 0.28  # of a row, for every line of a label after the first


@two_widths
def gap(gaps: pd.DataFrame, listed: int, for_subject: int, language: str) -> Chart:
    """Draw a dumbbell for each body: funded, needed, and the range left by the wording of the need."""
    # `listed` is the number of bodies searched, `for_subject` the number that published fte for the subject
    # alone
    say = Words(language, "gap")
    rows = records(gaps)
    require(rows, "body that published fte needed and granted")
    short = sum(r["gap_lower"] > 0 for r in rows)
    words = {"subject": say.count(for_subject), "listed": listed, "n": len(rows), "short": say.count(short)}
    figure, axes = say.canvas(0.75 * len(rows) + 0.5, left=0.12, **words)
    reach = 1.2 * max(max(r["need"], r["funded"] + r["gap_upper"], r["funded"]) for r in rows) or 1.0
    bodies, shown = _bodies(rows, language), []
    for y, r in enumerate(rows):
        sign = "+" if r["basis"] == "growth" else ""  # growth has a sign, since it is no total
        counts = (r["funded"], r["need"], abs(r["gap"]))
        funded, need, apart = (say.number(n, fewest_places(n, 1)) for n in counts)
        granted = f"{say.word('concept', r['funded_concept'])} {sign}{funded}"
        needed = f"{say('needed')} {sign}{need}"
        kind = "more_than_needed" if r["gap"] < 0 else "gap"
        between = f"{say.word('gap', kind)} {apart}"
        shown.append(f"{bodies[y]}: {granted}, {needed}, {between}")
        if r["gap_lower"] < r["gap_upper"]:
            low, high = (r["funded"] + r[end] for end in ("gap_lower", "gap_upper"))
            bar(axes, low, high, y, BAND, 11, solid_capstyle="butt", zorder=1)
        bar(axes, r["funded"], r["need"], y, GREY, 2, zorder=2)
        axes.plot(r["funded"], y, "s", color=TEAL, ms=9, zorder=3)
        axes.plot(r["need"], y, "o", color=OCHRE, ms=10, zorder=3)
        near = r["funded"] < 0.5 * reach  # too little room on its left for the words
        side, drop = ("left", -24) if near else ("right", -9)
        note(axes, granted, (r["funded"], y), (0, drop), ha=side, va="top", color=TEAL, fontsize=10)
        note(axes, needed, (r["need"], y), (0, -9), ha="left", va="top", color=OCHRE, fontsize=10)
        middle = (r["funded"] + r["need"]) / 2
        note(axes, between, (middle, y), (0, 11), ha="center", fontweight="bold")
    row_axis(axes, bodies)
    axes.set_xlim(0, reach)
    axes.set_xlabel("fte")
    return say.chart(figure, bodies=", ".join(bodies), shown="; ".join(shown))


def _bodies(rows: list[Row], language: str) -> list[str]:
    return [str(getattr(AUTHORITIES[r["body"]], language)) for r in rows]


@two_widths
def nested(table: pd.DataFrame, language: str) -> Chart:
    """Draw each amount of money as a bar, a part within the bar of its total; unrelated amounts begin at zero."""
    # Of several amounts that of the last year counts. NotEstimableError if the parts exceed the upper limit of
    # their total.
    table = table[table["eur"].notna()]
    last = {r["item"]: r for r in records(table.sort_values("year", kind="stable"))}
    rows = [last[item] for item in table["item"].unique()]
    inside = {r["item"]: r["of"] for r in rows if r["relation"] in ("part_of", "fits") and r["of"] in last}
    whole = [r for r in rows if r["relation"] == "whole" and r["item"] in inside.values()]
    require(whole, "whole amount with a part")
    for name in set(inside.values()):
        if sum(last[part]["lower"] for part, of in inside.items() if of == name) > last[name]["upper"]:
            raise NotEstimableError(f"the parts are more than their whole: {name}")
    say, free = Words(language, "nested"), dict.fromkeys(last, 0.0)  # the start of the next part in each bar
    figure, axes = say.canvas(0.56 * len(rows), left=0.03, whole=say.rows("amount", whole))
    for y, r in enumerate(rows):
        start = free[r["item"]] = free.get(inside.get(r["item"], ""), 0.0)
        if r["item"] in inside:
            free[inside[r["item"]]] += r["eur"]
        face, edge, hatch = MONEY.get(r["relation"], ("white", GREY, ""))
        axes.barh(y, r["eur"], 0.42, start, facecolor=face, edgecolor=edge, hatch=hatch, zorder=2)
        bar(axes, start + r["lower"], start + r["upper"], y, INK, 1.4, zorder=3)
        text = textwrap.fill(say.rows("row", [r]), 38 if phone() else 90)
        axes.text(0, y - 0.26, text, fontsize=9.5, va="bottom", bbox=UNDER | {"pad": 1})
    row_axis(axes, [""] * len(rows), top=-1.0)
    axes.set_xlim(0, 1.05 * max(r["upper"] for r in rows))
    axes.xaxis.set_major_formatter(lambda euros, _: say.number(euros / 1e6))
    axes.set_xlabel(say("axis"))
    return say.chart(figure, shown=say.rows("rows", rows))


@two_widths
def matrix(
    table: pd.DataFrame, reports: Mapping[str, int], document: Mapping[str, str], language: str
) -> Chart:
    """Draw bodies × questions as cells with fill and sign; # marks an answer on more or less than the subject."""
    rows = records(table)
    say = Words(language, "matrix", n=len(rows), document=document[language])
    whole, part = say.count(reports["code4"]), say.count(reports["part"] + reports["broader"])
    height = 0.36 * len(rows) + 2.5
    figure, axes = say.canvas(height, left=0.29, bodies=reports["bodies"], whole=whole, part=part)
    for y, r in enumerate(rows):
        for x, question in enumerate(QUESTIONS):
            mark = ("#" if phone() else " #") if r[f"scope{question}"] else ""
            fill, hatch, sign = LOOK[r[f"q{question}"]]
            look: Look = {"facecolor": fill, "hatch": hatch, "edgecolor": GREY, "lw": 0.6}
            # not `add_patch`, which would work out the limits of the axes anew for each
            cell = axes.add_artist(Rectangle((x - 0.47, y - 0.43), 0.94, 0.86, **look))
            # a white plate keeps the sign readable on a hatched cell
            plate = UNDER | {"pad": 1.5} if hatch else None
            words: Look = {"fontsize": 11, "color": "white" if fill == TEAL else INK, "bbox": plate}
            pickable(y, [cell, axes.text(x, y, sign + mark, ha="center", va="center", **words)])
    for x, wording in enumerate(QUESTIONS.values()):
        text, turn = (wording[language], 90) if phone() else (wording[language].replace(" ", "\n", 1), 0)
        axes.text(x, -0.6, text, ha="center", va="bottom", fontsize=10, rotation=turn)
    lines = _legend(figure, axes, len(rows), say)
    names = _bodies(rows, language)
    axes.set_yticks(range(len(rows)), names)
    for y, label in enumerate(axes.get_yticklabels()):
        pickable(y, [label])
    axes.set_xticks([])
    axes.set_xlim(-0.5, len(QUESTIONS) - 0.5)
    axes.set_ylim(len(rows) + 0.1 + 0.65 * lines, -4.6 if phone() else -1.7)  # questions stand above the grid
    axes.grid(visible=False)
    axes.tick_params(length=0)
    axes.set_frame_on(False)
    shown = []
    for n, wording in QUESTIONS.items():
        codes = [r[f"q{n}"] for r in rows]
        counts = (f"{CODES[c][language]} {codes.count(c)}" for c in CODES if c in codes)
        shown.append(f"{wording[language]}: {', '.join(counts)}")
    return say.chart(figure, tuple((name, name) for name in names), shown="; ".join(shown))


def _legend(figure: Figure, axes: Axes, rows: int, say: Words) -> int:
    """Write the meaning of the signs under the grid, and return the number of lines."""
    texts = [f"{LOOK[c][2]}   {text[say.language]}" for c, text in CODES.items()] + [say("scope")]
    left, place = -0.47, axes.transData
    if phone():
        texts = [textwrap.fill(t, 38, subsequent_indent="     ") for t in texts]
        left, place = 0.02, blended_transform_factory(figure.transFigure, axes.transData)
    lines = [line for text in texts for line in text.split("\n")]
    for row, text in enumerate(lines):
        axes.text(left, rows + 0.1 + 0.65 * row, text, fontsize=10, va="center", transform=place)
    return len(lines)


@two_widths
def strip(table: pd.DataFrame, document: Mapping[str, str], language: str) -> Chart:
    """Draw the dates on a line of time, each with its status; the as-of date as a line."""
    rows = sorted((r for r in records(table) if r["date_latest"]), key=lambda r: (r["date_latest"], r["id"]))
    require(rows, "recommendation or term with a date")
    as_of = table["as_of"].iloc[0]
    say = Words(language, "strip", day=day(as_of, language), document=document[language])
    states = [r["status"] for r in rows if r["date_latest"] < as_of]
    counted = (f"{say.word('deadline', s)} ({say.number(states.count(s))})" for s in STATUS if s in states)
    finding = say("passed", n=len(states)) if states else say("none_passed")
    named = say("states", counted=", ".join(counted)) if states else ""
    labels = [textwrap.fill(f"{r['id']}  {r[f'text_{language}']}", 38 if phone() else 92) for r in rows]
    depth = len(rows) + MORE * sum(label.count("\n") for label in labels)
    figure, axes = say.canvas(0.62 * depth + 0.4, left=0.03, finding=finding, states=named)
    first, last = min(r["date_earliest"] for r in rows), max(r["date_latest"] for r in rows)
    low, high = _day_number(min(first, as_of)), _day_number(max(last, as_of))
    axes.axvline(_day_number(as_of), color=OCHRE, lw=1.4, ls=(0, (4, 3)), zorder=0)
    axes.text(_day_number(as_of), -0.95, say("as_of"), fontsize=9.5, color=OCHRE, ha="right", va="center")
    y = -1.0
    for r, label in zip(rows, labels, strict=True):
        y += 1 + MORE * label.count("\n")
        early, late = _day_number(r["date_earliest"]), _day_number(r["date_latest"])
        colour, marker = STATUS[r["status"]]
        look: Look = {"va": "center", "fontsize": 9.5, "bbox": UNDER | {"pad": 1}}
        axes.text(0.0, y - 0.22, label, **look | {"va": "bottom", "transform": axes.get_yaxis_transform()})
        bar(axes, early, late, y, colour, 5, solid_capstyle="butt", alpha=0.45)
        axes.plot(late, y, marker, color=colour, ms=8)
        x, offset, side = (late, 10, "left") if late < (low + high) / 2 else (early, -10, "right")
        note(axes, say.word("deadline", r["status"]), (x, y), (offset, 0), ha=side, color=colour, **look)
    years = range(int(first[:4]), int(last[:4]) + 1)
    axes.set_xticks([_day_number(f"{y}-01-01") for y in years], [str(y) for y in years])
    axes.set_xlim(low - 25, high + 25)
    axes.set_yticks([])
    axes.set_ylim(depth - 0.5, -1.2)
    axes.grid(axis="y", visible=False)
    axes.spines["left"].set_visible(False)
    return say.chart(figure, dates=len(rows), shown=say.rows("rows", rows))


def _day_number(day_: str) -> float:
    """Return the position of a day on the axis."""
    return float(date2num(date.fromisoformat(day_)))  # type: ignore[no-untyped-call]
