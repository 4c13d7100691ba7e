"""Differences between waves and between groups: one table, three families of tests."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import pandas as pd

from osw_stats.analysis.survey.differences import adjust, detectable, difference, worst_p
from osw_stats.analysis.survey.groups import Group, disjoint, label, leaves, size
from osw_stats.analysis.survey.prevalence import ALL, published_respondents
from osw_stats.errors import NotAskedError, NotEstimableError
from osw_stats.vocabulary.definitions import Bridge, require_same
from osw_stats.vocabulary.lookup import only
from osw_stats.vocabulary.observations import records

POWER = 0.8
COLUMNS = [
    "family", "contrast", "diff", "lower", "upper", "ratio", "ratio_lower", "ratio_upper", "z", "p_raw", "p_adj",
    "method", "robust_to_rounding", "mdd80", "wave_from", "wave_to", "group_from", "group_to", "pct_from", "pct_to",
    "same_definition", "finding", "unit", "interval_kind", "observations", "grade",
]  # fmt: skip
DETECTABLE = [
    "group", "sex", "age", "wave_from", "wave_to", "from_lower", "from_upper", "to_lower", "to_upper", "change_lower",
    "change_upper", "n_eff_from", "n_eff_to", "mdd80", "mdd80_low", "mdd80_high", "within_reach", "unit",
    "interval_kind", "observations", "method", "grade",
]  # fmt: skip
# what joins the waves before and after the change of concept; printed under the table
BRIDGE = Bridge(
    nl="Tussen de eerste en de tweede ronde veranderden titel en begrip van het onderzoek. Het CBS zet de rondes in "
    "één tabel; daarom staan ze hier naast elkaar. Een verschil over die grens kan ook door de verandering komen.",
    en="Between the first and the second wave the title and the concept of the survey changed. CBS puts the waves in "
    "one table; that is why they stand side by side here. A difference across that line may come from the change.",
)
Row = dict[str, Any]


@dataclass(frozen=True)
class Methods:
    """How each family is adjusted for the number of its tests: "holm" or "bh"."""

    f1: str = "holm"
    f2: str = "bh"
    f3: str = "bh"


def differences(
    prev_estimates: pd.DataFrame,
    *,
    alpha: float,
    methods: Methods | None = None,
    bridge: Bridge | None = None,
) -> pd.DataFrame:
    """Return the table `prev_differences`.

    Families: F1 changes of the whole population, F2 changes of groups (from each wave they have to the next, and from
    first to last), F3 contrasts of groups apart in sex or in age within the last wave. Only cells with an effective n are compared; a
    group is never compared with one that holds it.

    Parameters
    ----------
    prev_estimates
        Of `prevalence.estimates`.
    alpha
        1 minus the confidence level; also the level of `robust_to_rounding`.
    methods
        Adjustment by family; Holm for F1, Benjamini-Hochberg for F2 and F3 when None.
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
    own = methods or Methods()
    cells = prev_estimates[prev_estimates["n_eff"].notna() & prev_estimates["pct"].notna()]
    require_same(
        cells.rename(columns={"unit": "unit_measure", "definition_version": "definition_id"}), bridge
    )
    families = {"F1": own.f1, "F2": own.f2, "F3": own.f3}
    frames = []
    for family, pairs in _families(records(cells)).items():
        rows = [_contrast(family, *pair, alpha) for pair in pairs]
        if rows:
            frame = pd.DataFrame(rows)
            frame["p_adj"] = adjust(frame["p_raw"].tolist(), families[family])
            worst = adjust(frame.pop("p_worst").tolist(), families[family])
            frame["robust_to_rounding"] = [p < alpha for p in worst]
            frame["finding"] = frame["p_adj"] < alpha
            frame["method"] = (
                f"Newcombe interval, z test, {families[family]} over {len(rows)} test{'s' * (len(rows) > 1)}"
            )
            frames.append(frame)
    table = pd.concat(frames, ignore_index=True)[COLUMNS] if frames else pd.DataFrame(columns=COLUMNS)
    # what joins definitions is said where some are compared
    table.attrs["bridge"] = bridge if len(table) and not table["same_definition"].all() else None
    return table


