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
CASES = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case):
    family = FAMILIES.get(case["family"])
    assert family is not None, f"no function of ours answers the family {case['family']}"
    found = family(case["inputs"], FILE.parent)
    assert differences(found, case["expected"], case["tolerance"]) == []
