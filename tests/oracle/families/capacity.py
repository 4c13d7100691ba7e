"""Families e_*: queues, backlogs, gaps and tornado."""

import math

from osw_stats.stats.capacity.gaps import gap_shares
from osw_stats.stats.capacity.queueing import (
    backlog,
    break_even_fte,
    fewest_servers,
    implied_duration,
    queue,
    work_in_progress,
)
from osw_stats.stats.capacity.scenarios import fte_needed
from osw_stats.stats.capacity.sensitivity import one_at_a_time


def mmc(inputs, _folder):
    arrivals, completions, servers = inputs["lam"], inputs["mu"], inputs["c"]
    found = queue(arrivals, completions, servers)
    return {
        "status": found.status, "stable": found.status == "stable",
        "offered_load": found.offered_load, "utilisation": found.utilisation, "erlang_b": found.erlang_b,
        "p_wait": found.p_wait, "Lq": found.waiting, "Wq_years": found.wait, "W_years": found.stay,
        "L": found.in_system,
        "backlog_growth_per_year": found.backlog_growth, "backlog_growth": found.backlog_growth,
        "c_break_even": fewest_servers(arrivals, completions),
        "c_min_p_wait_0.2": fewest_servers(arrivals, completions, 0.2),
        "c_min_p_wait_0.1": fewest_servers(arrivals, completions, 0.1),
    }  # fmt: skip


def capacity_table(inputs, _folder):
    now, need, granted = inputs["fte_now"], inputs["fte_need"], inputs["fte_granted"] or 0
    shares = gap_shares(need, now + granted, now)
    found = {
        "gap_before": need - now, "gap_after": need - now - granted,
        "gap_pct_of_need": shares["gap_pct"], "granted_share_of_request_pct": shares["granted_pct"],
    }  # fmt: skip
    if inputs.get("budget"):
        of = {"granted": granted, "need": need, "total": now + granted}
        rate = inputs["budget"] / of.get(inputs.get("budget_is_for"), now)
        found |= {"eur_per_fte": rate, "gap_eur": rate * found["gap_after"]}
    return found


def tornado(inputs, _folder):
    ranges = inputs["parameters"]
    bars = one_at_a_time(ranges)
    return {
        "fte_mid": fte_needed({name: r["mid"] for name, r in ranges.items()}),
        "bars": {
            b.parameter: {"at_low": b.fte_low, "at_high": b.fte_high, "swing": b.swing}
            for b in bars.itertuples()
        },
        "order": bars["parameter"].tolist(),
    }


def yearly_backlog(inputs, _folder):
    arrivals, fte, each = inputs["arrivals"], inputs["fte"], inputs["cases_per_fte"]
    return {
        "backlog": backlog(inputs["backlog0"], arrivals, fte, each, inputs["years"]),
        "fte_break_even": break_even_fte(arrivals, each),
    }


def little(inputs, _folder):
    if "duration_years" in inputs:
        return {"wip": work_in_progress(inputs["arrivals"], inputs["duration_years"])}
    duration = implied_duration(inputs["wip"], inputs["arrivals"])
    return {"duration_years": duration, "duration_months": 12 * duration if math.isfinite(duration) else None}


FAMILIES = {
    "e_queue_mmc": mmc,
    "e_capacity_table": capacity_table,
    "e_tornado": tornado,
    "e_backlog": yearly_backlog,
    "e_little": little,
}
