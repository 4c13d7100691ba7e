"""What the verdicts on a ledger add up to, what changed in them, and the arithmetic of one."""

from __future__ import annotations

import math
from difflib import get_close_matches
from typing import Any

import pandas as pd

from osw_stats.analysis.claims.verdicts import VERDICTS, WRONG
from osw_stats.errors import InputError, NotAskedError, NotEstimableError
from osw_stats.vocabulary.lookup import only
from osw_stats.vocabulary.numbers import Number, coding_grade
from osw_stats.vocabulary.observations import records

FIT = ("reproduced", "consistent_within_rounding")
UNFIT, UNPROVEN = WRONG[:2], WRONG[2:]  # what is not shown is no misfit
APART = ("derived", "judgement")  # rows of the ledger that are no statement of the report


def require(result: pd.DataFrame) -> pd.DataFrame:
    """Return the verdicts, where there is a report to check.

    Raises
    ------
    NotAskedError
        If there is none: no report whose statements stand in the ledger was public.
    """
    if result.empty:
        raise NotAskedError(
            "no report whose statements stand in the ledger was public on the day of this edition"
        )
    return result


def summary(result: pd.DataFrame) -> pd.DataFrame:
    """Return the table `claims_summary`: by chapter the verdicts on statements, their sum, and what is no statement.

    `claims` is every row of the ledger.
    """
    groups = result["verdict"].where(result["counted_as"] == "statement", result["counted_as"])
    counts = pd.crosstab(result["chapter"], groups).reindex(columns=[*VERDICTS, *APART], fill_value=0)
    order = sorted(counts.index, key=lambda c: (not c.isdigit(), int(c) if c.isdigit() else 0))
    counts = counts.loc[order].astype(int)
    statements = counts[list(VERDICTS)].sum(axis=1)
    counts.insert(len(VERDICTS), "statements", statements)
    return counts.assign(claims=result["chapter"].value_counts()).rename_axis(None, axis=1).reset_index()


def findings(result: pd.DataFrame, verdicts: tuple[str, ...] = UNFIT) -> pd.DataFrame:
    """Return what does not fit, the most important first; a finding told twice is one row."""
    rank = {"major": 0, "moderate": 1, "minor": 2}
    wrong = result[result["verdict"].isin(verdicts) & (result["restates"] == "")]
    return wrong.sort_values("severity", key=lambda s: s.map(rank), kind="stable").reset_index(drop=True)


def unproven(result: pd.DataFrame) -> pd.DataFrame:
    """Return the comparisons that are neither shown nor contradicted; NotAskedError if there are none."""
    found = findings(result, UNPROVEN)
    if found.empty:
        raise NotAskedError("every comparison of the report is shown or contradicted")
    return found


def counts(result: pd.DataFrame, coders: int = 1) -> dict[str, Number]:
    """Return how many statements there are, fit, do not fit, cannot be checked, and stand elsewhere too.

    `coders` is how many readers drew up the ledger independently; the grade of a tally of their work follows.
    `all` is `checked` and `open`; `checked` is `fit`, `unfit`, `unit` and `unproven`. Apart from these stand
    `derived` and `judgement`. `findings` are different misfits, of which `major`, `moderate` and `minor`.

    Raises
    ------
    NotEstimableError
        If no statement could be recomputed.
    """
    used = tuple(dict.fromkeys(" ".join(result["observations"]).split()))
    if not used:
        raise NotEstimableError(
            "not one statement could be recomputed: no figure that the ledger needs is there"
        )
    said, unsettled = result["counted_as"].eq("statement"), result["verdict"].eq("needs_external_source")
    groups = {
        "all": said,
        "checked": said & ~unsettled,
        "fit": said & result["verdict"].isin(FIT),
        "unfit": said & result["verdict"].eq("inconsistent"),
        "unit": said & result["verdict"].eq("unit_differs"),
        "unproven": said & result["verdict"].eq("not_demonstrated"),
        "open": said & unsettled,
        "confirmed": said & unsettled & result["elsewhere"].isin(("same", "both")),
        "differs": result["elsewhere"].isin(("differs", "both")),
        **{name: result["counted_as"].eq(name) for name in APART},
    }
    numbers = {name: float(rows.sum()) for name, rows in groups.items()}
    found = findings(result)
    numbers["findings"] = float(len(found))
    numbers |= {name: float(found["severity"].eq(name).sum()) for name in ("major", "moderate", "minor")}
    return {
        name: Number(n, "claims", None, None, "none", used, "count of verdicts", coding_grade(coders))
        for name, n in numbers.items()
    }


def claim(result: pd.DataFrame, claim_id: str = "") -> dict[str, Any]:
    """Return one claim; without an id the most important finding with numbers on both sides.

    Raises
    ------
    NotEstimableError
        If nothing could be computed for it, such as for want of a figure.
    InputError
        If the ledger has no such claim.
    NotEstimableError
        If no finding has both numbers.
    """
    if claim_id:
        if claim_id not in set(result["id"]):
            near = ", ".join(get_close_matches(claim_id, list(result["id"]), n=5)) or "none is near"
            raise InputError("no such claim", f"Claims like it: {near}.", column="id", value=claim_id)
        return only(result, "claims_result", id=claim_id)
    found = findings(result)
    both = found[["reported_value", "recomputed_value"]].notna().all(axis=1) & found["observations"].ne("")
    if not both.any():
        raise NotEstimableError("no finding has a number of the report and one of the figures")
    return records(found[both])[0]


