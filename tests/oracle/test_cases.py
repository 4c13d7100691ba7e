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

from osw_stats.stats.survey.intervals import total_interval
from tests.oracle import families

FILE = Path(os.environ.get("OSW_ORACLE", Path(__file__).with_name("cases.json")))
# what nothing of ours shows, or what is plain arithmetic on what is given; the case files still hold it
RETIRED = {
    "b_rate_ratio": {"p_etest", "score_ci"},
    "c_interrupted_time_series": {"truth", "truth_in_quasi_ci"},  # how the series was simulated
    "e_capacity_table": {"gap_before", "gap_after", "eur_per_fte", "gap_eur"},
    "c_forecast_next_year": {"se_eta", "growth_py", "pi_z", "df"},
    "h_composition": {"clr"},
    "e_queue_mmc": {"p_wait_over_0_25y"},
    "e_backlog": {"years_to_clear"},
}
CASES = [c for c in json.loads(FILE.read_text("utf-8")) if c["family"] != "h_composition_change"]


def differences(given, expected, tolerance):
    """Return every place where `given` lacks or misses an expected value; extra values are no fault.

    `tolerance` holds `rel` and `abs` (or `exact`). `rel_<words>` holds for values whose path shows all those words
    (`rel_nb_coef` for `nb2_coef/t`); where only such are given, a value that none fits gets the strictest of them. A null
    that is expected must be None or NaN.
    """
    # a family may reach the expected values in several ways, each under its name and within its own tolerance
    ways = [k.removeprefix("rel_") for k in tolerance if k.startswith("rel_")]
    named = [way for way in ways if isinstance(given.get(way), dict) and way not in expected]
    if not named:
        return list(_differences(given, expected, tolerance, ""))
    lines = [f"/{way}: not given" for way in ways if way not in named]
    for way in named:
        own = {"rel": tolerance[f"rel_{way}"], "abs": tolerance.get("abs", 0.0)}
        lines += _differences(given[way], expected, own, f"/{way}")
    return lines


def _differences(given, expected, tolerance, path):
    if isinstance(expected, dict):
        for key, value in expected.items():
            if isinstance(given, dict) and key in given:
                yield from _differences(given[key], value, tolerance, f"{path}/{key}")
            else:
                yield f"{path}/{key}: not given"
    elif isinstance(expected, list) and len(given) == len(expected):
        for at, (one, other) in enumerate(zip(given, expected, strict=True)):
            yield from _differences(one, other, tolerance, f"{path}/{at}")
    elif isinstance(expected, list) or not _same(given, expected, tolerance, path):
        yield f"{path}: {given!r}, not {expected!r}"


def _same(given, expected, tolerance, path):
    if expected is None or given is None:
        return expected is None and (given is None or (isinstance(given, float) and math.isnan(given)))
    if isinstance(expected, bool | str) or tolerance.get("exact"):
        return given == expected
    # the tolerance whose words all begin a word of the path; the longest such key wins
    worded = {tuple(k[4:].split("_")): v for k, v in tolerance.items() if k.startswith("rel_")}
    parts = path.replace("/", "_").split("_")
    fitting = [k for k in worded if all(any(p.startswith(word) for p in parts) for word in k)]
    relative = tolerance.get("rel", min(worded.values(), default=0.0))
    if fitting:
        relative = worded[max(fitting, key=len)]
    return math.isclose(given, expected, rel_tol=relative, abs_tol=tolerance.get("abs", 0.0))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case):
    given = getattr(families, case["family"])(case["inputs"], FILE.parent)
    retired = RETIRED.get(case["family"], ())
    expected = {name: value for name, value in case["expected"].items() if name not in retired}
    assert differences(given, expected, case["tolerance"]) == []


def test_a_total_against_simulation():
    """Simulated, seeded: share and population size drawn apart, multiplied, quantiles taken."""
    rng = np.random.default_rng(20241125)
    totals = rng.normal(0.052, 0.0016, 400_000) * rng.uniform(14.7e6, 14.9e6, 400_000)
    limits = total_interval(0.052, 0.052 - 1.959964 * 0.0016, 0.052 + 1.959964 * 0.0016, 14.8e6, 0.1e6)
    assert limits == pytest.approx(np.quantile(totals, [0.025, 0.975]), rel=0.004)
