"""Worked out by hand: tables (tables.yml) and numbers; what is refused, or never should be a number; the example of the docs."""

import importlib.util
import math
import re
import warnings
from contextlib import suppress
from pkgutil import resolve_name

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osw_stats.errors import InputError, OswError
from osw_stats.meaning.authorities import AUTHORITIES, authority
from osw_stats.stats.counts import rates
from osw_stats.stats.counts.ordinary import Population, Steps
from osw_stats.stats.survey import comparing
from osw_stats.stats.survey.funnel import Amount, Bridges, analytic
from tests.cases import beside
from tests.conftest import PROJECT
from tests.worked import hold, worked


@worked(__file__, "tables.yml")
def test_a_small_table_by_hand(case):
    hold(case)


def test_twelve_bodies_were_asked_and_one_was_not():
    assert [a.code for a in AUTHORITIES.values() if not a.asked] == ["sdt"]
    assert authority("sdt").code == "sdt"
    with pytest.raises(InputError, match="no such body"):
        authority("nobody")


NUMBERS = st.sampled_from([0.0, 0.5, 1.0, 3.0, 0.3, 1e6, -1.0, 1e-300, 1e300, math.inf, -math.inf, math.nan])
FEW = NUMBERS.filter(lambda n: not 3 < n < math.inf)  # posts are counted one by one


def fitted(a, b, c, d):
    return rates.quasi([a, b, c, d], np.column_stack([np.ones(4), [d, c, b, a]]), least_phi=1.0)


def ordinary(a, b, c, d):
    own = Steps(np.array([a, b]), np.full(2, 1e-4), (1, 2))
    return Population({"x": own, "y": own.without([2])}).ordinary("x").reach(c, d)


CALLS = {
    "dispersion": lambda *n: rates.yearly_dispersion(n),
    "fitted": fitted,
    "separated": lambda a, b, *_: rates.quasi([[a, b], [0, 9], [9, 0]], np.eye(3)[:, :2], least_phi=1.0),
    "next year": lambda *n: rates.next_year(range(2020, 2024), n, cautious=True),
    "backtest": lambda *n: rates.backtest(range(2019, 2024), [*n, 5.0]),
    "ordinary": ordinary,
    "range of p": lambda a, b, c, d: comparing.p_range((a, b), (50, 60), (c, d), (50, 60)),
    "funnel": lambda a, b, c, d: analytic(Amount(b, a, c), d, Bridges()),
}


def by_name(job, names, fixed):
    return lambda *n: resolve_name(f"osw_stats.stats.{job}")(
        **dict(zip(names.split(), n, strict=False)), **fixed
    )


for job, *about in beside(__file__)["any_numbers"]:
    CALLS[f"{job} {about}"] = by_name(job, *about)


@pytest.mark.parametrize("name", CALLS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_it_computes_or_refuses(name, data):
    numbers = [data.draw(FEW if "arrivals completions" in name else NUMBERS) for _ in range(4)]
    with warnings.catch_warnings(), suppress(OswError):
        warnings.simplefilter("error")
        CALLS[name](*numbers)


NUMBER = re.compile(r"-?\d+\.\d+")


def test_the_worked_example_is_up_to_date():
    path = PROJECT / "docs" / "examples" / "burglaries.py"
    spec = importlib.util.spec_from_file_location("burglaries", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, content in module.make().items():
        kept = (PROJECT / "docs" / name).read_text(encoding="utf-8")
        hint = f"docs/{name} differs; run python docs/examples/burglaries.py"
        # another processor adds in another order: a drawing may differ by a thousandth of a point, the text by nothing
        loose = name.endswith(".svg")
        assert (NUMBER.sub("", kept) if loose else kept) == (NUMBER.sub("", content) if loose else content), (
            hint
        )
        old, new = ([float(n) for n in NUMBER.findall(text)] for text in (kept, content))
        assert new == pytest.approx(old, abs=1e-3), hint
