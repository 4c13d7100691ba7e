"""Kinds of change to years, dates and counts: published, missing, hedged, revised or with other values."""

import itertools
import zlib

import numpy as np

from tests.worlds.world import CITED, GROWTH, KINDS, SUBJECT, draw, draw_one, format_number, register

POLICE, HELP, SEXTORTION = CITED[:3]
OF_THE_YEAR = "time_period.str[:4] >= @year and series_id != 'cbs_population'"


@register()
def year_moved(w, rng):
    w.year = int(rng.choice([w.year - 1, w.year + 1, w.year + 1, w.year + 2]))
    if w.as_of < f"{w.year + 1}-03-01":
        w.as_of = f"{w.year + 1}-11-23"
    return f"the edition is about {w.year}, as of {w.as_of}"


@register(
    as_of_early=lambda year, rng: f"{year + 1}-{rng.integers(1, 7):02d}-28",
    as_of_late=lambda year, rng: f"{year + int(rng.integers(3, 6))}-06-30",  # after the deadlines
)
def as_of(w, rng, param):
    w.as_of = param(w.year, rng)
    return w.as_of


@register()
def year_told(w, rng):
    """Missing figures of the year are published."""
    for cited, year in itertools.product(CITED[:6], (w.year - 1, w.year)):
        before = w.value(year - 1, *cited)
        if w.value(year, *cited) is None and before:
            w.put(year, round(before * rng.uniform(0.7, 1.4)), *cited)
    total, before = (w.value(y, *HELP) for y in (w.year, w.year - 1))
    if w.value(w.year, GROWTH) is None and total and before:
        w.put(w.year, round(100 * (total / before - 1), 1), GROWTH)
    return "all told counts are there"


@register()
def next_year_there(w, rng):
    for cited in w.counts_of_year():
        if rng.random() < 0.8:
            w.put(w.year + 1, round(w.value(w.year, *cited) * rng.uniform(0.6, 1.5)), *cited)


@register(
    turned=lambda rng, a, b: (a, max(round(a * a / b), 1)),
    large_step=lambda rng, a, b: (a, round(a * rng.choice([0.3, 0.45, 1.9, 2.6]))),
    nil_step=lambda rng, a, b: (a, a),
    very_small=lambda rng, a, b: rng.integers(1, 9, 2),
    very_large=lambda rng, a, b: [round(n * rng.uniform(90, 110)) for n in (a, b)],
)
def step(w, rng, param):
    """Change the last two years of a cited series, most often a headline one."""
    pairs = [(c, p) for c in CITED if (p := w.last_pair(c))]
    headline = [pair for pair in pairs if pair[0][0] in ("police_reports", SUBJECT)]
    cited, years = draw_one(rng, headline if headline and rng.random() < 0.7 else pairs)
    before = [w.value(year, *cited) for year in years]
    for year, old, number in zip(years, before, param(rng, *before), strict=True):
        if number != old:
            w.put(year, number, *cited)
    return f"{cited} {years}: {before} before"


@register(
    all_turned=(CITED, lambda rng, a, b: max(round(a * a / b), 1)),
    small_steps=((POLICE, SEXTORTION), lambda rng, a, b: round(a * rng.uniform(0.97, 1.03))),
)
def steps(w, rng, param):
    for cited in param[0]:
        if pair := w.last_pair(cited):
            w.put(pair[1], param[1](rng, *(w.value(p, *cited) for p in pair)), *cited)
    growth = w.value(w.year, GROWTH)
    if param[0] == CITED and growth:
        w.put(w.year, -round(100 * growth / (100 + growth)), GROWTH)


@register()
def redrawn(w, rng):
    for cited, year in itertools.product(w.cited_in_year(), (w.year - 1, w.year)):
        current = w.value(year, *cited)
        if current and rng.random() < 0.7:
            w.put(year, max(round(current * rng.uniform(0.85, 1.15)), 1), *cited)


@register()
def growth_redrawn(w, rng):
    w.put(w.year, float(rng.choice([-34, -12.5, -3, 0, 1, 4.5, 9, 18, 62])), GROWTH)
    w.drop("series_id == 'helpwanted_requests' and time_period == @before", before=str(w.year - 1))


@register()
def half_years_redrawn(w, rng):
    total = w.value(w.year, *POLICE) or 15000
    first = round(total * rng.uniform(0.42, 0.58))
    w.put(f"{w.year}-H1", first, "police_reports_half_year")
    w.put(f"{w.year}-H2", total - first, "police_reports_half_year")
    w.put(f"{w.year}-H2", float(rng.integers(-20, 30)), "police_reports_half_year_change")


@register()
def total_before_published(w, rng):
    total, growth = w.value(w.year, *HELP), w.value(w.year, GROWTH)
    if total and growth is not None:
        w.put(w.year - 1, round(total / (1 + growth / 100)), *HELP)


