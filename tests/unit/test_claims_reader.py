"""Our verdicts against those of an independent reader of the report, where their list lies beside the checkout.

The list is no part of the project; OSW_CLAIMS may name it. Where we disagree, docs/claims_differences.csv says why.
"""

import csv
import os
from pathlib import Path

import pytest

from tests.conftest import PROJECT

LIST = Path(os.environ.get("OSW_CLAIMS", PROJECT.parent / "shared" / "claims" / "claims.csv"))
pytestmark = pytest.mark.skipif(
    not LIST.is_file(), reason="no list of an independent reader beside the checkout"
)


def read(path):
    with Path(path).open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def ours(tables):
    return tables.claims().set_index("id")


def test_every_claim_of_the_reader_is_in_the_ledger(ours):
    assert {row["id"] for row in read(LIST)} <= set(ours.index)


def test_every_difference_of_verdict_has_a_written_reason(ours):
    told = {
        r["id"]: (r["reader"], r["ours"])
        for r in read(PROJECT / "docs/claims_differences.csv")
        if r["reason"]
    }
    differing = {
        row["id"]: (row["expected_verdict"], ours.loc[row["id"], "verdict"])
        for row in read(LIST)
        if row["expected_verdict"] and row["expected_verdict"] != ours.loc[row["id"], "verdict"]
    }
    assert differing == told
