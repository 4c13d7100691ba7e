"""Rows that a scan proposes go back in as a ledger: none is refused, none is read otherwise, each finds its statement."""

import pandas as pd
import pytest

from osw_stats.claims.book import reported
from osw_stats.claims.verdicts import check
from osw_stats.cli import main
from osw_stats.cli.checked import proposals
from osw_stats.data.ledger import read_other_ledger
from osw_stats.meaning.observations import COLUMNS, records
from osw_stats.wording.scan import scan
from tests.claims.test_relations import SETS
from tests.scan.measure import own_texts, report

BY_LANGUAGE = [by for table in SETS.values() for by in table.values()]
MADE_UP = {
    name: "\n\n".join(text for by in BY_LANGUAGE for text, _ in by.get(name, ())) for name in ("nl", "en")
}
NOTHING = pd.DataFrame(columns=[column.name for column in COLUMNS])
HARD = (
    "Het verdrievoudigde, quadrupled, bijna een zesde, een twintigtal zaken, anderhalf jaar, -450 euro, € -250.000, ½ van "
    "alles, 3½ jaar, 0,07%, .5, over 35%, Over 200 000, 3 or 4, tientallen, een tiende, = 12 zaken\n- 13 zaken\n+ 4 zaken"
)
TEXTS = {name: text for name, text, *_ in (*own_texts(), *report())} | MADE_UP | {"hard": HARD}


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
    path.write_text(
        "id,as_reported,formula\na,12,\nb,nothing,\nc d,13,\ne,14,a * 2\nf,15,[nonsense/2024]\n",
        encoding="utf-8",
    )
    unread = []
    ledger, _ = read_other_ledger(path, unread)
    result = check(ledger, NOTHING, unread=unread)
    assert [(e.row, e.column) for e in unread] == [(3, "as_reported"), (4, "id"), (6, "formula")]
    assert list(result["id"]) == ["a", "e"]
