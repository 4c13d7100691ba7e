"""Every page of the whole build in a real browser: axe, keyboard, a phone, the search, paper, no request to anybody."""

import re
from itertools import product
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from osw_stats.publish.contents import Item
from osw_stats.publish.site import dialect
from osw_stats.publish.site.figures import image
from osw_stats.text.tables import escape
from tests.site.conftest import CASES, DESK, PROBES, RULES, read, render

pytestmark = pytest.mark.whole_road
PHONE = {"width": 320, "height": 700}
CHARTED = ("prevalence", "trend", "capacity_gap", "claims")
SMALLEST = 12  # CSS pixels of the smallest text in a chart
WEIGHT = 150_000  # bytes of HTML, CSS and scripts of a page
PRINTABLE = 261 * 96 / 25.4  # pixels on a page of A4 within its margins


@pytest.fixture(scope="module")
def names(site):
    return sorted(p.relative_to(site).as_posix().removesuffix(".html") for p in site.rglob("*.html"))


def test_axe_finds_nothing_on_any_page_light_and_dark_narrow_and_wide(names, opened, view):
    assert len(names) > 60
    english = {n.removeprefix("en/") for n in names if n.startswith("en/")}
    assert english == {n for n in names if not n.startswith("en/")}
    violations = []
    for name in names:
        opened(name)
        for size, scheme in product((DESK, PHONE), ("light", "dark")):
            view.set_viewport_size(size)
            view.emulate_media(color_scheme=scheme)
            # only contrast depends on the scheme
            rules = RULES if scheme == "light" else RULES | {"runOnly": ["color-contrast"]}
            for broken in Axe().run(view, options=rules).response["violations"]:
                where = broken["nodes"][0]["html"][:150]
                violations.append(f"{name} {size['width']} {scheme}: {broken['id']}: {where}")
    assert violations == []


def test_no_page_is_too_wide_on_a_phone_or_lacks_a_picture(names, opened):
    wide = []
    for name in names:
        view = opened(name, PHONE)
        wide += [name] if view.evaluate(PROBES["too_wide"]) else []
        view.add_style_tag(content=PROBES["spacing"])
        wide += [f"{name} with wider text"] if view.evaluate(PROBES["too_wide"]) else []
        assert view.evaluate(PROBES["drawn"]), name
    assert wide == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("name", ["index", "en/index", "capacity_gap", "search", "figure-trend-police"])
def test_a_keyboard_gets_everywhere_and_sees_where_it_is(opened, name, size):
    view = opened(name, size)
    wanted, reached = view.evaluate(PROBES["stops"]), 0
    for step in range(wanted + 5):
        view.keyboard.press("Tab")
        kind, outlined, seen, left = view.evaluate(PROBES["focus"])
        if left:
            break
        assert step or kind == "skip", "the first stop is the link to the content"
        assert outlined, f"stop {step} shows no focus"
        assert seen, f"stop {step} is out of sight"
        reached += 1
    assert reached >= wanted
    opened(name, size)
    view.keyboard.press("Tab")
    view.keyboard.press("Enter")
    assert view.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize(("name", "asked"), CASES["searches"])
def test_the_search_finds_a_known_figure_from_disk(opened, name, asked):
    view = opened(name, query=f"?q={asked}")
    links = view.locator("#search-results a")
    hrefs = links.evaluate_all("l => l.map(a => a.getAttribute('href').split('#')[0])")
    assert "trend.html" in hrefs
    told = int(view.locator("#search-status").inner_text().split()[0])
    assert links.count() == min(told, 40)
    links.first.click()
    assert view.locator("h1").count() == 1


