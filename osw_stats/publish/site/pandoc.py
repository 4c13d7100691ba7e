"""Render a staged project with Pandoc from its wheel: no other program, no network."""

from __future__ import annotations

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from pathlib import Path
from typing import Any

import jinja2
import yaml

from osw_stats import pandoc
from osw_stats.errors import OswError
from osw_stats.kept.keys import code_of, digest
from osw_stats.kept.store import Store, kept
from osw_stats.publish.site import search
from osw_stats.publish.site.markdown import words
from osw_stats.publish.site.stage import ASSETS, TITLE, include

# raw HTML and TeX are off: text from data or sources can never become markup; and words of a source keep their quotes
READER = (
    "markdown-smart-raw_html-raw_tex-raw_attribute+pipe_tables+fenced_divs+bracketed_spans+link_attributes"
)
HERE = Path(__file__).parent
FILTER = HERE / "filter.lua"
REFUSED = re.compile(r"^refused: (.*)$", re.MULTILINE)  # what the filter says when it stops
WORKERS = 2
ARGUMENTS = (
    f"--from={READER} --to=html5 --sandbox --wrap=none --columns=100000 --syntax-highlighting=none".split()
)


def render(
    staged: Path, language: str, out: Path, *, store: Store | None = None, alone: bool = False
) -> list[str]:
    """Render every page of `staged` into `out` and return the names of the pages.

    Bodies of pages that did not change are taken from `store`. `alone`: one page away from its site, whose menu
    keeps the main pages all the same.
    """
    out.mkdir(parents=True, exist_ok=True)
    for name in ASSETS:
        if (staged / name).is_file():
            shutil.copyfile(staged / name, out / name)
    for folder in ("figures", "data"):
        if (staged / folder).is_dir():
            shutil.copytree(staged / folder, out / folder)
    texts = {
        path.stem: include(path.read_text(encoding="utf-8"), staged) for path in sorted(staged.glob("*.qmd"))
    }
    titles = {name: _title(name, text) for name, text in texts.items()}
    with ThreadPoolExecutor(WORKERS) as pool:  # the heaviest first, so that no worker ends alone
        order = sorted(texts, key=lambda name: (-len(texts[name]), name))
        converted = pool.map(lambda name: _body(texts[name], name, language, store), order)
        made = dict(zip(order, converted, strict=True))
    config = _configuration(staged, language)
    site = config["website"]
    template = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    ).get_template("page.html")
    common = {
        "language": language,
        "lang": config["lang"],
        "site": site,
        "ui": words("page", language),
        "links": _menu(site["navbar"]["left"], None if alone else titles),
        "more": _menu(site["page-footer"].get("left", []), titles),
        "announcement": _announcement(site),
    }
    for name, (body, _) in made.items():
        other = site["navbar"]["right"][0]  # the same page in the other language
        other = other | {"href": other["href"].replace("index.html", f"{name}.html")}
        page = {"name": name, "title": titles[name], "body": body, "home": name == "index", "other": other}
        _write(out / f"{name}.html", template.render(common | page, scripts=_scripts(name, body)))
    sections = {name: entries for name, (_, entries) in made.items()}
    _write(out / "search-index.js", search.index(sections))
    return list(texts)


def _title(name: str, text: str) -> str:
    """Return the title of a page without its id and without the marks of Markdown."""
    heading = TITLE.search(text)
    if heading is None:
        raise OswError(f"pages: {name}.qmd has no title. Begin it with a line '# Title'.")
    return re.sub(r"\\(.)|[*`]", r"\1", heading[1])


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _announcement(site: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return what every page says on top: words, then a link with its address, and so on."""
    text = str(site.get("announcement", {}).get("content", ""))
    pieces = re.split(r"\[([^\]]*)\]\(([\w./#-]*)\)", text)
    return list(zip_longest(pieces[::3], pieces[1::3], pieces[2::3], fillvalue="")) if text else []


def _scripts(name: str, body: str) -> list[str]:
    """Return the scripts that a page has a use for; most have none."""
    uses = {
        "what_if.js": 'id="what-if"' in body,
        "highlight.js": "data-groups=" in body,
        "search-index.js": name == "search",
        "search.js": name == "search",
        "tables.js": "<table" in body,
    }
    return [script for script, used in uses.items() if used]


def _configuration(staged: Path, language: str) -> dict[str, Any]:
    """Return `_quarto.yml` with the profile of the language laid over it, as Quarto does."""
    base, over = (
        yaml.safe_load((staged / name).read_text(encoding="utf-8"))
        for name in ("_quarto.yml", f"_quarto-{language}.yml")
    )
    return _merge(base, over)


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    both = {
        key: _merge(base[key], value)
        for key, value in over.items()
        if isinstance(value, dict) and key in base
    }
    return base | over | both


def _body(text: str, name: str, language: str, store: Store | None) -> tuple[str, list[search.Entry]]:
    """Convert one page and list its sections for searching, or take both from what was kept."""
    scroll = words("page", language)["scroll"]

    def convert() -> tuple[str, list[search.Entry]]:
        done = pandoc.run([*ARGUMENTS, f"--lua-filter={FILTER}", "-M", f"scroll={scroll}"], text)
        told = pandoc.told(done)
        if done.returncode and (refused := REFUSED.search(told)):
            raise OswError(
                f"pages: {language}/{name}.qmd: {refused[1]}. Mend the page, the notebook or the row the text comes from; "
                "a link starts with https, http, mailto or tel, or leads to a page of this site."
            )
        if done.returncode:
            raise OswError(f"pages: Pandoc could not read {name}: {told}")
        body = done.stdout.decode("utf-8")
        return body, search.entries(name, body)

    key = digest([name, text, scroll, *ARGUMENTS, code_of(FILTER, Path(search.__file__))])
    body, sections = kept(store, key, convert)
    return body, sections


def _menu(entries: list[dict[str, str]], pages: dict[str, str] | None) -> list[dict[str, str]]:
    """Return the links of a menu, of those to pages only where the page is there (all when `pages` is None)."""
    there = [e for e in entries if pages is None or e["href"].removesuffix(".qmd") in pages]
    return [{"href": re.sub(r"\.qmd$", ".html", e["href"]), "text": e["text"]} for e in there]
