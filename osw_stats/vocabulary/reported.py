"""Read a figure as a text prints it, with the interval its wording leaves open.

"ruim 760 duizend" is not 760,000: it is some number from 760,000 up to, but not
including, 770,000. The rules are the project's convention for Dutch and English
reporting language; they give *possibility* intervals (what the writer can have
had before rounding), not confidence intervals.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

from osw_stats.errors import InputError
from osw_stats.vocabulary.printed import code_end
from osw_stats.vocabulary.reading import ONE, Reading, Told, is_year, read_at
from osw_stats.vocabulary.rules import Figure, apply_rule
from osw_stats.vocabulary.tokens import tokenise
from osw_stats.vocabulary.wording import HEDGES, YEAR_BEFORE

__all__ = ["HEDGES", "Figure", "apply_rule", "parse"]


def parse(
    text: str,
    *,
    language: str = "nl",
    unit: str | None = None,
    step: float | None = None,
    strict: bool = False,
) -> Figure:
    """Read the first figure in `text`; a year gives way to a figure that follows it.

    Parameters
    ----------
    text
        The wording as published, such as "ruim 760 duizend" or "één op de acht".
    language
        "nl" (1.234,5) or "en" (1,234.5).
    unit
        Unit code; "percent" makes a bare number a rounded one even when it ends in a
        digit other than zero. Read from the text ("procent", "%") when left out.
    step
        Override of the place value of the last printed digit, where the context shows it.
    strict
        Read "meer dan", "minder dan" and "minstens" to the letter: without an end on the
        far side.

    Returns
    -------
    Figure
        `value` is None for a range that gives no single value.

    Raises
    ------
    InputError
        If the text holds no figure.

    Examples
    --------
    >>> parse("ruim 760 duizend").upper
    770000.0
    >>> f = parse("7 à 8 procent"); f.value, f.lower, f.upper
    (None, 6.5, 8.5)
    >>> parse("14.802 meldingen").rule
    'exact'
    >>> parse("meer dan twaalfduizend", strict=True).upper
    inf
    """
    if language not in ONE:
        raise InputError("unknown language of a source", 'Write "nl" or "en".', value=language)
    if step is not None and not (math.isfinite(step) and step > 0):
        raise InputError("is not a step", "Write a number above zero, such as 1000.", value=step)
    width = None if step is None else Decimal(str(step))
    told = Told(tokenise(text, language), language, unit, width, strict)
    year = None
    for at in _starts(told):
        found = read_at(told, at)
        if found and not _is_year(told, found):
            return found.figure
        year = year or found
    if year:
        return year.figure
    raise InputError("holds no figure", "Copy the words and the number as published.", value=text)


def _starts(told: Told) -> Iterator[int]:
    """Yield the positions where a figure may begin; dates and codes are passed over."""
    at = 0
    while at < len(told.tokens):
        end = code_end(told.tokens, at, told.language)
        if end is None and (told.tokens[at].word or told.tokens[at].digits):
            yield at
        at = at + 1 if end is None else end


def _is_year(told: Told, found: Reading) -> bool:
    """Return whether this is the year of "in 2024", for which another figure may follow."""
    before = told.tokens[found.start - 1].text if found.start else ""
    bare = found.end == found.start + 1 and found.figure.rule in ("exact", "none")
    return bare and before in YEAR_BEFORE and is_year(told.tokens, found.start)
