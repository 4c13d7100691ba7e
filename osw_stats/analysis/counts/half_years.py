"""Half years when only year totals and a growth rate were published."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from osw_stats.errors import NotEstimableError, NotPublishedError
from osw_stats.vocabulary.lookup import all_absent, every, only
from osw_stats.vocabulary.numbers import Number
from osw_stats.vocabulary.observations import records

SHARES = (0.48, 0.50, 0.52)  # of the second half in the year before: nobody published it
TOTAL, HALF, GROWTH = "police_reports", "police_reports_half_year", "police_reports_half_year_change"
# what each reconstruction needs beside the totals of two years: series, years later, half
PIECES = {
    "identity": ((GROWTH, 0, "H2"),),
    "from_next_year": ((HALF, 1, "H1"), (GROWTH, 1, "H1")),
    "from_second_half": ((HALF, 0, "H2"),),
}
COLUMNS = [
    "variant", "share_before", "h1", "h1_lower", "h1_upper", "h2", "change", "lower", "upper", "reason", "unit",
    "interval_kind", "observations", "method", "grade", "said_nl", "said_en",
]  # fmt: skip


@dataclass(frozen=True)
class HalfYears:
    """What the identity gives.

    `h2_current` and `h1_current` are counts; `h1_change` is in percent on the first half of the year before,
    `h1_change_range` its limits over the rounding of the printed growth.
    """

    h2_current: float
    h1_current: float
    h1_change: float
    h1_change_range: tuple[float, float]


def identity(current: float, before: float, growth: float, share: float, *, step: float = 1.0) -> HalfYears:
    """Return the halves of a year from two year totals and the growth of the second half.

    Parameters
    ----------
    current, before
        Year totals.
    growth
        Growth of the second half on that of the year before, percent as printed.
    share
        Share of the second half in the year before, 0 to 1: an assumption.
    step
        Place value of the last printed digit of `growth`.

    Raises
    ------
    ValueError
        For totals that are not positive, or a share outside 0 to 1.

    Examples
    --------
    >>> round(identity(14802, 14015, 16, 0.5).h1_change, 1)
    -4.8
    """
    if min(current, before) <= 0 or not 0 < share < 1:
        raise ValueError(f"no half years: current={current}, before={before}, share={share}")

    def change(percent: float) -> tuple[float, float, float]:
        h2 = (1 + percent / 100) * share * before
        return h2, current - h2, 100 * ((current - h2) / ((1 - share) * before) - 1)

    h2, h1, point = change(growth)
    ends = sorted(change(growth + half)[2] for half in (-step / 2, step / 2))
    return HalfYears(h2, h1, point, (ends[0], ends[1]))


def reconstructions(
    observations: pd.DataFrame, year: int, *, shares: tuple[float, ...] = SHARES
) -> pd.DataFrame:
    """Return the table `trend_half_years`: the first half of a year as each published piece would have it.

    The pieces conflict; none is chosen. `h1` and `h2` are reports, `change` is that of the first half on the first
    half of the year before in percent, with what rounding and the assumed share leave open. A variant that
    cannot be computed has a reason and no number.

    Parameters
    ----------
    observations
        The tidy table.
    year
        The year with a known total and unknown halves.
    shares
        Assumed shares of the second half in the year before.

    Raises
    ------
    NotPublishedError
        If a year total was not published, or no variant has its figures.
    NotEstimableError
        If a year total is nought.
    """
    current, before = every(
        observations, [{"series_id": TOTAL, "time_period": str(y)} for y in (year, year - 1)]
    )
    if not min(current["obs_value"], before["obs_value"]) > 0:
        raise NotEstimableError(f"no half years of {year}: a total of reports is nought")
    total, absent = current["obs_value"], {}
    rows: list[dict[str, Any]] = []
    for variant, needed in PIECES.items():
        keys = [{"series_id": s, "time_period": f"{year + later}-{half}"} for s, later, half in needed]
        try:
            used = every(observations, keys)
        except NotPublishedError as error:
            absent[variant] = error
            continue
        if variant == "identity":
            rows += [_by_identity(current, before, used[0], share) for share in shares]
            trace = _trace((used[0],), "not computable", "")
            rows.append({"variant": "earlier_years", "reason": "base_not_published", **trace})
            continue
        count, *rate = used
        if rate and rate[0]["lower"] <= -100:
            continue  # nothing is left from which to count back
        if rate:
            grown = [1 + rate[0][end] / 100 for end in ("obs_value", "upper", "lower")]
            h1 = count["obs_value"] / grown[0]
            ends = (count["lower"] / grown[1], count["upper"] / grown[2])
        else:
            h1, ends = total - count["obs_value"], (total - count["upper"], total - count["lower"])
        rows.append(_by_count(variant, h1, ends, current, before, shares, tuple(used)))
    if not rows:
        raise all_absent(list(absent.values()))
    frame = pd.DataFrame([row | {"said_nl": "", "said_en": ""} for row in rows], columns=COLUMNS)
    frame.attrs["absent"] = absent
    return frame


def with_statement(table: pd.DataFrame, events: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the reconstructions with what the police said of the same half year, in words, as the last row."""
    said = events[events["kind"].eq("statement") & events["end"].eq(f"{year}-06-30")]
    rows = [
        {
            "variant": "police_said", "reason": "", "unit": "percent", "interval_kind": "rounding", "observations": "",
            "method": f"{e['source_id']}, {e['locator']}", "grade": "D", "said_nl": e["nl"], "said_en": e["en"],
        }
        for e in records(said)
    ]  # fmt: skip
    if not rows:
        return table
    out = pd.concat([table, pd.DataFrame(rows, columns=COLUMNS)], ignore_index=True)
    out.attrs = table.attrs
    return out


