"""`osw claims scan`: find every numeric statement of a text."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count
from string import ascii_lowercase
from typing import Any

Row = dict[str, Any]
_COLUMNS = (
    *("line", "start", "end", "text", "is_claim", "kind", "value", "rule", "lower", "upper", "lower_closed"),
    *("upper_closed", "unit", "language", "paragraph", "ledger", "non_claim"),
)


def scan(given: argparse.Namespace) -> int:
    """Print the numeric statements of one document."""
    from osw_stats.claims.coverage_of_text import cover
    from osw_stats.data.ledger import HEADER
    from osw_stats.data.plain_text import read_document
    from osw_stats.data.rows import read_columns
    from osw_stats.wording.scan import language_of
    from osw_stats.wording.scan import scan as find
    from osw_stats.wording.scan.paragraphs import paragraphs_of

    claims = [
        row for path in given.ledger for row in read_columns(path, str(path), ("id", "paragraph", "text"))
    ]
    claims = [row for row in claims if row["text"]]  # a figure that the text does not print stands nowhere
    others, path = [], given.non_claims
    if path is not None:
        rows = read_columns(path, str(path), ("paragraph", "text", "kind", "reason"))
        others = [row | {"id": f"{path.name}, row {row['row']}"} for row in rows]
    document = read_document(given.file, limit=given.limit)
    text = document.text
    language = language_of(text, "nl") if given.language == "auto" else given.language
    statements, paragraphs = list(find(text, language=language)), paragraphs_of(text)
    ledger = cover(text, statements, claims, paragraphs)
    listed = cover(text, statements, others, paragraphs)
    # made while they are printed: a long text has very many
    found = (
        vars(s) | {"paragraph": paragraphs.at(s.start), "ledger": list(ids), "non_claim": bool(listed_as)}
        for s, ids, listed_as in zip(statements, ledger.ids, listed.ids, strict=True)
    )
    if given.propose:
        used = set(chain.from_iterable(ledger.ids))
        sys.stdout.writelines(_csv(HEADER, _proposals(found, used, HEADER)))
    elif given.format == "csv":
        sys.stdout.writelines(_csv(_COLUMNS, (row | {"ledger": " ".join(row["ledger"])} for row in found)))
    else:
        sys.stdout.writelines(_json(found) if given.format == "json" else _table(found))
    notes = [f"{given.file}: {document.note}"] if document.note else []
    notes += [f"ledger row {name}: its words are not in the text" for name in ledger.missing]
    notes += [f"ledger row {n}: its words stand in another paragraph than it names" for n in ledger.elsewhere]
    if listed.missing:
        lost = f"{len(listed.missing)} of {len(others)} non-claims are not in the text"
        notes.append(f"{lost}, the first {listed.missing[0]}")
    for line in notes:
        print(f"osw: {line}", file=sys.stderr)
    return 0


def _json(rows: Iterable[Row]) -> Iterator[str]:
    between = "[\n"
    for row in rows:
        yield between + json.dumps({c: row[c] for c in _COLUMNS}, ensure_ascii=False)
        between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"


def _table(rows: Iterable[Row]) -> Iterator[str]:
    yield f"{'line':>6} {'paragraph':12}{'kind':9} {'ledger':10} statement\n"
    counts: Counter[str] = Counter()
    for row in rows:
        counts["all"] += 1
        counts["claims"] += row["is_claim"]
        counts["held"] += row["is_claim"] and bool(row["ledger"])
        counts["listed"] += row["non_claim"]
        state = " ".join(row["ledger"]) or ("listed" if row["non_claim"] else "-" if row["is_claim"] else "")
        unit = f"  {row['unit']}" if row["unit"] else ""
        bounds = "" if row["lower"] is None else f"  {row['lower']:,.6g} to {row['upper']:,.6g}"
        place = f"{row['line']:6} {row['paragraph'][:11]:12}"
        yield f"{place}{row['kind']:9} {state:10} {' '.join(row['text'].split())}{bounds}{unit}\n"
    claims, held = counts["claims"], counts["held"]
    yield f"\n{counts['all']} numeric statements: {claims} claims ({held} in a ledger, {claims - held} not), "
    yield f"{counts['all'] - claims} others; {counts['listed']} listed as no claim\n"


def _proposals(rows: Iterable[Row], used: set[str], header: Sequence[str]) -> Iterator[Row]:
    """Yield a ledger row for every claim that stands in no ledger; what only a person knows stays empty."""
    for row in rows:
        if not row["is_claim"] or row["ledger"] or row["non_claim"]:
            continue
        stem = "s" + "".join(c if c.isalnum() else "_" for c in row["paragraph"].lower() or str(row["line"]))
        suffixes = chain(ascii_lowercase, (f"z{n}" for n in count(1)))
        name = next(stem + suffix for suffix in suffixes if stem + suffix not in used)
        used.add(name)
        words = " ".join(row["text"].split())
        known = {"id": name, "paragraph": row["paragraph"], "claim_kind": "value", "text": words}
        known |= {"as_reported": words, "unit": row["unit"] or ""}
        yield dict.fromkeys(header, "") | {k: v for k, v in known.items() if k in header}


def _csv(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.DictWriter(line, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(row)
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()
