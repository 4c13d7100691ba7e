"""Dutch and English: numbers, intervals and dates, rounded half up and then formatted."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal

from osw_stats.meaning.numbers import INTERVAL_WORDS, Number
from osw_stats.meaning.rounding import half_up
from osw_stats.meaning.units import unit
from osw_stats.text.words import WORDS, word

LOCALE = {"nl": "nl_NL", "en": "en_GB"}
MINUS = "\N{MINUS SIGN}"


# a number is printed several times: in a table, a chart, its drawing for a phone
@lru_cache(maxsize=8192, typed=True)
def number(value: float | Decimal, language: str, decimals: int = 0) -> str:
    """Return `value` rounded half up, with the thousands and decimal marks of the language."""
    rounded = half_up(value, decimals)
    pattern = "#,##0" + ("." + "0" * decimals if decimals > 0 else "")
    text: str = format_decimal(abs(rounded), format=pattern, locale=LOCALE[language])
    return MINUS + text if rounded < 0 else text


def between(low: str, high: str, language: str, *, in_words: bool = False) -> str:
    """Return a range as text; a dash before a minus sign cannot be read, so a word stands there."""
    apart = in_words or low.startswith(MINUS)
    return f"{low} {word('estimate', 'to', language)} {high}" if apart else f"{low}–{high}"


def day(value: date | str, language: str) -> str:
    """Return a date in words."""
    exact = value if isinstance(value, date) else date.fromisoformat(value)
    return str(format_date(exact, format="d MMMM y", locale=LOCALE[language]))


def month(value: str, language: str) -> str:
    """Return a year, or a year and month, in words."""
    if len(value) == 4:
        return value
    return str(format_date(date.fromisoformat(f"{value[:7]}-01"), "MMMM y", LOCALE[language]))


def period_words(code: str, language: str) -> str:
    """Return a period as a sentence names it."""
    year, _, part = code.partition("-")
    if part in WORDS["period"]:
        return word("period", part, language).format(year=year)
    return month(code, language)


def when(value: str, language: str) -> str:
    """Return a day, month or year as a sentence names it."""
    if len(value) == 10:
        return f"{word('estimate', 'on', language)} {day(value, language)}"
    return f"in {month(value, language)}"


def decimals(value: float, unit_code: str) -> int:
    """Return the places shown: percent one, fte one if needed, survey persons thousands or tens of them."""
    kind = unit(unit_code).kind
    if kind == "share":
        return 1
    if kind == "posts":
        return 0 if half_up(value, 1) == half_up(value, 0) else 1
    if unit_code == "persons":
        return -4 if abs(value) >= 500_000 else -3
    return 0


class Said:
    """An estimate inside a sentence: `{share}`, `{share:interval}`, `{share:one_in}` and so on.

    Format words: (none) value and unit; `number` value alone; `interval` both limits and
    unit; `kind` what the interval means; `one_in` "about 1 in 19"; `change` "5.6 percent
    more"; `than` the word that follows it; `span` both limits of a change in words.
    """

    def __init__(self, estimate: Number, language: str) -> None:
        self.estimate, self.language = estimate, language

    def __format__(self, way: str) -> str:
        e = self.estimate
        alone = {"": self._with_unit, "number": self._number}
        if way in alone:
            return alone[way](e.value)
        if way in ("change", "than"):  # what is printed as nothing is neither more nor fewer
            same = self._is_nothing(e.value)
            if way == "than":
                return self._word("as" if same else "than")
            return self._word("as_many") if same else self._change(e.value)
        if way == "one_in":
            return self._word("one_in").format(k=half_up(100 / e.value))
        if way == "kind":
            return INTERVAL_WORDS[e.interval_kind][self.language]
        if way not in ("interval", "span"):
            raise ValueError(f"unknown way to say a number: {way}")
        if e.lower is None or e.upper is None or (way == "interval" and e.lower == e.upper):
            return self._word("no_interval")
        say = self._change if way == "span" else self._number
        ends = f"{say(e.lower)} {self._word('to')} {say(e.upper)}"
        return ends if way == "span" else f"{ends} {unit(e.unit).words('', self.language)}"

    def printed_whole(self) -> bool:
        """Return whether this is a percentage that its publisher printed without decimals."""
        e = self.estimate
        rounded = e.interval_kind == "rounding" and e.unit == "percent" and e.lower is not None
        return rounded and e.value == int(e.value) and e.value - (e.lower or 0) == 0.5

    def _word(self, code: str) -> str:
        return word("estimate", code, self.language)

    def _number(self, value: float) -> str:
        if self.estimate.unit == "eur" and abs(value) >= 1e6:
            return f"{number(value / 1e6, self.language, 1)} {self._word('million')}"
        places = 0 if self.printed_whole() else decimals(value, self.estimate.unit)
        e = self.estimate
        if e.interval_kind == "rounding" and e.lower is not None and e.upper is not None:
            while places < 0 and e.upper - e.lower < 2 * 10**-places:  # printed finer than that
                places += 1
        return number(half_up(value, places), self.language, max(places, 0))

    def _with_unit(self, value: float) -> str:
        shown = self._number(value)
        return f"{shown} {unit(self.estimate.unit).words(shown, self.language)}"

    def _is_nothing(self, value: float) -> bool:
        return self._with_unit(abs(value)) == self._with_unit(0.0)

    def _change(self, value: float) -> str:
        more = "" if self._is_nothing(value) else f" {self._word('more' if value > 0 else 'fewer')}"
        return self._with_unit(abs(value)) + more


def published(source: Mapping[str, str], language: str) -> str:
    """Return when a document was published, as exactly as that is known."""
    precision = source["published_precision"]
    when_ = source["known_by"] if precision == "unknown" else source["published"]
    shown = when_ if precision in ("month", "year") else day(when_, language)
    return f"{word('published', precision, language)} {shown}"
