"""The calculator gives the numbers of the library, in a real browser, and answers at once; rendered from its block alone."""

import json
import random
import re

import pytest
from bs4 import BeautifulSoup

from osw_stats.data.editions import read_scenario
from osw_stats.publish import what_if
from osw_stats.publish.site.pandoc import bodies_of
from osw_stats.stats.capacity.scenario_tables import calculator
from osw_stats.stats.capacity.scenarios import outcome, scenario
from osw_stats.text.words import filled
from tests.conftest import PROJECT
from tests.site.conftest import PROBES, read, render

needs_browser = pytest.mark.whole_road  # where there is none the test fails; the quick tests leave it out
FRAME = 1000 / 60  # milliseconds
# the decimal mark, another, and words of a sentence, of one case and of more
LANGUAGES = {"nl": (",", ".", "zijn 13,7 fte nodig", "1 zaak", "blijven elk jaar")}
LANGUAGES |= {"en": (".", ",", "13.7 fte are needed", "1 case", "cases are")}


@pytest.fixture(scope="module")
def central(observations):
    return scenario(read_scenario(PROJECT / "scenarios/central.yml"), observations)


@pytest.fixture(scope="module")
def pages(central, tmp_path_factory):
    """Render, by language, a page with the calculator alone and one without it; return their folders."""
    blocks = {language: what_if.markdown(calculator(central), language) for language in ("nl", "en")}
    texts = {lang: {"capacity_gap": f"# Titel\n\n{b}\n", "index": "# T\n"} for lang, b in blocks.items()}
    return {lang: render(tmp_path_factory.mktemp("what-if"), lang, **text) for lang, text in texts.items()}


@pytest.fixture
def tab(view, pages):
    """Open the page in a language, in a browser in which nothing may fail and nothing is asked of anybody."""

    def open_page(language="nl"):
        view.goto((pages[language] / "capacity_gap.html").as_uri())
        return view

    return open_page


def typed(view, **values):
    view.evaluate(PROBES["type"], values)


def shown(view):
    return view.evaluate(PROBES["results"])


def expected(central, **others):
    told = outcome(central.values("mid", **others), "cases", central.target_use)
    backlog = {f"backlog{year}": cases for year, cases in enumerate(told["backlog"], start=1)}
    fte = {"needed": told["fte_break_even"], "target": told["fte_at_target"]}
    fte["use"] = 100 * told["utilisation"]
    return {"demand": told["demand"]} | fte | backlog


def test_the_block_holds_what_the_library_wrote_and_says_where_it_is_without_its_small_script(pages, central):
    page = read(pages["nl"] / "capacity_gap.html")
    assert [s["src"] for s in page.find_all("script")] == ["what_if.js"]
    assert not read(pages["nl"] / "index.html").find_all("script")
    block = page.find(id="what-if")
    assert "tabel met scenario's" in block.get_text().replace("’", "'")
    assert not block.find_all(["input", "button", "svg"])
    settings = what_if.settings(calculator(central), "nl")
    assert json.loads(block["data-settings"]) == json.loads(json.dumps(settings))
    # the script is small and asks for nothing
    text = (PROJECT / "osw_stats/publish/site/what_if.js").read_text(encoding="utf-8")
    assert len(text.encode()) < 10_000
    for word in ("fetch(", "XMLHttpRequest", "import(", "innerHTML", "eval(", "http:", "https:"):
        assert word not in text.replace("http://www.w3.org/2000/svg", "")


def test_words_with_quotes_and_tags_stay_text(central, monkeypatch):
    nasty = "<b>\"a\" & 'b' &lt; \\ </b> {.c}"
    monkeypatch.setitem(what_if.WORDS["texts"], "title", {"nl": nasty, "en": nasty})
    html, _ = bodies_of({"page": what_if.markdown(calculator(central), "nl")}, "nl")["page"]
    block = BeautifulSoup(html, "html.parser").find(id="what-if")
    assert json.loads(block["data-settings"])["texts"]["title"] == nasty and not block.find("b")


