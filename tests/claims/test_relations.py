"""Relations between the figures of a text: those of the made-up sentences, of tables, and held against published figures."""

from collections import Counter

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.relations import filled, listed
from osw_stats.claims import structure
from osw_stats.claims.against import against
from osw_stats.claims.formulas import Interval, evaluate
from osw_stats.claims.measures import NoNumberError
from osw_stats.claims.relation import worked
from osw_stats.claims.relations import relations
from osw_stats.claims.signs import DATA, blocks
from osw_stats.meaning.observations import COLUMNS
from osw_stats.wording.scan import scan
from osw_stats.yamlfile import read_yaml
from tests.conftest import PROJECT

HERE = PROJECT / "tests" / "wording"
SETS = {
    name: read_yaml(HERE / f"{name}.yml")
    for name in ("relations", "relations_unseen", "relations_unseen_2", "relations_unseen_3")
}


def found(text, language="nl"):
    return [
        [r.relation, r.verdict, r.reported, r.recomputed]
        for r in relations(text, scan(text, language=language))
    ]


@pytest.mark.parametrize("name", SETS)
def test_the_relations_of_each_sentence_are_those_worked_out_by_hand(name):
    missed = {text for rows in SETS[name].get("missed", {}).values() for text, _ in rows}
    differ = {text: told for text, told, wanted in listed(SETS[name]) if Counter(told) != Counter(wanted)}
    assert differ.keys() == missed, differ


VARIANTS = read_yaml(HERE / "variants.yml")


@pytest.mark.parametrize("language", VARIANTS)
def test_however_a_relation_is_printed_it_is_found_and_fits(language):
    verdicts = {text: {verdict for _, verdict, *_ in found(text, language)} for text in VARIANTS[language]}
    assert {text for text, told in verdicts.items() if not told or "inconsistent" in told} == set()


HELD_OUT = [("held_out", 0.9, 0), ("held_out_2", 0.85, 1), ("held_out_3", 0.9, 0), ("held_out_4", 0.85, 2)]
HELD_OUT += [
    ("held_out_5", 0.95, 0),
    ("held_out_6", 0.9, 1),
    ("held_out_7", 0.95, 1),
    ("held_out_8", 0.95, 1),
]


@pytest.mark.parametrize(
    ("name", "planted", "alarms"),
    [
        ("kinds", 0.95, 0),
        ("kinds_of_reports", 0.85, 0),
        ("kinds_2", 0.95, 0),
        ("kinds_unseen", 0.9, 1),
        ("written_before", 0.95, 0),
        ("relations_broad_change", 0.95, 0),
        ("relations_broad_change_2", 0.8, 2),
        ("relations_broad_1", 0.96, 1),
        ("relations_broad_2", 0.97, 0),
        ("relations_broad_3", 0.85, 2),
        ("relations_broad_4", 0.95, 0),
        ("relations_unseen_5", 0.98, 0),
        ("relations_unseen_6", 0.85, 0),
        ("relations_unseen_7", 0.98, 0),
        ("relations_unseen_8", 0.98, 0),
        ("relations_unseen_9", 0.85, 3),
        ("relations_unseen_10", 0.78, 2),
        ("relations_unseen_11", 0.85, 3),
        ("relations_unseen_12", 0.85, 6),
        *HELD_OUT,
    ],
)
def test_planted_errors_are_told_and_figures_that_contradict_nothing_are_left_alone(name, planted, alarms):
    rows = list(filled(read_yaml(HERE / f"{name}.yml")))
    errors = [
        (text, told == wanted) for text, told, wanted in rows if wanted and wanted[0][1] == "inconsistent"
    ]
    assert sum(met for _, met in errors) >= planted * len(errors), [text for text, met in errors if not met]
    false = [(text, told) for text, told, wanted in rows if set(told) - set(wanted)]
    assert len(false) <= alarms, false


SURE = {
    "De helft van de 84 gemeenten (12) heeft een loket, zie noot 12.": "inconsistent medium note",
    "Er zijn 15.400 meldingen: 12.000 van meisjes en 3.450 van jongens.": "inconsistent medium counted",
    "Er zijn 120 meldingen: 70 van meisjes en 40 van jongens.": "inconsistent medium open_list",
    "Er zijn 120 meldingen: 70 van meisjes en 50 van jongens.": "reproduced high sum",
}


@pytest.mark.parametrize("text", SURE)
def test_a_relation_that_a_note_rounding_or_a_rest_may_explain_is_less_sure(text):
    (told,) = relations(text, scan(text))
    assert f"{told.verdict} {told.sure} {told.why}" == SURE[text]


