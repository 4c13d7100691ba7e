"""Render a staged project with Pandoc from its wheel: no other program, no network."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import jinja2
import pypandoc
import yaml

from osw_stats.errors import OswError
from osw_stats.report.graph.store import remembered, side_by_side
from osw_stats.report.site.stage import ASSETS, include

# raw HTML and TeX are off: text from data or sources can never become markup
READER = "markdown-raw_html-raw_tex-raw_attribute+pipe_tables+fenced_divs+bracketed_spans+link_attributes"
UI = {
    "nl": {"skip": "Direct naar de inhoud", "nav": "Hoofdmenu", "scroll": "Tabel, schuif opzij om alles te zien"},
    "en": {"skip": "Skip to content", "nav": "Main menu", "scroll": "Table, scroll sideways to see all"},
}  # fmt: skip


def render(staged: Path, language: str, out: Path) -> list[str]:
    """Render every page of `staged` into `out` and return the names of the pages.

    Raises
    ------
    OswError
        If Pandoc fails, or a link between pages leads nowhere.
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
    names = sorted(p.stem for p in staged.glob("*.qmd"))
    texts = {n: include((staged / f"{n}.qmd").read_text(encoding="utf-8"), staged) for n in names}
    bodies = side_by_side(lambda name: _body(texts[name], name, language), names)
    for name, body in zip(names, bodies, strict=True):
        text = texts[name]
        heading = re.search(r"^# (.+)$", text, flags=re.MULTILINE)
        if heading is None:
            raise OswError(f"pages: {name}.qmd has no title. Begin it with a line '# Title'.")
        page = template.render(
            language=language,
            lang=config["lang"],
            site=config["website"],
            title=heading[1],
            name=name,
            home=name == "index",
            links=[_entry(e) for e in config["website"]["navbar"]["left"]],
            other=_other(config["website"]["navbar"]["right"][0], name),
            ui=UI[language],
            body=body,
            # only the page with the calculator loads its script
            scripts=["what_if.js"] if 'id="what-if"' in body else [],
        )
        (out / f"{name}.html").write_text(page, encoding="utf-8", newline="\n")
    return names


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


@remembered("filter.lua")
def _body(text: str, name: str, language: str) -> str:
    here = Path(__file__).parent
    try:
        return str(
            pypandoc.convert_text(
                text, "html5", format=READER, sandbox=True,
                extra_args=[
                    f"--lua-filter={here / 'filter.lua'}", "--wrap=none", "--columns=100000", "--syntax-highlighting=none",
                    "-M", f"scroll={UI[language]['scroll']}",
                ],
            )
        )  # fmt: skip
    except RuntimeError as error:
        raise OswError(f"pages: Pandoc could not read {name}: {error}") from None


def _entry(entry: dict[str, str]) -> dict[str, str]:
    return {"href": re.sub(r"\.qmd$", ".html", entry["href"]), "text": entry["text"]}


def _other(entry: dict[str, str], name: str) -> dict[str, str]:
    """Point the language switch at the same page in the other language."""
    return {"href": entry["href"].replace("index.html", f"{name}.html"), "text": entry["text"]}


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True,
    )  # fmt: skip
