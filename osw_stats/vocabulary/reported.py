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
from osw_stats.vocabulary.impossible import refuse_impossible, refuse_units
from osw_stats.vocabulary.printed import code_end, is_negative, read_number
from osw_stats.vocabulary.reading import ONE, Reading, Told, is_year, read_at
from osw_stats.vocabulary.rules import Figure, apply_rule
from osw_stats.vocabulary.tokens import tokenise
from osw_stats.vocabulary.wording import HEDGES, YEAR_BEFORE

__all__ = ["HEDGES", "NO_FIGURE", "Figure", "apply_rule", "bare", "parse"]

NO_FIGURE = "holds no figure"


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
        If the text holds no figure, or words that contradict themselves: a range upside down, more than all, hedges
        that exclude each other, doubled marks, two units, a formula, digits of another script.

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
    try:
        refuse_impossible(text)
        told = Told(tokenise(text, language), language, unit, width, strict, careful=True, declared=True)
        return _first(told).figure
    except InputError as error:
        raise error.located(value=text) from None


def bare(text: str, language: str = "nl") -> Decimal | None:
    """Return the number that a cell holds and nothing else, as people type it; None where it is none.

    Examples
    --------
    >>> bare("12 206"), bare("−5,2"), bare("0.127"), bare("5 euro")
    (Decimal('12206'), Decimal('-5.2'), None, None)
    """
    tokens = tokenise(text.strip(), language)
    at = len(tokens) - 1
    found = read_number(tokens, at, language) if tokens and tokens[at].digits else None
    whole = at == 0 or (at == 1 and is_negative(tokens, at))
    return found.value if found and whole else None


def _first(told: Told) -> Reading:
    year = None
    for at in _starts(told):
        found = read_at(told, at)
        if found and not _is_year(told, found):
            refuse_units(told.tokens, found, told.unit)
            return found
        year = year or found
    if year:
        return year
    raise InputError(NO_FIGURE, "Copy the words and the number as published.")


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
