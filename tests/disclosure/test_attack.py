"""More than five hundred SIMULATED tables, hidden by the library and attacked by somebody who does not know it."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from osw_stats.errors import InputError
from osw_stats.shelf import disclosure
from osw_stats.shelf.disclosure.counts import protect
from osw_stats.shelf.disclosure.hiding import MIN_COUNT
from tests.cases import beside
from tests.disclosure.attackers import FAR, TELLS, Attacker, recovered

EDITIONS = 200  # pairs of them
ROWS = beside(__file__)["one_after_another"]


def crossed(rng, rows, columns):
    """Return figures and equations of a table with all totals."""
    r, c = [f"r{i}" for i in range(rows)], [f"c{i}" for i in range(columns)]
    figures = {(a, b): int(rng.negative_binomial(0.8, 0.8 / 6.8)) for a, b in product(r, c)}  # six on average
    figures |= {(a, "all"): sum(figures[a, b] for b in c) for a in r}
    figures |= {("all", b): sum(figures[a, b] for a in r) for b in [*c, "all"]}
    equations = [((a, "all"), [(a, b) for b in c]) for a in [*r, "all"]]
    equations += [(("all", b), [(a, b) for a in r]) for b in [*c, "all"]]
    return figures, equations


def two_ways(rng):
    """Return the tables region x sex, region x age and sex x age of the same people: linked through the cells."""
    axes = [["r0", "r1"], ["s0", "s1"], ["a0", "a1"]]
    figures = {cell: int(rng.poisson(rng.choice([0.7, 3.0, 12.0]))) for cell in product(*axes)}

    def along(key, i):
        return [(*key[:i], part, *key[i + 1 :]) for part in axes[i]]

    # totals over one axis after the other, those over the axes before among them
    for i, axis in enumerate(axes):
        for key in [key for key in figures if key[i] == axis[0]]:
            figures[(*key[:i], "all", *key[i + 1 :])] = sum(figures[part] for part in along(key, i))
    return figures, [(key, along(key, i)) for key in figures for i in range(3) if key[i] == "all"]


def editions(rng):
    """Return a first edition (three groups), a second that splits one of them, their sums and that split; the same people."""
    groups = {f"g{i}": int(rng.integers(0, 14)) for i in range(3)}
    part = int(rng.integers(0, groups["g0"] + 1))
    fine = {"g1": groups["g1"], "g2": groups["g2"], "g0.0": part, "g0.1": groups["g0"] - part}
    whole = {"all": sum(groups.values())}
    return groups | whole, fine | whole, ("all", list(groups)), ("all", list(fine)), ("g0", ["g0.0", "g0.1"])


def attack(figures, codes, equations):
    """Return what the attacker recovers of figures that are hidden with these codes, which he reads."""
    shown = {k: n for k, n in figures.items() if not codes[k]}
    limits = {k: TELLS[code] for k, code in codes.items() if code}
    return recovered(figures, shown, set(limits), equations, limits)


def test_the_attacker_is_no_fool():
    """He finds what subtraction gives, what only whole numbers give, and what one hidden cell gives."""
    equations = [("all", ["a", "b", "c"])]
    assert Attacker({"a": 12, "c": 40, "all": 55}, {"b"}, equations).by_subtraction() == {"b": 3}
    two = Attacker({"c": 40, "all": 42}, {"a", "b"}, equations)
    assert two.by_subtraction() == {}
    assert two.candidates("a", 9) == [1]
    assert Attacker({"c": 40, "all": 47}, {"a", "b"}, equations).candidates("a", 9) == [1, 2, 3, 4, 5, 6]


def test_he_recovers_cells_of_a_table_hidden_carelessly():
    """Hiding the small cells alone, as many do, gives most tables away: so the attack below means something."""
    rng, given_away = np.random.default_rng(1), 0
    for _ in range(40):
        figures, equations = crossed(rng, 3, 3)
        careless = {k: "confidential" if 0 < n < MIN_COUNT else "" for k, n in figures.items()}
        given_away += bool(attack(figures, careless, equations))
    assert given_away > 20


@pytest.mark.parametrize("part", range(4))
def test_no_cell_of_a_crossed_table_is_recovered(part):
    rng = np.random.default_rng([20240701, part])
    for _ in range(100):
        figures, equations = crossed(rng, *rng.integers(1, 5, 2))
        reasons, codes = protect(figures, equations)
        assert not [k for k, n in figures.items() if 0 < n < MIN_COUNT and not reasons[k]]
        assert not [k for k, n in figures.items() if n == 0 and reasons[k]]  # zero is nobody
        assert attack(figures, codes, equations) == {}


def test_no_cell_of_linked_tables_is_recovered():
    rng = np.random.default_rng(20240702)
    for _ in range(60):
        figures, equations = two_ways(rng)
        codes = protect(figures, equations)[1]
        assert attack(figures, codes, equations) == {}


def test_codes_of_tables_are_told_only_where_they_give_nothing_away():
    """Told without a second audit, codes give cells of some tables away; with it most tables keep them."""
    rng, given_away, kept, hidden = np.random.default_rng(20240704), 0, 0, 0
    for _ in range(100):
        figures, equations = crossed(rng, *rng.integers(2, 5, 2))
        reasons, codes = protect(figures, equations)
        given_away += bool(attack(figures, reasons, equations))
        assert {k for k, code in codes.items() if code} == {k for k, reason in reasons.items() if reason}
        assert all(code in ("confidential", reasons[k]) for k, code in codes.items())
        hidden += any(reasons.values())
        kept += any(reasons.values()) and "confidential" not in codes.values()
    assert given_away > 10
    assert kept > hidden / 4, (kept, hidden)


def test_no_cell_follows_from_the_difference_of_two_editions():
    """The second edition is hidden with the first in mind; both are attacked together."""
    rng, refused = np.random.default_rng(20240703), 0
    for _ in range(EDITIONS):
        old, new, *equations = editions(rng)
        first, before = protect(old, equations[:1])
        public = [k for k, r in first.items() if not r]
        try:
            reasons, codes = protect(old | new, equations, public=public, earlier=before)
        except InputError as error:
            assert "public already" in str(error)  # nothing is published rather than something given away
            refused += 1
            continue
        assert not [k for k in public if reasons[k]]
        # what was told before is known
        known = before | {k: code for k, code in codes.items() if code != "confidential" or k not in before}
        assert attack(old | new, known, equations) == {}
    assert refused < EDITIONS / 2


def test_the_difference_of_two_editions_gives_cells_away_where_each_is_hidden_alone():
    rng, given_away = np.random.default_rng(20240703), 0
    for _ in range(EDITIONS):
        old, new, *equations = editions(rng)
        first, second = (protect(of, [sums])[0] for of, sums in zip((old, new), equations, strict=False))
        # "all" is shown where either edition shows it
        shown = {k: n for of, why in ((old, first), (new, second)) for k, n in of.items() if not why[k]}
        hidden = (set(old) | set(new)) - set(shown)
        given_away += bool(Attacker(shown, hidden, equations).by_subtraction())
    assert given_away > 10


def frame_of(counts, *names):
    keys = [key if isinstance(key, tuple) else (key,) for key in counts]
    return pd.DataFrame(keys, columns=names).assign(n=list(counts.values()))


@pytest.mark.parametrize("name", ROWS)
def test_no_cell_follows_from_a_table_and_the_ones_before_it(name):
    tables, hidden = ROWS[name]
    *earlier, now = (frame_of(counts, "g") for counts in tables)
    got = disclosure.protect(now, ["g"], count="n", earlier=earlier)
    assert got.loc[got["n"].isna(), "g"].tolist() == hidden


def test_what_lies_in_no_whole_lies_in_the_total():
    within = pd.DataFrame({"g": ["a", "b"], "within": "N"})
    table = frame_of({"a": 30, "b": 20, "N": 50, "Z": 3, "total": 53}, "g")
    codes = disclosure.protect(table, ["g"], count="n", within=within)["suppression_reason"]
    assert codes.tolist() == ["", "complementary", "complementary", "primary", ""]


def test_a_year_without_a_total_hides_nothing_for_that_of_another():
    cells = {("a", 1): 10, ("b", 1): 20, ("all", 1): 30, ("a", 2): 11, ("b", 2): 12}
    assert (
        disclosure.protect(frame_of(cells, "g", "y"), ["g", "y"], count="n", total="all")["n"].notna().all()
    )


def test_no_cell_follows_from_totals_of_which_only_some_are_published():
    """The total of all tells of cells as well where rows and columns have none, and two margins of each other."""
    rng, hidden, refused = np.random.default_rng(20261201), 0, 0
    for _ in range(120):
        figures, equations = crossed(rng, *rng.integers(1, 4, 2))
        kinds = [kind for kind in product((True, False), repeat=2) if rng.random() < 0.6] or [(True, True)]
        told = {k: n for k, n in figures.items() if tuple(label == "all" for label in k) in kinds}
        table = frame_of(told, "r", "c")
        try:
            safe = disclosure.protect(table, ["r", "c"], count="n", total="all")
        except InputError:
            refused += 1
            continue
        codes = dict(zip(told, safe["suppression_reason"], strict=True))
        limits = {k: TELLS[codes[k]] if k in codes else (0, FAR) for k in figures if codes.get(k, "-")}
        shown, secret = {k: n for k, n in told.items() if not codes[k]}, {k for k in codes if codes[k]}
        assert recovered(figures, shown, secret, equations, limits) == {}
        hidden += len(secret)
    assert hidden > 100 > 3 * refused
