"""Totals of the verdicts on a ledger, changes in them, and the arithmetic of one claim."""

import math
import re
from difflib import get_close_matches
from typing import Any

import pandas as pd

from osw_stats.claims.verdicts import VERDICTS, WRONG
from osw_stats.errors import InputError, NotAskedError, NotEstimableError
from osw_stats.meaning.lookup import only
from osw_stats.meaning.numbers import Number, coding_grade
from osw_stats.meaning.observations import records

FIT = ("reproduced", "consistent_within_rounding")
UNFIT, UNPROVEN = WRONG[:2], WRONG[2:]  # a comparison not demonstrated is no misfit
WARNED = 4  # as many as a reader takes in at once
APART = ("derived", "judgement")  # rows of the ledger that are not statements of the report


def require(result: pd.DataFrame) -> pd.DataFrame:
    """Return the verdicts; NotAskedError if no report whose statements stand in the ledger was public."""
    if result.empty:
        problem = "no report whose statements stand in the ledger was public on the day of this edition"
        raise NotAskedError(problem)
    return result


def summary(result: pd.DataFrame) -> pd.DataFrame:
    """Return the table `claims_summary`: by chapter the verdicts on statements, their sum, and the other rows."""
    groups = result["verdict"].where(result["counted_as"] == "statement", result["counted_as"])
    counts = pd.crosstab(result["chapter"], groups).reindex(columns=[*VERDICTS, *APART], fill_value=0)
    order = sorted(counts.index, key=lambda c: (not c.isdigit(), int(c) if c.isdigit() else 0))
    counts = counts.loc[order].astype(int)
    counts.insert(len(VERDICTS), "statements", counts[list(VERDICTS)].sum(axis=1))
    return counts.assign(claims=result["chapter"].value_counts()).rename_axis(None, axis=1).reset_index()


def findings(result: pd.DataFrame, verdicts: tuple[str, ...] = UNFIT) -> pd.DataFrame:
    """Return the claims that do not fit, the most important first; a restated finding is one row."""
    return _by_weight(result[result["verdict"].isin(verdicts) & (result["restates"] == "")])


def _by_weight(wrong: pd.DataFrame) -> pd.DataFrame:
    rank = {"major": 0, "moderate": 1, "minor": 2}
    return wrong.sort_values("severity", key=lambda s: s.map(rank), kind="stable", ignore_index=True)


def often_read(result: pd.DataFrame) -> pd.DataFrame:
    """Return the most important statements that figures support least; NotAskedError if figures support all of them."""
    warned = pd.concat([findings(result), findings(result, UNPROVEN)])
    warned = warned[warned["counted_as"] == "statement"]
    if warned.empty:
        raise NotAskedError("the figures carry every statement of the report")
    return _by_weight(warned).head(WARNED)


def unproven(result: pd.DataFrame) -> pd.DataFrame:
    """Return the comparisons that are neither shown nor contradicted; NotAskedError if there are none."""
    table = findings(result, UNPROVEN)
    if table.empty:
        raise NotAskedError("every comparison of the report is shown or contradicted")
    return table


def counts(result: pd.DataFrame, coders: int = 1) -> dict[str, Number]:
    """Return the numbers of statements, of those that fit, do not fit or cannot be checked, and of those found elsewhere."""
    # `coders` is the number of readers who drew up the ledger independently; it sets the grade of the
    # tally. `all` is `checked` and `open`; `checked` is `fit`, `unfit`, `unit` and `unproven`. Apart from
    # these stand `derived` and `judgement`. `findings` are different misfits, of which `major`, `moderate`
    # and `minor`.
    used = tuple(dict.fromkeys(" ".join(result["observations"]).split()))
    if not used:
        problem = "not one statement could be recomputed: no figure that the ledger needs is there"
        raise NotEstimableError(problem)
    statements, word, elsewhere = result["counted_as"].eq("statement"), result["verdict"], result["elsewhere"]
    unsettled, severity = word.eq("needs_external_source"), findings(result)["severity"]
    groups = {
        "all": statements,
        "checked": statements & ~unsettled,
        "fit": statements & word.isin(FIT),
        "unfit": statements & word.eq("inconsistent"),
        "unit": statements & word.eq("unit_differs"),
        "unproven": statements & word.eq("not_demonstrated"),
        "open": statements & unsettled,
        "confirmed": statements & unsettled & elsewhere.isin(("same", "both")),
        "unaided": statements & result["unaided"].ne(""),
        "differs": elsewhere.isin(("differs", "both")),
        **{name: result["counted_as"].eq(name) for name in APART},
        "findings": severity.notna(),
        **{name: severity.eq(name) for name in ("major", "moderate", "minor")},
    }
    about = (None, None, "none", used, "count of verdicts", coding_grade(coders))
    return {name: Number(float(rows.sum()), "claims", *about) for name, rows in groups.items()}


def unaided(result: pd.DataFrame, coders: int = 1) -> Number:
    """Return the number of statements for which the text alone gives a relation; NotAskedError if none was recorded."""
    number = counts(result, coders)["unaided"]
    if not number.value:
        problem = "what the check of the text finds by itself was recorded for no report of this edition"
        raise NotAskedError(problem)
    return number


