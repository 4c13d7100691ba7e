"""The strict gate after rendering: what a renderer lets pass with a warning stops the build here."""

from __future__ import annotations

import builtins
import hashlib
import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from platform import python_version
from typing import Any
from urllib.parse import unquote, urlsplit

from osw_stats.errors import OswError
from osw_stats.report.graph.keys import code_of, digest
from osw_stats.report.graph.store import Store, kept

SHOWN = frozenset({"script", "style", "pre", "code"})  # as it was written: marks and errors in it are meant
# an element that begins or ends a stretch of words; all others stand inside a line
BLOCK = re.compile(
    r"h[1-6r]|t(?:able|body|d|foot|h|head|itle|r)|d[dlt]|[ou]l|li|p|pre|br|div|main|body|section|script|style|caption"
    r"|fig(?:ure|caption)|blockquote|address|article|aside|details|summary|footer|header|head|nav|form|option|noscript|html"
)
# where a renderer leaves a line that it did not understand, and where it prints what a cell told: never in a table
LEFT_IN = frozenset({"p", "li", "div", "dd", "blockquote", "section", "main", "body", "figcaption"})
TOLD_IN = LEFT_IN - {"li", "dd", "blockquote", "figcaption"}
PYTHON = "|".join(
    name for name, what in sorted(vars(builtins).items())
    if isinstance(what, type) and issubclass(what, BaseException) and len(re.findall("[A-Z]", name)) > 1
)  # fmt: skip
REFERENCE = re.compile(r"(?<![\w./@?])\??@(?:fig|tbl|eq|sec|thm)-\w[\w-]*")
SHORTCODE = re.compile(r"\{\{<\s*/?[A-Za-z][^{}]*>\}\}|(?<![\w./])\?(?:meta|var):\w+")
FENCE = re.compile(r"^\s*:{3,}[ \t]*(?:\{[^}]*\}|[\w-]*[ \t]*:*[ \t]*$|\S.*[ \t]:{3,}[ \t]*$)", re.MULTILINE)
# a traceback goes on with the place of a line, or is all there is; a sentence about one is neither
TRACE = re.compile(
    r"Traceback \(most recent call last\):?(?=\s*(?:File \"|Cell In\s?\[|Input In ?\[|<ipython-input|[/~]\S*.{0,80}line \d))"
    r"|\A\s*Traceback \(most recent call last\):?\s*\Z|An Exception was encountered at .?In \[|\x1b\[[\d;]*m"
    rf"|\A\s*(?:(?:[a-z_]\w*\.)+[A-Z]\w*(?:Error|Exception)|{PYTHON}):\s"
)
FAILED = re.compile(
    r"\b(?:cell-output-(?:error|stderr)|output_(?:error|stderr)|papermill-error-cell|vnd\.jupyter\.(?:error|stderr))\b"
)
CANDIDATES = re.compile(r",(?=\s|$)|(?<=\d[wxh]),")  # of a srcset
TARGETS = frozenset(("href", "src", "srcset", "data", "poster", "action", "formaction", "xlink:href"))
LOADS = frozenset(("link", "image", "use", "base"))  # elements whose href is asked for, not followed
MAY_LEAD = re.compile(r"https?://[^/\s]+.*|mailto:[^@\s]+@[^@\s]+|tel:\+?\d+")


@dataclass(frozen=True)
class Page:
    """What the gate looks at: ids, addresses with their line, and the problems found inside the page itself."""

    ids: frozenset[str]
    targets: tuple[tuple[str, int], ...]
    problems: tuple[str, ...]

    def plain(self) -> list[list[Any]]:
        """Return the same as lists, for keeping."""
        return [sorted(self.ids), list(self.targets), list(self.problems)]


