"""Relations between the figures of a text: those of the made-up sentences, and held against published figures."""

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
from osw_stats.wording.scan import scan
from osw_stats.yamlfile import read_yaml
from tests.cases import table
from tests.conftest import PROJECT
from tests.simulated_figures import figure, frame

HERE = PROJECT / "tests" / "wording"
SETS = ("relations", "relations_unseen", "relations_unseen_2", "relations_unseen_3")
SETS = {name: read_yaml(HERE / f"{name}.yml") for name in SETS}
VARIANTS = read_yaml(HERE / "variants.yml")


def found(text, language="nl"):
    told = relations(text, scan(text, language=language))
    return [[r.relation, r.verdict, r.reported, r.recomputed] for r in told]


def told(text):
    return relations(text, scan(text))


def claims_in(text):
    return [s for s in scan(text) if s.is_claim]


@pytest.mark.parametrize("name", SETS)
def test_the_relations_of_each_sentence_are_those_worked_out_by_hand(name):
    missed = {text for rows in SETS[name].get("missed", {}).values() for text, _ in rows}
    differ = {text: told for text, told, wanted in listed(SETS[name]) if Counter(told) != Counter(wanted)}
    assert differ.keys() == missed, differ


@pytest.mark.parametrize("language", VARIANTS)
def test_however_a_relation_is_printed_it_is_found_and_fits(language):
    verdicts = {text: {verdict for _, verdict, *_ in found(text, language)} for text in VARIANTS[language]}
    assert {text for text, told in verdicts.items() if not told or "inconsistent" in told} == set()


@table(__file__, "floors", "name planted alarms")
def test_planted_errors_are_told_and_figures_that_contradict_nothing_are_left_alone(name, planted, alarms):
    rows = list(filled(read_yaml(HERE / f"{name}.yml")))
    errors = [row for row in rows if row[2] and row[2][0][1] == "inconsistent"]
    missed = [text for text, told, wanted in errors if told != wanted]
    assert len(errors) - len(missed) >= planted * len(errors), missed
    false = [(text, told) for text, told, wanted in rows if set(told) - set(wanted)]
    assert len(false) <= alarms, false


@table(__file__, "sides", "language sentence fractions hedges")
@given(st.data(), st.integers(1, 99))
def test_a_hedged_fraction_is_wrong_on_the_other_side_alone(
    language, sentence, fractions, hedges, data, printed
):
    fraction, way = data.draw(st.sampled_from(list(fractions))), data.draw(st.integers(0, 3))
    off = (printed - fractions[fraction]) * (-1) ** way  # how far on the side of the words
    text = sentence.format(f"{data.draw(st.sampled_from(hedges[way]))} {fraction}", printed)
    told = [(r.verdict, r.sure) for r in relations(text, scan(text, language=language))]
    if 0 <= off <= min(10, fractions[fraction] / 2):
        assert told == [("consistent_within_rounding", "high")], text
    elif off > 0:
        assert "inconsistent" not in dict(told) or (way > 1 and told == [("inconsistent", "low")]), text
    elif off < -1:
        assert told in ([], [("inconsistent", "high")]), text


def test_signs_begin_with_the_first_word_of_a_text_and_stop_at_its_first_stop():
    text = "Van de 66. Er zijn 264 zaken."
    assert ["".join(block.signs) for block in blocks(text, list(scan(text)), ())] == ["Fn|_n_"]


@pytest.mark.parametrize("total", range(4980, 5050, 10))
def test_counts_to_the_ten_leave_open_five_on_each_side(total):
    """Two parts of 2,340 and 2,670 are 5,000 to 5,020 together; a total is itself within five."""
    text = f"Het meldpunt kreeg {total // 1000}.{total % 1000:03} meldingen: 2.340 over beelden en 2.670 over berichten."
    word = "consistent_within_rounding" if 5000 <= total <= 5020 else "inconsistent"
    assert found(text) == [["sum", word, total, 5010]]
    more = found(text.replace(text.split()[3], "5.000").replace("2.340", "2.350"))  # 5,010 to 5,030
    assert more == [["sum", "inconsistent", 5000, 5020]]


