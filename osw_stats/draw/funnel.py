"""From survey to helpline to police, on one logarithmic axis, each row in its own unit."""

import pandas as pd

from osw_stats.draw import GREY
from osw_stats.draw.forms import Look, Words, dot, note, row_axis
from osw_stats.draw.style import Chart, marks, phone, two_widths
from osw_stats.meaning.lookup import only
from osw_stats.meaning.observations import records
from osw_stats.meaning.rounding import half_up
from osw_stats.meaning.units import UNITS
from osw_stats.text.language import decimals
from osw_stats.text.tables import Row
from osw_stats.text.words import joined

MARKS = marks("stages")


@two_widths
def funnel(stages: pd.DataFrame, language: str) -> Chart:
    """Draw the stages that are counted, as dots with limits; no areas, since their size would mislead."""
    names = ("funnel", "stages", "stage_publishers", "stage_bodies")
    say, label, whose, body = (Words(language, name) for name in names)
    rows = [r for r in records(stages) if pd.notna(r["count"])]
    for r in rows:  # a margin, or what rounding leaves open
        kind: str = "box" if pd.isna(r["count_ci_lower"]) else "ci"
        r |= {f"count_{end}": r[f"count_{kind}_{end}"] for end in ("lower", "upper")}
    shown = [r["stage"] for r in rows]
    seen = only(stages, "funnel", stage="helpline")
    reports, no_ratio = (say(name) if "police" in shown else "" for name in ("reports", "no_ratio"))
    share = {"few": seen["share_lower"], "many": seen["share_upper"]}
    figure, axes = say.canvas(0.68 * len(rows) + 0.4, left=0.31, reports=reports, **share)
    for y, r in enumerate(rows):
        shape, colour = MARKS[r["unit"]]
        hollow = r["interval_kind"] == "scenario" and r["stage"] != "helpline"
        mark: Look = {"ms": 9, "mfc": "white" if hollow else colour, "mew": 1.5}
        dot(axes, r["count"], (r["count_lower"], r["count_upper"]), y, colour, shape, **mark)
        # the count beside its mark, on the side where there is room; above it on a phone
        right = r["count"] < 5e5
        x, offset, upright = r["count"], (-8 if right else 8, 9), "bottom"
        if not phone():
            end = r["count_upper" if right else "count_lower"]
            x, offset, upright = x if pd.isna(end) else end, (11 if right else -9, 0), "center"
        look: Look = {"va": upright, "ha": "left" if right else "right", "fontsize": 9, "color": colour}
        note(axes, f"{_counted(r, say)}, {r['period']}", (x, y), offset, **look)
    numbers = [r[c] for r in rows for c in ("count", "count_lower", "count_upper") if r[c] > 0]
    low, high = min(3e3, 0.5 * min(numbers)), max(3e6, 2 * max(numbers))
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    ticks = [10**n for n in range(10) if low <= 10**n <= high]
    axes.set_xticks(ticks, [say.number(t) for t in ticks])
    axes.minorticks_off()
    row_axis(axes, [label(stage) for stage in shown], top=-0.8)
    axes.tick_params(axis="x", colors=GREY)
    words = "; ".join(f"{label(r['stage'])}: {_counted(r, say)} ({r['period']})" for r in rows)
    words = words.replace("\n", " ") + "." + no_ratio
    publishers = ", ".join(dict.fromkeys(whose(stage) for stage in shown))
    who = joined([body(stage) for stage in shown if stage != "in_scope"], language)
    return say.chart(figure, publishers=publishers, shown=words, who=who)


def _counted(r: Row, say: Words) -> str:
    """Return the count of a stage with its unit, as printed or rounded as people of a survey are."""
    places = decimals(r["count"], "persons") if r["unit"] == "persons" else 0
    shown = say.number(float(half_up(r["count"], places)))
    if r["count_as_reported"] and r["interval_kind"] != "design":
        shown = f"“{r['count_as_reported']}”"
    return f"{shown} {UNITS[r['unit']].words(shown, say.language)}"
