"""The values and tests of templates, and the marks they leave in the text of a page.

A printed word carries its number with it, between private marks that no page ever shows. Why: links of headlines,
traces, the grade of a sentence and the names of its numbers all come from the mark, so no text has to be parsed.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

from osw_stats.errors import InputError, OswError
from osw_stats.meaning.numbers import Fact, Number
from osw_stats.meaning.periods import parse_period
from osw_stats.meaning.rounding import half_up
from osw_stats.text.language import Said, day, decimals, number, period_words
from osw_stats.text.words import word
from osw_stats.yamlfile import read_yaml

# private-use characters, which no text of ours or of a publisher uses
_OPEN, _MIDDLE, _SHUT, _CALL, _END = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
PRIVATE = re.compile("[\ue000-\ue004]")
_MARKED = re.compile(f"{_OPEN}([^{_MIDDLE}]*) ([^{_MIDDLE}]*){_MIDDLE}([^{_SHUT}]*){_SHUT}")
_CALLED = re.compile(f"{_CALL}([^{_END}]*){_END}")
ABSENT = "absent"  # the way of a mark for an absent result


class Piece(NamedTuple):
    """A piece of a paragraph: its words, the result they state, and in which way; empty for plain words."""

    words: str
    name: str = ""
    way: str = ""


def mark_words(name: str, way: str, words: str) -> str:
    """Return words marked with their result and way; on one line, since the words of a source may have several."""
    return f"{_OPEN}{name} {way}{_MIDDLE}{PRIVATE.sub('', words).replace(chr(10), ' ')}{_SHUT}"


def called(function: str, *arguments: Any) -> str:
    """Return the mark of a block that a page calls for, such as a table."""
    return f"{_CALL}{json.dumps([function, *arguments])}{_END}"


def pieces(text: str) -> list[Piece]:
    """Return a rendered text in pieces."""
    parts, end = [], 0
    for mark in _MARKED.finditer(text):
        parts += [Piece(text[end : mark.start()]), Piece(mark[3], mark[1], mark[2])]
        end = mark.end()
    return [p for p in (*parts, Piece(text[end:])) if p.words or p.name]


def bare(text: str) -> str:
    """Return a rendered text without marks."""
    return "".join(p.words for p in pieces(text))


def split_calls(text: str) -> tuple[str, list[list[Any]]]:
    """Return a rendered text without its calls of blocks, and these calls: function and arguments."""
    return _CALLED.sub("", text), [json.loads(m[1]) for m in _CALLED.finditer(text)]


# ways that print the value or its limits; a headline links them to their trace
VALUE_WAYS = ("value", "number", "interval", "kind", "one_in", "change", "span")
WAYS = (*VALUE_WAYS, "than", "period", "before", "certainty", "verdict", "direction")


# the words of verdicts, by key and language
VERDICTS: dict[str, dict[str, str]] = read_yaml(Path(__file__).with_name("verdicts.yml"))


def neutral(number: Number) -> float:
    """Return the value of no change: one for a factor, else zero."""
    return 1.0 if number.unit == "times" else 0.0


def printed(number: Number) -> float:
    """Return a value rounded as it is printed."""
    if number.unit == "eur" and abs(number.value) >= 1e6:
        return float(half_up(number.value / 1e6, 1)) * 1e6
    places = 0 if Said(number, "en").printed_whole() else decimals(number.value, number.unit)
    return float(half_up(number.value, places)) + 0.0  # without the sign of a zero


# the tests of a number in `{% if NAME.test %}`
TESTS: dict[str, Callable[[Number], bool]] = {
    "rises": lambda n: printed(n) > neutral(n),
    "falls": lambda n: printed(n) < neutral(n),
    "unchanged": lambda n: printed(n) == neutral(n),
    "demonstrated": lambda n: None not in (n.lower, n.upper) and not n.lower <= neutral(n) <= n.upper,  # type: ignore[operator]
}


@dataclass(frozen=True)
class PageNumber:
    """A number in a template: its ways of printing and its tests are attributes."""

    _name: str
    _number: Number
    _language: str

    def __str__(self) -> str:
        return self.value  # type: ignore[no-any-return]

    def __getattr__(self, way: str) -> Any:
        if way in TESTS:
            return TESTS[way](self._number)
        if way not in WAYS:
            raise AttributeError(way)
        if way == "certainty":
            return mark_words(self._name, way, word("certainty", self._number.grade, self._language))
        if way in (*VALUE_WAYS, "than"):
            if way == "one_in" and not self._number.value > 0:
                problem = "one in how many cannot be said of zero"
                raise InputError(problem, "Test it first.", column=self._name)
            words = format(Said(self._number, self._language), "" if way == "value" else way)
            return mark_words(self._name, way, words)
        code: str = getattr(self._number, way)
        if not code:
            remedy = "Give it one where it is computed."
            raise InputError(f"the number has no {way}", remedy, column=self._name)
        if way != "verdict":
            return mark_words(self._name, way, period_words(code, self._language))
        if code not in VERDICTS:
            remedy = "Add it to osw_stats/publish/pages/verdicts.yml."
            raise InputError("this verdict has no words", remedy, column=self._name, value=code)
        return mark_words(self._name, way, VERDICTS[code][self._language])

    def direction(self, up: str, down: str, same: str) -> str:
        """Return the word for its sign as printed."""
        return mark_words(self._name, "direction", up if self.rises else down if self.falls else same)


@dataclass(frozen=True)
class PageFact:
    """A fact in a template."""

    _name: str
    _fact: Fact
    _language: str

    def __str__(self) -> str:
        return mark_words(self._name, "fact", fact_words(self._fact, self._language))


@dataclass(frozen=True)
class Gone:
    """An absent result in a template: false in every test, and printed as a mark of absence."""

    _name: str

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Iterator[Any]:
        return iter(())  # absent parts are not repeated

    def __str__(self) -> str:
        return mark_words(self._name, ABSENT, "")

    def __getattr__(self, way: str) -> Any:
        if way not in (*WAYS, *TESTS):
            raise AttributeError(way)
        return False if way in TESTS else str(self)

    def direction(self, *_: str) -> str:
        """Return the mark of its absence."""
        return str(self)


@dataclass(frozen=True)
class Shown:
    """A table or figure in a template: true in a test, and printed only by its function."""

    _name: str

    def __str__(self) -> str:
        remedy = f'Write table("{self._name}") or figure("{self._name}").'
        raise InputError("is no number", remedy, column=self._name)


def fact_words(fact: Fact, language: str) -> str:
    """Return a fact in words; a year has no thousands mark."""
    value = fact.value
    if isinstance(value, date):
        return day(value, language)
    if isinstance(value, int):
        return number(value, language) if is_count(value) else str(value)
    return value[language]


def is_count(value: object) -> TypeGuard[int]:
    """Return whether the value of a fact is a whole number other than a year that we can report on."""
    try:
        parse_period(str(value))
    except OswError:
        return isinstance(value, int)
    return False


def _count(value: Any) -> float:
    """Return a count: a fact that is a whole number, or a number as it is printed."""
    if isinstance(value, PageNumber):
        return printed(value._number)
    if isinstance(value, PageFact) and isinstance(value._fact.value, int):
        return value._fact.value
    raise InputError("is no count", "Test a whole number.", column=getattr(value, "_name", None))


def _difference(a: Any, b: Any) -> int | None:
    """Return the sign of `a` minus `b`, as printed; None if one is absent."""
    if isinstance(a, Gone) or isinstance(b, Gone):
        return None
    if isinstance(a, PageNumber) and isinstance(b, PageNumber) and a._number.unit != b._number.unit:
        problem = f"{a._number.unit} and {b._number.unit} are compared"
        raise InputError(problem, "Compare numbers of one unit.", column=a._name)
    first, second = _count(a), _count(b)
    return (first > second) - (first < second)


# tests in `{% if %}`, besides a bare name and the tests of a number
QUESTIONS: dict[str, Callable[..., bool]] = {
    "verdict": lambda n, key: isinstance(n, PageNumber) and n._number.verdict == key,
    "opposite": lambda a, b: (a.rises and b.falls) or (a.falls and b.rises),
    "alike": lambda a, b: (a.rises and b.rises) or (a.falls and b.falls),
    "more": lambda a, b: _difference(a, b) == 1,
    "less": lambda a, b: _difference(a, b) == -1,
    "equal": lambda a, b: _difference(a, b) == 0,
    "zero": lambda n: not isinstance(n, Gone) and _count(n) == 0,
    "single": lambda n: not isinstance(n, Gone) and _count(n) == 1,
    "every": lambda a, b: _difference(a, b) == 0,
    "exact": lambda n: isinstance(n, PageNumber) and n._number.interval_kind != "rounding",
}


def plural(n: Any, singular: str, many: str) -> str:
    """Return the word for a number as printed: `singular` after a 1."""
    if isinstance(n, Gone):
        return str(n)
    if isinstance(n, PageNumber):
        return singular if format(Said(n._number, "en"), "number").lstrip("−") == "1" else many
    return singular if abs(_count(n)) == 1 else many