def require(site: Path, store: Store | None = None, beside: Iterable[str] = ()) -> None:
    """Pass when every page of a rendered site is whole.

    Parameters
    ----------
    site
        Folder of the site.
    store
        Where what was seen in pages is kept, by their bytes. Nothing is kept when None.
    beside
        Files outside this site that will stand where it is published, seen from its root.

    Raises
    ------
    OswError
        Otherwise; the message names every page and what is wrong with it (ten at most).
    """
    found = problems(site, store, beside)
    if found:
        more = f"\n({len(found) - 10} more)" if len(found) > 10 else ""
        raise OswError("the pages are not whole, so nothing was published:\n" + "\n".join(found[:10]) + more)


def problems(site: Path, store: Store | None = None, beside: Iterable[str] = ()) -> list[str]:
    """Return every problem of a rendered site, each with its page."""
    here = {path.relative_to(site).as_posix() for path in site.rglob("*")}
    there = {".", *here, *beside}
    pages = {
        name: _kept((site / name).read_bytes(), store) for name in sorted(here) if name.endswith(".html")
    }
    found = []
    for name, page in pages.items():
        found += [f"{name}, {problem}" for problem in page.problems]
        found += [
            f"{name}, line {line}: {target} leads nowhere"
            for target, line in page.targets
            if not _leads(name, target, pages, there)
        ]
    return found


def _kept(page: bytes, store: Store | None) -> Page:
    """Read a page, or take what was seen in the same bytes before."""
    made_by = [code_of(Path(__file__)), python_version()]  # a parser of another Python may see other things
    key = digest(["gate", hashlib.sha256(page).hexdigest(), *made_by])
    ids, targets, found = kept(store, key, lambda: read(page.decode("utf-8")).plain())
    return Page(frozenset(ids), tuple((target, line) for target, line in targets), tuple(found))


def read(text: str) -> Page:
    """Read one page.

    Examples
    --------
    >>> read('<html lang="nl"><title>t</title><main><h1>a</h1><img src="x.svg"></main>').problems
    ('line 1: a picture without alt text: x.svg',)
    """
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.page()


