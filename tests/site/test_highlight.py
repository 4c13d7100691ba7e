"""A reader picks a group in made-up charts: it stays strong, others go faint, its rows are marked; in a real browser."""

import io
import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from matplotlib.colors import to_rgb
from PIL import Image

from osw_stats.draw import OCHRE, PLUM, TEAL
from osw_stats.draw.style import canvas, pickable, style, svg_text
from osw_stats.publish.contents import Item
from osw_stats.publish.site import dialect, gate
from osw_stats.publish.site.figures import image
from tests.site.conftest import CASES, PROBES, RULES, render

GROUPS = (("girls", "girls, 16 years"), ("boys", "boys, 16 years"), ('<b>"x"|=\\', '<b>"x"|=\\'))
FIGURES = {"one": GROUPS, "two": GROUPS[:1], "none": ()}
COLOURS = (OCHRE, PLUM, TEAL)


def chart(count=3):
    """Draw a thick line a group, with a note; simulated."""
    with style():
        figure, axes = canvas(1.5, "Simulated", "Made up")
        for place in range(count):
            line = axes.plot([0, 1], [place, place], color=COLOURS[place], lw=14)
            note = axes.annotate("note", (0.5, place + 0.3), color=COLOURS[place])
            pickable(place, [*line, note])
    return svg_text(figure)


@pytest.fixture(scope="module", params=["nl", "en"])
def page(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("highlight")
    facts = {n: {"caption": n, "alt": f"What {n} shows", "groups": g} for n, g in FIGURES.items()}
    text = "\n\n".join(image(Item("figure", name, fact, {})) for name, fact in facts.items())
    drawings = {name: chart(len(groups) or 3) for name, groups in FIGURES.items()}
    site = render(folder, request.param, drawings, index=f"# Titel\n\n{text}\n{CASES['highlight']}")
    dialect.require(folder / "staged")
    return site / "index.html"


@pytest.fixture
def opened(view, page):
    view.set_default_timeout(5_000)
    view.goto(page.as_uri())
    return view


def selects(view):
    return view.locator(".highlight select")


def strong(view, at=0) -> list[bool]:
    """Return for each colour whether it is seen at full strength in a figure."""
    view.wait_for_function(PROBES["loaded"])
    shot = Image.open(io.BytesIO(view.locator("figure").nth(at).screenshot())).convert("RGB")
    pixels = np.asarray(shot).reshape(-1, 3) / 255
    return [bool((np.abs(pixels - np.array(to_rgb(c))).max(axis=1) < 0.02).sum() > 100) for c in COLOURS]


def test_a_drawing_without_an_address_is_whole_and_the_same_every_time():
    first = chart()
    assert (first, first.count("opacity:0.2")) == (chart(), 1)
    ids = re.findall(r'\bid="([^"]+)"', first)
    assert len(ids) == len(set(ids))
    assert "pick" not in svg_text(canvas(1.0, "Simulated", "Made up")[0])


def test_a_picked_group_stays_strong_and_others_go_faint_in_every_chart_that_has_it(opened):
    assert [strong(opened, n)[:2] for n in (0, 2)] == [[True, True], [True, True]]
    selects(opened).first.select_option("girls")
    assert strong(opened) == [True, False, False]
    assert selects(opened).nth(1).input_value() == "girls"
    assert strong(opened, 2) == [True, True, True], "a chart without groups is left alone"
    selects(opened).first.select_option("boys")
    assert (strong(opened), selects(opened).nth(1).input_value()) == ([False, True, False], "")
    assert opened.locator(".picked").count() == 1


def test_its_rows_are_marked_and_what_happened_is_told(opened):
    status = opened.locator(".highlight [role=status]").first
    assert status.inner_text() == ""
    selects(opened).first.select_option("girls")
    assert opened.locator("th > mark").all_inner_texts() == ["girls, 16 years"] * 2
    assert "2" in status.inner_text()
    selects(opened).first.select_option("")
    assert opened.locator("mark").count() == 0 and "2" not in status.inner_text() != ""
    assert opened.locator("tbody th").all_inner_texts()[0] == "girls, 16 years"


def test_it_works_from_the_keyboard_and_escape_undoes_it(opened):
    selects(opened).first.focus()
    assert opened.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    opened.keyboard.press("ArrowDown")
    assert strong(opened) == [True, False, False]
    opened.keyboard.press("Escape")
    assert (opened.locator(".picked").count(), strong(opened)) == (0, [True, True, True])


def test_words_of_data_stay_text_and_the_page_passes_the_gate_and_loads_the_script_once(opened, page):
    options = selects(opened).first.locator("option")
    assert (options.count(), options.last.inner_text()) == (1 + len(GROUPS), "<b>x")
    assert opened.locator("main b").count() == 0
    text = page.read_text(encoding="utf-8")
    assert (gate.read(text)[2], text.count("highlight.js")) == ([], 1)


def test_the_chart_keeps_its_alt_text_and_its_place_and_paper_shows_it_whole(opened):
    before = opened.evaluate(PROBES["figures"])
    selects(opened).first.select_option("girls")
    assert strong(opened)[0] and opened.evaluate(PROBES["figures"]) == before
    assert opened.locator("figure img[alt='What one shows']").is_visible()
    assert opened.locator(".picked").first.get_attribute("aria-hidden") == "true"
    images = (".picked img", "picture:not(.picked) img")
    over, under = (opened.locator(f"figure:first-of-type {i}").first.bounding_box() for i in images)
    assert over == under
    opened.emulate_media(media="print")
    assert strong(opened) == [True, True, True]
    assert not opened.locator(".highlight").first.is_visible()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_when_a_group_is_picked(opened, width, scheme):
    opened.set_viewport_size({"width": width, "height": 900})
    opened.emulate_media(color_scheme=scheme)
    selects(opened).first.select_option("girls")
    assert Axe().run(opened, options=RULES).response["violations"] == []
    assert not opened.evaluate(PROBES["too_wide"])


def test_without_javascript_nothing_is_promised(browser, page):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(page.as_uri())
    assert tab.locator("select").count() == 0 and not tab.locator(".highlight").first.is_visible()
    assert strong(tab) == [True, True, True]
    context.close()


@pytest.mark.whole_road
@pytest.mark.parametrize("folder", ["", "en/"])
def test_every_group_of_every_chart_of_the_report_is_found_in_a_table(report, view, folder):
    charts = 0
    for name in ("prevalence", "trend", "capacity_gap"):
        offered, marked = set(), set()
        for page in (name, f"{name}-annex"):  # rows of a chart stand on its page or on the annex
            view.goto((report / "_site" / f"{folder}{page}.html").as_uri())
            for select in selects(view).all():
                charts += 1
                for option in select.locator("option").all()[1:]:
                    label = option.get_attribute("value")
                    select.select_option(label)
                    offered.add(label)
                    marked |= {label} if view.locator("mark").count() else set()
        assert marked == offered, name
    assert charts == 6