def _families(cells: list[Row]) -> dict[str, list[tuple[Row, Row]]]:
    waves = sorted({c["wave"] for c in cells})
    at = {(c["wave"], c["sex"], c["age"]): c for c in cells}
    groups = sorted({(c["sex"], c["age"]) for c in cells})
    changes = {
        group: [(at[w, *group], at[v, *group]) for w, v in _steps([w for w in waves if (w, *group) in at])]
        for group in groups
    }
    apart = leaves(g for g in groups if waves and (waves[-1], *g) in at)
    return {
        "F1": changes.pop(ALL, []),
        "F2": [pair for pairs in changes.values() for pair in pairs],
        "F3": [(at[waves[-1], *a], at[waves[-1], *b]) for a, b in _comparable(apart)],
    }


def _steps(waves: list[str]) -> list[tuple[str, str]]:
    """Pair each wave with the next, and the first with the last."""
    return [*pairwise(waves), *([(waves[0], waves[-1])] if len(waves) > 2 else [])]


def _comparable(groups: list[Group]) -> Iterator[tuple[Group, Group]]:
    """Yield pairs of groups that differ in sex or in age, not in both."""
    for a, b in combinations(groups, 2):
        if (a[0] == b[0] or a[1] == b[1]) and disjoint(a, b):
            yield a, b


def _contrast(family: str, a: Row, b: Row, alpha: float) -> Row:
    p1, p2 = a["pct"] / 100, b["pct"] / 100
    d = difference(p1, a["n_eff"], p2, b["n_eff"], alpha=alpha)
    # the published digits decide the box; an effective n that comes from them has a range as well
    sizes = [(c["n_eff_min"] if c["source_of_interval"] == "published" else c["n_eff"], c["n_eff"]) for c in (a, b)]  # fmt: skip
    boxes = [(c["box_lower"] / 100, c["box_upper"] / 100) for c in (a, b)]
    smallest = detectable(p1, a["n_eff"], b["n_eff"], alpha=alpha, power=POWER, upward=p2 >= p1)
    same_group = a["group"] == b["group"]
    return {
        "family": family,
        "contrast": f"{a['group']}: {a['wave']} to {b['wave']}" if same_group else f"{a['group']} to {b['group']}",
        "diff": 100 * d.diff, "lower": 100 * d.lower, "upper": 100 * d.upper, "ratio": d.ratio,
        "ratio_lower": d.ratio_lower, "ratio_upper": d.ratio_upper, "z": d.z if math.isfinite(d.z) else math.nan, "p_raw": d.p_value,
        "p_worst": worst_p(boxes[0], sizes[0], boxes[1], sizes[1]), "mdd80": 100 * smallest,
        "wave_from": a["wave"], "wave_to": b["wave"], "group_from": a["group"], "group_to": b["group"],
        "pct_from": a["pct"], "pct_to": b["pct"],
        "same_definition": a["definition_version"] == b["definition_version"], "unit": "percentage_points",
        "interval_kind": "assumed" if "assumed" in (a["interval_kind"], b["interval_kind"]) else b["interval_kind"],
        "observations": " ".join(dict.fromkeys(f"{a['observations']} {b['observations']}".split())),
        "grade": _grade(a, b),
    }  # fmt: skip


def _grade(a: Row, b: Row) -> str:
    """Return the weaker grade; a bridge over two definitions is one assumption more."""
    weaker = str(max(a["grade"], b["grade"]))
    return weaker if a["definition_version"] == b["definition_version"] else {"A": "B"}.get(weaker, "C")


def change(prev_differences: pd.DataFrame, wave_from: str, wave_to: str) -> Row:
    """Return the row of F1 from one wave to another.

    Raises
    ------
    NotEstimableError
        If these waves are not compared: of one of them the share of everyone has no margin, or they are one wave.
    """
    rows = prev_differences[
        (prev_differences["family"] == "F1") & (prev_differences["wave_from"] == wave_from)
        & (prev_differences["wave_to"] == wave_to)
    ]  # fmt: skip
    if rows.empty:
        raise NotEstimableError(
            f"not estimable because the survey has one wave with a margin, of {wave_to}"
            if wave_from == wave_to
            else f"not estimable because no margin of everyone is known in {wave_from} or in {wave_to}"
        )
    return only(rows, "prev_differences")


