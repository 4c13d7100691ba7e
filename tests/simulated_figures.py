"""SIMULATED rows of the tidy table for tests of yearly counts; no figure here was published."""

import pandas as pd

from osw_stats.meaning.series import series


def figure(series_id, period, value, *, lower=None, upper=None, breakdown="", known_by="", **more):
    """Return one row of the tidy table: by default exact, national, and known three months after the year."""
    group = "".join(f"/{more[k]}" for k in ("sex", "age") if k in more)
    s = series(series_id)
    key = {"sex": "total", "age": "total", "region": "NL", "breakdown": breakdown}
    key |= {"series_id": series_id, "time_period": period}
    key |= {"obs_id": f"{series_id}/{period}{group}/{breakdown}"}
    values = {"obs_value": value, "lower": value if lower is None else lower}
    values |= {"upper": value if upper is None else upper}
    values |= {"interval_kind": "rounding", "obs_status": "normal"}
    terms = {"unit_measure": s.unit, "definition_id": s.definition_id(period), "role": "main", "note": ""}
    source = {"known_by": known_by or f"{int(period[:4]) + 1}-03-31", "source_id": "doc", "locator": "1"}
    return key | values | terms | source | {"published": ""} | more


def yearly(series_id, first, counts, **more):
    """Return rows of consecutive years."""
    return [figure(series_id, str(first + offset), float(n), **more) for offset, n in enumerate(counts)]


def frame(*rows):
    """Return the rows as a table."""
    return pd.DataFrame(rows)


def listed(rows):
    """Return a table from rows in the format of case files: series, period, value, and further columns."""
    return frame(*(figure(name, str(period), float(n), **dict(*more)) for name, period, n, *more in rows))
