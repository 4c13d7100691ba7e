"""Half years of police reports: exact published counts, and reconstructions from year totals and published growth."""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pandas as pd

from osw_stats.errors import InputError, NotAskedError, NotEstimableError, NotPublishedError
from osw_stats.meaning.lookup import all_absent, every, in_their_words, one, only
from osw_stats.meaning.numbers import Fact, Number
from osw_stats.meaning.observations import published, records
from osw_stats.meaning.periods import parse_period
from osw_stats.stats.counts.yearly import SUBJECTS, Row

Shares = tuple[float, ...]
SHARES = (0.48, 0.50, 0.52)  # assumed share of the second half in the previous year, which is unpublished
YEAR, COUNT, GROWTH = (SUBJECTS["half_years"][name] for name in ("year", "count", "growth"))
COLUMNS = SUBJECTS["columns"]["trend_half_years"]


def exact(observations: pd.DataFrame, year: int | None = None) -> pd.DataFrame:
    """Return `trend_half_year_counts`: the half years, up to the end of a year, with an exact count."""
    # `change` is in percent on the previous half year, where available, and is not seasonally adjusted
    kept = observations["series_id"].eq(COUNT) & observations["lower"].eq(observations["upper"])
    if year is not None:
        kept &= observations["time_period"].le(f"{year}-H2")
    rows: list[tuple[Any, ...]] = []
    for figure in records(observations[kept].sort_values("time_period")):
        period, count, change = figure["time_period"], float(figure["obs_value"]), math.nan
        if rows and _follows(rows[-1][0], period) and rows[-1][1]:
            change = 100 * (count / rows[-1][1] - 1)
        basis = ("published", "as published", "A")
        if figure["obs_status"] == "derived":
            basis = ("implied", "derived from printed counts", "B")
        fields = (basis[0], figure["definition_id"], "police_reports", "none", figure["obs_id"], *basis[1:])
        rows.append((period, count, change, *fields))
    if year is not None and not rows:
        raise NotAskedError(f"No half year up to {year} was published exactly.")
    return pd.DataFrame(rows, columns=SUBJECTS["columns"]["trend_half_year_counts"])


def _follows(before: str, after: str) -> bool:
    return parse_period(before).end + timedelta(days=1) == parse_period(after).start


def number(table: pd.DataFrame, period: str) -> Number:
    """Return the exact count of a half year; NotPublishedError if it is not known exactly."""
    if period not in set(table["period"]):
        raise NotPublishedError(f"no exact count of {COUNT} in {period}", COUNT, period)
    row = only(table, "trend_half_year_counts", period=period)
    return Number.from_row(row, "count", "count", "count", period=period, basis=row["basis"])


def around(table: pd.DataFrame, day: date | None) -> tuple[Number, Number]:
    """Return the half years before and after the date of a law; NotAskedError if either is missing."""
    for before, after in pairwise(table["period"]):
        if parse_period(after).start == day and _follows(before, after):
            return number(table, before), number(table, after)
    raise NotAskedError("The half years on either side of the law were not published exactly.")


def later(table: pd.DataFrame, after: Number) -> Number:
    """Return the last half year with the definition of `after`; NotAskedError if none is later."""
    definition = table.loc[table["period"].eq(after.period), "definition_id"].item()
    last = str(table.loc[table["definition_id"].eq(definition), "period"].max())
    if last <= after.period:
        raise NotAskedError(f"No half year after {after.period} was published exactly.")
    return number(table, last)


def year_before(table: pd.DataFrame, half: Number) -> Number:
    """Return the same half of the previous year, with the same season; NotAskedError if it is missing."""
    period = f"{int(half.period[:4]) - 1}{half.period[4:]}"
    if period not in set(table["period"]):
        raise NotAskedError(f"{period} was not published exactly.")
    return number(table, period)


def step(before: Number, after: Number) -> Number:
    """Return the percent change between two half years, without a margin, as too few are known."""
    if not before.value:
        raise NotEstimableError(f"{before.period}: no change in percent on a count of nought.")
    used, grade = after.observations + before.observations, max(before.grade, after.grade)
    fields = ("none", used, "ratio of two half years", grade, after.period, before.period, "derived")
    return Number(100 * (after.value / before.value - 1), "percent", None, None, *fields)