@register(
    online_counted=("police_reports_online", 1500, 4000), protocol_counted=("csg_online_protocol", 40, 300)
)
def counted(w, rng, param):
    """Publish counts that nobody keeps today, for two years."""
    for year in (w.year - 1, w.year):
        w.put(year, int(rng.integers(*param[1:])), param[0])


def draw_one_in_twenty(w, rng):
    salt, keys = int(rng.integers(2**31)), w.keys()
    return keys.index[[zlib.crc32(f"{salt}{k}".encode()) % 20 == 0 for k in keys]]


KINDS.update(
    told_missing=lambda w, rng: w.drop_year(*draw_one(rng, w.cited_in_year())),
    any_missing=lambda w, rng: w.drop("index in @lost", lost=draw_one_in_twenty(w, rng)),
    growth_without_count=lambda w, _: w.drop("series_id == 'helpwanted_requests' and time_period == @year"),
    nothing=lambda w, _: w.drop(OF_THE_YEAR),
    groups_missing=lambda w, _: w.drop("series_id == 'cbs_osi_12m' and age != '16+'"),
    no_fte=lambda w, _: w.drop("unit_measure in ('fte', 'staff')"),
    budget_missing=lambda w, _: w.drop("series_id == 'ap_budget' and breakdown == 'concept=needed'"),
)


@register()
def count_without_growth(w, rng):
    w.drop("series_id == @growth and time_period == @year", growth=GROWTH)
    if w.value(w.year - 1, *HELP) is None:
        w.put(w.year - 1, round((w.value(w.year, *HELP) or 12000) * rng.uniform(0.7, 1.2)), *HELP)


@register(withheld="withheld", not_registered="not_registered", not_found="not_found")
def without_value(w, rng, param):
    """A count of the year has a reason instead of a value."""
    cited = draw_one(rng, w.cited_in_year())
    index = w.rows_of(w.year, *cited).index
    w.figures.loc[index, ["obs_value", "lower", "upper"]] = np.nan
    w.figures.loc[index, ["interval_kind", "obs_status", "as_reported"]] = ["none", param, ""]
    return cited if len(index) else None


@register()
def range_only(w, rng):
    cited = draw_one(rng, w.counts_of_year())
    index, current = w.rows_of(w.year, *cited).index, w.value(w.year, *cited)
    low, high = round(current * 0.9), round(current * 1.2)
    words = f"tussen {format_number(low)} en {format_number(high)}"
    w.figures.loc[index, ["obs_value", "lower", "upper"]] = [np.nan, float(low), float(high)]
    w.figures.loc[index, ["interval_kind", "as_reported"]] = ["published", words]
    return f"{cited} {words}"


@register(circa="circa", ruim="ruim")
def worded(w, rng, param):
    """Counts of the year are printed with a hedge, in two significant digits."""
    for cited in draw(rng, w.counts_of_year(), 3):
        w.put(w.year, float(f"{w.value(w.year, *cited):.2g}"), *cited, param)


@register()
def zero(w, rng):
    key = draw_one(rng, [*w.cited_in_year(), ("csg_online_protocol", ""), ("police_reports_sexchatting", "")])
    w.put(w.year, 0, *key)


@register()
def half_filled(w, rng):
    """Half of a publisher's figures of the year are missing."""
    keys, here = w.keys(), "time_period.str[:4] == @year and region == 'NL' and series_id != 'cbs_population'"
    publishers = w.figures.query(here, local_dict={"year": str(w.year)})["publisher"]
    publisher = draw_one(rng, [p for p, n in publishers.value_counts().items() if n > 2])
    of_year = sorted(set(keys[publishers.index[publishers.eq(publisher)]]))
    w.drop("index in @lost", lost=keys.index[keys.isin(draw(rng, of_year, len(of_year) // 2))])
    return publisher


@register()
def almost_nothing(w, rng):
    """Only four series have figures of the year or later."""
    rows = w.figures.query(OF_THE_YEAR, local_dict={"year": str(w.year)})
    w.drop(f"{OF_THE_YEAR} and series_id not in @kept", kept=draw(rng, sorted(set(rows["series_id"])), 4))


@register()
def provisional(w, rng):
    matches = w.figures["time_period"].str[:4].eq(str(w.year)) & w.figures["obs_status"].eq("normal")
    w.figures.loc[matches, "obs_status"] = "provisional"
    return int(matches.sum())


@register(revised_before=-5, revised_after=30)
def revised(w, rng, param):
    """A count of the year was revised `param` days after the as-of day."""
    cited = draw_one(rng, w.counts_of_year())
    new = round(w.value(w.year, *cited) * rng.uniform(0.8, 1.2)) + 1
    w.put(w.year, new, *cited, days=param, vintage=True)


@register()
def out_after(w, rng):
    cited = draw_one(rng, w.counts_of_year())
    current = w.value(w.year, *cited)
    w.drop_year(*cited)
    w.put(w.year, current, *cited, days=20)
