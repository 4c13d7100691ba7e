"""Precision and recall against lists made by hand; the floors are what was measured."""

from collections import Counter

import pytest

from tests.scan.measure import PARTS, REPORT, compare, own_texts, ratio, report, stretches

OWN = list(own_texts())


@pytest.mark.parametrize(("name", "text", "gold"), [case[:3] for case in OWN], ids=[case[0] for case in OWN])
def test_the_statements_of_an_own_text_are_found(name, text, gold):
    counts, told = compare(text, gold)
    assert ratio(counts, "matched", "found") >= 0.95, told
    assert ratio(counts, "matched", "gold") >= 0.95, told
    assert ratio(counts, "all", "matched") >= 0.95, told


def test_own_texts_are_many_and_in_both_languages():
    assert len(OWN) >= 8
    assert sum(len(gold) for _, _, gold, _ in OWN) >= 200
    assert {name.rsplit("_", 1)[1] for name, *_ in OWN} == {"nl", "en"}


def test_a_missed_and_a_made_up_statement_count():
    text = "In 2024 kwamen 131 meldingen binnen."
    row = dict.fromkeys(("value", "rule", "lower", "upper", "unit"), "")
    year = row | {"line": "1", "text": "2024", "kind": "year", "is_claim": "false"}
    counts, _ = compare(text, [year])
    assert (counts["found"], counts["matched"], counts["gold"]) == (2, 1, 1)
    counts, _ = compare(
        text, [year, row | {"line": "1", "text": "kwamen", "kind": "count", "is_claim": "true"}]
    )
    assert (counts["matched"], counts["gold"]) == (1, 2)
    counts, _ = compare(text, [year | {"kind": "date"}])
    assert (counts["kind"], counts["all"], counts["is_claim"]) == (0, 0, 1)


@pytest.mark.skipif(
    not REPORT.is_file(), reason="the founding report is not beside the checkout; set OSW_REPORT"
)
def test_the_statements_of_the_founding_report_are_found():
    ((_, text, gold, lines),) = report()
    assert len(gold) >= 150
    assert lines == stretches(gold)
    counts, told = compare(text, gold, lines)
    assert ratio(counts, "matched", "found") >= 0.99, told
    assert ratio(counts, "matched", "gold") >= 0.99, told
    for part in PARTS:
        assert ratio(counts, part, "matched") >= 0.98, (part, told)


def test_all_texts_together_reach_the_aim():
    total = Counter()
    for _, text, gold, _ in OWN:
        total.update(compare(text, gold)[0])
    assert ratio(total, "matched", "found") >= 0.98
    assert ratio(total, "matched", "gold") >= 0.98
    assert ratio(total, "all", "gold") >= 0.98
