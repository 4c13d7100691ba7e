"""`osw claims`: the verdicts on a ledger, the arithmetic of one, and recording them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from osw_stats.cli.scan import scan
from osw_stats.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from osw_stats.data.edition import Tables

SHOWN = [
    *(
        "id",
        "paragraph",
        "verdict",
        "reported_lower",
        "reported_upper",
        "recomputed_value",
        "recomputed_lower",
    ),
    *("recomputed_upper", "issue_type", "severity", "reason", "elsewhere"),
]
NOT_SAID = {
    "statements": "statements, the sum of these",
    "derived": "further numbers worked out here, which the text does not print",
    "judgement": "judgements of a reader",
}


def claims(given: argparse.Namespace) -> int:
    """Print the verdict on every claim, or scan a text; status 1 when one changed and no input did."""
    if given.action == "scan":
        return scan(given)
    from osw_stats import load
    from osw_stats.claims.summary import explain
    from osw_stats.data.ledger import verdicts_path
    from osw_stats.project import editions, find_root

    if given.ledger is not None and given.record:
        raise InputError("--record is for the ledger of the project", "Leave out --ledger or --record.")
    root = find_root()
    years = editions(root)
    judged = max((y for y in years if verdicts_path(root, y).is_file()), default=years[-1])
    tables = load(given.edition or judged)
    result = tables.claims() if given.ledger is None else _other(given.ledger, tables)
    if given.ledger is None and tables.ledger.empty:
        none = f"Edition {tables.edition.year} has no report to check: none came out since the edition before"
        print(f"{none}, until {tables.edition.as_of}.")
        return 0
    if given.explain:
        print(explain(result, tables.observations, given.explain, tables.places))
        return 0
    _print(result, given.format)
    refused = result.loc[result["reason"] == "no_evidence", "id"].tolist()
    if refused:
        problem = f"a formula of literals alone is no evidence; refused: {', '.join(refused)}"
        print(f"osw: {problem}. Point at observations, other claims or counted places.", file=sys.stderr)
    if given.record:
        _record(tables, result)
    unexplained = given.ledger is None and not given.record and _differs(tables, result)
    return int(bool(refused) or unexplained)


def _other(path: Path, tables: Tables) -> pd.DataFrame:
    """Evaluate somebody else's ledger on our observations and counted places."""
    from osw_stats.data.ledger import read_other_ledger

    try:
        ledger, unused = read_other_ledger(path)
    except OSError as error:
        raise InputError("cannot be opened", f"{error.strerror}.", file=path) from None
    if unused:
        print(f"osw: {path}: these columns are not used: {', '.join(unused)}", file=sys.stderr)
    return tables.verdicts(ledger)


def _print(result: pd.DataFrame, form: str) -> None:
    from osw_stats.claims.summary import summary
    from osw_stats.text.tables import csv_text

    shown = result[SHOWN]
    if form == "json":
        print(shown.to_json(orient="records", force_ascii=False, indent=1, double_precision=12))
    elif form == "csv":
        print(csv_text(shown), end="")
    else:
        print(shown.to_string(index=False, na_rep="-", float_format=lambda v: f"{v:,.6g}"))
        table = summary(result).drop(columns=["chapter", "claims"]).sum()
        print("\n" + "\n".join(f"{n:4d} {NOT_SAID.get(str(v), v)}" for v, n in table.items()))


def _record(tables: Tables, result: pd.DataFrame) -> None:
    from osw_stats.data.ledger import VERDICTS, verdicts_path
    from osw_stats.text.tables import csv_text

    path = verdicts_path(tables.root, tables.edition.year)
    path.write_text(csv_text(result[VERDICTS]), encoding="utf-8", newline="\n")
    print(f"wrote {path.relative_to(tables.root)}", file=sys.stderr)


def _differs(tables: Tables, result: pd.DataFrame) -> bool:
    """Print which verdicts are not those recorded; return whether one changed without a changed input."""
    from osw_stats.claims.summary import changes
    from osw_stats.data.ledger import load_verdicts
    from osw_stats.meaning.observations import records

    moved = changes(result, load_verdicts(tables.root, tables.edition.year))
    for row in records(moved):
        why = "no input changed, so the computation did. Find out why before you record it"
        if row["explained"]:
            why = "an input changed as well; record it with `osw claims --record`"
        now, before = row["verdict"] or "gone", row["recorded"] or "nothing"
        print(
            f"osw: claim {row['id']}: the verdict is now {now}, recorded is {before}: {why}.", file=sys.stderr
        )
    return bool(len(moved) and (~moved["explained"]).any())
