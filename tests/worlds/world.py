"""The inputs of an edition, with methods to look up, write and remove figures; kinds of change, and draws by name."""

import itertools
import zlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

import numpy as np
import pandas as pd

KINDS = {}  # kinds of change by name, in the order in which they are applied
KEY = ["series_id", "time_period", "sex", "age", "region", "breakdown"]
SUBJECT, GROWTH = "helpwanted_requests_subject", "helpwanted_requests_change"
POLICE, HELP = ("police_reports", ""), ("helpwanted_requests", "")
SEXTORTION, DISTRIBUTION = (SUBJECT, "subject=sextortion"), (SUBJECT, "subject=distribution")
ONLINE = ("police_reports_public_harassment_online", "")
OTHERS = ("police_registered_141", "csg_contacts", "meldpunt_reports", "ap_complaints", "om_inflow_sexual")
# series and breakdowns that headlines and sentences cite
CITED = (POLICE, HELP, SEXTORTION, *((series, "") for series in OTHERS), ONLINE, DISTRIBUTION)


@dataclass
class World:
    """An edition, its figures in every vintage, and the tables made by hand."""

    year: int
    as_of: str
    figures: pd.DataFrame
    sources: pd.DataFrame
    files: dict  # rows by name
    series: dict  # by id: title, breaks, ended, publisher, unit
    changes: list = field(default_factory=list)
    notes: list = field(default_factory=list)  # effects of the current change on figures

    def rows_of(self, period, series, breakdown=""):
        """Return the figures for everybody of a series, in one period or in all."""
        f = self.figures
        matches = f["series_id"].eq(series) & f["breakdown"].eq(breakdown)
        matches &= f["sex"].eq("total") & f["age"].isin(("total", "16+"))
        return f[matches if period is None else matches & f["time_period"].eq(str(period))]

    def keys(self):
        """Return the key of every figure as one text."""
        return self.figures[KEY].astype(str).agg("/".join, axis=1)

    def value(self, period, series, breakdown=""):
        """Return the value in the last public vintage, or None."""
        rows = self.rows_of(period, series, breakdown)
        rows = rows[(rows["known_by"] <= self.as_of) & rows["role"].eq("main") & rows["obs_value"].notna()]
        return None if rows.empty else float(rows.sort_values("known_by").iloc[-1]["obs_value"])

    def cited_in_year(self):
        """Return the cited counts with a value in the year of the edition or the year before."""
        years = (self.year, self.year - 1)
        return [cited for cited in CITED if any(self.value(year, *cited) is not None for year in years)]

    def counts_of_year(self):
        """Return the cited counts of the year that are not zero."""
        return [cited for cited in CITED if self.value(self.year, *cited)]

    def last_pair(self, cited):
        """Return the last two consecutive years of a series."""
        periods = set(self.rows_of(None, *cited)["time_period"])
        years = sorted(p for p in periods if len(p) == 4 and self.value(p, *cited))
        pairs = [(a, b) for a, b in itertools.pairwise(years) if int(b) - int(a) == 1 and int(b) <= self.year]
        return pairs[-1] if pairs else None

    def waves(self):
        """Return the survey waves with a figure for everybody."""
        periods = set(self.rows_of(None, "cbs_osi_12m")["time_period"])
        return sorted(p for p in periods if self.value(p, "cbs_osi_12m") is not None)

    def put(self, period, number, series, breakdown="", wording="exact", *, days=-40, vintage=False, **group):
        """Write one figure, replacing the old one or as another vintage, published `days` after the as-of day."""
        entry, day = self.series[series], (date.fromisoformat(self.as_of) + timedelta(days)).isoformat()
        key = {"series_id": series, "time_period": str(period), "breakdown": breakdown}
        key |= {"sex": "total", "age": "total", "region": "NL"} | group
        existing = self.figures[np.logical_and.reduce([self.figures[c] == v for c, v in key.items()])]
        same_series = self.figures[self.figures["series_id"] == series]
        row = (same_series if len(same_series) else self.figures).iloc[-1].to_dict()
        if in_place := bool(len(existing)) and not vintage:
            row = existing.iloc[-1].to_dict()
            self.figures = self.figures.drop(existing.index)
        if not in_place or row["known_by"] > day:
            row |= self.document(entry["publisher"], day)
        low, high, text = limits(number, entry["unit"], wording)
        parts = (series, str(period), *group.values(), breakdown.replace("=", "-"), row["source_id"])
        row |= key | {"obs_id": "/".join(filter(None, parts)), "role": "main", "as_reported": text}
        row |= {c: entry[c] for c in ("publisher", "indicator")} | {"unit_measure": entry["unit"]}
        row |= {"obs_value": float(number), "obs_status": "revised" if vintage else "normal"}
        row |= {"lower": low, "upper": high, "interval_kind": "none" if low == high else "rounding"}
        row |= {"lower_closed": True, "upper_closed": low == high}
        figures = [self.figures, pd.DataFrame([row])[list(self.figures)]]
        self.figures = pd.concat(figures, ignore_index=True)
        self.notes.append(f"{series} {breakdown} {period} = {text}")

    def document(self, publisher, day):
        """Return the source columns of a figure published on a day, and add the document to the sources."""
        name = f"world-{zlib.crc32(f'{publisher}{day}'.encode()):08x}"
        dates = {"published": day, "published_precision": "day", "known_by": day}
        if name not in set(self.sources["source_id"]):
            facts = {"source_id": name, "publisher": publisher, "title": "Cijfers van een andere wereld"}
            source = self.sources.iloc[0].to_dict() | dates | facts | {"url": "", "figures": 1}
            self.sources = pd.concat([self.sources, pd.DataFrame([source])], ignore_index=True)
        return dates | {"source_id": name}

    def drop(self, query, **named):
        """Remove the figures that match a query; `@year` is the year of the edition."""
        removed = self.figures.query(query, local_dict={"year": str(self.year)} | named)
        self.figures = self.figures.drop(removed.index).reset_index(drop=True)
        self.notes += [f"{len(removed)} figures are not there: {query} {named or ''}"] if len(removed) else []

    def drop_year(self, series, breakdown):
        """Remove the figures of a series for the year, for all groups."""
        query = "series_id == @series and time_period == @year and breakdown == @breakdown"
        self.drop(query, series=series, breakdown=breakdown)


