"""Differences between waves and between groups: one family that is tested, the rest with limits and no verdict."""

import math
from dataclasses import dataclass
from itertools import combinations, pairwise, product

import pandas as pd
from scipy import stats

from osw_stats.errors import InputError, NotAskedError, NotEstimableError
from osw_stats.meaning.definitions import Bridge, require_same
from osw_stats.meaning.lookup import only
from osw_stats.meaning.observations import records
from osw_stats.stats.survey import Row, ends
from osw_stats.stats.survey.comparing import adjust, detectable, difference, newcombe_p, p_range
from osw_stats.stats.survey.contracts import columns
from osw_stats.stats.survey.groups import EVERYONE, disjoint, label, leaves, size
from osw_stats.stats.survey.intervals import Range
from osw_stats.stats.survey.margins import DesignEffect
from osw_stats.stats.survey.prevalence import published_respondents

ANNOUNCED = "F1"  # the family that is tested, by Holm: changes of the whole population from wave to wave
CELL = ("wave", "sex", "age")  # what names one
ROUNDINGS = ("nearest", "printed", "farthest")


def differences(
    prev_estimates: pd.DataFrame,
    *,
    alpha: float,
    bridge: Bridge | None = None,
    errors: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the table `prev_differences`: limits of differences between cells with an effective n, one family tested."""
    # Families: F1 changes of the whole population, F2 changes of groups (from each wave they have to the
    # next, and from first to last), F3 contrasts of groups apart in sex or in age within the last wave; a
    # group is never compared with one that holds it. `bridge` says why waves of different definitions may be
    # compared, which raises DefinitionMismatchError without. `errors` holds the design-based errors of
    # estimates from answers (`shelf.answers`).
    # F1 was announced and is tested, by Holm; its limits stand at the level that Holm's test leaves to each
    # difference, so that they leave out no change exactly where `p_adj` lies below alpha. The others are
    # exploratory. `robust_to_rounding`: `p_adj` stays below alpha wherever the digits before rounding lay.
    cells = prev_estimates[prev_estimates["n_eff"].notna() & prev_estimates["pct"].notna()]
    defined = {"unit": "unit_measure", "definition_version": "definition_id"}
    require_same(cells.rename(columns=defined), bridge)
    both = [f"{name}_{end}" for end in ("from", "to") for name in CELL]
    known = {} if errors is None else {tuple(r[name] for name in both): r for r in records(errors)}
    rows = []
    for family, pairs in _families(records(cells)).items():
        keys = [tuple(cell[name] for cell in pair for name in CELL) for pair in pairs]
        contrasts = [_Contrast(*pair, known.get(key)) for pair, key in zip(pairs, keys, strict=True)]
        raw = [each.p() for each in contrasts]
        announced = family == ANNOUNCED
        p_adj = adjust(raw, "holm") if announced else [math.nan] * len(raw)
        worst = adjust([each.worst_p() for each in contrasts], "holm") if announced else p_adj
        for each, p, adjusted, at_worst in zip(contrasts, raw, p_adj, worst, strict=True):
            # the part of alpha that the adjustment leaves to this difference
            part = p / adjusted if announced and adjusted > 0 else 1 / len(pairs) if announced else 1.0
            how = f"{each.method}; " + (f"Holm over {len(pairs)}" if announced else "exploratory, not tested")
            row = each.row(alpha * part, alpha) | {"family": family, "p_raw": p, "p_adj": adjusted}
            row |= {"method": how, "finding": adjusted < alpha, "robust_to_rounding": at_worst < alpha}
            rows.append(row)
    table = pd.DataFrame(rows, columns=columns("prev_differences"))
    # what joins definitions is said where some are compared
    table.attrs["bridge"] = bridge if len(table) and not table["same_definition"].all() else None
    return table


def _families(cells: list[Row]) -> dict[str, list[tuple[Row, Row]]]:
    at = {(c["sex"], c["age"], c["wave"]): c for c in cells}
    last = max((c["wave"] for c in cells), default="")
    pairs: dict[str, list[tuple[Row, Row]]] = {"F1": [], "F2": []}
    for group in sorted({key[:2] for key in at}):
        waves = sorted(wave for *other, wave in at if tuple(other) == group)
        # each wave with the next, and the first with the last
        steps = [*pairwise(waves), *([(waves[0], waves[-1])] if len(waves) > 2 else [])]
        pairs["F1" if group == EVERYONE else "F2"] += [(at[*group, w], at[*group, v]) for w, v in steps]
    apart = combinations(leaves(sorted(key[:2] for key in at if key[2] == last)), 2)
    comparable = [(a, b) for a, b in apart if (a[0] == b[0] or a[1] == b[1]) and disjoint(a, b)]
    return pairs | {"F3": [(at[*a, last], at[*b, last]) for a, b in comparable]}


@dataclass(frozen=True)
class _Contrast:
    """Two cells that are compared, with the design-based error of their difference where there is one."""

    a: Row
    b: Row
    error: Row | None

    @property
    def method(self) -> str:
        if self.error is None:
            return "Newcombe limits and the test that belongs to them"
        return f"Student limits and test on the design-based error, {self.error['df']:.0f} degrees of freedom"

    @property
    def shares(self) -> tuple[float, float, float, float]:
        return self.a["pct"] / 100, self.a["n_eff"], self.b["pct"] / 100, self.b["n_eff"]

    def p(self) -> float:
        if self.error is None:
            return newcombe_p(*self.shares)
        diff, se, df = (self.b["pct"] - self.a["pct"]), float(self.error["se"]), float(self.error["df"])
        return 2 * float(stats.t.sf(abs(diff) / se, df)) if df > 0 and se > 0 else math.nan

    def worst_p(self) -> float:
        """Return the largest p that rounding allows, at the smallest effective n that published limits leave."""
        if self.error is not None:
            return self.p()
        least = [
            c["n_eff_min" if c["source_of_interval"] == "published" else "n_eff"] for c in (self.a, self.b)
        ]
        boxes = [(c["box_lower"] / 100, c["box_upper"] / 100) for c in (self.a, self.b)]
        return p_range(boxes[0], (least[0],) * 2, boxes[1], (least[1],) * 2)[1]

    def row(self, level: float, alpha: float) -> Row:
        """Return the difference with limits at 1 - `level`; `alpha` is that of planning."""
        a, b, d = self.a, self.b, difference(*self.shares, alpha=level)
        row: Row = {"diff": 100 * d.diff, "lower": 100 * d.lower, "upper": 100 * d.upper, "z": d.z}
        row |= {"ratio": d.ratio} | ends("ratio", d.ratio_lower, d.ratio_upper)
        df = math.inf
        if self.error is not None:
            df, se = float(self.error["df"]), float(self.error["se"])
            half = float(stats.t.isf(level / 2, df)) * se if df > 0 and se > 0 else math.nan
            # no limits of a ratio: its error is another one
            row |= {"lower": row["diff"] - half, "upper": row["diff"] + half, "ratio": math.nan}
            row |= {"z": row["diff"] / se if se else math.nan} | ends("ratio", math.nan, math.nan)
        row["z"] = row["z"] if math.isfinite(row["z"]) else math.nan
        same_group, same_definition = (a[c] == b[c] for c in ("group", "definition_version"))
        waves = f"{a['group']}: {a['wave']} to {b['wave']}"
        row["contrast"] = waves if same_group else f"{a['group']} to {b['group']}"
        p1, n1, p2, n2 = self.shares
        row["mdd80"] = 100 * detectable(p1, n1, n2, alpha=alpha, upward=p2 >= p1, df=max(df, 1))
        for end, cell in (("from", a), ("to", b)):
            row |= {f"{name}_{end}": cell[name] for name in ("wave", "group", "pct")}
        kinds = [cell["interval_kind"] for cell in (a, b)]
        kind = next((k for k in ("assumed", "implied") if k in kinds), kinds[1])
        # the weaker grade; a bridge over two definitions is one assumption more
        weaker = str(max(a["grade"], b["grade"]))
        row["grade"] = weaker if same_definition else {"A": "B"}.get(weaker, "C")
        ids = [*a["observations"].split(), *b["observations"].split()]
        row["observations"] = " ".join(dict.fromkeys(ids))
        return row | {"unit": "percentage_points", "interval_kind": kind, "same_definition": same_definition}


def since_first(prev_differences: pd.DataFrame) -> Row:
    """Return the change of the whole population from the first wave to the last."""
    whole, waves = _of_everyone(prev_differences)
    if len(waves) < 2:
        raise NotEstimableError("a change needs two waves with a margin")
    return only(whole, "prev_differences", wave_from=waves[0], wave_to=waves[-1])


def last_steps(prev_differences: pd.DataFrame) -> tuple[Row, Row]:
    """Return the last two changes of the whole population from one wave to the next."""
    whole, waves = _of_everyone(prev_differences)
    if len(waves) < 3:
        raise NotAskedError("Two changes need three waves with a margin.")
    steps = (only(whole, "prev_differences", wave_from=a, wave_to=b) for a, b in pairwise(waves[-3:]))
    return next(steps), next(steps)


def _of_everyone(prev_differences: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    whole = prev_differences[prev_differences["family"] == "F1"]
    return whole, sorted({*whole["wave_from"], *whole["wave_to"]})


def group_changes(
    prev_estimates: pd.DataFrame,
    observations: pd.DataFrame,
    *,
    deff: DesignEffect,
    allocation: Range,
    alpha: float,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return `prev_group_changes` and `prev_p_strip`: what chance alone makes of changes of groups without a margin."""
    # A group is taken to have its share of the population among the respondents, times how often it took part
    # (`allocation`, around 1). The p-value of the published change is given over every design effect,
    # allocation and rounding; whether a change is more than chance is judged by that range, and never by what
    # the design could show.
    if not 0 < allocation[0] <= 1 <= allocation[1] < math.inf:
        remedy = "Give a range of factors around 1."
        raise InputError("is no range of taking part", remedy, column="allocation", value=allocation)
    blind = prev_estimates[prev_estimates["n_eff"].isna() & ~prev_estimates["suppressed"].astype(bool)]
    blind = blind[blind["box_lower"].notna()]  # of a figure without a value nothing is known to compare
    asked = published_respondents(observations)
    how = f"respondents shared out by population, {deff.basis} design effect {deff.value:g}"
    rows: list[Row] = []
    strip: list[Row] = []
    for (sex, age), waves in blind.groupby(["sex", "age"]):
        if len(waves) < 2:
            continue
        group, cells = (str(sex), str(age)), records(waves.sort_values("wave"))
        first, last = cells[0], cells[-1]
        about: Row = {"group": label(group), "sex": sex, "age": age, "grade": "C"}
        about["interval_kind"] = "scenario"
        about |= {f"wave_{end}": cell["wave"] for end, cell in (("from", first), ("to", last))}
        ids = [*first["observations"].split(), *last["observations"].split()]
        sizes = []  # of the group, among the respondents
        for cell in (first, last):
            of_all = asked.get((cell["wave"], *EVERYONE))
            part, whole = (size(observations, cell["wave"], each) for each in (group, EVERYONE))
            if of_all is not None and part is not None and whole is not None:
                sizes.append(of_all["obs_value"] * part.value / whole.value)
                ids += part.observations
        if len(sizes) < 2:
            continue
        about |= {"method": how, "observations": " ".join(dict.fromkeys(ids))}
        strip += (found := _strip(about, first, last, sizes, deff, allocation))
        low, high = last["box_lower"] - first["box_upper"], last["box_upper"] - first["box_lower"]
        row = about | {"change_lower": low, "change_upper": high, "unit": "percentage_points"}
        for end, cell, n in (("from", first, sizes[0]), ("to", last, sizes[1])):
            row |= ends(end, cell["box_lower"], cell["box_upper"]) | {f"n_eff_{end}": n / deff.value}
        p = [cell["p"] for cell in found]
        row |= {"p": next(cell["p"] for cell in found if cell["primary"]), "p_low": min(p), "p_high": max(p)}
        middle, upward = (first["box_lower"] + first["box_upper"]) / 200, low + high > 0
        for name, d, f in zip(
            ("mdd80_low", "mdd80", "mdd80_high"), deff.steps, (allocation[1], 1, allocation[0]), strict=True
        ):
            n1, n2 = (n * f / d for n in sizes)
            row[name] = 100 * detectable(middle, n1, n2, alpha=alpha, upward=upward)
        rows.append(row)
    of_groups = pd.DataFrame(rows, columns=columns("prev_group_changes"))
    return of_groups, pd.DataFrame(strip, columns=columns("prev_p_strip"))


def _strip(
    about: Row, first: Row, last: Row, sizes: list[float], deff: DesignEffect, allocation: Range
) -> list[Row]:
    """Return the p-value of one change under every design effect, allocation and rounding."""
    boxes = [(cell["box_lower"] / 100, cell["box_upper"] / 100) for cell in (first, last)]
    middles = [((low + high) / 2,) * 2 for low, high in boxes]
    rows = []
    for d, part in product(deff.steps, (allocation[0], 1.0, allocation[1])):
        n1, n2 = ((n * part / d,) * 2 for n in sizes)
        farthest, nearest = p_range(boxes[0], n1, boxes[1], n2)
        printed = p_range(middles[0], n1, middles[1], n2)[0]
        for rounding, p in zip(ROUNDINGS, (nearest, printed, farthest), strict=True):
            primary = (d, part, rounding) == (deff.value, 1.0, "printed")
            varied = {"deff": d, "allocation": part, "rounding": rounding, "primary": primary}
            rows.append(about | varied | {"p": p, "unit": "p"})
    return rows
