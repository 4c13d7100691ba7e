"""What a cell of a workbook shows: its value under a plain number format. Any other format is refused."""

import re
from decimal import Decimal

# what Excel shows as it stands (quoted, or after a backslash), what shows nothing, and a currency
_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\]'
    r"|\[(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d+)\]|[_*].",
    re.S | re.I,
)
_MAY_STAND = re.compile(r"(?:EUR|[-+()€%\s])*")  # beside a number, as text
_PERCENT, _WORDS = "\x00", "\x01"  # a percent sign that is text, and any other text: no workbook holds these
_PLAIN = re.compile(
    r"(?P<before>(?:EUR|[-+(€\s])*)(?P<whole>[#0?](?:[#0?,]*[#0?])?)(?:\.(?P<decimals>[#0?]+))?"
    rf"(?P<after>(?:EUR|[-)€\s%{_PERCENT}])*)"
)
_DIGITS = 15  # of a number in a workbook; more are noise of its arithmetic


class ShownOtherwiseError(ValueError):
    """A cell that shows something else than it holds; the text says in Dutch what."""


def shown(value: float, number_format: str) -> str:
    """Return a number as its cell shows it, in Dutch notation and without thousands marks.

    Plain formats are General, digits with decimals and thousands, a percent sign and an amount in euros, with a
    section of their own for numbers below zero and zero. Any other format raises `ShownOtherwiseError`, as does one
    that rounds or hides the number or changes its sign.

    Examples
    --------
    >>> shown(0.8, '0.0"%"'), shown(0.31, "0%"), shown(12, "0.0"), shown(-1234.5, "#,##0.00")
    ('0,8%', '31%', '12,0', '-1234,50')
    """
    number = Decimal(f"{value:.{_DIGITS}g}")
    sections = _sections(number_format)
    own = len(sections) > 1 and number < 0  # a section of its own shows the minus itself
    section = sections[1] if own else sections[2] if number == 0 and len(sections) > 2 else sections[0]
    if section.lower() in ("@", "general", "standaard") and not own:
        return _dutch(number)
    plain = _PLAIN.fullmatch(section)
    beside = plain["before"] + plain["after"] if plain else ""
    several = len(re.findall(f"[%{_PERCENT}]|€|EUR", beside)) > 1
    if plain is None or several or re.search(r"\[[<>=]", number_format):
        raise ShownOtherwiseError("de opmaak van deze cel is geen gewone opmaak van een getal")
    whole, decimals, after = plain["whole"], plain["decimals"] or "", plain["after"]
    if ("-" in beside or ("(" in beside and ")" in beside)) != own:
        raise ShownOtherwiseError("de opmaak van deze cel verandert het teken van het getal")
    if "%" in after:  # a percent sign that is no text multiplies by 100
        number = number.scaleb(2)
    if number != round(number, len(decimals)):
        raise ShownOtherwiseError(f"deze cel toont een afgerond getal, maar bevat {_dutch(number)}")
    if number == 0 and "0" not in whole + decimals:
        raise ShownOtherwiseError("de opmaak van deze cel laat een nul niet zien")
    places = max(len(decimals.rstrip("#?")), -int(number.normalize().as_tuple().exponent))
    unit = "%" if "%" in after or _PERCENT in after else " euro" if re.search("€|EUR", beside) else ""
    return f"{number:.{places}f}".replace(".", ",") + unit


def _dutch(number: Decimal) -> str:
    return f"{number.normalize():f}".replace(".", ",")


def shown_text(text: str, number_format: str) -> str:
    """Return the text of a cell; raise `ShownOtherwiseError` if its format hides it or adds to it."""
    sections = _sections(number_format)
    if (len(sections) > 3 or "@" in sections[-1]) and sections[-1] != "@":
        raise ShownOtherwiseError("de opmaak van deze cel laat de tekst niet zien zoals zij is")
    return text


def _sections(number_format: str) -> list[str]:
    """Return the sections of a format without what shows nothing; text that may not stand there is a mark."""
    return _PIECE.sub(_literal, number_format or "General").split(";")


def _literal(piece: re.Match[str]) -> str:
    text = next((t for t in piece.group("quoted", "escaped", "currency") if t is not None), "")
    return text.replace("%", _PERCENT) if _MAY_STAND.fullmatch(text) else _WORDS
