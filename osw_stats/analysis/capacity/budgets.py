"""Money: what is needed and allocated, what a post costs, and amounts that must not be added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from osw_stats.analysis.capacity.gaps import MONEY_SERIES, difference, gap_shares
from osw_stats.analysis.capacity.queueing import implied_duration, work_in_progress
from osw_stats.analysis.capacity.stated import MET, latest_stated, nothing_both, said_on
from osw_stats.analysis.claims.book import figures, over_figures
from osw_stats.errors import NotPublishedError
from osw_stats.vocabulary.concepts import Row, concept
from osw_stats.vocabulary.lookup import only
from osw_stats.vocabulary.numbers import Number
from osw_stats.vocabulary.observations import pick, records

# money and posts that are put into one quotient: the series and the concept of either
Figure = tuple[str, str]
PAIRS: tuple[tuple[str, str, Figure, Figure], ...] = (
    ("acm", "dsa", ("acm_dsa_budget", "concept=funded"), ("acm_dsa_fte", "concept=funded")),
    ("police", "added", ("tbkk_budget", "concept=funded"), ("tbkk_fte_growth", "concept=formation")),
    ("ap", "year_end", ("ap_budget", "concept=realised"), ("ap_fte_year_end", "concept=occupied")),
    ("ap", "undated", ("ap_budget", "concept=realised"), ("ap_fte", "concept=formation")),
)
# where the money that meets a need stands in another series, and with which concepts
ALLOCATED_IN: dict[str, tuple[str, tuple[str, ...]]] = {"ap_budget": ("ap_budget_allocated", ("",))}
YEARS = 3  # of each task that are shown
UNDATED = "undated"  # posts that no document gives a year: the latest of both, whatever their years


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
    """Return the table `cap_money_gap`: money needed minus money allocated or granted, where both were published.

    Need and allocation may be of different years; `years_mixed` says so.

    Raises
    ------
    NotPublishedError
        If no body has both; it names what lacks beside a need, or else every need.
    """
    rows, lacking = [], []
    for series_id, (body, _) in MONEY_SERIES.items():
        against, concepts = ALLOCATED_IN.get(series_id, (series_id, MET))
        need = latest_stated(observations, series_id, "needed")
        met = latest_stated(observations, against, *concepts)
        if need is not None and met is not None:
            rows.append({"body": body} | _money_gap(need, met))
        elif need is not None:
            lacking.append(
                {"series_id": against} | ({"breakdown": f"concept={concepts[0]}"} if concepts[0] else {})
            )
    if not rows:
        raise nothing_both("money", lacking, MONEY_SERIES)
    return pd.DataFrame(rows)


def _money_gap(need: dict[str, Any], met: dict[str, Any]) -> dict[str, Any]:
    gap = difference(need, met)
    lower, upper = need["lower"] - met["upper"], need["upper"] - met["lower"]
    return {
        "need": need["obs_value"], "funded": met["obs_value"], "funded_concept": concept(met),
        "gap": gap, "gap_lower": lower, "gap_upper": upper, "gap_pct": gap_shares(need["obs_value"], met["obs_value"])["gap_pct"],
        "said": said_on(need), "document": need["source_id"], "need_year": need["time_period"], "funded_year": met["time_period"],
        "years": f"{need['time_period']} {met['time_period']}", "years_mixed": need["time_period"] != met["time_period"],
        "unit": "eur", "interval_kind": "rounding", "observations": f"{need['obs_id']} {met['obs_id']}",
        "method": f"need minus {concept(met)}, both as stated", "grade": "B",
    }  # fmt: skip


def unit_costs(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_unit_cost`: euro per fte, with a flag where money and posts are of different years.

    Amounts are as printed, not corrected for prices or wages; `money_year` says of which year they are.
    Limits are the corners of what the wording of both leaves open.

    Raises
    ------
    NotPublishedError
        If no task has both.
    """
    rows = [
        _unit_cost(body, task, money, fte)
        for body, task, paid, posts in PAIRS
        for money, fte in _pairs(observations, paid, posts, whatever_year=task == UNDATED)
    ]
    if not rows:
        there = set(zip(observations["series_id"], observations["breakdown"], strict=True))
        lacking = [f for _, _, *pair in PAIRS for f in pair if f not in there] or [PAIRS[-1][3]]
        wanted = [{"series_id": s, "breakdown": c} for s, c in dict.fromkeys(lacking)]
        raise NotPublishedError("no task has both money and posts", lacking[0][0], wanted=wanted)
    return pd.DataFrame(rows)


