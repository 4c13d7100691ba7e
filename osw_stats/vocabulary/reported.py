"""Read a figure as a text prints it, with the interval its wording leaves open.

"ruim 760 duizend" is not 760,000: it is some number from 760,000 up to, but not
including, 770,000. The rules are the project's convention for Dutch and English
reporting language; they give *possibility* intervals (what the writer can have
had before rounding), not confidence intervals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from osw_stats.errors import InputError

SCALES = {
    "duizend": 3, "thousand": 3, "miljoen": 6, "million": 6, "mln": 6, "miljard": 9, "billion": 9,
}  # fmt: skip

# hedge words -> rule, in the two languages the sources use
HEDGES: dict[str, tuple[str, ...]] = {
    "meer_dan": ("meer dan", "boven de", "boven", "more than", "over"),
    "minder_dan": ("minder dan", "onder de", "less than", "fewer than", "under"),
    "minstens": ("minstens", "ten minste", "tenminste", "zeker", "at least"),
    "hooguit": ("hooguit", "maximaal", "ten hoogste", "tot", "at most", "up to"),
    "circa": (
        "ongeveer", "circa", "zo'n", "zo’n", "rond de", "rond", "naar schatting",
        "approximately", "about", "around", "some", "an estimated",
    ),
    "ruim": ("ruim", "just over"),
    "bijna": ("bijna", "krap", "almost", "nearly"),
}  # fmt: skip

LONGEST = 18  # characters of a printed number; beyond it is no figure but noise

_NUMBER = {
    "nl": r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?",
    "en": r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?",
}


@dataclass(frozen=True)
class Figure:
    """A printed figure: its value, the step it was printed in and the interval it stands for."""

    value: float | None
    step: float
    rule: str
    lower: float
    upper: float
    lower_closed: bool
    upper_closed: bool


def parse(text: str, *, language: str = "nl", unit: str | None = None, step: float | None = None) -> Figure:
    """Read the first figure in `text`.

    Parameters
    ----------
    text
        The wording as published, such as "ruim 760 duizend" or "7 à 8 procent".
    language
        "nl" (1.234,5) or "en" (1,234.5).
    unit
        Unit code; "percent" makes a bare number a rounded one even when it ends in a
        digit other than zero. Read from the text ("procent", "%") when left out.
    step
        Override of the place value of the last printed digit, where the context shows it.

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
    """
    if language not in _NUMBER:
        raise InputError("unknown language of a source", 'Write "nl" or "en".', value=language)
    number = _NUMBER[language]
    range_ = re.search(rf"(?P<a>{number})\s*(?P<word>à|tot|en|to|and|[-–])\s*(?P<b>{number})", text)
    if range_ and (
        range_["word"] not in ("en", "and") or re.search(r"tussen|between", text[: range_.start()])
    ):
        return _range(text, range_, language, step)
    found = re.search(number, text)
    if not found:
        raise InputError("holds no figure", "Copy the words and the number as published.", value=text)
    value, place = _decimal(found[0], language)
    scale = _scale_after(text[found.end() :])
    value, place = value.scaleb(scale), place + scale
    share = unit == "percent" or bool(re.match(r"\s*(%|procent|percent)", text[found.end() :]))
    width = Decimal(str(step)) if step else _step(value, place, share=share)
    rule = _hedge(text[: found.start()])
    if rule == "none" and not share and not scale and width == Decimal(1).scaleb(place):
        rule = "exact"  # a count printed to its last digit
    return apply_rule(value, width, rule)


def apply_rule(value: Decimal, step: Decimal, rule: str) -> Figure:
    """Return the interval that `rule` gives a printed `value` with this `step`.

    Examples
    --------
    >>> apply_rule(Decimal("5.2"), Decimal("0.1"), "none").lower
    5.15
    """
    half = step / 2
    below, above, closed_below, closed_above = {
        "exact": (Decimal(0), Decimal(0), True, True),
        "none": (half, half, True, False),
        "circa": (step, step, True, True),
        "ruim": (Decimal(0), step, True, False),
        "meer_dan": (Decimal(0), step, False, True),
        "bijna": (step, Decimal(0), True, False),
        "minder_dan": (step, Decimal(0), True, False),
        "minstens": (Decimal(0), step, True, True),
        "hooguit": (value, Decimal(0), True, True),
    }[rule]
    return Figure(
        float(value), float(step), rule, float(value - below), float(value + above),
        closed_below, closed_above,
    )  # fmt: skip


def _range(text: str, found: re.Match[str], language: str, step: float | None) -> Figure:
    (a, place_a), (b, place_b) = _decimal(found["a"], language), _decimal(found["b"], language)
    scale = _scale_after(text[found.end() :])
    a, b, place = a.scaleb(scale), b.scaleb(scale), min(place_a, place_b) + scale
    if found["word"] != "à":
        return Figure(None, float(Decimal(1).scaleb(place)), "tussen", float(a), float(b), True, True)
    width = Decimal(str(step)) if step else Decimal(1).scaleb(place)
    return Figure(None, float(width), "a_a_b", float(a - width / 2), float(b + width / 2), True, False)


def _decimal(printed: str, language: str) -> tuple[Decimal, int]:
    """Return the value and the power of ten of its last printed digit."""
    plain = printed.replace(".", "").replace(",", ".") if language == "nl" else printed.replace(",", "")
    if len(plain) > LONGEST:
        raise InputError(
            "is longer than any figure a text prints", "Copy the figure alone.", value=printed[:40]
        )
    value = Decimal(plain)
    exponent = value.as_tuple().exponent
    return value, exponent if isinstance(exponent, int) else 0


def _step(value: Decimal, place: int, *, share: bool) -> Decimal:
    """Place value of the last printed *significant* digit; shares keep the printed place."""
    if share or place < 0 or value == 0:
        return Decimal(1).scaleb(place)
    whole = value.scaleb(-place)
    while whole % 10 == 0:
        whole, place = whole / 10, place + 1
    return Decimal(1).scaleb(place)


def _scale_after(rest: str) -> int:
    found = re.match(r"[\s\[]*([a-zA-Z]+)", rest)
    return SCALES.get(found[1].lower(), 0) if found else 0


def _hedge(before: str) -> str:
    words = re.sub(r"[€$£(\[]", " ", before.lower()).rstrip()
    for rule, hedges in HEDGES.items():
        if any(re.search(rf"(?:^|\s){re.escape(h)}$", words) for h in hedges):
            return rule
    return "none"
