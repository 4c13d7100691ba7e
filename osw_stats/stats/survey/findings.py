"""Findings from the survey tables, as numbers with a verdict: every direction follows from its row.

An absent finding is an error on which a notebook cell is skipped: `NotPublishedError` for a figure that was not
published, `NotEstimableError` where the figures do not suffice, `NotAskedError` where there is nothing to report.
"""

from datetime import date

import pandas as pd

from osw_stats.errors import NotAskedError, NotEstimableError, NotPublishedError
from osw_stats.meaning.lookup import in_their_words, latest, only
from osw_stats.meaning.numbers import Fact, Number
from osw_stats.meaning.observations import records
from osw_stats.stats.survey import SERIES, SURVEY, Row
from osw_stats.stats.survey.groups import of_all
from osw_stats.stats.survey.margins import DesignEffect
from osw_stats.stats.survey.prevalence import everyone

GIRLS = ("female", "16-17")
ASSUMED = "estimated"  # the status of a figure whose period is assumed here


def first_and_latest(prev_estimates: pd.DataFrame) -> tuple[Row, Row]:
    """Return the rows of everyone in the first and last wave with a margin; the same row twice for a single wave."""
    waves = records(everyone(prev_estimates))
    return waves[0], waves[-1]


def share(row: Row) -> Number:
    """Return the share in a wave, among everyone or among victims."""
    return Number.from_row(row, "pct", period=row["wave"])


def respondents(row: Row) -> Number:
    """Return the number of respondents in a wave with its range, where published with rounding."""
    if row["n_lower"] == row["n_upper"]:
        raise NotAskedError("The number of respondents is known exactly.")
    row = row | {"unit": "respondents", "interval_kind": "rounding"}
    return Number.from_row(row, "n", "n_lower", "n_upper", period=row["wave"])


def design_effect(deff: DesignEffect, row: Row) -> Number:
    """Return the design effect used: the variance relative to a simple random sample."""
    if row["interval_kind"] not in ("assumed", "implied"):
        raise NotAskedError("The margin of the last wave rests on no design effect of ours.")
    row = row | {"value": deff.value, "low": deff.low, "high": deff.high, "unit": "times", "grade": "C"}
    return Number.from_row(row | {"interval_kind": "scenario"}, "value", "low", "high", basis=deff.basis)


def margin_tables(deff: DesignEffect, row: Row) -> Fact:
    """Return the tables of similar surveys by this publisher, while the design effect is assumed."""
    if deff.basis != "assumed" or row["interval_kind"] != "assumed":
        raise NotAskedError("Published margins say what the design effect is.")
    words = ", ".join(SURVEY["sister_tables"])
    return Fact({"nl": words, "en": words}, quotes=(words,))


def publisher_said(events: pd.DataFrame, row: Row) -> Fact:
    """Return the publisher's own statement on the change up to a wave, verbatim."""
    kept = events["kind"].eq("statement") & events["series"].eq(SERIES["share"])
    kept &= events["start"].str[:4].eq(row["wave"]) & (row["interval_kind"] != "design")
    return in_their_words(events[kept], f"data/raw/events holds no statement on the wave of {row['wave']}.")


def share_between(prev_estimates: pd.DataFrame) -> Number:
    """Return the share in the wave between the first and the last, where there is exactly one."""
    waves = records(everyone(prev_estimates))[1:-1]
    if len(waves) != 1:
        raise NotAskedError("There is not one wave between the first and the last.")
    return share(waves[0])


def shares_between(prev_estimates: pd.DataFrame) -> list[Number]:
    """Return the lowest and highest share in the waves between the first and the last, where there are several."""
    waves = records(everyone(prev_estimates).iloc[1:-1].sort_values("pct", kind="stable"))
    if len(waves) < 2:
        raise NotAskedError("There are no two waves between the first and the last.")
    return [share(waves[0]), share(waves[-1])]


def share_without_margin(prev_estimates: pd.DataFrame) -> Number:
    """Return the share of everyone in the last wave, where published without a margin."""
    known = prev_estimates[of_all(prev_estimates) & prev_estimates["pct"].notna()]
    last = known[(known["wave"] == known["wave"].max()) & known["n_eff"].isna()]
    if last.empty:
        raise NotAskedError("The last wave has a share with a margin.")
    return share(only(last, "prev_estimates"))


def share_as_range(prev_estimates: pd.DataFrame) -> Number:
    """Return the share of everyone in the last wave, where published as a range only; use `.interval` alone."""
    known = prev_estimates[of_all(prev_estimates) & prev_estimates[["pct", "box_lower"]].notna().any(axis=1)]
    last = known[(known["wave"] == known["wave"].max()) & known["pct"].isna()]
    if last.empty:
        raise NotAskedError("The last wave has a share, and not a range alone.")
    row = only(last, "prev_estimates")
    row["middle"] = (row["box_lower"] + row["box_upper"]) / 2
    return Number.from_row(row, "middle", "box_lower", "box_upper", period=row["wave"])


