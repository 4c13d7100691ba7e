"""What somebody with a minute gets: the first screen, short pages, whole numbers, one menu, addresses that stay."""

import re

import pytest
from PIL import Image

from tests.conftest import PROJECT
from tests.site.conftest import DESK, PROBES, read

pytestmark = pytest.mark.whole_road
MAIN = ("prevalence", "prevalence-help", "trend", "capacity_gap", "capacity_gap-recommendations", "claims")
SHORT = (*MAIN, "capacity_gap-calculator", "summary", "index")
PHONE = {"width": 390, "height": 844}
HIGHEST, MOST_WORDS, MOST_STOPS, MOST_ON_START = 5000, 900, 60, 45
AROUND_START = 23  # of these, in the head and foot of the page
LONGEST, AVERAGE = 25, 15  # words of a sentence
QUESTIONS = re.findall(r"(?m)^\| .+\? \| \*(.+)\* \|$", (PROJECT / "docs/pages.md").read_text("utf-8"))


def whole(site):
    """Return the pages with a menu: all but the figures to set into a page of somebody else."""
    return [path for path in site.rglob("*.html") if not path.name.startswith("embed-")]


@pytest.mark.parametrize("language", ["", "en/"])
def test_the_start_page_shows_its_numbers_and_pictures_in_the_first_screen(opened, language):
    for size, least in ((DESK, 6), (PHONE, 3)):
        view = opened(f"{language}index", size)
        for part, at in ((".tile > h2 + p", 1), (".tile img", 0)):  # a number whole, a picture begun
            places = view.locator(part).evaluate_all(PROBES["places"])
            assert len(places) == 6
            assert sum(place[at] <= size["height"] for place in places) >= least, (part, size, places)


def test_a_tile_says_its_number_in_fifteen_words_or_fewer_and_leads_to_its_page(site):
    for name in ("index", "en/index"):
        for tile in read(site / f"{name}.html").select(".tile"):
            said = tile.select("p")[2].get_text(" ", strip=True)
            assert len(re.findall(r"[^\W\d_]{2,}", said)) <= 15, said
            assert re.split(r"[.#-]", tile.select("h2 a")[0]["href"])[0] in MAIN


@pytest.mark.parametrize("name", MAIN)
def test_a_main_page_gives_its_answer_and_its_picture_in_the_first_screen(opened, site, name):
    if not read(site / f"{name}.html").select("main figure"):
        pytest.skip("this edition has no figures for the page")
    for size in (DESK, PHONE):
        view = opened(name, size)
        (top, _), *_ = view.locator("main figure").evaluate_all(PROBES["places"])
        assert top < size["height"] - 60, f"{name}: the chart begins at {top}"
        answer = view.locator("main .answer").first
        (_, bottom), *_ = answer.evaluate_all(PROBES["places"])
        assert bottom < size["height"] and len(answer.inner_text().split()) <= 30


@pytest.mark.parametrize("name", SHORT)
def test_a_main_page_is_short(opened, name):
    for language in ("", "en/"):
        view = opened(f"{language}{name}")
        assert view.evaluate("document.documentElement.scrollHeight") <= HIGHEST
        assert len(view.locator("main").inner_text().split()) <= MOST_WORDS
        assert view.evaluate(PROBES["stops"]) <= MOST_STOPS


def test_no_page_has_many_stops_for_the_keyboard_and_the_start_page_has_room_for_more(opened, site):
    many = {}
    for path in whole(site):
        name = path.relative_to(site).as_posix().removesuffix(".html")
        view = opened(name)
        stops, most = view.evaluate(PROBES["stops"], "main li, main td"), MOST_STOPS
        if name.endswith("index"):
            stops, most = view.evaluate(PROBES["stops"]), MOST_ON_START
            # the rest is held in every world: tests/worlds
            assert view.evaluate(PROBES["stops"], "main") <= AROUND_START
        many |= {name: stops} if stops > most else {}
    assert many == {}


@pytest.mark.parametrize("width", [320, 390])
def test_no_number_of_a_table_is_cut_on_a_phone(opened, site, width):
    cut = {}
    for name in (*SHORT, *(f"{name}-annex" for name in ("prevalence", "trend", "capacity_gap", "claims"))):
        cells = opened(name, {"width": width, "height": 844}).evaluate(PROBES["cut"])
        cut |= {name: cells} if cells else {}
    assert cut == {}


