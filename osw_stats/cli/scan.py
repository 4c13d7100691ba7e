"""`osw claims scan`: find every numeric statement of a text."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from osw_stats.vocabulary.scan import Statement
    from osw_stats.vocabulary.scan.paragraphs import Paragraphs

_COLUMNS = (
    "line", "start", "end", "text", "is_claim", "kind", "value", "rule", "lower", "upper", "lower_closed",
    "upper_closed", "unit", "language", "paragraph", "ledger", "non_claim",
)  # fmt: skip


def add_scan(claims: argparse.ArgumentParser, add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add `scan` to the parser of `osw claims`; without it the ledger is tested as before."""
    actions = claims.add_subparsers(dest="action", required=False, metavar="scan")
    scan = add(actions, "scan", "find every numeric statement of a text")
    scan.add_argument("file", type=Path, help="text, .docx, .odt, .html, .rtf, .epub or .pdf")
    scan.add_argument("--ledger", type=Path, action="append", default=[], metavar="FILE",
                      help="CSV with id, paragraph, text: say which statements it holds; may be repeated")  # fmt: skip
    scan.add_argument("--non-claims", type=Path, metavar="FILE",
                      help="CSV with paragraph, text, kind, reason: statements known to be no claim")  # fmt: skip
    scan.add_argument("--language", choices=("nl", "en", "auto"), default="auto",
                      help="language of what does not tell its own (default auto: that of most of the text)")  # fmt: skip
    scan.add_argument(
        "--format", choices=("table", "json", "csv"), default="table", help="how to print (default table)"
    )
    scan.add_argument(
        "--propose", action="store_true", help="print ledger rows for the claims in no ledger, as CSV"
    )
    scan.add_argument(
        "--limit", type=float, default=20, metavar="MB", help="largest file to read (default 20)"
    )


def scan(given: argparse.Namespace) -> int:
    """Print the numeric statements of one document."""
    from osw_stats.analysis.claims.coverage_of_text import cover
    from osw_stats.sources.documents import read_document
    from osw_stats.sources.rows import read_columns
    from osw_stats.vocabulary.scan import language_of
    from osw_stats.vocabulary.scan import scan as find
    from osw_stats.vocabulary.scan.paragraphs import paragraphs_of

    rows = [
        row
        for path in given.ledger
        for row in read_columns(path, str(path), ("id", "paragraph", "text"))
        if row["text"]  # a figure that the text does not print stands nowhere
    ]
    others = _non_claims(given.non_claims)
    document = read_document(given.file, limit=given.limit)
    text = document.text
    language = language_of(text, "nl") if given.language == "auto" else given.language
    statements = list(find(text, language=language))
    paragraphs = paragraphs_of(text)
    ledger = cover(text, statements, rows, paragraphs)
    listed = cover(text, statements, others, paragraphs)
    told = _Told(statements, ledger.ids, listed.ids, paragraphs)
    sys.stdout.writelines(_propose(told) if given.propose else _shown(told, given.format))
    for line in _notes(given, document.note, ledger, listed, others):
        print(f"osw: {line}", file=sys.stderr)
    return 0


def _non_claims(path: Path | None) -> list[dict[str, str]]:
    from osw_stats.sources.rows import read_columns

    if path is None:
        return []
    rows = read_columns(path, str(path), ("paragraph", "text", "kind", "reason"))
    return [row | {"id": f"{path.name}, row {row['row']}"} for row in rows]


def _notes(
    given: argparse.Namespace, note: str, ledger: Any, listed: Any, others: Sequence[Any]
) -> list[str]:
    notes = [f"{given.file}: {note}"] if note else []
    for name in ledger.missing:
        notes.append(f"ledger row {name}: its words are not in the text")
    for name in ledger.elsewhere:
        notes.append(f"ledger row {name}: its words stand in another paragraph than it names")
    if listed.missing:
        notes.append(
            f"{len(listed.missing)} of {len(others)} non-claims are not in the text, the first {listed.missing[0]}"
        )
    return notes


class _Told:
    """The statements as rows to print, made anew at every turn: a long text has very many."""

    def __init__(
        self,
        statements: Sequence[Statement],
        ledger: Sequence[tuple[str, ...]],
        listed: Sequence[tuple[str, ...]],
        paragraphs: Paragraphs,
    ) -> None:
        self.statements, self.ledger, self.listed, self.paragraphs = statements, ledger, listed, paragraphs

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for s, ids, others in zip(self.statements, self.ledger, self.listed, strict=True):
            more = {"paragraph": self.paragraphs.at(s.start), "ledger": list(ids), "non_claim": bool(others)}
            yield vars(s) | more


def _shown(told: _Told, form: str) -> Iterator[str]:
    if form == "json":
        return _json(told)
    if form == "csv":
        return _csv(_COLUMNS, ({**row, "ledger": " ".join(row["ledger"])} for row in told))
    return _table(told)


def _json(told: _Told) -> Iterator[str]:
    between = "[\n"
    for row in told:
        yield between + json.dumps({c: row[c] for c in _COLUMNS}, ensure_ascii=False)
        between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"


def _table(told: _Told) -> Iterator[str]:
    yield f"{'line':>6} {'paragraph':12}{'kind':9} {'ledger':10} statement\n"
    for row in told:
        place = row["paragraph"][:11]
        state = " ".join(row["ledger"]) or ("listed" if row["non_claim"] else "-" if row["is_claim"] else "")
        unit = f"  {row['unit']}" if row["unit"] else ""
        bounds = "" if row["lower"] is None else f"  {row['lower']:,.6g} to {row['upper']:,.6g}"
        yield f"{row['line']:6} {place:12}{row['kind']:9} {state:10} {_flat(row['text'])}{bounds}{unit}\n"
    yield f"\n{_summary(told)}\n"


def _summary(told: _Told) -> str:
    found: Counter[str] = Counter()
    for row in told:
        found["all"] += 1
        found["claims"] += row["is_claim"]
        found["held"] += row["is_claim"] and bool(row["ledger"])
        found["listed"] += row["non_claim"]
    return (
        f"{found['all']} numeric statements: {found['claims']} claims ({found['held']} in a ledger, "
        f"{found['claims'] - found['held']} not), {found['all'] - found['claims']} others; "
        f"{found['listed']} listed as no claim"
    )


def _propose(told: _Told) -> Iterator[str]:
    """Yield a ledger row for every claim that stands in no ledger; what only a person knows stays empty."""
    from osw_stats.sources.ledger import HEADER

    return _csv(HEADER, _proposals(told, HEADER))


def _proposals(told: _Told, header: Sequence[str]) -> Iterator[dict[str, str]]:
    used = {name for names in told.ledger for name in names}
    for row in told:
        if not row["is_claim"] or row["ledger"] or row["non_claim"]:
            continue
        stem = "s" + "".join(c if c.isalnum() else "_" for c in row["paragraph"].lower() or str(row["line"]))
        name = next(n for n in _suffixes(stem) if n not in used)
        used.add(name)
        words = _flat(row["text"])
        filled = {
            "id": name, "paragraph": row["paragraph"], "claim_kind": "value", "text": words,
            "as_reported": words, "unit": row["unit"] or "",
        }  # fmt: skip
        yield dict.fromkeys(header, "") | {k: v for k, v in filled.items() if k in header}


def _suffixes(stem: str) -> Iterator[str]:
    yield from (f"{stem}{letter}" for letter in ascii_lowercase)
    yield from (f"{stem}z{n}" for n in count(1))


def _csv(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.DictWriter(line, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(row)
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()


def _flat(text: str) -> str:
    return " ".join(text.split())
