"""What authorities answered to five questions, and what became of recommendations and dates."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm
from statsmodels.stats.inter_rater import cohens_kappa

from osw_stats.errors import InputError, NotAskedError
from osw_stats.vocabulary.authorities import AUTHORITIES, CODES, NO_RECORD, QUESTIONS, REFUSED, SCOPES
from osw_stats.vocabulary.observations import records
from osw_stats.vocabulary.scan import CLAIMS, scan

# the last four are states of absence, each of whose absence it is
STATUSES = ("open", "met", "partly", "missed", "not_read", "not_verifiable", "not_settled", "not_found")
FIRST = "first"


def public(coded: pd.DataFrame, sources: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return the rows of what was coded by hand whose document (`source_id`) was certainly public on a day."""
    known = sources.loc[sources["known_by"] <= as_of.isoformat(), "source_id"]
    return coded[coded["source_id"].isin(known)]


def require(coded: pd.DataFrame) -> pd.DataFrame:
    """Return rows that were coded by hand, where there are any.

    Raises
    ------
    NotAskedError
        If there are none: an edition of before the document, about which nothing is lacking.
    """
    if coded.empty:
        raise NotAskedError("no document that was coded by hand was public on the day of this edition")
    return coded


def matrix(answers: pd.DataFrame, coder: str = FIRST) -> pd.DataFrame:
    """Return the table `authority_matrix`: one row a body, its code for each question.

    Parameters
    ----------
    answers
        As `sources.authorities.load_answers` returns them.
    coder
        Whose coding.

    Returns
    -------
    pandas.DataFrame
        body, q1 to q5 (0-4 or 9, see docs/codebook.md), scope1 to scope5 and coder; in the order of the vocabulary.
    """
    coded = {(r["body"], r["question"]): r for r in records(answers[answers["coder"] == coder])}
    rows = []
    for body in (a.code for a in AUTHORITIES.values() if a.asked):
        cells = {q: coded[body, q] for q in QUESTIONS}
        rows.append(
            {"body": body, **{f"q{q}": int(c["code"]) for q, c in cells.items()},
             **{f"scope{q}": c["scope"] for q, c in cells.items()}, "coder": coder}
        )  # fmt: skip
    return pd.DataFrame(rows)


def coverage(answers: pd.DataFrame, coder: str = FIRST) -> pd.DataFrame:
    """Return per question how many bodies have each code, and how many named a number.

    Parameters
    ----------
    answers
        As `sources.authorities.load_answers` returns them.
    coder
        Whose coding.

    Returns
    -------
    pandas.DataFrame
        question; asked, refused, without_record, and bodies: those that answered in a record, the only ones a
        count of answers is out of; code0 to code9; subject, part and broader: bodies whose quoted words hold a
        number of that scope; numbers: of any.
    """
    coded = answers[answers["coder"] == coder]
    rows = []
    for question in QUESTIONS:
        asked = coded[coded["question"] == question]
        codes = asked["code"]
        numbers = asked["scope"].where(asked["quote"].map(names_a_number), "")
        rows.append(
            {
                "question": question,
                "asked": len(codes),
                "refused": int((codes == REFUSED).sum()),
                "without_record": int((codes == NO_RECORD).sum()),
                "bodies": int((~codes.isin([REFUSED, NO_RECORD])).sum()),
                **{f"code{c}": int((codes == c).sum()) for c in CODES},
                **{s: int((numbers == s).sum()) for s in SCOPES if s},
                "numbers": int((numbers != "").sum()),
            }
        )
    return pd.DataFrame(rows)


def names_a_number(quote: str) -> bool:
    """Say whether quoted words hold a number, in digits or in words."""
    return any(found.kind in CLAIMS for found in scan(quote))