def estimate(table: pd.DataFrame, variant: str, column: str, **where: float) -> Number:
    """Return the half year of one reconstruction, in reports; `where` chooses among rows of one variant.

    Raises
    ------
    NotPublishedError
        If the figures that this reconstruction needs were not published.
    """
    if variant in table.attrs.get("absent", {}):
        raise table.attrs["absent"][variant]
    row = only(table, "trend_half_years", variant=variant, **where)
    return Number(
        float(row[column]), "police_reports", float(row[f"{column}_lower"]), float(row[f"{column}_upper"]), "rounding",
        tuple(str(row["observations"]).split()), str(row["method"]), str(row["grade"]),
    )  # fmt: skip


def said(events: pd.DataFrame, year: int) -> dict[str, str]:
    """Return what the police said of the first half of a year, by language.

    Raises
    ------
    NotEstimableError
        If the file of events holds nothing of it.
    """
    found = events[events["kind"].eq("statement") & events["end"].eq(f"{year}-06-30")]
    if found.empty:
        raise NotEstimableError(
            f"data/raw/events holds no statement on the first half of {year}. Add it with its document."
        )
    return {language: str(only(found, "data/raw/events")[language]) for language in ("nl", "en")}


def _by_identity(
    current: dict[str, Any], before: dict[str, Any], growth: dict[str, Any], share: float
) -> dict[str, Any]:
    step = growth["upper"] - growth["lower"]
    found = identity(current["obs_value"], before["obs_value"], growth["obs_value"], share, step=step)
    base = (1 - share) * before["obs_value"]
    low, high = found.h1_change_range
    return {
        "variant": "identity", "share_before": 100 * share, "h1": found.h1_current,
        "h1_lower": base * (1 + low / 100), "h1_upper": base * (1 + high / 100), "h2": found.h2_current,
        "change": found.h1_change, "lower": low, "upper": high, "reason": "",
        **_trace((current, before, growth), "year totals and the printed growth of the second half", "C"),
    }  # fmt: skip


def _by_count(
    variant: str, h1: float, ends: tuple[float, float], current: dict[str, Any], before: dict[str, Any],
    shares: tuple[float, ...], used: tuple[dict[str, Any], ...],
) -> dict[str, Any]:  # fmt: skip
    bases = [(1 - share) * before["obs_value"] for share in shares]
    middle = before["obs_value"] / 2
    return {
        "variant": variant, "share_before": math.nan, "h1": h1, "h1_lower": ends[0], "h1_upper": ends[1],
        "h2": current["obs_value"] - h1, "change": 100 * (h1 / middle - 1),
        "lower": 100 * (ends[0] / max(bases) - 1), "upper": 100 * (ends[1] / min(bases) - 1), "reason": "",
        **_trace((current, before, *used), "a rounded half year as the press gave it", "C"),
    }  # fmt: skip


def _trace(rows: tuple[dict[str, Any], ...], method: str, grade: str) -> dict[str, Any]:
    ids = " ".join(r["obs_id"] for r in rows)
    return {
        "unit": "percent",
        "interval_kind": "rounding",
        "observations": ids,
        "method": method,
        "grade": grade,
    }
