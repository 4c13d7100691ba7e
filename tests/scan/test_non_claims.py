"""Every number of the founding report is a claim or stands in the list of those that are none."""

import re

import pytest

from osw_stats.claims.coverage_of_text import cover
from osw_stats.data.register import load_records
from osw_stats.data.rows import read_columns
from osw_stats.wording.scan import KINDS, scan
from osw_stats.wording.scan.paragraphs import paragraphs_of
from tests.conftest import PROJECT
from tests.scan.measure import REPORT

CHAPTERS = re.compile(r"(?:1|2|4|5|6|8)\.|bijlage")


def listed():
    (path,) = [r.path for r in load_records(PROJECT / "data" / "raw") if r.kind == "non_claims"]
    rows = read_columns(path, path.name, ("line", "paragraph", "text", "kind", "reason"))
    return [row | {"id": row["row"]} for row in rows]


def test_every_row_has_a_kind_and_a_reason_in_two_languages():
    rows = listed()
    assert len(rows) > 600
    for row in rows:
        assert row["kind"] in KINDS
        assert row["reason"].count(" / ") == 1, row
        assert CHAPTERS.match(row["paragraph"]), row
        assert row["line"].isdigit()


@pytest.mark.skipif(
    not REPORT.is_file(), reason="the founding report is not beside the checkout; set OSW_REPORT"
)
def test_list_and_report_hold_the_same_numbers():
    text = REPORT.read_text(encoding="utf-8")
    statements, paragraphs, rows = list(scan(text)), paragraphs_of(text), listed()
    coverage = cover(text, statements, rows, paragraphs)
    assert not coverage.missing
    for s, ids in zip(statements, coverage.ids, strict=True):
        if CHAPTERS.match(paragraphs.at(s.start)) and not s.is_claim:
            assert ids, f"line {s.line}: {s.text!r} is no claim and not in the list"
