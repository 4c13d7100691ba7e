"""The ledger against the founding report itself, and against an independent reader of it.

Every numeric statement of the report is in the ledger, or on the list of non-claims with a reason; chapters 3,
7 and 9 are left out: they hold law and definitions. Where the reader's verdicts are not ours,
docs/claims_differences.csv says why. Neither text nor list is part of the project: these run where they lie
beside the checkout, or where OSW_REPORT and OSW_CLAIMS name them.
"""

import csv
import os
from pathlib import Path

import pytest

from osw_stats.claims.coverage_of_text import cover, unaided
from osw_stats.claims.relations import relations
from osw_stats.data.plain_text import read_document
from osw_stats.data.rows import read_columns
from osw_stats.wording.scan import scan
from osw_stats.wording.scan.paragraphs import paragraphs_of
from tests.conftest import PROJECT

SHARED = PROJECT.parent / "shared"
REPORT = Path(os.environ.get("OSW_REPORT", SHARED / "seed" / "rapport-online-seksueel-geweld-2025.txt"))
LIST = Path(os.environ.get("OSW_CLAIMS", SHARED / "claims" / "claims.csv"))
CHAPTERS = ("1", "2", "4", "5", "6", "8")
with_report = pytest.mark.skipif(not REPORT.is_file(), reason="the report does not lie beside the checkout")
with_list = pytest.mark.skipif(
    not LIST.is_file(), reason="no list of an independent reader lies beside the checkout"
)


def rows(name, *columns):
    return read_columns(PROJECT / "data/raw/rapport2025" / name, name, columns)


def claims():
    return [r for r in rows("claims.csv", "id", "paragraph", "text") if r["text"]]


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


@with_report
def test_every_statement_is_a_claim_or_has_a_reason_not_to_be():
    text = read_document(REPORT).text
    statements, paragraphs = list(scan(text)), paragraphs_of(text)
    others = [r | {"id": r["row"]} for r in rows("non_claims.csv", "paragraph", "text", "kind", "reason")]
    assert all(r["reason"] for r in others)
    ids = [cover(text, statements, ledger, paragraphs).ids for ledger in (claims(), others)]
    left = [
        (paragraphs.at(s.start), s.text) for s, *known in zip(statements, *ids, strict=True) if not any(known)
    ]
    assert [at for at in left if at[0].split(".")[0] in CHAPTERS or at[0].startswith("bijlage")] == []


@with_report
def test_the_words_of_every_claim_and_place_stand_in_the_report():
    text = read_document(REPORT).text
    places = rows("places.csv", "list_id", "paragraph", "text")
    places = [r | {"id": f"{r['list_id']}-{r['row']}"} for r in places]
    assert cover(text, [], claims() + places, paragraphs_of(text)).missing == ()


@with_report
def test_the_rows_that_the_check_finds_by_itself_are_those_recorded():
    """Made anew by `osw claims scan REPORT --ledger data/raw/rapport2025/claims.csv --check --format csv`."""
    text = read_document(REPORT).text
    statements = list(scan(text))
    coverage = cover(text, statements, claims(), paragraphs_of(text))
    found = unaided(relations(text, statements), statements, coverage)
    recorded = rows("unaided.csv", "id", "relation", "verdict")
    assert found == [{name: r[name] for name in ("id", "relation", "verdict")} for r in recorded]


@with_list
def test_every_claim_of_the_reader_is_in_the_ledger_and_every_difference_of_verdict_has_a_written_reason(
    tables,
):
    ours = tables.claims().set_index("id")["verdict"]
    theirs = {row["id"]: row["expected_verdict"] for row in read(LIST)}
    assert set(theirs) <= set(ours.index)
    reasons = read(PROJECT / "docs/claims_differences.csv")
    told = {r["id"]: (r["reader"], r["ours"]) for r in reasons if r["reason"]}
    assert {n: (word, ours[n]) for n, word in theirs.items() if word and word != ours[n]} == told
