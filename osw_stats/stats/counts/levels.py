"""Levels of counts: per inhabitant, and by step from report to verdict; no step is divided by another."""

import numpy as np
import pandas as pd
from statsmodels.stats.rates import confint_poisson

from osw_stats.errors import NotPublishedError
from osw_stats.meaning.observations import matching, records
from osw_stats.stats.counts.rates import require_alpha
from osw_stats.stats.counts.yearly import SUBJECTS, Row

RECENT = 5  # years in the table of steps, up to the reporting year
SCALE = 100_000
PUBLISHED = "as published"
METHODS = {"summed": "sum of two half years as published", "derived": "derived from printed counts"}


def rates(observations: pd.DataFrame, year: int, *, alpha: float) -> pd.DataFrame:
    """Return the table `trend_rates`: the last count of each series up to a year, per 100,000 inhabitants on 1 January."""
    # Limits are exact for independent events (Garwood 1936, Biometrika 28), at the outermost values under
    # rounding. Counts vary more than that from year to year, so the limits do not show whether two years
    # differ.
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
    for i, end in enumerate(("lower", "upper")):
        table[end] = confint_poisson(table[end], size, "exact-c", alpha)[i]
    fields = {"unit": "per_hundred_thousand", "interval_kind": "independent", "grade": "B"}
    fields["method"] = "count over inhabitants of 1 January, exact Poisson limits"
    return table.assign(**fields).reindex(columns=SUBJECTS["columns"]["trend_rates"])


def chain(observations: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the table `trend_chain`: published counts of each step from report to verdict in the last five years."""
    # A step without a figure in those years has its last earlier one. A year of which only the halves were
    # published is their sum. Steps are not about the same persons, nor always the same year, and differ in
    # unit.
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
    # a mean over years is dated at the last of them
    years = table["breakdown"].str.removeprefix("years=")
    table["period"] = years.where(years.ne(""), table["time_period"])
    table["method"] = table["obs_status"].map(METHODS).fillna(PUBLISHED)
    printed = table["method"].eq(PUBLISHED)
    table["basis"] = np.where(printed, "published", "implied")
    table["interval_kind"] = np.where(table["lower"].eq(table["upper"]), "none", "rounding")
    table["grade"] = np.where(printed, "A", "B")
    return table.reindex(columns=SUBJECTS["columns"]["trend_chain"])


def _yearly(observations: pd.DataFrame, name: str, year: int) -> list[Row]:
    """Return the figures of whole years up to one, in order; the sum of halves where the year was not published."""
    known = observations[observations["obs_value"].notna() & observations["sex"].eq("total")]
    whole = known["breakdown"].eq("") & known["age"].eq("total")
    years = known["breakdown"].str.startswith("years=")
    selected = known["series_id"].eq(name) & (years | whole & known["time_period"].str.len().eq(4))
    figures = {row["time_period"]: row for row in records(known[selected])}
    halves = known[whole & known["series_id"].eq(SUBJECTS["in_halves"].get(name))]
    for label, parts in halves.groupby(halves["time_period"].str[:4]):
        if label not in figures and len(parts) == 2:
            row = records(parts)[0] | {"series_id": name, "time_period": label, "obs_status": "summed"}
            row |= {end: parts[end].sum() for end in ("obs_value", "lower", "upper")}
            figures[str(label)] = row | {"obs_id": " ".join(parts["obs_id"])}
    return [figures[period] for period in sorted(figures) if int(period) <= year]
