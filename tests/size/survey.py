"""Worlds of the survey: SIMULATED samples with a known share, or without any change."""

import numpy as np
import pandas as pd
from scipy import special, stats

from osw_stats.meaning.authorities import CODES
from osw_stats.shelf.microdata.estimates import differences_from_microdata, prevalence_from_microdata
from osw_stats.shelf.microdata.pooled import fit, shrink, terms_table
from osw_stats.stats.capacity.authorities import agreement
from osw_stats.stats.survey import SERIES
from osw_stats.stats.survey.changes import differences
from osw_stats.stats.survey.comparing import detectable, difference, newcombe_p, p_range
from osw_stats.stats.survey.intervals import proportion_interval, total_interval, with_rounding
from osw_stats.stats.survey.margins import design_effect
from tests.size.rows import Hits, holds

DEFF = 1.3
WAVES = {"2020": 30_000, "2022": 24_000, "2024": 25_600}


def weighted(rng, p, n):
    """Return the weighted share of a sample; two halves of unequal weight make a design effect of `DEFF`."""
    apart = np.sqrt(DEFF - 1)
    light, heavy = rng.binomial(n // 2, p, 2)
    return float((1 - apart) * light + (1 + apart) * heavy) / (2 * (n // 2))


def one_share(rng, method="wilson", p=0.052, n=25_600) -> Hits:
    return holds(*proportion_interval(weighted(rng, p, n), n, deff=DEFF, method=method), p)


def as_printed(rng, step, n=25_600) -> Hits:
    """A percentage printed in steps, with limits that take in its rounding."""
    p = rng.uniform(0.04, 0.07)
    pct = step * round(100 * weighted(rng, p, n) / step)
    low, high = (100 * end for end in proportion_interval(pct / 100, n, deff=DEFF))
    return holds(*with_rounding(pct, (low, high), (pct - step / 2, pct + step / 2), 0.05), 100 * p)


def implied_effect(rng, p=0.052, n=25_600) -> Hits:
    """Limits of everyone with the design effect that limits of groups imply, as printed in tenths."""
    rows = []
    for at, (share, size) in enumerate(((0.18, 1300), (0.25, 1200), (0.05, 11_000), (0.033, 11_300))):
        found = weighted(rng, share, size)
        numbers = [round(100 * x, 1) for x in (found, *proportion_interval(found, size, deff=DEFF))]
        group = {"time_period": "2024", "sex": "total", "age": f"{at}", "obs_id": f"{at}"}
        group |= {"as_reported": f"{numbers[0]:.1f}", "file": "", "row": 1}
        limits = dict(zip(("obs_value", "ci_lower", "ci_upper"), numbers, strict=True))
        rows.append(group | limits | {"series_id": SERIES["margins"]})
        rows.append(group | {"series_id": SERIES["group_respondents"], "obs_value": float(size)})
    deff = design_effect(pd.DataFrame(rows), DEFF, (1.0, 1.6))
    return holds(*proportion_interval(weighted(rng, p, n), n, deff=deff.value), p)


def apart(rng, what, shares, sizes) -> Hits:
    """Whether the limits of a difference, or a ratio, of two shares by itself hold the truth."""
    found = [weighted(rng, p, n) for p, n in zip(shares, sizes, strict=True)]
    d = difference(found[0], sizes[0] / DEFF, found[1], sizes[1] / DEFF)
    if what == "ratio":
        return holds(d.ratio_lower, d.ratio_upper, shares[1] / shares[0])
    return holds(d.lower, d.upper, shares[1] - shares[0])


def people(rng, p=0.052, n=25_600) -> Hits:
    found, size = weighted(rng, p, n), rng.uniform(14.75e6, 14.85e6)
    limits = proportion_interval(found, n, deff=DEFF)
    return holds(*total_interval(found, *limits, 14.8e6, 5e4), p * size)


def of_victims(rng, p, n) -> Hits:
    """A whole percentage, as printed, with limits at both ends of its rounding."""
    printed = round(100 * weighted(rng, p, n)) / 100
    ends = (max(0.0, printed - 0.005), printed + 0.005)
    low, high = (proportion_interval(end, n, deff=DEFF) for end in ends)
    return holds(low[0], high[1], p)


def table(rng, shares) -> pd.DataFrame:
    """Return the announced family of three waves, from shares as printed."""
    cells = []
    for (wave, n), p in zip(WAVES.items(), shares, strict=True):
        pct = round(100 * weighted(rng, p, n), 1)
        cell = {"wave": wave, "sex": "total", "age": "16+", "group": "total", "pct": pct, "n_eff": n / DEFF}
        cell |= {"box_lower": pct - 0.05, "box_upper": pct + 0.05, "n_eff_min": n / DEFF, "grade": "B"}
        cell |= {"interval_kind": "assumed", "source_of_interval": "assumed_deff", "unit": "percent"}
        cells.append(cell | {"definition_version": "d", "observations": wave})
    return differences(pd.DataFrame(cells), alpha=0.05)


def family(rng, shares, what) -> Hits:
    """Whether any change is found, or how many limits of changes or ratios hold the truth."""
    found, (a, b, c) = table(rng, shares), shares
    if what == "found":
        return int(found["finding"].any()), 1
    if what == "ratios":
        return holds(found["ratio_lower"], found["ratio_upper"], np.array([b / a, c / b, c / a]))
    return holds(found["lower"], found["upper"], 100 * np.array([b - a, c - b, c - a]))


def one_change(rng, p, sizes, places, *, worst=False) -> Hits:
    """Two shares as printed, where nothing changed; at worst the sizes are assumed and the rounding unknown."""
    printed = [round(weighted(rng, p, n), places) for n in sizes]
    if not worst:
        return int(newcombe_p(printed[0], sizes[0] / DEFF, printed[1], sizes[1] / DEFF) < 0.05), 1
    boxes = [(x - 0.005, x + 0.005) for x in printed]
    ranges = [(n * 0.8 / 1.6, n * 1.25) for n in sizes]
    return int(p_range(boxes[0], ranges[0], boxes[1], ranges[1])[1] < 0.05), 1


def answers(rng, strata, clusters, size, p, rho=0.02, waves=1, step=0.0) -> pd.DataFrame:
    """Return answers of a stratified cluster sample with uneven weights; shares of clusters vary by a beta law."""
    level = np.array([p + step * wave for wave in range(waves)])[:, None, None]
    scale = (1 - rho) / rho
    of_cluster = rng.beta(level * scale, (1 - level) * scale, (waves, strata, clusters))
    yes = rng.random((waves, strata, clusters, size)) < of_cluster[..., None]
    wave, stratum, cluster, _ = np.indices(yes.shape)
    frame = pd.DataFrame({"wave": wave.ravel(), "stratum": stratum.ravel(), "cluster": cluster.ravel()})
    frame["sex"] = np.where(rng.random(len(frame)) < 0.5, "f", "m")
    return frame.assign(osi_12m=yes.ravel().astype(int), weight=rng.lognormal(0, 0.4, len(frame)))


DESIGN = {"weight": "weight", "strata": ["wave", "stratum"], "cluster": "cluster"}


def design_limits(rng, p, strata, clusters, size, *, people=False) -> Hits:
    row = prevalence_from_microdata(answers(rng, strata, clusters, size, p), by=(), **DESIGN).iloc[0]
    share, lower, upper = (row[name] / 100 for name in ("pct", "lower", "upper"))
    if people:
        return holds(*total_interval(share, lower, upper, 14.8e6, 5e4), p * rng.uniform(14.75e6, 14.85e6))
    return holds(lower, upper, p)


def design_difference(rng, by, step) -> Hits:
    frame = answers(rng, 6, 6, 20, 0.1, waves=2, step=step)
    found = differences_from_microdata(frame, by=by, **DESIGN)
    truth = 100 * step if by == "wave" else 0.0
    if step:
        return holds(found["lower"].item(), found["upper"].item(), truth)
    return int(found["p"].item() < 0.05), 1


def cells(rng, tau) -> tuple[pd.DataFrame, np.ndarray]:
    """Return cells of three waves and six groups that vary by `tau` around the model, and their log odds in the model."""
    groups, waves = rng.normal(-2.5, 0.6, 6), np.array([0.0, 0.15, -0.05])
    model = waves[:, None] + groups
    truth = special.expit(model + rng.normal(0, tau, (3, 6)))
    n = rng.integers(300, 3000, (3, 6)).astype(float)
    rows = [(w, f"g{g}") for w in WAVES for g in range(6)]
    frame = pd.DataFrame(rows, columns=["wave", "group"])
    frame["truth"] = truth.ravel()
    return frame.assign(n_eff=n.ravel(), y=rng.binomial(n.astype(int), truth).ravel().astype(float)), model


def model_terms(rng, column, tau) -> Hits:
    """How many limits of waves, or of groups where an odds ratio is asked for, hold the truth."""
    frame, truth = cells(rng, tau)
    terms = terms_table(fit(frame), {f"g{g}": 1.0 for g in range(6)}).set_index("term")
    shares, odds = 100 * special.expit(truth), np.exp(truth - truth[0, 0])
    if column == "ame":
        effects = [*(shares.mean(axis=1)[1:] - shares.mean(axis=1)[0]), *(shares[2, 1:] - shares[2, 0])]
    else:
        effects = [*odds[1:, 0], *odds[0, 1:]]
    of = terms.loc[["wave2022", "wave2024", *(f"groupg{g}" for g in range(1, 6))]]
    return holds(of[f"{column}_lower"], of[f"{column}_upper"], np.array(effects))


def interaction(rng) -> Hits:
    """Whether groups are found to have changed differently where they did not."""
    model = fit(cells(rng, 0.0)[0])
    return int(stats.chi2.sf(model.deviance, model.df_resid) < 0.05), 1


def shrunken(rng) -> Hits:
    frame, _ = cells(rng, 0.15)
    found = shrink(fit(frame))
    return holds(found["lower"], found["upper"], 100 * frame["truth"].to_numpy())


def seen(rng, df) -> Hits:
    """A change of the size that planning calls seen, with a variance that is itself estimated."""
    p, n, m = 0.1, 900.0, 800.0
    d = detectable(p, n, m, df=df)
    se = np.sqrt(p * (1 - p) / n + (p + d) * (1 - p - d) / m)
    estimated = se * np.sqrt(rng.chisquare(df) / df)
    return int(abs(rng.normal(d, se)) > stats.t.isf(0.025, df) * estimated), 1


def two_codings(rng, kappa, cells=60) -> pd.DataFrame:
    """Return what two coders made of it who both see the code of a cell with a chance of kappa, and else guess, each for himself."""
    seen, *guessed = rng.choice(list(CODES), (3, cells))
    frame = pd.DataFrame({"body": np.arange(cells), "question": 1, "quote": ""})
    both = rng.random(cells) < kappa
    a, b = (np.where(both, seen, own) for own in guessed)
    return pd.concat([frame.assign(coder="a", code=a), frame.assign(coder="b", code=b)])


def coders(rng, kappa) -> Hits:
    table = agreement(two_codings(rng, kappa))[0]
    return holds(table["lower"], table["upper"], kappa)