def test_signs_begin_with_the_first_word_of_a_text_and_stop_at_its_first_stop():
    text = "Van de 66. Er zijn 264 zaken."
    assert ["".join(block.signs) for block in blocks(text, list(scan(text)), ())] == ["Fn|_n_"]


TABLE = """Tabel 4. Aantal meldingen per regio

Regio         2022     2023    Totaal
Noord          120      140       260
Midden       1.204    1.310     2.514
Zuid            48       52       {}
Totaal       1.372    1.502     2.874
"""


@pytest.mark.parametrize("total", range(4980, 5050, 10))
def test_counts_to_the_ten_leave_open_five_on_each_side(total):
    """Two parts of 2,340 and 2,670 are 5,000 to 5,020 together; a total is itself within five."""
    text = f"Het meldpunt kreeg {total // 1000}.{total % 1000:03} meldingen: 2.340 over beelden en 2.670 over berichten."
    word = "consistent_within_rounding" if 5000 <= total <= 5020 else "inconsistent"
    assert found(text) == [["sum", word, total, 5010]]
    more = found(text.replace(text.split()[3], "5.000").replace("2.340", "2.350"))  # 5,010 to 5,030
    assert more == [["sum", "inconsistent", 5000, 5020]]


@pytest.mark.parametrize(("cell", "wrong"), [("100", 0), ("110", 2)])
def test_totals_of_rows_and_columns_are_checked(cell, wrong):
    text = TABLE.format(cell)
    rows = found(text)
    assert {relation for relation, *_ in rows} == {"sum"}
    assert sum(verdict == "inconsistent" for _, verdict, *_ in rows) == wrong
    assert len(rows) == 7


@pytest.mark.parametrize(("percent", "wrong"), [("12,5", 0), ("22,5", 2)])
def test_percentages_of_a_table_are_shares_of_the_column_before(percent, wrong):
    rows = "| Soort | Aantal | Percentage |\n|---|---|---|\n| Een | 40 | 50 |\n| Twee | 30 | 37,5 |\n"
    text = f"{rows}| Drie | 10 | {percent} |\n| Totaal | 80 | 100 |\n"
    assert sum(verdict == "inconsistent" for _, verdict, *_ in found(text)) == wrong
    assert Counter(relation for relation, *_ in found(text)) == {"share": 3, "sum": 2}


def test_the_heading_of_a_table_gives_unit_and_scale_and_a_cell_without_one_says_so():
    text = "Uitgaven (x € 1.000)\n\nPost          2023    2024\nLonen       12.400  13.100\nHuur         2.300   2.350\n"
    cells = [(s.kind, s.unit, s.value) for s in scan(text) if s.is_claim]
    assert cells[:2] == [("money", "eur", 12.4e6), ("money", "eur", 13.1e6)]
    for place in range(4):  # of one column, or of one row: of it alone
        words = ["Vorig jaar", "Dit jaar", "Lonen", "Huur"]
        words[place] += " (x 1.000)"
        text = "Post   {}   {}\n{}   12,5   13,5\n{}   2,5   3,5\n".format(*words)
        values = [s.value for s in scan(text) if s.is_claim and s.text != "1.000"]
        times = [((0, 2), (1, 3), (0, 1), (2, 3))[place].__contains__(at) for at in range(4)]
        plain = [12.5, 13.5, 2.5, 3.5]
        assert values == [v * 1000 if t else v for v, t in zip(plain, times, strict=True)], text
    bare = [s.unit for s in scan("Noord   12   13\nZuid   14   15\n") if s.is_claim]
    assert bare == ["unit unknown"] * 4


FIGURE = dict.fromkeys((column.name for column in COLUMNS), "")
FIGURE |= dict.fromkeys(("sex", "age"), "total") | {"region": "NL", "publisher": "Politie"}
FIGURE |= {"lower": float("nan"), "upper": float("nan"), "lower_closed": True, "upper_closed": True}
FIGURE |= {"series_id": "police_reports", "unit_measure": "police_reports", "obs_status": "normal"}
FIGURE |= {"obs_id": "police_reports/2024/made-up", "time_period": "2024"}
PUBLISHED = pd.DataFrame([FIGURE | {"obs_value": 31402.0, "as_reported": "31.402"}])


