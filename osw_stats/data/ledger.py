"""Read a claims ledger: numerical statements of a report, each with a formula that tests it."""

from pathlib import Path

import pandas as pd

from osw_stats.data.register import SourceRecord, load_records, records_of
from osw_stats.data.rows import (
    FORMS,
    check_cells,
    number,
    one_of,
    read_form,
    read_rows,
    read_table,
    refuse_rows,
    step_of,
)
from osw_stats.errors import InputError, located
from osw_stats.meaning.units import unit
from osw_stats.wording.parse import parse
from osw_stats.yamlfile import refusals

refused = refusals(__file__)

HEADER = list(FORMS["ledger"])  # columns are described in docs/claims.md
VERDICTS = list(FORMS["verdicts"])
DIRECTIONS = ("more", "fewer")
PLACE = ("line", "start")  # of a scanned text
# names of the same columns in ledgers of others
ALIASES = {rule["also"]: column for column, rule in FORMS["ledger"].items() if "also" in rule}


def load_ledger(root: Path) -> pd.DataFrame:
    """Return the ledger of the project, all columns as text, with `file`, `row` and any recorded `unaided` relation."""
    tables = [read_ledger(record, root) for record in records_of(root, "ledger")]
    ledger, unaided_relations = pd.concat(tables, ignore_index=True), dict[str, str]()
    for record in (r for r in load_records(root / "data" / "raw") if r.kind == "unaided"):
        rows = read_form(record, root)
        refuse_rows(rows[~rows["id"].isin(ledger["id"])], "no_claim", "id")
        unaided_relations |= dict(zip(rows["id"], rows["relation"], strict=True))
    return ledger.assign(unaided=[unaided_relations.get(name, "") for name in ledger["id"]])


def read_ledger(record: SourceRecord, root: Path) -> pd.DataFrame:
    """Return one ledger file of the project."""
    return read_form(record, root, lambda claim: _check_claim(claim, ours=True))


def load_places(root: Path) -> pd.DataFrame:
    """Return the counted places of the report (list_id, paragraph, text, value, unit); a list has one unit."""
    places = pd.concat([read_form(r, root) for r in records_of(root, "places")], ignore_index=True)
    units = places.groupby(["file", "list_id"])["unit"].transform("nunique")
    refuse_rows(places[units > 1], "two_units", "list_id")
    return places[list(FORMS["places"])]


def load_verdicts(root: Path, year: int) -> pd.DataFrame:
    """Return the verdicts recorded for an edition; empty if there are none."""
    path = verdicts_path(root, year)
    rows = read_rows(path, path.relative_to(root).as_posix(), VERDICTS) if path.is_file() else []
    return pd.DataFrame([cells for _, cells in rows], columns=VERDICTS)


def verdicts_path(root: Path, year: int) -> Path:
    """Return the path of the recorded verdicts of an edition."""
    return root / "editions" / f"{year}.verdicts.csv"


def read_in_report(sources: pd.DataFrame) -> frozenset[str]:
    """Return the documents known only from quotations in the founding report."""
    # a figure from such a document is no independent source for a sentence of the report
    quoted = sources["read_in"].str.startswith(("the report itself", "the founding report"))
    return frozenset(sources.loc[quoted, "source_id"])


def read_other_ledger(path: Path, unread: list[InputError] | None = None) -> tuple[pd.DataFrame, list[str]]:
    """Return a ledger made by others, and its unused columns."""
    # It needs `id` and `as_reported`, or `lower` with `upper`. With a list `unread`, errors of unreadable rows
    # are collected there and the other rows returned. Unknown units are accepted as they are.
    rows = read_table(path, str(path))
    _, header = next(rows)
    names = [ALIASES.get(column, column) for column in header]
    if "id" not in names or not ({"as_reported"} <= set(names) or {"lower", "upper"} <= set(names)):
        raise refused("no_ledger", file=path, row=1)
    claims: dict[str, dict[str, object]] = {}
    row = 0
    for row, cells in rows:
        claim = dict.fromkeys(HEADER, "") | {n: c for n, c in zip(names, cells, strict=True) if n in HEADER}
        try:
            with located(file=path, row=row):
                check_cells("ledger", claim)
                checked = _check_claim(claim, ours=False)
                if claim["id"] in claims:
                    raise refused("claim_twice", column="id", value=claim["id"])
            claims[claim["id"]] = {**checked, "file": str(path), "row": row}
        except InputError as error:
            if unread is None:
                raise
            unread.append(error)
    if not row:
        raise refused("ledger_empty", file=path, row=1)
    ledger = pd.DataFrame(list(claims.values()), columns=[*HEADER, "file", "row"])
    return ledger, [name for name in names if name not in HEADER and name not in PLACE]


def _check_claim(claim: dict[str, str], *, ours: bool) -> dict[str, str]:
    if not claim["id"].isidentifier():
        raise refused("claim_id", column="id", value=claim["id"])
    for column in ("unit", "formula_unit"):
        with located(column=column):
            if ours and claim[column]:
                unit(claim[column])
    lower, upper = (number(column, claim[column]) for column in ("lower", "upper"))
    if lower is not None and upper is not None and lower > upper:
        raise refused("limits_exchanged", column="lower", value=claim["lower"])
    step, words = step_of(claim["step"]), claim["as_reported"]
    if words and claim["claim_kind"] == "direction":
        one_of("as_reported", words, DIRECTIONS)
    elif words:
        with located(column="as_reported"):
            parse(words, unit=claim["unit"], step=step, language=claim["language"] or "nl")
    return claim | {"claim_kind": claim["claim_kind"] or "value"}
