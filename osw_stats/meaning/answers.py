"""Survey answers and weights from files: each a number, an answer, or refused with its place."""

import math
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from osw_stats.yamlfile import refusals

refused = refusals(__file__)

Read = Callable[[object], float | None]
LINE = "line"  # name of an index with the line of each row in its file
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_YES, _NO = ("ja", "yes", "true", "waar"), ("nee", "no", "false", "onwaar")
_WORDS = dict.fromkeys(_YES, 1.0) | dict.fromkeys(_NO, 0.0)


def weights(values: pd.Series, file: str | Path | None = None) -> NDArray[np.float64]:
    """Return survey weights as numbers; refuse the first that is negative or not finite, with column, row and value."""
    return _read(values, _weight, "weight", file)


def answers(values: pd.Series, file: str | Path | None = None) -> NDArray[np.float64]:
    """Return answers as 1 (yes), 0 (no) or NaN (none); refuse the first other value."""
    return _read(values, _answer, "answer", file)


def row_of(index: pd.Index, position: int) -> int:
    """Return the number of a row for a message: its line in the file if known, otherwise its position from 1."""
    return int(index[position]) if index.name == LINE else position + 1


def _number(value: object) -> float:
    """Return a number; NaN for any other value."""
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        return math.nan
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return math.nan


def _weight(value: object) -> float | None:
    weight = _number(value)
    return weight if 0 <= weight < math.inf else None


def _answer(value: object) -> float | None:
    if value is None or value is pd.NA or value == "" or value != value:
        return math.nan
    answer = _WORDS.get(value.lower() if isinstance(value, str) else "", _number(value))
    return answer if answer in (0, 1) else None


def _read(values: pd.Series, read: Read, kind: str, file: str | Path | None) -> NDArray[np.float64]:
    cached = lru_cache(maxsize=None, typed=True)(read)
    numbers = list(map(cached, values.tolist()))
    if None in numbers:
        position = numbers.index(None)
        row, value = row_of(values.index, position), values.iloc[position]
        raise refused(kind, file=file, row=row, column=str(values.name), value=value)
    return np.array(numbers, dtype=np.float64)
