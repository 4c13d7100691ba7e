"""Counts by year, with breaks of definition drawn and never bridged by a line."""

from __future__ import annotations

import pandas as pd
import seaborn as sns

from osw_stats.report.charts.style import GREY, OCHRE, PLUM, Chart, canvas, source_line, style
from osw_stats.report.language import day, number
from osw_stats.vocabulary.observations import pick, records
from osw_stats.vocabulary.periods import parse_period
from osw_stats.vocabulary.series import series


def police(observations: pd.DataFrame, language: str) -> Chart:
    """Draw registered offences and reports of sexual offences: two units, two panels of one scale."""
    nl = language == "nl"
    offences = pick(observations, "police_registered_141").sort_values("time_period")
    reports = pick(observations, "police_reports").sort_values("time_period")
    last = offences.iloc[-1]
    low, high = offences["obs_value"].min(), offences["obs_value"].max()
    title = (
        f"Registraties schommelden tussen {number(low, language)} en {number(high, language)} per jaar"
        if nl
        else f"Registered offences varied between {number(low, language)} and {number(high, language)} a year"
    )
    subtitle = (
        "Nederland, online en niet-online samen. Rondjes: geregistreerde misdrijven (code 1.4.1). "
        "Ruiten: meldingen, een andere telling; de twee zijn niet verbonden"
        if nl
        else "The Netherlands, online and offline together. Circles: registered offences (code 1.4.1). "
        "Diamonds: reports, another count; the two are not joined"
    )
    figure, axes = canvas(2.9, title, subtitle, left=0.11)
    with style():
        sns.lineplot(
            x=offences["time_period"].astype(int), y=offences["obs_value"], ax=axes, color=PLUM,
            marker="o", errorbar=None, linewidth=1.6,
        )  # fmt: skip
        axes.plot(reports["time_period"].astype(int), reports["obs_value"], "D", color=OCHRE, ms=8)
        for place, r in enumerate(records(reports)):
            axes.annotate(
                number(r["obs_value"], language), (int(r["time_period"]), r["obs_value"]),
                (9 if place else -9, -3), textcoords="offset points", ha="left" if place else "right",
                color=OCHRE, fontweight="bold", fontsize=10,
            )  # fmt: skip
        axes.annotate(
            number(last["obs_value"], language), (int(last["time_period"]), last["obs_value"]), (0, 9),
            textcoords="offset points", ha="center", color=PLUM, fontweight="bold", fontsize=10,
        )  # fmt: skip
        law = parse_period(series("police_reports").breaks[-1].at).start
        axes.axvline(law.year - 0.5, color=GREY, lw=1, ls=(0, (4, 3)))
        axes.annotate(
            f"{'nieuwe wet' if nl else 'new law'}, {day(law, language)}", (law.year - 0.5, 0), (-5, 8),
            textcoords="offset points", fontsize=8.5, color=GREY, ha="right",
        )  # fmt: skip
        axes.set_xlim(int(offences["time_period"].iloc[0]) - 0.5, int(reports["time_period"].iloc[-1]) + 1.6)
        axes.set_ylim(0, reports["obs_value"].max() * 1.15)
        axes.yaxis.set_major_formatter(lambda v, _: number(v, language))
        axes.set_xlabel("")
        axes.set_ylabel("")
        axes.grid(axis="x", visible=False)
        axes.tick_params(length=0)
    source_line(figure, "Bron: politie" if nl else "Source: police")
    alt = (
        (
            f"Lijn met geregistreerde zedenmisdrijven van {offences['time_period'].iloc[0]} tot {last['time_period']}: "
            f"laagste {number(low, language)}, hoogste {number(high, language)}, laatste {number(last['obs_value'], language)}. "
            "Los daarvan meldingen bij de politie: "
            if nl
            else f"Line of registered sexual offences from {offences['time_period'].iloc[0]} to {last['time_period']}: "
            f"lowest {number(low, language)}, highest {number(high, language)}, last {number(last['obs_value'], language)}. "
            "Apart from it reports to the police: "
        )
        + ", ".join(f"{r['time_period']} {number(r['obs_value'], language)}" for r in records(reports))
        + "."
    )
    caption = (
        "Seksuele misdrijven bij de politie: twee tellingen die niet hetzelfde meten"
        if nl
        else "Sexual offences at the police: two counts that do not measure the same"
    )
    return Chart(figure, caption, alt)