def people(row: Row) -> Number:
    """Return the number of people from `prevalence.latest_persons`."""
    return Number.from_row(row, period=row["wave"])


def people_from_answers(row: Row) -> int:
    """Return the wave of this number of people, where it is estimated from microdata."""
    if row["interval_kind"] != "design":
        raise NotAskedError("No answers of respondents were given for this wave.")
    return int(row["wave"])


def people_as_printed(row: Row) -> Fact:
    """Return the number of people as worded by the publisher."""
    words = str(row["persons_as_reported"])
    if not words:
        raise NotPublishedError("no number of people was published", SERIES["persons"], row["wave"])
    return Fact({"nl": words, "en": words}, quotes=(words,))


def difference(row: Row, alpha: float) -> Number:
    """Return a difference between two waves; the verdict is a change only where the adjusted test supports it."""
    verdict = "survey_not_shown"
    if row["p_adj"] < alpha:
        verdict = "survey_shown" if row["robust_to_rounding"] else "survey_by_rounding"
    return Number.from_row(row, "diff", **_waves(row), verdict=verdict)


def _waves(row: Row) -> dict[str, str]:
    return {"period": row["wave_to"], "before": row["wave_from"]}


def definitions(row: Row) -> int:
    """Return the number of definitions in the two waves of a difference."""
    return 1 if row["same_definition"] else 2


def of_groups(prev_estimates: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of groups that are not suppressed."""
    return prev_estimates[~of_all(prev_estimates) & ~prev_estimates["suppressed"].astype(bool)]


def followed(cells: pd.DataFrame) -> int:
    """Return the number of groups with a cell in more than one wave."""
    return int((cells.groupby(["sex", "age"]).size() > 1).sum())


def girls(prev_group_changes: pd.DataFrame) -> Row:
    """Return the row of the youngest girls."""
    table = prev_group_changes
    rows = table[table["sex"].eq(GIRLS[0]) & table["age"].eq(GIRLS[1])]
    if rows.empty:
        raise NotAskedError("Girls of 16-17 years are not among the groups without a margin.")
    return only(rows, "prev_group_changes")


def chance(row: Row, alpha: float) -> Number:
    """Return the p-value of the change of a group, in percent, with its range over all assumptions."""
    low, high = row["p_low"], row["p_high"]
    verdict = "chance_enough" if low >= alpha else "chance_seldom" if high < alpha else "chance_depends"
    row = row | {"unit": "percent", "middle": 100 * row["p"], "low": 100 * low, "high": 100 * high}
    return Number.from_row(row, "middle", "low", "high", **_waves(row), verdict=verdict)


def published_change(row: Row) -> Number:
    """Return the range of a published change under rounding; the verdict states whether its direction is known."""
    low, high = row["change_lower"], row["change_upper"]
    verdict = "published_hidden" if low <= 0 <= high else "published_moved"
    row = row | {"middle": (low + high) / 2, "interval_kind": "rounding"}
    limits = ("change_lower", "change_upper")
    return Number.from_row(row, "middle", *limits, **_waves(row), basis="derived", verdict=verdict)


def per_hundred_victims(row: Row) -> Number:
    """Return the number per hundred victims at a stage of the funnel."""
    row = row | {"unit": "per_hundred_victims"}
    return Number.from_row(row, "share_per_100", "share_lower", "share_upper", period=row["period"])


def not_taking_part(prev_nonresponse: pd.DataFrame) -> Number:
    """Return the nonresponse rate in the last wave in which it is known."""
    rows = prev_nonresponse[prev_nonresponse["wave"] == prev_nonresponse["wave"].max()]
    row = records(rows)[0]  # all rows of a wave have the same response rate
    row |= {"out": 100 - row["response"], "interval_kind": "rounding"}
    return Number.from_row(row, "out", "-", "-", period=row["wave"])


def waves_after(prev_estimates: pd.DataFrame, day: date | None) -> int:
    """Return the number of waves whose twelve-month reference period is entirely after a day, whenever the fieldwork was."""
    if day is None:
        raise NotAskedError("No law changed what is counted.")
    return int((everyone(prev_estimates)["wave"].astype(int) - 1 > day.year).sum())


def published(observations: pd.DataFrame, series_id: str, **where: str) -> Number:
    """Return one published figure with the range its wording implies, for the last period unless one is named."""
    # Its grade is D where the publisher did not state its period.
    row = latest(observations, series_id, **where)
    row |= {"unit": row["unit_measure"], "observations": row["obs_id"], "method": "As published"}
    row["grade"] = "D" if row["obs_status"] == ASSUMED else "A"
    return Number.from_row(row, "obs_value", period=row["time_period"])


def year_as_stated(observations: pd.DataFrame, series_id: str, **where: str) -> int:
    """Return the year of the last figure of a series, where stated by its publisher."""
    row = latest(observations, series_id, **where)
    if row["obs_status"] == ASSUMED:
        raise NotEstimableError(f"not known because no document says the year of {series_id}")
    return int(row["time_period"][:4])
