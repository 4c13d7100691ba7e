"""Contracts of result tables (`contracts.yml`), checked before publication."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from osw_stats.errors import InputError
from osw_stats.stats.survey import Row
from osw_stats.stats.survey.groups import of_all
from osw_stats.yamlfile import read_yaml

CONTRACTS: dict[str, Row] = read_yaml(Path(__file__).with_name("contracts.yml"))
GRADES = ("A", "B", "C", "D", "")  # empty where nothing was computed
SLACK = 1e-9
Promise = tuple[str, pd.Series, str]  # a column, whether each row keeps the promise, and its text


def columns(name: str) -> list[str]:
    """Return the columns of a result table, in order."""
    return list(CONTRACTS[name]["columns"])


def check_table(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return `table` if it keeps its contract, or has none; otherwise raise an error with table, place and promise."""
    contract = CONTRACTS.get(name, {})
    wanted = contract.get("columns", [])
    for column, expected in zip(table.columns, wanted, strict=False):
        if column != expected:
            remedy = f"They are: {', '.join(wanted)}."
            raise InputError("does not begin with its columns", remedy, file=name, column=str(column))
    for column, kept, promise in _promises(contract, table) if contract else ():
        bad = (~kept.astype("bool")).to_numpy()
        if bad.any():
            row = int(bad.argmax())
            problem = f"breaks a promise of this result table: {promise}"
            remedy = "Look at the figures that go into this row; if they are right, the analysis is wrong: report it."
            place = {"row": row + 1, "column": column, "value": table[column].iloc[row]}
            raise InputError(problem, remedy, file=name, **place)
    return table


def _promises(contract: Row, table: pd.DataFrame) -> Iterator[Promise]:
    for low, middle, high in contract.get("ordered", []):
        for below, above in ((low, middle), (middle, high)):
            kept = _at_most(table[below], table[above] + SLACK)
            yield middle, kept, f"{low} <= {middle} <= {high}"
    for kind, top in (("percent", 100), ("probability", 1)):
        for column in contract.get(kind, []):
            kept = table[column].isna() | table[column].between(-SLACK, top + SLACK)
            yield column, kept, f"{column} lies between 0 and {top}"
    if "grade" in table:
        yield "grade", table["grade"].fillna("").isin(GRADES), "grade is A, B, C or D"
    for rule in contract.get("rules", []) if len(table) else []:
        yield _rule(rule, table)


def _rule(name: str, table: pd.DataFrame) -> Promise:
    """Return a promise over several rows or columns."""
    match name:
        case "one_row_of_everyone":  # none if only groups were published
            times = table.assign(whole=of_all(table)).groupby("wave")["whole"].transform("sum")
            return "wave", times.le(1), "no wave has two rows of everyone"
        case "people_within_everyone":
            everyone = table[of_all(table)].drop_duplicates("wave").set_index("wave")["persons"]
            kept = _at_most(table["persons"], table["wave"].map(everyone) * (1 + SLACK))
            return "persons", kept, "no group has more people than everyone"
        case "in_scope_within_survey":
            survey = table.loc[table["stage"] == "survey", "count"].max()
            kept = _at_most(table["count"].where(table["stage"] == "in_scope"), survey * (1 + SLACK))
            return "count", kept, "no part of the victims is more than all victims"
        case "count_within_base":
            kept = _at_most(table["count"], table["base"] * (1 + SLACK))
            return "count", kept, "no count lies above its base"
        case "shares_add_up":
            total = table.groupby("year")["share"].transform("sum")
            return "share", total.sub(100).abs().lt(1e-6), "the shares of a year are 100 together"
    raise KeyError(name)


def _at_most(part: pd.Series[float], whole: pd.Series[float] | float) -> pd.Series[bool]:
    return part.isna() | pd.isna(whole) | (part <= whole)
