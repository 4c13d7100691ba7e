"""What result tables promise, checked before anybody sees them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from osw_stats.analysis.survey.groups import of_all
from osw_stats.errors import InputError

GRADES = ("A", "B", "C", "D")  # none where nothing was computed
# a column, whether it keeps the promise row by row, and the promise in words
Held = tuple[str, pd.Series, str]
Rule = Callable[[pd.DataFrame], Held]


@dataclass(frozen=True)
class Contract:
    """Columns a table begins with, in this order, and what must hold in each row.

    `ordered` are triples lower <= value <= upper (empty cells pass), `shares` lie in 0 to 100, `probabilities` in 0
    to 1; `rules` are promises over more than one row or column.
    """

    columns: tuple[str, ...] = ()
    ordered: tuple[tuple[str, str, str], ...] = ()
    shares: tuple[str, ...] = ()
    probabilities: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()


def whole_once(table: pd.DataFrame) -> Held:
    """Count the rows of everyone in each wave: one, or none where only groups were published."""
    times = table.assign(whole=of_all(table)).groupby("wave")["whole"].transform("sum")
    return "wave", times.le(1), "no wave has two rows of everyone"


def parts_of_people(table: pd.DataFrame) -> Held:
    """Hold the people of a group against those of everyone in the same wave."""
    known = table[of_all(table)].drop_duplicates("wave").set_index("wave")["persons"]
    return (
        "persons",
        _below(table["persons"], table["wave"].map(known)),
        "no group has more people than everyone",
    )


def one_share(*, part: str, whole: str, by: str, words: str) -> Rule:
    """Hold the count of one row against that of another, both named by `by`."""

    def rule(table: pd.DataFrame) -> Held:
        top = table.loc[table[by] == whole, "count"].max()
        return "count", _below(table["count"].where(table[by] == part), pd.Series(top, table.index)), words

    return rule


def counts_below(base: str) -> Rule:
    """Hold counts against the total they are a part of, in the same row."""
    return lambda table: ("count", _below(table["count"], table[base]), f"no count lies above its {base}")


def adds_up(table: pd.DataFrame) -> Held:
    """Hold the shares of one year together against all there is."""
    total = table.groupby("year")["share"].transform("sum")
    return "share", total.sub(100).abs().lt(1e-6), "the shares of a year are 100 together"


def _below(part: pd.Series[float], whole: pd.Series[float]) -> pd.Series[bool]:
    return part.isna() | whole.isna() | (part <= whole * (1 + 1e-9))


PER_HUNDRED = ("share_per_100", "share_lower", "share_upper")
CONTRACTS = {
    "prev_estimates": Contract(
        ("wave", "group", "pct", "ci_lower", "ci_upper", "source_of_interval", "n", "n_eff", "n_eff_min", "n_eff_max",
         "deff", "persons", "persons_lower", "persons_upper", "suppressed", "definition_version", "grade"),
        (("ci_lower", "pct", "ci_upper"), ("box_lower", "pct", "box_upper"), ("n_eff_min", "n_eff", "n_eff_max"),
         ("persons_lower", "persons", "persons_upper"), ("persons_box_lower", "persons_published", "persons_box_upper")),
        ("pct", "ci_lower", "ci_upper", "box_lower", "box_upper"), rules=(whole_once, parts_of_people),
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
    "prev_persons": Contract((), (
        ("population_lower", "population", "population_upper"), ("product_lower", "product", "product_upper"),
        ("persons_box_lower", "persons_published", "persons_box_upper"),
    ), ("pct",)),
    "prev_related": Contract(
        (), (("ci_lower", "pct", "ci_upper"), ("box_lower", "pct", "box_upper")),
        ("pct", "ci_lower", "ci_upper", "box_lower", "box_upper"),
    ),
    "prev_studies": Contract((), (("box_lower", "pct", "box_upper"),), ("pct", "box_lower", "box_upper")),
    "prev_shrunken": Contract((), (("lower", "shrunken_pct", "upper"),), ("pct", "shrunken_pct", "lower", "upper")),
    "prev_sensitivity": Contract((), (("lower", "value", "upper"),)),
    "prev_nonresponse": Contract((), (("lower", "pct", "upper"),), ("response", "pct", "lower", "upper")),
    "funnel": Contract(
        ("stage", "unit", "period", "population", "count", "share_per_100", "factor", "factor_lower",
         "factor_upper", "mc_se", "bridge_text", "grade"),
        (("factor_lower", "factor", "factor_upper"), ("share_lower", "share_per_100", "share_upper"),
         ("count_ci_lower", "count", "count_ci_upper")),
        PER_HUNDRED, ("p_over_10", "p_over_100"),
        rules=(one_share(part="in_scope", whole="survey", by="stage", words="no part of the victims is more than all victims"),),
    ),
    "funnel_sensitivity": Contract((), (("lower", "factor", "upper"),), ("share_per_100",)),
    "composition": Contract((), (("lower", "share", "upper"),), ("share", "lower", "upper"), rules=(adds_up,)),
    "region_funnel": Contract(rules=(counts_below("base"),)),
    "trend_pairs": Contract((), (("lower", "change", "upper"),), (), ("p_exact", "p_raw", "p_adj")),
    "trend_slopes": Contract((), (("lower", "annual_change", "upper"),), (), ("p",)),
    "trend_half_years": Contract((), (("lower", "change", "upper"), ("h1_lower", "h1", "h1_upper"))),
    "trend_reconciliation": Contract((), (("lower", "count", "upper"), ("below_lower", "below", "below_upper"))),
    "its_sensitivity": Contract((), (("lower", "rr", "upper"),)),
    "region_years": Contract((), (("lower", "change", "upper"),)),
    "cap_gap": Contract((), (("gap_lower", "gap", "gap_upper"),)),
    "cap_money_gap": Contract((), (("gap_lower", "gap", "gap_upper"),)),
    "cap_unit_cost": Contract((), (("lower", "eur_per_fte", "upper"),)),
    "cap_mc": Contract((), (("q10", "q50", "q90"),)),
    "cap_exceed": Contract((), (), ("probability",)),
}  # fmt: skip


def kept(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return `table` when it keeps its contract, or has none.

    Raises
    ------
    InputError
        Otherwise; the message names table, row, column, value and the promise.
    """
    contract = CONTRACTS.get(name, Contract())
    found = tuple(map(str, table.columns))[: len(contract.columns)]
    if found != contract.columns:
        wrong = next((c for c, want in zip(found, contract.columns, strict=False) if c != want), "")
        raise InputError("does not begin with its columns", f"They are: {', '.join(contract.columns)}.", file=name, column=wrong)  # fmt: skip
    slack = 1e-9
    for low, mid, high in contract.ordered:
        words = f"{low} <= {mid} <= {high}"
        _every(
            name, table, mid, (table[low] <= table[mid] + slack) | table[[low, mid]].isna().any(axis=1), words
        )
        _every(
            name,
            table,
            mid,
            (table[mid] <= table[high] + slack) | table[[mid, high]].isna().any(axis=1),
            words,
        )
    for column, top in [*((c, 100) for c in contract.shares), *((c, 1) for c in contract.probabilities)]:
        holds = table[column].isna() | table[column].between(-slack, top + slack)
        _every(name, table, column, holds, f"{column} lies between 0 and {top}")
    if contract != Contract() and "grade" in table:
        _every(
            name,
            table,
            "grade",
            table["grade"].fillna("").isin((*GRADES, "")),
            f"grade is one of {', '.join(GRADES)}",
        )
    for rule in contract.rules if len(table) else ():
        _every(name, table, *rule(table))
    return table


def _every(name: str, table: pd.DataFrame, column: str, holds: pd.Series[bool], promise: str) -> None:
    bad = table[~holds.astype("bool")]
    if len(bad):
        row = int(table.index.get_loc(bad.index[0])) + 1  # type: ignore[arg-type]
        raise InputError(
            f"breaks a promise of this result table: {promise}",
            "Look at the figures that go into this row; if they are right, the analysis is wrong: report it with its input.",
            file=name, row=row, column=column, value=bad[column].tolist()[0],
        )  # fmt: skip
