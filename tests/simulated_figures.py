"""SIMULATED rows of the tidy table for tests of yearly counts; no figure here was published."""

import pandas as pd

from osw_stats.meaning.series import series


def figure(series_id, period, value, *, lower=None, upper=None, breakdown="", known_by="", **more):
    """Return one row of the tidy table: exact, national, known three months after the year, unless said otherwise."""
    group = "".join(f"/{more[k]}" for k in ("sex", "age") if k in more)
    return {
        "obs_id": f"{series_id}/{period}{group}/{breakdown}", "series_id": series_id, "time_period": period, "sex": "total",
        "age": "total", "region": "NL", "breakdown": breakdown, "obs_value": value,
        "lower": value if lower is None else lower, "upper": value if upper is None else upper,
        "known_by": known_by or f"{int(period[:4]) + 1}-03-31", "definition_id": series(series_id).definition_id(period),
        "interval_kind": "rounding", "unit_measure": series(series_id).unit, "obs_status": "normal", "source_id": "doc",
        "role": "main", "locator": "1", "note": "", "published": "",
    } | more  # fmt: skip


def yearly(series_id, first, counts, **more):
    """Return rows of consecutive years."""
    return [figure(series_id, str(first + at), float(n), **more) for at, n in enumerate(counts)]


def frame(*rows):
    """Return the rows as a table."""
    return pd.DataFrame(rows)
