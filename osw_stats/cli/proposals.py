"""Rows of a ledger for the claims of a text: words, language, bounds, place, and the formula of each relation found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, count
from string import ascii_lowercase
from typing import Any

from osw_stats.claims.relation import Relation
from osw_stats.data.ledger import PLACE as PLACE
from osw_stats.data.register import UNSEEN
from osw_stats.data.rows import FORMULA
from osw_stats.errors import InputError
from osw_stats.wording.parse import parse

Row = dict[str, Any]
_AROUND = 5  # words on each side
_ENDS = ("lower", "upper", "lower_closed", "upper_closed")
_STOP = re.compile(r"[.!?;:()]\s|\n[ \t\r]*\n|[•…]")


def proposals(
    rows: Iterable[Row], text: str, found: Sequence[Relation], used: set[str], header: Sequence[str]
) -> Iterator[Row]:
    """Yield a ledger row for every claim that stands in no ledger; what only a person knows stays empty."""
    known, new = {}, []
    for row in rows:
        if row["ledger"]:
            known[row["start"]] = row["ledger"][0]
        elif row["is_claim"] and not row["non_claim"]:
            known[row["start"]] = _name(row, used)
            new.append(row | {"id": known[row["start"]]})
    formulae: dict[int, str] = {}
    units: dict[int, str] = {}
    apart: list[Row] = []
    for relation in found:
        names = {role: known.get(s.start, "") for role, s in relation.parts}
        if not all(names.values()):
            continue
        formula = relation.written(names)
        said = relation.parts[0][1]
        if relation.relation == "direction" or (relation.relation == "sum" and "whole" not in names):
            of = {"start": relation.start, "end": relation.end, "line": said.line, "language": said.language}
            apart.append(of | {"formula": formula, "reported": relation.reported, "unit": ""})
        else:
            formulae.setdefault(said.start, formula)
            if relation.relation == "points" and relation.formula == "after - before":
                units[said.start] = "percentage_points"
            # a part may be counted in another word than its whole: that they differ in unit is not said
            units |= {s.start: "" for _, s in relation.parts[1:] if s.kind == "count"}
    for row in new:
        place = {"id": row["id"], "paragraph": row["paragraph"], "line": row["line"], "start": row["start"]}
        about = {
            "unit": units.get(row["start"], row["unit"] or ""),
            "language": row["language"],
            "claim_kind": "value",
        }
        words = {"text": _clause(text, row), "formula": formulae.get(row["start"], "")} | _figure(row)
        yield _filled(place | about | words, header)
    for n, row in enumerate(apart, start=1):
        way = isinstance(row["reported"], str)
        whole = {"lower": "100", "upper": "100", "unit": "percent"}
        figure: Row = {"as_reported": row["reported"]} if way else whole
        place = {"id": f"relation_{n}", "line": row["line"], "text": _clause(text, row)}
        kind = {"claim_kind": "direction" if way else "value", "formula": row["formula"]}
        yield _filled(place | figure | kind | {"language": row["language"]}, header)


def _filled(cells: Row, header: Sequence[str]) -> Row:
    return dict.fromkeys(header, "") | {name: cell for name, cell in cells.items() if name in header}


def _name(row: Row, used: set[str]) -> str:
    stem = "s" + "".join(c if c.isalnum() else "_" for c in row["paragraph"].lower() or str(row["line"]))
    suffixes = chain(ascii_lowercase, (f"z{n}" for n in count(1)))
    name = next(stem + suffix for suffix in suffixes if stem + suffix not in used)
    used.add(name)
    return name


def _figure(row: Row) -> Row:
    """Return the words of a figure, and its bounds where a ledger would not read the same in the words."""
    words = " ".join(row["text"].split())
    readable = not FORMULA.match(words) and not UNSEEN.search(words)
    try:
        figure = parse(words, unit=row["unit"], language=row["language"]) if readable else None
    except InputError:
        figure = None
    if figure and all(getattr(figure, end) == row[end] for end in _ENDS):
        return {"as_reported": words}
    return {"lower": _plain(row["lower"]), "upper": _plain(row["upper"])}


def _plain(number: float) -> str:
    return f"{Decimal(f'{number:.12g}'):f}"


def _clause(text: str, row: Row) -> str:
    """Return the words of a figure with those around it, within its clause; "…" stands for what a table may not hold."""
    before = text[max(0, row["start"] - 100) : row["start"]]
    after = text[row["end"] : row["end"] + 100]
    stops = [m.end() for m in _STOP.finditer(before)]
    before = before[stops[-1] :] if stops else before.partition(" ")[2] if len(before) == 100 else before
    stop = _STOP.search(after)
    after = after[: stop.start()] if stop else after.rpartition(" ")[0] if len(after) == 100 else after
    first, last = (re.findall(r"\s*\S+|\s+", part) for part in (before, after))
    words = "".join((*first[-_AROUND:], text[row["start"] : row["end"]], *last[:_AROUND]))
    clause = UNSEEN.sub("…", " ".join(words.split()))
    return f"… {clause}" if FORMULA.match(clause) else clause
