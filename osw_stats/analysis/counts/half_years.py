"""Half years when only year totals and a growth rate were published."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from osw_stats.analysis.counts.published_halves import SERIES, exact
from osw_stats.errors import NotAskedError, NotEstimableError, NotPublishedError
from osw_stats.vocabulary.lookup import all_absent, every, one, only
from osw_stats.vocabulary.numbers import Fact, Number
from osw_stats.vocabulary.observations import published, records

SHARES = (0.48, 0.50, 0.52)  # of the second half in the year before: nobody published it
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

    The pieces may conflict; none is chosen. `h1` and `h2` are reports, `change` is that of the first half on the first
    half of the year before in percent, with what rounding and the assumed share leave open. A variant that
    cannot be computed has a reason and no number; one of which a figure is absent is left out.

    Parameters
    ----------
    observations
        The tidy table.
    year
        The year with a known total and unknown halves.
    shares
        Assumed shares of the second half in the year before; where its count is known exactly, that is taken.

    Raises
    ------
    NotEstimableError
        If a total is nought.
    NotAskedError
        If the first half was published exactly: there is nothing to reconstruct.
    NotPublishedError
        If a total of the two years is absent, or every figure from which the half would follow.
    """
    known = exact(observations).set_index("period")["count"]
    if f"{year}-H1" in known:
        raise NotAskedError(f"The first half of {year} was published.")
    observations = published(observations)  # a change derived from two halves tells nothing of an unknown one
    observations = observations[observations["obs_value"].notna()]
    current, before = every(
        observations, [{"series_id": "police_reports", "time_period": str(y)} for y in (year, year - 1)]
    )
    if min(current["obs_value"], before["obs_value"]) <= 0:
        raise NotEstimableError(f"The halves of {year} are not estimable because a total is nought.")
    if f"{year - 1}-H2" in known:
        shares = (float(known[f"{year - 1}-H2"] / before["obs_value"]),)

    def by_growth() -> list[dict[str, Any]]:
        growth = one(observations, "police_reports_half_year_change", time_period=f"{year}-H2")
        made = [_by_identity(current, before, growth, share) for share in shares]
        trace = _trace((growth,), "not computable", "")
        earlier = {"variant": "earlier_years", "reason": "base_not_published", **trace}
        return made if _second_halves_before(observations, year) else [*made, earlier]

    def back() -> list[dict[str, Any]]:
        wanted = (SERIES, "police_reports_half_year_change")
        later, rate = every(observations, [{"series_id": s, "time_period": f"{year + 1}-H1"} for s in wanted])
        if rate["lower"] <= -100:
            return []  # nothing is left from which to count back
        h1 = later["obs_value"] / (1 + rate["obs_value"] / 100)
        ends = (later["lower"] / (1 + rate["upper"] / 100), later["upper"] / (1 + rate["lower"] / 100))
        return [_by_count("from_next_year", h1, ends, current, before, shares, (later, rate))]

    def rest() -> list[dict[str, Any]]:
        second = one(observations, SERIES, time_period=f"{year}-H2")
        total = current["obs_value"]
        ends = (total - second["upper"], total - second["lower"])
        h1 = total - second["obs_value"]
        return [_by_count("from_second_half", h1, ends, current, before, shares, (second,))]

    rows: list[dict[str, Any]] = []
    absent: list[NotPublishedError] = []
    for variant in (by_growth, back, rest):
        try:
            rows += variant()
        except NotPublishedError as absence:
            absent.append(absence)
    if not rows:
        raise all_absent(absent)
    return pd.DataFrame([row | {"said_nl": "", "said_en": ""} for row in rows], columns=COLUMNS)


def _second_halves_before(observations: pd.DataFrame, year: int) -> bool:
    """Say whether a second half of an earlier year was published, to hold the growth against."""
    periods = observations.loc[observations["series_id"].eq(SERIES), "time_period"]
    return bool((periods.str.endswith("-H2") & (periods.str[:4] < str(year))).any())


def answers(table: pd.DataFrame) -> int:
    """Return how many ways there are to the first half, each counted once whatever share it assumes."""
    return int(table.loc[table["h1"].notna(), "variant"].nunique())


def agreement(table: pd.DataFrame) -> Number:
    """Return the first halves that all reconstructions leave open, as a range.

    Raises
    ------
    NotAskedError
        If there is one reconstruction only, or they contradict each other: no first half fits them all.
    """
    computed = table[table["h1"].notna()]
    low = computed.groupby("variant")["h1_lower"].min().max()
    high = computed.groupby("variant")["h1_upper"].max().min()
    if answers(table) < 2 or low > high:
        raise NotAskedError("The reconstructions of the half year have nothing in common.")
    ids = tuple(dict.fromkeys(" ".join(computed["observations"]).split()))
    return Number(
        (low + high) / 2,
        "police_reports",
        low,
        high,
        "rounding",
        ids,
        "what every reconstruction leaves open",
        "C",
    )


def with_statement(table: pd.DataFrame, events: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the reconstructions with what the police said of the same half year, in words, as the last row."""
    said = _statements(events, year)
    rows = [
        {
            "variant": "police_said", "reason": "", "unit": "percent", "interval_kind": "rounding", "observations": "",
            "method": f"{e['source_id']}, {e['locator']}", "grade": "D", "said_nl": e["nl"], "said_en": e["en"],
        }
        for e in records(said)
    ]  # fmt: skip
    return pd.concat([table, pd.DataFrame(rows, columns=COLUMNS)], ignore_index=True) if rows else table


def estimate(table: pd.DataFrame, variant: str, end: str = "lowest") -> Number:
    """Return the first half year of one reconstruction, in reports; the lowest or highest of its assumed shares.

    Raises
    ------
    NotAskedError
        If there is no such reconstruction; the table says what there is.
    """
    rows = records(table[table["variant"].eq(variant) & table["h1"].notna()])
    if not rows:
        raise NotAskedError(f"The half year does not follow {variant}.")
    row = (max if end == "highest" else min)(rows, key=lambda r: r["h1"])
    return Number(
        float(row["h1"]), "police_reports", float(row["h1_lower"]), float(row["h1_upper"]), "rounding",
        tuple(str(row["observations"]).split()), str(row["method"]), str(row["grade"]),
    )  # fmt: skip


def said(events: pd.DataFrame, year: int) -> Fact:
    """Return what the police said of the first half of a year, in their words.

    Raises
    ------
    NotAskedError
        If the file of events holds nothing of it.
    """
    found = _statements(events, year)
    if found.empty:
        raise NotAskedError(f"data/raw/events holds no statement on the first half of {year}.")
    row = only(found, "data/raw/events")
    words = {language: str(row[language]) for language in ("nl", "en")}
    return Fact(words, tuple(words.values()))


def _statements(events: pd.DataFrame, year: int) -> pd.DataFrame:
    return events[events["kind"].eq("statement") & events["end"].eq(f"{year}-06-30")]


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
