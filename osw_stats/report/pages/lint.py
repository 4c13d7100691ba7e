"""Refuse a bad page before anything runs: names nobody registers, typed numbers, claims without a test.

Every fault has its file, its line, its words, and what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path

from osw_stats.errors import InputError, OswError
from osw_stats.report import standard
from osw_stats.report.code_cells import code_cells, parsed
from osw_stats.report.pages.blocks import div_of
from osw_stats.report.pages.claim_words import PRINTED, Claim, claims, kinds, numbers
from osw_stats.report.pages.prose import Call, Read
from osw_stats.report.pages.source import Source, read_page
from osw_stats.report.pages.templates import headings, read
from osw_stats.report.pages.values import verdicts
from osw_stats.report.root import LANGUAGES
from osw_stats.results.cells import registrations
from osw_stats.vocabulary.series import catalogue

MOST = 40  # faults told at once
SHORTEST = 2  # words of a phrase that holds always
ALWAYS = "or, where it holds in every edition, put the phrase into `always:` on top of the page"
IN_BOX = {"none", "only", "all", "absent", "most"}  # what the box of what a page does not show is made of
_NO_PROSE = re.compile(r"(?<=\])\([^)]*\)|`[^`]*`|https?://\S+")  # addresses and code
_CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_BOX = re.compile(r"^:::+ *\{[^}]*callout.*?^:::+ *$", re.MULTILINE | re.DOTALL)
_ID = re.compile(r"\{[^}]*\}\s*$")


@dataclass(frozen=True)
class Checked:
    """A page in one language: as it was written, and taken apart."""

    source: Source
    read: Read
    language: str

    def fault(self, problem: str, remedy: str, line: int | None = None, value: object = None) -> InputError:
        """Return a fault of this page."""
        return InputError(problem, remedy, file=self.source.file, row=line, value=value)


def check(root: Path) -> None:
    """Pass when every page can be rendered, in every language, in every edition.

    Raises
    ------
    OswError
        Otherwise; each fault on a line of its own, with file, line, words and remedy.
    """
    found = faults(root)
    if found:
        more = f"\n{len(found) - MOST} more." if len(found) > MOST else ""
        raise OswError("\n".join(map(str, found[:MOST])) + more)


def faults(root: Path, name: str = "*") -> list[InputError]:
    """Return everything that is wrong with the pages of a notebook, or of all, and with what these register."""
    found: list[InputError] = []
    for path in sorted((root / "notebooks").glob(f"{name}.ipynb")):
        registered, twice = names_of(path)
        found += twice
        pages = []
        for language in LANGUAGES:
            source = read_page(root, path.stem, language)
            pages.append(Checked(source, read(source), language))
        for page in pages:
            found += page.read.faults
            found += [
                *_names(page, registered),
                *_calls(page, registered),
                *_prose(page),
                *_always(page),
                *_form(page),
            ]
        found += _languages(pages)
        found += standard.unknown(
            path.stem, {*registered, *(d for p in pages for d in sentences_of(p.source))}
        )
    return found


def names_of(notebook: Path) -> tuple[dict[str, str], list[InputError]]:
    """Return the kind of every name that a notebook registers, and the names that it registers twice."""
    kinds_of: dict[str, str] = {}
    twice = []
    cells: dict[str, int] = {}
    for code in code_cells(notebook):
        for name, kind in registrations(parsed(notebook, code)):
            if name in cells:
                twice.append(
                    InputError(
                        f"is registered twice, first in cell {cells[name]}",
                        "Give each result a name of its own.",
                        file=f"notebooks/{notebook.name}, cell {code.cell}",
                        value=name,
                    )
                )
            cells[name], kinds_of[name] = code.cell, kind
    return kinds_of, twice


def sentences_of(source: Source) -> dict[str, int]:
    """Return the names of the sentences of a page, with their lines."""
    found = ((div_of(line.strip()), n) for n, line in enumerate(source.text.split("\n"), start=1))
    return {div.id: n for div, n in found if div and div.names_sentence and div.id}


def _near(name: str, known: Iterator[str] | list[str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f'Did you mean "{near[0]}"? ' if near else ""


def _names(page: Checked, registered: dict[str, str]) -> Iterator[InputError]:
    told = "Register it with report.add in the notebook, or mend the name."
    for name, line in page.read.names.items():
        if name not in registered:
            yield page.fault(
                "no notebook cell registers this name", _near(name, list(registered)) + told, line, name
            )
    for name, line in page.read.loops.items():
        if registered.get(name) != "parts":
            yield page.fault("loops over what is no registered list", _near(name, list(registered)) + "Register it with report.parts.", line, name)  # fmt: skip
    for key, line in page.read.verdicts.items():
        if key not in verdicts():
            yield page.fault("is no verdict", _near(key, list(verdicts())) + "Add it to osw_stats/report/pages/verdicts.yml.", line, key)  # fmt: skip


def _calls(page: Checked, registered: dict[str, str]) -> Iterator[InputError]:
    """Yield what is wrong with the blocks that a page asks for."""
    tables = [n for n, kind in registered.items() if kind == "table"]
    known: dict[str, Callable[[Call], list[str]]] = {
        "table": lambda _: tables, "what_if": lambda _: tables,
        "figure": lambda _: [n for n, kind in registered.items() if kind == "figure"],
        "counted": lambda _: [*tables, *catalogue()], "gaps": lambda _: [*tables, *catalogue()],
        "sources": lambda _: [n for n, kind in registered.items() if kind != "parts"],
    }  # fmt: skip
    said = sentences_of(page.source)
    for call in page.read.calls:
        names = known[call.function](call)
        for name in call.given:
            if name not in names:
                what = (
                    "registered name or series" if call.function in ("counted", "gaps") else "registered name"
                )
                yield page.fault(f"{call.function}(...) names no {what}", _near(name, names) + "Mend the name.", call.line, name)  # fmt: skip
        says = call.named.get("says") if call.function == "figure" else None
        if says and says not in said:
            yield page.fault("`says` names no sentence of this page", _near(says, list(said)) + "Sentences have a name in ::: {#name}.", call.line, says)  # fmt: skip


def prose_of(page: Checked) -> str:
    """Return the text of a page as readers see it: addresses, attributes and marks of divs blanked, places kept."""
    lines = []
    for line in page.read.text.split("\n"):
        div = div_of(line.strip())
        if div or line.startswith(":::"):
            asks = div.question if div else ""
            line = f"{asks:>{len(line)}}"[: len(line)] if asks else " " * len(line)
        elif line.startswith("#"):
            line = _ID.sub(_blank, line)
        lines.append(_NO_PROSE.sub(_blank, line))
    text = _CODE.sub(_blank, "\n".join(lines))
    for phrase in page.source.always:  # an editor vouches for exactly these words
        text = _phrase(phrase).sub(_blank, text)
    return text


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def _prose(page: Checked) -> Iterator[InputError]:
    """Yield typed numbers, and claims that no test implies."""
    text = prose_of(page)
    for found in numbers(text, page.language):
        yield page.fault(
            "a number is typed", f"Print a registered result, such as {{{{ NAME.number }}}}, {ALWAYS}.",
            page.read.line(found.start), found.words,
        )  # fmt: skip
    boxes = [m.span() for m in _BOX.finditer(page.read.text)]
    for found in claims(text, page.language):
        in_box = found.kind in IN_BOX and any(a <= found.start < b for a, b in boxes)
        if not in_box and found.kind not in page.read.licences(found.start, page.language):
            yield _unlicensed(page, found)
    for line, words in page.read.directions:
        yield from _words(page, line, words)


def _unlicensed(page: Checked, found: Claim) -> InputError:
    return page.fault(
        f"claims ({found.kind}) what no test implies", f"Use {kinds()[found.kind]['write']}, {ALWAYS}.",
        page.read.line(found.start), " ".join(found.words.split()),
    )  # fmt: skip


def _words(page: Checked, line: int, words: tuple[str, ...]) -> Iterator[InputError]:
    """Yield what is wrong with the words that a direction or a plural chooses between."""
    wrong = ("fall", "rise")  # what the first and the second word of a direction may not say
    for at, word in enumerate(words):
        for found in numbers(word, page.language):
            yield page.fault("a number is typed", "Print a registered result.", line, found.words)
        said = {c.kind for c in claims(word, page.language)}
        if (at < 2 and wrong[at] in said) or (at >= 2 and said & set(wrong)):
            yield page.fault("is the word of another direction", "Give rise, fall and no change in this order.", line, word)  # fmt: skip


def _always(page: Checked) -> Iterator[InputError]:
    """Yield phrases that say too little to vouch for, or do not stand on the page."""
    for phrase in page.source.always:
        if len(phrase.split()) < SHORTEST:
            yield page.fault("one word cannot hold in every edition", "Write the phrase it stands in.", value=phrase)  # fmt: skip
        elif not _phrase(phrase).search(page.read.text):
            yield page.fault("stands under `always:` and not on the page", "Take it out, or mend it.", value=phrase)  # fmt: skip


def _phrase(phrase: str) -> re.Pattern[str]:
    """Return a phrase of `always:` as it stands in a text taken apart, on one line or more."""
    words = re.sub(r"\{\{.*?\}\}", PRINTED, phrase).split()
    return re.compile(r"\s+".join(map(re.escape, words)))


def _form(page: Checked) -> Iterator[InputError]:
    """Yield what is wrong with the build-up of a page."""
    lines = page.source.text.split("\n")
    if not any((div := div_of(line.strip())) and "callout-note" in div.classes for line in lines):
        yield page.fault(
            "has no box of what it does not show", "Put in ::: {.callout-note} with a heading and a list."
        )
    levels = list(headings(page.source.text))
    if levels[:1] != [1]:
        yield page.fault("does not begin with a title", "Write # and the title.")
    if any(b > a + 1 for a, b in pairwise(levels)):
        yield page.fault("a heading jumps a level", "Use one # more than the heading above.")
    seen: dict[str, int] = {}
    for n, line in enumerate(lines, start=1):
        div = div_of(line.strip())
        if div and div.id and div.names_sentence and div.id in seen and not _apart(page, seen[div.id], n):
            yield page.fault("names a sentence twice", "Give each sentence a name of its own.", n, div.id)
        if div and div.id:
            seen[div.id] = n


def _apart(page: Checked, first: int, second: int) -> bool:
    """Say whether two lines stand in branches of one if, of which a reader sees one."""
    between = page.source.text.split("\n")[first:second]
    return any(re.match(r"\s*\{%-?\s*(elif|else)\b", line) for line in between)


def _languages(pages: list[Checked]) -> Iterator[InputError]:
    """Yield what one language says and the other does not."""
    for page, other in zip(pages, pages[1:] + pages[:1], strict=True):
        for name, line in page.read.names.items():
            if name not in other.read.names and not other.read.faults:
                yield page.fault(f"is used here and not in {other.source.file}", "Use the same names in both.", line, name)  # fmt: skip
        for sentence, line in sentences_of(page.source).items():
            if sentence not in sentences_of(other.source):
                yield page.fault(f"is no sentence of {other.source.file}", "Name the same sentences in both.", line, sentence)  # fmt: skip
        there = {(c.function, c.given, tuple(c.named.items())) for c in other.read.calls}
        for call in page.read.calls:
            if (call.function, call.given, tuple(call.named.items())) not in there:
                yield page.fault(f"{call.function}(...) is not asked like this in {other.source.file}", "Show the same in both.", call.line, ", ".join(call.given))  # fmt: skip
    first, second = pages
    if list(headings(first.source.text)) != list(headings(second.source.text)):
        yield first.fault(f"has other headings than {second.source.file}", "Give both the same levels in the same order.")  # fmt: skip
