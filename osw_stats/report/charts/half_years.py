"""A first half year, as each published piece would have it: reconstructions side by side, none chosen."""

from __future__ import annotations

import pandas as pd
from matplotlib.ticker import MaxNLocator

from osw_stats.report.charts.style import GREY, OCHRE, Chart, canvas, require, source_line, style, two_widths
from osw_stats.report.language import number
from osw_stats.report.words import word
from osw_stats.vocabulary.observations import records

ROW = 0.52  # inches


@two_widths
def first_half(table: pd.DataFrame, year: int, before: float, language: str) -> Chart:
    """Draw the reconstructions of `table`; `before` is half of the total of the year before."""
    nl = language == "nl"
    rows = records(table[table["h1"].notna()])[::-1]
    require(rows, f"computation of the first half of {year}")
    least, most = (number(end(r["h1"] for r in rows), language) for end in (min, max))
    to = {"nl": " tot ", "en": " to "}[language].join(dict.fromkeys((least, most)))
    title = (
        f"Het eerste halfjaar van {year}: {to} meldingen, naar gelang de berekening"
        if nl
        else f"The first half of {year}: {to} reports, depending on the computation"
    )
    subtitle = (
        f"Meldingen van seksuele misdrijven bij de politie, januari tot en met juni {year}, berekend uit wat wel is gepubliceerd. "
        "Streep: wat afronding openlaat. Stippellijn: de helft van het jaar ervoor"
        if nl
        else f"Reports of sexual offences to the police, January to June {year}, computed from what was published. "
        "Bar: what rounding leaves open. Dashed line: half of the year before"
    )
    figure, axes = canvas(ROW * len(rows) + 0.35, title, subtitle, left=0.41)
    with style():
        axes.axvline(before, color=GREY, lw=1, ls=(0, (4, 3)))
        for at, row in enumerate(rows):
            axes.plot([row["h1_lower"], row["h1_upper"]], [at, at], color=OCHRE, lw=3, solid_capstyle="butt")
            axes.plot(row["h1"], at, "D", color=OCHRE, ms=8, mec="white")
            axes.annotate(
                number(row["h1"], language), (row["h1"], at), (0, 8), textcoords="offset points", ha="center",
                color=OCHRE, fontweight="bold", fontsize=10, bbox={"facecolor": "white", "lw": 0, "pad": 0.5},
            )  # fmt: skip
        axes.set_yticks(range(len(rows)), [_label(r, language) for r in rows])
        axes.set_ylim(-0.6, len(rows) - 0.3)
        low, high = min(before, table["h1_lower"].min()), max(before, table["h1_upper"].max())
        axes.set_xlim(low - 0.08 * (high - low), high + 0.03 * (high - low))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=4))
        axes.xaxis.set_major_formatter(lambda v, _: number(v, language))
        axes.grid(axis="y", visible=False)
        axes.tick_params(length=0)
    source_line(figure, "Bron: politie; eigen berekening" if nl else "Source: police; own computation")
    said = "; ".join(
        f"{_label(r, language)}: {number(r['h1'], language)} ({number(r['h1_lower'], language)}–{number(r['h1_upper'], language)})"
        for r in reversed(rows)
    ).replace("\n", " ")
    alt = (
        f"Punten met een streep voor elke berekening van het eerste halfjaar van {year}. {said}. De helft van het jaar ervoor: {number(before, language)}."
        if nl
        else f"Points with a bar for each computation of the first half of {year}. {said}. Half of the year before: {number(before, language)}."
    )
    caption = (
        f"Meldingen in het eerste halfjaar van {year}: berekeningen naast elkaar"
        if nl
        else f"Reports in the first half of {year}: computations side by side"
    )
    return Chart(figure, caption, alt)


def _label(row: dict[str, object], language: str) -> str:
    text = word("half_year", row["variant"], language)
    share = row["share_before"]
    if isinstance(share, float) and not pd.isna(share):
        text += f"\n{number(share, language)}% {word('half_year', 'in_second_half', language)}"
    return text
