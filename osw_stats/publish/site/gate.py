"""The strict check after rendering: faults that a renderer only warns about stop the build here."""

import builtins
import hashlib
import posixpath
import re
from collections.abc import Iterable
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from platform import python_version
from urllib.parse import unquote, urlsplit

from osw_stats.errors import OswError
from osw_stats.kept.keys import code_of, digest
from osw_stats.kept.store import Store, kept

SHOWN = frozenset({"script", "style", "pre", "code"})  # verbatim: marks and errors in it are intended
# elements that begin or end a block of text; all others are inline
BLOCK = re.compile(
    r"h[1-6r]|t(?:able|body|d|foot|h|head|itle|r)|d[dlt]|[ou]l|li|p|pre|br|div|main|body|section|script|style|caption"
    r"|fig(?:ure|caption)|blockquote|address|article|aside|details|summary|footer|header|head|nav|form|option|noscript|html"
)
# where a renderer leaves a line it did not understand, and where it prints the output of a cell: never in a table
LEFT_IN = frozenset({"p", "li", "div", "dd", "blockquote", "section", "main", "body", "figcaption"})
TOLD_IN = LEFT_IN - {"li", "dd", "blockquote", "figcaption"}
PYTHON = "|".join(
    name
    for name, what in sorted(vars(builtins).items())
    if isinstance(what, type) and issubclass(what, BaseException) and len(re.findall("[A-Z]", name)) > 1
)
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
RUNS = re.compile(r"on|srcdoc$")  # attributes
CANDIDATES = re.compile(r",(?=\s|$)|(?<=\d[wxh]),")  # of a srcset
LOADED = frozenset(("src", "srcset", "data", "poster"))  # attributes that load a file
TARGETS = LOADED | {"href", "action", "formaction", "xlink:href"}
LOADS = frozenset(("link", "image", "use", "base"))  # elements whose href is loaded, not followed
MAY_LEAD = re.compile(r"https?://[^/\s]+.*|mailto:[^@\s]+@[^@\s]+|tel:\+?\d+")
Page = tuple[list[str], list[tuple[str, int]], list[str]]  # ids, addresses with their line, problems inside


def require(site: Path, store: Store | None = None, neighbours: Iterable[str] = ()) -> None:
    """Check that every page of a rendered site is sound; `neighbours` are other paths that will exist, relative to its root."""
    if wrong := problems(site, store, neighbours):
        more = f"\n({len(wrong) - 10} more)" if len(wrong) > 10 else ""
        faults = f"{len(wrong)} fault{'s' * (len(wrong) > 1)}"
        problem = f"the pages are not whole ({faults}), so nothing was published:"
        raise OswError("\n".join([problem, *wrong[:10]]) + more)


def problems(site: Path, store: Store | None = None, neighbours: Iterable[str] = ()) -> list[str]:
    """Return every problem of a rendered site, each with its page."""
    there = {".", *neighbours, *(path.relative_to(site).as_posix() for path in site.rglob("*"))}
    seen = look(sorted(site.rglob("*.html")), store)
    pages = {path.relative_to(site).as_posix(): page for path, page in seen.items()}
    ids = {name: set(page[0]) for name, page in pages.items()}
    wrong = []
    for name, (_, targets, inside) in pages.items():
        wrong += [f"{name}, {problem}" for problem in inside]
        dead = [(target, line) for target, line in targets if not _leads(name, target, ids, there)]
        wrong += [f"{name}, line {line}: {target} leads nowhere" for target, line in dead]
    return wrong


def look(paths: Iterable[Path], store: Store | None = None) -> dict[Path, Page]:
    """Return the contents of each of these pages, kept by their bytes."""
    checker = [code_of(Path(__file__)), python_version()]  # the parser of another Python may differ
    pages: dict[Path, Page] = {}
    for path in paths:
        content = path.read_bytes()
        key = digest(["gate", hashlib.sha256(content).hexdigest(), *checker])
        pages[path] = kept(store, key, partial(read, content.decode("utf-8")))
    return pages


def _leads(here: str, target: str, ids: dict[str, set[str]], there: set[str]) -> bool:
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    if parts.scheme or target.startswith("//"):
        return True
    path = posixpath.normpath(posixpath.join(posixpath.dirname(here), unquote(parts.path)))
    path = path if parts.path else here
    fragment = unquote(parts.fragment)
    return path in there and (not fragment or path not in ids or fragment in ids[path])


