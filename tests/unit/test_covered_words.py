"""Where the words of a ledger stand in a text: whole words, in their line, touching is not overlapping."""

from dataclasses import dataclass

import pytest

from osw_stats.analysis.claims.coverage_of_text import cover, fold
from osw_stats.vocabulary.scan import scan
from osw_stats.vocabulary.scan.paragraphs import paragraphs_of


@dataclass(frozen=True)
class _Said:
    line: int
    start: int
    end: int
    text: str


class TestCoverage:
    def rows(self, *texts, paragraph=""):
        return [{"id": str(i), "paragraph": paragraph, "text": t} for i, t in enumerate(texts)]

    @pytest.mark.parametrize(
        ("words", "held"),
        [("12 zaken", True), ("2 zaken", False), ("12 zake", False), ("(12 zaken)", True), ("12", True), ("1", True), ("er zijn", True), ("r zijn", False)],
    )  # fmt: skip
    def test_words_are_no_part_of_a_longer_word(self, words, held):
        text = "Er zijn (12 zaken) en 1 nieuwe."
        found = cover(text, list(scan(text)), self.rows(words), paragraphs_of(text))
        assert (found.missing == ()) is held

    def test_a_statement_touching_a_row_is_not_held(self):
        text = "aa bb cc dd"
        said = [_Said(1, 0, 2, "aa"), _Said(1, 3, 5, "bb"), _Said(1, 6, 8, "cc"), _Said(1, 9, 11, "dd")]
        assert cover(text, said, self.rows("bb cc"), paragraphs_of(text)).ids == ((), ("0",), ("0",), ())
        assert cover(text, said, self.rows("aa", "aa bb cc", "dd"), paragraphs_of(text)).ids == (("0", "1"), ("1",), ("1",), ("2",))  # fmt: skip

    def test_no_rows_hold_nothing(self):
        assert cover("12 zaken", [_Said(1, 0, 2, "12")], [], paragraphs_of("12 zaken")).ids == ((),)

    def test_a_line_decides_between_equal_words(self):
        text = "12 zaken\n12 zaken"
        rows = [{"id": "a", "paragraph": "", "text": "12", "line": "2"}]
        found = cover(text, list(scan(text)), rows, paragraphs_of(text))
        assert found.ids == ((), ("a",))
        again = cover(text, list(scan(text)), [rows[0] | {"line": "9"}], paragraphs_of(text))
        assert again.ids == (("a",), ())

    def test_folding_drops_soft_hyphens_and_space_after_a_hyphen(self):
        assert fold("  a\u00adb -\n c’  “d”").text == 'ab -c\' "d"'
        assert list(fold("a \n b").places) == [0, 1, 4]
        assert fold("İx").text == "İx"  # no letter becomes two
