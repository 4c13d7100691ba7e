"""A region beside its like: a funnel, so that small regions are not held against chance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from osw_stats.report.charts.style import (
    BAND,
    GREY,
    GRID,
    OCHRE,
    PLUM,
    Chart,
    canvas,
    source_line,
    style,
    two_widths,
)
from osw_stats.report.gaps import why_not_shown
from osw_stats.report.language import number
from osw_stats.report.words import word
from osw_stats.shelf.regions.comparison import Place
from osw_stats.vocabulary.lookup import only

OF = {
    "population": {"nl": "per 100.000 inwoners", "en": "per 100,000 inhabitants"},
    "offences": {"nl": "per 100.000 geregistreerde misdrijven", "en": "per 100,000 registered offences"},
}
BASE = {
    "population": {"nl": "inwoners", "en": "inhabitants"},
    "offences": {"nl": "alle geregistreerde misdrijven", "en": "all registered offences"},
}
FINDING = {
    "no": {"nl": "binnen het gewone verschil tussen", "en": "within the ordinary difference between"},
    "above": {"nl": "boven het gewone verschil tussen", "en": "above the ordinary difference between"},
    "below": {"nl": "onder het gewone verschil tussen", "en": "below the ordinary difference between"},
    "": {"nl": "niet te vergelijken met andere", "en": "not to be compared with other"},
}


@two_widths
def funnel(
    table: pd.DataFrame, place: Place, year: int, base_kind: str, offence: dict[str, str], language: str
) -> Chart:
    """Draw rates of an offence by size with control limits; only the asked region has a name."""
    nl = language == "nl"
    mine = only(table, "region_funnel", region=place.key)
    unknown = pd.isna(mine["rate"])
    title = f"{place.name}: {FINDING[str(mine['outside'])][language]} {word('level', place.level, language)}"
    subtitle = (
        f"Geregistreerde misdrijven ({offence[language]}) in {year}, {OF[base_kind]['nl']}. Elke stip is een regio; binnen de "
        "trechter is verschil gewoon. Binnenste rand 95, buitenste 99,8 procent. Geen ranglijst"
        if nl
        else f"Registered offences ({offence[language]}) in {year}, {OF[base_kind]['en']}. Every dot is a region; inside the "
        "funnel a difference is ordinary. Inner edge 95, outer edge 99.8 percent. Not a ranking"
    )
    figure, axes = canvas(3.2, title, subtitle, left=0.12)
    order = table.sort_values("base")
    others = table[(table["region"] != place.key) & table["rate"].notna()]
    with style():
        axes.fill_between(order["base"], order["low998"], order["high998"], color=GRID, lw=0)
        axes.fill_between(order["base"], order["low95"], order["high95"], color=BAND, lw=0)
        for low, high, dash in (("low95", "high95", "-"), ("low998", "high998", (0, (4, 3)))):
            for edge in (low, high):  # the two tints alone are too alike
                axes.plot(order["base"], order[edge], color=GREY, lw=0.8, ls=dash)
        axes.axhline(float(mine["rate_all"]), color=GREY, lw=1)
        axes.plot(others["base"], others["rate"], "o", color=PLUM, ms=4, alpha=0.7)
        if not unknown:
            axes.plot(mine["base"], mine["rate"], "D", color=OCHRE, ms=9, mec="white")
            side = mine["base"] > np.sqrt(order["base"].min() * order["base"].max())
            axes.annotate(
                place.name, (mine["base"], mine["rate"]), (-9 if side else 9, 7), textcoords="offset points",
                color=OCHRE, fontweight="bold", ha="right" if side else "left",
            )  # fmt: skip
        if order["base"].max() > 20 * order["base"].min():
            axes.set_xscale("log")
        axes.set_ylim(0, None)
        axes.xaxis.set_major_formatter(lambda v, _: number(v, language))
        axes.xaxis.set_minor_formatter(lambda *_: "")
        axes.yaxis.set_major_formatter(lambda v, _: number(v, language))
        axes.set_xlabel(BASE[base_kind][language], fontsize=9, color=GREY)
        axes.tick_params(length=0)
    source_line(figure, "Bron: politie; eigen berekening" if nl else "Source: police; own computation")
    rate = (
        why_not_shown({"suppression_reason": mine["suppression_reason"]}, language)
        if unknown
        else number(mine["rate"], language)
    )
    of = "" if unknown else f" {OF[base_kind][language]}"
    alt = (
        f"Trechtergrafiek van {len(table)} regio's. {place.name}: {rate}{of}; alle regio's samen {number(mine['rate_all'], language)}. {title}."
        if nl
        else f"Funnel plot of {len(table)} regions. {place.name}: {rate}{of}; all regions together {number(mine['rate_all'], language)}. {title}."
    )
    caption = f"{place.name} naast andere {word('level', place.level, language)}" if nl else f"{place.name} beside other {word('level', place.level, language)}"  # fmt: skip
    return Chart(figure, caption, alt)
