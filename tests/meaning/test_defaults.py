"""One level for the whole project: whoever leaves alpha out gets 95 percent, and nothing is assumed silently."""

import importlib
import inspect
import pkgutil

import pytest

import osw_stats.claims
import osw_stats.shelf
import osw_stats.stats

# what a function takes when nobody says otherwise, the same wherever the word is used
DEFAULTS = {"alpha": 0.05, "power": 0.8, "deff": 1.0, "phi": 1.0, "t0": 1.0, "t1": 1.0, "least_phi": 0.0, "harmonics": 2,
            "arrival_scv": 1.0, "service_scv": 1.0, "target_use": 0.85}  # fmt: skip


def functions():
    """Return every function and class of the analyses that can be called with a default of that name."""
    found = {}
    rooms = [
        (room.__path__, f"{room.__name__}.") for room in (osw_stats.stats, osw_stats.claims, osw_stats.shelf)
    ]
    for module in (m for room in rooms for m in pkgutil.walk_packages(*room)):
        for name, thing in vars(importlib.import_module(module.name)).items():
            if callable(thing) and getattr(thing, "__module__", "") == module.name:
                methods = vars(thing).items() if isinstance(thing, type) else ()
                found |= {f"{module.name}.{name}.{m}": f for m, f in methods if inspect.isfunction(f)}
                found[f"{module.name}.{name}"] = thing
    return found


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_default_is_one_and_the_same_everywhere(name):
    found = {
        where: inspect.signature(function).parameters[name].default
        for where, function in functions().items()
        if name in inspect.signature(function).parameters
    }
    given = {where: value for where, value in found.items() if value is not inspect.Parameter.empty}
    assert given
    assert {where: value for where, value in given.items() if value != DEFAULTS[name]} == {}
