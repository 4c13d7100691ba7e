"""The part of the claims page that repeats for every chapter of the report."""

from __future__ import annotations

import pandas as pd

from osw_stats.report.charts.claims import drawable, forest
from osw_stats.report.root import LANGUAGES
from osw_stats.report.story import Story
from osw_stats.report.words import word

FEWEST_DRAWN = 3  # a chart of fewer points says no more than the table


def by_chapter(story: Story, result: pd.DataFrame) -> None:
    """Show for every chapter its heading, a forest plot where there is enough to draw, and all its claims.

    Parameters
    ----------
    story
        The telling of the claims notebook.
    result
        The table of `analysis.claims.verdicts.check`, in the order of the report.
    """
    for chapter, rows in result.groupby("chapter", sort=False):
        where = {language: chapter_name(str(chapter), language) for language in LANGUAGES}
        story.heading(where["nl"], where["en"], level=3)
        if len(drawable(rows)) >= FEWEST_DRAWN:
            story.figure(
                f"claims-{chapter}",
                forest(rows, where[story.language], story.language),
                data=rows,
                table="claims_result",
                says="verdicts",
            )
        story.extract("claims_result", rows)


def chapter_name(chapter: str, language: str) -> str:
    """Return "Hoofdstuk 4", or the name of the annexes.

    Examples
    --------
    >>> chapter_name("4", "nl"), chapter_name("annex", "en")
    ('Hoofdstuk 4', 'Contents and annexes')
    """
    name = (
        word("place", "annex", language)
        if chapter == "annex"
        else f"{word('place', 'chapter', language)} {chapter}"
    )
    return name[0].upper() + name[1:]
