"""A break of a series stands in its chart where it fell, among the events, and the alt text says which it is."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from osw_stats.data.coded import load_events
from osw_stats.draw import GRID, forms, prevalence, trend
from osw_stats.meaning.series import Break, Series, catalogue
from osw_stats.meaning.units import UNITS
from osw_stats.stats.survey.margins import DesignEffect
from osw_stats.stats.survey.prevalence import estimates
from tests.conftest import PROJECT

days = st.dates(date(2013, 1, 1), date(2024, 12, 31))
WORDS = {"nl": "n", "en": "e"}


def drawn(breaks, events):
    """Return the breaks that a panel shows, its areas, and where its dashed lines and the bars of events begin."""
    about = Series("x", "p", "i", next(iter(UNITS)), {}, {}, {}, breaks=tuple(breaks))
    axes = Figure().subplots()
    axes.set_xlim(2012, 2026)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forms, "series", lambda _: about)
        found = forms.draw_breaks(axes, ("x", "x"), "cut")
    forms.draw_events(axes, events, "nl")
    dashed, bars = [], []
    for line in axes.lines:
        (dashed if line.is_dashed() else bars).append(line.get_xdata()[0])
    return found, axes.patches, dashed, sorted(bars)


def events_on(*when):
    rows = [("law", "a", d.isoformat(), d.isoformat()) for d in when]
    return pd.DataFrame(rows, columns=["kind", "nl", "start", "end"])


@settings(max_examples=15)
@given(days, days)
def test_a_dated_break_lies_on_its_day_among_events(cut, other):
    found, _, (line,), bars = drawn([Break(cut.isoformat(), WORDS)], events_on(other, cut))
    at = dict(zip(sorted((cut, other)), bars, strict=True))
    assert line == at[cut]
    assert (line < at[other]) == (cut < other)
    assert [b.at for b in found] == [cut.isoformat()]


@pytest.mark.parametrize("code", ["2024-H2", "2024-Q3", "2024-07", "2024-07-01"])
def test_a_part_of_a_year_begins_on_its_first_day(code):
    events = events_on(date(2024, 3, 1), date(2024, 7, 1))
    _, _, (line,), (march, july) = drawn([Break(code, WORDS)], events)
    assert march < line == july


@pytest.mark.parametrize("year", [2014, 2019, 2022])
def test_where_only_the_year_is_known_that_year_is_grey_and_the_words_say_so(year):
    cut = Break(str(year), {"nl": "Anders geteld.", "en": "Counted otherwise."})
    around = [date(year - 1, 12, 20), date(year, 1, 1), date(year, 12, 25), date(year + 1, 1, 10)]
    found, (area,), lines, (before, first, last, after) = drawn([cut], events_on(*around))
    assert not lines and to_hex(area.get_facecolor()) == GRID.lower()
    (begin, end), _ = area.get_bbox().get_points().T
    assert before < begin <= first and last <= end < after
    assert forms.breaks_in_words(found, "nl") == " Grijs jaar, de dag is niet bekend: Anders geteld."
    assert forms.breaks_in_words(found, "en") == " Grey year, the day is not known: Counted otherwise."


def test_a_break_outside_the_years_drawn_is_neither_drawn_nor_told():
    found, areas, lines, _ = drawn([Break("2005", WORDS), Break("2030-07", WORDS)], events_on())
    assert not [*lines, *areas]
    assert forms.breaks_in_words(found, "nl") == ""


def test_the_alt_text_tells_the_breaks_of_the_series_drawn_and_no_others(tables):
    figures = tables.observations
    shares = estimates(figures, deff=DesignEffect(1.3, 1.0, 1.6), alpha=0.05)
    texts = {series: {cut.text["nl"] for cut in about.breaks} for series, about in catalogue().items()}
    for chart, shown, in_july in (
        (trend.police(figures, load_events(PROJECT), "nl"), ["police_reports"], 1),
        (trend.overview(figures, "nl"), ["police_reports", "helpwanted_requests"], 1),
        (prevalence.waves(shares, 0.05, "nl"), ["cbs_osi_12m"], 0),
        (prevalence.slopes(shares, "nl"), ["cbs_osi_12m"], 0),
    ):
        told = set().union(*(texts[series] for series in shown))
        others = set().union(*texts.values()) - told
        assert {text for text in told | others if text in chart.alt} == told, chart.caption
        assert chart.alt.count("1 juli 2024") == in_july