@needs_browser
@pytest.mark.parametrize("language", LANGUAGES)
def test_random_settings_give_the_numbers_of_the_library_in_the_language(tab, central, language):
    mark, other, begins, one, more = LANGUAGES[language]
    view, chance = tab(language), random.Random(20250321)
    assert shown(view) == pytest.approx(expected(central), rel=1e-12)
    assert begins in view.inner_text(".what-if-said")
    settings = what_if.settings(calculator(central), language)
    for turn in range(100):
        values = {}
        for c in settings["controls"]:
            drawn = round(chance.uniform(c["min"], c["max"]), chance.randint(0, 3))
            values[c["name"]] = min(max(drawn, c["min"]), c["max"])
        written = mark if turn % 2 else other
        typed(view, **{name: str(value).replace(".", written) for name, value in values.items()})
        asked = {c["name"]: values[c["name"]] / c["scale"] for c in settings["controls"]}
        told = expected(central, **asked)
        assert shown(view) == pytest.approx(told, rel=1e-12, abs=1e-9)
        state = outcome(central.values("mid", **asked))["status"]
        assert view.get_attribute(".what-if-said", "data-state") == state
        backlog = [0, *(told[f"backlog{year}"] for year in range(1, 6))]
        heights = [158 * cases / max([*backlog, 1]) for cases in backlog]
        assert view.evaluate(PROBES["bars"]) == pytest.approx(heights, abs=1e-6)
        sliders = view.evaluate(PROBES["inputs"])
        for c in settings["controls"]:
            assert abs(float(sliders[c["name"]][0]) - values[c["name"]]) <= c["step"]
            view.evaluate(PROBES["move"], c["name"])  # a move of the slider writes the number beside it
        text = view.evaluate(PROBES["said"])
        assert not re.search(rf"\d{re.escape(other)}\d(?!\d\d)|\d{re.escape(mark)}\d{{3}}|\[", text), text
    typed(view, reports=f"9{other}000")  # thousands, since 9 reports are out of the range
    assert view.evaluate(PROBES["inputs"])["reports"][0] == "9000"
    typed(view, fte_available="5")
    assert more in view.inner_text(".what-if-said")
    assert one in filled(settings["texts"]["unstable"], a="2", b="1", c="1")


@needs_browser
def test_it_works_from_the_keyboard(tab, central):
    view = tab()
    view.focus("#what-if-hours_per_case")
    before = shown(view)["needed"]
    for _ in range(5):
        view.keyboard.press("ArrowRight")
    assert view.input_value("#what-if-hours_per_case-number") == "125"
    assert shown(view)["needed"] == pytest.approx(before * 125 / 120)
    view.keyboard.press("Tab")
    assert view.evaluate("document.activeElement.id") == "what-if-hours_per_case-number"
    view.keyboard.press("ControlOrMeta+A")
    view.keyboard.type("60")
    assert shown(view)["needed"] == pytest.approx(before / 2)
    assert view.input_value("#what-if-hours_per_case") == "60"
    view.focus("#what-if button")
    view.keyboard.press("Enter")
    assert shown(view) == pytest.approx(expected(central), rel=1e-12)


@needs_browser
def test_every_control_has_a_name_what_changes_is_told_and_it_fits_a_phone(tab):
    view = tab()
    view.set_viewport_size({"width": 320, "height": 700})
    assert not view.evaluate(PROBES["too_wide"]) and view.evaluate(PROBES["named"])
    assert view.get_attribute(".what-if-said", "aria-live") == "polite"
    assert view.get_attribute("#what-if svg", "role") == "img"
    typed(view, fte_available="5")
    assert view.get_attribute(".what-if-said", "data-state") == "unstable"
    assert view.get_attribute("#what-if svg", "aria-label").count(",") >= 5
    # the middle of fifty moves of a slider, layout included
    assert sorted(view.evaluate(PROBES["times"]))[25] < FRAME


@needs_browser
def test_a_wrong_number_is_told_and_changes_nothing(tab):
    view = tab()
    before = shown(view)
    for wrong in ("", "0", "-3", "99999", "1,2,3", "1.2.3", "1e3", "0x10", "a", "1 2", "--4", "Infinity"):
        typed(view, fte_available=wrong)
        assert view.get_attribute("#what-if-fte_available-number", "aria-invalid") == "true"
        assert "Vul een getal in van 4 tot 64." in view.inner_text("#what-if-fte_available-wrong")
        assert shown(view) == before
    typed(view, fte_available="16")
    assert view.inner_text("#what-if-fte_available-wrong") == ""
