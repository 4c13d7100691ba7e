"""Composition of requests for advice by subject, this year and the previous year."""

from contextlib import suppress

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import multinomial_proportions_confint

from osw_stats.errors import NotEstimableError, NotPublishedError
from osw_stats.stats.counts.yearly import SUBJECTS, TOTAL, Counted, Point, all_points

WHOLE, PARTS = SUBJECTS["requests"]["total"], SUBJECTS["requests"]["parts"]


def subjects(observations: pd.DataFrame, year: int, *, alpha: float | None) -> pd.DataFrame:
    """Return the table `composition`: requests by subject in a year and the previous one, with the remainder."""
    # Shares are percent of that year's requests, a full count: no margin, only the range of a total that is
    # derived from a growth rate. With `alpha` the simultaneous limits of Goodman (1965), Technometrics 7, for
    # users who take requests as independent; no page shows them. The rest is the total minus the published
    # subjects.
    selected = observations["series_id"].eq(PARTS) & observations["breakdown"].str.startswith("subject=")
    largest = observations[selected].groupby("breakdown")["obs_value"].max()
    names = largest.sort_values(ascending=False, kind="stable").index
    counts = all_points(observations, [Counted(WHOLE), *(Counted(PARTS, str(name)) for name in names)])
    by_year = {c.breakdown.removeprefix("subject="): {p.year: p for p in s} for c, s in counts.items()}
    totals = by_year.pop("")
    split = {y for years in by_year.values() for y in years}
    if year not in totals or year not in split:
        missing = {"series_id": PARTS} if year in totals else {"series_id": WHOLE, "breakdown": ""}
        wanted = [{**TOTAL, "time_period": str(year), **missing}]
        raise NotPublishedError(f"no requests by subject in {year}", missing["series_id"], wanted=wanted)
    new = _shares(year, totals[year], by_year, alpha)
    table = new
    if year - 1 in totals and year - 1 in split:
        with suppress(NotEstimableError):  # the previous year is left out
            total = totals[year - 1]
            previous = _shares(year - 1, total, by_year, alpha)
            old = new[["subject"]].merge(previous[previous["count"].ne(0)], on="subject", how="left")
            new["change_pp"] = new["share"] - old["share"]
            new["change_count"] = 100 * (new["count"] / old["count"] - 1)
            # a smaller previous total makes the old share larger
            new["change_lower"] = new["share"] - 100 * old["count"] / total.lower
            new["change_upper"] = new["share"] - 100 * old["count"] / total.upper
            new.loc[new["subject"].eq("rest"), new.columns.str.startswith("change_")] = float("nan")
            table = pd.concat([previous, new], ignore_index=True)
    return table.reindex(columns=SUBJECTS["columns"]["composition"])


def _shares(year: int, total: Point, parts: dict[str, dict[int, Point]], alpha: float | None) -> pd.DataFrame:
    """Return the shares of one year with the range of the total, or with limits assuming independent requests."""
    known = {subject: by_year[year] for subject, by_year in parts.items() if year in by_year}
    counts = [p.value for p in known.values()]
    assigned = sum(counts)
    if total.lower < assigned or total.value <= 0:
        raise NotEstimableError(
            f"shares of the requests of {year} are not estimable: its subjects exceed the total."
        )
    frame = pd.DataFrame({"year": year, "subject": [*known, "rest"]})
    frame["count"] = [*counts, total.value - assigned]
    frame["share"] = 100 * frame["count"] / total.value
    # a larger total makes the share of a known subject smaller, and that of the rest larger
    shares = [
        [100 * n / end for n in counts] + [100 * (1 - assigned / end)] for end in (total.upper, total.lower)
    ]
    frame["lower"], frame["upper"] = np.min(shares, axis=0), np.max(shares, axis=0)
    kind = "none" if total.exact else "rounding"
    fields = {"unit": "percent", "interval_kind": kind, "method": "share of a full count"}
    if alpha is not None:
        limits = multinomial_proportions_confint(frame["count"], alpha=alpha, method="goodman")
        frame["lower"], frame["upper"] = (100 * limits[:, end] for end in (0, 1))
        fields |= {"interval_kind": "independent", "method": "Goodman simultaneous limits"}
    ids = [*(p.observations for p in known.values()), ()]
    frame["observations"] = [" ".join(dict.fromkeys((*used, *total.observations))) for used in ids]
    return frame.assign(basis=total.basis, **fields, grade="A" if total.basis == "published" else "B")
