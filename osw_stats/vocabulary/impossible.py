"""What no printed figure can be: refused where a figure is given as one, in a source, a sheet or a ledger."""

from __future__ import annotations

import re
from collections.abc import Sequence

from osw_stats.errors import InputError
from osw_stats.vocabulary.reading import Reading, is_year
from osw_stats.vocabulary.tokens import Token, text_at
from osw_stats.vocabulary.units import UNITS
from osw_stats.vocabulary.wording import CURRENCY, PERCENT, SCALES

_AS_PRINTED = "Copy the words and the number as published."
_IMPOSSIBLE = (
    (
        re.compile(r"\A\s*[=@]|[0-9]\s?[+*^×÷x]\s?[0-9]"),
        "holds a formula",
        "Write its outcome, as published.",
    ),
    (
        re.compile(r"[.,:/]{2,}[0-9]|(?<![\w-])[-+‐‑‒–—−]{2,}\s?[.,]?[0-9]|([%€£$±≈<>≤≥~])\s?\1"),
        "holds a doubled mark",
        _AS_PRINTED,
    ),
    (re.compile(r"[0-9](?:,,|\.\.(?!\.))"), "holds a doubled mark", _AS_PRINTED),
    (
        re.compile(r"[0-9%]\s?±"),
        "holds a figure with its margin",
        "Write the figure alone; tell its margin in the note.",
    ),
    (
        re.compile(r"\bmin(?:us)?\s+[.,]?[0-9]", re.I),
        "holds a minus sign in words",
        "Write the sign directly before the number: -5.",
    ),
    (
        re.compile(r"\A\s*[-‐‑‒–—−]\s+[.,]?[0-9]|[0-9][-‐‑‒–—−]\s*\Z"),
        "holds a dash that may be a minus sign",
        "Write a minus sign directly before the number, or leave the dash out.",
    ),
)
# what tells the unit of a figure; those of one family go together
_FAMILIES = {
    "percent": ("%", *PERCENT),
    "eur": ("€", "eur", "euro", "euros", "euro's"),
    "usd": ("$", "usd", "us", "dollar", "dollars"),
    "gbp": ("£", "gbp", "pond", "pounds"),
    "fte": ("fte", "fte's", "ftes"),
}
_MONEY = ("eur", "usd", "gbp")
# families that no row of a kind of unit can be printed in
_OTHERS = {
    "count": ("percent", *_MONEY, "fte"), "money": ("percent",), "posts": ("percent", *_MONEY),
    "share": (*_MONEY, "fte"),
}  # fmt: skip
_FAMILY = {word: family for family, words in _FAMILIES.items() for word in words}


def refuse_impossible(text: str) -> None:
    """Refuse digits of another script, doubled marks and formulas.

    Raises
    ------
    InputError
        If the text holds one.
    """
    if any(c.isdecimal() and not c.isascii() for c in text):
        raise InputError("holds a digit of another script", "Write the digits 0 to 9.")
    for pattern, problem, remedy in _IMPOSSIBLE:
        if pattern.search(text):
            raise InputError(problem, remedy)


def refuse_units(tokens: Sequence[Token], found: Reading, unit: str | None) -> None:
    """Refuse a figure that stands in two units, or beside another number without a word between them.

    Raises
    ------
    InputError
        If it does.
    """
    end = found.end
    if text_at(tokens, end - 1) in SCALES and text_at(tokens, end) in SCALES:
        raise InputError("holds two words of scale", _AS_PRINTED)
    last = text_at(tokens, found.start - 1)
    beside = last.isdecimal() and not is_year(tokens, found.start - 1)
    if beside or (end < len(tokens) and tokens[end].digits and tokens[end - 1].digits):
        raise InputError("holds two numbers side by side", _AS_PRINTED)
    before = found.start - 1
    before -= text_at(tokens, before) == "-"
    told = [_FAMILY[t] for t in (text_at(tokens, before),) if t in CURRENCY]
    while text_at(tokens, end) in _FAMILY:
        told.append(_FAMILY[text_at(tokens, end)])
        end += 1
    if len(set(told)) > 1:
        raise InputError(f"stands in two units ({' and '.join(dict.fromkeys(told))})", _AS_PRINTED)
    if len(told) > 1 and told[0] != "usd":  # "US dollar" takes two words
        raise InputError(f"holds a doubled mark ({told[0]})", _AS_PRINTED)
    kind = UNITS[unit].kind if unit in UNITS else ""
    if any(family in _OTHERS.get(kind, ()) for family in told):
        raise InputError(f"stands in another unit ({told[0]}) than the row ({unit})", _AS_PRINTED)
