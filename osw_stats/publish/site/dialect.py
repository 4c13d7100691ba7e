"""The Markdown that both renderers read alike; anything else is refused by page, line and name.

Why: text of data that slipped through unescaped, and what only one of the two renderers
understands, must stop before rendering. Quarto would carry raw HTML out, Pandoc would drop it.
"""

import re
import unicodedata
from functools import partial
from pathlib import Path

from osw_stats.errors import OswError
from osw_stats.kept.keys import code_of, digest
from osw_stats.kept.store import Store, kept
from osw_stats.yamlfile import read_yaml

CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
_FILE = Path(__file__).with_name("dialect.yml")
RULES = [(re.compile(pattern), fault) for pattern, fault in read_yaml(_FILE)]
IMAGE = re.compile(r"(?<!\\)!\[(?:[^\]\\]|\\.)*\]\([^)]*\)(\{(?:[^}\"]|\"[^\"]*\")*\})?")
REFERENCE = re.compile(r"(?<![\w\\.])@(fig|tbl|eq|sec|thm)-[\w-]+")
# these change the reading order of a line, so that its meaning can differ from its appearance
TURNS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def require(folder: Path, store: Store | None = None) -> None:
    """Check that every page and piece of a staged folder keeps to the dialect."""
    code = code_of(Path(__file__), _FILE)
    for path in sorted([*folder.glob("*.qmd"), *folder.glob("_*.md")]):
        text, page = path.read_text(encoding="utf-8"), path.suffix == ".qmd"
        key = digest(["dialect", text, page, code])
        if wrong := kept(store, key, partial(problems, text, page=page)):
            line, fault = wrong[0]
            more = f" ({len(wrong) - 1} more in this file)" if len(wrong) > 1 else ""
            raise OswError(
                f"pages: {path.name}, line {line}: {fault}{more}. Both renderers must read a page alike; "
                "mend the page, the notebook or the row the text comes from."
            )


def problems(text: str, *, page: bool = True) -> list[tuple[int, str]]:
    """Return the violations of the dialect, with their lines; a `page` must have a title as well."""
    wrong: list[tuple[int, str]] = []
    fence, divs, titles, number = "", 0, 0, 0
    for number, line in enumerate(text.splitlines(), start=1):
        odd = "" if line.isprintable() else line  # rare, and printable lines need no check
        turns = {c for c in odd if c in TURNS or (unicodedata.category(c) == "Cc" and c != "\t")}
        names = [unicodedata.name(c, f"U+{ord(c):04X}") for c in sorted(turns)]
        wrong += [(number, f"the control character {name}") for name in names]
        mark = re.match(r"(`{3,}|~{3,})(.*)$", line)
        if mark and not fence:
            fence = mark[1]
            if re.match(r"\s*\{(?!\.)", mark[2]):
                wrong.append((number, "a cell to be executed"))
        elif fence:
            fence = "" if line.strip() == fence else fence
        else:
            plain = CODE.sub("", line)
            bare = re.sub(r'="[^"]*"', '=""', plain)  # an attribute, such as an alt text, holds no markup
            wrong += [(number, fault) for rule, fault in RULES if rule.search(bare)]
            pictures = [i[1] or "" for i in IMAGE.finditer(plain)]
            wrong += [
                (number, "a picture without fig-alt") for i in pictures if not re.search('fig-alt="[^"]+"', i)
            ]
            for r in REFERENCE.finditer(bare):
                if not re.search(rf"#{re.escape(r[0][1:])}\b", text):
                    wrong.append((number, f"the reference {r[0]} to something that is not on this page"))
            if line.startswith(":::"):
                divs += 1 if line.strip(": ") else -1
            titles += line.startswith("# ")
    if fence:
        wrong.append((number, "a block of code that never ends"))
    if divs:
        wrong.append((number, "a block (:::) that never ends, or ends twice"))
    if page and titles != 1:
        wrong.append((1, f"{titles} titles (lines that begin with one #)"))
    return wrong
