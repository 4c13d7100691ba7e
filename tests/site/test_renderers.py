"""The same words from both renderers. Runs only where a real Quarto is on the path."""

import re
import shutil

import pytest
from bs4 import BeautifulSoup

from osw_stats.publish.site import pandoc, quarto

pytestmark = [
    pytest.mark.whole_road,
    pytest.mark.skipif(not quarto.available(), reason="no Quarto on this machine to compare with"),
]


def words(path):
    """Return the words of the main part, without what a renderer adds: numbers of captions, white space."""
    main = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").main
    for added in main.select("#search-form, #search-status, noscript, .quarto-title-meta"):
        added.decompose()
    text = re.sub(r"\b(Figuur|Figure|Tabel|Table)\s\d+:?", "", main.get_text(" "))
    return re.findall(r"\w+", text)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_both_renderers_give_the_same_words(report, tmp_path, language):
    staged = tmp_path / "staged"
    shutil.copytree(report / "build" / "2024" / "pages" / language, staged)
    names = pandoc.render(staged, language, tmp_path / "pandoc")
    quarto.render(staged, language, tmp_path / "quarto")
    for name in names:
        if name != "search":  # its form belongs to Pandoc's template alone
            assert words(tmp_path / "quarto" / f"{name}.html") == words(
                tmp_path / "pandoc" / f"{name}.html"
            ), name
