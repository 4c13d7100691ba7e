"""The same words from both renderers. Runs only where a real Quarto is on the path."""

import re
import shutil

import pytest

from osw_stats.publish.site import pandoc, quarto
from tests.site.conftest import read

pytestmark = [
    pytest.mark.whole_road,
    pytest.mark.skipif(not quarto.available(), reason="no Quarto on this machine to compare with"),
]


def words(path):
    """Return the words of the main part, without what a renderer adds: numbers of captions, white space."""
    main = read(path).main
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
    for page in (f"{name}.html" for name in names if name != "search"):  # its form is Pandoc's template alone
        assert words(tmp_path / "quarto" / page) == words(tmp_path / "pandoc" / page), page