def known(observations: pd.DataFrame) -> int:
    """Return the number of half years with a published count, exact or rounded."""
    rows = observations[observations["series_id"].eq(COUNT) & observations["obs_value"].notna()]
    return int(rows["time_period"].nunique())


@dataclass(frozen=True)
class HalfYears:
    """The result of the identity: counts, and the percent change of the first half with its limits over rounding."""

    h2_current: float
    h1_current: float
    h1_change: float
    h1_change_range: tuple[float, float]


def identity(current: float, before: float, growth: float, share: float, *, step: float = 1.0) -> HalfYears:
    """Return the halves of a year from two totals and the printed growth (percent) of the second half on the previous year.

    `share` of the second half in the previous year (0 to 1) is an assumption; `step` is the place value of the last printed
    digit of `growth`.

    >>> round(identity(14802, 14015, 16, 0.5).h1_change, 1)
    -4.8
    """
    if not (0 < current < math.inf and 0 < before < math.inf and math.isfinite(growth) and 0 < share < 1):
        remedy = "Give finite totals above nought, a finite growth and a share between 0 and 1."
        raise InputError("no half years", remedy, value=(current, before, growth, share))

    def change(percent: float) -> tuple[float, float, float]:
        h2 = (1 + percent / 100) * share * before
        return h2, current - h2, 100 * ((current - h2) / ((1 - share) * before) - 1)

    h2, h1, point = change(growth)
    low, high = sorted(change(growth + half)[2] for half in (-step / 2, step / 2))
    return HalfYears(h2, h1, point, (low, high))


