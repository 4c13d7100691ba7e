"""Answers and weights of a survey as files hold them: each a number, an answer, or refused by its place."""

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
LINE = "line"  # name of an index that holds the line of each row in its file
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_YES, _NO = ("ja", "yes", "true", "waar"), ("nee", "no", "false", "onwaar")
_WORDS = dict.fromkeys(_YES, 1.0) | dict.fromkeys(_NO, 0.0)


def weights(values: pd.Series, file: str | Path | None = None) -> NDArray[np.float64]:
    """Return survey weights as numbers; refuse the first that is no finite number from 0, with column, row and value."""
    return _read(values, _weight, "weight", file)


def answers(values: pd.Series, file: str | Path | None = None) -> NDArray[np.float64]:
    """Return answers as 1 (yes), 0 (no) or NaN (none); refuse the first that is something else."""
    return _read(values, _answer, "answer", file)


def row_of(index: pd.Index, position: int) -> int:
    """Return how a message names a row: by its line in the file where that is known, else by its place from 1."""
    return int(index[position]) if index.name == LINE else position + 1


def _number(value: object) -> float:
    """Return a number; NaN for what is none."""
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


def _read(values: pd.Series, read: Read, what: str, file: str | Path | None) -> NDArray[np.float64]:
    known = lru_cache(maxsize=None, typed=True)(read)
    numbers = list(map(known, values.tolist()))
    if None in numbers:
        at = numbers.index(None)
        row, value = row_of(values.index, at), values.iloc[at]
        raise refused(what, file=file, row=row, column=str(values.name), value=value)
    return np.array(numbers, dtype=np.float64)
