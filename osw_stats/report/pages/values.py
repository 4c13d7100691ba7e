"""What a page can say of a result, and ask of it: the values and the tests of templates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from osw_stats.errors import InputError
from osw_stats.report.language import Said, decimals, period_words
from osw_stats.report.pages.marks import ABSENT, said
from osw_stats.report.sentences import parse_year, speak
from osw_stats.vocabulary.numbers import Absent, Fact, Number
from osw_stats.vocabulary.rounding import half_up
from osw_stats.yamlfile import read_yaml

# ways that print the value or its limits; a headline links them to their trace
VALUE_WAYS = ("value", "number", "interval", "kind", "one_in", "change", "span")
WAYS = (*VALUE_WAYS, "period", "before", "verdict", "direction")
TESTS = ("rises", "falls", "unchanged", "demonstrated")


@cache
def verdicts() -> dict[str, dict[str, str]]:
    """Return the words of verdicts, by key and language."""
    found: dict[str, dict[str, str]] = read_yaml(Path(__file__).with_name("verdicts.yml"))
    return found


class Told:
    """A number in a template: its ways of being said are attributes, and so are its tests."""

    def __init__(self, name: str, number: Number, language: str) -> None:
        self._name, self._number, self._language = name, number, language

    def _said(self, way: str, words: str | None = None) -> str:
        if words is None:
            words = format(Said(self._number, self._language), "" if way == "value" else way)
        return said(self._name, way, words)

    def _needed(self, what: str) -> str:
        told: str = getattr(self._number, what)
        if not told:
            raise InputError(
                f"the number has no {what}", "Give it one where it is computed.", column=self._name
            )
        return told

    def __str__(self) -> str:
        return self._said("value")

    def __getattr__(self, way: str) -> str:
        if way not in VALUE_WAYS[1:]:
            raise AttributeError(way)
        if way == "one_in" and not self._number.value > 0:
            raise InputError("one in how many cannot be said of zero", "Test it first.", column=self._name)
        return self._said(way)

    @property
    def period(self) -> str:
        """The period it is of."""
        return self._said("period", period_words(self._needed("period"), self._language))

    @property
    def before(self) -> str:
        """The period it is held against."""
        return self._said("before", period_words(self._needed("before"), self._language))

    @property
    def verdict(self) -> str:
        """What the analysis found."""
        key = self._needed("verdict")
        if key not in verdicts():
            raise InputError(
                "this verdict has no words", "Add it to osw_stats/report/pages/verdicts.yml.",
                column=self._name, value=key,
            )  # fmt: skip
        return self._said("verdict", verdicts()[key][self._language])

    def direction(self, up: str, down: str, same: str) -> str:
        """Return the word for its sign as printed."""
        return self._said("direction", up if self.rises else down if self.falls else same)

    @property
    def rises(self) -> bool:
        """Whether it is printed as a rise."""
        return printed(self._number) > neutral(self._number)

    @property
    def falls(self) -> bool:
        """Whether it is printed as a fall."""
        return printed(self._number) < neutral(self._number)

    @property
    def unchanged(self) -> bool:
        """Whether it is printed as no change."""
        return printed(self._number) == neutral(self._number)

    @property
    def demonstrated(self) -> bool:
        """Whether its interval excludes no change."""
        low, high = self._number.lower, self._number.upper
        return low is not None and high is not None and not low <= neutral(self._number) <= high


class Given:
    """A fact in a template."""

    def __init__(self, name: str, fact: Fact, language: str) -> None:
        self._name, self._fact, self._language = name, fact, language

    def __str__(self) -> str:
        return said(self._name, "fact", str(speak(self._fact.value, self._language)))


class Gone:
    """What is absent, in a template: false in every test, and a mark of absence however it is printed."""

    def __init__(self, name: str, absent: Absent) -> None:
        self._name, self._absent = name, absent

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Iterator[Any]:
        return iter(())  # no part of what is absent is repeated

    def __str__(self) -> str:
        return said(self._name, ABSENT, "")

    def __getattr__(self, way: str) -> Any:
        if way in TESTS:
            return False
        if way in WAYS and way != "direction":
            return str(self)
        raise AttributeError(way)

    def direction(self, *_: str) -> str:
        """Return the mark of its absence."""
        return str(self)


class Shown:
    """A table or figure in a template: it is there, and only its function prints it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __bool__(self) -> bool:
        return True

    def __str__(self) -> str:
        raise InputError(
            "is no number", f'Write table("{self._name}") or figure("{self._name}").', column=self._name
        )


