"""What is computed or read is not altered afterwards: every record of the library refuses it."""

import dataclasses
import importlib
import pkgutil

import pytest

import osw_stats.claims
import osw_stats.meaning
import osw_stats.stats
import osw_stats.wording


def records():
    """Return every dataclass that these floors define."""
    found = {}
    for package in (osw_stats.claims, osw_stats.stats, osw_stats.meaning, osw_stats.wording):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for name, thing in vars(importlib.import_module(module.name)).items():
                if isinstance(thing, type) and dataclasses.is_dataclass(thing):
                    found[f"{thing.__module__}.{name}"] = thing
    return found


@pytest.mark.parametrize("kind", records().values(), ids=records())
def test_a_record_cannot_be_altered(kind):
    record = object.__new__(kind)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(record, dataclasses.fields(kind)[0].name, None)
