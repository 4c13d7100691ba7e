"""How far the answer moves: other assumptions about the sampling margin, and people who did not take part."""

from __future__ import annotations

from typing import Any

import pandas as pd

from osw_stats.analysis.survey.differences import difference
from osw_stats.analysis.survey.findings import first_and_latest
from osw_stats.analysis.survey.intervals import METHODS, proportion_interval
from osw_stats.analysis.survey.prevalence import everyone
from osw_stats.errors import InputError, NotPublishedError
from osw_stats.vocabulary.lookup import all_absent
from osw_stats.vocabulary.observations import records

ODDS = (0.5, 1.0, 2.0)  # odds of nonrespondents as a multiple of those of respondents
VARIANTS = ["quantity", "variant", "value", "lower", "upper", "primary", "unit", "interval_kind", "observations", "method", "grade"]  # fmt: skip
BOUNDS = [
    "wave", "response", "odds_ratio", "pct", "lower", "upper", "unit", "interval_kind", "observations", "method",
    "grade",
]  # fmt: skip
RATE, TAKEN, ASKED = "cbs_phgsg_response_rate", "cbs_phgsg_respondents", "cbs_phgsg_sample"
Row = dict[str, Any]


def sensitivity(
    prev_estimates: pd.DataFrame, *, deff: float, deff_range: tuple[float, float], alpha: float
) -> pd.DataFrame:
    """Return `prev_sensitivity`: the last share, and its change since the first wave, under other assumptions.

    The primary variant is the one of `prev_estimates`; of one wave there is no change. Others change one thing: the design effect, the kind of
    interval, or the digits before rounding.
    """
    first, last = first_and_latest(prev_estimates)
    assumed = last["source_of_interval"] == "assumed_deff"
    rows = [_share("primary", last, last["n_eff"], "wilson", alpha)]
    changes = [_change("primary", first, last, alpha, 1.0)]
    for d in deff_range:
        # without an assumed design effect the size itself is varied by as much
        factor = d / deff if assumed else d
        rows.append(_share(f"deff {d:g}", last, last["n_eff"] / factor, "wilson", alpha))
        changes.append(_change(f"deff {d:g}", first, last, alpha, factor))
    rows += [
        _share(name, last, last["n_eff"], name, alpha) for name in (*METHODS, "logit") if name != "wilson"
    ]
    for end in ("lower", "upper"):
        moved = last | {"pct": last[f"box_{end}"]}
        rows.append(_share(f"rounding {end}", moved, last["n_eff"], "wilson", alpha))
    for name, start, end in (("rounding apart", "lower", "upper"), ("rounding together", "upper", "lower")):
        a, b = first | {"pct": first[f"box_{start}"]}, last | {"pct": last[f"box_{end}"]}
        changes.append(_change(name, a, b, alpha, 1.0))
    changes = changes if first["wave"] != last["wave"] else []
    return pd.DataFrame([*rows, *changes], columns=VARIANTS)


def _share(variant: str, row: Row, n_eff: float, method: str, alpha: float) -> Row:
    low, high = proportion_interval(row["pct"] / 100, n_eff, method=method, alpha=alpha)
    return _variant(
        f"share {row['wave']}", variant, (row["pct"], 100 * low, 100 * high), "percent", [row]
    ) | {"method": f"{method}, effective n {n_eff:.0f}"}


def _change(variant: str, a: Row, b: Row, alpha: float, factor: float) -> Row:
    d = difference(a["pct"] / 100, a["n_eff"] / factor, b["pct"] / 100, b["n_eff"] / factor, alpha=alpha)
    values = (100 * d.diff, 100 * d.lower, 100 * d.upper)
    name = f"change {a['wave']} to {b['wave']}"
    return _variant(name, variant, values, "percentage_points", [a, b]) | {"method": "Newcombe"}


def _variant(
    quantity: str, variant: str, values: tuple[float, float, float], unit: str, rows: list[Row]
) -> Row:
    ids = dict.fromkeys(i for r in rows for i in r["observations"].split())
    return {
        "quantity": quantity, "variant": variant, "value": values[0], "lower": values[1], "upper": values[2],
        "primary": variant == "primary", "unit": unit, "interval_kind": rows[-1]["interval_kind"],
        "observations": " ".join(ids), "grade": max(r["grade"] for r in rows),
    }  # fmt: skip


def nonresponse(prev_estimates: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Return `prev_nonresponse`: the share if people who did not take part differ from those who did.

    Their odds are taken as 0.5, 1 or 2 times those of respondents. The true ratio is not known; weighting cannot
    repair it when taking part depends on what is asked. Waves of which the response is not known are left out.

    Returns
    -------
    pandas.DataFrame
        `response` and shares in percent; the limits are the sampling limits carried along.

    Raises
    ------
    NotPublishedError
        If it is known of no wave.
    """
    rows, absent = [], []
    for row in records(everyone(prev_estimates)):
        try:
            rate, ids, how = response(observations, row["wave"])
        except NotPublishedError as error:
            absent.append(error)
            continue
        for odds in ODDS:
            moved = {c: 100 * blend(row[c] / 100, rate, odds) for c in ("pct", "ci_lower", "ci_upper")}
            moved = {c.removeprefix("ci_"): v for c, v in moved.items()}
            rows.append(moved | {
                "wave": row["wave"], "response": 100 * rate, "odds_ratio": odds, "unit": "percent",
                "interval_kind": "scenario", "observations": " ".join([row["observations"], *ids]), "grade": "C",
                "method": f"{how}; odds of nonrespondents {odds:g} times those of respondents",
            })  # fmt: skip
    if not rows:
        raise all_absent(absent)
    return pd.DataFrame(rows, columns=BOUNDS)


def blend(share: float, rate: float, odds_ratio: float) -> float:
    """Return the share of all when nonrespondents have `odds_ratio` times the odds of respondents.

    Examples
    --------
    >>> round(blend(0.052, 0.256, 2.0), 3), blend(0.052, 0.256, 1.0)
    (0.087, 0.052)
    """
    if not 0 <= share < 1 or not 0 < rate <= 1 or odds_ratio <= 0:
        raise InputError("no share and response", "Give 0 <= share < 1, 0 < rate <= 1, odds above 0.", value=(share, rate, odds_ratio))  # fmt: skip
    odds = odds_ratio * share / (1 - share)
    return rate * share + (1 - rate) * odds / (1 + odds)


def response(observations: pd.DataFrame, wave: str) -> tuple[float, list[str], str]:
    """Return the response of a wave as a share: published, else respondents over people invited."""
    known = observations[(observations["time_period"] == wave) & (observations["obs_value"] > 0)]
    at = {r["series_id"]: r for r in records(known[known["series_id"].isin([RATE, TAKEN, ASKED])])}
    if RATE in at:
        row = at[RATE]
        return row["obs_value"] / 100, [row["obs_id"]], "response as published"
    if absent := [{"series_id": s, "time_period": wave} for s in (TAKEN, ASKED) if s not in at]:
        raise NotPublishedError(
            "the response of this wave is not known", absent[0]["series_id"], value=wave, wanted=absent
        )
    taken, asked = at[TAKEN], at[ASKED]
    how = "response from respondents and sample as published"
    return taken["obs_value"] / asked["obs_value"], [taken["obs_id"], asked["obs_id"]], how
