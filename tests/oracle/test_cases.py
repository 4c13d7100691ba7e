"""Every reference case of a case file, one test each, against our functions.

The file is `cases.json` beside this one, or the one that OSW_ORACLE names. The expected values were reached with
other software (R, mpmath, scipy called directly); how stands in the case.
"""

import json
import os
from pathlib import Path

import pytest

from tests.oracle.compare import differences
from tests.oracle.families import FAMILIES

FILE = Path(os.environ.get("OSW_ORACLE", Path(__file__).with_name("cases.json")))
# statistics that nothing of ours shows any more; the case files still hold them
RETIRED = {
    "b_rate_ratio": {"p_etest", "score_ci"},
    "c_forecast_next_year": {"se_eta", "growth_py", "pi_z", "df"},
    "h_composition": {"clr"},
    "h_composition_change": None,
    "e_queue_mmc": {"p_wait_over_0_25y"},
    "e_backlog": {"years_to_clear"},
}
CASES = [c for c in json.loads(FILE.read_text(encoding="utf-8")) if RETIRED.get(c["family"], ()) is not None]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case):
    family = FAMILIES.get(case["family"])
    assert family is not None, f"no function of ours answers the family {case['family']}"
    given = family(case["inputs"], FILE.parent)
    retired = RETIRED.get(case["family"], ())
    expected = {name: value for name, value in case["expected"].items() if name not in retired}
    assert differences(given, expected, case["tolerance"]) == []
