"""Whole editions made out of the real one: kinds of change, and worlds of several of them at once.

A change is a function of a world and a generator of random numbers; it alters the world and says in words what it
did, or returns nothing where it does not apply. Which figures it takes is drawn by their keys and not by their place,
so that a figure added to the project does not make other worlds.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from tests.worlds.product import DEADLINES, EVENTS, EVIDENCE, World, real

Random = np.random.Generator
Change = Callable[[World, Random], str | None]
KINDS: dict[str, Change] = {}
KEY = ["series_id", "time_period", "sex", "age", "region", "breakdown"]
WITHOUT = ("withheld", "not_registered", "not_found")
SUBJECT, SEXTORTION = "helpwanted_requests_subject", "subject=sextortion"
WAVES = (
    "cbs_osi_12m",
    "cbs_osi_12m_persons",
    "cbs_osi_5y",
    "cbs_sgg_12m",
    "cbs_phgsg_respondents",
    "cbs_osi_structural",
    "cbs_osi_structural_share",
    "cbs_phgsg_population",
)
# what headlines and sentences speak of
TOLD = (
    ("police_reports", ""),
    ("helpwanted_requests", ""),
    (SUBJECT, SEXTORTION),
    ("police_registered_141", ""),
    ("csg_contacts", ""),
    ("meldpunt_reports", ""),
    ("ap_complaints", ""),
    ("om_inflow_sexual", ""),
    ("police_reports_public_harassment_online", ""),
    (SUBJECT, "subject=distribution"),
)
FTE = ("fte", "staff")


def kind(change: Change) -> Change:
    """Enter a change under its name."""
    KINDS[change.__name__] = change
    return change


# --- pieces -----------------------------------------------------------------------------------------------------


def rows_of(
    w: World, series: str, period: str | None = None, breakdown: str | None = "", everyone: bool = True
) -> pd.DataFrame:
    """Return the figures of a series, everybody's unless told otherwise."""
    f = w.figures
    hit = f["series_id"].eq(series)
    if period is not None:
        hit &= f["time_period"].eq(period)
    if breakdown is not None:
        hit &= f["breakdown"].eq(breakdown)
    if everyone:
        hit &= f["sex"].eq("total") & f["age"].isin(("total", "16+"))
    return f[hit]


def value(w: World, series: str, period: str, breakdown: str = "") -> float | None:
    """Return a published value, in its last vintage that is public."""
    found = rows_of(w, series, period, breakdown)
    found = found[(found["known_by"] <= w.as_of) & found["role"].eq("main") & found["obs_value"].notna()]
    return None if found.empty else float(found.sort_values("known_by").iloc[-1]["obs_value"])


def printed(number: float) -> str:
    """Return a number as a Dutch text prints it."""
    text = f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"
    return text.translate(str.maketrans(",.", ".,"))


def limits(number: float, unit: str, how: str) -> tuple[float, float, str]:
    """Return what the wording of a number leaves open, and the wording."""
    if how == "exact" and unit != "percent":
        return number, number, printed(number)
    step = (
        (1.0 if number == int(number) else 0.1)
        if unit == "percent"
        else 10.0 ** max(len(f"{number:.0f}") - 2, 0)
    )
    if how == "ruim":
        return number, number + step, f"ruim {printed(number)}"
    word = "circa " if how == "circa" else ""
    return number - step / 2, number + step / 2, f"{word}{printed(number)}"


def document(w: World, publisher: str, day: str) -> str:
    """Return a document of a publisher that was public on a day; it is added to the sources."""
    name = f"world-{zlib.crc32(f'{publisher}{day}'.encode()):08x}"
    if name not in set(w.sources["source_id"]):
        like = w.sources.iloc[0].to_dict()
        like |= {
            "source_id": name,
            "publisher": publisher,
            "title": "Cijfers van een andere wereld",
            "url": "",
            "published": day,
            "published_precision": "day",
            "known_by": day,
            "figures": 1,
        }
        w.sources = pd.concat([w.sources, pd.DataFrame([like])], ignore_index=True)
    return name


