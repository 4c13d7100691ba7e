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

from osw_stats.draw import OCHRE, TEAL
from osw_stats.draw.raster import DOTS_A_POINT, fonts, png
from osw_stats.draw.style import canvas, source_line, style, svg_text
from osw_stats.errors import OswError

SHEET = '<svg xmlns="http://www.w3.org/2000/svg" width="300pt" height="40pt" viewBox="0 0 300 40">{}</svg>'
WORD = "<text x='20' y='30' style=\"font-size: 20px; font-family: 'DejaVu Sans'; {}\">Één: 1,5%</text>"


def dots(picture: bytes) -> np.ndarray:
    """Return the dots as red, green and blue from 0 to 255, on white."""
    opened = Image.open(io.BytesIO(picture)).convert("RGBA")
    white = Image.new("RGBA", opened.size, "white")
    return np.asarray(Image.alpha_composite(white, opened))[..., :3].astype(float)


@pytest.fixture(scope="module")
def figure():
    """A made-up chart with what our charts have: words, lines, dots, a band."""
    with style():
        drawn, axes = canvas(2, "Titel van een grafiek", "Wat is geteld, per jaar")
        for colour, mark in ((TEAL, "o"), (OCHRE, "s")):
            axes.plot([0, 1, 2], [1, 3, 2], color=colour, lw=2, marker=mark, mfc="white")
        axes.fill_between([0, 1, 2], [0, 2, 1], [2, 4, 3], color=TEAL, alpha=0.2)
        source_line(drawn, "Bron: verzonnen")
    return drawn


@pytest.mark.parametrize(("css", "weight"), [("", "normal"), ("font-weight: 700", "bold")])
def test_words_are_as_wide_as_matplotlib_measures(css, weight):
    columns = np.flatnonzero((dots(png(SHEET.format(WORD.format(css)))) < 128).any(axis=(0, 2)))
    font = FontProperties(family="DejaVu Sans", weight=weight)
    box = TextPath((20, 30), "Één: 1,5%", size=20, prop=font).get_extents()
    assert (columns[0], columns[-1]) == pytest.approx((DOTS_A_POINT * box.x0, DOTS_A_POINT * box.x1), abs=1.5)


def test_size_and_colour_are_those_of_the_drawing():
    picture = png(SHEET.format(f'<rect width="150" height="40" fill="{TEAL}"/>'))
    assert Image.open(io.BytesIO(picture)).info["dpi"] == pytest.approx((144, 144), abs=0.1)
    shown = dots(picture)
    assert shown.shape == (40 * DOTS_A_POINT, 300 * DOTS_A_POINT, 3)
    assert (shown[:, :299] == [int(TEAL[at : at + 2], 16) for at in (1, 3, 5)]).all()
    assert (shown[:, 301:] == 255).all()


def test_a_chart_looks_as_matplotlib_draws_it(figure):
    with style():
        figure.savefig(wanted := io.BytesIO(), format="png", dpi=72 * DOTS_A_POINT)
    theirs, ours = dots(wanted.getvalue()), dots(png(svg_text(figure)))
    assert np.abs(np.subtract(theirs.shape, ours.shape)).max() <= 1
    height, width = (min(a, b) // 8 for a, b in zip(theirs.shape[:2], ours.shape[:2], strict=True))
    # letters fall between dots here and on dots there, so small blocks are compared
    whole = (p[: height * 8, : width * 8].reshape(height, 8, width, 8, 3) for p in (theirs, ours))
    first, second = (255 - p.mean(axis=(1, 3)) for p in whole)
    assert first.sum() == pytest.approx(second.sum(), rel=0.05)
    assert np.corrcoef(first.ravel(), second.ravel())[0, 1] > 0.97


def test_same_drawing_same_bytes_in_any_process_and_thread(figure):
    drawing = svg_text(figure)
    code = "import sys; from osw_stats.draw.raster import png; sys.stdout.buffer.write(png(sys.stdin.read()))"
    command = [sys.executable, "-c", code]
    other = subprocess.run(command, input=drawing.encode(), capture_output=True, check=True).stdout
    assert other == png(drawing) != png(drawing.replace("Titel", "Ander"))
    drawings = [SHEET.format(f'<rect width="{n}" height="9"/>') for n in range(1, 9)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(png, drawings)) == [png(drawing) for drawing in drawings]


def test_no_font_of_the_machine_is_used_and_no_drawing_is_refused():
    assert "DejaVu Sans" in fonts().families()
    assert all(font.path is None or "mpl-data" in font.path for font in fonts().fonts())
    with pytest.raises(OswError, match="chart: Typst cannot read the drawing"):
        png("<p>no drawing</p>")
