"""A reader picks a group: it stays strong in the chart, others go faint, its rows are marked; in a real browser.

The page is made by the project's own renderer from two drawings and a table of made-up rows.
"""

import io
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from matplotlib.colors import to_rgb
from PIL import Image

from osw_stats.report.charts.style import OCHRE, PLUM, TEAL, canvas, pickable, style, svg_text
from osw_stats.report.harvest import Item
from osw_stats.report.site import dialect, gate, pandoc
from osw_stats.report.site.figures import image
from osw_stats.report.site.stage import ASSETS, CONFIG
from tests.conftest import PROJECT

SITE = PROJECT / "osw_stats/report/site"
GROUPS = (("girls", "girls, 16 years"), ("boys", "boys, 16 years"), ('<b>"x"|=\\', '<b>"x"|=\\'))
COLOURS = (OCHRE, PLUM, TEAL)
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    "resultTypes": ["violations"],
}


def chart(count=3):
    """Draw a thick line a group, with a note; simulated."""
    figure, axes = canvas(1.5, "Simulated", "Made up")
    with style():
        for place in range(count):
            line = axes.plot([0, 1], [place, place], color=COLOURS[place], lw=14)
            note = axes.annotate("note", (0.5, place + 0.3), color=COLOURS[place])
            pickable(place, [*line, note])
    return figure


def markdown(language):
    told = [
        Item("figure", name, {"caption": name, "alt": f"What {name} shows", "groups": groups}, {})
        for name, groups in (("one", GROUPS), ("two", GROUPS[:1]), ("none", ()))
    ]
    rows = "| girls, 16 years | 2020 | 3 |\n| boys, 16 years | 2020 | 4 |\n| girls, 16 years | 2024 | 5 |\n"
    table = f"| Group | Wave | Percent |\n|:---|:---|---:|\n{rows}\n: Simulated\n"
    return "# Titel\n\n" + "\n\n".join(map(image, told)) + f"\n\n{table}"


