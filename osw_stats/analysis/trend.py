"""What changed between two years, and whether that is more than ordinary variation."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pandas as pd

from osw_stats.analysis.rates import rate_ratio, yearly_dispersion
from osw_stats.errors import OswError
from osw_stats.vocabulary.estimates import Estimate
from osw_stats.vocabulary.observations import pick, records
from osw_stats.vocabulary.periods import parse_period
from osw_stats.vocabulary.series import series

# series whose yearly totals are full counts, and the series whose yearly steps show how
# much such counts vary without a cause we know
SERIES = ("police_reports", "police_registered_141")
DISPERSION_SERIES = "police_registered_141"
COLUMNS = [
    "series", "period1", "period0", "x1", "t1", "x0", "t0", "rr", "exact_lower", "exact_upper",
    "p_exact", "phi_used", "od_lower", "od_upper", "phi_break_even", "definition_same",
    "change", "lower", "upper", "unit", "interval_kind", "observations", "method", "grade",
]  # fmt: skip


def dispersion(observations: pd.DataFrame, without: str = "") -> float:
    """Return the variance of yearly steps relative to Poisson, from registered offences.

    A step that is itself being tested (`without`, its later year) is left out.

    Why from another series: the police published exact totals of reports for two years
    only. Registered sexual offences have twelve. That is a bridge, and it says so.
    """
    counts = pick(observations, DISPERSION_SERIES).sort_values("time_period")
    years = counts["time_period"].tolist()
    left_out = years.index(without) if without in years else None
    return yearly_dispersion(counts["obs_value"].tolist(), without=left_out)


def pairs(observations: pd.DataFrame, *, alpha: float) -> pd.DataFrame:
    """Return the table `trend_pairs`: consecutive years of each series compared.

    Only exact totals are compared. `change`, `lower` and `upper` are percentages, with
    the overdispersed interval; the exact Poisson limits stand beside them.
    `definition_same` says whether both years count the same thing.
    """
    rows: list[dict[str, Any]] = []
    for series_id in SERIES:
        counts = pick(observations, series_id).sort_values("time_period")
        exact = counts[(counts["interval_kind"] == "none") & counts["time_period"].str.len().eq(4)]
        years = records(exact)
        for before, after in pairwise(years):
            if int(after["time_period"]) - int(before["time_period"]) == 1:
                own = after["time_period"] if series_id == DISPERSION_SERIES else ""
                rows.append(_pair(before, after, dispersion(observations, own), alpha))
    return pd.DataFrame(rows, columns=COLUMNS)


def _pair(before: dict[str, Any], after: dict[str, Any], phi: float, alpha: float) -> dict[str, Any]:
    x1, x0 = int(after["obs_value"]), int(before["obs_value"])
    r = rate_ratio(x1, x0, phi=phi, alpha=alpha)
    same = before["definition_id"] == after["definition_id"]
    bridged = after["series_id"] != DISPERSION_SERIES
    return {
        "series": after["series_id"],
        "period1": after["time_period"],
        "period0": before["time_period"],
        "x1": x1,
        "t1": 1.0,
        "x0": x0,
        "t0": 1.0,
        "rr": r.ratio,
        "exact_lower": r.exact_lower,
        "exact_upper": r.exact_upper,
        "p_exact": r.p_exact,
        "phi_used": phi,
        "od_lower": r.lower,
        "od_upper": r.upper,
        "phi_break_even": r.phi_break_even,
        "definition_same": same,
        "change": 100 * (r.ratio - 1),
        "lower": 100 * (r.lower - 1),
        "upper": 100 * (r.upper - 1),
        "unit": "percent",
        "interval_kind": "overdispersed",
        "observations": f"{after['obs_id']} {before['obs_id']}",
        "method": f"ratio of two yearly totals, variance {phi:.1f} times Poisson"
        + (" (from the yearly steps of registered offences)" if bridged else ""),
        "grade": "B",
    }


def sensitivity(observations: pd.DataFrame, series_id: str, period: str, *, alpha: float) -> pd.DataFrame:
    """Return one comparison under several dispersions, the first being Poisson."""
    counts = pick(observations, series_id).set_index("time_period")["obs_value"]
    before = str(int(period) - 1)
    if before not in counts.index or period not in counts.index:
        raise OswError(f"{series_id} has no totals for both {before} and {period}. Add them to data/raw.")
    rows = []
    for phi in (1.0, 2.0, 5.0, 10.0, dispersion(observations)):
        r = rate_ratio(int(counts[period]), int(counts[before]), phi=phi, alpha=alpha)
        rows.append(
            {"phi": phi, "change": 100 * (r.ratio - 1), "lower": 100 * (r.lower - 1), "upper": 100 * (r.upper - 1)}
        )  # fmt: skip
    return pd.DataFrame(rows)


def counts(observations: pd.DataFrame, pair: pd.Series[Any]) -> tuple[Estimate, Estimate]:
    """Return the later and the earlier count of a comparison as estimates, as published."""
    found = []
    for period in (pair["period1"], pair["period0"]):
        row = pick(observations, pair["series"], time_period=period).iloc[0]
        found.append(
            Estimate(
                row["obs_value"], row["unit_measure"], None, None, "none", (row["obs_id"],),
                "as published", "A",
            )
        )  # fmt: skip
    return found[0], found[1]


def verdict(pair: pd.Series[Any]) -> dict[str, str]:
    """Say in words what the overdispersed interval supports; verbs of change need a test."""
    if pair["lower"] <= 0 <= pair["upper"]:
        return {
            "nl": "Dat valt binnen de gewone schommeling: niet aantoonbaar veranderd.",
            "en": "That is within ordinary variation: no demonstrable change.",
        }
    return {
        "nl": "Dat is meer dan gewone schommeling. De oorzaak is daarmee niet bekend.",
        "en": "That is more than ordinary variation. The cause is not known by that.",
    }


def law_date() -> date:
    """Return the day on which the definition of police reports last changed."""
    return parse_period(series(SERIES[0]).breaks[-1].at).start
