"""Counts as they stand: per inhabitant, and step by step from a report to a verdict; no step is divided by another."""

import numpy as np
import pandas as pd
from statsmodels.stats.rates import confint_poisson

from osw_stats.errors import NotPublishedError
from osw_stats.meaning.observations import matching, records
from osw_stats.stats.counts.rates import require_alpha
from osw_stats.stats.counts.yearly import SUBJECTS, Row

RECENT = 5  # years of the table of steps, up to the one reported on
SCALE = 100_000
PUBLISHED = "as published"
METHODS = {"summed": "sum of two half years as published", "derived": "derived from printed counts"}


def rates(observations: pd.DataFrame, year: int, *, alpha: float) -> pd.DataFrame:
    """Return the table `trend_rates`: the last count of each series up to a year, per 100,000 inhabitants of 1 January."""
    # Limits are exact for counts that stand apart from each other (Garwood 1936, Biometrika 28), at the
    # outermost ends of what rounding leaves. Counts vary more than that from year to year: whether two years
    # differ they do not say.
    require_alpha(alpha)
    names, people = SUBJECTS["per_inhabitant"], SUBJECTS["inhabitants"]
    counts = [row for name in names for row in _yearly(observations, name, year)[-1:]]
    known = observations[matching(observations, people)].set_index("time_period")
    counts = [row for row in counts if row["time_period"] in known.index]
    if not counts:
        wanted = [people | {"time_period": str(year)}, *({"series_id": name} for name in names)]
        problem = f"no count beside the inhabitants of {year}"
        raise NotPublishedError(problem, people["series_id"], wanted=wanted)
    columns = {"series_id": "series", "time_period": "period", "obs_value": "count"}
    table = pd.DataFrame(counts).rename(columns=columns)
    inhabitants = known.loc[table["period"]].reset_index()
    table["inhabitants"], size = inhabitants["obs_value"], inhabitants["obs_value"] / SCALE
    table["observations"] = table["obs_id"] + " " + inhabitants["obs_id"]
    table["rate"] = table["count"] / size
    for at, end in enumerate(("lower", "upper")):
        table[end] = confint_poisson(table[end], size, "exact-c", alpha)[at]
    about = {"unit": "per_hundred_thousand", "interval_kind": "independent", "grade": "B"}
    about["method"] = "count over inhabitants of 1 January, exact Poisson limits"
    return table.assign(**about).reindex(columns=SUBJECTS["columns"]["trend_rates"])


def chain(observations: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the table `trend_chain`: what was published of each step from report to verdict in the last five years."""
    # Of a step without a figure in those years the last one before stands. A year of which the halves alone
    # were published is their sum. Steps are not of the same persons, nor always of the same year, and differ
    # in what they count.
    rows: list[Row] = []
    for name in SUBJECTS["chain"]:
        known = _yearly(observations, name, year)
        rows += [row for row in known if int(row["time_period"]) > year - RECENT] or known[-1:]
    if not rows:
        wanted = [{"series_id": name, "time_period": str(year)} for name in SUBJECTS["chain"]]
        problem = f"no step from report to verdict up to {year}"
        raise NotPublishedError(problem, wanted[0]["series_id"], wanted=wanted)
    columns = {"series_id": "series", "obs_value": "count", "obs_id": "observations", "unit_measure": "unit"}
    table = pd.DataFrame(rows).rename(columns=columns)
    # a mean over years stands at the last of them
    years = table["breakdown"].str.removeprefix("years=")
    table["period"] = years.where(years.ne(""), table["time_period"])
    table["method"] = table["obs_status"].map(METHODS).fillna(PUBLISHED)
    printed = table["method"].eq(PUBLISHED)
    table["basis"] = np.where(printed, "published", "implied")
    table["interval_kind"] = np.where(table["lower"].eq(table["upper"]), "none", "rounding")
    table["grade"] = np.where(printed, "A", "B")
    return table.reindex(columns=SUBJECTS["columns"]["trend_chain"])


def _yearly(observations: pd.DataFrame, name: str, year: int) -> list[Row]:
    """Return the figures of whole years up to one, in order; two halves added up where the year itself was not published."""
    known = observations[observations["obs_value"].notna() & observations["sex"].eq("total")]
    whole = known["breakdown"].eq("") & known["age"].eq("total")
    years = known["breakdown"].str.startswith("years=")
    own = known["series_id"].eq(name) & (years | whole & known["time_period"].str.len().eq(4))
    found = {row["time_period"]: row for row in records(known[own])}
    halves = known[whole & known["series_id"].eq(SUBJECTS["in_halves"].get(name))]
    for of, parts in halves.groupby(halves["time_period"].str[:4]):
        if of not in found and len(parts) == 2:
            row = records(parts)[0] | {"series_id": name, "time_period": of, "obs_status": "summed"}
            row |= {end: parts[end].sum() for end in ("obs_value", "lower", "upper")}
            found[str(of)] = row | {"obs_id": " ".join(parts["obs_id"])}
    return [found[period] for period in sorted(found) if int(period) <= year]
