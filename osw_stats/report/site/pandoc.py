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
from osw_stats.report.graph.keys import code_of, digest
from osw_stats.report.graph.store import Store, kept
from osw_stats.report.site import search
from osw_stats.report.site.stage import ASSETS, include

# raw HTML and TeX are off: text from data or sources can never become markup; and words of a source keep their quotes
READER = (
    "markdown-smart-raw_html-raw_tex-raw_attribute+pipe_tables+fenced_divs+bracketed_spans+link_attributes"
)
HERE = Path(__file__).parent
FILTER = HERE / "filter.lua"
REFUSED = re.compile(r"^refused: (.*)$", re.MULTILINE)  # what the filter says when it stops
WORKERS = 2
UI: dict[str, dict[str, str]] = {
    "nl": {
        "skip": "Direct naar de inhoud", "announcement": "Over deze editie", "nav": "Hoofdmenu", "more": "Meer over dit rapport",
        "scroll": "Tabel {n}, schuif opzij om alles te zien", "search": "Zoeken", "search_label": "Zoek in dit rapport",
        "found": "{n} [n:plaats|plaatsen] gevonden", "pages": "Alle pagina’s",
        "noscript": "Zoeken werkt met JavaScript. Zonder JavaScript vindt u hieronder elke pagina.",
    },
    "en": {
        "skip": "Skip to content", "announcement": "About this edition", "nav": "Main menu", "more": "More about this report",
        "scroll": "Table {n}, scroll sideways to see all", "search": "Search", "search_label": "Search this report",
        "found": "{n} [n:place|places] found", "pages": "All pages",
        "noscript": "Search works with JavaScript. Without it every page is listed below.",
    },
}  # fmt: skip
ARGUMENTS = (
    "--from",
    READER,
    "--to",
    "html5",
    "--sandbox",
    "--wrap=none",
    "--columns=100000",
    "--syntax-highlighting=none",
)


def render(
    staged: Path, language: str, out: Path, *, store: Store | None = None, alone: bool = False
) -> list[str]:
    """Render every page of `staged` into `out` and return the names of the pages.

    Parameters
    ----------
    staged, language, out
        The staged project, its language and the folder to make.
    store
        Where bodies of earlier renders are kept, by all that goes into them; a page that did not
        change is taken from there. Nothing is kept when None.
    alone
        Whether this is one page away from its site: its menu keeps the main pages all the same.

    Raises
    ------
    OswError
        If Pandoc fails, or a page has no title.
    """
    config = configuration(staged, language)
    template = _environment().get_template("page.html")
    out.mkdir(parents=True, exist_ok=True)
    for name in ASSETS:
        if (staged / name).is_file():
            shutil.copyfile(staged / name, out / name)
    for folder in ("figures", "data"):
        if (staged / folder).is_dir():
            shutil.copytree(staged / folder, out / folder)
    texts, titles = {}, {}
    for path in sorted(staged.glob("*.qmd")):
        texts[path.stem] = text = include(path.read_text(encoding="utf-8"), staged)
        heading = re.search(r"^# (.+)$", text, flags=re.MULTILINE)
        if heading is None:
            raise OswError(f"pages: {path.name} has no title. Begin it with a line '# Title'.")
        titles[path.stem] = _words(heading[1])
    with ThreadPoolExecutor(WORKERS) as pool:  # the heaviest first, so that no worker ends alone
        order = sorted(texts, key=lambda name: (-len(texts[name]), name))
        converted = pool.map(lambda name: _body(texts[name], name, language, store), order)
        made = dict(zip(order, converted, strict=True))
    site = config["website"]
    for name in sorted(texts):
        page = template.render(
            language=language, lang=config["lang"], site=site, title=titles[name], name=name,
            home=name == "index", links=_entries(site["navbar"]["left"], None if alone else titles),
            more=_entries(site["page-footer"].get("left", []), titles),
            other=_other(site["navbar"]["right"][0], name), ui=UI[language], body=made[name][0],
            announcement=_announcement(site),
            scripts=_scripts(name, made[name][0]),
        )  # fmt: skip
        (out / f"{name}.html").write_text(page, encoding="utf-8", newline="\n")
    (out / "search-index.js").write_text(
        search.index({name: sections for name, (_, sections) in made.items()}), encoding="utf-8", newline="\n"
    )
    return sorted(texts)


def _announcement(site: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return what every page says on top: words, then a link with its address, and so on."""
    text = str(site.get("announcement", {}).get("content", ""))
    pieces = re.split(r"\[([^\]]*)\]\(([\w./#-]*)\)", text)
    return list(zip_longest(pieces[::3], pieces[1::3], pieces[2::3], fillvalue="")) if text else []


def _scripts(name: str, body: str) -> list[str]:
    """Return the scripts that a page has a use for; most have none."""
    needed = ["what_if.js"] if 'id="what-if"' in body else []
    needed += ["highlight.js"] if "data-groups=" in body else []
    if name == "search":
        needed += ["search-index.js", "search.js"]
    return needed + (["tables.js"] if "<table" in body else [])


def configuration(staged: Path, language: str) -> dict[str, Any]:
    """Return `_quarto.yml` with the profile of the language laid over it, as Quarto does."""
    base: Any = yaml.safe_load((staged / "_quarto.yml").read_text(encoding="utf-8"))
    over: Any = yaml.safe_load((staged / f"_quarto-{language}.yml").read_text(encoding="utf-8"))
    return _merge(base, over)


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(base.get(key), dict)
        merged[key] = _merge(base[key], value) if both else value
    return merged


def _body(text: str, name: str, language: str, store: Store | None) -> tuple[str, list[search.Entry]]:
    """Convert one page and list its sections for searching, or take both from what was kept."""
    scroll = UI[language]["scroll"]
    key = digest([name, text, scroll, *ARGUMENTS, code_of(FILTER, Path(search.__file__))])
    body, sections = kept(store, key, lambda: _converted(text, name, language))
    return body, sections


def _converted(text: str, name: str, language: str) -> tuple[str, list[search.Entry]]:
    scroll = UI[language]["scroll"]
    done = pandoc.run([*ARGUMENTS, f"--lua-filter={FILTER}", "-M", f"scroll={scroll}"], text)
    if done.returncode != 0:
        told = pandoc.told(done)
        if refused := REFUSED.search(told):
            raise OswError(
                f"pages: {language}/{name}.qmd: {refused[1]}. Mend the page, the notebook or the row the text comes from; "
                "a link starts with https, http, mailto or tel, or leads to a page of this site."
            )
        raise OswError(f"pages: Pandoc could not read {name}: {told}")
    body = done.stdout.decode("utf-8")
    return body, search.entries(name, body)


def _words(heading: str) -> str:
    """Return a title without its id and without the marks of Markdown."""
    return re.sub(r"\\(.)|[*`]", r"\1", re.sub(r"\s*\{#[^}]*\}\s*$", "", heading))


def _entries(entries: list[dict[str, str]], pages: dict[str, str] | None) -> list[dict[str, str]]:
    """Return the links of a menu, of those to pages only where the page is there (all when `pages` is None)."""
    there = [e for e in entries if pages is None or e["href"].removesuffix(".qmd") in pages]
    return [{"href": re.sub(r"\.qmd$", ".html", e["href"]), "text": e["text"]} for e in there]


def _other(entry: dict[str, str], name: str) -> dict[str, str]:
    """Point the language switch at the same page in the other language."""
    return {"href": entry["href"].replace("index.html", f"{name}.html"), "text": entry["text"]}


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True,
    )  # fmt: skip
