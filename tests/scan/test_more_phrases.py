"""Phrases that a second round of unseen texts showed to be read wrongly."""

import pytest

from osw_stats.vocabulary.scan import scan


@pytest.mark.parametrize(
    ("text", "kind", "words", "value", "unit"),
    [
        ("Half a million images were removed.", "count", "Half a million", 500_000, "images"),
        ("It cost EUR 4.75m in all.", "money", "EUR 4.75m", 4_750_000, "eur"),
        ("De schade liep op tot € 250.000.", "money", "€ 250.000", 250_000, "eur"),
        ("Bij jongens was dat een vijfde.", "ratio", "een vijfde", 20, "percent"),
        ("De motie 31 015-214 is aangenomen.", "article", "motie 31 015-214", None, None),
    ],
)
def test_a_phrase(text, kind, words, value, unit):
    (found,) = scan(text)
    assert (found.kind, found.text, found.value, found.unit) == (kind, words, value, unit)


def test_a_change_tells_two_figures():
    found = [s.value for s in scan("Cases tripled from 2,000 to 6,000.", language="en") if s.kind == "count"]
    assert found == [2000, 6000]
