"""Read a claims ledger: numeric statements of a report, each with a formula that tests it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.sources.register import load_records
from osw_stats.sources.rows import read_rows, step_of
from osw_stats.vocabulary.reported import parse
from osw_stats.vocabulary.units import unit

HEADER = [
    "id", "paragraph", "claim_kind", "text", "as_reported", "unit", "step", "formula",
    "formula_unit", "verdict", "issue_type", "severity", "description_nl", "description_en",
]  # fmt: skip
KINDS = ("value", "unit")
# kinds of what can be wrong, and how much it matters; empty where nothing is
ISSUES = (
    "", "number_vs_number", "number_vs_population", "number_between_sources", "sum", "unit_changed", "outdated",
    "direction_contradicted", "statement_vs_number", "unsupported_trend", "wording_vs_number",
    "number_vs_citation", "date", "count", "legal_reference", "numbering",
)  # fmt: skip
SEVERITIES = ("", "major", "moderate", "minor")
VERDICTS = (
    "reproduced", "consistent_within_rounding", "inconsistent", "needs_external_source",
)  # fmt: skip


def load_ledger(root: Path) -> pd.DataFrame:
    """Return the ledger of the project, all columns as text, plus `file` and `row`.

    Raises
    ------
    InputError
        If a row has an unknown unit, kind or verdict, an unreadable figure, or an id twice.
    """
    paths = [r.path for r in load_records(root / "data" / "raw") if r.kind == "ledger"]
    if not paths:
        raise InputError("holds no claims ledger", "Put back data/raw as published.", file="data/raw")
    return pd.concat([read_ledger(p, p.relative_to(root).as_posix()) for p in paths], ignore_index=True)


def read_ledger(path: Path, name: str) -> pd.DataFrame:
    """Return one ledger file; `name` is how error messages call it."""
    rows = read_rows(path, name, HEADER)
    table = pd.DataFrame([cells | {"file": name, "row": line} for line, cells in rows])
    for line, claim in rows:
        try:
            _check(claim)
        except InputError as error:
            raise error.located(file=name, row=line) from None
    twice = table[table["id"].duplicated()]
    if len(twice):
        raise InputError(
            "this id stands twice", "Give every claim its own id.",
            file=name, row=int(twice["row"].iloc[0]), column="id", value=twice["id"].iloc[0],
        )  # fmt: skip
    return table


def _check(claim: dict[str, str]) -> None:
    for column, allowed in (
        ("claim_kind", KINDS), ("verdict", VERDICTS), ("issue_type", ISSUES), ("severity", SEVERITIES),
    ):  # fmt: skip
        if claim[column] not in allowed:
            raise InputError(
                "is not one of the allowed values", f"Allowed here: {', '.join(allowed)}.",
                column=column, value=claim[column],
            )  # fmt: skip
    for column in ("unit", "formula_unit"):
        if claim[column] or column == "unit":
            try:
                unit(claim[column])
            except InputError as error:
                raise error.located(column=column) from None
    try:
        parse(claim["as_reported"], unit=claim["unit"], step=step_of(claim["step"]))
    except InputError as error:
        raise error.located(column="as_reported") from None
