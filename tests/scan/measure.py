"""Hold the scan against texts whose statements were listed by hand.

A found statement counts as right where its span overlaps a listed one (each is used once). Precision and recall
are about that; the other columns tell which part of the pairs agree in kind, claim or not, exact words, value,
rule, bounds and unit. "all" asks for every one of them but the exact words.
"""

import csv
import os
from collections import Counter
from pathlib import Path

import pytest

from osw_stats.wording.scan import scan
from osw_stats.wording.scan.tables import UNKNOWN
from tests.conftest import PROJECT

HERE = Path(__file__).parent
SEED = PROJECT.parent / "shared" / "seed"
REPORT = Path(os.environ.get("OSW_REPORT", SEED / "rapport-online-seksueel-geweld-2025.txt"))
with_report = pytest.mark.skipif(not REPORT.is_file(), reason="the report is nowhere; set OSW_REPORT")
PARTS = ("kind", "is_claim", "value", "rule", "lower", "upper", "unit")


def read_gold(path):
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def place(text, gold):
    """Return (start, end, row) of every listed statement; its words must begin on its line."""
    text = text.replace("\u00a0", " ")
    begins = [0]
    for line in text.split("\n"):
        begins.append(begins[-1] + len(line) + 1)
    placed, last = [], 0
    for row in gold:
        line, words = int(row["line"]), row["text"].replace("\\n", "\n")
        start = text.find(words, max(last, begins[line - 1]))
        assert 0 <= start < begins[line], f"line {line}: {row['text']!r} does not stand there"
        last = start + len(words)
        placed.append((start, last, row))
    return placed


def close(told, listed):
    if listed == "" or told is None:
        return listed == "" and told is None
    return abs(told - float(listed)) <= 1e-6 * max(1, abs(told))


def agrees(s, row):
    return {
        "kind": s.kind == row["kind"],
        "is_claim": s.is_claim == (row["is_claim"] == "true"),
        **{name: close(getattr(s, name), row[name]) for name in ("value", "lower", "upper")},
        "rule": (s.rule or "") == row["rule"],
        "unit": (s.unit or "").replace(UNKNOWN, "") == row["unit"],  # of a cell without a unit it says so
        "text": s.text.replace("\u00a0", " ") == row["text"].replace("\\n", "\n"),
    }


def compare(text, gold, lines=None):
    """Return counts, and a line for every difference; `lines` limits what is found to listed stretches."""
    found = [s for s in scan(text) if lines is None or any(a <= s.line <= b for a, b in lines)]
    placed = place(text, gold)
    counts, told, used = Counter(found=len(found), gold=len(placed)), [], set()
    for start, end, row in placed:
        near = [s for s in found if s.start < end and s.end > start and s not in used]
        best = max(near, key=lambda s: min(s.end, end) - max(s.start, start), default=None)
        if best is None:
            told.append(f"  missed  {row['line']}: {row['text']} ({row['kind']})")
            continue
        used.add(best)
        right = agrees(best, row)
        counts.update(["matched", *(part for part, good in right.items() if good)])
        counts["all"] += all(right[part] for part in PARTS)
        if wrong := [part for part, good in right.items() if not good]:
            read = f"{best.text!r} {best.kind} {best.value} {best.rule} {best.lower} {best.upper} {best.unit}"
            told.append(f"  differs {row['line']}: {row['text']!r} in {', '.join(wrong)}: {read}")
    told += [f"  extra   {s.line}: {s.text!r} ({s.kind})" for s in found if s not in used]
    return counts, told


def stretches(gold):
    """Return the line ranges a gold list covers; a column `stretch` names them as first-last."""
    return sorted({tuple(map(int, row["stretch"].split("-"))) for row in gold})


def own_texts():
    for path in sorted((HERE / "texts").glob("*.txt")):
        yield path.stem, path.read_text(encoding="utf-8"), read_gold(path.with_suffix(".csv")), None


def report():
    if REPORT.is_file():
        gold = read_gold(HERE / "gold_report.csv")
        yield "founding report", REPORT.read_text(encoding="utf-8"), gold, stretches(gold)


def ratio(counts, part, of):
    return counts[part] / counts[of] if counts[of] else 0.0
