"""The minimum reporting standard: what the page of a notebook must show before it may be published.

`pages/standard.yml` says which results meet which requirement. What a machine can check of that is checked here:
that an interval has numbers, that a sensitivity table has rows enough.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from osw_stats.errors import InputError, OswError
from osw_stats.report import unpublished
from osw_stats.report.harvest import Item, Page, Pages, has_box, items
from osw_stats.yamlfile import read_yaml

PREV, TREND, CAP, CLAIMS = "prevalence", "trend", "capacity_gap", "claims"
SENSITIVITY_ROWS = 5
Check = Callable[[list[Item]], str]


def frame(item: Item) -> pd.DataFrame:
    """Return the result table of an item; an empty one where it is no table."""
    if item.kind != "table" or not item.facts["csv"].strip():
        return pd.DataFrame()
    return pd.read_csv(io.StringIO(item.facts["csv"]), dtype_backend="numpy_nullable")


def _present(_: list[Item]) -> str:
    return ""


def _tables(*choices: tuple[str, ...]) -> Check:
    """Ask that the declared tables hold, together, every column of one of the choices, filled somewhere."""

    def check(found: list[Item]) -> str:
        filled: set[str] = set()
        for table in map(frame, found):
            filled |= {str(c) for c in table.columns if table[c].notna().any()}
        if any(set(choice) <= filled for choice in choices):
            return ""
        return f"a table with {' or '.join(', '.join(c) for c in choices)}"

    return check


def _interval(found: list[Item]) -> str:
    """Ask for an effect with limits; a ratio in a table never stands without its level."""
    ratios, levels = {"ratio", "rr", "factor"}, {"diff", "pct", "count", "x1", "need", "estimate", "value"}
    shown = False
    for item in found:
        for n in item.facts.get("numbers", []):
            # an exact figure has two equal limits
            shown |= n["lower"] is not None and n["upper"] is not None and n["lower"] <= n["upper"]
        table = frame(item)
        lower = [c for c in table.columns if str(c) == "lower" or str(c).endswith("_lower")]
        for low in lower:
            high = str(low).replace("lower", "upper")
            shown |= high in table and bool((table[high] >= table[low]).any())
        if ratios & set(table.columns) and not levels & set(table.columns):
            return f"the level beside the ratio in table {item.name}"
    return "" if shown else "an effect with numbers for both limits"


def _sensitivity(found: list[Item]) -> str:
    for table in map(frame, found):
        if len(table) >= SENSITIVITY_ROWS and "primary" in table and table["primary"].astype("bool").any():
            return ""
    return f"a table of {SENSITIVITY_ROWS} variants or more, with the primary one marked (column primary)"


def _estimand(found: list[Item]) -> str:
    kinds = {i.kind for i in found}
    missing = [k for k in ("sentence", "about") if k not in kinds]
    return f"{' and '.join(missing)} (say the estimand; {{ counted(...) }} for the series)" if missing else ""


def _rounding(found: list[Item]) -> str:
    for item in found:
        numbers = item.facts.get("numbers", [])
        columns = set(frame(item).columns)
        if any(n["interval_kind"] == "rounding" for n in numbers) or columns & {
            "robust_to_rounding", "reported_lower", "gap_lower", "interval_kind",
        }:  # fmt: skip
            return ""
    return "a table or sentence that shows what rounding leaves open"


@dataclass(frozen=True)
class Requirement:
    """One line of the standard: what must be shown, by which notebooks, and how that is checked."""

    code: str
    text: str
    notebooks: tuple[str, ...]
    check: Check = _present


STANDARD = (
    Requirement("estimand", "estimand, unit, population, reference period, definition version",
                (PREV, TREND, CAP, CLAIMS), _estimand),
    Requirement("sample", "n, effective n with its range, source of the interval", (PREV,),
                _tables(("n", "n_eff", "n_eff_min", "n_eff_max", "source_of_interval"))),
    Requirement("effect", "effect with interval and absolute level", (PREV, TREND, CAP), _interval),
    Requirement("dispersion", "phi, break-even phi, lag-1 correlation, kind of standard error", (TREND,),
                _tables(("phi", "phi_break_even", "rho1", "se_type"),
                        ("phi_used", "phi_break_even", "rho1", "se_type"))),
    Requirement("multiplicity", "family of tests, raw and adjusted p", (PREV, TREND),
                _tables(("family", "p_raw", "p_adj"))),
    Requirement("detectable", "smallest detectable effect, or power", (PREV, TREND),
                _tables(("mdd80",), ("power",), ("detectable",))),
    Requirement("rounding", "what rounding leaves open", (PREV, TREND, CAP, CLAIMS), _rounding),
    Requirement("sensitivity", "sensitivity to at least five variants", (PREV, TREND, CAP), _sensitivity),
    Requirement("placebo", "placebo dates and a control series, or that there is none", (TREND,)),
    Requirement("parameters", "parameters low-mid-high with reason and grade", (CAP,),
                _tables(("low", "mid", "high", "reason_nl", "reason_en", "grade"))),
    Requirement("monte_carlo", "seed, draws and Monte Carlo error", (PREV, TREND, CAP),
                _tables(("seed", "draws", "mc_se"))),
    Requirement("missing", "suppressed and missing cells with their reason", (PREV, TREND, CAP)),
    Requirement("vintage", "documents with date and hash, and what was revised", (PREV, TREND, CAP, CLAIMS)),
)  # fmt: skip
CODES = {r.code for r in STANDARD}


FILE = Path("osw_stats/report/pages/standard.yml")
FUNCTIONS = {"about": "counted", "missing": "gaps", "sources": "sources"}  # of pages, by the kind they show


@cache
def names() -> dict[str, dict[str, list[str]]]:
    """Return which results meet which requirement, by notebook and code."""
    found: dict[str, dict[str, list[str]]] = read_yaml(Path(__file__).parent / "pages" / FILE.name, FILE)
    return found


def unknown(notebook: str, known: Iterable[str]) -> list[InputError]:
    """Return what is wrong with the names that meet the standard for a notebook; `known` are those of its page."""
    given = names().get(notebook, {})
    there = {*known, *FUNCTIONS.values()}
    wanted = [r.code for r in STANDARD if notebook in r.notebooks]
    faults = [
        InputError(
            "names no result or sentence of this notebook", "Mend the name, or name what meets this line now.",
            file=FILE, column=f"{notebook}.{code}", value=name,
        )
        for code, of in given.items() for name in of if name not in there
    ]  # fmt: skip
    return faults + [
        InputError("is not met by any result", "Name what meets it.", file=FILE, column=f"{notebook}.{code}")
        for code in wanted
        if not given.get(code)
    ]


def _names_of(item: Item) -> set[str]:
    """Return the names by which `standard.yml` can mean an item."""
    return {item.name, FUNCTIONS.get(item.kind, ""), *(n["name"] for n in item.facts.get("numbers", ()))}


def lacking(page: Page) -> list[str]:
    """Return, one line each, what a page does not show though it must.

    A requirement is waived where all results that meet it are absent in this edition; where some are, what is left
    is shown and not checked. A page that has nothing to report says so, and no more is asked of it.
    """
    shown = list(items(page))
    reasons = [i for i in shown if i.kind == unpublished.KIND]
    if reasons and not any(i.kind in ("sentence", "table", "figure") for i in shown):
        return []
    gone = {n for i in reasons for n in i.facts.get("lost", ())} | set(page.results.absent)
    lacks = []
    for requirement in STANDARD:
        if page.name not in requirement.notebooks:
            continue
        wanted = set(names()[page.name][requirement.code])
        found = [i for i in shown if i.kind != unpublished.KIND and wanted & _names_of(i)]
        lack = requirement.check(found) if found else "none of the results that would meet it"
        if lack and not (wanted & gone if found else wanted <= gone):
            lacks.append(f"{requirement.code} ({requirement.text}): {lack}")
    return lacks + _always(shown, page, graded=not reasons)


def _always(told: list[Item], page: Page, *, graded: bool) -> list[str]:
    """Return what every page must show, declared or not; a grade only where its figures were public."""
    lacks = [
        f"alt text of figure {i.name}" for i in told if i.kind == "figure" and not i.facts["alt"].strip()
    ]
    lacks += [f"data of table {i.name}" for i in told if i.kind == "table" and not i.facts["csv"].strip()]
    if not has_box(page):
        lacks.append("a box that says what this does not show")
    if graded and not any(i.kind == "sentence" and i.facts["grade"] for i in told):
        lacks.append("a sentence with its evidence grade")
    return lacks


def require(pages: Pages) -> None:
    """Pass when every page shows what the standard asks of it.

    Raises
    ------
    OswError
        Otherwise; the message names the page and all that is lacking.
    """
    for (name, language), page in pages.items():
        found = lacking(page)
        if found:
            raise OswError(
                f"pages/{language}/{name}.qmd does not show what every report must: {'; '.join(found)}. "
                f"Show it, and name it in {FILE}."
            )
