"""Kinds of change: another year or day, other counts, counts published, not published, printed with a hedge or revised."""

import itertools
import zlib

import numpy as np

from tests.worlds.world import GROWTH, KINDS, SUBJECT, TOLD, drawn, kinds, one, printed

POLICE, HELP, SEXTORTION = TOLD[:3]
OF_THE_YEAR = "time_period.str[:4] >= @year and series_id != 'cbs_population'"


@kinds()
def year_moved(w, rng):
    w.year = int(rng.choice([w.year - 1, w.year + 1, w.year + 1, w.year + 2]))
    if w.as_of < f"{w.year + 1}-03-01":
        w.as_of = f"{w.year + 1}-11-23"
    return f"the edition is about {w.year}, as of {w.as_of}"


@kinds(
    as_of_early=lambda year, rng: f"{year + 1}-{rng.integers(1, 7):02d}-28",
    as_of_late=lambda year, rng: f"{year + int(rng.integers(3, 6))}-06-30",  # deadlines are passed
)
def as_of(w, rng, taken):
    w.as_of = taken(w.year, rng)
    return w.as_of


@kinds()
def year_told(w, rng):
    """Figures of the year that are not there are published."""
    for told, year in itertools.product(TOLD[:6], (w.year - 1, w.year)):
        before = w.value(year - 1, *told)
        if w.value(year, *told) is None and before:
            w.put(year, round(before * rng.uniform(0.7, 1.4)), *told)
    total, before = (w.value(y, *HELP) for y in (w.year, w.year - 1))
    if w.value(w.year, GROWTH) is None and total and before:
        w.put(w.year, round(100 * (total / before - 1), 1), GROWTH)
    return "all told counts are there"


@kinds()
def next_year_there(w, rng):
    for told in w.counts_of_year():
        if rng.random() < 0.8:
            w.put(w.year + 1, round(w.value(w.year, *told) * rng.uniform(0.6, 1.5)), *told)


@kinds(
    turned=lambda rng, a, b: (a, max(round(a * a / b), 1)),
    large_step=lambda rng, a, b: (a, round(a * rng.choice([0.3, 0.45, 1.9, 2.6]))),
    nil_step=lambda rng, a, b: (a, a),
    very_small=lambda rng, a, b: rng.integers(1, 9, 2),
    very_large=lambda rng, a, b: [round(n * rng.uniform(90, 110)) for n in (a, b)],
)
def step(w, rng, taken):
    """The last two years of a told series have other counts; of the headline ones most often."""
    pairs = [(t, p) for t in TOLD if (p := w.last_pair(t))]
    head = [pair for pair in pairs if pair[0][0] in ("police_reports", SUBJECT)]
    told, years = one(rng, head if head and rng.random() < 0.7 else pairs)
    before = [w.value(year, *told) for year in years]
    for year, was, number in zip(years, before, taken(rng, *before), strict=True):
        if number != was:
            w.put(year, number, *told)
    return f"{told} {years}: {before} before"


@kinds(
    all_turned=(TOLD, lambda rng, a, b: max(round(a * a / b), 1)),
    small_steps=((POLICE, SEXTORTION), lambda rng, a, b: round(a * rng.uniform(0.97, 1.03))),
)
def steps(w, rng, taken):
    for told in taken[0]:
        if pair := w.last_pair(told):
            w.put(pair[1], taken[1](rng, *(w.value(p, *told) for p in pair)), *told)
    growth = w.value(w.year, GROWTH)
    if taken[0] == TOLD and growth:
        w.put(w.year, -round(100 * growth / (100 + growth)), GROWTH)


@kinds()
def redrawn(w, rng):
    for told, year in itertools.product(w.told_in_year(), (w.year - 1, w.year)):
        now = w.value(year, *told)
        if now and rng.random() < 0.7:
            w.put(year, max(round(now * rng.uniform(0.85, 1.15)), 1), *told)


@kinds()
def growth_redrawn(w, rng):
    w.put(w.year, float(rng.choice([-34, -12.5, -3, 0, 1, 4.5, 9, 18, 62])), GROWTH)
    w.drop("series_id == 'helpwanted_requests' and time_period == @before", before=str(w.year - 1))


@kinds()
def half_years_redrawn(w, rng):
    total = w.value(w.year, *POLICE) or 15000
    first = round(total * rng.uniform(0.42, 0.58))
    w.put(f"{w.year}-H1", first, "police_reports_half_year")
    w.put(f"{w.year}-H2", total - first, "police_reports_half_year")
    w.put(f"{w.year}-H2", float(rng.integers(-20, 30)), "police_reports_half_year_change")


@kinds()
def total_before_published(w, rng):
    total, growth = w.value(w.year, *HELP), w.value(w.year, GROWTH)
    if total and growth is not None:
        w.put(w.year - 1, round(total / (1 + growth / 100)), *HELP)