Value = Told | Given | Gone | Shown


def neutral(number: Number) -> float:
    """Return the value of no change: one for a factor, else zero."""
    return 1.0 if number.unit == "times" else 0.0


def printed(number: Number) -> float:
    """Return a value rounded as it is printed.

    Examples
    --------
    >>> printed(Number(-0.04, "percent", -1.0, 1.0, "overdispersed", ("a",), "", "B"))
    0.0
    """
    whole = Said(number, "en").printed_whole()
    if number.unit == "eur" and abs(number.value) >= 1e6:
        return float(half_up(number.value / 1e6, 1)) * 1e6
    # without the sign of a zero
    return float(half_up(number.value, 0 if whole else decimals(number.value, number.unit))) + 0.0


def _number(value: Any) -> Number | None:
    return value._number if isinstance(value, Told) else None


def _compared(a: Any, b: Any) -> tuple[float, float] | None:
    """Return two values as printed; None where one is absent."""
    if isinstance(a, Gone) or isinstance(b, Gone):
        return None
    first, second = _number(a), _number(b)
    if first is not None and second is not None:
        if first.unit != second.unit:
            raise InputError(
                f"{first.unit} and {second.unit} are compared", "Compare numbers of one unit.", column=a._name
            )
        return printed(first), printed(second)
    return float(count_of(a)), float(count_of(b))


def count_of(value: Any) -> float:
    """Return a count: a fact that is a whole number, or a number as it is printed."""
    number = _number(value)
    if number is not None:
        return printed(number)
    if isinstance(value, Given) and isinstance(value._fact.value, int):
        return value._fact.value
    name = value._name if isinstance(value, Value) else None
    raise InputError("is no count", "Test a whole number.", column=name)


def _is(value: Any, wanted: float) -> bool:
    return not isinstance(value, Gone) and count_of(value) == wanted


def _signs(a: Any, b: Any) -> int:
    """Return 1 where both rise or both fall, -1 where one rises and the other falls, else 0."""
    (first, second) = ((t.rises - t.falls) for t in (a, b))
    return int(first * second)


def _more(a: Any, b: Any) -> bool:
    both = _compared(a, b)
    return both is not None and both[0] > both[1]


def _equal(a: Any, b: Any) -> bool:
    both = _compared(a, b)
    return both is not None and both[0] == both[1]


# what `{% if %}` may ask, beside a name alone and the tests of a number
QUESTIONS: dict[str, Callable[..., bool]] = {
    "verdict": lambda n, key: isinstance(n, Told) and n._number.verdict == key,
    "opposite": lambda a, b: _signs(a, b) < 0,
    "alike": lambda a, b: _signs(a, b) > 0,
    "more": _more,
    "less": lambda a, b: _more(b, a),
    "equal": _equal,
    "zero": lambda f: _is(f, 0),
    "single": lambda f: _is(f, 1),
    "every": _equal,
    "exact": lambda n: isinstance(n, Told) and n._number.interval_kind != "rounding",
}


def plural(n: Any, one: str, many: str) -> str:
    """Return the word by what is printed: `one` after a 1."""
    if isinstance(n, Gone):
        return str(n)
    number = _number(n)
    printed_as = format(Said(number, "en"), "number") if number else str(count_of(n)).removesuffix(".0")
    return one if printed_as.lstrip("−") == "1" else many


def value_of(name: str, value: Number | Fact, language: str) -> Value:
    """Return a result as a template sees it."""
    return Told(name, value, language) if isinstance(value, Number) else Given(name, value, language)


def words_of(fact: Fact, language: str) -> list[str]:
    """Return the words of a fact that are checked by their source: its quotes, or all where it names none."""
    if isinstance(fact.value, Mapping) and (fact.quotes or fact.counts):
        return list(fact.quotes)
    return [str(speak(fact.value, language))]


def counted_of(fact: Fact) -> list[int]:
    """Return the whole numbers that a fact says, days and years aside."""
    value = fact.value
    own = [value] if isinstance(value, int) and not parse_year(value) else []
    return own + list(fact.counts)
