"""Our own sentences go through the same test: every number a notebook prints is read back and held to its result.

A sentence is read as a reader would, by the scan that reads any report. Each number found must stand where a result
was printed, or be one that the sentence was given, rounded as it is printed; each of those rests on observations.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from typing import Any

import pandas as pd

from osw_stats.errors import InputError, OswError
from osw_stats.report.edition import Tables
from osw_stats.report.harvest import Runs, items
from osw_stats.sources.authorities import load_answers
from osw_stats.sources.register import records_of
from osw_stats.vocabulary.numbers import INTERVAL_WORDS
from osw_stats.vocabulary.reported import parse
from osw_stats.vocabulary.scan import Statement, scan
from osw_stats.vocabulary.series import catalogue
from osw_stats.vocabulary.units import UNITS

COLUMNS = [
    "notebook", "language", "sentence", "text", "lower", "upper", "number", "value", "unit", "observations", "held",
]  # fmt: skip


def own_claims(runs: Runs, tables: Tables) -> pd.DataFrame:
    """Return the table `own_claims`: one row a number in a sentence, with the result it stands for.

    `number` is the name under which the sentence registered it, or what else it is (see `_other`); empty where the
    number is nobody's.
    """
    rows = [
        {"notebook": notebook, "language": language, "sentence": item.name} | row
        for (notebook, language), executed in runs.items()
        for item in items(executed)
        if item.kind == "sentence"
        for row in _sentence(item.facts, language, tables)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def require(claims: pd.DataFrame) -> None:
    """Pass when every number in our sentences is found back.

    Raises
    ------
    OswError
        Otherwise; with the notebook, the sentence and the number.
    """
    lost = claims[~claims["held"]]
    if len(lost):
        row = lost.iloc[0]
        raise OswError(
            f'notebooks/{row["notebook"]}.ipynb ({row["language"]}), sentence "{row["sentence"]}": it prints '
            f"“{row['text']}”, which is none of the numbers it was given"
            + (f"; {len(lost) - 1} more such numbers" if len(lost) > 1 else "")
            + ". Pass the number as an estimate, or mend how it is rounded."
        )


def summary(claims: pd.DataFrame) -> pd.DataFrame:
    """Return one row a notebook: sentences with numbers, numbers, and numbers found back."""
    grouped = claims.groupby("notebook", sort=False)
    return pd.DataFrame(
        {
            "sentences": grouped.apply(lambda g: len(g[["language", "sentence"]].drop_duplicates())),
            "numbers": grouped.size(),
            "held": grouped["held"].sum(),
        }
    ).reset_index()


def _sentence(facts: dict[str, Any], language: str, tables: Tables) -> Iterator[dict[str, Any]]:
    for statement in scan(facts["text"], language=language):
        if statement.is_claim:
            match = _marked(statement, facts) or read_back(statement, facts["numbers"])
            other = "" if match else _other(statement, facts, tables)
            yield {
                "text": statement.text,
                "lower": statement.lower,
                "upper": statement.upper,
                "number": match["name"] if match else other,
                "value": match["value"] if match else math.nan,
                "unit": match["unit"] if match else "",
                "observations": " ".join(match["observations"]) if match else "",
                "held": bool(match) or other != "",
            }


def _marked(statement: Statement, facts: dict[str, Any]) -> dict[str, Any] | None:
    """Return the number that was printed where the statement stands; none where it holds other digits as well."""
    at, names, rest = 0, [], ""
    for words, name in facts.get("parts", ()):
        inside = facts["text"][max(at, statement.start) : min(at + len(words), statement.end)]
        at += len(words)
        if inside and name:
            names.append(name)
        else:
            rest += inside
    if not names or any(c.isdigit() for c in rest):
        return None
    return next((n for n in facts["numbers"] if n["name"] == names[0]), None)


def read_back(statement: Statement, numbers: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the number that a reader would take a statement for: its value or a limit, rounded as printed."""
    return next((n for n in numbers if _is(statement, n)), None) or _between(statement, numbers)


def _is(statement: Statement, number: dict[str, Any]) -> bool:
    """Whether the printed number is the value or a limit of a registered one, rounded as printed."""
    known = [abs(number[key]) for key in ("value", "lower", "upper") if number[key] is not None]
    one_in = statement.kind == "ratio" and statement.unit == "percent"
    if one_in or statement.value is None:
        ends = _ends(statement)
        if one_in:  # "1 in 19": any share the words stand for
            return any(ends[0] <= value <= ends[-1] for value in known)
        # a range prints the limits of a result
        return bool(ends) and all(
            any(_rounds_to(v, abs(end), _step(abs(end))) for v in known) for end in ends
        )
    # the words around a fall carry its sign; the number itself is compared without
    printed = abs(statement.value)
    return any(_rounds_to(value, printed, _step_of(statement, printed)) for value in known)


def _step_of(statement: Statement, printed: float) -> float:
    """Return the place value of the last digit of a number as the sentence prints it."""
    unit = "percent" if statement.kind == "percent" else None
    try:
        return parse(statement.text.lstrip("-−+ "), language=statement.language, unit=unit).step
    except InputError:  # words such as "half years" that only their neighbours make a number
        return _step(printed)


def _between(statement: Statement, numbers: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the first of two results that a range runs between: "6,348 to 6,998"."""
    if statement.value is not None or statement.kind == "ratio":
        return None
    found = [
        next((n for n in numbers if _rounds_to(abs(n["value"]), end, _step(end))), None)
        for end in _ends(statement)
    ]
    return found[0] if found and all(found) else None


def _ends(statement: Statement) -> list[float]:
    """Return the limits of a range; their signs are carried by the words around, as that of a number."""
    return [abs(end) for end in (statement.lower, statement.upper) if end is not None]


def _rounds_to(value: float, printed: float, step: float) -> bool:
    return abs(value - printed) <= step / 2 * (1 + 1e-9)


def _step(printed: float) -> float:
    """Return the place value of the last digit of a limit as printed."""
    text = f"{printed:.6f}".rstrip("0")
    decimals = len(text.partition(".")[2])
    if decimals:
        return float(10.0**-decimals)
    digits = text.rstrip(".")
    return float(10.0 ** (len(digits) - len(digits.rstrip("0"))))


def _other(statement: Statement, facts: dict[str, Any], tables: Tables) -> str:
    """Say what a number is that is no result of its own.

    "counted": a whole number the notebook counted; "words": part of a unit or of what an interval means;
    "quoted": inside words of a source, the ledger or a series; "period": the time a definition speaks of.
    """
    if statement.value in facts["counted"]:
        return "counted"
    fixed = [t for t in _fixed_words(statement.language) if statement.text in t and t in facts["text"]]
    if fixed:
        return "words"
    around = [w for w in facts["words"] if statement.text in w]
    if around and all(w in _corpus(tables) for w in around):
        return "quoted"
    return "period" if statement.kind == "duration" else ""


@cache
def _fixed_words(language: str) -> tuple[str, ...]:
    units = [str(getattr(u, name)) for u in UNITS.values() for name in (language, f"one_{language}")]
    return (*units, *(text[language] for text in INTERVAL_WORDS.values()))


def _corpus(tables: Tables) -> set[str]:
    texts = set(tables.observations["as_reported"]) | set(tables.sources["title"])
    for column in ("text", "description_nl", "description_en", "explanation_nl", "explanation_en"):
        texts |= set(tables.ledger[column])
    if list(records_of(tables.root, "answers")):
        texts |= set(load_answers(tables.root)["quote"])
    for series in catalogue().values():
        for part in (series.title, series.counts, series.population, series.caveat):
            texts |= set(part.values())
    return texts