def put(
    w: World,
    series: str,
    period: str,
    number: float,
    how: str = "exact",
    breakdown: str = "",
    *,
    day: str | None = None,
    status: str = "normal",
    vintage: bool = False,
    **group: str,
) -> None:
    """Write one figure, in place of what there was or as one more vintage, with everything that hangs on it."""
    same = w.figures[(w.figures["series_id"] == series)]
    told = w.series[series]
    like = (same if len(same) else w.figures).iloc[-1].to_dict()
    key = {
        "series_id": series,
        "time_period": period,
        "sex": "total",
        "age": "total",
        "region": "NL",
        "breakdown": breakdown,
    } | group
    old = w.figures[np.logical_and.reduce([w.figures[c] == v for c, v in key.items()])]
    day = day or (date.fromisoformat(w.as_of) - timedelta(days=40)).isoformat()
    if len(old) and not vintage:
        like = old.iloc[-1].to_dict()
        source, dates = like["source_id"], {}
        if like["known_by"] > day:
            source = document(w, told["publisher"], day)
            dates = {"published": day, "published_precision": "day", "known_by": day}
        w.figures = w.figures.drop(old.index)
    else:
        source = document(w, told["publisher"], day)
        dates = {"published": day, "published_precision": "day", "known_by": day}
    low, high, text = limits(number, told["unit"], how)
    row = (
        like
        | key
        | dates
        | {
            "obs_id": "/".join(
                filter(None, (series, period, *group.values(), breakdown.replace("=", "-"), source))
            ),
            "publisher": told["publisher"],
            "indicator": told["indicator"],
            "unit_measure": told["unit"],
            "obs_value": float(number),
            "lower": low,
            "upper": high,
            "lower_closed": True,
            "upper_closed": low == high,
            "interval_kind": "none" if low == high else "rounding",
            "obs_status": status,
            "source_id": source,
            "as_reported": text,
            "role": "main",
        }
    )
    w.figures = pd.concat([w.figures, pd.DataFrame([row])[list(w.figures)]], ignore_index=True)


def without_value(w: World, index: Any, status: str) -> None:
    """Take the value of figures away and say why there is none."""
    w.figures.loc[index, ["obs_value", "lower", "upper"]] = np.nan
    w.figures.loc[index, "interval_kind"] = "none"
    w.figures.loc[index, "obs_status"] = status
    w.figures.loc[index, "as_reported"] = ""


def drawn(rng: Random, options: Any, size: int = 1) -> list[Any]:
    """Draw options by their names, so that one more option does not change what is drawn of the others much."""
    salt = int(rng.integers(2**31))
    return sorted(options, key=lambda o: zlib.crc32(f"{salt}{o}".encode()))[:size]


def told_in_year(w: World) -> list[tuple[str, str]]:
    """Return the told counts that have a value in the year of the edition or the one before."""
    return [t for t in TOLD if any(value(w, t[0], str(y), t[1]) is not None for y in (w.year, w.year - 1))]


def last_pair(w: World, series: str, breakdown: str) -> tuple[str, str] | None:
    """Return the last two years of a series that follow on each other."""
    found = sorted(
        {
            p
            for p in rows_of(w, series, None, breakdown)["time_period"]
            if len(p) == 4 and value(w, series, p, breakdown)
        }
    )
    pairs = [(a, b) for a, b in itertools.pairwise(found) if int(b) - int(a) == 1 and int(b) <= w.year]
    return pairs[-1] if pairs else None


def any_pair(w: World, rng: Random) -> tuple[str, str, str, str] | None:
    """Draw a told series with its last two years; the headline ones most often."""
    found = [(s, b, *p) for s, b in TOLD if (p := last_pair(w, s, b))]
    head = [f for f in found if f[0] in ("police_reports", SUBJECT)]
    pool = head if head and rng.random() < 0.7 else found
    return drawn(rng, pool)[0] if pool else None


def waves(w: World) -> list[str]:
    """Return the waves of the survey that have a figure for everybody."""
    return sorted(
        {p for p in rows_of(w, "cbs_osi_12m")["time_period"] if value(w, "cbs_osi_12m", p) is not None}
    )


def drop(w: World, hit: Any) -> int:
    """Take figures away; return how many."""
    w.figures = w.figures[~hit].reset_index(drop=True)
    return int(hit.sum())


def gone(w: World, series: str, period: str, breakdown: str = "") -> int:
    """Take a figure of a series away, of every group; return how many rows it had."""
    f = w.figures
    return drop(w, f["series_id"].eq(series) & f["time_period"].eq(period) & f["breakdown"].eq(breakdown))


# --- the edition ------------------------------------------------------------------------------------------------


@kind
def year_moved(w: World, rng: Random) -> str:
    w.year = int(rng.choice([w.year - 1, w.year + 1, w.year + 1, w.year + 2]))
    if w.as_of < f"{w.year + 1}-03-01":
        w.as_of = f"{w.year + 1}-11-23"
    return f"the edition is about {w.year}, as of {w.as_of}"


@kind
def as_of_early(w: World, rng: Random) -> str:
    w.as_of = f"{w.year + 1}-{rng.integers(1, 7):02d}-28"
    return f"the as-of day is {w.as_of}"


@kind
def as_of_late(w: World, rng: Random) -> str:
    w.as_of = f"{w.year + int(rng.integers(3, 6))}-06-30"
    return f"the as-of day is {w.as_of}, so that deadlines are passed"


# --- steps ------------------------------------------------------------------------------------------------------