PRINTED = {"publisher": "Politie", "as_reported": "31.402", "lower_closed": True, "upper_closed": True}
PUBLISHED = frame(figure("police_reports", "2024", 31402.0, **PRINTED))
HELD = "In 2024 registreerde de politie 31.402 meldingen van seksuele delicten"


def held(sentence, published=PUBLISHED):
    return list(against(sentence, list(scan(sentence)), published))


@table(__file__, "held", "sentence verdicts")
def test_a_figure_is_held_against_what_is_published_for_its_year_in_its_words(sentence, verdicts):
    told = held(f"{sentence}.")
    assert [r.verdict for r in told] == verdicts
    assert all(r.recomputed == 31402 for r in told)
    for words, rows in (("31.402", PUBLISHED), ("31,402", PUBLISHED.assign(as_reported=""))):
        formula = f"[police_reports/2024] Politie, 2024: “{words}” meldingen bij de politie"
        assert {r.formula for r in held(f"{sentence}.", rows)} <= {formula}


@pytest.mark.parametrize("first", [0, 1])
def test_a_figure_is_held_against_the_source_that_counts_and_not_a_rounded_one_beside_it(first):
    beside = PUBLISHED.assign(obs_value=31000.0, lower=30500.0, upper=31500.0, role="alternative")
    rows = pd.concat([PUBLISHED, beside][:: 1 - 2 * first])
    for said in (31402, 31420, 31204):
        (told,) = held(f"{HELD.replace('31.402', str(said))}.", rows)
        assert (told.verdict, told.recomputed) == ("reproduced" if said == 31402 else "inconsistent", 31402)


@table(__file__, "parts_of_people", "about words")
def test_a_figure_of_a_part_is_held_against_words_that_name_that_part_alone(about, words):
    asked = [(HELD, {}, 1), (HELD, about, 0), (f"{HELD} {words}", about, 1)]
    for said, part, times in (*asked, (f"{HELD} {words}", about | {"breakdown": "a=b"}, 0)):
        assert len(held(f"{said}.", PUBLISHED.assign(**part))) == times, said


def test_what_a_sentence_without_an_end_says_far_away_does_not_count():
    """A table or list of many thousand characters may hold no full stop; it is read in parts."""
    for before, behind in [(9, 9), (5000, 5000), (5000, 0)]:
        text = f"{'en ' * before}{HELD} en {'en ' * behind}31.420 meldingen "
        assert len(held(text)) == 1 + (behind < 99), (before, behind)


def test_relations_of_two_paragraphs_are_those_of_each():
    rows = [row[0] for by in SETS["relations"]["planted"].values() for row in by]
    apart = [wanted for text in rows for wanted in found(text)]
    assert Counter(map(str, found("\n\n".join(rows)))) == Counter(map(str, apart))


def test_the_words_of_a_sentence_are_read_once_however_many_figures_stand_in_it(monkeypatch):
    calls, stated_ways = [], structure._stated_ways
    monkeypatch.setattr(structure, "_stated_ways", lambda *args: calls.append(args[1:]) or stated_ways(*args))
    pairs = (f"{n} klachten in 2023 tegen {n + 3} klachten in 2024" for n in range(20, 60))
    found(f"Er zijn gemeenten met een gestegen aantal: {' en '.join(pairs)}.")
    assert len(calls) == 1


ROLES = {"share": ("part", "whole"), "ratio": ("ratio",), "repeat": ("earlier",)}
BOX = st.tuples(st.integers(-20, 5000), *[st.integers(0, 40)] * 2, *[st.booleans()] * 2).map(
    lambda b: Interval(b[0], b[0] - b[1], b[0] + b[2], *b[3:])
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
