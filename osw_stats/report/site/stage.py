"""Assemble the source of a site in one language: plain pages that both renderers read.

A staged folder is a complete Quarto project without code to execute: `_quarto.yml`, its
language profile, one `.qmd` a page, the figures and the downloads.
"""

from __future__ import annotations

import base64
import re
import shutil
from pathlib import Path

from osw_stats.errors import OswError
from osw_stats.report.harvest import Item, Notebook, item
from osw_stats.report.unpublished import told_cells

ASSETS = ("site.css", "what_if.js")  # what every page may use
CONFIG = ("_quarto.yml", "_quarto-nl.yml", "_quarto-en.yml")
RERUN = {
    "nl": (
        "## Zelf draaien\n\nDeze pagina is het notebook `notebooks/{name}.ipynb`. Zo draait u het opnieuw:\n\n"
        "```bash\n.venv/bin/osw run {name} -p edition {year} -p language nl\n```\n"
    ),
    "en": (
        "## Run it yourself\n\nThis page is the notebook `notebooks/{name}.ipynb`. To run it again:\n\n"
        "```bash\n.venv/bin/osw run {name} -p edition {year} -p language en\n```\n"
    ),
}
LINKS = {"nl": "Afbeelding", "en": "Picture"}


def stage(
    root: Path,
    year: int,
    executed: dict[str, Notebook],
    pieces: dict[str, str],
    processed: Path,
    language: str,
    out: Path,
) -> None:
    """Write the staged project of one language to `out`.

    Parameters
    ----------
    root, year
        Project folder and edition.
    executed
        The executed notebooks, by name.
    pieces
        What is made from tables and results (`report.pieces`), by name.
    processed
        Folder of the machine-readable tables; the Dutch site carries them in `data/`.
    """
    out.mkdir(parents=True)
    for name in CONFIG:
        shutil.copyfile(root / name, out / name)
    for name in ASSETS:
        shutil.copyfile(Path(__file__).with_name(name), out / name)
    if language == "nl":
        shutil.copytree(processed, out / "data")
    for name, text in pieces.items():
        _write(out / f"_{name}.md", text)
    for page in sorted((root / "pages" / language).glob("*.qmd")):
        shutil.copyfile(page, out / page.name)
    (out / "figures").mkdir()
    for name, notebook in executed.items():
        text = page_text(notebook, language, out / "figures")
        _write(out / f"{name}.qmd", text + "\n" + RERUN[language].format(name=name, year=year))


def page_text(notebook: Notebook, language: str, figures: Path) -> str:
    """Return the Markdown of an executed notebook in one language; figures go to `figures`.

    Markdown cells tagged with another language are left out, code is not shown, and of
    outputs only what the notebook told on purpose.
    """
    parts = []
    for cell in told_cells(notebook, language):
        if cell["cell_type"] == "markdown":
            parts.append(_source(cell))
        for output in cell.get("outputs", []):
            told = item(output)
            if told is not None:
                parts.append(_figure(told, figures) if told.kind == "figure" else _text(told))
    return "\n\n".join(parts) + "\n"


def _figure(told: Item, figures: Path) -> str:
    """Write the SVG and PNG of a figure and return the Markdown that shows them."""
    svg = told.data["image/svg+xml"]
    text = svg if isinstance(svg, str) else "".join(svg)
    _write(figures / f"{told.name}.svg", text[text.index("<svg") :])
    (figures / f"{told.name}.png").write_bytes(base64.b64decode(told.data["image/png"]))
    alt = told.facts["alt"].replace('"', "”").replace("\\", "")
    caption = re.sub(r"([\[\]\\*_`])", r"\\\1", told.facts["caption"])
    links = f"{LINKS[told.facts['language']]}: [SVG](figures/{told.name}.svg), [PNG](figures/{told.name}.png)"
    return f'![{caption}](figures/{told.name}.svg){{#fig-{told.name} fig-alt="{alt}"}}\n\n::: {{.links}}\n{links}\n:::'


def _text(told: Item) -> str:
    text = told.data["text/markdown"]
    return text if isinstance(text, str) else "".join(text)


def _source(cell: dict[str, object]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)  # type: ignore[arg-type]


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def include(text: str, folder: Path) -> str:
    """Carry out the include shortcodes of a page, as Quarto does.

    Raises
    ------
    OswError
        If the file named is not in the staged folder.
    """

    def replace(found: re.Match[str]) -> str:
        path = folder / found[1]
        if path.parent != folder or not path.is_file():
            raise OswError(f"pages: {found[0]} names a file that is not there. Mend the page.")
        return path.read_text(encoding="utf-8")

    return re.sub(r"\{\{<\s*include\s+(\S+)\s*>\}\}", replace, text)
