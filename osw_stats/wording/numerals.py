"""Numbers written in words, Dutch and English: "twaalfduizend", "twee miljoen", "anderhalf"."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from osw_stats.wording.words import WORDS, both

_MULTIPLIERS = {language: words["multipliers"] for language, words in WORDS["numerals"].items()}
_ARTICLES = {language: words["articles"].split() for language, words in WORDS["numerals"].items()}
_AND_A_HALF = {language: words["and_a_half"] for language, words in WORDS["numerals"].items()}
_HALF, _HALVES = Decimal("0.5"), WORDS["half"].split()
_PRONOUN_BEFORE = both(WORDS["pronoun_before"])
_LONGEST_WORD = 80  # a longer word is no number; the limit also bounds the running time


@dataclass(frozen=True)
class Numeral:
    """A number in words."""

    value: Decimal
    step: Decimal | None  # where the words show it: a number with "half" has step 0.5
    scale: int  # power of ten of its final scale word, which a neighbour may share: "vijf- tot zesduizend"
    used: int  # words


def read_numeral(words: Sequence[str], language: str, *, joined: bool = True) -> Numeral | None:
    """Read the number at the start of `words`, in lower case; `joined`: whether it may contain "and"."""
    reader = _Reader(words, language, joined=joined)
    while reader.multiply() or reader.half() or reader.add():
        pass
    value = reader.total + (reader.group or 0)
    nothing = reader.group is None and not reader.last
    lone_half = reader.step is not None and value == _HALF
    pronoun = value == 1 and reader.word(0) in _PRONOUN_BEFORE
    if nothing or lone_half or pronoun:
        return None
    ends = (f for word, f in _MULTIPLIERS[language].items() if f > 12 and reader.word(-1).endswith(word))
    return Numeral(value, reader.step, len(str(next(ends, 1))) - 1, reader.at)


def is_numeral(word: str, language: str) -> bool:
    """Return whether a number in words can begin with this word, written without accents."""
    known = word in _SMALL[language] or word in _MULTIPLIERS[language]
    return known or (language == "nl" and ("honderd" in word or "duizend" in word))


def without_accents(word: str) -> str:
    """Return a word without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


class _Reader:
    """A left-to-right sum of words: `total` is closed, `group` awaits a multiplier."""

    def __init__(self, words: Sequence[str], language: str, *, joined: bool) -> None:
        self.words, self.language, self.joined, self.at = words, language, joined, 0
        self.multipliers = _MULTIPLIERS[language]
        self.total = Decimal(0)
        self.group: Decimal | None = None
        self.step: Decimal | None = None
        self.last = 0  # the last closed multiplier; the next must be smaller
        if self.word(0) in _ARTICLES[language] and self.word(1) in (*self.multipliers, *_HALVES):
            self.at, self.group = 1, None if self.word(1) in _HALVES else Decimal(1)

    def word(self, ahead: int) -> str:
        at = self.at + ahead
        return self.words[at] if 0 <= at < len(self.words) else ""

    def multiply(self) -> bool:
        factor = self.multipliers.get(self.word(0), 0)
        # "duizend" stands alone, "miljoen" never does
        alone = self.group is None and not self.last and factor == 1000
        closes = (not self.last or factor < self.last) and (bool(self.group) or alone)
        if factor == 100 and self.step is None and (self.group is None or 0 < self.group < 100):
            self.group = (self.group or 1) * Decimal(100)
        elif factor == 12 and self.group and self.group < 100 and not self.last:
            self.group, self.step = self.group * factor, None if self.step is None else self.step * factor
        elif factor >= 1000 and closes:
            self.total += (Decimal(1) if self.group is None else self.group) * factor
            self.step = None if self.step is None else self.step * factor
            self.group, self.last = None, factor
        else:
            return False
        self.at += 1
        return True

    def half(self) -> bool:
        if self.step is not None or self.last:
            return False
        if self.group is None and self.word(0) in _HALVES:
            self.group = self.step = _HALF
            self.at += 2 if self.word(1) in _ARTICLES["en"] else 1  # "half a million"
            return True
        phrase = " ".join(self.words[self.at : self.at + 3])
        if self.group and self.joined and phrase in _AND_A_HALF[self.language]:
            self.group, self.step = self.group + _HALF, _HALF
            self.at += 3
            return True
        return False

    def add(self) -> bool:
        before = self.multipliers.get(self.word(-1), 0)
        if self.word(0) == "and" and self.joined and before:
            # "two million and three million" are two numbers
            skip = int(before == 100 or self.word(2) not in self.multipliers)
        else:
            skip = int(self.word(0) == "-" and self.language == "en" and self.group is not None)
        piece = None if self.step is not None else _piece(self.word(skip), self.language)
        if piece is None or (self.last and piece >= self.last) or not self._fits(piece, skip):
            return False
        self.step = _HALF if piece % 1 else None
        self.group = (self.group or 0) + piece
        self.at += skip + 1
        return True

    def _fits(self, piece: Decimal, skip: int) -> bool:
        if self.group is None:
            return not skip or self.last > 0
        if self.group % 1000 == 0 and self.language == "nl":
            return 0 < piece < 1000  # "drieduizend tweehonderdvijftig"
        if self.group % 100 == 0:
            return 0 < piece < 100 and self.word(0) != "-"
        return self.language == "en" and self.group % 100 >= 20 and self.group % 10 == 0 and 0 < piece < 10


def _piece(word: str, language: str) -> Decimal | None:
    """Return the value of a single word; Dutch writes "driehonderdvijftigduizend" as one."""
    if len(word) > _LONGEST_WORD or word in _ARTICLES[language]:
        return None
    plain = without_accents(word)
    small = _SMALL[language].get(plain)
    if small is not None or language == "en":
        return small
    return _product(plain, "duizend", 1000, lambda part: _product(part, "honderd", 100, _WHOLE.get))


def _product(
    word: str, multiplier: str, factor: int, read: Callable[[str], Decimal | None]
) -> Decimal | None:
    """Return the value of "drieduizendvijf": the parts before and after a multiplier, if any."""
    head, present, tail = word.partition(multiplier)
    if not present:
        return read(word)
    many = read(head) if head else Decimal(1)
    rest = read(tail.removeprefix("en")) if tail else Decimal(0)
    return many * factor + rest if many and rest is not None and rest < factor else None


def _small(language: str) -> dict[str, Decimal]:
    """Return the numerals below one hundred, with halves in Dutch."""
    words = WORDS["numerals"][language]
    low = {word: Decimal(n) for n, word in enumerate(words["low"].split())}
    tens = {word: Decimal(n * 10) for n, word in enumerate(words["tens"].split(), start=2)}
    if language == "en":
        return low | tens
    units = {word: n for word, n in low.items() if 0 < n < 10}
    mixed = {f"{u}en{t}": n + m for u, n in units.items() for t, m in tens.items()}
    halves = {f"{u}en{h}": n + _HALF for u, n in units.items() for h in (*_HALVES, "eenhalf")}
    return low | tens | mixed | halves | dict.fromkeys(("anderhalf", "anderhalve"), Decimal("1.5"))


_SMALL = {language: _small(language) for language in WORDS["numerals"]}
_WHOLE = {word: value for word, value in _SMALL["nl"].items() if not value % 1}
