"""Budgets: money needed and allocated, the cost of a post, and amounts that must not be added."""

from typing import Any

import pandas as pd

from osw_stats.claims.book import figures, over_figures
from osw_stats.errors import NotPublishedError
from osw_stats.meaning.definitions import concept
from osw_stats.meaning.lookup import all_absent, only
from osw_stats.meaning.numbers import Number
from osw_stats.meaning.observations import matching, pick, records
from osw_stats.stats.capacity.gaps import MONEY_SERIES, SUBJECTS, gap_row, gap_shares, needs_and_means
from osw_stats.stats.capacity.queueing import implied_duration, work_in_progress

YEARS = 3  # shown per task


def money_gaps(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_money_gap`: money needed minus money allocated or granted, where both were published."""
    rows = []
    for need, met in needs_and_means(observations, "money", MONEY_SERIES):
        row, years = gap_row(need, met), [need["time_period"], met["time_period"]]
        row |= {"body": MONEY_SERIES[need["series_id"]][0], **gap_shares(row["need"], row["funded"])}
        row |= {"years": " ".join(years), "years_mixed": years[0] != years[1], "unit": "eur"}
        ids = f"{need['obs_id']} {met['obs_id']}"
        rows.append(row | {"interval_kind": "rounding", "observations": ids})
    return pd.DataFrame(rows, columns=SUBJECTS["columns"]["cap_money_gap"])


def unit_costs(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_unit_cost`: euro per fte, with a flag where money and posts are of different years."""
    # Amounts are as printed, not adjusted for prices or wages. Each task is shown for the last years with both,
    # for posts without a year by the latest of both. Limits are at the corners of the ranges that both
    # wordings imply.
    rows: list[dict[str, Any]] = []
    known = observations[observations["lower"] > 0]  # excludes division by zero posts
    for task in SUBJECTS["unit_costs"]:
        selected = (known[matching(known, task[name])] for name in ("money", "posts"))
        amounts, posts = ({r["time_period"]: r for r in records(rows)} for rows in selected)
        years = [(year, year) for year in sorted(set(amounts) & set(posts))[-YEARS:]]
        if task["task"] == "undated":
            years = [(max(amounts), max(posts))] if amounts and posts else []
        for paid, staffed in years:
            money, fte, mixed = amounts[paid], posts[staffed], paid != staffed
            row = {"body": task["body"], "task": task["task"]}
            row |= {"money": money["obs_value"], "money_year": paid}
            row |= {"fte": fte["obs_value"], "fte_year": staffed, "fte_concept": concept(fte)}
            row |= {"eur_per_fte": money["obs_value"] / fte["obs_value"]}
            row |= {"lower": money["lower"] / fte["upper"], "upper": money["upper"] / fte["lower"]}
            row |= {"years_mixed": mixed, "unit": "eur"}
            row |= {"interval_kind": "rounding", "observations": f"{money['obs_id']} {fte['obs_id']}"}
            row |= {"method": "money / fte, both as published", "grade": "C" if mixed else "B"}
            rows.append(row)
    if not rows:
        keys = [task[name] for task in SUBJECTS["unit_costs"] for name in ("money", "posts")]
        wanted = [key for key in keys if not matching(observations, key).any()] or keys[-1:]
        error = NotPublishedError("no task has both money and posts", wanted[0]["series_id"], wanted=wanted)
        raise all_absent([error])
    return pd.DataFrame(rows)


def overlap(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_overlap`: amounts of government money with the total each is part of."""
    name = SUBJECTS["overlap"]["series"]
    known = pd.DataFrame(records(observations[observations["series_id"] == name]))
    if known.empty:
        raise NotPublishedError("no amount of government money", name)
    known["item"] = known["breakdown"].str.removeprefix("item=")
    named = {"time_period": "year", "obs_value": "eur", "obs_id": "observations"}
    table = pd.DataFrame(SUBJECTS["overlap"]["items"]).merge(known.rename(columns=named), on="item")
    return table.assign(unit="eur", grade="B").reindex(columns=SUBJECTS["columns"]["cap_overlap"])


def overlap_sums(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_overlap_sums`: the total, the naive sum, and the parts that match the remainder."""
    known, rows = figures(observations), []
    for name, formula in SUBJECTS["overlap"]["sums"].items():
        amount = over_figures(formula, known)
        row = {"name": name, "eur": amount.value, "lower": amount.lower, "upper": amount.upper}
        row |= {"unit": amount.unit, "interval_kind": "rounding"}
        rows.append(row | {"observations": " ".join(amount.observations), "method": formula, "grade": "B"})
    return pd.DataFrame(rows)


def waiting_check(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `cap_waiting`: the waiting time implied by complaints waiting and arriving at the AP."""
    # Little's law (wait = waiting / arrivals per year) assumes a steady state in the year. For comparison: the
    # duration of a complaint with an investigation as stated by the AP, and the number in hand it implies.
    names, rows = SUBJECTS["waiting"], []
    above_zero = observations[observations["lower"] > 0]  # some are stated as a range only
    stated = records(pick(above_zero, names["duration"]).sort_values("time_period"))[-1]
    counted = above_zero[above_zero["obs_value"] > 0]
    arrivals = {r["time_period"]: r for r in records(pick(counted, names["arrivals"]))}
    for waiting in records(pick(above_zero, names["backlog"]).sort_values("time_period")):
        if arrived := arrivals.get(waiting["time_period"]):
            row, ends = {"year": waiting["time_period"], "waiting": waiting["obs_value"]}, ("lower", "upper")
            row |= {f"waiting_{end}": waiting[end] for end in ends} | {"arrivals": arrived["obs_value"]}
            row |= {f"wait_{end}": 12 * implied_duration(waiting[end], arrived["obs_value"]) for end in ends}
            row |= {f"stated_{end}": stated[end] for end in ends}
            row |= {f"in_hand_{end}": work_in_progress(arrived["obs_value"], stated[end]) for end in ends}
            ids = " ".join(r["obs_id"] for r in (waiting, arrived, stated))
            rows.append(row | {"observations": ids, "grade": "C"})
    if not rows:
        raise NotPublishedError("no year has complaints waiting and arriving", names["backlog"])
    return pd.DataFrame(rows)


def waits(waiting: pd.DataFrame) -> dict[str, list[str]]:
    """Return the years in which the implied wait (months) is shorter or longer than the stated one (years)."""
    shorter = waiting["wait_upper"] < 12 * waiting["stated_lower"]
    longer = waiting["wait_lower"] > 12 * waiting["stated_upper"]
    years = {"shorter": shorter, "longer": longer, "overlap": ~(shorter | longer)}
    return {word: waiting.loc[rows, "year"].tolist() for word, rows in years.items()}


def sum_of(sums: pd.DataFrame, name: str) -> Number:
    """Return one sum of `overlap_sums`; the verdict of "fitting" states whether it equals the remainder."""
    row, rest = only(sums, name=name), only(sums, name="rest")
    same = name == "fitting" and row["eur"] == rest["eur"]
    return Number.from_row(row, "eur", verdict="same_amount" if same else "")
