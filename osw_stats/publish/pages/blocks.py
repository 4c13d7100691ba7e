"""The blocks of a page in Markdown: headings, divs, lists and paragraphs, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_DIV = re.compile(r"^:{3,}\s*\{(?P<attributes>.*)\}\s*$")
_SHUT = re.compile(r"^:{3,}\s*$")
_HEADING = re.compile(r"^(#{1,6})\s")
_FENCE = re.compile(r"^(```+|~~~+)")
# a list, a table or a quotation, or a line break: lines that mean something as lines
_VERBATIM = re.compile(r"\A\s*([-*+|>]|\d+[.)])\s|  $|\\$", re.MULTILINE)
OURS = {"headline", "nothing"}


@dataclass(frozen=True)
class Div:
    """What the opening line of a div says."""

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
    """Return what the opening line of a div says; None for any other line."""
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
    if gathered:  # a fence that nothing closes
        yield Block("code", "\n".join(gathered))


def joined(text: str) -> str:
    r"""Return a paragraph on one line with single spaces; lists and tables keep their lines."""
    if _VERBATIM.search(text):
        lines = (re.sub(r"(?<=\S) +(?=\S)", " ", line).rstrip(" ") for line in text.split("\n"))
        return "\n".join(lines).strip("\n")
    return re.sub(r" +([.,;:)])(?=\s|$)", r"\1", re.sub(r"[ \t\n]+", " ", text)).strip()
