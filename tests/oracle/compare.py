"""Compare what our functions give with what a reference case expects, number by number."""

import math
from collections.abc import Iterator


def differences(found, expected, tolerance) -> list[str]:
    """Return every place where `found` lacks or misses an expected value; extra values are no fault.

    `tolerance` holds `rel` and `abs` (or `exact`). A key `<name>_rel` or `<name>_abs` holds for the value of that
    name alone. `rel_<words>` holds for values whose path shows all those words (`rel_nb_coef` for `nb2_coef/t`);
    where only such are given, a value that none fits gets the strictest of them. A null that is expected must be
    None or NaN. `truth` tells how a series was simulated; of it only what can be read back is compared.
    """
    # a family may reach the expected values in several ways, each under its name and within its own tolerance
    ways = [k.removeprefix("rel_") for k in tolerance if k.startswith("rel_")]
    named = [way for way in ways if isinstance(found.get(way), dict) and way not in expected]
    if not named:
        return list(_differences(found, expected, tolerance, ""))
    if named != ways:
        return [f"/{way}: not given" for way in ways if way not in named]
    lines: list[str] = []
    for way in named:
        own = {"rel": tolerance[f"rel_{way}"], "abs": tolerance.get("abs", 0.0)}
        lines += _differences(found[way], expected, own, f"/{way}")
    return lines


def _differences(found, expected, tolerance, path) -> Iterator[str]:
    if isinstance(expected, dict):
        for key, value in expected.items():
            if path.endswith("/truth") and key not in found:
                continue
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
    elif not _same(found, expected, tolerance, path):
        yield f"{path}: {found!r}, not {expected!r}"


def _same(found, expected, tolerance, path) -> bool:
    name = path.rsplit("/", 1)[-1]
    if expected is None:
        return found is None or (isinstance(found, float) and math.isnan(found))
    if isinstance(expected, bool | str) or tolerance.get("exact"):
        return found == expected
    if found is None:
        return False
    relative = tolerance.get(f"{name}_rel", _worded(tolerance, path))
    absolute = tolerance.get(f"{name}_abs", tolerance.get("abs", 0.0))
    return math.isclose(found, expected, rel_tol=relative, abs_tol=absolute)


def _worded(tolerance, path) -> float:
    """Return `rel`, or the tolerance whose words all begin a word of the path; the longest such key wins."""
    worded = _keys(tolerance)
    parts = path.replace("/", "_").split("_")
    fitting = [k for k in worded if all(any(p.startswith(word) for p in parts) for word in k)]
    if fitting:
        return worded[max(fitting, key=len)]
    return tolerance.get("rel", min(worded.values(), default=0.0))


def _keys(tolerance) -> dict[tuple[str, ...], float]:
    return {tuple(k[4:].split("_")): v for k, v in tolerance.items() if k.startswith("rel_")}
