"""The inputs of a whole edition, which a change may look up, write and take away; kinds of change, and draws by name."""

import itertools
import zlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

import numpy as np
import pandas as pd

KINDS = {}  # a kind of change by its name, in the order in which they are made
KEY = ["series_id", "time_period", "sex", "age", "region", "breakdown"]
SUBJECT, GROWTH = "helpwanted_requests_subject", "helpwanted_requests_change"
POLICE, HELP = ("police_reports", ""), ("helpwanted_requests", "")
SEXTORTION, DISTRIBUTION = (SUBJECT, "subject=sextortion"), (SUBJECT, "subject=distribution")
ONLINE = ("police_reports_public_harassment_online", "")
OTHERS = ("police_registered_141", "csg_contacts", "meldpunt_reports", "ap_complaints", "om_inflow_sexual")
# what headlines and sentences speak of: a series and the part of it
TOLD = (POLICE, HELP, SEXTORTION, *((series, "") for series in OTHERS), ONLINE, DISTRIBUTION)


@dataclass
class World:
    """An edition, its figures in every vintage, and the tables by hand."""

    year: int
    as_of: str
    figures: pd.DataFrame
    sources: pd.DataFrame
    files: dict  # rows by name
    series: dict  # by id: title, breaks, ended, publisher, unit
    changes: list = field(default_factory=list)
    notes: list = field(default_factory=list)  # what the change of now has done to figures

    def rows_of(self, period, series, breakdown=""):
        """Return everybody's figures of a series, of every period where none is named."""
        f = self.figures
        hit = f["series_id"].eq(series) & f["breakdown"].eq(breakdown)
        hit &= f["sex"].eq("total") & f["age"].isin(("total", "16+"))
        return f[hit if period is None else hit & f["time_period"].eq(str(period))]

    def keys(self):
        """Return the key of every figure as one text."""
        return self.figures[KEY].astype(str).agg("/".join, axis=1)

    def value(self, period, series, breakdown=""):
        """Return a published value, in its last vintage that is public; None where there is none."""
        rows = self.rows_of(period, series, breakdown)
        rows = rows[(rows["known_by"] <= self.as_of) & rows["role"].eq("main") & rows["obs_value"].notna()]
        return None if rows.empty else float(rows.sort_values("known_by").iloc[-1]["obs_value"])

    def told_in_year(self):
        """Return the told counts that have a value in the year of the edition, or the one before."""
        years = (self.year, self.year - 1)
        return [t for t in TOLD if any(self.value(year, *t) is not None for year in years)]

    def counts_of_year(self):
        """Return the told counts of the year, but for a count of nought."""
        return [t for t in TOLD if self.value(self.year, *t)]

    def last_pair(self, told):
        """Return the last two years of a series that follow on each other."""
        periods = set(self.rows_of(None, *told)["time_period"])
        years = sorted(p for p in periods if len(p) == 4 and self.value(p, *told))
        pairs = [(a, b) for a, b in itertools.pairwise(years) if int(b) - int(a) == 1 and int(b) <= self.year]
        return pairs[-1] if pairs else None

    def waves(self):
        """Return the waves of the survey that have a figure for everybody."""
        periods = set(self.rows_of(None, "cbs_osi_12m")["time_period"])
        return sorted(p for p in periods if self.value(p, "cbs_osi_12m") is not None)

    def put(self, period, number, series, breakdown="", how="exact", *, days=-40, vintage=False, **group):
        """Write one figure, in place of what there was or as one more vintage, so many days after the as-of day."""
        about, day = self.series[series], (date.fromisoformat(self.as_of) + timedelta(days)).isoformat()
        key = {"series_id": series, "time_period": str(period), "breakdown": breakdown}
        key |= {"sex": "total", "age": "total", "region": "NL"} | group
        old = self.figures[np.logical_and.reduce([self.figures[c] == v for c, v in key.items()])]
        same = self.figures[self.figures["series_id"] == series]
        row = (same if len(same) else self.figures).iloc[-1].to_dict()
        if in_place := bool(len(old)) and not vintage:
            row = old.iloc[-1].to_dict()
            self.figures = self.figures.drop(old.index)
        if not in_place or row["known_by"] > day:
            row |= self.document(about["publisher"], day)
        low, high, text = limits(number, about["unit"], how)
        parts = (series, str(period), *group.values(), breakdown.replace("=", "-"), row["source_id"])
        row |= key | {"obs_id": "/".join(filter(None, parts)), "role": "main", "as_reported": text}
        row |= {c: about[c] for c in ("publisher", "indicator")} | {"unit_measure": about["unit"]}
        row |= {"obs_value": float(number), "obs_status": "revised" if vintage else "normal"}
        row |= {"lower": low, "upper": high, "interval_kind": "none" if low == high else "rounding"}
        row |= {"lower_closed": True, "upper_closed": low == high}
        figures = [self.figures, pd.DataFrame([row])[list(self.figures)]]
        self.figures = pd.concat(figures, ignore_index=True)
        self.notes.append(f"{series} {breakdown} {period} = {text}")

    def document(self, publisher, day):
        """Return what a figure says of a document that was public on a day; the sources get it."""
        name = f"world-{zlib.crc32(f'{publisher}{day}'.encode()):08x}"
        dates = {"published": day, "published_precision": "day", "known_by": day}
        if name not in set(self.sources["source_id"]):
            named = {"source_id": name, "publisher": publisher, "title": "Cijfers van een andere wereld"}
            like = self.sources.iloc[0].to_dict() | dates | named | {"url": "", "figures": 1}
            self.sources = pd.concat([self.sources, pd.DataFrame([like])], ignore_index=True)
        return dates | {"source_id": name}

    def drop(self, query, **named):
        """Take figures away; `year` is that of the edition."""
        lost = self.figures.query(query, local_dict={"year": str(self.year)} | named)
        self.figures = self.figures.drop(lost.index).reset_index(drop=True)
        self.notes += [f"{len(lost)} figures are not there: {query} {named or ''}"] if len(lost) else []

    def gone(self, series, breakdown):
        """Take the figures of a series for the year away, of every group."""
        query = "series_id == @series and time_period == @year and breakdown == @breakdown"
        self.drop(query, series=series, breakdown=breakdown)


