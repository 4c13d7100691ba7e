"""Rows of a ledger for the claims of a text: words, language, bounds, place, and the formula of each relation found."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, count
from string import ascii_lowercase
from typing import Any

from osw_stats.claims.relation import Relation
from osw_stats.data.register import UNSEEN
from osw_stats.data.rows import FORMULA
from osw_stats.errors import InputError
from osw_stats.wording.parse import parse

Row = dict[str, Any]
_AROUND = 5  # words on each side
_ENDS = ("lower", "upper", "lower_closed", "upper_closed")
_STOP = re.compile(r"[.!?;:()]\s|\n[ \t\r]*\n|[•…]")


def proposals(rows: Iterable[Row], text: str, found: Sequence[Relation], used: set[str]) -> Iterator[Row]:
    """Yield a ledger row for every claim that stands in no ledger; what only a person knows is left out."""
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
        way = relation.relation == "direction"
        if way or (relation.relation == "sum" and "whole" not in names):
            whole = {"lower": "100", "upper": "100", "unit": "percent"}
            figure: Row = {"as_reported": relation.reported} if way else whole
            figure |= {"claim_kind": "direction" if way else "value", "formula": formula}
            place = {"id": f"relation_{len(apart) + 1}", "line": said.line, "language": said.language}
            apart.append(place | figure | {"text": _clause(text, relation.start, relation.end)})
        else:
            formulae.setdefault(said.start, formula)
            if relation.relation == "points" and relation.formula == "after - before":
                units[said.start] = "percentage_points"
            # a part may be counted in another word than its whole: that they differ in unit is not said
            units |= {s.start: "" for _, s in relation.parts[1:] if s.kind == "count"}
    for row in new:
        start = row["start"]
        place = {name: row[name] for name in ("id", "paragraph", "line", "start", "language")}
        about = {"unit": units.get(start, row["unit"]), "claim_kind": "value", "formula": formulae.get(start)}
        yield place | about | {"text": _clause(text, start, row["end"])} | _figure(row)
    yield from apart


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
    return {end: f"{Decimal(f'{row[end]:.12g}'):f}" for end in _ENDS[:2]}


def _clause(text: str, start: int, end: int) -> str:
    """Return the words of a figure with those around it, within its clause; "…" stands for what a table may not hold."""
    before = text[max(0, start - 100) : start]
    after = text[end : end + 100]
    stops = [m.end() for m in _STOP.finditer(before)]
    before = before[stops[-1] :] if stops else before.partition(" ")[2] if len(before) == 100 else before
    stop = _STOP.search(after)
    after = after[: stop.start()] if stop else after.rpartition(" ")[0] if len(after) == 100 else after
    first, last = (re.findall(r"\s*\S+|\s+", part) for part in (before, after))
    words = "".join((*first[-_AROUND:], text[start:end], *last[:_AROUND]))
    clause = UNSEEN.sub("…", " ".join(words.split()))
    return f"… {clause}" if FORMULA.match(clause) else clause