def reconstructions(observations: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the table `trend_half_years`: the first half of a year as implied by each published figure."""
    # The figures may conflict; none is preferred. `change` is in percent on the first half of the previous year,
    # with limits over rounding and the assumed share of the second half; an exact count is used where known.
    # A variant that cannot be computed has a reason; NotPublishedError names the missing figures where none
    # can. NotAskedError if the first half was published exactly: there is nothing to reconstruct.
    halves = exact(observations).set_index("period")["count"]
    if f"{year}-H1" in halves:
        raise NotAskedError(f"The first half of {year} was published.")
    # changes derived from two known halves do not help to reconstruct an unknown half
    figures = published(observations)
    figures = figures[figures["obs_value"].notna()]
    totals = every(figures, [{"series_id": YEAR, "time_period": str(y)} for y in (year, year - 1)])
    if min(total["lower"] for total in totals) <= 0:
        raise NotEstimableError(f"The halves of {year} are not estimable because a total is nought.")
    shares: Shares = SHARES
    if f"{year - 1}-H2" in halves:
        shares = (float(halves[f"{year - 1}-H2"] / totals[1]["obs_value"]),)
    rows: list[Row] = []
    absent: list[NotPublishedError] = []
    methods = (_growth_rows, partial(_count_rows, "from_next_year"), partial(_count_rows, "from_second_half"))
    for method in methods:
        try:
            rows += method(figures, year, totals, shares)
        except NotPublishedError as absence:
            absent.append(absence)
    if not rows:
        raise all_absent(absent)
    return pd.DataFrame([row | {"said_nl": "", "said_en": ""} for row in rows], columns=COLUMNS)


def _growth_rows(known: pd.DataFrame, year: int, totals: list[Row], shares: Shares) -> list[Row]:
    growth = one(known, GROWTH, time_period=f"{year}-H2")
    current, before = (total["obs_value"] for total in totals)
    rows: list[Row] = []
    for share in shares:
        halves = identity(current, before, growth["obs_value"], share)
        # the limits as printed, of both totals as well: a hedged wording is asymmetric
        ends = [(totals[0][a], totals[1][b], growth[b]) for a, b in (("lower", "upper"), ("upper", "lower"))]
        low, high = (identity(*corner, share) for corner in ends)
        row = {"variant": "identity", "share_before": 100 * share, "h1": halves.h1_current, "reason": ""}
        row |= {"h1_lower": low.h1_current, "h1_upper": high.h1_current, "h2": halves.h2_current}
        row |= {"change": halves.h1_change, "lower": low.h1_change, "upper": high.h1_change}
        rows.append(row | _trace([*totals, growth], "year totals and the printed growth of the second half"))
    periods = known.loc[known["series_id"].eq(COUNT), "time_period"]
    if not (periods.str.endswith("-H2") & (periods.str[:4] < str(year))).any():
        # no second half of an earlier year was published, to apply the growth to
        earlier = {"variant": "earlier_years", "reason": "base_not_published"}
        rows.append(earlier | _trace([growth], "not computable") | {"grade": ""})
    return rows


def _count_rows(variant: str, known: pd.DataFrame, year: int, totals: list[Row], shares: Shares) -> list[Row]:
    if variant == "from_next_year":
        wanted = [{"series_id": name, "time_period": f"{year + 1}-H1"} for name in (COUNT, GROWTH)]
        used = every(known, wanted)
        later, rate = used
        if rate["lower"] <= -100:
            return []  # a growth of -100 percent cannot be inverted
        low, high = later["lower"] / (1 + rate["upper"] / 100), later["upper"] / (1 + rate["lower"] / 100)
        h1 = later["obs_value"] / (1 + rate["obs_value"] / 100)
    else:
        used = [one(known, COUNT, time_period=f"{year}-H2")]
        corners = (("obs_value", "obs_value"), ("lower", "upper"), ("upper", "lower"))
        h1, low, high = (totals[0][a] - used[0][b] for a, b in corners)
    # the first half of the previous year, from its total as printed
    bottom, base, top = (
        [(1 - share) * totals[1][end] for share in shares] for end in ("lower", "obs_value", "upper")
    )
    row = {"variant": variant, "share_before": math.nan, "h1": h1, "h1_lower": low, "h1_upper": high}
    # the middle one of the shares
    change = 100 * (h1 / base[len(base) // 2] - 1)
    row |= {"h2": totals[0]["obs_value"] - h1, "change": change, "reason": ""}
    row |= {"lower": 100 * (low / max(top) - 1), "upper": 100 * (high / min(bottom) - 1)}
    return [row | _trace([*totals, *used], "a rounded half year as the press gave it")]


def _trace(rows: list[Row], method: str) -> Row:
    ids = " ".join(row["obs_id"] for row in rows)
    kind = {"unit": "percent", "interval_kind": "rounding"}
    return kind | {"observations": ids, "method": method, "grade": "C"}


def answers(table: pd.DataFrame) -> int:
    """Return the number of reconstructions of the first half, each counted once over its assumed shares."""
    return int(table.loc[table["h1"].notna(), "variant"].nunique())


def agreement(table: pd.DataFrame) -> Number:
    """Return the range common to all reconstructions of the first half; NotAskedError if there is none."""
    computed = table[table["h1"].notna()]
    low = computed.groupby("variant")["h1_lower"].min().max()
    high = computed.groupby("variant")["h1_upper"].max().min()
    if answers(table) < 2 or low > high:
        raise NotAskedError("The reconstructions of the half year have nothing in common.")
    ids = tuple(dict.fromkeys(" ".join(computed["observations"]).split()))
    method = "what every reconstruction leaves open"
    return Number((low + high) / 2, "police_reports", low, high, "rounding", ids, method, "C")


def with_statement(table: pd.DataFrame, events: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the reconstructions with the statements of the police on the same half year as last rows."""
    fields, rows = {"variant": "police_said", "reason": ""}, []
    for statement in records(_statements(events, year)):
        words = {"said_nl": statement["nl"], "said_en": statement["en"], "grade": "D"}
        rows.append(fields | _trace([], f"{statement['source_id']}, {statement['locator']}") | words)
    return pd.concat([table, pd.DataFrame(rows, columns=COLUMNS)], ignore_index=True) if rows else table


def estimate(table: pd.DataFrame, variant: str, end: str = "lowest") -> Number:
    """Return the first half year of one reconstruction, in reports, for the lowest or highest of its assumed shares."""
    rows = records(table[table["variant"].eq(variant) & table["h1"].notna()])
    if not rows:
        raise NotAskedError(f"The half year does not follow {variant}.")
    row = (max if end == "highest" else min)(rows, key=lambda r: r["h1"])
    return Number.from_row(row | {"unit": "police_reports"}, "h1", "h1_lower", "h1_upper")


def said(events: pd.DataFrame, year: int) -> Fact:
    """Return the statement of the police on the first half of a year, verbatim; NotAskedError if there is none."""
    problem = f"data/raw/events holds no statement on the first half of {year}."
    return in_their_words(_statements(events, year), problem)


def _statements(events: pd.DataFrame, year: int) -> pd.DataFrame:
    return events[events["kind"].eq("statement") & events["end"].eq(f"{year}-06-30")]
