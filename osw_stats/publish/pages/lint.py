"""Refuse a bad page before anything runs: names not registered, typed numbers, claims without a test.

Every fault gives the file, the line, the words, and what to write instead.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from osw_stats.errors import InputError, OswError, did_you_mean
from osw_stats.kept.code_cells import code_cells, notebook_names, parsed
from osw_stats.meaning.series import catalogue
from osw_stats.project import LANGUAGES, OVERALL
from osw_stats.publish.contents import page_names
from osw_stats.publish.pages import standard
from osw_stats.publish.pages.claim_words import KINDS, PRINTED, claims, numbers
from osw_stats.publish.pages.source import div_of, read_page
from osw_stats.publish.pages.templates import Parsed, parse_page
from osw_stats.publish.pages.values import VERDICTS
from osw_stats.results.cells import registrations
from osw_stats.text.words import ENDINGS
from osw_stats.yamlfile import read_yaml

MOST = 40  # faults reported at once
IN_BOX = {"none", "only", "all", "absent", "most"}  # claims allowed in the box on limits of a page
_NO_PROSE = re.compile(r"(?<=\])\([^)]*\)|`[^`]*`|https?://\S+|\{\{<.*?>\}\}")  # addresses and code
_CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_BOX = re.compile(r"^:::+ *\{[^}]*callout.*?^:::+ *$", re.MULTILINE | re.DOTALL)
CHARTS = Path(__file__).parents[2] / "draw" / "charts.yml"
CHOOSE = "Let the chart choose the text by a test (`chosen`), or put the phrase under `always` where it holds in every edition."
_BRANCH = re.compile(r"\s*\{%-?\s*(elif|else)\b")


def check(root: Path) -> bool:
    """Return True if every page can be rendered, in every language and edition; else raise OswError, a line per fault."""
    wrong = [*faults(root), *chart_faults(read_yaml(CHARTS))]
    if wrong:
        more = f"\n{len(wrong) - MOST} more." if len(wrong) > MOST else ""
        raise OswError("\n".join(map(str, wrong[:MOST])) + more)
    return True


def names_of_all(root: Path) -> dict[str, tuple[dict[str, str], list[InputError]]]:
    """Return, by notebook, the kind of every registered name, and the names registered twice."""
    return {name: names_of(root / "notebooks" / f"{name}.ipynb") for name in notebook_names(root)}


def faults(root: Path, name: str = "*") -> list[InputError]:
    """Return all faults in the pages of a notebook, or of all, and in the names these register."""
    wrong: list[InputError] = []
    every: list[tuple[str, str]] = []
    for notebook, (names, twice) in names_of_all(root).items():
        every += names.items()
        if name in ("*", notebook):
            wrong += twice
            there = set(names)
            for page_name in page_names(root, notebook):
                pages, faults_of_page = _page_faults(root, page_name, names)
                wrong += faults_of_page
                there |= {s for page in pages for s in page.sentences}
            wrong += standard.unknown(notebook, there)
    used = Counter(known for known, _ in every)
    unique = {known: kind for known, kind in every if used[known] == 1}  # see `Results.of_all`
    wrong += _untitled(root, name)
    there_are = [page for page in OVERALL if (root / "pages" / LANGUAGES[0] / f"{page}.qmd").is_file()]
    for page_name in there_are if name == "*" else {*there_are} & {name}:
        wrong += _page_faults(root, page_name, unique)[1]
    return wrong


def _untitled(root: Path, name: str) -> Iterator[InputError]:
    """Yield the pages, including those without results, that do not begin with a title."""
    for path in sorted((root / "pages").glob(f"*/{name.strip('*')}*.qmd")):
        page = read_page(root, path.stem, path.parent.name)
        first = re.search(r"^.*\S.*", page.text, re.MULTILINE)
        if first is None or not re.match(r"# +[^\s{]", first[0]):
            row = 1 + page.text.count("\n", 0, first.start()) if first else 1
            yield InputError("does not begin with a title", "Write # and the title.", file=page.file, row=row)


def _page_faults(root: Path, name: str, registered: dict[str, str]) -> tuple[list[Parsed], list[InputError]]:
    """Return the parsed page in every language, and its faults."""
    pages = [parse_page(read_page(root, name, language)) for language in LANGUAGES]
    wrong = [*_languages(pages)]
    for page in pages:
        wrong += [*page.faults, *_names(page, registered), *_prose(page)]
        wrong += _form(page, box=name not in OVERALL)
    return pages, wrong


def chart_faults(texts: Mapping[str, Mapping[str, Any]]) -> list[InputError]:
    """Return the claims and numbers in the words of charts that no test chooses and no editor vouches for."""
    wrong = []
    fault = partial(InputError, file=CHARTS.name)
    for chart, words in texts.items():
        chosen, always = words.get("chosen", {}), words.get("always", {})
        named = {name: text for name, text in words.items() if name not in ("chosen", "always")}
        unused = [(f"{chart}.chosen", name) for name in chosen if name not in named]
        for language in LANGUAGES:
            texts_ = {name: ENDINGS.sub(r"\3", text[language]) for name, text in named.items()}
            phrases = always.get(language, [])
            place = f"{chart}.always.{language}"
            unused += [(place, p) for p in phrases if not any(p in text for text in texts_.values())]
            for name, text in texts_.items():
                for phrase in phrases:
                    text = text.replace(phrase, "; ")
                bare = re.sub(r"\{[^}]*\}", PRINTED, text)
                claimed = [] if name in chosen else claims(bare, language)
                problems = [(f"claims ({c.kind}) what no test chooses", c.words) for c in claimed]
                problems += [("is a typed number", c.words) for c in numbers(bare, language)]
                place = f"{chart}.{name}.{language}"
                wrong += [fault(problem, CHOOSE, column=place, value=value) for problem, value in problems]
        remedy = "Take it out, or mend it."
        wrong += [fault("stands in no text", remedy, column=place, value=value) for place, value in unused]
    return wrong


def names_of(notebook: Path) -> tuple[dict[str, str], list[InputError]]:
    """Return the kind of every name that a notebook registers, and the names that it registers twice."""
    registered: dict[str, str] = {}
    twice = []
    cells: dict[str, int] = {}
    remedy = "Give each result its own name."
    for code in code_cells(notebook):
        for name, kind in registrations(parsed(notebook, code)):
            if name in cells:
                file = f"notebooks/{notebook.name}, cell {code.cell}"
                problem = f"is registered twice, first in cell {cells[name]}"
                twice.append(InputError(problem, remedy, file=file, value=name))
            cells[name], registered[name] = code.cell, kind
    return registered, twice


def _names(page: Parsed, registered: dict[str, str]) -> Iterator[InputError]:
    """Yield the names that nothing registers, in prose, tests and blocks, and the verdicts without words."""
    kinds = ("table", "figure", "parts")
    tables, figures, parts = ([n for n, k in registered.items() if k == kind] for kind in kinds)
    known = {"table": tables, "what_if": tables, "figure": figures, "picture": figures}
    known["sources"] = [n for n in registered if n not in parts]
    uses: list[tuple[str, Collection[str], str, int]]
    uses = [("of a result", registered, name, line) for name, line in page.names.items()]
    uses += [("of parts that a page repeats", parts, name, line) for name, line in page.loops.items()]
    uses += [("of a verdict", VERDICTS, key, line) for key, line in page.verdicts.items()]
    for call in page.calls:
        allowed = known.get(call.function, [*tables, *catalogue()])
        what = f"of anything for {call.function}(...)"
        uses += [(what, allowed, name, call.line) for name in call.arguments]
        if call.function == "figure" and "says" in call.keywords:
            uses.append(("of a sentence of this page", page.sentences, call.keywords["says"], call.line))
    for what, names, name, line in uses:
        if name not in names:
            yield page.fault("unknown", line, name, what=what, near=did_you_mean(name, names))


def _prose(page: Parsed) -> Iterator[InputError]:
    """Yield typed numbers, claims that no test implies, and phrases under `always:` that vouch for too much."""
    text, language = _as_read(page), page.source.language
    for typed in numbers(text, language):
        yield page.fault("typed", page.line(typed.start), typed.words)
    boxes = [m.span() for m in _BOX.finditer(page.text)]
    for claim in claims(text, language):
        in_box = claim.kind in IN_BOX and any(start <= claim.start < end for start, end in boxes)
        if not in_box and claim.kind not in page.licences(claim.start):
            line, words, write = (
                page.line(claim.start),
                " ".join(claim.words.split()),
                KINDS[claim.kind]["write"],
            )
            yield page.fault("claim", line, words, kind=claim.kind, write=write)
    # claims that each word of a direction may not make; `plural` has two words of no direction
    barred = ({"fall"}, {"rise"}, {"fall", "rise"}, {"fall", "rise"})
    for line, choices in page.directions:
        for word, excluded in zip(choices, barred, strict=False):
            for typed in numbers(word, language):
                yield page.fault("typed_in_a_choice", line, typed.words)
            if excluded & {claim.kind for claim in claims(word, language)}:
                yield page.fault("direction", line, word)
    for phrase in page.source.always:
        if len(phrase.split()) < 2:
            yield page.fault("one_word", value=phrase)
        elif not _phrase(phrase).search(page.text):
            yield page.fault("not_on_the_page", value=phrase)


def _as_read(page: Parsed) -> str:
    """Return the text of a page as readers see it: addresses, attributes and marks of divs blanked, positions kept."""
    lines = []
    for line in page.text.split("\n"):
        div = div_of(line)
        if div or line.startswith(":::"):
            question = div.question if div else ""
            line = f"{question:>{len(line)}}"[: len(line)]
        elif line.startswith("#"):
            line = re.sub(r"\{[^}]*\}\s*$", _blank, line)  # its id
        lines.append(_NO_PROSE.sub(_blank, line))
    text = _CODE.sub(_blank, "\n".join(lines))
    for phrase in page.source.always:  # an editor vouches for exactly these words
        text = _phrase(phrase).sub(_blank, text)
    return text


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _phrase(phrase: str) -> re.Pattern[str]:
    """Return a pattern for a phrase of `always:` in a parsed text, on one or more lines."""
    words = re.sub(r"\{\{.*?\}\}", PRINTED, phrase).split()
    return re.compile(r"\s+".join(map(re.escape, words)))


def _form(page: Parsed, *, box: bool) -> Iterator[InputError]:
    if box and not any("callout" in div.classes for _, div in page.divs):
        yield page.fault("no_box")
    if any(b > a + 1 for a, b in pairwise(page.headings)):
        yield page.fault("level")
    lines, seen = page.source.text.split("\n"), dict[str, int]()
    for n, div in page.divs:
        # two branches of an if may name the same sentence, since readers see only one
        if div.names_sentence and div.id in seen and not any(map(_BRANCH.match, lines[seen[div.id] : n])):
            yield page.fault("named_twice", n, div.id)
        if div.id:
            seen[div.id] = n


def _languages(pages: list[Parsed]) -> Iterator[InputError]:
    for page, other in zip(pages, pages[::-1], strict=True):
        uses: dict[str, int] = {} if other.faults else page.names
        only = [(name, line) for name, line in uses.items() if name not in other.names]
        only += [(name, line) for name, line in page.sentences.items() if name not in other.sentences]
        there = [replace(call, line=0) for call in other.calls]
        for call in page.calls:
            if replace(call, line=0) not in there:
                only.append((f"{call.function}({', '.join(call.arguments)})", call.line))
        for value, line in only:
            yield page.fault("one_language", line, value, other=other.source.file)
    if pages[0].headings != pages[1].headings:
        yield pages[0].fault("other_headings", other=pages[1].source.file)
