"""Differences between waves and between groups: one table, three families of tests."""

from __future__ import annotations

import math
from itertools import combinations, pairwise
from typing import Any

import pandas as pd

from osw_stats.errors import NotAskedError, NotEstimableError
from osw_stats.meaning.definitions import Bridge, require_same
from osw_stats.meaning.lookup import only
from osw_stats.meaning.observations import records
from osw_stats.stats.survey.contracts import columns
from osw_stats.stats.survey.differences import adjust, detectable, difference, worst_p
from osw_stats.stats.survey.groups import Group, disjoint, label, leaves, size
from osw_stats.stats.survey.prevalence import ALL, published_respondents

POWER = 0.8
ADJUSTED_BY = {
    "F1": "holm",
    "F2": "bh",
    "F3": "bh",
}  # how each family is adjusted for the number of its tests
Row = dict[str, Any]


def differences(prev_estimates: pd.DataFrame, *, alpha: float, bridge: Bridge | None = None) -> pd.DataFrame:
    """Return the table `prev_differences`.

    Families: F1 changes of the whole population, F2 changes of groups (from each wave they have to the next, and from
    first to last), F3 contrasts of groups apart in sex or in age within the last wave. Only cells with an effective n
    are compared; a group is never compared with one that holds it. F1 is adjusted by Holm, the others by
    Benjamini-Hochberg.

    Parameters
    ----------
    prev_estimates
        Of `prevalence.estimates`.
    alpha
        1 minus the confidence level; also the level of `robust_to_rounding`.
    bridge
        Why waves of different definitions may be compared.

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
            frame = frame.assign(
                family=family, p_adj=p_adj, robust_to_rounding=[p < alpha for p in worst], method=how
            )
            frames.append(frame.assign(finding=frame["p_adj"] < alpha))
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
        pairs["F1" if group == ALL else "F2"] += [(at[*group, w], at[*group, v]) for w, v in steps]
    apart = combinations(leaves(sorted(key[:2] for key in at if key[2] == last)), 2)
    comparable = [(a, b) for a, b in apart if (a[0] == b[0] or a[1] == b[1]) and disjoint(a, b)]
    return pairs | {"F3": [(at[*a, last], at[*b, last]) for a, b in comparable]}


def _contrast(a: Row, b: Row, alpha: float) -> Row:
    p1, p2, n1, n2 = a["pct"] / 100, b["pct"] / 100, a["n_eff"], b["n_eff"]
    d = difference(p1, n1, p2, n2, alpha=alpha)
    # the published digits decide the box; an effective n that comes from them has a range as well
    sizes = [
        (c["n_eff_min"] if c["source_of_interval"] == "published" else c["n_eff"], c["n_eff"]) for c in (a, b)
    ]
    boxes = [(c["box_lower"] / 100, c["box_upper"] / 100) for c in (a, b)]
    smallest = detectable(p1, n1, n2, alpha=alpha, power=POWER, upward=p2 >= p1)
    same_group, same_definition = (a[c] == b[c] for c in ("group", "definition_version"))
    name = f"{a['group']}: {a['wave']} to {b['wave']}" if same_group else f"{a['group']} to {b['group']}"
    row = {"contrast": name, "diff": 100 * d.diff, "lower": 100 * d.lower, "upper": 100 * d.upper}
    row |= {
        "ratio": d.ratio,
        "ratio_lower": d.ratio_lower,
        "ratio_upper": d.ratio_upper,
        "mdd80": 100 * smallest,
    }
    row |= {"z": d.z if math.isfinite(d.z) else math.nan, "p_raw": d.p_value}
    row |= {"p_worst": worst_p(boxes[0], sizes[0], boxes[1], sizes[1]), "same_definition": same_definition}
    row |= {f"{c}_{end}": cell[c] for end, cell in (("from", a), ("to", b)) for c in ("wave", "group", "pct")}
    row["interval_kind"] = (
        "assumed" if "assumed" in (a["interval_kind"], b["interval_kind"]) else b["interval_kind"]
    )
    # the weaker grade; a bridge over two definitions is one assumption more
    weaker = str(max(a["grade"], b["grade"]))
    row["grade"] = weaker if same_definition else {"A": "B"}.get(weaker, "C")
    return row | {"unit": "percentage_points", "observations": _trace(a, b)}


def _trace(*rows: Row, more: tuple[str, ...] = ()) -> str:
    return " ".join(dict.fromkeys([*(i for row in rows for i in row["observations"].split()), *more]))


def change(prev_differences: pd.DataFrame, wave_from: str, wave_to: str) -> Row:
    """Return the row of F1 from one wave to another."""
    table = prev_differences
    rows = table[table["family"].eq("F1") & table["wave_from"].eq(wave_from) & table["wave_to"].eq(wave_to)]
    if len(rows):
        return only(rows, "prev_differences")
    if wave_from == wave_to:
        raise NotEstimableError(f"not estimable because the survey has one wave with a margin, of {wave_to}")
    raise NotEstimableError(
        f"not estimable because no margin of everyone is known in {wave_from} or in {wave_to}"
    )


def since_first(prev_differences: pd.DataFrame) -> Row:
    """Return the change of the whole population from the first wave to the last."""
    waves = _waves(prev_differences)
    if len(waves) < 2:
        raise NotEstimableError("a change needs two waves with a margin")
    return change(prev_differences, waves[0], waves[-1])


def last_steps(prev_differences: pd.DataFrame) -> tuple[Row, Row]:
    """Return the last two changes of the whole population from one wave to the next."""
    waves = _waves(prev_differences)
    if len(waves) < 3:
        raise NotAskedError("Two changes need three waves with a margin.")
    earlier, middle, last = waves[-3:]
    return change(prev_differences, earlier, middle), change(prev_differences, middle, last)


def _waves(prev_differences: pd.DataFrame) -> list[str]:
    whole = prev_differences[prev_differences["family"] == "F1"]
    return sorted({*whole["wave_from"], *whole["wave_to"]})


def out_of_sight(
    prev_estimates: pd.DataFrame,
    observations: pd.DataFrame,
    *,
    deff: float,
    deff_range: tuple[float, float],
    alpha: float,
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
    rows = []
    for (sex, age), waves in blind.groupby(["sex", "age"]):
        if len(waves) < 2:
            continue
        group, cells = (str(sex), str(age)), records(waves.sort_values("wave"))
        ends = (cells[0], cells[-1])
        sizes = [_assumed_size(observations, c["wave"], group, asked.get((c["wave"], *ALL))) for c in ends]
        if sizes[0] is not None and sizes[1] is not None:
            rows.append(_detectable_row(group, ends, (sizes[0], sizes[1]), (deff, *deff_range), alpha))
    return pd.DataFrame(rows, columns=columns("prev_detectable"))


Sized = tuple[float, tuple[str, ...]]  # respondents of a group, and the figures they come from


def _assumed_size(observations: pd.DataFrame, wave: str, group: Group, asked: Row | None) -> Sized | None:
    part, whole = size(observations, wave, group), size(observations, wave, ALL)
    if part is None or whole is None or asked is None:
        return None
    return asked["obs_value"] * part.value / whole.value, part.observations


def _detectable_row(
    group: Group, ends: tuple[Row, Row], sizes: tuple[Sized, Sized], deffs: tuple[float, ...], alpha: float
) -> Row:
    first, last = ends
    p = (first["box_lower"] + first["box_upper"]) / 200
    low, high = last["box_lower"] - first["box_upper"], last["box_upper"] - first["box_lower"]
    (n1, _), (n2, _) = sizes
    seen = [
        100 * detectable(p, n1 / d, n2 / d, alpha=alpha, power=POWER, upward=low + high > 0) for d in deffs
    ]
    nearest = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
    row: Row = {
        "group": label(group),
        "sex": group[0],
        "age": group[1],
        "unit": "percentage_points",
        "grade": "C",
    }
    for end, cell in (("from", first), ("to", last)):
        row |= {
            f"wave_{end}": cell["wave"],
            f"{end}_lower": cell["box_lower"],
            f"{end}_upper": cell["box_upper"],
        }
    row |= {"change_lower": low, "change_upper": high, "n_eff_from": n1 / deffs[0], "n_eff_to": n2 / deffs[0]}
    row |= dict(zip(("mdd80", "mdd80_low", "mdd80_high"), seen, strict=True))
    row |= {"within_reach": bool(math.isfinite(seen[2]) and nearest >= seen[2]), "interval_kind": "scenario"}
    how = f"respondents shared out by population, assumed design effect {deffs[0]:g}; power {POWER:.0%}"
    return row | {"method": how, "observations": _trace(*ends, more=(*sizes[0][1], *sizes[1][1]))}
