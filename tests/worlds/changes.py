"""Whole editions made out of the real one: kinds of change, and worlds of several of them at once.

A change is a function of a world and a generator of random numbers. Figures that it writes or takes away are
noted; a change of anything else is returned in words. Nothing of either means that it does not apply. Which
figures it takes is drawn by their keys and not by their place, so that one more figure of the project does not
make other worlds.
"""

from __future__ import annotations

import contextlib
import itertools
import zlib
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from tests.worlds.product import DEADLINES, EVENTS, EVIDENCE, World, real

Random = np.random.Generator
Told = tuple[str, str]  # a series and the part of it
KINDS: dict[str, Callable[[World, Random], Any]] = {}
KEY = ["series_id", "time_period", "sex", "age", "region", "breakdown"]
SUBJECT = "helpwanted_requests_subject"
POLICE, HELP, SEXTORTION = (
    ("police_reports", ""),
    ("helpwanted_requests", ""),
    (SUBJECT, "subject=sextortion"),
)
GROWTH = "helpwanted_requests_change"
# what headlines and sentences speak of
TOLD: tuple[Told, ...] = (
    POLICE,
    HELP,
    SEXTORTION,
    ("police_registered_141", ""),
    ("csg_contacts", ""),
    ("meldpunt_reports", ""),
    ("ap_complaints", ""),
    ("om_inflow_sexual", ""),
    ("police_reports_public_harassment_online", ""),
    (SUBJECT, "subject=distribution"),
)
OF_THE_YEAR = "time_period.str[:4] >= @year and series_id != 'cbs_population'"
OF_WAVES = "cbs_(osi_(12m(_persons)?|5y|structural(_share)?)|sgg_12m|phgsg_(respondents|population))"


class NothingToDrawError(Exception):
    """A change does not apply to a world."""


def kinds(**by_name: Any) -> Callable[..., Any]:
    """Enter a change under its own name, or under several, each with what it takes."""

    def enter(change: Callable[..., Any]) -> Callable[..., Any]:
        several = {name: partial(change, taken=taken) for name, taken in by_name.items()}
        KINDS.update(several or {change.__name__: change})
        return change

    return enter


# --- pieces -------------------------------------------------------------------------------------------------


def rows_of(w: World, period: int | str | None, series: str, breakdown: str = "") -> pd.DataFrame:
    """Return everybody's figures of a series, of every period where none is named."""
    f = w.figures
    hit = f["series_id"].eq(series) & f["breakdown"].eq(breakdown)
    hit &= f["sex"].eq("total") & f["age"].isin(("total", "16+"))
    return f[hit if period is None else hit & f["time_period"].eq(str(period))]


def value(w: World, period: int | str, series: str, breakdown: str = "") -> float | None:
    """Return a published value, in its last vintage that is public."""
    rows = rows_of(w, period, series, breakdown)
    rows = rows[(rows["known_by"] <= w.as_of) & rows["role"].eq("main") & rows["obs_value"].notna()]
    return None if rows.empty else float(rows.sort_values("known_by").iloc[-1]["obs_value"])


def printed(number: float) -> str:
    """Return a number as a Dutch text prints it."""
    return f"{number:,.{int(number != int(number))}f}".translate(str.maketrans(",.", ".,"))


def limits(number: float, unit: str, how: str) -> tuple[float, float, str]:
    """Return what the wording of a number leaves open, and the wording."""
    text, step = printed(number), 10.0 ** max(len(f"{number:.0f}") - 2, 0)
    if unit == "percent":
        step = 1.0 if number == int(number) else 0.1
    elif how == "exact":
        return number, number, text
    if how == "ruim":
        return number, number + step, f"ruim {text}"
    return number - step / 2, number + step / 2, f"circa {text}" if how == "circa" else text


