"""Queues and backlogs: direct sums, limits that are known, and what is refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.analysis.capacity.queueing import (
    backlog,
    break_even_fte,
    erlang_b,
    fewest_servers,
    implied_duration,
    queue,
    work_in_progress,
    years_to_clear,
)
from osw_stats.errors import InputError


def direct(arrivals, completions, servers):
    """M/M/c by the sums of the textbook, written out apart from the library (fine for small numbers)."""
    a = arrivals / completions
    below = sum(a**k / math.factorial(k) for k in range(servers))
    full = a**servers / math.factorial(servers) / (1 - a / servers)
    p_wait = full / (below + full)
    return p_wait, p_wait * a / (servers - a)


@pytest.mark.parametrize(
    ("arrivals", "completions", "servers"), [(10, 6, 3), (4, 1, 5), (0.5, 1, 1), (148.1, 10.83, 16)]
)
def test_erlang_c_equals_the_sums_of_the_textbook(arrivals, completions, servers):
    found = queue(arrivals, completions, servers)
    p_wait, waiting = direct(arrivals, completions, servers)
    assert found.p_wait == pytest.approx(p_wait, rel=1e-12)
    assert found.waiting == pytest.approx(waiting, rel=1e-12)


def test_one_post_is_the_queue_everyone_knows():
    found = queue(0.5, 1, 1)
    assert (found.p_wait, found.wait, found.in_system) == (0.5, 1.0, 1.0)


def test_the_recursion_holds_where_factorials_overflow():
    assert 0 < erlang_b(2000, 2100) < 0.01
    assert queue(2000, 1, 2100).status == "stable"


def test_bursts_lengthen_the_wait_by_half_the_sum_of_the_variabilities():
    calm, wild = queue(10, 6, 3), queue(10, 6, 3, arrival_scv=4, service_scv=2)
    assert wild.wait == pytest.approx(3 * calm.wait)
    assert wild.p_wait == calm.p_wait


@pytest.mark.parametrize(("arrivals", "growth"), [(10, 0), (12, 2)])
def test_too_much_work_is_unstable_and_never_a_negative_wait(arrivals, growth):
    found = queue(arrivals, 2, 5)
    assert found.status == "unstable"
    assert found.backlog_growth == growth
    assert all(map(math.isnan, (found.wait, found.stay, found.waiting, found.in_system, found.p_wait)))
    assert math.isnan(found.p_wait_longer(0.25))


rates = st.floats(0.01, 500)


@given(arrivals=rates, completions=rates, servers=st.integers(1, 300))
def test_a_stable_queue_obeys_littles_law_and_an_unstable_one_has_no_wait(arrivals, completions, servers):
    found = queue(arrivals, completions, servers)
    if found.status == "unstable":
        assert found.utilisation >= 1
        assert found.backlog_growth >= -1e-9
        assert math.isnan(found.wait)
    else:
        assert 0 <= found.p_wait <= 1
        assert found.wait >= 0
        assert found.in_system == pytest.approx(arrivals * found.stay, rel=1e-9)


@given(arrivals=rates, completions=rates, servers=st.integers(1, 100))
def test_one_more_post_never_makes_it_worse(arrivals, completions, servers):
    fewer, more = queue(arrivals, completions, servers), queue(arrivals, completions, servers + 1)
    assert more.utilisation < fewer.utilisation
    if fewer.status == "stable":
        assert more.wait <= fewer.wait


@given(arrivals=st.floats(0.1, 50), completions=st.floats(0.5, 10))
def test_the_fewest_posts_are_enough_and_one_less_is_not(arrivals, completions):
    least = fewest_servers(arrivals, completions)
    assert queue(arrivals, completions, least).status == "stable"
    assert least == 1 or queue(arrivals, completions, least - 1).status == "unstable"
    quick = fewest_servers(arrivals, completions, 0.1)
    assert queue(arrivals, completions, quick).p_wait <= 0.1
    assert quick == least or queue(arrivals, completions, quick - 1).p_wait > 0.1


counts = st.floats(0, 1e5)


@given(start=counts, arrivals=counts, fte=st.floats(0.1, 200), each=st.floats(0.1, 100))
def test_a_backlog_follows_the_closed_form(start, arrivals, fte, each):
    path = backlog(start, arrivals, fte, each, 5)
    step = arrivals - fte * each
    assert min(path) >= 0
    if step >= 0:
        assert path == pytest.approx([start + year * step for year in range(6)], abs=1e-6)
    else:
        assert path == sorted(path, reverse=True)
    gone = years_to_clear(start, arrivals, fte, each)
    if not math.isnan(gone) and gone <= 5:
        assert path[math.ceil(gone)] == pytest.approx(0, abs=1e-6)


def test_break_even_keeps_a_backlog_where_it_is():
    fte = break_even_fte(480, 21)
    assert backlog(600, 480, fte, 21, 3) == pytest.approx([600] * 4)
    assert math.isnan(years_to_clear(600, 480, fte * 0.999, 21))


def test_little_both_ways():
    assert work_in_progress(800, implied_duration(1000, 800)) == 1000


@pytest.mark.parametrize(
    ("job", "name"),
    [
        (lambda: queue(10, 6, 0), "servers"),
        (lambda: queue(10, 6, 2.5), "servers"),
        (lambda: queue(-1, 6, 2), "arrivals"),
        (lambda: queue(10, 0, 2), "completions"),
        (lambda: queue(10, 6, 2, arrival_scv=-1), "arrival_scv"),
        (lambda: queue(math.nan, 6, 2), "arrivals"),
        (lambda: backlog(-1, 10, 5, 2, 5), "start"),
        (lambda: backlog(0, 10, 0, 2, 5), "fte"),
        (lambda: backlog(0, 10, 5, math.inf, 5), "cases_per_fte"),
        (lambda: work_in_progress(0, 1), "arrivals"),
        (lambda: fewest_servers(1, 1, 1.5), "p_wait"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(job, name):
    with pytest.raises(InputError, match=f'column "{name}"'):
        job()
