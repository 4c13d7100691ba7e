"""The files people take away: what each holds, and the lists of them on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from osw_stats.project import LANGUAGES
from osw_stats.text.language import number
from osw_stats.text.words import Text
from osw_stats.yamlfile import read_yaml

WORDS: Any = read_yaml(Path(__file__).with_name("listing.yml"))


def contents(results: Mapping[str, Text]) -> dict[str, Text]:
    """Return what every file holds, in the order of the page with downloads; `results` are the result tables."""
    result = {
        f"{name}.csv": {lang: WORDS["result"][lang].format(held[lang]) for lang in LANGUAGES}
        for name, held in results.items()
    }
    return {**WORDS["before"], **result, **WORDS["after"]}


def main_files(contents: Mapping[str, Text]) -> dict[str, Text]:
    """Return the files that most people want."""
    wanted = ("report-", "tables-", "datapackage.json", "catalog.jsonld", "citations.bib")
    return {name: held for name, held in contents.items() if name.startswith(wanted)}


def listed(folder: Path, prefix: str, language: str, contents: Mapping[str, Text]) -> str:
    """Return the list of files in `folder`, linked under `prefix`, with what each holds."""
    lines = []
    for pattern, held in contents.items():
        for path in sorted(folder.glob(pattern)):
            size = number(max(1, path.stat().st_size / 1000), language)
            lines.append(f"- [{path.name}]({prefix}{path.name}) ({size} kB): {held[language]}.")
    return "\n".join(lines) + "\n"
