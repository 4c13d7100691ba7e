"""Survey shares by wave, with their interval."""

from __future__ import annotations

import pandas as pd

from osw_stats.report.charts.style import BAND, GREY, TEAL, Chart, canvas, source_line, style
from osw_stats.report.language import number
from osw_stats.vocabulary.observations import records


def waves(estimates: pd.DataFrame, language: str, alpha: float) -> Chart:
    """Draw the national share by wave as dots with intervals, percent from zero."""
    nl = language == "nl"
    rows = estimates[(estimates["sex"] == "total") & estimates["interval_kind"].eq("assumed")]
    rows = rows.sort_values("wave").reset_index(drop=True)
    last, first = rows.iloc[-1], rows.iloc[0]
    pct = {w: number(v, language, 1) for w, v in zip(rows["wave"], rows["pct"], strict=True)}
    level = number(100 * (1 - alpha), language)
    title = (
        f"In {last['wave']} zei {pct[last['wave']]} procent dit te hebben meegemaakt"
        if nl
        else f"In {last['wave']}, {pct[last['wave']]} percent said they had experienced this"
    )
    subtitle = (
        "Online seksuele intimidatie, procent van de mensen van 16 jaar of ouder, in de twaalf maanden vóór het onderzoek. "
        f"Band: steekproefmarge van {level} procent, aangenomen"
        if nl
        else "Online sexual harassment, percent of people of 16 and over, in the twelve months before the survey. "
        f"Band: sampling margin of {level} percent, assumed"
    )
    figure, axes = canvas(0.62 * len(rows) + 0.5, title, subtitle, left=0.1)
    with style():
        for y, r in enumerate(records(rows)):
            latest = r["wave"] == last["wave"]
            axes.plot([r["lower"], r["upper"]], [y, y], color=BAND, lw=11, solid_capstyle="butt", zorder=1)
            axes.plot(r["pct"], y, "o" if latest else "s", color=TEAL if latest else GREY, ms=9, zorder=2)
            ends = "–".join(number(r[end], language, 1) for end in ("lower", "upper"))
            axes.annotate(
                f"{pct[r['wave']]} ({ends})", (r["upper"], y), (10, 0), textcoords="offset points",
                va="center", fontweight="bold" if latest else "normal",
            )  # fmt: skip
        axes.axhline(0.5, color=GREY, lw=1, ls=(0, (4, 3)))
        axes.text(
            0.06, 0.44, "ander begrip van het onderzoek vanaf 2022" if nl else "concept of the survey changed in 2022",
            fontsize=8.5, color=GREY, va="bottom",
        )  # fmt: skip
        axes.set_yticks(range(len(rows)), rows["wave"])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(0, 1.5 * rows["upper"].max())
        axes.set_xlabel("procent" if nl else "percent")
        axes.grid(axis="y", visible=False)
        axes.tick_params(length=0)
    source_line(
        figure,
        "Bron: CBS/WODC, Prevalentiemonitor; marge berekend door osw_stats"
        if nl
        else "Source: CBS/WODC prevalence survey; margin computed by osw_stats",
    )
    told = "; ".join(
        f"{r['wave']}: {pct[r['wave']]} ({number(r['lower'], language, 1)}–{number(r['upper'], language, 1)})"
        for r in records(rows)
    )
    alt = (
        f"Stippen met marge voor {len(rows)} rondes, van {first['wave']} tot {last['wave']}. Procent: {told}. "
        "Tussen de eerste en de tweede ronde veranderde het begrip."
        if nl
        else f"Dots with margin for {len(rows)} waves, {first['wave']} to {last['wave']}. Percent: {told}. "
        "The concept changed between the first and the second wave."
    )
    caption = (
        "Online seksuele intimidatie in twaalf maanden, per ronde van het onderzoek"
        if nl
        else "Online sexual harassment in twelve months, by wave of the survey"
    )
    return Chart(figure, caption, alt)
