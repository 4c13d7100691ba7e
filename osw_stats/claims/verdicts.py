"""Do the sentences of a report match its figures? Evaluate a claims ledger.

Every verdict is computed from the wording and a formula; none is typed. The formula points at observations
`[series/period/...]`, other claims by their id, and counted places of the text.
"""

import hashlib
import json
import math
import re
from collections.abc import Collection
from importlib.resources import files
from typing import Any

import pandas as pd

from osw_stats.claims.book import Book, LaterFigureError, MissingFigureError, figure_interval, reported
from osw_stats.claims.formulas import Interval, NoEvidenceError, additive
from osw_stats.claims.measures import POINTS, RATIO, NoNumberError, agrees, dimension
from osw_stats.errors import InputError, located
from osw_stats.meaning.observations import records
from osw_stats.meaning.series import catalogue, series
from osw_stats.meaning.units import UNITS
from osw_stats.wording.hedges import Figure
from osw_stats.yamlfile import read_yaml

# for these a page states the issue and its severity
WRONG = ("inconsistent", "unit_differs", "not_demonstrated")
VERDICTS = ("reproduced", "consistent_within_rounding", *WRONG, "needs_external_source")
COLUMNS = read_yaml(files("osw_stats.claims") / "claims.yml", "claims.yml")["columns"]["claims_result"]
# why a formula gives no result
NO_RESULT: dict[type[Exception], str] = {
    LaterFigureError: "later_figure",
    MissingFigureError: "missing_figure",
    NoEvidenceError: "no_evidence",
    NoNumberError: "by_nought",
}


def check(
    ledger: pd.DataFrame,
    observations: pd.DataFrame,
    places: pd.DataFrame | None = None,
    own: Collection[str] = (),
    vintages: pd.DataFrame | None = None,
    later: Collection[str] = (),
    unread: list[InputError] | None = None,
) -> pd.DataFrame:
    """Return the table `claims_result`: one row a claim, with interval and verdict."""
    # Units are watched over when the ledger names the unit of any formula. `places` are counted places of the
    # text; `own` are documents read only in the report itself, whose figures are no second source; `vintages`
    # is every figure that was public, of all documents; `later` names figures published after the as-of date:
    # what rests on one gets no verdict yet.
    # `reason` says why there is no verdict, or what a comparison lacks; `inputs` is a fingerprint of all a
    # claim rests on, so that a change of verdict can be told from a change of input. A figure that is not
    # there, of a series that is known, is no error; InputError, with the file and row of the claim, if a
    # formula names an unknown series or claim, goes in a circle, or cannot be read. A list `unread` takes
    # these errors instead, and the other rows get their verdicts.
    book = Book(ledger, observations, places, vintages, later)
    rows = []
    for claim in records(ledger):
        try:
            with located(file=claim["file"], row=claim["row"], column="formula", value=claim["formula"]):
                rows.append(_row(claim, book, own))
        except InputError as error:
            if unread is None:
                raise
            unread.append(error)
    return pd.DataFrame(rows, columns=COLUMNS)


def verdict(claimed: Figure | Interval, result: Interval) -> str:
    """Compare a claim with its recomputed value; `check` first decides whether they are comparable."""
    # `reproduced`: the inputs are exact and the point lies in the interval of the wording;
    # `consistent_within_rounding`: the intervals meet (an open end does not count); `inconsistent`: they do
    # not.
    low = max((claimed.lower, not claimed.lower_closed), (result.lower, not result.lower_closed))
    high = min((claimed.upper, claimed.upper_closed), (result.upper, result.upper_closed))
    if low[0] > high[0] or (low[0] == high[0] and (low[1] or not high[1])):
        return "inconsistent"
    return "reproduced" if result.lower == result.upper else "consistent_within_rounding"


def _row(claim: dict[str, Any], book: Book, own: Collection[str]) -> dict[str, Any]:
    claimed, absence = reported(claim), claim["claim_kind"] == "absence"
    reason = "judgement" if claim["claim_kind"] == "wording" else "missing" if claim["missing_nl"] else ""
    results: list[Interval | None] = []
    try:
        for formula in (claim["formula"], claim["compared_with"]):
            results.append(book.evaluate(formula, (claim["id"],)) if formula else None)
    except tuple(NO_RESULT) as error:
        reason = reason or NO_RESULT[type(error)]
    result, other = [*results, None, None][:2]
    unit = claim["formula_unit"]
    if result is not None and unit and not agrees(result.unit, dimension(unit)):
        problem = f"gives {result.unit or 'a plain number'}, not {unit}"
        raise InputError(problem, "Write the unit that follows from the figures into formula_unit.")
    if absence:  # the claim is that there is none, without a number
        claimed, other = None, Interval(0, 0, 0, unit=dimension(claim["unit"]))
    against = claimed or other
    word = "needs_external_source"
    if not reason and result is not None and against is not None:
        word, reason = _compared(claim, against, result, book)
    elif not reason:
        reason = "no_formula" if result is None else "nothing_said"
    row = {"unaided": ""} | {name: claim[name] for name in COLUMNS if name in claim}
    head = claim["paragraph"].replace("(", " ").replace(".", " ").split()  # "4 (kop), 4.26"
    chapter = head[0] if head and head[0].isdigit() else "annex"
    row |= {"chapter": chapter, "verdict": word, "reason": reason}
    for side, interval in (("reported", None if absence else against), ("recomputed", result)):
        for end in ("value", "lower", "upper"):
            number = getattr(interval, end, math.nan)
            row[f"{side}_{end}"] = number if math.isfinite(number) else math.nan
    row["counted_as"] = _counted_as(claim, claimed, reason)
    row["inputs"] = _fingerprint(claim, claimed, result, other)
    row["elsewhere"], row["elsewhere_observation"] = _elsewhere(claim, claimed, book, own)
    if word not in WRONG:
        row |= {"issue_type": "", "severity": ""}
    return row | {"observations": " ".join(result.observations) if result else ""}