def _pairs(
    observations: pd.DataFrame, paid: Figure, posts: Figure, *, whatever_year: bool
) -> list[tuple[Row, Row]]:
    """Return money and posts of one year, for the last years that have both; or the latest of both."""
    known = observations[observations["lower"] > 0]  # no amount can be divided among no posts
    money, fte = (
        {r["time_period"]: r for r in records(known[(known["series_id"] == s) & (known["breakdown"] == c)])}
        for s, c in (paid, posts)
    )
    if whatever_year:
        return [(money[max(money)], fte[max(fte)])] if money and fte else []
    return [(money[year], fte[year]) for year in sorted(set(money) & set(fte))[-YEARS:]]


def _unit_cost(body: str, task: str, money: Row, fte: Row) -> dict[str, Any]:
    mixed = money["time_period"] != fte["time_period"]
    return {
        "body": body, "task": task, "money": money["obs_value"], "money_year": money["time_period"],
        "fte": fte["obs_value"], "fte_year": fte["time_period"], "fte_concept": concept(fte),
        "eur_per_fte": money["obs_value"] / fte["obs_value"], "lower": money["lower"] / fte["upper"],
        "upper": money["upper"] / fte["lower"], "years_mixed": mixed,
        "unit": "eur", "interval_kind": "rounding", "observations": f"{money['obs_id']} {fte['obs_id']}",
        "method": "money / fte, both as published", "grade": "C" if mixed else "B",
    }  # fmt: skip


def overlap(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_overlap`: amounts of government money with what each is a part of.

    Raises
    ------
    NotPublishedError
        If there is no amount.
    """
    known = observations[observations["series_id"] == "government_budget"]
    rows = []
    for item in OVERLAP:
        for row in records(known[known["breakdown"] == f"item={item.name}"]):
            rows.append(
                {
                    "item": item.name, "year": row["time_period"], "eur": row["obs_value"], "lower": row["lower"],
                    "upper": row["upper"], "relation": item.relation, "of": item.of, "unit": "eur",
                    "as_reported": row["as_reported"], "observations": row["obs_id"], "grade": "B",
                }
            )  # fmt: skip
    if not rows:
        raise NotPublishedError("no amount of government money", "government_budget")
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
    above_zero = observations[observations["lower"] > 0]  # some are stated as a range alone
    stated = records(pick(above_zero, "ap_complaint_duration").sort_values("time_period"))[-1]
    counted = above_zero[above_zero["obs_value"] > 0]
    received = {r["time_period"]: r for r in records(pick(counted, "ap_complaints"))}
    for waiting in records(pick(above_zero, "ap_complaints_backlog").sort_values("time_period")):
        year = waiting["time_period"]
        came = received.get(year)
        if came is None:
            continue
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
        raise NotPublishedError("no year has complaints waiting and arriving", "ap_complaints_backlog")
    return pd.DataFrame(rows)


def waits(waiting: pd.DataFrame) -> dict[str, list[str]]:
    """Return the years in which the wait that follows (months) is shorter or longer than the one stated (years).

    Examples
    --------
    >>> row = {"year": "2022", "wait_lower": 5.2, "wait_upper": 5.3, "stated_lower": 1.0, "stated_upper": 1.5}
    >>> waits(pd.DataFrame([row]))
    {'shorter': ['2022'], 'longer': [], 'overlap': []}
    """
    years: dict[str, list[str]] = {"shorter": [], "longer": [], "overlap": []}
    for row in records(waiting):
        shorter = row["wait_upper"] < 12 * row["stated_lower"]
        longer = row["wait_lower"] > 12 * row["stated_upper"]
        years["shorter" if shorter else "longer" if longer else "overlap"].append(row["year"])
    return years


def sum_of(sums: pd.DataFrame, name: str) -> Number:
    """Return one sum of `overlap_sums`; what fits has a verdict: whether it is the same amount as the rest."""
    row, rest = only(sums, name=name), only(sums, name="rest")
    same = name == "fitting" and row["eur"] == rest["eur"]
    return Number.from_row(row, "eur", verdict="same_amount" if same else "")
