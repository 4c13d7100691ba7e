"""A figure in a page: its files, its picture and the links under it."""

from __future__ import annotations

import base64
import re
from pathlib import Path

from osw_stats.publish.contents import PHONE, Item
from osw_stats.publish.site.markdown import words


def svg(figure: Item, kind: str = "image/svg+xml") -> str:
    """Return a drawing of a figure."""
    text = figure.data[kind]
    return text if isinstance(text, str) else "".join(text)


def alt(figure: Item) -> str:
    """Return the alt text of a figure as an attribute can hold it."""
    return str(figure.facts["alt"]).replace('"', "”").replace("\\", "")


def files(figure: Item) -> dict[str, bytes]:
    """Return the drawings and the data of a figure, by file name."""
    made = {
        f"{figure.name}.png": base64.b64decode(figure.data["image/png"]),
        f"{figure.name}.csv": figure.facts["csv"].encode(),
    }
    for kind, name in (("image/svg+xml", f"{figure.name}.svg"), (PHONE, f"{figure.name}-phone.svg")):
        if kind in figure.data:
            text = svg(figure, kind)
            made[name] = text[text.index("<svg") :].encode()
    return made


def write_files(figure: Item, folder: Path) -> None:
    """Write the drawings and the data of a figure into `folder`."""
    for name, content in files(figure).items():
        (folder / name).write_bytes(content)


def image(figure: Item, reference: str = "fig-") -> str:
    """Return the Markdown of a figure; `narrow` is its drawing for a phone."""
    caption = re.sub(r"([\[\]\\*_`<$@^~])", r"\\\1", figure.facts["caption"])
    attributes = f'fig-alt="{alt(figure)}"'
    if PHONE in figure.data:
        attributes += f' narrow="figures/{figure.name}-phone.svg"'
    # what `highlight.js` offers: names in the chart and heads of rows, two by two
    groups = figure.facts.get("groups", ())
    pairs = "|".join("=".join(re.sub(r'["\\=|]', "", text) for text in pair) for pair in groups)
    if pairs:
        attributes += f' groups="{pairs}"'
    return f"![{caption}](figures/{figure.name}.svg){{#{reference}{figure.name} {attributes}}}"


def links(figure: Item, language: str, *, paged: bool = True) -> str:
    """Return the line of links under a figure; without pages of figures only its files."""
    csv, *drawings = [f"[{kind.upper()}](figures/{figure.name}.{kind})" for kind in ("csv", "svg", "png")]
    shown = [csv, *drawings]
    if paged:
        said = words("figure", language)
        table, say, made = (
            f"[{said[place]}](figure-{figure.name}.qmd#{place})" for place in ("table", "say", "made")
        )
        shown = [table, say, csv, f"[metadata (JSON)](figures/{figure.name}.json)", *drawings, made]
    return "::: {.links}\n" + " · ".join(shown) + "\n:::"