@kind
def year_told(w: World, rng: Random) -> str:
    done = []
    for series, breakdown in TOLD[:6]:
        for year in (w.year - 1, w.year):
            before = value(w, series, str(year - 1), breakdown)
            if value(w, series, str(year), breakdown) is None and before:
                put(w, series, str(year), round(before * rng.uniform(0.7, 1.4)), breakdown=breakdown)
                done.append(f"{series} {year}")
    if value(w, "helpwanted_requests_change", str(w.year)) is None:
        total, before = (value(w, "helpwanted_requests", str(y)) for y in (w.year, w.year - 1))
        if total and before:
            put(w, "helpwanted_requests_change", str(w.year), round(100 * (total / before - 1), 1))
            done.append(f"helpwanted_requests_change {w.year}")
    return "published for the year: " + (", ".join(done) or "nothing that was not there")


@kind
def next_year_there(w: World, rng: Random) -> str:
    done = []
    for series, breakdown in TOLD:
        now = value(w, series, str(w.year), breakdown)
        if now and rng.random() < 0.8:
            put(w, series, str(w.year + 1), round(now * rng.uniform(0.6, 1.5)), breakdown=breakdown)
            done.append(series)
    return f"figures of {w.year + 1} are there already: " + ", ".join(done)


@kind
def turned(w: World, rng: Random) -> str | None:
    found = any_pair(w, rng)
    if found is None:
        return None
    series, breakdown, first, second = found
    a, b = value(w, series, first, breakdown), value(w, series, second, breakdown)
    assert a and b
    new = max(round(a * a / b), 1)
    put(w, series, second, new, breakdown=breakdown)
    return f"{series} {breakdown} {second} turned: {new} instead of {b:g}, after {a:g}"


@kind
def all_turned(w: World, rng: Random) -> str | None:
    done = []
    for series, breakdown in TOLD:
        pair = last_pair(w, series, breakdown)
        if pair:
            a, b = (value(w, series, p, breakdown) or 1 for p in pair)
            put(w, series, pair[1], max(round(a * a / b), 1), breakdown=breakdown)
            done.append(f"{series} {pair[1]}")
    growth = value(w, "helpwanted_requests_change", str(w.year))
    if growth:
        put(w, "helpwanted_requests_change", str(w.year), -round(100 * growth / (100 + growth)))
    return "turned: " + ", ".join(done)


@kind
def large_step(w: World, rng: Random) -> str | None:
    found = any_pair(w, rng)
    if found is None:
        return None
    series, breakdown, first, second = found
    new = round((value(w, series, first, breakdown) or 1) * rng.choice([0.3, 0.45, 1.9, 2.6]))
    put(w, series, second, new, breakdown=breakdown)
    return f"{series} {breakdown} {second} is {new}: a large step"


@kind
def nil_step(w: World, rng: Random) -> str | None:
    found = any_pair(w, rng)
    if found is None:
        return None
    series, breakdown, first, second = found
    put(w, series, second, value(w, series, first, breakdown) or 1, breakdown=breakdown)
    return f"{series} {breakdown} is equal in {first} and {second}"


@kind
def small_steps(w: World, rng: Random) -> str | None:
    done = []
    for series, breakdown in (("police_reports", ""), (SUBJECT, SEXTORTION)):
        pair = last_pair(w, series, breakdown)
        if pair:
            new = round((value(w, series, pair[0], breakdown) or 1) * rng.uniform(0.97, 1.03))
            put(w, series, pair[1], new, breakdown=breakdown)
            done.append(f"{series} {pair[1]} = {new}")
    return "small steps: " + ", ".join(done) if done else None


@kind
def redrawn(w: World, rng: Random) -> str:
    done = []
    for series, breakdown in told_in_year(w):
        for year in (w.year - 1, w.year):
            now = value(w, series, str(year), breakdown)
            if now and rng.random() < 0.7:
                new = max(round(now * rng.uniform(0.85, 1.15)), 1)
                put(w, series, str(year), new, breakdown=breakdown)
                done.append(f"{series} {year} = {new}")
    return "redrawn: " + ", ".join(done)


@kind
def growth_redrawn(w: World, rng: Random) -> str:
    new = float(rng.choice([-34, -12.5, -3, 0, 1, 4.5, 9, 18, 62]))
    put(w, "helpwanted_requests_change", str(w.year), new)
    drop(w, w.figures["series_id"].eq("helpwanted_requests") & w.figures["time_period"].eq(str(w.year - 1)))
    return f"helpwanted_requests_change {w.year} is {new:g} percent"


@kind
def half_years_redrawn(w: World, rng: Random) -> str:
    total = value(w, "police_reports", str(w.year)) or 15000
    first = round(total * rng.uniform(0.42, 0.58))
    put(w, "police_reports_half_year", f"{w.year}-H1", first)
    put(w, "police_reports_half_year", f"{w.year}-H2", total - first)
    put(w, "police_reports_half_year_change", f"{w.year}-H2", float(rng.integers(-20, 30)))
    return f"police_reports_half_year {w.year}-H1 is published: {first}"


# --- published and not ------------------------------------------------------------------------------------------


@kind
def total_before_published(w: World, rng: Random) -> str | None:
    total, growth = (value(w, s, str(w.year)) for s in ("helpwanted_requests", "helpwanted_requests_change"))
    if not total or growth is None:
        return None
    before = round(total / (1 + growth / 100))
    put(w, "helpwanted_requests", str(w.year - 1), before)
    return f"helpwanted_requests {w.year - 1} is published: {before}"


