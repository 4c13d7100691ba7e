"""What a user set for matplotlib changes no chart: the settings are the package's and the house style's."""

import os
import subprocess
import sys
from itertools import product

import matplotlib as mpl
import matplotlib.style
import pytest

from osw_stats.draw.style import STYLE, canvas, source_line, style, svg_text
from tests.conftest import PROJECT

RC = ("axes.facecolor: yellow\nfont.size: 30\n", "no such: thing\nbackend: none\n", "\xff\xfe")
PLACES = {"variable": "rc", "home": "home/.config/matplotlib/matplotlibrc", "folder": "folder/matplotlibrc"}
CODE = (
    "import os, sys; from osw_stats.surroundings import fix_variables; fix_variables()\n"
    "sys.path.append(sys.argv[1]); from tests.draw.test_settings_of_charts import drawn; sys.stdout.write(drawn())"
)


def drawn() -> str:
    with style():
        figure, axes = canvas(2, "Titel", "ondertitel")
        axes.plot([1, 2, 3], [3, 1, 2], marker="o", label="a")
        axes.bar([1, 2, 3], [1, 1, 1], yerr=0.2)
        axes.legend()
        source_line(figure, "Bron: zelf bedacht")
    return svg_text(figure)


@pytest.fixture(scope="module")
def plain():
    with mpl.rc_context():
        mpl.rcdefaults()
        return drawn()


def test_settings_of_every_style_there_is_change_nothing(plain):
    for settings in matplotlib.style.library.values():
        with mpl.rc_context():
            mpl.rcParams.update(settings)
            mpl.rcParams["svg.hashsalt"] = STYLE["svg.hashsalt"]  # a user may have set that one as we do
            before = dict(mpl.rcParams)
            assert drawn() == plain
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
