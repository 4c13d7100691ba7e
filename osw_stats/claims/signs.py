"""A text as rows of signs, one for each figure and each word that matters to relations between figures."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from itertools import pairwise

from osw_stats.wording.scan import Statement
from osw_stats.yamlfile import read_yaml

DATA = read_yaml(files("osw_stats.claims") / "relations.yml", "relations.yml")
_WORDS = [(sign, words.replace("<unit>", DATA["unit"])) for sign, words in DATA["words"].items()]
_LEX = re.compile(
    r"\s+|"  # blanks are many
    + "|".join(rf"(?P<{s}>(?:(?<!\w)|(?!\w))(?:{p})(?:(?!\w)|(?<!\w)))" for s, p in _WORDS)
    + r"|(?P<_>\w+)"
)
_ENDS = r"(?<=[\w%)]{2})[.!?][\"'”’)]{0,2}\s{1,3}(?=[\"'“‘(]?[A-ZÀ-Þ0-9]|`)"
_ITEM = re.compile(r"[ \t]*(?:[•*·▪◦►▶●○■□➢➤]|[-–+][ \t])")
STOP = re.compile(rf"{_ENDS}|\n(?={_ITEM.pattern})|\n[ \t\r]*\n")
YEAR, _QUARTER = re.compile(r"(?:1[7-9]|20)\d\d"), re.compile(r"[QKH]([1-4])")
_PER = re.compile(r"(?:\s+\w+)?\s+per\s+(?!cent)(\w+)", re.I)  # "8 uur per dag": a rate
_ATTRIBUTE = re.compile(r"[\s-](?:year|month|week|day|hour|minute)\Z", re.I)
_AGO = re.compile(r"\s*\w*\s*(?:ago|geleden)\b")
_HEADING = re.compile(r"[^.!?:;,|\n]{3,80}")  # of the sentence below
_OVER = re.compile(
    r"\b(?:(?:during|gedurende)(?:\s(?:the|de))?|for\sthe|(?:the|de)\s(?:last|past|next|laatste|afgelopen|komende))\s\Z",
    re.I,
)  # before a duration: the period a figure covers
_BARE, _BASE = re.compile(r"[\d.,]+%?"), re.compile(r"\b(?:per|elke|every)\s+\Z", re.I)
SIGNED = re.compile(r"[+−–-]|min(?:us)?\s", re.I)  # at the start of a figure
_POINTS, _LEVEL, _ACTS = re.compile(DATA["points"], re.I), re.compile(DATA["level"]), re.compile(DATA["acts"])

FIGURES, _LEVELS = "npqrxefdb", "npefdb"
TIES = {name: re.compile(pattern) for name, pattern in DATA["ties"].items()}
_NEAR, _FAR = 6, 150  # figures tried on each side, and characters
_SCALED = re.compile(DATA["scaled"])
_HENCE = re.compile(rf"\b(?:{DATA['hence']})\b")


@dataclass(frozen=True)
class Block:
    """Signs of a block, and the figure that each stands for."""

    text: str
    signs: list[str] = field(default_factory=list)
    figures: dict[int, Statement] = field(default_factory=dict)
    items: set[int] = field(default_factory=set)  # the stops after which an item of a list begins
    headings: set[int] = field(default_factory=set)  # the stops behind one

    def at(self, match: re.Match[str], *roles: str) -> dict[str, Statement]:
        """Return the figures of a match by their roles."""
        return {role: self.figures[match.start(role)] for role in roles}


class Reading:
    """The signs of a block, with the places of its figures and sentences."""

    def __init__(self, block: Block, signs: str) -> None:
        """Read a duration before "ago" or "later" as a time, not as a figure."""
        self.figure, self.text, self.headings = block.figures, block.text, block.headings
        self._ways: dict[int, str] = {}
        matches = [
            (m.start(), m[1] or "l")  # "a quarter later", "two years ago", not "5,040 hours last year"
            for m in re.finditer("d(?=_?([kl]|y(?!w)))|r(?=l)", signs)
            if m[1] != "y" or _AGO.match(block.text, block.figures[m.start()].end)
        ]
        times = {at: word for at, word in matches if not {at + 1, at + 2} & block.figures.keys()}
        self.signs = "".join(times.get(at, sign) for at, sign in enumerate(signs))
        self.places = [at for at in block.figures if self.signs[at] in FIGURES]
        self.at = {block.figures[at].start: at for at in self.places}
        self.rank = {at: rank for rank, at in enumerate(self.places)}
        self.stops = [at for at, sign in enumerate(self.signs) if sign == "|"]
        self.sentence = {at: bisect_left(self.stops, at) for at in self.places}
        self.items = [n + 1 for n, at in enumerate(self.stops) if at in block.items]  # sentences
        # a level in "from ... to" belongs to that pair alone
        self.bound = {m.start(1): m.end() - 1 for m in TIES["from_to"].finditer(self.signs)}
        results = (m.span() for m in TIES["result"].finditer(self.signs))
        self.owner = {end - 1: start for start, end in results if self.way(start)}  # "up 12% to 1,392"
        noted = ((m.start("level"), m.start("change")) for m in TIES["noted"].finditer(self.signs))
        self.owner |= {level: change for level, change in noted if self.way(change)}  # "(n=379, up 1.3%)"

    def near(self, at: int, kinds: str) -> list[int]:
        """Return the figures of these kinds in its sentence, the two sentences before it and the next."""
        around = self.places[max(0, self.rank[at] - _NEAR) : self.rank[at] + _NEAR + 1]
        here = [i for i in around if -2 <= self.sentence[i] - self.sentence[at] <= 1]
        return [i for i in here if i != at and self.signs[i] in kinds]

    def crossed(self, start: int, end: int, but: int = -1) -> int:
        """Return how many figures stand between two places."""
        return len(self.between(start, end)) - (start < but < end)

    def between(self, start: int, end: int) -> list[int]:
        """Return the figures between two places."""
        return self.places[bisect_right(self.places, start) : bisect_left(self.places, end)]

    def follows(self, at: int, *figures: int) -> bool:
        """Return whether the sentence of a change derives it from these figures, or names what they count."""
        start, end = self.figure[at].start, self.figure[at].end
        far = max(0, start - _FAR)
        start = max(far - 1, *(self.text.rfind(stop, far, start) for stop in ".!?"))
        words = self.text[start + 1 : end + _FAR].partition(". ")[0]
        nouns = {(self.figure[i].unit or " ").split(" ")[-1] for i in figures if self.signs[i] == "n"} - {""}
        named = (re.search(rf"\b{re.escape(noun)}\b", words) for noun in nouns)
        return _HENCE.search(words) is not None or any(named)

    def precedes(self, at: int, left: int, right: int) -> bool:
        """Return whether a change is followed by its two levels: "has doubled. In 2019 there were 40, in 2024 60"."""
        near = [i for i in self.near(at, self.signs[left]) if 0 <= self.sentence[i] - self.sentence[at] <= 1]
        pair = [self.figure[i] for i in (left, right)]
        counts = all(self.signs[i] in "np" for i in (left, right)) and {s.kind for s in pair} == {"count"}
        named = not any(s.unit for s in pair) or self.follows(at, left, right)
        words = TIES["told_next"].fullmatch(self.signs, at + 1, right)
        return near == [left, right] and counts and named and words is not None

    def way(self, at: int) -> str:
        """Return the direction of the change a figure states; empty when no word of change is tied to it."""
        if at not in self._ways:
            self._ways[at] = self._way(at)
        return self._ways[at]

    def _way(self, at: int) -> str:
        text, signs = self.figure[at].text, self.signs
        if SIGNED.match(text):
            return "U" if text[0] == "+" else "D"
        if signs[at - 1] == "T" or TIES["level"].match(signs, at - 1) or TIES["of_it"].match(signs, at + 1):
            return ""  # "from 24 to 30": what was before and after; "£36,000 was raised, 40% of it online"
        kind = "percent" if signs[at] not in "nefdb" else "by" if signs[at - 1] == "B" else "number"
        before = TIES[f"{kind}_before"].search(signs[max(0, at - 10) : at])
        after = TIES[f"{kind}_after"].match(signs, at + 1)
        hit = after or before
        if not hit and kind == "number" and at not in self.bound and self.figure[at].language == "nl":
            hit = TIES["number_of"].search(signs[max(0, at - 3) : at])
        if not hit and kind == "number" and TIES["numbered"].match(signs, at + 1):
            # "fell by 35% (34 cases) from 98 to 64"
            same = TIES["in_numbers"].search(signs, max(0, at - 4), at)
            return self.way(same.start()) if same else ""
        if not hit and (same := TIES["same"].search(signs, max(0, at - 5), at)) and same[1] != signs[at]:
            return self.way(same.start())
        return hit[hit.lastindex or 0] if hit else ""

    def is_base(self, at: int) -> bool:
        """Return whether this is the figure that another is compared with."""
        return TIES["held"].search(self.signs[max(0, at - 8) : at]) is not None

    def subject(self, at: int, kinds: str) -> tuple[int, int] | None:
        """Return the level whose change is stated against a base ("10% lower than the 92,500"), and that base."""
        base = TIES["than_figure"].match(self.signs, at + 1)
        start = self.signs.rfind("|", 0, at) + 1
        earlier = [i for i in self.near(at, kinds) if i < at and not self.way(i) and not self.is_base(i)]
        here = [i for i in earlier if i > start]
        if not base or not (here or earlier) or not (here or self.signs.startswith(("E", "_E"), start)):
            return None
        return (here or earlier[-1:])[0], base.start(1)

    def when(self, at: int) -> float | None:
        """Return the year of a figure, or a number before or after all years; None where the words give none."""
        after = TIES["when_after"].match(self.signs, at + 1)
        before = TIES["when_before"].search(self.signs[max(0, at - 12) : at])
        spans = [range(at - 1, at - 1 - len(before[0]), -1)] if before else []
        if after:
            spans.insert(0 if TIES["when_next"].match(after[0]) else 1, range(at + 1, at + 1 + len(after[0])))
        for span in spans:  # the nearest first
            words = (self.signs[i : i + 2] for i in span if i not in self.figure and self.signs[i] in "ykl")
            dates = [_time(self.figure[i].text) for i in span if i in self.figure]
            dates += (float(DATA["when"]["yw" if pair == "yw" else pair[0]]) for pair in words)
            if years := [year for year in dates if year is not None]:
                return years[0]
        return None

    def base_tie(self, at: int, before: int) -> int:
        """Return how firmly a change may be tied to an earlier figure, by the year it is compared with."""
        base = TIES["base"].match(self.signs, at + 1)
        if not base or base.end() - 1 not in self.figure:
            return 3
        year = YEAR.findall(self.figure[base.end() - 1].text)
        time = self.when(before)
        return 3 if not year or time == float(max(year)) else 1 if time is None or time < 1900 else 0


def _time(date: str) -> float | None:
    """Return the year of a date; for a quarter without a year, a number that orders it among quarters."""
    if quarter := _QUARTER.fullmatch(date):
        return 1 + int(quarter[1]) / 10
    return max(map(float, YEAR.findall(date)), default=None)


def base_of_rate(text: str, s: Statement) -> bool:
    """Return whether a figure is the base of a rate, as in "per 1,000"."""
    return _BASE.search(text, max(0, s.start - 8), s.start) is not None


def _no_figures(text: str, statements: Sequence[Statement]) -> set[int]:
    """Return the starts of figures that count nothing: bases of rates, periods covered, figures side by side without columns."""
    starts = set()
    for row in zip(statements, statements[1:], statements[2:], strict=False):
        apart = all(text[a.end : b.start].isspace() for a, b in pairwise(row))
        if apart and all(_BARE.fullmatch(s.text) for s in row):
            starts |= {s.start for s in row if s.kind != "year"}
    for s in statements:
        over = s.kind == "duration" and _OVER.search(text, max(0, s.start - 24), s.start)
        if over or base_of_rate(text, s):
            starts.add(s.start)
    return starts


def blocks(text: str, statements: Sequence[Statement], cells: Collection[int]) -> Iterator[Block]:
    """Yield the signs of each block between blank lines; "|" stands between sentences, `cells` of tables get the sign of no figure."""
    stops = [  # a blank line before a list item ends no block
        (m.start(), m.end(), m[0].count("\n") > 1 and not _ITEM.match(text, m.end()))
        for m in STOP.finditer(text)
    ]
    words = text.replace("\u0130", "I").lower()  # of the same length
    block, at, next_stop, begun = Block(words), 0, 0, 0
    ends = [*((s.start, s.end, s) for s in statements), (len(text), len(text), None)]
    blank = {*cells, *_no_figures(text, statements)}
    money: tuple[str, str | None] = ("count", None)
    for start, end, statement in ends:
        while next_stop < len(stops) and stops[next_stop][0] < start:
            stop = stops[next_stop]
            next_stop += 1
            if stop[0] < at:
                continue
            _read_words(words, at, stop[0], block)
            at = stop[0]
            if stop[2] and not _HEADING.fullmatch(text[begun : stop[0]].strip()):
                yield block
                block, money, begun = Block(words), ("count", None), stop[1]
            else:
                block.headings.update({len(block.signs)} if stop[2] else ())
                block.items.update({len(block.signs)} if text[stop[0]] == "\n" else ())
                block.signs.append("|")
        _read_words(words, at, start, block)
        if statement:
            if per := _PER.match(text, statement.end):
                statement = replace(statement, unit=f"{statement.unit or ''} per {per[1]}")
            if statement.kind == "count" and not statement.unit and _SCALED.search(statement.text):
                statement = replace(statement, kind=money[0], unit=money[1])
            if statement.kind == "money":
                money = statement.kind, statement.unit
            if text[start - 1 : start] == "+":
                statement = replace(statement, text="+" + statement.text)
            block.figures[len(block.signs)] = _counted(statement) if statement.kind == "list" else statement
            level = statement.kind == "percent" and _LEVEL.match(text, statement.end)
            block.signs.append("o" if level or start in blank else _sign(statement))
            if statement.kind == "percent" and block.signs[-2:-1] != ["B"] and _ACTS.match(text, end):
                block.signs.append("_")
        at = end
    yield block


def _read_words(text: str, start: int, end: int, block: Block) -> None:
    for match in _LEX.finditer(text, start, end):
        if match.lastgroup not in ("skipped", None):
            block.signs.extend("|" if match.lastgroup == "BAR" else match.lastgroup)


def _counted(note: Statement) -> Statement:
    """Return a possible note mark as the count it is after a fraction."""
    value = float(note.text) if note.text.isdecimal() else None
    return replace(note, kind="count", value=value, rule="exact", lower=value, upper=value)


def _sign(statement: Statement) -> str:
    sign = DATA["figures"].get(statement.kind, "o")
    if sign == "d" and statement.value != 1 and _ATTRIBUTE.search(statement.text):
        sign = "o"  # "the five-year average"
    if sign == "p" and _POINTS.search(statement.text):
        sign = DATA["figures"]["points"]
    if sign == "n" and _POINTS.fullmatch(statement.unit or ""):
        sign = DATA["figures"]["points"]  # "up 4 points"
    if sign == "x" and statement.unit == "percent":
        sign = DATA["figures"]["share"]
    return str(sign)
