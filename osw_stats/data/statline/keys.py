"""Codes and labels that StatLine tables share: periods, margins, symbols."""

from __future__ import annotations

import re

from osw_stats.errors import InputError

# 2024JJ00 a year, 2024KW01 a quarter, 2024HJ01 a half year, 2024MM07 a month
_KEY = re.compile(r"(?P<year>[0-9]{4})(?P<kind>JJ|KW|HJ|MM)(?P<number>[0-9]{2})")
_LARGEST = {"JJ": 0, "KW": 4, "HJ": 2, "MM": 12}
MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
    "oktober", "november", "december",
)  # fmt: skip
_LABEL = re.compile(
    rf"(?P<year>[0-9]{{4}})(?: (?:(?P<month>{'|'.join(MONTHS)})|(?P<quarter>[1-4])e kwartaal|(?P<half>[12])e halfjaar))?"
    r"(?P<mark>\*{0,2})"
)
# a margin is three rows, one a key, never three columns
MARGINS = {
    "MW00000": "value", "Waarde": "value",
    "MOG0095": "ci_lower", "Ondergrens 95%-interval": "ci_lower",
    "MBG0095": "ci_upper", "Bovengrens 95%-interval": "ci_upper",
}  # fmt: skip
# words of the status column of Perioden, and the marks after a period label
STATUS = {
    "Definitief": "normal", "Voorlopig": "provisional", "NaderVoorlopig": "provisional",
    "Nader voorlopig": "provisional", "": "normal", "*": "provisional", "**": "provisional",
}  # fmt: skip
# ".": unknown, insufficiently reliable or secret; empty: cannot logically occur
SYMBOLS = {".": "withheld", "": "not_applicable"}
PERIOD_NAMES = ("Perioden", "Periods")
MARGIN_NAMES = ("Marges", "Margins")


def period(code: str) -> tuple[str, str]:
    """Return the SDMX period of a key or label, and the status its mark gives.

    Raises
    ------
    InputError
        If it is neither.

    Examples
    --------
    >>> period("2024MM07"), period("2024 juli*"), period("2024JJ00")
    (('2024-07', 'normal'), ('2024-07', 'provisional'), ('2024', 'normal'))
    """
    text = code.strip()
    key = _KEY.fullmatch(text)
    if key and (int(key["number"]) in range(1, _LARGEST[key["kind"]] + 1) or text.endswith("JJ00")):
        tail = {
            "JJ": "",
            "KW": f"-Q{int(key['number'])}",
            "HJ": f"-H{int(key['number'])}",
            "MM": f"-{key['number']}",
        }
        return _checked(code, key["year"], tail[key["kind"]]), "normal"
    label = _LABEL.fullmatch(text)
    if label:
        tail_ = ""
        if label["month"]:
            tail_ = f"-{MONTHS.index(label['month']) + 1:02d}"
        elif label["quarter"]:
            tail_ = f"-Q{label['quarter']}"
        elif label["half"]:
            tail_ = f"-H{label['half']}"
        return _checked(code, label["year"], tail_), STATUS[label["mark"]]
    raise _unknown(code)


def _checked(code: str, year: str, tail: str) -> str:
    if not 1800 <= int(year) <= 2100:
        raise _unknown(code)
    return year + tail


def _unknown(code: str) -> InputError:
    return InputError(
        "is no period that StatLine uses",
        "Known are 2024JJ00, 2024KW01, 2024HJ01, 2024MM07 and labels such as 2024, 2024* or 2024 juli.",
        value=code,
    )
