"""A figure in a page: its files, its picture and the links under it. Light to import."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from pathlib import Path

from osw_stats.report.harvest import PHONE, Item

WORDS: dict[str, dict[str, str]] = {
    "table": {"nl": "Cijfers als tabel", "en": "Figures as a table"},
    "say": {"nl": "Zin om over te nemen", "en": "Sentence to copy"},
    "made": {"nl": "Hoe is dit gemaakt?", "en": "How was this made?"},
}


def files(told: Item) -> dict[str, bytes]:
    """Return the drawings and the data of a figure, by file name."""
    made = {
        f"{told.name}.png": base64.b64decode(told.data["image/png"]),
        f"{told.name}.csv": told.facts["csv"].encode(),
    }
    for key, name in (("image/svg+xml", f"{told.name}.svg"), (PHONE, f"{told.name}-phone.svg")):
        if key in told.data:
            svg = told.data[key]
            text = svg if isinstance(svg, str) else "".join(svg)
            made[name] = text[text.index("<svg") :].encode()
    return made


def write_files(told: Item, folder: Path) -> None:
    """Write the drawings and the data of a figure into `folder`."""
    for name, content in files(told).items():
        (folder / name).write_bytes(content)


def image(told: Item, reference: str = "fig-") -> str:
    """Return the Markdown of a figure; `narrow` is its drawing for a phone."""
    alt = told.facts["alt"].replace('"', "”").replace("\\", "")
    caption = re.sub(r"([\[\]\\*_`<$@^~])", r"\\\1", told.facts["caption"])
    narrow = f' narrow="figures/{told.name}-phone.svg"' if PHONE in told.data else ""
    groups = _groups(told.facts.get("groups", ()))
    return f'![{caption}](figures/{told.name}.svg){{#{reference}{told.name} fig-alt="{alt}"{narrow}{groups}}}'


def _groups(groups: Sequence[Sequence[str]]) -> str:
    """Return as an attribute what `highlight.js` offers: names in the chart and heads of rows, two by two."""
    plain = [re.sub(r'["\\=|]', "", text) for pair in groups for text in pair]
    pairs = "|".join(f"{a}={b}" for a, b in zip(plain[::2], plain[1::2], strict=True))
    return f' groups="{pairs}"' if pairs else ""


def links(told: Item, language: str, *, paged: bool = True) -> str:
    """Return the line of links under a figure; without pages of figures only its files."""
    files = [f"[{kind.upper()}](figures/{told.name}.{kind})" for kind in ("csv", "svg", "png")]
    if paged:
        page = f"figure-{told.name}.qmd"
        files = [
            f"[{WORDS['table'][language]}]({page}#table)", f"[{WORDS['say'][language]}]({page}#say)",
            files[0], f"[metadata (JSON)](figures/{told.name}.json)", *files[1:],
            f"[{WORDS['made'][language]}]({page}#made)",
        ]  # fmt: skip
    return "::: {.links}\n" + " · ".join(files) + "\n:::"
