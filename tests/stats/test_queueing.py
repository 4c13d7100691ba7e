"""Queues and backlogs: direct sums, values by hand, limits that are known, and what is refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osw_stats.errors import InputError
from osw_stats.stats.capacity import queueing
from osw_stats.stats.capacity.queueing import backlog, fewest_servers, queue
from tests.cases import table

RATES, COUNTS = st.floats(0.01, 500), st.floats(0, 1e5)


def test_bursts_lengthen_the_wait_by_half_the_sum_of_the_variabilities():
    calm, wild = queue(10, 6, 3), queue(10, 6, 3, arrival_scv=4, service_scv=2)
    assert (wild.wait, wild.p_wait) == (pytest.approx(3 * calm.wait), calm.p_wait)


@pytest.mark.parametrize(("arrivals", "growth"), [(10, 0), (12, 2)])
def test_too_much_work_is_unstable_and_never_a_negative_wait(arrivals, growth):
    q = queue(arrivals, 2, 5)
    assert (q.status, q.backlog_growth) == ("unstable", growth)
    assert all(map(math.isnan, (q.wait, q.stay, q.waiting, q.in_system, q.p_wait)))
    assert queue(9.999, 2, 5).status == "stable"


@given(arrivals=RATES, completions=RATES, servers=st.integers(1, 300))
def test_a_stable_queue_obeys_littles_law_and_one_more_post_never_makes_it_worse(
    arrivals, completions, servers
):
    q, more = queue(arrivals, completions, servers), queue(arrivals, completions, servers + 1)
    assert more.utilisation < q.utilisation
    if q.status == "unstable":
        assert q.utilisation >= 1 and q.backlog_growth >= -1e-9 and math.isnan(q.wait)
    else:
        assert 0 <= q.p_wait <= 1 and 0 <= more.wait <= q.wait
        assert q.in_system == pytest.approx(arrivals * q.stay, rel=1e-9)


@given(arrivals=st.floats(0.1, 50), completions=st.floats(0.5, 10))
def test_the_fewest_posts_are_enough_and_one_less_is_not(arrivals, completions):
    least, quick = (fewest_servers(arrivals, completions, p) for p in (None, 0.1))
    assert queue(arrivals, completions, least).status == "stable"
    assert least == 1 or queue(arrivals, completions, least - 1).status == "unstable"
    assert queue(arrivals, completions, quick).p_wait <= 0.1
    assert quick == least or queue(arrivals, completions, quick - 1).p_wait > 0.1


@given(start=COUNTS, arrivals=COUNTS, fte=st.floats(0.1, 200), each=st.floats(0.1, 100))
def test_a_backlog_follows_the_closed_form(start, arrivals, fte, each):
    path, step = backlog(start, arrivals, fte, each, 5), arrivals - fte * each
    if step >= 0:
        assert path == pytest.approx([start + year * step for year in range(6)], abs=1e-6)
    else:
        assert path == sorted(path, reverse=True) and min(path) >= 0


@pytest.mark.parametrize("bad", [-1, math.nan, math.inf])
@table(__file__, "queues", "job good zero")
def test_what_makes_no_sense_is_refused_by_name(job, good, zero, bad):
    for name in good.keys() - {"years"}:
        may_be_zero = name in zero.split() or name.endswith("scv")
        words = "zero or more" if may_be_zero else "above zero"
        for value in (bad,) if may_be_zero else (bad, 0):
            with pytest.raises(InputError, match=rf'column "{name}".*{words}'):
                getattr(queueing, job)(**good | {name: value})


@pytest.mark.parametrize(("arrivals", "completions"), [(k / 10, 0.1) for k in range(1, 40)])
def test_a_queue_at_full_load_is_unstable_whatever_the_last_binary_digit_says(arrivals, completions):
    full = round(arrivals / completions)
    assert queue(arrivals, completions, full).status == "unstable"
    assert fewest_servers(arrivals, completions) == full + 1
    assert queue(arrivals, completions, full + 1).status == "stable"
