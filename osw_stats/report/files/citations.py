"""How to cite an edition and each of its figures: BibTeX and CSL JSON.

No date of publication is made up: the edition and its as-of date say which report it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osw_stats.report.editions import Edition
from osw_stats.report.files.identity import Identity
from osw_stats.report.files.report import title
from osw_stats.report.harvest import Pages, items

TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
} | {mark: f"\\{mark}" for mark in "&%$#_"}  # fmt: skip


@dataclass(frozen=True)
class Work:
    """Something to cite: its key, its title and where it stands on the site."""

    key: str
    title: str
    path: str
    figure: str = ""


def works(edition: Edition, pages: Pages, language: str) -> Iterator[Work]:
    """Yield the edition, then every figure of it, in the language given."""
    year = edition.year
    folder = edition.from_root(language)
    yield Work(f"osw_stats_{year}_{language}", title(edition, language), folder)
    for (notebook, told_in), page in pages.items():
        for item in items(page) if told_in == language else ():
            if item.kind == "figure":
                key = f"osw_stats_{year}_{language}_{re.sub(r'[^a-z0-9]+', '_', item.name)}"
                yield Work(key, item.facts["caption"], f"{folder}{notebook}.html#fig-{item.name}", item.name)


def bibtex(work: Work, edition: Edition, identity: Identity) -> str:
    """Return a BibTeX entry.

    Raises nothing: whatever stands in a title is escaped for TeX.
    """
    fields = {
        "author": f"{{{_tex(identity.publisher)}}}",
        "title": f"{{{_tex(work.title)}}}",
        "version": _tex(identity.version),
        "note": _tex(_note(work, edition)),
    }
    if identity.site:
        fields["url"] = re.sub(r"[{}\\\s]", "", identity.address(work.path))
    lines = ",\n".join(f"  {key} = {{{value}}}" for key, value in fields.items())
    return f"@misc{{{work.key},\n{lines}\n}}\n"


def csl(work: Work, edition: Edition, identity: Identity) -> dict[str, Any]:
    """Return a CSL JSON item."""
    year = edition.year
    told = {
        "id": work.key,
        "type": "graphic" if work.figure else "report",
        "title": work.title,
        "author": [{"literal": identity.publisher}],
        "version": identity.version,
        "edition": str(year),
        "note": _note(work, edition),
    }
    if work.figure:
        told["container-title"] = title(edition, work.key.split("_")[3])
    if identity.site:
        told["URL"] = identity.address(work.path)
    return told


def write_citations(edition: Edition, pages: Pages, identity: Identity, out: Path) -> list[Path]:
    """Write `citations.bib` and `citations.json` for the edition and all figures, both languages."""
    found = [work for lang in edition.languages for work in works(edition, pages, lang)]
    bib = "\n".join(bibtex(work, edition, identity) for work in found)
    text = json.dumps([csl(work, edition, identity) for work in found], ensure_ascii=False, indent=1)
    paths = [out / "citations.bib", out / "citations.json"]
    for path, content in zip(paths, (bib, text + "\n"), strict=True):
        path.write_text(content, encoding="utf-8", newline="\n")
    return paths


def _note(work: Work, edition: Edition) -> str:
    told = f"Edition {edition.year}, figures public on {edition.as_of.isoformat()}"
    return f"Figure {work.figure}. {told}" if work.figure else told


def _tex(text: str) -> str:
    r"""Escape text for TeX.

    Examples
    --------
    >>> print(_tex("50% of A_b {c} \\input"))
    50\% of A\_b \{c\} \textbackslash{}input
    """
    return "".join(TEX.get(mark, mark) for mark in text.replace("\n", " "))