@pytest.fixture(scope="module", params=["nl", "en"])
def page(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("highlight")
    staged = folder / "staged"
    (staged / "figures").mkdir(parents=True)
    for name in CONFIG:
        shutil.copyfile(PROJECT / name, staged / name)
    for name in ASSETS:
        shutil.copyfile(SITE / name, staged / name)
    for name in ("one", "two", "none"):
        count = {"one": 3, "two": 1, "none": 3}[name]
        (staged / "figures" / f"{name}.svg").write_text(svg_text(chart(count)), encoding="utf-8")
    (staged / "index.qmd").write_text(markdown(request.param), encoding="utf-8")
    dialect.require(staged)
    pandoc.render(staged, request.param, folder / "out")
    return folder / "out" / "index.html"


@pytest.fixture
def view(browser, page):
    tab = browser.new_page(viewport={"width": 1000, "height": 900})
    tab.set_default_timeout(5_000)
    errors, requests = [], []
    tab.on("pageerror", lambda e: errors.append(str(e)))
    tab.on("request", lambda r: requests.append(r.url))
    tab.goto(page.as_uri())
    yield tab
    assert errors == []
    assert all(url.startswith("file:") for url in requests)
    tab.close()


def strong(view, at=0) -> list[bool]:
    """Say of each colour whether it is seen at full strength in a figure."""
    view.wait_for_function("[...document.images].every(i => i.complete)")
    shot = Image.open(io.BytesIO(view.locator("figure").nth(at).screenshot())).convert("RGB")
    pixels = np.asarray(shot).reshape(-1, 3) / 255
    return [bool((np.abs(pixels - np.array(to_rgb(c))).max(axis=1) < 0.02).sum() > 100) for c in COLOURS]


def test_a_drawing_without_an_address_is_whole_and_the_same_every_time():
    first, second = svg_text(chart()), svg_text(chart())
    assert first == second
    assert first.count("opacity:0.2") == 1
    ids = re.findall(r'\bid="([^"]+)"', first)
    assert len(ids) == len(set(ids))
    assert "pick" not in svg_text(canvas(1.0, "Simulated", "Made up")[0])


def test_a_picked_group_stays_strong_and_others_go_faint_in_every_chart_that_has_it(view):
    assert [strong(view, n)[:2] for n in (0, 2)] == [[True, True], [True, True]]
    first = view.locator(".highlight select").first
    first.select_option("girls")
    assert strong(view) == [True, False, False]
    assert view.locator(".highlight select").nth(1).input_value() == "girls"
    assert strong(view, 2) == [True, True, True], "a chart without groups is left alone"
    first.select_option("boys")
    assert strong(view) == [False, True, False]
    assert view.locator(".highlight select").nth(1).input_value() == ""
    assert view.locator(".picked").count() == 1


def test_its_rows_are_marked_and_what_happened_is_told(view):
    status = view.locator(".highlight [role=status]").first
    assert status.inner_text() == ""
    view.locator(".highlight select").first.select_option("girls")
    assert view.locator("th > mark").all_inner_texts() == ["girls, 16 years"] * 2
    assert "2" in status.inner_text()
    view.locator(".highlight select").first.select_option("")
    assert view.locator("mark").count() == 0
    assert "2" not in status.inner_text()
    assert status.inner_text() != ""
    assert view.locator("tbody th").all_inner_texts()[0] == "girls, 16 years"


def test_it_works_from_the_keyboard_and_escape_undoes_it(view):
    view.locator(".highlight select").first.focus()
    assert view.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    view.keyboard.press("ArrowDown")
    assert strong(view) == [True, False, False]
    view.keyboard.press("Escape")
    assert view.locator(".picked").count() == 0
    assert strong(view) == [True, True, True]


def test_words_of_data_stay_text(view):
    options = view.locator(".highlight select").first.locator("option")
    assert options.count() == 1 + len(GROUPS)
    assert options.last.inner_text() == "<b>x"
    assert view.locator("main b").count() == 0


def test_the_chart_keeps_its_alt_text_and_its_place(view):
    boxes = "[...document.querySelectorAll('figure')].map(f => [f.getBoundingClientRect().y, f.getBoundingClientRect().height])"
    before = view.evaluate(boxes)
    view.locator(".highlight select").first.select_option("girls")
    assert strong(view)[0]
    assert view.evaluate(boxes) == before
    assert view.locator("figure img[alt='What one shows']").is_visible()
    assert view.locator(".picked").first.get_attribute("aria-hidden") == "true"
    over, under = (
        view.locator(f"figure:first-of-type {s}").first.bounding_box()
        for s in (".picked img", "picture:not(.picked) img")
    )
    assert over == under


def test_paper_shows_the_whole_chart(view):
    view.locator(".highlight select").first.select_option("girls")
    view.emulate_media(media="print")
    assert strong(view) == [True, True, True]
    assert not view.locator(".highlight").first.is_visible()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_when_a_group_is_picked(view, width, scheme):
    view.set_viewport_size({"width": width, "height": 900})
    view.emulate_media(color_scheme=scheme)
    view.locator(".highlight select").first.select_option("girls")
    assert Axe().run(view, options=RULES).response["violations"] == []
    assert view.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_without_javascript_nothing_is_promised(browser, page):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(page.as_uri())
    assert tab.locator("select").count() == 0
    assert not tab.locator(".highlight").first.is_visible()
    assert strong(tab) == [True, True, True]
    context.close()


def test_the_page_passes_the_gate_and_loads_the_script_once(page):
    text = page.read_text(encoding="utf-8")
    assert gate.read(text)[2] == []
    assert text.count("highlight.js") == 1


def test_the_script_is_small_and_asks_for_nothing():
    text = (SITE / "highlight.js").read_text(encoding="utf-8")
    assert len(text.encode()) < 6_000
    for word in ("fetch(", "XMLHttpRequest", "import(", "innerHTML", "eval(", "http:", "https:"):
        assert word not in text


@pytest.mark.whole_road
@pytest.mark.parametrize("folder", ["", "en/"])
def test_every_group_of_every_chart_of_the_report_is_found_in_a_table(report, browser, folder):
    tab = browser.new_page()
    charts = 0
    for name in ("prevalence", "trend", "capacity_gap"):
        tab.goto(Path(report / "_site" / f"{folder}{name}.html").as_uri())
        for select in tab.locator(".highlight select").all():
            charts += 1
            for option in select.locator("option").all()[1:]:
                label = option.get_attribute("value")
                select.select_option(label)
                assert tab.locator("mark").count() > 0, f"{name}: {label}"
    assert charts == 4
    tab.close()
