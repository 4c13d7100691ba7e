"""The search index: every section of every page, as a script, since a page from disk may not fetch data."""

from __future__ import annotations

import html
import json
import re

HEADING = re.compile(r"<h([1-3])((?:[^>\"]|\"[^\"]*\")*)>(.*?)</h\1>", re.DOTALL)
IDENT = re.compile(r'\bid="([^"]+)"')
Entry = list[str]  # address, page title, heading, words
LONGEST = 3000  # characters of one section: enough to find it by its numbers


def plain(markup: str) -> str:
    """Return the words of HTML, without code.

    Examples
    --------
    >>> plain("<p>5,2 <em>procent</em></p><pre>x = 1</pre>")
    '5,2 procent'
    """
    markup = re.sub(r"<(pre|script|style)\b.*?</\1>", " ", markup, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", markup))).strip()


def entries(name: str, body: str) -> list[Entry]:
    """Return the sections of one page: address, page title, heading, words."""
    heads = list(HEADING.finditer(body))
    if not heads:
        return []
    title = plain(heads[0][3])
    found = []
    for at, head in enumerate(heads):
        end = heads[at + 1].start() if at + 1 < len(heads) else len(body)
        ident = IDENT.search(head[2]) or IDENT.search(body[max(0, head.start() - 200) : head.start()])
        place = f"#{ident[1]}" if ident and head[1] != "1" else ""
        words = plain(body[head.end() : end])
        for start in range(0, max(len(words), 1), LONGEST):
            found.append([f"{name}.html{place}", title, plain(head[3]), words[start : start + LONGEST]])
    return found


def index(sections: dict[str, list[Entry]]) -> str:
    """Return the script that holds the index of all pages; `sections` by page, as `entries` lists them."""
    rows = [row for name in sorted(sections) if name != "search" for row in sections[name]]
    # "</" would end a script element if the index were ever set into a page
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return f"window.oswSearch = {text};\n"
