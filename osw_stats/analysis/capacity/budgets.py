"""Money: what is needed and allocated, what a post costs, and amounts that must not be added."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from osw_stats.analysis.capacity.gaps import difference, said_on
from osw_stats.analysis.capacity.queueing import implied_duration, work_in_progress
from osw_stats.analysis.claims.book import figures, over_figures
from osw_stats.errors import NotPublishedError
from osw_stats.vocabulary.concepts import concept
from osw_stats.vocabulary.lookup import latest, one, only
from osw_stats.vocabulary.observations import pick, records

# money and posts that are put into one quotient: series, period, concept of either
Figure = tuple[str, str, str]
PAIRS: tuple[tuple[str, str, Figure, Figure], ...] = (
    ("acm", "dsa", ("acm_dsa_budget", "2024", "concept=funded"), ("acm_dsa_fte", "2024", "concept=funded")),
    ("police", "added", ("tbkk_budget", "2024", "concept=funded"), ("tbkk_fte_growth", "2024", "concept=formation")),
    *(("ap", "year_end", ("ap_budget", year, "concept=realised"), ("ap_fte_year_end", year, "concept=occupied"))
      for year in ("2022", "2023", "2024")),
    ("ap", "undated", ("ap_budget", "2024", "concept=realised"), ("ap_fte", "2025", "concept=formation")),
)  # fmt: skip


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
    need = latest(observations, "ap_budget", breakdown="concept=needed")
    met = latest(observations, "ap_budget_allocated")
    gap = difference(need, met)
    lower, upper = need["lower"] - met["upper"], need["upper"] - met["lower"]
    return pd.DataFrame(
        [
            {
                "body": "ap", "need": need["obs_value"], "funded": met["obs_value"], "funded_concept": concept(met),
                "gap": gap, "gap_lower": lower, "gap_upper": upper, "gap_pct": 100 * gap / need["obs_value"],
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
    """
    rows = []
    for body, task, paid, posts in PAIRS:
        try:
            money, fte = (one(observations, s, time_period=y, breakdown=c) for s, y, c in (paid, posts))
        except NotPublishedError:
            continue
        rows.append(
            {
                "body": body, "task": task, "money": money["obs_value"], "money_year": money["time_period"],
                "fte": fte["obs_value"], "fte_year": fte["time_period"], "fte_concept": concept(fte),
                "eur_per_fte": money["obs_value"] / fte["obs_value"], "lower": money["lower"] / fte["upper"],
                "upper": money["upper"] / fte["lower"], "years_mixed": money["time_period"] != fte["time_period"],
                "unit": "eur", "interval_kind": "rounding", "observations": f"{money['obs_id']} {fte['obs_id']}",
                "method": "money / fte, both as published",
                "grade": "C" if money["time_period"] != fte["time_period"] else "B",
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def overlap(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_overlap`: amounts of government money with what each is a part of."""
    rows = []
    for item in OVERLAP:
        for row in records(pick(observations, "government_budget", breakdown=f"item={item.name}")):
            rows.append(
                {
                    "item": item.name, "year": row["time_period"], "eur": row["obs_value"], "lower": row["lower"],
                    "upper": row["upper"], "relation": item.relation, "of": item.of, "unit": "eur",
                    "as_reported": row["as_reported"], "observations": row["obs_id"], "grade": "B",
                }
            )  # fmt: skip
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
    stated = latest(observations, "ap_complaint_duration")
    for waiting in records(pick(observations, "ap_complaints_backlog").sort_values("time_period")):
        year = waiting["time_period"]
        arrived = observations[(observations["series_id"] == "ap_complaints") & (observations["time_period"] == year) & (observations["breakdown"] == "")]  # fmt: skip
        if arrived.empty:
            continue
        came = only(arrived, "ap_complaints", time_period=year)
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