def format_number(number):
    """Return a number in Dutch notation."""
    return f"{number:,.{int(number != int(number))}f}".translate(str.maketrans(",.", ".,"))


def limits(number, unit, wording):
    """Return the interval and the text of a number in a given wording."""
    text, step = format_number(number), 10.0 ** max(len(f"{number:.0f}") - 2, 0)
    if unit == "percent":
        step = 1.0 if number == int(number) else 0.1
    elif wording == "exact":
        return number, number, text
    if wording == "ruim":
        return number, number + step, f"ruim {text}"
    return number - step / 2, number + step / 2, f"circa {text}" if wording == "circa" else text


class NothingToDrawError(Exception):
    """The change does not apply to this world."""


def register(**by_name):
    """Register a change under its own name, or under several names with a parameter each.

    A change returns a description if no note of a figure describes it; without either it does not apply.
    """

    def decorate(change):
        variants = {name: partial(change, param=param) for name, param in by_name.items()}
        KINDS.update(variants or {change.__name__: change})
        return change

    return decorate


def draw(rng, options, size=1):
    """Draw options by name, so that adding an option changes few of the other draws."""
    salt = int(rng.integers(2**31))
    return sorted(options, key=lambda o: zlib.crc32(f"{salt}{o}".encode()))[:size]


def draw_one(rng, options):
    if not options:
        raise NothingToDrawError
    return draw(rng, options)[0]


def make_coherent(w):
    """Make parts fit their totals again: a world may be unlikely, but not impossible."""
    growth = w.value(w.year, GROWTH)
    for year in range(w.year - 2, w.year + 2):
        total, requests = w.value(year, *HELP), w.value(w.year, *HELP)
        if total is None and requests and growth is not None and year == w.year - 1:
            total = requests / (1 + growth / 100)
        subjects = {part: w.value(year, SUBJECT, part) for _, part in (SEXTORTION, DISTRIBUTION)}
        subject_sum = sum(v or 0 for v in subjects.values())
        if total is not None and subject_sum > 0.9 * total:
            for breakdown, number in subjects.items():
                if number is not None:
                    w.put(year, np.floor(0.8 * total * number / subject_sum), SUBJECT, breakdown)
        offences, online = w.value(year, "police_reports_public_harassment"), w.value(year, *ONLINE)
        if offences is not None and online is not None and online > offences:
            w.put(year, offences, *ONLINE)
    for year in (w.year - 1, w.year):
        reports = w.value(year, *POLICE)
        half_years = {p: w.value(p, "police_reports_half_year") or 0 for p in (f"{year}-H1", f"{year}-H2")}
        if reports is not None and sum(half_years.values()) > 1.05 * reports:
            for period, number in half_years.items():
                if number:
                    w.put(period, np.floor(reports * number / 15000), "police_reports_half_year")
    current, previous = w.value(w.year, *HELP), w.value(w.year - 1, *HELP)
    if growth is not None and current and previous:
        w.put(w.year, float(round(100 * (current / previous - 1))), GROWTH)
    for wave, series in itertools.product(w.waves(), ("cbs_osi_12m", "cbs_osi_5y")):
        if (w.value(wave, series) or 0) > 100:
            w.put(wave, 60, series, age="16+")
