"""From survey to helpline to police, on one logarithmic axis, each row in its own unit."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from osw_stats.report.charts.style import (
    GREY,
    INK,
    OCHRE,
    PLUM,
    TEAL,
    Chart,
    canvas,
    phone,
    source_line,
    style,
    two_widths,
)
from osw_stats.report.language import number
from osw_stats.vocabulary.lookup import only
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.rounding import half_up
from osw_stats.vocabulary.units import UNITS

MARKS = {
    "persons": ("o", TEAL),
    "advice_requests": ("s", PLUM),
    "clients": ("^", INK),
    "police_reports": ("D", OCHRE),
}
STAGES = {
    "survey": {"nl": "Enquête: meegemaakt", "en": "Survey: experienced"},
    "in_scope": {"nl": "waarvan dwang of\nbeeldmisbruik (aanname)", "en": "of which coercion or\nabuse of images (assumed)"},
    "helpline": {"nl": "Helpwanted", "en": "Helpwanted"},
    "centre": {"nl": "Centrum Seksueel Geweld,\nook offline", "en": "Sexual Assault Centre,\noffline as well"},
    "police": {"nl": "Politie, ook offline", "en": "Police, offline as well"},
}  # fmt: skip


WHOSE = {
    "survey": {"nl": "CBS/WODC", "en": "CBS/WODC"},
    "in_scope": {"nl": "CBS/WODC", "en": "CBS/WODC"},
    "helpline": {"nl": "Offlimits", "en": "Offlimits"},
    "centre": {"nl": "CSG", "en": "CSG"},
    "police": {"nl": "politie", "en": "police"},
}
SEES = {
    "survey": {"nl": "enquête", "en": "survey"},
    "helpline": {"nl": "hulplijn", "en": "helpline"},
    "centre": {"nl": "centrum", "en": "centre"},
    "police": {"nl": "politie", "en": "police"},
}


@two_widths
def funnel(stages: pd.DataFrame, language: str) -> Chart:
    """Draw the stages that are counted, as dots with limits; no areas, since their size would mislead."""
    rows = [_limited(r) for r in records(stages) if pd.notna(r["count"])]
    shown = [r["stage"] for r in rows]
    seen = only(stages, "funnel", stage="helpline")
    few, many = (number(seen[f"share_{end}"], language) for end in ("lower", "upper"))
    title = {
        "nl": f"Bij deze aannamen bereiken {few} tot {many} van elke honderd slachtoffers van dwang of beeldmisbruik Helpwanted",
        "en": f"Under these assumptions {few} to {many} of every hundred victims of coercion or abuse of images reach Helpwanted",
    }
    subtitle = {
        "nl": f"Elke rij telt iets anders: mensen, verzoeken{', meldingen' if 'police' in shown else ''}. De schaal vertienvoudigt per stap. Strepen: marge "
        "of bandbreedte bij de aannamen",
        "en": f"Each row counts something else: people, requests{', reports' if 'police' in shown else ''}. The scale is tenfold at each step. Bars: margin, "
        "or range under the assumptions",
    }
    figure, axes = canvas(0.68 * len(rows) + 0.4, title[language], subtitle[language], left=0.31)
    with style():
        for y, r in enumerate(rows):
            shape, colour = MARKS[r["unit"]]
            if pd.notna(r["count_lower"]):
                axes.plot([r["count_lower"], r["count_upper"]], [y, y], color=colour, lw=2.4)
            hollow = r["interval_kind"] == "scenario" and r["stage"] != "helpline"
            axes.plot(r["count"], y, shape, ms=9, mec=colour, mfc="white" if hollow else colour, mew=1.5)
            _note(axes, r, y, f"{_counted(r, language)}, {r['period']}", colour)  # fmt: skip
        axes.set_xscale("log")
        ends = [r[c] for r in rows for c in ("count", "count_lower", "count_upper") if r[c] > 0]
        low, high = min(3e3, 0.5 * min(ends)), max(3e6, 2 * max(ends))
        axes.set_xlim(low, high)
        ticks = [10**n for n in range(10) if low <= 10**n <= high]
        axes.set_xticks(ticks, [number(t, language) for t in ticks])
        axes.minorticks_off()
        axes.set_yticks(range(len(rows)), [STAGES[r["stage"]][language] for r in rows])
        axes.set_ylim(len(rows) - 0.4, -0.8)
        axes.grid(axis="y", visible=False)
        axes.tick_params(length=0)
        axes.tick_params(axis="x", colors=GREY)
    named = ", ".join(dict.fromkeys(WHOSE[s][language] for s in shown))
    text = {"nl": f"Bronnen: {named}; berekening osw_stats", "en": f"Sources: {named}; computed by osw_stats"}
    source_line(figure, text[language])
    told = "; ".join(f"{STAGES[r['stage']][language]}: {_counted(r, language)} ({r['period']})".replace("\n", " ") for r in rows)  # fmt: skip
    alt = {
        "nl": f"Stippen op een schaal die per stap vertienvoudigt. {told}.",
        "en": f"Dots on a scale that is tenfold at each step. {told}.",
    }[language]
    if "police" in shown:
        alt += {
            "nl": " Tussen politie en enquête is geen verhouding berekend.",
            "en": " No ratio was computed between police and survey.",
        }[language]
    caption = {"nl": "Wie ziet wat", "en": "Who sees what"}[language] + ": "
    *first, last = [SEES[s][language] for s in shown if s in SEES]
    caption += {"nl": " en ", "en": " and "}[language].join([", ".join(first), last])
    return Chart(figure, caption, alt)


def _note(axes: Axes, r: dict[str, Any], y: int, text: str, colour: str) -> None:
    """Write the count beside its mark, on the side where there is room; above it on a phone."""
    right = r["count"] < 5e5
    if phone():
        at, offset, upright = r["count"], (-8 if right else 8, 9), "bottom"
    else:
        end = r["count_upper" if right else "count_lower"]
        at, offset, upright = r["count"] if pd.isna(end) else end, (11 if right else -9, 0), "center"
    axes.annotate(
        text, (at, y), offset, textcoords="offset points", va=upright, ha="left" if right else "right",
        fontsize=9, color=colour,
    )  # fmt: skip


def _limited(r: dict[str, Any]) -> dict[str, Any]:
    """Add the limits to draw: a margin, or what rounding leaves open."""
    kind = "box" if pd.isna(r["count_ci_lower"]) else "ci"
    return r | {f"count_{end}": r[f"count_{kind}_{end}"] for end in ("lower", "upper")}


def _counted(r: dict[str, Any], language: str) -> str:
    """Return the count of a stage with the words for what it counts."""
    shown = _count(r, language)
    return f"{shown} {UNITS[r['unit']].words(shown, language)}"


def _count(r: dict[str, Any], language: str) -> str:
    """Round people of a survey to thousands or tens of thousands, unless the publisher printed them."""
    if r["count_as_reported"] and r["interval_kind"] != "design":
        return f"“{r['count_as_reported']}”"
    places = 0 if r["unit"] != "persons" else -4 if r["count"] >= 500_000 else -3
    return number(half_up(r["count"], places), language)
