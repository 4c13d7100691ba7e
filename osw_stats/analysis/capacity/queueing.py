"""Work that waits: cases in hand, use of capacity, backlogs, and waiting in a queue.

Arrivals and completions are per year, times in years, unless a name says otherwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from osw_stats.errors import InputError

STABLE, UNSTABLE = "stable", "unstable"


def require_positive(**values: float) -> None:
    """Pass when every value is a finite number above zero.

    Raises
    ------
    InputError
        For the first that is not; the column is its name.
    """
    for name, value in values.items():
        if not (math.isfinite(value) and value > 0):
            raise InputError("must be a number above zero", "Mend this value.", column=name, value=value)


def work_in_progress(arrivals: float, duration: float) -> float:
    """Return the cases in hand in a steady state: L = arrivals × duration.

    Notes
    -----
    Little (1961), Operations Research 9. It needs no assumption on how cases arrive.

    Examples
    --------
    >>> work_in_progress(800, 1.25)
    1000.0
    """
    require_positive(arrivals=arrivals, duration=duration)
    return arrivals * duration


def implied_duration(in_hand: float, arrivals: float) -> float:
    """Return the mean stay that follows from cases in hand and arrivals a year, by the same law.

    Examples
    --------
    >>> implied_duration(1000, 800)
    1.25
    """
    require_positive(in_hand=in_hand, arrivals=arrivals)
    return in_hand / arrivals


def backlog(start: float, arrivals: float, fte: float, cases_per_fte: float, years: int) -> list[float]:
    """Return the backlog at the start and at the end of each year: max(0, B + arrivals − fte × cases a fte).

    Parameters
    ----------
    start
        Cases waiting at the start, zero or more.
    arrivals
        Cases a year.
    fte
        Posts that work on them.
    cases_per_fte
        Cases one post closes in a year.
    years
        How many years to look ahead.

    Returns
    -------
    list of float
        `years` + 1 values; fractions of a case are kept.

    Examples
    --------
    >>> backlog(600, 480, 20, 21, 2)
    [600.0, 660.0, 720.0]
    """
    require_positive(fte=fte, cases_per_fte=cases_per_fte)
    _require_not_negative(start=start, arrivals=arrivals)
    waiting = [float(start)]
    for _ in range(years):
        waiting.append(max(0.0, waiting[-1] + arrivals - fte * cases_per_fte))
    return waiting


def break_even_fte(arrivals: float, cases_per_fte: float) -> float:
    """Return the posts that close as many cases as arrive.

    Examples
    --------
    >>> round(break_even_fte(480, 21), 3)
    22.857
    """
    require_positive(cases_per_fte=cases_per_fte)
    _require_not_negative(arrivals=arrivals)
    return arrivals / cases_per_fte


def years_to_clear(start: float, arrivals: float, fte: float, cases_per_fte: float) -> float:
    """Return the years until a backlog is gone; NaN when it never goes.

    Examples
    --------
    >>> years_to_clear(600, 480, 25, 24), years_to_clear(600, 480, 20, 21)
    (5.0, nan)
    """
    require_positive(fte=fte, cases_per_fte=cases_per_fte)
    _require_not_negative(start=start, arrivals=arrivals)
    if start == 0:
        return 0.0
    spare = fte * cases_per_fte - arrivals
    return start / spare if spare > 0 else math.nan


@dataclass(frozen=True)
class Queue:
    """What a pooled team of equal posts does with cases that arrive at random.

    Attributes
    ----------
    status
        "stable", or "unstable" when at least as much arrives as can be done; waiting times
        then have no long-run value and are NaN.
    offered_load
        Posts' worth of work that arrives: arrivals / completions a post.
    utilisation
        Share of the posts' time that is used; 1 or more when unstable.
    erlang_b
        Chance that all posts are busy if nobody could wait.
    p_wait
        Chance that a case has to wait (Erlang C).
    waiting, in_system
        Mean number of cases that wait, and that wait or are worked on.
    wait, stay
        Mean years of waiting, and of waiting and work together.
    backlog_growth
        Cases a year by which the backlog grows; 0 when stable.
    """

    arrivals: float
    completions: float
    servers: int
    status: str
    offered_load: float
    utilisation: float
    erlang_b: float
    p_wait: float
    waiting: float
    in_system: float
    wait: float
    stay: float
    backlog_growth: float

    def p_wait_longer(self, years: float) -> float:
        """Return the chance of waiting longer than `years`; NaN when unstable. For Poisson arrivals only."""
        spare = self.servers * self.completions - self.arrivals
        return self.p_wait * math.exp(-spare * years)


def erlang_b(load: float, servers: int) -> float:
    """Return the Erlang B blocking probability by its recursion, which cannot overflow.

    Examples
    --------
    >>> round(erlang_b(4, 5), 6)
    0.199067
    """
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked


def queue(
    arrivals: float, completions: float, servers: int, *, arrival_scv: float = 1.0, service_scv: float = 1.0
) -> Queue:
    """Return the long-run state of a queue with whole posts.

    Parameters
    ----------
    arrivals, completions
        Cases a year; `completions` is what one post closes.
    servers
        Whole posts, one or more.
    arrival_scv, service_scv
        Squared coefficient of variation of the time between arrivals and of the work a case
        asks. 1 and 1 give M/M/c; larger values are bursts. They lengthen the wait by
        (arrival_scv + service_scv) / 2; the chance of waiting is left as it is.

    Raises
    ------
    InputError
        If a rate is not above zero, there is no post, or a number of posts is broken.

    Notes
    -----
    Erlang C through the Erlang B recursion (Cooper 1981, Introduction to Queueing Theory). The factor
    for bursts is an approximation (Allen 1990, Probability, Statistics and Queueing Theory).

    Examples
    --------
    >>> q = queue(10, 6, 3)
    >>> round(q.p_wait, 4), round(q.wait, 4)
    (0.2998, 0.0375)
    >>> queue(10, 2, 3).status, queue(10, 2, 3).backlog_growth
    ('unstable', 4.0)
    """
    require_positive(arrivals=arrivals, completions=completions, servers=servers)
    _require_not_negative(arrival_scv=arrival_scv, service_scv=service_scv)
    if servers != int(servers):
        raise InputError(
            "must be a whole number of posts", "Compute the whole number below and above it.",
            column="servers", value=servers,
        )  # fmt: skip
    servers, load = int(servers), arrivals / completions
    used, blocked = load / servers, erlang_b(load, int(servers))
    if used >= 1:
        growth = float(arrivals - servers * completions)
        no = math.nan
        return Queue(
            arrivals, completions, servers, UNSTABLE, load, used, blocked, no, no, no, no, no, growth
        )
    p_wait = blocked / (1 - used * (1 - blocked))
    waiting = p_wait * used / (1 - used) * (arrival_scv + service_scv) / 2
    wait = waiting / arrivals
    return Queue(
        arrivals, completions, servers, STABLE, load, used, blocked,
        p_wait, waiting, waiting + load, wait, wait + 1 / completions, 0.0,
    )  # fmt: skip


def fewest_servers(arrivals: float, completions: float, p_wait: float | None = None) -> int:
    """Return the fewest whole posts that keep up, or that keep the chance of waiting at `p_wait` or below.

    Examples
    --------
    >>> fewest_servers(4, 1), fewest_servers(4, 1, p_wait=0.2)
    (5, 7)
    """
    require_positive(arrivals=arrivals, completions=completions)
    if p_wait is not None and not 0 < p_wait < 1:
        raise InputError("must lie between 0 and 1", "Give a chance.", column="p_wait", value=p_wait)
    servers = math.floor(arrivals / completions) + 1
    while p_wait is not None and not queue(arrivals, completions, servers).p_wait <= p_wait:
        servers += 1
    return servers


def _require_not_negative(**values: float) -> None:
    for name, value in values.items():
        if not (math.isfinite(value) and value >= 0):
            raise InputError("must be a number, zero or more", "Mend this value.", column=name, value=value)
