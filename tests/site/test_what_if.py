"""The calculator in the page gives the numbers of the library, in a real browser, and answers at once.

The page is made by the project's own renderer from one block; no whole build is needed.
"""

import json
import random
import re
import shutil

import pytest
from bs4 import BeautifulSoup

from osw_stats.analysis.capacity.scenario_tables import calculator
from osw_stats.analysis.capacity.scenarios import outcome, scenario
from osw_stats.report import what_if
from osw_stats.report.language import filled
from osw_stats.report.site import pandoc
from osw_stats.report.site.stage import ASSETS
from osw_stats.sources.scenario import read_scenario
from tests.conftest import PROJECT

SITE = PROJECT / "osw_stats/report/site"
needs_browser = pytest.mark.whole_road  # where there is none the test fails; the quick tests leave it out
SETTINGS = 200
FRAME = 1000 / 60  # milliseconds


@pytest.fixture(scope="module")
def given(observations):
    return scenario(read_scenario(PROJECT / "scenarios/central.yml"), observations)


def stage_one(folder, block, title="Titel"):
    """Write a staged project whose capacity page holds the calculator alone."""
    staged = folder / "staged"
    staged.mkdir()
    for name in ("_quarto.yml", "_quarto-nl.yml", "_quarto-en.yml"):
        shutil.copyfile(PROJECT / name, staged / name)
    for name in ASSETS:
        shutil.copyfile(SITE / name, staged / name)
    (staged / "capacity_gap.qmd").write_text(f"# {title}\n\n{block}\n", encoding="utf-8")
    return staged


@pytest.fixture(scope="module")
def page(given, tmp_path_factory):
    """Render a page with the calculator and one without it; return the folder."""
    folder = tmp_path_factory.mktemp("what-if")
    staged = stage_one(folder, what_if.markdown(calculator(given), "nl"))
    (staged / "index.qmd").write_text("# Titel\n\nTekst.\n", encoding="utf-8")
    pandoc.render(staged, "nl", folder / "out")
    return folder / "out"


@pytest.fixture
def view(browser, page):
    tab = browser.new_page()
    tab.errors, tab.requests = [], []
    tab.on("pageerror", lambda e: tab.errors.append(str(e)))
    tab.on("request", lambda r: tab.requests.append(r.url))
    tab.goto((page / "capacity_gap.html").as_uri())
    yield tab
    assert tab.errors == []
    assert all(url.startswith("file:") for url in tab.requests)
    tab.close()


