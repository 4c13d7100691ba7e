"""Numbers that are no claim by the words around them or by their place on the page; patterns stand in marks.yml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from osw_stats.yamlfile import read_yaml

Mark = tuple[int, int, str]  # start, end, kind
Patterns = list[tuple[str, re.Pattern[str]]]
_DATA = read_yaml(Path(__file__).with_name("marks.yml"))


def _parts() -> dict[str, str]:
    """Return the parts of patterns by name, the names of months among them."""
    months = {
        language: "|".join(r"(?:-\n)?".join(name) for name in names.split())
        for language, names in _DATA["months"].items()
    }
    nl, en = (f"{months[language]}|{short}" for language, short in _DATA["short_months"].items())
    return {"EN": en, "MONTH": f"(?:(?i:{nl})|{en})(?![a-z])", **_DATA["parts"]}


_PARTS = _parts()


def _filled(pattern: str) -> str:
    """Return a pattern with the parts that it names in it."""
    return re.sub(r"<([A-Z]+)>", lambda name: _filled(_PARTS[name[1]]), pattern)


def _compiled(name: str, flags: int = 0) -> Patterns:
    return [
        (kind, re.compile(_filled(pattern), flags))
        for entry in _DATA[name]
        for kind, pattern in entry.items()
    ]


_CONTEXT, _EDGES, _FOOTNOTES = _compiled("context"), _compiled("edges", re.M), _compiled("notes", re.M)
_FIRST_WORD = re.compile(rf"(?:{'|'.join(_DATA['openings'].split())})\b|https?:")
_UNITS_AFTER = frozenset(_DATA["units_after"].split())
_NUMBERED = re.compile(r"^[ \t\u00a0#]*(\(?)(\d{1,3})([.)])(?=[ \t\u00a0]+\S|[ \t]*$)", re.M)
_SECTION = re.compile(
    r"^[ \t\u00a0#]*(\d{1,2}(?:\.\d{1,3}){1,4}\.?)(?=([ \t\u00a0]+)(?:([^\s\d%])|(\d))|[ \t]*$|[A-ZÀ-Þ][a-z])",
    re.M,
)
_NOTE = re.compile(
    r"^[ \t\u00a0]*(\d{1,3})(?=([ \t\u00a0]{1,4})(?=[A-ZÀ-Þ‘“\"'a-z•])|[A-ZÀ-Þ][a-z]|https?:)(?:[ \t]{0,4}(\S{1,15}))?",
    re.M,
)
_PAGE_LINE = re.compile(
    r"^[ \t\u00a0–-]*(?:(?i:pagina|page|p\.|blz\.)\s)?(\d{1,4})(?:\s?(?:van|of|/)\s?(\d{1,4}))?[ \t\u00a0–-]*$"
)


def without_overlap(marks: Iterable[Mark], length: int) -> list[Mark]:
    """Return the marks in their order in a text of this length; of two that overlap the one that came first."""
    kept: list[Mark] = []
    taken = bytearray(length)
    for start, end, kind in marks:
        if end > start and not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            kept.append((start, end, kind))
    return sorted(kept)


def marks(text: str) -> list[Mark]:
    """Return every number that its context marks as no claim; none overlap."""
    return without_overlap(_fitting(_CONTEXT, text), len(text))


def line_marks(text: str) -> list[Mark]:
    """Return the numbers that belong to the page, those of which we are surest first."""
    sections = [(*m.span(1), "list") for m in _SECTION.finditer(text) if _is_section(m)]
    return [
        *_fitting(_EDGES, text),
        *_page_lines(text),
        *_numbered(text),
        *sections,
        *_notes(text),
        *_fitting(_FOOTNOTES, text),
    ]


def _fitting(patterns: Patterns, text: str) -> Iterator[Mark]:
    """Yield what each pattern marks: its groups, by their names, or the whole."""
    for kind, pattern in patterns:
        for match in pattern.finditer(text):
            groups = [name for name in match.re.groupindex if match[name]]
            for name in groups:
                yield *match.span(name), name.rstrip("12")
            if not groups:
                yield *match.span(), kind


def _page_lines(text: str) -> list[Mark]:
    """Return a number alone in its block: of a chapter while it is small, else of a page."""
    m = _PAGE_LINE.fullmatch(text.strip("\n"))
    if not m or m[1] == "0":
        return []
    shift = len(text) - len(text.lstrip("\n"))
    kind = "list" if int(m[1]) <= 12 and not m[2] and m[0].strip() == m[1] else "page"
    return [(m.start(1) + shift, m.end(2 if m[2] else 1) + shift, kind)]


def _numbered(text: str) -> Iterator[Mark]:
    """Yield "1." and "2)" at the start of a line, unless a sentence merely broke there."""
    matches = list(_NUMBERED.finditer(text))
    numbers = {int(m[2]) for m in matches}
    for m in matches:
        before = text[: m.start()].rstrip(" \t\n")[-1:]
        broken = before.isalnum() or before in (",", "(")
        if not broken or int(m[2]) == 1 or int(m[2]) - 1 in numbers:
            yield *m.span(2), "list"


def _is_section(m: re.Match[str]) -> bool:
    gap, sign, digit = m[2] or "", m[3] or "", m[4]
    grouped = re.fullmatch(r"\d{1,3}(?:\.\d{3})+", m[1])
    if digit:
        return len(gap) == 2 and m[1].count(".") == 1 and not grouped
    if grouped and len(gap) < 2:
        return False
    return len(gap) >= 2 or not sign or sign.isupper() or sign in "‘“\"'(•"


def _notes(text: str) -> Iterator[Mark]:
    """Yield the numbers of footnotes and paragraphs at the start of a line."""
    matches = list(_NOTE.finditer(text))
    numbers = {int(m[1]) for m in matches}
    last = -1
    for m in matches:
        n, gap, word = int(m[1]), m[2], m[3] or ""
        begun = _begins_anew(text, m.start())
        both = n - 1 in numbers and n + 1 in numbers
        either = n - 1 in numbers or n + 1 in numbers
        if word[:1].islower() and not word.startswith("http"):
            sure = both and begun
        elif gap is None:
            sure = begun or either
        elif n == last + 1:
            sure = True
        else:
            sure = len(gap) >= 2 or both or (begun and (either or bool(_FIRST_WORD.match(word))))
        if sure and word.lower().strip(".,;:") not in _UNITS_AFTER:
            last = n
            yield *m.span(1), "list"


def _begins_anew(text: str, at: int) -> bool:
    """Return whether what stands before `at` was ended: by a full stop, a web address, or nothing."""
    before = text[max(0, at - 300) : at].rstrip()
    if not before:
        return True
    last = before.rsplit(maxsplit=1)[-1]
    return before[-1] in ".!?:;)”’»\"'" or "/" in last or "." in last
