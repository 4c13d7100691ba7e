"""Every page in a real browser: axe, keyboard, a phone, the search, paper, and no request to anybody.

The pages are those of the whole build, opened from disk. `OSW_SITE` names a built site to test instead.
"""

import os
import re
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup

from osw_stats.report.harvest import Item
from osw_stats.report.site import dialect, pandoc
from osw_stats.report.site.figures import image
from osw_stats.report.site.stage import ASSETS, CONFIG
from osw_stats.report.tables import escape
from tests.conftest import PROJECT

pytestmark = pytest.mark.whole_road
PHONE, DESK = {"width": 320, "height": 700}, {"width": 1280, "height": 900}
KEPT = {"resultTypes": ["violations"]}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]} | KEPT
MAIN = ("index", "prevalence", "trend", "figure-trend-police")
SMALLEST = 12  # CSS pixels of the smallest text in a chart
WEIGHT = 150_000  # bytes of HTML, CSS and scripts of a page
SPACING = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"  # WCAG 1.4.12
PRINTABLE = 261 * 96 / 25.4  # pixels on a page of A4 within its margins


@pytest.fixture(scope="module")
def site(request):
    given = os.environ.get("OSW_SITE")
    return Path(given) if given else request.getfixturevalue("report") / "_site"


@pytest.fixture(scope="module")
def names(site):
    return sorted(p.relative_to(site).as_posix().removesuffix(".html") for p in site.rglob("*.html"))


@pytest.fixture
def view(browser):
    page = browser.new_page(viewport=DESK)
    yield page
    page.close()


def open_page(view, site, name, query=""):
    view.goto((site / f"{name}.html").as_uri() + query)


def test_axe_finds_nothing_on_any_page_light_and_dark_narrow_and_wide(site, names, view):
    assert len(names) > 60
    assert {n.removeprefix("en/") for n in names if n.startswith("en/")} == {
        n for n in names if not n.startswith("en/")
    }
    axe, found = Axe(), []
    for name in names:
        open_page(view, site, name)
        for size in (DESK, PHONE):
            view.set_viewport_size(size)
            for scheme in ("light", "dark"):
                view.emulate_media(color_scheme=scheme)
                # only contrast depends on the scheme
                rules = RULES if scheme == "light" else {"runOnly": ["color-contrast"]} | KEPT
                for broken in axe.run(view, options=rules).response["violations"]:
                    found.append(
                        f"{name} {size['width']} {scheme}: {broken['id']}: {broken['nodes'][0]['html'][:150]}"
                    )
    assert found == []


def test_no_page_is_too_wide_loads_from_elsewhere_or_fails(site, names, view):
    requests, errors, wide = [], [], []
    view.on("request", lambda r: requests.append(r.url))
    view.on("pageerror", lambda e: errors.append(str(e)))
    view.set_viewport_size(PHONE)
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for name in names:
        open_page(view, site, name)
        if view.evaluate(over) > 0:
            wide.append(name)
        view.add_style_tag(content=SPACING)
        if view.evaluate(over) > 0:
            wide.append(f"{name} with wider text")
        assert view.evaluate(
            "[...document.images].every(i => i.complete && (i.naturalWidth > 0 || !i.checkVisibility()))"
        ), name
    assert wide == []
    assert errors == []
    assert all(url.startswith("file:") for url in requests)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("name", ["index", "en/index", "capacity_gap", "search", "figure-trend-police"])
def test_a_keyboard_gets_everywhere_and_sees_where_it_is(site, view, name, size):
    view.set_viewport_size(size)
    open_page(view, site, name)
    wanted = view.evaluate(
        "[...document.querySelectorAll('a[href], button, input, select, [tabindex=\"0\"]')].filter(e => e.checkVisibility()).length"
    )
    look = """() => { const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
        return [e.className, s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
                b.bottom > 0 && b.top < innerHeight && b.width > 0, e === document.body]; }"""
    reached = 0
    for step in range(wanted + 5):
        view.keyboard.press("Tab")
        kind, outlined, seen, left = view.evaluate(look)
        if left:
            break
        assert step or kind == "skip", "the first stop is the link to the content"
        assert outlined, f"stop {step} shows no focus"
        assert seen, f"stop {step} is out of sight"
        reached += 1
    assert reached >= wanted