def document(w: World, publisher: str, day: str) -> dict[str, str]:
    """Return what a figure says of a document of a publisher that was public on a day; the sources get it."""
    name = f"world-{zlib.crc32(f'{publisher}{day}'.encode()):08x}"
    dates = {"published": day, "published_precision": "day", "known_by": day}
    if name not in set(w.sources["source_id"]):
        title = {"publisher": publisher, "title": "Cijfers van een andere wereld", "url": "", "figures": 1}
        like = w.sources.iloc[0].to_dict() | dates | title | {"source_id": name}
        w.sources = pd.concat([w.sources, pd.DataFrame([like])], ignore_index=True)
    return dates | {"source_id": name}


def put(
    w: World,
    period: int | str,
    number: float,
    series: str,
    breakdown: str = "",
    how: str = "exact",
    *,
    days: int = -40,
    vintage: bool = False,
    **group: str,
) -> None:
    """Write one figure, in place of what there was or as one more vintage, so many days after the as-of day."""
    about, day = w.series[series], (date.fromisoformat(w.as_of) + timedelta(days)).isoformat()
    key = {"series_id": series, "time_period": str(period), "breakdown": breakdown}
    key |= {"sex": "total", "age": "total", "region": "NL"} | group
    old = w.figures[np.logical_and.reduce([w.figures[c] == v for c, v in key.items()])]
    same = w.figures[w.figures["series_id"] == series]
    row = (same if len(same) else w.figures).iloc[-1].to_dict()
    if in_place := bool(len(old)) and not vintage:
        row = old.iloc[-1].to_dict()
        w.figures = w.figures.drop(old.index)
    if not in_place or row["known_by"] > day:
        row |= document(w, about["publisher"], day)
    low, high, text = limits(number, about["unit"], how)
    parts = (series, str(period), *group.values(), breakdown.replace("=", "-"), row["source_id"])
    row |= key | {
        "obs_id": "/".join(filter(None, parts)),
        "publisher": about["publisher"],
        "indicator": about["indicator"],
        "unit_measure": about["unit"],
        "obs_value": float(number),
        "lower": low,
        "upper": high,
        "lower_closed": True,
        "upper_closed": low == high,
        "interval_kind": "none" if low == high else "rounding",
        "obs_status": "revised" if vintage else "normal",
        "as_reported": text,
        "role": "main",
    }
    w.figures = pd.concat([w.figures, pd.DataFrame([row])[list(w.figures)]], ignore_index=True)
    w.notes.append(f"{series} {breakdown} {period} = {text}")


def drawn(rng: Random, options: Any, size: int = 1) -> list[Any]:
    """Draw options by their names, so that one more option does not change what is drawn of the others much."""
    salt = int(rng.integers(2**31))
    return sorted(options, key=lambda o: zlib.crc32(f"{salt}{o}".encode()))[:size]


def one(rng: Random, options: Any) -> Any:
    if not options:
        raise NothingToDrawError
    return drawn(rng, options)[0]


def told_in_year(w: World) -> list[Told]:
    """Return the told counts that have a value in the year of the edition, or the one before."""
    return [t for t in TOLD if any(value(w, y, *t) is not None for y in (w.year, w.year - 1))]


def counts_of_year(w: World) -> list[Told]:
    """Return the told counts of the year, but for a count of nought."""
    return [t for t in TOLD if value(w, w.year, *t)]


def last_pair(w: World, told: Told) -> tuple[str, str] | None:
    """Return the last two years of a series that follow on each other."""
    years = sorted({p for p in rows_of(w, None, *told)["time_period"] if len(p) == 4 and value(w, p, *told)})
    pairs = [(a, b) for a, b in itertools.pairwise(years) if int(b) - int(a) == 1 and int(b) <= w.year]
    return pairs[-1] if pairs else None


def waves(w: World) -> list[str]:
    """Return the waves of the survey that have a figure for everybody."""
    periods = set(rows_of(w, None, "cbs_osi_12m")["time_period"])
    return sorted(p for p in periods if value(w, p, "cbs_osi_12m") is not None)


