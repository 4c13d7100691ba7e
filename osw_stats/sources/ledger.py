"""Read a claims ledger: numeric statements of a report, each with a formula that tests it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.sources.register import records_of
from osw_stats.sources.rows import number, one_of, read_rows, read_table, step_of
from osw_stats.vocabulary.reported import parse
from osw_stats.vocabulary.units import unit

# docs/claims.md says what each column holds
HEADER = [
    "id", "paragraph", "claim_kind", "text", "as_reported", "language", "unit", "step", "lower", "upper",
    "formula", "formula_unit", "compared_with", "observation", "missing_nl", "missing_en", "restates", "issue_type", "severity",
    "description_nl", "description_en", "explanation_nl", "explanation_en",
]  # fmt: skip
PLACES = ["list_id", "paragraph", "text", "value", "unit"]
VERDICTS = ["id", "verdict", "inputs"]
KINDS = ("value", "unit", "direction", "count", "reference", "absence", "wording")
# kinds of what can be wrong, and how much it matters; empty where nothing is
ISSUES = (
    "", "number_vs_number", "number_vs_population", "number_between_sources", "sum", "unit_changed", "outdated",
    "direction_contradicted", "statement_vs_number", "unsupported_trend", "wording_vs_number",
    "number_vs_citation", "date", "count", "legal_reference", "numbering",
)  # fmt: skip
SEVERITIES = ("", "major", "moderate", "minor")
DIRECTIONS = ("more", "fewer")
# what another party's ledger may call the same column
_ALIASES = {
    "text_anchor": "text", "printing_step": "step", "reported_lower": "lower", "reported_upper": "upper",
    "description": "description_en", "remark": "explanation_en",
}  # fmt: skip


def load_ledger(root: Path) -> pd.DataFrame:
    """Return the ledger of the project, all columns as text, plus `file` and `row`.

    Raises
    ------
    InputError
        If a row has an unknown unit or kind, an unreadable figure, or an id twice.
    """
    return _load(root, "ledger", read_ledger)


def load_places(root: Path) -> pd.DataFrame:
    """Return the counted places of the report: list_id, paragraph, text, value, unit.

    Raises
    ------
    InputError
        If a list has two units.
    """
    return _load(root, "places", read_places)


def load_verdicts(root: Path, year: int) -> pd.DataFrame:
    """Return the verdicts as they were recorded for an edition; empty if none were.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    path = verdicts_path(root, year)
    if not path.is_file():
        return pd.DataFrame(columns=VERDICTS)
    rows = read_rows(path, path.relative_to(root).as_posix(), VERDICTS)
    return pd.DataFrame([cells for _, cells in rows], columns=VERDICTS)


def verdicts_path(root: Path, year: int) -> Path:
    """Return where the verdicts of an edition are recorded."""
    return root / "editions" / f"{year}.verdicts.csv"


def read_in_report(sources: pd.DataFrame) -> frozenset[str]:
    """Return the documents that nobody saw but as the founding report quotes them.

    A figure of such a document is no second source for a sentence of the report.
    """
    through = sources["read_in"].str.startswith(("the report itself", "the founding report"))
    return frozenset(sources.loc[through, "source_id"])


def read_ledger(path: Path, name: str) -> pd.DataFrame:
    """Return one ledger file of the project; `name` is how error messages call it."""
    return _checked(read_rows(path, name, HEADER), name, strict=True)


def read_other_ledger(path: Path) -> tuple[pd.DataFrame, list[str]]:
    """Return a ledger of somebody else's making, and the columns that were not used.

    It needs `id` and at least one of `as_reported` (words) or `lower` with `upper` (numbers); every
    other column of ours may be left out. Units that we do not know are taken as they are.

    Raises
    ------
    InputError
        If a column is missing, an id stands twice, or a cell cannot be read.
    """
    header, rows = read_table(path, str(path))
    names = [_ALIASES.get(column, column) for column in header]
    if "id" not in names or not ({"as_reported"} <= set(names) or {"lower", "upper"} <= set(names)):
        raise InputError(
            "is no claims ledger", "It needs a column id, and as_reported or lower and upper.",
            file=path, row=1,
        )  # fmt: skip
    empty = dict.fromkeys(HEADER, "")
    known = [
        (line, empty | {n: c for n, c in zip(names, cells, strict=True) if n in empty})
        for line, cells in rows
    ]
    return _checked(known, str(path), strict=False), [n for n in names if n not in empty]


def read_places(path: Path, name: str) -> pd.DataFrame:
    """Return one file of counted places."""
    rows = read_rows(path, name, PLACES)
    table = pd.DataFrame([cells for _, cells in rows], columns=PLACES)
    units = table.groupby("list_id")["unit"].nunique()
    if (units > 1).any():
        raise InputError(
            "has two units", "Give one list one unit.", file=name, column="list_id", value=units.idxmax()
        )
    return table


def _load(root: Path, kind: str, read: Callable[[Path, str], pd.DataFrame]) -> pd.DataFrame:
    paths = [r.path for r in records_of(root, kind)]
    return pd.concat([read(p, p.relative_to(root).as_posix()) for p in paths], ignore_index=True)


def _checked(rows: list[tuple[int, dict[str, str]]], name: str, *, strict: bool) -> pd.DataFrame:
    seen: set[str] = set()
    for line, claim in rows:
        try:
            _check(claim, strict=strict)
            if claim["id"] in seen:
                raise InputError(
                    "this id stands twice", "Give every claim its own id.", column="id", value=claim["id"]
                )
        except InputError as error:
            raise error.located(file=name, row=line) from None
        seen.add(claim["id"])
    return pd.DataFrame([cells | {"file": name, "row": line} for line, cells in rows])


def _check(claim: dict[str, str], *, strict: bool) -> None:
    claim["claim_kind"] = claim["claim_kind"] or "value"
    for column, allowed in (("claim_kind", KINDS), ("issue_type", ISSUES), ("severity", SEVERITIES)):
        one_of(column, claim[column], allowed)
    if not claim["id"].isidentifier():
        raise InputError(
            "is no id", "Write letters, digits and _, a letter first.", column="id", value=claim["id"]
        )
    for column in ("unit", "formula_unit"):
        if strict and claim[column]:
            try:
                unit(claim[column])
            except InputError as error:
                raise error.located(column=column) from None
    limits = [number(column, claim[column]) for column in ("lower", "upper")]
    if None not in limits and limits[0] > limits[1]:  # type: ignore[operator]
        raise InputError(
            "the lower limit is above the upper one", "Exchange them.", column="lower", value=claim["lower"]
        )
    step = step_of(claim["step"])
    if claim["claim_kind"] == "direction" and claim["as_reported"]:
        one_of("as_reported", claim["as_reported"], DIRECTIONS)
    elif claim["as_reported"]:
        try:
            parse(claim["as_reported"], unit=claim["unit"], step=step, language=claim["language"] or "nl")
        except InputError as error:
            raise error.located(column="as_reported") from None
