"""The fixed words of charts follow from their rows, and a break of a series stands where it fell."""

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from osw_stats.data.coded import load_events
from osw_stats.draw import GRID, capacity, claims, forms, prevalence, scenarios, style, trend
from osw_stats.errors import NotEstimableError
from osw_stats.meaning.series import Break, Series, catalogue
from osw_stats.meaning.units import UNITS
from osw_stats.stats.survey.margins import DesignEffect
from osw_stats.stats.survey.prevalence import estimates
from tests.cases import beside, table
from tests.conftest import PROJECT
from tests.worlds.absence import EDITIONS, run_edition

CASES = beside(__file__)
ALPHA = 0.05
DOCUMENT = {"nl": "een rapport", "en": "a report"}
CHARTS = [  # of a table, with what else it takes
    ("trend_half_years", trend.first_half, 2024, 7000.0),
    ("cap_gap", capacity.gap, 9, 0),
    ("prev_differences", prevalence.changes, ALPHA),
    ("prev_estimates", prevalence.slopes),
    ("prev_estimates", prevalence.groups, ALPHA),
    *(("cap_tornado", scenarios.tornado), ("cap_fan", scenarios.fan), ("cap_overlap", capacity.nested)),
    ("deadlines", capacity.strip, DOCUMENT),
]
days = st.dates(date(2013, 1, 1), date(2024, 12, 31))
WORDS = {"nl": "n", "en": "e"}


def words(chart):
    """Return all words of a chart on one line, title and text for who cannot see it included."""
    drawn = [t.get_text() for t in chart.figure.findobj(Text)]
    return " ".join(" ".join([*drawn, chart.caption, chart.alt]).split())


def made(table):
    """Return a result table of the notebooks."""
    (results,) = (r for r in run_edition(EDITIONS[1]).results.values() if table in r.tables)
    return results.frame(table)


def requests(language, now, then, basis="published"):
    """Return the words of the chart of requests by subject in 2030 and the year before."""
    rows = [(2029, subject, count, np.nan, basis) for subject, count in then.items()]
    for subject, count in now.items():
        change = 100 * (count / then[subject] - 1) if subject in then and subject != "rest" else np.nan
        rows.append((2030, subject, count, change, "published"))
    table = pd.DataFrame(rows, columns=["year", "subject", "count", "change_count", "basis"])
    return words(trend.subjects(table, 2030, "sextortion", language))


@pytest.mark.parametrize("seed", range(4))
def test_the_sign_of_each_change_in_requests_is_that_of_its_counts(seed):
    rng = np.random.default_rng(seed)
    subjects = ("sextortion", "distribution", "rest")
    old, new = (dict(zip(subjects, rng.integers(500, 5000, 3).astype(float), strict=True)) for _ in "ab")
    said = requests("en", new, old).replace("-", "−")
    assert f"all together {'+' if sum(new.values()) > sum(old.values()) else '−'}" in said
    assert f"about sextortion {'+' if new['sextortion'] > old['sextortion'] else '−'}" in said


@table(__file__, "requests", "now then basis said unsaid")
def test_only_what_was_derived_or_not_found_is_said_to_be(now, then, basis, said, unsaid):
    text = requests("en", now, then, basis)
    assert all(part in text for part in said) and not any(part in text for part in unsaid), text


@table(__file__, "half_years", "rows said")
def test_the_title_of_half_years_gives_the_lowest_and_the_highest_of_the_computations(rows, said):
    half_years = pd.DataFrame(rows, columns=["variant", "share_before", "h1", "h1_lower", "h1_upper"])
    assert said in words(trend.first_half(half_years, 2030, 7000.0, "en"))


def test_more_fte_than_were_asked_for_are_no_gap():
    gaps = made("cap_gap")
    assert "tekort" in words(capacity.gap(gaps, 9, 0, "nl"))
    gaps[["need", "funded"]] = gaps[["funded", "need"]].to_numpy()
    gaps[["gap", "gap_lower", "gap_upper"]] = -gaps[["gap", "gap_upper", "gap_lower"]].to_numpy()
    said = words(capacity.gap(gaps, 9, 0, "nl"))
    assert "tekort" not in said and "meer dan nodig: " in said and "bij geen minder dan nodig" in said


