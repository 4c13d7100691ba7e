"""A hundred SIMULATED surveys in tables of groups, withheld by the library and attacked by somebody apart from it."""

import math
import os
from functools import partial
from itertools import product

import numpy as np
import pandas as pd
import pytest

from osw_stats.shelf.disclosure.hiding import MIN_COUNT, MIN_OPEN, MIN_RESPONDENTS
from osw_stats.shelf.microdata.estimates import prevalence_from_microdata
from osw_stats.shelf.microdata.release import releasable
from tests.cases import beside
from tests.disclosure.attackers import open_range

pytestmark = pytest.mark.whole_road  # minutes: a search, without a solver
MANY = int(os.environ.get("OSW_ATTACKS", "30"))  # simulated tables in all; `make attack` tries more
EACH = max(2, MANY // 15)  # simulated surveys for each of five sets of tables
GROUPS = {"a": (150, 300), "b": (100, 200), "c": (60, 110), "d": (10, 45)}
HALF = 0.05  # what a printed percentage of one decimal leaves open on each side
NUMBERS = ["pct", "se", "lower", "upper", "n", "n_eff", "deff", "clusters", "df"]
LEAST = {"n": MIN_RESPONDENTS, "yes": MIN_COUNT, "no": MIN_COUNT}  # what "complementary" tells of a group
SEX, AGE, WAVES = ["female", "male", "other"], ["16-17", "18-23", "24+"], ["2022", "2024"]
SIZES = {"female": [60, 150, 400], "male": [12, 30, 60, 150, 400], "other": [0, 1, 3, 8, 15]}
TABLES = {name: [tuple(by) for by in of] for name, of in beside(__file__)["tables"].items()}


def people(rng, *, weighted=True):
    """Return answers in which a few groups are small; weights are whole, so that fractions of them are exact."""
    parts = []
    for wave, sex, age in product(WAVES, SEX, AGE):
        size = int(rng.choice(SIZES[sex])) + 300 * (sex != "other" and age == "24+")
        share = rng.choice([0.02, 0.1, 0.25])
        weight = rng.integers(1, 6, size) if weighted else np.ones(size, dtype=int)
        frame = pd.DataFrame({"weight": weight, "osi_12m": rng.random(size) < share})
        parts.append(frame.assign(wave=wave, sex=sex, age=age))
    return pd.concat(parts, ignore_index=True).astype({"osi_12m": int, "weight": int})


def group_of(names, row):
    """Return the key of a group: a value by name, "total" where it is not split."""
    return tuple(row.get(name, "total") for name in names)


def names_of(tables):
    return list(dict.fromkeys(name for by in tables for name in by))


def truth_of(tables, frame):
    """Return the true numbers of the groups of the tables and of their finest cross, what they add up to, and the small ones."""
    names = names_of(tables)
    true, equations, small = {}, [], set()
    yes, weight = frame["osi_12m"], frame["weight"]
    numbers = frame.assign(n=1, yes=yes, w=weight, wy=weight * yes)
    groups = {by: [] for by in {*tables, tuple(names)}}
    for by, of in groups.items():
        sums = numbers.groupby(list(by) or [0] * len(frame))[["n", "yes", "w", "wy"]].sum()
        estimates = prevalence_from_microdata(frame, weight="weight", by=by).to_dict("records")
        for row, count in zip(estimates, sums.to_dict("records"), strict=True):
            of.append(group_of(names, {name: row[name] for name in by}))
            true[of[-1]] = count
            if row["suppressed"] or min(count["yes"], count["n"] - count["yes"]) < MIN_COUNT:
                small.add(of[-1])
    for coarse, fine in ((a, b) for a in tables for b in groups if set(a) < set(b)):
        parts = {}
        for group in groups[fine]:
            whole = tuple(v if n in coarse else "total" for n, v in zip(names, group, strict=True))
            parts.setdefault(whole, []).append(group)
        equations += list(parts.items())
    return true, equations, small


def attack(true, equations, codes, small):
    """Return what he recovers of withheld groups: how many took part, how many said yes or no, or the share."""
    hidden = [g for g in true if codes.get(g, "unpublished")]
    shown = {g: true[g]["wy"] for g in true if g not in hidden}
    sizes = {g: true[g]["w"] for g in hidden}
    recovered = _counts(true, equations, codes, hidden)
    printed = HALF / 100 * max(numbers["w"] for numbers in true.values())  # a share leaves so much open
    for group in sorted(small & set(hidden), key=str):
        low, high = open_range(group, shown, dict.fromkeys(hidden, 0), sizes, equations)
        if (high - low) < MIN_OPEN * sizes[group] * (1 - 1e-6) - printed:
            recovered.append((group, "share", float(low), float(high)))
    return recovered


def _counts(true, equations, codes, hidden):
    """Attack respondents, those who said yes and those who said no, each over the published groups.

    Yes and no follow from a printed share where everybody weighs the same. Groups that no table shows add nothing:
    whatever the margins are, some numbers from zero up fit them.
    """
    unweighted = all(numbers["w"] == numbers["n"] for numbers in true.values())
    hidden = [g for g in hidden if g in codes]
    equations = [(total, parts) for total, parts in equations if {total, *parts} <= set(codes)]
    recovered = []
    for what, least in LEAST.items() if unweighted else [("n", LEAST["n"])]:
        figures = {g: (true[g] | {"no": true[g]["n"] - true[g]["yes"]})[what] for g in codes}
        lower = {g: least * (codes[g] == "complementary") for g in hidden}
        upper = {}
        for g in set(codes) - set(hidden) if what != "n" else ():
            share = math.floor(1000 * figures[g] / true[g]["n"] + 0.5) / 10
            low, high = (max(0, share + end) * true[g]["n"] / 100 for end in (-HALF, HALF))
            if math.ceil(low - 1e-9) < math.floor(high + 1e-9):
                lower[g], upper[g] = math.ceil(low - 1e-9), math.floor(high + 1e-9)
        shown = {g: n for g, n in figures.items() if g not in lower}
        for group in hidden:
            low, high = open_range(group, shown, lower, upper, equations)
            n, small = figures[group], range(1, MIN_COUNT)
            if high is not None and math.ceil(low) == math.floor(high):
                recovered.append((group, what, n))
            elif n in small and (low > 1 or (high is not None and high < MIN_COUNT - 1)):
                recovered.append((group, what, n, low, high))
    return recovered


def surveys(name, count):
    rng = np.random.default_rng([20261126, *map(ord, name)])
    for at in range(count):
        yield people(rng, weighted=at % 2 == 0)


def test_the_attacker_is_no_fool():
    """He finds what subtraction gives, and how far limits leave a share open."""
    equations = [("all", ["a", "b", "c"])]
    least = dict.fromkeys(("a", "b", "all"), 0)
    assert open_range("a", {"all": 30, "b": 10, "c": 17}, {"a": 0}, {"a": 12}, equations) == (3, 3)
    assert open_range("a", {"all": 30, "c": 17}, {"a": 0, "b": 0}, {"a": 12, "b": 10}, equations) == (3, 12)
    assert open_range("a", {"all": 30, "c": 17}, {"a": 0, "b": 5}, {}, equations) == (0, 8)
    assert open_range("a", {"c": 17}, least, {"a": 12, "b": 10, "all": 60}, equations) == (0, 12)
    assert open_range("a", {"c": 17}, least, {}, equations) == (0, None)


@pytest.mark.parametrize("name", TABLES)
def test_nothing_of_a_withheld_group_is_recovered(name):
    tables = TABLES[name]
    for frame in surveys(name, EACH):
        true, equations, small = truth_of(tables, frame)
        table = releasable(frame, weight="weight", tables=tables)
        hidden, names = table["suppressed"], names_of(tables)
        assert table.loc[hidden, NUMBERS].isna().all(axis=None)
        assert table.loc[~hidden, ["pct", "n"]].notna().all(axis=None)
        codes = {group_of(names, row): row["suppression_reason"] for row in table.to_dict("records")}
        assert not [g for g in small & set(codes) if not codes[g]]
        assert attack(true, equations, codes, small) == []


@pytest.mark.parametrize("name", TABLES)
def test_he_recovers_groups_where_only_the_small_ones_are_withheld(name):
    """What the complementary rule guards against does happen without it."""
    tables, recovered = TABLES[name], 0
    for frame in surveys(name, 10):
        true, equations, small = truth_of(tables, frame)
        of = {g: tuple(n for n, v in zip(names_of(tables), g, strict=True) if v != "total") for g in true}
        careless = {g: "confidential" if g in small else "" for g in true if of[g] in tables}
        recovered += bool(attack(true, equations, careless, small))
    assert recovered >= 3, recovered


def simple_sample(sizes, yes, inhabitants):
    """Return share and effective size of everybody, of a simple sample with one weight a group; arrays broadcast."""
    whole = sum(inhabitants)
    groups = list(zip(inhabitants, sizes, yes, strict=True))
    share = sum(p * y / n for p, n, y in groups) / whole
    score = sum((p / n) ** 2 * (y * (1 - share) ** 2 + (n - y) * share**2) for p, n, y in groups)
    n = sum(sizes)
    return share, share * (1 - share) / (score / whole**2 * n / (n - 1))


def two_digits(size):
    step = 10.0 ** np.maximum(np.floor(np.log10(size)) - 1, 0)
    return np.floor(size / step + 1e-9) * step


def everything_that_fits(table, inhabitants, digits):
    """Return all (respondents, yes) of two withheld groups that would print what the table shows of everybody and others.

    He tries every number there is, for two groups that are withheld: no programme, no search. `digits` of the shares.
    """
    hidden = [g for g in inhabitants if table.loc[g, "suppression_reason"]]
    shown = [g for g in inhabitants if g not in hidden]
    both = int(table.loc["total", "n"] - table.loc[shown, "n"].sum())
    said = {g: table.loc[g, "pct"] / 100 * table.loc[g, "n"] for g in shown}
    fits = []
    for k in range(1, both):
        sizes = [k, both - k, *table.loc[shown, "n"]]
        yes = np.meshgrid(np.arange(k + 1), np.arange(both - k + 1), indexing="ij")
        people_of = [inhabitants[g] for g in (*hidden, *shown)]
        share, size = simple_sample(sizes, [*yes, *said.values()], people_of)
        half = 0.5 * 10.0**-digits
        slack = half * (1 + sum(inhabitants[g] for g in shown) / sum(inhabitants.values())) + 1e-9
        fit = abs(100 * share - table.loc["total", "pct"]) <= slack
        if digits == 1:
            # the shown shares are open a little themselves, so the size is held against its neighbours as well
            low, high = (two_digits(size * (1 + way * 0.005)) for way in (-1, 1))
            fit &= (low <= table.loc["total", "n_eff"]) & (high >= table.loc["total", "n_eff"])
        fits += [(k, both - k, int(a), int(b)) for a, b in np.argwhere(fit)]
    return hidden, np.array(fits)


def two_withheld(rng, release):
    """Yield SIMULATED answers of four groups, two of them withheld, everybody in one of the same weight; people; table."""
    for _ in range(max(6, MANY // 6)):
        size = {g: int(rng.integers(*ends)) for g, ends in GROUPS.items()}
        inhabitants, parts = {g: float(rng.integers(50_000, 900_000)) for g in size}, []
        for g, n in size.items():
            said_yes = rng.random(n) < rng.uniform(0.1, 0.35)
            parts.append(pd.DataFrame({"grp": g, "w": inhabitants[g] / n, "osi_12m": said_yes.astype(int)}))
        frame = pd.concat(parts, ignore_index=True)
        table = release(frame).set_index("grp")
        if table["suppression_reason"].ne("").sum() == 2:
            yield frame, inhabitants, table


def test_no_group_is_recovered_where_everybody_in_it_weighs_the_same():
    """Respondents, shares, inhabitants and effective sizes together, in the digits that are printed."""
    release = partial(releasable, weight="w", tables=[(), ("grp",)])
    tried = 0
    for frame, inhabitants, table in two_withheld(np.random.default_rng(20261129), release):
        hidden, fits = everything_that_fits(table, inhabitants, 1)
        for at, group in enumerate(hidden):
            answers = frame.loc[frame["grp"] == group, "osi_12m"]
            n, yes = fits[:, at], fits[:, 2 + at]
            true = {"n": (n, len(answers)), "yes": (yes, answers.sum()), "no": (n - yes, (1 - answers).sum())}
            for what, (numbers, number) in true.items():
                assert number in numbers
                assert len(set(numbers)) > 1, (group, what)
                assert not 0 < number < MIN_COUNT or set(range(1, MIN_COUNT)) <= set(numbers), (group, what)
            if table.loc[group, "suppression_reason"] == "primary":
                assert (yes / n).max() - (yes / n).min() >= MIN_OPEN
            tried += 1
    assert tried >= MANY // 12


def test_he_recovers_groups_from_all_digits():
    """What rounding guards against does happen without it: shares of twelve digits give nearly every group away."""

    def careless(frame):
        tables = [prevalence_from_microdata(frame, weight="w", by=by) for by in ((), ("grp",))]
        table = pd.concat([tables[0].assign(grp="total"), tables[1]], ignore_index=True)
        two = table["n"].rank() <= 2
        return table.assign(suppression_reason=np.where(two, "confidential", ""))

    found = tried = 0
    for frame, inhabitants, table in two_withheld(np.random.default_rng(20261130), careless):
        hidden, fits = everything_that_fits(table, inhabitants, 10)
        sizes = [(frame["grp"] == g).sum() for g in hidden]
        yes = [frame.loc[frame["grp"] == g, "osi_12m"].sum() for g in hidden]
        tried, found = tried + 1, found + (fits.tolist() == [[*sizes, *yes]])
    assert found > tried / 2, (found, tried)
