"""Cases that stand in YAML: what is called, with what, and what it gives or why it is refused.

A case holds `of` (the claim), `call` (module and name below osw_stats), what is given (`rows`, figures of the tidy table;
`given`, in order or by name; `with`, by name) and either `gives` or `error`, with `says` (part of the words), `lacking`
(the series named first) or `wanted` (all figures that are). Cases alike stand in rows: those of `each` end with what is
given or said; those of `calls` begin with a name below `in` and hold what is given, and may hold what is given by name.

What no YAML can hold stands as the one thing it is made by: `rows of` figures (series, period, value, and what else is
said), a `row of` one, a `frame of` rows, `tables of` one under the other, `tuple of`, `day of`, or a module and name to
call. Of a result `gives` names columns, rows, attributes ("" is how many), the whole or `part of` its words; `where`
chooses rows of a table, `within` holds the tolerance.
"""

from datetime import date
from pkgutil import resolve_name

import pandas as pd
import pytest

from tests.cases import beside
from tests.simulated_figures import listed


def row_of(row):
    """Return a figure as a row by itself."""
    return listed([row]).iloc[0].to_dict()


MAKERS = {"rows of": listed, "row of": row_of, "frame of": pd.DataFrame, "tuple of": tuple}
MAKERS |= {"tables of": lambda tables: pd.concat(tables, ignore_index=True), "day of": date.fromisoformat}


def called(name, given, by_name=()):
    """Return what a function gives; arguments stand in order or by name."""
    job = resolve_name(name if name.startswith("tests.") else f"osw_stats.{name}")
    given, by_name = made(given), made(dict(by_name))
    return job(**given, **by_name) if isinstance(given, dict) else job(*given, **by_name)


def result(case):
    """Return what a case gives."""
    figures = [{"rows of": case["rows"]}] if "rows" in case else []
    given = case.get("given", [])
    return called(case["call"], [*figures, *given] if figures else given, case.get("with", {}))


def made(told):
    """Return what stands in a case: itself, or what the one thing it names makes of the rest."""
    if isinstance(told, list):
        return [made(each) for each in told]
    if not isinstance(told, dict):
        return told
    name = next(iter(told), "")
    if len(told) == 1 and name in MAKERS:
        return MAKERS[name](made(told[name]))
    if len(told) == 1 and ":" in name:
        return called(name, told[name])
    return {key: made(value) for key, value in told.items()}


def part(found, name):
    """Return a column, an item or an attribute of a result; "" is how many it has."""
    if name == "":
        return len(found)
    if isinstance(found, pd.DataFrame):
        return found[name].tolist()
    return found[name] if isinstance(found, dict | pd.Series) else getattr(found, name)


def differences(found, expected, within, place=""):
    """Yield every place at which a result is not what is expected of it."""
    if isinstance(found, pd.DataFrame) and not isinstance(expected, dict):
        found = found.to_dict("records")
    if isinstance(expected, dict) and "part of" in expected:
        if str(expected["part of"]) not in found:
            yield f"{place}: {found!r} holds no {expected['part of']!r}"
    elif isinstance(expected, dict):
        for name, value in expected.items():
            yield from differences(part(found, name), value, within, f"{place}.{name}")
    elif isinstance(expected, list):
        found = list(found)
        if len(found) != len(expected):
            yield f"{place}: {len(found)} of {len(expected)}: {found}"
        for at, (one, other) in enumerate(zip(found, expected, strict=False)):
            yield from differences(one, other, within, f"{place}[{at}]")
    elif isinstance(expected, float | int) and not isinstance(expected, bool):
        if found != pytest.approx(expected, nan_ok=True, **within):
            yield f"{place}: {found!r}, not {expected!r}"
    elif found != expected:
        yield f"{place}: {found!r}, not {expected!r}"


def hold(case):
    """Hold what a case gives against what is expected of it."""
    if "error" in case:
        name = case["error"]
        with pytest.raises(
            resolve_name(name if ":" in name else f"osw_stats.errors:{name}"), match=case.get("says")
        ) as error:
            result(case)
        assert "lacking" not in case or error.value.series_id == case["lacking"]
        if "wanted" in case:
            figures = [f"{each['series_id']} {each.get('time_period', '')}" for each in error.value.wanted]
            assert sorted(map(str.strip, figures)) == case["wanted"]
        return
    found = result(case)
    if "where" in case:
        found = found.query(case["where"])
    missed = list(differences(found, case["gives"], case.get("within", {})))
    assert not missed, "\n".join(missed)


def cases(test, name="worked.yml"):
    """Yield the cases of a file beside a test, those that stand in rows one by one."""
    for case in beside(test, name):
        rows = [(case["call"], given, {}, last) for *given, last in case.get("each", ())]
        rows += [
            (case["in"] + job, given, *(more or [{}]), last)
            for job, given, *more, last in case.get("calls", ())
        ]
        for at, (job, given, by_name, last) in enumerate(rows, start=1):
            told = {"says": last} if "error" in case else {"gives": last}
            told |= {"call": job, "given": given, "with": case.get("with", {}) | by_name}
            yield case | told | {"of": f"{case['of']} {at}"}
        if not rows:
            yield case


def worked(test, name="worked.yml"):
    """Return a decorator that runs a test for every case of a file beside it."""
    return pytest.mark.parametrize("case", list(cases(test, name)), ids=lambda case: case["of"])