class _Reader(HTMLParser):
    """Walk through a page once, as a browser does: scripts and comments are no markup."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: dict[str, list[int]] = {}
        self.targets: dict[str, int] = {}
        self.found: list[tuple[int, str]] = []
        self.heads: list[int] = []
        self.language = self.title = False
        self.open: list[tuple[str, int]] = []  # code that has begun, and where
        self.block, self.words, self.begun = "body", "", 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        given = {key: value or "" for key, value in reversed(attrs)}  # of two, a browser takes the first
        self._between(tag)
        if tag in SHOWN:
            self.open.append((tag, line))
        if tag == "h1":
            self.heads.append(line)
        self.language = self.language or (tag == "html" and bool(given.get("lang", "").strip()))
        if "id" in given:
            self.ids.setdefault(given["id"], []).append(line)
        if tag == "img" and not given.get("alt", "").strip():
            self._fault(line, f"a picture without alt text: {given.get('src', '')}")
        if tag == "img" and "src" not in given:
            self._fault(line, "a picture without src")
        for key in given:
            if key.startswith("on") or key == "srcdoc":
                self._fault(line, f"an attribute that runs code: {key}")
        if tag == "a" and not {"href", "id", "name"} & set(given):
            self._fault(line, "a link without href")
        if "data-cites" in given:
            self._fault(line, f"an unresolved reference: “{given['data-cites']}”")
        if FAILED.search(" ".join(given.get(key, "") for key in ("class", "id", "data-mime-type"))):
            self._fault(line, "the output of an error: a cell that failed")
        for key in filter(TARGETS.__contains__, given):
            self._target(tag, key, given, line)

    def _target(self, tag: str, key: str, given: dict[str, str], line: int) -> None:
        """Look at what an attribute leads to or asks for; `srcset` holds several."""
        rel = given.get("rel", "").lower().split()
        asked = key in ("src", "srcset", "data", "poster") or (
            tag in LOADS and not {"alternate", "canonical"} & set(rel)
        )
        for part in CANDIDATES.split(given[key]) if key == "srcset" else [given[key]]:
            target = part.split()[0] if key == "srcset" and part.split() else part.strip()
            bare = re.sub(r"[\x00-\x20]", "", target)  # a browser passes these over
            if not bare:
                self._fault(line, f"an empty {key}: <{tag}>")
                continue
            scheme = re.match(r"([A-Za-z][\w+.-]*):", bare)
            if scheme and scheme[1].lower() in ("javascript", "data", "vbscript"):
                self._fault(line, f"a link that runs code: {target[:40]}")
            elif asked and (scheme or bare.startswith(("//", "\\\\"))):
                self._fault(line, f"a request to another host: {target}")
            elif scheme and not MAY_LEAD.fullmatch(bare):
                self._fault(line, f"an address that cannot be followed: {target}")
            else:
                self.targets.setdefault(target, line)

    def handle_endtag(self, tag: str) -> None:
        self._between(tag, "div")
        at = next((n for n in range(len(self.open) - 1, -1, -1) if self.open[n][0] == tag), None)
        if at is not None:
            del self.open[at]

    def handle_data(self, data: str) -> None:
        if not self.words:
            self.begun = self.getpos()[0]
        # code inside a line is passed over, and does not make a new line of what follows
        self.words += "\ufffc" if [tag for tag, _ in self.open] == ["code"] else data

    def _between(self, tag: str, block: str = "") -> None:
        """Look at the words of one stretch where it ends: before or after an element that stands by itself."""
        if not BLOCK.fullmatch(tag):
            return
        words, self.words = self.words, ""
        self.title = self.title or (self.block == "title" and bool(words.strip()))
        rules: list[tuple[re.Pattern[str], str]] = []
        if not self.open:
            rules = [(REFERENCE, "an unresolved reference"), (SHORTCODE, "marks of the source")]
            rules += [(FENCE, "marks of the source")] if self.block in LEFT_IN else []
        if self._told(words):
            rules.append((TRACE, "the output of an error"))
        for rule, what in rules:
            if hit := rule.search(words):
                at = hit.end() - len(hit[0].lstrip())
                self._fault(self.begun + words.count("\n", 0, at), f"{what}: “{hit[0].strip()}”")
        self.block = block or tag

    def _told(self, words: str) -> bool:
        """Say whether words may be what a cell told; an example of code says how it was called."""
        if self.open:
            return self.open[0][0] == "pre" and ">>>" not in words
        return self.block in TOLD_IN

    def _fault(self, line: int, what: str) -> None:
        self.found.append((line, what))

    def page(self) -> Page:
        """Return what was seen, faults of the page as a whole last."""
        self._between("body")
        found = sorted(dict.fromkeys(self.found), key=lambda fault: fault[0])
        found += [
            (lines[1], f"the id {i} stands {len(lines)} times")
            for i, lines in self.ids.items()
            if len(lines) > 1
        ]
        found += [(line, f"a <{tag}> that never ends") for tag, line in self.open]
        if len(self.heads) != 1:
            found.append((self.heads[1] if self.heads else 1, f"{len(self.heads)} main headings"))
        if not self.language:
            found.append((1, "no language"))
        if not self.title:
            found.append((1, "no title"))
        return Page(
            frozenset(self.ids),
            tuple(self.targets.items()),
            tuple(f"line {line}: {what}" for line, what in found),
        )


def _leads(here: str, target: str, pages: dict[str, Page], there: set[str]) -> bool:
    """Say whether an address inside the site leads to a file, and to a place in it."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    if parts.scheme or target.startswith("//"):
        return True
    path = (
        posixpath.normpath(posixpath.join(posixpath.dirname(here), unquote(parts.path)))
        if parts.path
        else here
    )
    if path not in there:
        return False
    return not parts.fragment or path not in pages or unquote(parts.fragment) in pages[path].ids
