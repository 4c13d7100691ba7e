"""The numbered paragraphs of a text: where each begins, and in which one an offset lies."""

import re
from bisect import bisect_right
from dataclasses import dataclass

_NUMBERED = re.compile(r"^[ \t\u00a0]*(\d{1,2}\.\d{1,3})(?!\d|\.\d)[ \t\u00a0]+(?=[A-ZÀ-Þ0-9‘“\"'(•])", re.M)
_ANNEXES = re.compile(r"^[ \t]*(?:bijlagen?|annex(?:es)?|appendi(?:x|ces))[ \t\r]*$", re.M | re.I)
_CAPITALS = re.compile(r"^[ \t]*((?:[A-ZÀ-Þ]{2,}[\w&’'-]*)(?: [A-ZÀ-Þ0-9&’'(),-]+)*)[ \t\r]*$", re.M)


@dataclass(frozen=True)
class Paragraphs:
    """Where the numbered paragraphs of a text begin: `labels[i]` holds from `starts[i]` on."""

    starts: tuple[int, ...]
    labels: tuple[str, ...]
    length: int

    def at(self, offset: int) -> str:
        """Return the label of the paragraph an offset lies in; empty before the first."""
        found = bisect_right(self.starts, offset) - 1
        return self.labels[found] if found >= 0 else ""

    def regions(self, label: str) -> list[tuple[int, int]]:
        """Return the bounds of every paragraph whose label holds all words of `label`."""
        words = label.casefold().split()
        bounds = zip(self.starts, (*self.starts, self.length)[1:], strict=True)
        same = (words[0] == "bijlage" and set(words) <= set(here.casefold().split()) for here in self.labels)
        parts = zip(bounds, self.labels, same, strict=True)
        return [part for part, here, alike in parts if here == label or alike]


def paragraphs_of(text: str) -> Paragraphs:
    """Return the paragraphs that begin a line with a number such as "4.5"; annexes by their capital headings."""
    # A number counts when it goes on from one near it: a decimal or a date at the start of a line is no
    # paragraph.
    annex = min((m.start() for m in _ANNEXES.finditer(text)), default=len(text))
    found = [(m.start(), m[1]) for m in _NUMBERED.finditer(text, 0, annex)]
    marks = [(start, label) for i, (start, label) in enumerate(found) if _goes_on(found, i)]
    if annex < len(text):
        marks.append((annex, "bijlage"))
        before = 0
        for m in _CAPITALS.finditer(text, annex):
            if m.start() - before > 2:  # the second line of a heading begins no annex
                marks.append((m.start(), f"bijlage {m[1]}"))
            before = m.end()
    return Paragraphs(tuple(s for s, _ in marks), tuple(label for _, label in marks), len(text))


def _goes_on(found: list[tuple[int, str]], i: int) -> bool:
    chapter, number = map(int, found[i][1].split("."))
    labels = (label for _, label in found[max(0, i - 3) : i] + found[i + 1 : i + 4])
    near = (map(int, label.split(".")) for label in labels)
    return number == 1 or any(c == chapter and abs(n - number) <= 3 for c, n in near)
