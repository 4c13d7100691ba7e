"""Do the sentences of a report match its figures? Evaluate a claims ledger.

Every verdict is computed from the wording and a formula; none is typed. The formula points at
observations `[series/period/...]`, other claims by their id, and counted places of the text.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Collection
from typing import Any

import pandas as pd

from osw_stats.analysis.claims.book import Book, LaterFigureError, MissingFigureError, figure_input
from osw_stats.analysis.claims.formulas import NoEvidenceError, additive
from osw_stats.analysis.claims.inputs import Input, Result
from osw_stats.analysis.claims.measures import POINTS, RATIO, NoNumberError, agrees, dimension
from osw_stats.errors import InputError
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.rules import Figure
from osw_stats.vocabulary.series import catalogue, series
from osw_stats.vocabulary.units import UNITS

VERDICTS = (
    "reproduced", "consistent_within_rounding", "inconsistent", "unit_differs", "not_demonstrated",
    "needs_external_source",
)  # fmt: skip
# of these a page says what is wrong, and how much it matters
WRONG = ("inconsistent", "unit_differs", "not_demonstrated")
COLUMNS = [
    "id", "paragraph", "chapter", "claim_kind", "text", "as_reported", "compared_with", "reported_value", "reported_lower", "reported_upper",
    "unit", "formula", "formula_unit", "recomputed_value", "recomputed_lower", "recomputed_upper", "verdict",
    "counted_as", "reason", "elsewhere", "elsewhere_observation", "issue_type", "severity", "restates", "observations",
    "inputs", "missing_nl", "missing_en", "description_nl", "description_en", "explanation_nl", "explanation_en",
]  # fmt: skip


def check(
    ledger: pd.DataFrame,
    observations: pd.DataFrame,
    places: pd.DataFrame | None = None,
    own: Collection[str] = (),
    vintages: pd.DataFrame | None = None,
    later: Collection[str] = (),
) -> pd.DataFrame:
    """Return the table `claims_result`: one row a claim, with interval and verdict.

    Parameters
    ----------
    ledger
        As `sources.ledger` reads it. Units are watched over when it names the unit of any formula.
    observations
        The vintage of an edition.
    places
        Counted places of the text (list_id, text, value, unit), for claims that count.
    own
        Documents that were read only in the report itself: their figures are no second source.
    vintages
        Every figure that was public, of all documents and also where another one is preferred: whether a figure
        is known from this report only is asked of all of them. By default `observations`.
    later
        Names of figures that were published after the as-of date: what rests on one gets no verdict yet.

    Returns
    -------
    pandas.DataFrame
        `reason` says why there is no verdict on a claim, or what a comparison lacks; `inputs` is a fingerprint of all it
        rests on, so that a change of verdict can be told from a change of input.

    Raises
    ------
    InputError
        If a formula names an unknown series or claim, goes in a circle, or cannot be read; with the
        file and row of the claim. A figure that is not there, of a series that is known, is no error: the claim gets
        no verdict, and the reason.
    """
    book = Book(ledger, observations, places, vintages, later)
    rows = []
    for claim in records(ledger):
        try:
            rows.append(_row(claim, book, own))
        except InputError as error:
            raise error.located(
                file=claim["file"], row=claim["row"], column="formula", value=claim["formula"]
            ) from None
    return pd.DataFrame(rows, columns=COLUMNS)


def verdict(told: Figure | Input, result: Result | Input) -> str:
    """Compare what a text says with what its inputs give.

    `reproduced`: the inputs are exact and the point lies in the interval of the wording;
    `consistent_within_rounding`: the intervals meet (an open end does not count);
    `inconsistent`: they do not. It compares numbers; `check` first asks whether they may be compared.

    Examples
    --------
    >>> from osw_stats.vocabulary.reported import parse
    >>> verdict(parse("bijna 800"), Result(787, 787, 787, True, True, ("a", "b")))
    'reproduced'
    """
    low = max((told.lower, not told.lower_closed), (result.lower, not result.lower_closed))
    high = min((told.upper, told.upper_closed), (result.upper, result.upper_closed))
    meet = low[0] < high[0] or (low[0] == high[0] and not low[1] and high[1])
    if not meet:
        return "inconsistent"
    return "reproduced" if result.lower == result.upper else "consistent_within_rounding"


def _row(claim: dict[str, Any], book: Book, own: Collection[str]) -> dict[str, Any]:
    told = book.reported(claim)
    trail = (claim["id"],)
    result, other, reason = _results(claim, book, trail)
    if (
        result is not None
        and claim["formula_unit"]
        and not agrees(result.unit, dimension(claim["formula_unit"]))
    ):
        raise InputError(
            f"gives {result.unit or 'a plain number'}, not {claim['formula_unit']}",
            "Write the unit that follows from the figures into formula_unit.",
        )
    if claim["claim_kind"] == "absence":  # it says that there is none, and prints no number
        told, other = None, Input(0, 0, 0, unit=dimension(claim["unit"]))
    against = told if told is not None else other
    found = "needs_external_source"
    if not reason and result is not None and against is not None:
        found, reason = _compared(claim, against, result, book)
    elif not reason:
        reason = "no_formula" if result is None else "nothing_said"
    shown = told if claim["claim_kind"] == "absence" else told or other
    elsewhere, where = _elsewhere(claim, told, book, own)
    wrong = found in WRONG
    return {
        **{name: claim[name] for name in COLUMNS if name in claim},
        "chapter": chapter(claim["paragraph"]),
        "reported_value": _finite(shown.value) if shown else math.nan,
        "reported_lower": _finite(shown.lower) if shown else math.nan,
        "reported_upper": _finite(shown.upper) if shown else math.nan,
        "recomputed_value": result.value if result else math.nan,
        "recomputed_lower": result.lower if result else math.nan,
        "recomputed_upper": result.upper if result else math.nan,
        "verdict": found,
        "counted_as": _counted_as(claim, told, reason),
        "reason": reason,
        "elsewhere": elsewhere,
        "elsewhere_observation": where,
        "issue_type": claim["issue_type"] if wrong else "",
        "severity": claim["severity"] if wrong else "",
        "observations": " ".join(result.observations) if result else "",
        "inputs": _fingerprint(claim, told, result, other),
    }


def _counted_as(claim: dict[str, Any], told: Input | None, reason: str) -> str:
    """Tell a statement of the report from a number that only we work out, and from a judgement of a reader."""
    if reason == "judgement":
        return "judgement"
    silent = told is None and not claim["text"] and claim["claim_kind"] != "absence"
    # a list of which no text says how long it is: a reader counted it, and so does the formula
    counted = claim["claim_kind"] == "count" and told is not None and not claim["as_reported"]
    ours = counted and told is not None and not re.search(rf"\b{told.value:g}\b", claim["text"])
    return "derived" if silent or ours or reason == "nothing_said" else "statement"


def _compared(claim: dict[str, Any], told: Input, result: Result, book: Book) -> tuple[str, str]:
    """Return the verdict and why not more: unlike units are not compared, nor what the figures do not bear."""
    if not _one_unit(claim, told.unit, result.unit):
        return "unit_differs", ""
    found = verdict(told, result)
    figures = book.basis(claim["formula"], (claim["id"],))
    own = book.figures.get(claim["observation"])
    mine = [own] if own else book.basis(claim["compared_with"], (claim["id"],))
    why = ""
    if claim["claim_kind"] == "direction":
        why = _unborne(figures)
    elif found == "inconsistent":
        # a sum of counts is arithmetic, also across a break; an old figure beside a later one is not, nor is a change
        # between estimates from samples
        known = {r.get("series_id") for r in mine}
        beside = [r for r in figures if _sampled(r) or r.get("series_id") in known]
        if mine and all(map(additive, filter(None, (claim["formula"], claim["compared_with"])))):
            beside += mine
        elif result.unit not in (POINTS, RATIO):
            beside = []
        why = _unborne(beside) if len({r["obs_id"] for r in beside}) > 1 else ""
    return ("not_demonstrated", why) if why else (found, "")


def _unborne(figures: list[dict[str, Any]]) -> str:
    """Say what a comparison of figures lacks: one definition of a series, margins of samples, or both."""
    kinds = {(row.get("series_id"), row.get("definition_id")) for row in figures}
    lacks = {
        "across_break": len(kinds) > len({series_id for series_id, _ in kinds}),
        "without_margins": any(_sampled(row) and row["interval_kind"] != "published" for row in figures),
    }
    return "_".join(why for why, lacking in lacks.items() if lacking)


def _sampled(row: dict[str, Any]) -> bool:
    about = catalogue().get(row.get("series_id", ""))
    return about is not None and about.sample


def _one_unit(claim: dict[str, Any], told: str, found: str) -> bool:
    """Whether the text and the figures count the same thing; of a unit we do not know nobody can say."""
    if claim["claim_kind"] == "direction" and found == POINTS:
        return told in ("", "percent", POINTS)
    if claim["unit"] and claim["unit"] not in UNITS:
        return True
    return agrees(dimension(claim["formula_unit"]) or found, told)


def _results(
    claim: dict[str, Any], book: Book, trail: tuple[str, ...]
) -> tuple[Result | None, Input | None, str]:
    """Return what the formula gives, what it should equal, and why there can be no verdict."""
    reason = "judgement" if claim["claim_kind"] == "wording" else "missing" if claim["missing_nl"] else ""
    result = other = None
    try:
        result = book.evaluate(claim["formula"], trail) if claim["formula"] else None
        other = book.evaluate(claim["compared_with"], trail).as_input() if claim["compared_with"] else None
    except LaterFigureError:
        reason = reason or "later_figure"
    except MissingFigureError:
        reason = reason or "missing_figure"
    except NoEvidenceError:
        reason = reason or "no_evidence"
    except NoNumberError:
        reason = reason or "by_nought"
    return result, other, reason


def _elsewhere(
    claim: dict[str, Any], told: Input | None, book: Book, own: Collection[str]
) -> tuple[str, str]:
    """Say what all other documents print of the same figure: same, differs, both, or nothing (only_here).

    Where another series of the publisher holds that number for the same time and group, it is not only here (alike).
    """
    if not claim["observation"] or told is None:
        return "", ""
    printed = book.printed.get(claim["observation"])
    if not printed:  # no document that was public gives it
        try:
            series(claim["observation"].partition("/")[0])
        except InputError as error:
            raise error.located(column="observation", value=claim["observation"]) from None
        return "", ""
    if any(not agrees(dimension(row["unit_measure"]), told.unit) for row in printed):
        raise InputError(
            f"names a figure in {printed[0]['unit_measure']}, and the claim says {claim['unit']}",
            "Name a figure of the same unit, or leave the cell empty.", column="observation", value=claim["observation"],
        )  # fmt: skip
    others = [row for row in printed if row["source_id"] not in own and not math.isnan(_middle(row))]
    if not others:
        named = [
            row for row in book.beside(printed[0])
            if row["source_id"] not in own and not math.isnan(_middle(row)) and verdict(told, figure_input(row)) != "inconsistent"
        ]  # fmt: skip
        return "alike" if named else "only_here", " ".join(row["obs_id"] for row in named or printed)
    met = {verdict(told, figure_input(row)) != "inconsistent" for row in others}
    word = "both" if len(met) > 1 else "same" if True in met else "differs"
    return word, " ".join(row["obs_id"] for row in others)


def _middle(row: dict[str, Any]) -> float:
    return float(row["lower"] if math.isnan(row["obs_value"]) else row["obs_value"])


def chapter(paragraph: str) -> str:
    """Return the chapter of a paragraph number; "annex" for the annexes.

    Examples
    --------
    >>> chapter("4.8"), chapter("4 (kop), 4.26"), chapter("bijlage AP")
    ('4', '4', 'annex')
    """
    head = paragraph.replace("(", " ").replace(".", " ").split()
    return head[0] if head and head[0].isdigit() else "annex"


def _fingerprint(claim: dict[str, Any], *parts: Input | Result | None) -> str:
    words = [
        claim[n] for n in ("claim_kind", "as_reported", "unit", "formula", "compared_with", "missing_nl")
    ]
    numbers = [
        None if p is None else [f"{p.value:.12g}", f"{p.lower:.12g}", f"{p.upper:.12g}", p.lower_closed, p.upper_closed]
        for p in parts
    ]  # fmt: skip
    return hashlib.sha256(json.dumps([words, numbers]).encode()).hexdigest()[:12]


def _finite(number: float) -> float:
    return number if math.isfinite(number) else math.nan
