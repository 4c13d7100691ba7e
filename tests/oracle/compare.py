"""Compare what our functions give with what a reference case expects, number by number."""

import math
from collections.abc import Iterator


def differences(found, expected, tolerance) -> list[str]:
    """Return every place where `found` lacks or misses an expected value; extra values are no fault.

    `tolerance` holds `rel` and `abs` (or `exact`). A key `<name>_rel` or `<name>_abs` holds for the value of that
    name alone. A null that is expected must be None or NaN. Keys `rel_<way>` ask for the expected values reached in
    several ways, each within its own tolerance: `found[way]` is compared.
    """
    ways = [key.removeprefix("rel_") for key in tolerance if key.startswith("rel_")]
    if not ways:
        return list(_differences(found, expected, tolerance, ""))
    lines = []
    for way in ways:
        own = {"rel": tolerance[f"rel_{way}"], "abs": tolerance.get("abs", 0.0)}
        lines += _differences(found.get(way, {}), expected, own, f"/{way}")
    return lines


def _differences(found, expected, tolerance, path) -> Iterator[str]:
    if isinstance(expected, dict):
        for key, value in expected.items():
            if not isinstance(found, dict) or key not in found:
                yield f"{path}/{key}: not given"
            else:
                yield from _differences(found[key], value, tolerance, f"{path}/{key}")
    elif isinstance(expected, list):
        if len(found) != len(expected):
            yield f"{path}: {len(found)} values, not {len(expected)}"
        else:
            for at, (one, other) in enumerate(zip(found, expected, strict=True)):
                yield from _differences(one, other, tolerance, f"{path}/{at}")
    elif not _same(found, expected, tolerance, path.rsplit("/", 1)[-1]):
        yield f"{path}: {found!r}, not {expected!r}"


def _same(found, expected, tolerance, name) -> bool:
    if expected is None:
        return found is None or (isinstance(found, float) and math.isnan(found))
    if isinstance(expected, bool | str) or tolerance.get("exact"):
        return found == expected
    if found is None:
        return False
    relative = tolerance.get(f"{name}_rel", tolerance.get("rel", 0.0))
    absolute = tolerance.get(f"{name}_abs", tolerance.get("abs", 0.0))
    return math.isclose(found, expected, rel_tol=relative, abs_tol=absolute)
