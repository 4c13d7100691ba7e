"""Charts in two widths: readable text, nothing over the edge, the same drawing every time."""

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from osw_stats.analysis.capacity import gaps
from osw_stats.analysis.counts import requests
from osw_stats.analysis.survey import prevalence
from osw_stats.report.charts import capacity, style, trend
from osw_stats.report.charts import prevalence as prevalence_charts
from osw_stats.report.charts.fit import SMALLEST
from osw_stats.sources.events import load_events
from tests.conftest import PROJECT

CHARTS = ("police", "overview", "gap", "waves", "groups", "subjects")


def draw(name, tables, language):
    observations, events = tables.observations, load_events(PROJECT)
    if name in ("police", "overview"):
        return getattr(trend, name)(observations, events, language)
    if name == "gap":
        return capacity.gap(gaps.gaps(observations), 13, 0, language)
    if name == "subjects":
        return trend.subjects(requests.subjects(observations, 2024, alpha=0.05), 2024, "sextortion", language)
    estimates = prevalence.estimates(observations, deff=1.3, deff_range=(1.0, 1.6), alpha=0.05)
    return getattr(prevalence_charts, name)(estimates, 0.05, language)


def texts(figure):
    figure.canvas = FigureCanvasAgg(figure)
    figure.canvas.draw()
    return [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_readable_and_whole_in_both_widths(name, language, tables):
    chart = draw(name, tables, language)
    assert chart.phone is not None
    assert chart.phone.get_figwidth() == style.PHONE_WIDTH
    with style.style():
        for figure in (chart.figure, chart.phone):
            shown = texts(figure)
            assert min(t.get_fontsize() for t in shown) >= SMALLEST
            renderer = figure.canvas.get_renderer()
            drawn = {t.get_text() for t in figure.texts} | {
                t.get_text() for a in figure.axes for t in a.texts
            }
            for text in shown:
                if text.get_text() in drawn:
                    box = text.get_window_extent(renderer)
                    assert box.x0 >= -1, text.get_text()
                    assert box.x1 <= figure.bbox.x1 + 1, text.get_text()


def test_both_drawings_are_the_same_every_time(tables):
    first, second = (draw("police", tables, "nl") for _ in range(2))
    assert style.svg_text(first.figure) == style.svg_text(second.figure)
    assert style.svg_text(first.phone) == style.svg_text(second.phone)


def test_the_text_of_a_drawing_falls_back_on_a_font_without_serifs(tables):
    svg = style.svg_text(draw("gap", tables, "nl").phone)
    assert "font-family: 'DejaVu Sans', Verdana, sans-serif;" in svg
    assert "<text" in svg, "text stays text"


def test_drawing_for_a_phone_ends_with_the_drawing(tables):
    draw("gap", tables, "nl")
    assert not style.phone()


def boxes(figure):
    """Return every text that is shown with its place, the head and the source first."""
    shown = texts(figure)
    renderer = figure.canvas.get_renderer()
    ticks = {id(t) for a in figure.axes for axis in (a.xaxis, a.yaxis) for t in axis.get_ticklabels()}
    off = {
        id(label)
        for a in figure.axes
        for axis, limits in ((a.xaxis, sorted(a.get_xlim())), (a.yaxis, sorted(a.get_ylim())))
        for at, label in zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=False)
        if not limits[0] <= at <= limits[1]
    }
    found = [(t, t.get_window_extent(renderer)) for t in shown if id(t) not in off]
    return [(t, b, id(t) in ticks) for t, b in found if b.width > 0]


def test_every_chart_of_the_report_keeps_its_words_inside_and_off_its_source(charts):
    wrong = []
    for name, chart in charts.items():
        with style.style():
            for kind, figure in (("wide", chart.figure), ("phone", chart.phone)):
                found = boxes(figure)
                head = [(t, b) for t, b, _ in found if t in figure.texts]
                for text, box, _ in found:
                    if box.x0 < -1 or box.x1 > figure.bbox.x1 + 1:
                        wrong.append(f"{name} {kind}: over the edge: {text.get_text()!r}")
                    if text not in figure.texts:
                        wrong += [
                            f"{name} {kind}: {text.get_text()!r} over {t.get_text()[:30]!r}"
                            for t, b in head
                            if box.shrunk(1, 0.8).overlaps(b.shrunk(1, 0.8))
                        ]
    assert wrong == []
