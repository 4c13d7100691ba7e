"""What the tables of the survey show, as numbers with a verdict: every direction comes from its row.

What is absent is an error that the cell of a notebook skips itself for: `NotPublishedError` for a figure that nobody
published, `NotEstimableError` for what the figures do not allow, `NotAskedError` where nothing is to be said apart.
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
ASSUMED = "estimated"  # the status of a figure whose period is an assumption of ours


def first_and_latest(prev_estimates: pd.DataFrame) -> tuple[Row, Row]:
    """Return the rows of everyone in the first and the last wave with a margin; of one wave its row twice."""
    waves = records(everyone(prev_estimates))
    return waves[0], waves[-1]


def share(row: Row) -> Number:
    """Return the share of a wave, of everyone or of the victims."""
    return Number.from_row(row, "pct", period=row["wave"])


def respondents(row: Row) -> Number:
    """Return how many took part in a wave, with what is left open of it, where a publisher printed it."""
    if row["n_lower"] == row["n_upper"]:
        raise NotAskedError("The number of respondents is known exactly.")
    row = row | {"unit": "respondents", "interval_kind": "rounding"}
    return Number.from_row(row, "n", "n_lower", "n_upper", period=row["wave"])


def design_effect(deff: DesignEffect, row: Row) -> Number:
    """Return how many times larger the variance is taken to be than in a simple random sample."""
    if row["interval_kind"] not in ("assumed", "implied"):
        raise NotAskedError("The margin of the last wave rests on no design effect of ours.")
    row = row | {"value": deff.value, "low": deff.low, "high": deff.high, "unit": "times", "grade": "C"}
    return Number.from_row(row | {"interval_kind": "scenario"}, "value", "low", "high", basis=deff.basis)


def margin_tables(deff: DesignEffect, row: Row) -> Fact:
    """Return the tables that would say how surveys of this publisher vary, while the design effect is assumed."""
    if deff.basis != "assumed" or row["interval_kind"] != "assumed":
        raise NotAskedError("Published margins say what the design effect is.")
    words = ", ".join(SURVEY["sister_tables"])
    return Fact({"nl": words, "en": words}, quotes=(words,))


def publisher_said(events: pd.DataFrame, row: Row) -> Fact:
    """Return what the publisher said itself of the change up to a wave, in its words."""
    about = events["kind"].eq("statement") & events["series"].eq(SERIES["share"])
    about &= events["start"].str[:4].eq(row["wave"]) & (row["interval_kind"] != "design")
    return in_their_words(events[about], f"data/raw/events holds no statement on the wave of {row['wave']}.")


def share_between(prev_estimates: pd.DataFrame) -> Number:
    """Return the share of the wave between the first and the last, where there is one such wave."""
    waves = records(everyone(prev_estimates))[1:-1]
    if len(waves) != 1:
        raise NotAskedError("There is not one wave between the first and the last.")
    return share(waves[0])


def shares_between(prev_estimates: pd.DataFrame) -> list[Number]:
    """Return the lowest and the highest share of the waves between the first and the last, where there are more."""
    waves = records(everyone(prev_estimates).iloc[1:-1].sort_values("pct", kind="stable"))
    if len(waves) < 2:
        raise NotAskedError("There are no two waves between the first and the last.")
    return [share(waves[0]), share(waves[-1])]


def share_without_margin(prev_estimates: pd.DataFrame) -> Number:
    """Return the share of everyone in the last wave, where it was published and its margin is not known."""
    known = prev_estimates[of_all(prev_estimates) & prev_estimates["pct"].notna()]
    last = known[(known["wave"] == known["wave"].max()) & known["n_eff"].isna()]
    if last.empty:
        raise NotAskedError("The last wave has a share with a margin.")
    return share(only(last, "prev_estimates"))


def share_as_range(prev_estimates: pd.DataFrame) -> Number:
    """Return the share of everyone in the last wave, where a range was published and no value; `.interval` alone is told."""
    known = prev_estimates[of_all(prev_estimates) & prev_estimates[["pct", "box_lower"]].notna().any(axis=1)]
    last = known[(known["wave"] == known["wave"].max()) & known["pct"].isna()]
    if last.empty:
        raise NotAskedError("The last wave has a share, and not a range alone.")
    row = only(last, "prev_estimates")
    row["middle"] = (row["box_lower"] + row["box_upper"]) / 2
    return Number.from_row(row, "middle", "box_lower", "box_upper", period=row["wave"])


def people(row: Row) -> Number:
    """Return the people of `prevalence.latest_persons`."""
    return Number.from_row(row, period=row["wave"])


def people_from_answers(row: Row) -> int:
    """Return the wave of these people, where they follow from answers of respondents."""
    if row["interval_kind"] != "design":
        raise NotAskedError("No answers of respondents were given for this wave.")
    return int(row["wave"])


def people_as_printed(row: Row) -> Fact:
    """Return the number of people in the words of the publisher."""
    words = str(row["persons_as_reported"])
    if not words:
        raise NotPublishedError("no number of people was published", SERIES["persons"], row["wave"])
    return Fact({"nl": words, "en": words}, quotes=(words,))


def difference(row: Row, alpha: float) -> Number:
    """Return a difference between two waves: more than its sign is shown only where the adjusted test supports it."""
    verdict = "survey_not_shown"
    if row["p_adj"] < alpha:
        verdict = "survey_shown" if row["robust_to_rounding"] else "survey_by_rounding"
    return Number.from_row(row, "diff", **_waves(row), verdict=verdict)


def _waves(row: Row) -> dict[str, str]:
    return {"period": row["wave_to"], "before": row["wave_from"]}


def definitions(row: Row) -> int:
    """Return how many definitions the two waves of a difference have."""
    return 1 if row["same_definition"] else 2


def of_groups(prev_estimates: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of groups that are shown."""
    return prev_estimates[~of_all(prev_estimates) & ~prev_estimates["suppressed"].astype(bool)]


