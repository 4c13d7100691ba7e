"""Money: what is needed and allocated, what a post costs, and amounts that must not be added."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from osw_stats.analysis.capacity.gaps import difference, said_on
from osw_stats.analysis.capacity.queueing import implied_duration, work_in_progress
from osw_stats.analysis.claims.book import figures, over_figures
from osw_stats.errors import NotPublishedError
from osw_stats.vocabulary.concepts import Row, concept
from osw_stats.vocabulary.lookup import latest_of_each, only
from osw_stats.vocabulary.observations import matching, records

# money and posts that are put into one quotient, each a series and a concept: of the last years that have both
Figures = tuple[str, str]
LAST_YEARS = 3
PAIRS: tuple[tuple[str, str, Figures, Figures], ...] = (
    ("acm", "dsa", ("acm_dsa_budget", "concept=funded"), ("acm_dsa_fte", "concept=funded")),
    ("police", "added", ("tbkk_budget", "concept=funded"), ("tbkk_fte_growth", "concept=formation")),
    ("ap", "year_end", ("ap_budget", "concept=realised"), ("ap_fte_year_end", "concept=occupied")),
)
# the latest of either, whatever their years
UNDATED = ("ap", "undated", ("ap_budget", "concept=realised"), ("ap_fte", "concept=formation"))


_WHOLE, _LAW = "[government_budget/2024/item-all_items]", "[government_budget/2024/item-sexual_offences_law]"
_FITTING = " + ".join(
    f"[government_budget/{year}/item-{item}]"
    for year, item in (
        ("2026", "processing_times_and_csam_path"), ("2022", "offlimits_subsidy"), ("2022", "integrated_approach"),
    )
)  # fmt: skip
SUMS = {
    "whole": _WHOLE,
    "added_up": f"{_WHOLE} + {_LAW} + {_FITTING}",
    "rest": f"{_WHOLE} - {_LAW}",
    "fitting": _FITTING,
}


@dataclass(frozen=True)
class Item:
    """One amount of government money, and how it hangs together with the others.

    `relation`: whole; part_of (stated in the source); fits (the sums fit, but no source says so);
    separate; maybe_same (another document names the same amount, purpose or receiver).
    """

    name: str
    relation: str
    of: str = ""


OVERLAP = (
    Item("all_items", "whole"),
    Item("sexual_offences_law", "part_of", "all_items"),
    Item("sexual_offences_law_police", "part_of", "sexual_offences_law"),
    Item("processing_times_and_csam", "part_of", "all_items"),
    Item("processing_times_and_csam_path", "part_of", "processing_times_and_csam"),
    Item("offlimits_subsidy", "fits", "processing_times_and_csam"),
    Item("integrated_approach", "fits", "processing_times_and_csam"),
    Item("motion_hermans", "maybe_same", "sexual_offences_law"),
    Item("motion_klaver", "separate"),
)


def money_gaps(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_money_gap`: money needed minus money allocated, where both were published.

    Only the AP named an amount, for all its tasks; its need and its allocation are of different years.
    """
    need, met = latest_of_each(observations, ("ap_budget", "concept=needed"), ("ap_budget_allocated", ""))
    gap = difference(need, met)
    lower, upper = need["lower"] - met["upper"], need["upper"] - met["lower"]
    return pd.DataFrame(
        [
            {
                "body": "ap", "need": need["obs_value"], "funded": met["obs_value"], "funded_concept": concept(met),
                "gap": gap, "gap_lower": lower, "gap_upper": upper, "gap_pct": 100 * gap / need["obs_value"] if need["obs_value"] else math.nan,
                "said": said_on(need), "document": need["source_id"], "need_year": need["time_period"], "funded_year": met["time_period"],
                "years": f"{need['time_period']} {met['time_period']}", "years_mixed": need["time_period"] != met["time_period"],
                "unit": "eur", "interval_kind": "rounding", "observations": f"{need['obs_id']} {met['obs_id']}",
                "method": "need minus allocated, both as stated", "grade": "B",
            }
        ]
    )  # fmt: skip


