"""Text as tokens, with which reading stays linear in its length: words, printed numbers and signs in their place."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# one spelling of apostrophes, dashes and quotes; a soft hyphen goes
_SAME = dict.fromkeys("’‘`´ʼ′", "'") | dict.fromkeys("‐‑‒–—−", "-") | dict.fromkeys("“”„«»", '"')
_SPELLING = str.maketrans({**_SAME, "\u00ad": ""})
_WORD = r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u00ad])*"
_NARROW = "\u00a0\u2007\u2009\u202f"
# what ends a figure: its unit or noun, also on the next line of a paragraph, a mark of the sentence, or the text
_ENDS = rf"(?=[ {_NARROW}]?(?:[^\W\d_]|[%€£$()\[\]])|\n[ \t]*[a-z]|[.,;:!?](?:\s|\Z)|[ \t]*\Z)"
_TOKEN = re.compile(
    # thousands set apart by a space: a narrow one anywhere, a plain one where no two numbers can stand
    rf"[0-9]{{1,3}}(?:[{_NARROW}][0-9]{{3}}(?![0-9]))+(?:[.,][0-9]+)?"
    r"|[0-9]{1,3}(?: [0-9]{3}(?![0-9])){2,}(?:[.,][0-9]+)?"
    r"|(?<![0-9] )[1-9][0-9]{0,2} [0-9]00(?![0-9.,/])"
    # a group that begins with a zero is no number of its own
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

# what nobody sees inside a number: soft hyphens, joiners, marks of direction, marks above, below and through a digit
_UNSEEN = "\\u00ad\\u034f\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202d\\u2060-\\u2069\\ufeff\\ufe00-\\ufe0f\\u0300-\\u036f\\u20d0-\\u20ff"
BROKEN = re.compile(rf"\d(?:[{_UNSEEN}]*[\d.,\uff0c\uff0e])*")
_HIDDEN = re.compile(f"[{_UNSEEN}]+")
_WIDE = str.maketrans("\uff0c\uff0e", ",.")
REVERSED = re.compile("\u202e[^\u202c\\n]*\\d")  # shown backwards: what is read is not what is seen


def plain_numbers(text: str) -> str:
    """Return a text with every number as it is seen, and every character else in its place.

    Digits of other widths and scripts become 0 to 9; for what cannot be seen inside a number a space stands before it, so
    that the text keeps its length.

    >>> plain_numbers("5\u00ad,2 procent"), plain_numbers("\uff15\uff12")
    (' 5,2 procent', '52')
    """

    def seen(match: re.Match[str]) -> str:
        shown = _HIDDEN.sub("", match[0]).translate(_WIDE)
        shown = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in shown)
        return shown.rjust(len(match[0]))

    return text if text.isascii() else BROKEN.sub(seen, text)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a run of digits with its marks, or a single sign."""

    text: str  # in one spelling
    glued: bool  # to the one before
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
