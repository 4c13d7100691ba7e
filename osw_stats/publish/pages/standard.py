"""The minimum reporting standard: the content that the page of a notebook needs before it may be published.

`pages/standard.yml` lists the requirements and the results that meet them. Checked here is what a machine can check:
that an interval has numbers, that a sensitivity table has enough rows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from osw_stats.errors import InputError, OswError
from osw_stats.publish.contents import UNPUBLISHED, Item, Page, Pages, items, select_pages
from osw_stats.results.collected import Results, to_frame
from osw_stats.yamlfile import read_yaml

FILE = Path("osw_stats/publish/pages/standard.yml")
FUNCTIONS = {"about": "counted", "missing": "gaps", "sources": "sources"}  # of pages, by the kind they show
RATIOS = {"ratio", "rr", "factor"}
LEVELS = {"diff", "pct", "count", "x1", "need", "estimate", "value"}


@cache
def standard() -> dict[str, Any]:
    """Return the standard: `requirements` by code, and by notebook and code the results that meet them (`met_by`)."""
    lines: dict[str, Any] = read_yaml(Path(__file__).with_name(FILE.name), FILE)
    return lines


def unknown(notebook: str, known: Iterable[str]) -> list[InputError]:
    """Return the faults in the names that meet the standard for a notebook; `known` are those of its page."""
    met_by, there = standard()["met_by"].get(notebook, {}), {*known, *FUNCTIONS.values()}
    faults = []
    for code, requirement in standard()["requirements"].items():
        names, column = met_by.get(code, []), f"{notebook}.{code}"
        problem, remedy = "is no result or sentence of this notebook", "Name what meets this line now."
        lost = [name for name in names if name not in there]
        faults += [InputError(problem, remedy, file=FILE, column=column, value=name) for name in lost]
        if notebook in requirement["notebooks"] and not names:
            faults.append(InputError("is not met by any result", "Name one.", file=FILE, column=column))
    return faults


def require(pages: Pages) -> None:
    """Raise an OswError, listing all that is missing, for a page that does not meet the standard."""
    for main in (page for page in pages.values() if page.name == page.notebook):
        in_language = select_pages(main.language, pages).values()
        parts = [part for page in in_language if page.notebook == main.name for part in page.parts]
        if lacks := lacking(replace(main, parts=tuple(parts))):
            file, lacks_all = f"pages/{main.language}/{main.name}.qmd", "; ".join(lacks)
            problem = f"{file} does not show what every report must: {lacks_all}"
            raise OswError(f"{problem}. Show it, and name it in {FILE}.")


def lacking(page: Page) -> list[str]:
    """Return the required content that a page does not show, one line each."""
    # A requirement is waived if all results that meet it are absent in this edition; if some are, the rest is
    # shown without check. A page with nothing to report only has to say so.
    reasons, shown = list(items(page, UNPUBLISHED)), [i for i in items(page) if i.kind != UNPUBLISHED]
    # a page that says it has nothing to report may still show a table of an earlier edition
    telling = {"figure"} if any(reason.name == "nothing" for reason in reasons) else {"figure", "table"}
    if reasons and not any(i.kind in telling or i.facts.get("numbers") for i in shown):
        return []
    named = []  # the names by which `standard.yml` can mean an item
    for i in shown:
        numbers = (n["name"] for n in i.facts.get("numbers", ()))
        named.append((i, {i.name, FUNCTIONS.get(i.kind, ""), *numbers}))
    gone = {name for item in reasons for name in item.facts["lost"]} | set(page.results.absent)
    lacks = []
    for code, requirement in standard()["requirements"].items():
        if page.name in requirement["notebooks"]:
            wanted = set(standard()["met_by"][page.name][code])
            meeting = [item for item, names in named if wanted & names]
            lack = lack_of(requirement, meeting, page.results)
            if lack and not (wanted & gone if meeting else wanted <= gone):
                lacks.append(f"{code} ({requirement['text']}): {lack}")
    for kind, fact in (("figure", "alt"), ("table", "csv")):
        lacks += [f"{fact} of {kind} {i.name}" for i in shown if i.kind == kind and not i.facts[fact].strip()]
    if not any(isinstance(part, str) and "callout" in part for part in page.parts):
        lacks.append("a box that says what this does not show")
    # a grade only where its figures were public
    if not reasons and not any(i.kind == "sentence" and i.facts["grade"] for i in shown):
        lacks.append("a sentence with its evidence grade")
    return lacks


def lack_of(requirement: Mapping[str, Any], shown: list[Item], results: Results) -> str:
    """Return what the items for a requirement lack; empty if they meet it."""
    if not shown:
        return "none of the results that would meet it"
    plain = results.tables | {name: drawing.rows for name, drawing in results.figures.items()}
    tables = {item.name: to_frame(plain[item.name]) for item in shown if item.kind == "table"}
    numbers = [number for item in shown for number in item.facts.get("numbers", ())]
    missing = set(requirement.get("kinds", ())) - {item.kind for item in shown}
    if missing:
        return f"{' and '.join(sorted(missing))} (say it in a sentence; {{ counted(...) }} for the series)"
    if "columns" in requirement:
        filled = {c for t in tables.values() for c in t if (t[c].notna() & (t[c] != "")).any()}
        choices, kind = requirement["columns"], requirement.get("or_interval")
        if not any(filled.issuperset(choice) for choice in choices):
            named = " or ".join(", ".join(choice) for choice in choices)
            in_numbers = kind and any(number["interval_kind"] == kind for number in numbers)
            return "" if in_numbers else f"a table with {named}"
    rows = requirement.get("variants", 0)
    if rows and not any(len(t) >= rows and "primary" in t and t["primary"].any() for t in tables.values()):
        return f"a table of {rows} variants or more, with the primary one marked (column primary)"
    if not requirement.get("effect"):
        return ""
    # an effect has limits, and a ratio in a table is never shown without its level
    limits = [(number["lower"], number["upper"]) for number in numbers]
    for name, table in tables.items():
        if RATIOS & set(table) and not LEVELS & set(table):
            return f"the level beside the ratio in table {name}"
        for low in (c for c in map(str, table) if c == "lower" or c.endswith("_lower")):
            if (high := low.replace("lower", "upper")) in table:
                limits += zip(table[low], table[high], strict=True)
    # an exact figure has two equal limits
    limited = any(pd.notna(low) and pd.notna(high) and low <= high for low, high in limits)
    return "" if limited else "an effect with numbers for both limits"
