"""Worlds of counts: years compared, slopes, the year ahead, rates, regions (SIMULATED)."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd

from osw_stats.shelf import regions
from osw_stats.stats.counts import levels, models, multiyear, trend
from osw_stats.stats.counts.ordinary import Population, steps
from osw_stats.stats.counts.rates import rate_ratio
from osw_stats.stats.counts.yearly import VARIATION, Counted, Point
from osw_stats.stats.survey.comparing import adjust
from tests.simulated_figures import figure, frame, yearly
from tests.size.rows import holds

# what the series of an edition look like: yearly counts of one definition, and their usual size
SHAPE = {
    Counted("police_registered_141"): (12, 7700),
    Counted("police_registered_321"): (12, 430),
    Counted("om_inflow_sexual"): (5, 2400),
    Counted("om_inflow_csam"): (5, 330),
    Counted("ap_complaints"): (6, 18000),
    Counted("csg_victims"): (3, 3300),
    Counted("csg_contacts"): (2, 12000),
    Counted("cbs_registered_sexual"): (2, 9400),
    Counted("police_reports"): (2, 14400),
    Counted("helpwanted_requests"): (3, 10700),
    Counted("helpwanted_requests_subject", "subject=sextortion"): (2, 4800),
}
LAST = 2023  # of every series; one that begins later than the others has no break then
HEADLINES = [Counted("police_reports"), *list(SHAPE)[-2:]]
SPREAD, UNLIKE = 0.12, 0.45  # of series: the usual yearly step, and the spread of its logarithm


def counts(rng, years, mean, spread, truth):
    """Return yearly counts in which nothing changes: steps that add up, years apart, with memory, or negative binomial."""
    if truth == "negative binomial":
        theta = 2 / spread**2
        level = rng.gamma(theta, 1 / theta, years)
    elif truth == "steps add up":
        level = np.exp(np.cumsum(rng.normal(0, spread, years)))
    else:
        memory = 0.5 if truth == "memory .5" else 0.0
        noise = rng.normal(0, spread / math.sqrt(2 * (1 - memory)), years)
        for at in range(1, years):
            noise[at] = memory * noise[at - 1] + math.sqrt(1 - memory**2) * noise[at]
        level = np.exp(noise)
    return [float(n) for n in np.maximum(rng.poisson(mean * level), 1)]


def edition(rng, truth, unlike=UNLIKE):
    """Return the counts of an edition in which nothing changes, each series with a spread of its own."""
    return {
        counted: points_of(counts(rng, years, mean, SPREAD * math.exp(rng.normal(0, unlike)), truth))
        for counted, (years, mean) in SHAPE.items()
    }


def pair_of(made, counted):
    return trend.Pair(counted, *made[counted][-2:])


def lent_by(made):
    lent = {counted: steps([points]) for counted, points in made.items()}
    return {c: s.without([LAST]) if c in HEADLINES else s for c, s in lent.items()}


def one_headline(rng, truth, unlike=UNLIKE, *, planted=False):
    """How many headlines stand out, each by itself; `planted` are changes as large as the page says would be seen."""
    made = edition(rng, truth, unlike)
    population, hits = Population(lent_by(made)), 0
    for counted in HEADLINES:
        pair, ordinary = pair_of(made, counted), population.ordinary(counted)
        if planted:
            n = round(pair.after.value * (1 + trend.against(pair, ordinary, 0.05)["detectable"] / 100))
            pair = replace(pair, after=replace(pair.after, value=n, lower=n, upper=n))
        hits += trend.against(pair, ordinary, 0.05)["p_raw"] < 0.05
    return hits, len(HEADLINES)


def rows_of_table(rng, truth):
    made = edition(rng, truth)
    population, others = Population(lent_by(made)), [c for c in SHAPE if c not in HEADLINES]
    tests = [trend.against(pair_of(made, c), population.ordinary(c, [LAST]), 0.05) for c in others]
    return holds([t["lower"] for t in tests], [t["upper"] for t in tests], 0)


def under(made):
    """Return the headlines under every model, corrected."""
    lent, longest = lent_by(made), [p.value for p in made[VARIATION]]
    populations = models.read_from(lent)
    rows = [
        {"series": c.series_id, "breakdown": c.breakdown, "model": model} | numbers
        for c in HEADLINES
        for model, numbers in models.under_models(pair_of(made, c), lent, populations, longest, 0.05)
    ]
    table = pd.DataFrame(rows).assign(counted=lambda t: t["model"].ne("poisson"))
    return table.assign(p_adj=table.groupby("model")["p_raw"].transform(adjust, "holm", len(HEADLINES)))


def family(rng, truth, how):
    """Whether any verdict of the family is false: under the primary model alone, or as the page says it."""
    strip = under(edition(rng, truth))
    primary = strip[strip["model"].eq(models.PRIMARY)]
    if how == "primary":
        return int(primary["p_adj"].lt(0.05).any()), 1
    judged = models.judge(primary.assign(family="headlines"), strip, alpha=0.05)
    return int(judged["verdict"].eq("more_than_ordinary_variation").any()), 1


def of_model(rng, model):
    """How many intervals of one model hold no change, where its own assumption is true."""
    strip = under(edition(rng, "steps add up", unlike=0.0 if model == "spread_donor" else UNLIKE))
    own = strip[strip["model"].eq(model)]
    return holds(own["lower"], own["upper"], 0)


def points_of(values):
    """Return exact counts of the last years."""
    numbered = enumerate(values, LAST + 1 - len(values))
    return [Point(year, n, n, n, "a.1", ("x",), "published", 1.0) for year, n in numbered]


def by_own_steps(rng, truth, years, spread=SPREAD):
    counted = HEADLINES[1]
    made = {counted: points_of(counts(rng, years, 10_700, spread, truth))}
    lent = {counted: steps([made[counted]]).without([LAST])}
    found = dict(models.under_models(pair_of(made, counted), lent, {}, [], 0.05))["own_steps"]
    return holds(found["lower"], found["upper"], 0)


def of_dispersion(rng, truth, phi=25.0):
    """Whether limits with the variance over the mean of the longest series hold no change, where all have the same."""
    made = {}
    for counted in (VARIATION, *HEADLINES):
        years, mean = SHAPE[counted]
        if truth == "negative binomial":
            values = rng.poisson(rng.gamma(mean / (phi - 1), phi - 1, years))
        else:
            walk = rng.normal(0, math.sqrt((phi - 1) * 2 / mean), years).cumsum()
            values = rng.poisson(mean * np.exp(walk))
        made[counted] = points_of([float(n) for n in np.maximum(values, 1)])
    lent, longest = {VARIATION: steps([made[VARIATION]])}, [p.value for p in made[VARIATION]]
    pairs = [pair_of(made, counted) for counted in HEADLINES]
    found = [dict(models.under_models(pair, lent, {}, longest, 0.05))["phi_donor"] for pair in pairs]
    return holds([f["lower"] for f in found], [f["upper"] for f in found], 0)


def pure_chance(rng, mean, exact):
    x0, x1 = (int(n) for n in rng.poisson([mean, 0.9 * mean]))
    if exact:
        found = rate_ratio(x1, x0)
        return holds(found.exact_lower, found.exact_upper, 0.9)
    made = {HEADLINES[0]: points_of([float(x0), float(x1)])}
    found = dict(models.under_models(pair_of(made, HEADLINES[0]), {}, {}, [], 0.05))["poisson"]
    return holds(found["lower"], found["upper"], -10)


def slope(rng, truth, years):
    """Whether the interval of a slope of 3 percent a year holds it."""
    drift = np.exp(0.03 * np.arange(years))
    made = [float(round(n)) for n in np.array(counts(rng, years, 5000, SPREAD, truth)) * drift]
    figures = frame(*yearly("police_registered_141", LAST + 1 - years, made))
    table = multiyear.slopes(figures, alpha=0.05)
    hits, tried = holds(table["lower"], table["upper"], 100 * math.expm1(0.03))
    return int(hits == tried), 1


def per_inhabitant(rng, mean):
    people = figure("cbs_population", "2024", 17e6, age="0+")
    rows = frame(figure("police_reports", "2024", float(rng.poisson(mean))), people)
    rate = levels.rates(rows, 2024, alpha=0.05).iloc[0]
    return holds(rate["lower"], rate["upper"], mean / 170)


def ahead(rng, truth, years, drift):
    """Whether the printed forecast, by whichever method was chosen, holds the year after."""
    made = np.array(counts(rng, years + 1, 5000, SPREAD, truth)) * np.exp(drift * np.arange(years + 1))
    rows = frame(*yearly("police_registered_141", LAST + 1 - years, [float(round(n)) for n in made[:-1]]))
    table = multiyear.forecasts(rows, alpha=0.05)
    return holds(table["lower"], table["upper"], made[-1])


def place(rng, between, number, what):
    """Whether a named region of the common rate is called above or below, or whether its yearly change holds none."""
    people = rng.lognormal(13.5 if number < 50 else 10.5, 0.7, number).round()
    level = people * 5e-4 * np.exp(rng.normal(0, between, number))
    years = 6 if what == "years" else 1
    steps = np.exp(np.cumsum(rng.normal(0, between / 2, (years, number)), axis=0)) if years > 1 else 1.0
    made = rng.poisson(np.broadcast_to(level * steps, (years, number))).astype(float)
    # every count is large enough to be shown, so that hiding plays no part here
    rows = pd.DataFrame({"count": made.ravel(), "base": np.tile(people, years), "level": "municipality"})
    at, region = np.divmod(np.arange(years * number), number)
    codes = pd.Series(region).map("GM{:04d}".format)
    rows = rows.assign(year=2018 + at, region=codes, name=codes, hidden=False, suppression_reason="")
    if what != "years":
        table = regions.funnel(rows, 2018, "municipality")
        if what == "lines":
            return holds(table["low95"], table["high95"], table["rate"])
        return int(table["outside"].iloc[0] != "no"), 1
    table = regions.years(rows, "GM0000", "1.4.1", alpha=0.05)
    known = table[table["change"].notna()]
    return holds(known["lower"], known["upper"], 0)
