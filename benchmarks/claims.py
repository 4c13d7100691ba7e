"""Time the whole ledger, and a ledger a hundred times as long: simulated copies of the real rows."""

from __future__ import annotations

import time

import pandas as pd

from osw_stats import load
from osw_stats.claims.verdicts import check

TIMES = 100


def seconds(ledger: pd.DataFrame, tables) -> float:
    start = time.perf_counter()
    check(ledger, tables.observations, tables.places)
    return time.perf_counter() - start


def main() -> None:
    tables = load(2024)
    ids = tables.ledger["id"].tolist()
    copies = []
    for number in range(TIMES):
        copy = tables.ledger.copy()
        for column in ("id", "formula", "compared_with"):
            # every name of a claim gets the number of its copy, so that copies do not share work
            copy[column] = copy[column].replace({rf"\b({'|'.join(ids)})\b": rf"\1_{number}"}, regex=True)
        copies.append(copy)
    long = pd.concat(copies, ignore_index=True)
    once = min(seconds(tables.ledger, tables) for _ in range(5))
    many = seconds(long, tables)
    print(
        f"{len(tables.ledger)} claims {once:.3f} s; {len(long)} claims {many:.2f} s; ratio {many / once:.0f}"
    )


if __name__ == "__main__":
    main()
