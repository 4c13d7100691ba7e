"""Read a figure as a text prints it, with the interval its wording leaves open.

"ruim 760 duizend" is some number from 760,000 up to, but not including, 770,000. The rules are the project's convention
for Dutch and English reporting language; they give *possibility* intervals (the values the writer can have had
before rounding), not confidence intervals.
"""

import math
import re
import unicodedata
from decimal import Decimal
from pathlib import Path

from osw_stats.errors import InputError
from osw_stats.meaning.units import UNITS
from osw_stats.wording.hedges import Figure
from osw_stats.wording.printed import code_end, read_number, sign_before
from osw_stats.wording.reading import Reading, Wording, is_year, read_at
from osw_stats.wording.scan.marks import context
from osw_stats.wording.tokens import REVERSED, text_at, tokenise
from osw_stats.wording.words import CURRENCY, PERCENT, SCALES, WORDS, YEAR_BEFORE, is_currency
from osw_stats.yamlfile import read_yaml

__all__ = ["NO_FIGURE", "Figure", "bare", "parse"]

NO_FIGURE = "holds no figure"
_AS_PRINTED = "Copy the words and the number as published."
_IMPOSSIBLE = read_yaml(Path(__file__).with_name("impossible.yml"))
# words for the unit of a figure; those of one family go together
_FAMILY = CURRENCY | dict.fromkeys(("%", *PERCENT), "percent") | dict.fromkeys(WORDS["fte"].split(), "fte")
# families in which no row of a kind of unit can be printed
_FOREIGN = {
    "count": {"percent", "fte", *WORDS["currency"]},
    "money": {"percent"},
    "posts": {"percent", *WORDS["currency"]},
    "share": {"fte", *WORDS["currency"]},
}


def parse(
    text: str,
    *,
    language: str = "nl",
    unit: str | None = None,
    step: float | None = None,
    strict: bool = False,
) -> Figure:
    """Read the first figure in `text`; a year, date, age or article gives way to a figure that follows it.

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
    if language not in ("nl", "en"):
        raise InputError("unknown language of a source", 'Write "nl" or "en".', value=language)
    if step is not None and not (math.isfinite(step) and step > 0):
        raise InputError("is not a step", "Write a number above zero, such as 1000.", value=step)
    width = None if step is None else Decimal(str(step))
    wording = Wording(tokenise(text, language), language, unit, width, strict, careful=True, declared=True)
    try:
        if _other_digits(text):
            raise InputError("holds a digit of another script", "Write the digits 0 to 9.")
        if REVERSED.search(text):
            raise InputError("holds a number that is shown backwards", "Take U+202E away.")
        for case in _IMPOSSIBLE:
            if re.search(case["pattern"], text):
                raise InputError(case["problem"], case["remedy"])
        return _first(wording, text).figure
    except InputError as error:
        raise error.located(value=text) from None


def _other_digits(text: str) -> bool:
    """Return whether a text has digits of another script: they are readable, but a source should have none."""
    return any(c.isdecimal() and not c.isascii() for c in text)


def bare(text: str, language: str = "nl") -> Decimal | None:
    """Return the number of a cell that has nothing else, as people type it; None for other cells."""
    if _other_digits(text):
        return None
    tokens = tokenise(text.strip(), language)
    at = len(tokens) - 1
    number = read_number(tokens, at, language) if tokens and tokens[at].digits else None
    alone = at == 0 or (at == 1 and sign_before(tokens, at) < at)
    return number.value if number and alone else None


def _first(wording: Wording, text: str) -> Reading:
    """Return the first figure other than a date, age, code or the year of "in 2024"; else the first of these."""
    other, at, tokens, marked = None, 0, wording.tokens, context(text)
    while at < len(tokens):
        end = code_end(tokens, at, wording.language)
        begins = end is None and (tokens[at].word or tokens[at].digits)
        reading = read_at(wording, at) if begins else None
        if reading:
            alone = reading.end == at + 1 and reading.figure.rule in ("exact", "none")
            year = is_year(tokens, at) and is_year(tokens, reading.end - 1)
            dated = year and (reading.form == "range" or (alone and text_at(tokens, at - 1) in YEAR_BEFORE))
            if not (dated or any(start <= tokens[at].start < last for start, last, _ in marked)):
                _refuse_units(wording, reading)
                return reading
            other = other or reading
        at = end or (reading.end if reading else at + 1)
    if other is None:
        raise InputError(NO_FIGURE, _AS_PRINTED)
    return other


def _refuse_units(wording: Wording, reading: Reading) -> None:
    """Refuse a figure with two units, or next to another number without a word in between."""
    tokens, end = wording.tokens, reading.end
    before = reading.start - 1
    if text_at(tokens, end - 1) in SCALES and text_at(tokens, end) in SCALES:
        raise InputError("holds two words of scale", _AS_PRINTED)
    adjacent = text_at(tokens, before).isdecimal() and not is_year(tokens, before)
    if adjacent or (end < len(tokens) and tokens[end].digits and tokens[end - 1].digits):
        raise InputError("holds two numbers side by side", _AS_PRINTED)
    if end < len(tokens) and tokens[end].glued and tokens[end - 1].digits:
        sign, after = tokens[end].text, tokens[end + 1 : end + 2]
        numeral = len(sign) == 1 and unicodedata.numeric(sign, None) is not None
        raised = numeral and unicodedata.decomposition(sign).startswith("<super>")  # of a note
        inside = not sign.isascii() and bool(after) and after[0].digits and after[0].glued
        if (numeral and not raised) or (inside and not raised and not sign.isalnum()):
            raise InputError("holds a sign that no number is printed with", _AS_PRINTED, value=sign)
    before -= text_at(tokens, before) == "-"
    units = [CURRENCY[tokens[before].text]] if is_currency(tokens, before) else []
    while text_at(tokens, end) in _FAMILY:
        units.append(_FAMILY[text_at(tokens, end)])
        end += 1
    if len(set(units)) > 1:
        raise InputError(f"stands in two units ({' and '.join(dict.fromkeys(units))})", _AS_PRINTED)
    if len(units) > 1 and units[0] != "usd":  # "US dollar" takes two words
        raise InputError(f"holds a doubled mark ({units[0]})", _AS_PRINTED)
    foreign = _FOREIGN.get(UNITS[wording.unit].kind, ()) if wording.unit in UNITS else ()
    if units and units[0] in foreign:
        raise InputError(f"stands in another unit ({units[0]}) than the row ({wording.unit})", _AS_PRINTED)
