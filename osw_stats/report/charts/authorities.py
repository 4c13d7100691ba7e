"""What bodies answered, and when recommendations and dates fall."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from datetime import date

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.patches import Rectangle
from matplotlib.transforms import blended_transform_factory

from osw_stats.report.charts.style import (
    BAND,
    GREY,
    GRID,
    INK,
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
from osw_stats.report.language import day, filled, number
from osw_stats.report.words import word
from osw_stats.vocabulary.authorities import AUTHORITIES, CODES, QUESTIONS
from osw_stats.vocabulary.observations import records

# fill, hatch and sign of a code: three marks, so that colour is never alone
LOOK = {
    0: ("#FFFFFF", "////", "✕"),
    1: ("#FFFFFF", "", "–"),
    2: (GRID, "", "○"),
    3: (BAND, "", "◐"),
    4: (TEAL, "", "●"),
    9: ("#FFFFFF", "....", "□"),
}
STATUS = {
    "met": (TEAL, "o"),
    "partly": (TEAL, "D"),
    "missed": (OCHRE, "X"),
    "open": (GREY, "s"),
    "not_read": (PLUM, "v"),
    "not_found": (PLUM, "^"),
    "not_settled": (PLUM, "P"),
    "not_verifiable": (PLUM, "*"),
}


@two_widths
def matrix(
    table: pd.DataFrame, reports: Mapping[str, int], document: Mapping[str, str], language: str
) -> Chart:
    """Draw bodies × questions as cells with fill and sign; # marks an answer that is about more or less than the subject.

    `reports` is the row of `analysis.capacity.authorities.coverage` on the number of reports: the title tells it.
    `document` names, by language, what was coded.
    """
    nl = language == "nl"
    rows = records(table)
    whole, part = (
        number(n, language) if n else ("geen" if nl else "none")
        for n in (reports["code4"], reports["part"] + reports["broader"])
    )
    title = (
        f"Aantal meldingen genoemd voor het hele onderwerp: door {whole} van de {reports['bodies']} organisaties met een verslag; "
        f"voor een deel of voor meer taken samen: door {part}"
        if nl
        else f"Number of reports named for the whole subject: by {whole} of the {reports['bodies']} bodies with a record; "
        f"for a part or for more tasks together: by {part}"
    )
    subtitle = (
        "Antwoorden op vijf vragen van de opstellers van het rapport. Eén codering, geen rangorde"
        if nl
        else "Answers to five questions of the authors of the report. One coding, not a ranking"
    )
    names = [getattr(AUTHORITIES[r["body"]], language) for r in rows]
    figure, axes = canvas(0.36 * len(rows) + 2.5, title, subtitle, left=0.29)
    with style():
        for y, r in enumerate(rows):
            for x, question in enumerate(QUESTIONS):
                fill, hatch, sign = LOOK[r[f"q{question}"]]
                cell = Rectangle((x - 0.47, y - 0.43), 0.94, 0.86, facecolor=fill, hatch=hatch, edgecolor=GREY, lw=0.6)  # fmt: skip
                shown = sign + (("#" if phone() else " #") if r[f"scope{question}"] else "")
                pickable(
                    y, [axes.add_patch(cell), _sign(axes, x, y, shown, "white" if fill == TEAL else INK)]
                )
        for x, asked in enumerate(QUESTIONS.values()):
            axes.text(
                x, -0.6, asked[language] if phone() else asked[language].replace(" ", "\n", 1), ha="center", va="bottom", fontsize=10,
                rotation=90 if phone() else 0,
            )  # fmt: skip
        legend = [f"{LOOK[c][2]}   {text[language]}" for c, text in CODES.items()]
        legend.append(
            "#   over een deel van het onderwerp, of over meer taken samen"
            if nl
            else "#   about a part of the subject, or about more tasks together"
        )
        legend = [textwrap.fill(t, 38, subsequent_indent="     ") if phone() else t for t in legend]
        legend = [line for text in legend for line in text.split("\n")]
        head = 4.6 if phone() else 1.7  # rows above the grid, for the questions
        for at, text in enumerate(legend):
            place = (
                blended_transform_factory(figure.transFigure, axes.transData) if phone() else axes.transData
            )
            left = 0.02 if phone() else -0.47
            axes.text(left, len(rows) + 0.1 + 0.65 * at, text, fontsize=10, va="center", transform=place)
        axes.set_yticks(range(len(rows)), names)
        for y, label in enumerate(axes.get_yticklabels()):
            pickable(y, [label])
        axes.set_xticks([])
        axes.set_xlim(-0.5, len(QUESTIONS) - 0.5)
        axes.set_ylim(len(rows) + 0.1 + 0.65 * len(legend), -head)
        axes.grid(visible=False)
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)
    source_line(
        figure,
        f"Bron: {document['nl']}, gecodeerd door osw_stats (docs/codebook.md)"
        if nl
        else f"Source: {document['en']}, coded by osw_stats (docs/codebook.md)",
    )
    told = "; ".join(
        f"{q[language]}: " + ", ".join(
            f"{CODES[c][language]} {sum(r[f'q{n}'] == c for r in rows)}" for c in CODES if any(r[f"q{n}"] == c for r in rows)
        )
        for n, q in QUESTIONS.items()
    )  # fmt: skip
    alt = (
        f"Rooster van {len(rows)} organisaties en vijf vragen. Aantal organisaties per antwoord. {told}."
        if nl
        else f"Grid of {len(rows)} bodies and five questions. Number of bodies by answer. {told}."
    )
    caption = (
        f"Vijf vragen aan {len(rows)} organisaties, en wat daarop werd geantwoord"
        if nl
        else f"Five questions to {len(rows)} bodies, and what was answered"
    )
    return Chart(figure, caption, alt, tuple((name, name) for name in names))


def _sign(axes: Axes, x: float, y: float, text: str, colour: str) -> Artist:
    # a white plate keeps the sign readable on a hatched cell
    plate = {"facecolor": "white", "edgecolor": "none", "pad": 1.5} if text.startswith(("✕", "□")) else None
    return axes.text(x, y, text, ha="center", va="center", fontsize=11, color=colour, bbox=plate)


@two_widths
def strip(table: pd.DataFrame, document: Mapping[str, str], language: str) -> Chart:
    """Draw the dates on a line of time, each with its status; the as-of date as a line.

    `document` names, by language, the report that the dates stand in.
    """
    nl = language == "nl"
    rows = [r for r in records(table) if r["date_latest"]]
    rows.sort(key=lambda r: (r["date_latest"], r["id"]))
    require(rows, "recommendation or term with a date")
    as_of = date.fromisoformat(table["as_of"].iloc[0])
    passed = [r for r in rows if r["date_latest"] < as_of.isoformat()]
    states = [r["status"] for r in passed]
    told = ", ".join(
        f"{word('deadline', s, language)} ({number(states.count(s), language)})"
        for s in STATUS
        if s in states
    )
    title = (
        "Stand van {n} [n:termijn die voorbij is|termijnen die voorbij zijn]: {told}"
        if nl
        else "Status of {n} [n:date that has|dates that have] passed: {told}"
    )
    if not passed:
        title = (
            "Van de termijnen met een datum is er nog geen voorbij"
            if nl
            else "Of the dates none has passed yet"
        )
    title = filled(title, n=len(passed), told=told) if passed else title
    subtitle = (
        f"Aanbevelingen en termijnen uit het rapport met een datum; stand op {day(as_of, language)}. Streep: vroegste tot laatste lezing"
        if nl
        else f"Recommendations and dates of the report that have a date; status on {day(as_of, language)}. Bar: earliest to latest reading"
    )
    figure, axes = canvas(0.62 * len(rows) + 0.4, title, subtitle, left=0.03)
    with style():
        first = min(date.fromisoformat(r["date_earliest"]) for r in rows)
        last = max(date.fromisoformat(r["date_latest"]) for r in rows)
        low, high = _at(min(first, as_of)), _at(max(last, as_of))
        axes.axvline(_at(as_of), color=OCHRE, lw=1.4, ls=(0, (4, 3)), zorder=0)
        axes.text(
            _at(as_of), -0.95, "peildatum " if nl else "as-of date ", fontsize=9.5, color=OCHRE,
            ha="right", va="center",
        )  # fmt: skip
        for y, r in enumerate(rows):
            early, late = (_at(date.fromisoformat(r[k])) for k in ("date_earliest", "date_latest"))
            colour, marker = STATUS[r["status"]]
            axes.text(
                0.0, y - 0.36, f"{r['id']}  {_short(r[f'text_{language}'], 32 if phone() else 92)}", fontsize=9.5, va="center",
                transform=axes.get_yaxis_transform(), bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
            )  # fmt: skip
            axes.plot([early, late], [y, y], color=colour, lw=5, solid_capstyle="butt", alpha=0.45)
            axes.plot(late, y, marker, color=colour, ms=8)
            right = late < (low + high) / 2
            axes.annotate(
                word("deadline", r["status"], language), (late if right else early, y), (10 if right else -10, 0),
                textcoords="offset points", ha="left" if right else "right", va="center", fontsize=9.5, color=colour,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
            )  # fmt: skip
        years = range(first.year, last.year + 1)
        axes.set_xticks([_at(date(y, 1, 1)) for y in years], [str(y) for y in years])
        axes.set_xlim(low - 25, high + 25)
        axes.set_yticks([])
        axes.set_ylim(len(rows) - 0.5, -1.2)
        axes.grid(axis="y", visible=False)
        axes.spines["left"].set_visible(False)
    source_line(
        figure,
        f"Bron: {document['nl']}; nummers zijn paragrafen. Het bewijs staat in de tabel"
        if nl
        else f"Source: {document['en']}; numbers are paragraphs. The evidence stands in the table",
    )
    told = "; ".join(
        f"{r['id']}, {day(r['date_latest'], language)}: {word('deadline', r['status'], language)}"
        for r in rows
    )
    alt = (
        f"Tijdlijn met {number(len(rows), language)} data. {told}."
        if nl
        else f"Timeline with {number(len(rows), language)} dates. {told}."
    )
    caption = "Termijnen uit het rapport en hun stand" if nl else "Dates of the report and their status"
    return Chart(figure, caption, alt)


def _short(text: str, most: int = 92) -> str:
    """Cut a text at a whole word."""
    if len(text) <= most:
        return text
    return text[: most + 1].rsplit(" ", 1)[0].rstrip(",") + " …"


def _at(when: date) -> float:
    """Return where a day stands on the axis."""
    return float(date2num(when))  # type: ignore[no-untyped-call]
