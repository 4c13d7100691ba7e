"""Sensitivity of prevalence: other assumptions about the margin, nonresponse, and the count as printed."""

import numpy as np
import pandas as pd

from osw_stats.errors import InputError, NotPublishedError
from osw_stats.meaning.lookup import all_absent
from osw_stats.meaning.observations import matching, records
from osw_stats.stats.survey import SERIES, Row, ends, ids_of
from osw_stats.stats.survey.comparing import difference
from osw_stats.stats.survey.contracts import columns
from osw_stats.stats.survey.findings import first_and_latest
from osw_stats.stats.survey.groups import EVERYONE, of_everyone, size
from osw_stats.stats.survey.intervals import METHODS, proportion_interval, with_rounding
from osw_stats.stats.survey.margins import DesignEffect
from osw_stats.stats.survey.prevalence import as_printed, everyone, of_publisher

ODDS = (0.5, 1.0, 2.0)  # odds of nonrespondents as a multiple of those of respondents


def sensitivity(prev_estimates: pd.DataFrame, *, deff: DesignEffect, alpha: float) -> pd.DataFrame:
    """Return `prev_sensitivity`: the last share, and its change since the first wave, under alternative assumptions."""
    # The primary variant is that of `prev_estimates`; a single wave has no change. Each other variant changes one
    # thing: the design effect, the interval method, or the value before rounding.
    first, last = first_and_latest(prev_estimates)
    # without an assumed design effect the effective size is varied by the same factor
    assumed = last["source_of_interval"] in ("assumed_deff", "implied_deff")
    factors = {f"deff {d:g}": d / deff.value if assumed else d for d in (deff.low, deff.high)}
    low, high = ([_fix_share(row, f"box_{end}") for row in (first, last)] for end in ("lower", "upper"))
    factors = {"primary": 1.0} | factors
    shares = [(name, last, factor, "wilson") for name, factor in factors.items()]
    shares += [(name, last, 1.0, name) for name in (*METHODS, "logit") if name != "wilson"]
    shares += [("rounding lower", low[1], 1.0, "wilson"), ("rounding upper", high[1], 1.0, "wilson")]
    changes = [(name, first, last, factor) for name, factor in factors.items()]
    changes += [("rounding apart", low[0], high[1], 1.0), ("rounding together", high[0], low[1], 1.0)]
    rows: list[Row] = []
    for name, row, factor, method in shares:
        n_eff = row["n_eff"] / factor
        pct, box = row["pct"], (row["box_lower"], row["box_upper"])
        lower, upper = proportion_interval(pct / 100, n_eff, method=method, alpha=alpha)
        limits = with_rounding(pct, (100 * lower, 100 * upper), box, alpha)
        fields = {"variant": name, "quantity": f"share {row['wave']}", "value": row["pct"], "unit": "percent"}
        fields |= {"lower": limits[0], "upper": limits[1], "grade": row["grade"]}
        fields |= {"method": f"{method}, effective n {n_eff:.0f}", "observations": row["observations"]}
        rows.append(fields)
    for name, a, b, factor in changes if first["wave"] != last["wave"] else ():
        d = difference(a["pct"] / 100, a["n_eff"] / factor, b["pct"] / 100, b["n_eff"] / factor, alpha=alpha)
        fields = {"variant": name, "quantity": f"change {a['wave']} to {b['wave']}", "value": 100 * d.diff}
        fields |= {"lower": 100 * d.lower, "upper": 100 * d.upper, "unit": "percentage_points"}
        fields |= {"grade": max(a["grade"], b["grade"]), "method": "Newcombe"}
        rows.append(fields | {"observations": ids_of(a, b)})
    table = pd.DataFrame(rows, columns=columns("prev_sensitivity"))
    return table.assign(interval_kind=last["interval_kind"], primary=table["variant"].eq("primary"))


def _fix_share(row: Row, end: str) -> Row:
    """Return a row with its share fixed at one end of its rounding interval."""
    return row | {"pct": row[end]} | ends("box", row[end], row[end])