@pytest.mark.parametrize(("middles", "grows"), [((900, 700, 400), False), ((100, 300, 900), True)])
def test_a_backlog_that_shrinks_does_not_grow(middles, grows):
    table = pd.DataFrame({"fte_available": 8.0, "year": [1, 2, 3], "q50": np.array(middles, dtype=float)})
    said = words(scenarios.fan(table.assign(q10=0.8 * table["q50"], q90=1.2 * table["q50"]), "en"))
    assert ("the backlog grows in every situation" in said, "does not grow" in said) == (grows, not grows)


@pytest.mark.parametrize("words_of_one", [3, 25, 60])
def test_a_deadline_is_named_whole_in_both_drawings(words_of_one):
    named = " ".join(f"plicht{n}" for n in range(words_of_one))
    rows = made("deadlines").assign(text_nl=named)
    chart = capacity.strip(rows, DOCUMENT, "nl")
    for figure in (chart.figure, chart.phone):
        shown = [" ".join(text.get_text().split()) for text in figure.axes[0].texts]
        assert sum(text.endswith(named) for text in shown) == rows["date_latest"].ne("").sum()


def test_dates_that_have_not_passed_are_not_counted_as_passed():
    table = made("deadlines").assign(as_of="2020-01-01", status="open")
    assert "has passed yet" in words(capacity.strip(table, DOCUMENT, "en"))


@table(__file__, "differences", "family p said")
def test_a_difference_is_shown_where_its_test_says_so(family, p, said):
    rows = made("prev_differences").query("family == 'F1'").assign(p_adj=p, family=family)
    text = words(prevalence.changes(rows, ALPHA, "en"))
    assert said in text and bool(re.search(r"\d: (not )?demonstrated", text)) == bool(said)


@pytest.mark.parametrize(("upper", "leads"), [(5.0, True), (40.0, False)])
def test_girls_lead_only_above_women_as_well(upper, leads):
    rows = pd.DataFrame(CASES["groups"], columns=["sex", "age", "pct"])
    rows = rows.assign(wave="2030", interval_kind="published", suppressed=False, suppression_reason="")
    rows = rows.assign(definition_version="cbs_osi_12m.2", box_lower=rows["pct"], box_upper=rows["pct"])
    high = (rows["pct"] + 1).where(rows["age"] != "24+", upper)
    rows = rows.assign(ci_lower=rows["pct"] - 1, ci_upper=high)
    assert ("report this most often" in words(prevalence.groups(rows, ALPHA, "en"))) == leads


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart[1].__name__)
def test_a_chart_of_nothing_says_so(chart):
    name, draw, *more = chart
    with pytest.raises(NotEstimableError, match="nothing to draw"):
        draw(made(name).iloc[:0], *more, "en")


@pytest.mark.parametrize("item", ["sexual_offences_law", "processing_times_and_csam", "offlimits_subsidy"])
def test_amounts_that_do_not_nest_are_not_drawn(item):
    table = made("cap_overlap")
    assert "parts lie within it" in words(capacity.nested(table, "en"))
    table.loc[table["item"].eq(item), ["eur", "lower", "upper"]] *= 9
    with pytest.raises(NotEstimableError, match="more than their whole"):
        capacity.nested(table, "en")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_words_over_squares_have_room_of_their_own_at_both_widths(tables, language):
    chart = claims.strip(tables.claims(), DOCUMENT, language)
    for figure in (chart.figure, chart.phone):
        figure.canvas = FigureCanvasAgg(figure)
        with style.style():
            figure.canvas.draw()
            (axes,) = figure.axes
            drawn = [*axes.texts, *axes.patches]
            boxes = [d.get_window_extent(figure.canvas.get_renderer()).shrunk(0.98, 0.7) for d in drawn]
        for at, text in enumerate(axes.texts):
            over = [b for n, b in enumerate(boxes) if n != at and b.overlaps(boxes[at])]
            assert not over, text.get_text()


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
    assert (line, line < at[other]) == (at[cut], cut < other)
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
    assert not [*lines, *areas] and forms.breaks_in_words(found, "nl") == ""


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
