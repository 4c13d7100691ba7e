"""The file of a page, and its blocks: front matter, headings, divs, lists and paragraphs, in reading order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from osw_stats.errors import InputError

MARK = "---"
_DIV = re.compile(r"^:{3,}\s*\{(?P<attributes>.*)\}\s*$")
_SHUT = re.compile(r"^:{3,}\s*$")
_HEADING = re.compile(r"^(#{1,6})\s")
_FENCE = re.compile(r"^(```+|~~~+)")
# a list, a table, a quotation or a line break: text whose lines must be kept
_VERBATIM = re.compile(r"\A\s*([-*+|>]|\d+[.)])\s|  $|\\$", re.MULTILINE)
OURS = {"headline", "nothing"}


@dataclass(frozen=True)
class Source:
    """A page in one language as written.

    In its text empty lines replace the front matter, to keep line numbers. `always` are phrases that hold
    in every edition; an editor vouches for them.
    """

    file: str
    language: str
    text: str
    always: tuple[str, ...] = ()


def read_page(root: Path, name: str, language: str) -> Source:
    """Read a page; InputError if it is missing or its front matter is invalid."""
    file = f"pages/{language}/{name}.qmd"
    try:
        text = (root / file).read_text(encoding="utf-8")
    except FileNotFoundError:
        remedy = "Write it; docs/pages.md says how."
        raise InputError("the page of this notebook is not there", remedy, file=file) from None
    lines = text.split("\n")
    if lines[0].strip() != MARK:
        return Source(file, language, text)
    try:
        end = next(n for n, line in enumerate(lines[1:], start=1) if line.strip() == MARK)
        front: Any = yaml.safe_load("\n".join(lines[1:end])) or {}
        always = front.pop("always", [])
    except (StopIteration, yaml.YAMLError, AttributeError):
        remedy = "Mend the lines between ---."
        raise InputError("its front matter cannot be read", remedy, file=file) from None
    if front or not isinstance(always, list) or not all(isinstance(phrase, str) for phrase in always):
        problem = "its front matter may hold `always` alone, a list of phrases"
        raise InputError(problem, "Take out the rest.", file=file)
    return Source(file, language, "\n" * (end + 1) + "\n".join(lines[end + 1 :]), tuple(always))


@dataclass(frozen=True)
class Div:
    """The attributes in the opening line of a div."""

    id: str = ""
    classes: tuple[str, ...] = ()
    question: str = ""

    @property
    def names_sentence(self) -> bool:
        """Whether the div names a sentence; any other is part of the page."""
        return bool(self.id or self.classes) and set(self.classes) <= OURS


NO_DIV = Div()


@dataclass(frozen=True)
class Block:
    """One block: "heading", "prose", "open" or "shut" of a div that is part of the page, or "code"."""

    kind: str
    text: str
    level: int = 0
    div: Div = NO_DIV


def div_of(line: str) -> Div | None:
    """Return the attributes in the opening line of a div; None for any other line."""
    opening = _DIV.match(line.strip())
    if not opening:
        return None
    question = re.search(r'\squestion="([^"]*)"', opening["attributes"])
    plain = re.sub(r'"[^"]*"', "", opening["attributes"])
    name = re.search(r"(?:^|\s)#([\w-]+)", plain)
    classes = tuple(re.findall(r"(?:^|\s)\.([\w-]+)", plain))
    return Div(name[1] if name else "", classes, question[1] if question else "")


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a rendered page; the lines of a div that names a sentence go, its prose carries the name."""
    open_divs: list[Div] = []
    gathered: list[str] = []
    fence = ""
    for line in (*text.split("\n"), ""):
        opening = _FENCE.match(line.strip())
        if fence or opening:
            gathered.append(line)
            if line.strip() == fence:
                yield Block("code", "\n".join(gathered))
                gathered, fence = [], ""
            elif not fence and opening:
                fence = opening[1]
            continue
        div, heading, shut = div_of(line), _HEADING.match(line), _SHUT.match(line.strip())
        if gathered and (div or heading or shut or not line.strip()):
            inside = open_divs[-1] if open_divs and open_divs[-1].names_sentence else NO_DIV
            yield Block("prose", "\n".join(gathered), div=inside)
            gathered = []
        if div:
            open_divs.append(div)
            if not div.names_sentence:
                yield Block("open", line, div=div)
        elif shut:
            if not (open_divs.pop() if open_divs else NO_DIV).names_sentence:
                yield Block("shut", line)
        elif heading:
            yield Block("heading", line.strip(), level=len(heading[1]))
        elif line.strip():
            gathered.append(line)
    if gathered:  # a fence that is never closed
        yield Block("code", "\n".join(gathered))


def joined(text: str) -> str:
    """Return a paragraph on one line with single spaces; lists and tables keep their lines."""
    if _VERBATIM.search(text):
        lines = (re.sub(r"(?<=\S) +(?=\S)", " ", line).rstrip(" ") for line in text.split("\n"))
        return "\n".join(lines).strip("\n")
    return re.sub(r" +([.,;:)])(?=\s|$)", r"\1", re.sub(r"[ \t\n]+", " ", text)).strip()
