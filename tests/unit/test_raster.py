"""The picture of dots of a chart, held against matplotlib's own drawing of the same chart."""

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath
from PIL import Image

from osw_stats.errors import OswError
from osw_stats.report.charts.raster import DOTS_A_POINT, fonts, png
from osw_stats.report.charts.style import OCHRE, TEAL, canvas, pickable, source_line, style, svg_text

SHEET = '<svg xmlns="http://www.w3.org/2000/svg" width="300pt" height="40pt" viewBox="0 0 300 40">{}</svg>'
WORD = "<text x='20' y='30' style=\"font-size: 20px; font-family: 'DejaVu Sans', Verdana, sans-serif; {}\">Één: 1,5%</text>"


def dots(picture: bytes) -> np.ndarray:
    """Return the dots as red, green and blue from 0 to 255, on white."""
    opened = Image.open(io.BytesIO(picture)).convert("RGBA")
    white = Image.new("RGBA", opened.size, "white")
    return np.asarray(Image.alpha_composite(white, opened))[..., :3].astype(float)


def chart():
    """Return a made-up chart with what our charts have: words, lines, dots, a band, groups."""
    figure, axes = canvas(2, "Titel van een grafiek", "Wat is geteld, per jaar")
    with style():
        lines = [
            axes.plot([0, 1, 2], [1, 3, 2], color=colour, lw=2, marker=mark, mfc="white")
            for colour, mark in ((TEAL, "o"), (OCHRE, "s"))
        ]
        axes.fill_between([0, 1, 2], [0, 2, 1], [2, 4, 3], color=TEAL, alpha=0.2)
        axes.annotate("2,5", (1, 3), xytext=(6, 0), textcoords="offset points")
        source_line(figure, "Bron: verzonnen")
    for place, group in enumerate(lines):
        pickable(place, group)
    return figure


def test_as_wide_as_matplotlib_measures():
    for css, weight in (("", "normal"), ("font-weight: 700", "bold")):
        picture = dots(png(SHEET.format(WORD.format(css))))
        columns = np.flatnonzero((picture < 128).any(axis=(0, 2)))
        box = TextPath(
            (20, 30), "Één: 1,5%", size=20, prop=FontProperties(family="DejaVu Sans", weight=weight)
        ).get_extents()
        assert columns[0] == pytest.approx(DOTS_A_POINT * box.x0, abs=1.5)
        assert columns[-1] == pytest.approx(DOTS_A_POINT * box.x1, abs=1.5)


def test_size_and_colour():
    picture = dots(png(SHEET.format(f'<rect width="150" height="40" fill="{TEAL}"/>')))
    assert picture.shape == (40 * DOTS_A_POINT, 300 * DOTS_A_POINT, 3)
    assert (picture[:, :299] == [int(TEAL[at : at + 2], 16) for at in (1, 3, 5)]).all()
    assert (picture[:, 301:] == 255).all()


def test_looks_as_matplotlib_draws_it():
    figure = chart()
    with style():
        figure.savefig(wanted := io.BytesIO(), format="png", dpi=72 * DOTS_A_POINT)
    theirs, ours = dots(wanted.getvalue()), dots(png(svg_text(figure)))
    height, width = (min(a, b) for a, b in zip(theirs.shape[:2], ours.shape[:2], strict=True))
    assert np.abs(np.subtract(theirs.shape, ours.shape)).max() <= 1
    # letters fall between dots here and on dots there, so small blocks are compared
    blocks = [
        255
        - p[: height // 8 * 8, : width // 8 * 8].reshape(height // 8, 8, width // 8, 8, 3).mean(axis=(1, 3))
        for p in (theirs, ours)
    ]
    assert blocks[0].sum() == pytest.approx(blocks[1].sum(), rel=0.05)
    assert np.corrcoef(blocks[0].ravel(), blocks[1].ravel())[0, 1] > 0.97


def test_same_drawing_same_bytes():
    drawing = svg_text(chart())
    made = png(drawing)
    code = "import sys; from osw_stats.report.charts.raster import png; sys.stdout.buffer.write(png(sys.stdin.read()))"
    other = subprocess.run(
        [sys.executable, "-c", code], input=drawing.encode(), capture_output=True, check=True
    )
    assert other.stdout == made
    assert png(drawing.replace("Titel", "Ander")) != made


def test_as_large_as_the_drawing_in_a_document():
    opened = Image.open(io.BytesIO(png(SHEET.format(""))))
    assert opened.size == (600, 80)
    assert opened.info["dpi"] == pytest.approx((144, 144), abs=0.1)


def test_several_at_once():
    drawings = [SHEET.format(f'<rect width="{n}" height="9"/>') for n in range(1, 9)]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(png, drawings))
    assert made == [png(drawing) for drawing in drawings]
    assert len(set(made)) == 8


def test_no_font_of_the_machine():
    assert "DejaVu Sans" in fonts().families()
    assert all(font.path is None or "mpl-data" in font.path for font in fonts().fonts())


def test_no_drawing():
    with pytest.raises(OswError, match="chart: Typst cannot read the drawing"):
        png("<p>no drawing</p>")
