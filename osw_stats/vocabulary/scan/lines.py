"""Numbers that belong to the page: numbered paragraphs and lists, footnote marks, page headers."""

from __future__ import annotations

import re

# a footnote to a line that begins with a small word: "5 De ATKM heeft ..."
_OPENING = (
    "De|Het|Een|Dit|Deze|Die|Dat|In|Op|Zie|Met|Voor|Er|Van|Bij|Uit|Ook|Om|Als|Aan|Naar|Volgens|Daarnaast|Artikel|"
    "Memorie|Antwoord|Antwoorden|Brief|Advies|Rechtbank|Gerechtshof|Tweede|Kamerstukken|EHRM|Rapport|"
    "The|This|These|That|See|For|From|It|As|At|By|With|Article|Ibid|Idem|Id|Cf"
)
_FIRST_WORD = re.compile(rf"(?:{_OPENING})\b|https?:")
_NUMBERED = re.compile(r"^[ \t\u00a0#]*(\(?)(\d{1,3})([.)])(?=[ \t\u00a0]+\S|[ \t]*$)", re.M)
_SECTION = re.compile(
    r"^[ \t\u00a0#]*(\d{1,2}(?:\.\d{1,3}){1,4}\.?)(?=([ \t\u00a0]+)(?:([^\s\d%])|(\d))|[ \t]*$|[A-ZÀ-Þ][a-z])",
    re.M,
)
_NOTE = re.compile(
    r"^[ \t\u00a0]*(\d{1,3})(?=([ \t\u00a0]{1,4})(?=[A-ZÀ-Þ‘“\"'a-z•])|[A-ZÀ-Þ][a-z]|https?:)(?:[ \t]{0,4}(\S{1,15}))?",
    re.M,
)
_COMMA = re.compile(r"^[ \t]*(\d{1,2}),(?=[ \t]+[A-Z]{3})", re.M)
_HEADER = re.compile(r"^[ \t\u00a0]*(\d{1,4})[ \t]*\|.*$|^.*\|[ \t]*(\d{1,4})[ \t]*$", re.M)
_CONTENTS = re.compile(r"^[^\n|]*?[^\d\s.][ \t]*(?:\.{3,}|…|(?:\. ){3,})[ \t.]*(\d{1,3})[ \t]*$", re.M)
_HEADING_PAGE = re.compile(
    r"^[ \t]*\d{1,2}(?:\.\d{1,2}){0,3}\.?[ \t]+[A-ZÀ-Þ][^\n\d|]{0,80}[ \t]{1,}(\d{1,3})[ \t]*$", re.M
)
_PLAIN_PAGE = re.compile(
    r"^[ \t]*(?:Bijlagen?|Inhoud(?:sopgave)?|Literatuur(?:lijst)?|Bronnen|Voorwoord|Samenvatting|Inleiding|Colofon|"
    r"Conclusies?|Nawoord|Contents|Annex(?:es)?|References|Foreword|Summary|Introduction|Appendix)[ \t]{2,}(\d{1,3})[ \t]*$",
    re.M,
)
# a running head: one line alone, its page number far to the right
_RUNNING = re.compile(r"\A\s*[^\s\d][^\n]*\S[ \t]{8,}(\d{1,3})[ \t]*\s*\Z")
# a note to a heading of two lines in capitals
_CAPITALS_NOTE = re.compile(
    r"^[ \t]*[A-ZÀ-Þ][A-ZÀ-Þ ]{4,60}\n[ \t]*[A-ZÀ-Þ][A-ZÀ-Þ ]{4,60}[ \t](\d{1,3})[ \t]*$", re.M
)
_PAGE_LINE = re.compile(
    r"^[ \t\u00a0–-]*(?:(?i:pagina|page|p\.|blz\.)\s)?(\d{1,4})(?:\s?(?:van|of|/)\s?(\d{1,4}))?[ \t\u00a0–-]*$",
    re.M,
)
_MARKDOWN_NOTE = re.compile(r"\[\^?(\d{1,3}(?:[,–-]\s?\d{1,3}){0,4})\]")
# glued to a word or to the sign that closes it: "misdrijf6", "geworden.10", "NAP.’43"
_FOOTNOTE = re.compile(
    r"(?:(?<=[a-zà-ÿ]{3})|(?<=[A-ZÀ-Þ]{5})|(?<=[^\W\d_][.,;:!?’”»)\]\"'])|(?<=[.!?)][’”\"'»)])|(?<=[^\W_][)’”\"'][.,;:])|(?<=%[)’”][.,;:]))"
    r"(?<!\bca\.)(?<!\bnr\.)(?<!\bart\.)(?<!\bp\.)(?<!\bpp\.)(?<!\bblz\.)"
    r"\d{1,3}(?:,\d{1,3})?(?![\d\w%€]|[.,:/]\d|-\w|['’]\w)"
)
# "in 2024.7" and "in 20228": a year with a footnote to it
_YEAR_NOTE = re.compile(
    r"(?<![\d.,/€$£-])((?:(?:19|20)\d{2}[-–])?(?:19|20)\d{2})([.,;:)’”]{1,2})(\d{1,3})(?![\d\w%]|[.,]\d)"
)
_YEAR_GLUED = re.compile(
    r"\b(?i:in|sinds|vanaf|eind|begin|medio|van|tot|uit|jaar|since|from|until|by)\s{1,2}((?:199|20[0-4])\d)(\d{1,3})(?=[\s.,;:)]|$)(?![.,]\d)"
)
_INLINE = re.compile(r"(?<![\w(\[.,/–-])(?:\((\d{1,2})\)|(\d{1,2})\))(?=\s[a-zA-Z])")


