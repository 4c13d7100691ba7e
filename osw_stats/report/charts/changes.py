"""Survey shares over the waves, and the differences between waves and groups."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
from matplotlib.axes import Axes

from osw_stats.analysis.survey.prevalence import ALL
from osw_stats.report.charts.prevalence import (
    GROUPS,
    WHAT,
    Row,
    breaks_between,
    drawn,
    ends_of,
    groups_of,
    source,
)
from osw_stats.report.charts.style import (
    GREY,
    INK,
    TEAL,
    Chart,
    canvas,
    pickable,
    require,
    source_line,
    style,
    two_widths,
)
from osw_stats.report.charts.timeline import place_of, told_breaks
from osw_stats.report.language import number
from osw_stats.report.row_cells import contrast, group_name
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.periods import parse_period
from osw_stats.vocabulary.series import Break

CONTRASTS = {"nl": "Verschillen tussen rondes en groepen", "en": "Differences between waves and groups"}
CAPTION = {"nl": "Groepen over de rondes van het onderzoek", "en": "Groups over the waves of the survey"}


@two_widths
def slopes(estimates: pd.DataFrame, language: str) -> Chart:
    """Draw each group over the waves; lines stop where the definition changed."""
    rows = [r for r in drawn(estimates) if pd.notna(r["pct"])]
    order = sorted({(r["sex"], r["age"]) for r in rows}, key=lambda g: (g[1] != "16+", g[1], g[0]))
    order = [g for g in order if sum((r["sex"], r["age"]) == g for r in rows) > 1]
    lines = {
        g: sorted((r for r in rows if (r["sex"], r["age"]) == g), key=lambda r: r["wave"]) for g in order
    }
    require(order, "group with more than one wave")
    rows = [r for line in lines.values() for r in line]
    broken = len({r["definition_version"] for r in rows}) > 1
    blind = any(r["interval_kind"] == "rounding" for r in rows)
    title = {"nl": "Over de begripsverandering heen trekken wij geen lijn", "en": "We draw no line across the change of concept"}  # fmt: skip
    title = title if broken else CAPTION
    subtitle = {
        "nl": "Groepen met meer dan één ronde" + (". Open tekens: marges niet gepubliceerd" if blind else ""),
        "en": "Groups with more than one wave" + (". Hollow marks: margins not published" if blind else ""),
    }
    figure, axes = canvas(3.6, title[language], WHAT[language].format(who=GROUPS[language]) + subtitle[language], left=0.09)  # fmt: skip
    with style():
        labels = []
        for place, (group, line) in enumerate(lines.items()):
            aside = 0.06 * (
                place - (len(lines) - 1) / 2
            )  # groups stand a little apart, so that bars are seen
            colour = TEAL if group == ALL else GREY
            for a, b in pairwise(line):
                if a["definition_version"] == b["definition_version"]:
                    at = [int(a["wave"]) + aside, int(b["wave"]) + aside]
                    pickable(place, axes.plot(at, [a["pct"], b["pct"]], color=colour, lw=1.6))
            for r in line:
                hollow = r["interval_kind"] == "rounding"
                bar = axes.plot([int(r["wave"]) + aside] * 2, [r["lower"], r["upper"]], color=colour, lw=1.4)
                mark = axes.plot(int(r["wave"]) + aside, r["pct"], "o" if group == ALL else "s", ms=7, mec=colour, mfc="white" if hollow else colour)  # fmt: skip
                pickable(place, [*bar, *mark])
            edge = int(line[-1]["wave"]) + 0.03 * (len(lines) - 1)
            labels.append((line[-1]["pct"], edge, group_name(group, language), colour, place))
        known = sorted({int(r["wave"]) for r in rows})
        _labels(axes, labels)
        cuts = _breaks(axes, rows, language)
        axes.set_xticks(known, [str(w) for w in known])
        axes.set_xlim(known[0] - 0.4, known[-1] + 2.6)
        axes.set_ylim(0, None)
        axes.set_ylabel({"nl": "procent", "en": "percent"}[language])
        axes.grid(axis="x", visible=False)
    source_line(figure, source(rows, language))
    told = "; ".join(f"{group_name(g, language)}: " + ", ".join(f"{r['wave']} {number(r['pct'], language, 1)}" for r in line) for g, line in lines.items())  # fmt: skip
    alt = {
        "nl": f"Groepen over de rondes. Procent: {told}.",
        "en": f"Groups over the waves. Percent: {told}.",
    }
    crossed = {"nl": " Lijnen lopen daar niet overheen.", "en": " Lines do not cross that."}
    said = told_breaks(cuts, language, always_line=True) + (crossed[language] if broken else "")
    return Chart(figure, CAPTION[language], alt[language] + said, groups_of(order, language))


@two_widths
def changes(differences: pd.DataFrame, alpha: float, language: str) -> Chart:
    """Draw differences in percentage points around zero; filled where the adjusted test finds one."""
    rows = records(differences)
    level = number(100 * (1 - alpha), language)
    # the longest change of the whole population is what the title is about
    require(rows, "waves or groups that can be compared")
    of_all = [r for r in rows if r["family"] == "F1"]
    whole = max(of_all, key=lambda r: int(r["wave_to"]) - int(r["wave_from"]), default=None)
    title = CONTRASTS
    if whole is not None:
        first, last, found = whole["wave_from"], whole["wave_to"], whole["p_adj"] < alpha
        title = {
            "nl": f"Verschil tussen {first} en {last}: {'aantoonbaar' if found else 'niet aantoonbaar'}",
            "en": f"Difference between {first} and {last}: {'shown' if found else 'not shown'} by the data",
        }
    subtitle = {
        "nl": f"Verschil in procentpunt met marge van {level} procent. Gevuld: aantoonbaar, ook na correctie voor het "
        "aantal toetsen. Open: niet aantoonbaar",
        "en": f"Difference in percentage points with a margin of {level} percent. Filled: shown, also after correction "
        "for the number of tests. Hollow: not shown",
    }
    figure, axes = canvas(0.5 * len(rows) + 0.6, title[language], subtitle[language], left=0.36)
    with style():
        for y, r in enumerate(rows):
            colour = TEAL if r is whole else INK
            axes.plot([r["lower"], r["upper"]], [y, y], color=colour, lw=1.6)
            axes.plot(r["diff"], y, "o", ms=8, mec=colour, mfc=colour if r["p_adj"] < alpha else "white")
        axes.axvline(0, color=GREY, lw=1)
        axes.set_yticks(range(len(rows)), [contrast(r, language) for r in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.xaxis.set_major_formatter(lambda x, _: number(x, language, 1))
        axes.set_xlabel({"nl": "procentpunt", "en": "percentage points"}[language])
        axes.grid(axis="y", visible=False)
        axes.tick_params(length=0)
    source_line(figure, source(rows, language))
    told = "; ".join(
        f"{contrast(r, language).replace(chr(10), ' ')}: {number(r['diff'], language, 1)} ({ends_of(r, language)})"
        for r in rows
    )
    alt = {
        "nl": f"Verschillen met marge rond nul. Procentpunt: {told}.",
        "en": f"Differences with margin around zero. Percentage points: {told}.",
    }
    return Chart(figure, CONTRASTS[language], alt[language])


def _labels(axes: Axes, ends: list[tuple[float, float, str, str, int]]) -> None:
    """Write each line's name at its end, moved apart where two would overlap."""
    height, floor = 0.055 * max(e[0] for e in ends) * 1.3, -1e9
    for value, wave, text, colour, place in sorted(ends):
        floor = max(value, floor + height)
        note = axes.annotate(text, (wave, floor), (9, 0), textcoords="offset points", va="center", fontsize=9.5, color=colour)  # fmt: skip
        pickable(place, [note])


def _breaks(axes: Axes, rows: list[Row], language: str) -> list[Break]:
    """Draw a line where the wave begins from which another concept holds, and return those breaks."""
    found: list[Break] = []
    waves = sorted({r["wave"]: r for r in rows}.items())
    for (_, a), (wave, b) in pairwise(waves):
        if a["definition_version"] != b["definition_version"]:
            found += breaks_between(a, b)
            at = place_of(parse_period(wave).start.isoformat())
            axes.axvline(at, color=GREY, lw=1, ls=(0, (4, 3)))
            text = {"nl": f"ander begrip vanaf {wave}", "en": f"other concept from {wave}"}[language]
            axes.annotate(text, (at, 0.99), (4, 0), xycoords=axes.get_xaxis_transform(), textcoords="offset points", fontsize=8.5, color=GREY, va="top")  # fmt: skip
    return found