def test_the_search_writes_what_is_asked_as_text_only(opened):
    view = opened("search", query="?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    assert view.locator("#search-form input").input_value() == "<img src=x onerror=alert(1)>"
    assert view.locator("main img").count() == 0


def test_a_long_table_can_be_sorted_by_keyboard(opened):
    view = opened("figure-trend-police")
    column, table = view.locator("main table thead th").nth(3), view.locator("main table").first
    cells = PROBES["fourth_column"]
    before, choice = table.evaluate(cells), view.locator("main .choose select").first
    for way, order in ((1, "ascending"), (-1, "descending")):
        choice.select_option(f"3 {way}")
        assert table.evaluate(cells) == sorted(before, reverse=way < 0)
        assert column.get_attribute("aria-sort") == order
    choice.select_option("")
    assert table.evaluate(cells) == before


def test_the_ledger_is_filtered_by_chapter_and_verdict(site, opened):
    if not read(site / "claims-annex.html").select("h3"):
        pytest.skip("this edition has no ledger")
    view, rows = opened("claims-annex"), PROBES["ledger_rows"]
    whole = view.evaluate(rows)
    assert view.locator("main h3 ~ * thead th:last-child").first.inner_text() == "Oordeel en uitleg"
    chapter, verdict = view.locator("main .choose select").all()[-2:]
    chapter.select_option(index=1)
    part = view.evaluate(rows)
    assert 0 < part < whole
    verdict.select_option(index=1)
    assert 0 <= view.evaluate(rows) < part
    for choice in (chapter, verdict):
        choice.select_option("")
    assert view.evaluate(rows) == whole


def test_every_page_is_whole_without_javascript(site, browser):
    context = browser.new_context(java_script_enabled=False, viewport=DESK)
    view = context.new_page()
    for name in ("index", *CHARTED, "search"):
        view.goto((site / f"{name}.html").as_uri())
        main = read(site / f"{name}.html").main
        for tag in ("a", "table"):
            assert view.locator(f"main {tag}").count() == len(main.find_all(tag))
    assert view.locator("main li a").count() > 35, "the list of all pages"
    context.close()


def test_text_in_charts_is_never_smaller_than_twelve_pixels(site, opened):
    """At the width it is shown at, in both drawings."""
    small = []
    for name in (*CHARTED, *(f"en/{name}" for name in CHARTED)):
        for width in (320, 768, 1280):
            view = opened(name, {"width": width, "height": 900})
            for address, shown in view.evaluate(PROBES["charts"]):
                path = site / Path(name).parent / "figures" / Path(address).name
                svg = path.read_text(encoding="utf-8")
                across = float(re.search(r'viewBox="0 0 ([\d.]+)', svg)[1])
                least = min(float(s) for s in re.findall(r"font-size: ([\d.]+)px", svg)) * shown / across
                if least < SMALLEST - 0.05:
                    small.append(f"{name} {width}: {path.name} {least:.1f} px")
    assert small == []


def test_no_chart_is_cut_on_paper(opened, view):
    view.emulate_media(media="print")
    for name in (*CHARTED, "index"):
        opened(name, {"width": round(178 * 96 / 25.4), "height": 900})
        for high, rule, inside in view.evaluate(PROBES["printed"]):
            assert high < PRINTABLE, f"{name}: a figure is higher than a page"
            assert rule == "avoid"
            assert inside, f"{name}: a figure is wider than the page"
        assert view.evaluate(PROBES["wide_tables"]) == 0, f"{name}: a table is wider than the page"
        drawings = [address for address, _ in view.evaluate(PROBES["charts"])]
        assert not any("-phone" in address for address in drawings), f"{name}: paper is wide enough"
        assert view.pdf(format="A4", prefer_css_page_size=True)[:5] == b"%PDF-"


def test_no_page_weighs_more_than_a_phone_should_load_and_no_script_is_waited_for(site, names):
    heavy = {}
    for name in names:
        path, page = site / f"{name}.html", read(site / f"{name}.html")
        scripts = page.find_all("script")
        assert all(script.has_attr("defer") for script in scripts)
        files = {s["src"] for s in scripts} | {s["href"] for s in page.find_all("link", rel="stylesheet")}
        files = [path, *(path.parent / f for f in files - {"search-index.js"})]
        heavy[name] = sum(file.stat().st_size for file in files)
    assert [n for n, w in heavy.items() if w > WEIGHT and not n.endswith("claims-annex")] == []


@pytest.mark.parametrize("text", CASES["browser"])
def test_hostile_text_of_data_is_shown_as_it_is_and_breaks_no_page(text, view, tmp_path):
    """Through a table cell, a heading, a link and an alt text, at the width of a phone."""
    cell = escape(text)
    figure = image(Item("figure", "x", {"alt": text, "caption": text}, {}))
    table = f"| a | b |\n|:--|--:|\n| {cell} | {cell} |"
    page = f"# {cell}\n\n## {cell} {{#h}}\n\n{table}\n\n[{cell}](index.qmd)\n\n{figure}\n"
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    site = render(tmp_path, "nl", {"x": svg}, index=page)
    dialect.require(tmp_path / "staged")
    view.set_viewport_size(PHONE)
    view.goto((site / "index.html").as_uri())
    for place in ("h1", "h2", "main td", "main p a", "figcaption"):
        shown = view.locator(place).first.inner_text()
        assert " ".join(shown.split()) == " ".join(text.split()), place
    assert view.title() != "broken" and view.locator("main script").count() == 0
    assert view.locator("main img").count() == 1 and not view.evaluate(PROBES["too_wide"])
