"""SIMULATED rows of the tidy table for tests of a survey; no figure here was published."""

from osw_stats.stats.survey import prevalence
from osw_stats.stats.survey.margins import DesignEffect
from tests.simulated_figures import figure, frame

OPTIONS = {"deff": DesignEffect(1.3, 1.0, 1.6), "alpha": 0.05}
WHO, GIRLS = {"sex": "total", "age": "16+"}, {"sex": "female", "age": "16-17"}


def share(wave, pct, half=0.05, series_id="cbs_osi_12m", **more):
    """Return a printed share with its rounding interval."""
    row = {"as_reported": f"{pct}", "file": "f", "row": 2, "unit_measure": "percent"} | WHO | more
    return figure(series_id, wave, pct, lower=pct - half, upper=pct + half, **row)


def respondents(wave, n, **more):
    """Return the number of respondents of a wave."""
    return figure("cbs_phgsg_respondents", wave, float(n), **WHO, **more)


def population(n):
    """Return the population of 2024, known within a hundred thousand."""
    return figure("cbs_phgsg_population", "2024", n, lower=n - 1e5, upper=n + 1e5, **WHO)


def survey(*more):
    """Return two waves of a survey of 20,000 and 25,000 respondents among ten million people."""
    waves = (share("2022", 5.0), share("2024", 5.2), respondents("2022", 20_000), respondents("2024", 25_000))
    return frame(*waves, population(10e6), *more)


def register(*rows):
    """Return register counts from rows of year, age and number."""
    return [figure("cbs_population", year, n, sex="total", age=age) for year, age, n in rows]


def estimates(*more, **options):
    """Return the estimates from the two waves and any further rows."""
    return prevalence.estimates(survey(*more), **OPTIONS | options)
