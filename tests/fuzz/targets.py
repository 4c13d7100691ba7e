"""One target a reader: genuine files to spoil, and how the reader is called on a spoiled one."""

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
from osw_stats.data import clean, editions, ledger, register, survey, transcription
from osw_stats.data import coded as by_hand
from osw_stats.data.editions import load_edition
from osw_stats.data.plain_text import read_document
from osw_stats.data.rows import read_form
from osw_stats.data.statline.read import read_table
from osw_stats.data.transcription import read_transcription
from osw_stats.kept.code_cells import check_parameters
from osw_stats.stats.capacity.scenarios import scenario
from osw_stats.wording.parse import parse
from osw_stats.wording.scan.statements import scan
from tests.conftest import PROJECT
from tests.simulated_margins import margin_rows
from tests.unit.test_statline import BULK, DUMP, EXPORT, MARGINS, V3, V4

RAW = PROJECT / "data" / "raw"
SURVEY = "wave,sex,age,osi_12m,weight,stratum,cluster\n2024,female,16-17,1,1.5,a,1\n2024,male,24+,0,0.7,a,2\n"


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


def written(name: str, read: Callable[[Path], object]) -> Callable[[Path, bytes], object]:
    """Write the bytes under a name and read that file."""

    def run(folder: Path, data: bytes) -> object:
        (folder / name).write_bytes(data)
        return read(folder / name)

    return run


def in_record(
    source: Path, read: Callable[[register.SourceRecord, Path], object]
) -> Callable[[Path, bytes], object]:
    """Read a spoiled table beside its genuine record."""

    def run(folder: Path, data: bytes) -> object:
        (folder / source.name).write_bytes(data)
        record = source.with_suffix(".source.yml")
        shutil.copyfile(record, folder / record.name)
        return read(register.read_record(folder / record.name), folder)

    return run


def record(folder: Path, data: bytes) -> object:
    """Read a spoiled record beside its genuine table."""
    shutil.copyfile(RAW / "police" / "reports.csv", folder / "reports.csv")
    (folder / "reports.source.yml").write_bytes(data)
    return register.read_record(folder / "reports.source.yml")


def edition(folder: Path, data: bytes) -> object:
    """Read a spoiled edition."""
    (folder / "editions").mkdir(exist_ok=True)
    (folder / "editions" / "2024.yml").write_bytes(data)
    return load_edition(2024, folder)


def notebook(folder: Path, data: bytes) -> object:
    """Pass both doors of a spoiled notebook: that of a build and that of a run."""
    (folder / "a.ipynb").write_bytes(data)
    imports_of(folder / "a.ipynb")
    return check_parameters(folder / "a.ipynb", {"edition": "2024"})


def parameter(_folder: Path, data: bytes) -> object:
    """Pass a spoiled value through the door of a genuine notebook."""
    text = data.decode("utf-8", "replace")
    return check_parameters(PROJECT / "notebooks" / "prevalence.ipynb", {"deff": text})


def formula(_folder: Path, data: bytes) -> object:
    """Carry out a spoiled formula."""
    return evaluate(data.decode("utf-8", "replace"), lambda _name: Interval(5.0, 4.5, 5.5))


def wording(_folder: Path, data: bytes) -> object:
    """Read a spoiled wording."""
    return parse(data.decode("utf-8", "replace"), unit="percent")


def text(folder: Path, data: bytes) -> object:
    """Read a spoiled text and scan it."""
    (folder / "a.txt").write_bytes(data)
    return list(scan(read_document(folder / "a.txt").text))


def shapes(suffix: str, *texts: str) -> Target:
    """Read downloads of one suffix."""
    return Target([t.encode() for t in texts], written(f"a{suffix}", read_table))


