"""Queueing: cases in hand, use of capacity, backlogs, and waiting times.

Arrivals and completions are per year, times in years, unless stated otherwise by a name.
"""

import math
from dataclasses import dataclass

from osw_stats.errors import InputError

STABLE, UNSTABLE = "stable", "unstable"
MOST = 1_000_000  # posts; the recursion is too slow for more
ROUNDING = 1e-12  # relative; a load this close to full is full, whatever the floating-point error


def _require(bound: str, **values: float) -> None:
    """Raise InputError for the first value that is not "above zero" or "zero or more"; the column is its name."""
    for name, value in values.items():
        if not (math.isfinite(value) and (value >= 0 if bound == "zero or more" else value > 0)):
            raise InputError(f"must be a number, {bound}", "Mend this value.", column=name, value=value)


def work_in_progress(arrivals: float, duration: float) -> float:
    """Return the cases in hand in a steady state: L = arrivals × duration (Little 1961, Operations Research 9)."""
    _require("above zero", arrivals=arrivals, duration=duration)
    return arrivals * duration


def implied_duration(in_hand: float, arrivals: float) -> float:
    """Return the mean stay implied by cases in hand and arrivals per year, by the same law."""
    _require("above zero", in_hand=in_hand, arrivals=arrivals)
    return in_hand / arrivals


def backlog(start: float, arrivals: float, fte: float, cases_per_fte: float, years: int) -> list[float]:
    """Return the backlog at the start and at the end of each year: max(0, B + arrivals − fte × cases per fte)."""
    _require("above zero", fte=fte, cases_per_fte=cases_per_fte)
    _require("zero or more", start=start, arrivals=arrivals)
    waiting = [float(start)]
    for _ in range(years):
        waiting.append(max(0.0, waiting[-1] + arrivals - fte * cases_per_fte))
    return waiting


def break_even_fte(arrivals: float, cases_per_fte: float) -> float:
    """Return the posts that close as many cases as arrive."""
    _require("above zero", cases_per_fte=cases_per_fte)
    _require("zero or more", arrivals=arrivals)
    return arrivals / cases_per_fte


@dataclass(frozen=True)
class Queue:
    """The long-run state of a pooled team of equal posts with random arrivals."""

    # "unstable" if arrivals are at least capacity; waiting times then have no long-run value and
    # are NaN
    status: str
    offered_load: float  # in posts
    utilisation: float
    erlang_b: float  # the probability that all posts are busy, without a waiting room
    backlog_growth: float = 0.0  # cases per year
    p_wait: float = math.nan  # the probability that a case waits (Erlang C)
    waiting: float = math.nan  # cases
    in_system: float = math.nan  # cases
    wait: float = math.nan  # years
    stay: float = math.nan  # years
    servers: int = 0  # whole posts


def erlang_b(load: float, servers: int) -> float:
    """Return the Erlang B blocking probability by its recursion, which cannot overflow."""
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked


def _erlang_c(blocked: float, utilisation: float) -> float:
    return blocked / (1 - utilisation * (1 - blocked))


def queue(
    arrivals: float, completions: float, servers: int, *, arrival_scv: float = 1.0, service_scv: float = 1.0
) -> Queue:
    """Return the long-run state of a queue with whole posts; `completions` is the number of cases closed per post per year.

    Erlang C through the Erlang B recursion (Cooper 1981, Introduction to Queueing Theory). The squared coefficients of
    variation of the time between arrivals and of the work per case are 1 and 1 in M/M/c; larger values are burstier. They
    multiply the wait by (arrival_scv + service_scv) / 2 and leave the probability of waiting unchanged: an approximation (Allen
    1990, Probability, Statistics and Queueing Theory).

    >>> q = queue(10, 6, 3)
    >>> round(q.p_wait, 4), round(q.wait, 4), queue(10, 2, 3).status
    (0.2998, 0.0375, 'unstable')
    """
    _require("above zero", arrivals=arrivals, completions=completions, servers=servers)
    _require("zero or more", arrival_scv=arrival_scv, service_scv=service_scv)
    if servers != int(servers):
        remedy = "Compute the whole number below and above it."
        raise InputError("must be a whole number of posts", remedy, column="servers", value=servers)
    if servers > MOST:
        raise InputError("is more than a million posts", "Mend this value.", column="servers", value=servers)
    load = arrivals / completions
    utilisation, blocked = load / servers, erlang_b(load, int(servers))
    if utilisation >= 1 - ROUNDING:
        growth = float(arrivals - servers * completions)
        return Queue(UNSTABLE, load, utilisation, blocked, growth, servers=int(servers))
    p_wait = _erlang_c(blocked, utilisation)
    waiting = p_wait * utilisation / (1 - utilisation) * (arrival_scv + service_scv) / 2
    wait = waiting / arrivals
    times = (waiting, waiting + load, wait, wait + 1 / completions)
    return Queue(STABLE, load, utilisation, blocked, 0.0, p_wait, *times, servers=int(servers))


def fewest_servers(arrivals: float, completions: float, p_wait: float | None = None) -> int:
    """Return the fewest whole posts that are stable, or that keep the probability of waiting at `p_wait` or below."""
    _require("above zero", arrivals=arrivals, completions=completions)
    if p_wait is not None and not 0 < p_wait < 1:
        raise InputError("must lie between 0 and 1", "Give a chance.", column="p_wait", value=p_wait)
    load = arrivals / completions
    if load > MOST:
        problem = "asks for more than a million posts"
        raise InputError(problem, "Mend this value.", column="arrivals", value=arrivals)
    servers = math.floor(load * (1 + ROUNDING)) + 1
    if p_wait is not None:
        blocked = erlang_b(load, servers)
        while load / servers >= 1 - ROUNDING or _erlang_c(blocked, load / servers) > p_wait:
            servers += 1
            blocked = load * blocked / (servers + load * blocked)  # the next step of the recursion
    return servers
