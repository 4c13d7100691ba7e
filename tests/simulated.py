"""SIMULATED series and tables for tests; no figure here was published."""

import numpy as np
import pandas as pd
from babel.dates import get_month_names

from osw_stats.data.record import record_new
from osw_stats.shelf.months.series import monthly_series


def months(first, n):
    """Return n month codes from `first` on."""
    return pd.period_range(first, periods=n, freq="M").astype(str).tolist()


def simulated(seed, *, n=108, step=0.0, post=6, theta=150.0, rho=0.0, mean=1000.0, first="2016-01"):
    """Return a simulated monthly series: trend, season, negative binomial counts, AR(1) errors, a step at the end."""
    rng = np.random.default_rng(seed)
    noise, innovations = np.zeros(n), rng.standard_normal(n) * np.sqrt(1 / theta) * np.sqrt(1 - rho**2)
    noise[0] = rng.standard_normal() * np.sqrt(1 / theta)
    for t in range(1, n):
        noise[t] = rho * noise[t - 1] + innovations[t]
    t = np.arange(n)
    log = np.log(mean) + 0.001 * t + 0.05 * np.sin(2 * np.pi * (t + 1) / 12) + step * (t >= n - post) + noise
    return monthly_series("simulated", months(first, n), rng.poisson(np.exp(log)).tolist())


def cells(code, periods, counts, *, region=None, table="47022NED", known_by="2024-01-01"):
    """Return simulated cells of a downloaded police table, one offence."""
    dimensions = f"SoortMisdrijf={code}" + (f"; RegioS={region}" if region else "")
    columns = {"table": table, "dims": dimensions, "measure": "GeregistreerdeMisdrijven_1"}
    columns |= {"measure_label": "Geregistreerde misdrijven", "time_period": list(periods)}
    columns |= {"value": [float(c) for c in counts], "lower": np.nan, "upper": np.nan, "obs_status": "normal"}
    columns |= {"source_id": f"{table.lower()}-{known_by}", "known_by": known_by}
    columns |= {"file": f"data/raw/police/{known_by}.csv", "row": range(2, 2 + len(counts))}
    return pd.DataFrame(columns)


def municipalities(seed, *, regions=120, first=2012, years=12):
    """Return simulated yearly counts of municipalities with a common rate, as `region_figures.figures` returns them."""
    rng = np.random.default_rng(seed)
    people = rng.lognormal(11.3, 0.7, regions).round()
    municipality, year = np.divmod(np.arange(regions * years), years)
    codes = [f"GM{r:04d}" for r in municipality]
    columns = {"region": codes, "name": codes, "level": "municipality", "year": first + year}
    counts = rng.poisson(people[municipality] * 5e-4).astype(float)
    return pd.DataFrame(columns | {"count": counts, "base": people[municipality], "base_kind": "population"})


def export_by_region(seed, *, first=2013, years=6, planted=None):
    """Return a simulated table in the police's CSV format; `planted` holds factors on the count by province."""
    from osw_stats.stats.downloaded import PROVINCES

    rng = np.random.default_rng(seed)
    lines = ['"Soort misdrijf";"Perioden";"Regio\'s";"Geregisteerde misdrijven (aantal)"']
    places = [f"{name} (PV)" for name in PROVINCES.values()]
    size = rng.integers(12_000, 180_000, len(places))
    for kind, share in (("Totaal misdrijven", 1.0), ("1.4.1 Zedenmisdrijf", 0.011)):
        factor = [(planted or {}).get(name, 1.0) if share < 1 else 1.0 for name in PROVINCES.values()]
        counts = rng.poisson(size * share * np.array(factor), (years, len(places)))
        for y in range(years):
            lines.append(f'"{kind}";"{first + y}";"Nederland";{counts[y].sum()}')
            lines += [f'"{kind}";"{first + y}";"{p}";{n}' for p, n in zip(places, counts[y], strict=True)]
    return "\n".join(lines) + "\n"


def export_by_month(series):
    """Return a simulated monthly table in the police's CSV format."""
    names = get_month_names("wide", locale="nl")
    lines = ['"Soort misdrijf";"Perioden";"Regio\'s";"Geregistreerde misdrijven (aantal)"']
    for kind, factor in (("0.0.0 Totaal misdrijven", 60), ("1.4.1 Zedenmisdrijf", 1)):
        for index, (month, count) in enumerate(zip(series.months, series.counts, strict=True)):
            label, extra = f"{month[:4]} {names[int(month[5:])]}", (index * 37 % 101) * (factor > 1)
            lines.append(f'"{kind}";"{label}";"Nederland";{count * factor + extra:.0f}')
    return "\n".join(lines) + "\n"


def drop_police_table(root, table_id, text):
    """Write a downloaded police table with its record into a project; return the project."""
    folder = root / "data" / "raw" / "police" / table_id
    folder.mkdir()
    (folder / f"{table_id}.csv").write_text(text, encoding="utf-8-sig")
    record_new(root, "2026-11-20")
    return root
