"""Our own sentences pass the same test: every number a page prints is read back and compared with its result.

A sentence is read by the scan that reads any report. Each number found must be at the place of a printed result, or be
a number of the sentence or its facts; each result is based on observations.
"""

import math
from typing import Any

import pandas as pd

from osw_stats.data.coded import load_answers
from osw_stats.data.edition import Tables
from osw_stats.data.register import records_of
from osw_stats.errors import OswError
from osw_stats.meaning.numbers import INTERVAL_WORDS
from osw_stats.meaning.series import catalogue
from osw_stats.meaning.units import UNITS
from osw_stats.publish.contents import Pages, items
from osw_stats.wording.scan import Statement, scan

PLACE = ["notebook", "language", "sentence", "text", "lower", "upper"]
COLUMNS = [*PLACE, "number", "value", "unit", "observations"]
NO_NUMBER: dict[str, Any] = {"value": math.nan, "unit": "", "observations": ()}


def own_claims(pages: Pages, tables: Tables) -> pd.DataFrame:
    """Return the table `own_claims`: one row for each number in a sentence, with the result it states."""
    # `number` is the name of the registered result, or another kind of number (`_other`); if empty, it is not
    # `held`
    rows: list[tuple[Any, ...]] = []
    for (notebook, language), page in pages.items():
        for item in items(page, "sentence"):
            for s in (s for s in scan(item.facts["text"], language=language) if s.is_claim):
                name = _printed(s, item.facts)
                number = next((n for n in item.facts["numbers"] if n["name"] == name), NO_NUMBER)
                place = (notebook, language, item.name, s.text, s.lower, s.upper)
                observations = " ".join(number["observations"])
                held = name or _other(s, item.facts, tables)
                rows.append((*place, held, number["value"], number["unit"], observations))
    claims = pd.DataFrame(rows, columns=COLUMNS)
    return claims.assign(held=claims["number"] != "")


def require(claims: pd.DataFrame) -> None:
    """Raise an OswError for the first number in our sentences without a result."""
    lost = claims[~claims["held"]]
    if len(lost):
        row, more = lost.iloc[0], f"; {len(lost) - 1} more such numbers" if len(lost) > 1 else ""
        raise OswError(
            f'pages/{row["language"]}/{row["notebook"]}.qmd, sentence "{row["sentence"]}": it prints '
            f"“{row['text']}”, which is none of the numbers it was given{more}. "
            "Print a registered number, or mend how it is rounded."
        )


def summary(claims: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each notebook: sentences with numbers, numbers, and numbers with a result."""
    sentence = claims["language"] + "/" + claims["sentence"]
    by_notebook = claims.assign(sentence=sentence).groupby("notebook", sort=False)
    counts = {"sentences": ("sentence", "nunique"), "numbers": ("held", "size"), "held": ("held", "sum")}
    return by_notebook.agg(**counts).reset_index()


def _printed(statement: Statement, facts: dict[str, Any]) -> str:
    """Return the number printed at the statement or, since a source may repeat it, one of the same value."""
    position, names, rest = 0, [], ""
    for words, name in facts["parts"]:
        inside = facts["text"][max(position, statement.start) : min(position + len(words), statement.end)]
        position += len(words)
        if inside and name:
            names.append(name)
        else:
            rest += inside
    if not names or any(c.isdigit() for c in rest):
        names = [n["name"] for n in facts["numbers"] if n["value"] == statement.value]
    return names[0] if names else ""


def _other(statement: Statement, facts: dict[str, Any], tables: Tables) -> str:
    """Return the kind of a number that is not a result: counted, words, quoted, or the period of a definition."""
    if statement.value in facts["counted"]:  # by the notebook
        return "counted"
    language = statement.language
    fixed = [str(getattr(u, name)) for u in UNITS.values() for name in (language, f"one_{language}")]
    fixed += [text[language] for text in INTERVAL_WORDS.values()]
    if any(statement.text in words and words in facts["text"] for words in fixed):
        return "words"  # of a unit, or of the meaning of an interval
    around = [words for words in facts["words"] if statement.text in words]
    if around and _corpus(tables).issuperset(around):
        return "quoted"
    return "period" if statement.kind == "duration" else ""


def _corpus(tables: Tables) -> set[str]:
    texts = {*tables.observations["as_reported"], *tables.sources["title"]}
    for column in ("text", "description_nl", "description_en", "explanation_nl", "explanation_en"):
        texts.update(tables.ledger[column])
    if list(records_of(tables.root, "answers")):
        texts.update(load_answers(tables.root)["quote"])
    for about in catalogue().values():
        parts = (about.title, about.counts, about.population, about.caveat, *(b.text for b in about.breaks))
        texts.update(t for part in parts for t in part.values())
    return texts