def test_the_first_link_leads_to_the_content(site, view):
    open_page(view, site, "trend")
    view.keyboard.press("Tab")
    view.keyboard.press("Enter")
    assert view.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize(
    ("name", "asked", "page"),
    [("search", "14.802", "trend.html"), ("en/search", "14,802", "trend.html"), ("search", "meldingen sextortion", "trend.html")],
)  # fmt: skip
def test_the_search_finds_a_known_figure_from_disk(site, view, name, asked, page):
    open_page(view, site, name, f"?q={asked}")
    links = view.locator("#search-results a")
    assert links.count() > 0
    hrefs = links.evaluate_all("l => l.map(a => a.getAttribute('href').split('#')[0])")
    assert page in hrefs
    told = int(view.locator("#search-status").inner_text().split()[0])
    assert links.count() == min(told, 40)
    links.first.click()
    assert view.locator("h1").count() == 1


def test_the_search_writes_what_is_asked_as_text_only(site, view):
    open_page(view, site, "search", "?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    assert view.locator("#search-form input").input_value() == "<img src=x onerror=alert(1)>"
    assert view.locator("main img").count() == 0


def test_a_long_table_can_be_sorted_by_keyboard(site, view):
    open_page(view, site, "figure-trend-police")
    column = view.locator("main table thead th").nth(3)
    cells = "t => [...t.tBodies[0].rows].map(r => parseFloat(r.cells[3].textContent.replace(/\\./g, '')))"
    before = view.locator("main table").first.evaluate(cells)
    column.locator("button").focus()
    view.keyboard.press("Enter")
    assert column.get_attribute("aria-sort") == "ascending"
    assert view.locator("main table").first.evaluate(cells) == sorted(before)
    view.keyboard.press("Enter")
    assert view.locator("main table").first.evaluate(cells) == sorted(before, reverse=True)


def test_every_page_is_whole_without_javascript(site, browser):
    context = browser.new_context(java_script_enabled=False, viewport=DESK)
    view = context.new_page()
    for name in ("index", "prevalence", "trend", "capacity_gap", "claims", "search"):
        open_page(view, site, name)
        raw = BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
        assert view.locator("main a").count() == len(raw.main.find_all("a"))
        assert view.locator("main table").count() == len(raw.main.find_all("table"))
    assert view.locator("main li a").count() > 35, "the list of all pages"
    context.close()


def test_text_in_charts_is_never_smaller_than_twelve_pixels(site, names, view):
    """At the width it is shown at, in both drawings."""
    small = []
    for name in (
        "prevalence",
        "trend",
        "capacity_gap",
        "claims",
        "en/prevalence",
        "en/trend",
        "en/capacity_gap",
        "en/claims",
    ):
        open_page(view, site, name)
        for width in (320, 768, 1280):
            view.set_viewport_size({"width": width, "height": 900})
            view.wait_for_function("[...document.images].every(i => i.complete)")
            for address, shown in view.evaluate(
                "[...document.querySelectorAll('figure img')].map(i => { const s = getComputedStyle(i); return [i.currentSrc, i.clientWidth - parseFloat(s.paddingLeft) - parseFloat(s.paddingRight)]; })"
            ):
                svg = (site / Path(name).parent / "figures" / address.rsplit("/", 1)[1]).read_text(
                    encoding="utf-8"
                )
                across = float(re.search(r'viewBox="0 0 ([\d.]+)', svg)[1])
                least = min(float(s) for s in re.findall(r"font-size: ([\d.]+)px", svg)) * shown / across
                if least < SMALLEST - 0.05:
                    small.append(f"{name} {width}: {address.rsplit('/', 1)[1]} {least:.1f} px")
    assert small == []


def test_no_chart_is_cut_on_paper(site, view):
    view.emulate_media(media="print")
    view.set_viewport_size({"width": round(178 * 96 / 25.4), "height": 900})
    for name in ("prevalence", "trend", "capacity_gap", "claims", "index"):
        open_page(view, site, name)
        for high, rule, inside in view.evaluate(
            "[...document.querySelectorAll('figure')].map(f => [f.getBoundingClientRect().height, getComputedStyle(f).breakInside, f.scrollWidth <= f.clientWidth])"
        ):
            assert high < PRINTABLE, f"{name}: a figure is higher than a page"
            assert rule == "avoid"
            assert inside, f"{name}: a figure is wider than the page"
        wide = "[...document.querySelectorAll('main table')].filter(t => t.offsetWidth > document.querySelector('main').clientWidth).length"
        assert view.evaluate(wide) == 0, f"{name}: a table is wider than the page"
        shown = view.evaluate("[...document.querySelectorAll('figure img')].map(i => i.currentSrc)")
        assert not [s for s in shown if "-phone" in s], f"{name}: paper is wide enough for the wide drawing"
        assert view.pdf(format="A4", prefer_css_page_size=True)[:5] == b"%PDF-"


def test_no_page_weighs_more_than_a_phone_should_load(site, names):
    heavy = {}
    for name in names:
        text = (site / f"{name}.html").read_text(encoding="utf-8")
        folder = (site / f"{name}.html").parent
        files = re.findall(r'<(?:script src|link rel="stylesheet" href)="([^"]+)"', text)
        weight = len(text.encode()) + sum(
            (folder / f).stat().st_size for f in files if f != "search-index.js"
        )
        if weight > WEIGHT and not name.endswith("claims"):
            heavy[name] = weight
    assert heavy == {}


def test_no_script_is_waited_for(site, names):
    for name in names:
        for script in BeautifulSoup(
            (site / f"{name}.html").read_text(encoding="utf-8"), "html.parser"
        ).find_all("script"):
            assert script.has_attr("defer")


def test_pictures_of_the_main_pages_are_kept(site, view):
    out = Path(os.environ.get("OSW_SCREENSHOTS", site.parent / "build" / "screenshots"))
    out.mkdir(parents=True, exist_ok=True)
    for name in (*MAIN, "en/index"):
        for size, scheme in ((DESK, "light"), (DESK, "dark"), (PHONE, "light")):
            view.set_viewport_size(size)
            view.emulate_media(color_scheme=scheme)
            open_page(view, site, name)
            view.screenshot(
                path=out / f"{name.replace('/', '-')}-{size['width']}-{scheme}.png", full_page=True
            )
    assert len(list(out.glob("*.png"))) >= 3 * len(MAIN)


HOSTILE = (
    "<script>document.title = 'broken'</script>",
    "<img src=x onerror=\"document.title = 'broken'\">",
    "[a](javascript:alert(1)) *b* `c` ~d~ ^e^ $f$ @fig-g",
    '#set page(width: 1pt) #eval("1")',
    "שלום עולם والعربية",
    "Onwaarschijnlijklangesamenstelling" * 12,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_of_data_is_shown_as_it_is_and_breaks_no_page(text, browser, tmp_path):
    """Through a table cell, a heading, a link and an alt text, at the width of a phone."""
    staged = tmp_path / "staged"
    staged.mkdir()
    for name in CONFIG:
        shutil.copyfile(PROJECT / name, staged / name)
    for name in ASSETS:
        shutil.copyfile(Path(pandoc.__file__).with_name(name), staged / name)
    (staged / "figures").mkdir()
    (staged / "figures" / "x.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    )
    told = Item("figure", "x", {"alt": text, "caption": text}, {})
    cell = escape(text)
    page = f"# {cell}\n\n## {cell} {{#h}}\n\n| a | b |\n|:--|--:|\n| {cell} | {cell} |\n\n[{cell}](index.qmd)\n\n{image(told)}\n"
    (staged / "index.qmd").write_text(page, encoding="utf-8")
    dialect.require(staged)
    pandoc.render(staged, "nl", tmp_path / "out")
    view = browser.new_page(viewport=PHONE)
    view.goto((tmp_path / "out" / "index.html").as_uri())
    shown = re.sub(r"\s+", " ", text)
    for place in ("h1", "h2", "main td", "main p a", "figcaption"):
        assert re.sub(r"\s+", " ", view.locator(place).first.inner_text()).strip() == shown, place
    assert view.title() != "broken"
    assert view.locator("main script").count() == 0
    assert view.locator("main img").count() == 1
    assert view.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    view.close()
