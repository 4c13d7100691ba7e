"""Dutch and English: numbers, intervals and dates, rounded half up and then formatted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal

from osw_stats.vocabulary.numbers import INTERVAL_WORDS, Number
from osw_stats.vocabulary.rounding import half_up
from osw_stats.vocabulary.units import unit

LOCALE = {"nl": "nl_NL", "en": "en_GB"}
WORDS = {
    "to": {"nl": "tot", "en": "to"},
    "more": {"nl": "meer", "en": "more"},
    "fewer": {"nl": "minder", "en": "fewer"},
    "one_in": {"nl": "ongeveer 1 op de {k}", "en": "about 1 in {k}"},
    "million": {"nl": "miljoen", "en": "million"},
    "no_interval": {"nl": "geen marge", "en": "no margin"},
}
PUBLISHED = {
    "unknown": {"nl": "datum van publicatie niet bekend; in elk geval openbaar op", "en": "date of publication not known; public at the latest on"},
    "day": {"nl": "gepubliceerd op", "en": "published on"},
    "month": {"nl": "gepubliceerd in", "en": "published in"},
    "year": {"nl": "gepubliceerd in", "en": "published in"},
}  # fmt: skip
MINUS = "\N{MINUS SIGN}"


# a number is printed several times: in a table, a chart, its drawing for a phone
@lru_cache(maxsize=8192, typed=True)
def number(value: float | Decimal, language: str, decimals: int = 0) -> str:
    """Return `value` rounded half up, with the thousands and decimal marks of the language.

    Examples
    --------
    >>> number(14802, "nl"), number(5.25, "nl", 1), number(-6.61, "en", 1)
    ('14.802', '5,3', '−6.6')
    """
    rounded = half_up(value, decimals)
    pattern = "#,##0" + ("." + "0" * decimals if decimals > 0 else "")
    text: str = format_decimal(abs(rounded), format=pattern, locale=LOCALE[language])
    return MINUS + text if rounded < 0 else text


PARTS_OF_YEAR = {
    "nl": {
        "H1": "de eerste helft van {}", "H2": "de tweede helft van {}", "Q1": "het eerste kwartaal van {}",
        "Q2": "het tweede kwartaal van {}", "Q3": "het derde kwartaal van {}", "Q4": "het vierde kwartaal van {}",
    },
    "en": {
        "H1": "the first half of {}", "H2": "the second half of {}", "Q1": "the first quarter of {}",
        "Q2": "the second quarter of {}", "Q3": "the third quarter of {}", "Q4": "the fourth quarter of {}",
    },
}  # fmt: skip


def between(low: str, high: str, language: str, *, in_words: bool = False) -> str:
    """Return a range as text; a dash before a minus sign cannot be read, so a word stands there.

    Examples
    --------
    >>> between("4,9", "5,5", "nl"), between("−0,6", "0,2", "nl"), between("1", "5", "en", in_words=True)
    ('4,9–5,5', '−0,6 tot 0,2', '1 to 5')
    """
    return f"{low} {WORDS['to'][language]} {high}" if in_words or low.startswith(MINUS) else f"{low}–{high}"


def day(value: date | str, language: str) -> str:
    """Return a date in words.

    Examples
    --------
    >>> day("2024-07-01", "nl"), day("2024-07-01", "en")
    ('1 juli 2024', '1 July 2024')
    """
    exact = value if isinstance(value, date) else date.fromisoformat(value)
    text: str = format_date(exact, format="d MMMM y", locale=LOCALE[language])
    return text


def month(value: str, language: str) -> str:
    """Return a year, or a year and month, in words.

    Examples
    --------
    >>> month("2023-04", "nl"), month("2023-04-30", "en"), month("2023", "nl")
    ('april 2023', 'April 2023', '2023')
    """
    if len(value) == 4:
        return value
    text: str = format_date(date.fromisoformat(f"{value[:7]}-01"), format="MMMM y", locale=LOCALE[language])
    return text


def period_words(code: str, language: str) -> str:
    """Return a period as a sentence names it.

    Examples
    --------
    >>> period_words("2024", "nl"), period_words("2024-H2", "en"), period_words("2024-07", "nl")
    ('2024', 'the second half of 2024', 'juli 2024')
    """
    year, _, part = code.partition("-")
    return (
        PARTS_OF_YEAR[language][part].format(year)
        if part in PARTS_OF_YEAR[language]
        else month(code, language)
    )


def when(value: str, language: str) -> str:
    """Return a day, month or year as a sentence names it.

    Examples
    --------
    >>> when("2023-04", "nl"), when("2023-11-27", "nl"), when("2023-11-27", "en")
    ('in april 2023', 'op 27 november 2023', 'on 27 November 2023')
    """
    if len(value) == 10:
        return f"{'op' if language == 'nl' else 'on'} {day(value, language)}"
    return f"in {month(value, language)}"


def decimals(value: float, unit_code: str) -> int:
    """Return the places shown for a unit: percent one, fte one if needed, survey persons tens of thousands."""
    kind = unit(unit_code).kind
    if kind == "share":
        return 1
    if kind == "posts":
        return 0 if half_up(value, 1) == half_up(value, 0) else 1
    if unit_code == "persons":
        return -4 if abs(value) >= 500_000 else -3
    return 0


def filled(text: str, **parts: object) -> str:
    """Fill in a text; of "[n:one|many]" the first stands where n is printed as 1, else the second.

    Examples
    --------
    >>> filled("{n} [n:other|others]", n=1), filled("{n} [n:other|others]", n=2)
    ('1 other', '2 others')
    """
    chosen = re.sub(
        r"\[(\w+):([^|\]]*)\|([^\]]*)\]", lambda m: m[2] if str(parts[m[1]]) == "1" else m[3], text
    )
    return chosen.format(**parts)


class Said:
    """An estimate inside a sentence: `{share}`, `{share:interval}`, `{share:one_in}` and so on.

    Format words: (none) value and unit; `number` value alone; `interval` both limits and
    unit; `kind` what the interval means; `one_in` "about 1 in 19"; `change` "5.6 percent
    more"; `span` both limits of a change in words.

    Examples
    --------
    >>> e = Number(5.2, "percent", 4.9, 5.5, "assumed", ("a",), "Wilson", "B")
    >>> f"{Said(e, 'nl')}, {Said(e, 'nl'):one_in}, {Said(e, 'en'):interval}"
    '5,2 procent, ongeveer 1 op de 19, 4.9 to 5.5 percent'
    """

    def __init__(self, estimate: Number, language: str) -> None:
        self.estimate, self.language = estimate, language

    def __format__(self, word: str) -> str:
        shapes = {
            "": self._value, "number": self._number, "interval": self._interval, "kind": self._kind,
            "one_in": self._one_in, "change": self._change, "span": self._span,
        }  # fmt: skip
        if word not in shapes:
            raise ValueError(f"unknown way to say a number: {word}")
        return shapes[word]()

    def _number(self, value: float | None = None) -> str:
        shown = self.estimate.value if value is None else value
        places = 0 if self.printed_whole() else decimals(shown, self.estimate.unit)
        if self.estimate.unit == "eur" and abs(shown) >= 1e6:
            return f"{number(shown / 1e6, self.language, 1)} {WORDS['million'][self.language]}"
        return number(half_up(shown, places), self.language, max(places, 0))

    def printed_whole(self) -> bool:
        """Say whether this is a percentage that its publisher printed without decimals."""
        e = self.estimate
        rounded = e.interval_kind == "rounding" and e.unit == "percent" and e.lower is not None
        return rounded and e.value == int(e.value) and e.value - (e.lower or 0) == 0.5

    def _value(self) -> str:
        return f"{self._number()} {self._unit(self._number())}"

    def _unit(self, printed: str) -> str:
        return unit(self.estimate.unit).words(printed, self.language)

    def _interval(self) -> str:
        low, high = self.estimate.lower, self.estimate.upper
        if low is None or high is None or low == high:
            return WORDS["no_interval"][self.language]
        return f"{self._number(low)} {WORDS['to'][self.language]} {self._number(high)} {self._unit('')}"

    def _kind(self) -> str:
        return INTERVAL_WORDS[self.estimate.interval_kind][self.language]

    def _one_in(self) -> str:
        return WORDS["one_in"][self.language].format(k=half_up(100 / self.estimate.value))

    def _change(self, value: float | None = None) -> str:
        shown = self.estimate.value if value is None else value
        direction = "more" if shown >= 0 else "fewer"
        printed = self._number(abs(shown))
        return f"{printed} {self._unit(printed)} {WORDS[direction][self.language]}"

    def _span(self) -> str:
        low, high = self.estimate.lower, self.estimate.upper
        if low is None or high is None:
            return WORDS["no_interval"][self.language]
        return f"{self._change(low)} {WORDS['to'][self.language]} {self._change(high)}"


def published(source: Mapping[str, str], language: str) -> str:
    """Say when a document was published, as exactly as that is known."""
    precision = source["published_precision"]
    label = PUBLISHED[precision][language]
    if precision == "unknown":
        return f"{label} {day(source['known_by'], language)}"
    return f"{label} {day(source['published'], language) if precision == 'day' else source['published']}"