def _counted_as(claim: dict[str, Any], claimed: Interval | None, reason: str) -> str:
    """Return whether a claim is a statement of the report, a number only we derive, or a judgement of a reader."""
    if reason == "judgement":
        return "judgement"
    silent = claimed is None and not claim["text"] and claim["claim_kind"] != "absence"
    # a list whose length no text states: a reader counted it, and so does the formula
    counted = claim["claim_kind"] == "count" and claimed is not None and not claim["as_reported"]
    ours = counted and claimed is not None and not re.search(rf"\b{claimed.value:g}\b", claim["text"])
    return "derived" if silent or ours or reason == "nothing_said" else "statement"


def _compared(claim: dict[str, Any], claimed: Interval, result: Interval, book: Book) -> tuple[str, str]:
    """Return the verdict and the reason it is limited: unlike units, or figures that cannot support a comparison."""
    if claim["claim_kind"] == "direction" and result.unit == POINTS:
        alike = claimed.unit in ("", "percent", POINTS)
    else:  # nothing is known about an unknown unit
        known = not claim["unit"] or claim["unit"] in UNITS
        alike = not known or agrees(dimension(claim["formula_unit"]) or result.unit, claimed.unit)
    if not alike:
        return "unit_differs", ""
    word, why = verdict(claimed, result), ""
    figures = book.basis(claim["formula"], (claim["id"],))
    if claim["claim_kind"] == "direction":
        why = _unborne(figures)
    elif word == "inconsistent":
        figure = book.figures.get(claim["observation"])
        reported_figures = [figure] if figure else book.basis(claim["compared_with"], (claim["id"],))
        # a sum of counts is arithmetic, also across a break; an old figure beside a later one is not, nor is a change
        # between estimates from samples
        named = {r.get("series_id") for r in reported_figures}
        compared = [r for r in figures if _sampled(r) or r.get("series_id") in named]
        if reported_figures and all(map(additive, filter(None, (claim["formula"], claim["compared_with"])))):
            compared += reported_figures
        elif result.unit not in (POINTS, RATIO):
            compared = []
        why = _unborne(compared) if len({r["obs_id"] for r in compared}) > 1 else ""
    return ("not_demonstrated", why) if why else (word, "")


def _unborne(figures: list[dict[str, Any]]) -> str:
    """Return what a comparison lacks: one definition per series, sampling margins, or both."""
    kinds = {(row.get("series_id"), row.get("definition_id")) for row in figures}
    lacks = {
        "across_break": len(kinds) > len({series_id for series_id, _ in kinds}),
        "without_margins": any(_sampled(row) and row["interval_kind"] != "published" for row in figures),
    }
    return "_".join(why for why, lacking in lacks.items() if lacking)


def _sampled(row: dict[str, Any]) -> bool:
    about = catalogue().get(row.get("series_id", ""))
    return about is not None and about.sample


def _elsewhere(
    claim: dict[str, Any], claimed: Interval | None, book: Book, own: Collection[str]
) -> tuple[str, str]:
    """Return how other documents report a figure: same, differs, both, only_here, or alike (in another series)."""
    name = claim["observation"]
    if not name or claimed is None:
        return "", ""
    printed = book.printed.get(name)
    if not printed:  # no public document gives it
        with located(column="observation", value=name):
            series(name.partition("/")[0])
        return "", ""
    if any(not agrees(dimension(row["unit_measure"]), claimed.unit) for row in printed):
        problem = f"names a figure in {printed[0]['unit_measure']}, and the claim says {claim['unit']}"
        remedy = "Name a figure of the same unit, or leave the cell empty."
        raise InputError(problem, remedy, column="observation", value=name)

    def of_others(rows: list[dict[str, Any]]) -> list[tuple[dict[str, Any], bool]]:
        """Return the rows with a number in other documents, and whether each agrees."""
        rows = [row for row in rows if row["source_id"] not in own]
        rows = [row for row in rows if not (math.isnan(row["obs_value"]) and math.isnan(row["lower"]))]
        return [(row, verdict(claimed, figure_interval(row)) != "inconsistent") for row in rows]

    others = of_others(printed)
    met = {same for _, same in others}
    word = "both" if len(met) > 1 else "same" if True in met else "differs"
    rows = [row for row, _ in others]
    if not others:
        rows = [row for row, same in of_others(book.beside(printed[0])) if same]
        word, rows = "alike" if rows else "only_here", rows or printed
    return word, " ".join(row["obs_id"] for row in rows)


def _fingerprint(claim: dict[str, Any], *parts: Interval | None) -> str:
    named = ("claim_kind", "as_reported", "unit", "formula", "compared_with", "missing_nl")
    numbers: list[list[Any] | None] = []
    for p in parts:
        ends = [f"{n:.12g}" for n in (p.value, p.lower, p.upper)] if p else []
        numbers.append([*ends, p.lower_closed, p.upper_closed] if p else None)
    return hashlib.sha256(json.dumps([[claim[n] for n in named], numbers]).encode()).hexdigest()[:12]
