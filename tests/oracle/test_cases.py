"""Every reference case of a case file, one test each, against our functions; and reference values that stand in no case.

The file is `cases.json` beside this one, or the one that OSW_ORACLE names. The expected values were reached with
other software (R, mpmath, scipy called directly); how stands in the case.
"""

import json
import math
import os
from pathlib import Path

import numpy as np
import pytest

from osw_stats.stats.counts.rates import rate_ratio, yearly_dispersion
from osw_stats.stats.survey.intervals import total_interval
from tests.oracle import families
from tests.oracle.compare import differences

FILE = Path(os.environ.get("OSW_ORACLE", Path(__file__).with_name("cases.json")))
# statistics that nothing of ours shows any more; the case files still hold them
RETIRED = {
    "b_rate_ratio": {"p_etest", "score_ci"},
    "c_forecast_next_year": {"se_eta", "growth_py", "pi_z", "df"},
    "h_composition": {"clr"},
    "e_queue_mmc": {"p_wait_over_0_25y"},
    "e_backlog": {"years_to_clear"},
}
CASES = [c for c in json.loads(FILE.read_text("utf-8")) if c["family"] != "h_composition_change"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case):
    given = getattr(families, case["family"])(case["inputs"], FILE.parent)
    retired = RETIRED.get(case["family"], ())
    expected = {name: value for name, value in case["expected"].items() if name not in retired}
    assert differences(given, expected, case["tolerance"]) == []


def test_a_ratio_to_zero_has_a_lower_limit_only():
    ratio = rate_ratio(5, 0)
    assert ratio.exact_lower == pytest.approx(0.9163558573154597, rel=1e-7)
    assert ratio.exact_upper == math.inf
    assert math.isnan(ratio.ratio)


def test_the_dispersion_of_registered_offences():
    counts = [8077, 7413, 7171, 6805, 7486, 7612, 8278, 7357, 7306, 7847, 9088, 8214]
    assert yearly_dispersion(counts) == pytest.approx(28.36210598568225, rel=1e-9)


def test_a_total_against_simulation():
    """Simulated, seeded: share and population size drawn apart, multiplied, quantiles taken."""
    rng = np.random.default_rng(20241125)
    totals = rng.normal(0.052, 0.0016, 400_000) * rng.uniform(14.7e6, 14.9e6, 400_000)
    limits = total_interval(0.052, 0.052 - 1.959964 * 0.0016, 0.052 + 1.959964 * 0.0016, 14.8e6, 0.1e6)
    assert limits == pytest.approx(np.quantile(totals, [0.025, 0.975]), rel=0.004)