@pytest.mark.parametrize("language", ["", "en/"])
def test_the_menu_is_one_row_of_page_titles_and_one_button_on_a_phone(site, browser, language):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1024, "height": 800})
    view = context.new_page()
    view.goto((site / f"{language}index.html").as_uri())
    rows = view.locator("nav.wide > ul > li").evaluate_all(PROBES["places"])
    assert (len(rows), len({round(top) for top, _ in rows})) == (5, 1)
    links = "l => l.map(a => [a.getAttribute('href'), a.textContent])"
    entries = view.locator("nav.wide a").evaluate_all(links)
    for href, words in entries:
        assert read(site / language / href).h1.get_text() == words
    view.set_viewport_size(PHONE)
    assert not view.locator("nav.wide").is_visible()
    view.locator("details.narrow > summary").click()
    assert view.locator("details.narrow a").count() == len(entries)
    assert view.locator("details.narrow a").first.is_visible()
    context.close()


def test_help_stands_on_top_of_every_page_and_whole_in_its_foot(site):
    for path in whole(site):
        page = read(path)
        first = [a["href"] for a in page.select(".help-line a")]
        assert first[0] == "tel:112", path
        assert {"tel:08000188", "https://helpwanted.nl"} <= set(first)
        assert len(page.select("footer .helpers a")) > len(first)


def test_every_page_says_what_it_is_to_who_shares_it(site):
    said = {}
    for path in whole(site):
        page = read(path)
        tags = {tag["property"]: tag["content"] for tag in page.find_all("meta", property=True)}
        assert tags["og:title"] == page.h1.get_text(" ", strip=True)
        assert tags["og:description"].strip()
        assert page.find("meta", attrs={"name": "description"})["content"] == tags["og:description"]
        said.setdefault((path.parent, tags["og:description"]), []).append(path.name)
        card = tags.get("og:image")
        assert card is None or Image.open(path.parent / card).size == (1200, 630)
        assert card or not path.name.startswith("figure-")
    figures = [names for names in said.values() if any(name.startswith("figure-") for name in names)]
    assert all(len(names) == 1 for names in figures), figures


def test_every_address_of_earlier_answers(site):
    wanted = (PROJECT / "tests" / "site" / "addresses.txt").read_text("utf-8").split()
    assert len(wanted) > 70
    lost = [a for a in wanted if not (site / a).is_file() and not a.split("/")[-1].startswith("sources-")]
    assert lost == []


@pytest.mark.parametrize("name", [*SHORT, "en/summary"])
def test_sentences_are_short_and_plain_words_are_without_the_notation_of_margins(site, name):
    main, sentences = read(site / f"{name}.html").main, []
    for part in main.select("p, li"):
        text = re.sub(r"(?<=\d)[.,](?=\d)", "", part.get_text(" ", strip=True))
        sentences += [s for s in re.split(r"(?<=[.!?:])\s+", text) if s]
    lengths = {s: len(s.split()) for s in sentences}
    assert max(lengths.values()) <= LONGEST, max(lengths, key=lengths.get)
    assert sum(lengths.values()) / len(lengths) <= AVERAGE
    notation = r"procentpunt|percentage point|\(\d[^)]*[–-]\d|p-waarde|\bpp\b"
    assert not name.endswith("summary") or not re.search(notation, main.get_text(" "))


@pytest.mark.parametrize("place", QUESTIONS)
def test_each_of_ten_questions_has_its_answer_one_click_and_one_screen_away(opened, site, place):
    page, _, name = place.partition("#")
    links = {a["href"] for a in read(site / "index.html").select("main a[href]")}
    assert page == "index" or links & {f"{page}.html", f"{page}.html#{name}"}
    answer = opened(page).locator(f"#{name}")
    landed = f"{page}.html#{name}" in links or name == "content"
    assert landed or answer.evaluate("e => e.getBoundingClientRect().top") <= 2 * DESK["height"]
    said = answer.evaluate(PROBES["section"])
    assert re.search(r"\d|geen", said), said