@kinds(
    online_counted=("police_reports_online", 1500, 4000), protocol_counted=("csg_online_protocol", 40, 300)
)
def counted(w, rng, taken):
    """What nobody counts today is published for two years."""
    for year in (w.year - 1, w.year):
        w.put(year, int(rng.integers(*taken[1:])), taken[0])


def one_in_twenty(w, rng):
    salt, keys = int(rng.integers(2**31)), w.keys()
    return keys.index[[zlib.crc32(f"{salt}{k}".encode()) % 20 == 0 for k in keys]]


KINDS.update(
    told_missing=lambda w, rng: w.gone(*one(rng, w.told_in_year())),
    any_missing=lambda w, rng: w.drop("index in @lost", lost=one_in_twenty(w, rng)),
    growth_without_count=lambda w, _: w.drop("series_id == 'helpwanted_requests' and time_period == @year"),
    nothing=lambda w, _: w.drop(OF_THE_YEAR),
    groups_missing=lambda w, _: w.drop("series_id == 'cbs_osi_12m' and age != '16+'"),
    no_fte=lambda w, _: w.drop("unit_measure in ('fte', 'staff')"),
    budget_missing=lambda w, _: w.drop("series_id == 'ap_budget' and breakdown == 'concept=needed'"),
)


@kinds()
def count_without_growth(w, rng):
    w.drop("series_id == @growth and time_period == @year", growth=GROWTH)
    if w.value(w.year - 1, *HELP) is None:
        w.put(w.year - 1, round((w.value(w.year, *HELP) or 12000) * rng.uniform(0.7, 1.2)), *HELP)


@kinds(withheld="withheld", not_registered="not_registered", not_found="not_found")
def without_value(w, rng, taken):
    """A count of the year has no value, and a reason."""
    told = one(rng, w.told_in_year())
    index = w.rows_of(w.year, *told).index
    w.figures.loc[index, ["obs_value", "lower", "upper"]] = np.nan
    w.figures.loc[index, ["interval_kind", "obs_status", "as_reported"]] = ["none", taken, ""]
    return told if len(index) else None


@kinds()
def range_only(w, rng):
    told = one(rng, w.counts_of_year())
    index, now = w.rows_of(w.year, *told).index, w.value(w.year, *told)
    low, high = round(now * 0.9), round(now * 1.2)
    words = f"tussen {printed(low)} en {printed(high)}"
    w.figures.loc[index, ["obs_value", "lower", "upper"]] = [np.nan, float(low), float(high)]
    w.figures.loc[index, ["interval_kind", "as_reported"]] = ["published", words]
    return f"{told} {words}"


@kinds(circa="circa", ruim="ruim")
def worded(w, rng, taken):
    """Counts of the year are printed with a hedge, in two digits."""
    for told in drawn(rng, w.counts_of_year(), 3):
        w.put(w.year, float(f"{w.value(w.year, *told):.2g}"), *told, taken)


@kinds()
def zero(w, rng):
    told = one(rng, [*w.told_in_year(), ("csg_online_protocol", ""), ("police_reports_sexchatting", "")])
    w.put(w.year, 0, *told)


@kinds()
def half_filled(w, rng):
    """Half of what a publisher says of the year is not there."""
    keys, here = w.keys(), "time_period.str[:4] == @year and region == 'NL' and series_id != 'cbs_population'"
    of = w.figures.query(here, local_dict={"year": str(w.year)})["publisher"]
    publisher = one(rng, [p for p, n in of.value_counts().items() if n > 2])
    of_year = sorted(set(keys[of.index[of.eq(publisher)]]))
    w.drop("index in @lost", lost=keys.index[keys.isin(drawn(rng, of_year, len(of_year) // 2))])
    return publisher


@kinds()
def almost_nothing(w, rng):
    """Of the year and later there are four series."""
    rows = w.figures.query(OF_THE_YEAR, local_dict={"year": str(w.year)})
    w.drop(f"{OF_THE_YEAR} and series_id not in @kept", kept=drawn(rng, sorted(set(rows["series_id"])), 4))


@kinds()
def provisional(w, rng):
    hit = w.figures["time_period"].str[:4].eq(str(w.year)) & w.figures["obs_status"].eq("normal")
    w.figures.loc[hit, "obs_status"] = "provisional"
    return int(hit.sum())


@kinds(revised_before=-5, revised_after=30)
def revised(w, rng, taken):
    """A count of the year was revised so many days after the as-of day."""
    told = one(rng, w.counts_of_year())
    new = round(w.value(w.year, *told) * rng.uniform(0.8, 1.2)) + 1
    w.put(w.year, new, *told, days=taken, vintage=True)


@kinds()
def out_after(w, rng):
    told = one(rng, w.counts_of_year())
    now = w.value(w.year, *told)
    w.gone(*told)
    w.put(w.year, now, *told, days=20)
