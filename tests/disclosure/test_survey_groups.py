"""A hundred SIMULATED surveys in tables of groups, withheld by the library and attacked by somebody apart from it."""

import math

import numpy as np
import pytest

from osw_stats.shelf.disclosure.hiding import MIN_COUNT, MIN_OPEN, MIN_RESPONDENTS
from osw_stats.shelf.microdata.estimates import prevalence_from_microdata
from osw_stats.shelf.microdata.release import releasable
from tests.disclosure.attackers import open_range
from tests.disclosure.simulated_groups import TABLES, group_of, people, split_by, sums_of

pytestmark = pytest.mark.whole_road  # minutes: a search, without a solver
EACH = 20  # simulated surveys for each of five sets of tables
NUMBERS = ["pct", "se", "lower", "upper", "n", "n_eff", "deff", "clusters", "df"]
LEAST = {"n": MIN_RESPONDENTS, "yes": MIN_COUNT, "no": MIN_COUNT}  # what "complementary" tells of a group


def names_of(tables):
    return list(dict.fromkeys(name for by in tables for name in by))


def small_groups(frame, names, tables):
    """Return the groups, of the tables and their finest cross, that are too small themselves."""
    small = set()
    for by in {*tables, tuple(names)}:
        estimates = prevalence_from_microdata(frame, weight="weight", by=by)
        rare = frame.groupby(list(by) or [0] * len(frame))["osi_12m"].agg(["sum", "size"])
        for row, (yes, n) in zip(estimates.to_dict("records"), rare.to_numpy(), strict=True):
            if row["suppressed"] or min(yes, n - yes) < MIN_COUNT:
                small.add(group_of(names, {k: row[k] for k in by}))
    return small


def attack(true, equations, codes, small):
    """Return what he recovers of withheld groups: how many took part, how many said yes or no, or the share."""
    hidden = [g for g in true if codes.get(g, "unpublished")]
    shown = {g: true[g]["wy"] for g in true if g not in hidden}
    sizes = {g: true[g]["w"] for g in hidden}
    recovered = _counts(true, equations, codes, hidden)
    for group in sorted(small & set(hidden), key=str):
        low, high = open_range(group, shown, dict.fromkeys(hidden, 0), sizes, equations)
        if (high - low) < MIN_OPEN * sizes[group] * (1 - 1e-6):
            recovered.append((group, "share", float(low), float(high)))
    return recovered


def _counts(true, equations, codes, hidden):
    """Attack respondents, those who said yes and those who said no, each over the published groups.

    Groups that no table shows add nothing: whatever the margins are, some numbers from zero up fit them.
    """
    hidden = [g for g in hidden if g in codes]
    equations = [(total, parts) for total, parts in equations if {total, *parts} <= set(codes)]
    recovered = []
    for what, least in LEAST.items():
        figures = {g: (true[g] | {"no": true[g]["n"] - true[g]["yes"]})[what] for g in codes}
        lower = {g: least * (codes[g] == "complementary") for g in hidden}
        shown = {g: n for g, n in figures.items() if g not in lower}
        for group in sorted(lower, key=str):
            low, high = open_range(group, shown, lower, {}, equations)
            n, small = figures[group], range(1, MIN_COUNT)
            if high is not None and math.ceil(low) == math.floor(high):
                recovered.append((group, what, n))
            elif n in small and (low > 1 or (high is not None and high < MIN_COUNT - 1)):
                recovered.append((group, what, n, low, high))
    return recovered


def released(frame, tables):
    """Return the code of every group of the tables, from what the library would publish."""
    names = names_of(tables)
    table = releasable(frame, weight="weight", tables=tables)
    hidden = table["suppressed"]
    assert table.loc[hidden, NUMBERS].isna().all(axis=None)
    assert table.loc[~hidden, ["pct", "n"]].notna().all(axis=None)
    return {group_of(names, row): row["suppression_reason"] for row in table.to_dict("records")}


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
        true, equations = sums_of(names_of(tables), tables, frame)
        small = small_groups(frame, names_of(tables), tables)
        codes = released(frame, tables)
        assert not [g for g in small & set(codes) if not codes[g]]
        assert attack(true, equations, codes, small) == []


@pytest.mark.parametrize("name", TABLES)
def test_he_recovers_groups_where_only_the_small_ones_are_withheld(name):
    """What the complementary rule guards against does happen without it."""
    tables, recovered = TABLES[name], 0
    for frame in surveys(name, 10):
        true, equations = sums_of(names_of(tables), tables, frame)
        small = small_groups(frame, names_of(tables), tables)
        shown = {g for g in true if split_by(names_of(tables), g) in tables}
        careless = {g: "confidential" if g in small else "" for g in shown}
        recovered += bool(attack(true, equations, careless, small))
    assert recovered >= 3, recovered
