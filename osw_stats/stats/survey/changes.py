"""Differences between waves and between groups: one table, three families of tests."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

import pandas as pd

from osw_stats.errors import NotAskedError, NotEstimableError
from osw_stats.meaning.definitions import Bridge, require_same
from osw_stats.meaning.lookup import only
from osw_stats.meaning.observations import records
from osw_stats.stats.survey import Row, ends
from osw_stats.stats.survey.comparing import adjust, detectable, difference, p_range
from osw_stats.stats.survey.contracts import columns
from osw_stats.stats.survey.groups import EVERYONE, disjoint, label, leaves, size
from osw_stats.stats.survey.intervals import Range
from osw_stats.stats.survey.prevalence import published_respondents

POWER = 0.8
# how each family is adjusted for the number of its tests
ADJUSTED_BY = {"F1": "holm", "F2": "bh", "F3": "bh"}


def differences(prev_estimates: pd.DataFrame, *, alpha: float, bridge: Bridge | None = None) -> pd.DataFrame:
    """Return the table `prev_differences`.

    Families: F1 changes of the whole population, F2 changes of groups (from each wave they have to the next, and from
    first to last), F3 contrasts of groups apart in sex or in age within the last wave. Only cells with an effective n
    are compared; a group is never compared with one that holds it. F1 is adjusted by Holm, the others by
    Benjamini-Hochberg. `bridge` says why waves of different definitions may be compared.

    Returns
    -------
    pandas.DataFrame
        `diff`, limits (Newcombe) and `mdd80` (smallest change seen with a power of 80 percent) in percentage
        points; `robust_to_rounding`: the adjusted p stays below alpha wherever the digits before rounding lay.

    Raises
    ------
    DefinitionMismatchError
        If definitions differ and there is no bridge.
    """
    cells = prev_estimates[prev_estimates["n_eff"].notna() & prev_estimates["pct"].notna()]
    require_same(
        cells.rename(columns={"unit": "unit_measure", "definition_version": "definition_id"}), bridge
    )
    frames = []
    for family, pairs in _families(records(cells)).items():
        if pairs:
            frame, method = pd.DataFrame([_contrast(*pair, alpha) for pair in pairs]), ADJUSTED_BY[family]
            p_adj, worst = (adjust(frame[p].tolist(), method) for p in ("p_raw", "p_worst"))
            how = f"Newcombe interval, z test, {method} over {len(pairs)} test{'s' * (len(pairs) > 1)}"
            frame = frame.assign(family=family, p_adj=p_adj, worst=worst, method=how)
            frames.append(
                frame.assign(finding=frame["p_adj"] < alpha, robust_to_rounding=frame["worst"] < alpha)
            )
    names = columns("prev_differences")
    table = pd.concat(frames, ignore_index=True)[names] if frames else pd.DataFrame(columns=names)
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


def _contrast(a: Row, b: Row, alpha: float) -> Row:
    p1, p2, n1, n2 = a["pct"] / 100, b["pct"] / 100, a["n_eff"], b["n_eff"]
    d = difference(p1, n1, p2, n2, alpha=alpha)
    same_group, same_definition = (a[c] == b[c] for c in ("group", "definition_version"))
    name = f"{a['group']}: {a['wave']} to {b['wave']}" if same_group else f"{a['group']} to {b['group']}"
    row = {"contrast": name, "diff": 100 * d.diff, "lower": 100 * d.lower, "upper": 100 * d.upper}
    row |= {"ratio": d.ratio, "z": d.z if math.isfinite(d.z) else math.nan, "p_raw": d.p_value}
    row |= ends("ratio", d.ratio_lower, d.ratio_upper) | {"same_definition": same_definition}
    row["mdd80"] = 100 * detectable(p1, n1, n2, alpha=alpha, power=POWER, upward=p2 >= p1)
    # the published digits decide the box; an effective n that comes from them has a range as well
    least = [c["n_eff_min"] if c["source_of_interval"] == "published" else c["n_eff"] for c in (a, b)]
    boxes = [(c["box_lower"] / 100, c["box_upper"] / 100) for c in (a, b)]
    row["p_worst"] = p_range(boxes[0], (least[0],) * 2, boxes[1], (least[1],) * 2)[1]
    row |= {f"{c}_{end}": cell[c] for end, cell in (("from", a), ("to", b)) for c in ("wave", "group", "pct")}
    assumed = "assumed" in (a["interval_kind"], b["interval_kind"])
    # the weaker grade; a bridge over two definitions is one assumption more
    weaker = str(max(a["grade"], b["grade"]))
    row["grade"] = weaker if same_definition else {"A": "B"}.get(weaker, "C")
    row["observations"] = " ".join(dict.fromkeys([*a["observations"].split(), *b["observations"].split()]))
    return row | {"unit": "percentage_points", "interval_kind": "assumed" if assumed else b["interval_kind"]}


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


def out_of_sight(
    prev_estimates: pd.DataFrame, observations: pd.DataFrame, *, deff: float, deff_range: Range, alpha: float
) -> pd.DataFrame:
    """Return `prev_detectable`: for groups without a sampling interval, the smallest change that could be seen.

    A group is taken to have its share of the population among the respondents; that is an assumption, so nothing is
    tested here. `within_reach` is true only where the published change, whatever its rounding, is the larger.

    Returns
    -------
    pandas.DataFrame
        First and last wave of each group; shares in percent, changes and `mdd80` in percentage points, with the
        range of the assumed design effect.
    """
    blind = prev_estimates[prev_estimates["n_eff"].isna() & ~prev_estimates["suppressed"].astype(bool)]
    blind = blind[blind["box_lower"].notna()]  # of a figure without a value nothing is known to compare
    # the figures are the publisher's, so its respondents count, whatever answers stand beside them
    asked = published_respondents(observations)
    how = f"respondents shared out by population, assumed design effect {deff:g}; power {POWER:.0%}"
    rows = []
    for (sex, age), waves in blind.groupby(["sex", "age"]):
        if len(waves) < 2:
            continue
        group, cells = (str(sex), str(age)), records(waves.sort_values("wave"))
        first, last = cells[0], cells[-1]
        low, high = last["box_lower"] - first["box_upper"], last["box_upper"] - first["box_lower"]
        row: Row = {"group": label(group), "sex": sex, "age": age, "change_lower": low, "change_upper": high}
        ids = [*first["observations"].split(), *last["observations"].split()]
        sizes = []  # of the group, among the respondents
        for end, cell in (("from", first), ("to", last)):
            of_all = asked.get((cell["wave"], *EVERYONE))
            part, whole = (size(observations, cell["wave"], each) for each in (group, EVERYONE))
            if of_all is not None and part is not None and whole is not None:
                n = of_all["obs_value"] * part.value / whole.value
                sizes.append(n)
                ids += part.observations
                row |= {f"wave_{end}": cell["wave"], f"n_eff_{end}": n / deff}
                row |= ends(end, cell["box_lower"], cell["box_upper"])
        if len(sizes) < 2:
            continue
        p, upward = (first["box_lower"] + first["box_upper"]) / 200, low + high > 0
        for name, d in (("mdd80", deff), ("mdd80_low", deff_range[0]), ("mdd80_high", deff_range[1])):
            n1, n2 = (n / d for n in sizes)
            row[name] = 100 * detectable(p, n1, n2, alpha=alpha, power=POWER, upward=upward)
        nearest = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
        row["within_reach"] = bool(math.isfinite(row["mdd80_high"]) and nearest >= row["mdd80_high"])
        row |= {"method": how, "observations": " ".join(dict.fromkeys(ids))}
        rows.append(row | {"unit": "percentage_points", "interval_kind": "scenario", "grade": "C"})
    return pd.DataFrame(rows, columns=columns("prev_detectable"))