def printed(number):
    """Return a number as a Dutch text prints it."""
    return f"{number:,.{int(number != int(number))}f}".translate(str.maketrans(",.", ".,"))


def limits(number, unit, how):
    """Return what the wording of a number leaves open, and the wording."""
    text, step = printed(number), 10.0 ** max(len(f"{number:.0f}") - 2, 0)
    if unit == "percent":
        step = 1.0 if number == int(number) else 0.1
    elif how == "exact":
        return number, number, text
    if how == "ruim":
        return number, number + step, f"ruim {text}"
    return number - step / 2, number + step / 2, f"circa {text}" if how == "circa" else text


class NothingToDrawError(Exception):
    """A change does not apply to a world."""


def kinds(**by_name):
    """Enter a change under its own name, or under several, each with what it takes.

    It returns what it did where no note of a figure says so; nothing means that it does not apply.
    """

    def enter(change):
        several = {name: partial(change, taken=taken) for name, taken in by_name.items()}
        KINDS.update(several or {change.__name__: change})
        return change

    return enter


def drawn(rng, options, size=1):
    """Draw options by their names, so that one more option does not change what is drawn of the others much."""
    salt = int(rng.integers(2**31))
    return sorted(options, key=lambda o: zlib.crc32(f"{salt}{o}".encode()))[:size]


def one(rng, options):
    if not options:
        raise NothingToDrawError
    return drawn(rng, options)[0]


def coherent(w):
    """Make parts fit their wholes again: a world may be unlikely, but not impossible."""
    growth = w.value(w.year, GROWTH)
    for year in range(w.year - 2, w.year + 2):
        whole, later = w.value(year, *HELP), w.value(w.year, *HELP)
        if whole is None and later and growth is not None and year == w.year - 1:
            whole = later / (1 + growth / 100)
        subjects = {part: w.value(year, SUBJECT, part) for _, part in (SEXTORTION, DISTRIBUTION)}
        held = sum(v or 0 for v in subjects.values())
        if whole is not None and held > 0.9 * whole:
            for breakdown, number in subjects.items():
                if number is not None:
                    w.put(year, np.floor(0.8 * whole * number / held), SUBJECT, breakdown)
        public, online = w.value(year, "police_reports_public_harassment"), w.value(year, *ONLINE)
        if public is not None and online is not None and online > public:
            w.put(year, public, *ONLINE)
    for year in (w.year - 1, w.year):
        reports = w.value(year, *POLICE)
        halves = {p: w.value(p, "police_reports_half_year") or 0 for p in (f"{year}-H1", f"{year}-H2")}
        if reports is not None and sum(halves.values()) > 1.05 * reports:
            for period, number in halves.items():
                if number:
                    w.put(period, np.floor(reports * number / 15000), "police_reports_half_year")
    now, before = w.value(w.year, *HELP), w.value(w.year - 1, *HELP)
    if growth is not None and now and before:
        w.put(w.year, float(round(100 * (now / before - 1))), GROWTH)
    for wave, series in itertools.product(w.waves(), ("cbs_osi_12m", "cbs_osi_5y")):
        if (w.value(wave, series) or 0) > 100:
            w.put(wave, 60, series, age="16+")