MARGIN_TABLE = "\n".join(
    [
        ",".join(transcription.MARGINS),
        *(",".join(row[c] for c in transcription.MARGINS) for row in margin_rows()),
    ]
)
MARGIN_RECORD = (
    "file: a.csv\nkind: margins\ntitle: SIMULATED\nlicence: credit\ntranscribed: 2026-11-23\ndocuments:\n  simulated:\n"
    "    {publisher: CBS, title: SIMULATED, language: nl, date_basis: none, seen: 2026-11-23, read_in: nowhere}\n"
)


def margin(folder: Path, data: bytes) -> object:
    """Read a spoiled table of margins."""
    (folder / "a.csv").write_bytes(data)
    (folder / "a.source.yml").write_text(MARGIN_RECORD, encoding="utf-8")
    return transcription.read_margins(register.read_record(folder / "a.source.yml"), folder)


def coded(source: Path, read: Callable[[Path], object]) -> Callable[[Path, bytes], object]:
    """Read a spoiled table of codes in a project that holds nothing else of its kind."""

    def run(folder: Path, data: bytes) -> object:
        home = folder / "data" / "raw" / "authorities"
        shutil.copytree(source.parent, home, dirs_exist_ok=True)
        (home / source.name).write_bytes(data)
        return read(folder)

    return run


def corrected(folder: Path, data: bytes) -> object:
    """Read spoiled corrections."""
    (folder / "corrections.yml").write_bytes(data)
    return clean.load_corrections(folder)


CLAIMS = RAW / "rapport2025" / "claims.csv"
TARGETS = {
    "record": Target([(RAW / "police" / "reports.source.yml").read_bytes()], record),
    "corrections": Target([(RAW / "corrections.yml").read_bytes()], corrected),
    "edition": Target([(PROJECT / "editions" / "2024.yml").read_bytes()], edition),
    "scenario": Target(
        [p.read_bytes() for p in sorted((PROJECT / "scenarios").glob("*.yml"))],
        written("s.yml", lambda p: scenario(editions.read_scenario(p), observations(), "s.yml")),
    ),
    "transcription": Target(
        [head(RAW / "police" / "reports.csv")], in_record(RAW / "police" / "reports.csv", read_transcription)
    ),
    "margins": Target([MARGIN_TABLE.encode()], margin),
    "ledger": Target([head(CLAIMS, 12)], written("c.csv", lambda p: ledger.read_ledger(p, "c.csv"))),
    "other_ledger": Target([head(CLAIMS, 12)], written("c.csv", ledger.read_other_ledger)),
    "events": Target(
        [head(RAW / "events" / "events.csv")],
        in_record(RAW / "events" / "events.csv", lambda r, root: read_form(r, root, by_hand.check_event)),
    ),
    "answers": Target(
        [(RAW / "authorities" / "answers_first.csv").read_bytes()],
        coded(RAW / "authorities" / "answers_first.csv", by_hand.load_answers),
    ),
    "deadlines": Target(
        [(RAW / "authorities" / "deadlines.csv").read_bytes()],
        coded(RAW / "authorities" / "deadlines.csv", by_hand.load_deadlines),
    ),
    "statline_csv": shapes(".csv", BULK, EXPORT, MARGINS, DUMP),
    "statline_json": shapes(".json", json.dumps(V3), json.dumps(V4)),
    "survey": Target([SURVEY.encode()], written("s.csv", lambda p: survey.read_survey(str(p)))),
    "notebook": Target([(PROJECT / "notebooks" / "claims.ipynb").read_bytes()], notebook),
    "parameter": Target([b"1.6", b"nl", b"2", b"[1, {2: (3,)}]"], parameter),
    "formula": Target([b"100 * ([police_reports/2024] / s4_1b - 1)", b"max(a, b) - count(c) / 2"], formula),
    "wording": Target([b"ruim 760 duizend", b"tussen 20 en 30 procent", b"een op de tien"], wording),
    "text": Target([(PROJECT / "docs" / "methods.md").read_bytes()[:4000]], text),
}  # fmt: skip
CONVERTED = {
    form: Target(
        [b"<html><body><p>In 2024 waren het er 131.</p></body></html>"], written(f"a.{form}", read_document)
    )
    for form in ("html", "docx")
}
