"""From rendered text to the parts of a page: sentences, blocks, and reasons where something is absent.

A section in which only absent things would be told keeps its heading and the reasons, and loses the prose that
would speak of what is not there; one of parts that nobody asked for goes whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from osw_stats.errors import InputError
from osw_stats.report import unpublished
from osw_stats.report.edition import Tables
from osw_stats.report.harvest import Item
from osw_stats.report.pages.blocks import Block, Div, blocks, joined
from osw_stats.report.pages.functions import Functions
from osw_stats.report.pages.marks import ABSENT, Piece, bare, calls, pieces, without_calls
from osw_stats.report.pages.values import VALUE_WAYS, counted_of, words_of
from osw_stats.report.sentences import grade_words, trace_of
from osw_stats.report.tables import escape
from osw_stats.report.vintage_line import text_of
from osw_stats.results.collected import Results
from osw_stats.vocabulary.numbers import Absent, Fact, Number

Part = str | Item
NOT_ESTIMABLE = {
    "nl": "De gepubliceerde cijfers laten hier geen schatting toe.",
    "en": "The published figures allow no estimate of this.",
}
TRACED_WAYS = (*VALUE_WAYS, "verdict", "direction")  # what prints a number, or says what it is


@dataclass
class Reason:
    """Why something is absent in a section: the figures that lack, and the results that are not said for it."""

    code: str
    name: str
    headline: bool
    question: str
    wanted: dict[tuple[tuple[str, str], ...], None] = field(default_factory=dict)
    lost: dict[str, None] = field(default_factory=dict)

    def joins(self, absent: Absent, headline: bool, question: str) -> bool:
        """Say whether another absence is told by the same sentence: for the same series, or for no series alike.

        Two headlines that answer different questions stay apart.
        """
        mine, other = ({dict(w)["series_id"] for w in wanted} for wanted in (self.wanted, absent.wanted))
        apart = self.headline and headline and self.question != question
        return self.code == absent.code and not apart and (bool(mine & other) or mine == other)


@dataclass
class Section:
    """A heading and what stands below it until the next one; a div that is part of the page is one of its own."""

    level: int = 0
    heading: str = ""
    parts: list[Part | Reason] = field(default_factory=list)
    unasked: int = 0  # what was left out because nobody asked for it
    box: bool = False
    nameless: bool = False  # its heading says what nobody asked for

    @property
    def items(self) -> list[Item]:
        """What the section tells."""
        return [p for p in self.parts if isinstance(p, Item)]

    @property
    def reasons(self) -> list[Reason]:
        """Why it does not tell more."""
        return [p for p in self.parts if isinstance(p, Reason)]

    def kept(self, *, first: bool) -> list[Part | Reason]:
        """Return what readers see of it."""
        if self.nameless:
            return []
        head = [self.heading] if self.heading else []
        if self.items or self.box or not (self.reasons or self.unasked):
            return [*head, *self.parts] if self.parts or first or self.box else []
        if self.reasons or first:
            return [*head, *self.reasons]
        return []


def told(
    text: str, results: Results, tables: Tables, language: str, file: str, functions: Functions | None = None
) -> tuple[Part, ...]:
    """Return the parts of a page from its rendered text, in reading order; `functions` make its blocks."""
    teller = _Teller(results, tables, language, file)
    teller.functions = functions or teller.functions
    found = list(blocks(text))
    teller.reserve(b.div.id for b in found if b.div.id)
    sections = list(teller.sections(found))
    if teller.nothing and not any(_says(i) for s in sections for i in s.items):
        return tuple(map(teller.said, _nothing(sections, teller.nothing)))
    kept = [s.kept(first=n == 0) for n, s in enumerate(sections)]
    below = 0  # the level of the first heading that is kept after a section
    for n in reversed(range(len(sections))):
        section = sections[n]
        if not kept[n] and 0 < section.level < below:  # it would stand under another heading, or under none
            kept[n] = [section.heading]
        if section.level and kept[n]:
            below = section.level
    return tuple(teller.said(part) for section in kept for part in section)


def _says(item: Item) -> bool:
    """Say whether an item tells a result: a sentence that says none is prose with a name."""
    if item.kind == "sentence":
        return any(item.facts[key] for key in ("numbers", "counted", "words"))
    return item.kind in ("table", "figure")


def _nothing(sections: list[Section], said: list[Item]) -> Iterator[Part | Reason]:
    """Yield a page that has nothing to report: its title, why, its box and its sources."""
    yield sections[0].heading
    yield from said
    for section in sections[1:]:
        if section.box or any(i.kind == "sources" for i in section.items):
            yield from ([section.heading] if section.heading else [])
            yield from section.parts


class _Teller:
    """Makes parts out of blocks, one page long."""

    def __init__(self, results: Results, tables: Tables, language: str, file: str) -> None:
        self.results, self.tables, self.language, self.file = results, tables, language, file
        self.functions = Functions(results, tables, language)
        self.nothing: list[Item] = []
        self._names: dict[str, int] = {}  # how often each name was given
        self._reserved: set[str] = set()

    def reserve(self, names: Iterable[str]) -> None:
        """Keep the names that the page gives its sentences from those without one."""
        self._reserved = set(names)

    def sections(self, found: Iterable[Block]) -> Iterator[Section]:
        """Yield the sections of a page."""
        section, depth = Section(), 0
        for block in found:
            if depth == 0 and block.kind in ("heading", "open"):
                if section.heading or section.parts:
                    yield section
                section = Section(box=block.kind == "open")
                if block.kind == "heading":
                    section.level = block.level
                    section.heading = self._heading(block, section)
                    continue
            depth += (block.kind == "open") - (block.kind == "shut")
            self._add(block, section)
            if depth == 0 and block.kind == "shut":
                yield section
                section = Section()
        if section.heading or section.parts or section.unasked:
            yield section

    def _heading(self, block: Block, section: Section) -> str:
        for name in self._absent(pieces(block.text)):
            section.nameless |= self.results.absent[name].code == "not_asked"
        return joined(bare(block.text))

    def _absent(self, said: list[Piece]) -> list[str]:
        return [p.name for p in said if p.way == ABSENT]

    def _add(self, block: Block, section: Section) -> None:
        """Add a block to its section."""
        asked = calls(block.text)
        if asked:
            if without_calls(block.text).strip():
                raise InputError(
                    "stands inside a paragraph", "Give it a line of its own, with an empty line around.",
                    file=self.file, value=f"{asked[0][0]}(...)",
                )  # fmt: skip
            for call in asked:
                self._call(call, section)
            return
        if block.kind != "prose":
            section.parts.append(bare(block.text))
            return
        text = joined(block.text)
        said = pieces(text)
        gone = self._absent(said)
        if gone:
            lost = [n for n in (block.div.id, *(p.name for p in said)) if n]
            self._reasons((self.results.absent[n] for n in gone), section, block.div, lost)
        elif "nothing" in block.div.classes:
            name = block.div.id or "nothing"
            self.nothing.append(
                self._why(bare(text), name, headline=True, instead_of=[unpublished.WHOLE_PAGE])
            )
        elif any(p.name for p in said) or block.div.id or block.div.classes:
            section.parts.append(self._sentence(said, block.div))
        else:
            section.parts.append(text)

    def _call(self, call: list[Any], section: Section) -> None:
        try:
            made = self.functions(*call)
        except InputError as error:
            raise error.located(file=self.file) from None
        if isinstance(made, Absent):
            self._reasons([made], section, Div(), [str(a) for a in call[1:2]])
        else:
            section.parts += made

    def _reasons(self, gone: Iterable[Absent], section: Section, div: Div, lost: Iterable[str]) -> None:
        """Note why something is absent; what lacks for the same series is said once in a section."""
        headline = "headline" in div.classes
        for absent in gone:
            if absent.code == "not_asked":
                section.unasked += 1
                continue
            same = next((r for r in section.reasons if r.joins(absent, headline, div.question)), None)
            if same is None:
                same = Reason(absent.code, absent.series_id or div.id or "absent", headline, div.question)
                section.parts.append(same)
            if headline:
                same.headline, same.question = True, div.question
            same.wanted |= {tuple(sorted(w.items())): None for w in absent.wanted}
            same.lost |= dict.fromkeys(lost)

    def said(self, part: Part | Reason) -> Part:
        """Return a part as readers see it."""
        if not isinstance(part, Reason):
            return part
        text = NOT_ESTIMABLE[self.language]
        if part.code == "not_published" and part.wanted:
            absent = Absent(part.code, wanted=tuple(dict(w) for w in part.wanted))
            text = text_of(absent, self.tables, self.language)
        return self._why(
            text, part.name, headline=part.headline, question=part.question, lost=list(part.lost)
        )

    def _why(self, text: str, name: str, **facts: Any) -> Item:
        whole = {
            "kind": unpublished.KIND, "name": name, "text": text, "question": "", "instead_of": [], "lost": [],
            "language": self.language,
        }  # fmt: skip
        return Item(unpublished.KIND, name, whole | facts, {"text/markdown": text})

    def _sentence(self, said: list[Piece], div: Div) -> Item:
        """Return a paragraph that says results, with what it takes to trace them."""
        numbers: dict[str, Number] = {}
        given: dict[str, Fact] = {}
        for piece in said:
            value = self.results.numbers.get(piece.name)
            if isinstance(value, Number) and piece.way in TRACED_WAYS:
                numbers[piece.name] = value
            elif isinstance(value, Fact):
                given[piece.name] = value
        traced = [trace_of(key, n) for key, n in numbers.items()]
        text, grade = "".join(p.words for p in said), max((n["grade"] for n in traced), default="")
        headline = "headline" in div.classes
        name = self._name(div.id, next((p.name for p in said if p.name), "sentence"))
        # the words of a fact may be a source's own: they are no Markdown
        shown = "".join(escape(p.words) if p.way == "fact" else p.words for p in said)
        if headline:
            shown = f"**{shown}**" + (f"\n\n{grade_words(grade, self.language)}" if grade else "")
        facts = {
            "kind": "sentence", "name": name, "text": text, "headline": headline, "numbers": traced, "grade": grade,
            "words": [w for f in given.values() for w in words_of(f, self.language)],
            "counted": [n for f in given.values() for n in counted_of(f)],
            "question": div.question, "language": self.language,
            "parts": [[p.words, p.name if p.way in VALUE_WAYS and p.name in numbers else ""] for p in said],
        }  # fmt: skip
        return Item("sentence", name, facts, {"text/markdown": shown})

    def _name(self, given: str, first: str) -> str:
        """Return the name of a paragraph: its own, or that of the first result it says; counted where it repeats."""
        base = given or (f"{first}-also" if first in self._reserved else first)
        self._names[base] = self._names.get(base, 0) + 1
        return base if self._names[base] == 1 else f"{base}-{self._names[base]}"
