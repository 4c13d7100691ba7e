"""Answers of authorities to five questions, and the follow-up of recommendations and deadlines."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.stats.inter_rater import cohens_kappa

from osw_stats.errors import InputError, NotAskedError
from osw_stats.meaning.authorities import AUTHORITIES, CODES, NO_RECORD, QUESTIONS, REFUSED, SCOPES
from osw_stats.meaning.observations import records
from osw_stats.stats.survey.intervals import normal_quantile
from osw_stats.wording.scan import CLAIMS, scan

FIRST = "first"
UNSETTLED = ("unclear", "no_document")  # findings
# columns stated by a deadline itself; the others follow from the evidence
OF_DEADLINE = ["id", "kind", "addressee_nl", "addressee_en", "text_nl", "text_en", "rule_nl", "rule_en"]
OF_DEADLINE += ["date_earliest", "date_latest", "locator"]


def require(coded: pd.DataFrame) -> pd.DataFrame:
    """Return rows coded by hand; NotAskedError if the edition predates the document."""
    if coded.empty:
        raise NotAskedError("no document that was coded by hand was public on the day of this edition")
    return coded


def matrix(answers: pd.DataFrame) -> pd.DataFrame:
    """Return the table `authority_matrix`: one row per body, the first coder's code for each question (docs/codebook.md)."""
    coded = answers[answers["coder"] == FIRST]
    names = ("code", "scope")
    codes, scopes = (coded.pivot_table(name, "body", "question", aggfunc="first") for name in names)
    table = codes.add_prefix("q").join(scopes.add_prefix("scope"))
    asked = [a.code for a in AUTHORITIES.values() if a.asked]
    return table.loc[asked].rename_axis(None, axis=1).reset_index().assign(coder=FIRST)


def coverage(answers: pd.DataFrame) -> pd.DataFrame:
    """Return per question the number of bodies with each code of the first coder, and the number that gave a figure."""
    # `bodies` answered in a record, the denominator of counts of answers; subject, part and broader are bodies
    # whose quote has a number of that scope, `numbers` of any scope
    coded = answers[answers["coder"] == FIRST]
    numbers = coded["scope"].where(coded["quote"].map(names_a_number), "")
    codes = pd.crosstab(coded["question"], coded["code"]).reindex(columns=list(CODES), fill_value=0)
    named = pd.crosstab(coded["question"], numbers).reindex(columns=[s for s in SCOPES if s], fill_value=0)
    table = pd.DataFrame({"asked": codes.sum(axis=1), "refused": codes[REFUSED]})
    table["without_record"] = codes[NO_RECORD]
    table["bodies"] = table["asked"] - table["refused"] - table["without_record"]
    table = table.join(codes.add_prefix("code")).join(named).assign(numbers=named.sum(axis=1))
    return table.reindex(list(QUESTIONS), fill_value=0).rename_axis("question").reset_index()


def names_a_number(quote: str) -> bool:
    """Return whether a quote contains a number, in digits or in words."""
    return any(statement.kind in CLAIMS for statement in scan(quote))


def agreement(answers: pd.DataFrame, alpha: float = 0.05) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the agreement of two coders (`authority_agreement`), and the cells on which they disagree."""
    # Kappa of Cohen (1960, 1968), with the large-sample error of Fleiss, Cohen and Everitt (1969) on the
    # scale of log(1 - kappa): limits around kappa itself are too narrow where coders mostly agree, and may
    # exceed 1. Linear weights count a neighbouring code as a smaller difference; codes 0 and 1 are about
    # contact, so both kappas are shown.
    z, coders = normal_quantile(alpha), list(dict.fromkeys(answers["coder"]))
    if len(coders) < 2:
        raise NotAskedError("agreement needs a second coder")
    if len(coders) > 2:
        remedy, named = "Kappa compares two; keep two files.", ", ".join(coders)
        raise InputError("holds more than two coders", remedy, column="coder", value=named)
    key = ["body", "question"]
    first, second = (answers[answers["coder"] == c] for c in coders)
    both = first.merge(second, on=key, suffixes=("_1", "_2"), validate="one_to_one")
    # no record precedes refused: both are about contact, and furthest from a figure
    order = [NO_RECORD, *(code for code in CODES if code != NO_RECORD)]
    table = pd.crosstab(both["code_1"], both["code_2"]).reindex(index=order, columns=order, fill_value=0)
    agreed = int(np.trace(table))
    rows = []
    for weights in ("none", "linear"):
        disagreement, factor = 0.0, math.nan  # the formula is 0 / 0 where all cells agree on one code
        if agreed < len(both):
            result = cohens_kappa(table.to_numpy(float), wt=None if weights == "none" else weights)
            disagreement = 1 - float(result.kappa)
            factor = math.exp(z * float(result.std_kappa) / disagreement)
        row = {"weights": weights, "coder_1": coders[0], "coder_2": coders[1], "kappa": 1 - disagreement}
        row |= {"lower": 1 - disagreement * factor, "upper": 1 - disagreement / factor}
        rows.append(row | {"agreed": agreed, "cells": len(both)})
    differing = both.loc[both["code_1"] != both["code_2"], [*key, "code_1", "code_2", "quote_1", "quote_2"]]
    return pd.DataFrame(rows), differing.reset_index(drop=True)


def deadlines(table: pd.DataFrame, evidence: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return the table `deadlines`: every recommendation and deadline with its status by evidence published up to a day."""
    rows = []
    for row in records(table):
        known = evidence[(evidence["deadline"] == row["id"]) & (evidence["published"] <= as_of.isoformat())]
        known = known.sort_values("published", ascending=False, kind="stable")
        entry = {name: row[name] for name in OF_DEADLINE} | status(row, known, as_of)
        entry |= {"evidence": " ".join(known["source_id"])}
        entry |= {"evidence_url": " ".join(u for u in known["url"] if u)}
        for note in ("note_nl", "note_en"):
            entry[note] = " ".join(dict.fromkeys(f"{words}." for words in known[note]))
        rows.append(entry | {"checked_at": row["checked_at"], "as_of": as_of.isoformat()})
    return pd.DataFrame(rows)


def status(deadline: Mapping[str, Any], known: pd.DataFrame, as_of: date) -> dict[str, str]:
    """Return the status of one deadline by the rule of docs/codebook.md, and the date it was done."""
    # Evidence decides; the calendar alone never makes a deadline missed. Done in time is met; done late, or in
    # part, is partly; a document that states it was not done, after the last possible date, is missed.
    # Without such evidence it is open until the last possible date; after it the status states why it is
    # unknown.
    latest = deadline["date_latest"]
    settled = known[~known["finding"].isin(UNSETTLED)].sort_values("published", kind="stable")
    last = records(settled)[-1] if len(settled) else {"finding": "", "done_on": ""}
    finding, done_on = last["finding"], last["done_on"]
    if finding == "done":
        return {"status": "met" if not latest or done_on <= latest else "partly", "done_on": done_on}
    if finding == "partly":
        code = "partly"
    elif not latest or as_of.isoformat() <= latest:
        code = "open"
    elif finding == "not_done":
        code = "missed"
    elif (known["read"] == "part").any():
        code = "not_read"
    elif (known["finding"] == "no_document").any():
        code = "not_verifiable"
    else:
        code = "not_settled" if len(known) else "not_found"
    return {"status": code, "done_on": ""}
