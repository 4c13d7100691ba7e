"""A ledger row finds its words in its own paragraph first, whole, however the document prints them; what a paragraph is."""

from shutil import copytree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from osw_stats.claims.relations import relations, unaided
from osw_stats.data.ledger import load_ledger
from osw_stats.data.rows import read_columns
from osw_stats.errors import InputError
from osw_stats.wording.scan import scan
from osw_stats.wording.scan.coverage import cover, fold, paragraphs_of
from tests.cases import beside
from tests.conftest import PROJECT
from tests.worked import hold, worked

TEXT = beside(__file__)["text"]


def covered(*rows, text=TEXT):
    """Return the statements by the row that holds them, as line and words, and what matching gave."""
    statements = list(scan(text))
    named = [{"id": str(i), "paragraph": p, "text": t, "line": line} for i, (p, t, line) in enumerate(rows)]
    coverage = cover(text, statements, named, paragraphs_of(text))
    held = {name: [] for name in map(str, range(len(rows)))}
    for s, ids in zip(statements, coverage.ids, strict=True):
        for name in ids:
            held[name].append((s.line, s.text))
    return held, coverage


LINES = ("1.1  Er kwamen 131 meldingen.", "1.2  Twee.", "Bijlagen", "POLITIE", "Er zijn 12 zaken.", "")


@given(
    st.lists(st.sampled_from(LINES), max_size=6).map("\n".join), st.sampled_from(["1.1", "bijlage AP", "8.1"])
)
@example("Er zijn 12 zaken.", "1.1")  # a text without one numbered paragraph
def test_a_row_that_names_a_paragraph_finds_its_words_in_any_text(text, paragraph):
    held, coverage = covered((paragraph, "12 zaken", ""), text=text)
    assert bool(held["0"]) == ("12 zaken" in text) == (not coverage.missing)


@pytest.mark.parametrize("before", ["", " ", "(", "r", "2"])
@pytest.mark.parametrize("after", ["", " ", ")", "n"])
def test_words_are_no_part_of_a_longer_word_or_number(before, after):
    for words in ("12 zaken", "(12 zaken)", "1"):
        longer = (before.isalnum() and words[0] != "(") or (after.isalpha() and words[-1] == "n")
        assert covered(("", words, ""), text=f"{before}{words}{after}".upper())[1].missing == ("0",) * longer


@given(st.text(max_size=80))
def test_folding_keeps_places(text):
    folded = fold(text)
    assert len(folded.text) == len(folded.places)
    assert list(folded.places) == sorted(set(folded.places))
    assert fold(folded.text).text.strip() == folded.text.strip()


def test_a_row_whose_figure_stands_in_a_relation_is_found_without_its_formula():
    text = "Er zijn 120 zaken, waarvan 70 online en 80 op straat. Er zijn 9 loketten. De helft (50%)."
    rows = [("", words, "") for words in ("80 op straat", "120", "9 loketten", "helft (50%)")]
    statements, (_, coverage) = list(scan(text)), covered(*rows, text=text)
    told = [tuple(row.values()) for row in unaided(relations(text, statements), statements, coverage)]
    sums = [(name, "sum", "inconsistent") for name in "01"]
    assert told == [*sums, ("3", "ratio", "consistent_within_rounding")]
    assert unaided([], statements, coverage) == []


def test_a_ledger_marks_what_is_recorded_beside_it_and_nothing_where_nothing_is(tmp_path):
    beside = copytree(PROJECT / "data/raw/rapport2025", tmp_path / "data/raw/rapport2025")
    marked = load_ledger(tmp_path).set_index("id")["unaided"]
    recorded = read_columns(beside / "unaided.csv", "unaided.csv", ("id", "relation"))
    assert dict(marked[marked != ""]) == {row["id"]: row["relation"] for row in recorded}
    with (beside / "unaided.csv").open("a", encoding="utf-8") as table:
        table.write("s99_1a,sum,reproduced\n")
    with pytest.raises(InputError, match="is not a claim in the ledger"):
        load_ledger(tmp_path)
    for name in ("unaided.csv", "unaided.source.yml"):
        (beside / name).unlink()
    assert set(load_ledger(tmp_path)["unaided"]) == {""}


@worked(__file__)
def test_words_and_paragraphs_stand_where_they_do_by_hand(case):
    hold(case)
