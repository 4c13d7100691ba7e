"""Bridges, amounts and groups of people, at the edges of what they take."""

import math

import numpy as np
import pytest

from osw_stats.analysis.draws import generator
from osw_stats.analysis.survey.bounds import blend
from osw_stats.analysis.survey.funnel import Amount, Bridges, analytic, tip
from osw_stats.analysis.survey.groups import age_range, disjoint, holds, label, leaves
from osw_stats.errors import InputError, NotEstimableError

Z = 1.959963984540054
ONE = (1.0, 1.0)


class TestTip:
    @pytest.mark.parametrize("limits", [(-1, 1, 2), (1.1, 1, 2), (0.5, 1, 0.9)])
    def test_limits_enclose_an_amount_above_zero(self, limits):
        lower, value, upper = limits
        with pytest.raises(InputError, match="do not enclose"):
            Amount(value, lower, upper)

    @pytest.mark.parametrize("part", [(0, 1), (0.5, 1.1), (0.9, 0.8), (-0.1, 0.5)])
    def test_a_bridge_is_a_range_of_parts(self, part):
        with pytest.raises(InputError, match="by_victims"):
            Bridges(by_victims=part)

    def test_a_range_may_be_a_point_and_end_at_all(self):
        assert Bridges(ONE, (0.5, 0.5), (0.1, 1.0)).by_victims == (0.5, 0.5)
        assert Amount(1, 1, 1).log_sd == 0
        assert Amount(2, 1, 4).log_sd == pytest.approx(math.log(4) / (2 * Z))

    @pytest.mark.parametrize(
        ("contacts", "draws", "refused"), [(0, 1000, True), (-1, 1000, True), (1, 1000, False)]
    )
    def test_there_must_be_something_to_draw_from(self, contacts, draws, refused):
        def call():
            return tip(Amount(100, 90, 110), contacts, Bridges(ONE, ONE), generator(1, "t", "t"), draws=draws)

        if refused:
            with pytest.raises(NotEstimableError, match="nobody made contact"):
                call()
        else:
            assert len(call()[1]) == draws

    def test_the_closed_form_by_numerical_moments(self):
        # mean and variance of the logarithm of a uniform variable on (a, b), by a fine sum
        people, found = Amount(1000, 900, 1111), analytic(Amount(1000, 900, 1111), 50, Bridges((0.7, 1.0), (0.6, 1.0), (0.2, 0.3)))  # fmt: skip
        mean, variance = math.log(1000) - math.log(50), people.log_sd**2
        for sign, (low, high) in ((-1, (0.7, 1.0)), (-1, (0.6, 1.0)), (1, (0.2, 0.3))):
            logs = np.log(low + (high - low) * (np.arange(200_000) + 0.5) / 200_000)
            mean += sign * logs.mean()
            variance += logs.var()
        assert math.log(found.middle) == pytest.approx(mean, abs=1e-6)
        assert math.log(found.upper / found.lower) / (2 * Z) == pytest.approx(math.sqrt(variance), rel=1e-6)

    def test_a_bridge_that_is_a_point_adds_no_spread(self):
        # 1000 people over 50 requests is 20, with the limits of the people; half of them victims makes it 40
        for victims, factor in (((1.0, 1.0), 1), ((0.5, 0.5), 2)):
            found = analytic(Amount(1000, 900, 1000**2 / 900), 50, Bridges(ONE, victims))
            ends = (found.middle, found.lower, found.upper)
            assert ends == pytest.approx((20 * factor, 18 * factor, 20 * factor / 0.9))

    def test_a_rare_request_is_never_drawn_as_none(self):
        _, draws = tip(
            Amount(100, 90, 110), 0.5, Bridges(ONE, ONE), generator(1, "t", "t"), draws=2000, poisson=True
        )
        assert np.isfinite(draws).all()
        assert draws.max() < 150  # 100 people to one request at least


class TestGroups:
    @pytest.mark.parametrize(
        ("a", "b", "apart"),
        [
            (("female", "16-17"), ("female", "18-23"), True), (("female", "16-18"), ("female", "18-23"), False),
            (("female", "18-23"), ("female", "16-17"), True), (("total", "16-17"), ("male", "24+"), True),
            (("female", "16+"), ("male", "16+"), True), (("total", "16+"), ("male", "24+"), False),
        ],
    )  # fmt: skip
    def test_groups_apart(self, a, b, apart):
        assert disjoint(a, b) is disjoint(b, a) is apart

    @pytest.mark.parametrize(
        ("a", "b", "inside"),
        [
            (("total", "16+"), ("male", "16+"), True), (("male", "16+"), ("total", "16+"), False),
            (("male", "16+"), ("male", "16+"), False), (("male", "16-23"), ("male", "16-17"), True),
            (("male", "16-23"), ("male", "17-24"), False), (("male", "17-23"), ("male", "16-23"), False),
            (("male", "16-23"), ("male", "18-23"), True), (("male", "16+"), ("female", "16-17"), False),
        ],
    )  # fmt: skip
    def test_groups_within(self, a, b, inside):
        assert holds(a, b) is inside

    def test_bands_labels_and_leaves(self):
        assert (age_range("0-11"), age_range("16-16"), age_range("100")) == ((0, 11), (16, 16), (100, 100))
        for bad in ("17-16", "16-", "1000", "jong", "+16"):
            with pytest.raises(InputError):
                age_range(bad)
        assert (label(("total", "16-17")), label(("female", "16+"))) == ("total 16-17", "female")
        assert leaves([("male", "16+"), ("male", "16+")]) == [("male", "16+")]


@pytest.mark.parametrize("bad", [(-0.1, 0.5, 1), (1, 0.5, 1), (0.1, 0, 1), (0.1, 1.1, 1), (0.1, 0.5, 0)])
def test_nonresponse_needs_a_share_and_a_response(bad):
    with pytest.raises(InputError, match="no share and response"):
        blend(*bad)


def test_nonresponse_by_hand():
    # odds of 0.2 are 1 to 4; doubled 1 to 2, a share of a third
    assert blend(0.2, 0.25, 2) == pytest.approx(0.25 * 0.2 + 0.75 / 3)
    assert blend(0.2, 1, 2) == 0.2
    assert blend(0, 0.5, 2) == 0