@kind
def online_counted(w: World, rng: Random) -> str:
    for year in (w.year - 1, w.year):
        put(w, "police_reports_online", str(year), int(rng.integers(1500, 4000)))
    return f"police_reports_online is published for {w.year - 1} and {w.year}"


@kind
def protocol_counted(w: World, rng: Random) -> str:
    for year in (w.year - 1, w.year):
        put(w, "csg_online_protocol", str(year), int(rng.integers(40, 300)))
    return f"csg_online_protocol is published for {w.year - 1} and {w.year}"


@kind
def told_missing(w: World, rng: Random) -> str | None:
    options = told_in_year(w)
    if not options:
        return None
    series, breakdown = drawn(rng, options)[0]
    return f"{series} {breakdown} {w.year} is not there" if gone(w, series, str(w.year), breakdown) else None


@kind
def any_missing(w: World, rng: Random) -> str:
    keys = w.figures[KEY].astype(str).agg("/".join, axis=1)
    salt = int(rng.integers(2**31))
    hit = keys.map(lambda k: zlib.crc32(f"{salt}{k}".encode()) % 20 == 0)
    return f"{drop(w, hit)} figures are not there, drawn among all"


@kind
def growth_without_count(w: World, rng: Random) -> str | None:
    hit = w.figures["series_id"].eq("helpwanted_requests") & w.figures["time_period"].eq(str(w.year))
    return f"helpwanted_requests {w.year}: the growth alone" if drop(w, hit) else None


@kind
def count_without_growth(w: World, rng: Random) -> str:
    drop(
        w, w.figures["series_id"].eq("helpwanted_requests_change") & w.figures["time_period"].eq(str(w.year))
    )
    if value(w, "helpwanted_requests", str(w.year - 1)) is None:
        put(
            w,
            "helpwanted_requests",
            str(w.year - 1),
            round((value(w, "helpwanted_requests", str(w.year)) or 12000) * rng.uniform(0.7, 1.2)),
        )
    return f"helpwanted_requests {w.year - 1} and {w.year} without the growth"


def _status(w: World, rng: Random, status: str) -> str | None:
    options = told_in_year(w)
    if not options:
        return None
    series, breakdown = drawn(rng, options)[0]
    found = rows_of(w, series, str(w.year), breakdown)
    without_value(w, found.index, status)
    return f"{series} {breakdown} {w.year}: {status}" if len(found) else None


@kind
def withheld(w: World, rng: Random) -> str | None:
    return _status(w, rng, "withheld")


@kind
def not_registered(w: World, rng: Random) -> str | None:
    return _status(w, rng, "not_registered")


@kind
def not_found(w: World, rng: Random) -> str | None:
    return _status(w, rng, "not_found")


@kind
def range_only(w: World, rng: Random) -> str | None:
    options = [t for t in told_in_year(w) if value(w, t[0], str(w.year), t[1])]
    if not options:
        return None
    series, breakdown = drawn(rng, options)[0]
    index, now = (
        rows_of(w, series, str(w.year), breakdown).index,
        value(w, series, str(w.year), breakdown) or 0,
    )
    low, high = round(now * 0.9), round(now * 1.2)
    w.figures.loc[index, "obs_value"] = np.nan
    w.figures.loc[index, ["lower", "upper"]] = [float(low), float(high)]
    w.figures.loc[index, "interval_kind"] = "published"
    w.figures.loc[index, "as_reported"] = f"tussen {printed(low)} en {printed(high)}"
    return f"{series} {breakdown} {w.year}: only {low} to {high}"


def _worded(w: World, rng: Random, how: str) -> str | None:
    options = [t for t in told_in_year(w) if value(w, t[0], str(w.year), t[1])]
    done = []
    for series, breakdown in drawn(rng, options, 3):
        now = value(w, series, str(w.year), breakdown) or 0
        new = float(f"{now:.2g}") if how != "exact" else now
        put(w, series, str(w.year), new, how, breakdown)
        done.append(f"{series} {breakdown} {w.year} = {how} {new:g}")
    return "; ".join(done) or None


@kind
def circa(w: World, rng: Random) -> str | None:
    """Counts were printed with "circa"."""
    return _worded(w, rng, "circa")


@kind
def ruim(w: World, rng: Random) -> str | None:
    """Counts were printed with "ruim"."""
    return _worded(w, rng, "ruim")


@kind
def zero(w: World, rng: Random) -> str | None:
    options = [*told_in_year(w), ("csg_online_protocol", ""), ("police_reports_sexchatting", "")]
    series, breakdown = drawn(rng, options)[0]
    put(w, series, str(w.year), 0, breakdown=breakdown)
    return f"{series} {breakdown} {w.year} is 0"


