"""What the result tables of the prevalence page promise, checked before anybody sees them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from osw_stats.errors import InputError

GRADES = ("A", "B", "C", "D")


@dataclass(frozen=True)
class Contract:
    """Columns a table begins with, in this order, and what must hold in each row.

    `ordered` are triples lower <= value <= upper (empty cells pass), `shares` lie in 0 to 100, `probabilities` in 0
    to 1.
    """

    columns: tuple[str, ...]
    ordered: tuple[tuple[str, str, str], ...] = ()
    shares: tuple[str, ...] = ()
    probabilities: tuple[str, ...] = ()


CONTRACTS = {
    "prev_estimates": Contract(
        ("wave", "group", "pct", "lower", "upper", "source_of_interval", "n", "n_eff", "n_eff_min", "n_eff_max",
         "deff", "persons", "persons_lower", "persons_upper", "suppressed", "definition_version", "grade"),
        (("lower", "pct", "upper"), ("n_eff_min", "n_eff", "n_eff_max"), ("persons_lower", "persons", "persons_upper")),
        ("pct", "lower", "upper"),
    ),
    "prev_differences": Contract(
        ("family", "contrast", "diff", "lower", "upper", "ratio", "ratio_lower", "ratio_upper", "z", "p_raw",
         "p_adj", "method", "robust_to_rounding", "mdd80"),
        (("lower", "diff", "upper"), ("ratio_lower", "ratio", "ratio_upper"), ("p_raw", "p_adj", "p_adj")),
        (), ("p_raw", "p_adj"),
    ),
    "prev_model": Contract(
        ("term", "logit", "se", "or", "or_lower", "or_upper", "ame", "ame_lower", "ame_upper"),
        (("or_lower", "or", "or_upper"), ("ame_lower", "ame", "ame_upper")),
    ),
    "funnel": Contract(
        ("stage", "unit", "period", "population", "count", "share_per_100", "factor", "factor_lower",
         "factor_upper", "mc_se", "bridge_text", "grade"),
        (("factor_lower", "factor", "factor_upper"), ("share_lower", "share_per_100", "share_upper")),
        ("share_per_100",), ("p_over_10", "p_over_100"),
    ),
}  # fmt: skip


def kept(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return `table` when it keeps its contract.

    Raises
    ------
    InputError
        Otherwise; the message names table, row, column and value.
    """
    contract = CONTRACTS[name]
    found = tuple(map(str, table.columns))[: len(contract.columns)]
    if found != contract.columns:
        wrong = next((c for c, want in zip(found, contract.columns, strict=False) if c != want), "")
        raise InputError("does not begin with its columns", f"They are: {', '.join(contract.columns)}.", file=name, column=wrong)  # fmt: skip
    slack = 1e-9
    for low, mid, high in contract.ordered:
        _every(name, table, mid, (table[low] <= table[mid] + slack) | table[[low, mid]].isna().any(axis=1))
        _every(name, table, mid, (table[mid] <= table[high] + slack) | table[[mid, high]].isna().any(axis=1))
    for column, top in [*((c, 100) for c in contract.shares), *((c, 1) for c in contract.probabilities)]:
        _every(name, table, column, table[column].isna() | table[column].between(0, top))
    if "grade" in table:
        _every(name, table, "grade", table["grade"].isin(GRADES))
    return table


def _every(name: str, table: pd.DataFrame, column: str, holds: pd.Series[bool]) -> None:
    bad = table[~holds.astype("bool")]
    if len(bad):
        row = int(table.index.get_loc(bad.index[0])) + 1  # type: ignore[arg-type]
        raise InputError(
            "breaks a rule of this result table", "This is an error of the analysis: report it with its input.",
            file=name, row=row, column=column, value=bad.iloc[0][column],
        )  # fmt: skip
