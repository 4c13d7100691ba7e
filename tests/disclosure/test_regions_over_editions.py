"""SIMULATED tables of regions, of two levels and two editions, attacked by somebody who knows which region lies in which."""

import os

import numpy as np
import pandas as pd
import pytest

from osw_stats.errors import InputError
from osw_stats.shelf.disclosure import protect
from osw_stats.shelf.disclosure.hiding import MIN_COUNT, GivenAwayError
from osw_stats.shelf.regions import treat
from tests.cases import beside
from tests.disclosure.attackers import FAR, TELLS, recovered

MANY = int(os.environ.get("OSW_ATTACKS", "60"))
ORDERS = beside(__file__)["orders"]
LEVELS = {"part": "other", "police": "other"}


def country(rng):
    """Return the counts of all regions by level, and which towns each region is made of; some people lie in none.

    Police regions do not heed the borders of provinces.
    """
    provinces = [f"PV{20 + at}" for at in range(int(rng.integers(2, 4)))]
    of = {f"GM{p[2:]}0{at}": p for p in provinces for at in range(int(rng.integers(2, 4)))}
    draw = [0, 0, 1, 2, 3, 4, 6, 9, 15, 30]
    towns = {town: int(rng.choice(draw)) for town in of}
    police = {town: f"RE0{at % 2 + 1}" for at, town in enumerate(rng.permutation(list(of)))}
    kinds = {"province": provinces, "police": ["RE01", "RE02"], "part": ["LD01"]}
    made = {r: [t for t in of if r in (of[t], police[t], "LD01")] for some in kinds.values() for r in some}
    levels = {k: {r: sum(map(towns.get, made[r])) for r in some} for k, some in kinds.items()}
    rest = int(rng.choice([0, 0, 2, 12]))  # in no region, as the country's total has it
    return levels | {"municipality": towns, "nation": {"NL": sum(towns.values()) + rest}}, made


def edition(levels, kinds):
    rows = [(r, LEVELS.get(kind, kind), 2024, float(n)) for kind in kinds for r, n in levels[kind].items()]
    return pd.DataFrame(rows, columns=["region", "level", "year", "count"])


def narrowed(levels, of, told):
    """Return what follows of hidden regions from all that was told, oldest first: exact numbers, and narrowed small ones."""
    true = {region: n for kind in levels.values() for region, n in kind.items()}
    true["nowhere"] = rest = true["NL"] - true["LD01"]
    shown, codes = {} if 0 < rest < MIN_COUNT else {"nowhere": rest}, {}  # the publisher's table has it
    for table in told:
        # a level without a count may have been left out as a whole, zeros and all
        whole = table.groupby("level")["hidden"].transform("all")
        table = table.assign(suppression_reason=table["suppression_reason"].mask(whole, "left out"))
        for region, n, code in zip(table["region"], table["count"], table["suppression_reason"], strict=True):
            if code == "":
                shown[region] = int(n)
            elif codes.get(region) in (None, "left out") or code not in ("left out", "confidential"):
                codes[region] = code
    hidden = set(true) - set(shown)
    sums = [*of.items(), ("LD01", list(levels["province"]))]
    sums += [("NL", [*levels[kind], "nowhere"]) for kind in ("province", "police")]
    limits = {region: TELLS[codes[region]] if region in codes else (0, FAR) for region in hidden}
    # zero is nobody, and a large count of a level that was left out as a whole is no secret
    secret = {r for r in set(codes) & hidden if true[r] and (true[r] < MIN_COUNT or codes[r] != "left out")}
    return recovered(true, shown, secret, sums, limits)


@pytest.mark.parametrize("known", [True, False], ids=["levels joined", "levels not joined"])
@pytest.mark.parametrize("order", ORDERS)
def test_no_region_follows_from_levels_and_editions_together(order, known):
    rng, hidden, shown = np.random.default_rng([20261129, *map(ord, order)]), 0, 0
    for _ in range(max(10, MANY // 6)):  # of fewer countries some orders of editions have nothing to hide
        levels, of = country(rng)
        pairs = [(2024, town, region) for region, towns in of.items() for town in towns]
        within = pd.DataFrame(pairs, columns=["year", "region", "within"])
        tables = [edition(levels, kinds) for kinds in ORDERS[order]]
        told = [treat(t, tables[:at], within if known else None) for at, t in enumerate(tables)]
        assert narrowed(levels, of, told) == {}
        for table in told:
            assert not table["count"].between(1, MIN_COUNT - 1).any()
            hidden, shown = hidden + table["hidden"].sum(), shown + (~table["hidden"]).sum()
    assert shown > hidden / 8 > 0, (shown, hidden)


def test_each_edition_by_itself_gives_regions_away():
    rng, given_away = np.random.default_rng(20261129), 0
    for _ in range(20):
        levels, of = country(rng)
        told = [treat(edition(levels, [kind])) for kind in ("province", "municipality")]
        given_away += narrowed(levels, of, told) != {}
    assert given_away > 5


def test_what_earlier_editions_told_is_refused_with_the_cell_where_nothing_protects_it():
    first = pd.DataFrame({"region": ["GM1", "GM2"], "count": [60, 57]})
    now = first.assign(count=[3, 57])  # revised; the province is in the publisher's table
    within = pd.DataFrame({"region": ["GM1", "GM2"], "within": "PV20"})
    with pytest.raises(GivenAwayError, match=r'"GM1".*what is public already gives it away'):
        protect(now, ["region"], within=within, earlier=[first])


def test_a_rest_that_is_small_is_a_cell_like_any_other():
    """Three people in no region follow from the country less its regions: one region goes along."""
    table = pd.DataFrame({"region": ["PV20", "PV21", "NL"], "count": [20, 30, 53]})
    assert protect(table, ["region"], total="NL")["suppression_reason"].tolist() == ["complementary", "", ""]
    whole = table.assign(count=[20, 30, 50])
    assert protect(whole, ["region"], total="NL")["suppression_reason"].tolist() == ["", "", ""]


@pytest.mark.parametrize("by", [["sex"], ["year", "sex"], ["year", "sex", "age"]])
def test_a_frame_comes_back_with_its_rows_and_without_small_counts(by):
    rng = np.random.default_rng(len(by))
    values = {"year": [2023, 2024], "sex": ["f", "m", "x"], "age": ["16-17", "18+"]}
    index = pd.MultiIndex.from_product([values[name] for name in by], names=by)
    tables = [pd.DataFrame({"n": rng.choice([2, 8, 40], len(index))}, index).reset_index()]
    for name in by:
        if name != "year":  # those of two years are different people
            tables += [t.assign(**{name: "total"}).groupby(by)["n"].sum().reset_index() for t in tables]
    frame = pd.concat(tables, ignore_index=True)
    safe = protect(frame, by, count="n")
    pd.testing.assert_frame_equal(safe[by], frame[by])
    assert not safe["n"].between(1, MIN_COUNT - 1).any()
    kept = safe["suppression_reason"].eq("")
    assert (safe.loc[kept, "n"] == frame.loc[kept, "n"]).all()
    assert safe.loc[~kept, "n"].isna().all()
    with pytest.raises(InputError, match="occurs twice"):
        protect(pd.concat([frame, frame.head(1)]), by, count="n")
