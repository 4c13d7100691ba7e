"""Queues and backlogs at the edges of what they take, with values by hand."""

import math

import pytest

from osw_stats.analysis.capacity.queueing import (
    backlog,
    break_even_fte,
    erlang_b,
    fewest_servers,
    implied_duration,
    queue,
    require_positive,
    years_to_clear,
)
from osw_stats.errors import InputError


class TestQueues:
    @pytest.mark.parametrize("bad", [0, -1, math.nan, math.inf])
    def test_a_rate_is_a_number_above_zero(self, bad):
        for call in (
            lambda: require_positive(x=bad), lambda: queue(bad, 1, 1), lambda: queue(1, bad, 1), lambda: queue(1, 1, bad),
            lambda: break_even_fte(1, bad), lambda: implied_duration(bad, 1), lambda: backlog(0, 1, bad, 1, 1),
            lambda: backlog(0, 1, 1, bad, 1), lambda: years_to_clear(1, 1, bad, 1), lambda: fewest_servers(bad, 1),
        ):  # fmt: skip
            with pytest.raises(InputError, match="above zero"):
                call()

    @pytest.mark.parametrize("bad", [-0.1, math.nan, math.inf])
    def test_a_start_is_zero_or_more(self, bad):
        for call in (
            lambda: backlog(bad, 1, 1, 1, 1), lambda: backlog(1, bad, 1, 1, 1), lambda: queue(1, 2, 1, arrival_scv=bad),
            lambda: queue(1, 2, 1, service_scv=bad), lambda: years_to_clear(bad, 1, 1, 1), lambda: break_even_fte(bad, 1),
        ):  # fmt: skip
            with pytest.raises(InputError, match="zero or more"):
                call()
        assert queue(1, 2, 1, arrival_scv=0, service_scv=0).wait == 0

    def test_half_a_post_is_refused(self):
        with pytest.raises(InputError, match="whole number of posts"):
            queue(1, 2, 1.5)
        assert queue(1, 2, 2.0).servers == 2

    def test_one_post_by_hand(self):
        # load a half: waits in half of the cases; waiting rho^2 / (1 - rho) = 0.5, and 0.5 years each at one a year
        found = queue(1, 2, 1)
        assert (found.p_wait, found.waiting, found.in_system, found.wait, found.stay) == (0.5, 0.5, 1, 0.5, 1)
        assert (found.utilisation, found.offered_load, found.backlog_growth, found.status) == (
            0.5,
            0.5,
            0,
            "stable",
        )
        assert found.erlang_b == pytest.approx(1 / 3)
        assert found.p_wait_longer(0) == 0.5
        assert found.p_wait_longer(1) == pytest.approx(0.5 * math.exp(-1))
        assert queue(3, 2, 2).p_wait_longer(2) == pytest.approx(queue(3, 2, 2).p_wait * math.exp(-2))

    def test_as_much_as_can_be_done_is_unstable(self):
        found = queue(4, 2, 2)
        assert (found.status, found.utilisation, found.backlog_growth) == ("unstable", 1, 0)
        assert math.isnan(found.p_wait)
        assert queue(3.999, 2, 2).status == "stable"

    def test_blocking_without_and_with_posts(self):
        assert erlang_b(2, 0) == 1
        assert erlang_b(2, 1) == pytest.approx(2 / 3)
        assert erlang_b(2, 2) == pytest.approx(2 / 5)  # (4 / 2) / (1 + 2 + 2)

    @pytest.mark.parametrize("bad", [0, 1, -0.1, 1.1])
    def test_a_chance_lies_between_zero_and_one(self, bad):
        with pytest.raises(InputError, match="between 0 and 1"):
            fewest_servers(4, 1, p_wait=bad)

    def test_the_fewest_posts_are_more_than_the_load(self):
        assert [fewest_servers(n, 1) for n in (3.5, 4, 4.5)] == [4, 5, 5]
        edge = queue(4, 1, 6).p_wait
        assert fewest_servers(4, 1, p_wait=edge) == 6
        assert fewest_servers(4, 1, p_wait=edge * 0.999) == 7

    def test_backlogs_by_hand(self):
        assert backlog(5, 3, 1, 4, 2) == [5, 4, 3]
        assert backlog(0.5, 3, 1, 4, 2) == [0.5, 0, 0]
        assert backlog(5, 3, 1, 4, 0) == [5]
        assert years_to_clear(0, 9, 1, 1) == 0
        assert years_to_clear(5, 3, 1, 4) == 5
        assert math.isnan(years_to_clear(5, 4, 1, 4))
