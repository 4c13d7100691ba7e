"""A region among comparable ones: a funnel plot, which allows for chance in small regions."""

import numpy as np
import pandas as pd

from osw_stats.draw import BAND, GREY, GRID, OCHRE, PLUM
from osw_stats.draw.forms import Words, note, number_axis
from osw_stats.draw.style import Chart, two_widths
from osw_stats.meaning.lookup import only
from osw_stats.shelf.regions import Place
from osw_stats.text.gaps import why_not_shown

FINDING = {"no": "within", "above": "above", "below": "below", "": "not_compared"}


@two_widths
def funnel(
    table: pd.DataFrame, place: Place, year: int, base_kind: str, offence: dict[str, str], language: str
) -> Chart:
    """Draw rates of an offence by size with control limits; only the requested region is named."""
    say = Words(language, "region", place=place.name, year=year, n=len(table), offence=offence[language])
    mine = only(table, "region_funnel", region=place.key)
    unknown, per, level = pd.isna(mine["rate"]), say(f"per_{base_kind}"), say.word("level", place.level)
    finding = say(FINDING[str(mine["outside"])], level=level)
    figure, axes = say.canvas(3.2, left=0.12, finding=finding, per=per)
    order = table.sort_values("base")
    axes.fill_between(order["base"], order["low998"], order["high998"], color=GRID, lw=0)
    axes.fill_between(order["base"], order["low95"], order["high95"], color=BAND, lw=0)
    for name, dash in (("95", "-"), ("998", (0, (4, 3)))):  # edges, since the two tints alone are too alike
        for edge in ("low", "high"):
            axes.plot(order["base"], order[edge + name], color=GREY, lw=0.8, ls=dash)
    axes.axhline(float(mine["rate_all"]), color=GREY, lw=1)
    others = table[(table["region"] != place.key) & table["rate"].notna()]
    axes.plot(others["base"], others["rate"], "o", color=PLUM, ms=4, alpha=0.7)
    if not unknown:
        point = (mine["base"], mine["rate"])
        axes.plot(*point, "D", color=OCHRE, ms=9, mec="white")
        large = mine["base"] > np.sqrt(order["base"].min() * order["base"].max())
        offset, side = ((-9, 7), "right") if large else ((9, 7), "left")
        note(axes, place.name, point, offset, color=OCHRE, fontweight="bold", ha=side)
    if order["base"].max() > 20 * order["base"].min():
        axes.set_xscale("log")
    axes.set_ylim(0, None)
    number_axis(axes.xaxis, language)
    axes.xaxis.set_minor_formatter(lambda *_: "")
    number_axis(axes.yaxis, language)
    axes.set_xlabel(say(base_kind), fontsize=9, color=GREY)
    axes.tick_params(length=0)
    rate = why_not_shown(mine, language) if unknown else f"{say.number(mine['rate'])} {per}"
    return say.chart(figure, rate=rate, all=say.number(mine["rate_all"]), finding=finding, level=level)
