"""Fixed terms of the English pages, and names that both languages keep to."""

import re

import pandas as pd
import pytest

from osw_stats.yamlfile import read_yaml
from tests.conftest import PROJECT

GLOSSARY = read_yaml(PROJECT / "tests" / "pages" / "glossary.yml")
TEXTS = [*sorted((PROJECT / "pages" / "en").glob("*.qmd")), PROJECT / "_quarto-en.yml"]
IN_BOTH = [
    *(PROJECT / "osw_stats" / name for name in ("draw/charts.yml", "text/tables.yml", "text/words.yml")),
    *(PROJECT / "osw_stats" / name for name in ("publish/site/words.yml", "meaning/units.yml")),
    *sorted((PROJECT / "osw_stats" / "meaning" / "series").glob("*.yml")),
]
BY_HAND = sorted((PROJECT / "data" / "raw" / "authorities").glob("deadlines*.csv"))


def english() -> dict[str, str]:
    """Return the English text of pages, charts, tables and pieces, by file."""
    texts = {path.name: path.read_text("utf-8") for path in TEXTS}
    for path in IN_BOTH:
        texts[path.name] = "\n".join(re.findall(r"\ben: (.+)", path.read_text("utf-8")))
    for path in BY_HAND:
        table = pd.read_csv(path, dtype=str, keep_default_na=False).filter(like="_en")
        texts[path.name] = "\n".join(table.to_numpy().ravel())
    return texts


@pytest.mark.parametrize("term", GLOSSARY)
def test_the_english_keeps_to_the_terms_of_the_glossary(term):
    wrong = re.compile(rf"\b{re.escape(term)}\b".replace(r"\ ", r"\s+"), re.IGNORECASE)
    used = {name: m[0] for name, text in english().items() if (m := wrong.search(text))}
    assert used == {}, f"write: {GLOSSARY[term]}"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_quotes_are_of_one_kind(language):
    low = [p.name for p in (PROJECT / "pages" / language).glob("*.qmd") if "„" in p.read_text("utf-8")]
    assert low == []
