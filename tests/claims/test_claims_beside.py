"""The ledger against the founding report itself, and against an independent reader of it.

Every numeric statement of the report is in the ledger, or on the list of non-claims with a reason; chapters 3,
7 and 9 are left out: they hold law and definitions. Where the reader's verdicts are not ours,
docs/claims_differences.csv says why. Neither text nor list is part of the project: these run where they lie
beside the checkout, or where OSW_REPORT and OSW_CLAIMS name them.
"""

import os
import re
from pathlib import Path

import pytest

from osw_stats.claims.relations import relations, unaided
from osw_stats.data.plain_text import read_document
from osw_stats.data.rows import read_columns
from osw_stats.wording.scan import KINDS, scan
from osw_stats.wording.scan.coverage import cover, paragraphs_of
from tests.conftest import PROJECT
from tests.scan.measure import REPORT, read_gold, with_report

LIST = Path(os.environ.get("OSW_CLAIMS", PROJECT.parent / "shared" / "claims" / "claims.csv"))
CHAPTERS = re.compile(r"(?:1|2|4|5|6|8)\.|bijlage")
with_list = pytest.mark.skipif(not LIST.is_file(), reason="no list of an independent reader lies beside")


def rows(name, *columns):
    return read_columns(PROJECT / "data/raw/rapport2025" / name, name, columns)


def claims():
    return [r for r in rows("claims.csv", "id", "paragraph", "text") if r["text"]]


def non_claims():
    given = rows("non_claims.csv", "line", "paragraph", "text", "kind", "reason")
    return [row | {"id": row["row"]} for row in given]


def test_every_number_that_is_no_claim_has_a_kind_and_a_reason_in_two_languages():
    assert len(non_claims()) > 600
    for row in non_claims():
        assert row["kind"] in KINDS
        assert row["reason"].count(" / ") == 1, row
        assert CHAPTERS.match(row["paragraph"]), row
        assert row["line"].isdigit()


@with_report
def test_every_statement_is_a_claim_or_has_a_reason_not_to_be():
    text = read_document(REPORT).text
    statements, paragraphs = list(scan(text)), paragraphs_of(text)
    held, listed = (cover(text, statements, of, paragraphs) for of in (claims(), non_claims()))
    assert not listed.missing
    for s, ids, others in zip(statements, held.ids, listed.ids, strict=True):
        if CHAPTERS.match(paragraphs.at(s.start)):
            assert others or (s.is_claim and ids), f"line {s.line}: {s.text!r} is in neither list"


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
def test_every_claim_of_the_reader_is_in_the_ledger_and_a_difference_of_verdict_has_its_reason(tables):
    ours = tables.claims().set_index("id")["verdict"]
    theirs = {row["id"]: row["expected_verdict"] for row in read_gold(LIST)}
    assert set(theirs) <= set(ours.index)
    reasons = read_gold(PROJECT / "docs/claims_differences.csv")
    told = {r["id"]: (r["reader"], r["ours"]) for r in reasons if r["reason"]}
    assert {n: (word, ours[n]) for n, word in theirs.items() if word and word != ours[n]} == told
