"""Which rows of a table are asked for: dimensions, their code lists, and the OData filter."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any
from urllib.parse import quote

from osw_stats.data.fetch.download import ODATA
from osw_stats.errors import InputError, shown

# what DataProperties calls a column of keys; the others are topics or headings above topics
DIMENSIONS = {"Dimension", "TimeDimension", "GeoDimension", "GeoDetail"}
# a dimension gives a file its name, so it may hold nothing that means something in a path
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
NOT_DIMENSIONS = {"tableinfos", "dataproperties", "typeddataset", "untypeddataset", "categorygroups", "table"}


def dimensions(properties: list[dict[str, Any]], url: str) -> list[str]:
    """Return the names of the dimensions that `DataProperties` lists, in its order."""
    names = [str(row.get("Key")) for row in properties if row.get("Type") in DIMENSIONS]
    if not names:
        raise InputError("lists no dimension of the table", "Check the table number.", file=url)
    for name in names:
        if not NAME.fullmatch(name) or name.lower() in NOT_DIMENSIONS:
            raise InputError("lists a dimension with a name that cannot be used", ODATA, file=url, value=name)
    return list(dict.fromkeys(names))


def codes(rows: list[dict[str, Any]], url: str) -> dict[str, str]:
    """Return the keys of a code list, spaces and all, with their titles."""
    for number, row in enumerate(rows, 1):
        if not isinstance(row.get("Key"), str):
            raise InputError(
                "this entry of the code list has no key", ODATA, file=url, row=number, column="Key"
            )
    listed = {row["Key"]: str(row.get("Title", "")).strip() for row in rows}
    if len({key.strip() for key in listed}) < len(rows):
        raise InputError("this code list has a key twice", "Give the command again.", file=url, column="Key")
    return listed


def resolve(
    where: dict[str, list[str]], lists: dict[str, dict[str, str]], address: str
) -> dict[str, list[str]]:
    """Return `where` with every key as the publisher writes it, in the publisher's order.

    Keys of CBS and the police are padded with spaces, and a filter without them finds nothing; people write them
    without. The order is the publisher's, so that the same choice is the same filter however it was typed.

    Examples
    --------
    >>> resolve({"RegioS": ["NL01"]}, {"RegioS": {"NL01  ": "Nederland"}}, "https://...")
    {'RegioS': ['NL01  ']}
    """
    chosen: dict[str, list[str]] = {}
    for name, wanted in where.items():
        if name not in lists:
            remedy = f"Its dimensions are {', '.join(lists)}.{_hint(name, {n: n for n in lists})}"
            problem = "is not a dimension of this table"
            raise InputError(problem, remedy, file=address, column="where", value=name)
        if not wanted:
            raise InputError("no key is given", "Name a key or leave it out.", file=address, column=name)
        known = {key.strip(): f"{key.strip()} ({title})" for key, title in lists[name].items()}
        for key in wanted:
            if key.strip() not in known:
                titles = {title: known[k.strip()] for k, title in lists[name].items()}
                remedy = f"See {address}/{name} for all keys.{_hint(key.strip(), known | titles)}"
                problem = "is not in the code list of this dimension"
                raise InputError(problem, remedy, file=address, column=name, value=key)
    for name in (n for n in lists if n in where):
        bare = {key.strip() for key in where[name]}
        chosen[name] = [key for key in lists[name] if key.strip() in bare]
    return chosen


def _hint(given: str, choices: dict[str, str]) -> str:
    # a person may have typed the title, so capitals must not stand in the way
    folded = {text.lower(): label for text, label in choices.items()}
    near = dict.fromkeys(folded[c] for c in get_close_matches(given.lower(), folded, n=3, cutoff=0.5))
    return f" Did you mean {' or '.join(shown(n) for n in near)}?" if near else ""


def filter_query(chosen: dict[str, list[str]]) -> str:
    """Return the `$filter` part of an address, or nothing when every row is wanted.

    Spaces become %20: a plus sign is not a space to every OData server.

    Examples
    --------
    >>> filter_query({"RegioS": ["NL01  "]})
    '&$filter=%28RegioS%20eq%20%27NL01%20%20%27%29'
    """
    if not chosen:
        return ""
    groups = []
    for name, keys in chosen.items():
        # a quote inside an OData string is written twice
        parts = [name + " eq '" + key.replace("'", "''") + "'" for key in keys]
        groups.append(f"({' or '.join(parts)})")
    return f"&$filter={quote(' and '.join(groups), safe='')}"
