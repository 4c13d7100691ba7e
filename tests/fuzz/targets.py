"""One target a reader: genuine files to spoil, and how the reader is called on a spoiled one in a folder of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from osw_stats import load
from osw_stats.build.notebooks import imports_of
from osw_stats.claims.formulas import Interval, evaluate
from osw_stats.data import clean, coded, editions, ledger, register, survey, transcription
from osw_stats.data.plain_text import read_document
from osw_stats.data.rows import FORMS, read_form
from osw_stats.data.statline.read import read_table
from osw_stats.kept.code_cells import check_parameters
from osw_stats.stats.capacity.scenarios import scenario
from osw_stats.wording.parse import parse
from osw_stats.wording.scan.statements import scan
from tests.conftest import PROJECT
from tests.data.published import BULK, DUMP, EXPORT, MARGINS, V3, V4
from tests.simulated_margins import margin_rows

RAW = PROJECT / "data" / "raw"
REPORTS, EVENTS = RAW / "police" / "reports.csv", RAW / "events" / "events.csv"
CODED, CLAIMS = RAW / "authorities", RAW / "rapport2025" / "claims.csv"
SURVEY = (
    b"wave,sex,age,osi_12m,weight,stratum,cluster\n2024,female,16-17,1,1.5,a,1\n2024,male,24+,0,0.7,a,2\n"
)
MARGIN_TABLE = "\n".join(map(",".join, [FORMS["margins"], *(row.values() for row in margin_rows())])).encode()
MARGIN_RECORD = (
    "file: a.csv\nkind: margins\ntitle: SIMULATED\nlicence: credit\ntranscribed: 2026-11-23\ndocuments:\n  simulated:\n"
    "    {publisher: CBS, title: SIMULATED, language: nl, date_basis: none, seen: 2026-11-23, read_in: nowhere}\n"
)


@dataclass(frozen=True)
class Target:
    """Seeds, and what reads a file of these bytes in a folder of its own."""

    seeds: list[bytes]
    read: Callable[[Path, bytes], object]


@cache
def observations() -> pd.DataFrame:
    """Return the genuine figures that scenarios point at."""
    return load(2024, PROJECT).observations


def head(path: Path, lines: int = 30) -> bytes:
    """Return the first lines of a file: enough to spoil, quick to read."""
    return b"".join(path.read_bytes().splitlines(keepends=True)[:lines])


def text(read: Callable[[str], object]) -> Callable[[Path, bytes], object]:
    """Hand the bytes over as text."""
    return lambda _, data: read(data.decode("utf-8", "replace"))


def written(
    name: str, read: Callable[[Path], object], whole: bool = False
) -> Callable[[Path, bytes], object]:
    """Write the bytes under a name and read that file, or the `whole` folder."""

    def run(folder: Path, data: bytes) -> object:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return read(folder if whole else path)

    return run


def beside(
    genuine: Path | str, name: str, read: Callable[[register.SourceRecord, Path], object]
) -> Callable[[Path, bytes], object]:
    """Read the record of a folder that holds the spoiled file and, beside it, its genuine record or table."""

    def run(folder: Path, data: bytes) -> object:
        other = genuine.name if isinstance(genuine, Path) else "a.source.yml"
        (folder / other).write_bytes(genuine.read_bytes() if isinstance(genuine, Path) else genuine.encode())
        (folder / name).write_bytes(data)
        (record,) = folder.glob("*.source.yml")
        return read(register.read_record(record), folder)

    return run


def by_hand(name: str, read: Callable[[Path], object]) -> Target:
    """Read a spoiled table of codes in a project that holds nothing else of its kind."""

    def run(folder: Path, data: bytes) -> object:
        home = folder / "data" / "raw" / "authorities"
        shutil.copytree(CODED, home, dirs_exist_ok=True)
        (home / name).write_bytes(data)
        return read(folder)

    return Target([(CODED / name).read_bytes()], run)


def both_doors(path: Path) -> object:
    """Pass both doors of a spoiled notebook: that of a build and that of a run."""
    imports_of(path)
    return check_parameters(path, {"edition": "2024"})


def shapes(suffix: str, *texts: str) -> Target:
    """Read downloads of one suffix."""
    return Target([t.encode() for t in texts], written(f"a{suffix}", read_table))


RECORD = REPORTS.with_suffix(".source.yml")
READ_EVENTS = beside(
    EVENTS.with_suffix(".source.yml"), EVENTS.name, lambda r, root: read_form(r, root, coded.check_event)
)
SCENARIO = written("s.yml", lambda p: scenario(editions.read_scenario(p), observations(), "s.yml"))
PARAMETER = text(lambda t: check_parameters(PROJECT / "notebooks" / "prevalence.ipynb", {"deff": t}))
FORMULAS = [b"100 * ([police_reports/2024] / s4_1b - 1)", b"max(a, b) - count(c) / 2"]
WORDINGS = [b"ruim 760 duizend", b"tussen 20 en 30 procent", b"een op de tien"]
TARGETS = {
    "record": Target([RECORD.read_bytes()], beside(REPORTS, RECORD.name, lambda record, _: record)),
    "corrections": Target(
        [(RAW / "corrections.yml").read_bytes()],
        written("corrections.yml", clean.load_corrections, whole=True),
    ),
    "edition": Target(
        [(PROJECT / "editions" / "2024.yml").read_bytes()],
        written("editions/2024.yml", lambda root: editions.load_edition(2024, root), whole=True),
    ),
    "scenario": Target([p.read_bytes() for p in sorted((PROJECT / "scenarios").glob("*.yml"))], SCENARIO),
    "transcription": Target([head(REPORTS)], beside(RECORD, REPORTS.name, transcription.read_transcription)),
    "margins": Target([MARGIN_TABLE], beside(MARGIN_RECORD, "a.csv", transcription.read_margins)),
    "ledger": Target([head(CLAIMS, 12)], written("c.csv", lambda p: ledger.read_ledger(p, "c.csv"))),
    "other_ledger": Target([head(CLAIMS, 12)], written("c.csv", ledger.read_other_ledger)),
    "events": Target([head(EVENTS)], READ_EVENTS),
    "answers": by_hand("answers_first.csv", coded.load_answers),
    "deadlines": by_hand("deadlines.csv", coded.load_deadlines),
    "statline_csv": shapes(".csv", BULK, EXPORT, MARGINS, DUMP),
    "statline_json": shapes(".json", json.dumps(V3), json.dumps(V4)),
    "survey": Target([SURVEY], written("s.csv", lambda p: survey.read_survey(str(p)))),
    "notebook": Target(
        [(PROJECT / "notebooks" / "claims.ipynb").read_bytes()], written("a.ipynb", both_doors)
    ),
    "parameter": Target([b"1.6", b"nl", b"2", b"[1, {2: (3,)}]"], PARAMETER),
    "formula": Target(FORMULAS, text(lambda t: evaluate(t, lambda _name: Interval(5.0, 4.5, 5.5)))),
    "wording": Target(WORDINGS, text(lambda t: parse(t, unit="percent"))),
    "text": Target(
        [(PROJECT / "docs" / "methods.md").read_bytes()[:4000]],
        written("a.txt", lambda p: list(scan(read_document(p).text))),
    ),
}
PAGE = [b"<html><body><p>In 2024 waren het er 131.</p></body></html>"]
CONVERTED = {form: Target(PAGE, written(f"a.{form}", read_document)) for form in ("html", "docx")}