def drop(w: World, query: str, **named: Any) -> None:
    """Take figures away; `year` is that of the edition."""
    lost = w.figures.query(query, local_dict={"year": str(w.year)} | named)
    w.figures = w.figures.drop(lost.index).reset_index(drop=True)
    w.notes += [f"{len(lost)} figures are not there: {query} {named or ''}"] if len(lost) else []


def gone(w: World, series: str, breakdown: str) -> None:
    """Take the figures of a series for the year away, of every group."""
    query = "series_id == @series and time_period == @year and breakdown == @breakdown"
    drop(w, query, series=series, breakdown=breakdown)


# --- the edition --------------------------------------------------------------------------------------------


@kinds()
def year_moved(w: World, rng: Random) -> Any:
    w.year = int(rng.choice([w.year - 1, w.year + 1, w.year + 1, w.year + 2]))
    if w.as_of < f"{w.year + 1}-03-01":
        w.as_of = f"{w.year + 1}-11-23"
    return f"the edition is about {w.year}, as of {w.as_of}"


@kinds(
    as_of_early=lambda year, rng: f"{year + 1}-{rng.integers(1, 7):02d}-28",
    as_of_late=lambda year, rng: f"{year + int(rng.integers(3, 6))}-06-30",  # deadlines are passed
)
def as_of(w: World, rng: Random, taken: Any) -> Any:
    w.as_of = taken(w.year, rng)
    return w.as_of


# --- steps --------------------------------------------------------------------------------------------------


@kinds()
def year_told(w: World, rng: Random) -> Any:
    """Figures of the year that are not there are published."""
    for told, year in itertools.product(TOLD[:6], (w.year - 1, w.year)):
        before = value(w, year - 1, *told)
        if value(w, year, *told) is None and before:
            put(w, year, round(before * rng.uniform(0.7, 1.4)), *told)
    total, before = (value(w, y, *HELP) for y in (w.year, w.year - 1))
    if value(w, w.year, GROWTH) is None and total and before:
        put(w, w.year, round(100 * (total / before - 1), 1), GROWTH)
    return "all told counts are there"


@kinds()
def next_year_there(w: World, rng: Random) -> Any:
    for told in counts_of_year(w):
        if rng.random() < 0.8:
            put(w, w.year + 1, round((value(w, w.year, *told) or 0) * rng.uniform(0.6, 1.5)), *told)


@kinds(
    turned=lambda rng, a, b: (a, max(round(a * a / b), 1)),
    large_step=lambda rng, a, b: (a, round(a * rng.choice([0.3, 0.45, 1.9, 2.6]))),
    nil_step=lambda rng, a, b: (a, a),
    very_small=lambda rng, a, b: rng.integers(1, 9, 2),
    very_large=lambda rng, a, b: [round(n * rng.uniform(90, 110)) for n in (a, b)],
)
def step(w: World, rng: Random, taken: Any) -> Any:
    """The last two years of a told series have other counts; of the headline ones most often."""
    pairs = [(t, p) for t in TOLD if (p := last_pair(w, t))]
    head = [pair for pair in pairs if pair[0][0] in ("police_reports", SUBJECT)]
    told, years = one(rng, head if head and rng.random() < 0.7 else pairs)
    before = [value(w, year, *told) for year in years]
    for year, was, number in zip(years, before, taken(rng, *before), strict=True):
        if number != was:
            put(w, year, number, *told)
    return f"{told} {years}: {before} before"


@kinds(
    all_turned=(TOLD, lambda rng, a, b: max(round(a * a / b), 1)),
    small_steps=((POLICE, SEXTORTION), lambda rng, a, b: round(a * rng.uniform(0.97, 1.03))),
)
def steps(w: World, rng: Random, taken: Any) -> Any:
    for told in taken[0]:
        if pair := last_pair(w, told):
            put(w, pair[1], taken[1](rng, *(value(w, p, *told) for p in pair)), *told)
    growth = value(w, w.year, GROWTH)
    if taken[0] == TOLD and growth:
        put(w, w.year, -round(100 * growth / (100 + growth)), GROWTH)


