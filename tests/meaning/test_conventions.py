"""What holds for the whole library: a result is not altered afterwards, and a default is the same wherever it is used."""

import dataclasses
import importlib
import inspect
import pkgutil

import pytest

import osw_stats.claims
import osw_stats.meaning
import osw_stats.shelf
import osw_stats.stats
import osw_stats.wording

# what a function takes when nobody says otherwise, the same wherever the word is used
DEFAULTS = {"alpha": 0.05, "deff": 1.0, "phi": 1.0, "t0": 1.0, "t1": 1.0}
DEFAULTS |= {"harmonics": 2, "arrival_scv": 1.0, "service_scv": 1.0, "target_use": 0.85}


def defined(*packages):
    """Yield every function, class and method that the modules of these packages define, with its name."""
    for package in packages:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for name, thing in vars(importlib.import_module(module.name)).items():
                if callable(thing) and getattr(thing, "__module__", "") == module.name:
                    yield f"{module.name}.{name}", thing
                    methods = inspect.getmembers(thing, inspect.isfunction) if isinstance(thing, type) else []
                    yield from ((f"{module.name}.{name}.{method}", of) for method, of in methods)


RECORDS = {
    name: thing
    for name, thing in defined(osw_stats.claims, osw_stats.stats, osw_stats.meaning, osw_stats.wording)
    if isinstance(thing, type) and dataclasses.is_dataclass(thing)
}


@pytest.mark.parametrize("kind", RECORDS.values(), ids=RECORDS)
def test_a_record_cannot_be_altered(kind):
    record = object.__new__(kind)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(record, dataclasses.fields(kind)[0].name, None)


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_default_is_one_and_the_same_everywhere(name):
    functions = dict(defined(osw_stats.stats, osw_stats.claims, osw_stats.shelf))
    parameters = {where: inspect.signature(of).parameters.get(name) for where, of in functions.items()}
    given = {where: of.default for where, of in parameters.items() if of and of.default is not of.empty}
    assert given
    assert {where: value for where, value in given.items() if value != DEFAULTS[name]} == {}