def line_marks(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, kind) of the numbers that belong to the page, in no order.

    Examples
    --------
    >>> [(kind, "4.1  Online.7 Dat"[a:b]) for a, b, kind in line_marks("4.1  Online.7 Dat")]
    [('list', '4.1'), ('other', '7')]
    """
    found = [
        (*m.span(1), "list" if text[: m.start()].rpartition("\n")[2].strip() == "" else "other")
        for m in _MARKDOWN_NOTE.finditer(text)
    ]
    for pattern, kind in (
        (_HEADER, "other"),
        (_CAPITALS_NOTE, "other"),
        (_CONTENTS, "page"),
        (_HEADING_PAGE, "page"),
        (_PLAIN_PAGE, "page"),
        (_RUNNING, "page"),
    ):
        found += [(*m.span(1 if m[1] else 2), kind) for m in pattern.finditer(text)]
    found += _page_lines(text)
    found += [(m.start(1), m.end(1), "list") for m in _COMMA.finditer(text)]
    found += _numbered(text)
    found += [(*m.span(1), "list") for m in _SECTION.finditer(text) if _is_section(m)]
    found += _notes(text)
    for m in _YEAR_NOTE.finditer(text):
        found += [(*m.span(1), "year"), (*m.span(3), "other")]
    for m in _YEAR_GLUED.finditer(text):
        found += [(*m.span(1), "year"), (*m.span(2), "other")]
    found += [(*m.span(), "other") for m in _FOOTNOTE.finditer(text)]
    found += [(*m.span(1 if m[1] else 2), "list") for m in _INLINE.finditer(text)]
    return found


def _page_lines(text: str) -> list[tuple[int, int, str]]:
    """Return a number alone in its block: of a chapter while it is small, else of a page."""
    m = _PAGE_LINE.fullmatch(text.strip("\n"))
    if not m or m[1] in ("0",):
        return []
    shift = len(text) - len(text.lstrip("\n"))
    kind = "list" if int(m[1]) <= 12 and not m[2] and m[0].strip() == m[1] else "page"
    return [(m.start(1) + shift, m.end(2 if m[2] else 1) + shift, kind)]


def _numbered(text: str) -> list[tuple[int, int, str]]:
    """Return "1." and "2)" at the start of a line, unless a sentence merely broke there."""
    all_of_them = list(_NUMBERED.finditer(text))
    numbers = {int(m[2]) for m in all_of_them}
    found = []
    for m in all_of_them:
        before = text[: m.start()].rstrip(" \t\n")[-1:]
        broken = before.isalnum() or before in (",", "(")
        if not broken or int(m[2]) == 1 or int(m[2]) - 1 in numbers:
            found.append((*m.span(2), "list"))
    return found


def _is_section(m: re.Match[str]) -> bool:
    gap, sign, digit = m[2] or "", m[3] or "", m[4]
    grouped = re.fullmatch(r"\d{1,3}(?:\.\d{3})+", m[1])
    if digit:
        return len(gap) == 2 and m[1].count(".") == 1 and not grouped
    if grouped and len(gap) < 2:
        return False
    return len(gap) >= 2 or not sign or sign.isupper() or sign in "‘“\"'(•"


def _notes(text: str) -> list[tuple[int, int, str]]:
    """Return the numbers of footnotes and paragraphs at the start of a line."""
    all_of_them = list(_NOTE.finditer(text))
    numbers = {int(m[1]) for m in all_of_them}
    found, last = [], -1
    for m in all_of_them:
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
        if sure and not _is_unit(word):
            last = n
            found.append((*m.span(1), "list"))
    return found


def _begins_anew(text: str, at: int) -> bool:
    """Return whether what stands before `at` was ended: by a full stop, a web address, or nothing."""
    before = text[max(0, at - 300) : at].rstrip()
    if not before:
        return True
    last = before.rsplit(maxsplit=1)[-1]
    return before[-1] in ".!?:;)”’»\"'" or "/" in last or "." in last


def _is_unit(word: str) -> bool:
    """Return whether the word after a number is its unit, so that the number is no mark."""
    return word.lower().strip(".,;:") in (
        "miljoen",
        "miljard",
        "procent",
        "jaar",
        "euro",
        "million",
        "percent",
        "fte",
    )
