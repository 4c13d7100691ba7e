"""SIMULATED rows of the tidy table for tests of yearly counts; no figure here was published."""

import pandas as pd

from osw_stats.meaning.series import series


def figure(series_id, period, value, *, lower=None, upper=None, breakdown="", known_by="", **more):
    """Return one row of the tidy table: exact, national, known three months after the year, unless said otherwise."""
    group = "".join(f"/{more[k]}" for k in ("sex", "age") if k in more)
    of = series(series_id)
    asked = {"sex": "total", "age": "total", "region": "NL", "breakdown": breakdown}
    asked |= {"series_id": series_id, "time_period": period}
    asked |= {"obs_id": f"{series_id}/{period}{group}/{breakdown}"}
    printed = {"obs_value": value, "lower": value if lower is None else lower}
    printed |= {"upper": value if upper is None else upper}
    printed |= {"interval_kind": "rounding", "obs_status": "normal"}
    meant = {"unit_measure": of.unit, "definition_id": of.definition_id(period), "role": "main", "note": ""}
    stands = {"known_by": known_by or f"{int(period[:4]) + 1}-03-31", "source_id": "doc", "locator": "1"}
    return asked | printed | meant | stands | {"published": ""} | more


def yearly(series_id, first, counts, **more):
    """Return rows of consecutive years."""
    return [figure(series_id, str(first + at), float(n), **more) for at, n in enumerate(counts)]


def frame(*rows):
    """Return the rows as a table."""
    return pd.DataFrame(rows)


def listed(rows):
    """Return the table of rows as files of cases list them: series, period, value, and what else is said of it."""
    return frame(*(figure(name, str(period), float(n), **dict(*more)) for name, period, n, *more in rows))
