"""One printed number: digits or words, with its scale; dates and codes are excluded."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from osw_stats.wording.numerals import read_numeral
from osw_stats.wording.tokens import Token, text_at
from osw_stats.wording.words import ABBREVIATED, SCALES, UNIT_WORDS, VAGUE_BEFORE, WORDS

_NUMBER = {
    "nl": re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?|[0-9]+(?:,[0-9]+)?"),
    "en": re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"),
}
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_LETTERS = {"m": 6, "k": 3, "b": 9}
_MOST_DIGITS = 15  # a longer run is an identifier, and beyond exact arithmetic in floats
_LONGEST_NUMERAL = 12  # words
_CODE_BEFORE = frozenset("._/\\:#@',&")
_CODE_AFTER = frozenset("_½¼¾/\\")
_CURRENCY_SIGNS = frozenset("€£$")
_CURRENCY_CODES = _CURRENCY_SIGNS.union(("eur", "usd", "gbp"))
_HUNDRED = 2  # its power of ten
_MINUS = WORDS["minus"].split()
_BEFORE_SIGN = _CURRENCY_SIGNS.union('(["=:<>≤≥~≈', ("<=", ">="))


@dataclass(frozen=True)
class Printed:
    """A number as printed, at tokens[start:end]."""

    value: Decimal
    place: int  # the power of ten of its last printed digit
    step: Decimal  # the place value of its last *significant* digit
    unrounded: bool  # no digits can be hidden: no scale word, no half, no decimals, which are rounded
    scale: int
    start: int
    end: int

    def width(self, *, share: bool) -> Decimal:
        """Return the step; a share uses its last printed place, so that "30 procent" has step 1."""
        return min(self.step, Decimal(1).scaleb(self.place)) if share else self.step

    def scaled(self, scale: int) -> "Printed":
        """Return the number with the scale word of its neighbour: "7 à 8 miljoen"."""
        value, step = self.value.scaleb(scale), self.step.scaleb(scale)
        return Printed(value, self.place + scale, step, False, scale, self.start, self.end)


def read_number(tokens: Sequence[Token], at: int, language: str, *, joined: bool = True) -> Printed | None:
    """Read the number at tokens[at], None for a code; `joined`: whether a number in words may contain "and"."""
    if at >= len(tokens):
        return None
    if tokens[at].digits:
        return None if _is_code(tokens, at, language) else _from_digits(tokens, at, language)
    numeral = read_numeral([t.text for t in tokens[at : at + _LONGEST_NUMERAL]], language, joined=joined)
    if numeral is None or text_at(tokens, at - 1 - (text_at(tokens, at - 1) == "of")) in VAGUE_BEFORE:
        return None
    step = numeral.step or _step(numeral.value, 0)
    unrounded = numeral.step is None and numeral.scale < 3
    minus = text_at(tokens, at - 1) in _MINUS and sign_before(tokens, at) < at
    value = -numeral.value if minus else numeral.value
    return Printed(value, 0, step, unrounded, numeral.scale, at, at + numeral.used)


def code_end(tokens: Sequence[Token], at: int, language: str) -> int | None:
    """Return the end of the date or code that begins at tokens[at]; None if none does."""
    if not tokens[at].digits:
        return None
    end = at + 1
    while end + 1 < len(tokens) and tokens[end].text == "-" and tokens[end + 1].digits:
        end += 2
    if end == at + 1:
        return end if _is_code(tokens, at, language) else None
    codes = _is_code(tokens, at, language) or _is_code(tokens, at + 2, language)
    if end > at + 3 or codes or sign_before(tokens, at) < at:
        return end
    # two numbers with a dash between them: a range if they rise and are no years or months
    a, b = _from_digits(tokens, at, language), _from_digits(tokens, at + 2, language)
    if _YEAR.fullmatch(tokens[at + 2].text) and (_YEAR.fullmatch(tokens[at].text) or a.value <= 12):
        return end
    return None if a.value < abs(b.value) else end  # the dash of "50 -60" is no minus sign


def sign_before(tokens: Sequence[Token], at: int) -> int:
    """Return the place of the minus sign of a number, else `at`: a word, or glued to it or its currency but to nothing before."""
    sign = at - 1
    before = text_at(tokens, sign - 1)
    if text_at(tokens, sign) in _MINUS and (not before[-1:].isdigit() or _YEAR.fullmatch(before)):
        return sign  # not "5 min 3"
    if sign > 0 and tokens[sign].text in _CURRENCY_SIGNS and tokens[sign].glued:
        sign -= 1
    elif not tokens[at].glued:
        return at
    if sign < 0 or tokens[sign].text != "-" or text_at(tokens, sign - 1) == "-":
        return at
    return sign if not tokens[sign].glued or text_at(tokens, sign - 1) in _BEFORE_SIGN else at


def _is_code(tokens: Sequence[Token], at: int, language: str) -> bool:
    text = tokens[at].text
    leading_zero = len(text) > 1 and text[0] == "0" and text[1].isdigit()
    if leading_zero or not _NUMBER[language].fullmatch(text) or sum(map(str.isdigit, text)) > _MOST_DIGITS:
        return True
    if at and tokens[at].glued:  # a letter or mark makes it part of a name: "COVID-19", "A4"
        before = tokens[at - 1]
        named = before.text == "-" and before.glued and at > 1
        name = tokens[at - 2] if named else before
        if (name.word and name.text not in UNIT_WORDS) or before.text in _CODE_BEFORE:
            return True
    if at + 1 == len(tokens) or not tokens[at + 1].glued or _is_letter(tokens, at + 1):
        return False
    after = tokens[at + 1]  # letters that are no scale or unit: "47022NED", "14e"
    if after.text in ("/", "'"):  # the second of "1'000"; it may be the end of a quotation
        return at + 2 < len(tokens) and tokens[at + 2].digits and tokens[at + 2].glued
    return (after.word and after.text not in (*SCALES, *UNIT_WORDS)) or after.text in _CODE_AFTER


def _from_digits(tokens: Sequence[Token], at: int, language: str) -> Printed:
    text = tokens[at].text
    plain = text.replace(".", "").replace(",", ".") if language == "nl" else text.replace(",", "")
    value = Decimal(plain)
    place = -len(plain.partition(".")[2])
    if _is_letter(tokens, at + 1):
        scale, end = _LETTERS[tokens[at + 1].text], at + 2
    else:
        end = at + 1 + (text_at(tokens, at + 1) == "[")
        scale = SCALES.get(text_at(tokens, end), 0)
        if scale == _HUNDRED and value >= 100:
            scale = 0  # "in 2024 honderd meldingen"
        end = end + 1 if scale else at + 1
        if text_at(tokens, end - 1) in ABBREVIATED and text_at(tokens, end) == "." and end + 1 < len(tokens):
            end += 1  # "3,2 mln. euro"
        if scale == _HUNDRED and (more := SCALES.get(text_at(tokens, end), 0)):
            scale, end = scale + more, end + 1  # "3 honderd duizend"
    step = _step(value, place).scaleb(scale)
    value = -value if sign_before(tokens, at) < at else value
    smaller = 0 < SCALES.get(text_at(tokens, end + 1), 0) < scale and tokens[end].digits
    if smaller and value > 0 and not _is_code(tokens, end, language):  # "2 miljoen 300 duizend"
        rest = _from_digits(tokens, end, language)
        if rest.value < Decimal(1).scaleb(scale):
            return replace(rest, value=value.scaleb(scale) + rest.value, start=at)
    return Printed(value.scaleb(scale), place + scale, step, not scale and place >= 0, scale, at, end)


def _is_letter(tokens: Sequence[Token], at: int) -> bool:
    """Return whether "m" or "k" is a scale: glued to an amount of money or before a plural, "1.3m offences"."""
    if text_at(tokens, at) not in _LETTERS or not tokens[at].glued or not tokens[at - 1].digits:
        return False
    before, after = text_at(tokens, at - 2), text_at(tokens, at + 1)
    plural = after.isalpha() and after.endswith("s") and len(after) > 3
    return before in _CURRENCY_CODES or plural or after in ("people", "women", "men", "children")


def _step(value: Decimal, place: int) -> Decimal:
    """Place value of the last significant digit; a printed decimal is always significant."""
    if place >= 0 and value:
        digits = str(int(value.scaleb(-place)))
        place += len(digits) - len(digits.rstrip("0"))
    return Decimal(1).scaleb(place)
