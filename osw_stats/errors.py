"""Errors that a person can act on: the place, the value found there, and the remedy."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class OswError(Exception):
    """Base of every error this project raises on purpose; its text says what is wrong and what to do."""

    def __str__(self) -> str:
        return "\n".join(shown(line, len(line)) for line in super().__str__().split("\n"))


def shown(value: object, longest: int = 200) -> str:
    r"""Return a value for a message: one line, bounded, and nothing that a terminal would obey.

    >>> print(shown("a\x1b[2Jb\n"))
    a\x1b[2Jb\n
    >>> len(shown("x" * 300))
    201
    """
    text = str(value)
    text = text[:longest] + "…" if len(text) > longest else text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a suggestion of the nearest known word, for a remedy; empty if none is near."""
    from difflib import get_close_matches  # only needed for a mistyped name

    near = get_close_matches(word, known, n=1)
    return f'Did you mean "{near[0]}"? ' if near else ""


class InputError(OswError):
    """A raw file, record, parameter or setting that cannot be used as it stands.

    Parameters
    ----------
    problem
        What is wrong, in one clause.
    remedy
        What the reader can do about it, in one sentence.
    file, row, column, value
        Where it stands. `row` is the line number in the file, the header being line 1.

    Examples
    --------
    >>> print(InputError("is not a number", "Write digits, such as 14802.",
    ...                  file="reports.csv", row=6, column="value", value="14.8o2"))
    reports.csv, row 6, column "value", value "14.8o2": is not a number. Write digits, such as 14802.
    """

    def __init__(
        self,
        problem: str,
        remedy: str,
        *,
        file: str | Path | None = None,
        row: int | None = None,
        column: str | None = None,
        value: object = None,
    ) -> None:
        # text from outside is made safe here, for every caller
        self.problem, self.remedy = shown(problem, 600), shown(remedy, 2000)
        self.file, self.row, self.column, self.value = file, row, column, value
        super().__init__(self.problem, self.remedy)  # with its attributes it can be pickled in full

    def _place(self) -> list[str]:
        words = {"{}": self.file, "row {}": self.row, 'column "{}"': self.column, 'value "{}"': self.value}
        return [text.format(shown(part)) for text, part in words.items() if part is not None]

    def __str__(self) -> str:
        place = ", ".join(part for part in self._place() if part)
        return f"{place}: {self.problem}. {self.remedy}" if place else f"{self.problem}. {self.remedy}"

    def located(self, **place: Any) -> "InputError":
        """Return the same error with the missing parts of its place (file, row, column, value) filled in."""
        known = {"file": self.file, "row": self.row, "column": self.column, "value": self.value}
        known = {name: part for name, part in known.items() if part is not None}
        return InputError(self.problem, self.remedy, **(place | known))


@contextmanager
def located(**place: Any) -> Iterator[None]:
    """Add a place to an InputError that is raised inside."""
    try:
        yield
    except InputError as error:
        raise error.located(**place) from None


class NotPublishedError(InputError):
    """A figure that an edition lacks: not published, or not certainly published before the as-of date."""

    # A state of an edition: the cell of a notebook that meets it is skipped. `wanted` holds every figure that
    # is absent, as columns of the tidy table; `series_id` is that of the first.
    def __init__(
        self,
        problem: str,
        series_id: str,
        period: str = "",
        *,
        wanted: Iterable[Mapping[str, str]] = (),
        value: object = None,
    ) -> None:
        first = {"series_id": series_id} | ({"time_period": period} if period else {})
        self.series_id, self.wanted = series_id, tuple(dict(w) for w in wanted) or (first,)
        remedy = "Add the figure to data/raw, or choose an edition with a later as-of date."
        super().__init__(problem, remedy, value=value)

    def located(self, **place: Any) -> InputError:
        """Return the same error: a missing figure has no place in a file."""
        return self


class UnitMismatchError(OswError):
    """Two figures in different units were about to be combined."""


class UnitOrderError(UnitMismatchError, TypeError):
    """Two figures without an order. As it is a TypeError, pandas sorts and looks up without one."""


class NotEstimableError(OswError):
    """A result that the figures do not allow, with the reason; never replaced by a number."""


class NotAskedError(OswError):
    """An optional part of a report, such as a region, that was not requested: nothing is missing."""


class SheetError(InputError):
    """A fill-in sheet that cannot be used as it stands. In Dutch, for those who fill it in, and by its cell.

    >>> print(SheetError("“12.2o6” is geen getal", "Schrijf 12.206.", file="helpwanted-2025.xlsx",
    ...                  sheet="Helpwanted", cell="D7"))
    helpwanted-2025.xlsx, blad Helpwanted, cel D7: “12.2o6” is geen getal. Schrijf 12.206.
    """

    def __init__(
        self, problem: str, remedy: str, *, file: str | Path | None = None, sheet: str = "", cell: str = ""
    ) -> None:
        super().__init__(problem, remedy, file=file)
        self.sheet, self.cell = sheet, cell

    def _place(self) -> list[str]:
        sheet = f"blad {shown(self.sheet)}" if self.sheet else ""
        return [shown(self.file or ""), sheet, f"cel {self.cell}" if self.cell else ""]

    def located(self, **place: Any) -> InputError:
        """Return the same error: it names its cell."""
        return self
