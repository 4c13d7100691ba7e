"""Do the sentences of a report match its figures? Evaluate a claims ledger.

A formula is plain arithmetic over observations in square brackets and other claims
in braces: `[cbs_osi_12m/2024/16+] / 100 * [cbs_phgsg_population/2024/16+]`.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from osw_stats.analysis.formulas import Result, dimension, evaluate
from osw_stats.errors import InputError
from osw_stats.vocabulary.estimates import Estimate
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.reported import Figure, parse

COLUMNS = [
    "id", "paragraph", "text", "reported_lower", "reported_upper", "unit", "formula", "formula_unit",
    "recomputed_value", "recomputed_lower", "recomputed_upper", "verdict", "recorded_verdict",
    "changed", "issue_type", "severity", "observations", "description_nl", "description_en",
]  # fmt: skip


def check(ledger: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Return the table `claims_result`: one row a claim, with interval and verdict.

    Parameters
    ----------
    ledger
        As `sources.ledger.load_ledger` returns it.
    observations
        The vintage of an edition.

    Raises
    ------
    InputError
        If a formula names a figure that the edition does not hold, or cannot be read.
    """
    figures = _figures(observations)
    reported = {
        c["id"]: parse(c["as_reported"], unit=c["unit"], step=float(c["step"]) if c["step"] else None)
        for c in records(ledger)
    }
    units = {c["id"]: c["unit"] for c in records(ledger)}
    rows = []
    for claim in records(ledger):
        try:
            rows.append(_row(claim, reported, units, figures))
        except InputError as error:
            raise error.located(
                file=claim["file"], row=claim["row"], column="formula", value=claim["formula"]
            ) from None
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(
    claim: dict[str, Any], reported: dict[str, Figure], units: dict[str, str], figures: dict[str, Any]
) -> dict[str, Any]:
    told = reported[claim["id"]]
    result = evaluate(claim["formula"], figures, reported, units) if claim["formula"] else None
    if result is not None and result.unit != dimension(claim["formula_unit"]):
        raise InputError(
            f"gives {result.unit or 'a plain number'}, not {claim['formula_unit']}",
            "Write the unit that follows from the figures into formula_unit.",
        )
    found = verdict(told, result)
    if claim["claim_kind"] == "unit" and claim["formula_unit"] != claim["unit"]:
        found = "inconsistent"
    return {
        "id": claim["id"],
        "paragraph": claim["paragraph"],
        "text": claim["text"],
        "reported_lower": told.lower,
        "reported_upper": told.upper,
        "unit": claim["unit"],
        "formula": claim["formula"],
        "formula_unit": claim["formula_unit"],
        "recomputed_value": result.value if result else math.nan,
        "recomputed_lower": result.lower if result else math.nan,
        "recomputed_upper": result.upper if result else math.nan,
        "verdict": found,
        "recorded_verdict": claim["verdict"],
        "changed": found != claim["verdict"],
        "issue_type": claim["issue_type"],
        "severity": claim["severity"],
        "observations": " ".join(result.observations) if result else "",
        "description_nl": claim["description_nl"],
        "description_en": claim["description_en"],
    }


def verdict(told: Figure, result: Result | None) -> str:
    """Compare what a text says with what its inputs give.

    `reproduced`: the inputs are exact and the point lies in the interval of the wording;
    `consistent_within_rounding`: the intervals meet (an open end does not count);
    `inconsistent`: they do not; `needs_external_source`: there is nothing to compare with.

    Examples
    --------
    >>> verdict(parse("bijna 800"), Result(787, 787, 787, True, True, ("a", "b")))
    'reproduced'
    """
    if result is None:
        return "needs_external_source"
    low = max((told.lower, not told.lower_closed), (result.lower, not result.lower_closed))
    high = min((told.upper, told.upper_closed), (result.upper, result.upper_closed))
    meet = low[0] < high[0] or (low[0] == high[0] and not low[1] and high[1])
    if not meet:
        return "inconsistent"
    return "reproduced" if result.lower == result.upper else "consistent_within_rounding"


def _figures(observations: pd.DataFrame) -> dict[str, Any]:
    """Index the figures by their key without the document, so that vintages can change."""
    return {row["obs_id"].rpartition("/")[0]: row for row in records(observations)}


def counts(result: pd.DataFrame) -> dict[str, Estimate]:
    """Return how many claims there are, fit, do not fit and cannot be checked."""
    used = tuple(dict.fromkeys(" ".join(result["observations"]).split()))
    groups = {
        "all": result["verdict"].notna(),
        "fit": result["verdict"].isin(["reproduced", "consistent_within_rounding"]),
        "unfit": result["verdict"].eq("inconsistent"),
        "open": result["verdict"].eq("needs_external_source"),
    }
    return {
        name: Estimate(
            float(rows.sum()), "claims", None, None, "none", used, "count of verdicts", "A"
        )
        for name, rows in groups.items()
    }  # fmt: skip


def recomputed(result: pd.DataFrame, claim_id: str) -> Estimate:
    """Return what the formula of one claim gives, with the range its inputs leave open.

    Raises
    ------
    InputError
        If the ledger has no such claim, or nothing could be computed for it.
    """
    rows = result[(result["id"] == claim_id) & result["recomputed_value"].notna()]
    if rows.empty:
        known = ", ".join(result.loc[result["recomputed_value"].notna(), "id"])
        raise InputError("no such recomputed claim", f"Recomputed: {known}.", column="id", value=claim_id)
    row = rows.iloc[0]
    return Estimate(
        row["recomputed_value"], row["formula_unit"], row["recomputed_lower"], row["recomputed_upper"],
        "rounding", tuple(row["observations"].split()), row["formula"], "A",
    )  # fmt: skip


def explain(result: pd.DataFrame, observations: pd.DataFrame, claim_id: str) -> str:
    """Return the arithmetic of one claim in words: wording, formula, inputs, verdict.

    Raises
    ------
    InputError
        If there is no such claim.
    """
    rows = result[result["id"] == claim_id]
    if rows.empty:
        raise InputError("no such claim", f"Claims: {', '.join(result['id'])}.", column="id", value=claim_id)
    row = rows.iloc[0]
    lines = [
        f"{row['id']}, paragraph {row['paragraph']}: “{row['text']}”",
        f"says     {row['reported_lower']:,.6g} to {row['reported_upper']:,.6g} {row['unit']}",
        f"formula  {row['formula'] or 'none: nothing published to compare with'}",
    ]
    used = observations[observations["obs_id"].isin(row["observations"].split())]
    for o in records(used):
        lines.append(
            f"input    {o['obs_id']}: {o['obs_value']:,.10g} [{o['lower']:,.10g}; {o['upper']:,.10g}] "
            f"{o['unit_measure']}, “{o['as_reported'] or o['note']}”, {o['locator']}"
        )
    if row["formula"]:
        lines.append(
            f"gives    {row['recomputed_value']:,.6g} [{row['recomputed_lower']:,.6g}; {row['recomputed_upper']:,.6g}]"
        )
    return "\n".join([*lines, f"verdict  {row['verdict']}"])
