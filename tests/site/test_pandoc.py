"""Rendering of one page with Pandoc: what Quarto would do, and nothing that could harm."""

import re
import shutil

import pytest
import yaml

from osw_stats.errors import OswError
from osw_stats.kept.store import Store
from osw_stats.publish.site import pandoc, quarto
from osw_stats.publish.site.stage import announce
from tests.site.conftest import CASES, read, render


@pytest.fixture
def rendered(tmp_path):
    return lambda text, language="nl": read(render(tmp_path, language, index=text) / "index.html")


def test_a_page_keeps_its_links_tables_figures_and_language_and_its_title_is_no_markup(rendered):
    page = rendered(CASES["pandoc"]["small_page"], "en")
    for selector, what, expected in CASES["pandoc"]["kept"]:
        found = [tag.get_text() if what == "text" else tag.get(what) for tag in page.select(selector)]
        assert found == expected, selector


@pytest.mark.parametrize(("cell", "kept"), CASES["pandoc"]["limits"])
def test_limits_in_a_column_of_numbers_stay_on_one_line(rendered, cell, kept):
    page = rendered(f"# T\n\n| a | b | c |\n|:---|---:|:---|\n| x | {cell} | {cell} |\n")
    assert [n.get_text() for n in page.select("td .n")] == ([kept] if kept else [])
    assert page.select("td")[0].get_text() == cell


@pytest.mark.parametrize(("text", "problem"), CASES["pandoc"]["stops"])
def test_a_page_without_title_or_with_a_lost_include_stops(rendered, text, problem):
    with pytest.raises(OswError, match=problem):
        rendered(text)


def test_quarto_is_asked_to_render_and_its_failure_is_told(tmp_path, quarto_fails):
    render(tmp_path, index="# T\n\nA page.\n")
    assert quarto.available()
    with pytest.raises(OswError, match="broken page"):
        quarto.render(tmp_path / "staged", "nl", tmp_path / "site")
    assert f"render {tmp_path / 'staged'} --output-dir {tmp_path / 'site'}" in quarto_fails.read_text()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_shell_and_filter_that_quarto_gets_make_the_page_that_pandoc_makes(tmp_path, language):
    """What Quarto does with a page, as far as Pandoc can: its template, filter and reader, front matter for the rest."""
    pages = {"index": CASES["pandoc"]["page"], "about": "# About\n\nWords.\n"}
    pages["search"] = "# Search\n\n- [About](about.qmd)\n"
    made, staged = render(tmp_path, language, **pages), tmp_path / "staged"
    quarto.prepare(staged, language, made)
    told = yaml.safe_load((staged / "_quarto.yml").read_text())
    assert "profile" not in told and told["lang"].startswith(language)
    assert not list(staged.glob("_quarto-*.yml"))
    (own,) = told["format"]["html"]["filters"]
    for name in pages:
        path = staged / f"{name}.qmd"
        front = yaml.safe_load(path.read_text().split("---\n")[1])
        assert front["pagetitle"].startswith(("Online", "A page", "About", "Search"))
        how = ["--to=html5", "--mathml", "--wrap=none", "--columns=100000"]
        how += [f"--from={told['format']['html']['from']}", f"--lua-filter={staged / own['path']}"]
        how.append(f"--template={staged / front['format']['html']['template']}")
        done = pandoc.pandoc.run(how, path.read_text())
        assert done.returncode == 0, done.stderr
        texts = (done.stdout.decode(), (made / f"{name}.html").read_text())
        here, there = (re.findall(r"\S+?(?=<|\s|$)|<[^>]*>", re.sub(r"\s+", " ", text)) for text in texts)
        assert here == there
    again = tmp_path / "again"  # the finished folder is one that Pandoc renders alike
    pandoc.render(staged, language, again)
    assert (again / "index.html").read_text() == (made / "index.html").read_text()


def test_a_page_that_did_not_change_is_taken_from_what_was_kept_unless_made_anew(tmp_path, monkeypatch):
    staged, calls, convert = tmp_path / "staged", [], pandoc.pandoc.convert
    first = (render(tmp_path, index="# T\n\nA page.\n") / "index.html").read_bytes()
    monkeypatch.setattr(pandoc.pandoc, "convert", lambda texts, *a: calls.extend(texts) or convert(texts, *a))
    for number, fresh in enumerate((False, False, True)):
        out = tmp_path / f"out{number}"
        pandoc.render(staged, "nl", out, store=Store(tmp_path / "kept", fresh=fresh))
        assert (out / "index.html").read_bytes() == first
    assert len(calls) == 2


def test_what_every_page_says_on_top_keeps_its_link_and_nothing_else(tmp_path):
    plain = read(render(tmp_path, index="# T\n") / "index.html")
    assert plain.find(class_="announcement") is None
    announce(tmp_path / "staged", "nl", "Er is een nieuwere: [editie 2025](../index.html). <b>")
    pandoc.render(tmp_path / "staged", "nl", tmp_path / "again")
    said = read(tmp_path / "again" / "index.html").find(class_="announcement")
    assert " ".join(said.get_text().split()) == "Er is een nieuwere: editie 2025. <b>"
    assert [a["href"] for a in said.find_all("a")] == ["../index.html"]


def test_many_texts_come_back_in_their_order_as_one_by_one_and_a_fault_stays_with_its_own(tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("kept,back\n")
    texts = [f"# Title {n}\n\n{'word ' * (n * 37 % 11)}[^1]\n\n[^1]: Note {n}.\n" for n in range(9)]
    texts += ["\tcode\n\n1.\tone\n", f"::: {{.csv file={secret}}}\n:::\n", "[a](javascript:b)\n", ""]
    meta = [{"scroll": f"s{n}"} for n in range(len(texts))]
    given = list(zip(texts, meta, strict=True))
    made = pandoc.pandoc.convert(given, pandoc.READER, "html5", pandoc.FILTER)
    assert len(made) == len(texts)
    for text, said, (fine, body, _) in zip(texts, meta, made, strict=True):
        how = ["--to=html5", "--wrap=none", "--columns=100000", "--syntax-highlighting=none", "--sandbox"]
        how += [f"--from={pandoc.READER}", f"--lua-filter={pandoc.FILTER}", "-M", f"scroll={said['scroll']}"]
        alone = pandoc.pandoc.run(how, text)
        assert fine == (alone.returncode == 0) == ("javascript" not in text)
        assert not fine or body == alone.stdout.decode()
        assert fine or "refused: the target" in body
    assert "kept" not in made[10][1]
    assert pandoc.pandoc.convert([], pandoc.READER, "html5", pandoc.FILTER) == []


def words(path):
    """Return the words of the main part, without what a renderer adds: numbers of captions, white space."""
    main = read(path).main
    for added in main.select("#search-form, #search-status, noscript, .quarto-title-meta"):
        added.decompose()
    return re.findall(r"\w+", re.sub(r"\b(Figuur|Figure|Tabel|Table)\s\d+:?", "", main.get_text(" ")))


@pytest.mark.whole_road
@pytest.mark.skipif(not quarto.available(), reason="no Quarto on this machine to compare with")
@pytest.mark.parametrize("language", ["nl", "en"])
def test_both_renderers_give_the_same_words(report, tmp_path, language):
    staged = shutil.copytree(report / "build" / "2024" / "pages" / language, tmp_path / "staged")
    names = pandoc.render(staged, language, tmp_path / "pandoc")
    quarto.render(staged, language, tmp_path / "quarto")
    for page in (f"{name}.html" for name in names if name != "search"):  # its form is Pandoc's template alone
        assert words(tmp_path / "quarto" / page) == words(tmp_path / "pandoc" / page), page
