"""The fixed words of charts follow from their rows: turned figures turn the words."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from osw_stats.draw import capacity, claims, prevalence, scenarios, style, trend
from osw_stats.errors import NotEstimableError
from osw_stats.yamlfile import read_yaml
from tests.cases import table
from tests.worlds.absence import EDITIONS, whole

CASES = read_yaml(Path(__file__).with_name("cases.yml"))
ALPHA = 0.05
DOCUMENT = {"nl": "een rapport", "en": "a report"}


def words(chart):
    """Return all words of a chart on one line, title and text for who cannot see it included."""
    drawn = [t.get_text() for t in chart.figure.findobj(Text)]
    return " ".join(" ".join([*drawn, chart.caption, chart.alt]).split())


def made(table):
    """Return a result table of the notebooks."""
    (results,) = (r for r in whole(EDITIONS[1]).results.values() if table in r.tables)
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


@pytest.mark.parametrize(
    ("name", "draw"),
    [
        ("trend_half_years", lambda rows: trend.first_half(rows, 2024, 7000.0, "en")),
        ("cap_gap", lambda rows: capacity.gap(rows, 9, 0, "en")),
        ("prev_differences", lambda rows: prevalence.changes(rows, ALPHA, "en")),
        ("prev_estimates", lambda rows: prevalence.slopes(rows, "en")),
        ("prev_estimates", lambda rows: prevalence.groups(rows, ALPHA, "en")),
        ("cap_tornado", lambda rows: scenarios.tornado(rows, "en")),
        ("cap_fan", lambda rows: scenarios.fan(rows, "en")),
        ("deadlines", lambda rows: capacity.strip(rows, DOCUMENT, "en")),
        ("cap_overlap", lambda rows: capacity.nested(rows, "en")),
    ],
)
def test_a_chart_of_nothing_says_so(name, draw):
    with pytest.raises(NotEstimableError, match="nothing to draw"):
        draw(made(name).iloc[:0])


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
