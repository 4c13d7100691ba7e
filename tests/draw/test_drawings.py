"""A drawing is the same whatever matplotlib is told elsewhere, and its picture of dots is matplotlib's own of the chart."""

import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import matplotlib as mpl
import matplotlib.style
import numpy as np
import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath
from PIL import Image

from osw_stats.draw import OCHRE, TEAL
from osw_stats.draw.raster import DOTS_A_POINT, fonts, png
from osw_stats.draw.style import STYLE, canvas, source_line, style, svg_text
from osw_stats.errors import OswError
from tests.conftest import PROJECT

SHEET = '<svg xmlns="http://www.w3.org/2000/svg" width="300pt" height="40pt" viewBox="0 0 300 40">{}</svg>'
RC = ("axes.facecolor: yellow\nfont.size: 30\n", "no such: thing\nbackend: none\n", "\xff\xfe")
PLACES = {"variable": "rc", "home": "home/.config/matplotlib/matplotlibrc", "folder": "folder/matplotlibrc"}
CODE = "import sys; from osw_stats.surroundings import fix_variables; fix_variables(); sys.path.append(sys.argv[1])\n"
CODE += "from tests.draw.test_drawings import drawn, svg_text; sys.stdout.write(svg_text(drawn()))"
WORD = "<text x='20' y='30' style=\"font-size: 20px; font-family: 'DejaVu Sans'; {}\">Één: 1,5%</text>"


def dots(picture: bytes) -> np.ndarray:
    """Return the dots as red, green and blue from 0 to 255, on white."""
    opened = Image.open(io.BytesIO(picture)).convert("RGBA")
    white = Image.new("RGBA", opened.size, "white")
    return np.asarray(Image.alpha_composite(white, opened))[..., :3].astype(float)


def drawn():
    """Draw a made-up chart with what our charts have: words, lines, dots, a band, bars."""
    with style():
        figure, axes = canvas(2, "Titel van een grafiek", "Wat is geteld, per jaar")
        for colour, mark in ((TEAL, "o"), (OCHRE, "s")):
            axes.plot([0, 1, 2], [1, 3, 2], color=colour, lw=2, marker=mark, mfc="white", label=mark)
        axes.fill_between([0, 1, 2], [0, 2, 1], [2, 4, 3], color=TEAL, alpha=0.2)
        axes.bar([0, 1, 2], [1, 1, 1], yerr=0.2)
        axes.legend()
        source_line(figure, "Bron: verzonnen")
    return figure


@pytest.fixture(scope="module")
def plain():
    """The drawing as text, where matplotlib has no settings but its own."""
    with mpl.rc_context():
        mpl.rcdefaults()
        return svg_text(drawn())


def test_settings_of_every_style_there_is_change_nothing(plain):
    for settings in matplotlib.style.library.values():
        with mpl.rc_context():
            mpl.rcParams.update(settings)
            mpl.rcParams["svg.hashsalt"] = STYLE["svg.hashsalt"]  # a user may have set that one as we do
            before = dict(mpl.rcParams)
            assert svg_text(drawn()) == plain
            assert dict(mpl.rcParams) == before  # and the user's own charts stay his


# matplotlib reads the one of the working folder before anybody can say otherwise: notebooks run in the project's own
@pytest.mark.parametrize(("place", "rc"), [c for c in product(PLACES, RC) if c != ("folder", RC[2])])
def test_a_file_of_settings_changes_nothing(plain, tmp_path, place, rc):
    """From the process on, as a notebook is run: also where the file cannot be read."""
    for path in PLACES.values():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / PLACES[place]).write_text(rc, encoding="latin-1")
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home"), "PYTHONPATH": str(PROJECT)}
    env |= {"MATPLOTLIBRC": str(tmp_path / "rc")} if place == "variable" else {}
    command, folder = [sys.executable, "-c", CODE, str(PROJECT)], tmp_path / "folder"
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, check=False)
    assert done.stdout == plain


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


def test_a_chart_looks_as_matplotlib_draws_it(plain):
    with style():
        drawn().savefig(wanted := io.BytesIO(), format="png", dpi=72 * DOTS_A_POINT)
    theirs, ours = dots(wanted.getvalue()), dots(png(plain))
    assert np.abs(np.subtract(theirs.shape, ours.shape)).max() <= 1
    height, width = (min(a, b) // 8 for a, b in zip(theirs.shape[:2], ours.shape[:2], strict=True))
    # letters fall between dots here and on dots there, so small blocks are compared
    whole = (p[: height * 8, : width * 8].reshape(height, 8, width, 8, 3) for p in (theirs, ours))
    first, second = (255 - p.mean(axis=(1, 3)) for p in whole)
    assert first.sum() == pytest.approx(second.sum(), rel=0.05)
    assert np.corrcoef(first.ravel(), second.ravel())[0, 1] > 0.97


def test_same_drawing_same_bytes_in_any_process_and_thread(plain):
    code = "import sys; from osw_stats.draw.raster import png; sys.stdout.buffer.write(png(sys.stdin.read()))"
    command = [sys.executable, "-c", code]
    other = subprocess.run(command, input=plain.encode(), capture_output=True, check=True).stdout
    assert other == png(plain) != png(plain.replace("Titel", "Ander"))
    drawings = [SHEET.format(f'<rect width="{n}" height="9"/>') for n in range(1, 9)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(png, drawings)) == [png(drawing) for drawing in drawings]


def test_no_font_of_the_machine_is_used_and_no_drawing_is_refused():
    assert "DejaVu Sans" in fonts().families()
    assert all(font.path is None or "mpl-data" in font.path for font in fonts().fonts())
    with pytest.raises(OswError, match="chart: Typst cannot read the drawing"):
        png("<p>no drawing</p>")