def followed(cells: pd.DataFrame) -> int:
    """Return how many groups have a cell in more than one wave."""
    return int((cells.groupby(["sex", "age"]).size() > 1).sum())


def girls(prev_group_changes: pd.DataFrame) -> Row:
    """Return the row of the youngest girls."""
    table = prev_group_changes
    rows = table[table["sex"].eq(GIRLS[0]) & table["age"].eq(GIRLS[1])]
    if rows.empty:
        raise NotAskedError("Girls of 16-17 years are not among the groups without a margin.")
    return only(rows, "prev_group_changes")


def chance(row: Row, alpha: float) -> Number:
    """Return how likely chance alone makes the change of a group, in percent, over all that is assumed of it."""
    low, high = row["p_low"], row["p_high"]
    verdict = "chance_enough" if low >= alpha else "chance_seldom" if high < alpha else "chance_depends"
    row = row | {"unit": "percent", "middle": 100 * row["p"], "low": 100 * low, "high": 100 * high}
    return Number.from_row(row, "middle", "low", "high", **_waves(row), verdict=verdict)


def published_change(row: Row) -> Number:
    """Return what rounding leaves open of a change as published; the verdict says whether its direction is known."""
    low, high = row["change_lower"], row["change_upper"]
    verdict = "published_hidden" if low <= 0 <= high else "published_moved"
    row = row | {"middle": (low + high) / 2, "interval_kind": "rounding"}
    limits = ("change_lower", "change_upper")
    return Number.from_row(row, "middle", *limits, **_waves(row), basis="derived", verdict=verdict)


def per_hundred_victims(row: Row) -> Number:
    """Return how many of every hundred victims a stage of the funnel sees."""
    row = row | {"unit": "per_hundred_victims"}
    return Number.from_row(row, "share_per_100", "share_lower", "share_upper", period=row["period"])


def not_taking_part(prev_nonresponse: pd.DataFrame) -> Number:
    """Return the share of people invited who did not take part, in the last wave of which it is known."""
    rows = prev_nonresponse[prev_nonresponse["wave"] == prev_nonresponse["wave"].max()]
    row = records(rows)[0]  # the response is that of the wave in all of its rows
    row |= {"out": 100 - row["response"], "interval_kind": "rounding"}
    return Number.from_row(row, "out", "-", "-", period=row["wave"])


def waves_after(prev_estimates: pd.DataFrame, day: date | None) -> int:
    """Return how many waves ask about twelve months that lie wholly after a day, wherever in its year a wave was held."""
    if day is None:
        raise NotAskedError("No law changed what is counted.")
    return int((everyone(prev_estimates)["wave"].astype(int) - 1 > day.year).sum())


def published(observations: pd.DataFrame, series_id: str, **where: str) -> Number:
    """Return one published figure as it stands, of the last period unless one is named, with what its wording leaves open."""
    # Its grade is D where the publisher did not say of what period it is.
    row = latest(observations, series_id, **where)
    row |= {"unit": row["unit_measure"], "observations": row["obs_id"], "method": "As published"}
    row["grade"] = "D" if row["obs_status"] == ASSUMED else "A"
    return Number.from_row(row, "obs_value", period=row["time_period"])


def year_as_stated(observations: pd.DataFrame, series_id: str, **where: str) -> int:
    """Return the year of the last figure of a series, where its publisher said it."""
    row = latest(observations, series_id, **where)
    if row["obs_status"] == ASSUMED:
        raise NotEstimableError(f"not known because no document says the year of {series_id}")
    return int(row["time_period"][:4])