@kind
def very_small(w: World, rng: Random) -> str | None:
    found = any_pair(w, rng)
    if found is None:
        return None
    for period in found[2:]:
        put(w, found[0], period, int(rng.integers(1, 9)), breakdown=found[1])
    return f"{found[0]} {found[1]} is below ten in {found[2]} and {found[3]}"


@kind
def very_large(w: World, rng: Random) -> str | None:
    found = any_pair(w, rng)
    if found is None:
        return None
    for period in found[2:]:
        put(
            w,
            found[0],
            period,
            round((value(w, found[0], period, found[1]) or 1) * rng.uniform(90, 110)),
            breakdown=found[1],
        )
    return f"{found[0]} {found[1]} is about a hundred times as large in {found[2]} and {found[3]}"


@kind
def half_filled(w: World, rng: Random) -> str | None:
    of_year = w.figures[w.figures["time_period"].str[:4].eq(str(w.year)) & w.figures["region"].eq("NL")]
    of_year = of_year[of_year["series_id"].ne("cbs_population")]
    options = [p for p, n in of_year["publisher"].value_counts().items() if n > 2]
    if not options:
        return None
    publisher = drawn(rng, options)[0]
    keys = of_year.loc[of_year["publisher"].eq(publisher), KEY].astype(str).agg("/".join, axis=1)
    gone = set(drawn(rng, sorted(set(keys)), len(set(keys)) // 2))
    return f"half filled: {drop(w, w.figures[KEY].astype(str).agg('/'.join, axis=1).isin(gone))} figures of {publisher} about {w.year} are not there"


@kind
def almost_nothing(w: World, rng: Random) -> str:
    of_year = w.figures["time_period"].str[:4].ge(str(w.year)) & w.figures["series_id"].ne("cbs_population")
    kept = set(drawn(rng, sorted(set(w.figures.loc[of_year, "series_id"])), 4))
    drop(w, of_year & ~w.figures["series_id"].isin(kept))
    return f"of {w.year} and later there is only {', '.join(sorted(kept))}"


@kind
def nothing(w: World, rng: Random) -> str:
    of_year = w.figures["time_period"].str[:4].ge(str(w.year)) & w.figures["series_id"].ne("cbs_population")
    return f"of {w.year} and later there is nothing: {drop(w, of_year)} figures are not there"


# --- vintages ---------------------------------------------------------------------------------------------------


@kind
def provisional(w: World, rng: Random) -> str:
    hit = w.figures["time_period"].str[:4].eq(str(w.year)) & w.figures["obs_status"].eq("normal")
    w.figures.loc[hit, "obs_status"] = "provisional"
    return f"{int(hit.sum())} figures of {w.year} are provisional"


def _revised(w: World, rng: Random, days: int) -> str | None:
    options = [t for t in told_in_year(w) if value(w, t[0], str(w.year), t[1])]
    if not options:
        return None
    series, breakdown = drawn(rng, options)[0]
    new = round((value(w, series, str(w.year), breakdown) or 1) * rng.uniform(0.8, 1.2)) + 1
    day = (date.fromisoformat(w.as_of) + timedelta(days=days)).isoformat()
    put(w, series, str(w.year), new, breakdown=breakdown, day=day, status="revised", vintage=True)
    return f"{series} {breakdown} {w.year} was revised to {new} on {day}, the as-of day being {w.as_of}"


@kind
def revised_before(w: World, rng: Random) -> str | None:
    return _revised(w, rng, -5)


@kind
def revised_after(w: World, rng: Random) -> str | None:
    return _revised(w, rng, 30)


@kind
def out_after(w: World, rng: Random) -> str | None:
    options = [t for t in told_in_year(w) if value(w, t[0], str(w.year), t[1])]
    if not options:
        return None
    series, breakdown = drawn(rng, options)[0]
    day = (date.fromisoformat(w.as_of) + timedelta(days=20)).isoformat()
    now = value(w, series, str(w.year), breakdown) or 0
    gone(w, series, str(w.year), breakdown)
    put(w, series, str(w.year), now, breakdown=breakdown, day=day)
    return f"{series} {breakdown} {w.year} came out on {day}, the as-of day being {w.as_of}"


# --- the survey -------------------------------------------------------------------------------------------------


@kind
def wave_added(w: World, rng: Random) -> str | None:
    found = waves(w)
    if not found:
        return None
    year = str(w.year if str(w.year) not in found else w.year + int(rng.integers(1, 3)))
    new = round((value(w, "cbs_osi_12m", found[-1]) or 5) * rng.uniform(0.7, 1.4), 1)
    for series, number in (
        ("cbs_osi_12m", new),
        ("cbs_osi_12m_persons", round(new * 148_000, -4)),
        ("cbs_phgsg_respondents", 25_000),
        ("cbs_phgsg_population", 14_900_000),
    ):
        put(w, series, year, number, "circa" if series.endswith("persons") else "exact", age="16+")
    return f"a wave of the survey in {year}: {new} percent"


@kind
def wave_removed(w: World, rng: Random) -> str | None:
    found = waves(w)
    if len(found) < 3:
        return None
    drop(w, w.figures["series_id"].isin(WAVES) & w.figures["time_period"].eq(found[1]))
    return f"no wave of {found[1]}"


@kind
def two_waves(w: World, rng: Random) -> str | None:
    found = waves(w)
    if len(found) < 3:
        return None
    drop(w, w.figures["series_id"].isin(WAVES) & w.figures["time_period"].isin(found[:-2]))
    return f"only the waves of {found[-2]} and {found[-1]}"


@kind
def one_wave(w: World, rng: Random) -> str | None:
    found = waves(w)
    if len(found) < 2:
        return None
    one = str(rng.choice([found[0], found[-1]]))
    drop(w, w.figures["series_id"].isin(WAVES) & w.figures["time_period"].isin(set(found) - {one}))
    return f"only the wave of {one}"


@kind
def waves_redrawn(w: World, rng: Random) -> str | None:
    done = []
    for wave in waves(w):
        new = round(float(rng.uniform(2, 14)), 1)
        put(w, "cbs_osi_12m", wave, new, age="16+")
        if value(w, "cbs_osi_12m_persons", wave):
            put(w, "cbs_osi_12m_persons", wave, round(new * 148_000, -4), "circa", age="16+")
        done.append(f"{wave} = {new}")
    return "shares of the survey: " + ", ".join(done) if done else None


@kind
def waves_alike(w: World, rng: Random) -> str | None:
    for wave in waves(w):
        put(w, "cbs_osi_12m", wave, 5.2, age="16+")
    return "every wave gave 5.2 percent"


@kind
def groups_turned(w: World, rng: Random) -> str:
    f = w.figures
    hit = (
        f["series_id"].eq("cbs_osi_12m") & ~f["age"].eq("16+") & f["obs_value"].notna() & f["role"].eq("main")
    )
    groups = f[hit].groupby(["sex", "age"])["time_period"].agg(["min", "max"])
    for (sex, age), (first, last) in groups.iterrows():
        if first != last:
            a = f[hit & f["sex"].eq(sex) & f["age"].eq(age)].groupby("time_period")["obs_value"].last()
            put(w, "cbs_osi_12m", last, round(float(a[first] * a[first] / a[last])), sex=sex, age=age)
    return f"{len(groups)} groups of the survey change the other way"


@kind
def groups_missing(w: World, rng: Random) -> str:
    hit = w.figures["series_id"].eq("cbs_osi_12m") & ~w.figures["age"].eq("16+")
    return f"{drop(w, hit)} groups of the survey are not there"


@kind
def contact_redrawn(w: World, rng: Random) -> str:
    yes = int(rng.choice([0, 55, 97]))
    for answer, share in (("yes", yes), ("no", 100 - yes), ("doubting", 0)):
        put(w, "helpwanted_police_contact", "2024", share, breakdown=f"police_contact={answer}")
    return f"{yes} percent had contact with the police"


# --- series and breaks ------------------------------------------------------------------------------------------


@kind
def break_moved(w: World, rng: Random) -> str | None:
    broken = [s for s, told in w.series.items() if told["breaks"] and s in {t[0] for t in TOLD}]
    if not broken:
        return None
    series = drawn(rng, broken)[0]
    at = str(rng.choice([str(w.year - 1), str(w.year), f"{w.year - 2}-H2"]))
    w.series[series]["breaks"] = [*w.series[series]["breaks"][:-1], (at, w.series[series]["breaks"][-1][1])]
    return f"the break of {series} is at {at}"


@kind
def break_removed(w: World, rng: Random) -> str | None:
    broken = [
        s for s, told in w.series.items() if told["breaks"] and s in {t[0] for t in TOLD} | {"cbs_osi_12m"}
    ]
    if not broken:
        return None
    series = drawn(rng, broken)[0]
    w.series[series]["breaks"] = []
    return f"{series} has no break"


@kind
def break_added(w: World, rng: Random) -> str:
    series = drawn(rng, [t[0] for t in TOLD] + ["cbs_osi_12m"])[0]
    text = {"nl": "Er werd anders geteld.", "en": "The counting changed."}
    w.series[series]["breaks"] = sorted(
        [*w.series[series]["breaks"], (str(w.year), text)], key=lambda b: b[0]
    )
    return f"one more break of {series}, at {w.year}"


@kind
def series_ended(w: World, rng: Random) -> str:
    series = drawn(rng, [t[0] for t in TOLD])[0]
    w.series[series]["ended"] = str(w.year - 1)
    drop(w, w.figures["series_id"].eq(series) & w.figures["time_period"].str[:4].ge(str(w.year)))
    return f"{series} ended with {w.year - 1}"


@kind
def series_begun(w: World, rng: Random) -> str:
    series, _breakdown = drawn(rng, [t for t in TOLD if t[0] != "helpwanted_requests"])[0]
    drop(w, w.figures["series_id"].eq(series) & w.figures["time_period"].str[:4].lt(str(w.year)))
    return f"{series} has no figure before {w.year}"


@kind
def new_publisher(w: World, rng: Random) -> str:
    like = w.series["police_reports"]
    w.series["world_reports"] = like | {
        "like": "police_reports",
        "publisher": "Landelijk Meldpunt",
        "indicator": "world_reports",
        "breaks": [],
        "title": {"nl": "Meldingen bij het Landelijk Meldpunt", "en": "Reports to the National Desk"},
    }
    for year in (w.year - 1, w.year):
        put(w, "world_reports", str(year), int(rng.integers(100, 9000)))
    return f"a new publisher with a series of its own for {w.year - 1} and {w.year}"


# --- capacity ---------------------------------------------------------------------------------------------------


@kind
def fte_for_subject(w: World, rng: Random) -> str:
    w.series["ap_osv_fte"] = w.series["ap_fte"] | {
        "like": "ap_fte",
        "indicator": "ap_osv_fte",
        "breaks": [],
        "title": {"nl": "AP, fte voor online seksueel geweld", "en": "AP, fte for online sexual violence"},
    }
    put(w, "ap_osv_fte", str(w.year), int(rng.integers(2, 20)), breakdown="concept=occupied")
    return "the AP publishes its fte for online sexual violence"


@kind
def no_fte(w: World, rng: Random) -> str:
    return f"no fte at all: {drop(w, w.figures['unit_measure'].isin(FTE))} figures are not there"


@kind
def fte_one_missing(w: World, rng: Random) -> str | None:
    options = [
        ("acm_dsa_fte", "concept=funded"),
        ("acm_dsa_fte", "concept=needed"),
        ("cvdm_fte_growth", "concept=needed"),
        ("cvdm_fte_growth", "concept=supported"),
        ("cvdm_fte", "concept=occupied"),
    ]
    series, breakdown = drawn(rng, options)[0]
    hit = w.figures["series_id"].eq(series) & w.figures["breakdown"].eq(breakdown)
    return f"{series} {breakdown} is not there" if drop(w, hit) else None


@kind
def gap_turned(w: World, rng: Random) -> str:
    which = int(rng.integers(3))
    if which != 1:
        put(w, "acm_dsa_fte", "2024", float(rng.choice([60, 72])), breakdown="concept=funded")
    if which != 0:
        put(w, "cvdm_fte_growth", "2027", float(rng.choice([32, 40.5])), breakdown="concept=supported")
    return "ACM or CvdM have as many fte as they need, or more"


@kind
def budget_needed(w: World, rng: Random) -> str:
    put(w, "acm_dsa_budget", "2024", 9_500_000, breakdown="concept=needed")
    return "the ACM names an amount that it needs"


@kind
def budget_missing(w: World, rng: Random) -> str:
    hit = w.figures["series_id"].eq("ap_budget") & w.figures["breakdown"].eq("concept=needed")
    return f"the AP names no amount that it needs ({drop(w, hit)} figure not there)"


@kind
def budget_turned(w: World, rng: Random) -> str:
    put(w, "ap_budget", "2023", 30_000_000, breakdown="concept=needed")
    return "the AP needs 30 million, less than it is allocated"


@kind
def money_redrawn(w: World, rng: Random) -> str:
    f = w.figures
    hit = f["series_id"].eq("government_budget")
    for _, row in f[hit].iterrows():
        if rng.random() < 0.5:
            put(
                w,
                "government_budget",
                row["time_period"],
                round(row["obs_value"] * rng.uniform(0.5, 1.6), -5),
                breakdown=row["breakdown"],
            )
    return "amounts of government money are redrawn"


# --- tables by hand ---------------------------------------------------------------------------------------------


@kind
def deadlines_done(w: World, rng: Random) -> str | None:
    evidence = w.files[EVIDENCE]
    ids = drawn(rng, sorted({row["deadline"] for row in evidence}), 3)
    for row in evidence:
        if row["deadline"] in ids and row["published"]:
            row |= {"finding": "done", "done_on": row["published"]}
    return f"done, by a document: {', '.join(ids)}"


@kind
def deadlines_moved(w: World, rng: Random) -> str:
    years = int(rng.choice([-3, 4]))
    for row in w.files[DEADLINES]:
        for column in ("date_earliest", "date_latest"):
            if row[column]:
                row[column] = f"{int(row[column][:4]) + years}{row[column][4:]}"
    return f"every deadline is {abs(years)} years {'later' if years > 0 else 'earlier'}"


@kind
def deadlines_fewer(w: World, rng: Random) -> str:
    kept = set(drawn(rng, sorted({row["id"] for row in w.files[DEADLINES]}), 4))
    w.files[DEADLINES] = [r for r in w.files[DEADLINES] if r["id"] in kept]
    found = [r for r in w.files[EVIDENCE] if r["deadline"] in kept]
    if not found:
        return "only some deadlines are left, and no evidence"
    w.files[EVIDENCE] = found
    return f"only the deadlines {', '.join(sorted(kept))}"


@kind
def event_removed(w: World, rng: Random) -> str:
    gone = drawn(rng, [r["event_id"] for r in w.files[EVENTS]], 2)
    w.files[EVENTS] = [r for r in w.files[EVENTS] if r["event_id"] not in gone]
    return f"events not known: {', '.join(gone)}"


@kind
def event_moved(w: World, rng: Random) -> str:
    for row in w.files[EVENTS]:
        if row["kind"] == "law":
            row |= {"start": f"{w.year}-03-01", "end": f"{w.year}-03-01"}
    return f"the law took effect on 1 March {w.year}"


@kind
def event_added(w: World, rng: Random) -> str:
    w.files[EVENTS].append(
        w.files[EVENTS][0]
        | {
            "event_id": "world",
            "kind": "campaign",
            "start": f"{w.year}-05-01",
            "end": f"{w.year}-05-31",
            "nl": "campagne",
            "en": "campaign",
        }
    )
    return f"one more campaign, in May {w.year}"


@kind
def verdicts_flipped(w: World, rng: Random) -> str:
    f = w.figures
    keys = f.loc[
        f["obs_value"].notna() & f["region"].eq("NL") & f["series_id"].ne("cbs_population"),
        [*KEY, "obs_value", "unit_measure"],
    ]
    picked = drawn(rng, sorted(keys.astype(str).agg("|".join, axis=1)), 60)
    done = 0
    for text in picked:
        series, period, sex, age, region, breakdown, number, unit = text.split("|")
        if unit != "percent":
            put(
                w,
                series,
                period,
                max(round(float(number) * rng.uniform(0.7, 1.3)), 0),
                breakdown=breakdown,
                sex=sex,
                age=age,
                region=region,
            )
            done += 1
    return f"{done} figures all over are redrawn, so that verdicts flip"


def coherent(w: World) -> None:
    """Make parts fit their wholes again: a world may be unlikely, but not impossible."""
    total, growth = (
        (lambda y: value(w, "helpwanted_requests", y)),
        value(w, "helpwanted_requests_change", str(w.year)),
    )
    for year in map(str, range(w.year - 2, w.year + 2)):
        whole = total(year)
        if whole is None and total(str(w.year)) and growth is not None and year == str(w.year - 1):
            whole = (total(str(w.year)) or 0) / (1 + growth / 100)
        subjects = {b: value(w, SUBJECT, year, b) for b in (SEXTORTION, "subject=distribution")}
        held = sum(v or 0 for v in subjects.values())
        if whole is not None and held > 0.9 * whole:
            for breakdown, number in subjects.items():
                if number is not None:
                    put(w, SUBJECT, year, np.floor(0.8 * whole * number / held), breakdown=breakdown)
        public, online = (
            value(w, f"police_reports_public_harassment{tail}", year) for tail in ("", "_online")
        )
        if public is not None and online is not None and online > public:
            put(w, "police_reports_public_harassment_online", year, public)
    for year in (w.year - 1, w.year):
        reports = value(w, "police_reports", str(year))
        halves = {p: value(w, "police_reports_half_year", p) or 0 for p in (f"{year}-H1", f"{year}-H2")}
        if reports is not None and sum(halves.values()) > 1.05 * reports:
            for period, number in halves.items():
                if number:
                    put(w, "police_reports_half_year", period, np.floor(reports * number / 15000))
    both = total(str(w.year)), total(str(w.year - 1))
    if growth is not None and all(both):
        put(w, "helpwanted_requests_change", str(w.year), float(round(100 * (both[0] / both[1] - 1))))
    for wave in waves(w):
        for series in ("cbs_osi_12m", "cbs_osi_5y"):
            if (value(w, series, wave) or 0) > 100:
                put(w, series, wave, 60, age="16+")


# --- worlds -----------------------------------------------------------------------------------------------------


def planned(seed: int, number: int) -> list[str]:
    """Return the kinds of change that a world tries first, in their order: ten worlds of a seed meet all kinds."""
    names = list(KINDS)
    shuffled = drawn(np.random.default_rng([seed, number // 10]), names, len(names))
    share = len(names) / 10
    mine = shuffled[round(number % 10 * share) : round((number % 10 + 1) * share)]
    more = drawn(np.random.default_rng([seed, number, 1]), names, 2)
    return sorted({*mine, *more}, key=names.index)


def world(seed: int, number: int) -> World:
    """Return a world of five changes or more, drawn from a seed; the edition first, then its figures."""
    w, names, mine = real(), list(KINDS), planned(seed, number)
    rng = np.random.default_rng([seed, number, 2])
    for extra in ["", *drawn(rng, names, len(names))]:  # what does not apply is replaced
        for name in [extra] if extra else mine:
            if extra and (len(w.changes) >= 5 or name in mine):
                continue
            told = KINDS[name](w, np.random.default_rng([seed, number, zlib.crc32(name.encode())]))
            if told is not None:
                w.changes.append(f"{name}: {told}")
    coherent(w)
    w.figures = w.figures.reset_index(drop=True)
    return w