def claim(result: pd.DataFrame, claim_id: str = "") -> dict[str, Any]:
    """Return one claim; without an id the most important finding with numbers on both sides."""
    if claim_id:
        if claim_id not in set(result["id"]):
            near = ", ".join(get_close_matches(claim_id, list(result["id"]), n=5)) or "none is near"
            raise InputError("no such claim", f"Claims like it: {near}.", column="id", value=claim_id)
        return only(result, "claims_result", id=claim_id)
    table = findings(result)
    both = table[["reported_value", "recomputed_value"]].notna().all(axis=1) & table["observations"].ne("")
    if not both.any():
        raise NotEstimableError("no finding has a number of the report and one of the figures")
    return records(table[both])[0]


def awaited(row: dict[str, Any]) -> dict[str, str]:
    """Return the subject of a claim, by language, that awaits a later figure; NotAskedError for other claims."""
    if row["reason"] != "later_figure":
        raise NotAskedError(f"claim {row['id']} does not wait for a figure of after the as-of date")
    return {language: row[f"description_{language}"] for language in ("nl", "en")}


def recomputed(row: dict[str, Any]) -> Number:
    """Return the result of the formula of a claim, with the range its inputs leave open and its verdict."""
    if math.isnan(row["recomputed_value"]) or not row["observations"]:
        raise NotEstimableError(f"claim {row['id']} was not recomputed from published figures")
    # grade B: several figures, or a figure and a number of the text, are assumed to count alike
    alone = row["formula"] == f"[{row['observations'].split()[0].rpartition('/')[0]}]"
    about = {"unit": row["formula_unit"], "interval_kind": "rounding", "method": row["formula"]}
    ends = ("recomputed_value", "recomputed_lower", "recomputed_upper")
    return Number.from_row(row | about | {"grade": "A" if alone else "B"}, *ends, verdict=row["verdict"])


def changes(result: pd.DataFrame, recorded: pd.DataFrame) -> pd.DataFrame:
    """Return the claims whose verdict is not the recorded one; `explained` where an input or the wording changed as well."""
    # a verdict that changes without either means that the computation changed
    now = result[["id", "verdict", "inputs"]]
    both = now.merge(recorded, on="id", how="outer", suffixes=("", "_recorded")).fillna("")
    both = both.rename(columns={"verdict_recorded": "recorded"})
    both["explained"] = both["inputs"] != both["inputs_recorded"]
    moved = both[both["verdict"] != both["recorded"]]
    return moved[["id", "recorded", "verdict", "explained"]].reset_index(drop=True)


def explain(
    result: pd.DataFrame, observations: pd.DataFrame, claim_id: str, places: pd.DataFrame | None = None
) -> str:
    """Return the arithmetic of one claim in words: wording, formula, inputs, verdict; InputError if there is none."""
    row = claim(result, claim_id)
    lines = [
        f"{row['id']}, paragraph {row['paragraph']}: “{row['text']}”",
        f"{'says    ' if prints(row) else 'read as '} {_range(row, 'reported')} {row['unit']}",
        f"formula  {row['formula'] or 'none: nothing published to compare with'}",
    ]
    for o in records(observations[observations["obs_id"].isin(row["observations"].split())]):
        ends = f"{o['obs_value']:,.10g} [{o['lower']:,.10g}; {o['upper']:,.10g}] {o['unit_measure']}"
        lines.append(f"input    {o['obs_id']}: {ends}, “{o['as_reported'] or o['note']}”, {o['locator']}")
    # names in brackets are observations
    names = set(re.findall(r"\w+", re.sub(r"\[[^]]*\]", "", row["formula"])))
    for c in sorted(records(result[result["id"].isin(names)]), key=lambda c: c["id"]):
        ends = _range(c, "reported" if pd.notna(c["reported_lower"]) else "recomputed")
        lines.append(f"input    {c['id']}: {ends} {c['unit']}, “{c['text']}”, {c['paragraph']}")
    if places is not None:
        for p in records(places[places["list_id"].isin(names)]):
            lines.append(f"place    {p['list_id']}: “{p['text']}” {p['value']}, {p['paragraph']}")
    if not math.isnan(row["recomputed_value"]):
        value = f"{row['recomputed_value']:,.6g} [{_range(row, 'recomputed')}]"
        lines.append(f"gives    {value} {row['formula_unit']}")
    if row["elsewhere"]:
        lines.append(f"elsewhere {row['elsewhere']}: {row['elsewhere_observation']}")
    why = f" ({row['reason']})" if row["reason"] else ""
    return "\n".join([*lines, f"verdict  {row['verdict']}{why}"])


def prints(row: dict[str, Any]) -> bool:
    """Return whether the text itself prints the number of a claim; otherwise a reader of the ledger supplied it."""
    # without the words of the text, the ledger is trusted
    return not row["text"] or (row["as_reported"] != "" and row["as_reported"].lower() in row["text"].lower())


def _range(row: dict[str, Any], side: str) -> str:
    low, high = row[f"{side}_lower"], row[f"{side}_upper"]
    if math.isnan(low) and math.isnan(high):
        return "no number"
    return " to ".join("…" if math.isnan(end) else f"{end:,.6g}" for end in (low, high))