@kinds()
def redrawn(w: World, rng: Random) -> Any:
    for told, year in itertools.product(told_in_year(w), (w.year - 1, w.year)):
        now = value(w, year, *told)
        if now and rng.random() < 0.7:
            put(w, year, max(round(now * rng.uniform(0.85, 1.15)), 1), *told)


@kinds()
def growth_redrawn(w: World, rng: Random) -> Any:
    put(w, w.year, float(rng.choice([-34, -12.5, -3, 0, 1, 4.5, 9, 18, 62])), GROWTH)
    drop(w, "series_id == 'helpwanted_requests' and time_period == @before", before=str(w.year - 1))


@kinds()
def half_years_redrawn(w: World, rng: Random) -> Any:
    total = value(w, w.year, *POLICE) or 15000
    first = round(total * rng.uniform(0.42, 0.58))
    put(w, f"{w.year}-H1", first, "police_reports_half_year")
    put(w, f"{w.year}-H2", total - first, "police_reports_half_year")
    put(w, f"{w.year}-H2", float(rng.integers(-20, 30)), "police_reports_half_year_change")


# --- published and not --------------------------------------------------------------------------------------


@kinds()
def total_before_published(w: World, rng: Random) -> Any:
    total, growth = value(w, w.year, *HELP), value(w, w.year, GROWTH)
    if total and growth is not None:
        put(w, w.year - 1, round(total / (1 + growth / 100)), *HELP)


@kinds(
    online_counted=("police_reports_online", 1500, 4000), protocol_counted=("csg_online_protocol", 40, 300)
)
def counted(w: World, rng: Random, taken: Any) -> Any:
    """What nobody counts today is published for the year and the one before."""
    for year in (w.year - 1, w.year):
        put(w, year, int(rng.integers(*taken[1:])), taken[0])


@kinds()
def told_missing(w: World, rng: Random) -> Any:
    gone(w, *one(rng, told_in_year(w)))


@kinds()
def any_missing(w: World, rng: Random) -> Any:
    salt = int(rng.integers(2**31))
    keys = w.figures[KEY].astype(str).agg("/".join, axis=1)
    drop(w, "index in @lost", lost=keys.index[[zlib.crc32(f"{salt}{k}".encode()) % 20 == 0 for k in keys]])


@kinds(
    growth_without_count="series_id == 'helpwanted_requests' and time_period == @year",
    nothing=OF_THE_YEAR,
    groups_missing="series_id == 'cbs_osi_12m' and age != '16+'",
    no_fte="unit_measure in ('fte', 'staff')",
    budget_missing="series_id == 'ap_budget' and breakdown == 'concept=needed'",
)
def missing(w: World, rng: Random, taken: str) -> Any:
    drop(w, taken)


@kinds()
def count_without_growth(w: World, rng: Random) -> Any:
    drop(w, "series_id == @growth and time_period == @year", growth=GROWTH)
    if value(w, w.year - 1, *HELP) is None:
        put(w, w.year - 1, round((value(w, w.year, *HELP) or 12000) * rng.uniform(0.7, 1.2)), *HELP)


@kinds(withheld="withheld", not_registered="not_registered", not_found="not_found")
def without_value(w: World, rng: Random, taken: str) -> Any:
    """A count of the year has no value, and a reason."""
    told = one(rng, told_in_year(w))
    index = rows_of(w, w.year, *told).index
    w.figures.loc[index, ["obs_value", "lower", "upper"]] = np.nan
    w.figures.loc[index, ["interval_kind", "obs_status", "as_reported"]] = ["none", taken, ""]
    return told if len(index) else None


