"""Read a claims ledger: numeric statements of a report, each with a formula that tests it."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from osw_stats.data.register import load_records, records_of
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
Rows = list[tuple[int, dict[str, str]]]  # each with its line
DIRECTIONS = ("more", "fewer")
PLACE = ("line", "start")  # of a scanned text
# what another party's ledger may call the same column
ALIASES = {rule["also"]: column for column, rule in FORMS["ledger"].items() if "also" in rule}


def load_ledger(root: Path) -> pd.DataFrame:
    """Return the ledger of the project, all columns as text, plus `file`, `row` and, where it was recorded, `unaided`."""
    ledger, told = _load(root, "ledger", read_ledger), dict[str, str]()
    for record in load_records(root / "data" / "raw"):
        if record.kind != "unaided":
            continue
        rows = read_form(record, root)
        strange = rows[~rows["id"].isin(ledger["id"])]
        refuse_rows(strange, "no_claim", "id")
        told |= dict(zip(rows["id"], rows["relation"], strict=True))
    return ledger.assign(unaided=[told.get(name, "") for name in ledger["id"]])


def load_places(root: Path) -> pd.DataFrame:
    """Return the counted places of the report (list_id, paragraph, text, value, unit); a list has one unit."""
    return _load(root, "places", read_places)


def _load(root: Path, kind: str, read: Callable[[Path, str], pd.DataFrame]) -> pd.DataFrame:
    paths = [r.path for r in records_of(root, kind)]
    return pd.concat([read(p, p.relative_to(root).as_posix()) for p in paths], ignore_index=True)


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


def read_ledger(path: Path, name: str) -> pd.DataFrame:
    """Return one ledger file of the project; `name` is how error messages call it."""
    return _checked(read_rows(path, name, HEADER), name, own=True)


def read_other_ledger(path: Path, unread: list[InputError] | None = None) -> tuple[pd.DataFrame, list[str]]:
    """Return a ledger of somebody else's making, and the columns that were not used."""
    # It needs `id` and `as_reported`, or `lower` with `upper`. A list `unread` takes the error of each row
    # that cannot be read, and the others are returned. Units that we do not know are taken as they are.
    rows = read_table(path, str(path))
    _, header = next(rows)
    names = [ALIASES.get(column, column) for column in header]
    if "id" not in names or not ({"as_reported"} <= set(names) or {"lower", "upper"} <= set(names)):
        raise refused("no_ledger", file=path, row=1)
    empty, claims = dict.fromkeys(HEADER, ""), []
    for line, cells in rows:
        claims.append((line, empty | {n: c for n, c in zip(names, cells, strict=True) if n in empty}))
    if not claims:
        raise refused("ledger_empty", file=path, row=1)
    ledger = _checked(claims, str(path), own=False, unread=unread)
    return ledger, [name for name in names if name not in empty and name not in PLACE]


def read_places(path: Path, name: str) -> pd.DataFrame:
    """Return one file of counted places."""
    columns = list(FORMS["places"])
    table = pd.DataFrame([cells for _, cells in read_rows(path, name, columns)], columns=columns)
    units = table.groupby("list_id")["unit"].nunique()
    if (units > 1).any():
        raise refused("two_units", file=name, column="list_id", value=units.idxmax())
    return table


def _checked(rows: Rows, name: str, *, own: bool, unread: list[InputError] | None = None) -> pd.DataFrame:
    claims: dict[str, dict[str, object]] = {}
    for line, claim in rows:
        try:
            with located(file=name, row=line):
                _check_row(claim, own=own)
                if claim["id"] in claims:
                    raise refused("claim_twice", column="id", value=claim["id"])
        except InputError as error:
            if unread is None:
                raise
            unread.append(error)
            continue
        kind = claim["claim_kind"] or "value"
        claims[claim["id"]] = claim | {"claim_kind": kind, "file": name, "row": line}
    return pd.DataFrame(list(claims.values()), columns=[*HEADER, "file", "row"])


def _check_row(claim: dict[str, str], *, own: bool) -> None:
    check_cells("ledger", claim)
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
