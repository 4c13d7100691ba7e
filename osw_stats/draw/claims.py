"""Statements of a report compared with its own figures."""

import textwrap
from collections.abc import Mapping

import pandas as pd

from osw_stats.claims.summary import FIT, UNFIT, UNPROVEN
from osw_stats.draw import BAND, GREY
from osw_stats.draw.forms import Words, bar, row_axis, squares
from osw_stats.draw.style import Chart, marks, phone, require, two_widths
from osw_stats.meaning.observations import records
from osw_stats.text.row_cells import DATED, chapter

FEWEST = 3  # a chart of fewer points says no more than the table
LABEL = 32  # characters that have room beside the axis
MARKS, LOOKS = marks("verdicts"), marks("statements")
# ratios to mark on the axis, by how far it reaches: the closer it looks, the finer
CLOSE, FINE = (0.8, 0.9, 1, 1.1, 1.25), (0.5, 0.65, 0.8, 1, 1.25, 1.5, 2)
TICKS = ((1.4, CLOSE), (3, FINE), (float("inf"), (0.1, 0.2, 0.5, 1, 2, 5, 10)))
GROUPS = {"fit": FIT, "unfit": UNFIT, "unproven": UNPROVEN}  # the outcome for a statement
LIMITS = ["reported_lower", "reported_upper", "recomputed_lower", "recomputed_upper"]


def chapter_name(number: str, language: str) -> str:
    """Return "Hoofdstuk 4", or the name of the annexes."""
    name = chapter({"chapter": number}, language)
    return name[0].upper() + name[1:]


@two_widths
def strip(result: pd.DataFrame, document: Mapping[str, str], language: str) -> Chart:
    """Draw every statement of a report as a square, grouped by outcome."""
    outcomes = result.loc[result["counted_as"].eq("statement"), "verdict"]
    require(outcomes, "statements of the report")
    say = Words(language, "ledger", document=document[language])
    of_group = outcomes.map({verdict: group for group, verdicts in GROUPS.items() for verdict in verdicts})
    counts = {group: int(of_group.fillna("open").eq(group).sum()) for group in (*GROUPS, "open")}
    across = 25 if phone() else 40
    lines = {group: -(-n // across) for group, n in counts.items() if n}
    labels = {group: f"{say(group)}: {say.number(counts[group])}" for group in lines}
    heads = {group: textwrap.fill(label, 34 if phone() else 99) for group, label in labels.items()}
    above = {group: 1.6 * (1 + head.count("\n")) for group, head in heads.items()}
    deep = sum(lines.values()) + sum(above.values())
    high = (0.09 if phone() else 0.168) * deep
    figure, axes = say.canvas(high, left=0.02, fit=counts["fit"], unfit=counts["unfit"])
    axes.set_axis_off()
    top = 0.0
    for group, height in lines.items():
        axes.text(0, top + above[group] / 2 - 0.05, heads[group], fontsize=9, va="center")
        squares(axes, [LOOKS[group]] * counts[group], across, top + above[group] - 0.3)
        top += height + above[group]
    axes.set_xlim(0, across)
    axes.set_ylim(top, 0)
    return say.chart(figure, shown="; ".join(labels.values()))


@two_widths
def forest(result: pd.DataFrame, document: Mapping[str, str], language: str) -> Chart:
    """Draw the recomputed value over the middle of the reported interval, one row a claim of one chapter."""
    where = chapter_name(str(result["chapter"].iloc[0]), language)
    # no ratios of years, of numbers the report does not print, or of two equal exact numbers
    wanted = result["counted_as"].eq("statement") & result["verdict"].isin(list(MARKS))
    wanted &= result[LIMITS].gt(0).all(axis=1) & ~result["unit"].isin(DATED)
    spread = result["reported_upper"].gt(result["reported_lower"])
    spread |= result["recomputed_upper"].gt(result["recomputed_lower"])
    rows = records(result[wanted & (spread | result["verdict"].eq("inconsistent"))])
    require(rows[FEWEST - 1 :], "recomputed numbers with a place on a ratio scale")
    wrong = [r for r in rows if r["verdict"] == "inconsistent"]
    say = Words(language, "claims", where=where, a=len(wrong), b=len(rows), document=document[language])
    figure, axes = say.canvas(0.36 * len(rows) + 0.4, left=0.36)
    axes.axvline(1, color=GREY, lw=1)
    reach = []
    for y, r in enumerate(rows):
        middle = (r["reported_lower"] + r["reported_upper"]) / 2
        marker, colour = MARKS[r["verdict"]]
        reported_low, reported_high, low, high = (r[limit] / middle for limit in LIMITS)
        bar(axes, reported_low, reported_high, y, BAND, 9, solid_capstyle="butt", zorder=1)
        bar(axes, low, high, y, colour, 1.6, zorder=2)
        axes.plot(r["recomputed_value"] / middle, y, marker, color=colour, ms=8, zorder=3)
        reach += [max(ratio, 1 / ratio) for ratio in (reported_low, reported_high, low, high)]
    texts = [r["text"] or r[f"description_{language}"] for r in rows]
    labels = [f"{r['paragraph']}  {text}" for r, text in zip(rows, texts, strict=True)]
    cut = [label if len(label) <= LABEL else label[: LABEL - 1].rstrip() + "…" for label in labels]
    row_axis(axes, cut, fontsize=9)
    widest = 1.05 * max(reach)
    axes.set_xscale("log")
    axes.set_xlim(1 / widest, widest)
    marked = next(marked for most, marked in TICKS if widest < most)
    ticks = [t for t in marked if 1 / widest <= t <= widest]
    axes.set_xticks(ticks, [say.number(t, 2 if t in (0.65, 1.25) else 1) for t in ticks])
    axes.minorticks_off()
    outside = (f"{r['paragraph']} “{r['text'] or r[f'description_{language}']}”" for r in wrong)
    return say.chart(figure, outside="; ".join(outside) or say("none"))
