"""Render a staged project with Pandoc from its wheel, and index it for searching: no other program, no network."""

import html
import json
import re
import shutil
from collections.abc import Collection, Sequence
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path
from typing import Any

from osw_stats import pandoc
from osw_stats.errors import OswError
from osw_stats.kept.keys import code_of, digest
from osw_stats.kept.store import Store, kept_all
from osw_stats.publish.site.markdown import templates, words
from osw_stats.publish.site.stage import ASSETS, LATER, TITLE, include
from osw_stats.yamlfile import read_yaml

# raw HTML and TeX are off: text from data or sources can never become markup; and words of a source keep their quotes
READER = (
    "markdown-smart-raw_html-raw_tex-raw_attribute+pipe_tables+fenced_divs+bracketed_spans+link_attributes"
)
HERE = Path(__file__).parent
FILTER = HERE / "filter.lua"
REFUSED = re.compile(r"^refused: (.*)$", re.MULTILINE)  # the message of the filter when it stops
HEADING = re.compile(r"<h([1-3])((?:[^>\"]|\"[^\"]*\")*)>(.*?)</h\1>", re.DOTALL)
IDENT = re.compile(r'\bid="([^"]+)"')
HELP = "_help.json"  # of a staged project: the help organisations
DESCRIBED = 200  # characters of the description of a page, for links to it
LONGEST = 3000  # characters of one section of the index: enough to find it by its numbers
# by the markup that needs them; the search page has two more (page.html)
SCRIPTS = {"what_if.js": 'id="what-if"', "highlight.js": "data-groups=", "tables.js": "<table"}
Entry = list[str]  # address, page title, heading, words


def render(
    staged: Path, language: str, out: Path, *, store: Store | None = None, alone: bool = False
) -> list[str]:
    """Render every page of `staged` into `out` and return the names of the pages."""
    # Bodies of unchanged pages are taken from `store`. `alone`: a single page outside its site, whose menu
    # still has the main pages.
    out.mkdir(parents=True, exist_ok=True)
    for name in ASSETS:
        if (staged / name).is_file():
            shutil.copyfile(staged / name, out / name)
    for folder in ("figures", "data"):
        if (staged / folder).is_dir():
            shutil.copytree(staged / folder, out / folder)
    texts = {name: include(text, staged) for name, text in _written(staged).items()}
    titles = {}
    for name, text in texts.items():
        heading = TITLE.search(text)
        if heading is None:
            raise OswError(f"pages: {name}.qmd has no title. Begin it with a line '# Title'.")
        titles[name] = re.sub(r"\\(.)|[*`]", r"\1", heading[1])  # without the marks of Markdown
    bodies = bodies_of(texts, language, store)
    frame = _frame(settings(staged, language), language, titles, alone=alone)
    helpers = json.loads((staged / HELP).read_text(encoding="utf-8")) if (staged / HELP).is_file() else []
    frame |= {"helpers": helpers, "first_help": helpers[:3]}  # on top of every page
    environment = templates(HERE, autoescape=True)
    template, embed = (environment.get_template(f"{kind}.html") for kind in ("page", "embed"))
    for name, (body, _) in bodies.items():
        other = frame["site"]["navbar"]["right"][0]  # the same page in the other language
        other = other | {"href": other["href"].replace("index.html", f"{name}.html")}
        page = {"name": name, "title": titles[name], "body": body, "home": name == "index", "other": other}
        # the preview picture in links to the page: that of its first figure
        cards = (f"figures/{n}-card.png" for n in re.findall(r'src="figures/([\w-]+)\.svg"', body))
        page["card"] = next((card for card in cards if (out / card).is_file()), "")
        page["description"] = _description(body) or frame["site"]["description"]
        scripts = [script for script, mark in SCRIPTS.items() if mark in body]

        (out / f"{name}.html").write_bytes(template.render(frame | page, scripts=scripts).encode())
        # for embedding in other websites
        figure = re.search(r"<figure\b.*?</figure>", body, re.DOTALL)
        if name.startswith("figure-") and figure:
            bare = embed.render(frame | page, figure=figure[0])
            (out / f"embed-{name.removeprefix('figure-')}.html").write_bytes(bare.encode())
    (out / "search-index.js").write_bytes(search_index({n: rows for n, (_, rows) in bodies.items()}).encode())
    return list(texts)


def warm(staged: Path, language: str, store: Store, chapters: Collection[str] = ()) -> None:
    """Convert and keep every complete page of `staged`, for the rendering of all pages later."""
    # the trees of `chapters` are kept too: the report needs them, and Pandoc takes longer to read than to write
    texts = {}
    for name, text in _written(staged).items():
        with suppress(OswError):  # a part may come later; if not, that is reported when all are rendered
            if not any(later in text for later in LATER):
                texts[name] = include(text, staged)
    bodies_of(texts, language, store, {texts[name] for name in chapters if name in texts})


def trees(texts: Sequence[str], store: Store | None = None) -> list[str]:
    """Return the Pandoc trees of texts in JSON, from the store if a page was made of them."""

    def parse(places: list[int]) -> list[str]:
        results = pandoc.convert([(texts[index], {}) for index in places], READER, "json", None)
        if lost := [why for fine, why, _ in results if not fine]:
            raise OswError(f"pages: Pandoc could not read a page: {lost[0]}")
        return [tree for _, tree, _ in results]

    return kept_all(store, list(map(_tree_key, texts)), parse)


def _tree_key(text: str) -> str:
    return digest(["tree", text, READER, code_of(pandoc.SCRIPT)])


