"""The strict gate after rendering: what a renderer lets pass with a warning stops the build here."""

from __future__ import annotations

import hashlib
import html
import posixpath
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from osw_stats.errors import OswError
from osw_stats.report.graph.keys import code_of, digest
from osw_stats.report.graph.store import Store, kept

TAG = re.compile(r"<([A-Za-z][\w-]*)((?:\"[^\"]*\"|'[^']*'|[^>\"'])*)>")
ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
HIDDEN = re.compile(r"<(script|style|pre|code)\b(?:\"[^\"]*\"|[^>\"])*>.*?</\1>", re.DOTALL)
LEFT_OVER = (
    (re.compile(r"\?@\w|(?<![\w.])@(?:fig|tbl|eq|sec|thm)-\w"), "an unresolved reference"),
    (re.compile(r"\{\{(?:<|&lt;|\{)|^:::", re.MULTILINE), "marks of the source"),
    (re.compile(r"Traceback \(most recent call last\)|(?:Error|Exception): "), "the output of an error"),
)
LOADS = {"img": "src", "script": "src", "link": "href", "source": "srcset", "iframe": "src", "video": "src", "audio": "src", "embed": "src", "object": "data"}  # fmt: skip
RUNS = re.compile(r"^(javascript|data|vbscript):", re.IGNORECASE)


@dataclass(frozen=True)
class Page:
    """What the gate looks at: ids, addresses, and the problems found inside the page itself."""

    ids: frozenset[str]
    targets: tuple[str, ...]
    problems: tuple[str, ...]

    def plain(self) -> list[list[str]]:
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
        found += [f"{name}: {problem}" for problem in page.problems]
        found += [
            f"{name}: {target} leads nowhere"
            for target in page.targets
            if not _leads(name, target, pages, there)
        ]
    return found


def _kept(page: bytes, store: Store | None) -> Page:
    """Read a page, or take what was seen in the same bytes before."""
    key = digest(["gate", hashlib.sha256(page).hexdigest(), code_of(Path(__file__))])
    ids, targets, found = kept(store, key, lambda: read(page.decode("utf-8")).plain())
    return Page(frozenset(ids), tuple(targets), tuple(found))


def read(text: str) -> Page:
    """Read one page.

    Examples
    --------
    >>> read('<html lang="nl"><title>t</title><main><h1>a</h1><img src="x.svg"></main>').problems
    ('a picture without alt text: x.svg',)
    """
    found: list[str] = []
    ids: list[str] = []
    targets: list[str] = []
    heads = 0
    lang = ""
    for name, rest in TAG.findall(re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)):
        tag, given = name.lower(), _attributes(rest)
        heads += tag == "h1"
        lang = given.get("lang", "") if tag == "html" else lang
        if "id" in given:
            ids.append(given["id"])
        if tag == "img" and not given.get("alt", "").strip():
            found.append(f"a picture without alt text: {given.get('src', '')}")
        found += [f"an attribute that runs code: {key}" for key in given if key.startswith("on")]
        address = given.get(LOADS.get(tag, ""), "") if given.get("rel") != "alternate" else ""
        if address and (urlsplit(address).scheme or address.startswith("//")):
            found.append(f"a request to another host: {address}")
        for key in ("href", "src", "srcset"):
            if given.get(key):
                if RUNS.match(given[key].strip()):
                    found.append(f"a link that runs code: {given[key][:40]}")
                targets.append(given[key])
    found += [f"the id {i} stands {n} times" for i, n in Counter(ids).items() if n > 1]
    if heads != 1:
        found.append(f"{heads} main headings")
    if not lang:
        found.append("no language")
    if not re.search(r"<title>\s*[^<\s]", text):
        found.append("no title")
    words = TAG.sub(" ", HIDDEN.sub(" ", text))
    found += [f"{what}: “{hit[0]}”" for rule, what in LEFT_OVER if (hit := rule.search(words))]
    return Page(frozenset(ids), tuple(dict.fromkeys(targets)), tuple(found))


def _attributes(rest: str) -> dict[str, str]:
    return {
        key.lower(): html.unescape(double or single or bare)
        for key, double, single, bare in ATTRIBUTE.findall(rest)
    }


def _leads(here: str, target: str, pages: dict[str, Page], there: set[str]) -> bool:
    """Say whether an address inside the site leads to a file, and to a place in it."""
    parts = urlsplit(target)
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