@kinds()
def range_only(w: World, rng: Random) -> Any:
    told = one(rng, counts_of_year(w))
    index, now = rows_of(w, w.year, *told).index, value(w, w.year, *told) or 0
    low, high = round(now * 0.9), round(now * 1.2)
    words = f"tussen {printed(low)} en {printed(high)}"
    w.figures.loc[index, ["obs_value", "lower", "upper"]] = [np.nan, float(low), float(high)]
    w.figures.loc[index, ["interval_kind", "as_reported"]] = ["published", words]
    return f"{told} {words}"


@kinds(circa="circa", ruim="ruim")
def worded(w: World, rng: Random, taken: str) -> Any:
    """Counts of the year are printed with a hedge, in two digits."""
    for told in drawn(rng, counts_of_year(w), 3):
        put(w, w.year, float(f"{value(w, w.year, *told):.2g}"), *told, taken)


@kinds()
def zero(w: World, rng: Random) -> Any:
    told = one(rng, [*told_in_year(w), ("csg_online_protocol", ""), ("police_reports_sexchatting", "")])
    put(w, w.year, 0, *told)


@kinds()
def half_filled(w: World, rng: Random) -> Any:
    """Half of what a publisher says of the year is not there."""
    f, keys = w.figures, w.figures[KEY].astype(str).agg("/".join, axis=1)
    hit = f["time_period"].str[:4].eq(str(w.year)) & f["region"].eq("NL")
    hit &= f["series_id"].ne("cbs_population")
    publisher = one(rng, [p for p, n in f.loc[hit, "publisher"].value_counts().items() if n > 2])
    of_year = sorted(set(keys[hit & f["publisher"].eq(publisher)]))
    drop(w, "index in @lost", lost=keys.index[keys.isin(drawn(rng, of_year, len(of_year) // 2))])
    return publisher


@kinds()
def almost_nothing(w: World, rng: Random) -> Any:
    """Of the year and later there are four series."""
    rows = w.figures.query(OF_THE_YEAR, local_dict={"year": str(w.year)})
    drop(w, f"{OF_THE_YEAR} and series_id not in @kept", kept=drawn(rng, sorted(set(rows["series_id"])), 4))


# --- vintages -----------------------------------------------------------------------------------------------


@kinds()
def provisional(w: World, rng: Random) -> Any:
    hit = w.figures["time_period"].str[:4].eq(str(w.year)) & w.figures["obs_status"].eq("normal")
    w.figures.loc[hit, "obs_status"] = "provisional"
    return int(hit.sum())


@kinds(revised_before=-5, revised_after=30)
def revised(w: World, rng: Random, taken: int) -> Any:
    """A count of the year was revised so many days after the as-of day."""
    told = one(rng, counts_of_year(w))
    new = round((value(w, w.year, *told) or 1) * rng.uniform(0.8, 1.2)) + 1
    put(w, w.year, new, *told, days=taken, vintage=True)


@kinds()
def out_after(w: World, rng: Random) -> Any:
    told = one(rng, counts_of_year(w))
    now = value(w, w.year, *told) or 0
    gone(w, *told)
    put(w, w.year, now, *told, days=20)


# --- the survey ---------------------------------------------------------------------------------------------


@kinds()
def wave_added(w: World, rng: Random) -> Any:
    known = waves(w) or one(rng, [])
    year = w.year if str(w.year) not in known else w.year + int(rng.integers(1, 3))
    new = round((value(w, known[-1], "cbs_osi_12m") or 5) * rng.uniform(0.7, 1.4), 1)
    put(w, year, new, "cbs_osi_12m", age="16+")
    put(w, year, round(new * 148_000, -4), "cbs_osi_12m_persons", how="circa", age="16+")
    put(w, year, 25_000, "cbs_phgsg_respondents", age="16+")
    put(w, year, 14_900_000, "cbs_phgsg_population", age="16+")


@kinds(
    wave_removed=lambda rng, known: known[1:2] if len(known) > 2 else [],
    two_waves=lambda rng, known: known[:-2],
    one_wave=lambda rng, known: (known[1:], known[:-1])[rng.integers(2)],
)
def waves_missing(w: World, rng: Random, taken: Any) -> Any:
    lost = taken(rng, waves(w))
    drop(w, "series_id.str.fullmatch(@of_waves) and time_period in @lost", of_waves=OF_WAVES, lost=lost)


@kinds()
def waves_redrawn(w: World, rng: Random) -> Any:
    for wave in waves(w):
        new = round(float(rng.uniform(2, 14)), 1)
        put(w, wave, new, "cbs_osi_12m", age="16+")
        if value(w, wave, "cbs_osi_12m_persons"):
            put(w, wave, round(new * 148_000, -4), "cbs_osi_12m_persons", how="circa", age="16+")


@kinds()
def waves_alike(w: World, rng: Random) -> Any:
    for wave in waves(w):
        put(w, wave, 5.2, "cbs_osi_12m", age="16+")


@kinds()
def groups_turned(w: World, rng: Random) -> Any:
    """Groups of the survey change the other way between their first and last wave."""
    query = "series_id == 'cbs_osi_12m' and age != '16+' and obs_value.notna() and role == 'main'"
    for (sex, age), rows in w.figures.query(query).groupby(["sex", "age"]):
        a = rows.groupby("time_period")["obs_value"].last()
        if len(a) > 1:
            put(w, a.index[-1], round(float(a.iloc[0] ** 2 / a.iloc[-1])), "cbs_osi_12m", sex=sex, age=age)


@kinds()
def contact_redrawn(w: World, rng: Random) -> Any:
    yes = int(rng.choice([0, 55, 97]))
    for answer, share in (("yes", yes), ("no", 100 - yes), ("doubting", 0)):
        put(w, 2024, share, "helpwanted_police_contact", f"police_contact={answer}")


# --- series and breaks --------------------------------------------------------------------------------------


def at_another_time(w: World, rng: Random, breaks: list[Any]) -> list[Any]:
    at = str(rng.choice([str(w.year - 1), str(w.year), f"{w.year - 2}-H2"]))
    return [*breaks[:-1], (at, breaks[-1][1])]


def one_more(w: World, rng: Random, breaks: list[Any]) -> list[Any]:
    text = {"nl": "Er werd anders geteld.", "en": "The counting changed."}
    return sorted([*breaks, (str(w.year), text)], key=lambda b: b[0])


@kinds(
    break_moved=(at_another_time, []),
    break_removed=(lambda *_: [], ["cbs_osi_12m"]),
    break_added=(one_more, ["cbs_osi_12m"]),
)
def breaks(w: World, rng: Random, taken: Any) -> Any:
    """A told series, or the survey, has other breaks: one that has some, or any where one is added."""
    changed, more = taken
    told = [t[0] for t in TOLD] + more
    options = [s for s, about in w.series.items() if about["breaks"] and s in told]
    series = one(rng, told if changed is one_more else options)
    w.series[series]["breaks"] = changed(w, rng, w.series[series]["breaks"])
    return f"{series} at {[at for at, _ in w.series[series]['breaks']]}"


@kinds()
def series_ended(w: World, rng: Random) -> Any:
    series = one(rng, [t[0] for t in TOLD])
    w.series[series]["ended"] = str(w.year - 1)
    drop(w, "series_id == @series and time_period.str[:4] >= @year", series=series)
    return series


@kinds()
def series_begun(w: World, rng: Random) -> Any:
    """A series has no figure before the year."""
    series, _ = one(rng, [t for t in TOLD if t != HELP])
    drop(w, "series_id == @series and time_period.str[:4] < @year", series=series)
    return series


def new_series(w: World, name: str, like: str, nl: str, en: str, **about: str) -> None:
    """Add a series that is like another but for its name, its title and what else is said."""
    own = {"like": like, "indicator": name, "breaks": [], "title": {"nl": nl, "en": en}}
    w.series[name] = w.series[like] | own | about


@kinds()
def new_publisher(w: World, rng: Random) -> Any:
    titles = ("Meldingen bij het Landelijk Meldpunt", "Reports to the National Desk")
    new_series(w, "world_reports", "police_reports", *titles, publisher="Landelijk Meldpunt")
    for year in (w.year - 1, w.year):
        put(w, year, int(rng.integers(100, 9000)), "world_reports")


# --- capacity -----------------------------------------------------------------------------------------------


@kinds()
def fte_for_subject(w: World, rng: Random) -> Any:
    titles = ("AP, fte voor online seksueel geweld", "AP, fte for online sexual violence")
    new_series(w, "ap_osv_fte", "ap_fte", *titles)
    put(w, w.year, int(rng.integers(2, 20)), "ap_osv_fte", "concept=occupied")


@kinds()
def fte_one_missing(w: World, rng: Random) -> Any:
    concepts = {
        "acm_dsa_fte": ("funded", "needed"),
        "cvdm_fte_growth": ("needed", "supported"),
        "cvdm_fte": ("occupied",),
    }
    options = [(series, f"concept={concept}") for series, of in concepts.items() for concept in of]
    series, part = one(rng, options)
    drop(w, "series_id == @series and breakdown == @part", series=series, part=part)


@kinds()
def gap_turned(w: World, rng: Random) -> Any:
    """ACM or CvdM have as many fte as they need, or more."""
    which = int(rng.integers(3))
    if which != 1:
        put(w, 2024, float(rng.choice([60, 72])), "acm_dsa_fte", "concept=funded")
    if which != 0:
        put(w, 2027, float(rng.choice([32, 40.5])), "cvdm_fte_growth", "concept=supported")


@kinds(budget_needed=(2024, 9_500_000, "acm_dsa_budget"), budget_turned=(2023, 30_000_000, "ap_budget"))
def budget(w: World, rng: Random, taken: Any) -> Any:
    """The ACM names an amount that it needs; the AP needs less than it is allocated."""
    put(w, *taken, "concept=needed")


@kinds()
def money_redrawn(w: World, rng: Random) -> Any:
    rows = w.figures[w.figures["series_id"].eq("government_budget")]
    for _, row in rows.iterrows():
        if rng.random() < 0.5:
            new = round(row["obs_value"] * rng.uniform(0.5, 1.6), -5)
            put(w, row["time_period"], new, "government_budget", row["breakdown"])
    return f"of {len(rows)} amounts"


# --- tables by hand -----------------------------------------------------------------------------------------


@kinds()
def deadlines_done(w: World, rng: Random) -> Any:
    evidence = w.files[EVIDENCE]
    ids = drawn(rng, sorted({row["deadline"] for row in evidence}), 3)
    for row in evidence:
        if row["deadline"] in ids and row["published"]:
            row |= {"finding": "done", "done_on": row["published"]}
    return ids


@kinds()
def deadlines_moved(w: World, rng: Random) -> Any:
    years = int(rng.choice([-3, 4]))
    for row, column in itertools.product(w.files[DEADLINES], ("date_earliest", "date_latest")):
        if row[column]:
            row[column] = f"{int(row[column][:4]) + years}{row[column][4:]}"
    return f"{years} years"


@kinds()
def deadlines_fewer(w: World, rng: Random) -> Any:
    kept = set(drawn(rng, sorted({row["id"] for row in w.files[DEADLINES]}), 4))
    w.files[DEADLINES] = [r for r in w.files[DEADLINES] if r["id"] in kept]
    w.files[EVIDENCE] = [r for r in w.files[EVIDENCE] if r["deadline"] in kept] or w.files[EVIDENCE]
    return sorted(kept)


@kinds()
def event_removed(w: World, rng: Random) -> Any:
    lost = drawn(rng, [r["event_id"] for r in w.files[EVENTS]], 2)
    w.files[EVENTS] = [r for r in w.files[EVENTS] if r["event_id"] not in lost]
    return lost


@kinds()
def event_moved(w: World, rng: Random) -> Any:
    """The law took effect in the year."""
    day = f"{w.year}-03-01"
    law = {"start": day, "end": day}
    w.files[EVENTS] = [row | law if row["kind"] == "law" else row for row in w.files[EVENTS]]
    return w.year


@kinds()
def event_added(w: World, rng: Random) -> Any:
    new = {"event_id": "world", "kind": "campaign", "nl": "campagne", "en": "campaign"}
    w.files[EVENTS].append(w.files[EVENTS][0] | new | {"start": f"{w.year}-05-01", "end": f"{w.year}-05-31"})
    return f"a campaign in May {w.year}"


@kinds()
def verdicts_flipped(w: World, rng: Random) -> Any:
    """Figures all over are redrawn."""
    f = w.figures
    rows = f.loc[f["obs_value"].notna() & f["region"].eq("NL") & f["series_id"].ne("cbs_population")]
    rows = rows[[*KEY, "obs_value", "unit_measure"]].astype(str).agg("|".join, axis=1)
    for text in drawn(rng, sorted(rows), 60):
        series, period, sex, age, region, breakdown, number, unit = text.split("|")
        if unit != "percent":
            new = max(round(float(number) * rng.uniform(0.7, 1.3)), 0)
            put(w, period, new, series, breakdown, sex=sex, age=age, region=region)


def coherent(w: World) -> None:
    """Make parts fit their wholes again: a world may be unlikely, but not impossible."""
    growth = value(w, w.year, GROWTH)
    for year in range(w.year - 2, w.year + 2):
        whole, later = value(w, year, *HELP), value(w, w.year, *HELP)
        if whole is None and later and growth is not None and year == w.year - 1:
            whole = later / (1 + growth / 100)
        subjects = {b: value(w, year, SUBJECT, b) for b in ("subject=sextortion", "subject=distribution")}
        held = sum(v or 0 for v in subjects.values())
        if whole is not None and held > 0.9 * whole:
            for breakdown, number in subjects.items():
                if number is not None:
                    put(w, year, np.floor(0.8 * whole * number / held), SUBJECT, breakdown)
        both = ("police_reports_public_harassment", "police_reports_public_harassment_online")
        public, online = (value(w, year, series) for series in both)
        if public is not None and online is not None and online > public:
            put(w, year, public, both[1])
    for year in (w.year - 1, w.year):
        reports = value(w, year, *POLICE)
        halves = {p: value(w, p, "police_reports_half_year") or 0 for p in (f"{year}-H1", f"{year}-H2")}
        if reports is not None and sum(halves.values()) > 1.05 * reports:
            for period, number in halves.items():
                if number:
                    put(w, period, np.floor(reports * number / 15000), "police_reports_half_year")
    now, before = value(w, w.year, *HELP), value(w, w.year - 1, *HELP)
    if growth is not None and now and before:
        put(w, w.year, float(round(100 * (now / before - 1))), GROWTH)
    for wave, series in itertools.product(waves(w), ("cbs_osi_12m", "cbs_osi_5y")):
        if (value(w, wave, series) or 0) > 100:
            put(w, wave, 60, series, age="16+")


# --- worlds -------------------------------------------------------------------------------------------------


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
    w, mine = real(), planned(seed, number)
    spare = drawn(np.random.default_rng([seed, number, 2]), list(KINDS), len(KINDS))
    for name in (*mine, *(n for n in spare if n not in mine)):
        if name in mine or len(w.changes) < 5:  # what does not apply is replaced
            told, w.notes = None, []
            with contextlib.suppress(NothingToDrawError):
                told = KINDS[name](w, np.random.default_rng([seed, number, zlib.crc32(name.encode())]))
            if told or w.notes:
                w.changes.append(f"{name}: {told or ''} {'; '.join(w.notes)[:300]}")
    coherent(w)
    w.figures = w.figures.reset_index(drop=True)
    return w
