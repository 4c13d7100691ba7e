"""The blocks of a page in Markdown: headings, divs, lists and paragraphs, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

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
        """Say whether the div names a sentence; any other is part of the page."""
        return bool(self.id or self.classes) and set(self.classes) <= OURS


@dataclass(frozen=True)
class Block:
    """One block: "heading", "prose", "open" or "shut" of a div that is part of the page, or "code"."""

    kind: str
    text: str
    line: int
    level: int = 0
    div: Div = field(default_factory=Div)


def div_of(line: str) -> Div | None:
    """Return what the opening line of a div says; None for any other line.

    Examples
    --------
    >>> div_of('::: {#growth .headline question="Is het meer geworden?"}')
    Div(id='growth', classes=('headline',), question='Is het meer geworden?')
    """
    found = _DIV.match(line)
    if not found:
        return None
    question = re.search(r'\squestion="([^"]*)"', found["attributes"])
    plain = re.sub(r'"[^"]*"', "", found["attributes"])
    name = re.search(r"(?:^|\s)#([\w-]+)", plain)
    return Div(
        name[1] if name else "",
        tuple(re.findall(r"(?:^|\s)\.([\w-]+)", plain)),
        question[1] if question else "",
    )


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a rendered page; the lines of a div that names a sentence go, its prose carries the name."""
    lines = [*text.split("\n"), ""]
    open_divs: list[Div] = []
    gathered: list[str] = []
    start, fence = 0, ""
    for at, line in enumerate(lines, start=1):
        opening = _FENCE.match(line.strip())
        if fence or opening:
            gathered.append(line)
            if not fence and opening:
                start, fence = (start if len(gathered) > 1 else at), opening[1]
            elif line.strip() == fence:
                yield Block("code", "\n".join(gathered), start)
                gathered, fence = [], ""
            continue
        div, heading = div_of(line.strip()), _HEADING.match(line)
        shut = _SHUT.match(line.strip())
        if gathered and (div or heading or shut or not line.strip()):
            yield Block("prose", "\n".join(gathered), start, div=_sentence(open_divs))
            gathered = []
        if div:
            open_divs.append(div)
            if not div.names_sentence:
                yield Block("open", line, at, div=div)
        elif shut:
            closed = open_divs.pop() if open_divs else Div()
            if not closed.names_sentence:
                yield Block("shut", line, at)
        elif heading:
            yield Block("heading", line.strip(), at, level=len(heading[1]))
        elif line.strip():
            start = start if gathered else at
            gathered.append(line)


def _sentence(open_divs: list[Div]) -> Div:
    """Return the innermost div when it names a sentence."""
    return open_divs[-1] if open_divs and open_divs[-1].names_sentence else Div()


def joined(text: str) -> str:
    r"""Return a paragraph on one line with single spaces; lists and tables keep their lines.

    Examples
    --------
    >>> joined("Een zin\n die  doorloopt.")
    'Een zin die doorloopt.'
    """
    if _VERBATIM.search(text):
        return "\n".join(
            re.sub(r"(?<=\S) +(?=\S)", " ", line).rstrip(" ") for line in text.split("\n")
        ).strip("\n")
    return re.sub(r" +([.,;:)])(?=\s|$)", r"\1", re.sub(r"[ \t\n]+", " ", text)).strip()
