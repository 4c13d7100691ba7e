"""From rendered text to the parts of a page: sentences, blocks, and reasons for absent results.

A section whose results are all absent keeps its heading and the reasons, and loses the prose about them; a section
of parts that were not requested is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from osw_stats.data.edition import Tables
from osw_stats.errors import InputError
from osw_stats.meaning.numbers import Absent, Fact, Number
from osw_stats.publish.contents import TRACE, UNPUBLISHED, Item
from osw_stats.publish.pages import values
from osw_stats.publish.pages.functions import Functions
from osw_stats.publish.pages.source import NO_DIV, Block, Div, blocks, joined
from osw_stats.publish.pages.values import ABSENT, VALUE_WAYS, Piece, bare, pieces
from osw_stats.results.collected import Results
from osw_stats.text.gaps import absence
from osw_stats.text.tables import escape
from osw_stats.text.words import phrase, word

TRACED_WAYS = (*VALUE_WAYS, "verdict", "direction")  # ways that print a number or its verdict


@dataclass
class Reason:
    """Why a result is absent in a section: the missing figures, and the results lost with them."""

    code: str
    name: str
    headline: bool
    question: str
    wanted: list[Mapping[str, str]] = field(default_factory=list)
    lost: dict[str, None] = field(default_factory=dict)

    @property
    def series(self) -> set[str]:
        """The missing series."""
        return {figure["series_id"] for figure in self.wanted}


@dataclass
class Section:
    """A heading and the parts below it, until the next one; a div that is part of the page is a separate section."""

    level: int = 0
    heading: str = ""
    parts: list[Part] = field(default_factory=list)
    unasked: bool = False  # something was left out because it was not requested
    box: bool = False
    nameless: bool = False  # its heading names a part that was not requested

    @property
    def items(self) -> list[Item]:
        """The items of the section."""
        return [p for p in self.parts if isinstance(p, Item)]

    @property
    def reasons(self) -> list[Reason]:
        """The reasons for its absent results."""
        return [p for p in self.parts if isinstance(p, Reason)]

    def whole(self, parts: Iterable[Part]) -> list[Part]:
        """Return these parts under its heading."""
        return [*filter(None, [self.heading]), *parts]

    def shown(self, *, first: bool) -> list[Part]:
        """Return the parts that readers see."""
        if self.nameless:
            return []
        if self.items or self.box or not (self.reasons or self.unasked):
            return self.whole(self.parts) if self.parts or first or self.box else []
        return self.whole(self.reasons) if self.reasons or first else []


Part = str | Item | Reason


def parts_of_page(
    text: str, results: Results, tables: Tables, language: str, file: str, functions: Functions | None = None
) -> tuple[str | Item, ...]:
    """Return the parts of a page from its rendered text, in reading order; `functions` make its blocks."""
    maker = _Builder(results, language, file, functions or Functions(results, tables, language))
    page = list(blocks(text))
    maker.reserved = {block.div.id for block in page if block.div.id}
    sections = list(maker.sections(page))
    every = [item for section in sections for item in section.items]
    says = ("numbers", "counted", "words")  # a sentence without these is only named prose
    if maker.nothing and not any(i.kind in ("table", "figure") or any(map(i.facts.get, says)) for i in every):
        parts: list[Part] = [sections[0].heading, *maker.nothing]
        for section in sections[1:]:  # a page with nothing to report keeps its box and its sources
            if section.box or any(item.kind == "sources" for item in section.items):
                parts += section.whole(section.parts)
    else:
        shown = [section.shown(first=n == 0) for n, section in enumerate(sections)]
        below = 0  # the level of the first heading that is kept after a section
        for n, section in reversed(list(enumerate(sections))):
            if not shown[n] and 0 < section.level < below:  # else the next parts get another heading
                shown[n] = [section.heading]
            if section.level and shown[n]:
                below = section.level
        parts = [part for of_section in shown for part in of_section]
    return tuple(_reason(part, tables, language) if isinstance(part, Reason) else part for part in parts)


def _reason(reason: Reason, tables: Tables, language: str) -> Item:
    named = reason.code == "not_published" and reason.wanted
    text = absence(reason.wanted, tables, language) if named else phrase("not_estimable", language)
    return _unpublished(reason.name, text, reason.headline, reason.question, reason.lost)


def _unpublished(name: str, text: str, headline: bool, question: str = "", lost: Iterable[str] = ()) -> Item:
    facts = {"text": text, "headline": headline, "question": question, "lost": list(lost)}
    return Item(UNPUBLISHED, name, facts, {"text/markdown": text})


class _Builder:
    def __init__(self, results: Results, language: str, file: str, functions: Functions) -> None:
        self.results, self.language, self.file, self.functions = results, language, file, functions
        self.nothing: list[Item] = []
        self.reserved: set[str] = set()  # names that the page gives its sentences
        self._names: Counter[str] = Counter()

    def sections(self, page: Iterable[Block]) -> Iterator[Section]:
        """Yield the sections of a page."""
        section, depth = Section(), 0
        for block in page:
            if depth == 0 and block.kind in ("heading", "open"):
                if section.heading or section.parts:
                    yield section
                section = Section(box=block.kind == "open")
                if block.kind == "heading":
                    gone = self._absent(pieces(block.text))
                    section.nameless = any(absent.code == "not_asked" for absent in gone)
                    section.level, section.heading = block.level, joined(bare(block.text))
                    continue
            depth += (block.kind == "open") - (block.kind == "shut")
            self._add(block, section)
            if depth == 0 and block.kind == "shut":
                yield section
                section = Section()
        if section.heading or section.parts or section.unasked:
            yield section

    def _absent(self, words: list[Piece]) -> list[Absent]:
        return [self.results.absent[p.name] for p in words if p.way == ABSENT]

    def _add(self, block: Block, section: Section) -> None:
        rest, calls = values.split_calls(block.text)
        if calls and rest.strip():
            remedy, value = "Give it a line of its own, with an empty line around.", f"{calls[0][0]}(...)"
            raise InputError("stands inside a paragraph", remedy, file=self.file, value=value)
        for function, *arguments in calls:
            try:
                items = self.functions(function, *arguments)
            except InputError as error:
                raise error.located(file=self.file) from None
            if isinstance(items, Absent):
                self._lack([items], section, NO_DIV, map(str, arguments[:1]))
            else:
                section.parts += items
        if calls:
            return
        if block.kind != "prose":
            section.parts.append(bare(block.text))
            return
        text = joined(block.text)
        words, named = pieces(text), bool(block.div.id or block.div.classes)
        if gone := self._absent(words):
            self._lack(gone, section, block.div, [block.div.id, *(p.name for p in words)])
        elif "nothing" in block.div.classes:
            self.nothing.append(_unpublished(block.div.id or "nothing", bare(text), headline=True))
        elif named or any(p.name for p in words):
            section.parts.append(self._sentence(words, block.div))
        else:
            section.parts.append(text)

    def _lack(self, gone: Iterable[Absent], section: Section, div: Div, lost: Iterable[str]) -> None:
        """Note why a result is absent; the same missing series is reported once in a section."""
        headline, names = "headline" in div.classes, dict.fromkeys(filter(None, lost))
        for absent in gone:
            if absent.code == "not_asked":
                section.unasked = True
                continue
            series = {figure["series_id"] for figure in absent.wanted}
            for reason in section.reasons:
                # two headlines that answer different questions stay apart
                apart = reason.headline and headline and reason.question != div.question
                alike = reason.series & series or reason.series == series
                if reason.code == absent.code and alike and not apart:
                    break
            else:
                reason = Reason(absent.code, absent.series_id or div.id or "absent", headline, div.question)
                section.parts.append(reason)
            if headline:
                reason.headline, reason.question = True, div.question
            reason.wanted += [figure for figure in absent.wanted if figure not in reason.wanted]
            reason.lost |= names

    def _sentence(self, words: list[Piece], div: Div) -> Item:
        """Return a paragraph with results, and the facts needed to trace them."""
        pairs = [(piece, self.results.numbers.get(piece.name)) for piece in words]
        numbers = {p.name: v for p, v in pairs if isinstance(v, Number) and p.way in TRACED_WAYS}
        facts = {p.name: v for p, v in pairs if isinstance(v, Fact)}.values()
        grade = max((number.grade for number in numbers.values()), default="")
        # the words of a fact may be a source's own: they are no Markdown
        shown = "".join(escape(p.words) if p.way == "fact" else p.words for p in words)
        if "headline" in div.classes:
            shown = f"**{shown}**"
            if grade:  # of the weakest of its numbers
                in_words = word("grade", grade, self.language)
                shown += "\n\n" + phrase("grade", self.language, grade=grade, words=in_words)
        checked: list[str] = []
        counted: list[int] = []
        for fact in facts:
            quoted = isinstance(fact.value, Mapping) and (fact.quotes or fact.counts)
            # the quotes of a fact are checked in its source, or all its words if it has none
            checked += fact.quotes if quoted else [values.fact_words(fact, self.language)]
            counted += [fact.value] if values.is_count(fact.value) else []
            counted += fact.counts
        traced = [{"name": name} | {key: getattr(n, key) for key in TRACE} for name, n in numbers.items()]
        about = {
            "text": "".join(p.words for p in words),
            "headline": "headline" in div.classes,
            "question": div.question,
            "numbers": traced,
            "grade": grade,
            "words": checked,
            "counted": counted,
            "parts": [[p.words, p.name if p.way in VALUE_WAYS and p.name in numbers else ""] for p in words],
            "quoted": [p.way == "fact" for p in words],  # may be the words of a source, so not Markdown
        }
        first = next((p.name for p in words if p.name), "sentence")
        name = div.id or (f"{first}-also" if first in self.reserved else first)
        self._names[name] += 1  # a name that repeats is counted
        name = name if self._names[name] == 1 else f"{name}-{self._names[name]}"
        return Item("sentence", name, about, {"text/markdown": shown})