def _written(staged: Path) -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(staged.glob("*.qmd"))}


def _frame(config: dict[str, Any], language: str, titles: dict[str, str], *, alone: bool) -> dict[str, Any]:
    """Return the common frame of all pages: menus, announcement, words and, if there is one, the address."""
    site = config["website"]
    below = f"{language}/" if site["navbar"]["right"][0]["href"].startswith("../") else ""
    announcement = str(site.get("announcement", {}).get("content", ""))
    linked = re.split(r"\[([^\]]*)\]\(([\w./#-]*)\)", announcement) if announcement else []
    return {
        "language": language,
        "lang": config["lang"],
        "site": site,
        "address": f"{site['site-url'].rstrip('/')}/{below}" if site.get("site-url") else "",
        "ui": words("page", language),
        "links": _menu(site["navbar"]["left"], None if alone else titles),
        "more": _menu(site["page-footer"].get("left", []), titles),
        # words, then a link with its address, and so on
        "announcement": list(zip_longest(linked[::3], linked[1::3], linked[2::3], fillvalue="")),
    }


def settings(staged: Path, language: str) -> dict[str, Any]:
    """Return the settings of a staged project with the profile of a language laid over them, as Quarto does."""

    def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
        both = {k: merged(base[k], part) for k, part in over.items() if isinstance(part, dict) and k in base}
        return base | over | both

    base, profile = staged / "_quarto.yml", staged / f"_quarto-{language}.yml"
    over = read_yaml(profile) if profile.is_file() else {}  # `quarto.prepare` makes one file of both
    return merged(read_yaml(base), over)


def _menu(entries: list[dict[str, Any]], pages: dict[str, str] | None) -> list[dict[str, Any]]:
    """Return the links of a menu; links to pages only if the page exists (all when `pages` is None)."""
    shown: list[dict[str, Any]] = []
    for e in entries:
        if "menu" in e:
            below = _menu(e["menu"], pages)
            shown += [{"text": e["text"], "menu": below}] if below else []
        elif pages is None or e["href"].removesuffix(".qmd") in pages:
            shown.append({"href": re.sub(r"\.qmd$", ".html", e["href"]), "text": e["text"], "menu": []})
    return shown


def _description(body: str) -> str:
    """Return the one-line description of a page: its answer, the words of its figure, or its first paragraph."""
    seen = re.search(r'<h2 id="seen">.*?(<p>.*?</p>)', body, re.DOTALL)
    answer = re.search(r'<div class="answer">(.*?)</div>', body, re.DOTALL)
    paragraph = re.search(r"<p>(.*?)</p>", (answer or seen or ["", body])[1], re.DOTALL)
    text = _plain(paragraph[1]) if paragraph else ""
    return text if len(text) <= DESCRIBED else text[:DESCRIBED].rpartition(" ")[0] + " …"


def bodies_of(
    texts: dict[str, str], language: str, store: Store | None = None, with_tree: Collection[str] = ()
) -> dict[str, tuple[str, list[Entry]]]:
    """Convert pages and list the sections of each for searching, or take both from the store."""
    # the trees of texts `with_tree` are kept as well
    scroll, code = words("page", language)["scroll"], code_of(FILTER, Path(__file__), pandoc.SCRIPT)
    pages = list(texts.items())

    def make(places: list[int]) -> list[tuple[str, list[Entry]]]:
        new = [pages[index] for index in places]
        documents = [(text, {"scroll": scroll}) for _, text in new]
        bodies = []
        results = pandoc.convert(documents, READER, "html5", FILTER, with_tree)
        for (name, text), (fine, body, tree) in zip(new, results, strict=True):
            if store and tree:
                store.write(_tree_key(text), tree)
            bodies.append(_body(name, language, fine, body))
        return bodies

    keys = [digest([name, text, scroll, code]) for name, text in pages]
    return dict(zip(texts, kept_all(store, keys, make), strict=True))


def _body(name: str, language: str, fine: bool, body: str) -> tuple[str, list[Entry]]:
    if fine:
        return body, search_entries(name, body)
    if not (refused := REFUSED.search(body)):
        raise OswError(f"pages: Pandoc could not read {name}: {body}")
    raise OswError(
        f"pages: {language}/{name}.qmd: {refused[1]}. Mend the page, the notebook or the row the text comes from; "
        "a link starts with https, http, mailto or tel, or leads to a page of this site."
    )


def search_entries(name: str, body: str) -> list[Entry]:
    """Return the sections of one page: address, page title, heading, words."""
    heads = list(HEADING.finditer(body))
    ends = [*(head.start() for head in heads[1:]), len(body)]
    entries = []
    for head, end in zip(heads, ends, strict=False):
        ident = IDENT.search(head[2]) or IDENT.search(body[max(0, head.start() - 200) : head.start()])
        place = f"#{ident[1]}" if ident and head[1] != "1" else ""
        text = _plain(body[head.end() : end])
        for start in range(0, max(len(text), 1), LONGEST):
            title, heading = _plain(heads[0][3]), _plain(head[3])
            entries.append([f"{name}.html{place}", title, heading, text[start : start + LONGEST]])
    return entries


def _plain(markup: str) -> str:
    markup = re.sub(r"<(pre|script|style)\b.*?</\1>", " ", markup, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", markup))).strip()


def search_index(sections: dict[str, list[Entry]]) -> str:
    """Return the search index of all pages as a script, since a page from disk may not fetch data."""
    rows = [row for name in sorted(sections) if name != "search" for row in sections[name]]
    # "</" would end a script element if the index were ever set into a page
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return f"window.oswSearch = {text};\n"