def unit_costs(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_unit_cost`: euro per fte, with a flag where money and posts are of different years.

    Amounts are as printed, not corrected for prices or wages; `money_year` says of which year they are.
    Limits are the corners of what the wording of both leaves open.

    Raises
    ------
    NotPublishedError
        If no body published money and posts.
    """
    rows = []
    for body, task, paid, posts in PAIRS:
        money, fte = (_by_year(observations, *figures) for figures in (paid, posts))
        for year in sorted({*money} & {*fte})[-LAST_YEARS:]:
            rows.append(_unit_cost(body, task, money[year], fte[year]))
    body, task, paid, posts = UNDATED
    try:
        rows.append(_unit_cost(body, task, *latest_of_each(observations, paid, posts)))
    except NotPublishedError as error:
        if not rows:
            raise error from None
    return pd.DataFrame(rows)


def _by_year(observations: pd.DataFrame, series_id: str, breakdown: str) -> dict[str, Row]:
    """Return the figures of a series by year: those above nought, which can be divided by."""
    rows = observations[matching(observations, {"series_id": series_id, "breakdown": breakdown})]
    return {row["time_period"]: row for row in records(rows) if row["lower"] > 0 and row["obs_value"] > 0}


def _unit_cost(body: str, task: str, money: Row, fte: Row) -> Row:
    mixed = money["time_period"] != fte["time_period"]
    return {
        "body": body, "task": task, "money": money["obs_value"], "money_year": money["time_period"],
        "fte": fte["obs_value"], "fte_year": fte["time_period"], "fte_concept": concept(fte),
        "eur_per_fte": money["obs_value"] / fte["obs_value"], "lower": money["lower"] / fte["upper"],
        "upper": money["upper"] / fte["lower"], "years_mixed": mixed, "unit": "eur", "interval_kind": "rounding",
        "observations": f"{money['obs_id']} {fte['obs_id']}", "method": "money / fte, both as published",
        "grade": "C" if mixed else "B",
    }  # fmt: skip


def overlap(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_overlap`: amounts of government money with what each is a part of.

    Raises
    ------
    NotPublishedError
        If none of the amounts was published.
    """
    rows = []
    for item in OVERLAP:
        key = {"series_id": "government_budget", "breakdown": f"item={item.name}"}
        for row in records(observations[matching(observations, key) & observations["obs_value"].notna()]):
            rows.append(
                {
                    "item": item.name, "year": row["time_period"], "eur": row["obs_value"], "lower": row["lower"],
                    "upper": row["upper"], "relation": item.relation, "of": item.of, "unit": "eur",
                    "as_reported": row["as_reported"], "observations": row["obs_id"], "grade": "B",
                }
            )  # fmt: skip
    if not rows:
        raise NotPublishedError("no amount of government money was published", "government_budget")
    return pd.DataFrame(rows)


def overlap_sums(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_overlap_sums`: the whole, what adding up would give, and the parts that fit the rest.

    Returns
    -------
    pandas.DataFrame
        name (whole, added_up, rest, fitting), eur with lower and upper from rounding, and what they rest on.
    """
    known = figures(observations)
    rows = []
    for name, formula in SUMS.items():
        found = over_figures(formula, known)
        rows.append(
            {
                "name": name, "eur": found.value, "lower": found.lower, "upper": found.upper, "unit": found.unit,
                "interval_kind": "rounding", "observations": " ".join(found.observations), "method": formula,
                "grade": "B",
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def waiting_check(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_waiting`: the waiting time that follows from complaints waiting and arriving at the AP.

    Little's law (wait = waiting / arrivals a year) supposes that nothing much changed in the year. Beside it
    stands what the AP says a complaint with an investigation takes, and how many would then be in hand.

    Raises
    ------
    NotPublishedError
        If no year has both the complaints waiting and those that arrived.
    """
    rows = []
    stated = _duration(observations)
    known = observations[observations["obs_value"] > 0]
    came_in = _by_year(observations, "ap_complaints", "")
    backlog = {r["time_period"]: r for r in records(known[known["series_id"].eq("ap_complaints_backlog")])}
    for year in sorted({*came_in} & {*backlog}):
        waiting, came = backlog[year], came_in[year]
        rows.append(
            {
                "year": year, "waiting": waiting["obs_value"], "waiting_lower": waiting["lower"], "waiting_upper": waiting["upper"], "arrivals": came["obs_value"],
                **{f"wait_{end}": 12 * implied_duration(waiting[f"{end}"], came["obs_value"]) for end in ("lower", "upper")},
                "stated_lower": stated["lower"], "stated_upper": stated["upper"],
                "in_hand_lower": work_in_progress(came["obs_value"], stated["lower"]),
                "in_hand_upper": work_in_progress(came["obs_value"], stated["upper"]),
                "observations": " ".join((waiting["obs_id"], came["obs_id"], stated["obs_id"])), "grade": "C",
            }
        )  # fmt: skip
    if not rows:
        absent = [
            {"series_id": s, "time_period": year}
            for s, has, other in (
                ("ap_complaints", came_in, backlog), ("ap_complaints_backlog", backlog, came_in),
            )
            for year in sorted(other)
            if year not in has
        ]  # fmt: skip
        raise NotPublishedError(
            "no year has complaints waiting and arriving", "ap_complaints_backlog",
            wanted=absent or [{"series_id": s} for s in ("ap_complaints", "ap_complaints_backlog")],
        )  # fmt: skip
    return pd.DataFrame(rows)


def _duration(observations: pd.DataFrame) -> Row:
    """Return what the AP last said a complaint takes, which may be a range alone."""
    rows = observations[observations["series_id"].eq("ap_complaint_duration") & observations["lower"].notna()]
    if rows.empty:
        raise NotPublishedError("the AP did not say how long a complaint takes", "ap_complaint_duration")
    return only(rows, "ap_complaint_duration", time_period=max(rows["time_period"]))
