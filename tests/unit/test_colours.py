"""Charts are for everybody's eyes: colours apart under three kinds of colour-blindness, or a second cue; contrast."""

import re
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from osw_stats.analysis.counts.regions import Place
from osw_stats.report.charts import capacity, regions, style
from tests.colours import SEEN, apart, contrast, lab

# one unit of CIEDE2000 is about the least that is seen when two patches touch; marks of a chart are small and lie
# apart, so eight times that is asked of colours that nothing else tells apart
ENOUGH = 8
MARKS = {name: getattr(style, name) for name in ("INK", "TEAL", "OCHRE", "PLUM", "GREY")}
LINES_CONTRAST, TEXT_CONTRAST = 3, 4.5  # WCAG 1.4.11 and 1.4.3


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
        ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_distance_is_that_of_the_published_pairs(first, second, expected):
    """Pairs of the test data of Sharma, Wu and Dalal."""
    assert apart(np.array(first), np.array(second)) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("seen", SEEN)
def test_the_simulation_leaves_grey_grey_and_red_and_green_alike_for_whom_they_are(seen):
    assert np.allclose(SEEN[seen].sum(axis=1), 1, atol=1e-5)
    red, green = lab("#B03030", seen), lab("#4F6B1C", seen)
    assert (apart(red, green) < 25) == (seen in ("protanopia", "deuteranopia"))


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize("pair", list(combinations(MARKS, 2)), ids="-".join)
def test_every_two_colours_of_the_palette_stay_apart(pair, seen):
    first, second = (lab(MARKS[name], seen) for name in pair)
    assert apart(first, second) >= ENOUGH


@pytest.mark.parametrize("name", MARKS)
def test_every_colour_of_the_palette_can_be_read_as_text(name):
    assert contrast(MARKS[name], "white") >= TEXT_CONTRAST


def test_a_mark_on_its_band_has_contrast():
    assert contrast(style.TEAL, style.BAND) >= LINES_CONTRAST
    assert contrast(style.OCHRE, style.BAND) >= LINES_CONTRAST


def test_the_cells_of_the_matrix_differ_in_more_than_colour():
    signs = [sign for _, _, sign in capacity.LOOK.values()]
    assert len(set(signs)) == len(signs)


def colours(figure) -> set[str]:
    """Return every colour of a drawing, as its bytes have it."""
    return {c.lower() for c in re.findall(r"(?:fill|stroke): (#[0-9a-fA-F]{6})", style.svg_text(figure))}


def test_a_chart_draws_with_the_palette_and_writes_with_its_dark_colours(charts):
    """So what holds of the palette holds of every two marks of a chart."""
    assert len(charts) > 15
    dark = {c.lower() for c in MARKS.values()}
    light = {"#ffffff", style.BAND.lower(), style.GRID.lower()}
    for name, chart in charts.items():
        for figure in (chart.figure, chart.phone):
            assert colours(figure) <= dark | light, name
            words = {to_hex(t.get_color()) for t in figure.findobj(Text) if t.get_text().strip()}
            on_teal = {"#ffffff"} if name == "authority-matrix" else set()
            assert words <= dark | on_teal, name


@pytest.mark.parametrize("seen", SEEN)
def test_areas_and_bars_of_a_chart_stay_apart_or_differ_in_more_than_colour(charts, seen):
    """A hatch, an edge or a sign of its own (the matrix) is more than colour."""
    for name, chart in charts.items():
        for axes in chart.figure.axes if name != "authority-matrix" else []:
            bars = {p.get_facecolor() for p in axes.patches if isinstance(p, Rectangle)}
            areas = {
                c.get_facecolor()[0].tobytes(): c.get_facecolor()[0]
                for c in axes.collections
                if isinstance(c, PolyCollection)
            }
            for first, second in combinations([*bars, *areas.values()], 2):
                if to_hex(first) != to_hex(second):
                    assert apart(lab(to_hex(first), seen), lab(to_hex(second), seen)) >= ENOUGH, name


def test_a_region_stands_in_a_funnel_whose_edges_are_lines(observations):
    """The two tints of the funnel are alike without red cones, so each edge is drawn, in a dash of its own."""
    assert min(apart(lab(style.BAND, seen), lab(style.GRID, seen)) for seen in SEEN) < ENOUGH
    base = np.array([1e4, 1e5, 1e6])
    columns = {
        "region": ["a", "b", "c"],
        "base": base,
        "rate": [9.0, 10.0, 11.0],
        "outside": ["no"] * 3,
        "rate_all": 10.0,
    }
    limits = {
        "low95": 10 - 900 / base**0.5,
        "high95": 10 + 900 / base**0.5,
        "low998": 10 - 1500 / base**0.5,
        "high998": 10 + 1500 / base**0.5,
    }
    table = pd.DataFrame(columns | limits)
    place = Place("a", "Simulated", "municipality", table.iloc[0])
    drawn = regions.funnel(table, place, 2024, "population", {"en": "1.4.1"}, "en").figure.axes[0]
    dashes = [line.get_linestyle() for line in drawn.lines if len(line.get_xdata()) == 3]
    assert sorted(dashes) == ["-", "-", "--", "--"]
