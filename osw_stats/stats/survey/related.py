"""Other shares than the main one: over five years, among victims, and from other studies."""

import pandas as pd

from osw_stats.meaning.observations import records
from osw_stats.meaning.series import series
from osw_stats.stats.survey import SURVEY, Row, ends
from osw_stats.stats.survey.contracts import columns
from osw_stats.stats.survey.groups import age_range, of_everyone
from osw_stats.stats.survey.intervals import proportion_interval
from osw_stats.stats.survey.margins import DesignEffect
from osw_stats.stats.survey.prevalence import everyone

SAME_SURVEY: dict[str, bool] = SURVEY["same_survey"]  # by series: whether the share is of victims only
STUDIES: dict[str, Row] = SURVEY["studies"]


def related(
    observations: pd.DataFrame, prev_estimates: pd.DataFrame, *, deff: DesignEffect, alpha: float
) -> pd.DataFrame:
    """Return `prev_related`: other shares of the same survey, with an assumed sampling interval."""
    # None are shown with estimates from answers, as these shares are from the publisher's survey. A share of
    # victims is based on the victims among the respondents, about one in twenty of them. The limits are
    # Wilson's at both ends of the rounding interval.
    whole = everyone(prev_estimates)
    waves = {r["wave"]: r for r in records(whole[whole["source_of_interval"].ne("microdata")])}
    rows, assumed = [], f"{deff.basis} design effect {deff.value:g}"
    for series_id, conditional in SAME_SURVEY.items():
        for period, share in sorted(of_everyone(observations, series_id).items()):
            wave = waves.get(period)
            if wave is None or not wave["n"] > 0 or (conditional and not wave["pct"] > 0):
                continue
            n, box = wave["n"] * (wave["pct"] / 100 if conditional else 1), (share["lower"], share["upper"])
            low, high = (proportion_interval(end / 100, n, deff=deff.value, alpha=alpha) for end in box)
            row = {"series": series_id, "wave": period, "pct": share["obs_value"], "conditional": conditional}
            row |= ends("ci", 100 * low[0], 100 * high[1]) | ends("box", *box)
            row |= {"n": n, "n_eff": n / deff.value}
            row["observations"] = f"{share['obs_id']} {wave['observations']}"
            how = f"Wilson at both ends of the rounding, n = {n:.0f}, {assumed}"
            rows.append(row | {"method": how} | {"unit": "percent", "interval_kind": "assumed", "grade": "B"})
    return pd.DataFrame(rows, columns=columns("prev_related"))


def other_studies(observations: pd.DataFrame) -> pd.DataFrame:
    """Return `prev_studies`: the questions and populations of other studies, and why they are no second measurement."""
    # Figures are as published, with their rounding interval; nothing is computed across rows. A study is shown
    # for its whole population, by parts only where no total was published.
    rows = []
    for series_id, study in STUDIES.items():
        known = observations[observations["series_id"].eq(series_id) & observations["breakdown"].eq("")]
        known = known[known["lower"].notna()].sort_values(["time_period", "age", "sex"])
        fields = {"study": series_id, "series": series_id, "publisher": series(series_id).publisher}
        fields |= {key: study[key] for key in ("recall", "online_only", "place", "comparable")}
        fields |= {"reason_nl": study["nl"], "reason_en": study["en"], "unit": series(series_id).unit}
        fields |= {"interval_kind": "rounding", "method": "As published"}
        for year, wave in known.groupby("time_period"):
            figures = records(wave)
            if whole := [r for r in figures if r["sex"] == "total"]:
                figures = [max(whole, key=lambda r: age_range(r["age"])[1] - age_range(r["age"])[0])]
            for figure in figures:
                row = {"year": year, "sex": figure["sex"], "ages": figure["age"], "pct": figure["obs_value"]}
                row |= ends("box", figure["lower"], figure["upper"])
                rows.append(fields | row | {"observations": figure["obs_id"]})
    return pd.DataFrame(rows, columns=columns("prev_studies"))
