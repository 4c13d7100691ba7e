"""Every numeric statement of the founding report is in the ledger, or on the list of non-claims with a reason.

The text of the report is no part of the project; this runs where it lies beside the checkout, or where OSW_REPORT
names it. Chapters 3, 7 and 9 are left out: they hold law and definitions.
"""

import os
from pathlib import Path

import pytest

from osw_stats.claims.coverage_of_text import cover
from osw_stats.data.plain_text import read_document
from osw_stats.data.rows import read_columns
from osw_stats.wording.scan import scan
from osw_stats.wording.scan.paragraphs import paragraphs_of
from tests.conftest import PROJECT

BESIDE = PROJECT.parent / "shared" / "seed" / "rapport-online-seksueel-geweld-2025.txt"
REPORT = Path(os.environ.get("OSW_REPORT", BESIDE))
RAW = PROJECT / "data/raw/rapport2025"
pytestmark = pytest.mark.skipif(not REPORT.is_file(), reason="the report does not lie beside the checkout")
CHAPTERS = ("1", "2", "4", "5", "6", "8")


@pytest.fixture(scope="module")
def text():
    return read_document(REPORT).text


def rows(name, *columns):
    return read_columns(RAW / name, name, columns)


def test_every_statement_is_a_claim_or_has_a_reason_not_to_be(text):
    statements, paragraphs = list(scan(text)), paragraphs_of(text)
    ledger = [r for r in rows("claims.csv", "id", "paragraph", "text") if r["text"]]
    others = [r | {"id": r["row"]} for r in rows("non_claims.csv", "paragraph", "text", "kind", "reason")]
    assert all(r["reason"] for r in others)
    known = zip(
        statements, cover(text, statements, ledger, paragraphs).ids, cover(text, statements, others, paragraphs).ids,
        strict=True,
    )  # fmt: skip
    left = [
        (paragraphs.at(s.start), s.text)
        for s, claims, non_claims in known
        if not claims and not non_claims
        and (paragraphs.at(s.start).split(".")[0] in CHAPTERS or paragraphs.at(s.start).startswith("bijlage"))
    ]  # fmt: skip
    assert left == []


def test_the_words_of_every_claim_and_place_stand_in_the_report(text):
    ledger = [r for r in rows("claims.csv", "id", "paragraph", "text") if r["text"]]
    places = [
        r | {"id": f"{r['list_id']}-{r['row']}"} for r in rows("places.csv", "list_id", "paragraph", "text")
    ]
    assert cover(text, [], ledger + places, paragraphs_of(text)).missing == ()
