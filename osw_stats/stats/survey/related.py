"""Shares beside the main one: over five years, among victims, and what other studies asked."""

from __future__ import annotations

from typing import Any

import pandas as pd

from osw_stats.meaning.observations import records
from osw_stats.meaning.series import series
from osw_stats.stats.survey.contracts import columns
from osw_stats.stats.survey.groups import age_range, of_everyone
from osw_stats.stats.survey.intervals import proportion_interval
from osw_stats.stats.survey.prevalence import everyone
from osw_stats.stats.survey.words import SURVEY

SAME_SURVEY: dict[str, bool] = SURVEY["same_survey"]  # by series: whether the share is of victims only
STUDIES: dict[str, dict[str, Any]] = SURVEY["studies"]
Row = dict[str, Any]


def related(
    observations: pd.DataFrame, prev_estimates: pd.DataFrame, *, deff: float, alpha: float
) -> pd.DataFrame:
    """Return `prev_related`: other shares of the same survey, with an assumed sampling interval.

    A share of victims rests on the victims among the respondents, about one in twenty of them. The limits are those
    of Wilson at both ends of what rounding leaves open.
    """
    waves = {r["wave"]: r for r in records(everyone(prev_estimates))}
    rows = []
    for series_id, conditional in SAME_SURVEY.items():
        for period, share in sorted(of_everyone(observations, series_id).items()):
            wave = waves.get(period)
            if wave is not None and wave["n"] > 0 and (wave["pct"] > 0 or not conditional):
                rows.append(_row(share, wave, conditional, deff, alpha))
    return pd.DataFrame(rows, columns=columns("prev_related"))


def _row(share: Row, wave: Row, conditional: bool, deff: float, alpha: float) -> Row:
    n = wave["n"] * (wave["pct"] / 100 if conditional else 1)
    low, _ = proportion_interval(share["lower"] / 100, n, deff=deff, alpha=alpha)
    _, high = proportion_interval(share["upper"] / 100, n, deff=deff, alpha=alpha)
    row = {
        "series": share["series_id"],
        "wave": share["time_period"],
        "pct": share["obs_value"],
        "unit": "percent",
    }
    row |= {"ci_lower": 100 * low, "ci_upper": 100 * high, "interval_kind": "assumed", "grade": "B"}
    row |= {"box_lower": share["lower"], "box_upper": share["upper"], "conditional": conditional}
    how = f"Wilson at both ends of the rounding, n = {n:.0f}, assumed design effect {deff:g}"
    trace = {"observations": f"{share['obs_id']} {wave['observations']}", "method": how}
    return row | {"n": n, "n_eff": n / deff} | trace


def other_studies(observations: pd.DataFrame) -> pd.DataFrame:
    """Return `prev_studies`: what other studies asked, of whom, and why the figure is no second measurement.

    Figures stand as published, with what rounding leaves open; nothing is computed across rows. Of a study its whole
    population is shown, its parts only where no whole was published.
    """
    rows = []
    for series_id, study in STUDIES.items():
        there = observations[observations["series_id"].eq(series_id) & observations["breakdown"].eq("")]
        there = there[there["lower"].notna()].sort_values(["time_period", "age", "sex"])
        for _, wave in there.groupby("time_period"):
            figures = records(wave)
            if whole := [r for r in figures if r["sex"] == "total"]:
                figures = [max(whole, key=lambda r: age_range(r["age"])[1] - age_range(r["age"])[0])]
            rows += [_study(series_id, study, figure) for figure in figures]
    return pd.DataFrame(rows, columns=columns("prev_studies"))


def _study(series_id: str, study: Row, figure: Row) -> Row:
    about = series(series_id)
    row = {
        "study": series_id,
        "publisher": about.publisher,
        "series": series_id,
        "year": figure["time_period"],
    }
    row |= {"sex": figure["sex"], "ages": figure["age"], "pct": figure["obs_value"], "unit": about.unit}
    row |= {"box_lower": figure["lower"], "box_upper": figure["upper"], "interval_kind": "rounding"}
    row |= {key: study[key] for key in ("recall", "online_only", "place", "comparable")}
    row |= {"reason_nl": study["nl"], "reason_en": study["en"]}
    return row | {"observations": figure["obs_id"], "method": "As published"}
