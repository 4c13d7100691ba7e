"""Numbers that are no claim because of their context or place on the page; the patterns are in marks.yml."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from osw_stats.yamlfile import read_yaml

Mark = tuple[int, int, str]  # start, end, kind
Patterns = list[tuple[str, re.Pattern[str]]]
_DATA = read_yaml(Path(__file__).with_name("marks.yml"))


# month names may be hyphenated at the end of a line
_NL, _EN = (
    "|".join(r"(?:-\n)?".join(name) for name in _DATA["months"][language].split()) + f"|{short}"
    for language, short in _DATA["short_months"].items()
)
_PARTS = {"EN": _EN, "MONTH": f"(?:(?i:{_NL})|{_EN})(?![a-z])", **_DATA["parts"]}


def _filled(pattern: str) -> str:
    """Return a pattern with its named parts filled in."""
    return re.sub(r"<([A-Z]+)>", lambda name: _filled(_PARTS[name[1]]), pattern)


def _compiled(name: str, flags: int = 0) -> Patterns:
    entries = (entry for of_name in _DATA[name] for entry in of_name.items())
    return [(kind, re.compile(_filled(pattern), flags)) for kind, pattern in entries]


_CONTEXT, _EDGES, _FOOTNOTES = _compiled("context"), _compiled("edges", re.M), _compiled("notes", re.M)
_FIRST_WORD = re.compile(rf"(?:{'|'.join(_DATA['openings'].split())})\b|https?:")
_SURE = ("article", "date", "phone", "page")
_LONG = 12  # characters: a web address, an account number
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


def _without_overlap(marks: Iterable[Mark], length: int) -> list[Mark]:
    """Return the marks in text order; of two that overlap, the first given."""
    kept: list[Mark] = []
    taken = bytearray(length)
    for start, end, kind in marks:
        if end > start and not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            kept.append((start, end, kind))
    return sorted(kept)


def marks(text: str) -> list[Mark]:
    """Return all numbers marked as no claim by their context or place on the page, without overlap."""
    around = context(text)
    sure = [m for m in around if m[2] in _SURE or m[1] - m[0] > _LONG]
    return _without_overlap((*sure, *line_marks(text), *around), len(text))


def context(text: str) -> list[Mark]:
    """Return all numbers marked as no claim by the words around them: dates, ages, articles, pages."""
    return _without_overlap(_fitting(_CONTEXT, text), len(text))


def line_marks(text: str) -> list[Mark]:
    """Return the numbers that belong to the page layout, the most certain first."""
    line_numbers = [*_fitting(_EDGES, text), *_page_line(text), *_numbered(text)]
    line_numbers += [(*m.span(1), "list") for m in _SECTION.finditer(text) if _is_section(m, text)]
    return [*line_numbers, *_notes(text), *_fitting(_FOOTNOTES, text)]


def _fitting(patterns: Patterns, text: str) -> Iterator[Mark]:
    """Yield the marks of each pattern: its named groups, or the whole match."""
    for kind, pattern in patterns:
        for match in pattern.finditer(text):
            groups = [name for name in match.re.groupindex if match[name]]
            for name in groups:
                yield *match.span(name), name.rstrip("12")
            if not groups:
                yield *match.span(), kind


def _page_line(text: str) -> list[Mark]:
    """Return a number alone in its block: a chapter number if small, otherwise a page number."""
    m = _PAGE_LINE.fullmatch(text.strip("\n"))
    if not m or m[1] == "0":
        return []
    shift = len(text) - len(text.lstrip("\n"))
    kind = "list" if int(m[1]) <= 12 and not m[2] and m[0].strip() == m[1] else "page"
    return [(m.start(1) + shift, m.end(2 if m[2] else 1) + shift, kind)]


def _numbered(text: str) -> Iterator[Mark]:
    """Yield "1." and "2)" at the start of a line, unless a sentence merely continues there."""
    matches = list(_NUMBERED.finditer(text))
    numbers = {int(m[2]) for m in matches}
    for m in matches:
        before = text[max(0, m.start() - 99) : m.start()].rstrip(" \t\n")[-1:]
        broken = before.isalnum() or before in (",", "(")
        if not broken or int(m[2]) == 1 or int(m[2]) - 1 in numbers:
            yield *m.span(2), "list"


def _is_section(m: re.Match[str], text: str) -> bool:
    gap, sign, digit = m[2] or "", m[3] or "", m[4]
    if sign == "(" and text[max(0, m.start() - 99) : m.start()].rstrip(" \t\n")[-1:].isalnum():
        return False  # a sentence continues here: "mean age", "16.42 (SD 2.1)"
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
        before = text[max(0, m.start() - 300) : m.start()].rstrip()
        last_word = before.rsplit(maxsplit=1)[-1] if before else "."
        begun = last_word[-1] in ".!?:;)”’»\"'" or "/" in last_word or "." in last_word
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
