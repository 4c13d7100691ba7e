"""How to cite an edition and each of its figures: CSL JSON, and BibTeX that Pandoc makes of it.

No date of publication is made up: the edition and its as-of date say which report it is.
"""

import json
import re
from pathlib import Path
from typing import Any

from osw_stats import pandoc
from osw_stats.data.editions import Edition
from osw_stats.publish.contents import Pages, items, told_in
from osw_stats.publish.identity import Identity
from osw_stats.yamlfile import read_yaml

WORDS: Any = read_yaml(Path(__file__).with_name("words.yml"))


def title(edition: Edition, language: str) -> str:
    """Return the title of a report, with the year reported on."""
    return f"{WORDS['report']['title'][language]} {edition.year}"


def write_citations(edition: Edition, pages: Pages, who: Identity, out: Path) -> None:
    """Write `citations.bib` and `citations.json` for the edition and all figures, in all its languages."""
    cited = [citation for lang in edition.languages for citation in _citations(edition, pages, who, lang)]
    # Pandoc escapes for TeX; in a title of any other language it would write capitals
    plain = json.dumps([citation | {"language": "nl"} for citation in cited])
    made = pandoc.run(["--from=csljson", "--to=bibtex", "--wrap=none"], plain)
    (out / "citations.bib").write_bytes(made.stdout)
    (out / "citations.json").write_bytes((json.dumps(cited, ensure_ascii=False, indent=1) + "\n").encode())


def _citations(edition: Edition, pages: Pages, who: Identity, language: str) -> list[dict[str, Any]]:
    folder, key = edition.from_root(language), f"osw_stats_{edition.year}_{language}"
    note = f"Edition {edition.year}, figures public on {edition.as_of.isoformat()}, osw_stats {who.version}"
    whole = {
        "id": key,
        "type": "report",
        "title": title(edition, language),
        "author": [{"literal": who.publisher}],
        "version": who.version,
        "edition": str(edition.year),
        "note": note,
    }
    cited, places = [whole], [folder]
    for name, page in told_in(language, pages).items():
        for item in (item for item in items(page) if item.kind == "figure"):
            figure = {
                "id": f"{key}_{re.sub(r'[^a-z0-9]+', '_', item.name)}",
                "type": "graphic",
                "title": item.facts["caption"],
                "note": f"Figure {item.name}. {note}",
                "container-title": whole["title"],
            }
            cited.append(whole | figure)
            places.append(f"{folder}{name}.html#fig-{item.name}")
    if not who.site:
        return cited
    return [each | {"URL": who.address(place)} for each, place in zip(cited, places, strict=True)]
