"""Families e_*: queues, backlogs, gaps and tornado."""

import math

from osw_stats.stats.capacity import queueing
from osw_stats.stats.capacity.gaps import gap_shares
from osw_stats.stats.capacity.queueing import fewest_servers
from osw_stats.stats.capacity.scenarios import fte_needed
from osw_stats.stats.capacity.sensitivity import one_at_a_time


def e_queue_mmc(inputs, _folder):
    arrivals, completions = inputs["lam"], inputs["mu"]
    q = queueing.queue(arrivals, completions, inputs["c"])
    load = {"offered_load": q.offered_load, "utilisation": q.utilisation, "erlang_b": q.erlang_b}
    times = {"p_wait": q.p_wait, "Lq": q.waiting, "Wq_years": q.wait, "W_years": q.stay, "L": q.in_system}
    growth = dict.fromkeys(["backlog_growth_per_year", "backlog_growth"], q.backlog_growth)
    fewest = {"c_break_even": fewest_servers(arrivals, completions)}
    fewest |= {f"c_min_p_wait_{p}": fewest_servers(arrivals, completions, p) for p in (0.2, 0.1)}
    return load | times | growth | fewest | {"status": q.status, "stable": q.status == "stable"}


def e_capacity_table(inputs, _folder):
    now, need, granted = inputs["fte_now"], inputs["fte_need"], inputs["fte_granted"] or 0
    shares, gap = gap_shares(need, now + granted, now), need - now - granted
    table = {"gap_before": need - now, "gap_after": gap}
    table |= {"gap_pct_of_need": shares["gap_pct"], "granted_share_of_request_pct": shares["granted_pct"]}
    if inputs.get("budget"):
        of = {"granted": granted, "need": need, "total": now + granted}
        rate = inputs["budget"] / of.get(inputs.get("budget_is_for"), now)
        table |= {"eur_per_fte": rate, "gap_eur": rate * gap}
    return table


def e_tornado(inputs, _folder):
    ranges = inputs["parameters"]
    bars = one_at_a_time(ranges).rename(columns={"fte_low": "at_low", "fte_high": "at_high"})
    return {
        "fte_mid": fte_needed({name: r["mid"] for name, r in ranges.items()}),
        "bars": bars.set_index("parameter")[["at_low", "at_high", "swing"]].to_dict("index"),
        "order": bars["parameter"].tolist(),
    }


def e_backlog(inputs, _folder):
    arrivals, fte, each = inputs["arrivals"], inputs["fte"], inputs["cases_per_fte"]
    return {
        "backlog": queueing.backlog(inputs["backlog0"], arrivals, fte, each, inputs["years"]),
        "fte_break_even": queueing.break_even_fte(arrivals, each),
    }


def e_little(inputs, _folder):
    if "duration_years" in inputs:
        return {"wip": queueing.work_in_progress(inputs["arrivals"], inputs["duration_years"])}
    duration = queueing.implied_duration(inputs["wip"], inputs["arrivals"])
    return {"duration_years": duration, "duration_months": 12 * duration if math.isfinite(duration) else None}