def agreement(answers: pd.DataFrame, alpha: float = 0.05) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return how far two coders agree, and the cells on which they do not.

    Parameters
    ----------
    answers
        All codings; the second coder's file makes the second.
    alpha
        1 minus the level of the intervals.

    Returns
    -------
    tuple of pandas.DataFrame
        `authority_agreement`: weights (none, linear), kappa, lower, upper, agreed, cells; and
        `authority_disagreements`: body, question, and the code and words of either coder.

    Raises
    ------
    NotAskedError
        If there is one coder.
    InputError
        If there are more than two.

    Notes
    -----
    Cohen (1960, 1968), with large-sample intervals of Fleiss, Cohen and Everitt (1969). Linear weights
    count a neighbouring code as a smaller difference; code 0 and 1 are about contact, so it is shown
    beside the unweighted one and not instead of it.
    """
    coders = list(dict.fromkeys(answers["coder"]))
    if len(coders) < 2:
        raise NotAskedError("agreement needs a second coder")
    if len(coders) > 2:
        raise InputError("holds more than two coders", "Kappa compares two; keep two files.", column="coder", value=", ".join(coders))  # fmt: skip
    key = ["body", "question"]
    one, other = (answers[answers["coder"] == c] for c in coders)
    both = one.merge(other, on=key, suffixes=("_1", "_2"), validate="one_to_one")
    # no record stands before refused: both are about contact, and the furthest from a figure
    place = {code: at for at, code in enumerate((NO_RECORD, *(c for c in CODES if c != NO_RECORD)))}
    table = np.zeros((len(CODES), len(CODES)))
    np.add.at(table, (both["code_1"].map(place).to_numpy(), both["code_2"].map(place).to_numpy()), 1)
    same = int(np.trace(table))
    rows = []
    for weights in ("none", "linear"):
        found = cohens_kappa(table, wt=None if weights == "none" else weights)
        half = float(norm.ppf(1 - alpha / 2) * found.std_kappa)
        certain = same == len(both)  # the formula divides zero by zero where all cells agree on one code
        rows.append(
            {
                "weights": weights, "coder_1": coders[0], "coder_2": coders[1],
                "kappa": 1.0 if certain else float(found.kappa),
                "lower": math.nan if certain else float(found.kappa) - half,
                "upper": math.nan if certain else float(found.kappa) + half,
                "agreed": same, "cells": len(both),
            }
        )  # fmt: skip
    differing = both.loc[both["code_1"] != both["code_2"], [*key, "code_1", "code_2", "quote_1", "quote_2"]]
    return pd.DataFrame(rows), differing.reset_index(drop=True)


def deadlines(table: pd.DataFrame, evidence: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return the table `deadlines`: every recommendation and date with its status on the as-of date.

    Parameters
    ----------
    table, evidence
        As `sources.authorities.load_deadlines` returns them.
    as_of
        The day on which the edition looks; evidence published later does not count.

    Returns
    -------
    pandas.DataFrame
        id, kind, addressee, text, rule and dates, status (of `STATUSES`), done_on, the documents of
        the evidence with links, checked_at and as_of.
    """
    rows = []
    for row in records(table):
        known = evidence[(evidence["deadline"] == row["id"]) & (evidence["published"] <= as_of.isoformat())]
        found = status(row, known, as_of)
        rows.append(
            {
                **{k: row[k] for k in ("id", "kind", "addressee_nl", "addressee_en", "text_nl", "text_en", "rule_nl", "rule_en",
                                       "date_earliest", "date_latest", "locator")},
                **found, "evidence": " ".join(known["source_id"]),
                "evidence_url": " ".join(u for u in known["url"] if u),
                "note_nl": " ".join(dict.fromkeys(f"{n}." for n in known["note_nl"])),
                "note_en": " ".join(dict.fromkeys(f"{n}." for n in known["note_en"])),
                "checked_at": row["checked_at"], "as_of": as_of.isoformat(),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def status(deadline: Mapping[str, Any], known: pd.DataFrame, as_of: date) -> dict[str, str]:
    """Return the status of one deadline by the rule of docs/codebook.md, and the day it was done.

    Evidence decides; the calendar alone never makes anything missed. Done in time is met; done late, or
    done in part, is partly; a document that says it was not done, after the last possible date, is missed.
    Without such evidence it is open until the last possible date (and where there is no date). After it the
    status says why nothing is known: a document is there that we did not read whole (not_read), a document says
    that there is none to look at (not_verifiable), what we read does not settle it (not_settled), or we found
    nothing (not_found).
    """
    latest, today = deadline["date_latest"], as_of.isoformat()
    settled = known[~known["finding"].isin(["unclear", "no_document"])].sort_values(
        "published", kind="stable"
    )
    finding = settled["finding"].iloc[-1] if len(settled) else ""
    passed = bool(latest) and today > latest
    done_on = settled["done_on"].iloc[-1] if len(settled) else ""
    if finding == "done":
        return {"status": "met" if not latest or done_on <= latest else "partly", "done_on": done_on}
    if finding == "partly":
        return {"status": "partly", "done_on": ""}
    if finding == "not_done" and passed:
        return {"status": "missed", "done_on": ""}
    return {"status": _unknown(known) if passed and not finding else "open", "done_on": ""}


def _unknown(known: pd.DataFrame) -> str:
    """Return why nothing is known of a deadline that has passed."""
    if (known["read"] == "part").any():
        return "not_read"
    if (known["finding"] == "no_document").any():
        return "not_verifiable"
    return "not_settled" if len(known) else "not_found"