@pytest.mark.parametrize(
    ("sentence", "verdicts"),
    [
        ("In 2024 registreerde de politie 31.402 meldingen van seksuele delicten.", ["reproduced"]),
        ("In 2024 registreerde de politie ruim 31.000 meldingen van seksuele delicten.", ["reproduced"]),
        ("In 2024 registreerde de politie 31.420 meldingen van seksuele delicten.", ["inconsistent"]),
        ("In 2024 telde de politie 31.402 slachtoffers van seksuele delicten.", ["unit_differs"]),
        ("In 2024 registreerde de politie 31.900 meldingen van seksuele delicten.", ["inconsistent"]),
        ("In 2024 registreerde de politie 32.400 meldingen van seksuele delicten.", []),
        ("In 2023 registreerde de politie 31.420 meldingen van seksuele delicten.", []),
        ("In 2024 telde de gemeente 31.402 woningen.", []),
    ],
)
def test_a_figure_is_held_against_what_is_published_for_its_year_in_its_words(sentence, verdicts):
    found = list(against(sentence, list(scan(sentence)), PUBLISHED))
    assert [r.verdict for r in found] == verdicts
    assert all(r.recomputed == 31402 for r in found)


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"sex": "female"}, "van vrouwen"),
        ({"age": "18-24"}, "van mensen van 18 tot en met 24 jaar"),
        ({"time_period": "2024-S1"}, "in het eerste half jaar"),
        ({"sex": "male", "age": "18-24"}, "van mannen van 18-24 jaar"),
    ],
)
def test_a_figure_of_a_part_is_held_against_words_that_name_that_part_alone(about, words):
    for said, part, held in [
        ("", {}, 1),
        ("", about, 0),
        (words, about, 1),
        (words, about | {"breakdown": "a=b"}, 0),
    ]:
        sentence = f"In 2024 registreerde de politie 31.402 meldingen van seksuele delicten {said}."
        assert len(list(against(sentence, list(scan(sentence)), PUBLISHED.assign(**part)))) == held, said


def test_what_a_sentence_without_an_end_says_far_away_does_not_count():
    """A table or list of many thousand characters may hold no full stop; it is read in parts."""
    sentence, asked = (
        "in 2024 registreerde de politie 31.402 meldingen van seksuele delicten en ",
        "31.420 meldingen ",
    )
    for before, behind in [(9, 9), (5000, 5000), (5000, 0)]:
        text = f"{'en ' * before}{sentence}{'en ' * behind}{asked}"
        assert len(list(against(text, list(scan(text)), PUBLISHED))) == 1 + (behind < 99), (before, behind)


def test_relations_of_two_paragraphs_are_those_of_each():
    rows = [row[0] for by in SETS["relations"]["planted"].values() for row in by]
    apart = [wanted for text in rows for wanted in found(text)]
    assert Counter(map(str, found("\n\n".join(rows)))) == Counter(map(str, apart))


def test_the_words_of_a_sentence_are_read_once_however_many_figures_stand_in_it(monkeypatch):
    asked, said = [], structure._said
    monkeypatch.setattr(structure, "_said", lambda *of: asked.append(of[1:]) or said(*of))
    pairs = (f"{n} klachten in 2023 tegen {n + 3} klachten in 2024" for n in range(20, 60))
    found(f"Er zijn gemeenten met een gestegen aantal: {' en '.join(pairs)}.")
    assert len(asked) == 1


ROLES = {"share": ("part", "whole"), "ratio": ("ratio",), "repeat": ("earlier",)}
BOX = st.builds(
    lambda value, less, more, *closed: Interval(value, value - less, value + more, *closed),
    st.integers(-20, 5000),
    st.integers(0, 40),
    st.integers(0, 40),
    st.booleans(),
    st.booleans(),
)


@given(st.sampled_from(sorted(set(DATA["formulae"]) - {"sum"})), BOX, BOX)
def test_what_a_relation_works_out_is_what_its_formula_gives_in_a_ledger(formula, one, other):
    boxes = dict(zip(ROLES.get(formula, ("before", "after")), (one, other), strict=False))
    boxes = {role: Interval(b.value, b.lower, b.upper) if b.exact else b for role, b in boxes.items()}
    told = worked(formula, boxes)
    try:
        given_by = evaluate(DATA["formulae"][formula], boxes.__getitem__)
    except NoNumberError:
        assert told is None
        return
    ends = [told.value, told.lower, told.upper, given_by.value, given_by.lower, given_by.upper]
    assert ends[:3] == pytest.approx(ends[3:], rel=1e-9, abs=1e-9)
    if all(b.lower < b.value < b.upper or b.exact for b in boxes.values()):
        assert (told.lower_closed, told.upper_closed) == (given_by.lower_closed, given_by.upper_closed)
