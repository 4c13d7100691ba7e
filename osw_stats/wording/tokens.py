"""Text as tokens, so that reading takes linear time: words, printed numbers and signs with their places."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

# one spelling of apostrophes, dashes and quotes; soft hyphens are dropped
_SAME = dict.fromkeys("’‘`´ʼ′", "'") | dict.fromkeys("‐‑‒–—―−﹘﹣－", "-") | dict.fromkeys("“”„«»", '"')
_SPELLING = str.maketrans({**_SAME, "\u00ad": ""})
_WORD = r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u00ad])*"
_NARROW = "\u00a0\u2007\u2009\u202f"
# a figure ends at its unit or noun, also on the next line of a paragraph, at punctuation or the end of the text
_ENDS = rf"(?=[ {_NARROW}]?(?:[^\W\d_]|[%€£$()\[\]])|\n[ \t]*[a-z]|[.,;:!?](?:\s|\Z)|[ \t]*\Z)"
_TOKEN = re.compile(
    # thousands separated by a space: a narrow one anywhere, a plain one where two numbers are impossible
    rf"[0-9]{{1,3}}(?:[{_NARROW}][0-9]{{3}}(?![0-9]))+(?:[.,][0-9]+)?"
    r"|[0-9]{1,3}(?: [0-9]{3}(?![0-9])){2,}(?:[.,][0-9]+)?"
    r"|(?<![0-9] )[1-9][0-9]{0,2} [0-9]00(?![0-9.,/])"
    # a group that begins with a zero is no separate number
    r"|(?<![0-9] )[1-9][0-9]{0,2} 0[0-9]{2}(?![0-9.,/-])"
    rf"|(?:(?<![0-9] )|(?<=\b(?:19|20)[0-9]{{2}} ))[1-9][0-9]{{0,2}} [0-9]{{3}}(?:[.,][0-9]+)?{_ENDS}"
    r"|(?<![\w.,)\]])[.,][0-9]+(?![0-9]*[.,:/][0-9])"  # ".5"
    r"|[0-9]*[½¼¾⅓⅔]"
    r"|[0-9]+(?:[.,:/][0-9]+)*"
    rf"|{_WORD}(?:['’‘`´ʼ′]{_WORD})*|[<>]=|\S"
)
_PARTS = {"½": ("5", "1/2"), "¼": ("25", "1/4"), "¾": ("75", "3/4"), "⅓": ("33", "1/3"), "⅔": ("67", "2/3")}
_SPACES = re.compile(rf"[ {_NARROW}]")
_LEADING_MARK = re.compile(r"[.,][0-9]")

_PLAIN = re.compile(r"[\s -~]*", re.ASCII)  # most texts
_BLANKS = "\u2800\u3164\uffa0\u115f\u1160"  # letters and signs without ink
_WIDE = str.maketrans("\uff0c\uff0e", ",.")
REVERSED = re.compile("\u202e[^\u202c\\n]*\\d")  # displayed backwards, unlike as read


@lru_cache(maxsize=4096)
def _unseen(character: str) -> bool:
    """Whether it is invisible inside a number: joiners, direction and combining marks, controls, blank signs."""
    kind = unicodedata.category(character)
    tag = kind == "Cn" and 0xE0000 <= ord(character) < 0xE1000
    control = kind == "Cc" and not character.isspace()
    mark = kind in ("Mn", "Me", "Mc", "Cf") and character != "\u202e"
    return mark or control or tag or character in _BLANKS


@lru_cache(maxsize=256)
def _numbers_with(unseen: str) -> re.Pattern[str]:
    return re.compile(rf"\d(?:[{re.escape(unseen)}]*[\d.,\uff0c\uff0e])*")


def broken_numbers(text: str) -> Iterator[re.Match[str]]:
    """Yield the numbers of a text as displayed, including any invisible characters inside them."""
    if _PLAIN.fullmatch(text):
        return iter(())
    unseen = "".join(sorted(filter(_unseen, set(text)))) or "\u00ad"
    return _numbers_with(unseen).finditer(text)


def plain_numbers(text: str) -> str:
    """Return a text with every number as displayed, and all other characters in place.

    Digits of other widths and scripts become 0 to 9; invisible characters inside a number become spaces before it, so
    that the text keeps its length.

    >>> plain_numbers("5\u00ad,2 procent"), plain_numbers("\uff15\uff12")
    (' 5,2 procent', '52')
    """
    parts, last = [], 0
    for match in broken_numbers(text):
        shown = "".join(c for c in match[0] if not _unseen(c)).translate(_WIDE)
        shown = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in shown)
        parts += [text[last : match.start()], shown.rjust(len(match[0]))]
        last = match.end()
    return "".join([*parts, text[last:]])


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a run of digits with its marks, or a single sign."""

    text: str  # in one spelling
    glued: bool  # to the token before
    start: int  # in the text itself
    end: int

    @property
    def digits(self) -> bool:
        """Whether it is a printed number."""
        return "0" <= self.text[0] <= "9"

    @property
    def word(self) -> bool:
        """Whether it is a word."""
        return self.text[0].isalpha()


def tokenise(text: str, language: str, offset: int = 0) -> list[Token]:
    """Split a text that begins at `offset` into tokens, with one spelling for apostrophes, dashes and spaces."""
    thousands, point = (".", ",") if language == "nl" else (",", ".")
    tokens: list[Token] = []
    text, last = plain_numbers(text), -1
    for match in _TOKEN.finditer(text):
        printed, (start, end) = match[0], match.span()
        if printed[-1] in _PARTS:
            decimals, alone = _PARTS[printed[-1]]
            spelt = f"{printed[:-1]}{point}{decimals}" if len(printed) > 1 else alone
        elif "0" <= printed[0] <= "9":
            spelt = _SPACES.sub(thousands, printed)
        elif _LEADING_MARK.match(printed):
            spelt = f"0{point}{printed[1:]}"  # no thousands begin with their mark
        else:
            spelt = unicodedata.normalize("NFC", printed).lower().translate(_SPELLING) or printed
        tokens.append(Token(spelt, start == last, start + offset, end + offset))
        last = end
    return tokens


def text_at(tokens: Sequence[Token], at: int) -> str:
    """Return the text of a token, empty before the first and after the last."""
    return tokens[at].text if 0 <= at < len(tokens) else ""
