"""Compare what our functions give with what a reference case expects, number by number."""

import math


def differences(given, expected, tolerance):
    """Return every place where `given` lacks or misses an expected value; extra values are no fault.

    `tolerance` holds `rel` and `abs` (or `exact`). `rel_<words>` holds for values whose path shows all those words
    (`rel_nb_coef` for `nb2_coef/t`); where only such are given, a value that none fits gets the strictest of them. A null
    that is expected must be None or NaN. `truth` tells how a series was simulated; of it only what can be read back is
    compared.
    """
    # a family may reach the expected values in several ways, each under its name and within its own tolerance
    ways = [k.removeprefix("rel_") for k in tolerance if k.startswith("rel_")]
    named = [way for way in ways if isinstance(given.get(way), dict) and way not in expected]
    if not named:
        return list(_differences(given, expected, tolerance, ""))
    lines = [f"/{way}: not given" for way in ways if way not in named]
    for way in named:
        own = {"rel": tolerance[f"rel_{way}"], "abs": tolerance.get("abs", 0.0)}
        lines += _differences(given[way], expected, own, f"/{way}")
    return lines


def _differences(given, expected, tolerance, path):
    if isinstance(expected, dict):
        for key, value in expected.items():
            if isinstance(given, dict) and key in given:
                yield from _differences(given[key], value, tolerance, f"{path}/{key}")
            elif not path.endswith("/truth"):
                yield f"{path}/{key}: not given"
    elif isinstance(expected, list) and len(given) == len(expected):
        for at, (one, other) in enumerate(zip(given, expected, strict=True)):
            yield from _differences(one, other, tolerance, f"{path}/{at}")
    elif isinstance(expected, list) or not _same(given, expected, tolerance, path):
        yield f"{path}: {given!r}, not {expected!r}"


def _same(given, expected, tolerance, path):
    if expected is None or given is None:
        return expected is None and (given is None or (isinstance(given, float) and math.isnan(given)))
    if isinstance(expected, bool | str) or tolerance.get("exact"):
        return given == expected
    # the tolerance whose words all begin a word of the path; the longest such key wins
    worded = {tuple(k[4:].split("_")): v for k, v in tolerance.items() if k.startswith("rel_")}
    parts = path.replace("/", "_").split("_")
    fitting = [k for k in worded if all(any(p.startswith(word) for p in parts) for word in k)]
    relative = tolerance.get("rel", min(worded.values(), default=0.0))
    if fitting:
        relative = worded[max(fitting, key=len)]
    return math.isclose(given, expected, rel_tol=relative, abs_tol=tolerance.get("abs", 0.0))
