"""A small staged report with text that tries to become markup. Its figures are made up."""

from pathlib import Path

import pytest

from osw_stats.draw.raster import png
from osw_stats.draw.style import canvas, svg_text
from osw_stats.meaning.observations import records
from osw_stats.publish.files.document import Report, report
from osw_stats.text.tables import escape
from osw_stats.text.words import QUESTIONS
from tests.cases import beside

CASES = beside(__file__)
HOSTILE = (*CASES["hostile"], "x" * 300)
ALT = 'Dots: "two" \\ #panic("alt") ] ) $x$ <b>'


def stage(folder: Path, *, texts=HOSTILE, alt: str = ALT, more: str = "") -> Path:
    """Write a staged project of all chapters, with one figure and one table of hostile text."""
    (folder / "figures").mkdir(parents=True)
    figure, axes = canvas(1.5, "Made up", "Simulated")
    axes.plot([1, 2], [1, 2])
    drawn = svg_text(figure)
    (folder / "figures" / "simulated.svg").write_text(drawn, encoding="utf-8")
    (folder / "figures" / "simulated.png").write_bytes(png(drawn))
    rows = "\n".join(f"| {escape(t)} | 1,5 (1,0–2,0) |" for t in texts)
    table = f"| What | Value |\n|:---|---:|\n{rows}\n\n: {escape(texts[0])}\n"
    quoted = alt.replace("\\", "\\\\").replace('"', '\\"')
    picture = f'![{escape(texts[0])}](figures/simulated.svg){{#fig-simulated fig-alt="{quoted}"}}'
    shown = "\n\n".join(escape(t) for t in texts)
    for name in ("index", *QUESTIONS):
        body = f"# Page {name}\n\n{shown}\n\n[to the trend](trend.qmd#part) and [data](data.qmd)\n\n[0800](tel:0800)\n\n## Part {{#part}}\n\n"
        body += f"{table if name == 'trend' else ''}\n\n{picture if name == 'prevalence' else ''}\n\n"
        body += "::: {.links}\n[SVG](figures/simulated.svg)\n:::\n\n::: {.card}\n## Card\n\ntext\n:::\n"
        (folder / f"{name}.qmd").write_text(body + (more if name == "claims" else ""), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def made(tables, tmp_path_factory) -> Report:
    """Return the report of a small staged project."""
    staged = stage(tmp_path_factory.mktemp("staged") / "nl")
    return report(tables.edition, records(tables.sources), staged, "nl")
