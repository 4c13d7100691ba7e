"""What a cell of a workbook shows: its value under its number format, or why the two are not the same."""

from __future__ import annotations

import re
from decimal import Decimal

# a piece of a number format; what stands between quotes or after a backslash is text as it is
_PIECE = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]|General|Standaard|[0#?.,%/@;]|[Ee][+-]|.', re.S | re.I)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?[0-9]+(?:\.[0-9]+)?)\]")
_TESTS = {
    "<": Decimal.__lt__, "<=": Decimal.__le__, ">": Decimal.__gt__, ">=": Decimal.__ge__,
    "=": Decimal.__eq__, "<>": Decimal.__ne__,
}  # fmt: skip
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_HARMLESS = re.compile(r"\[(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d+|\$[^\]]*)\]", re.I)
_DIGITS = 15  # of a number in a workbook; more are noise of its arithmetic


class ShownOtherwiseError(ValueError):
    """A cell that shows something else than it holds; the text says in Dutch what."""


def shown(value: float, number_format: str) -> str:
    """Return a number as its cell shows it, in Dutch notation and without thousands marks.

    Raises
    ------
    ShownOtherwiseError
        If the format scales, rounds, words or hides the number, or is none that we can read.

    Examples
    --------
    >>> shown(0.8, '0.0"%"'), shown(0.31, "0%"), shown(12, "0.0"), shown(-1234.5, "#,##0.00")
    ('0,8%', '31%', '12,0', '-1234,50')
    """
    number = Decimal(f"{value:.{_DIGITS}g}")
    pieces, conditional = _section(number, number_format or "General")
    if pieces == ["@"] or any(p.lower() in ("general", "standaard") for p in pieces):
        if len([p for p in pieces if not _HARMLESS.fullmatch(p)]) > 1:
            raise ShownOtherwiseError("de opmaak van deze cel zet er iets bij")
        return _dutch(number)
    literal = "".join(_literal(p) for p in pieces)
    codes = [p for p in pieces if p in "0#?.,%" or p[:1] in "/@Ee"]
    _refuse_codes(pieces, codes, literal)
    # a percent sign that is no text multiplies by 100
    number = number.scaleb(2 * pieces.count("%"))
    before, _, after = "".join(c for c in codes if c in "0#?.").partition(".")
    most, least = len(after), len(after.rstrip("#?"))
    if number != round(number, most):
        raise ShownOtherwiseError(f"deze cel toont een afgerond getal, maar bevat {_dutch(number)}")
    if number == 0 and "0" not in before + after:
        raise ShownOtherwiseError("de opmaak van deze cel laat een nul niet zien")
    minus = "-" in literal or ("(" in literal and ")" in literal)
    signed = number < 0 and not conditional  # one section for all: the program sets the sign itself
    if minus != (number < 0 and not signed):
        raise ShownOtherwiseError("de opmaak van deze cel verandert het teken van het getal")
    places = max(least, -int(number.normalize().as_tuple().exponent))
    unit = "%" if "%" in pieces or "%" in literal else " euro" if "€" in literal or "EUR" in literal else ""
    return f"{number:.{places}f}".replace(".", ",") + unit


def shown_text(text: str, number_format: str) -> str:
    """Return the text of a cell, if the cell shows it.

    Raises
    ------
    ShownOtherwiseError
        If the format hides the text or adds to it.
    """
    sections = _sections(number_format or "General")
    last = [p for p in sections[-1] if not _HARMLESS.fullmatch(p) and p[0] not in "_*"]
    if (len(sections) > 3 or "@" in last) and last != ["@"]:
        raise ShownOtherwiseError("de opmaak van deze cel laat de tekst niet zien zoals zij is")
    return text


def _sections(number_format: str) -> list[list[str]]:
    sections: list[list[str]] = [[]]
    for piece in _PIECE.findall(number_format):
        if piece == ";":
            sections.append([])
        else:
            sections[-1].append(piece)
    return sections


def _section(number: Decimal, number_format: str) -> tuple[list[str], bool]:
    """Return the section that applies to a number, and whether it is one for some numbers only."""
    sections = _sections(number_format)
    tests = [next((m for p in s if (m := _CONDITION.fullmatch(p))), None) for s in sections]
    if any(tests):
        for section, test in zip(sections, tests, strict=True):
            if test is None or _TESTS[test[1]](number, Decimal(test[2])):
                return [p for p in section if not _CONDITION.fullmatch(p)], number < 0 and test is not None
        raise ShownOtherwiseError("de opmaak van deze cel laat het getal niet zien")
    at = 0 if len(sections) == 1 or number > 0 else 1 if number < 0 else 2 if len(sections) > 2 else 0
    return sections[at], len(sections) > 1 and number < 0


def _literal(piece: str) -> str:
    """Return what a piece shows as it stands; empty for a code, a colour, a filling or the width of a letter."""
    if piece.startswith('"'):
        return piece.strip('"')
    if piece.startswith("\\"):
        return piece[1:]
    if currency := _CURRENCY.fullmatch(piece):
        return currency[1]
    if piece[0] in "_*[" or piece in "0#?.,%" or piece[0] in "/@" or piece[:2].upper() in ("E+", "E-"):
        return ""
    return piece


def _refuse_codes(pieces: list[str], codes: list[str], literal: str) -> None:
    digits = [at for at, p in enumerate(pieces) if p in "0#?"]
    strange = [p for p in pieces if p.startswith("[") and not _HARMLESS.fullmatch(p)]
    words = re.sub(r"€|EUR|[-+()%\s]", "", literal)  # what may stand beside a number
    if not digits:
        raise ShownOtherwiseError("de opmaak van deze cel laat het getal niet zien")
    if strange or any(p[0] in "/@Ee" for p in codes) or codes.count(".") > 1:
        raise ShownOtherwiseError("de opmaak van deze cel is geen gewone opmaak van een getal")
    if words or any(_literal(p).strip() for p in pieces[digits[0] : digits[-1]]):
        raise ShownOtherwiseError("de opmaak van deze cel zet er tekst bij")
    if literal.count("%") + pieces.count("%") > 1:
        raise ShownOtherwiseError("de opmaak van deze cel is geen gewone opmaak van een getal")
    last = "".join(p for p in pieces if p in "0#?.,").rstrip()
    if last.endswith(",") or ",." in last:
        raise ShownOtherwiseError("de opmaak van deze cel deelt het getal door duizend")


def _dutch(number: Decimal) -> str:
    return f"{number.normalize():f}".replace(".", ",")
