"""A text as rows of signs, one for each figure and each word that matters to relations between figures."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files

from osw_stats.wording.scan import Statement
from osw_stats.yamlfile import read_yaml

DATA = read_yaml(files("osw_stats.claims") / "relations.yml", "relations.yml")
_LEX = re.compile(
    r"\s+|"  # blanks are many
    + "|".join(rf"(?P<{s}>(?:(?<!\w)|(?!\w))(?:{p})(?:(?!\w)|(?<!\w)))" for s, p in DATA["words"].items())
    + r"|(?P<_>\w+)",
    re.I,
)
_ENDS = r"(?<=[\w%)]{2})[.!?][\"'”’)]{0,2}\s{1,3}(?=[\"'“‘(]?[A-ZÀ-Þ0-9])"
STOP = re.compile(_ENDS + r"|\n(?=[ \t]*(?:[•*·▪◦]|[-–+][ \t]))|\n[ \t\r]*\n")
YEAR = re.compile(r"(?:19|20)\d\d")
_PER = re.compile(r"(?:\s+\w+)?\s+per\s+(?!cent)(\w+)", re.I)  # "8 uur per dag": a rate
_POINTS, _LEVEL = re.compile(DATA["points"], re.I), re.compile(DATA["level"])


@dataclass(frozen=True)
class Block:
    """Signs of a block, and the figure that each stands for."""

    signs: list[str] = field(default_factory=list)
    figures: dict[int, Statement] = field(default_factory=dict)

    def at(self, match: re.Match[str], *roles: str) -> dict[str, Statement]:
        """Return the figures of a match by their roles."""
        return {role: self.figures[match.start(role)] for role in roles}


def blocks(text: str, statements: Sequence[Statement], cells: Collection[int]) -> Iterator[Block]:
    """Yield the signs of each block between blank lines; "|" stands between sentences, `cells` of tables have a sign of no figure."""
    stops = [(m.start(), m.end(), m[0].count("\n") > 1) for m in STOP.finditer(text)]
    block, at, next_stop = Block(), 0, 0
    ends = [*((s.start, s.end, s) for s in statements), (len(text), len(text), None)]
    for start, end, statement in ends:
        while next_stop < len(stops) and stops[next_stop][0] < start:
            stop = stops[next_stop]
            next_stop += 1
            if stop[0] < at:
                continue
            _read_words(text, at, stop[0], block)
            at = stop[0]
            if stop[2]:
                yield block
                block = Block()
            else:
                block.signs.append("|")
        _read_words(text, at, start, block)
        if statement:
            if per := _PER.match(text, statement.end):
                statement = replace(statement, unit=f"{statement.unit or ''} per {per[1]}")
            block.figures[len(block.signs)] = _counted(statement) if statement.kind == "list" else statement
            level = statement.kind == "percent" and _LEVEL.match(text, statement.end)
            block.signs.append("o" if level or statement.start in cells else _sign(statement))
        at = end
    yield block


def _read_words(text: str, start: int, end: int, block: Block) -> None:
    for match in _LEX.finditer(text, start, end):
        if match.lastgroup not in ("skipped", None):
            block.signs.extend("|" if match.lastgroup == "BAR" else match.lastgroup)


def _counted(note: Statement) -> Statement:
    """Return what may be a note as the figure that it is behind a fraction."""
    value = float(note.text) if note.text.isdecimal() else None
    return replace(note, kind="count", value=value, rule="exact", lower=value, upper=value)


def _sign(statement: Statement) -> str:
    sign = DATA["figures"].get(statement.kind, "o")
    if sign == "p" and _POINTS.search(statement.text):
        sign = DATA["figures"]["points"]
    if sign == "n" and _POINTS.fullmatch(statement.unit or ""):
        sign = DATA["figures"]["points"]  # "up 4 points"
    if sign == "x" and statement.unit == "percent":
        sign = DATA["figures"]["share"]
    return str(sign)
