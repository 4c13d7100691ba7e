"""A SIMULATED scenario with round numbers for tests."""

from dataclasses import replace

from osw_stats.stats.capacity.scenarios import UNIT, Parameter, Scenario

TEXT = {"nl": "aanname", "en": "assumption"}
VALUES = {
    "reports": (500, 1000, 2000),
    "eligible_share": (0.5, 0.5, 0.5),
    "referral_share": (0.1, 0.2, 0.4),
    "hours_per_case": (10, 20, 40),
    "productive_hours": (1000, 1000, 1000),
    "clearance_factor": (0.8, 1, 1),
    "fte_available": (1, 2.5, 4),
    "backlog_start": (0, 30, 60),
    "arrival_variability": (1, 2, 4),
    "service_variability": (0, 1, 1),
    "cost_per_fte": (80_000, 100_000, 120_000),
}


def parameter(name, low, mid, high, **more):
    return Parameter(name, low, mid, high, UNIT[name], TEXT, **{"year": 2024} | more)


def scenario(**changed):
    """Return 100 cases a year (1000 reports, half eligible, a fifth referred) that take 20 hours: 2 posts."""
    return Scenario(TEXT, "cases", {n: parameter(n, *v) for n, v in (VALUES | changed).items()}, 0.8)


def fixed(scenario, **values):
    """Return a scenario with these values held fixed."""
    changed = {n: replace(scenario.parameters[n], low=v, mid=v, high=v) for n, v in values.items()}
    return replace(scenario, parameters={**scenario.parameters, **changed})


def values(**changed):
    """Return the values of that scenario, some of them changed."""
    return scenario().values(**changed)