def soup(page, name):
    return BeautifulSoup((page / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def test_only_the_page_with_the_calculator_loads_the_script(page):
    assert [s["src"] for s in soup(page, "capacity_gap").find_all("script")] == ["what_if.js"]
    assert not soup(page, "index").find_all("script")


def test_without_javascript_the_page_says_where_the_same_numbers_are(page):
    block = soup(page, "capacity_gap").find(id="what-if")
    assert "tabel met scenario's" in block.get_text().replace("’", "'")
    assert not block.find_all(["input", "button", "svg"])


def test_the_script_is_small_and_asks_for_nothing():
    text = (SITE / "what_if.js").read_text(encoding="utf-8")
    assert len(text.encode()) < 10_000
    for word in ("fetch(", "XMLHttpRequest", "import(", "innerHTML", "eval(", "http:", "https:"):
        assert word not in text.replace("http://www.w3.org/2000/svg", "")


def test_what_the_script_reads_is_what_the_library_wrote(page, given):
    read = json.loads(soup(page, "capacity_gap").find(id="what-if")["data-settings"])
    assert read == json.loads(json.dumps(what_if.settings(calculator(given), "nl")))


def test_words_with_quotes_and_tags_stay_text(given, tmp_path, monkeypatch):
    nasty = "<b>\"a\" & 'b' &lt; \\ </b> {.c}"
    monkeypatch.setitem(what_if.WORDS["texts"], "title", {"nl": nasty, "en": nasty})
    staged = stage_one(tmp_path, what_if.markdown(calculator(given), "nl"))
    pandoc.render(staged, "nl", tmp_path / "out")
    block = soup(tmp_path / "out", "capacity_gap").find(id="what-if")
    assert json.loads(block["data-settings"])["texts"]["title"] == nasty
    assert not block.find("b")


READ = """() => Object.fromEntries([...document.querySelectorAll('#what-if dd')].map(d => [d.dataset.key, Number(d.dataset.value)]))"""
SET = """(values) => { for (const [name, text] of Object.entries(values)) {
  const box = document.getElementById('what-if-' + name + '-number'); box.value = text;
  box.dispatchEvent(new Event('input', {bubbles: true})); } }"""


def expected(given, **others):
    told = outcome(given.values("mid", **others), "cases", given.target_use)
    return {
        "demand": told["demand"], "needed": told["fte_break_even"], "target": told["fte_at_target"],
        "use": 100 * told["utilisation"], **{f"backlog{y}": b for y, b in enumerate(told["backlog"], start=1)},
    }  # fmt: skip


@needs_browser
def test_it_begins_at_the_scenario_itself(view, given):
    assert view.evaluate(READ) == pytest.approx(expected(given), rel=1e-12)
    assert "13,7" in view.inner_text(".what-if-said")
    assert view.get_attribute(".what-if-said", "data-state") == "stable"


@needs_browser
def test_two_hundred_random_settings_give_the_numbers_of_the_library(view, given):
    chance = random.Random(20250321)
    controls = what_if.settings(calculator(given), "nl")["controls"]
    for _ in range(SETTINGS):
        typed, values = {}, {}
        for c in controls:
            text = f"{chance.uniform(c['min'], c['max']):.{chance.randint(0, 3)}f}"
            text = str(min(max(float(text), c["min"]), c["max"]))
            typed[c["name"]], values[c["name"]] = text, float(text) / c["scale"]
        view.evaluate(SET, typed)
        assert view.evaluate(READ) == pytest.approx(expected(given, **values), rel=1e-12, abs=1e-9)
        state = outcome(given.values("mid", **values))["status"]
        assert view.get_attribute(".what-if-said", "data-state") == state
        heights = view.evaluate(
            "[...document.querySelectorAll('.what-if-bar')].map(b => Number(b.getAttribute('height')))"
        )
        backlog = [0, *(expected(given, **values)[f"backlog{y}"] for y in range(1, 6))]
        top = max([*backlog, 1])
        assert heights == pytest.approx([158 * b / top for b in backlog], abs=1e-6)


@needs_browser
def test_it_works_from_the_keyboard(view, given):
    view.focus("#what-if-hours_per_case")
    before = view.evaluate(READ)["needed"]
    for _ in range(5):
        view.keyboard.press("ArrowRight")
    assert view.input_value("#what-if-hours_per_case-number") == "125"
    assert view.evaluate(READ)["needed"] == pytest.approx(before * 125 / 120)
    view.keyboard.press("Tab")
    assert view.evaluate("document.activeElement.id") == "what-if-hours_per_case-number"
    view.keyboard.press("ControlOrMeta+A")
    view.keyboard.type("60")
    assert view.evaluate(READ)["needed"] == pytest.approx(before / 2)
    assert view.input_value("#what-if-hours_per_case") == "60"
    view.focus("#what-if button")
    view.keyboard.press("Enter")
    assert view.evaluate(READ) == pytest.approx(expected(given), rel=1e-12)


@needs_browser
def test_every_control_has_a_name_and_what_changes_is_told(view):
    named = view.evaluate(
        "[...document.querySelectorAll('#what-if input')].every(i => (i.labels && i.labels.length) || i.getAttribute('aria-label'))"
    )
    assert named
    assert view.get_attribute(".what-if-said", "aria-live") == "polite"
    assert view.get_attribute("#what-if svg", "role") == "img"
    view.evaluate(SET, {"fte_available": "5"})
    assert view.get_attribute(".what-if-said", "data-state") == "unstable"
    assert "blijven" in view.inner_text(".what-if-said")
    assert view.get_attribute("#what-if svg", "aria-label").count(",") >= 5


@needs_browser
@pytest.mark.parametrize("text", ["", "0", "-3", "99999"])
def test_a_wrong_number_is_told_and_changes_nothing(view, given, text):
    before = view.evaluate(READ)
    view.evaluate(SET, {"fte_available": text})
    assert view.get_attribute("#what-if-fte_available-number", "aria-invalid") == "true"
    assert "Vul een getal in van 4 tot 64." in view.inner_text("#what-if-fte_available-wrong")
    assert view.evaluate(READ) == before
    view.evaluate(SET, {"fte_available": "16"})
    assert view.inner_text("#what-if-fte_available-wrong") == ""


INPUTS = "[...document.querySelectorAll('#what-if .what-if-row')].map(r => [...r.querySelectorAll('input')].map(i => i.value))"
SHOWN = """() => { const block = document.getElementById('what-if'); const said = [block.innerText];
  for (const e of block.querySelectorAll('*')) for (const a of ['aria-label', 'aria-valuetext']) if (e.hasAttribute(a)) said.push(e.getAttribute(a));
  for (const i of block.querySelectorAll('input:not([type=range])')) said.push(i.value); return said.join('\\n'); }"""


@needs_browser
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_number_is_written_and_read_as_the_language_writes_it(browser, given, tmp_path, language):
    mark, other = (",", ".") if language == "nl" else (".", ",")
    staged = stage_one(tmp_path, what_if.markdown(calculator(given), language))
    pandoc.render(staged, language, tmp_path / "out")
    tab = browser.new_page()
    tab.goto((tmp_path / "out" / "capacity_gap.html").as_uri())
    controls = what_if.settings(calculator(given), language)["controls"]
    chance = random.Random(20280101)
    for turn in range(60):
        values = {}
        for c in controls:
            value = round(chance.uniform(c["min"], c["max"]), 1)
            values[c["name"]] = value
            typed = f"{value:.1f}".replace(".", mark if turn % 2 else other)
            tab.evaluate(SET, {c["name"]: typed})
        read = tab.evaluate(READ)
        found = expected(given, **{c["name"]: values[c["name"]] / c["scale"] for c in controls})
        assert read == pytest.approx(found, rel=1e-9, abs=1e-9)
        for c, (slider, _) in zip(controls, tab.evaluate(INPUTS), strict=True):
            assert abs(float(slider) - values[c["name"]]) <= c["step"]
            tab.evaluate(  # a move of the slider writes the number beside it
                "id => document.getElementById(id).dispatchEvent(new Event('input', {bubbles: true}))",
                f"what-if-{c['name']}",
            )
        text = tab.evaluate(SHOWN)
        assert not re.search(rf"\d{re.escape(other)}\d(?!\d\d)", text), text  # what is left are thousands
        assert not re.search(rf"\d{re.escape(mark)}\d{{3}}", text), text
    tab.evaluate(SET, {"reports": "9" + other + "000"})  # thousands, since 9 reports are out of the range
    assert tab.evaluate(INPUTS)[[c["name"] for c in controls].index("reports")][0] == "9000"
    for wrong in ("1,2,3", "1.2.3", "1e3", "0x10", "a", "1 2", "--4", "Infinity"):
        tab.evaluate(SET, {"fte_available": wrong})
        assert tab.get_attribute("#what-if-fte_available-number", "aria-invalid") == "true"
    tab.close()


@needs_browser
@pytest.mark.parametrize(("language", "one", "more"), [("nl", "1 zaak", "zaken"), ("en", "1 case", "cases")])
def test_one_case_is_one_case(browser, given, tmp_path, language, one, more):
    staged = stage_one(tmp_path, what_if.markdown(calculator(given), language))
    pandoc.render(staged, language, tmp_path / "out")
    tab = browser.new_page()
    tab.goto((tmp_path / "out" / "capacity_gap.html").as_uri())
    tab.evaluate(SET, {"fte_available": "5"})
    assert re.search(rf"\d {more}", tab.inner_text(".what-if-said"))
    text = what_if.settings(calculator(given), language)["texts"]["unstable"]
    assert one in filled(text, a="2", b="1", c="1")
    assert "[" not in tab.evaluate(SHOWN)
    tab.close()


@needs_browser
def test_a_move_of_a_slider_is_answered_within_one_frame(view):
    """The work of one move, layout included; the middle of fifty, so that a busy machine is no failure."""
    times = view.evaluate(
        """() => { const range = document.getElementById('what-if-reports'); const found = [];
        for (let i = 0; i < 50; i++) { const start = performance.now(); range.value = String(7000 + 300 * i);
          range.dispatchEvent(new Event('input', {bubbles: true})); document.body.getBoundingClientRect();
          found.push(performance.now() - start); } return found; }"""
    )
    assert sorted(times)[25] < FRAME


@needs_browser
def test_it_fits_a_phone_and_says_english_numbers_in_english(browser, page, given, tmp_path):
    tab = browser.new_page(viewport={"width": 320, "height": 700})
    tab.goto((page / "capacity_gap.html").as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    tab.close()
    staged = stage_one(tmp_path, what_if.markdown(calculator(given), "en"), "Title")
    pandoc.render(staged, "en", tmp_path / "out")
    tab = browser.new_page()
    tab.goto((tmp_path / "out" / "capacity_gap.html").as_uri())
    assert "13.7 fte are needed" in tab.inner_text(".what-if-said")
    tab.close()
