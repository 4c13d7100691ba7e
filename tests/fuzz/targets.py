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
from tests.cases import beside
from tests.conftest import PROJECT
from tests.data.published import BULK, DUMP, EXPORT, MARGINS, V3, V4
from tests.simulated_margins import margin_rows

CASES = beside(__file__)
SEEDS = {name: [text.encode() for text in texts] for name, texts in CASES["seeds"].items()}


class Target(NamedTuple):
    """Seeds, and what reads a file of these bytes in a folder of its own."""

    seeds: list
    read: object


@cache
def observations():
    """Return the genuine figures that scenarios point at."""
    return load(2024, PROJECT).observations


def text(name, read):
    """Hand the bytes over as text."""
    return Target(SEEDS[name], lambda _, data: read(data.decode("utf-8", "replace")))


def among(path, read, genuine):
    """Write the bytes at a path among genuine files (by path), and read the folder."""

    def run(folder, data):
        for at, content in (genuine | {path: data}).items():
            (folder / at).parent.mkdir(parents=True, exist_ok=True)
            (folder / at).write_bytes(content)
        return read(folder)

    return run


def alone(name, read, seeds):
    """Read one spoiled file."""
    return Target(seeds, among(name, lambda folder: read(folder / name), {}))


def of_project(path, read, *others, lines=None):
    """Spoil a file of the project, or its first lines, among others of its files; read a project that holds no more."""
    seed = b"".join((PROJECT / path).read_bytes().splitlines(keepends=True)[:lines])
    genuine = {other: (PROJECT / other).read_bytes() for other in others}
    return Target([seed], among(path, read, genuine))


def by_record(read):
    """Read what the one record describes."""

    def run(root):
        (record,) = root.rglob("*.source.yml")
        return read(register.read_record(record), record.parent)

    return run


def both_doors(path):
    """Pass both doors of a spoiled notebook: that of a build and that of a run."""
    imports_of(path)
    return check_parameters(path, {"edition": "2024"})


def shapes(suffix, *texts):
    """Read downloads of one suffix."""
    return alone(f"a{suffix}", read_table, [t.encode() for t in texts])


def of_table(path, read, lines):
    """Read a spoiled table of the project by its record."""
    return of_project(f"{path}.csv", by_record(read), f"{path}.source.yml", lines=lines)


RAW, NOTEBOOKS = "data/raw", PROJECT / "notebooks"
REPORTS, CODED = f"{RAW}/police/reports", f"{RAW}/authorities"
ANSWERS = [path.relative_to(PROJECT) for path in (PROJECT / CODED).iterdir()]
MARGIN_TABLE = "\n".join(map(",".join, [FORMS["margins"], *(row.values() for row in margin_rows())])).encode()
BESIDE = {"a.source.yml": SEEDS["margin_record"][0]}
READ_MARGINS = among("a.csv", by_record(transcription.read_margins), BESIDE)
CLAIMS = of_table(f"{RAW}/rapport2025/claims", ledger.read_ledger, 12)
SCENARIOS = [p.read_bytes() for p in sorted((PROJECT / "scenarios").glob("*.yml"))]
METHODS = (PROJECT / "docs/methods.md").read_bytes()[:4000]
TARGETS = {
    "record": of_project(f"{REPORTS}.source.yml", by_record(lambda record, _: record), f"{REPORTS}.csv"),
    "corrections": of_project(f"{RAW}/corrections.yml", lambda root: clean.load_corrections(root / RAW)),
    "edition": of_project("editions/2024.yml", lambda root: editions.load_edition(2024, root)),
    "scenario": alone(
        "s.yml", lambda p: scenario(editions.read_scenario(p), observations(), p.name), SCENARIOS
    ),
    "transcription": of_table(REPORTS, transcription.read_transcription, 30),
    "margins": Target([MARGIN_TABLE], READ_MARGINS),
    "ledger": CLAIMS,
    "other_ledger": alone("c.csv", ledger.read_other_ledger, CLAIMS.seeds),
    "events": of_table(f"{RAW}/events/events", partial(read_form, read=coded.check_event), 30),
    "answers": of_project(f"{CODED}/answers_first.csv", coded.load_answers, *ANSWERS),
    "deadlines": of_project(f"{CODED}/deadlines.csv", coded.load_deadlines, *ANSWERS),
    "statline_csv": shapes(".csv", BULK, EXPORT, MARGINS, DUMP),
    "statline_json": shapes(".json", json.dumps(V3), json.dumps(V4)),
    "survey": alone("s.csv", lambda p: survey.read_survey(str(p)), SEEDS["survey"]),
    "notebook": alone("a.ipynb", both_doors, [(NOTEBOOKS / "claims.ipynb").read_bytes()]),
    "parameter": text("parameter", lambda t: check_parameters(NOTEBOOKS / "prevalence.ipynb", {"deff": t})),
    "formula": text("formula", lambda t: evaluate(t, lambda _name: Interval(5.0, 4.5, 5.5))),
    "wording": text("wording", lambda t: parse(t, unit="percent")),
    "text": alone("a.txt", lambda p: [*scan(read_document(p).text)], [METHODS]),
}
CONVERTED = {form: alone(f"a.{form}", read_document, SEEDS["page"]) for form in ("html", "docx")}