def read(text: str) -> Page:
    """Return the ids of a page, its addresses, and the problems inside it."""
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
        self.faults: dict[tuple[int, str], None] = {}
        self.heads: list[int] = []
        self.language = self.title = False
        self.open: list[tuple[str, int]] = []  # open code elements, with their lines
        self.block, self.words, self.begun = "body", "", 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        attributes = {key: value or "" for key, value in reversed(attrs)}  # of two, a browser takes the first
        self._end_of_words(tag)
        if tag in SHOWN:
            self.open.append((tag, line))
        if tag == "h1":
            self.heads.append(line)
        if "id" in attributes:
            self.ids.setdefault(attributes["id"], []).append(line)
        self.language = self.language or (tag == "html" and bool(attributes.get("lang", "").strip()))
        marks = " ".join(attributes.get(key, "") for key in ("class", "id", "data-mime-type"))
        source, cited, alt = (attributes.get(key, "") for key in ("src", "data-cites", "alt"))
        faults = {f"an attribute that runs code: {key}": RUNS.match(key) for key in attributes} | {
            f"a picture without alt text: {source}": tag == "img" and not alt.strip(),
            "a picture without src": tag == "img" and "src" not in attributes,
            "a link without href": tag == "a" and not {"href", "id", "name"} & set(attributes),
            f"an unresolved reference: “{cited}”": "data-cites" in attributes,
            "the output of an error: a cell that failed": FAILED.search(marks),
        }
        self.faults |= {(line, fault): None for fault, there in faults.items() if there}
        for key in filter(TARGETS.__contains__, attributes):
            rel = set(attributes.get("rel", "").lower().split())
            loaded = key in LOADED or (tag in LOADS and not {"alternate", "canonical"} & rel)
            for part in CANDIDATES.split(attributes[key]) if key == "srcset" else [attributes[key]]:
                target = part.split()[0] if key == "srcset" and part.split() else part.strip()
                if fault := _fault(target, loaded, f"an empty {key}: <{tag}>"):
                    self.faults[line, fault] = None
                else:
                    self.targets.setdefault(target, line)

    def handle_endtag(self, tag: str) -> None:
        self._end_of_words(tag, "div")
        index = next((n for n in range(len(self.open) - 1, -1, -1) if self.open[n][0] == tag), None)
        if index is not None:
            del self.open[index]

    def handle_data(self, data: str) -> None:
        if not self.words:
            self.begun = self.getpos()[0]
        # inline code is skipped, without starting a new line
        self.words += "\ufffc" if [tag for tag, _ in self.open] == ["code"] else data

    def _end_of_words(self, tag: str, block: str = "") -> None:
        """Check the words of one block at its end: before or after a block element."""
        if not BLOCK.fullmatch(tag):
            return
        words, self.words = self.words, ""
        self.title = self.title or (self.block == "title" and bool(words.strip()))
        rules: list[tuple[re.Pattern[str], str]] = []
        if not self.open:
            rules = [(REFERENCE, "an unresolved reference"), (SHORTCODE, "marks of the source")]
            rules += [(FENCE, "marks of the source")] if self.block in LEFT_IN else []
        # the output of a cell is in a block of code; an example of code shows its call
        if self.open[0][0] == "pre" and ">>>" not in words if self.open else self.block in TOLD_IN:
            rules.append((TRACE, "the output of an error"))
        for rule, what in rules:
            if hit := rule.search(words):
                start = hit.end() - len(hit[0].lstrip())
                line = self.begun + words.count("\n", 0, start)
                self.faults[line, f"{what}: “{hit[0].strip()}”"] = None
        self.block = block or tag

    def page(self) -> Page:
        """Return what was seen, with faults of the page as a whole last."""
        self._end_of_words("body")
        faults = sorted(self.faults, key=lambda fault: fault[0])
        faults += [(n[1], f"the id {i} stands {len(n)} times") for i, n in self.ids.items() if len(n) > 1]
        faults += [(line, f"a <{tag}> that never ends") for tag, line in self.open]
        if len(self.heads) != 1:
            faults.append(([1, *self.heads][:3][-1], f"{len(self.heads)} main headings"))
        faults += [(1, f"no {what}") for what in ("language", "title") if not getattr(self, what)]
        return list(self.ids), list(self.targets.items()), [f"line {line}: {what}" for line, what in faults]


def _fault(target: str, loaded: bool, empty: str) -> str:
    """Return the fault in an address that a page links to or, if `loaded`, loads."""
    bare = re.sub(r"[\x00-\x20]", "", target)  # a browser ignores these
    scheme = re.match(r"([A-Za-z][\w+.-]*):", bare)
    if not bare:
        return empty
    if scheme and scheme[1].lower() in ("javascript", "data", "vbscript"):
        return f"a link that runs code: {target[:40]}"
    if loaded and (scheme or bare.startswith(("//", "\\\\"))):
        return f"a request to another host: {target}"
    if scheme and not MAY_LEAD.fullmatch(bare):
        return f"an address that cannot be followed: {target}"
    return ""
