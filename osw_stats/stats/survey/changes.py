"""Differences between waves and between groups: one tested family; the others have limits and no verdict."""

import math
from itertools import combinations, pairwise, product

import pandas as pd
from scipy import stats

from osw_stats.errors import InputError, NotAskedError, NotEstimableError
from osw_stats.meaning.definitions import Bridge, require_same
from osw_stats.meaning.lookup import only
from osw_stats.meaning.observations import records
from osw_stats.stats.survey import Row, ends, ids_of
from osw_stats.stats.survey.comparing import adjust, detectable, difference, newcombe_p, p_range
from osw_stats.stats.survey.contracts import columns
from osw_stats.stats.survey.groups import EVERYONE, disjoint, label, leaves, size
from osw_stats.stats.survey.intervals import Range
from osw_stats.stats.survey.margins import DesignEffect
from osw_stats.stats.survey.prevalence import published_respondents

ANNOUNCED = "F1"  # the confirmatory family, tested by Holm: changes of the whole population between waves
CELL = ("wave", "sex", "age")  # the key of a cell


def differences(
    prev_estimates: pd.DataFrame,
    *,
    alpha: float,
    bridge: Bridge | None = None,
    errors: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the table `prev_differences`: differences between cells with an effective n, one family tested."""
    # Families: F1 changes of the whole population, F2 changes of groups (between consecutive waves, and from
    # first to last), F3 contrasts of disjoint groups by sex or by age within the last wave; a group is never
    # compared with one that contains it. `bridge` is the reason to compare waves of different definitions;
    # without it they raise DefinitionMismatchError. `errors` holds the design-based errors of estimates from
    # answers (`shelf.answers`).
    # F1 was specified beforehand and is tested by Holm; its limits are at the level that Holm's test assigns
    # to each difference, so they exclude no change exactly where `p_adj` is below alpha. The others are
    # exploratory. `robust_to_rounding`: `p_adj` is below alpha for all values before rounding.
    cells = prev_estimates[prev_estimates["n_eff"].notna() & prev_estimates["pct"].notna()]
    defined = {"unit": "unit_measure", "definition_version": "definition_id"}
    require_same(cells.rename(columns=defined), bridge)
    keys = [f"{name}_{end}" for end in ("from", "to") for name in CELL]
    known = {} if errors is None else {tuple(r[name] for name in keys): r for r in records(errors)}
    rows = []
    for family, pairs in _families(records(cells)).items():
        design_errors = [known.get(tuple(cell[name] for cell in pair for name in CELL)) for pair in pairs]
        tests = [_test(*pair, error) for pair, error in zip(pairs, design_errors, strict=True)]
        announced, p_adj, p_worst = family == ANNOUNCED, [math.nan] * len(pairs), [math.nan] * len(pairs)
        if announced:
            p_adj, p_worst = (adjust([test[k] for test in tests], "holm") for k in (0, 1))
        for pair, error, (p, _), adjusted, worst in zip(
            pairs, design_errors, tests, p_adj, p_worst, strict=True
        ):
            # the fraction of alpha that the adjustment leaves to this difference
            left = p / adjusted if announced and adjusted > 0 else 1 / len(pairs) if announced else 1.0
            row = _contrast(*pair, error, alpha * left, alpha)
            row["method"] += f"; Holm over {len(pairs)}" if announced else "; exploratory, not tested"
            row |= {"family": family, "p_raw": p, "p_adj": adjusted, "finding": adjusted < alpha}
            rows.append(row | {"robust_to_rounding": worst < alpha})
    table = pd.DataFrame(rows, columns=columns("prev_differences"))
    # the bridge is stated where different definitions are compared
    table.attrs["bridge"] = bridge if len(table) and not table["same_definition"].all() else None
    return table


def _families(cells: list[Row]) -> dict[str, list[tuple[Row, Row]]]:
    at = {(c["sex"], c["age"], c["wave"]): c for c in cells}
    last = max((c["wave"] for c in cells), default="")
    pairs: dict[str, list[tuple[Row, Row]]] = {"F1": [], "F2": []}
    for group in sorted({key[:2] for key in at}):
        waves = sorted(wave for *other, wave in at if tuple(other) == group)
        # consecutive waves, and the first with the last
        steps = [*pairwise(waves), *([(waves[0], waves[-1])] if len(waves) > 2 else [])]
        pairs["F1" if group == EVERYONE else "F2"] += [(at[*group, w], at[*group, v]) for w, v in steps]
    contrasts = combinations(leaves(sorted(key[:2] for key in at if key[2] == last)), 2)
    comparable = [(a, b) for a, b in contrasts if (a[0] == b[0] or a[1] == b[1]) and disjoint(a, b)]
    return pairs | {"F3": [(at[*a, last], at[*b, last]) for a, b in comparable]}


def _shares(a: Row, b: Row) -> tuple[float, float, float, float]:
    return a["pct"] / 100, a["n_eff"], b["pct"] / 100, b["n_eff"]


def _test(a: Row, b: Row, error: Row | None) -> tuple[float, float]:
    """Return p, and the largest p under rounding at the smallest effective n that published limits imply."""
    if error is not None:  # the design-based error of the difference
        usable = error["df"] > 0 and error["se"] > 0
        p = 2 * float(stats.t.sf(abs(b["pct"] - a["pct"]) / error["se"], error["df"])) if usable else math.nan
        return p, p
    least = [c["n_eff_min" if c["source_of_interval"] == "published" else "n_eff"] for c in (a, b)]
    boxes = [(c["box_lower"] / 100, c["box_upper"] / 100) for c in (a, b)]
    return newcombe_p(*_shares(a, b)), p_range(boxes[0], (least[0],) * 2, boxes[1], (least[1],) * 2)[1]


def _contrast(a: Row, b: Row, error: Row | None, level: float, alpha: float) -> Row:
    """Return a difference with limits at 1 - `level`; `alpha` is the level of the detectable difference."""
    d, df = difference(*_shares(a, b), alpha=level), math.inf
    row: Row = {"diff": 100 * d.diff, "lower": 100 * d.lower, "upper": 100 * d.upper, "ratio": d.ratio}
    row |= ends("ratio", d.ratio_lower, d.ratio_upper) | {"z": d.z if math.isfinite(d.z) else math.nan}
    row["method"] = "Newcombe limits and the test that belongs to them"
    if error is not None:
        df, se = error["df"], error["se"]
        half = float(stats.t.isf(level / 2, df)) * se if df > 0 and se > 0 else math.nan
        row |= {"lower": row["diff"] - half, "upper": row["diff"] + half}
        # no ratio: its error is not that of the difference
        row |= {"z": row["diff"] / se if se else math.nan} | {
            "ratio": math.nan,
            **ends("ratio", math.nan, math.nan),
        }
        row["method"] = f"Student limits and test on the design-based error, {df:.0f} degrees of freedom"
    same_group, same_definition = (a[c] == b[c] for c in ("group", "definition_version"))
    waves = f"{a['group']}: {a['wave']} to {b['wave']}"
    row["contrast"] = waves if same_group else f"{a['group']} to {b['group']}"
    p1, n1, p2, n2 = _shares(a, b)
    row["mdd80"] = 100 * detectable(p1, n1, n2, alpha=alpha, upward=p2 >= p1, df=max(df, 1))
    for end, cell in (("from", a), ("to", b)):
        row |= {f"{name}_{end}": cell[name] for name in ("wave", "group", "pct")}
    kinds = [cell["interval_kind"] for cell in (a, b)]
    kind = next((k for k in ("assumed", "implied") if k in kinds), kinds[1])
    # the weaker grade; a bridge between definitions is a further assumption
    weaker = str(max(a["grade"], b["grade"]))
    row["grade"] = weaker if same_definition else {"A": "B"}.get(weaker, "C")
    row["observations"] = ids_of(a, b)
    return row | {"unit": "percentage_points", "interval_kind": kind, "same_definition": same_definition}


def since_first(prev_differences: pd.DataFrame) -> Row:
    """Return the change in the whole population from the first wave to the last."""
    rows, waves = _tested_family(prev_differences)
    if len(waves) < 2:
        raise NotEstimableError("a change needs two waves with a margin")
    return only(rows, "prev_differences", wave_from=waves[0], wave_to=waves[-1])


def last_steps(prev_differences: pd.DataFrame) -> tuple[Row, Row]:
    """Return the last two changes in the whole population between consecutive waves."""
    rows, waves = _tested_family(prev_differences)
    if len(waves) < 3:
        raise NotAskedError("Two changes need three waves with a margin.")
    steps = (only(rows, "prev_differences", wave_from=a, wave_to=b) for a, b in pairwise(waves[-3:]))
    return next(steps), next(steps)


def _tested_family(prev_differences: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    rows = prev_differences[prev_differences["family"] == "F1"]
    return rows, sorted({*rows["wave_from"], *rows["wave_to"]})


def group_changes(
    prev_estimates: pd.DataFrame,
    observations: pd.DataFrame,
    *,
    deff: DesignEffect,
    allocation: Range,
    alpha: float,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return `prev_group_changes` and `prev_p_strip`: p-values of changes in groups without a margin."""
    # A group is assumed to have its share of the population among the respondents, times its relative response
    # (`allocation`, around 1). The p-value of the published change is given over every design effect,
    # allocation and rounding; that range decides whether a change is more than chance, never the detectable
    # difference.
    if not 0 < allocation[0] <= 1 <= allocation[1] < math.inf:
        remedy = "Give a range of factors around 1."
        raise InputError("is no range of taking part", remedy, column="allocation", value=allocation)
    unmeasured = prev_estimates[prev_estimates["n_eff"].isna() & ~prev_estimates["suppressed"].astype(bool)]
    unmeasured = unmeasured[unmeasured["box_lower"].notna()]  # a figure without a range cannot be compared
    respondents = published_respondents(observations)
    approach = f"respondents shared out by population, {deff.basis} design effect {deff.value:g}"
    rows: list[Row] = []
    strip: list[Row] = []
    for (sex, age), waves in unmeasured.groupby(["sex", "age"]):
        group, cells = (str(sex), str(age)), records(waves.sort_values("wave"))
        first, last, sizes, used = cells[0], cells[-1], [], [cells[0], cells[-1]]
        for cell in (first, last) if len(cells) > 1 else ():
            total = respondents.get((cell["wave"], *EVERYONE))
            part, whole = (size(observations, cell["wave"], g) for g in (group, EVERYONE))
            if total is not None and part is not None and whole is not None:
                sizes.append(total["obs_value"] * part.value / whole.value)  # among the respondents
                used.append({"observations": " ".join(part.observations)})
        if len(sizes) < 2:
            continue
        fields = {"group": label(group), "sex": sex, "age": age, "grade": "C", "interval_kind": "scenario"}
        fields |= {"wave_from": first["wave"], "wave_to": last["wave"], "method": approach}
        fields |= {"observations": ids_of(*used)}
        tests = _strip(first, last, sizes, deff, allocation)
        strip += [fields | cell for cell in tests]
        low, high = last["box_lower"] - first["box_upper"], last["box_upper"] - first["box_lower"]
        row = fields | {"change_lower": low, "change_upper": high, "unit": "percentage_points"}
        for end, cell, n in (("from", first, sizes[0]), ("to", last, sizes[1])):
            row |= ends(end, cell["box_lower"], cell["box_upper"]) | {f"n_eff_{end}": n / deff.value}
        p = [cell["p"] for cell in tests]
        row |= {"p": next(cell["p"] for cell in tests if cell["primary"]), "p_low": min(p), "p_high": max(p)}
        middle, upward = (first["box_lower"] + first["box_upper"]) / 200, low + high > 0
        names, factors = ("mdd80_low", "mdd80", "mdd80_high"), (allocation[1], 1, allocation[0])
        for name, d, f in zip(names, deff.steps, factors, strict=True):
            row[name] = 100 * detectable(middle, *(n * f / d for n in sizes), alpha=alpha, upward=upward)
        rows.append(row)
    table = pd.DataFrame(rows, columns=columns("prev_group_changes"))
    return table, pd.DataFrame(strip, columns=columns("prev_p_strip"))


def _strip(first: Row, last: Row, sizes: list[float], deff: DesignEffect, allocation: Range) -> list[Row]:
    """Return the p-value of a change under every design effect, allocation and rounding."""
    boxes = [(cell["box_lower"] / 100, cell["box_upper"] / 100) for cell in (first, last)]
    middles = [(low + high) / 2 for low, high in boxes]
    rows = []
    for d, part in product(deff.steps, (allocation[0], 1.0, allocation[1])):
        n1, n2 = (n * part / d for n in sizes)
        farthest, nearest = p_range(boxes[0], (n1, n1), boxes[1], (n2, n2))
        printed = newcombe_p(middles[0], n1, middles[1], n2)
        by_rounding = {"nearest": nearest, "printed": printed, "farthest": farthest}
        for rounding, p in by_rounding.items():
            primary = (d, part, rounding) == (deff.value, 1.0, "printed")
            varied = {"deff": d, "allocation": part, "rounding": rounding, "primary": primary}
            rows.append(varied | {"p": p})
    return rows
