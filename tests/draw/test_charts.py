"""Charts are for everybody: readable and whole in both widths, colours apart for every eye, always the same."""

import re
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from osw_stats import draw as palette
from osw_stats.data.coded import load_events
from osw_stats.draw import capacity, forms, regions, style, trend
from osw_stats.draw.fit import SMALLEST
from osw_stats.shelf.regions import Place
from tests.conftest import PROJECT
from tests.draw.colours import COLOURS, SEEN, apart, contrast, lab

# one unit of CIEDE2000 is about the least that is seen when two patches touch; marks of a chart are small and lie
# apart, so eight times that is asked of colours that nothing else tells apart
ENOUGH = 8
MARKS = {name: getattr(palette, name) for name in ("INK", "TEAL", "OCHRE", "PLUM", "GREY")}
LINES_CONTRAST, TEXT_CONTRAST = 3, 4.5  # WCAG 1.4.11 and 1.4.3


def widths(chart):
    """Return the drawings of a chart; a tile of the start page has one width."""
    return [figure for figure in (chart.figure, chart.phone) if figure]


def shown_texts(figure):
    """Return every text that is seen with its place, but for numbers beyond the limits of an axis or of one switched off."""
    figure.canvas = FigureCanvasAgg(figure)
    figure.canvas.draw()
    off = set()
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        places = zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=False)
        off |= {id(label) for at, label in places if not (low <= at <= high and axis.axes.axison)}
    seen = (t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip() and id(t) not in off)
    boxes = ((t, t.get_window_extent(figure.canvas.get_renderer())) for t in seen)
    return [(text, box) for text, box in boxes if box.width > 0]


def test_every_chart_keeps_its_words_readable_inside_and_off_its_head_and_source(charts):
    wrong = []
    assert len(charts) > 15
    for name, chart in charts.items():
        assert chart.phone is None or chart.phone.get_figwidth() == style.PHONE_WIDTH
        for figure in widths(chart):
            with style.style():
                shown = shown_texts(figure)
            head = [(t, b) for t, b in shown if t in figure.texts]
            for text, box in shown:
                if text.get_fontsize() < SMALLEST or box.x0 < -1 or box.x1 > figure.bbox.x1 + 1:
                    wrong.append((name, "too small or over the edge", text.get_text()))
                over = (b for _, b in head if text not in figure.texts)
                if any(box.shrunk(1, 0.8).overlaps(b.shrunk(1, 0.8)) for b in over):
                    wrong.append((name, "over head or source", text.get_text()))
    assert wrong == []
    assert not style.phone()  # drawing for a phone ends with the drawing


def test_both_drawings_are_the_same_every_time_and_their_text_stays_text(tables):
    first, second = (trend.police(tables.observations, load_events(PROJECT), "nl") for _ in range(2))
    for one, other in ((first.figure, second.figure), (first.phone, second.phone)):
        svg = style.svg_text(one)
        assert svg == style.svg_text(other)
        assert "font-family: 'DejaVu Sans', Verdana, sans-serif;" in svg and "<text" in svg


def test_every_text_of_a_chart_is_there_in_both_languages():
    for chart, words in forms.TEXTS.items():
        texts = {name: text for name, text in words.items() if name not in ("chosen", "always")}
        assert all(set(text) == {"nl", "en"} and all(text.values()) for text in texts.values()), chart
        for text in texts.values():
            fields = [set(re.findall(r"\{([^{}:]+)", text[language])) for language in ("nl", "en")]
            assert fields[0] == fields[1], text


@pytest.mark.parametrize(("first", "second", "expected"), COLOURS["pairs"])
def test_the_distance_is_that_of_the_published_pairs(first, second, expected):
    assert apart(np.array(first), np.array(second)) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("seen", SEEN)
def test_colours_of_the_palette_stay_apart_for_everybody(seen):
    assert np.allclose(SEEN[seen].sum(axis=1), 1, atol=1e-5)  # grey stays grey
    red, green = lab("#B03030", seen), lab("#4F6B1C", seen)
    assert (apart(red, green) < 25) == (seen in ("protanopia", "deuteranopia"))
    for first, second in combinations(MARKS.values(), 2):
        assert apart(lab(first, seen), lab(second, seen)) >= ENOUGH, (first, second)


def test_colours_can_be_read_as_text_and_seen_on_their_band():
    assert min(contrast(colour, "white") for colour in MARKS.values()) >= TEXT_CONTRAST
    assert min(contrast(colour, palette.BAND) for colour in (palette.TEAL, palette.OCHRE)) >= LINES_CONTRAST
    signs = [sign for _, _, sign in capacity.LOOK.values()]  # cells of the matrix differ in more than colour
    assert len(set(signs)) == len(signs)


def test_a_chart_draws_with_the_palette_and_writes_with_its_dark_colours(charts):
    """So what holds of the palette holds of every two marks of a chart."""
    dark = {c.lower() for c in MARKS.values()}
    light = {"#ffffff", palette.BAND.lower(), palette.GRID.lower()}
    for name, chart in charts.items():
        for figure in widths(chart):
            drawn = re.findall(r"(?:fill|stroke): (#[0-9a-fA-F]{6})", style.svg_text(figure))
            assert {c.lower() for c in drawn} <= dark | light, name
            words = {to_hex(t.get_color()) for t in figure.findobj(Text) if t.get_text().strip()}
            assert words <= dark | ({"#ffffff"} if name == "authority-matrix" else set()), name


@pytest.mark.parametrize("seen", SEEN)
def test_areas_and_bars_of_a_chart_stay_apart_or_differ_in_more_than_colour(charts, seen):
    """A hatch, an edge or a sign of its own (the matrix) is more than colour."""
    for name, chart in charts.items():
        for axes in chart.figure.axes if name != "authority-matrix" else []:
            bars = {to_hex(p.get_facecolor()) for p in axes.patches if isinstance(p, Rectangle)}
            areas = {to_hex(c.get_facecolor()[0]) for c in axes.collections if isinstance(c, PolyCollection)}
            for first, second in combinations(bars | areas, 2):
                assert apart(lab(first, seen), lab(second, seen)) >= ENOUGH, name


def test_a_region_stands_in_a_funnel_whose_edges_are_lines():
    """The two tints of the funnel are alike without red cones, so each edge is drawn, in a dash of its own."""
    assert min(apart(lab(palette.BAND, seen), lab(palette.GRID, seen)) for seen in SEEN) < ENOUGH
    table = pd.DataFrame({"region": ["a", "b", "c"], "base": [1e4, 1e5, 1e6], "rate": [9.0, 10.0, 11.0]})
    table = table.assign(outside="no", rate_all=10.0)
    for level, width in (("95", 900), ("998", 1500)):
        reach = width / table["base"] ** 0.5
        table = table.assign(**{f"low{level}": 10 - reach, f"high{level}": 10 + reach})
    place = Place("a", "Simulated", "municipality", table.iloc[0])
    drawn = regions.funnel(table, place, 2024, "population", {"en": "1.4.1"}, "en").figure.axes[0]
    dashes = [line.get_linestyle() for line in drawn.lines if len(line.get_xdata()) == 3]
    assert sorted(dashes) == ["-", "-", "--", "--"]