def since_first(prev_differences: pd.DataFrame) -> Row:
    """Return the change of the whole population from the first wave to the last.

    Raises
    ------
    NotEstimableError
        If fewer than two waves have a margin.
    """
    waves = _waves(prev_differences)
    if len(waves) < 2:
        raise NotEstimableError("a change needs two waves with a margin")
    return change(prev_differences, waves[0], waves[-1])


def last_steps(prev_differences: pd.DataFrame) -> tuple[Row, Row]:
    """Return the last two changes of the whole population from one wave to the next.

    Raises
    ------
    NotAskedError
        If fewer than three waves have a margin: then the change from first to last is all there is.
    """
    waves = _waves(prev_differences)
    if len(waves) < 3:
        raise NotAskedError("Two changes need three waves with a margin.")
    earlier, middle, last = waves[-3:]
    return change(prev_differences, earlier, middle), change(prev_differences, middle, last)


def _waves(prev_differences: pd.DataFrame) -> list[str]:
    whole = prev_differences[prev_differences["family"] == "F1"]
    return sorted({*whole["wave_from"], *whole["wave_to"]})


def out_of_sight(
    prev_estimates: pd.DataFrame, observations: pd.DataFrame, *, deff: float,
    deff_range: tuple[float, float], alpha: float,
) -> pd.DataFrame:  # fmt: skip
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
    for (sex, age), found in blind.groupby(["sex", "age"]):
        group = (str(sex), str(age))
        first, last = records(found.sort_values("wave"))[:: max(1, len(found) - 1)][:2] if len(found) > 1 else (None, None)  # fmt: skip
        if first is None or last is None:
            continue
        sizes = [
            _assumed_size(observations, c["wave"], group, asked.get((c["wave"], *ALL))) for c in (first, last)
        ]
        if None not in sizes:
            rows.append(_detectable_row(group, first, last, sizes, deff, deff_range, alpha))
    return pd.DataFrame(rows, columns=DETECTABLE)


def _assumed_size(
    observations: pd.DataFrame, wave: str, group: Group, asked: Row | None
) -> tuple[float, tuple[str, ...]] | None:
    part, whole = size(observations, wave, group), size(observations, wave, ALL)
    if part is None or whole is None or asked is None or not asked["obs_value"] > 0:
        return None
    return asked["obs_value"] * part.value / whole.value, part.observations


def _detectable_row(
    group: Group, first: Row, last: Row, sizes: list[Any], deff: float, deff_range: tuple[float, float],
    alpha: float,
) -> Row:  # fmt: skip
    p = (first["box_lower"] + first["box_upper"]) / 200
    change = (last["box_lower"] - first["box_upper"], last["box_upper"] - first["box_lower"])
    seen = [
        100
        * detectable(p, sizes[0][0] / d, sizes[1][0] / d, alpha=alpha, power=POWER, upward=sum(change) > 0)
        for d in (deff, *deff_range)
    ]
    nearest = 0.0 if change[0] <= 0 <= change[1] else min(map(abs, change))
    ids = [*first["observations"].split(), *last["observations"].split(), *sizes[0][1], *sizes[1][1]]
    return {
        "group": label(group), "sex": group[0], "age": group[1], "wave_from": first["wave"],
        "wave_to": last["wave"], "from_lower": first["box_lower"], "from_upper": first["box_upper"],
        "to_lower": last["box_lower"], "to_upper": last["box_upper"], "change_lower": change[0],
        "change_upper": change[1], "n_eff_from": sizes[0][0] / deff, "n_eff_to": sizes[1][0] / deff,
        "mdd80": seen[0], "mdd80_low": seen[1], "mdd80_high": seen[2],
        "within_reach": bool(math.isfinite(seen[2]) and nearest >= seen[2]), "unit": "percentage_points",
        "interval_kind": "scenario", "observations": " ".join(dict.fromkeys(ids)),
        "method": f"respondents shared out by population, assumed design effect {deff:g}; power {POWER:.0%}",
        "grade": "C",
    }  # fmt: skip
