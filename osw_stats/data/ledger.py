"""Read a claims ledger: numeric statements of a report, each with a formula that tests it."""

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

HEADER = list(FORMS["ledger"])  # docs/claims.md says what each column holds
VERDICTS = list(FORMS["verdicts"])
DIRECTIONS = ("more", "fewer")
PLACE = ("line", "start")  # of a scanned text
# what another party's ledger may call the same column
ALIASES = {rule["also"]: column for column, rule in FORMS["ledger"].items() if "also" in rule}


def load_ledger(root: Path) -> pd.DataFrame:
    """Return the ledger of the project, all columns as text, plus `file`, `row` and, where it was recorded, `unaided`."""
    tables = [read_ledger(record, root) for record in records_of(root, "ledger")]
    ledger, told = pd.concat(tables, ignore_index=True), dict[str, str]()
    for record in (r for r in load_records(root / "data" / "raw") if r.kind == "unaided"):
        rows = read_form(record, root)
        refuse_rows(rows[~rows["id"].isin(ledger["id"])], "no_claim", "id")
        told |= dict(zip(rows["id"], rows["relation"], strict=True))
    return ledger.assign(unaided=[told.get(name, "") for name in ledger["id"]])


def read_ledger(record: SourceRecord, root: Path) -> pd.DataFrame:
    """Return one ledger file of the project."""
    return read_form(record, root, lambda claim: _checked(claim, own=True))


def load_places(root: Path) -> pd.DataFrame:
    """Return the counted places of the report (list_id, paragraph, text, value, unit); a list has one unit."""
    places = pd.concat([read_form(r, root) for r in records_of(root, "places")], ignore_index=True)
    units = places.groupby(["file", "list_id"])["unit"].transform("nunique")
    refuse_rows(places[units > 1], "two_units", "list_id")
    return places[list(FORMS["places"])]


def load_verdicts(root: Path, year: int) -> pd.DataFrame:
    """Return the verdicts as they were recorded for an edition; empty if none were."""
    path = verdicts_path(root, year)
    rows = read_rows(path, path.relative_to(root).as_posix(), VERDICTS) if path.is_file() else []
    return pd.DataFrame([cells for _, cells in rows], columns=VERDICTS)


def verdicts_path(root: Path, year: int) -> Path:
    """Return where the verdicts of an edition are recorded."""
    return root / "editions" / f"{year}.verdicts.csv"


def read_in_report(sources: pd.DataFrame) -> frozenset[str]:
    """Return the documents that nobody saw but as the founding report quotes them."""
    # a figure of such a document is no second source for a sentence of the report
    through = sources["read_in"].str.startswith(("the report itself", "the founding report"))
    return frozenset(sources.loc[through, "source_id"])


def read_other_ledger(path: Path, unread: list[InputError] | None = None) -> tuple[pd.DataFrame, list[str]]:
    """Return a ledger of somebody else's making, and the columns that were not used."""
    # It needs `id` and `as_reported`, or `lower` with `upper`. A list `unread` takes the error of each row
    # that cannot be read, and the others are returned. Units that we do not know are taken as they are.
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
                checked = _checked(claim, own=False)
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


def _checked(claim: dict[str, str], *, own: bool) -> dict[str, str]:
    if not claim["id"].isidentifier():
        raise refused("claim_id", column="id", value=claim["id"])
    for column in ("unit", "formula_unit"):
        with located(column=column):
            if own and claim[column]:
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
