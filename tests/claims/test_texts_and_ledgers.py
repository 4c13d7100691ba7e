"""The ledger against the founding report itself and an independent reader of it; rows that a scan proposes against their text.

Every numeric statement of the report is in the ledger, or on the list of non-claims with a reason; chapters 3,
5, 7 and 9 are left out: they hold law and definitions. Where the reader's verdicts are not ours,
docs/claims_differences.csv says why. Neither text nor list is part of the project: these run where they lie
beside the checkout, or where OSW_REPORT and OSW_CLAIMS name them. What is proposed goes back in as a ledger: no row is
refused, none is read otherwise, each finds its statement.
"""

import os
import re
from pathlib import Path

import pandas as pd
import pytest

from osw_stats.claims.book import reported
from osw_stats.claims.relations import relations, unaided
from osw_stats.claims.verdicts import check
from osw_stats.cli import main
from osw_stats.cli.checked import proposals
from osw_stats.data.ledger import read_other_ledger
from osw_stats.data.plain_text import read_document
from osw_stats.data.rows import read_columns
from osw_stats.meaning.observations import COLUMNS, records
from osw_stats.wording.scan import KINDS, scan
from osw_stats.wording.scan.coverage import cover, paragraphs_of
from tests.cases import beside
from tests.claims.test_relations import SETS
from tests.conftest import PROJECT
from tests.scan.measure import REPORT, own_texts, read_gold, report, with_report

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


BY_LANGUAGE = [by for table in SETS.values() for by in table.values()]
MADE_UP = {
    name: "\n\n".join(text for by in BY_LANGUAGE for text, _ in by.get(name, ())) for name in ("nl", "en")
}
NOTHING = pd.DataFrame(columns=[column.name for column in COLUMNS])
TEXTS = (
    {name: text for name, text, *_ in (*own_texts(), *report())}
    | MADE_UP
    | {"hard": beside(__file__)["hard"]}
)


@pytest.fixture
def proposed(tmp_path, capsys):
    def run(text):
        (tmp_path / "t.txt").write_text(text, encoding="utf-8")
        assert main(["claims", "scan", str(tmp_path / "t.txt"), "--propose"]) == 0
        path = tmp_path / "new.csv"
        path.write_text(capsys.readouterr().out, encoding="utf-8")
        unread = []
        return path, read_other_ledger(path, unread)[0], unread

    return run


@pytest.mark.parametrize("name", TEXTS)
def test_no_row_is_refused_or_read_otherwise_and_each_holds_its_claim(name, proposed, tmp_path, capsys):
    text = TEXTS[name]
    path, ledger, unread = proposed(text)
    assert unread == []
    lines = path.read_text(encoding="utf-8").splitlines()
    starts = {}
    for row, line in zip(records(ledger), lines[1:], strict=False):
        starts.setdefault(int(line.rsplit(",", 1)[1] or -1), row)
    claims = [s for s in scan(text) if s.is_claim]
    assert len(ledger) >= len(claims)
    for s in claims:
        interval = reported(starts[s.start])
        assert (interval.lower, interval.upper) == pytest.approx((s.lower, s.upper), rel=1e-9, abs=1e-9), s
    assert main(["claims", "scan", str(tmp_path / "t.txt"), "--ledger", str(path)]) == 0
    assert "in a ledger, 0 not)" in capsys.readouterr().out


def test_names_of_many_claims_in_one_line_are_found_without_asking_for_each_of_them_again():
    class Counted(set):
        asked = 0

        def __contains__(self, name):
            Counted.asked += 1
            return super().__contains__(name)

    text = "12% " * 400
    rows = [vars(s) | {"ledger": [], "non_claim": False, "paragraph": ""} for s in scan(text)]
    names = [row["id"] for row in proposals(rows, text, [], Counted())]
    assert len(set(names)) == len(names) == len(rows) == 400
    assert Counted.asked < 2 * len(rows)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_formulae_find_the_errors_again(language, proposed):
    _, ledger, _ = proposed(MADE_UP[language])
    result = check(ledger, NOTHING)
    planted = sum(len(table["planted"][language]) for table in SETS.values())
    assert (result["verdict"] == "inconsistent").sum() >= planted * 0.9
    assert (result["verdict"] == "unit_differs").sum() == 0


def test_a_ledger_with_bad_rows_lists_all_of_them_and_goes_on_with_the_rest(tmp_path):
    path = tmp_path / "l.csv"
    rows = ("a,12,", "b,nothing,", "c d,13,", "e,14,a * 2", "f,15,[nonsense/2024]")
    path.write_text("\n".join(("id,as_reported,formula", *rows)), encoding="utf-8")
    unread = []
    ledger, _ = read_other_ledger(path, unread)
    result = check(ledger, NOTHING, unread=unread)
    assert [(e.row, e.column) for e in unread] == [(3, "as_reported"), (4, "id"), (6, "formula")]
    assert list(result["id"]) == ["a", "e"]
