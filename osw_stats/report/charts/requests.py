"""Requests for advice by subject, two years side by side."""

from __future__ import annotations

from typing import Any

import pandas as pd

from osw_stats.report.charts.style import GREY, TEAL, Chart, canvas, require, source_line, style, two_widths
from osw_stats.report.language import number
from osw_stats.report.words import word
from osw_stats.vocabulary.observations import records

ROW = 0.62  # inches
Row = dict[str, Any]


@two_widths
def subjects(table: pd.DataFrame, year: int, language: str) -> Chart:
    """Draw the counts of this year and the year before as points joined by an arrow, one row a subject."""
    nl = language == "nl"
    now = {r["subject"]: r for r in records(table[table["year"] == year])}
    then = {r["subject"]: r for r in records(table[table["year"] == year - 1])}
    rows = [
        (s, now[s]["count"], then[s]["count"] if s in then and s != "rest" else None)
        for s in now
        if s != "rest"
    ]
    total = [sum(r["count"] for r in part.values()) for part in (now, then)]
    require([t for t in total if t > 0][1:], "totals of two years")
    rows.append(("all_requests", total[0], total[1]))
    growth = _signed(100 * (total[0] / total[1] - 1), language)
    title = f"Adviesvragen: alles samen {growth}" if nl else f"Requests: all together {growth}"
    for subject in (s for s in now if pd.notna(now[s]["change_count"])):
        change = _signed(now[subject]["change_count"], language, 1)
        title += f", {'over' if nl else 'about'} {word('subject', subject, language)} {change}"
    subtitle = (
        f"Adviesvragen bij Helpwanted. Open: {year - 1}, dicht: {year}"
        if nl
        else f"Requests for advice at Helpwanted. Open: {year - 1}, filled: {year}"
    ) + _known(now, then, year - 1, language)
    figure, axes = canvas(ROW * len(rows) + 0.2, title, subtitle, left=0.3)
    with style():
        for at, (subject, new, old) in enumerate(rows[::-1]):
            colour = TEAL if subject == "sextortion" else GREY
            if old is not None:
                axes.annotate(
                    "", (new, at), (old, at), arrowprops={"arrowstyle": "->", "color": colour, "lw": 1.6}
                )
                axes.plot(old, at, "o", color=colour, mfc="white", ms=8, zorder=3)
                axes.annotate(number(old, language), (old, at), (0, -17), textcoords="offset points", ha="center", color=colour, fontsize=9.5)  # fmt: skip
            axes.plot(new, at, "o", color=colour, ms=8)
            axes.annotate(number(new, language), (new, at), (0, 9), textcoords="offset points", ha="center", color=colour, fontweight="bold", fontsize=10)  # fmt: skip
        axes.set_yticks(range(len(rows)), [word("subject", s, language) for s, _, _ in rows[::-1]])
        axes.set_ylim(-0.7, len(rows) - 0.35)
        axes.set_xlim(0, total[0] * 1.1)
        axes.xaxis.set_major_formatter(lambda v, _: number(v, language))
        axes.grid(axis="y", visible=False)
        axes.tick_params(length=0)
    source_line(figure, "Bron: Offlimits; documenten onderaan deze pagina" if nl else "Source: Offlimits; documents at the foot of this page")  # fmt: skip
    said = "; ".join(
        f"{word('subject', s, language)} {'' if old is None else number(old, language) + ' → '}{number(new, language)}"
        for s, new, old in rows
    )
    alt = (
        f"Punten per onderwerp, {year - 1} en {year}: {said}."
        if nl
        else f"Points by subject, {year - 1} and {year}: {said}."
    )
    caption = (
        "Adviesvragen bij Helpwanted naar onderwerp" if nl else "Requests for advice at Helpwanted by subject"
    )
    return Chart(figure, caption, alt)


def _known(now: dict[str, Row], then: dict[str, Row], before: int, language: str) -> str:
    """Say what of the year before is derived, and what was not published; nothing where neither holds."""
    nl = language == "nl"
    said = ""
    if any(r["basis"] == "implied" for r in then.values()):
        said += (
            f". Het totaal over {before} is afgeleid uit de genoemde groei"
            if nl
            else f". The total of {before} is derived from the growth that was given"
        )
    if lacking := [word("subject", s, language) for s in now if s not in then]:
        said += (
            f". Niet gevonden over {before}: {', '.join(lacking)}"
            if nl
            else f". Not found for {before}: {', '.join(lacking)}"
        )
    return said


def _signed(value: float, language: str, decimals: int = 0) -> str:
    return f"{'+' if value > 0 else ''}{number(value, language, decimals)}%"
