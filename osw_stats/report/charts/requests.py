"""Requests for advice by subject, two years side by side."""

from __future__ import annotations

from typing import Any

import pandas as pd

from osw_stats.report.charts.style import GREY, TEAL, Chart, canvas, source_line, style, two_widths
from osw_stats.report.language import number
from osw_stats.report.words import word
from osw_stats.vocabulary.observations import records

ROW = 0.62  # inches
Row = dict[str, Any]


@two_widths
def subjects(table: pd.DataFrame, year: int, subject: str, language: str) -> Chart:
    """Draw the counts of this year and the year before as points joined by an arrow, one row a subject.

    The title names one subject beside all requests, where both changed from a known count.
    """
    nl = language == "nl"
    now = {r["subject"]: r for r in records(table[table["year"] == year])}
    then = {r["subject"]: r for r in records(table[table["year"] == year - 1])}
    rows = [(s, now[s]["count"], then[s]["count"] if s in then else None) for s in now if s != "rest"]
    total = [sum(r["count"] for r in part.values()) if part else None for part in (now, then)]
    rows.append(("all_requests", total[0], total[1]))
    title = _title(rows, subject, language)
    subtitle = _subtitle(now, then, year, language)
    figure, axes = canvas(ROW * len(rows) + 0.2, title, subtitle, left=0.3)
    with style():
        for at, (name, new, old) in enumerate(rows[::-1]):
            colour = TEAL if name == subject else GREY
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
        axes.set_xlim(0, max(count for _, *both in rows for count in both if count is not None) * 1.1)
        axes.xaxis.set_major_formatter(lambda v, _: number(v, language))
        axes.grid(axis="y", visible=False)
        axes.tick_params(length=0)
    source_line(figure, "Bron: Offlimits (Helpwanted)" if nl else "Source: Offlimits (Helpwanted)")
    said = "; ".join(
        f"{word('subject', s, language)} {'' if old is None else number(old, language) + ' → '}{number(new, language)}"
        for s, new, old in rows
    )
    years = {"nl": " en ", "en": " and "}[language].join([str(year - 1)] * bool(then) + [str(year)])
    alt = f"Punten per onderwerp, {years}: {said}." if nl else f"Points by subject, {years}: {said}."
    caption = (
        "Adviesvragen bij Helpwanted naar onderwerp" if nl else "Requests for advice at Helpwanted by subject"
    )
    return Chart(figure, caption, alt)


def _title(rows: list[tuple[str, float, float | None]], subject: str, language: str) -> str:
    """Say how a subject and all requests changed; only how many there were where one is not known."""
    changes = {name: 100 * (new / old - 1) for name, new, old in rows if old}
    all_, one = (word("subject", name, language) for name in ("all_requests", subject))
    if {"all_requests", subject} <= set(changes):
        total, part = _signed(changes["all_requests"], language), _signed(changes[subject], language, 1)
        return f"Adviesvragen: alles samen {total}, over {one} {part}" if language == "nl" else f"Requests: all together {total}, about {one} {part}"  # fmt: skip
    count = number(rows[-1][1], language)
    return f"{all_[:1].upper()}{all_[1:]} ({count}) naar onderwerp" if language == "nl" else f"{all_[:1].upper()}{all_[1:]} ({count}) by subject"  # fmt: skip


def _subtitle(now: dict[str, Any], then: dict[str, Any], year: int, language: str) -> str:
    """Say what the points are, and of the year before which are derived, absent, or not there at all."""
    nl = language == "nl"
    parts = ["Adviesvragen bij Helpwanted" if nl else "Requests for advice at Helpwanted"]
    if not then:
        return f"{parts[0]} in {year}"
    parts.append(f"Open: {year - 1}, dicht: {year}" if nl else f"Open: {year - 1}, filled: {year}")
    if any(r["basis"] == "implied" for r in then.values()):
        parts.append(f"Het totaal over {year - 1} is afgeleid uit de genoemde groei" if nl
                     else f"The total of {year - 1} is derived from the growth that was given")  # fmt: skip
    lacking = " en ".join(word("subject", s, language) for s in now if s not in then)
    if lacking:
        parts.append(f"Over {year - 1} ontbreekt: {lacking}" if nl else f"Absent for {year - 1}: {lacking.replace(' en ', ' and ')}")  # fmt: skip
    return ". ".join(parts)


def _signed(value: float, language: str, decimals: int = 0) -> str:
    return f"{'+' if value > 0 else ''}{number(value, language, decimals)}%"
