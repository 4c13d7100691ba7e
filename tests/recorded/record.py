"""What the library makes of its own figures, of figures of worlds and of texts with numbers, short enough to keep.

python -m tests.recorded.record writes the files anew. Look at what changed: these are not reference values (those stand
in tests/oracle) but a record of what was published, so that no number changes without somebody seeing it.
"""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import yaml

from osw_stats.claims.relations import relations
from osw_stats.data.edition import load_tables
from osw_stats.kept.code_cells import notebook_names
from osw_stats.meaning.numbers import Fact, Number
from osw_stats.text.tables import csv_text
from osw_stats.wording.scan.statements import scan
from tests.computed import computed
from tests.conftest import PROJECT
from tests.worlds.changes import world
from tests.worlds.product import results as worlds

HERE = Path(__file__).parent
EDITIONS = ("2023", "2024", "2025", "world 1", "world 2", "world 3")  # the worlds are SIMULATED
SEED = 27  # of the worlds
WORDINGS = set(PROJECT.glob("tests/wording/*.yml")) - {PROJECT / "tests/wording/worked.yml"}
TEXTS = sorted([*WORDINGS, *PROJECT.glob("tests/scan/texts/*.txt")])
RESULTS, SENTENCES = HERE / "results.json", HERE / "sentences.json"


def summary(csv: str) -> dict[str, Any]:
    """Return the rows of a table and, of every column, the sum of its numbers or the words in it."""
    frame = pd.read_csv(io.StringIO(csv), keep_default_na=False, na_values=[""])
    columns: dict[str, Any] = {}
    for name, column in frame.items():
        told: list[Any] = [len("".join(column.dropna().astype(str)))]
        if pd.api.types.is_numeric_dtype(column) and column.dtype != bool:
            told = [f"{x:.8g}" for x in (column.sum(), (column**2).sum())]
        columns[str(name)] = [int(column.notna().sum()), *told]
    return {"rows": len(frame), "columns": columns}


def plain(number: Number | Fact) -> list[Any]:
    """Return what is told of a number, to eight digits, without its trace."""
    if isinstance(number, Fact):
        return [str(number.value), *number.quotes, *number.counts]
    told = (number.value, number.lower, number.upper)
    words = (number.unit, number.interval_kind, number.period, number.before, number.basis, number.verdict)
    return [*(None if x is None else f"{x:.8g}" for x in told), "|".join(words)]


def results(edition: str, *only: str) -> dict[str, Any]:
    """Return every number of an edition or a world and the summary of every result table, by notebook and name."""
    found: dict[str, Any] = {}
    number = int(edition.removeprefix("world "))
    with TemporaryDirectory() as folder:
        if edition.startswith("world"):
            runs = worlds(world(SEED, number), Path(folder), *only)
        else:
            names = only or notebook_names(PROJECT)
            runs = ((name, computed(PROJECT, name, drawing=None, edition=number)) for name in names)
        for notebook, made in runs:
            key = f"{edition}/{notebook}"
            found |= {f"{key}/{name}": plain(number) for name, number in made.numbers.items()}
            found |= {f"{key}/{name}": [a.code, a.series_id] for name, a in made.absent.items()}
            found |= {f"{key}/{name} (table)": summary(csv_text(made.frame(name))) for name in made.tables}
    return found


def sentences(row: Any) -> Iterator[str]:
    """Yield every sentence with a digit in it of the sets of tests/wording; a place to fill is filled in each way."""
    parts = [part for part in row if isinstance(part, str)] if isinstance(row, list) else []
    for part in parts:
        fillings = [other for other in parts if len(other) < 30] if "{}" in part else [""]
        yield from (part.replace("{}", filling) for filling in fillings if len(part) > 30)
    for below in row.values() if isinstance(row, dict) else row if isinstance(row, list) else ():
        yield from sentences(below)


def readings(path: Path) -> dict[str, list[str]]:
    """Return how every sentence of a set, or a whole text, is read: its figures, and what they say of each other."""
    found, whole, content = {}, path.suffix == ".txt", path.read_text("utf-8")
    held = load_tables(2024, PROJECT).observations if whole else None
    for text in [content] if whole else dict.fromkeys(sentences(yaml.safe_load(content))):
        statements = list(scan(text))
        told = [f"{s.text}|{s.kind}|{s.value}|{s.lower}|{s.upper}|{s.unit}" for s in statements]
        if whole:  # places and ends as well
            told = ["|".join(map(str, astuple(s))) for s in statements]
        tied = relations(text, statements, held)
        told += [f"{r.relation}|{r.verdict}|{r.reported}|{r.recomputed:.6g}|{r.why}|{r.sure}" for r in tied]
        found[f"{path.stem}/{text[:24]}… {zlib.crc32(text.encode()):08x}"] = told
    return found


def main() -> None:
    """Write the records anew."""
    made = {
        RESULTS: dict(row for edition in EDITIONS for row in results(edition).items()),
        SENTENCES: dict(row for path in TEXTS for row in readings(path).items()),
    }
    for path, content in made.items():
        lines = [f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in content.items()]
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
