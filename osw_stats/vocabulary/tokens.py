"""Text as tokens: words, printed numbers and signs, each with its place.

Tokens, not one large pattern: reading stays linear in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_SAME = str.maketrans(
    {**dict.fromkeys("’‘`´ʼ′", "'"), **dict.fromkeys("‐‑‒–—−", "-"), **dict.fromkeys("“”„«»", '"')}
)
_WORD = r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u00ad])*"
_TOKEN = re.compile(
    # thousands set apart by a space: a narrow one anywhere, a plain one where no two numbers can stand
    r"[0-9]{1,3}(?:[\u00a0\u2009\u202f][0-9]{3}(?![0-9]))+(?:[.,][0-9]+)?"
    r"|[0-9]{1,3}(?: [0-9]{3}(?![0-9])){2,}"
    r"|(?<![0-9] )[1-9][0-9]{0,2} [0-9]00(?![0-9.,/])"
    r"|[0-9]+(?:[.,:/][0-9]+)*"
    rf"|{_WORD}(?:['’‘`´ʼ′]{_WORD})*|\S"
)
_SPACES = re.compile(r"[ \u00a0\u2009\u202f]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a run of digits with its marks, or a single sign; `glued` to the one before.

    `text` is in one spelling; `start` and `end` say where it stands in the text itself.
    """

    text: str
    glued: bool
    start: int = 0
    end: int = 0

    @property
    def digits(self) -> bool:
        """Whether it is a printed number."""
        return "0" <= self.text[0] <= "9"

    @property
    def word(self) -> bool:
        """Whether it is a word."""
        return self.text[0].isalpha()


def tokenise(text: str, language: str, offset: int = 0) -> list[Token]:
    """Split a text into tokens, with one spelling for apostrophes, dashes and spaces.

    Parameters
    ----------
    text
        Any text.
    language
        "nl" or "en": which mark takes the place of a space between thousands.
    offset
        Where `text` begins in a longer one; added to the places of the tokens.

    Examples
    --------
    >>> [t.text for t in tokenise("Zo’n 12.800 (5–6%)", "nl")]
    ["zo'n", '12.800', '(', '5', '-', '6', '%', ')']
    """
    thousands = "." if language == "nl" else ","
    found: list[Token] = []
    end = -1
    for match in _TOKEN.finditer(text):
        found.append(
            Token(
                _one_spelling(match[0], thousands),
                match.start() == end,
                match.start() + offset,
                match.end() + offset,
            )
        )
        end = match.end()
    return found


def _one_spelling(found: str, thousands: str) -> str:
    if "0" <= found[0] <= "9":
        return _SPACES.sub(thousands, found)
    if found.isascii():
        return found.lower().translate(_SAME)
    plain = unicodedata.normalize("NFC", found).lower().translate(_SAME)
    return plain.replace("\u00ad", "") or found


def text_at(tokens: Sequence[Token], at: int) -> str:
    """Return the text of a token, empty before the first and after the last.

    Examples
    --------
    >>> text_at(tokenise("ruim 760", "nl"), 1), text_at([], 0)
    ('760', '')
    """
    return tokens[at].text if 0 <= at < len(tokens) else ""
