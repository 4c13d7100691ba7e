"""Cases in YAML: the function to call, its arguments, and the expected result or error.

A case holds `of` (the claim), `call` (module and name below osw_stats), the arguments (`rows`, figures of the tidy table;
`given`, positional or by name; `with`, by name) and either `gives` or `error`, with `says` (part of the message), `lacking`
(the series named first) or `wanted` (all figures named). Similar cases are listed as rows: those of `each` end with the
expected result or message; those of `calls` start with a name below `in`, then arguments and optional keyword arguments.

Objects that YAML cannot hold are a mapping with one key: `rows of` figures (series, period, value, and further columns),
a `row of` one, a `frame of` rows, `tables of` concatenated tables, `tuple of`, `day of`, or a module and name to call.
`gives` names columns, rows or attributes of the result ("" for its length), the entire result or `part of` its text;
`where` selects rows of a table, `within` holds the tolerance.
"""

from datetime import date
from pkgutil import resolve_name

import pandas as pd
import pytest

from tests.cases import beside
from tests.simulated_figures import listed


def single_row(row):
    """Return one figure as a dictionary."""
    return listed([row]).iloc[0].to_dict()


MAKERS = {"rows of": listed, "row of": single_row, "frame of": pd.DataFrame, "tuple of": tuple}
MAKERS |= {"tables of": lambda tables: pd.concat(tables, ignore_index=True), "day of": date.fromisoformat}


def call(name, args, by_name=()):
    """Call a function by name; arguments are positional or by name."""
    function = resolve_name(name if name.startswith("tests.") else f"osw_stats.{name}")
    args, by_name = build(args), build(dict(by_name))
    return function(**args, **by_name) if isinstance(args, dict) else function(*args, **by_name)


def evaluate(case):
    """Return the result of a case."""
    figures = [{"rows of": case["rows"]}] if "rows" in case else []
    arguments = case.get("given", [])
    return call(case["call"], [*figures, *arguments] if figures else arguments, case.get("with", {}))


def build(content):
    """Return the value for a piece of YAML: itself, or the object built by the maker or function it names."""
    if isinstance(content, list):
        return [build(item) for item in content]
    if not isinstance(content, dict):
        return content
    name = next(iter(content), "")
    if len(content) == 1 and name in MAKERS:
        return MAKERS[name](build(content[name]))
    if len(content) == 1 and ":" in name:
        return call(name, content[name])
    return {key: build(value) for key, value in content.items()}


def item_of(actual, name):
    """Return a column, an item or an attribute of a result; "" for its length."""
    if name == "":
        return len(actual)
    if isinstance(actual, pd.DataFrame):
        return actual[name].tolist()
    return actual[name] if isinstance(actual, dict | pd.Series) else getattr(actual, name)


def differences(actual, expected, within, place=""):
    """Yield every difference between a result and the expectation, with its place."""
    if isinstance(actual, pd.DataFrame) and not isinstance(expected, dict):
        actual = actual.to_dict("records")
    if isinstance(expected, dict) and "part of" in expected:
        if str(expected["part of"]) not in actual:
            yield f"{place}: {actual!r} holds no {expected['part of']!r}"
    elif isinstance(expected, dict):
        for name, value in expected.items():
            yield from differences(item_of(actual, name), value, within, f"{place}.{name}")
    elif isinstance(expected, list):
        actual = list(actual)
        if len(actual) != len(expected):
            yield f"{place}: {len(actual)} of {len(expected)}: {actual}"
        for index, (value_found, value_expected) in enumerate(zip(actual, expected, strict=False)):
            yield from differences(value_found, value_expected, within, f"{place}[{index}]")
    elif isinstance(expected, float | int) and not isinstance(expected, bool):
        if actual != pytest.approx(expected, nan_ok=True, **within):
            yield f"{place}: {actual!r}, not {expected!r}"
    elif actual != expected:
        yield f"{place}: {actual!r}, not {expected!r}"


def hold(case):
    """Check the result of a case against the expectation."""
    if "error" in case:
        name = case["error"]
        with pytest.raises(
            resolve_name(name if ":" in name else f"osw_stats.errors:{name}"), match=case.get("says")
        ) as error:
            evaluate(case)
        assert "lacking" not in case or error.value.series_id == case["lacking"]
        if "wanted" in case:
            figures = [f"{f['series_id']} {f.get('time_period', '')}" for f in error.value.wanted]
            assert sorted(map(str.strip, figures)) == case["wanted"]
        return
    actual = evaluate(case)
    if "where" in case:
        actual = actual.query(case["where"])
    problems = list(differences(actual, case["gives"], case.get("within", {})))
    assert not problems, "\n".join(problems)


def cases(test, name="worked.yml"):
    """Yield the cases of a file next to a test, with rows as separate cases."""
    for case in beside(test, name):
        rows = [(case["call"], arguments, {}, last) for *arguments, last in case.get("each", ())]
        rows += [
            (case["in"] + function, arguments, *(rest or [{}]), last)
            for function, arguments, *rest, last in case.get("calls", ())
        ]
        for number, (function, arguments, by_name, last) in enumerate(rows, start=1):
            outcome = {"says": last} if "error" in case else {"gives": last}
            outcome |= {"call": function, "given": arguments, "with": case.get("with", {}) | by_name}
            yield case | outcome | {"of": f"{case['of']} {number}"}
        if not rows:
            yield case


def worked(test, name="worked.yml"):
    """Return a decorator that runs a test for every case of a file next to it."""
    return pytest.mark.parametrize("case", list(cases(test, name)), ids=lambda case: case["of"])
