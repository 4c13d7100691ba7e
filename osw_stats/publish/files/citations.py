"""How to cite an edition and each of its figures: CSL JSON, and BibTeX made of it.

No date of publication is made up: the edition and its as-of date say which report it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from osw_stats.data.editions import Edition
from osw_stats.publish.contents import Pages, items, told_in
from osw_stats.publish.files.document import title
from osw_stats.publish.files.identity import Identity

TEX = {mark: f"\\{mark}" for mark in "{}&%$#_"} | {
    "\n": " ",
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def citations(edition: Edition, pages: Pages, who: Identity, language: str) -> Iterator[dict[str, Any]]:
    """Yield the edition, then every figure of it, as CSL JSON."""
    folder, key = edition.from_root(language), f"osw_stats_{edition.year}_{language}"
    note = f"Edition {edition.year}, figures public on {edition.as_of.isoformat()}"
    whole = {
        "id": key,
        "type": "report",
        "title": title(edition, language),
        "author": [{"literal": who.publisher}],
        "version": who.version,
        "edition": str(edition.year),
        "note": note,
    }
    yield whole | _url(who, folder)
    for name, page in told_in(language, pages).items():
        for item in items(page):
            if item.kind == "figure":
                figure = {
                    "id": f"{key}_{re.sub(r'[^a-z0-9]+', '_', item.name)}",
                    "type": "graphic",
                    "title": item.facts["caption"],
                    "note": f"Figure {item.name}. {note}",
                    "container-title": whole["title"],
                }
                yield whole | figure | _url(who, f"{folder}{name}.html#fig-{item.name}")


def _url(who: Identity, path: str) -> dict[str, str]:
    return {"URL": who.address(path)} if who.site else {}


def bibtex(citation: dict[str, Any]) -> str:
    """Return a citation as a BibTeX entry; whatever stands in a title is escaped for TeX."""
    fields = {
        "author": f"{{{_tex(citation['author'][0]['literal'])}}}",
        "title": f"{{{_tex(citation['title'])}}}",
        "version": _tex(citation["version"]),
        "note": _tex(citation["note"]),
    }
    if "URL" in citation:
        fields["url"] = re.sub(r"[{}\\\s]", "", citation["URL"])
    lines = ",\n".join(f"  {key} = {{{value}}}" for key, value in fields.items())
    return f"@misc{{{citation['id']},\n{lines}\n}}\n"


def _tex(text: str) -> str:
    return "".join(TEX.get(mark, mark) for mark in text)


def write_citations(edition: Edition, pages: Pages, who: Identity, out: Path) -> None:
    """Write `citations.bib` and `citations.json` for the edition and all figures, in all its languages."""
    found = [citation for lang in edition.languages for citation in citations(edition, pages, who, lang)]
    texts = {
        "citations.bib": "\n".join(map(bibtex, found)),
        "citations.json": json.dumps(found, ensure_ascii=False, indent=1) + "\n",
    }
    for name, text in texts.items():
        (out / name).write_text(text, encoding="utf-8", newline="\n")