def nonresponse(prev_estimates: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Return `prev_nonresponse`: the share if nonrespondents differ from respondents."""
    # Their odds are assumed to be 0.5, 1 or 2 times those of respondents. The true ratio is unknown; weighting
    # cannot correct for nonresponse that depends on the outcome. Waves with an unknown response rate are
    # left out. `response` and shares are percentages; the limits are the sampling limits under the same factor.
    of_publisher(prev_estimates)
    rows, absent = [], []
    for wave in records(everyone(prev_estimates)):
        try:
            rate, ids, basis = response(observations, wave["wave"])
        except NotPublishedError as error:
            absent.append(error)
            continue
        limits = {"pct": wave["pct"], "lower": wave["ci_lower"], "upper": wave["ci_upper"]}
        fields = {"wave": wave["wave"], "response": 100 * rate, "unit": "percent", "grade": "C"}
        fields |= {"interval_kind": "scenario", "observations": " ".join([wave["observations"], *ids])}
        for odds in ODDS:
            shares = {name: 100 * blend(end / 100, rate, odds) for name, end in limits.items()}
            method = f"{basis}; odds of nonrespondents {odds:g} times those of respondents"
            rows.append(fields | shares | {"odds_ratio": odds, "method": method})
    if not rows:
        raise all_absent(absent)
    return pd.DataFrame(rows, columns=columns("prev_nonresponse"))


def blend(share: float, rate: float, odds_ratio: float) -> float:
    """Return the share in the population when nonrespondents have `odds_ratio` times the odds of respondents.

    >>> round(blend(0.052, 0.256, 2.0), 3), blend(0.052, 0.256, 1.0)
    (0.087, 0.052)
    """
    if not 0 <= share < 1 or not 0 < rate <= 1 or odds_ratio <= 0:
        remedy = "Give 0 <= share < 1, 0 < rate <= 1, odds above 0."
        raise InputError("no share and response", remedy, value=(share, rate, odds_ratio))
    odds = odds_ratio * share / (1 - share)
    return rate * share + (1 - rate) * odds / (1 + odds)


def response(observations: pd.DataFrame, wave: str) -> tuple[float, list[str], str]:
    """Return the response rate of a wave as a share: published, else respondents over the sample."""
    published, *counted = (SERIES[role] for role in ("response_rate", "respondents", "sample"))
    known = observations[(observations["time_period"] == wave) & (observations["obs_value"] > 0)]
    figures = {r["series_id"]: r for r in records(known[known["series_id"].isin([published, *counted])])}
    if row := figures.get(published):
        return row["obs_value"] / 100, [row["obs_id"]], "response as published"
    if missing := [{"series_id": s, "time_period": wave} for s in counted if s not in figures]:
        problem = "the response of this wave is not known"
        raise NotPublishedError(problem, missing[0]["series_id"], value=wave, wanted=missing)
    respondents, sample = (figures[s] for s in counted)
    basis = "response from respondents and sample as published"
    return respondents["obs_value"] / sample["obs_value"], [respondents["obs_id"], sample["obs_id"]], basis


def against_count(observations: pd.DataFrame) -> pd.DataFrame:
    """Return `prev_persons`: share times population against the number of people as printed, by wave."""
    # The population is that of the survey where it was published, else the register as in `groups.size`,
    # never one derived from the printed number itself. `outcome` is "consistent" where share times population
    # is within the range of the printed number, "edge" where only the ranges of rounding overlap, "refuted"
    # where they do not; "no_count" and "no_population" where there is nothing to compare.
    key = {"series_id": SERIES["persons"], "sex": EVERYONE[0], "age": EVERYONE[1], "breakdown": ""}
    counts = {r["time_period"]: r for r in records(observations[matching(observations, key)])}
    rows = []
    for wave, share in sorted(of_everyone(observations, SERIES["share"]).items()):
        count, people = counts.get(wave), size(observations, wave, EVERYONE, implied=False)
        row: Row = {"wave": wave, "pct": share["obs_value"], "persons_basis": "", "persons_as_reported": ""}
        row |= {"grade": "B"} | as_printed(count)
        ids = [share["obs_id"], *([count["obs_id"]] if count else [])]
        if people is not None:
            low, high = people.value - people.half_width, people.value + people.half_width
            row |= {"population": people.value, "product": share["obs_value"] / 100 * people.value}
            row |= ends("population", low, high) | {"persons_basis": people.basis}
            row |= ends("product", share["lower"] / 100 * low, share["upper"] / 100 * high)
            row["grade"] = "B" if people.basis == "survey" else "C"
            ids[1:1] = people.observations
        rows.append(row | {"observations": " ".join(dict.fromkeys(ids))})
    table = pd.DataFrame(rows, columns=columns("prev_persons"))
    least, most, product = table["persons_box_lower"], table["persons_box_upper"], table["product"]
    outside = (table["product_upper"] < least) | (table["product_lower"] > most)
    outcomes = {"no_count": least.isna(), "no_population": product.isna()}
    outcomes |= {"consistent": product.between(least, most), "refuted": outside}
    table["outcome"] = np.select(list(outcomes.values()), list(outcomes), "edge")
    approach = "share times population, corners of the rounding of both"
    return table.assign(unit="persons", interval_kind="rounding", method=approach)
