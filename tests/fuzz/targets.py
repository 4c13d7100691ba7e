"""One target a reader: genuine files to spoil, and how the reader is called on a spoiled one in a folder of its own."""

import json
from functools import cache, partial
from typing import NamedTuple

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
SURVEY = b"wave,sex,age,osi_12m,weight,stratum,cluster\n2024,female,16-17,1,1.5,a,1\n2024,male,24+,0,1,a,2\n"
MARGIN_TABLE = "\n".join(map(",".join, [FORMS["margins"], *(row.values() for row in margin_rows())])).encode()
MARGIN_RECORD = (
    b"file: a.csv\nkind: margins\ntitle: SIMULATED\nlicence: credit\ntranscribed: 2026-11-23\ndocuments:\n  simulated:\n"
    b"    {publisher: CBS, title: SIMULATED, language: nl, date_basis: none, seen: 2026-11-23, read_in: nowhere}\n"
)


class Target(NamedTuple):
    """Seeds, and what reads a file of these bytes in a folder of its own."""

    seeds: list
    read: object


@cache
def observations():
    """Return the genuine figures that scenarios point at."""
    return load(2024, PROJECT).observations


def head(path, lines):
    """Return the first lines of a file: enough to spoil, quick to read."""
    return b"".join(path.read_bytes().splitlines(keepends=True)[:lines])


def text(read):
    """Hand the bytes over as text."""
    return lambda _, data: read(data.decode("utf-8", "replace"))


def written(name, read, beside=None, whole=False):
    """Write the bytes under a name among genuine files (by path); read that file, or the `whole` folder."""

    def run(folder, data):
        for path, content in ((beside or {}) | {name: data}).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        return read(folder if whole else folder / name)

    return run


def by_record(read):
    """Read what the one record of a folder describes."""

    def run(folder):
        (record,) = folder.glob("*.source.yml")
        return read(register.read_record(record), folder)

    return run


def recorded(spoiled, genuine, read, lines=None):
    """Spoil a table beside its genuine record, or a record beside its table."""
    beside = {genuine.name: genuine.read_bytes()}
    return Target([head(spoiled, lines)], written(spoiled.name, by_record(read), beside, whole=True))


def by_hand(name, read):
    """Read a spoiled table of codes in a project that holds nothing else of its kind."""
    home = CODED.relative_to(PROJECT)
    others = {home / path.name: path.read_bytes() for path in CODED.iterdir()}
    return Target([(CODED / name).read_bytes()], written(home / name, read, others, whole=True))


def both_doors(path):
    """Pass both doors of a spoiled notebook: that of a build and that of a run."""
    imports_of(path)
    return check_parameters(path, {"edition": "2024"})


def shapes(suffix, *texts):
    """Read downloads of one suffix."""
    return Target([t.encode() for t in texts], written(f"a{suffix}", read_table))


RECORD, EVENT_RECORD, CLAIM_RECORD = (p.with_suffix(".source.yml") for p in (REPORTS, EVENTS, CLAIMS))
READ_EVENTS = partial(read_form, read=coded.check_event)
RECORDED_MARGINS = by_record(transcription.read_margins)
READ_MARGINS = written("a.csv", RECORDED_MARGINS, {"a.source.yml": MARGIN_RECORD}, whole=True)
READ_CORRECTIONS = written("corrections.yml", clean.load_corrections, whole=True)
READ_EDITION = written("editions/2024.yml", lambda root: editions.load_edition(2024, root), whole=True)
SCENARIO = written("s.yml", lambda p: scenario(editions.read_scenario(p), observations(), "s.yml"))
PARAMETER = text(lambda t: check_parameters(PROJECT / "notebooks" / "prevalence.ipynb", {"deff": t}))
FORMULAS = [b"100 * ([police_reports/2024] / s4_1b - 1)", b"max(a, b) - count(c) / 2"]
WORDINGS = [b"ruim 760 duizend", b"tussen 20 en 30 procent", b"een op de tien"]
NOTEBOOK, METHODS = PROJECT / "notebooks" / "claims.ipynb", PROJECT / "docs" / "methods.md"
SCENARIOS = [p.read_bytes() for p in sorted((PROJECT / "scenarios").glob("*.yml"))]
TARGETS = {
    "record": recorded(RECORD, REPORTS, lambda record, _: record),
    "corrections": Target([(RAW / "corrections.yml").read_bytes()], READ_CORRECTIONS),
    "edition": Target([(PROJECT / "editions" / "2024.yml").read_bytes()], READ_EDITION),
    "scenario": Target(SCENARIOS, SCENARIO),
    "transcription": recorded(REPORTS, RECORD, transcription.read_transcription, 30),
    "margins": Target([MARGIN_TABLE], READ_MARGINS),
    "ledger": recorded(CLAIMS, CLAIM_RECORD, ledger.read_ledger, 12),
    "other_ledger": Target([head(CLAIMS, 12)], written("c.csv", ledger.read_other_ledger)),
    "events": recorded(EVENTS, EVENT_RECORD, READ_EVENTS, 30),
    "answers": by_hand("answers_first.csv", coded.load_answers),
    "deadlines": by_hand("deadlines.csv", coded.load_deadlines),
    "statline_csv": shapes(".csv", BULK, EXPORT, MARGINS, DUMP),
    "statline_json": shapes(".json", json.dumps(V3), json.dumps(V4)),
    "survey": Target([SURVEY], written("s.csv", lambda p: survey.read_survey(str(p)))),
    "notebook": Target([NOTEBOOK.read_bytes()], written("a.ipynb", both_doors)),
    "parameter": Target([b"1.6", b"nl", b"2", b"[1, {2: (3,)}]"], PARAMETER),
    "formula": Target(FORMULAS, text(lambda t: evaluate(t, lambda _name: Interval(5.0, 4.5, 5.5)))),
    "wording": Target(WORDINGS, text(lambda t: parse(t, unit="percent"))),
    "text": Target([METHODS.read_bytes()[:4000]], written("a.txt", lambda p: [*scan(read_document(p).text)])),
}
PAGE = [b"<html><body><p>In 2024 waren het er 131.</p></body></html>"]
CONVERTED = {form: Target(PAGE, written(f"a.{form}", read_document)) for form in ("html", "docx")}
