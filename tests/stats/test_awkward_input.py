"""Numbers that no table should hold: every function computes, or refuses in a typed error, without a warning."""

import math
import warnings
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osw_stats.errors import OswError
from osw_stats.stats.capacity import queueing
from osw_stats.stats.counts import half_years, rates
from osw_stats.stats.counts.ordinary import Population, Steps
from osw_stats.stats.survey import comparing, intervals
from osw_stats.stats.survey.bounds import blend
from osw_stats.stats.survey.funnel import Amount, Bridges, analytic

NUMBERS = st.sampled_from([0.0, 0.5, 1.0, 3.0, 0.3, 1e6, -1.0, 1e-300, 1e300, math.inf, -math.inf, math.nan])
FEW = NUMBERS.filter(lambda n: not 3 < n < math.inf)  # posts are counted one by one


def fitted(a, b, c, d):
    return rates.quasi([a, b, c, d], np.column_stack([np.ones(4), [d, c, b, a]]), least_phi=1.0)


def ordinary(a, b, c, d):
    own = Steps(np.array([a, b]), np.full(2, 1e-4), (1, 2))
    return Population({"x": own, "y": own.without([2])}).ordinary("x").reach(c, d)


CALLS = {
    "rates": lambda a, b, c, d: rates.rate_ratio(a, b, phi=c, df=3, alpha=d),
    "dispersion": lambda *n: rates.yearly_dispersion(n),
    "fitted": fitted,
    "separated": lambda a, b, *_: rates.quasi([[a, b], [0, 9], [9, 0]], np.eye(3)[:, :2], least_phi=1.0),
    "next year": lambda *n: rates.next_year(range(2020, 2024), n, cautious=True),
    "backtest": lambda *n: rates.backtest(range(2019, 2024), [*n, 5.0]),
    "ordinary": ordinary,
    "halves": half_years.identity,
    "share": lambda p, n, deff, alpha: intervals.proportion_interval(p, n, deff=deff, alpha=alpha),
    "logit": lambda p, n, d, a: intervals.proportion_interval(p, n, deff=d, alpha=a, method="logit"),
    "total": lambda a, b, c, d: intervals.total_interval(a, b, c, d, 1.0),
    "size": lambda a, b, c, d: intervals.effective_n(a, b, c, step=d),
    "difference": comparing.difference,
    "p": comparing.newcombe_p,
    "range of p": lambda a, b, c, d: comparing.p_range((a, b), (50, 60), (c, d), (50, 60)),
    "detectable": lambda a, b, c, d: comparing.detectable(a, b, c, alpha=d),
    "blend": lambda a, b, c, _: blend(a, b, c),
    "funnel": lambda a, b, c, d: analytic(Amount(b, a, c), d, Bridges()),
    "queue": lambda a, b, c, d: queueing.queue(a, b, c, arrival_scv=d),
    "posts": lambda a, b, c, _: queueing.fewest_servers(a, b, c),
    "backlog": lambda a, b, c, d: queueing.backlog(a, b, c, d, 5),
}


@pytest.mark.parametrize("name", CALLS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_it_computes_or_refuses(name, data):
    numbers = [data.draw(FEW if name in ("queue", "posts") else NUMBERS) for _ in range(4)]
    with warnings.catch_warnings(), suppress(OswError):
        warnings.simplefilter("error")
        CALLS[name](*numbers)