def awaited(row: dict[str, Any]) -> dict[str, str]:
    """Return what a claim is about, by language, where it waits for a figure of later; NotAskedError otherwise."""
    if row["reason"] != "later_figure":
        raise NotAskedError(f"claim {row['id']} does not wait for a figure of after the as-of date")
    return {language: row[f"description_{language}"] for language in ("nl", "en")}


def recomputed(row: dict[str, Any]) -> Number:
    """Return what the formula of a claim gives, with the range its inputs leave open and its verdict.

    Raises
    ------
    NotEstimableError
        If nothing could be computed for it from published figures.
    """
    if math.isnan(row["recomputed_value"]) or not row["observations"]:
        raise NotEstimableError(f"claim {row['id']} was not recomputed from published figures")
    used = tuple(row["observations"].split())
    # that several figures, or a figure and a number of the text, count alike is assumed
    return Number(
        row["recomputed_value"], row["formula_unit"], row["recomputed_lower"], row["recomputed_upper"],
        "rounding", used, row["formula"], "A" if row["formula"] == f"[{used[0].rpartition('/')[0]}]" else "B",
        verdict=row["verdict"],
    )  # fmt: skip


def changes(result: pd.DataFrame, recorded: pd.DataFrame) -> pd.DataFrame:
    """Return the claims whose verdict is not the recorded one.

    Parameters
    ----------
    result
        The table of `claims.check`.
    recorded
        id, verdict and inputs as they were recorded.

    Returns
    -------
    pandas.DataFrame
        id, recorded, verdict, and `explained`: whether an input or the wording changed as well. A
        verdict that changes by itself means that the computation changed.
    """
    both = result[["id", "verdict", "inputs"]].merge(
        recorded, on="id", how="outer", suffixes=("", "_recorded")
    )
    both = both.fillna("")
    moved = both[both["verdict"] != both["verdict_recorded"]]
    return pd.DataFrame(
        {
            "id": moved["id"],
            "recorded": moved["verdict_recorded"],
            "verdict": moved["verdict"],
            "explained": moved["inputs"] != moved["inputs_recorded"],
        }
    ).reset_index(drop=True)


def explain(
    result: pd.DataFrame, observations: pd.DataFrame, claim_id: str, places: pd.DataFrame | None = None
) -> str:
    """Return the arithmetic of one claim in words: wording, formula, inputs, verdict.

    Raises
    ------
    InputError
        If there is no such claim.
    """
    rows = {row["id"]: row for row in records(result)}
    if claim_id not in rows:
        raise InputError("no such claim", f"Claims: {', '.join(rows)}.", column="id", value=claim_id)
    row = rows[claim_id]
    lines = [
        f"{row['id']}, paragraph {row['paragraph']}: “{row['text']}”",
        f"{'says    ' if prints(row) else 'read as '} {_range(row, 'reported')} {row['unit']}",
        f"formula  {row['formula'] or 'none: nothing published to compare with'}",
        *_inputs(row, rows, observations, places),
    ]
    if not math.isnan(row["recomputed_value"]):
        lines.append(
            f"gives    {row['recomputed_value']:,.6g} [{_range(row, 'recomputed')}] {row['formula_unit']}"
        )
    if row["elsewhere"]:
        lines.append(f"elsewhere {row['elsewhere']}: {row['elsewhere_observation']}")
    why = f" ({row['reason']})" if row["reason"] else ""
    return "\n".join([*lines, f"verdict  {row['verdict']}{why}"])


def _inputs(
    row: dict[str, Any],
    rows: dict[str, dict[str, Any]],
    observations: pd.DataFrame,
    places: pd.DataFrame | None,
) -> list[str]:
    """Return one line an input: observations with their source, other claims, counted places."""
    lines = []
    for o in records(observations[observations["obs_id"].isin(row["observations"].split())]):
        lines.append(
            f"input    {o['obs_id']}: {o['obs_value']:,.10g} [{o['lower']:,.10g}; {o['upper']:,.10g}] "
            f"{o['unit_measure']}, “{o['as_reported'] or o['note']}”, {o['locator']}"
        )
    for claim_id in sorted(_words(row["formula"]) & set(rows)):
        claim = rows[claim_id]
        side = "reported" if pd.notna(claim["reported_lower"]) else "recomputed"
        lines.append(
            f"input    {claim_id}: {_range(claim, side)} {claim['unit']}, “{claim['text']}”, {claim['paragraph']}"
        )
    if places is not None:
        for p in records(places[places["list_id"].isin(_words(row["formula"]))]):
            lines.append(f"place    {p['list_id']}: “{p['text']}” {p['value']}, {p['paragraph']}")
    return lines


def prints(row: dict[str, Any]) -> bool:
    """Return whether the text itself prints the number of a claim; else a reader of the ledger put it in.

    A ledger without the words of the text is taken at its word.
    """
    return not row["text"] or (row["as_reported"] != "" and row["as_reported"].lower() in row["text"].lower())


def _words(formula: str) -> set[str]:
    """Return the names in a formula; what stands in brackets is an observation."""
    outside = "".join(part.partition("]")[2] if at else part for at, part in enumerate(formula.split("[")))
    return set("".join(c if c.isalnum() or c == "_" else " " for c in outside).split())


def _range(row: dict[str, Any], side: str) -> str:
    low, high = row[f"{side}_lower"], row[f"{side}_upper"]
    if math.isnan(low) and math.isnan(high):
        return "no number"
    return f"{'…' if math.isnan(low) else f'{low:,.6g}'} to {'…' if math.isnan(high) else f'{high:,.6g}'}"
